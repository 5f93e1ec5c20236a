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
from monitor.press.echoes import with_echoes
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
ATTEMPTS = 6  # of an independent telling; the one least like the others is printed
_FREE = frozenset({"report", "agency", "follow", "research", "statement"})
_RETOLD = frozenset({"derived", "rewrite"})
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
    role: str  # see Assignment; also piece, roundup, live
    event: str | None  # None: tells no event, or several
    copy_of: str | None  # key of the article whose text it reprints
    byline: str
    versions: tuple[Version, ...]  # oldest first
    derived_from: str | None = None  # key of the article that it only retells
    mentions: tuple[str, ...] = ()  # events that it names among others
    credit: str = ""  # how it says whose words it prints
    credited: str = ""  # to whom

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
    form: str = "plain"  # plain, amp or mobile: under which of its addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Revival:
    """A publisher's own feed shows an old item again, as if it were new."""

    at: datetime
    target: str  # key of a Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All that the simulated press will ever publish."""

    start: datetime
    seed: int
    events: tuple[Event, ...]
    tellings: tuple[Telling, ...]  # by time of publication
    relays: tuple[Relay, ...]
    revivals: tuple[Revival, ...] = ()


@cache
def compose(*, seed: int, start: datetime) -> Edition:
    """The fortnight from `start` (aware) on."""
    events = read_events()
    made: list[Telling] = []
    for event in events:
        made += _tell_all(event, seed=seed, start=start)
    made += _pieces(seed=seed, start=start)
    made += _roundups(events, seed=seed, start=start)
    made += _lives(events, seed=seed, start=start)
    made += _reruns(seed=seed, start=start)
    ordered = tuple(_distinct(sorted(made, key=lambda t: (t.published_at, t.key))))
    relays = tuple(_relays(ordered, seed=seed, start=start))
    revivals = tuple(_revivals(ordered, seed=seed, start=start))
    return Edition(start=start, seed=seed, events=events, tellings=ordered, relays=relays, revivals=revivals)


def _tell_all(event: Event, *, seed: int, start: datetime) -> list[Telling]:
    publishers = {p.id: p for p in read_publishers()}
    by_id = {e.id: e for e in read_events()}
    done: list[Telling] = []
    turn = -1
    told: list[Text] = []  # the independent ones, as far as they go
    written: dict[str, Text] = {}  # by publisher: before weekdays are moved
    for number, assignment in enumerate(with_echoes(event, read_publishers(), seed=seed)):
        publisher = publishers[assignment.publisher]
        at = start + timedelta(hours=event.at_hours + assignment.hours)
        rng = random.Random(f"{seed}/{event.id}/{number}")  # noqa: S311 - invented news, not secrets
        turn += assignment.role not in {"copy", "translated"}
        slots = _slots(event, publisher, at - timedelta(days=start.weekday() - prose.WRITTEN_FOR), by_id)
        original = next((t for t in done if t.publisher.id == assignment.original), None)
        if assignment.role == "status":
            versions = _status(event, start)
        else:
            if assignment.role == "bare":
                taken = {t.title for t in written.values()}
                text = prose.bare(event, taken, Voice(turn=turn, rng=rng, slots=slots))
            elif original is not None:
                voices = [Voice(turn=turn + n * 3, rng=rng, slots=slots) for n in range(1, 10)]
                voices = voices if assignment.role in _RETOLD else [Voice(turn=number, rng=rng, slots=slots)]
                tries = [_second_hand(assignment, event, original, written, voice) for voice in voices]
                text = prose.least_alike(tries, told)
                if assignment.role in _RETOLD:
                    told.append(text)
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
        if assignment.credit == "byline" and original is not None:
            byline = rng.choice((original.publisher.name, f"{byline} and {original.publisher.name}"))
        done.append(_telling(publisher, assignment, event.id, versions, byline, original))
    return done


def _second_hand(
    assignment: Assignment, event: Event, original: Telling, written: Mapping[str, Text], voice: Voice
) -> Text:
    """What a publisher makes of another's article."""
    publisher = next(p for p in read_publishers() if p.id == assignment.publisher)
    theirs = written[original.publisher.id]
    match assignment.role:
        case "derived":
            return prose.retell(event, original.publisher.name, voice)
        case "rewrite":
            return prose.rewrite(theirs, event, publisher, voice)
        case "translated":
            text = prose.tell(event, assignment, publisher, voice)
            return prose.translated(text, original.publisher.name, event.place)
        case _:
            return prose.reprint(theirs, event, publisher, voice, agency=original.publisher.name, assignment=assignment)


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
        copy_of=original.key if original and assignment.role in {"copy", "translated"} else None,
        byline=byline,
        versions=versions,
        derived_from=original.key if original and assignment.role == "derived" else None,
        credit=assignment.credit,
        credited=original.publisher.name if original and assignment.credit else "",
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
        told = rng.sample(recent, 6)
        text = _on_the_day(prose.tell_roundup(told, voice), start, "en")
        at = start + timedelta(days=day)
        assignment = Assignment(publisher=home, section=None, hours=0, role="roundup")
        publisher = publishers[home]
        made = _telling(publisher, assignment, None, (Version(at=at, text=text),), rng.choice(publisher.bylines))
        yield replace(made, mentions=tuple(e.id for e in told))


def _lives(events: Sequence[Event], *, seed: int, start: datetime) -> Iterator[Telling]:
    """Live blogs: pages that grow through a day and name much of what happens."""
    publishers = {p.id: p for p in read_publishers()}
    for number, (home, day) in enumerate((("undertow-weekly", 2.7), ("machine-ledger", 6.7), ("radio-halvor", 10.7))):
        rng = random.Random(f"{seed}/live/{number}")  # noqa: S311
        recent = [e for e in events if 24 * (day - 1.2) <= e.at_hours < 24 * (day - 0.1)][-5:]
        publisher = publishers[home]
        versions = []
        for shown in range(3, len(recent) + 1):
            same = random.Random(f"{seed}/live/{number}")  # noqa: S311
            voice = Voice(turn=number + 5, rng=same, slots={"provider": "The company"})
            text = prose.tell_live(recent[:shown][::-1], publisher.place, voice)
            at = start + timedelta(days=day, hours=shown - 3)
            versions.append(Version(at=at, text=_on_the_day(text, start, "en")))
        assignment = Assignment(publisher=home, section=None, hours=0, role="live")
        made = _telling(publisher, assignment, None, tuple(versions), rng.choice(publisher.bylines))
        yield replace(made, mentions=tuple(e.id for e in recent))


def _reruns(*, seed: int, start: datetime) -> Iterator[Telling]:
    """Pieces of some months ago that are printed again: by the same paper, and by another."""
    publishers = {p.id: p for p in read_publishers()}
    for number, (first, again, days_ago, day) in enumerate(
        (("wexholm-courier", "wexholm-courier", 75, 4.2), ("undertow-weekly", "orrin-tribune", 48, 9.3))
    ):
        rng = random.Random(f"{seed}/rerun/{number}")  # noqa: S311
        slots = prose.piece_slots(3 + number * 5, rng) | {"paper": publishers[first].name}
        text = prose.tell_piece("opinion", Voice(turn=number + 2, rng=rng, slots=slots))
        byline = rng.choice(publishers[first].bylines)
        then, now = start - timedelta(days=days_ago), start + timedelta(days=day)
        old = Assignment(publisher=first, section=None, hours=0, role="piece")
        original = _telling(publishers[first], old, None, (Version(at=then, text=text),), byline)
        yield original
        new = Assignment(publisher=again, section=None, hours=0, role="copy")
        yield _telling(publishers[again], new, None, (Version(at=now, text=text),), byline, original)


def _revivals(tellings: Sequence[Telling], *, seed: int, start: datetime) -> Iterator[Revival]:
    """Every other day somebody's feed brings an item of days ago once more, with a new date and guid."""
    for day in range(5, 14, 2):
        rng = random.Random(f"{seed}/revival/{day}")  # noqa: S311
        at = start + timedelta(days=day, hours=9)
        old = [
            t for t in tellings
            if at - timedelta(days=5) <= t.published_at < at - timedelta(days=2)
            and t.role == "report" and not t.publisher.is_paywalled and not t.source.is_undated
        ]  # fmt: skip
        yield Revival(at=at, target=rng.choice(old).key)


def _relays(tellings: Sequence[Telling], *, seed: int, start: datetime) -> Iterator[Relay]:
    """The aggregator points at a handful of the day before, under the same headlines."""
    for day in range(1, 14):
        at = start + timedelta(days=day, hours=6)
        rng = random.Random(f"{seed}/relay/{day}")  # noqa: S311
        recent = [t for t in tellings if at - timedelta(days=1) <= t.published_at < at and t.source.section is None]
        for number, telling in enumerate(rng.sample(recent, min(6, len(recent)))):
            form = rng.choice(("plain", "plain", "amp", "mobile")) if "?" not in telling.path else "plain"
            yield Relay(
                at=at + timedelta(minutes=number),
                title=telling.versions[0].text.title,
                target=telling.key,
                form=form,
            )
