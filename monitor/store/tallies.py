"""Kept counts of published wires by month: what the statistics are drawn from, so that they never read the past.

What each wire adds is kept beside the counts. So a publication, a correction, a retraction or a take-down counts out
what the wire added before and counts in what it adds now, whoever did it, and twice is as good as once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session as Transaction

from monitor.model import Manner, RevisionKind, RevisionStatus, WireId
from monitor.model.tally import SOURCES_MOST, Counted, Delay, Tally
from monitor.store.database import add_up
from monitor.store.tables import RevisionRow, WireRow
from monitor.store.tables_public import TallyRow, WireTallyRow

_DELAYS = (
    (timedelta(hours=6), Delay.HOURS_6),
    (timedelta(hours=24), Delay.HOURS_24),
    (timedelta(days=3), Delay.DAYS_3),
    (timedelta(days=7), Delay.DAYS_7),
    (timedelta(days=30), Delay.DAYS_30),
)
_RETRACTED = "retracted"  # counted beside what readers are shown, to say how many are left out

Key = tuple[str, str, str]  # counted, value, month


def keep_tallies(tx: Transaction, wire: WireId) -> None:
    """Count the wire as its rows say now, and no longer as it was counted before."""
    tx.flush()
    row = tx.get(WireTallyRow, wire)
    before = Counter((k, v, m) for k, v, m in (row.told if row else ()))
    after = Counter(dict.fromkeys(_keys(tx, tx.get_one(WireRow, wire)), 1))
    if before == after:
        return
    tx.execute(delete(WireTallyRow).where(WireTallyRow.wire_id == wire).execution_options(synchronize_session=False))
    if row is not None:
        tx.expunge(row)
    if after:
        tx.execute(insert(WireTallyRow), [{"wire_id": wire, "told": [list(key) for key in sorted(after)]}])
    moved = {key: after[key] - before[key] for key in sorted({*before, *after}) if after[key] != before[key]}
    add_up(
        tx,
        TallyRow.__table__,  # type: ignore[arg-type]
        [{"counted": k, "value": v, "month": m, "wire_count": n} for (k, v, m), n in moved.items()],
    )


def list_tallies(tx: Transaction, counted: Counted | None = None) -> tuple[Tally, ...]:
    """The counts of one kind, or of all, by value, then month; no zeros."""
    kinds = [c.value for c in Counted] if counted is None else [counted.value]
    query = select(TallyRow.counted, TallyRow.value, TallyRow.month, TallyRow.wire_count)
    query = query.where(TallyRow.counted.in_(kinds), TallyRow.wire_count > 0)
    return tuple(
        Tally(counted=Counted(kind), value=value, month=month, count=count)
        for kind, value, month, count in tx.execute(query.order_by(TallyRow.counted, TallyRow.value, TallyRow.month))
    )


def count_retracted(tx: Transaction) -> int:
    """How many published wires are retracted, and so in none of these counts."""
    query = select(func.sum(TallyRow.wire_count)).where(TallyRow.counted == _RETRACTED)
    return int(tx.scalar(query) or 0)


def _keys(tx: Transaction, top: WireRow) -> Iterable[Key]:
    if top.published_number is None or top.first_published_at is None or top.withdrawn_at is not None:
        return ()
    published = top.first_published_at.strftime("%Y-%m")
    if top.is_retracted:
        return ((_RETRACTED, "", published),)
    shown = tx.get_one(RevisionRow, (top.id, top.published_number))
    first = tx.scalars(
        select(RevisionRow)
        .where(RevisionRow.wire_id == top.id, RevisionRow.status == RevisionStatus.PUBLISHED.value)
        .order_by(RevisionRow.number)
        .limit(1)
    ).one()
    return _of_revision(shown, first, published, top.first_published_at)


def _of_revision(shown: RevisionRow, first: RevisionRow, published: str, at: datetime) -> Iterable[Key]:
    draft: Mapping[str, Any] = shown.draft
    happened = str(draft.get("occurred_on") or published)[:7]
    told = [(Counted.STANDARD, shown.standard), (Counted.SOURCES, str(min(max(shown.source_count, 1), SOURCES_MOST)))]
    if shown.signal_origin:
        told.append((Counted.ORIGIN, shown.signal_origin))
    if (delay := _delay(first, at)) is not None:
        told.append((Counted.DELAY, delay))
    by_event = [
        *([(Counted.SEVERITY, draft["severity"])] if draft.get("severity") else []),
        *((Counted.PROVIDER, p) for p in draft.get("providers") or ()),
        *((Counted.CODE, c) for c in draft.get("codes") or ()),
    ]
    return (
        *((kind.value, str(value), published) for kind, value in told),
        *((kind.value, str(value), happened) for kind, value in by_event),
    )


def _delay(first: RevisionRow, published_at: datetime) -> Delay | None:
    """From the earliest article that the first revision cites; None of a past that was classified in bulk."""
    if first.manner == Manner.BULK.value or first.kind != RevisionKind.FIRST.value:
        return None
    told = [_instant(c.get("published_at")) for c in first.citations]
    reported = min((at for at in told if at is not None), default=None)
    if reported is None:
        return None
    span = published_at - reported
    return next((delay for limit, delay in _DELAYS if span < limit), Delay.MORE)


def _instant(value: str | None) -> datetime | None:
    at = None if not value else datetime.fromisoformat(value)
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=UTC)
