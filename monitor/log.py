"""One log line per event, escaped: a title from the web can neither break a line nor colour a terminal (H29).

As text: `2026-03-02T08:00:00.000000Z [info     ] polled new=3 source=openai-blog`; as JSON one object per line.
Standard error is looked up as each line is written: whoever exchanged it since is heard too.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LEVELS = {name.lower(): number for name, number in logging.getLevelNamesMapping().items()}
_COLOURS = {"debug": "32", "info": "32", "warning": "33", "error": "31"}


def clean_line(text: str) -> str:
    """`text` on one line: control characters spelled out, credentials in URLs masked."""
    return _CONTROL.sub(lambda m: repr(m[0])[1:-1], _CREDENTIALS.sub("***@", text))


@dataclass(slots=True)
class _Setting:
    """How the process logs, from `set_up_log` on."""

    least: int
    form: Literal["text", "json"]


_setting = _Setting(least=logging.INFO, form="text")


def set_up_log(*, level: str, form: Literal["text", "json"]) -> None:
    """Log to standard error from `level` up, as text or as JSON. Called once, by the command line."""
    _setting.least, _setting.form = _LEVELS[level], form
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick while its job still runs is no news


class Log:
    """What a module says. An event is a few words that are always the same; what differs is in its fields."""

    def debug(self, event: str, **fields: Any) -> None:
        _write("debug", event, fields)

    def info(self, event: str, **fields: Any) -> None:
        _write("info", event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        _write("warning", event, fields)

    def error(self, event: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        _write("error", event, fields, exc_info)

    def exception(self, event: str, **fields: Any) -> None:
        """An error, with the traceback of what is being handled; never with local variables: passwords too (D13)."""
        _write("error", event, fields, sys.exception())


def get_log() -> Log:
    """A log for a module."""
    return _LOG


_LOG = Log()


def _write(level: str, event: str, fields: dict[str, Any], error: BaseException | None = None) -> None:
    if _LEVELS[level] < _setting.least:
        return
    at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    plain = {name: clean_line(value) if isinstance(value, str) else value for name, value in fields.items()}
    say: Callable[..., str] = _as_json if _setting.form == "json" else _as_text
    sys.stderr.write(say(at, level, clean_line(event), plain, None if error is None else _trace(error)) + "\n")
    sys.stderr.flush()


def _as_json(at: str, level: str, event: str, fields: dict[str, Any], trace: str | None) -> str:
    said = fields | {"event": event, "level": level, "timestamp": at}
    return json.dumps(said if trace is None else said | {"exception": trace}, default=repr)


def _as_text(at: str, level: str, event: str, fields: dict[str, Any], trace: str | None) -> str:
    shown = f"\x1b[{_COLOURS[level]}m{level:9}\x1b[0m" if sys.stderr.isatty() else f"{level:9}"
    said = [f"{name}={_shown(fields[name])}" for name in sorted(fields)]
    line = " ".join([f"{at} [{shown}] {event}", *said])
    return line if trace is None else f"{line}\n{trace}"


def _shown(value: object) -> str:
    """As it is where one word of text, else as Python writes it."""
    if isinstance(value, str) and value and not re.search(r"[\s\"'=]", value):
        return value
    return repr(value) if not isinstance(value, str) else _quoted(value)


def _quoted(text: str) -> str:
    quote = "'" if "'" not in text else '"'
    return f"{quote}{text.replace(quote, chr(92) + quote)}{quote}"


def _trace(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).rstrip("\n").split("\n")
    return "\n".join(clean_line(line) for line in lines)
