"""One log line per event, escaped: a title from the web can neither break a line nor colour a terminal (H29)."""

from __future__ import annotations

import logging
import re
import sys
from typing import Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = clean_line(value)
    return event


def clean_line(text: str) -> str:
    """`text` on one line: control characters spelled out, credentials in URLs masked."""
    return _CONTROL.sub(lambda m: repr(m[0])[1:-1], _CREDENTIALS.sub("***@", text))


class _StandardError:
    """Standard error as it is when a line is written: whoever exchanged it since is heard too."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up_log(*, level: str, form: Literal["text", "json"]) -> None:
    """Log to standard error from `level` up, as text or as JSON. Called once, by the command line."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,  # the default prints every local, passwords too (D13)
        )
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick while its job still runs is no news
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if form == "json" else _keep,
            _escape,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _StandardError())),
        cache_logger_on_first_use=True,
    )


def _keep(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return event
