"""Modules that few rounds need, loaded when they are first used (`importlib.util.LazyLoader`).

A timer calls `monitor poll` every minute, and most of such a round is its start. What only a round with news needs is
named here in place of being imported; under TYPE_CHECKING it is imported as ever, so that types are checked.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def later(name: str) -> ModuleType:
    """The module `name`, which loads itself when one of its names is first asked for; raises ImportError at once
    where there is none."""
    if (loaded := sys.modules.get(name)) is not None:
        return loaded
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no module {name}")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    room, _, own = name.rpartition(".")
    if room:
        setattr(sys.modules[room], own, module)
    spec.loader.exec_module(module)
    return module
