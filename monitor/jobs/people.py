"""Editors: the first one, passwords, signing in and out. Runs by the machine's clock, never by a simulated one.

Throttle (D5). Each failure counts for the account's name and for the address (an IPv6 /64 counts as one). Ten within
five minutes close that address. Ten for one name close that name to *addresses it has not signed in from before*: a
stranger who guesses can neither go on from many addresses nor lock the editor out at their own desk. A name nobody
has behaves, answers and takes time as one that exists.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import Denied
from monitor.jobs.credentials import (
    HASHER,
    MAX_NAME,
    MAX_PASSWORD,
    check_name,
    check_password,
    digest,
    hash_password,
    is_password,
)
from monitor.model import Clock, Editor, Role, Session
from monitor.store import people
from monitor.store.database import Database, Transaction

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
TOUCH = timedelta(minutes=1)  # a session's last use is kept to the minute: no write per page
MAX_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=5)
KNOWN_FOR = timedelta(days=30)  # how long an address stays known to an account
LINK_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser that has just signed in; `token` goes into its cookie and nowhere else."""

    token: str
    editor: Editor


class Throttled(Denied):
    """Too many failures: refused before the password is looked at."""


# --- editors ------------------------------------------------------------------------------------------------------


def add_editor(
    database: Database,
    clock: Clock,
    name: str,
    *,
    role: Role,
    password: str,
    newsroom: str = "Monitor",
    by: str = "command line",
    address: str | None = None,
) -> Editor:
    """Add an editor who may sign in at once; raises IllegalDecision where name or password will not do."""
    name = check_name(name)
    check_password(password, name=name, newsroom=newsroom)
    hashed = hash_password(password)
    with database.write() as tx:
        editor = people.add_editor(tx, name=name, role=role, password_hash=hashed, now=clock.now())
        note(tx, clock, by, "editor.add", name, after={"role": role.value}, address=address)
    return editor


def change_password(
    database: Database,
    clock: Clock,
    name: str,
    *,
    password: str,
    current: str | None = None,
    newsroom: str = "Monitor",
    by: str = "command line",
    address: str | None = None,
) -> Editor:
    """Give an editor a new password and end all their sessions; at the desk `current` must be right (Denied, D5)."""
    attempts: tuple[int, ...] = ()
    if current is not None:
        attempts = note_attempt(database, clock, name, address=address or "", block=address or "")
        with database.read() as tx:
            found = people.find_password(tx, name)
        if not is_password(None if found is None else found[1], current):
            with database.write() as tx:
                note(tx, clock, by, "password.refused", name, address=address)
            raise Denied("The present password is not right. Nothing was changed.")
    check_password(password, name=name, newsroom=newsroom)
    hashed = hash_password(password)
    with database.write() as tx:
        people.clear_attempts(tx, ids=attempts)
        editor = people.record_password(tx, name, hashed)
        ended = people.end_sessions(tx, editor.id)
        note(tx, clock, by, "password.change", name, after={"sessions_ended": ended}, address=address)
    return editor


def disable_editor(
    database: Database,
    clock: Clock,
    name: str,
    *,
    by: str = "command line",
    is_disabled: bool = True,
    address: str | None = None,
) -> Editor:
    """Bar an editor and end their sessions at once, or let them in again; raises Unknown."""
    with database.write() as tx:
        before = people.get_editor(tx, name)
        editor = people.record_standing(tx, name, is_disabled=is_disabled)
        people.end_sessions(tx, editor.id)
        note(
            tx,
            clock,
            by,
            "editor.disable" if is_disabled else "editor.enable",
            name,
            before={"is_disabled": before.is_disabled},
            after={"is_disabled": is_disabled},
            address=address,
        )
    return editor


def change_role(
    database: Database, clock: Clock, name: str, *, role: Role, by: str = "command line", address: str | None = None
) -> Editor:
    """Give an editor another role and end their sessions, so that no browser goes on with the old one."""
    with database.write() as tx:
        before = people.get_editor(tx, name)
        editor = people.record_standing(tx, name, role=role)
        people.end_sessions(tx, editor.id)
        was: dict[str, object] = {"role": before.role.value}
        note(tx, clock, by, "editor.role", name, before=was, after={"role": role.value}, address=address)
    return editor


# --- the first editor ---------------------------------------------------------------------------------------------


def first_editor_link(database: Database, base_url: str, now: datetime) -> str | None:
    """A one-time address where the first editor is made, good for a day; None where there is one already.

    `now` is the machine's time, as for all of people. Each call ends the link before: only the newest works.
    """
    token = secrets.token_urlsafe(32)
    with database.write() as tx:
        if people.count_editors(tx):
            return None
        people.add_invitation(tx, token_hash=digest(token), role=Role.ADMIN, now=now, expires_at=now + LINK_LIFE)
    return f"{base_url.rstrip('/')}/desk/first?token={token}"


def is_invited(database: Database, clock: Clock, token: str) -> bool:
    """Whether this link would still make an editor."""
    with database.read() as tx:
        return _invitation(tx, clock, token) is not None


def _invitation(tx: Transaction, clock: Clock, token: str) -> Role | None:
    if people.count_editors(tx):
        return None
    return people.find_invitation(tx, digest(token), now=clock.now())


def accept_invitation(
    database: Database, clock: Clock, token: str, *, name: str, password: str, newsroom: str, address: str
) -> Editor:
    """Make the first editor and use the link up, together; raises Denied where the link is spent."""
    spent = "This link has been used or has run out. Restart Monitor for a new one, or run: monitor user add NAME"
    if not is_invited(database, clock, token):
        raise Denied(spent)
    name = check_name(name)
    check_password(password, name=name, newsroom=newsroom)
    hashed = hash_password(password)
    with database.write() as tx:
        role = _invitation(tx, clock, token)
        if role is None or not people.record_invitation_used(tx, digest(token), now=clock.now()):
            raise Denied(spent)
        editor = people.add_editor(tx, name=name, role=role, password_hash=hashed, now=clock.now())
        note(tx, clock, name, "editor.first", name, after={"role": role.value}, address=address)
    return editor


# --- signing in and out -------------------------------------------------------------------------------------------


def sign_in(
    database: Database, clock: Clock, *, name: str, password: str, address: str, block: str, user_agent: str
) -> SignedIn:
    """A new session, or Denied with one and the same answer for a wrong name and a wrong password.

    `block` is what the throttle counts as one address. Raises Throttled before any hash is computed.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))[:MAX_NAME]
    attempts = note_attempt(database, clock, name, address=address, block=block)
    with database.read() as tx:
        found = people.find_password(tx, name)
    is_right = is_password(found[1] if found else None, password[:MAX_PASSWORD])
    if not is_right or found is None or found[0].is_disabled:
        with database.write() as tx:
            note(tx, clock, name, "session.refused", name, address=address)
        raise Denied("That name and password do not go together.")
    editor, stored = found
    rehashed = hash_password(password) if HASHER.check_needs_rehash(stored) else None
    with database.write() as tx:
        if people.find_password(tx, editor.name) != found:
            raise Denied("This account was changed while you signed in. Try again.")
        people.clear_attempts(tx, ids=attempts)
        if rehashed is not None:
            people.record_password(tx, editor.name, rehashed)
        return open_session(tx, clock, editor, address=address, user_agent=user_agent)


def open_session(tx: Transaction, clock: Clock, editor: Editor, *, address: str, user_agent: str) -> SignedIn:
    """A new token for somebody who has just shown who they are (D1, D2); drops sessions that have run out."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    people.clear_sessions(tx, seen_before=now - IDLE, created_before=now - ABSOLUTE)
    people.add_session(
        tx,
        token_hash=digest(token),
        handle=secrets.token_hex(8),
        csrf=secrets.token_urlsafe(24),
        editor=editor.id,
        now=now,
        user_agent=user_agent,
        address=address,
    )
    note(tx, clock, editor.name, "session.open", editor.name, address=address)
    return SignedIn(token=token, editor=editor)


def note_attempt(database: Database, clock: Clock, name: str, *, address: str, block: str) -> tuple[int, ...]:
    """Count this try as a failure before it is one, so that parallel guesses cannot slip past the limit.

    Returns what a success takes back; raises Throttled.
    """
    now = clock.now()
    account_key, address_key = f"account:{name}", f"address:{block}"
    with database.write() as tx:
        people.clear_attempts(tx, before=now - FAILURE_WINDOW)
        closed = people.count_attempts(tx, address_key, since=now - FAILURE_WINDOW) >= MAX_FAILURES
        if not closed and people.count_attempts(tx, account_key, since=now - FAILURE_WINDOW) >= MAX_FAILURES:
            closed = not people.has_signed_in_from(tx, name=name, address=address, since=now - KNOWN_FOR)
        if not closed:
            return tuple(people.append_attempt(tx, key, now=now) for key in (account_key, address_key))
    raise Throttled("Too many sign-ins have failed. Wait five minutes, then try again.")


def find_session(database: Database, clock: Clock, token: str) -> Session | None:
    """The session of a cookie, if it may go on (D2)."""
    now = clock.now()
    with database.read() as tx:
        return people.find_session(tx, digest(token), seen_after=now - IDLE, created_after=now - ABSOLUTE)


def touch_session(database: Database, clock: Clock, token: str, session: Session) -> None:
    """Its last use moves on, once a minute. Waits for other writers, so that no page should wait for it."""
    now = clock.now()
    if now - session.seen_at >= TOUCH:
        with database.write() as tx:
            people.record_seen(tx, digest(token), now)


def list_sessions(database: Database, clock: Clock, editor: Editor) -> tuple[Session, ...]:
    """The editor's own sessions that still go on, the last used first."""
    with database.read() as tx:
        return people.list_sessions(tx, editor.id, seen_after=clock.now() - IDLE)


def end_session(database: Database, clock: Clock, editor: Editor, handle: str, *, address: str | None) -> bool:
    """End one of the editor's own sessions; False where it is gone already or somebody else's."""
    with database.write() as tx:
        ended = people.end_session(tx, editor=editor.id, handle=handle)
        if ended:
            note(tx, clock, editor.name, "session.end", editor.name, address=address)
    return ended


def end_other_sessions(database: Database, clock: Clock, session: Session, *, address: str | None) -> int:
    """End all sessions of the editor but this one."""
    with database.write() as tx:
        ended = people.end_sessions(tx, session.editor.id, but=session.id)
        note(
            tx, clock, session.editor.name, "session.end-others", session.editor.name,
            after={"sessions_ended": ended}, address=address,
        )  # fmt: skip
    return ended


def note(
    tx: Transaction,
    clock: Clock,
    who: str,
    what: str,
    subject: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    address: str | None = None,
) -> None:
    """One line of the audit, at the machine's time; for the jobs about people."""
    people.append_audit(
        tx, at=clock.now(), who=who, what=what, subject=subject, before=before, after=after, address=address
    )
