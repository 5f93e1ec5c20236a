"""Programs that are told of wires as it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.subscriber import Event, Wanted

PING = "ping"  # the type of a test message


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is posted to, signed. The secret is shared with its owner: it signs, and opens nothing."""

    id: int
    name: str
    url: str
    wanted: Wanted
    events: tuple[Event, ...]  # empty: all
    secret: str  # whsec_…
    old_secret: str | None  # signs beside the new one, so that a receiver can change over
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str
    failing_since: datetime | None = None  # no message arrived since
    delivered_at: datetime | None = None  # last
    disabled_at: datetime | None = None
    disabled_why: str | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether messages go there."""
        return self.disabled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One attempt to deliver one message."""

    id: int
    webhook: int
    message: str  # webhook-id
    kind: str  # wire.published …
    wire: int | None
    attempted_at: datetime
    is_delivered: bool
    detail: str
    can_repeat: bool = False  # the message is still kept
