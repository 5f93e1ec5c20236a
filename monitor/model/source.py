"""Where signals come from, and what is wrong with a file that names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.model.ids import PublisherId, SourceId


class Origin(StrEnum):
    """What kind of voice a source is (editorial model, "From signal to wire")."""

    PROVIDER = "provider"
    REGULATOR = "regulator"
    PROBE = "probe"
    PRESS = "press"
    RESEARCH = "research"
    INCIDENT_DATABASE = "incident-database"


class Tier(StrEnum):
    """How near a source stands to what happened."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Kind(StrEnum):
    """How a source is read."""

    FEED = "feed"  # RSS, Atom, JSON Feed
    PAGE = "page"  # a page without a feed: its links, found by a CSS selector
    SITEMAP = "sitemap"  # a sitemap, news sitemap or sitemap index
    STATUS = "status"  # a status page's feed of incidents: the updates of one outage are one article that grows
    MAILBOX = "mailbox"  # newsletters over IMAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who answers for what a source says: the voice that is counted."""

    id: PublisherId
    name: str
    domains: tuple[str, ...] = ()  # registrable domains or hosts that speak with this voice, lower case
    owner: str | None = None  # the company or body behind it; a later issue folds by owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place on the web that is polled, as `feeds.yaml` names it."""

    id: SourceId
    name: str
    url: str  # as written in feeds.yaml; where a redirect was learnt, PollState.url differs
    origin: Origin
    tier: Tier
    publisher: PublisherId
    provider: str | None = None  # id in the provider register, where the source speaks of or for one provider
    language: str | None = None  # BCP 47, the source's usual language
    cadence: timedelta | None = None  # configured distance of polls; None follows the source
    kind: Kind = Kind.FEED
    selector: str | None = None  # CSS, of the links of a page; where None, the one that the listing proposes
    is_aggregator: bool = False  # relays others' pages: the publisher of an article is then found by its host


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of `feeds.yaml`, checked."""

    publishers: tuple[Publisher, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One fault of a file that a person wrote: said with file, line, what it concerns, and why."""

    file: str
    line: int | None  # 1-based
    subject: str  # the source, wire or record at fault
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.subject}: {self.reason}"
