"""Entries: kept as first served, changes beside them, nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.errors import Unknown
from monitor.model import ArticleId, Entry, EntryId, NewArticle, Origin, PublisherId, SourceId, StoredEntry, Tier
from monitor.store.articles import add_article
from monitor.store.database import Database
from monitor.store.entries import (
    PER_SOURCE,
    count_known,
    count_unextracted,
    count_versions,
    find_known,
    get_entry,
    get_newest,
    is_shared_page,
    lease_unextracted,
    list_entries,
    record_document,
    record_entries,
    record_extract_failure,
    record_extracted,
    record_regrown,
)
from monitor.store.tables import EntryVersionRow, PublisherRow, SourceRow

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = SourceId("herald")


def an_entry(guid: str = "1", **fields: object) -> Entry:
    values: dict[str, object] = {"url": f"https://herald.example/{guid}", "title": f"Story {guid}"} | fields
    return Entry(guid=guid, **values)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def sources(database: Database) -> None:
    with database.write() as tx:
        tx.add(PublisherRow(id="herald", name="Herald", owner=None))
        tx.flush()
        for name in ("herald", "gazette"):
            tx.add(
                SourceRow(
                    id=name,
                    name=name,
                    url=f"https://{name}.example/feed",
                    origin="press",
                    tier="secondary",
                    publisher_id="herald",
                )
            )


def record(database: Database, *entries: Entry, at: datetime = NOW, source: str = "herald") -> int:
    with database.write() as tx:
        return record_entries(tx, SourceId(source), entries, now=at)


def lease(
    database: Database, *, at: datetime = NOW, owner: str = "one", limit: int = 100, lease_for: timedelta = HOUR
) -> list[StoredEntry]:
    with database.write() as tx:
        return list(lease_unextracted(tx, now=at, owner=owner, limit=limit, lease_for=lease_for))


def titles(database: Database) -> list[str]:
    with database.read() as tx:
        return sorted(stored.entry.title for stored in list_entries(tx, source=SOURCE))


def an_article(database: Database) -> ArticleId:
    new = NewArticle(
        canonical_url="https://herald.example/1",
        url="https://herald.example/1",
        title="Story 1",
        text="Text.",
        publisher=PublisherId("herald"),
        publisher_name="Herald",
        source=SOURCE,
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        first_seen_at=NOW,
    )
    with database.write() as tx:
        return add_article(tx, new)


def test_an_entry_comes_back_as_it_was(database: Database) -> None:
    entry = Entry(
        guid="tag:herald.example,2026:1",
        url="https://herald.example/1?utm_source=rss",
        title="T \u202eitle 👩\u200d💻",
        published="Mon, 02 Mar 2026 07:00:00 GMT",
        published_at=NOW - HOUR,
        updated="soon",
        updated_at=None,
        author="A. Uthor",
        summary="<p>S</p>",
        content="<p>C</p>",
        language="en",
    )
    assert record(database, entry) == 1
    with database.read() as tx:
        (stored,) = list_entries(tx, source=SOURCE)
        assert stored == get_entry(tx, stored.id)
    assert stored.entry == entry
    assert (stored.source, stored.first_seen_at, stored.attempt_count) == (SOURCE, NOW, 0)


def test_saying_it_again_changes_nothing(database: Database) -> None:
    entries = [an_entry("1"), an_entry("2")]
    assert record(database, *entries) == 2
    assert record(database, *entries, at=NOW + HOUR) == 0
    assert record(database, *entries, *entries, at=NOW + HOUR) == 0
    assert titles(database) == ["Story 1", "Story 2"]


def test_two_sources_may_use_one_guid(database: Database) -> None:
    assert record(database, an_entry("1")) == 1
    assert record(database, an_entry("1"), source="gazette") == 1


def test_every_edit_is_kept_beside_the_first_h16(database: Database) -> None:
    record(database, an_entry("1", summary="edit 0"))
    (stored,) = lease(database)
    article = an_article(database)
    with database.write() as tx:
        record_extracted(tx, stored.id, article, None)
    for n in range(1, 13):
        at = NOW + n * HOUR / 3
        assert record(database, an_entry("1", summary=f"edit {n}", updated=str(at)), at=at) == 0
        assert record(database, an_entry("1", summary=f"edit {n}", updated=str(at)), at=at) == 0
    assert record(database, an_entry("1", summary="edit 0")) == 0  # taken back: the first is there already
    with database.read() as tx:
        assert get_entry(tx, stored.id).entry.summary == "edit 0"
        assert count_versions(tx, stored.id) == 12
        kept = tx.scalars(select(EntryVersionRow.summary).order_by(EntryVersionRow.id)).all()
        assert kept == [f"edit {n}" for n in range(1, 13)]
        assert count_unextracted(tx, now=NOW + 9 * HOUR) == 1  # once: its page is asked what it says now


def grow(database: Database, *entries: Entry, at: datetime = NOW) -> tuple[int, int, int]:
    """Record entries of a status page: how many were known, are new, and have grown."""
    with database.write() as tx:
        known = find_known(tx, SOURCE, entries)
        recorded = record_document(tx, SOURCE, known, now=at, grows=True)
    return known.count, recorded.new_count, recorded.grown_count


def test_an_entry_that_grows_is_extracted_again_once_per_text_h16(database: Database) -> None:
    assert grow(database, an_entry("1", summary="a"), an_entry("2")) == (0, 2, 0)
    article = an_article(database)
    for stored in lease(database):
        with database.write() as tx:
            record_extracted(tx, stored.id, article, None)
    assert grow(database, an_entry("1", summary="a"), an_entry("2"), at=NOW + HOUR) == (2, 0, 0)
    assert grow(database, an_entry("1", summary="b"), an_entry("2"), at=NOW + HOUR) == (2, 0, 1)
    assert grow(database, an_entry("1", summary="a"), at=NOW + 2 * HOUR) == (1, 0, 0)  # from a cache
    assert grow(database, an_entry("1", summary="b"), at=NOW + 2 * HOUR) == (1, 0, 0)
    (again,) = lease(database, at=NOW + 2 * HOUR)
    assert (again.article, again.entry.guid, again.entry.summary) == (article, "1", "a")
    with database.write() as tx:
        newest = get_newest(tx, again.id, is_for_change=True)
        record_regrown(tx, again.id, article, "grown")
    assert (newest.entry.summary, newest.article, newest.version > 0) == ("b", article, True)
    assert lease(database, at=NOW + 9 * HOUR) == []


def test_whoever_holds_an_entry_that_grows_meanwhile_holds_it_no_longer_f8(database: Database) -> None:
    grow(database, an_entry("1", summary="a"))
    (held,) = lease(database)
    assert grow(database, an_entry("1", summary="b"), at=NOW) == (1, 0, 1)
    (again,) = lease(database, owner="two")
    assert again.id == held.id


def test_a_guid_twice_in_one_document_keeps_both_h14(database: Database) -> None:
    first, second = an_entry("0", title="A"), an_entry("0", title="B")
    assert record(database, first, second) == 2
    assert record(database, first, second) == 0
    assert record(database, second, first) == 0
    assert titles(database) == ["A", "B"]


def test_a_guid_used_again_for_other_news_loses_nothing_h14(database: Database) -> None:
    older = an_entry("0", title="A", url="https://herald.example/a", published="1 March")
    newer = an_entry("0", title="B", url="https://herald.example/b", published="2 March")
    newest = an_entry("0", title="C", url="https://herald.example/c", published="3 March")
    assert record(database, older) == 1
    assert record(database, newer, older) == 1
    assert record(database, newest, newer) == 1
    assert record(database, newest) == 0
    assert titles(database) == ["A", "B", "C"]


def test_a_new_headline_and_address_of_the_same_story_is_an_edit_h16(database: Database) -> None:
    record(database, an_entry("1", title="Old", url="https://herald.example/old", published="2 March"))
    assert record(database, an_entry("1", title="New", url="https://herald.example/new", published="2 March")) == 0
    assert titles(database) == ["Old"]


@pytest.mark.parametrize("guid", ["", "0", " ", "HTTP://x", "http://x", "ä" * 2_000])
def test_odd_guids_are_kept_apart_h14(database: Database, guid: str) -> None:
    assert record(database, an_entry(guid), an_entry(guid + "'")) == 2


def test_a_lease_is_held_by_one_and_ends_f8(database: Database) -> None:
    record(database, an_entry("1"), an_entry("2"))
    assert len(lease(database, owner="one")) == 2
    assert lease(database, owner="two") == []
    assert len(lease(database, owner="two", at=NOW + HOUR)) == 2


def test_the_newest_come_first_and_the_future_waits_h17(database: Database) -> None:
    record(
        database,
        an_entry("old", published_at=NOW - 9 * HOUR),
        an_entry("new", published_at=NOW - HOUR),
        an_entry("future", published_at=datetime(9999, 1, 1, tzinfo=UTC)),
    )
    record(database, an_entry("late"), at=NOW + HOUR)
    order = [stored.entry.guid for stored in lease(database, at=NOW + HOUR)]
    assert order == ["late", "future", "new", "old"]


def test_a_source_with_a_long_past_does_not_hold_up_the_others(database: Database) -> None:
    record(database, *(an_entry(str(n)) for n in range(3 * PER_SOURCE)))
    record(database, an_entry("g", published_at=NOW - 9 * HOUR), source="gazette")
    taken = lease(database)
    assert len(taken) == PER_SOURCE + 1
    assert {stored.source for stored in taken} == {"herald", "gazette"}
    assert len(lease(database)) == PER_SOURCE


def test_a_failure_waits_and_counts(database: Database) -> None:
    record(database, an_entry("1"))
    (stored,) = lease(database)
    with database.write() as tx:
        record_extract_failure(tx, stored.id, note="the page answered 503", due_at=NOW + HOUR)
    assert lease(database) == []
    (again,) = lease(database, at=NOW + HOUR)
    assert again.attempt_count == 1
    with database.write() as tx:
        record_extract_failure(tx, stored.id, note="silent", due_at=NOW + 2 * HOUR, counts=False)
    (again,) = lease(database, at=NOW + 2 * HOUR)
    assert again.attempt_count == 1
    with database.write() as tx:
        record_extract_failure(tx, stored.id, note="for good", due_at=None)
    assert lease(database, at=NOW + 99 * HOUR) == []


def test_an_extracted_entry_stays_extracted_f8(database: Database) -> None:
    article = an_article(database)
    record(database, an_entry("1"))
    (stored,) = lease(database)
    with database.write() as tx:
        record_extracted(tx, stored.id, article, "linked")
    with database.write() as tx:  # a worker that woke up late
        record_extract_failure(tx, stored.id, note="too late", due_at=NOW)
    assert lease(database, at=NOW + 9 * HOUR) == []
    with database.read() as tx:
        assert [e.id for e in list_entries(tx, article=article)] == [stored.id]


def is_shared(database: Database, url: str, source: str = "herald") -> bool:
    with database.read() as tx:
        return is_shared_page(tx, SourceId(source), url)


def test_entries_behind_one_page_are_told_apart(database: Database) -> None:
    page = "https://herald.example/change_log%"
    record(database, an_entry("1", url=page + "#a"), an_entry("3", url=page + "x#b"))
    assert not is_shared(database, page + "#a")
    record(database, an_entry("2", url=page + "#b"), at=NOW + HOUR)
    assert is_shared(database, page + "#a")
    assert not is_shared(database, page + "#a", "gazette")


def test_entries_with_one_link_are_told_from_edits_h15(database: Database) -> None:
    page = "https://herald.example/story"
    record(database, an_entry("first guid", url=page))
    record(database, an_entry("second guid", url=page, title="Edited"), at=NOW + HOUR)
    assert not is_shared(database, page)
    record(database, an_entry("a", url="https://herald.example/log"), an_entry("b", url="https://herald.example/log"))
    assert is_shared(database, "https://herald.example/log")


def test_known_entries_are_counted_p15(database: Database) -> None:
    record(database, an_entry("1"), an_entry("2"))
    with database.read() as tx:
        assert count_known(tx, SOURCE, [an_entry("2"), an_entry("3")]) == 1


def test_a_poll_may_bring_thousands_h13(database: Database) -> None:
    entries = [an_entry(str(n)) for n in range(2_000)]
    assert record(database, *entries) == 2_000
    assert record(database, *entries) == 0


def test_an_entry_that_is_not_there_is_said_so(database: Database) -> None:
    with database.read() as tx, pytest.raises(Unknown, match="no entry 7"):
        get_entry(tx, EntryId(7))
