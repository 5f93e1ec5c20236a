"""alerts: tell the operator of sources in trouble, once a day per cause, through the outbox (F11).

What is told and the message that tells it are written in one transaction; sending is the outbox's. A message stands
there once for each address, so that one that is down never makes another hear it twice. The database keeps a digest of
the address and nothing more: what stands behind it is read from the settings when the message leaves (D13).
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.jobs.outbox import Door
from monitor.jobs.standing import list_reports
from monitor.model import Alert, Clock, Delivery, OutboxMessage, SourceReport, Telling
from monitor.net.notify import Notifier, name_address
from monitor.stages.alerts import find_alerts, find_silent_ends, write_message
from monitor.store import alerts as told
from monitor.store import outbox
from monitor.store.database import Database, Transaction

CHANNEL = "alert:"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """What the operator was told."""

    new_count: int = 0
    still_count: int = 0
    over_count: int = 0

    def __str__(self) -> str:
        return f"{self.new_count} new troubles, {self.still_count} that still stand, {self.over_count} that are over."


def channel_of(address: str) -> str:
    """The channel of an address: a digest of it, never the address."""
    return CHANNEL + hashlib.sha256(address.encode()).hexdigest()[:16]


def doors_to(addresses: Sequence[str], notifier: Notifier) -> dict[str, Door]:
    """A door of the outbox for each address."""
    return {channel_of(address): functools.partial(_send, notifier, address) for address in addresses}


def _send(notifier: Notifier, address: str, message: OutboxMessage) -> Delivery:
    return notifier.send(address, title=message.subject, body=message.body, key=message.key)


def raise_alerts(
    database: Database, clock: Clock, *, addresses: Sequence[str], base_url: str, newsroom: str
) -> AlertReport:
    """Write down what is to be told now, for each address. Without addresses nothing is written."""
    if not addresses:
        return AlertReport()
    now = clock.now()
    with database.read() as tx:
        reports = list_reports(tx, now, with_days=False)
    with database.write() as tx:
        told.lock_alerts(tx)
        said = told.list_said(tx)
        alerts = find_alerts(reports, said, now=now)
        for source, health in find_silent_ends(reports, said, now=now):
            told.record_ended(tx, source, health, now=now)
        for alert in alerts:
            record = told.record_ended if alert.telling is Telling.OVER else told.record_said
            record(tx, alert.source, alert.health, now=now)
        if alerts:
            _write(tx, alerts, addresses, base_url=base_url, newsroom=newsroom, now=now)
        outbox.record_unaddressed(
            tx,
            channels=[channel_of(address) for address in addresses],
            prefix=CHANNEL,
            note="its address is no longer in MONITOR_ALERTS",
        )
    counts = Counter(alert.telling for alert in alerts)
    return AlertReport(
        new_count=counts[Telling.NEW], still_count=counts[Telling.STILL], over_count=counts[Telling.OVER]
    )


def _write(
    tx: Transaction, alerts: Sequence[Alert], addresses: Sequence[str], *, base_url: str, newsroom: str, now: datetime
) -> None:
    told_now = "\n".join(f"{alert.source} {alert.health} {alert.telling}" for alert in alerts)
    key = f"alert/{now:%Y-%m-%dT%H:%M:%SZ}/{hashlib.sha256(told_now.encode()).hexdigest()[:12]}"
    text = write_message(alerts, newsroom=newsroom, base_url=base_url, key=key)
    for address in dict.fromkeys(addresses):
        channel = channel_of(address)
        outbox.add_message(
            tx,
            key=f"{key}/{channel.removeprefix(CHANNEL)}",
            channel=channel,
            subject=text.subject,
            body=text.body,
            now=now,
        )


def list_alerts(database: Database, clock: Clock) -> tuple[Alert, ...]:
    """What would be told now."""
    now = clock.now()
    with database.read() as tx:
        reports: tuple[SourceReport, ...] = list_reports(tx, now, with_days=False)
        return find_alerts(reports, told.list_said(tx), now=now)


def list_undelivered(database: Database, *, limit: int = 50) -> tuple[OutboxMessage, ...]:
    """Alerts that wait to be sent, or were given up; the newest first."""
    with database.read() as tx:
        return tuple(m for m in outbox.list_undelivered(tx, limit=limit) if m.channel.startswith(CHANNEL))


def send_test(
    addresses: Sequence[str], notifier: Notifier, clock: Clock, *, base_url: str, newsroom: str
) -> Mapping[str, Delivery]:
    """Send a test message to each address, past the outbox; what each answered, by its name without secrets."""
    now = clock.now()
    answers = {}
    for address in dict.fromkeys(addresses):
        key = f"test/{now:%Y-%m-%dT%H:%M:%SZ}/{channel_of(address).removeprefix(CHANNEL)}"
        body = f"If you can read this, alerts of {base_url} reach you.\n\nThis message is {key}.\n"
        answers[name_address(address)] = notifier.send(
            address, title=f"{newsroom}: a test of alerts", body=body, key=key
        )
    return answers
