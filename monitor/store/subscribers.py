"""Who gets digests, what was written for them, and how often somebody asked lately.

An address stands in one row and leaves with it. Of tokens that confirm only the hash is kept; the one that ends a
subscription is kept as it is, since every letter carries it, and it can do nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session as Transaction

from monitor.errors import Unknown
from monitor.model import WireId
from monitor.model.subscriber import Issue, Period, Subscriber, SubscriberState, Wanted, wanted_of
from monitor.store.polls import changed
from monitor.store.tables_outbound import IssueRow, SubscribeAttemptRow, SubscriberRow

_ROW = SubscriberRow


def choice_of(wanted: Wanted) -> str:
    """The digest by which those who chose the same are found."""
    return hashlib.sha256(json.dumps(wanted.values(), sort_keys=True).encode()).hexdigest()


# --- subscribing -------------------------------------------------------------------------------------------------


def add_subscriber(
    tx: Transaction,
    *,
    address: str,
    period: Period,
    wanted: Wanted,
    confirm_hash: str,
    confirm_until: datetime,
    leave_token: str,
    now: datetime,
) -> Subscriber:
    """A subscription that waits for its address to answer."""
    row = _ROW(
        address=address,
        period=period.value,
        wanted=wanted.values(),
        choice=choice_of(wanted),
        state=SubscriberState.PENDING.value,
        confirm_hash=confirm_hash,
        confirm_until=confirm_until,
        leave_token=leave_token,
        asked_at=now,
    )
    tx.add(row)
    tx.flush()
    return _subscriber(row)


def record_asked_again(
    tx: Transaction, number: int, *, confirm_hash: str, confirm_until: datetime, now: datetime
) -> Subscriber:
    """The same was asked for once more: an earlier link no longer works."""
    row = _get(tx, number)
    row.state, row.confirm_hash, row.confirm_until, row.asked_at = (
        SubscriberState.PENDING.value,
        confirm_hash,
        confirm_until,
        now,
    )
    tx.flush()
    return _subscriber(row)


def find_same(tx: Transaction, *, address: str, period: Period, wanted: Wanted) -> Subscriber | None:
    """The subscription of this address to exactly this."""
    query = select(_ROW).where(_ROW.address == address, _ROW.period == period.value, _ROW.choice == choice_of(wanted))
    row = tx.scalar(query)
    return None if row is None else _subscriber(row)


def find_subscriber(tx: Transaction, number: int) -> Subscriber | None:
    """One subscription; None where it has ended."""
    row = tx.get(_ROW, number, populate_existing=True)
    return None if row is None else _subscriber(row)


def find_asking(tx: Transaction, confirm_hash: str, *, now: datetime) -> Subscriber | None:
    """The subscription that a link of this hash confirms, while it works."""
    row = tx.scalar(select(_ROW).where(_ROW.confirm_hash == confirm_hash, _ROW.confirm_until > now))
    return None if row is None else _subscriber(row)


def find_by_leave_token(tx: Transaction, token: str) -> Subscriber | None:
    """The subscription that this token ends."""
    row = tx.scalar(select(_ROW).where(_ROW.leave_token == token))
    return None if row is None else _subscriber(row)


def record_confirmed(tx: Transaction, number: int, *, now: datetime) -> Subscriber:
    """The address has answered."""
    row = _get(tx, number)
    row.state, row.confirmed_at, row.paused_at = SubscriberState.ACTIVE.value, now, None
    row.confirm_hash = row.confirm_until = row.note = None
    row.refusal_count = 0
    tx.flush()
    return _subscriber(row)


def record_refused(tx: Transaction, number: int, *, note: str, is_for_good: bool, now: datetime) -> None:
    """Its mail server refused a letter; `is_for_good` ends the letters until the address answers anew."""
    row = tx.get(_ROW, number, populate_existing=True)
    if row is None or row.state == SubscriberState.PAUSED.value:
        return
    row.refusal_count += 1
    row.note = note
    if is_for_good:
        row.state, row.paused_at = SubscriberState.PAUSED.value, now
    tx.flush()


def record_taken(tx: Transaction, number: int) -> None:
    """Its mail server took a letter."""
    tx.execute(update(_ROW).where(_ROW.id == number, _ROW.refusal_count > 0).values(refusal_count=0, note=None))


def drop_subscriber(tx: Transaction, number: int) -> bool:
    """Forget a subscription with its address; False where it had ended already."""
    return changed(tx, delete(_ROW).where(_ROW.id == number)) == 1


def drop_address(tx: Transaction, address: str) -> int:
    """Forget every subscription of an address; how many that were."""
    return changed(tx, delete(_ROW).where(func.lower(_ROW.address) == address.lower()))


def drop_lapsed(tx: Transaction, *, asked_before: datetime, paused_before: datetime, limit: int = 500) -> int:
    """Forget those whose address never answered, and those that stand still for long; how many."""
    pending = (_ROW.state == SubscriberState.PENDING.value) & (_ROW.confirm_until < asked_before)
    paused = (_ROW.state == SubscriberState.PAUSED.value) & (_ROW.paused_at < paused_before)
    numbers = tx.scalars(select(_ROW.id).where(or_(pending, paused)).limit(limit)).all()
    return changed(tx, delete(_ROW).where(_ROW.id.in_(numbers))) if numbers else 0


# --- looking -----------------------------------------------------------------------------------------------------


def count_of_address(tx: Transaction, address: str) -> int:
    """How many subscriptions an address has or asks for."""
    return tx.scalar(select(func.count()).select_from(_ROW).where(_ROW.address == address)) or 0


def count_by_state(tx: Transaction) -> dict[tuple[Period, SubscriberState], int]:
    """How many there are of each period and state."""
    query = select(_ROW.period, _ROW.state, func.count()).group_by(_ROW.period, _ROW.state)
    return Counter({(Period(row[0]), SubscriberState(row[1])): row[2] for row in tx.execute(query)})


def list_subscribers(tx: Transaction, *, limit: int = 200) -> tuple[Subscriber, ...]:
    """The newest subscriptions."""
    return tuple(map(_subscriber, tx.scalars(select(_ROW).order_by(_ROW.id.desc()).limit(limit))))


def list_paused(tx: Transaction, *, limit: int = 200) -> tuple[Subscriber, ...]:
    """Those whose mail server refused for good, the newest first."""
    query = select(_ROW).where(_ROW.state == SubscriberState.PAUSED.value).order_by(_ROW.paused_at.desc())
    return tuple(map(_subscriber, tx.scalars(query.limit(limit))))


def list_choices(tx: Transaction, period: Period) -> tuple[Wanted, ...]:
    """What active subscribers of a period have chosen, each choice once."""
    query = (
        select(func.min(_ROW.id))
        .where(_ROW.state == SubscriberState.ACTIVE.value, _ROW.period == period.value)
        .group_by(_ROW.choice)
    )
    rows = tx.scalars(select(_ROW.wanted).where(_ROW.id.in_(query)).order_by(_ROW.choice))
    return tuple(wanted_of(values) for values in rows)


def list_choosing(tx: Transaction, period: Period, wanted: Wanted) -> tuple[int, ...]:
    """The active subscriptions of a period to exactly this."""
    query = select(_ROW.id).where(
        _ROW.state == SubscriberState.ACTIVE.value, _ROW.period == period.value, _ROW.choice == choice_of(wanted)
    )
    return tuple(tx.scalars(query.order_by(_ROW.id)))


# --- asking too often --------------------------------------------------------------------------------------------


def append_asking(tx: Transaction, keys: Sequence[str], *, now: datetime) -> None:
    """Note that somebody asked, under each of these keys."""
    tx.add_all(SubscribeAttemptRow(key=key, at=now) for key in keys)
    tx.flush()


def count_asking(tx: Transaction, key: str, *, since: datetime) -> int:
    """How often it was asked under this key since then."""
    query = select(func.count()).select_from(SubscribeAttemptRow)
    return tx.scalar(query.where(SubscribeAttemptRow.key == key, SubscribeAttemptRow.at > since)) or 0


def drop_asking(tx: Transaction, *, before: datetime) -> None:
    """Forget who asked before then."""
    tx.execute(delete(SubscribeAttemptRow).where(SubscribeAttemptRow.at < before))


# --- issues ------------------------------------------------------------------------------------------------------


def add_issue(
    tx: Transaction,
    *,
    period: Period,
    wanted: Wanted,
    from_at: datetime,
    until_at: datetime,
    subject: str,
    text: str,
    html: str,
    after_edition: int,
    edition: int,
    wires: Sequence[WireId],
) -> Issue:
    """Keep what goes to all who chose the same."""
    row = IssueRow(
        period=period.value,
        choice=choice_of(wanted),
        wanted=wanted.values(),
        from_at=from_at,
        until_at=until_at,
        subject=subject,
        text=text,
        html=html,
        wire_count=len(wires),
        after_edition=after_edition,
        edition=edition,
        wires=list(wires),
    )
    tx.add(row)
    tx.flush()
    return _issue(row)


def record_rewritten(
    tx: Transaction, number: int, *, subject: str, text: str, html: str, edition: int, wires: Sequence[WireId]
) -> Issue:
    """The issue says this from now on: what it told has changed before all its letters had left."""
    row = tx.get_one(IssueRow, number, populate_existing=True)
    row.subject, row.text, row.html, row.edition = subject, text, html, edition
    row.wires, row.wire_count = list(wires), len(wires)
    tx.flush()
    return _issue(row)


def find_issue(tx: Transaction, number: int) -> Issue | None:
    """An issue, while it is kept."""
    row = tx.get(IssueRow, number, populate_existing=True)
    return None if row is None else _issue(row)


def list_issues(tx: Transaction, *, limit: int = 20) -> tuple[Issue, ...]:
    """The newest issues."""
    return tuple(map(_issue, tx.scalars(select(IssueRow).order_by(IssueRow.id.desc()).limit(limit))))


def drop_issues(tx: Transaction, *, before: datetime) -> int:
    """Let go of issues that told of a time before then."""
    return changed(tx, delete(IssueRow).where(IssueRow.until_at < before))


def _get(tx: Transaction, number: int) -> SubscriberRow:
    row = tx.get(_ROW, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("This subscription has ended.")
    return row


def _subscriber(row: SubscriberRow) -> Subscriber:
    return Subscriber(
        id=row.id,
        address=row.address,
        period=Period(row.period),
        wanted=wanted_of(row.wanted),
        state=SubscriberState(row.state),
        leave_token=row.leave_token,
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        paused_at=row.paused_at,
        refusal_count=row.refusal_count,
        note=row.note,
    )


def _issue(row: IssueRow) -> Issue:
    return Issue(
        id=row.id,
        period=Period(row.period),
        wanted=wanted_of(row.wanted),
        from_at=row.from_at,
        until_at=row.until_at,
        subject=row.subject,
        text=row.text,
        html=row.html,
        wire_count=row.wire_count,
        after_edition=row.after_edition or 0,
        edition=row.edition or 0,
        wires=tuple(map(WireId, row.wires or ())),
    )
