"""standing: how every source is doing, judged from what is stored. Reads only, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.model import PollState, SourceFacts, SourceId, SourceReport
from monitor.stages.health import REMEMBERED, judge, measure_rhythm
from monitor.store.database import Transaction
from monitor.store.days import list_days
from monitor.store.polls import host_of
from monitor.store.standing import get_facts, list_facts

PICTURED = timedelta(days=30)  # the days of a report
FEW = 500  # sources that a query can name


def list_reports(tx: Transaction, now: datetime, *, with_days: bool = True) -> tuple[SourceReport, ...]:
    """Every source as an operator sees it, by id; retired ones last.

    The 30 days of every source are most of the work: leave them out, and ask `with_days_of` for those that are shown.
    """
    reports = tuple(_report(facts, now) for facts in list_facts(tx, now=now, since=_day(now - REMEMBERED)))
    return with_days_of(tx, reports, now) if with_days else reports


def get_report(tx: Transaction, source: SourceId, now: datetime) -> SourceReport:
    """One source as an operator sees it; raises Unknown."""
    report = _report(get_facts(tx, source, now=now, since=_day(now - REMEMBERED)), now)
    return with_days_of(tx, (report,), now)[0]


def with_days_of(tx: Transaction, reports: Sequence[SourceReport], now: datetime) -> tuple[SourceReport, ...]:
    """The reports with what each of the last 30 days brought."""
    since = _day(now - PICTURED) + timedelta(days=1)
    few = [report.source.id for report in reports] if len(reports) <= FEW else None
    days = list_days(tx, since=since, sources=few)
    return tuple(replace(report, days=days.get(report.source.id, ())) for report in reports)


def _report(facts: SourceFacts, now: datetime) -> SourceReport:
    rhythm = measure_rhythm(facts.days, today=_day(now))
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
