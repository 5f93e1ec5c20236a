"""What becomes of a story once it is out, as real news shows it: more copies, retellings, rewrites, bare headlines.

The events' own lists say who tells them first. From a seed, others follow: papers that print the agency days later or
a third of it, a German paper that translates it, a paper that only retells what another found out, a sister paper that
rewrites it in the house's second colour, a paper behind a wall of which one sees the headline alone, and one whose feed
carries no dates. Pure and deterministic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.press.events import Assignment, Event, PressPublisher

# How a copy says whose words it prints: where the place stands, as its author, in a line at the foot, in its feed
# (dc:source), in its markup (rel=syndication), or not at all.
CREDITS = ("dateline", "dateline", "dateline", "byline", "byline", "foot", "dc-source", "syndication", "")
CUT = 0.2  # share of the copies of which a third is left
RETOLD, RETOLD_TWICE = 0.45, 0.3
REWRITTEN = 0.5
BARE = 0.4
UNDATED = 0.35
TRANSLATED = 0.75
LAST_HOUR = 13.9 * 24  # of the fortnight
LATE = 0.35  # agency stories that somebody prints days later
PAYWALLED, UNDATED_PAPER = "capital-dispatch", "lantern-observer"
TRANSLATOR, GERMAN_PAPER = "nordlicht-kurier", "steinhallener-bote"
RETELLERS = ("undertow-weekly", "machine-ledger", "orrin-tribune", "tarnow-bay-herald", "aldermark-business")


def with_echoes(event: Event, publishers: Sequence[PressPublisher], *, seed: int) -> tuple[Assignment, ...]:
    """The event's assignments, copies with their manners, and what follows from them."""
    rng = random.Random(f"{seed}/{event.id}/echoes")  # noqa: S311 - invented news, not secrets
    told = [_mannered(a, rng) for a in event.assignments]
    busy = {a.publisher for a in told}
    if not any(c.manner == "retract" for c in event.changes):  # nobody passes on what turns out to be wrong
        told += [a for a in _echoes(event, told, busy, publishers, rng) if event.at_hours + a.hours < LAST_HOUR]
    agency = next((a for a in told if a.role == "agency"), None)
    if agency is not None and any(a.role == "translated" for a in told):
        told = [_taken_over(a, agency) for a in told]
    return tuple(told)


def _taken_over(assignment: Assignment, agency: Assignment) -> Assignment:
    """Where one German paper prints the agency's German service, so does the other."""
    if assignment.publisher != GERMAN_PAPER or assignment.hours <= agency.hours:
        return assignment
    return replace(assignment, role="translated", original=agency.publisher, credit="dateline")


def _mannered(assignment: Assignment, rng: random.Random) -> Assignment:
    if assignment.role != "copy":
        return assignment
    return replace(assignment, credit=rng.choice(CREDITS), is_cut=rng.random() < CUT)


def _echoes(
    event: Event, told: Sequence[Assignment], busy: set[str], publishers: Sequence[PressPublisher], rng: random.Random
) -> Iterator[Assignment]:
    by_id = {p.id: p for p in publishers}
    agency = next((a for a in told if a.role == "agency"), None)
    reports = [a for a in told if a.role == "report" and by_id[a.publisher].language == "en"]
    papers = [p.id for p in publishers if p.kind == "newspaper" and p.language == "en" and p.id != UNDATED_PAPER]
    if agency is not None and rng.random() < LATE and (free := [p for p in papers if p not in busy]):
        yield _mannered(_takes(rng.choice(free), agency, rng.uniform(20, 60), "copy", busy), rng)
    if agency is not None and TRANSLATOR not in busy and "de" in event.texts and rng.random() < TRANSLATED:
        taken = _takes(TRANSLATOR, agency, rng.uniform(3, 20), "translated", busy)
        yield replace(taken, credit="dateline")
    if reports and rng.random() < RETOLD:
        yield from _retellings(reports[0], busy, rng)
    for report in reports:
        yield from _rewrites(report, by_id, busy, rng)
    first = reports[0] if reports else told[0]
    if UNDATED_PAPER not in busy and rng.random() < UNDATED:
        yield replace(_takes(UNDATED_PAPER, first, rng.uniform(1, 9), "report", busy), original=None)
    if PAYWALLED not in busy and rng.random() < BARE:
        yield replace(_takes(PAYWALLED, first, rng.uniform(1, 10), "bare", busy), original=None)


def _retellings(report: Assignment, busy: set[str], rng: random.Random) -> Iterator[Assignment]:
    for chance in (1.0, RETOLD_TWICE):
        free = [p for p in RETELLERS if p not in busy]
        if free and rng.random() < chance:
            yield _takes(rng.choice(free), report, rng.uniform(1, 12), "derived", busy)


def _rewrites(
    report: Assignment, by_id: dict[str, PressPublisher], busy: set[str], rng: random.Random
) -> Iterator[Assignment]:
    owner = by_id[report.publisher].owner
    sisters = [p.id for p in by_id.values() if owner and p.owner == owner and p.id not in busy]
    if sisters and rng.random() < REWRITTEN:
        yield _takes(sisters[0], report, rng.uniform(1, 9), "rewrite", busy)


def _takes(publisher: str, source: Assignment, hours: float, role: str, busy: set[str]) -> Assignment:
    busy.add(publisher)
    return Assignment(
        publisher=publisher,
        section=None,
        hours=round(source.hours + hours, 2),
        role=role,
        original=source.publisher,
    )
