"""digests: what happened to wires, by e-mail, daily or weekly, to addresses that asked for it and answered.

A digest tells the editions since the one before, so that nothing falls between two, and a newsroom that was off makes
up for all it missed with one. It is written once for all who chose the same; the issue, the messages that carry it and
how far has been told are one transaction (F11). A letter is made and addressed when it leaves: the outbox knows
a subscription's number and no address, and whoever has left meanwhile gets nothing. What was corrected, retracted or
taken down since the digest was written is so in every letter that leaves after that.
"""

from __future__ import annotations

import functools
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.errors import Busy, IllegalDecision, Unconfigured, Unknown
from monitor.jobs.credentials import digest
from monitor.jobs.outbox import Door
from monitor.jobs.passwords import write_secret
from monitor.log import get_log
from monitor.model import Clock, Delivery, OutboxMessage, RevisionKind, Wire, WireId
from monitor.model.publication import Facets
from monitor.model.subscriber import (
    Event,
    Happening,
    Issue,
    Letter,
    Period,
    Subscriber,
    SubscriberState,
    Wanted,
)
from monitor.net.smtp import MailServer, Postman, Verdict
from monitor.stages.digest import confirmation_letter, digest_letter, period_end, standing_letter, write_digest
from monitor.stages.syndicate import Site
from monitor.store import outbox
from monitor.store import subscribers as store
from monitor.store.database import Database, Transaction, take_turn
from monitor.store.editions import read_edition
from monitor.store.published import get_published
from monitor.store.tellings import (
    Telling,
    Told,
    begin_telling,
    find_telling,
    list_told_of,
    list_untold,
    record_telling,
)

CHANNEL = "mail"
TURN = 7_200_011  # any number of our own: one writer of digests at a time
CONFIRM_HOURS = 48
PAST = timedelta(days=1)  # what says of itself that it was published so long before is of the past: no news
PAUSED_FOR = timedelta(days=30)  # then an address that refuses is forgotten
ISSUES_FOR = timedelta(days=90)
MOST_OF_ADDRESS = 10  # subscriptions
ASKED_BY_ADDRESS, ASKED_BY_CLIENT = 3, 20  # times a day that an address is written to; that one place may ask
REFUSALS = 3  # letters in a row that were refused, though the address is one
KEY_FILE = "subscribers.key"
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_EVENTS = {
    RevisionKind.FIRST: Event.PUBLISHED,
    RevisionKind.UPDATE: Event.UPDATED,
    RevisionKind.CORRECTION: Event.CORRECTED,
    RevisionKind.RETRACTION: Event.RETRACTED,
    RevisionKind.RESTORATION: Event.RESTORED,
}
_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """What was written."""

    issue_count: int = 0
    letter_count: int = 0

    def __str__(self) -> str:
        return f"{self.issue_count} digests written, for {self.letter_count} subscribers."


# --- asking, answering, leaving ----------------------------------------------------------------------------------


def read_address(text: str) -> str:
    """An address as it is kept; raises IllegalDecision with what is wrong. Its host in ASCII and small letters."""
    local, at, host = text.strip().rpartition("@")
    try:
        name = host.encode("idna").decode("ascii").lower() if host else ""
    except UnicodeError:
        name = ""
    labels = name.split(".")
    is_host = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not at or len(local) > 64 or len(name) > 189 or not _LOCAL.fullmatch(local) or not is_host:
        raise IllegalDecision("That is not an e-mail address that we can write to. Nothing was sent.")
    return f"{local}@{name}"


def ask(
    database: Database,
    clock: Clock,
    *,
    address: str,
    period: Period,
    wanted: Wanted,
    client: str,
    secrets_dir: Path,
) -> None:
    """Write a letter that asks `address` whether it wants this; what it has already is not told to whoever asks.

    Raises IllegalDecision where it is no address, Busy where `client` asks too often. An address that was written to
    often enough today is not written to, and whoever asked is told the same as ever.
    """
    to, key = read_address(address), _hash_key(secrets_dir)
    of_client, of_address = _keyed(key, f"client {client}"), _keyed(key, f"address {to.casefold()}")
    with database.write() as tx:
        now = clock.now()
        since = now - timedelta(days=1)
        store.drop_asking(tx, before=since)
        if store.count_asking(tx, of_client, since=since) >= ASKED_BY_CLIENT:
            raise Busy("From where you are, many digests were asked for today. Nothing was sent; try again tomorrow.")
        is_pestered = store.count_asking(tx, of_address, since=since) >= ASKED_BY_ADDRESS
        store.append_asking(tx, (of_client, of_address), now=now)
        if not is_pestered:
            _write_asking(tx, to, period, wanted, now)


def _write_asking(tx: Transaction, address: str, period: Period, wanted: Wanted, now: datetime) -> None:
    same = store.find_same(tx, address=address, period=period, wanted=wanted)
    if same is not None and same.state is SubscriberState.ACTIVE:
        _add_letter(tx, same, "standing", now, key=f"mail/standing/{same.id}/{now:%Y-%m-%dT%H:%M}")
        return
    token, until = secrets.token_urlsafe(24), now + timedelta(hours=CONFIRM_HOURS)
    if same is not None:
        asking = store.record_asked_again(tx, same.id, confirm_hash=digest(token), confirm_until=until, now=now)
    elif store.count_of_address(tx, address) >= MOST_OF_ADDRESS:
        return
    else:
        asking = store.add_subscriber(
            tx,
            address=address,
            period=period,
            wanted=wanted,
            confirm_hash=digest(token),
            confirm_until=until,
            leave_token=secrets.token_urlsafe(24),
            now=now,
        )
    _add_letter(tx, asking, "confirm", now, key=f"mail/confirm/{asking.id}/{digest(token)[:12]}", token=token)


def _add_letter(tx: Transaction, subscriber: Subscriber, kind: str, now: datetime, *, key: str, **more: Any) -> None:
    body = json.dumps({"kind": kind, "subscriber": subscriber.id, **more})
    outbox.add_message(tx, key=key, channel=CHANNEL, subject=kind, body=body, now=now)


def look_asking(database: Database, clock: Clock, token: str) -> Subscriber:
    """What a link would confirm; raises Unknown where it no longer works."""
    with database.read() as tx:
        found = store.find_asking(tx, digest(token), now=clock.now())
    if found is None:
        raise Unknown("This link has been used, or has run out. Subscribe again, and a new one is sent.")
    return found


def confirm(database: Database, clock: Clock, token: str) -> Subscriber:
    """The address has answered: digests go to it from now on. Raises Unknown where the link no longer works."""
    with database.write() as tx:
        now = clock.now()
        asking = store.find_asking(tx, digest(token), now=now)
        if asking is None:
            raise Unknown("This link has been used, or has run out. Subscribe again, and a new one is sent.")
        return store.record_confirmed(tx, asking.id, now=now)


def find_leaving(database: Database, token: str) -> Subscriber | None:
    """The subscription that a letter's link ends; None where it has ended."""
    with database.read() as tx:
        return store.find_by_leave_token(tx, token)


def leave(database: Database, token: str, *, is_all: bool = False) -> int:
    """End the subscription of this token, or all of its address, and forget the address; how many that were."""
    with database.write() as tx:
        found = store.find_by_leave_token(tx, token)
        if found is None:
            return 0
        return store.drop_address(tx, found.address) if is_all else int(store.drop_subscriber(tx, found.id))


def forget(database: Database, address: str) -> int:
    """End every subscription of an address, on its owner's word; how many that were."""
    with database.write() as tx:
        return store.drop_address(tx, address.strip())


def _hash_key(secrets_dir: Path) -> bytes:
    """The key under which addresses are counted: nobody who has the database alone can try addresses out on it."""
    path = secrets_dir / KEY_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        write_secret(path, secrets.token_urlsafe(32))
        return path.read_bytes()


def _keyed(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


# --- writing -----------------------------------------------------------------------------------------------------


def write_digests(database: Database, clock: Clock, *, site: Site, hour: int) -> DigestReport:
    """Write every digest that is due; with none due, two questions. A digest with nothing in it is not written."""
    issues = letters = 0
    for period in Period:
        until = period_end(period, clock.now(), hour=hour)
        with database.read() as tx:
            telling = find_telling(tx, f"digest.{period}")
        if telling is not None and telling.told_until >= until:
            continue
        with database.write() as tx:
            take_turn(tx, TURN)
            now = clock.now()
            telling = begin_telling(tx, f"digest.{period}", now=now)
            if telling.told_until < until:
                written = _write_period(tx, site, period, telling, now)
                issues, letters = issues + written[0], letters + written[1]
        with database.write() as tx:
            store.drop_lapsed(tx, asked_before=clock.now(), paused_before=clock.now() - PAUSED_FOR)
            store.drop_issues(tx, before=clock.now() - ISSUES_FOR)
    return DigestReport(issue_count=issues, letter_count=letters)


def _write_period(tx: Transaction, site: Site, period: Period, telling: Telling, now: datetime) -> tuple[int, int]:
    choices = store.list_choices(tx, period)
    found, edition = _find_happenings(tx, telling, is_wanted=bool(choices))
    issues = letters = 0
    for wanted in choices:
        wires = [wire for wire, _, facets in found if any(map(wanted.takes, facets))]
        told = [happening for _, happening, facets in found if any(map(wanted.takes, facets))]
        if not told:
            continue
        text = write_digest(site, told, wanted=wanted, from_at=telling.told_until, until_at=now)
        issue = store.add_issue(
            tx,
            period=period,
            wanted=wanted,
            from_at=telling.told_until,
            until_at=now,
            subject=text.subject,
            text=text.text,
            html=text.html,
            after_edition=telling.edition,
            edition=edition,
            wires=wires,
        )
        numbers = store.list_choosing(tx, period, wanted)
        outbox.add_messages(
            tx,
            [
                outbox.Written(
                    key=f"mail/digest/{issue.id}/{number}",
                    channel=CHANNEL,
                    subject="digest",
                    body=json.dumps({"kind": "digest", "subscriber": number, "issue": issue.id}),
                )
                for number in numbers
            ],
            now=now,
        )
        issues, letters = issues + 1, letters + len(numbers)
    record_telling(tx, f"digest.{period}", edition=edition, told_until=now)
    return issues, letters


def _find_happenings(
    tx: Transaction, telling: Telling, *, is_wanted: bool
) -> tuple[list[tuple[WireId, Happening, tuple[Facets, ...]]], int]:
    """What the editions since then tell, with the facets by which each wire was and is found; the last edition."""
    edition, oldest = telling.edition, telling.told_until - PAST
    changes: dict[WireId, list[Told]] = {}
    while untold := list_untold(tx, after=edition):
        edition = untold[-1].number
        for told in untold:
            if told.at >= oldest and is_wanted:
                changes.setdefault(told.change.wire, []).append(told)
    found = []
    for number, happening in _happenings(tx, changes):
        told_of = changes[number]
        facets = tuple(f for f in (told_of[0].change.before, told_of[-1].change.after) if f is not None)
        if facets:
            found.append((number, happening, facets))
    return found, edition


def _happenings(tx: Transaction, changes: Mapping[WireId, Sequence[Told]]) -> Iterator[tuple[WireId, Happening]]:
    """What the changes of each wire come to, as the wire stands now; nothing of those that come to nothing."""
    wires = {wire.id: wire for wire in get_published(tx, list(changes)) if wire.withdrawn_at is None}
    for number, told_of in changes.items():
        happening = happening_of(told_of, wires.get(number))
        if happening is not None:
            yield number, happening


def happening_of(told_of: Sequence[Told], wire: Wire | None) -> Happening | None:
    """What these editions of one wire come to for a reader who knows what stood before them; None: to nothing."""
    first, last = told_of[0], told_of[-1]
    if last.change.after is None or wire is None or wire.published is None:
        if first.change.before is None:  # came and went: nobody was told of it
            return None
        return Happening(slug=last.change.slug, wire=None, event=Event.TAKEN_DOWN, at=last.at)
    times = {told.at for told in told_of}
    kinds = {r.kind for r in wire.revisions if r.published_at in times}
    telling = (RevisionKind.RETRACTION, RevisionKind.RESTORATION, RevisionKind.CORRECTION)
    newest = wire.published.kind
    kind = newest if newest in telling else next((k for k in reversed(telling) if k in kinds), newest)
    if first.change.before is None and kind is not RevisionKind.RETRACTION:
        kind = RevisionKind.FIRST
    return Happening(slug=wire.slug, wire=wire, event=_EVENTS[kind], at=last.at)


# --- sending -----------------------------------------------------------------------------------------------------


def mail_server(
    *, host: str, port: int, security: str, user: str, password: Path | None, sender: str, name: str
) -> MailServer:
    """The mail server of the settings, with the password that stands in its file now; raises Unconfigured."""
    try:
        address = read_address(sender)
    except IllegalDecision:
        raise Unconfigured("MONITOR_SMTP_FROM must be the address that digests come from: wire@example.org.") from None
    if user and security == "none":
        raise Unconfigured("MONITOR_SMTP_SECURITY=none would send the password of MONITOR_SMTP_USER in the clear.")
    try:
        secret = "" if password is None else password.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise Unconfigured(f"MONITOR_SMTP_PASSWORD: {password} cannot be read ({error}).") from error
    return MailServer(host=host, port=port, security=security, user=user, password=secret, sender=address, name=name)


def mail_doors(database: Database, clock: Clock, *, site: Site, postman: Postman) -> Mapping[str, Door]:
    """The door of the outbox through which letters leave."""
    return {CHANNEL: functools.partial(_send, database, clock, site, postman)}


def _send(database: Database, clock: Clock, site: Site, postman: Postman, message: OutboxMessage) -> Delivery:
    letter, number = _letter(database, clock, site, message)
    if letter is None:
        detail = "its subscription has ended, or all that it told was taken down"
        return Delivery(is_delivered=False, detail=detail, is_final=True, is_door_open=True)
    sent = postman.send(letter, now=clock.now())
    with database.write() as tx:
        match sent.verdict:
            case Verdict.TAKEN:
                store.record_taken(tx, number)
            case Verdict.REFUSED_ADDRESS:
                store.record_refused(tx, number, note=sent.detail, is_for_good=True, now=clock.now())
            case Verdict.REFUSED_LETTER:
                known = store.find_subscriber(tx, number)
                is_for_good = known is not None and known.refusal_count + 1 >= REFUSALS
                store.record_refused(tx, number, note=sent.detail, is_for_good=is_for_good, now=clock.now())
    return Delivery(
        is_delivered=sent.verdict is Verdict.TAKEN,
        detail=sent.detail,
        is_final=sent.verdict in {Verdict.REFUSED_ADDRESS, Verdict.REFUSED_LETTER},
        is_door_open=sent.verdict is not Verdict.UNREACHABLE,
    )


def _letter(database: Database, clock: Clock, site: Site, message: OutboxMessage) -> tuple[Letter | None, int]:
    """The letter as it leaves now; None where nobody waits for it any more, or nothing is left to be told."""
    body: dict[str, Any] = json.loads(message.body)
    with database.read() as tx:
        subscriber = store.find_subscriber(tx, body["subscriber"])
        issue = store.find_issue(tx, body["issue"]) if body["kind"] == "digest" else None
    if subscriber is None:
        return None, body["subscriber"]
    if issue is not None and subscriber.state is SubscriberState.ACTIVE:
        issue = _as_it_stands(database, clock, site, issue)
    key, state = message.key, subscriber.state
    match body["kind"]:
        case "confirm" if state is SubscriberState.PENDING:
            letter = confirmation_letter(site, subscriber, token=body["token"], hours=CONFIRM_HOURS, key=key)
        case "standing" if state is SubscriberState.ACTIVE:
            letter = standing_letter(site, subscriber, key=key)
        case "digest" if state is SubscriberState.ACTIVE and issue is not None and issue.wire_count:
            letter = digest_letter(site, issue, subscriber, key=key)
        case _:
            return None, subscriber.id
    return letter, subscriber.id


def _as_it_stands(database: Database, clock: Clock, site: Site, issue: Issue) -> Issue:
    """The issue, written anew where one of its wires was revised or taken down since; without any, it is empty."""
    with database.read() as tx:
        if not list_told_of(tx, issue.wires, after=issue.edition):
            return issue
    with database.write() as tx:
        take_turn(tx, TURN)
        known, now = store.find_issue(tx, issue.id) or issue, clock.now()
        changes: dict[WireId, list[Told]] = {}
        for told in list_told_of(tx, known.wires, after=known.after_edition):
            if told.at >= known.from_at - PAST:
                changes.setdefault(told.change.wire, []).append(told)
        left = dict(_happenings(tx, changes))
        text = write_digest(site, tuple(left.values()), wanted=known.wanted, from_at=known.from_at, until_at=now)
        _log.info("a digest was written anew, for what it tells has changed", issue=known.id, wires=len(left))
        return store.record_rewritten(
            tx,
            known.id,
            subject=text.subject,
            text=text.text if left else "",
            html=text.html if left else "",
            edition=read_edition(tx).number,
            wires=tuple(left),
        )
