"""What the pages of the site are made of besides single wires: months of a facet, places in a month, the log, sitemaps.

Every query walks an index from where its answer begins; none reads more wires than it tells of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session as Transaction

from monitor.model import RevisionKind, Wire, WireId
from monitor.store.published import get_published, is_published, span_of
from monitor.store.tables import RevisionRow, WireRow
from monitor.store.tables_public import FacetMonthRow, WireFacetRow

_LOGGED = (RevisionKind.CORRECTION.value, RevisionKind.RETRACTION.value, RevisionKind.RESTORATION.value)
_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published wire as a list of addresses needs it."""

    wire: WireId
    slug: str
    numbers: tuple[int, ...]  # of its published revisions
    first_published_at: datetime
    revised_at: datetime


def list_months_of(tx: Transaction, facet: str) -> dict[str, int]:
    """Month → how many wires first published in it are found under `facet`; months without any are left out."""
    query = select(FacetMonthRow.month, FacetMonthRow.wire_count)
    query = query.where(FacetMonthRow.facet == facet, FacetMonthRow.wire_count > 0).order_by(FacetMonthRow.month)
    return {row[0]: row[1] for row in tx.execute(query)}


def list_every_month(tx: Transaction) -> tuple[tuple[str, str, int], ...]:
    """(facet, month, wires) of every list there is, also those that have no wire any more."""
    query = select(FacetMonthRow.facet, FacetMonthRow.month, FacetMonthRow.wire_count)
    return tuple(
        (row[0], row[1], row[2]) for row in tx.execute(query.order_by(FacetMonthRow.facet, FacetMonthRow.month))
    )


def rank_in_month(tx: Transaction, wire: WireId, facet: str, month: str) -> int:
    """How many wires of the month were first published before this one; where it is not among them, 0."""
    at = tx.scalar(
        select(WireFacetRow.first_published_at).where(WireFacetRow.facet == facet, WireFacetRow.wire_id == wire)
    )
    if at is None:
        return 0
    start, _ = span_of(int(month[:4]), int(month[5:]))
    earlier = or_(
        WireFacetRow.first_published_at < at,
        and_(WireFacetRow.first_published_at == at, WireFacetRow.wire_id < wire),
    )
    query = select(func.count()).select_from(WireFacetRow)
    return tx.scalar(query.where(WireFacetRow.facet == facet, WireFacetRow.first_published_at >= start, earlier)) or 0


def list_of_month(tx: Transaction, month: str, *, offset: int, limit: int) -> tuple[Published, ...]:
    """The wires first published in a month, oldest first."""
    start, end = span_of(int(month[:4]), int(month[5:]))
    query = select(WireFacetRow.wire_id).where(
        WireFacetRow.facet == "", WireFacetRow.first_published_at >= start, WireFacetRow.first_published_at < end
    )
    query = query.order_by(WireFacetRow.first_published_at, WireFacetRow.wire_id).limit(limit).offset(offset)
    ids = list(tx.scalars(query))
    found = {p.wire: p for n in range(0, len(ids), _BATCH) for p in _published(tx, ids[n : n + _BATCH])}
    return tuple(found[WireId(i)] for i in ids if i in found)


def list_since(tx: Transaction, since: datetime, *, limit: int) -> tuple[Wire, ...]:
    """Wires first published after `since`, newest first."""
    query = select(WireFacetRow.wire_id).where(WireFacetRow.facet == "", WireFacetRow.first_published_at > since)
    query = query.order_by(WireFacetRow.first_published_at.desc(), WireFacetRow.wire_id.desc())
    return get_published(tx, list(tx.scalars(query.limit(limit))))


def every_published(tx: Transaction) -> Iterator[Published]:
    """All published wires by id, in batches."""
    after = 0
    while ids := list(
        tx.scalars(
            select(WireFacetRow.wire_id)
            .where(WireFacetRow.facet == "", WireFacetRow.wire_id > after)
            .order_by(WireFacetRow.wire_id)
            .limit(_BATCH)
        )
    ):
        yield from _published(tx, ids)
        after = ids[-1]


def find_published(tx: Transaction, wire: WireId) -> Published | None:
    """The addresses of one wire; None while readers do not see it."""
    return next(iter(_published(tx, [wire])), None)


def list_shown(tx: Transaction, ids: Sequence[WireId]) -> tuple[tuple[WireId, int], ...]:
    """Each of these wires that readers see, in this order, with the number of the revision that they see."""
    rows = select(WireRow.id, WireRow.published_number).where(WireRow.id.in_(ids), WireRow.withdrawn_at.is_(None))
    numbers = {row[0]: row[1] for row in tx.execute(rows)}
    return tuple((wire, number) for wire in ids if (number := numbers.get(wire)) is not None)


def list_numbers(tx: Transaction, wire: WireId) -> tuple[int, ...]:
    """The numbers of all revisions that were ever published, also of a wire that was taken down."""
    query = select(RevisionRow.number).where(RevisionRow.wire_id == wire, is_published())
    return tuple(tx.scalars(query.order_by(RevisionRow.number)))


def _published(tx: Transaction, ids: list[int] | list[WireId]) -> list[Published]:
    numbers: dict[int, list[int]] = {}
    query = select(RevisionRow.wire_id, RevisionRow.number).where(RevisionRow.wire_id.in_(ids), is_published())
    for wire, number in tx.execute(query.order_by(RevisionRow.wire_id, RevisionRow.number)):
        numbers.setdefault(wire, []).append(number)
    rows = select(WireRow.id, WireRow.slug, WireRow.first_published_at, WireRow.revised_at).where(
        WireRow.id.in_(ids), WireRow.published_number.is_not(None), WireRow.withdrawn_at.is_(None)
    )
    return [
        Published(
            wire=WireId(wire),
            slug=slug,
            numbers=tuple(numbers.get(wire, ())),
            first_published_at=first,
            revised_at=revised,
        )
        for wire, slug, first, revised in tx.execute(rows.order_by(WireRow.id))
        if first is not None and revised is not None
    ]


# --- the log of corrections ---------------------------------------------------------------------------------------


def list_corrections(tx: Transaction, *, year: int | None = None, limit: int) -> tuple[tuple[Wire, int], ...]:
    """(wire, number of the revision) of corrections, retractions and restorations, newest first."""
    query = select(RevisionRow.wire_id, RevisionRow.number, RevisionRow.published_at).where(
        RevisionRow.kind.in_(_LOGGED), is_published()
    )
    if year is not None:
        start, end = span_of(year, None)
        query = query.where(RevisionRow.published_at >= start, RevisionRow.published_at < end)
    query = query.order_by(RevisionRow.published_at.desc(), RevisionRow.wire_id.desc()).limit(limit)
    rows = tx.execute(query).all()
    found = get_published(tx, sorted({row[0] for row in rows}))
    wires = {w.id: w for w in found if w.withdrawn_at is None}
    return tuple((wires[WireId(row[0])], row[1]) for row in rows if row[0] in wires)


def list_correction_years(tx: Transaction) -> tuple[tuple[int, int], ...]:
    """(year, corrections and the like), newest first."""
    query = select(RevisionRow.published_at).where(RevisionRow.kind.in_(_LOGGED), is_published())
    counts: dict[int, int] = {}
    for at in tx.scalars(query):
        if at is not None:
            counts[at.year] = counts.get(at.year, 0) + 1
    return tuple(sorted(counts.items(), reverse=True))
