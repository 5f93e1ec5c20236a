"""What maps rows to objects, and what works with them: loaded when it is first used, and not before.

All of it takes a third of a second to load, and a round of polls in which nothing is new has no use for it: such a
round lives on `rounds.py`. Modules that it loads reach the others by the lazy module of the standard library
(`importlib.util.LazyLoader`); this is the one place where that is done.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import orm as orm

    from monitor.store import entries as entries
    from monitor.store import push as push
    from monitor.store import sitemaps as sitemaps
    from monitor.store import sources as sources
    from monitor.store import standing as standing
    from monitor.store import tables as tables
else:

    def _later(name: str) -> ModuleType:
        if (loaded := sys.modules.get(name)) is not None:
            return loaded
        spec = importlib.util.find_spec(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        room, _, own = name.rpartition(".")
        setattr(sys.modules[room], own, module)
        spec.loader.exec_module(module)
        return module

    entries, push, sitemaps, sources, standing, tables = (
        _later(f"monitor.store.{name}") for name in ("entries", "push", "sitemaps", "sources", "standing", "tables")
    )
    orm = _later("sqlalchemy.orm")
