"""What a language model is asked: wishes that wait, answers that stand, and the calls that the day's budget counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from monitor.model import AskState, CandidateId, MachineAsk, MachineCall, Suggestion
from monitor.store.database import Transaction
from monitor.store.tables_machine import MachineAskRow, MachineCallRow


def add_ask(tx: Transaction, candidate: CandidateId, *, material: str, wanted_by: str, now: datetime) -> MachineAsk:
    """Let the candidate be asked about; one that waits already is whose who wants it now."""
    query = select(MachineAskRow).where(
        MachineAskRow.candidate_id == candidate, MachineAskRow.state == AskState.WAITING.value
    )
    row = tx.scalars(query.with_for_update()).first()
    if row is None:
        row = MachineAskRow(
            candidate_id=candidate, attempts=0, model="", fault="", suggestions=[], state=AskState.WAITING.value,
            wanted_by=wanted_by, wanted_at=now, due_at=now, material=material,
        )  # fmt: skip
        tx.add(row)
    else:
        row.material = material
        if wanted_by:
            row.wanted_by, row.wanted_at, row.due_at, row.attempts = wanted_by, now, now, 0
    tx.flush()
    return _ask(row)


def lease_ask(tx: Transaction, *, now: datetime, owner: str, lease_for: timedelta) -> MachineAsk | None:
    """Take the one that is asked about next: what an editor wants before what the newsroom does, then the oldest."""
    is_free = or_(MachineAskRow.leased_until.is_(None), MachineAskRow.leased_until <= now)
    query = (
        select(MachineAskRow)
        .where(MachineAskRow.state == AskState.WAITING.value, MachineAskRow.due_at <= now, is_free)
        .order_by(MachineAskRow.wanted_by == "", MachineAskRow.due_at, MachineAskRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.scalars(query).first()
    if row is None:
        return None
    row.lease_owner, row.leased_until = owner, now + lease_for
    tx.flush()
    return _ask(row)


def record_answer(
    tx: Transaction, ask: MachineAsk, *, owner: str, model: str, suggestions: Sequence[Suggestion], now: datetime
) -> bool:
    """Keep what was answered; False where somebody else holds the ask by now."""
    if (row := _held(tx, ask, owner)) is None:
        return False
    row.state, row.model, row.settled_at, row.fault = AskState.ANSWERED.value, model, now, ""
    row.suggestions = [
        {"field": s.field, "value": s.value, "reason": s.reason, "confidence": s.confidence} for s in suggestions
    ]
    tx.flush()
    return True


def record_trouble(
    tx: Transaction, ask: MachineAsk, *, owner: str, fault: str, due_at: datetime | None, now: datetime
) -> bool:
    """Keep why there is no answer, and when to ask again; None: it is given up."""
    if (row := _held(tx, ask, owner)) is None:
        return False
    row.attempts += 1
    row.fault = fault
    if due_at is None:
        row.state, row.settled_at = AskState.FAILED.value, now
    else:
        row.due_at = due_at
    tx.flush()
    return True


def end_ask_lease(tx: Transaction, ask: MachineAsk, *, owner: str) -> None:
    """Give it back unasked."""
    _held(tx, ask, owner)
    tx.flush()


def append_call(tx: Transaction, call: MachineCall) -> None:
    """Keep that the endpoint was asked, and what that took."""
    tx.add(MachineCallRow(ask_id=call.ask, at=call.at, model=call.model, tokens=call.tokens, fault=call.fault))
    tx.flush()


def count_calls(tx: Transaction, *, since: datetime) -> tuple[int, int]:
    """Requests and tokens since an instant, whoever wanted them."""
    query = select(func.count(), func.coalesce(func.sum(MachineCallRow.tokens), 0)).where(MachineCallRow.at >= since)
    requests, tokens = tx.execute(query).one()
    return int(requests), int(tokens)


def find_ask(tx: Transaction, candidate: CandidateId) -> MachineAsk | None:
    """The latest that was wanted about a candidate, in whatever state."""
    query = select(MachineAskRow).where(MachineAskRow.candidate_id == candidate).order_by(MachineAskRow.id.desc())
    row = tx.scalars(query.limit(1)).first()
    return None if row is None else _ask(row)


def find_answer(tx: Transaction, candidate: CandidateId) -> MachineAsk | None:
    """The latest that was answered about a candidate."""
    query = (
        select(MachineAskRow)
        .where(MachineAskRow.candidate_id == candidate, MachineAskRow.state == AskState.ANSWERED.value)
        .order_by(MachineAskRow.id.desc())
        .limit(1)
    )
    row = tx.scalars(query).first()
    return None if row is None else _ask(row)


def _held(tx: Transaction, ask: MachineAsk, owner: str) -> MachineAskRow | None:
    """The row, its lease ended, where `owner` still holds it."""
    row = tx.get(MachineAskRow, ask.id, with_for_update=True)
    if row is None or row.lease_owner != owner:
        return None
    row.lease_owner = row.leased_until = None
    return row


def _ask(row: MachineAskRow) -> MachineAsk:
    return MachineAsk(
        id=row.id,
        candidate=CandidateId(row.candidate_id),
        wanted_by=row.wanted_by,
        wanted_at=row.wanted_at,
        material=row.material,
        state=AskState(row.state),
        due_at=row.due_at,
        attempts=row.attempts,
        model=row.model,
        settled_at=row.settled_at,
        fault=row.fault,
        suggestions=tuple(Suggestion(**record, model=row.model) for record in row.suggestions),
    )
