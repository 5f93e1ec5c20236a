"""One log line per event, escaped: a title from the web can neither break a line nor colour a terminal (H29).

As text: `2026-03-02T08:00:00.000000Z [info     ] polled new=3 source=openai-blog`; as JSON one object per line. The
standard library's logging carries the lines, under the name `monitor`; what is here is how they are written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_COLOURS = {"debug": "32", "info": "32", "warning": "33", "error": "31"}
_LOGGER = logging.getLogger("monitor")


def clean_line(text: str) -> str:
    """`text` on one line: control characters spelled out, credentials in URLs masked."""
    return _CONTROL.sub(lambda m: repr(m[0])[1:-1], _CREDENTIALS.sub("***@", text))


def set_up_log(*, level: str, form: Literal["text", "json"]) -> None:
    """Log to standard error from `level` up, as text or as JSON. Called once, by the command line."""
    handler = _StandardError()
    handler.setFormatter(_Json() if form == "json" else _Text())
    _LOGGER.handlers = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick while its job still runs is no news


class Log:
    """What a module says. An event is a few words that are always the same; what differs is in its fields."""

    def debug(self, event: str, **fields: Any) -> None:
        _LOGGER.debug("%s", event, extra={"fields": fields})

    def info(self, event: str, **fields: Any) -> None:
        _LOGGER.info("%s", event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        _LOGGER.warning("%s", event, extra={"fields": fields})

    def error(self, event: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        _LOGGER.error("%s", event, exc_info=exc_info, extra={"fields": fields})

    def exception(self, event: str, **fields: Any) -> None:
        """An error, with the traceback of what is being handled; never with local variables: passwords too (D13)."""
        _LOGGER.exception("%s", event, extra={"fields": fields})


def get_log() -> Log:
    """A log for a module."""
    return _LOG


_LOG = Log()


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error as the line is written: whoever exchanged it since is heard too."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Line(logging.Formatter):
    """A record with its fields, cleaned."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        return self.line(
            datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            record.levelname.lower(),
            clean_line(record.getMessage()),
            {name: clean_line(value) if isinstance(value, str) else value for name, value in fields.items()},
            None if error is None else _trace(error),
        )

    def line(self, at: str, level: str, event: str, fields: Mapping[str, Any], trace: str | None) -> str:
        raise NotImplementedError


class _Json(_Line):
    def line(self, at: str, level: str, event: str, fields: Mapping[str, Any], trace: str | None) -> str:
        said = {**fields, "event": event, "level": level, "timestamp": at}
        return json.dumps(said if trace is None else said | {"exception": trace}, default=repr)


class _Text(_Line):
    def line(self, at: str, level: str, event: str, fields: Mapping[str, Any], trace: str | None) -> str:
        shown = f"\x1b[{_COLOURS.get(level, '0')}m{level:9}\x1b[0m" if sys.stderr.isatty() else f"{level:9}"
        line = " ".join([f"{at} [{shown}] {event}", *(f"{name}={_shown(fields[name])}" for name in sorted(fields))])
        return line if trace is None else f"{line}\n{trace}"


def _shown(value: object) -> str:
    """One word of text as it is, all else quoted as Python would."""
    if isinstance(value, str) and value and not re.search(r"[\s\"'=]", value):
        return value
    if not isinstance(value, str):
        return repr(value)
    quote = "'" if "'" not in value else '"'
    return f"{quote}{value.replace(quote, chr(92) + quote)}{quote}"


def _trace(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).rstrip("\n").split("\n")
    return "\n".join(clean_line(line) for line in lines)
