"""The whole fortnight, composed: every article with its versions, deterministic from a seed.

Pure: no clock, no socket. `truth` says what each article tells; `server` shows what is out at a given instant.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from zlib import crc32

from monitor.press import prose
from monitor.press.events import (
    Assignment,
    Change,
    Event,
    PressPublisher,
    PressSource,
    read_bank,
    read_events,
    read_providers,
    read_publishers,
)
from monitor.press.prose import Text, Voice

FORTNIGHT = timedelta(days=14)
PIECES = 100  # AI news that stands alone
ATTEMPTS = 4  # of an independent telling; the one least like the others is printed
_FREE = frozenset({"report", "agency", "follow", "research", "statement"})
_PIECE_HOMES = {
    "hire": ("aldermark-business", "velmora:blog", "kestrane:blog", "quorvex:blog", "machine-ledger"),
    "opinion": ("undertow-weekly", "orrin-tribune", "wexholm-courier", "tarnow-bay-herald", "nullandsons"),
    "howto": ("stackwren", "nullandsons", "undertow-weekly", "machine-ledger"),
    "smallmoney": ("aldermark-business", "stackwren", "machine-ledger"),
    "event": ("brindlemere-gazette", "eskerton-post", "port-calder-echo", "radio-halvor", "orrin-tribune"),
    "study": ("wexholm-courier", "radio-halvor", "tallow-hill", "ward-round"),
    "release": ("velmora:changelog", "kestrane:changelog", "brightmere:changelog", "lumenquay:changelog"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article's page says from `at` on."""

    at: datetime
    text: Text
    is_silent: bool = False  # the page changes, the feed does not
    is_retraction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One article of the simulated press."""

    key: str  # unique: publisher/path
    publisher: PressPublisher
    source: PressSource
    path: str
    role: str  # see Assignment; also piece, roundup
    event: str | None  # None: tells no event, or several
    copy_of: str | None  # key of the article whose text it reprints
    byline: str
    versions: tuple[Version, ...]  # oldest first

    @property
    def published_at(self) -> datetime:
        return self.versions[0].at

    def page(self, now: datetime) -> Version:
        """What the page says at `now`."""
        return [v for v in self.versions if v.at <= now][-1]

    def in_feed(self, now: datetime) -> Version:
        """What the feed entry says at `now`: silent changes do not reach it."""
        return [v for v in self.versions if v.at <= now and not v.is_silent][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """An aggregator's entry: a pointer to somebody else's article."""

    at: datetime
    title: str
    target: str  # key of a Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that the simulated press will ever publish."""

    start: datetime
    seed: int
    events: tuple[Event, ...]
    tellings: tuple[Telling, ...]  # by time of publication
    relays: tuple[Relay, ...]


@cache
def compose(*, seed: int, start: datetime) -> Edition:
    """The fortnight from `start` (aware) on."""
    events = read_events()
    made: list[Telling] = []
    for event in events:
        made += _tell_all(event, seed=seed, start=start)
    made += _pieces(seed=seed, start=start)
    made += _roundups(events, seed=seed, start=start)
    ordered = tuple(_distinct(sorted(made, key=lambda t: (t.published_at, t.key))))
    relays = tuple(_relays(ordered, seed=seed, start=start))
    return Edition(start=start, seed=seed, events=events, tellings=ordered, relays=relays)


def _tell_all(event: Event, *, seed: int, start: datetime) -> list[Telling]:
    publishers = {p.id: p for p in read_publishers()}
    by_id = {e.id: e for e in read_events()}
    done: list[Telling] = []
    turn = -1
    told: list[Text] = []  # the independent ones, as far as they go
    written: dict[str, Text] = {}  # by publisher: before weekdays are moved
    for number, assignment in enumerate(event.assignments):
        publisher = publishers[assignment.publisher]
        at = start + timedelta(hours=event.at_hours + assignment.hours)
        rng = random.Random(f"{seed}/{event.id}/{number}")  # noqa: S311 - invented news, not secrets
        turn += assignment.role != "copy"
        slots = _slots(event, publisher, at - timedelta(days=start.weekday() - prose.WRITTEN_FOR), by_id)
        original = next((t for t in done if t.publisher.id == assignment.original), None)
        if assignment.role == "status":
            versions = _status(event, start)
        else:
            if original:
                voice = Voice(turn=number, rng=rng, slots=slots)
                text = prose.reprint(written[original.publisher.id], event, publisher, voice)
            else:
                attempts = [
                    prose.tell(event, assignment, publisher, Voice(turn=turn + n * 5, rng=rng, slots=slots))
                    for n in range(ATTEMPTS if assignment.role in _FREE else 1)
                ]
                text = prose.least_alike(attempts, told)
                told.append(text)
            written.setdefault(publisher.id, text)
            versions = (Version(at=at, text=_on_the_day(text, start, publisher.language)),)
        versions += tuple(_changed(event, assignment, versions, start))
        byline = rng.choice(publisher.bylines)
        done.append(_telling(publisher, assignment, event.id, versions, byline, original))
    return done


def _slots(event: Event, publisher: PressPublisher, at: datetime, by_id: Mapping[str, Event]) -> dict[str, str]:
    names = {str(p["id"]): str(p["name"]) for p in read_providers()}
    slots = {
        "provider": names[event.providers[0]],
        "place": publisher.place if publisher.kind == "newspaper" else event.place,
        "paper": publisher.name,
        "weekday": at.strftime("%A"),
        "short": event.short,
    }
    if event.recalls:
        slots["recall"] = by_id[event.recalls].short
    return slots


def _on_the_day(text: Text, start: datetime, language: str) -> Text:
    def shifted(words: str) -> str:
        return prose.shift_weekdays(words, begins_on=start.weekday(), language=language)

    return Text(title=shifted(text.title), paragraphs=tuple(map(shifted, text.paragraphs)))


def _status(event: Event, start: datetime) -> tuple[Version, ...]:
    """A statuspage incident: each update goes on top of the same page."""
    versions: list[Version] = []
    shown: tuple[str, ...] = ()
    title = ""
    for line in event.texts["status"]:
        head, words = line.split(" :: ")
        hours, phase = head.split()
        at = start + timedelta(hours=event.at_hours + float(hours))
        title = title or words.partition(". ")[0].rstrip(".")[:90]
        shown = (f"{phase} - {words} ({at:%d %b, %H:%M} UTC)", *shown)
        versions.append(Version(at=at, text=_on_the_day(Text(title=title, paragraphs=shown), start, "en")))
    return tuple(versions)


def _changed(event: Event, assignment: Assignment, versions: Sequence[Version], start: datetime) -> Iterator[Version]:
    for change in event.changes:
        if change.publisher != assignment.publisher:
            continue
        before = versions[-1].text
        at = start + timedelta(hours=event.at_hours + change.hours)
        yield Version(
            at=at,
            text=_on_the_day(_edit(before, change), start, "en"),
            is_silent=change.manner == "page",
            is_retraction=change.manner == "retract",
        )


def _edit(before: Text, change: Change) -> Text:
    if change.manner == "retract":
        return Text(title=f"Retracted: {before.title}", paragraphs=(change.text,))
    return replace(before, paragraphs=(*before.paragraphs[:-1], before.paragraphs[-1], change.text))


def _telling(
    publisher: PressPublisher,
    assignment: Assignment,
    event: str | None,
    versions: tuple[Version, ...],
    byline: str,
    original: Telling | None = None,
) -> Telling:
    salt = f"{publisher.id}/{event}/{assignment.role}/{versions[0].at.isoformat()}/{versions[0].text.title}"
    path = _path(publisher, assignment.section, versions[0], crc32(salt.encode()))
    return Telling(
        key=f"{publisher.id}{path}",
        publisher=publisher,
        source=publisher.source_of(assignment.section),
        path=path,
        role=assignment.role,
        event=event,
        copy_of=original.key if original else None,
        byline=byline,
        versions=versions,
    )


def slug(title: str) -> str:
    """A headline as it stands in an address."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:9])


def _path(publisher: PressPublisher, section: str | None, first: Version, number: int) -> str:
    name = slug(first.text.title)
    match publisher.links:
        case "date":
            return f"/{first.at:%Y/%m/%d}/{name}/"
        case "id":
            return f"/news/{number % 10**7}-{name}"
        case "query":
            return f"/?p={number % 10**6}"
        case "html":
            return f"/articles/{name}-{number % 10**4}.html"
        case "section":
            return f"/status/incidents/{number:08x}" if section == "status" else f"/{section}/{name}"
        case _:
            return f"/{name}"


def _distinct(tellings: Sequence[Telling]) -> Iterator[Telling]:
    """The same, with no two at one address; copies follow their original's new key."""
    taken: set[str] = set()
    for telling in tellings:
        path, number = telling.path, 2
        while f"{telling.publisher.id}{path}" in taken:
            path = f"{telling.path.rstrip('/')}-{number}"
            number += 1
        key = f"{telling.publisher.id}{path}"
        taken.add(key)
        yield replace(telling, path=path, key=key)


def _pieces(*, seed: int, start: datetime) -> Iterator[Telling]:
    publishers = {p.id: p for p in read_publishers()}
    kinds = sorted(read_bank("pieces")["types"])
    products = {p["id"]: p["aliases"][0] for p in read_providers()}
    told: dict[str, list[Text]] = {kind: [] for kind in kinds}
    for number in range(PIECES):
        rng = random.Random(f"{seed}/piece/{number}")  # noqa: S311
        kind = kinds[number % len(kinds)]
        home, _, section = rng.choice(_PIECE_HOMES[kind]).partition(":")
        publisher = publishers[home]
        slots = prose.piece_slots(number, rng) | {"paper": publisher.name}
        if publisher.provider:  # a provider writes about itself
            slots["provider"] = publisher.name
            slots["product"] = str(products[publisher.provider])
        attempts = [prose.tell_piece(kind, Voice(turn=number + n, rng=rng, slots=slots)) for n in range(ATTEMPTS)]
        text = prose.least_alike(attempts, told[kind])
        told[kind].append(text)
        at = start + FORTNIGHT * (number / PIECES) + timedelta(minutes=rng.randrange(240))
        assignment = Assignment(publisher=home, section=section or None, hours=0, role="piece")
        yield _telling(publisher, assignment, None, (Version(at=at, text=text),), rng.choice(publisher.bylines))


def _roundups(events: Sequence[Event], *, seed: int, start: datetime) -> Iterator[Telling]:
    publishers = {p.id: p for p in read_publishers()}
    for number, (home, day) in enumerate(
        (("stackwren", 6.7), ("undertow-weekly", 7.3), ("nullandsons", 6.9), ("stackwren", 13.6), ("nullandsons", 13.8))
    ):
        rng = random.Random(f"{seed}/roundup/{number}")  # noqa: S311
        recent = [e for e in events if 24 * (day - 7) <= e.at_hours < 24 * (day - 0.5)]
        voice = Voice(turn=number + 3, rng=rng, slots={"provider": "The company"})
        text = _on_the_day(prose.tell_roundup(rng.sample(recent, 6), voice), start, "en")
        at = start + timedelta(days=day)
        assignment = Assignment(publisher=home, section=None, hours=0, role="roundup")
        publisher = publishers[home]
        yield _telling(publisher, assignment, None, (Version(at=at, text=text),), rng.choice(publisher.bylines))


def _relays(tellings: Sequence[Telling], *, seed: int, start: datetime) -> Iterator[Relay]:
    """The aggregator points at a handful of the day before, under the same headlines."""
    for day in range(1, 14):
        at = start + timedelta(days=day, hours=6)
        rng = random.Random(f"{seed}/relay/{day}")  # noqa: S311
        recent = [t for t in tellings if at - timedelta(days=1) <= t.published_at < at and t.source.section is None]
        for number, telling in enumerate(rng.sample(recent, min(6, len(recent)))):
            yield Relay(at=at + timedelta(minutes=number), title=telling.versions[0].text.title, target=telling.key)
