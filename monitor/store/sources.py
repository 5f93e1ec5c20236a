"""Publishers and sources, as feeds.yaml names them. Nothing here deletes history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import Publisher, PublisherId, Source, SourceId
from monitor.store import polls
from monitor.store.conditions import add_condition, call_for_judgement, call_for_judgement_of_publisher
from monitor.store.database import take_turn
from monitor.store.rounds import source_of as source_of
from monitor.store.tables import PollStateRow, PublisherDomainRow, PublisherRow, SourceRow

CATALOGUE_LOCK = 7_200_002  # any number of our own, beside that of migrations


def lock_catalogue(tx: Session) -> None:
    """One follower of feeds.yaml at a time, until the transaction ends: two would add the same source twice (F7)."""
    take_turn(tx, CATALOGUE_LOCK)


# --- publishers -----------------------------------------------------------------------------------------------------


def record_publishers(tx: Session, publishers: Iterable[Publisher]) -> None:
    """Add or change publishers; their domains become exactly those given. A domain moves to whoever claims it last."""
    for publisher in publishers:
        tx.merge(PublisherRow(id=publisher.id, name=publisher.name, owner=publisher.owner))
        tx.flush()
        tx.execute(delete(PublisherDomainRow).where(PublisherDomainRow.publisher_id == publisher.id))
        for domain in publisher.domains:
            tx.merge(PublisherDomainRow(domain=domain, publisher_id=publisher.id))
        tx.flush()
        call_for_judgement_of_publisher(tx, publisher.id)


def list_publishers(tx: Session) -> tuple[Publisher, ...]:
    """All publishers, by id."""
    rows = tx.scalars(select(PublisherRow).order_by(PublisherRow.id)).all()
    domains: dict[str, list[str]] = {}
    for row in tx.scalars(select(PublisherDomainRow).order_by(PublisherDomainRow.domain)):
        domains.setdefault(row.publisher_id, []).append(row.domain)
    return tuple(_publisher(row, domains.get(row.id, ())) for row in rows)


def find_publisher(tx: Session, domains: Sequence[str]) -> Publisher | None:
    """Whoever speaks at the first of `domains` that anybody claims: give the host first, then wider domains."""
    rows = tx.scalars(select(PublisherDomainRow).where(PublisherDomainRow.domain.in_(domains)))
    claimed = {row.domain: row.publisher_id for row in rows}
    for domain in domains:
        if domain in claimed:
            row = tx.get_one(PublisherRow, claimed[domain])
            own = select(PublisherDomainRow.domain).where(PublisherDomainRow.publisher_id == row.id)
            return _publisher(row, sorted(tx.scalars(own)))
    return None


def _publisher(row: PublisherRow, domains: Sequence[str]) -> Publisher:
    return Publisher(id=PublisherId(row.id), name=row.name, domains=tuple(domains), owner=row.owner)


# --- sources --------------------------------------------------------------------------------------------------------


def list_sources(tx: Session) -> tuple[Source, ...]:
    """The sources that are polled, by id; retired ones are left out."""
    rows = tx.scalars(select(SourceRow).where(SourceRow.retired_at.is_(None)).order_by(SourceRow.id))
    return tuple(map(source_of, rows))


def get_source(tx: Session, source: SourceId) -> Source:
    """The source of that id, retired or not; raises Unknown."""
    row = tx.get(SourceRow, source)
    if row is None:
        raise Unknown(f"There is no source {source!r}. `monitor sources` lists them all.")
    return source_of(row)


def count_sources(tx: Session) -> int:
    """How many sources are polled; retired ones are left out."""
    return tx.scalar(select(func.count()).select_from(SourceRow).where(SourceRow.retired_at.is_(None))) or 0


def add_source(tx: Session, source: Source, *, now: datetime) -> None:
    """Add a source, due at once. One that was retired comes back with its history, validators and due time."""
    row = tx.get(SourceRow, source.id)
    if row is not None:
        row.retired_at = None
        change_source(tx, source, now=now)
        return
    tx.add(SourceRow(id=source.id, **_columns(source)))
    tx.flush()
    polls.add_state(tx, source, now=now)
    tx.flush()
    add_condition(tx, source)


def change_source(tx: Session, source: Source, *, now: datetime) -> None:
    """Record what feeds.yaml now says; raises Unknown. Another URL starts without validators, due at once (P5)."""
    row = tx.get(SourceRow, source.id)
    if row is None:
        raise Unknown(f"There is no source {source.id!r} to change.")
    is_moved = (row.url, row.kind, row.selector) != (source.url, source.kind.value, source.selector)
    for name, value in _columns(source).items():
        setattr(row, name, value)
    tx.flush()
    call_for_judgement(tx, [source.id])
    if is_moved and not polls.settle_move(tx, source.id, source.url):
        polls.point_at(tx, source.id, source.url, rule="its URL changed in feeds.yaml", now=now)


def retire_source(tx: Session, source: SourceId, *, now: datetime) -> None:
    """Stop polling; everything it brought is kept. Retiring twice changes nothing."""
    tx.execute(update(SourceRow).where(SourceRow.id == source, SourceRow.retired_at.is_(None)).values(retired_at=now))
    tx.execute(update(PollStateRow).where(PollStateRow.source_id == source).values(lease_owner=None, leased_until=None))
    call_for_judgement(tx, [source])


def restore_url(tx: Session, source: SourceId, *, now: datetime) -> Source:
    """Poll the URL of feeds.yaml again instead of a learnt redirect (P15); raises Unknown."""
    found = get_source(tx, source)
    polls.point_at(tx, source, found.url, rule="its URL of feeds.yaml was restored", now=now)
    return found


def _columns(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "url": source.url,
        "origin": source.origin.value,
        "tier": source.tier.value,
        "publisher_id": source.publisher,
        "provider": source.provider,
        "language": source.language,
        "cadence_seconds": None if source.cadence is None else int(source.cadence.total_seconds()),
        "kind": source.kind.value,
        "selector": source.selector,
        "is_aggregator": source.is_aggregator,
    }
