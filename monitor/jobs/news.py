"""news: the news sitemap loses what is older than two days, also while nothing is published.

All else in the publication tree follows from the record alone; this one document hangs on what time it is, for search
engines take no news that is older. A publication renders it by the newest wire, which is then of now; this verb renders
it by the clock, and writes where that is less.
"""

from __future__ import annotations

from pathlib import Path

from monitor.jobs.sections.pages import Pages
from monitor.jobs.tree import Tree
from monitor.model import Clock
from monitor.site.sitemaps import NEWS
from monitor.store.database import Database


def age_news(database: Database, clock: Clock, *, public_dir: Path, pages: Pages) -> bool:
    """Bring the news sitemap to what is news by now; whether that changed it. Without a tree there is nothing to do."""
    tree = Tree(public_dir)
    if not tree.has(NEWS):
        return False
    with tree.locked(), database.read() as tx:
        return tree.write(pages.name, [pages.news(tx, clock.now())]) > 0
