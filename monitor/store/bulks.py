"""Bulks, and what became of each of their candidates. A bulk is worked at by whoever holds its lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update

from monitor.errors import Unknown
from monitor.model import (
    ActionKind,
    Bulk,
    BulkItem,
    BulkStatus,
    CandidateId,
    DecisionId,
    ItemState,
    Severity,
    Wish,
)
from monitor.store.database import Transaction
from monitor.store.polls import changed
from monitor.store.tables_live import BulkItemRow, BulkRow

_UNDER_WAY = (BulkStatus.RUNNING.value, BulkStatus.UNDOING.value)
LARGEST_ID = 2**31 - 1  # what both databases can compare an id with


def add_bulk(
    tx: Transaction,
    wish: Wish,
    items: Sequence[BulkItem],
    *,
    editor: str,
    address: str | None,
    chosen: str,
    key: str | None,
    now: datetime,
) -> Bulk:
    """Write down what is to be done, in the order of `items`."""
    row = BulkRow(
        kind=wish.kind.value,
        editor=editor,
        address=address,
        reason=wish.reason,
        more={
            "until": None if wish.until is None else wish.until.isoformat(),
            "assignee": wish.assignee,
            "severity": None if wish.severity is None else wish.severity.value,
            "codes": list(wish.codes),
        },
        chosen=chosen,
        key=key,
        status=BulkStatus.RUNNING.value,
        total=len(items),
        stated_at=now,
    )
    tx.add(row)
    tx.flush()
    values = [
        {
            "bulk_id": row.id,
            "candidate_id": i.candidate,
            "place": n,
            "version_seen": i.version_seen,
            "state": i.state.value,
        }
        for n, i in enumerate(items)
    ]
    tx.execute(insert(BulkItemRow), values)
    return _bulk(row)


def find_bulk_by_key(tx: Transaction, key: str) -> Bulk | None:
    """The bulk that a repeated request stated the first time."""
    row = tx.scalar(select(BulkRow).where(BulkRow.key == key))
    return None if row is None else _bulk(row)


def get_bulk(tx: Transaction, bulk: int) -> Bulk:
    """A bulk as it stands; raises Unknown."""
    return _bulk(_row(tx, bulk))


def list_bulks(
    tx: Transaction, *, limit: int = 20, editor: str | None = None, since: datetime | None = None
) -> tuple[Bulk, ...]:
    """The newest first: of one editor, and those that ended after `since` or have not ended, where these are given."""
    query = select(BulkRow).order_by(BulkRow.id.desc()).limit(limit)
    if editor is not None:
        query = query.where(BulkRow.editor == editor)
    if since is not None:
        query = query.where(or_(BulkRow.ended_at.is_(None), BulkRow.ended_at >= since))
    return tuple(map(_bulk, tx.scalars(query)))


def list_items(
    tx: Transaction, bulk: int, *, states: Sequence[ItemState], limit: int, is_last_first: bool = False
) -> tuple[BulkItem, ...]:
    """Those of a bulk that are in one of `states`, in the order chosen or the other way round."""
    place = BulkItemRow.place.desc() if is_last_first else BulkItemRow.place
    query = select(BulkItemRow).where(BulkItemRow.bulk_id == bulk, BulkItemRow.state.in_([s.value for s in states]))
    return tuple(map(_item, tx.scalars(query.order_by(place).limit(limit))))


# --- the work ---------------------------------------------------------------------------------------------------


def is_bulk_waiting(tx: Transaction, *, now: datetime) -> bool:
    """Whether any is under way that nobody works at: asked often, and without holding up who writes."""
    return tx.scalar(_free(now).limit(1)) is not None


def lease_bulk(tx: Transaction, *, now: datetime, owner: str, lease_for: timedelta) -> Bulk | None:
    """Take the oldest bulk that is under way and that nobody works at; None where there is none."""
    row = tx.scalar(_free(now).order_by(BulkRow.id).limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    row.lease_owner, row.leased_until = owner, now + lease_for
    tx.flush()
    return _bulk(row)


def hold_bulk(tx: Transaction, bulk: int, *, owner: str, until: datetime) -> Bulk | None:
    """The bulk as it stands, kept until then, and from changing until the transaction ends; None where it was lost."""
    row = tx.scalar(_rows(bulk).where(BulkRow.lease_owner == owner).with_for_update())
    if row is None:
        return None
    row.leased_until = until
    tx.flush()
    return _bulk(row)


def record_items(tx: Transaction, bulk: int, items: Sequence[BulkItem]) -> None:
    """What became of some of them; the counts are taken anew, so that a repetition changes nothing."""
    for item in items:
        key = (BulkItemRow.bulk_id == bulk, BulkItemRow.candidate_id == item.candidate)
        said = {"state": item.state.value, "decision_id": item.decision, "note": item.note}
        tx.execute(update(BulkItemRow).where(*key).values(**said).execution_options(synchronize_session=False))
    _count(tx, bulk)


def record_rest(tx: Transaction, bulk: int, *, was: ItemState, state: ItemState, note: str) -> int:
    """All that are in one state go to another, with one note; how many."""
    wanted = update(BulkItemRow).where(BulkItemRow.bulk_id == bulk, BulkItemRow.state == was.value)
    moved = changed(tx, wanted.values(state=state.value, note=note))
    _count(tx, bulk)
    return moved


def record_bulk_undo(tx: Transaction, bulk: int, *, by: str, now: datetime) -> Bulk:
    """It is to be taken back, from now on; said twice it is one undo."""
    row = _row(tx, bulk, is_for_change=True)
    if row.undo_at is None:
        row.status, row.undo_by, row.undo_at, row.ended_at = BulkStatus.UNDOING.value, by, now, None
        tx.flush()
    return _bulk(row)


def record_bulk_end(tx: Transaction, bulk: int, *, status: BulkStatus, now: datetime) -> None:
    """Nothing of it is left to do."""
    row = _row(tx, bulk, is_for_change=True)
    row.status, row.ended_at = status.value, now
    row.lease_owner = row.leased_until = None
    tx.flush()


def end_bulk_lease(tx: Transaction, bulk: int, *, owner: str) -> None:
    """Give a bulk back as far as it has come."""
    held = update(BulkRow).where(BulkRow.id == bulk, BulkRow.lease_owner == owner)
    tx.execute(held.values(lease_owner=None, leased_until=None))


def _count(tx: Transaction, bulk: int) -> None:
    counted = select(BulkItemRow.state, func.count()).where(BulkItemRow.bulk_id == bulk).group_by(BulkItemRow.state)
    found = {str(state): int(count) for state, count in tx.execute(counted)}
    row = _row(tx, bulk, is_for_change=True)
    row.done_count, row.left_count = found.get(ItemState.DONE, 0), found.get(ItemState.LEFT, 0)
    row.undone_count, row.kept_count = found.get(ItemState.UNDONE, 0), found.get(ItemState.KEPT, 0)
    tx.flush()


def _free(now: datetime) -> Select[Any]:
    is_free = or_(BulkRow.leased_until.is_(None), BulkRow.leased_until <= now)
    return select(BulkRow).where(BulkRow.status.in_(_UNDER_WAY), is_free)


def _rows(bulk: int) -> Select[Any]:
    return select(BulkRow).where(BulkRow.id == bulk)


def _row(tx: Transaction, bulk: int, *, is_for_change: bool = False) -> BulkRow:
    row = tx.get(BulkRow, bulk, with_for_update=is_for_change or None) if 0 < bulk <= LARGEST_ID else None
    if row is None:
        raise Unknown(f"There is no bulk {bulk}.")
    return row


def _bulk(row: BulkRow) -> Bulk:
    more = row.more
    return Bulk(
        id=row.id,
        wish=Wish(
            kind=ActionKind(row.kind),
            reason=row.reason,
            until=None if more["until"] is None else datetime.fromisoformat(more["until"]),
            assignee=more["assignee"],
            severity=None if more["severity"] is None else Severity(more["severity"]),
            codes=tuple(more["codes"]),
        ),
        editor=row.editor,
        address=row.address,
        chosen=row.chosen,
        status=BulkStatus(row.status),
        total=row.total,
        done_count=row.done_count,
        left_count=row.left_count,
        undone_count=row.undone_count,
        kept_count=row.kept_count,
        stated_at=row.stated_at,
        ended_at=row.ended_at,
        undo_by=row.undo_by,
        undo_at=row.undo_at,
    )


def _item(row: BulkItemRow) -> BulkItem:
    return BulkItem(
        candidate=CandidateId(row.candidate_id),
        version_seen=row.version_seen,
        state=ItemState(row.state),
        decision=None if row.decision_id is None else DecisionId(row.decision_id),
        note=row.note,
    )
