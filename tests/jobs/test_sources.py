"""One action each: pause, resume, confirm, restore; the audit says who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.sources import confirm_source, pause_sources, restore_source, resume_sources
from monitor.model import Held, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import sources
from monitor.store.database import Database
from monitor.store.leases import lease_due_sources
from monitor.store.people import list_audit
from monitor.store.polls import get_poll_state, record_state
from tests.conftest import ManualClock

ONE, TWO = SourceId("one"), SourceId("two")


@pytest.fixture(autouse=True)
def two_sources(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        for key in (ONE, TWO):
            source = Source(
                id=key,
                name=key,
                url=f"https://{key}.example/feed",
                origin=Origin.PRESS,
                tier=Tier.SECONDARY,
                publisher=PublisherId("paper"),
            )
            sources.add_source(tx, source, now=clock.now())


def due(database: Database, clock: ManualClock) -> list[str]:
    with database.write() as tx:
        leased = lease_due_sources(tx, owner="test", now=clock.now(), lease_for=timedelta(minutes=5), limit=10)
    return sorted(source.id for source, _ in leased)


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as tx:
        return [(line.who, line.what, line.subject) for line in reversed(list_audit(tx))]


def put(database: Database, clock: ManualClock, **changes: object) -> None:
    """Let `one` stand otherwise, as a poll would record it."""
    with database.write() as tx:
        lease_due_sources(tx, owner="test", now=clock.now(), lease_for=timedelta(minutes=5), limit=10)
        record_state(tx, replace(get_poll_state(tx, ONE), **changes), owner="test")  # type: ignore[arg-type]


def test_a_paused_source_is_not_polled_until_it_is_resumed(database: Database, clock: ManualClock) -> None:
    assert pause_sources(database, clock, sources=[ONE, ONE], by="Ada") == (ONE,)
    assert pause_sources(database, clock, sources=[ONE, TWO], by="Ben") == (TWO,), "one is paused already"
    assert due(database, clock) == []
    assert resume_sources(database, clock, sources=[TWO], by="Ada") == (TWO,)
    assert resume_sources(database, clock, sources=[TWO], by="Ada") == ()
    assert due(database, clock) == ["two"]
    assert audited(database) == [
        ("Ada", "source.pause", "source one"),
        ("Ben", "source.pause", "source two"),
        ("Ada", "source.resume", "source two"),
    ]


def test_where_one_of_them_is_unknown_none_is_paused(database: Database, clock: ManualClock) -> None:
    with pytest.raises(Unknown, match="nowhere"):
        pause_sources(database, clock, sources=[ONE, SourceId("nowhere")], by="Ada")
    assert due(database, clock) == ["one", "two"]
    assert audited(database) == []


def test_a_held_back_change_is_taken_once_somebody_says_so_h19(database: Database, clock: ManualClock) -> None:
    held = Held(since=clock.now(), title="Casino News", feed_id=None, entry_titles=("Win", "Win more"))
    put(database, clock, held=held, due_at=clock.now() + timedelta(days=1))
    assert confirm_source(database, clock, source=ONE, by="Ada") == held
    with database.read() as tx:
        state = get_poll_state(tx, ONE)
    assert (state.held, state.due_at) == (None, clock.now())
    assert audited(database) == [("Ada", "source.confirm", "source one")]
    with pytest.raises(IllegalDecision, match="Nothing of one is held back"):
        confirm_source(database, clock, source=ONE, by="Ada")


def test_a_learnt_url_is_given_up_for_the_old_one_p15(database: Database, clock: ManualClock) -> None:
    with pytest.raises(IllegalDecision, match="no other was learnt"):
        restore_source(database, clock, source=ONE, by="Ada")
    put(database, clock, url="https://new.example/feed", moved_at=clock.now())
    assert restore_source(database, clock, source=ONE, by="Ada").url == "https://one.example/feed"
    with database.read() as tx:
        state = get_poll_state(tx, ONE)
        (line,) = list_audit(tx)
    assert state.url == "https://one.example/feed"
    assert (line.before, line.after) == ({"url": "https://new.example/feed"}, {"url": "https://one.example/feed"})
