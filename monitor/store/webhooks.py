"""Webhooks, and every attempt to deliver to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Transaction

from monitor.errors import Unknown
from monitor.model import OutboxMessage
from monitor.model.subscriber import Event, Wanted, wanted_of
from monitor.model.webhook import DeliveryLine, Webhook
from monitor.store.polls import changed
from monitor.store.tables import OutboxRow
from monitor.store.tables_outbound import WebhookDeliveryRow, WebhookRow

_ROW = WebhookRow


def add_webhook(
    tx: Transaction,
    *,
    name: str,
    url: str,
    wanted: Wanted,
    events: Sequence[Event],
    secret: str,
    by: str,
    now: datetime,
) -> Webhook:
    """Keep a webhook; it hears of what is published from now on."""
    row = _ROW(
        name=name,
        url=url,
        wanted=wanted.values(),
        events=[e.value for e in events],
        secret=secret,
        created_at=now,
        created_by=by,
    )
    tx.add(row)
    tx.flush()
    return _webhook(row)


def list_webhooks(tx: Transaction) -> tuple[Webhook, ...]:
    """All that were not removed, oldest first."""
    return tuple(map(_webhook, tx.scalars(select(_ROW).where(_ROW.removed_at.is_(None)).order_by(_ROW.id))))


def find_webhook(tx: Transaction, number: int) -> Webhook | None:
    """One that was not removed."""
    row = tx.get(_ROW, number, populate_existing=True)
    return None if row is None or row.removed_at is not None else _webhook(row)


def get_webhook(tx: Transaction, number: int) -> Webhook:
    """One that was not removed; raises Unknown."""
    return _webhook(_get(tx, number))


def record_secret(tx: Transaction, number: int, *, secret: str, old_until: datetime) -> Webhook:
    """A new secret; the one before signs beside it until then."""
    row = _get(tx, number)
    row.old_secret, row.old_secret_until, row.secret = row.secret, old_until, secret
    tx.flush()
    return _webhook(row)


def record_choice(
    tx: Transaction, number: int, *, name: str, url: str, wanted: Wanted, events: Sequence[Event]
) -> Webhook:
    """What it is called, where it is and what it wants to hear."""
    row = _get(tx, number)
    row.name, row.url, row.wanted, row.events = name, url, wanted.values(), [e.value for e in events]
    tx.flush()
    return _webhook(row)


def record_disabled(tx: Transaction, number: int, *, channel: str, why: str, now: datetime) -> int:
    """Nothing goes there any more; how many messages that waited are given up (and kept, to be sent again)."""
    row = _get(tx, number)
    row.disabled_at, row.disabled_why = now, why
    tx.flush()
    waiting = update(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.due_at.is_not(None))
    return changed(tx, waiting.values(due_at=None, note=f"its webhook is disabled: {why}"))


def record_enabled(tx: Transaction, number: int) -> Webhook:
    """Messages go there again."""
    row = _get(tx, number)
    row.disabled_at = row.disabled_why = row.failing_since = None
    tx.flush()
    return _webhook(row)


def record_removed(tx: Transaction, number: int, *, channel: str, now: datetime) -> None:
    """It is gone, with its secrets; what waited for it is given up."""
    row = _get(tx, number)
    row.removed_at, row.secret, row.old_secret, row.old_secret_until = now, "", None, None
    tx.flush()
    waiting = update(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.due_at.is_not(None))
    changed(tx, waiting.values(due_at=None, note="its webhook was removed"))


# --- deliveries --------------------------------------------------------------------------------------------------


def append_delivery(
    tx: Transaction,
    *,
    webhook: int,
    message: str,
    key: str,
    kind: str,
    wire: int | None,
    is_delivered: bool,
    detail: str,
    now: datetime,
) -> datetime | None:
    """One more attempt; since when nothing has arrived there, None after one that did."""
    tx.add(
        WebhookDeliveryRow(
            webhook_id=webhook,
            message=message,
            key=key,
            kind=kind,
            wire_id=wire,
            attempted_at=now,
            is_delivered=is_delivered,
            detail=detail,
        )
    )
    row = _get(tx, webhook)
    if is_delivered:
        row.delivered_at, row.failing_since = now, None
    else:
        row.failing_since = row.failing_since or now
    tx.flush()
    return row.failing_since


def list_deliveries(tx: Transaction, webhook: int, *, limit: int = 50) -> tuple[DeliveryLine, ...]:
    """The newest attempts, each with whether its message is still kept."""
    row = WebhookDeliveryRow
    query = select(row).where(row.webhook_id == webhook).order_by(row.id.desc()).limit(limit)
    rows = tx.scalars(query).all()
    kept = set(tx.scalars(select(OutboxRow.key).where(OutboxRow.key.in_([r.key for r in rows]))))
    return tuple(_line(r, can_repeat=r.key in kept) for r in rows)


def find_delivered(tx: Transaction, webhook: int, message: str) -> str | None:
    """The outbox's key of a message that was tried there."""
    row = WebhookDeliveryRow
    query = select(row.key).where(row.webhook_id == webhook, row.message == message).order_by(row.id.desc())
    return tx.scalar(query.limit(1))


def renew_message(tx: Transaction, key: str, *, now: datetime) -> OutboxMessage | None:
    """Send a message once more, delivered or given up though it was; None where it is no longer kept."""
    row = tx.scalar(select(OutboxRow).where(OutboxRow.key == key).with_for_update())
    if row is None:
        return None
    row.due_at, row.delivered_at, row.leased_until, row.lease_owner = now, None, None, None
    row.created_at, row.attempt_count, row.note = now, 0, "asked for again"
    tx.flush()
    return OutboxMessage(
        id=row.id,
        key=row.key,
        channel=row.channel,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        due_at=row.due_at,
    )


def drop_deliveries(tx: Transaction, *, before: datetime) -> int:
    """Let go of attempts made before then."""
    return changed(tx, delete(WebhookDeliveryRow).where(WebhookDeliveryRow.attempted_at < before))


def _get(tx: Transaction, number: int) -> WebhookRow:
    row = tx.get(_ROW, number, with_for_update=True, populate_existing=True)
    if row is None or row.removed_at is not None:
        raise Unknown(f"There is no webhook {number}.")
    return row


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        name=row.name,
        url=row.url,
        wanted=wanted_of(row.wanted),
        events=tuple(Event(value) for value in row.events),
        secret=row.secret,
        old_secret=row.old_secret,
        old_secret_until=row.old_secret_until,
        created_at=row.created_at,
        created_by=row.created_by,
        failing_since=row.failing_since,
        delivered_at=row.delivered_at,
        disabled_at=row.disabled_at,
        disabled_why=row.disabled_why,
    )


def _line(row: WebhookDeliveryRow, *, can_repeat: bool) -> DeliveryLine:
    return DeliveryLine(
        id=row.id,
        webhook=row.webhook_id,
        message=row.message,
        kind=row.kind,
        wire=row.wire_id,
        attempted_at=row.attempted_at,
        is_delivered=row.is_delivered,
        detail=row.detail,
        can_repeat=can_repeat,
    )
