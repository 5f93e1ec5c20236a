"""filters: a part of the queue under a name, that tells its owner or the newsroom what newly matches, and has a feed.

An alert is written to the outbox in the transaction that notes what it told (F11): a candidate is told once by a
filter, all that came since the last look in one message for each address, however many filters found it. Addresses
stand in MONITOR_ALERTS (the newsroom's) and in a file for each person that the operator wrote; the database has a
digest of them and nothing more (D13), and no address comes from the web.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from monitor.errors import Denied, IllegalDecision, Unconfigured
from monitor.jobs.look import narrow_by_words
from monitor.jobs.outbox import Door
from monitor.jobs.passwords import write_secret
from monitor.log import get_log
from monitor.model import (
    AlertTo,
    Candidate,
    CandidateId,
    Clock,
    Delivery,
    Editor,
    Filter,
    OutboxMessage,
    Role,
    SavedFilter,
)
from monitor.net.notify import Notifier
from monitor.stages.canonical import clean_line
from monitor.stages.codebook import ProviderIndex
from monitor.stages.matches import write_matches
from monitor.store import filters, outbox
from monitor.store.database import Database, Transaction, take_turn
from monitor.store.people import append_audit, get_editor, list_editors
from monitor.store.queue import list_matching

CHANNEL = "filter:"
FOLDER = "alerts"  # below the secrets: a file for each person
MOST_FILTERS = 50  # of one person
MOST_ADDRESSES = 10
LONGEST_NAME = 80
MOST_MATCHES = 100  # of a filter in one look; the next look goes on from there
OVERLAP = timedelta(minutes=10)  # looked at again: what was committed late
TURN = 7_200_005  # any number of our own: one teller at a time (F7)
TOKEN_BYTES = 24
_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """What was told."""

    match_count: int = 0
    message_count: int = 0

    def __str__(self) -> str:
        return f"{self.match_count} candidates match a saved filter, {self.message_count} messages written."


# --- saving ------------------------------------------------------------------------------------------------------


def save_filter(
    database: Database, clock: Clock, *, owner: Editor, name: str, wanted: Filter, address: str | None = None
) -> SavedFilter:
    """Keep `wanted` under a name; one of the same name is changed to it."""
    said = clean_line(name).strip()
    if not said or len(said) > LONGEST_NAME:
        raise IllegalDecision(f"A filter needs a name of 1 to {LONGEST_NAME} characters. Nothing was saved.")
    with database.write() as tx:
        now = clock.now()
        own = [f for f in filters.list_filters(tx, who=owner.name) if f.owner == owner.name]
        same = next((f for f in own if f.name == said), None)
        if same is None and len(own) >= MOST_FILTERS:
            raise IllegalDecision(f"You have {len(own)} filters: remove one first. Nothing was saved.")
        if same is not None:
            saved = filters.record_settings(tx, same.id, wanted=wanted)
        else:
            saved = filters.add_filter(tx, owner=owner.name, name=said, wanted=wanted, now=now)
        _audit(tx, owner, saved, "save", now, address, query=saved.filter.query())
        return saved


def share_filter(
    database: Database, clock: Clock, number: int, *, by: Editor, is_shared: bool, address: str | None = None
) -> SavedFilter:
    """Let everybody see a filter, or its owner alone."""
    with database.write() as tx:
        _own(tx, number, by)
        saved = filters.record_settings(tx, number, is_shared=is_shared)
        _audit(tx, by, saved, "share", clock.now(), address, is_shared=is_shared)
        return saved


def set_alerts(
    database: Database,
    clock: Clock,
    number: int,
    *,
    by: Editor,
    alerts: AlertTo,
    index: ProviderIndex | None = None,
    address: str | None = None,
) -> SavedFilter:
    """Whom a filter tells from now on; what matches already goes untold. The newsroom is for senior editors to tell."""
    if alerts is AlertTo.NEWSROOM and not by.role.may(Role.SENIOR):
        raise Denied("Telling the whole newsroom is for senior editors. Nothing was changed.")
    with database.write() as tx:
        now = clock.now()
        before = _own(tx, number, by)
        saved = filters.record_alerts(tx, number, alerts, now=now)
        if before.alerts is AlertTo.NOBODY and alerts is not AlertTo.NOBODY:
            among = narrow_by_words(tx, saved.filter, index)
            present = list_matching(
                tx, saved.filter, who=saved.owner, now=now, grown_from=now - OVERLAP, limit=MOST_MATCHES, among=among
            )
            filters.record_matches(tx, number, [c.id for c in present], now=now)
        _audit(tx, by, saved, "alert", now, address, alerts=alerts.value)
        return saved


def read_own(database: Database, number: int, by: Editor) -> SavedFilter:
    """A filter of one's own; raises Denied for another's, Unknown for none."""
    with database.read() as tx:
        return _own(tx, number, by)


def open_feed(
    database: Database, clock: Clock, number: int, *, by: Editor, address: str | None = None
) -> tuple[SavedFilter, str]:
    """Give a filter's feed a new address, of which the secret part is shown once and never again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.write() as tx:
        _own(tx, number, by)
        saved = filters.record_token(tx, number, token)
        _audit(tx, by, saved, "open feed", clock.now(), address)
        return saved, token


def close_feed(database: Database, clock: Clock, number: int, *, by: Editor, address: str | None = None) -> SavedFilter:
    """Its address leads nowhere from now on."""
    with database.write() as tx:
        _own(tx, number, by)
        saved = filters.record_token(tx, number, None)
        _audit(tx, by, saved, "close feed", clock.now(), address)
        return saved


def remove_filter(database: Database, clock: Clock, number: int, *, by: Editor, address: str | None = None) -> None:
    """Take a filter out of the list, with its alert and its feed."""
    with database.write() as tx:
        saved, now = _own(tx, number, by), clock.now()
        filters.record_removal(tx, number, now=now)
        _audit(tx, by, saved, "remove", now, address)


def _own(tx: Transaction, number: int, by: Editor) -> SavedFilter:
    saved = filters.get_filter(tx, number)
    if saved.owner != by.name and not (saved.is_shared and by.role.may(Role.ADMIN)):
        raise Denied(f"“{saved.name}” is {saved.owner}'s filter. Save one of your own; nothing was changed.")
    return saved


def _audit(
    tx: Transaction, by: Editor, saved: SavedFilter, what: str, now: datetime, address: str | None, **after: object
) -> None:
    append_audit(
        tx,
        at=now,
        who=by.name,
        what=f"filter.{what.replace(' ', '-')}",
        subject=f"filter {saved.id}",
        after={"name": saved.name, **after},
        address=address,
    )


# --- addresses ---------------------------------------------------------------------------------------------------


def address_file(folder: Path, name: str) -> Path:
    """Where the addresses of a person stand, one a line; the operator writes it."""
    return folder / FOLDER / quote(name, safe=" ")


def read_addresses(folder: Path, name: str) -> tuple[str, ...]:
    """The Apprise addresses of a person; none where there is no such file."""
    try:
        lines = address_file(folder, name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    found = [line.strip() for line in lines if "://" in line and not line.lstrip().startswith("#")]
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def store_addresses(
    database: Database, clock: Clock, *, folder: Path, name: str, addresses: Sequence[str], by: str
) -> Path | None:
    """Write the addresses of a person where alerts look for them, readable by this user alone; none removes the file.

    Raises Unknown where nobody is called so, IllegalDecision where one is no address, Unconfigured where the file
    cannot be written. The audit holds how many there are, and none of them.
    """
    with database.read() as tx:
        get_editor(tx, name)
    if len(addresses) > MOST_ADDRESSES or not all("://" in a and a.isprintable() for a in addresses):
        raise IllegalDecision(f"Give up to {MOST_ADDRESSES} Apprise addresses, such as mailto://… Nothing was stored.")
    path = address_file(folder, name)
    try:
        if addresses:
            write_secret(path, "\n".join(addresses))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise Unconfigured(f"{path} cannot be written ({error.strerror or error}). Nothing was stored.") from error
    with database.write() as tx:
        after = {"addresses": len(addresses)}
        append_audit(tx, at=clock.now(), who=by, what="alerts.address", subject=f"editor {name}", after=after)
    return path if addresses else None


def channel_of(address: str) -> str:
    """The channel of an address: a digest of it, never the address."""
    return CHANNEL + hashlib.sha256(address.encode()).hexdigest()[:16]


def doors_of(database: Database, newsroom: Sequence[str], folder: Path, notifier: Notifier) -> dict[str, Door]:
    """A door of the outbox for each address that a saved filter tells now."""
    with database.read() as tx:
        alerting = filters.list_alerting(tx)
    addresses = dict.fromkeys(a for saved in alerting for a in _addresses(saved, newsroom, folder))
    return {channel_of(a): functools.partial(_send, notifier, a) for a in addresses}


def _send(notifier: Notifier, address: str, message: OutboxMessage) -> Delivery:
    return notifier.send(address, title=message.subject, body=message.body, key=message.key)


def _addresses(saved: SavedFilter, newsroom: Sequence[str], folder: Path) -> tuple[str, ...]:
    return tuple(newsroom) if saved.alerts is AlertTo.NEWSROOM else read_addresses(folder, saved.owner)


# --- telling -----------------------------------------------------------------------------------------------------


def tell_matches(
    database: Database,
    clock: Clock,
    *,
    newsroom_addresses: Sequence[str],
    folder: Path,
    base_url: str,
    newsroom: str,
    providers: Mapping[str, str],
    index: ProviderIndex | None = None,
    most: int = MOST_MATCHES,
) -> MatchReport:
    """Write down what newly matches the filters that alert: one message for each address, in one transaction.

    `most` of each filter in one look. `index` says which providers the words of a filter mean by name.
    """
    with database.read() as tx:
        if not filters.list_alerting(tx):
            return MatchReport()
    with database.write() as tx:
        take_turn(tx, TURN)
        now = clock.now()
        told: dict[str, dict[CandidateId, tuple[Candidate, list[str]]]] = {}
        matches = 0
        present = {editor.name for editor in list_editors(tx) if not editor.is_disabled}
        for saved in filters.list_alerting(tx):
            if saved.owner not in present:  # whoever left is told nothing
                continue
            fresh = _find_fresh(tx, saved, now, most, narrow_by_words(tx, saved.filter, index))
            matches += len(fresh)
            for address in dict.fromkeys(_addresses(saved, newsroom_addresses, folder)):
                of_address = told.setdefault(channel_of(address), {})
                for candidate in fresh:
                    of_address.setdefault(candidate.id, (candidate, []))[1].append(saved.name)
        written = 0
        for channel, found in told.items():
            if found:
                written += _write(tx, channel, list(found.values()), now, providers, newsroom, base_url)
    return MatchReport(match_count=matches, message_count=written)


def _find_fresh(
    tx: Transaction, saved: SavedFilter, now: datetime, most: int, among: Collection[CandidateId] | None
) -> tuple[Candidate, ...]:
    """What matches and was not told; notes that it is."""
    fresh = list_matching(
        tx,
        saved.filter,
        who=saved.owner,
        now=now,
        grown_from=saved.told_until,
        limit=most,
        untold_by=saved.id,
        among=among,
    )
    filters.record_matches(tx, saved.id, [c.id for c in fresh], now=now)
    until = now - OVERLAP if len(fresh) < most else fresh[-1].grown_at
    filters.record_told_until(tx, saved.id, until=max(until, saved.told_until))
    return fresh


def _write(
    tx: Transaction,
    channel: str,
    found: Sequence[tuple[Candidate, Sequence[str]]],
    now: datetime,
    providers: Mapping[str, str],
    newsroom: str,
    base_url: str,
) -> bool:
    cause = "\n".join(f"{candidate.id} {' '.join(names)}" for candidate, names in found)
    digest = hashlib.sha256(cause.encode()).hexdigest()[:12]
    key = f"filter/{now:%Y-%m-%dT%H:%M:%SZ}/{digest}/{channel.removeprefix(CHANNEL)}"
    ordered = sorted(found, key=lambda match: (-match[0].score, match[0].id))
    text = write_matches(ordered, providers=providers, newsroom=newsroom, base_url=base_url, key=key)
    return outbox.add_message(tx, key=key, channel=channel, subject=text.subject, body=text.body, now=now)
