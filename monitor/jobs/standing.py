"""standing: how every source is doing, judged from what is stored.

The name of its state is kept beside each source, for the list of all: judged when its poll is settled, and by
`judge_due` when something else has changed it: a deed at the desk, another answer of its host, or the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.log import get_log
from monitor.model import (
    NO_RHYTHM,
    ActiveDays,
    Clock,
    Health,
    Judgement,
    PollState,
    Source,
    SourceFacts,
    SourceId,
    SourceReport,
)
from monitor.stages.health import REMEMBERED, judge, measure_rhythm, needs_rhythm, stands_until
from monitor.store import conditions
from monitor.store.database import Database, Round, Transaction
from monitor.store.days import list_active_days, list_days
from monitor.store.mapped import standing as facts_of
from monitor.store.polls import host_of, silent_hosts

PICTURED = timedelta(days=30)  # the days of a report
FEW = 500  # sources that a query can name, and that one transaction judges
_RETRY = timedelta(hours=1)  # a source that cannot be judged for a fault of ours is left alone for so long
_log = get_log()


def list_reports(tx: Transaction, now: datetime, *, with_days: bool = True) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last.

    The days of every source are most of the work. Without `with_days` only those are read that a state hangs on, that
    of sources which are silent.
    """
    facts = facts_of.list_facts(tx, now=now)
    if with_days:
        return _with_pictures(tx, _judged(tx, facts, now, facts), now)
    return _judged(tx, facts, now, [each for each in facts if needs_rhythm(each.state)])


def get_report(tx: Transaction, source: SourceId, now: datetime) -> SourceReport:
    """One source as an operator sees it; raises Unknown."""
    facts = (facts_of.get_facts(tx, source, now=now),)
    return _with_pictures(tx, _judged(tx, facts, now, facts), now)[0]


def list_page(
    tx: Transaction, now: datetime, *, first: Health, last: Health, words: Sequence[str], offset: int, limit: int
) -> tuple[SourceReport, ...]:
    """Some sources as an operator sees them, in the order of their states and names; costs what is shown."""
    names = conditions.list_page(tx, first=first, last=last, words=words, offset=offset, limit=limit)
    facts = facts_of.list_facts(tx, now=now, sources=names)
    shown = {each.source.id: each for each in _with_pictures(tx, _judged(tx, facts, now, facts), now)}
    return tuple(shown[name] for name in names)


def _judged(
    tx: Transaction, facts: Sequence[SourceFacts], now: datetime, with_rhythm: Sequence[SourceFacts]
) -> tuple[SourceReport, ...]:
    days = _active_days(tx, [each.source.id for each in with_rhythm], now)
    return tuple(_report(each, days.get(each.source.id, ActiveDays()), now) for each in facts)


def _active_days(tx: Round, names: Sequence[SourceId], now: datetime) -> dict[SourceId, ActiveDays]:
    return list_active_days(tx, since=_day(now - REMEMBERED), sources=_few(names)) if names else {}


def _with_pictures(tx: Transaction, reports: Sequence[SourceReport], now: datetime) -> tuple[SourceReport, ...]:
    since = _day(now - PICTURED) + timedelta(days=1)
    days = list_days(tx, since=since, sources=_few([report.source.id for report in reports]))
    return tuple(replace(report, days=days.get(report.source.id, ())) for report in reports)


def _few(names: Sequence[SourceId]) -> Sequence[SourceId] | None:
    """What a query can name; None for more, and then it asks for all."""
    return names if len(names) <= FEW else None


def _report(facts: SourceFacts, days: ActiveDays, now: datetime) -> SourceReport:
    rhythm = measure_rhythm(days, today=_day(now))
    condition = judge(
        facts.state,
        facts.source,
        rhythm,
        now=now,
        host_silent_until=facts.host_silent_until,
        retired_at=facts.retired_at,
    )
    return SourceReport(
        source=facts.source,
        publisher_name=facts.publisher_name,
        state=_heed_host(facts),
        condition=condition,
        rhythm=rhythm,
        entry_count=facts.state.entry_count,
        retired_at=facts.retired_at,
    )


def _heed_host(facts: SourceFacts) -> PollState:
    """The state with its next poll put off by its host's silence, so that the page tells the truth (P26)."""
    state, until = facts.state, facts.host_silent_until
    if until is None or until <= state.due_at or state.is_gone:
        return state
    rule = f"{host_of(state.url)} asked for silence (429)"
    return replace(state, due_at=until, silent_until=until, rule=rule)


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


# --- what is kept ---------------------------------------------------------------------------------------------------


def judge_due(database: Database, clock: Clock, *, limit: int = FEW) -> int:
    """Judge up to `limit` sources that something, or the time, has changed; how many that were.

    Nothing is written where there are none. Whoever shows the list calls it first, so that it is never behind.
    """
    now = clock.now()
    with database.read() as tx:
        if not conditions.list_unjudged(tx, now=now, limit=1):
            return 0
    with database.write() as tx:
        names = conditions.list_unjudged(tx, now=now, limit=min(limit, FEW), is_locking=True)
        facts = facts_of.list_facts(tx, now=now, sources=names)
        conditions.record_words(tx, [(each.source, each.publisher_name) for each in facts])
        days = _active_days(tx, [each.source.id for each in facts if needs_rhythm(each.state)], now)
        conditions.record_judgements(tx, list(_judgements(facts, days, now)))
    return len(names)


def judge_polled(tx: Round, polled: Sequence[tuple[Source, PollState]], now: datetime) -> None:
    """Judge sources whose poll is settled in this transaction, as they now stand."""
    silent = silent_hosts(tx, now)
    facts = [
        SourceFacts(
            source=source,
            publisher_name="",
            state=state,
            host_silent_until=silent.get(host_of(state.url)),
            retired_at=None,
        )
        for source, state in polled
    ]
    days = _active_days(tx, [each.source.id for each in facts if needs_rhythm(each.state)], now)
    conditions.record_judgements(tx, [_judgement(each, days.get(each.source.id), now) for each in facts])


def _judgements(facts: Sequence[SourceFacts], days: dict[SourceId, ActiveDays], now: datetime) -> Iterator[Judgement]:
    for each in facts:
        try:
            yield _judgement(each, days.get(each.source.id), now)
        except Exception:  # the boundary: what goes wrong with one source stays with it
            _log.exception("a source cannot be judged", source=each.source.id)
            yield Judgement(source=each.source.id, health=Health.NEW, until=now + _RETRY)


def _judgement(facts: SourceFacts, days: ActiveDays | None, now: datetime) -> Judgement:
    rhythm = NO_RHYTHM if days is None else measure_rhythm(days, today=_day(now))
    state, host_silent_until = facts.state, facts.host_silent_until
    health = judge(
        state, facts.source, rhythm, now=now, host_silent_until=host_silent_until, retired_at=facts.retired_at
    ).health
    until = stands_until(health, state, now=now, host_silent_until=host_silent_until)
    return Judgement(source=facts.source.id, health=health, until=until)
