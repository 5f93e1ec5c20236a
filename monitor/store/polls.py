"""Where each source stands, the history of its polls, and which hosts asked for silence."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Row as RowOf
from sqlalchemy import Update, and_, bindparam, func, insert, select, update

from monitor.errors import Unknown
from monitor.model import NEVER_POLLED, Held, Hints, PastPoll, Polled, PollState, Source, SourceId, Validators
from monitor.store.conditions import call_for_judgement, call_for_judgement_of_host
from monitor.store.database import Round, add_up, connected, insert_new
from monitor.store.mapped import tables
from monitor.store.rounds import HOSTS, POLL_STATES, POLLS, SOURCE_DAYS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from monitor.store.tables import PollStateRow

_STORED = tuple(field.name for field in fields(PollState) if field.name not in ("source", "paused_at", "paused_by"))
"""What a poll decides of a state. Whether a source is paused, an operator decides."""
_read = attrgetter(*_STORED)

# --- where a source stands ------------------------------------------------------------------------------------------


def get_poll_state(tx: Session, source: SourceId) -> PollState:
    """Where a source stands; raises Unknown."""
    row = tx.get(tables.PollStateRow, source, populate_existing=True)
    if row is None:
        raise Unknown(f"There is no source {source!r}.")
    return state_of(row)


def add_state(tx: Session, source: Source, *, now: datetime) -> None:
    """Where a source stands that was never polled: due at once."""
    state = PollState(source=source.id, url=source.url, due_at=now)
    tx.add(tables.PollStateRow(source_id=source.id, **_state_columns(state)))


def _state_columns(state: PollState) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in _STORED:
        columns |= _columns_of(state, name)
    return columns


def _columns_of(state: PollState, name: str) -> dict[str, Any]:
    """What one field is stored as: most of them as they are."""
    match name:
        case "url":
            return {"url": state.url, "host": host_of(state.url)}
        case "validators":
            return {"etag": state.validators.etag, "last_modified": state.validators.last_modified}
        case "interval":
            return {"interval_seconds": state.interval.total_seconds()}
        case "hints":
            return {"hints": _hints_json(state.hints)}
        case "held":
            return {"held": None if state.held is None else _held_json(state.held)}
        case _:
            return {name: getattr(state, name)}


def state_of(row: PollStateRow | RowOf[Any]) -> PollState:
    """The noun of a row, read as an object or as columns."""
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
        moved_at=row.moved_at,
        gone_at=row.gone_at,
        throttled_since=row.throttled_since,
        feed_title=row.feed_title,
        feed_id=row.feed_id,
        held=None if row.held is None else _held(row.held),
        empty_since=row.empty_since,
        empty_count=row.empty_count,
        usual_count=row.usual_count,
        full_at=row.full_at,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        entry_count=row.entry_count,
        cursor=row.cursor,
        pushed_until=row.pushed_until,
    )


def _held_json(held: Held) -> dict[str, Any]:
    return {
        "since": held.since.isoformat(),
        "title": held.title,
        "feed_id": held.feed_id,
        "entry_titles": list(held.entry_titles),
    }


def _held(stored: dict[str, Any]) -> Held:
    return Held(
        since=datetime.fromisoformat(stored["since"]),
        title=stored["title"],
        feed_id=stored["feed_id"],
        entry_titles=tuple(stored["entry_titles"]),
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


def point_at(tx: Session, source: SourceId, url: str, *, rule: str, now: datetime) -> None:
    """Poll another URL from now on. A poll of the old one that is still under way loses its lease."""
    fresh = {
        "url": url,
        "etag": None,
        "last_modified": None,
        "validators_url": None,
        "due_at": now,
        "rule": rule,
        "last_outcome": NEVER_POLLED,
        "failure_weight": 0.0,
        "failing_since": None,
        "silent_until": None,
        "body_digest": None,
        "is_gone": False,
        "redirect_url": None,
        "redirect_since": None,
        "redirect_count": 0,
        "moved_at": None,
        "gone_at": None,
        "throttled_since": None,
        "held": None,
        "empty_since": None,
        "empty_count": 0,
        "cursor": None,
        "pushed_until": None,
        "host": host_of(url),
        "lease_owner": None,
        "leased_until": None,
    }
    tx.execute(update(tables.PollStateRow).where(tables.PollStateRow.source_id == source).values(**fresh))
    call_for_judgement(tx, [source])


# --- polls ----------------------------------------------------------------------------------------------------------


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
    is_error: bool = False,
) -> bool:
    """`record_polls` of one; False, with nothing written, where `owner` no longer holds the lease (F8)."""
    polled = Polled(
        state=state,
        polled_at=polled_at,
        outcome=outcome,
        detail=detail,
        status=status,
        new_entry_count=new_entry_count,
        is_error=is_error,
    )
    if not lock_held(tx, [state.source], owner=owner):
        return False
    record_polls(tx, [polled])
    call_for_judgement(tx, [state.source])
    return True


def lock_held(tx: Round, names: Iterable[SourceId], *, owner: str) -> frozenset[SourceId]:
    """Those of `names` that `owner` holds, locked until the transaction ends: it stays true (F8)."""
    row = POLL_STATES.c
    held = select(row.source_id).where(row.source_id.in_(list(names)))
    held = held.where(row.lease_owner == owner).order_by(row.source_id)  # in one order: no deadlock
    return frozenset(map(SourceId, connected(tx).scalars(held.with_for_update())))


def record_polls(tx: Round, polled: Sequence[Polled]) -> None:
    """Store where each source stands, its line in the history and its day, and give the leases back, together (P4).

    Whoever calls holds the leases, has locked them in this transaction, and judges in it how each source is doing.
    """
    if not polled:
        return
    changed_together: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for each in polled:
        values = _changes(each)
        changed_together[tuple(values)].append({"of": each.state.source} | values)
    connection = connected(tx)
    for names, rows in changed_together.items():
        connection.execute(_settling(names), rows)
    lines = [
        {
            "source_id": each.state.source,
            "polled_at": each.polled_at,
            "outcome": each.outcome,
            "detail": each.detail,
            "status": each.status,
            "new_entry_count": each.new_entry_count,
        }
        for each in polled
    ]
    connection.execute(_HISTORY, lines)
    _add_to_days(tx, polled)


def _changes(polled: Polled) -> dict[str, Any]:
    """The columns that a poll has changed, most of them few: after a 304 six of thirty."""
    if polled.before is None:
        return {f"new_{column}": value for column, value in _state_columns(polled.state).items()}
    changes: dict[str, Any] = {}
    for name, now, before in zip(_STORED, _read(polled.state), _read(polled.before), strict=True):
        if now != before:
            changes |= {f"new_{column}": value for column, value in _columns_of(polled.state, name).items()}
    return changes


@functools.lru_cache(maxsize=256)
def _settling(names: tuple[str, ...]) -> Update:
    """Where one source of many now stands, its lease given back; parameters by `_changes`."""
    values: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in names}
    values |= {"lease_owner": None, "leased_until": None}
    return update(POLL_STATES).where(POLL_STATES.c.source_id == bindparam("of")).values(values)


_HISTORY = insert(POLLS)


def _add_to_days(tx: Round, polled: Sequence[Polled]) -> None:
    """One more poll of each source's UTC day."""
    days = [
        {
            "source_id": each.state.source,
            "day": each.polled_at.astimezone(UTC).date(),
            "poll_count": 1,
            "error_count": int(each.is_error),
            "new_entry_count": each.new_entry_count,
        }
        for each in polled
    ]
    add_up(tx, SOURCE_DAYS, days)


def record_push(
    tx: Session, state: PollState, *, owner: str, pushed_at: datetime, detail: str, new_entry_count: int
) -> bool:
    """As `record_poll`, of what a hub delivered: the day counts what it brought, and no poll (P25)."""
    if not record_state(tx, state, owner=owner):
        return False
    tx.add(
        tables.PollRow(
            source_id=state.source,
            polled_at=pushed_at,
            outcome="pushed",
            detail=detail,
            new_entry_count=new_entry_count,
        )
    )
    tx.flush()
    day = {"source_id": state.source, "day": pushed_at.astimezone(UTC).date(), "poll_count": 0, "error_count": 0}
    add_up(tx, SOURCE_DAYS, [day | {"new_entry_count": new_entry_count}])
    return True


def list_polls(tx: Session, source: SourceId, *, limit: int = 50) -> tuple[PastPoll, ...]:
    """The last polls of a source, newest first."""
    query = (
        select(tables.PollRow)
        .where(tables.PollRow.source_id == source)
        .order_by(tables.PollRow.polled_at.desc(), tables.PollRow.id.desc())
    )
    return tuple(
        PastPoll(
            polled_at=row.polled_at,
            outcome=row.outcome,
            detail=row.detail,
            status=row.status,
            new_entry_count=row.new_entry_count,
        )
        for row in tx.scalars(query.limit(limit))
    )


def settle_move(tx: Session, source: SourceId, url: str) -> bool:
    """Whether `url`, now configured, is the one a redirect had led to: then nothing starts anew."""
    is_there = and_(
        tables.PollStateRow.source_id == source,
        tables.PollStateRow.url == url,
        tables.PollStateRow.moved_at.is_not(None),
    )
    call_for_judgement(tx, [source])
    return changed(tx, update(tables.PollStateRow).where(is_there).values(moved_at=None)) == 1


def pause(tx: Session, source: SourceId, *, by: str, now: datetime) -> None:
    """Stop polling until `resume`; a poll under way loses its lease. Pausing twice changes nothing."""
    is_running = and_(tables.PollStateRow.source_id == source, tables.PollStateRow.paused_at.is_(None))
    values = {"paused_at": now, "paused_by": by, "lease_owner": None, "leased_until": None}
    tx.execute(update(tables.PollStateRow).where(is_running).values(**values))
    call_for_judgement(tx, [source])


def resume(tx: Session, source: SourceId) -> None:
    """Poll again, when it is due next: a pause is no reason to ask sooner (P6)."""
    tx.execute(
        update(tables.PollStateRow)
        .where(tables.PollStateRow.source_id == source)
        .values(paused_at=None, paused_by=None)
    )
    call_for_judgement(tx, [source])


def hasten(tx: Session, source: SourceId, *, by: str, now: datetime, no_sooner: datetime) -> datetime:
    """Have a source asked at `no_sooner`, unless it is due before; the instant at which it will be. Ends a 410's rest.

    What silence was asked for is the caller's to heed: it is in `no_sooner`.
    """
    row = tx.get_one(tables.PollStateRow, source, with_for_update=True, populate_existing=True)
    if row.is_gone or row.due_at > no_sooner:
        row.due_at, row.rule, row.is_gone = no_sooner, f"{by} asked for it", False
        tx.flush()
        call_for_judgement(tx, [source])
    return max(row.due_at, now)


def take_held(tx: Session, source: SourceId, *, now: datetime) -> None:
    """Somebody said that the changed document is the source (H19): the next poll takes it whole, now."""
    fresh: dict[str, Any] = {"held": None, "feed_title": None, "feed_id": None, "body_digest": None, "etag": None}
    fresh |= {"last_modified": None, "validators_url": None, "due_at": now, "rule": "the change was confirmed"}
    tx.execute(update(tables.PollStateRow).where(tables.PollStateRow.source_id == source).values(**fresh))
    call_for_judgement(tx, [source])


def record_state(tx: Round, state: PollState, *, owner: str) -> bool:
    """Store where the source stands and give the lease back, without a line in its history: nothing was asked."""
    held = update(POLL_STATES).where(POLL_STATES.c.source_id == state.source, POLL_STATES.c.lease_owner == owner)
    call_for_judgement(tx, [state.source])
    return changed(tx, held.values(**_state_columns(state), lease_owner=None, leased_until=None)) == 1


def count_polls(tx: Session, source: SourceId) -> int:
    """How often a source was polled."""
    return tx.scalar(select(func.count()).select_from(tables.PollRow).where(tables.PollRow.source_id == source)) or 0


def changed(tx: Round, statement: Any) -> int:
    """How many rows a statement changed."""
    result: Any = tx.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


# --- hosts ----------------------------------------------------------------------------------------------------------


def host_of(url: str) -> str:
    """The host a URL names, lower case; "" where it names none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def record_host_silence(tx: Round, host: str, *, until: datetime) -> None:
    """No request goes to `host` before `until`; a longer silence already asked for stays (P9)."""
    insert_new(tx, HOSTS, [{"host": host, "silent_until": until}])
    is_shorter = and_(HOSTS.c.host == host, HOSTS.c.silent_until < until)
    connected(tx).execute(update(HOSTS).where(is_shorter).values(silent_until=until))
    call_for_judgement_of_host(tx, host)


def is_host_silent(tx: Session, host: str, *, now: datetime) -> bool:
    """Whether a host has asked for silence that still lasts."""
    return host in silent_hosts(tx, now)


def silent_hosts(tx: Round, now: datetime) -> dict[str, datetime]:
    rows = connected(tx).execute(select(HOSTS).where(HOSTS.c.silent_until > now))
    return {row.host: row.silent_until for row in rows}
