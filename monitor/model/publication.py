"""What readers can ask for: documents, each of which only a publication changes.

The publication tree lies as any web server can serve it, so that what a document is follows from its address alone:
`/feed.atom` is the file `feed.atom`, `/wires/x` is `wires/x/index.html`, and the media type follows from the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.model.candidate import SourcingStandard
from monitor.model.ids import WireId
from monitor.model.severity import Severity

HTML = "text/html; charset=utf-8"
JSON_FEED = "application/feed+json"
MEDIA_TYPES = {  # by the ending of a file's name; what has none of these is a page
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/jsonl",
    ".txt": "text/plain; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".sqlite": "application/vnd.sqlite3",
    ".zip": "application/zip",
}
_IS_JSON_FEED = re.compile(r"/feed\.json$|^/feeds/.*\.json$")
_IS_PATH = re.compile(r"/|(?:/(?!\.)[\w.~@+,:=-]{1,200})+")


def is_path(path: str) -> bool:
    """Whether a document can have this address: segments of plain characters, none of which begins with a dot."""
    return _IS_PATH.fullmatch(path) is not None


def ending_of(path: str) -> str:
    """The ending of the file's name, such as ".atom"; "" of a page."""
    _, dot, end = path.rpartition("/")[2].rpartition(".")
    return f".{end}" if dot and f".{end}" in MEDIA_TYPES else ""


def media_type_of(path: str) -> str:
    """What any web server says that the document at this address is."""
    if _IS_JSON_FEED.search(path):
        return JSON_FEED
    return MEDIA_TYPES.get(ending_of(path), HTML)


def file_of(path: str) -> str:
    """The file of the tree in which the document at this address lies."""
    return path[1:] if ending_of(path) else f"{path}/index.html".replace("//", "/")[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes at one address of the public site: a page, a feed, a file of data."""

    path: str  # of the URL: begins with a slash, ends with none (but "/" itself)
    media_type: str  # with its charset, as `media_type_of` says
    body: bytes
    status: int = 200  # 410: taken down


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
