"""Saved filters: who saved what under which name, whom it tells, and the private address of its feed.

Of a feed's address only a hash of the secret part is kept, as of a session's (D1): who reads the database cannot read
the feeds. What is removed stays as a row, for the audit's words to mean something.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, bindparam, or_, select
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import AlertTo, CandidateId, Filter, SavedFilter, filter_of
from monitor.store.database import insert_new, settled
from monitor.store.tables_desk import FilterMatchRow, SavedFilterRow

_ROW = SavedFilterRow
_SEEN_BY = (  # asked with every page of the queue
    select(*_ROW.__table__.columns)
    .where(_ROW.removed_at.is_(None), or_(_ROW.owner == bindparam("who"), _ROW.is_shared.is_(True)))
    .order_by(_ROW.name, _ROW.id)
)


def add_filter(
    tx: Session, *, owner: str, name: str, wanted: Filter, is_shared: bool = False, now: datetime
) -> SavedFilter:
    """Keep a filter under a name; its alert is off, and it has no feed."""
    row = _ROW(
        owner=owner,
        name=name,
        query=wanted.query(offset=0),
        is_shared=is_shared,
        alerts=AlertTo.NOBODY.value,
        made_at=now,
        told_until=now,
    )
    tx.add(row)
    tx.flush()
    return _filter(row)


def list_filters(tx: Session, *, who: str) -> tuple[SavedFilter, ...]:
    """Those of `who` and those that others share, by name."""
    return tuple(map(_filter, settled(tx).execute(_SEEN_BY, {"who": who})))


def list_alerting(tx: Session) -> tuple[SavedFilter, ...]:
    """Those that tell somebody, oldest first."""
    query = select(_ROW).where(_ROW.removed_at.is_(None), _ROW.alerts != AlertTo.NOBODY.value)
    return tuple(map(_filter, tx.scalars(query.order_by(_ROW.id))))


def get_filter(tx: Session, number: int) -> SavedFilter:
    """One saved filter that is not removed; raises Unknown."""
    return _filter(_get(tx, number))


def find_by_token(tx: Session, token: str) -> SavedFilter | None:
    """The filter whose feed has this secret in its address."""
    found = tx.scalar(select(_ROW).where(_ROW.token_hash == hash_of(token), _ROW.removed_at.is_(None)))
    return None if found is None else _filter(found)


def record_settings(
    tx: Session, number: int, *, name: str | None = None, is_shared: bool | None = None, wanted: Filter | None = None
) -> SavedFilter:
    """Change what is given of a filter."""
    row = _get(tx, number)
    row.name = row.name if name is None else name
    row.is_shared = row.is_shared if is_shared is None else is_shared
    row.query = row.query if wanted is None else wanted.query(offset=0)
    tx.flush()
    return _filter(row)


def record_alerts(tx: Session, number: int, alerts: AlertTo, *, now: datetime) -> SavedFilter:
    """Whom it tells; one that was off begins now, and what matched before goes untold."""
    row = _get(tx, number)
    if row.alerts == AlertTo.NOBODY.value:
        row.told_until = now
    row.alerts = alerts.value
    tx.flush()
    return _filter(row)


def record_told_until(tx: Session, number: int, *, until: datetime) -> None:
    """What grew before then has been looked at."""
    _get(tx, number).told_until = until
    tx.flush()


def record_token(tx: Session, number: int, token: str | None) -> SavedFilter:
    """Open the feed at a new secret address, or (None) close it; the address before is no more."""
    row = _get(tx, number)
    row.token_hash = None if token is None else hash_of(token)
    tx.flush()
    return _filter(row)


def record_removal(tx: Session, number: int, *, now: datetime) -> None:
    """Take it out of every list; its feed and its alert end."""
    row = _get(tx, number)
    row.removed_at, row.token_hash, row.alerts = now, None, AlertTo.NOBODY.value
    tx.flush()


def record_matches(tx: Session, number: int, candidates: Sequence[CandidateId], *, now: datetime) -> None:
    """These are told, or need no telling."""
    insert_new(tx, FilterMatchRow, [{"filter_id": number, "candidate_id": c, "matched_at": now} for c in candidates])


def hash_of(token: str) -> str:
    """What is kept of the secret part of an address."""
    return sha256(token.encode()).hexdigest()


def _get(tx: Session, number: int) -> SavedFilterRow:
    row = tx.get(_ROW, number) if 0 < number < 2**31 else None
    if row is None or row.removed_at is not None:
        raise Unknown(f"There is no saved filter {number}. Your filters are at /desk/filters.")
    return row


def _filter(row: SavedFilterRow | Row[*tuple[Any, ...]]) -> SavedFilter:
    return SavedFilter(
        id=row.id,
        owner=row.owner,
        name=row.name,
        filter=filter_of(row.query),
        is_shared=row.is_shared,
        alerts=AlertTo(row.alerts),
        has_feed=row.token_hash is not None,
        made_at=row.made_at,
        told_until=row.told_until,
    )
