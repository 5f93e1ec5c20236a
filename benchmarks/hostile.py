"""Every hostile case of tests/data/hostile beside twenty healthy sources (H32).

usage: python -m benchmarks.hostile [--cases FOLDER] [--only NAME]

The newsroom runs in a process of its own, so that its memory and its end can be measured; the servers run here. One
newsroom polls the sources, a second one polls and extracts the cases about articles. Exits 1 where a case did not end
as its file says, a healthy entry is missing, or the newsroom took too much memory or ended.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.hostile_cases import (
    BACK,
    FOLDER,
    KEPT,
    Case,
    Outcome,
    Round,
    Verdict,
    answer_all,
    kept_page,
    read_cases,
    route,
)
from benchmarks.manners_servers import SimulatedClock
from monitor.jobs.extract import extract
from monitor.jobs.poll import PollLine, poll
from monitor.jobs.standing import list_reports
from monitor.jobs.workers import Workers
from monitor.log import set_up_log
from monitor.model import ArticleId, Kind, Origin, Publisher, PublisherId, Source, SourceId, StoredEntry, Tier
from monitor.net.client import Fetcher
from monitor.store import polls, sources
from monitor.store.articles import get_article
from monitor.store.database import Database
from monitor.store.entries import count_versions, list_entries
from monitor.store.migrate import upgrade
from monitor.store.tables import EntryRow
from tests.net.servers import Recorded, RecordingServer, http

HEALTHY = 20
ROOM = 150  # MB above idle that the polling process may take
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BETWEEN = timedelta(days=8)  # rounds: past every wait, the longest Retry-After too
_PUBLISHER = PublisherId("press")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one newsroom made of its cases."""

    complaints: Mapping[str, Sequence[str]]  # by case
    outcomes: Mapping[str, Outcome]
    healthy_wanted: int
    healthy_kept: int
    seconds: float

    @property
    def failed(self) -> dict[str, Sequence[str]]:
        return {name: wrong for name, wrong in self.complaints.items() if wrong}


# --- servers --------------------------------------------------------------------------------------------------------


def serve(cases: Sequence[Case], round_: Round) -> RecordingServer:
    """All cases and the healthy sources on one port, each on a host of its own."""
    server = RecordingServer(max_connections=20_000)
    servers = answer_all(cases, round_, lambda name: server.url("", host=f"{name}.localhost"))
    server.answers = {"*": route(servers, lambda request: _healthy(request, round_))}
    return server


def _healthy(request: Recorded, round_: Round) -> bytes:
    """A source that brings an entry each round; each has a page."""
    name = request.path.strip("/").replace("/", " ")
    if not name:
        return http(200, kept_page("the front page"), ("Content-Type", "text/html"))
    if not name.startswith("healthy"):
        return http(404)
    if " " in name:
        return http(200, kept_page(name), ("Content-Type", "text/html"))
    address = f"http://{request.header('Host')}/{name}"
    items = "".join(
        f"<item><title>{name} {n}</title><link>{address}/{n}</link><guid>{address}/{n}</guid></item>"
        for n in range(round_.value + 1)
    )
    body = f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"
    return http(200, body.encode(), ("ETag", f'"{round_.value}"'), ("Content-Type", "application/rss+xml"))


# --- newsroom -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """What is known of a case so far."""

    case: Case
    word: str = "never polled"
    detail: str = ""
    health: str = ""
    etag: str | None = None
    last_words: str = ""

    @property
    def judged_in(self) -> int:
        """The round of the last hostile part."""
        first = 0 if self.case.fresh or self.case.is_article else 1
        return first + max(1, len(self.case.payloads)) - 1


@dataclass(slots=True)
class Newsroom:
    """One newsroom with hostile and healthy sources."""

    database: Database
    port: int
    cases: Sequence[Case]
    round: Round
    deadline: float = 8.0
    healthy_count: int = HEALTHY

    def live(self, on_idle: Callable[[], None] = lambda: None) -> Trial:
        """Poll all cases through all of their parts; `on_idle` is called when the healthy sources have been polled."""
        began, clock = time.monotonic(), SimulatedClock(START)
        seen = {case.name: _Seen(case) for case in self.cases}
        healthy = [f"healthy{n}" for n in range(self.healthy_count)]
        round_count = max(each.judged_in for each in seen.values()) + 2
        self.round.value = 0
        with Workers(2) as workers, self._fetcher(clock) as fetcher:
            self._add([(name, self._url(name), Kind.FEED) for name in healthy], clock)
            poll(self.database, clock, fetcher, workers, owner="idle")
            on_idle()
            self._add([self._address(case) for case in self.cases], clock)
            for number in range(round_count):
                self.round.value = number
                lines = poll(self.database, clock, fetcher, workers, owner="trial").lines
                if any(case.is_article for case in self.cases):
                    extract(self.database, clock, fetcher, workers, owner="trial")
                self._note(seen, lines, number, clock)
                self._rest([each for each in seen.values() if number == each.judged_in + 1], clock)
                clock.advance(BETWEEN)
            # What a server broken for now left undone is tried again.
            if any(case.is_article for case in self.cases):
                for _ in range(3):
                    extract(self.database, clock, fetcher, workers, owner="trial")
                    clock.advance(timedelta(hours=2))
        outcomes = {name: self._outcome(each) for name, each in seen.items()}
        wanted = {f"{name} {n}" for name in healthy for n in range(round_count)}
        return Trial(
            complaints={case.name: Verdict(case).complaints(outcomes[case.name]) for case in self.cases},
            outcomes=outcomes,
            healthy_wanted=len(wanted),
            healthy_kept=len(wanted & self._kept(healthy)),
            seconds=time.monotonic() - began,
        )

    def _fetcher(self, clock: SimulatedClock) -> Fetcher:
        """The servers' one address may be asked, and no other that is private."""
        return Fetcher(
            user_agent="Monitor/0 (+https://newsroom.example; desk@newsroom.example)",
            clock=clock,
            allow=[ip_network("127.0.0.1/32")],
            deadline_seconds=self.deadline,
        )

    def _url(self, name: str) -> str:
        return f"http://{name}.localhost:{self.port}/{name}"

    def _address(self, case: Case) -> tuple[str, str, Kind]:
        url = self._url(case.name) if case.url is None else case.url.replace("{{port}}", str(self.port))
        return case.name, url, Kind.FEED if case.is_article else Kind(case.reads)

    def _add(self, places: Sequence[tuple[str, str, Kind]], clock: SimulatedClock) -> None:
        with self.database.write() as tx:
            sources.record_publishers(tx, [Publisher(id=_PUBLISHER, name="Press")])
            for name, url, kind in places:
                source = Source(
                    id=SourceId(name),
                    name=name,
                    url=url,
                    origin=Origin.PRESS,
                    tier=Tier.SECONDARY,
                    publisher=_PUBLISHER,
                    kind=kind,
                )
                sources.add_source(tx, source, now=clock.now())

    def _note(self, seen: Mapping[str, _Seen], lines: Sequence[PollLine], number: int, clock: SimulatedClock) -> None:
        said = {str(line.source): line for line in lines}
        with self.database.read() as tx:
            reports = {str(report.source.id): report for report in list_reports(tx, clock.now())}
        for name, each in seen.items():
            line = said.get(name)
            if number == each.judged_in and line is not None:
                each.word, each.detail = line.outcome, line.detail
                each.health = reports[name].health.value
                each.etag = reports[name].state.validators.etag
            elif number == each.judged_in + 1 and line is not None:
                each.last_words = line.outcome

    def _rest(self, seen: Sequence[_Seen], clock: SimulatedClock) -> None:
        """What has been judged need not be polled again."""
        with self.database.write() as tx:
            for each in seen:
                polls.pause(tx, SourceId(each.case.name), by="trial", now=clock.now())

    def _outcome(self, seen: _Seen) -> Outcome:
        with self.database.read() as tx:
            source = SourceId(seen.case.name)
            state, configured = polls.get_poll_state(tx, source), sources.get_source(tx, source).url
            stored = sorted(list_entries(tx, source=source, limit=10_000), key=lambda each: each.id)
            brought = [each for each in stored if each.entry.title not in (*KEPT, BACK)]
            led_to = select(EntryRow.article_id).where(EntryRow.source_id == source, EntryRow.article_id.is_not(None))
            ids = sorted({int(each or 0) for each in tx.scalars(led_to)}) if seen.case.is_article else []
            articles = [get_article(tx, ArticleId(each)) for each in ids]
            versions = tuple(count_versions(tx, each.id) for each in stored[:50])
        return Outcome(
            word=seen.word,
            detail=seen.detail,
            health=seen.health,
            titles=tuple(each.entry.title for each in stored),
            fields=_fields(brought),
            version_counts=versions,
            url=state.url,
            configured_url=configured,
            etag=seen.etag,
            last_words=seen.last_words,
            articles=tuple({"title": a.title, "text": a.text, "note": a.note, "url": a.url} for a in articles),
        )

    def _kept(self, healthy: Sequence[str]) -> set[str]:
        with self.database.read() as tx:
            return {
                stored.entry.title
                for name in healthy
                for stored in list_entries(tx, source=SourceId(name), limit=1_000)
            }


def _fields(stored: Sequence[StoredEntry]) -> dict[str, tuple[Any, ...]]:
    entries = [each.entry for each in stored]
    return {
        "titles": tuple(e.title for e in entries),
        "guids": tuple(e.guid for e in entries),
        "urls": tuple(e.url for e in entries),
        "published": tuple(e.published for e in entries),
        "published_at": tuple(e.published_at and e.published_at.isoformat() for e in entries),
        "authors": tuple(e.author for e in entries),
        "contents": tuple(e.content for e in entries),
        "summaries": tuple(e.summary for e in entries),
        "languages": tuple(e.language for e in entries),
    }


# --- the command ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Of the polling process, in MB; its workers are others."""

    idle: float
    peak: float


def _run_newsroom(cases: Sequence[Case], port: int, round_: Round, answer: Connection) -> None:
    """In a process of its own: live, and tell what became of it."""
    set_up_log(level="error", form="text")
    idle = [0.0]

    def on_idle() -> None:
        idle[0] = _status("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the kernel's peak starts here

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'monitor.db'}")
        upgrade(database)
        trial = Newsroom(database, port, cases, round_).live(on_idle)
        database.close()
    answer.send((trial, Memory(idle=idle[0], peak=_status("VmHWM"))))


def _status(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1_024 if found else 0.0


def try_out(cases: Sequence[Case]) -> tuple[Trial, Memory] | None:
    """One newsroom in a process of its own beside the servers of `cases`; None where it ended before its time."""
    context = multiprocessing.get_context("spawn")
    round_ = context.Value("i", 0)
    with serve(cases, round_) as server:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_run_newsroom, args=(cases, server.port, round_, theirs))
        child.start()
        theirs.close()
        try:
            found: tuple[Trial, Memory] | None = ours.recv()
        except EOFError:
            found = None
        child.join()
    return found if child.exitcode == 0 else None


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=Path, default=FOLDER)
    options.add_argument("--only", default="", help="cases whose name contains this")
    options.add_argument("--verbose", action="store_true", help="what became of each case")
    asked = options.parse_args()
    cases = [case for case in read_cases(asked.cases) if asked.only in case.name]
    groups = [[case for case in cases if case.is_article is is_article] for is_article in (False, True)]
    groups = [group for group in groups if group]
    found = [try_out(group) for group in groups]
    trials = [each for each in found if each is not None]
    failed = {name: wrong for trial, _ in trials for name, wrong in trial.failed.items()}
    wanted = sum(trial.healthy_wanted for trial, _ in trials)
    kept = sum(trial.healthy_kept for trial, _ in trials)
    above = max((memory.peak - memory.idle for _, memory in trials), default=0.0)
    if asked.verbose:
        for trial, _ in trials:
            for name, outcome in trial.outcomes.items():
                print(f"{name}: {outcome.word}: {outcome.detail}; {dict(outcome.fields)}; {outcome.articles}"[:2_000])
    print(f"{len(cases)} hostile cases beside {HEALTHY} healthy sources, in {sum(t.seconds for t, _ in trials):.0f} s")
    print(f"  as their files say: {len(cases) - len(failed)} of {len(cases)}")
    print(f"  healthy entries: {kept} of {wanted} ({100 * kept / max(1, wanted):.0f} %)")
    print(f"  newsrooms that ended before their time: {len(groups) - len(trials)}")
    print(f"  memory of the polling process above idle: {above:.0f} MB (under {ROOM})")
    for name, wrong in failed.items():
        print(f"  {name}: {'; '.join(wrong)}"[:1_500])
    is_well = not failed and kept == wanted and len(trials) == len(groups) and above < ROOM
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
