"""The documents that a sitemap index names → which to ask now: what changed, the newest first, a few at a time.

An index can name thousands of documents with 50,000 URLs each. Most are archives that never change: their lastmod says
so, and they are not asked. Pure: `now` is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model import NO_VALIDATORS, Part, SitemapDocument
from monitor.stages.cadence import CEILING, WITHOUT_VALIDATORS
from monitor.stages.dates import read_date

FIRST_WINDOW = timedelta(days=2)  # of a document read for the first time, what is dated within it is new
FORGOTTEN_AFTER = timedelta(days=30)  # a document that its index no longer names: it may come back after a bad day
PARTS_PER_POLL = 20  # documents of an index asked in one poll; the rest next time
MAX_DEPTH = 2  # indexes above a document; what lies deeper is not followed

_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def list_parts(
    index: SitemapDocument, parts: Sequence[Part], documents: Sequence[SitemapDocument], *, now: datetime
) -> tuple[SitemapDocument, ...]:
    """Where the documents of `index` stand now that it names `parts`: those that changed, among `documents` or new.

    What joins an index that was read before is an addition, so that all it holds is new; unless another document left
    at the same time: then it was renamed. What an index that is read for the first time names of old is left unread.
    """
    stood = {document.url: document for document in documents}
    named = {part.url: part for part in parts if part.url != index.url}
    gone = [d for d in documents if d.index_url == index.url and d.is_listed and d.url not in named]
    is_addition = index.is_read and not gone
    changed = [replace(document, is_listed=False, absent_at=now) for document in gone]
    joined = []
    for url, part in named.items():
        document = stood.get(url)
        if document is None:
            joined.append(_joined(index, part, index.asked_at if is_addition else None))
        elif document.index_url == index.url and (document.listed != part.modified or not document.is_listed):
            back_at = None if not document.is_listed else document.absent_at
            changed.append(replace(document, listed=part.modified, is_listed=True, absent_at=back_at))
    return (*changed, *(joined if is_addition else _without_archives(joined, now)))


def next_document(documents: Sequence[SitemapDocument], *, asked_count: int, now: datetime) -> SitemapDocument | None:
    """What to ask now, after `asked_count` others in this poll; None where nothing is due, or enough was asked.

    The newest day first, and of one day what was not asked for longest.
    """
    if asked_count >= PARTS_PER_POLL:
        return None
    due = [document for document in documents if document.index_url is not None and is_due(document, now)]
    return min(due, key=_turn, default=None)


def is_due(document: SitemapDocument, now: datetime) -> bool:
    """Whether there may be something new in it; one that fails backs off like a source (P13)."""
    asked_at = document.asked_at
    if not document.is_listed:
        return False
    if asked_at is not None and document.failure_count:
        return now >= asked_at + min(timedelta(hours=2 ** min(document.failure_count, 10)), CEILING)
    if document.listed is not None:
        return document.listed != document.modified
    if asked_at is None or document.validators != NO_VALIDATORS:
        return True
    return now >= asked_at + WITHOUT_VALIDATORS  # every question costs such a server the whole document (P6)


def first_since(document: SitemapDocument, *, polled_at: datetime | None, now: datetime) -> datetime:
    """From when on what an unread document names is new; `polled_at` is when the source was polled before."""
    seen_at = document.absent_at or polled_at or now
    return min(seen_at, now) - FIRST_WINDOW


def _joined(index: SitemapDocument, part: Part, absent_at: datetime | None) -> SitemapDocument:
    return SitemapDocument(
        url=part.url, index_url=index.url, depth=index.depth + 1, listed=part.modified, absent_at=absent_at
    )


def _without_archives(joined: Sequence[SitemapDocument], now: datetime) -> list[SitemapDocument]:
    """All but the newest few of what is dated before FIRST_WINDOW hold nothing that would be taken: asked when they
    change, not before."""
    ranked = sorted(joined, key=_turn)
    oldest = now - FIRST_WINDOW
    return [
        replace(document, modified=document.listed)
        if place >= PARTS_PER_POLL and _dated(document) < oldest and document.listed is not None
        else document
        for place, document in enumerate(ranked)
    ]


def _turn(document: SitemapDocument) -> tuple[bool, int, datetime]:
    """Dated ones, the newest day first; then the others; what waits longest first."""
    return document.listed is None, -_dated(document).toordinal(), document.asked_at or _LONG_AGO


def _dated(document: SitemapDocument) -> datetime:
    return read_date(document.listed) or _LONG_AGO
