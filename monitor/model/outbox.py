"""What must leave the house once: messages and what became of them (F11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A message that its cause wrote down, to be sent afterwards."""

    id: int
    key: str  # of idempotency: the same cause is one message, and every attempt to send it carries the same key
    channel: str  # through which door it leaves
    subject: str
    body: str
    created_at: datetime
    due_at: datetime | None  # next attempt; None where it was delivered or given up
    attempt_count: int = 0
    delivered_at: datetime | None = None
    note: str | None = None  # what the last attempt met


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one attempt."""

    is_delivered: bool
    detail: str  # one line, safe to show and to log
    is_final: bool = False  # trying again is no use
    is_door_open: bool = False  # it was this message alone: the next through the same door may leave
