"""webhooks: programs that an admin registered are told of every publication, signed, each message until it arrives.

Which publications there are is read from the editions, whose numbers are in the order of their commits; the messages
for all webhooks and how far has been told are one transaction (F11). A message carries the wire as it was published
then, under an id that every attempt shares; it is signed when it leaves (Standard Webhooks: HMAC-SHA256 over id,
timestamp and body). What is asked goes through the one client and its guard (H4), and no redirect is followed.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.alerts import channel_of as alert_channel
from monitor.jobs.outbox import Door
from monitor.model import (
    Clock,
    Delivery,
    Failed,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    OutboxMessage,
    RevisionKind,
    Wire,
    WireId,
)
from monitor.model.subscriber import Event, Wanted
from monitor.model.webhook import PING, DeliveryLine, Webhook
from monitor.net.client import Fetcher
from monitor.net.guard import Network, Refusal, check_address
from monitor.net.target import read_target
from monitor.stages.canonical import clean_line
from monitor.stages.dataset import names_of, record_of, register_rows, rows_of, stamp
from monitor.stages.syndicate import Site
from monitor.store import outbox
from monitor.store import webhooks as store
from monitor.store.database import Database, Transaction, take_turn
from monitor.store.people import append_audit
from monitor.store.published import get_published
from monitor.store.take_downs import list_take_downs
from monitor.store.tellings import Told, begin_telling, find_telling, list_untold, record_telling

CHANNEL = "webhook:"
TELLING = "webhooks"
TURN = 7_200_012  # any number of our own: one teller at a time
BATCH = 200  # editions of one transaction
FAILING_FOR = timedelta(days=3)  # nothing arrived: it is disabled
OLD_SECRET_FOR = timedelta(days=1)
DELIVERIES_FOR = timedelta(days=90)
WAIT_SECONDS = 180.0  # for one exchange with its turn at the host; the outbox's lease is longer
LONGEST_ANSWER = 65_536  # bytes; nobody reads it
MOST_WEBHOOKS = 50
LONGEST_NAME = 80
_PREFIX = "whsec_"
_EVENTS = {
    RevisionKind.FIRST: Event.PUBLISHED,
    RevisionKind.UPDATE: Event.UPDATED,
    RevisionKind.CORRECTION: Event.CORRECTED,
    RevisionKind.RETRACTION: Event.RETRACTED,
    RevisionKind.RESTORATION: Event.RESTORED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceReport:
    """What was told."""

    edition_count: int = 0
    message_count: int = 0

    def __str__(self) -> str:
        return f"{self.edition_count} publications told, {self.message_count} messages written."


# --- registering -------------------------------------------------------------------------------------------------


def add_webhook(
    database: Database,
    clock: Clock,
    *,
    name: str,
    url: str,
    wanted: Wanted,
    events: Sequence[Event] = (),
    by: str,
    allow: Sequence[Network] = (),
    address: str | None = None,
) -> Webhook:
    """Register a program; its secret is made here. Raises IllegalDecision where it could never be told."""
    said, where = _check_name(name), check_url(url, allow)
    with database.write() as tx:
        if len(store.list_webhooks(tx)) >= MOST_WEBHOOKS:
            raise IllegalDecision(f"There are {MOST_WEBHOOKS} webhooks: remove one first. Nothing was saved.")
        now = clock.now()
        begin_telling(tx, TELLING, now=now)
        made = store.add_webhook(
            tx, name=said, url=where, wanted=wanted, events=events, secret=_new_secret(), by=by, now=now
        )
        _audit(tx, made, "add", by, now, address, url=where, wanted=wanted.values())
        return made


def change_webhook(
    database: Database,
    clock: Clock,
    number: int,
    *,
    name: str,
    url: str,
    wanted: Wanted,
    events: Sequence[Event] = (),
    by: str,
    allow: Sequence[Network] = (),
    address: str | None = None,
) -> Webhook:
    """Another name, place or choice."""
    said, where = _check_name(name), check_url(url, allow)
    with database.write() as tx:
        made = store.record_choice(tx, number, name=said, url=where, wanted=wanted, events=events)
        _audit(tx, made, "change", by, clock.now(), address, url=where, wanted=wanted.values())
        return made


def rotate_secret(database: Database, clock: Clock, number: int, *, by: str, address: str | None = None) -> Webhook:
    """A new secret; for a day messages are signed with the old one as well, so that the receiver can change over."""
    with database.write() as tx:
        now = clock.now()
        made = store.record_secret(tx, number, secret=_new_secret(), old_until=now + OLD_SECRET_FOR)
        _audit(tx, made, "rotate", by, now, address)
        return made


def enable(database: Database, clock: Clock, number: int, *, by: str, address: str | None = None) -> Webhook:
    """Tell it again, from now on; what was given up meanwhile is sent again one by one, where somebody asks for it."""
    with database.write() as tx:
        made = store.record_enabled(tx, number)
        _audit(tx, made, "enable", by, clock.now(), address)
        return made


def disable(database: Database, clock: Clock, number: int, *, by: str, address: str | None = None) -> None:
    """Tell it nothing any more."""
    with database.write() as tx:
        now = clock.now()
        found = store.get_webhook(tx, number)
        store.record_disabled(tx, number, channel=channel_of(number), why=f"by {by}", now=now)
        _audit(tx, found, "disable", by, now, address)


def remove(database: Database, clock: Clock, number: int, *, by: str, address: str | None = None) -> None:
    """Forget it and its secrets."""
    with database.write() as tx:
        now = clock.now()
        found = store.get_webhook(tx, number)
        store.record_removed(tx, number, channel=channel_of(number), now=now)
        _audit(tx, found, "remove", by, now, address)


def ping(database: Database, clock: Clock, number: int) -> str:
    """Write a test message down, due at once; its id."""
    with database.write() as tx:
        found, now = store.get_webhook(tx, number), clock.now()
        key = f"webhook/{found.id}/ping/{now:%Y-%m-%dT%H:%M:%S.%fZ}"
        body = _body(PING, now, {"webhook": found.name})
        outbox.add_message(tx, key=key, channel=channel_of(number), subject=PING, body=body, now=now)
    return message_id(key)


def redeliver(
    database: Database, clock: Clock, number: int, message: str, *, by: str, address: str | None = None
) -> None:
    """Send one message once more, under its own id. Raises Unknown where it is no longer kept."""
    with database.write() as tx:
        found, key = store.get_webhook(tx, number), store.find_delivered(tx, number, message)
        if key is None or store.renew_message(tx, key, now=clock.now()) is None:
            raise Unknown(f"Message {message[:80]} is no longer kept. Nothing was sent.")
        _audit(tx, found, "redeliver", by, clock.now(), address, message=message)


def list_log(database: Database, number: int, *, limit: int = 50) -> tuple[Webhook, tuple[DeliveryLine, ...]]:
    """A webhook with its newest attempts."""
    with database.read() as tx:
        return store.get_webhook(tx, number), store.list_deliveries(tx, number, limit=limit)


def check_url(url: str, allow: Sequence[Network]) -> str:
    """The address as it is kept; raises IllegalDecision where it could never be asked (H1-H3, H21)."""
    try:
        target = read_target(url.strip())
        if target.address is not None:
            check_address(target.address, allow)
    except Refusal as refusal:
        raise IllegalDecision(f"This address cannot be told: {refusal.detail}. Nothing was saved.") from None
    if target.authorization is not None or "#" in url:
        raise IllegalDecision(
            "Give the address without a name, a password and a #: messages are signed instead. Nothing was saved."
        )
    return url.strip()


def _check_name(name: str) -> str:
    said = clean_line(name).strip()
    if not said or len(said) > LONGEST_NAME:
        raise IllegalDecision(f"A webhook needs a name of 1 to {LONGEST_NAME} characters. Nothing was saved.")
    return said


def _new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _audit(
    tx: Transaction, hook: Webhook, what: str, by: str, now: datetime, address: str | None, **after: Any
) -> None:
    append_audit(
        tx,
        at=now,
        who=by,
        what=f"webhook.{what}",
        subject=f"webhook {hook.id}",
        after={"name": hook.name, **after},
        address=address,
    )


# --- telling -----------------------------------------------------------------------------------------------------


def announce(database: Database, clock: Clock, *, site: Site) -> AnnounceReport:
    """Write down what was published since the last look, for every webhook that wants it; with nothing new, a look."""
    with database.read() as tx:
        telling = find_telling(tx, TELLING)
        untold = () if telling is None else list_untold(tx, after=telling.edition, limit=BATCH)
        hooks = [hook for hook in store.list_webhooks(tx) if hook.is_enabled]
        told_of = list({told.change.wire for told in untold}) if hooks else []
        wires = {wire.id: wire for wire in get_published(tx, told_of) if wire.withdrawn_at is None}
    if telling is not None and not untold:
        return AnnounceReport()
    now = clock.now()
    messages = [message for told in untold for message in _messages(site, hooks, told, wires, now)]
    with database.write() as tx:
        take_turn(tx, TURN)
        if telling is None:
            begin_telling(tx, TELLING, now=now)
            return AnnounceReport()
        if find_telling(tx, TELLING) != telling:  # another process was faster
            return AnnounceReport()
        outbox.add_messages(tx, messages, now=now)
        record_telling(tx, TELLING, edition=untold[-1].number, told_until=now)
        store.drop_deliveries(tx, before=now - DELIVERIES_FOR)
    return AnnounceReport(edition_count=len(untold), message_count=len(messages))


def _messages(
    site: Site, hooks: Sequence[Webhook], told: Told, wires: Mapping[WireId, Wire], now: datetime
) -> list[outbox.Written]:
    change = told.change
    facets = [f for f in (change.before, change.after) if f is not None]
    wire = None if change.after is None else _as_of(wires.get(change.wire), told.at)
    if wire is None and change.after is not None:  # taken down since: that edition says so
        return []
    event = Event.TAKEN_DOWN if wire is None else event_of(wire, told)
    wanting = [
        hook for hook in hooks if (not hook.events or event in hook.events) and any(map(hook.wanted.takes, facets))
    ]
    if not wanting:
        return []
    kind = f"wire.{event}"
    body = _body(kind, now, {"edition": told.number, "wire": _told_wire(site, wire, told)})
    return [
        outbox.Written(
            key=f"webhook/{hook.id}/{told.number}/{change.wire}/{kind}",
            channel=channel_of(hook.id),
            subject=kind,
            body=body,
        )
        for hook in wanting
    ]


def event_of(wire: Wire, told: Told) -> Event:
    """What an edition says of a wire that readers see."""
    shown = wire.published
    if told.change.before is None or shown is None:
        return Event.PUBLISHED
    return _EVENTS[shown.kind]


def _as_of(wire: Wire | None, at: datetime) -> Wire | None:
    """The wire as it was published then; None where nothing of it is."""
    if wire is None:
        return None
    seen = tuple(r for r in wire.revisions if r.published_at == at)
    last = seen[-1].number if seen else wire.revisions[-1].number
    return replace(wire, revisions=tuple(r for r in wire.revisions if r.number <= last))


def _told_wire(site: Site, wire: Wire | None, told: Told) -> dict[str, Any]:
    if wire is None:
        return {
            "id": int(told.change.wire),
            "slug": told.change.slug,
            "url": site.url(f"/wires/{told.change.slug}"),
            "status": "taken-down",
            "taken_down_at": stamp(told.at),
        }
    registers = register_rows(site.providers, site.codebook)
    return record_of(rows_of(site, wire), names_of(registers["providers"], registers["codes"]))


def _body(kind: str, now: datetime, data: Mapping[str, Any]) -> str:
    said = {"type": kind, "timestamp": stamp(now), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


# --- sending -----------------------------------------------------------------------------------------------------


def channel_of(number: int) -> str:
    """The channel of the outbox for one webhook."""
    return f"{CHANNEL}{number}"


def message_id(key: str) -> str:
    """What every attempt of a message says it is."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def sign(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """One signature of a message (Standard Webhooks 1.0): "v1,…"."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.digest(key, b"%s.%d.%s" % (message.encode(), timestamp, body), "sha256")
    return f"v1,{base64.b64encode(signed).decode('ascii')}"


def webhook_doors(
    database: Database, clock: Clock, fetcher: Fetcher, *, alerts: Sequence[str] = (), base_url: str = ""
) -> dict[str, Door]:
    """A door of the outbox for each webhook that is told; `alerts` hear of one that is given up."""
    with database.read() as tx:
        hooks = [hook for hook in store.list_webhooks(tx) if hook.is_enabled]
    send = functools.partial(_send, database, clock, fetcher, tuple(alerts), base_url)
    return {channel_of(hook.id): functools.partial(send, hook.id) for hook in hooks}


def _send(
    database: Database,
    clock: Clock,
    fetcher: Fetcher,
    alerts: Sequence[str],
    base_url: str,
    number: int,
    message: OutboxMessage,
) -> Delivery:
    with database.read() as tx:
        hook, is_buried = store.find_webhook(tx, number), _is_buried(tx, message)
    if hook is None or not hook.is_enabled:
        return Delivery(is_delivered=False, detail="its webhook is disabled or removed", is_final=True)
    if is_buried:
        detail = "its wire was taken down since, which another message says"
        return Delivery(is_delivered=False, detail=detail, is_final=True, is_door_open=True)
    outcome = _post(fetcher, hook, message, clock.now())
    sent = _delivery(outcome)
    with database.write() as tx:
        now, identity = clock.now(), message_id(message.key)
        if store.find_webhook(tx, number) is None:
            return sent
        failing_since = store.append_delivery(
            tx,
            webhook=number,
            message=identity,
            key=message.key,
            kind=message.subject,
            wire=_wire_of(message),
            is_delivered=sent.is_delivered,
            detail=sent.detail,
            now=now,
        )
        why = ""
        if isinstance(outcome, Gone):
            why = "it answered 410: gone"
        elif failing_since is not None and now - failing_since >= FAILING_FOR:
            why = f"nothing arrived for {FAILING_FOR.days} days; the last time it {sent.detail}"
        if why:
            _give_up(tx, hook, why, now, alerts, base_url)
    return replace(sent, is_final=True) if why else sent


def _give_up(tx: Transaction, hook: Webhook, why: str, now: datetime, alerts: Sequence[str], base_url: str) -> None:
    given_up = store.record_disabled(tx, hook.id, channel=channel_of(hook.id), why=why, now=now)
    _audit(tx, hook, "disable", TELLING, now, None, why=why)
    key = f"webhook-disabled/{hook.id}/{now:%Y-%m-%dT%H:%M:%SZ}"
    body = (
        f"The webhook “{hook.name}” ({hook.url}) was disabled: {why}. {given_up} messages were given up. At "
        f"{base_url}/desk/webhooks/{hook.id} it can be enabled, and they can be sent again.\n\nThis message is {key}.\n"
    )
    for each in dict.fromkeys(alerts):
        channel = alert_channel(each)
        subject = f"Webhook disabled: {hook.name}"
        outbox.add_message(tx, key=f"{key}/{channel}", channel=channel, subject=subject, body=body, now=now)


def _post(fetcher: Fetcher, hook: Webhook, message: OutboxMessage, now: datetime) -> FetchOutcome | None:
    body, identity, at = message.body.encode(), message_id(message.key), int(now.timestamp())
    keys = [hook.secret]
    if hook.old_secret and hook.old_secret_until is not None and hook.old_secret_until > now:
        keys.append(hook.old_secret)
    headers = (
        ("webhook-id", identity),
        ("webhook-timestamp", str(at)),
        ("webhook-signature", " ".join(sign(key, identity, at, body) for key in keys)),
    )
    request = FetchRequest(url=hook.url, json=body, headers=headers, max_bytes=LONGEST_ANSWER)
    try:
        return fetcher.submit(request).result(WAIT_SECONDS)
    except (TimeoutError, CancelledError):
        return None


def _delivery(outcome: FetchOutcome | None) -> Delivery:
    match outcome:
        case Fetched(status=status):
            return Delivery(is_delivered=True, detail=f"answered {status}")
        case Gone():
            return Delivery(is_delivered=False, detail="answered 410", is_final=True)
        case Failed(detail=detail):
            return Delivery(is_delivered=False, detail=detail)
        case None:
            return Delivery(is_delivered=False, detail="was not asked in time")
        case _:
            return Delivery(is_delivered=False, detail=f"answered {getattr(outcome, 'status', 'something else')}")


def _is_buried(tx: Transaction, message: OutboxMessage) -> bool:
    """Whether it brings what readers may not see any more."""
    wire = _wire_of(message)
    return (
        wire is not None
        and message.subject != f"wire.{Event.TAKEN_DOWN}"
        and bool(list_take_downs(tx, wires=[WireId(wire)]))
    )


def _wire_of(message: OutboxMessage) -> int | None:
    parts = message.key.split("/")
    return int(parts[3]) if len(parts) == 5 else None
