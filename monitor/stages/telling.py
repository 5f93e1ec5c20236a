"""What readers are told of a wire, in the same words on its page and in the feeds.

Marks of what became of it, notices, names, dates: small answers from the noun alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from monitor.model import Citation, Provider, Revision, RevisionKind, Wire
from monitor.stages.canonical import clean_line
from monitor.stages.markup import SourceLink

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
SAID: Mapping[RevisionKind, str] = {
    RevisionKind.CORRECTION: "Correction",
    RevisionKind.RETRACTION: "Retracted",
    RevisionKind.RESTORATION: "Restored",
}


def marked_headline(wire: Wire, revision: Revision) -> str:
    """The headline, with what became of the wire in front of it (O6)."""
    if revision.kind is RevisionKind.RETRACTION:
        return clean_line(f"Retracted: {revision.draft.headline}")
    if any(r.kind is RevisionKind.CORRECTION for r in wire.revisions if r.number <= revision.number):
        return clean_line(f"Corrected: {revision.draft.headline}")
    return clean_line(revision.draft.headline)


def notices(wire: Wire, revision: Revision) -> tuple[Revision, ...]:
    """The corrections, retractions and restorations up to `revision`, newest first: they stand above the text."""
    return tuple(r for r in reversed(wire.revisions) if r.number <= revision.number and r.kind in SAID)


def provider_names(ids: Sequence[str], providers: Sequence[Provider]) -> tuple[tuple[str, str], ...]:
    """Each id with its name; an id that left the register is its own name."""
    names = {p.id: p.name for p in providers}
    return tuple((i, names.get(i, i)) for i in ids)


def source_links(citations: Sequence[Citation]) -> tuple[SourceLink, ...]:
    """What the citations of a text lead to, numbered as in the list of sources."""
    return tuple(
        SourceLink(article=c.article, number=n, url=c.url, told=told(c)) for n, c in enumerate(citations, start=1)
    )


def told(citation: Citation) -> str:
    """Who said it, and when, in one line."""
    day = "" if citation.published_at is None else f", {long_date(citation.published_at)}"
    return clean_line(f"{citation.publisher_name}{day}")


def long_date(value: date) -> str:
    """9 December 2025; of an instant, its day in UTC."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def count_of_sources(count: int) -> str:
    """ "1 source", "2 sources"."""
    return f"{count} source{'' if count == 1 else 's'}"
