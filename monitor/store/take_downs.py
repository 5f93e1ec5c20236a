"""What was taken down: readers see the wire no more, and are told so for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

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


def list_take_downs(tx: Transaction, *, wires: Sequence[int] | None = None, limit: int = 1_000) -> tuple[TakeDown, ...]:
    """What was taken down, newest first; of these wires only, where they are given."""
    query = select(TakeDownRow, WireRow.tag, WireRow.slug).join(WireRow, WireRow.id == TakeDownRow.wire_id)
    if wires is not None:
        query = query.where(TakeDownRow.wire_id.in_(wires))
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
        for row, tag, slug in tx.execute(query.order_by(TakeDownRow.at.desc(), TakeDownRow.wire_id).limit(limit))
    )
