"""What an editor did last, and may want to take back."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from monitor.model import ActionKind, Decision
from monitor.store.candidates import decision_of
from monitor.store.database import Transaction, settled
from monitor.store.rounds import Instant
from monitor.store.tables import DecisionRow

UNDO_LIMIT = 20  # of an editor's decisions, among which the latest that stands is looked for
UNDO_SPAN = timedelta(days=1)


def find_latest_of(tx: Transaction, who: str, *, now: datetime) -> Decision | None:
    """The latest decision of `who` within a day that still stands and is no claim: what an undo takes back."""
    values = {"who": who, "since": now - UNDO_SPAN}
    row = settled(tx).execute(_latest_of(), values).one_or_none()
    return None if row is None else decision_of(row)


@functools.cache
def _latest_of() -> Select[Any]:
    """Among the last few, so that somebody who takes a thousand back is not asked for all of them each time."""
    few = (
        select(*DecisionRow.__table__.columns)
        .where(
            DecisionRow.editor == bindparam("who"),
            DecisionRow.decided_at >= bindparam("since", type_=Instant()),
            DecisionRow.kind.not_in([ActionKind.UNDO.value, ActionKind.CLAIM.value]),
        )
        .order_by(DecisionRow.decided_at.desc(), DecisionRow.id.desc())
        .limit(UNDO_LIMIT)
        .subquery()
    )
    later = aliased(DecisionRow)
    stands = ~exists().where(later.undoes_id == few.c.id)
    return select(few).where(stands).order_by(few.c.decided_at.desc(), few.c.id.desc()).limit(1)
