"""standing: every source as an operator sees it, from real databases, in a bounded number of questions."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.hasten import ask_now
from monitor.jobs.settle import Ending, settle
from monitor.jobs.sources import confirm_source, pause_sources, restore_source, resume_sources
from monitor.jobs.standing import get_report, judge_due, list_page, list_reports
from monitor.model import (
    NO_VALIDATORS,
    Entry,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    Gone,
    Health,
    Hop,
    NotModified,
    ParsedFeed,
    PollState,
    Source,
    SourceId,
    Throttled,
)
from monitor.store import conditions, leases, polls, sources
from monitor.store.database import Database, Transaction
from tests.conftest import ManualClock
from tests.store.test_sources import LEASE, a_source, found, record

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ONE = SourceId("one")


def stands(tx: Transaction, at: datetime = NOW, **fields: object) -> PollState:
    """One poll of the source "one" that left it standing so."""
    leases.lease_source(tx, ONE, now=NOW + timedelta(days=999), owner="a", lease_for=LEASE)
    state = replace(polls.get_poll_state(tx, ONE), last_polled_at=at, last_success_at=at, last_outcome="200", **fields)  # type: ignore[arg-type]
    assert record(tx, state, polled_at=at, new_entry_count=1)
    tx.expire_all()
    return state


def test_every_source_has_a_condition_and_retired_ones_come_last(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.retire_source(tx, ONE, now=NOW)
        reports = list_reports(tx, NOW)
    assert [(r.source.id, r.health) for r in reports] == [("two", Health.NEW), ("one", Health.RETIRED)]
    assert reports[1].condition.since == reports[1].retired_at == NOW


def test_a_report_says_what_the_last_month_brought_and_how_often_something_comes(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        for days in (40, 30, 20, 10, 0):
            stands(tx, NOW - timedelta(days=days), last_new_at=NOW - timedelta(days=days))
        report = get_report(tx, ONE, NOW)
    assert report.rhythm.usual_gap == timedelta(days=10)
    assert [(NOW.date() - each.day).days for each in report.days] == [20, 10, 0]
    assert {(each.poll_count, each.new_entry_count) for each in report.days} == {(1, 1)}
    assert report.health is Health.HEALTHY


def test_the_silence_of_a_host_puts_off_all_its_sources_p9(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        until = NOW + timedelta(hours=2)
        polls.record_host_silence(tx, "one.example", until=until)
        report = get_report(tx, ONE, NOW)
    assert (report.health, report.state.due_at) == (Health.THROTTLED, until)
    assert report.state.rule == "one.example asked for silence (429)"
    assert report.condition.next_at == until


def test_a_thousand_sources_take_as_many_questions_as_one(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with database.write() as tx:
        found(tx, *(f"source{number}" for number in range(20)))
    counts = []
    for limit in (1, 20):
        with database.write() as tx:
            for number in range(limit, 20):
                sources.retire_source(tx, SourceId(f"source{number}"), now=NOW)
        with database.read() as tx:
            asked.clear()
            list_reports(tx, NOW)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_no_report_without_a_source(database: Database) -> None:
    with database.read() as tx, pytest.raises(Unknown, match="nowhere"):
        get_report(tx, SourceId("nowhere"), NOW)


def test_the_store_reads_one_source_as_it_reads_all(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.add_source(tx, a_source("three"), now=NOW)
        stands(tx, last_new_at=NOW)
        assert [get_report(tx, r.source.id, NOW) for r in list_reports(tx, NOW)] == list(list_reports(tx, NOW))


# --- what is kept of it, and shown page by page ---------------------------------------------------------------------

NAMES = ("one", "two", "three")
THREE = tuple(map(SourceId, NAMES))


class Newsroom:
    """Three sources, two of them at one host, to which anything may happen."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, ManualClock(NOW)
        self.number = 0
        with database.write() as tx:
            found(tx, "one")
            for name in ("two", "three"):
                sources.add_source(tx, self.source(name), now=NOW)

    @staticmethod
    def source(name: str, path: str = "feed") -> Source:
        return a_source(
            name, url=f"https://shared.example/{name}/{path}" if name != "one" else f"https://one.example/{path}"
        )

    def poll(self, name: SourceId, answer: Callable[[str, datetime], FetchOutcome], entries: int = 0) -> None:
        now = self.clock.now()
        if self.judged()[name] in (Health.RETIRED, Health.PAUSED):  # whoever polls leaves these alone
            return
        with self.database.write() as tx:
            taken = leases.lease_source(tx, name, now=now, owner="t", lease_for=LEASE)
        if taken is None:
            return
        source, state = taken
        outcome = answer(state.url, now)
        feed = None
        if isinstance(outcome, Fetched):
            self.number += 1
            new = tuple(
                Entry(guid=f"{self.number}-{n}", url=f"https://x.example/{self.number}/{n}", title="News")
                for n in range(entries)
            )
            feed = ParsedFeed(format="rss20", title="Another" if entries == 3 else "Paper", entries=new)
        settle(self.database, self.clock, [Ending(source=source, state=state, outcome=outcome, feed=feed)], owner="t")

    def write(self, deed: Callable[[Transaction], object]) -> None:
        with self.database.write() as tx:
            deed(tx)

    def kept(self) -> dict[str, Health]:
        """What the list is sorted and counted by, once whoever shows it has looked."""
        judge_due(self.database, self.clock)
        with self.database.read() as tx:
            assert conditions.list_unjudged(tx, now=self.clock.now(), limit=1) == ()
            return {
                name: health
                for health in Health
                for name in conditions.list_page(tx, first=health, last=health, offset=0, limit=9)
            }

    def judged(self) -> dict[str, Health]:
        """What source page and command line say, judged from nothing that was kept."""
        with self.database.read() as tx:
            return {report.source.id: report.health for report in list_reports(tx, self.clock.now())}


def fetched(url: str, now: datetime) -> FetchOutcome:
    return Fetched(url=url, final_url=url, body=b"", content_type=None, validators=NO_VALIDATORS, fetched_at=now)


def moved(url: str, now: datetime) -> FetchOutcome:
    there = f"{url.rstrip('/')}/new"
    return Fetched(
        url=url,
        final_url=there,
        hops=(Hop(status=308, url=there),),
        body=b"",
        content_type=None,
        validators=NO_VALIDATORS,
        fetched_at=now,
    )


def unchanged(url: str, now: datetime) -> FetchOutcome:
    return NotModified(url=url, final_url=url, validators=NO_VALIDATORS, fetched_at=now)


def gone(url: str, now: datetime) -> FetchOutcome:
    return Gone(url=url, fetched_at=now)


def failed(url: str, now: datetime) -> FetchOutcome:
    return Failed(url=url, kind=Failure.TIMEOUT, detail="60 s passed", fetched_at=now)


def not_a_feed(url: str, now: datetime) -> FetchOutcome:
    return Failed(url=url, kind=Failure.NOT_A_FEED, detail="HTML", fetched_at=now)


def silenced(status: int) -> Callable[[str, datetime], FetchOutcome]:
    def answer(url: str, now: datetime) -> FetchOutcome:
        host, span = polls.host_of(url), timedelta(hours=5)
        return Throttled(
            url=url, host=host, status=status, retry_after=span, silences_host=status == 429, fetched_at=now
        )

    return answer


def happen(newsroom: Newsroom, what: str, name: SourceId) -> None:
    """One of the things that may befall a source; what is refused changes nothing, and that is one of them."""
    database, clock = newsroom.database, newsroom.clock
    now = clock.now()
    answers: dict[str, tuple[Callable[[str, datetime], FetchOutcome], int]] = {
        "news": (fetched, 1),
        "empty": (fetched, 0),
        "another feed": (fetched, 3),
        "moved": (moved, 1),
        "unchanged": (unchanged, 0),
        "gone": (gone, 0),
        "failed": (failed, 0),
        "not a feed": (not_a_feed, 0),
        "host silent": (silenced(429), 0),
        "silent": (silenced(503), 0),
    }
    try:
        match what:
            case "pause":
                pause_sources(database, clock, sources=[name], by="ada")
            case "resume":
                resume_sources(database, clock, sources=[name], by="ada")
            case "confirm":
                confirm_source(database, clock, source=name, by="ada")
            case "restore":
                restore_source(database, clock, source=name, by="ada")
            case "ask":
                ask_now(database, clock, source=name, by="ada")
            case "retire":
                newsroom.write(lambda tx: sources.retire_source(tx, name, now=now))
            case "return":
                newsroom.write(lambda tx: sources.add_source(tx, newsroom.source(name), now=now))
            case "another address":
                newsroom.write(lambda tx: sources.change_source(tx, newsroom.source(name, "feed/new"), now=now))
            case _:
                newsroom.poll(name, *answers[what])
    except IllegalDecision:
        pass


EVENTS = (
    *("news", "news", "empty", "another feed", "moved", "unchanged", "unchanged", "gone", "failed", "not a feed"),
    *("host silent", "silent", "pause", "resume", "confirm", "restore", "ask", "retire", "return", "another address"),
)
HOURS = (0.0, 0.1, 1.0, 6.0, 25.0, 75.0, 24 * 8.0, 24 * 31.0, 24 * 70.0, 24 * 160.0)


def check(newsroom: Newsroom, steps: list[tuple[str, str, float]]) -> None:
    for what, name, hours in steps:
        happen(newsroom, what, SourceId(name))
        assert newsroom.kept() == newsroom.judged(), what
        newsroom.clock.advance(hours=hours)
        assert newsroom.kept() == newsroom.judged(), (what, hours)


def test_what_is_kept_is_what_would_be_judged_now_after_a_long_life(database: Database) -> None:
    dice = random.Random(2026)
    newsroom = Newsroom(database)
    seen = set()
    for _ in range(100):
        check(newsroom, [(dice.choice(EVENTS), dice.choice(NAMES), dice.choice(HOURS))])
        seen |= set(newsroom.judged().values())
    assert seen > {Health.THROTTLED, Health.QUIET, Health.GONE, Health.PAUSED, Health.RETIRED, Health.FAILING}


def test_a_poll_that_changes_nothing_of_how_a_source_is_doing_writes_nothing_of_it(database: Database) -> None:
    newsroom = Newsroom(database)
    newsroom.poll(ONE, fetched, 1)
    written: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    newsroom.clock.advance(hours=2)
    newsroom.poll(ONE, unchanged)
    assert not [statement for statement in written if statement.startswith("UPDATE conditions")]


def test_a_tick_without_work_writes_nothing(database: Database) -> None:
    newsroom = Newsroom(database)
    assert judge_due(database, newsroom.clock, limit=2) == 2
    assert judge_due(database, newsroom.clock) == 1
    written: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    assert judge_due(database, newsroom.clock) == 0
    assert not [statement for statement in written if "UPDATE" in statement]


def test_a_page_shows_its_sources_as_their_own_pages_do(database: Database) -> None:
    newsroom = Newsroom(database)
    newsroom.poll(ONE, failed)
    newsroom.poll(SourceId("two"), fetched, 1)
    now = newsroom.clock.now()
    judge_due(database, newsroom.clock)
    with database.read() as tx:
        shown = list_page(tx, now, first=Health.HELD_BACK, last=Health.RETIRED, words=[], offset=0, limit=9)
        assert [report.source.id for report in shown] == ["one", "three", "two"]
        assert [get_report(tx, report.source.id, now) for report in shown] == list(shown)
        assert list_page(tx, now, first=Health.NEW, last=Health.NEW, words=["nobody"], offset=0, limit=9) == ()
