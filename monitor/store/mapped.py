"""What maps rows to objects, and what works with them: loaded when it is first used, and not before.

All of it takes a third of a second to load, and a round of polls in which nothing is new has no use for it: such a
round lives on `rounds.py`. Modules that it loads reach the others here, too (`monitor.later`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.later import later

if TYPE_CHECKING:
    from sqlalchemy import orm as orm

    from monitor.store import entries as entries
    from monitor.store import push as push
    from monitor.store import sitemaps as sitemaps
    from monitor.store import sources as sources
    from monitor.store import standing as standing
    from monitor.store import tables as tables
else:
    entries, push, sitemaps, sources, standing, tables = (
        later(f"monitor.store.{name}") for name in ("entries", "push", "sitemaps", "sources", "standing", "tables")
    )
    orm = later("sqlalchemy.orm")
