"""Tables of what leaves by itself after a publication: digests by e-mail, and webhooks.

What was published is in the editions (`tables_public`); here stands who is told, and how far the telling has come.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row

# --- digests -----------------------------------------------------------------------------------------------------


class SubscriberRow(Row):
    """`model.Subscriber`: personal data, gone with the subscription."""

    __tablename__ = "subscribers"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    period: Mapped[str] = mapped_column(String(8))
    wanted: Mapped[dict[str, Any]]  # model.Wanted
    choice: Mapped[str] = mapped_column(String(64))  # digest of `wanted`: who chose the same gets the same issue
    state: Mapped[str] = mapped_column(String(8))
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirm_until: Mapped[datetime | None] = mapped_column(index=True)
    leave_token: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    refusal_count: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index(None, "address", "period", "choice", unique=True),
        Index(None, "state", "period", "choice"),
        Index(None, "state", "paused_at"),
    )


class SubscribeAttemptRow(Row):
    """That somebody asked for a subscription, under a keyed hash of who or for whom: for the throttle, a day long."""

    __tablename__ = "subscribe_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index(None, "key", "at"),)


class TellingRow(Row):
    """How far the editions have been told: by webhooks, and by the digests of each period."""

    __tablename__ = "tellings"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    edition: Mapped[int]  # the last that was told
    told_until: Mapped[datetime]


class IssueRow(Row):
    """`model.Issue`."""

    __tablename__ = "digest_issues"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(8))
    choice: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[dict[str, Any]]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    wire_count: Mapped[int]
    after_edition: Mapped[int | None]  # it tells of what came after this one; None: written before that was noted
    edition: Mapped[int | None]  # and of all up to this one
    wires: Mapped[list[Any] | None]  # ids of what it tells of
    __table_args__ = (Index(None, "period", "until_at", "choice", unique=True),)


# --- webhooks ----------------------------------------------------------------------------------------------------


class WebhookRow(Row):
    """`model.Webhook`; one that was removed stays as a row, for its deliveries to mean something."""

    __tablename__ = "webhooks"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(Text)
    wanted: Mapped[dict[str, Any]]
    events: Mapped[list[Any]]
    secret: Mapped[str] = mapped_column(String(80))
    old_secret: Mapped[str | None] = mapped_column(String(80))
    old_secret_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(Text)
    failing_since: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str | None] = mapped_column(Text)
    removed_at: Mapped[datetime | None]


class WebhookDeliveryRow(Row):
    """`model.DeliveryLine`: one attempt."""

    __tablename__ = "webhook_deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    message: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))  # of the outbox
    kind: Mapped[str] = mapped_column(String(32))
    wire_id: Mapped[int | None]
    attempted_at: Mapped[datetime] = mapped_column(index=True)
    is_delivered: Mapped[bool]
    detail: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index(None, "webhook_id", "id"),)
