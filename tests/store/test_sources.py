"""Sources and publishers: what is polled, where it stands, and who may poll it now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    Hints,
    Origin,
    PollState,
    Publisher,
    PublisherId,
    Source,
    SourceId,
    Tier,
    Validators,
)
from monitor.store import leases, polls, sources
from monitor.store.database import Database

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def a_source(name: str = "one", **fields: object) -> Source:
    known: dict[str, object] = {
        "id": SourceId(name),
        "name": name.title(),
        "url": f"https://{name}.example/feed",
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "publisher": PublisherId("paper"),
    }
    return Source(**(known | fields))  # type: ignore[arg-type]


def found(tx: Session, *names: str, now: datetime = NOW) -> None:
    sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper", domains=("paper.example",))])
    for name in names:
        sources.add_source(tx, a_source(name), now=now)


def lease(tx: Session, owner: str = "a", *, now: datetime = NOW, limit: int = 10) -> list[str]:
    taken = leases.lease_due_sources(tx, now=now, owner=owner, limit=limit, lease_for=LEASE)
    return [source.id for source, _ in taken]


def record(tx: Session, state: PollState, owner: str = "a", **fields: object) -> bool:
    known: dict[str, object] = {"polled_at": NOW, "outcome": "new", "detail": "3 new entries"}
    return polls.record_poll(tx, state, owner=owner, **(known | fields))  # type: ignore[arg-type]


def test_a_source_and_its_publisher_come_back_as_they_went_in(database: Database) -> None:
    whole = a_source(
        provider="acme", language="de", cadence=timedelta(minutes=30), is_aggregator=True, origin=Origin.PROVIDER
    )
    paper = Publisher(
        id=PublisherId("paper"), name="The Paper", domains=("a.example", "paper.example"), owner="Acme Holding"
    )
    with database.write() as tx:
        sources.record_publishers(tx, [paper])
        sources.add_source(tx, whole, now=NOW)
    with database.read() as tx:
        assert sources.list_sources(tx) == (whole,)
        assert sources.get_source(tx, whole.id) == whole
        assert sources.list_publishers(tx) == (paper,)
        assert sources.find_publisher(tx, ["news.paper.example", "paper.example"]) == paper
        assert sources.find_publisher(tx, ["elsewhere.example"]) is None
        assert sources.count_sources(tx) == 1


def test_a_publishers_domains_become_exactly_those_given(database: Database) -> None:
    with database.write() as tx:
        found(tx)
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="Paper", domains=("new.example",))])
        assert sources.find_publisher(tx, ["paper.example"]) is None
        assert sources.list_publishers(tx)[0].domains == ("new.example",)


def test_a_poll_state_comes_back_as_it_went_in(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
    state = PollState(
        source=SourceId("one"),
        url="https://two.example/feed",
        validators=Validators(etag='W/"é-gzip"', last_modified="Mon, 02 Mar 26 08:00:00 UTC"),
        validators_url="https://cdn.example/feed",
        due_at=NOW + timedelta(hours=3),
        rule="the feed's ttl",
        interval=timedelta(hours=2),
        hints=Hints(ttl=timedelta(hours=3), skip_hours=frozenset({0, 23}), skip_days=frozenset({6})),
        failure_weight=1.75,
        failing_since=NOW,
        silent_until=NOW,
        body_digest="d" * 64,
        last_polled_at=NOW,
        last_success_at=NOW,
        last_new_at=NOW,
        last_outcome="200, 3 new entries",
        is_gone=True,
        redirect_url="https://three.example/",
        redirect_since=NOW,
        redirect_count=2,
    )
    with database.write() as tx:
        assert lease(tx) == ["one"]
        assert record(tx, state)
    with database.read() as tx:
        assert polls.get_poll_state(tx, state.source) == state
        assert polls.count_polls(tx, state.source) == 1


def test_another_url_starts_without_validators_p5(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        lease(tx)
        state = polls.get_poll_state(tx, SourceId("one"))
        later = replace(state, validators=Validators(etag='"1"'), body_digest="d", due_at=NOW + timedelta(hours=9))
        record(tx, later)
    with database.write() as tx:
        sources.change_source(tx, replace(a_source("one"), name="Renamed"), now=NOW)
        assert polls.get_poll_state(tx, SourceId("one")) == later
    with database.write() as tx:
        sources.change_source(tx, a_source("one", url="https://one.example/new"), now=NOW)
        moved = polls.get_poll_state(tx, SourceId("one"))
    assert moved.url == "https://one.example/new"
    assert (moved.validators, moved.body_digest, moved.due_at) == (Validators(), None, NOW)


def test_a_learnt_url_is_given_up_with_one_action_p15(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        lease(tx)
        state = polls.get_poll_state(tx, SourceId("one"))
        record(tx, replace(state, url="https://elsewhere.example/", validators=Validators(etag='"1"')))
        sources.restore_url(tx, SourceId("one"), now=NOW)
        restored = polls.get_poll_state(tx, SourceId("one"))
    assert (restored.url, restored.validators) == ("https://one.example/feed", Validators())


def test_a_due_source_is_leased_once_p23(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two", "three")
    with database.write() as tx:
        assert lease(tx, "a", limit=2) == ["one", "three"]
    with database.write() as tx:
        assert lease(tx, "b") == ["two"]
        assert lease(tx, "c") == []
        assert leases.lease_source(tx, SourceId("one"), now=NOW, owner="c", lease_for=LEASE) is None


def test_two_workers_that_lease_at_once_share_the_work_p23(database: Database) -> None:
    names = [f"source-{n}" for n in range(12)]
    with database.write() as tx:
        found(tx, *names)
    start = Barrier(3)

    def work(owner: str) -> list[str]:
        start.wait(10)
        taken: list[str] = []
        for _ in names:
            with database.write() as tx:
                taken += lease(tx, owner, limit=2)
        return taken

    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(work, ["a", "b", "c"]))
    assert sorted(name for some in taken for name in some) == sorted(names)


def test_a_holder_that_wakes_late_writes_nothing_stale_f8(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        assert lease(tx, "asleep") == ["one"]
    late = NOW + LEASE
    with database.write() as tx:
        assert lease(tx, "other", now=late) == ["one"]
    with database.write() as tx:
        state = polls.get_poll_state(tx, SourceId("one"))
        assert not leases.is_lease_held(tx, SourceId("one"), owner="asleep")
        assert leases.is_lease_held(tx, SourceId("one"), owner="other")
        assert not record(tx, replace(state, last_outcome="stale"), "asleep")
        assert record(tx, replace(state, last_outcome="fresh", due_at=late + LEASE), "other")
    with database.read() as tx:
        assert polls.get_poll_state(tx, SourceId("one")).last_outcome == "fresh"
        assert polls.count_polls(tx, SourceId("one")) == 1


def test_an_edit_of_the_url_takes_the_lease_from_a_poll_under_way_p5(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        lease(tx)
        stale = polls.get_poll_state(tx, SourceId("one"))
        sources.change_source(tx, a_source("one", url="https://one.example/new"), now=NOW)
        assert not record(tx, stale)


def test_a_silent_host_is_not_polled_and_others_are_p9(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        until = NOW + timedelta(hours=2)
        polls.record_host_silence(tx, "one.example", until=until)
        polls.record_host_silence(tx, "one.example", until=NOW + timedelta(hours=1))
        assert polls.is_host_silent(tx, "one.example", now=until - timedelta(seconds=1))
        assert not polls.is_host_silent(tx, "one.example", now=until)
        assert lease(tx) == ["two"]
        assert lease(tx, now=until) == ["one", "two"]  # the first lease of "two" has run out by then


def test_a_retired_source_is_not_polled_and_comes_back_with_its_past(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.retire_source(tx, SourceId("one"), now=NOW)
        assert lease(tx) == ["two"]
        assert [s.id for s in sources.list_sources(tx)] == ["two"]
        sources.add_source(tx, a_source("one"), now=NOW)
        assert lease(tx) == ["one"]


def test_an_unknown_source_is_refused_by_name(database: Database) -> None:
    with database.read() as tx, pytest.raises(Unknown, match="nowhere"):
        sources.get_source(tx, SourceId("nowhere"))
