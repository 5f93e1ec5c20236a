"""standing: how every source is doing, judged from what is stored. Reads only, in the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.model import PollState, SourceFacts, SourceId, SourceReport
from monitor.stages.health import REMEMBERED, judge, measure_rhythm
from monitor.store.database import Transaction
from monitor.store.polls import host_of
from monitor.store.standing import get_facts, list_facts

PICTURED = timedelta(days=30)  # the days of a report


def list_reports(tx: Transaction, now: datetime) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last."""
    return tuple(_report(facts, now) for facts in list_facts(tx, now=now, since=_day(now - REMEMBERED)))


def get_report(tx: Transaction, source: SourceId, now: datetime) -> SourceReport:
    """One source as an operator sees it; raises Unknown."""
    return _report(get_facts(tx, source, now=now, since=_day(now - REMEMBERED)), now)


def _report(facts: SourceFacts, now: datetime) -> SourceReport:
    today = _day(now)
    rhythm = measure_rhythm(facts.days, today=today)
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
        days=tuple(each for each in facts.days if today - each.day < PICTURED),
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
