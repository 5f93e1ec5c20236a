"""A simulated month of polling, every request judged by the servers that got it (P27).

The full form, fifty sources for thirty days, is `make manners`; here there are fewer, for as long as the longest rule
lasts. What judges is itself put to the test below.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.manners import BEHAVIOURS, START, simulate
from benchmarks.manners_servers import DAY, HOUR, Behaviour, Host, Ledger, Publication, SimulatedClock, Spell
from tests.net.servers import Recorded

HERE = {"etag", "modified", "liar", "plain", "hours", "away", "down", "short", "limit", "moved", "delta", "gone"}
POLITE = (
    ("Host", "h"),
    ("User-Agent", "Monitor/1"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)


def test_a_month_of_polls_is_polite_p27(sqlite_url: str) -> None:
    behaviours = [replace(each, count=2 if each.host else 1) for each in BEHAVIOURS if each.name in HERE]
    manners = simulate(sqlite_url, behaviours=behaviours, days=15.5, restart_count=3)
    assert manners.is_polite, manners
    assert manners.counts["first"] == manners.source_count == sum(each.count for each in behaviours)
    assert manners.counts["fortnight"] == 1  # the one that always says "not modified"
    assert manners.counts["not modified"] > 50
    assert manners.entry_count > 50


def test_the_month_of_the_command_has_fifty_sources_p27() -> None:
    assert sum(each.count for each in BEHAVIOURS) == 50
    assert len({each.name for each in BEHAVIOURS}) == len(BEHAVIOURS)


# --- the judge ------------------------------------------------------------------------------------------------------


class Stand:
    """One publication, and a newsroom without manners."""

    def __init__(self, **behaviour: object) -> None:
        self.clock, self.ledger = SimulatedClock(START), Ledger()
        how = Behaviour(name="paper", **behaviour)  # type: ignore[arg-type]
        self.publication = Publication("paper", how, Host("h", self.clock, self.ledger), self.clock, self.ledger, START)

    def ask(self, *headers: tuple[str, str], after: timedelta = DAY, method: str = "GET") -> bytes:
        self.clock.advance(after)
        request = Recorded(method=method, path="/paper", headers=(*POLITE, *headers), began=0.0)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            return self.publication.answer(request, ours) or b""

    def ask_well(self, after: timedelta = DAY) -> bytes:
        names = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
        return self.ask(*((names[key], value) for key, value in self.publication.given.items()), after=after)

    @property
    def faults(self) -> set[str]:
        return {kind for kind, _ in self.ledger.faults}


SINS: dict[str, Callable[[Stand], object]] = {
    "unconditional": lambda stand: stand.ask(),
    "too early": lambda stand: stand.ask_well(after=HOUR / 2),
    "wrong": lambda stand: stand.ask(("If-None-Match", '"made up"')),
    "gap": lambda stand: stand.ask_well(after=timedelta(seconds=1)),
    "odd": lambda stand: stand.ask(("Cookie", "a=b")),
}


@pytest.mark.parametrize("kind", SINS)
def test_the_judge_sees_what_is_not_polite_p27(kind: str) -> None:
    stand = Stand()
    stand.ask()
    stand.ask_well()
    assert stand.faults == set()
    SINS[kind](stand)
    assert kind in stand.faults


@pytest.mark.parametrize(
    "behaviour",
    [
        {"spell": Spell(first=1, last=9, status=503, retry_after=2 * DAY)},
        {"spell": Spell(first=1, last=9, status=429, retry_after=2 * DAY)},
        {"spell": Spell(first=1, last=9, status=410)},
        {"fresh_for": DAY + HOUR},
        {"hinted": DAY},
        {"skip_days": frozenset(range(7))},
    ],
    ids=["Retry-After", "429", "410", "max-age", "ttl", "skipDays"],
)
def test_the_judge_knows_what_the_servers_said_p27(behaviour: dict[str, object]) -> None:
    stand = Stand(**behaviour)
    stand.ask_well()
    stand.ask_well(after=DAY)
    stand.ask_well(after=DAY - HOUR)
    assert stand.faults == {"too early"}


def test_the_judge_allows_one_full_question_a_fortnight_p24() -> None:
    stand = Stand(is_liar=True)
    stand.ask()
    for _ in range(13):
        stand.ask_well()
    stand.ask()
    assert stand.faults == set()
    stand.ask()
    assert stand.faults == {"unconditional"}


def test_validators_of_a_bad_answer_are_not_expected_back_p4() -> None:
    stand = Stand(spell=Spell(first=1, last=3, how="short"))
    stand.ask(after=timedelta())
    stand.ask_well()
    stand.ask_well(after=5 * DAY)
    assert stand.faults == set()


def test_the_judge_sees_two_at_once_on_a_host_p12() -> None:
    stand = Stand()
    with stand.publication.host.turn(), stand.publication.host.turn():
        pass
    assert "at once" in stand.faults
