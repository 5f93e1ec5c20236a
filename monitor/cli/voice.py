"""Standard output and standard error, drawn by rich on a terminal; a script that reads plain lines does not load it."""

from __future__ import annotations

import importlib
import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


class Voice:
    """One of the two streams, whatever `sys` holds in its place at the time."""

    def __init__(self, *, is_error: bool = False) -> None:
        self._is_error = is_error

    @cached_property
    def console(self) -> Console:
        """What draws tables, colours and bars."""
        made: Console = importlib.import_module("rich.console").Console(stderr=self._is_error, highlight=False)
        return made

    @property
    def is_terminal(self) -> bool:
        """Whether somebody watches."""
        return self._is_watched and self.console.is_terminal

    def print(self, *said: object, markup: bool = True, soft_wrap: bool = False, **how: Any) -> None:
        """As `rich.console.Console.print`; text that is neither marked up nor wrapped goes out as it is."""
        is_plain = not markup and soft_wrap and all(isinstance(each, str) for each in said)
        if is_plain and not self._is_watched:
            print(*said, file=self._stream, flush=True)
        else:
            self.console.print(*said, markup=markup, soft_wrap=soft_wrap, **how)

    @property
    def _stream(self) -> Any:
        return sys.stderr if self._is_error else sys.stdout

    @property
    def _is_watched(self) -> bool:
        return self._stream.isatty() or any(name in os.environ for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def plural(count: int, one: str) -> str:
    """1 article, 1,200 articles."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


out, err = Voice(), Voice(is_error=True)
