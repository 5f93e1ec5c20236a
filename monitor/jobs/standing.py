"""standing: how every source is doing, judged from what is stored. Reads only, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.model import ActiveDays, PollState, SourceFacts, SourceId, SourceReport
from monitor.stages.health import REMEMBERED, judge, measure_rhythm, needs_rhythm
from monitor.store.database import Transaction
from monitor.store.days import list_active_days, list_days
from monitor.store.polls import host_of
from monitor.store.standing import get_facts, list_facts

PICTURED = timedelta(days=30)  # the days of a report
FEW = 500  # sources that a query can name


def list_reports(tx: Transaction, now: datetime, *, with_days: bool = True) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last.

    The days of every source are most of the work. Without `with_days` only those are read that a state hangs on, that
    of sources which are silent; ask `with_days_of` for the sources that are shown.
    """
    facts = list_facts(tx, now=now)
    if with_days:
        return _with_pictures(tx, _judged(tx, facts, now, facts), now)
    return _judged(tx, facts, now, [each for each in facts if needs_rhythm(each.state)])


def get_report(tx: Transaction, source: SourceId, now: datetime) -> SourceReport:
    """One source as an operator sees it; raises Unknown."""
    facts = (get_facts(tx, source, now=now),)
    return _with_pictures(tx, _judged(tx, facts, now, facts), now)[0]


def with_days_of(tx: Transaction, reports: Sequence[SourceReport], now: datetime) -> tuple[SourceReport, ...]:
    """The same sources with their rhythm, and what each of the last 30 days brought."""
    facts = list_facts(tx, now=now, sources=_few([report.source.id for report in reports]))
    whole = {each.source.id: each for each in _with_pictures(tx, _judged(tx, facts, now, facts), now)}
    return tuple(whole[report.source.id] for report in reports)


def _judged(
    tx: Transaction, facts: Sequence[SourceFacts], now: datetime, with_rhythm: Sequence[SourceFacts]
) -> tuple[SourceReport, ...]:
    names = _few([each.source.id for each in with_rhythm])
    days = list_active_days(tx, since=_day(now - REMEMBERED), sources=names)
    return tuple(_report(each, days.get(each.source.id, ActiveDays()), now) for each in facts)


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
