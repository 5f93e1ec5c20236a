"""Publishers, sources, where each source stands, and who may poll it now.

A source is polled by whoever holds its lease: taken by a conditional UPDATE, checked again in the transaction that
records the poll, so that a holder that wakes late writes nothing stale (P23, F8). Nothing here deletes history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    Failure,
    Health,
    Hints,
    Origin,
    PollState,
    Publisher,
    PublisherId,
    Source,
    SourceId,
    SourceReport,
    Tier,
    Validators,
)
from monitor.store.database import take_turn
from monitor.store.tables import EntryRow, HostRow, PollRow, PollStateRow, PublisherDomainRow, PublisherRow, SourceRow

CATALOGUE_LOCK = 7_200_002  # any number of our own, beside that of migrations
QUIET_AFTER = timedelta(days=30)  # a source that brought nothing for so long is shown as quiet


def lock_catalogue(tx: Session) -> None:
    """One follower of feeds.yaml at a time, until the transaction ends: two would add the same source twice (F7)."""
    take_turn(tx, CATALOGUE_LOCK)


# --- publishers -------------------------------------------------------------------------------------------------


def record_publishers(tx: Session, publishers: Iterable[Publisher]) -> None:
    """Add or change publishers; their domains become exactly those given. A domain moves to whoever claims it last."""
    for publisher in publishers:
        tx.merge(PublisherRow(id=publisher.id, name=publisher.name, owner=publisher.owner))
        tx.flush()
        tx.execute(delete(PublisherDomainRow).where(PublisherDomainRow.publisher_id == publisher.id))
        for domain in publisher.domains:
            tx.merge(PublisherDomainRow(domain=domain, publisher_id=publisher.id))
        tx.flush()


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


# --- sources ----------------------------------------------------------------------------------------------------


def list_sources(tx: Session) -> tuple[Source, ...]:
    """The sources that are polled, by id; retired ones are left out."""
    rows = tx.scalars(select(SourceRow).where(SourceRow.retired_at.is_(None)).order_by(SourceRow.id))
    return tuple(map(_source, rows))


def get_source(tx: Session, source: SourceId) -> Source:
    """The source of that id, retired or not; raises Unknown."""
    row = tx.get(SourceRow, source)
    if row is None:
        raise Unknown(f"There is no source {source!r}. `monitor sources` lists them all.")
    return _source(row)


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
    tx.add(_new_state(source, now))
    tx.flush()


def change_source(tx: Session, source: Source, *, now: datetime) -> None:
    """Record what feeds.yaml now says; raises Unknown. Another URL starts without validators, due at once (P5)."""
    row = tx.get(SourceRow, source.id)
    if row is None:
        raise Unknown(f"There is no source {source.id!r} to change.")
    is_moved = row.url != source.url
    for name, value in _columns(source).items():
        setattr(row, name, value)
    tx.flush()
    if is_moved:
        _point_at(tx, source.id, source.url, rule="its URL changed in feeds.yaml", now=now)


def retire_source(tx: Session, source: SourceId, *, now: datetime) -> None:
    """Stop polling; everything it brought is kept. Retiring twice changes nothing."""
    tx.execute(update(SourceRow).where(SourceRow.id == source, SourceRow.retired_at.is_(None)).values(retired_at=now))
    tx.execute(update(PollStateRow).where(PollStateRow.source_id == source).values(lease_owner=None, leased_until=None))


def restore_url(tx: Session, source: SourceId, *, now: datetime) -> Source:
    """Poll the URL of feeds.yaml again instead of a learnt redirect (P15); raises Unknown."""
    found = get_source(tx, source)
    _point_at(tx, source, found.url, rule="its URL of feeds.yaml was restored", now=now)
    return found


def _point_at(tx: Session, source: SourceId, url: str, *, rule: str, now: datetime) -> None:
    """Poll another URL from now on. A poll of the old one that is still under way loses its lease."""
    fresh = {
        "url": url,
        "etag": None,
        "last_modified": None,
        "validators_url": None,
        "due_at": now,
        "rule": rule,
        "failure_weight": 0.0,
        "failing_since": None,
        "silent_until": None,
        "body_digest": None,
        "is_gone": False,
        "redirect_url": None,
        "redirect_since": None,
        "redirect_count": 0,
        "lease_owner": None,
        "leased_until": None,
    }
    tx.execute(update(PollStateRow).where(PollStateRow.source_id == source).values(**fresh))


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
        "is_aggregator": source.is_aggregator,
    }


def _source(row: SourceRow) -> Source:
    return Source(
        id=SourceId(row.id),
        name=row.name,
        url=row.url,
        origin=Origin(row.origin),
        tier=Tier(row.tier),
        publisher=PublisherId(row.publisher_id),
        provider=row.provider,
        language=row.language,
        cadence=None if row.cadence_seconds is None else timedelta(seconds=row.cadence_seconds),
        is_aggregator=row.is_aggregator,
    )


# --- where a source stands --------------------------------------------------------------------------------------


def get_poll_state(tx: Session, source: SourceId) -> PollState:
    """Where a source stands; raises Unknown."""
    row = tx.get(PollStateRow, source, populate_existing=True)
    if row is None:
        raise Unknown(f"There is no source {source!r}.")
    return _state(row)


def list_reports(tx: Session, now: datetime) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last."""
    per_source = select(EntryRow.source_id, func.count()).group_by(EntryRow.source_id)
    counts = dict(tx.execute(per_source).all())
    silent = _silent_hosts(tx, now)
    joined = (
        select(SourceRow, PublisherRow.name, PollStateRow)
        .join(PublisherRow, PublisherRow.id == SourceRow.publisher_id)
        .join(PollStateRow, PollStateRow.source_id == SourceRow.id)
        .order_by(SourceRow.retired_at.is_not(None), SourceRow.id)
    )
    return tuple(
        SourceReport(
            source=_source(row),
            publisher_name=publisher_name,
            state=(state := _heed_host(_state(state_row), silent)),
            health=_health(state, now, is_retired=row.retired_at is not None),
            entry_count=counts.get(row.id, 0),
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


def _new_state(source: Source, now: datetime) -> PollStateRow:
    state = PollState(source=source.id, url=source.url, due_at=now)
    return PollStateRow(source_id=source.id, **_state_columns(state))


def _state_columns(state: PollState) -> dict[str, Any]:
    return {
        "url": state.url,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "validators_url": state.validators_url,
        "due_at": state.due_at,
        "rule": state.rule,
        "interval_seconds": state.interval.total_seconds(),
        "hints": _hints_json(state.hints),
        "failure_weight": state.failure_weight,
        "failing_since": state.failing_since,
        "silent_until": state.silent_until,
        "body_digest": state.body_digest,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "last_outcome": state.last_outcome,
        "is_gone": state.is_gone,
        "redirect_url": state.redirect_url,
        "redirect_since": state.redirect_since,
        "redirect_count": state.redirect_count,
    }


def _state(row: PollStateRow) -> PollState:
    return PollState(
        source=SourceId(row.source_id),
        url=row.url,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        validators_url=row.validators_url,
        due_at=row.due_at,
        rule=row.rule,
        interval=timedelta(seconds=row.interval_seconds),
        hints=_hints(row.hints),
        failure_weight=row.failure_weight,
        failing_since=row.failing_since,
        silent_until=row.silent_until,
        body_digest=row.body_digest,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
        last_outcome=row.last_outcome,
        is_gone=row.is_gone,
        redirect_url=row.redirect_url,
        redirect_since=row.redirect_since,
        redirect_count=row.redirect_count,
    )


def _hints_json(hints: Hints) -> dict[str, Any]:
    return {
        "ttl": None if hints.ttl is None else hints.ttl.total_seconds(),
        "update_every": None if hints.update_every is None else hints.update_every.total_seconds(),
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


def _hints(stored: dict[str, Any]) -> Hints:
    def span(name: str) -> timedelta | None:
        return None if stored.get(name) is None else timedelta(seconds=stored[name])

    return Hints(
        ttl=span("ttl"),
        update_every=span("update_every"),
        skip_hours=frozenset(stored.get("skip_hours", ())),
        skip_days=frozenset(stored.get("skip_days", ())),
    )


# --- leases -----------------------------------------------------------------------------------------------------


def lease_due_sources(
    tx: Session,
    *,
    now: datetime,
    owner: str,
    limit: int,
    lease_for: timedelta,
    due_by: datetime | None = None,
    passed_over: Sequence[SourceId] = (),
) -> tuple[tuple[Source, PollState], ...]:
    """Take up to `limit` sources that are due, longest due first, on hosts that have not asked for silence (P9).

    `due_by` (now, unless earlier) lets one round end although sources fall due while it runs; `passed_over` are never
    taken.
    """
    silent = _silent_hosts(tx, now)
    ready = and_(_is_ready(now), PollStateRow.due_at <= (due_by or now))
    waiting = (
        select(PollStateRow, SourceRow)
        .join(SourceRow, SourceRow.id == PollStateRow.source_id)
        .where(ready, SourceRow.retired_at.is_(None), PollStateRow.source_id.not_in(passed_over))
        .order_by(PollStateRow.due_at, PollStateRow.source_id)
        .with_for_update(skip_locked=True, of=PollStateRow)
    )
    taken: list[tuple[Source, PollState]] = []
    for state, source in tx.execute(waiting).all():
        if len(taken) == limit:
            break
        if host_of(state.url) not in silent and _take(tx, state.source_id, ready, owner, now + lease_for):
            taken.append((_source(source), _state(state)))
    return tuple(taken)


def lease_source(
    tx: Session, source: SourceId, *, now: datetime, owner: str, lease_for: timedelta
) -> tuple[Source, PollState] | None:
    """Take one source now, due or not; None where another worker holds it. Raises Unknown."""
    found, state = get_source(tx, source), get_poll_state(tx, source)
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    return (found, state) if _take(tx, source, is_free, owner, now + lease_for) else None


def count_due_sources(tx: Session, *, now: datetime) -> int:
    """How many sources are due and free."""
    query = select(func.count()).select_from(PollStateRow).join(SourceRow, SourceRow.id == PollStateRow.source_id)
    return tx.scalar(query.where(_is_ready(now), PollStateRow.due_at <= now, SourceRow.retired_at.is_(None))) or 0


def is_lease_held(tx: Session, source: SourceId, *, owner: str) -> bool:
    """Whether `owner` still holds the source; locks the row until the transaction ends, so it stays true."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    return _changed(tx, held.values(lease_owner=owner)) == 1


def end_lease(tx: Session, source: SourceId, *, owner: str) -> None:
    """Give a source back without a poll."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    tx.execute(held.values(lease_owner=None, leased_until=None))


def _is_ready(now: datetime) -> ColumnElement[bool]:
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    return and_(PollStateRow.is_gone.is_(False), is_free)


def _take(tx: Session, source: str, condition: ColumnElement[bool], owner: str, until: datetime) -> bool:
    wanted = update(PollStateRow).where(PollStateRow.source_id == source, condition)
    return _changed(tx, wanted.values(lease_owner=owner, leased_until=until)) == 1


def _changed(tx: Session, statement: Any) -> int:
    result: Any = tx.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


# --- polls ------------------------------------------------------------------------------------------------------


def record_poll(
    tx: Session,
    state: PollState,
    *,
    owner: str,
    polled_at: datetime,
    outcome: str,
    detail: str,
    status: int | None = None,
    new_entry_count: int = 0,
) -> bool:
    """Store where the source stands, the line in its history, and give the lease back, together (P4).

    False, with nothing written, where `owner` no longer holds the lease: the caller then rolls everything back (F8).
    """
    if not record_state(tx, state, owner=owner):
        return False
    line = PollRow(
        source_id=state.source,
        polled_at=polled_at,
        outcome=outcome,
        detail=detail,
        status=status,
        new_entry_count=new_entry_count,
    )
    tx.add(line)
    tx.flush()
    return True


def record_state(tx: Session, state: PollState, *, owner: str) -> bool:
    """Store where the source stands and give the lease back, without a line in its history: nothing was asked."""
    held = update(PollStateRow).where(PollStateRow.source_id == state.source, PollStateRow.lease_owner == owner)
    return _changed(tx, held.values(**_state_columns(state), lease_owner=None, leased_until=None)) == 1


def count_polls(tx: Session, source: SourceId) -> int:
    """How often a source was polled."""
    return tx.scalar(select(func.count()).select_from(PollRow).where(PollRow.source_id == source)) or 0


# --- hosts ------------------------------------------------------------------------------------------------------


def host_of(url: str) -> str:
    """The host a URL names, lower case; "" where it names none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def record_host_silence(tx: Session, host: str, *, until: datetime) -> None:
    """No request goes to `host` before `until`; a longer silence already asked for stays (P9)."""
    row = tx.get(HostRow, host, with_for_update=True)
    if row is None:
        tx.add(HostRow(host=host, silent_until=until))
    elif row.silent_until < until:
        row.silent_until = until
    tx.flush()


def is_host_silent(tx: Session, host: str, *, now: datetime) -> bool:
    """Whether a host has asked for silence that still lasts."""
    return host in _silent_hosts(tx, now)


def _silent_hosts(tx: Session, now: datetime) -> dict[str, datetime]:
    rows = tx.scalars(select(HostRow).where(HostRow.silent_until > now))
    return {row.host: row.silent_until for row in rows}


def _heed_host(state: PollState, silent: dict[str, datetime]) -> PollState:
    """The state with its next poll put off by its host's silence, so that the page tells the truth (P26)."""
    host = host_of(state.url)
    until = silent.get(host)
    if until is None or until <= state.due_at or state.is_gone:
        return state
    return replace(state, due_at=until, silent_until=until, rule=f"{host} asked for silence (429)")
