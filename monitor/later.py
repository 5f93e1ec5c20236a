"""Modules that few rounds need, loaded when they are first used.

A timer calls `monitor poll` every minute, and most of such a round is its start. What only a round with news needs is
named here in place of being imported; under TYPE_CHECKING it is imported as ever, so that types are checked. Several
threads may ask for the first time at once: the import itself takes the module's lock, which the lazy loader of the
standard library does not before CPython 3.11.8 (gh-114763).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module, and asks it for whatever it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def later(name: str) -> ModuleType:
    """The module `name`, which is loaded when one of its names is first asked for; raises ImportError at once where
    there is none."""
    if find_spec(name) is None:
        raise ImportError(f"there is no module {name}")
    return _Later(name)
