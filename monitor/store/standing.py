"""How every source is doing, as an operator sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.model import Failure, Health, PollState, SourceReport
from monitor.store.polls import heed_host, silent_hosts, state_of
from monitor.store.sources import source_of
from monitor.store.tables import PollStateRow, PublisherRow, SourceRow

QUIET_AFTER = timedelta(days=30)  # a source that brought nothing for so long is shown as quiet


def list_reports(tx: Session, now: datetime) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last."""
    silent = silent_hosts(tx, now)
    joined = (
        select(SourceRow, PublisherRow.name, PollStateRow)
        .join(PublisherRow, PublisherRow.id == SourceRow.publisher_id)
        .join(PollStateRow, PollStateRow.source_id == SourceRow.id)
        .order_by(SourceRow.retired_at.is_not(None), SourceRow.id)
    )
    return tuple(
        SourceReport(
            source=source_of(row),
            publisher_name=publisher_name,
            state=(state := heed_host(state_of(state_row), silent)),
            health=_health(state, now, is_retired=row.retired_at is not None),
            entry_count=state.entry_count,
            retired_at=row.retired_at,
        )
        for row, publisher_name, state_row in tx.execute(joined).all()
    )


def _health(state: PollState, now: datetime, *, is_retired: bool) -> Health:
    if is_retired:
        return Health.RETIRED
    if state.is_gone:
        return Health.GONE
    if state.silent_until is not None and state.silent_until > now:
        return Health.THROTTLED
    if state.last_polled_at is None:
        return Health.NEW
    if state.failure_weight > 0:
        return Health.NOT_A_FEED if state.last_outcome.startswith(Failure.NOT_A_FEED) else Health.FAILING
    if state.last_new_at is None or now - state.last_new_at > QUIET_AFTER:
        return Health.QUIET
    return Health.HEALTHY
