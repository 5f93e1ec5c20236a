"""What an operator is told, and how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import (
    Alert,
    Condition,
    Health,
    Origin,
    PollState,
    PublisherId,
    Said,
    Source,
    SourceId,
    SourceReport,
    Telling,
    Tier,
)
from monitor.stages.alerts import CAUSES, MOST_TOLD, find_alerts, find_silent_ends, write_message

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=3)


def report(health: Health, *, since: datetime | None = LONG_AGO, name: str = "paper") -> SourceReport:
    source = Source(
        id=SourceId(name),
        name=name.title(),
        url=f"https://{name}.example/feed",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("p"),
    )
    condition = Condition(health=health, since=since, why=f"It is {health}.", next_step="Look.", next_at=NOW + HOUR)
    state = PollState(source=source.id, url=source.url, due_at=NOW)
    return SourceReport(source=source, publisher_name="P", state=state, condition=condition, entry_count=1)


class Operator:
    """Somebody who is told things, and remembers."""

    def __init__(self) -> None:
        self.said: dict[tuple[SourceId, Health], Said] = {}
        self.heard: list[tuple[datetime, Alert]] = []

    def listen(self, now: datetime, *reports: SourceReport) -> list[str]:
        for key in find_silent_ends(reports, self.said, now=now):
            self.said[key] = Said(source=key[0], health=key[1], said_at=self.said[key].said_at, ended_at=now)
        alerts = find_alerts(reports, self.said, now=now)
        for alert in alerts:
            key = (alert.source, alert.health)
            is_over = alert.telling is Telling.OVER
            said_at = self.said[key].said_at if is_over else now
            self.said[key] = Said(source=key[0], health=key[1], said_at=said_at, ended_at=now if is_over else None)
        self.heard += [(now, alert) for alert in alerts]
        return [f"{alert.source} {alert.health} {alert.telling}" for alert in alerts]


# --- causes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("health", Health)
def test_every_trouble_is_told_and_nothing_else(health: Health) -> None:
    is_trouble = health not in {Health.NEW, Health.HEALTHY, Health.PAUSED, Health.RETIRED}
    assert bool(Operator().listen(NOW, report(health))) is is_trouble


@pytest.mark.parametrize("health", [Health.FAILING, Health.THROTTLED, Health.NOT_A_FEED])
def test_what_passes_by_itself_is_not_told(health: Health) -> None:
    operator, began = Operator(), NOW
    for hours in range(48):
        now = began + hours * HOUR
        told = operator.listen(now, report(health, since=began))
        assert not told or now - began >= CAUSES[health]
    assert operator.heard[0][0] == began + CAUSES[health]
    assert Operator().listen(NOW, report(health, since=None)) == []


# --- how often --------------------------------------------------------------------------------------------------


def test_a_cause_is_told_once_a_day_however_often_it_is_polled() -> None:
    operator = Operator()
    for minutes in range(0, 7 * 24 * 60, 15):
        operator.listen(NOW + timedelta(minutes=minutes), report(Health.GONE, since=NOW))
    days = Counter(now.date() for now, _ in operator.heard)
    assert set(days.values()) == {1}
    assert len(days) == 8
    assert [alert.telling for _, alert in operator.heard] == [Telling.NEW] + [Telling.STILL] * 7
    assert {now.hour for now, _ in operator.heard[1:]} == {7}  # reminders go together


def test_what_stands_for_long_is_told_once_a_week() -> None:
    operator = Operator()
    for hours in range(60 * 24):
        operator.listen(NOW + hours * HOUR, report(Health.MOVED, since=NOW))
    assert 6 + 6 <= len(operator.heard) <= 8 + 8


def test_a_source_that_flaps_is_told_once_a_day() -> None:
    operator = Operator()
    for hours in range(3 * 24):
        health = Health.SILENT_ZERO if hours % 2 else Health.HEALTHY
        operator.listen(NOW + hours * HOUR, report(health, since=NOW + hours * HOUR))
    told = Counter((now.date(), alert.telling) for now, alert in operator.heard)
    assert max(told.values()) == 1


def test_an_end_is_told_once_and_only_of_what_was_told() -> None:
    operator = Operator()
    assert operator.listen(NOW, report(Health.FAILING, since=NOW - HOUR)) == []
    assert operator.listen(NOW + HOUR, report(Health.HEALTHY)) == []
    assert operator.listen(NOW, report(Health.FAILING)) == ["paper failing new"]
    assert operator.listen(NOW + HOUR, report(Health.HEALTHY)) == ["paper failing over"]
    assert operator.listen(NOW + 2 * HOUR, report(Health.HEALTHY)) == []


def test_one_trouble_that_becomes_another_is_told_as_the_other() -> None:
    operator = Operator()
    operator.listen(NOW, report(Health.FAILING))
    assert operator.listen(NOW + HOUR, report(Health.GONE)) == ["paper gone new"]
    assert operator.listen(NOW + 2 * HOUR, report(Health.HEALTHY)) == ["paper gone over"]


@pytest.mark.parametrize("health", [Health.PAUSED, Health.RETIRED])
def test_what_somebody_did_himself_is_not_told_him(health: Health) -> None:
    operator = Operator()
    operator.listen(NOW, report(Health.FAILING))
    assert operator.listen(NOW + HOUR, report(health)) == []
    assert operator.listen(NOW + 2 * HOUR, report(Health.HEALTHY)) == []


# --- words ------------------------------------------------------------------------------------------------------


def write(*alerts: Alert) -> tuple[str, str]:
    text = write_message(alerts, newsroom="AI Desk", base_url="https://desk.example", key="alert/1")
    return text.subject, text.body


def find(*reports: SourceReport) -> tuple[Alert, ...]:
    return find_alerts(reports, {}, now=NOW)


def test_one_alert_says_what_since_when_what_next_and_where() -> None:
    subject, body = write(*find(report(Health.GONE)))
    assert subject == "AI Desk: Paper is gone"
    assert body == (
        "Paper is gone.\n"
        "Since 2026-02-27 08:00 UTC. It is gone.\n"
        "Look.\n"
        "Asked again at 2026-03-02 09:00 UTC.\n"
        "https://desk.example/desk/sources/paper\n"
        "\n"
        "This message is alert/1; should it come twice, it is the same one.\n"
    )


def test_many_are_one_message_the_most_pressing_first() -> None:
    reports = [report(Health.FAILING, name=f"s{n:02}") for n in range(30)] + [report(Health.HELD_BACK, name="z")]
    subject, body = write(*find(*reports))
    assert subject == "AI Desk: 31 sources need you (1 held back, 30 failing)"
    assert body.startswith("Z is held back.\n")
    assert body.count("\nhttps://desk.example/desk/sources/") == MOST_TOLD
    assert "And 11 more: https://desk.example/desk/sources\n" in body


def test_ends_are_told_beside_troubles() -> None:
    said = {(SourceId("a"), Health.FAILING): Said(source=SourceId("a"), health=Health.FAILING, said_at=LONG_AGO)}
    alerts = find_alerts([report(Health.HEALTHY, name="a"), report(Health.QUIET, name="b")], said, now=NOW)
    assert write(*alerts)[0] == "AI Desk: 1 source needs you (1 quiet); 1 source is well again"
    subject, body = write(*alerts[1:])
    assert subject == "AI Desk: A is well again, it was failing"
    assert body.startswith("A is well again, it was failing.\nhttps://desk.example/desk/sources/a\n")


def test_foreign_text_stays_on_its_line_h29() -> None:
    found = report(Health.HELD_BACK)
    bad = replace(found, source=replace(found.source, name="a\r\nBcc: x\x1b[31m" + "b" * 5_000))
    subject, body = write(*find(bad))
    assert len(subject.splitlines()) == 1
    assert "\x1b" not in subject + body
    assert len(body) < 8_000
