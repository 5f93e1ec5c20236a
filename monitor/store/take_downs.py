"""What was taken down: readers see the wire no more, and are told so for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, delete, or_, select

from monitor.errors import IllegalDecision, Unknown
from monitor.model import WireId
from monitor.model.feeds import TakeDown, TakeDownReason
from monitor.store.database import Transaction
from monitor.store.editions import append_edition, find_facets
from monitor.store.tables import WireCodeRow, WireProviderRow, WireRow
from monitor.store.tables_feeds import TakeDownRow


def add_take_down(
    tx: Transaction, wire: WireId, *, who: str, reason: TakeDownReason, note: str, now: datetime
) -> TakeDown:
    """Take from readers what they see of the wire: the next edition. Raises Unknown; IllegalDecision where they see
    nothing of it. Its revisions stay in the newsroom's own record."""
    row = tx.get(WireRow, wire, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown(f"There is no wire {wire}.")
    if row.published_number is None or row.withdrawn_at is not None:
        raise IllegalDecision(f"Readers see nothing of wire {wire}: there is nothing to take down.")
    before = find_facets(tx, wire)
    row.published_number, row.withdrawn_at, row.severity = None, now, None
    tx.execute(delete(WireProviderRow).where(WireProviderRow.wire_id == wire))
    tx.execute(delete(WireCodeRow).where(WireCodeRow.wire_id == wire))
    tx.add(TakeDownRow(wire_id=wire, at=now, who=who, reason=reason.value, note=note))
    tx.flush()
    append_edition(tx, wire, before=before, at=now)
    return TakeDown(wire=wire, tag=row.tag, slug=row.slug, at=now, who=who, reason=reason, note=note)


def find_take_down(tx: Transaction, wire: WireId) -> TakeDown | None:
    """How the wire was taken down, if it was."""
    return next(iter(list_take_downs(tx, wires=[wire])), None)


def find_take_down_by_slug(tx: Transaction, slug: str) -> TakeDown | None:
    """What was taken down from this address, if anything was."""
    wire = tx.scalar(select(WireRow.id).where(WireRow.slug == slug))
    return None if wire is None else find_take_down(tx, WireId(wire))


def list_take_downs(
    tx: Transaction,
    *,
    wires: Sequence[int] | None = None,
    year: int | None = None,
    before: TakeDown | None = None,
    limit: int = 1_000,
) -> tuple[TakeDown, ...]:
    """What was taken down, newest first: of these wires, in this year (UTC), older than `before`, where given."""
    query = select(TakeDownRow, WireRow.tag, WireRow.slug).join(WireRow, WireRow.id == TakeDownRow.wire_id)
    if wires is not None:
        query = query.where(TakeDownRow.wire_id.in_(wires))
    if year is not None:
        query = query.where(TakeDownRow.at >= datetime(year, 1, 1, tzinfo=UTC))
        query = query.where(TakeDownRow.at < datetime(year + 1, 1, 1, tzinfo=UTC))
    if before is not None:
        is_same = and_(TakeDownRow.at == before.at, TakeDownRow.wire_id < before.wire)
        query = query.where(TakeDownRow.at <= before.at, or_(TakeDownRow.at < before.at, is_same))
    query = query.order_by(TakeDownRow.at.desc(), TakeDownRow.wire_id.desc()).limit(limit)
    return tuple(
        TakeDown(
            wire=WireId(row.wire_id),
            tag=tag,
            slug=slug,
            at=row.at,
            who=row.who,
            reason=TakeDownReason(row.reason),
            note=row.note,
        )
        for row, tag, slug in tx.execute(query)
    )


def every_take_down(tx: Transaction, *, at_a_time: int = 1_000) -> Iterator[TakeDown]:
    """All that was ever taken down, newest first, read in pieces."""
    last: TakeDown | None = None
    while found := list_take_downs(tx, before=last, limit=at_a_time):
        yield from found
        last = found[-1]
