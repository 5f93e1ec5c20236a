"""Which troubles of sources the operator was told of, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.model import Health, Said, SourceId
from monitor.store.database import take_turn
from monitor.store.tables import AlertRow

ALERTS_LOCK = 7_200_003  # any number of our own


def lock_alerts(tx: Session) -> None:
    """One teller at a time, until the transaction ends: two would say the same (F7)."""
    take_turn(tx, ALERTS_LOCK)


def list_said(tx: Session) -> dict[tuple[SourceId, Health], Said]:
    """All that was ever told, one for each source and cause."""
    return {
        (SourceId(row.source_id), Health(row.health)): Said(
            source=SourceId(row.source_id), health=Health(row.health), said_at=row.said_at, ended_at=row.ended_at
        )
        for row in tx.scalars(select(AlertRow))
    }


def record_said(tx: Session, source: SourceId, health: Health, *, now: datetime) -> None:
    """It was told now, and stands."""
    tx.merge(AlertRow(source_id=source, health=health.value, said_at=now, ended_at=None))
    tx.flush()


def record_ended(tx: Session, source: SourceId, health: Health, *, now: datetime) -> None:
    """Its end was told, or went without saying."""
    row = tx.get(AlertRow, (source, health.value))
    if row is not None:
        row.ended_at = now
        tx.flush()
