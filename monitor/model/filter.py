"""A part of the queue: what an editor looks at, as it stands in an address, is saved under a name, and alerts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from monitor.model.source import Origin, Tier

Order = Literal["urgent", "newest"]
DEEPEST = 10_000  # lines that can be paged through: who wants more needs a narrower filter
_LONGEST_TEXT = 200
_MOST_VALUES = 20
_AGE = re.compile(r"(over-)?([1-9][0-9]{0,3})h")


class QueueState(StrEnum):
    """Where a candidate stands in an editor's day; each is a filter, and a candidate stands in one of them."""

    NEW = "new"  # waits, and nobody has it
    CLAIMED = "claimed"  # waits, and somebody is at it
    SNOOZED = "snoozed"  # sleeps until a time
    AWAITING = "awaiting"  # sleeps until a second source tells it
    GROWING = "growing"  # published, and coverage has come since that no editor has looked at
    DECIDED = "decided"  # accepted or rejected


STATE_NAMES = {
    QueueState.NEW: "new",
    QueueState.CLAIMED: "claimed",
    QueueState.SNOOZED: "snoozed",
    QueueState.AWAITING: "waiting for a second source",
    QueueState.GROWING: "growing after publication",
    QueueState.DECIDED: "decided",
}


class AlertTo(StrEnum):
    """Who is told when a candidate newly matches a saved filter."""

    NOBODY = "nobody"
    ME = "me"  # the addresses of its owner
    NEWSROOM = "newsroom"  # the addresses of MONITOR_ALERTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What part of the queue is on screen, and in which order. Nothing set: all that waits, the most urgent first."""

    order: Order = "urgent"
    text: str = ""
    is_mine: bool = False  # only what the editor has claimed
    states: tuple[QueueState, ...] = ()  # any of them; none: what waits, new and claimed
    providers: tuple[str, ...] = ()  # any of them, by id
    origins: tuple[Origin, ...] = ()  # any of them
    tiers: tuple[Tier, ...] = ()  # any of them
    age: str = ""  # "24h": opened within a day; "over-24h": before that
    sources: int = 0  # at least so many independent ones
    offset: int = 0

    def query(self, **changes: object) -> str:
        """As the query of an address, "" where nothing differs from the plain queue."""
        values: dict[str, object] = {
            "order": "" if self.order == "urgent" else self.order,
            "text": self.text,
            "mine": "1" if self.is_mine else "",
            "state": self.states,
            "provider": self.providers,
            "origin": self.origins,
            "tier": self.tiers,
            "age": self.age,
            "sources": self.sources or "",
            "offset": self.offset or "",
        }
        values |= {k: "" if (k, v) == ("order", "urgent") else v for k, v in changes.items()}
        listed = {k: v if isinstance(v, tuple) else (v,) for k, v in values.items()}
        kept = [(k, str(v)) for k, several in listed.items() for v in several if v]
        return f"?{urlencode(kept)}" if kept else ""

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """As the hidden fields of a form that sets the others."""
        return [(k, v) for k, v in parse_qsl(self.query().removeprefix("?")) if k not in without]

    def chips(self, states: Mapping[Any, str], providers: Mapping[str, str]) -> list[tuple[str, str]]:
        """What it narrows by, in words, each with the query that does not."""
        found: list[tuple[str, str]] = []
        for kind, values, words in (
            ("state", self.states, states),
            ("provider", self.providers, providers),
            ("origin", self.origins, {}),
            ("tier", self.tiers, {}),
        ):
            for value in values:
                rest = tuple(v for v in values if v != value)
                found.append((words.get(value, str(value)), self.query(**{kind: rest, "offset": ""})))
        if self.is_mine:
            found.append(("mine", self.query(mine="", offset="")))
        if self.age:
            hours = self.age.removeprefix("over-").removesuffix("h")
            span = f"{hours} h" if int(hours) % 24 else f"{int(hours) // 24} d"
            words_of_age = f"older than {span}" if self.age.startswith("over-") else f"within {span}"
            found.append((words_of_age, self.query(age="", offset="")))
        if self.sources > 1:
            found.append((f"{self.sources} sources or more", self.query(sources="", offset="")))
        if self.text:
            found.append((f"“{self.text}”", self.query(text="", offset="")))
        return found

    @property
    def is_plain(self) -> bool:
        """Whether it shows all that waits, in whatever order and from whatever line."""
        return replace(self, order="urgent", offset=0) == Filter()

    def opened_from(self, now: datetime) -> datetime | None:
        """The earliest time of opening that matches."""
        found = _AGE.fullmatch(self.age)
        return now - timedelta(hours=int(found[2])) if found and not found[1] else None

    def opened_before(self, now: datetime) -> datetime | None:
        """The time of opening before which one matches."""
        found = _AGE.fullmatch(self.age)
        return now - timedelta(hours=int(found[2])) if found and found[1] else None


def filter_of(query: str | Iterable[tuple[str, str]]) -> Filter:
    """The filter that a query of an address means; what it cannot mean is left out, so that an old address still works.

    Text is bounded and free of NUL and lone surrogates, so that both databases can look for it.
    """
    pairs = parse_qsl(query.removeprefix("?"), max_num_fields=100) if isinstance(query, str) else list(query)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if value and len(given.setdefault(name, [])) < _MOST_VALUES:
            given[name].append(value)
    age = _first(given, "age")
    return Filter(
        order="newest" if _first(given, "order") == "newest" else "urgent",
        text=_plain(_first(given, "text")),
        is_mine=bool(_first(given, "mine")),
        states=_known(QueueState, given.get("state", ())),
        providers=tuple(dict.fromkeys(p for p in map(_plain, given.get("provider", ())) if p)),
        origins=_known(Origin, given.get("origin", ())),
        tiers=_known(Tier, given.get("tier", ())),
        age=age if _AGE.fullmatch(age) else "",
        sources=min(_number(_first(given, "sources")), 1_000),
        offset=min(_number(_first(given, "offset")), DEEPEST),
    )


def _first(given: dict[str, list[str]], name: str) -> str:
    return given[name][0] if given.get(name) else ""


def _plain(text: str) -> str:
    clean = text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(clean[:_LONGEST_TEXT].split())


def _known(kind: type[Any], values: Iterable[str]) -> tuple[Any, ...]:
    """Those of `values` that are of `kind`, each once, in the order of the kind: one filter, one address."""
    return tuple(member for member in kind if member.value in set(values))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A filter under a name."""

    id: int
    owner: str  # the editor's name
    name: str
    filter: Filter
    is_shared: bool  # everybody sees it in their list
    alerts: AlertTo
    has_feed: bool  # whether its private address is in use
    made_at: datetime
    told_until: datetime  # what grew before has been looked at for its alert
