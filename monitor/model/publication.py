"""What readers can ask for: documents, each of which only a publication changes."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.candidate import SourcingStandard
from monitor.model.ids import WireId
from monitor.model.wire import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes at one address of the public site: a page, a feed, a file of data."""

    path: str  # of the URL: begins with a slash, ends with none (but "/" itself)
    media_type: str  # with its charset
    body: bytes
    status: int = 200  # 410: taken down
    max_age: int = 900  # seconds that a reader may keep it before asking again


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """By what a published wire is found in lists: its place in feeds, archives and pages."""

    severity: Severity | None
    providers: tuple[str, ...]  # ids in the provider register
    codes: tuple[str, ...]
    standard: SourcingStandard
    year: int  # of its first publication, UTC
    month: int  # 1-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One wire that readers see differently than before."""

    wire: WireId
    slug: str
    before: Facets | None  # None: readers did not see it
    after: Facets | None  # None: it was taken down
