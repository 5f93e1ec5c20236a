"""outbox: send what is written down, each message until it has arrived (F11).

A message is taken under a lease, sent while no transaction is open, and then marked. A daemon that is killed in between
leaves it to the next one, which sends it again under the same key: that is the only way in which a message can arrive
twice, and the key lets a receiver see it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.log import get_log
from monitor.model import Clock, Delivery, OutboxMessage
from monitor.store import outbox
from monitor.store.database import Database

Door = Callable[[OutboxMessage], Delivery]  # sends one message, within a deadline of its own; never raises by design

LEASE = timedelta(minutes=5)  # longer than any door's deadline
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)
JITTER = 0.1
GIVEN_UP_AFTER = timedelta(days=7)  # an operator who was unreachable for so long has a newer picture to look at
_BATCH = 50  # messages a tick
_log = get_log()
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxReport:
    """What a tick sent."""

    delivered_count: int = 0
    failed_count: int = 0

    def __str__(self) -> str:
        return f"{self.delivered_count} messages delivered, {self.failed_count} not yet."


def deliver(database: Database, clock: Clock, doors: Mapping[str, Door], *, owner: str) -> OutboxReport:
    """Send every message that is due and whose channel has a door, the longest waiting first.

    A channel that fails is left alone for the rest of the tick: a receiver that is down or slow holds up no other.
    Where the trouble was the message's alone, its channel goes on.
    """
    owner = f"{owner[:47]}/{secrets.token_hex(8)}"
    delivered = failed = 0
    failing: list[str] = []
    for _ in range(_BATCH):
        with database.write() as tx:
            message = outbox.lease_message(
                tx, now=clock.now(), owner=owner, lease_for=LEASE, channels=tuple(doors), passed_over=failing
            )
        if message is None:
            break
        sent = _send(database, clock, doors[message.channel], message, owner=owner)
        delivered += sent.is_delivered
        failed += not sent.is_delivered
        if not sent.is_delivered and not sent.is_door_open:
            failing.append(message.channel)
    return OutboxReport(delivered_count=delivered, failed_count=failed)


def _send(database: Database, clock: Clock, door: Door, message: OutboxMessage, *, owner: str) -> Delivery:
    try:
        sent = door(message)
    except Exception as error:  # the boundary: one message never holds up the others
        _log.exception("a message was not sent", key=message.key, channel=message.channel)
        sent = Delivery(is_delivered=False, detail=f"an error of Monitor's own ({type(error).__name__})")
    now = clock.now()
    with database.write() as tx:
        if sent.is_delivered:
            outbox.record_delivery(tx, message, owner=owner, now=now, note=sent.detail)
        else:
            due_at = None if sent.is_final else _next_attempt(message, now)
            outbox.record_setback(tx, message, owner=owner, due_at=due_at, note=sent.detail)
    tell = _log.info if sent.is_delivered else _log.warning
    tell("message sent" if sent.is_delivered else "message not sent", key=message.key, detail=sent.detail)
    return sent


def _next_attempt(message: OutboxMessage, now: datetime) -> datetime | None:
    if now - message.created_at >= GIVEN_UP_AFTER:
        return None
    wait = min(FIRST_RETRY * 2.0 ** min(message.attempt_count - 1, 10), LONGEST_RETRY / (1 + JITTER))
    return now + wait * (1 + JITTER * _random.uniform(-1, 1))
