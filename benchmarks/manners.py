"""A simulated month of polling, every request judged by the servers that got it (P27).

usage: python -m benchmarks.manners [--days N]

50 sources of 35 kinds of behaviour, real HTTP on loopback, three restarts (new database handles, fetcher and
workers), a clock that jumps to whatever is due. Exits 1 where a request was not as promised.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from benchmarks.manners_servers import DAY, HOUR, Behaviour, Host, Ledger, Publication, SimulatedClock, Spell
from monitor.jobs.poll import poll
from monitor.jobs.workers import Workers
from monitor.log import set_up_log
from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.net.client import Fetcher
from monitor.store import polls, sources
from monitor.store.database import Database
from monitor.store.entries import list_entries
from monitor.store.migrate import upgrade
from tests.net.servers import Recorded, RecordingServer, http

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
TICK = timedelta(seconds=5)  # as often as the daemon looks for what is due
ETAG, MODIFIED, NOTHING = frozenset({"etag"}), frozenset({"modified"}), frozenset[str]()
FAULTS = {
    "unconditional": "unconditional again",
    "too early": "too early",
    "wrong": "wrong validators",
    "at once": "more than one at once per host",
    "gap": "nearer than the gap of a host",
    "odd": "headers or methods that were not promised",
}

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(name="lively", count=3, every=5 * HOUR),
    Behaviour(name="weekly", every=7 * DAY),
    Behaviour(name="etag", count=2, gives=ETAG),
    Behaviour(name="modified", count=2, gives=MODIFIED),
    Behaviour(name="quiet", count=2, every=None),
    Behaviour(name="liar", count=2, is_liar=True),
    Behaviour(name="plain", count=2, gives=NOTHING),
    Behaviour(name="fickle", count=2, is_fickle=True, gives=ETAG, every=4 * DAY),
    Behaviour(name="fresh", count=2, headers=(("Cache-Control", "max-age=25200"), ("Age", "3600")), fresh_for=6 * HOUR),
    Behaviour(name="fresh-week", headers=(("Cache-Control", "public, max-age=604800"),), fresh_for=7 * DAY),
    Behaviour(name="expires", expires=8 * HOUR, fresh_for=8 * HOUR),
    Behaviour(name="no-cache", headers=(("Cache-Control", "no-cache, max-age=0"),)),
    Behaviour(name="ttl", hint="<ttl>720</ttl>", hinted=12 * HOUR),
    Behaviour(
        name="period",
        hint="<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>",
        hinted=DAY,
    ),
    Behaviour(
        name="hours",
        every=9 * HOUR,
        hint="<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour>3</hour></skipHours>",
        skip_hours=frozenset({0, 1, 2, 3}),
    ),
    Behaviour(
        name="days",
        every=9 * HOUR,
        hint="<skipDays><day>Saturday</day><day>Sunday</day></skipDays>",
        skip_days=frozenset({5, 6}),
    ),
    Behaviour(name="nonsense", hint="<ttl>0</ttl><skipHours><hour>99</hour></skipHours>"),
    Behaviour(name="steady", cadence=2 * HOUR),
    Behaviour(name="hasty", cadence=HOUR / 60, every=11 * HOUR),
    Behaviour(name="down", count=2, spell=Spell(first=5, last=9, status=500)),
    Behaviour(name="away", spell=Spell(first=5, last=9, status=503, retry_after=2 * DAY)),
    Behaviour(name="away-date", spell=Spell(first=3, last=6, status=503, retry_after=DAY, is_date=True)),
    Behaviour(name="away-long", spell=Spell(first=6, last=7, status=503, retry_after=90 * DAY)),
    Behaviour(name="missing", spell=Spell(first=8, last=12, status=404)),
    Behaviour(name="reset", spell=Spell(first=8, last=12, how="reset")),
    Behaviour(name="short", spell=Spell(first=8, last=12, how="short")),
    Behaviour(name="login", spell=Spell(first=8, last=12, how="page")),
    Behaviour(name="gone", spell=Spell(first=10, last=31, status=410)),
    Behaviour(name="limit", host="limit", count=3, spell=Spell(first=4, last=4.3, status=429, retry_after=7 * HOUR)),
    Behaviour(name="crowd", host="crowd", count=4, every=17 * HOUR),
    Behaviour(name="slow", slow=timedelta(seconds=20)),
    Behaviour(name="gzip", is_gzipped=True),
    Behaviour(name="delta", gives_deltas=True, every=7 * HOUR),
    Behaviour(name="moved", redirect=301),
    Behaviour(name="lent", redirect=302),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What the servers saw."""

    source_count: int
    days: float
    restart_count: int
    request_count: int
    counts: dict[str, int]
    faults: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]  # entries that were served whole and are not stored
    entry_count: int
    seconds: float

    @property
    def is_polite(self) -> bool:
        return not self.faults and not self.missed and self.counts.get("first") == self.source_count

    def __str__(self) -> str:
        said: Counter[str] = Counter(self.counts)
        lines = (
            f"{self.days:g} simulated days, {self.source_count} sources, {self.restart_count} restarts:",
            f"  requests: {self.request_count}, in {self.seconds:.0f} s",
            f"  unconditional requests: {said['first'] + self._number('unconditional')}",
            f"    apart: after a fortnight of 304s (P24) {said['fortnight']}, to servers that give no validators",
            f"    {said['nothing given']}, to addresses that only redirect {said['redirects']}",
            *(f"  {words}: {self._number(kind)}" for kind, words in FAULTS.items()),
            f"  conditional requests: {said['conditional']}, answered not modified {said['not modified']}",
            f"  deltas: {said['deltas']}, answers that failed: {said['failures']}",
            f"  entries kept: {self.entry_count}, served and missed {len(self.missed)}",
        )
        return "\n".join([*lines, *(f"  {kind}: {words}" for kind, words in self.faults[:20]), *self.missed[:20]])

    def _number(self, kind: str) -> int:
        return sum(each == kind for each, _ in self.faults)


def simulate(
    database_url: str, *, behaviours: Sequence[Behaviour] = BEHAVIOURS, days: float = 30, restart_count: int = 3
) -> Manners:
    """Poll the servers of `behaviours` for so many simulated days; the database is empty and migrated."""
    began, clock, ledger = time.monotonic(), SimulatedClock(START), Ledger()
    press = _press(behaviours, clock, ledger)
    by_path = {path: each for each in press for path in (each.path, each.front)}

    def answer(request: Recorded, connection: object) -> bytes | None:
        found = by_path.get(request.path)
        if found is None:
            ledger.fault("odd", f"asked for {request.path}")
            return http(404)
        return found.answer(request, connection)  # type: ignore[arg-type]

    with RecordingServer({"*": answer}, max_connections=100_000) as server:
        _add_sources(database_url, press, server, clock)
        for life in range(restart_count + 1):
            _live(database_url, clock, until=START + timedelta(days=days) * (life + 1) / (restart_count + 1))
        request_count = len(server.requests)
    kept = _kept(database_url)
    return Manners(
        source_count=len(press),
        days=days,
        restart_count=restart_count,
        request_count=request_count,
        counts=dict(ledger.counts),
        faults=tuple(ledger.faults),
        missed=tuple(sorted(set().union(*(each.served for each in press)) - kept)),
        entry_count=len(kept),
        seconds=time.monotonic() - began,
    )


def _press(behaviours: Sequence[Behaviour], clock: SimulatedClock, ledger: Ledger) -> list[Publication]:
    hosts: dict[str, Host] = {}
    made = []
    for behaviour in behaviours:
        for number in range(behaviour.count):
            name = f"{behaviour.name}-{number}"
            host = f"{behaviour.host or name}.localhost"
            hosts.setdefault(host, Host(host, clock, ledger))
            made.append(Publication(name, behaviour, hosts[host], clock, ledger, START))
    return made


def _add_sources(
    database_url: str, press: Sequence[Publication], server: RecordingServer, clock: SimulatedClock
) -> None:
    database = Database(database_url)
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("press"), name="Press")])
        for each in press:
            source = Source(
                id=SourceId(each.name),
                name=each.name,
                url=server.url(each.front, host=each.host.name),
                origin=Origin.PRESS,
                tier=Tier.SECONDARY,
                publisher=PublisherId("press"),
                cadence=each.behaviour.cadence,
            )
            sources.add_source(tx, source, now=clock.now())
    database.close()


def _live(database_url: str, clock: SimulatedClock, *, until: datetime) -> None:
    """One life of a daemon: rounds whenever something is due."""
    database = Database(database_url)
    with database.read() as tx:
        states = [polls.get_poll_state(tx, source.id) for source in sources.list_sources(tx)]
    due = {state.source: state.due_at for state in states if not state.is_gone}
    with (
        Workers(1) as workers,
        Fetcher(
            user_agent="Monitor/0 (+https://newsroom.example; desk@newsroom.example)",
            clock=clock,
            allow=[ip_network("127.0.0.0/8")],
        ) as fetcher,
    ):
        while (moment := min(due.values())) < until:
            clock.advance_to(moment)
            lines = poll(database, clock, fetcher, workers, owner="daemon").lines
            due |= {line.source: line.due_at for line in lines if line.due_at is not None}
            for line in lines:
                if line.outcome == "gone":
                    del due[line.source]
            clock.advance(TICK if lines else HOUR / 6)  # nothing was taken: a host is silent
    clock.advance_to(until)
    database.close()


def _kept(database_url: str) -> set[str]:
    database = Database(database_url)
    with database.read() as tx:
        kept = {
            stored.entry.title
            for source in sources.list_sources(tx)
            for stored in list_entries(tx, source=source.id, limit=10_000)
        }
    database.close()
    return kept


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--days", type=float, default=30)
    days = options.parse_args().days
    set_up_log(level="warning", form="text")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'monitor.db'}"
        database = Database(url)
        upgrade(database)
        database.close()
        manners = simulate(url, days=days)
    print(manners)
    sys.exit(0 if manners.is_polite else 1)


if __name__ == "__main__":
    main()
