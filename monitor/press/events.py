"""What happens in the simulated fortnight, and who publishes: YAML beside this module, read into frozen values.

Everything is invented. `events/*.yaml` holds hand-written core facts: a line per headline, lead, fact or quote, with
`{a|b}` for ways to say a thing and ` || ` between whole phrasings. `prose` turns them into articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PressSource:
    """One feed of an invented publisher."""

    id: str
    name: str
    path: str
    format: str  # rss20, rss10, atom10 or json11
    origin: str
    tier: str
    entry: str  # full, excerpt or headline: what a feed entry holds
    section: str | None = None  # blog, changelog or status, where a publisher has several feeds
    has_tracking: bool = False  # links carry utm_ parameters
    validators: str = "both"  # both, etag, date or none
    max_age: int | None = None  # seconds
    is_undated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PressPublisher:
    """An invented publisher at http://<id>.localhost."""

    id: str
    name: str
    kind: str
    place: str
    links: str  # the shape of its addresses: date, id, query, html, slug or section
    bylines: tuple[str, ...]
    language: str
    provider: str | None
    breaks: tuple[float, float, str] | None  # day from, day to, malformed or error
    sources: tuple[PressSource, ...]
    owner: str | None = None  # who stands behind it
    is_paywalled: bool = False  # its pages answer 403

    def source_of(self, section: str | None) -> PressSource:
        """The feed that carries `section`; the only one where there is but one."""
        return next(s for s in self.sources if s.section == section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who tells an event, when and how."""

    publisher: str
    section: str | None
    hours: float  # after the event
    role: str  # report, agency, copy, follow, status, statement, notice, research, probe, ledger or foreign; see echoes
    original: str | None = None  # whose text a copy reprints, a retelling retells or a sister paper rewrites
    credit: str = ""  # how a copy says whose words it prints; see echoes.CREDITS
    is_cut: bool = False  # a copy of a third of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of an article after it was published."""

    publisher: str
    hours: float  # after the event
    manner: str  # page (silent), guid (the feed entry changes too) or retract
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens in the fortnight; without codes it is news, but no incident."""

    id: str
    at_hours: float  # after the press's start
    codes: tuple[str, ...]
    providers: tuple[str, ...]
    kind: str
    place: str
    short: str  # a noun phrase by which others refer to it
    looks_like: str | None
    recalls: str | None
    texts: Mapping[str, tuple[str, ...]]  # heads, leads, facts, quotes, statement, notice, research, probe, status, de…
    assignments: tuple[Assignment, ...]
    changes: tuple[Change, ...]

    @property
    def is_incident(self) -> bool:
        return bool(self.codes)

    @property
    def hard_facts(self) -> tuple[str, ...]:
        return self.texts["facts"]


def lines(text: str) -> tuple[str, ...]:
    """The lines of a block that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@cache
def read_publishers() -> tuple[PressPublisher, ...]:
    """All invented publishers, in the order of the file."""
    return tuple(map(_publisher, _load(HERE / "publishers.yaml")))


@cache
def read_providers() -> tuple[Mapping[str, Any], ...]:
    """The invented providers: id, name, aliases."""
    return tuple(_load(HERE / "providers.yaml"))


@cache
def read_events() -> tuple[Event, ...]:
    """All events of the fortnight, in order of time."""
    found = [_event(raw) for path in sorted((HERE / "events").glob("*.yaml")) for raw in _load(path)]
    return tuple(sorted(found, key=lambda e: (e.at_hours, e.id)))


@cache
def read_bank(name: str) -> Mapping[str, Any]:
    """A bank of sentences: "banks" or "pieces"."""
    loaded: Mapping[str, Any] = _load(HERE / f"{name}.yaml")
    return loaded


def _publisher(raw: Mapping[str, Any]) -> PressPublisher:
    breaks = raw.get("breaks")
    first, last, how = breaks.split() if breaks else ("0", "0", "")
    return PressPublisher(
        id=raw["id"],
        name=raw["name"],
        kind=raw["kind"],
        place=raw.get("place", "Wexholm"),
        links=raw["links"],
        bylines=tuple(b.strip() for b in raw["bylines"].split(",")),
        language=raw.get("language", "en"),
        provider=raw.get("provider"),
        breaks=(float(first), float(last), how) if breaks else None,
        sources=tuple(_source(raw["id"], s) for s in raw["sources"]),
        owner=raw.get("owner"),
        is_paywalled=bool(raw.get("paywalled")),
    )


def _source(publisher: str, raw: Mapping[str, Any]) -> PressSource:
    plain = {k: v for k, v in raw.items() if k not in {"id", "tracking", "undated"}}
    return PressSource(
        id=raw.get("id", publisher),
        has_tracking=bool(raw.get("tracking")),
        is_undated=bool(raw.get("undated")),
        **plain,
    )


_PLAIN = frozenset({"id", "at", "codes", "providers", "kind", "place", "short", "looks_like", "recalls"})


def _event(raw: Mapping[str, Any]) -> Event:
    day, clock = str(raw["at"]).split()
    hour, minute = clock.split(":")
    texts = {k: lines(v) for k, v in raw.items() if k not in _PLAIN | {"tell", "changes"}}
    return Event(
        id=raw["id"],
        at_hours=int(day) * 24 + int(hour) + int(minute) / 60,
        codes=tuple(str(raw.get("codes", "")).split()),
        providers=tuple(p.strip() for p in raw["providers"].split(",")),
        kind=raw["kind"],
        place=raw["place"],
        short=raw["short"],
        looks_like=raw.get("looks_like"),
        recalls=raw.get("recalls"),
        texts={"quotes": (), **texts},
        assignments=tuple(map(_assignment, lines(raw["tell"]))),
        changes=tuple(map(_change, lines(raw.get("changes", "")))),
    )


def _assignment(line: str) -> Assignment:
    who, hours, *rest = line.split()
    publisher, _, section = who.partition(":")
    return Assignment(
        publisher=publisher,
        section=section or None,
        hours=float(hours),
        role=rest[0] if rest else "report",
        original=rest[1] if len(rest) > 1 else None,
    )


def _change(line: str) -> Change:
    head, text = line.split(" :: ", 1)
    publisher, hours, manner = head.split()
    return Change(publisher=publisher, hours=float(hours), manner=manner, text=text)
