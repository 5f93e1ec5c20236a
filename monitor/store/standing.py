"""All that is stored of how each source is doing. What it means is judged in `jobs/standing.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import SourceFacts, SourceId
from monitor.store.polls import silent_hosts, state_of
from monitor.store.sources import source_of
from monitor.store.tables import PollStateRow, PublisherRow, SourceRow

# Columns, not objects: every source is read for each look at the list, and objects cost twice as much.
_SOURCES: Select[Any] = (
    select(*SourceRow.__table__.c, PublisherRow.name.label("publisher_name"))
    .join(PublisherRow, PublisherRow.id == SourceRow.publisher_id)
    .order_by(SourceRow.retired_at.is_not(None), SourceRow.id)
)
_STATES: Select[Any] = select(*PollStateRow.__table__.c)


def list_facts(tx: Session, *, now: datetime, sources: Sequence[SourceId] | None = None) -> tuple[SourceFacts, ...]:
    """Every source, or those named, by id; retired ones last. Three queries, however many sources."""
    named, states = _SOURCES, _STATES
    if sources is not None:
        named = named.where(SourceRow.id.in_(sources))
        states = states.where(PollStateRow.source_id.in_(sources))
    silent = silent_hosts(tx, now)
    known = {row.source_id: row for row in tx.execute(states).all()}
    return tuple(_facts(row, known[row.id], silent) for row in tx.execute(named).all())


def get_facts(tx: Session, source: SourceId, *, now: datetime) -> SourceFacts:
    """One source; raises Unknown."""
    found = list_facts(tx, now=now, sources=[source])
    if not found:
        raise Unknown(f"There is no source {source!r}. `monitor sources` lists them all.")
    return found[0]


def _facts(row: Row[Any], state_row: Row[Any], silent: dict[str, datetime]) -> SourceFacts:
    return SourceFacts(
        source=source_of(row),
        publisher_name=row.publisher_name,
        state=state_of(state_row),
        host_silent_until=silent.get(state_row.host),
        retired_at=row.retired_at,
    )
