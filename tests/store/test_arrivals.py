"""What a source brought last, with what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from monitor.model import Arrival, ArticleId, Entry, SourceId
from monitor.store.arrivals import list_arrivals
from monitor.store.database import Database, Transaction
from monitor.store.entries import record_entries
from monitor.store.tables import EntryRow
from tests.store.test_sources import found
from tests.stored import store_article, store_candidate

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ONE = SourceId("one")


def bring(tx: Transaction, *titles: str, article: ArticleId | None = None, later: int = 0) -> None:
    entries = [Entry(guid=title, url=f"https://one.example/{title}", title=title) for title in titles]
    record_entries(tx, ONE, entries, now=NOW + timedelta(hours=later))
    if article is not None:
        tx.execute(update(EntryRow).where(EntryRow.title.in_(titles)).values(article_id=article))


def test_the_newest_come_first_with_article_and_latest_candidate(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        article = store_article(tx)
        store_candidate(tx, article)
        latest = store_candidate(tx, article)
        bring(tx, "waiting")
        bring(tx, "grouped", article=article, later=1)
        arrivals = list_arrivals(tx, ONE)
        assert list_arrivals(tx, SourceId("two")) == ()
    grouped, waiting = arrivals
    assert grouped == Arrival(
        title="grouped",
        url="https://one.example/grouped",
        first_seen_at=NOW + timedelta(hours=1),
        note=None,
        article=article,
        candidate=latest,
    )
    assert (waiting.title, waiting.article, waiting.candidate) == ("waiting", None, None)


def test_no_more_come_than_are_asked_for(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        for number in range(5):
            bring(tx, f"number {number}", later=number)
        assert [each.title for each in list_arrivals(tx, ONE, limit=2)] == ["number 4", "number 3"]
