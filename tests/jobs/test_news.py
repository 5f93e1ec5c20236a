"""The news sitemap goes with time, and with nothing else in the tree (O11)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.jobs.news import age_news
from monitor.jobs.publish import publish
from monitor.jobs.sections.pages import Pages
from monitor.site.sitemaps import NEWS
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.past import START, publish_past
from tests.site.newsroom import HOUSE, SITE


def test_what_is_older_than_two_days_leaves_the_news_though_nothing_is_published_o11(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    pages, file = Pages(HOUSE), tmp_path / NEWS[1:]
    assert not age_news(sqlite_database, clock, public_dir=tmp_path, pages=pages)  # no tree yet, and none is begun
    with sqlite_database.write() as tx:
        for number in (1, 2):
            publish_past(tx, number, at=START + timedelta(days=number))
    publish(sqlite_database, clock, public_dir=tmp_path, site=SITE, sections=(pages,))
    assert file.read_text().count("<news:news>") == 2
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file() and ".tree" not in p.parts}
    clock.at = START + timedelta(days=3, hours=1)
    assert age_news(sqlite_database, clock, public_dir=tmp_path, pages=pages)
    assert (file.read_text().count("<news:news>"), "/wires/wire-2<" in file.read_text()) == (1, True)
    clock.at = START + timedelta(days=9)
    assert age_news(sqlite_database, clock, public_dir=tmp_path, pages=pages)
    assert not age_news(sqlite_database, clock, public_dir=tmp_path, pages=pages)
    assert "<news:news>" not in file.read_text()
    changed = {p for p, at in before.items() if p.stat().st_mtime_ns != at}
    assert changed == {file, file.with_name(f"{file.name}.gz")}
