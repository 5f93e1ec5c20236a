"""All that is stored of how each source is doing. What it means is judged in `jobs/standing.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import ActiveDays, SourceFacts, SourceId
from monitor.store.days import list_active_days
from monitor.store.polls import host_of, silent_hosts, state_of
from monitor.store.sources import source_of
from monitor.store.tables import PollStateRow, PublisherRow, SourceRow

_JOINED = (
    select(SourceRow, PublisherRow.name, PollStateRow)
    .join(PublisherRow, PublisherRow.id == SourceRow.publisher_id)
    .join(PollStateRow, PollStateRow.source_id == SourceRow.id)
)


def list_facts(tx: Session, *, now: datetime, since: date) -> tuple[SourceFacts, ...]:
    """Every source with its days since `since`, by id; retired ones last. Three queries, however many sources."""
    rows = tx.execute(_JOINED.order_by(SourceRow.retired_at.is_not(None), SourceRow.id)).all()
    return _facts(rows, list_active_days(tx, since=since), silent_hosts(tx, now))


def get_facts(tx: Session, source: SourceId, *, now: datetime, since: date) -> SourceFacts:
    """One source with its days since `since`; raises Unknown."""
    rows = tx.execute(_JOINED.where(SourceRow.id == source)).all()
    if not rows:
        raise Unknown(f"There is no source {source!r}. `monitor sources` lists them all.")
    return _facts(rows, list_active_days(tx, since=since, source=source), silent_hosts(tx, now))[0]


def _facts(
    rows: Sequence[Row[SourceRow, str, PollStateRow]],
    days: dict[SourceId, ActiveDays],
    silent: dict[str, datetime],
) -> tuple[SourceFacts, ...]:
    return tuple(
        SourceFacts(
            source=source_of(row),
            publisher_name=publisher_name,
            state=(state := state_of(state_row)),
            days=days.get(SourceId(row.id), ActiveDays()),
            host_silent_until=silent.get(host_of(state.url)),
            retired_at=row.retired_at,
        )
        for row, publisher_name, state_row in rows
    )
