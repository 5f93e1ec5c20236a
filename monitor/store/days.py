"""What each day brought: the picture of a month and the rhythm of a source, without reading every poll of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Text, and_, cast, func, select

from monitor.model import ActiveDays, SourceDay, SourceId
from monitor.store.database import Round, connected
from monitor.store.rounds import SOURCE_DAYS as _DAYS
from monitor.store.rounds import SOURCES as _SOURCES


def list_days(
    tx: Round, *, since: date, sources: Collection[SourceId] | None = None
) -> dict[SourceId, tuple[SourceDay, ...]]:
    """What each day since `since` brought, oldest first, by source; days without a poll are left out.

    Joined from the sources, so that the key finds the days and none of before is looked at.
    """
    row = _DAYS.c  # columns, not objects: they cost a third of the time
    query = (
        select(row.source_id, row.day, row.poll_count, row.error_count, row.new_entry_count)
        .select_from(_SOURCES)
        .join(_DAYS, and_(row.source_id == _SOURCES.c.id, row.day >= since))
        .order_by(row.source_id, row.day)
    )
    if sources is not None:
        query = query.where(_SOURCES.c.id.in_(sources))
    days: dict[SourceId, list[SourceDay]] = {}
    for key, day, poll_count, error_count, new_entry_count in connected(tx).execute(query).all():
        found = SourceDay(day=day, poll_count=poll_count, error_count=error_count, new_entry_count=new_entry_count)
        days.setdefault(SourceId(key), []).append(found)
    return {key: tuple(found) for key, found in days.items()}


def list_active_days(
    tx: Round, *, since: date, sources: Collection[SourceId] | None = None
) -> dict[SourceId, ActiveDays]:
    """The days with news since `since`, by source: one row for each source."""
    row = _DAYS.c
    news = func.aggregate_strings(cast(row.day, Text), ",").filter(row.new_entry_count > 0)
    trouble = func.max(row.day).filter(row.error_count > 0)
    query = (
        select(_SOURCES.c.id, func.min(row.day), news, trouble)
        .select_from(_SOURCES)
        .join(_DAYS, and_(row.source_id == _SOURCES.c.id, row.day >= since))
        .group_by(_SOURCES.c.id)
    )
    if sources is not None:
        query = query.where(_SOURCES.c.id.in_(sources))
    return {
        SourceId(key): ActiveDays(first=first, active=_dates(days), last_error=error)
        for key, first, days, error in connected(tx).execute(query)
    }


def _dates(joined: str | None) -> tuple[date, ...]:
    return tuple(sorted(map(date.fromisoformat, joined.split(",")))) if joined else ()
