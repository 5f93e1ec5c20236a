"""How sources are doing, and what was said already → what the operator is told now, in plain words.

A cause is told when it begins, again once a day while it stands (once a week when it stands for long), and once when it
is over; never once per poll. What passes by itself within a span that has a name here is not told at all. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.model import Alert, AlertText, Condition, Health, Said, SourceId, SourceReport, Telling

FAILING_AFTER = timedelta(hours=24)  # servers are down for a night; that is no news
THROTTLED_AFTER = timedelta(hours=24)
NOT_A_FEED_AFTER = timedelta(hours=3)  # longer than a maintenance page between two polls
CAUSES: dict[Health, timedelta] = {  # what is told, once it has lasted so long
    Health.HELD_BACK: timedelta(),
    Health.GONE: timedelta(),
    Health.NOT_A_FEED: NOT_A_FEED_AFTER,
    Health.FAILING: FAILING_AFTER,
    Health.SILENT_ZERO: timedelta(),
    Health.MOVED: timedelta(),
    Health.THROTTLED: THROTTLED_AFTER,
    Health.QUIET: timedelta(),
}
REMINDED_AT = 7  # o'clock UTC: reminders go together, once a day
REMINDED_AFTER = timedelta(hours=20)  # what was told this morning is not told again at that hour
ONCE = timedelta(hours=24)  # a cause that comes and goes is told no more often
STANDS_LONG, SELDOM = timedelta(days=7), timedelta(days=7) - timedelta(hours=4)  # then once a week
MOST_TOLD = 20  # sources in one message; of the others only the number
_UNTOLD = frozenset({Health.PAUSED, Health.RETIRED, Health.NEW})  # somebody's own doing: no end is told either
_ORDER = {Telling.NEW: 0, Telling.OVER: 1, Telling.STILL: 2}
_RANK = {health: rank for rank, health in enumerate(CAUSES)}

Key = tuple[SourceId, Health]


def find_alerts(reports: Sequence[SourceReport], said: Mapping[Key, Said], *, now: datetime) -> tuple[Alert, ...]:
    """What is to be told now, the most pressing first."""
    alerts = []
    for report in reports:
        told = said.get((report.source.id, report.health))
        if _is_cause(report.condition, now) and (telling := _telling(report.condition, told, now)) is not None:
            alerts.append(_alert(report, report.health, telling))
        if report.health is Health.HEALTHY:
            standing = [found for health in CAUSES if (found := said.get((report.source.id, health))) is not None]
            alerts += [_alert(report, found.health, Telling.OVER) for found in standing if found.ended_at is None]
    return tuple(sorted(alerts, key=lambda alert: (_ORDER[alert.telling], _RANK[alert.health], alert.source)))


def find_silent_ends(reports: Sequence[SourceReport], said: Mapping[Key, Said], *, now: datetime) -> tuple[Key, ...]:
    """Causes that end without a word: another took their place, or somebody paused or removed the source."""
    ended = []
    for report in reports:
        is_replaced = report.health in _UNTOLD or _is_cause(report.condition, now)
        for health in CAUSES:
            found = said.get((report.source.id, health))
            if found is not None and found.ended_at is None and health is not report.health and is_replaced:
                ended.append((report.source.id, health))
    return tuple(ended)


def _alert(report: SourceReport, health: Health, telling: Telling) -> Alert:
    return Alert(
        source=report.source.id, name=report.source.name, health=health, condition=report.condition, telling=telling
    )


def _is_cause(condition: Condition, now: datetime) -> bool:
    patience = CAUSES.get(condition.health)
    if patience is None:
        return False
    return not patience or (condition.since is not None and now - condition.since >= patience)


def _telling(condition: Condition, told: Said | None, now: datetime) -> Telling | None:
    """New, still, or nothing now: at most once a day whatever it does in between."""
    if told is None:
        return Telling.NEW
    if told.ended_at is not None:
        return Telling.NEW if now - told.said_at >= ONCE else None
    stands_long = condition.since is not None and now - condition.since >= STANDS_LONG
    if now - told.said_at < (SELDOM if stands_long else REMINDED_AFTER):
        return None
    is_hour = now.hour >= REMINDED_AT and told.said_at < now.replace(
        hour=REMINDED_AT, minute=0, second=0, microsecond=0
    )
    return Telling.STILL if is_hour else None


# --- words ------------------------------------------------------------------------------------------------------


def write_message(alerts: Sequence[Alert], *, newsroom: str, base_url: str, key: str) -> AlertText:
    """One message for all of them: what happened, since when, what comes next, and where to look."""
    parts = [_paragraph(alert, base_url) for alert in alerts[:MOST_TOLD]]
    if len(alerts) > MOST_TOLD:
        parts.append(f"And {len(alerts) - MOST_TOLD} more: {base_url}/desk/sources")
    parts.append(f"This message is {key}; should it come twice, it is the same one.")
    return AlertText(subject=f"{newsroom}: {_headline(alerts)}", body="\n\n".join(parts) + "\n")


def _headline(alerts: Sequence[Alert]) -> str:
    if len(alerts) == 1:
        (alert,) = alerts
        return f"{_line(alert.name)} {_state(alert)}"
    troubled = Counter(alert.health for alert in alerts if alert.telling is not Telling.OVER)
    over = len(alerts) - troubled.total()
    parts = []
    if troubled:
        counts = ", ".join(f"{troubled[health]} {health}" for health in CAUSES if troubled[health])
        parts.append(f"{troubled.total()} {'source needs' if troubled.total() == 1 else 'sources need'} you ({counts})")
    if over:
        parts.append(f"{over} {'source is' if over == 1 else 'sources are'} well again")
    return "; ".join(parts)


def _state(alert: Alert) -> str:
    if alert.telling is Telling.OVER:
        return f"is well again, it was {alert.health}"
    return f"is {'still ' if alert.telling is Telling.STILL else ''}{alert.health}"


def _paragraph(alert: Alert, base_url: str) -> str:
    condition = alert.condition
    lines = [f"{_line(alert.name)} {_state(alert)}."]
    if alert.telling is not Telling.OVER:
        since = f"Since {condition.since:%Y-%m-%d %H:%M} UTC. " if condition.since is not None else ""
        lines.append(since + _line(condition.why))
        lines.append(_line(condition.next_step))
        if condition.next_at is not None:
            lines.append(f"Asked again at {condition.next_at:%Y-%m-%d %H:%M} UTC.")
    lines.append(f"{base_url}/desk/sources/{alert.source}")
    return "\n".join(lines)


def _line(text: str) -> str:
    """Foreign text on one line, too short to hide the rest (H29)."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= 300 else plain[:299] + "…"
