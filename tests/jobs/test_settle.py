"""settle: many polls in one transaction, and a bad one harms no other (P4, F8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.jobs.settle import Ending, settle
from monitor.model import (
    Entry,
    Failure,
    Fetched,
    FetchOutcome,
    Origin,
    ParsedFeed,
    Publisher,
    PublisherId,
    Source,
    SourceId,
    Throttled,
    Tier,
    Validators,
)
from monitor.store import leases, polls, sources
from monitor.store.database import Database
from monitor.store.entries import list_entries
from tests.conftest import ManualClock

NAMES = ("a", "b", "c")
UNSTORABLE = "half a character: \ud800"


@pytest.fixture
def leased(database: Database, clock: ManualClock) -> dict[str, Ending]:
    """Three sources, leased by "me", each with an answer that brings one entry."""
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        for name in NAMES:
            sources.add_source(tx, a_source(name), now=clock.now())
        taken = leases.lease_due_sources(tx, now=clock.now(), owner="me", limit=9, lease_for=timedelta(minutes=5))
    answer = Fetched(
        url="http://x.example/",
        final_url="http://x.example/",
        body=b"x",
        content_type=None,
        validators=Validators(etag='"1"'),
        fetched_at=clock.now(),
    )
    return {
        source.id: Ending(source=source, state=state, outcome=answer, feed=a_feed(f"of {source.id}"))
        for source, state in taken
    }


def a_source(name: str) -> Source:
    return Source(
        id=SourceId(name),
        name=name,
        url=f"http://{name}.example/",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
    )


def a_feed(*titles: str) -> ParsedFeed:
    entries = tuple(Entry(guid=title, url=None, title=title) for title in titles)
    return ParsedFeed(format="rss20", title="A feed", entries=entries)


def test_what_is_over_together_is_stored_together_p4(
    database: Database, clock: ManualClock, leased: dict[str, Ending]
) -> None:
    lines = settle(database, clock, list(leased.values()), owner="me")
    assert [(line.source, line.outcome, line.new_entry_count) for line in lines] == [(n, "new", 1) for n in NAMES]
    with database.read() as tx:
        for name in NAMES:
            state = polls.get_poll_state(tx, SourceId(name))
            assert (state.validators, state.due_at) == (Validators(etag='"1"'), lines[NAMES.index(name)].due_at)
            assert [stored.entry.title for stored in list_entries(tx, source=SourceId(name))] == [f"of {name}"]
            assert polls.count_polls(tx, SourceId(name)) == 1
        assert leases.count_due_sources(tx, now=clock.now() + timedelta(days=2)) == 3  # given back


def test_a_source_that_cannot_be_stored_harms_no_other(
    database: Database, clock: ManualClock, leased: dict[str, Ending]
) -> None:
    bad = Ending(
        source=leased["b"].source, state=leased["b"].state, outcome=leased["b"].outcome, feed=a_feed("fine", UNSTORABLE)
    )
    lines = settle(database, clock, [leased["a"], bad, leased["c"]], owner="me")
    assert [(line.source, line.outcome) for line in lines] == [("a", "new"), ("b", Failure.UNPARSABLE), ("c", "new")]
    assert "an error of Monitor's own (UnicodeEncodeError)" in lines[1].detail
    with database.read() as tx:
        assert [stored.entry.title for stored in list_entries(tx)] == ["of c", "of a"]
        state = polls.get_poll_state(tx, SourceId("b"))
        assert state.validators == Validators()  # nothing vouches for what was not stored
        assert state.due_at > clock.now()
        assert [polls.count_polls(tx, SourceId(name)) for name in NAMES] == [1, 1, 1]


def test_one_that_lost_its_lease_stores_nothing_and_the_others_do_f8(
    database: Database, clock: ManualClock, leased: dict[str, Ending]
) -> None:
    with database.write() as tx:
        leases.end_lease(tx, SourceId("b"), owner="me")
        assert leases.lease_source(tx, SourceId("b"), now=clock.now(), owner="other", lease_for=timedelta(minutes=5))
    lines = settle(database, clock, list(leased.values()), owner="me")
    assert [line.source for line in lines] == ["a", "c"]
    with database.read() as tx:
        assert list_entries(tx, source=SourceId("b")) == ()
        assert polls.count_polls(tx, SourceId("b")) == 0
        assert polls.lock_held(tx, [SourceId("b")], owner="other") == {"b"}


def test_a_question_that_was_never_sent_has_no_line_in_the_history_p9(
    database: Database, clock: ManualClock, leased: dict[str, Ending]
) -> None:
    silence: FetchOutcome = Throttled(
        url="http://b.example/",
        host="b.example",
        status=429,
        retry_after=timedelta(hours=1),
        silences_host=True,
        was_asked=False,
        fetched_at=clock.now(),
    )
    quiet = Ending(source=leased["b"].source, state=leased["b"].state, outcome=silence)
    settle(database, clock, [leased["a"], quiet], owner="me")
    with database.read() as tx:
        assert polls.count_polls(tx, SourceId("b")) == 0
        assert polls.get_poll_state(tx, SourceId("b")).due_at == clock.now() + timedelta(hours=1)
        assert polls.lock_held(tx, [SourceId(name) for name in NAMES], owner="me") == {"c"}
        assert polls.is_host_silent(tx, "b.example", now=clock.now())


def test_a_flood_of_entries_is_stored_in_several_transactions(
    database: Database, clock: ManualClock, leased: dict[str, Ending]
) -> None:
    many = {
        name: Ending(
            source=ending.source,
            state=ending.state,
            outcome=ending.outcome,
            feed=a_feed(*(f"{name}{n}" for n in range(300))),
        )
        for name, ending in leased.items()
    }
    lines = settle(database, clock, list(many.values()), owner="me")
    assert [(line.source, line.new_entry_count) for line in lines] == [(name, 300) for name in NAMES]
