"""How each source was last judged to be doing: what the list of all is sorted, filtered and counted by.

A row is kept beside each source, so that one page of a thousand sources costs what one page of fifty does. Whatever
changes how a source is doing says so here (`call_for_judgement`) in the same transaction; what it means is judged in
`jobs/standing.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from monitor.model import Health, Judgement, Source, SourceId
from monitor.store.database import Round, connected
from monitor.store.rounds import CONDITIONS as _TABLE
from monitor.store.rounds import POLL_STATES as _STATES
from monitor.store.rounds import SOURCES as _SOURCES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLACES = {health: place for place, health in enumerate(Health)}
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


def add_condition(tx: Session, source: Source) -> None:
    """A newcomer's; it is judged as soon as anybody looks."""
    row = {
        "source_id": source.id,
        "health": Health.NEW.value,
        "place": _PLACES[Health.NEW],
        "sort_name": source.name.casefold(),
        "said": "",
        "judge_at": _AT_ONCE,
    }
    tx.execute(insert(_TABLE), [row])


def call_for_judgement(tx: Round, sources: Collection[SourceId]) -> None:
    """Something has changed how these are doing: each is judged anew, by whoever looks first."""
    connected(tx).execute(_call().where(_TABLE.c.source_id.in_(list(sources))))


def call_for_judgement_of_host(tx: Round, host: str) -> None:
    """The same for every source that is asked at `host`."""
    there = select(_STATES.c.source_id).where(_STATES.c.host == host)
    connected(tx).execute(_call().where(_TABLE.c.source_id.in_(there)))


def call_for_judgement_of_publisher(tx: Session, publisher: str) -> None:
    """The same for every source of a publisher, whose name is searched with theirs."""
    its = select(_SOURCES.c.id).where(_SOURCES.c.publisher_id == publisher)
    tx.execute(_call().where(_TABLE.c.source_id.in_(its)))


def _call() -> Any:
    return update(_TABLE).values(judge_at=_AT_ONCE)


def list_unjudged(tx: Session, *, now: datetime, limit: int, is_locking: bool = False) -> tuple[SourceId, ...]:
    """Up to `limit` sources that something has changed, or time has: the longest due first.

    With `is_locking` nobody else writes their judgement until the transaction ends.
    """
    due = select(_TABLE.c.source_id).where(_TABLE.c.judge_at <= now).order_by(_TABLE.c.judge_at, _TABLE.c.source_id)
    if is_locking:
        due = due.with_for_update(skip_locked=True)
    return tuple(map(SourceId, tx.scalars(due.limit(limit))))


def record_judgements(tx: Round, judgements: Iterable[Judgement]) -> None:
    """Keep what was judged, where it is not what is known already."""
    wanted = {each.source: each for each in judgements}
    known = select(_TABLE.c.source_id, _TABLE.c.health, _TABLE.c.judge_at).where(_TABLE.c.source_id.in_(list(wanted)))
    connection = connected(tx)
    for source, health, until in connection.execute(known):
        if (health, until) == (wanted[source].health, wanted[source].until):
            del wanted[source]
    rows = [_judged(wanted[source]) for source in sorted(wanted)]  # in one order: no deadlock
    if rows:
        connection.execute(_UPDATE, rows)


def record_words(tx: Session, sources: Iterable[tuple[Source, str]]) -> None:
    """What each is sorted and searched by: the source and the name of its publisher."""
    rows = [{"of": source.id, **_words(source, name)} for source, name in sorted(sources, key=lambda each: each[0].id)]
    if rows:
        tx.execute(_UPDATE_WORDS, rows)


def _judged(judgement: Judgement) -> dict[str, Any]:
    return {
        "of": judgement.source,
        "new_health": judgement.health.value,
        "new_place": _PLACES[judgement.health],
        "new_judge_at": judgement.until,
    }


def _words(source: Source, publisher_name: str) -> dict[str, Any]:
    said = (source.id, source.name, publisher_name, source.url, source.origin, source.kind, source.provider or "")
    return {"new_sort_name": source.name.casefold(), "new_said": " ".join(said).casefold()}


def _update(*names: str) -> Any:
    return update(_TABLE).where(_TABLE.c.source_id == bindparam("of")).values({n: bindparam(f"new_{n}") for n in names})


_UPDATE, _UPDATE_WORDS = _update("health", "place", "judge_at"), _update("sort_name", "said")


# --- the list -------------------------------------------------------------------------------------------------------


def count_by_health(tx: Session, *, words: Sequence[str] = ()) -> dict[Health, int]:
    """How many sources that have all these words are in each state, in the order of the states."""
    query = select(_TABLE.c.place, func.count().label("found")).where(*_with(words)).group_by(_TABLE.c.place)
    counted = {each.place: each.found for each in tx.execute(query)}
    return {health: counted[place] for health, place in _PLACES.items() if place in counted}


def list_page(
    tx: Session, *, first: Health, last: Health, words: Sequence[str] = (), offset: int, limit: int
) -> tuple[SourceId, ...]:
    """Sources in the states from `first` to `last`, in the order of the states, then of their names."""
    wanted = _TABLE.c.place.between(_PLACES[first], _PLACES[last])
    query = select(_TABLE.c.source_id).where(wanted, *_with(words))
    ordered = query.order_by(_TABLE.c.place, _TABLE.c.sort_name, _TABLE.c.source_id)
    return tuple(map(SourceId, tx.scalars(ordered.offset(offset).limit(limit))))


def _with(words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [_TABLE.c.said.contains(word.casefold(), autoescape=True) for word in words]
