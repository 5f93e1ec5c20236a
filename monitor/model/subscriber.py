"""Who is told of wires by e-mail, and by what they choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.candidate import SourcingStandard
from monitor.model.ids import WireId
from monitor.model.publication import Facets
from monitor.model.severity import Severity
from monitor.model.wire import Wire


class Period(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays


class SubscriberState(StrEnum):
    """Where a subscription stands; one that ended is a row no more."""

    PENDING = "pending"  # the address has not answered yet
    ACTIVE = "active"
    PAUSED = "paused"  # its mail server refused for good


class Event(StrEnum):
    """What became of a wire that readers see, or saw."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    RESTORED = "restored"
    TAKEN_DOWN = "taken-down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which wires: any of those named in each facet, and all facets together; an empty one leaves all."""

    providers: tuple[str, ...] = ()  # ids in the provider register
    severities: tuple[Severity, ...] = ()
    codes: tuple[str, ...] = ()
    standards: tuple[SourcingStandard, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether no wire is left out."""
        return self == Wanted()

    def takes(self, facets: Facets) -> bool:
        """Whether a wire with these facets is wanted."""
        return (
            (not self.providers or not set(self.providers).isdisjoint(facets.providers))
            and (not self.severities or facets.severity in self.severities)
            and (not self.codes or not set(self.codes).isdisjoint(facets.codes))
            and (not self.standards or facets.standard in self.standards)
        )

    def values(self) -> dict[str, list[str]]:
        """As it is kept and shown to programs; facets that leave all are left out."""
        named = {
            "provider": list(self.providers),
            "severity": [s.value for s in self.severities],
            "code": list(self.codes),
            "standard": [s.value for s in self.standards],
        }
        return {facet: chosen for facet, chosen in named.items() if chosen}


def wanted_of(values: Mapping[str, list[str] | tuple[str, ...]]) -> Wanted:
    """The choice that `Wanted.values` gave, in one order; raises ValueError for no severity or standard of ours."""
    severities = {Severity(v) for v in values.get("severity", ())}
    standards = {SourcingStandard(v) for v in values.get("standard", ())}
    return Wanted(
        providers=tuple(sorted(set(values.get("provider", ())))),
        severities=tuple(s for s in Severity if s in severities),
        codes=tuple(sorted(set(values.get("code", ())))),
        standards=tuple(s for s in SourcingStandard if s in standards),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One address that gets one digest. The address is personal data: it stands here and nowhere else."""

    id: int
    address: str
    period: Period
    wanted: Wanted
    state: SubscriberState
    leave_token: str  # in every letter: whoever has it can end the subscription, and nothing else
    asked_at: datetime
    confirmed_at: datetime | None = None
    paused_at: datetime | None = None
    refusal_count: int = 0  # letters in a row that its server refused
    note: str | None = None  # what its server said


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A wire in a digest: what happened to it last, within the time that the digest tells of."""

    slug: str
    wire: Wire | None  # as readers see it, with its published revisions; None: it was taken down
    event: Event
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest as it was written, for all who chose the same."""

    id: int
    period: Period
    wanted: Wanted
    from_at: datetime  # what happened after this
    until_at: datetime  # and no later than this
    subject: str
    text: str
    html: str  # a fragment: what stands between salutation and foot
    wire_count: int
    after_edition: int = 0  # it tells of what came after this one
    edition: int = 0  # and of all up to this one
    wires: tuple[WireId, ...] = ()  # of these; empty where it was written before that was noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail, all but its sender."""

    to: str
    subject: str
    text: str
    html: str | None
    key: str  # the same letter carries the same Message-ID
    leave_url: str | None = None  # for List-Unsubscribe (RFC 8058)
