"""What an address turns out to be, before anything is added."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.entry import Entry
from monitor.model.source import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A CSS selector for the links of a page, and what it finds there."""

    selector: str
    count: int  # distinct links
    dated_count: int  # of these, with a date near by
    sample: tuple[Entry, ...]  # the first few
    score: float  # only to compare proposals for one page
    why: str  # one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which an address can be followed."""

    kind: Kind
    url: str  # what would be polled
    selector: str | None = None  # of a page: the best proposal, or what the operator gave
    title: str = ""  # as it names itself
    language: str | None = None  # BCP 47
    format: str = ""  # rss20, atom10, sitemap-index, page, ...
    suggested_id: str = ""
    suggested_name: str = ""
    suggested_domain: str = ""  # registrable domain of whoever publishes it
    entry_count: int = 0
    entries: tuple[Entry, ...] = ()  # the newest few
    proposals: tuple[Proposal, ...] = ()  # of a page, best first
    why: str = ""  # one sentence: how it was found, and why it stands where it stands
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found at an address, best first; where nothing was, `why` says so."""

    url: str  # as asked, with a scheme
    found: tuple[Finding, ...] = ()
    why: str = ""  # one sentence
    notes: tuple[str, ...] = ()  # of the search: feeds that are named and do not answer, what robots.txt asks

    @property
    def best(self) -> Finding | None:
        return self.found[0] if self.found else None
