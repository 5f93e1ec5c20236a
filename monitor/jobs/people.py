"""Editors: the first one, passwords, signing in and out. Runs by the machine's clock, never by a simulated one.

Throttle (D5). Each failure counts for the account's name and for the address (an IPv6 /64 counts as one). Ten within
five minutes close that address. Ten for one name close that name to *addresses it has not signed in from before*: a
stranger who guesses can neither go on from many addresses nor lock the editor out at their own desk. A name nobody
has behaves, answers and takes time as one that exists.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import Busy, Denied, IllegalDecision
from monitor.model import Clock, Editor, Role, Session
from monitor.shipped import shipped_path
from monitor.store import people
from monitor.store.database import Database, Transaction

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
TOUCH = timedelta(minutes=1)  # a session's last use is kept to the minute: no write per page
MAX_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=5)
KNOWN_FOR = timedelta(days=30)  # how long an address stays known to an account
LINK_LIFE = timedelta(hours=24)
MIN_PASSWORD = 12
MAX_PASSWORD = 128
MAX_NAME = 80
_KEYBOARDS = (
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "1234567890qwertzuiopasdfghjklyxcvbnm",
    "1234567890azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
)
HASH_WAIT_SECONDS = 10.0
_STAND_INS = str.maketrans("0134578@$!", "oieastbasi")

# OWASP ASVS 11.4.2 asks for 19 MiB and t=2 at least (D3); two at once keep a burst of guesses within 64 MiB.
HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_hashing = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser that has just signed in; `token` goes into its cookie and nowhere else."""

    token: str
    editor: Editor


class Throttled(Denied):
    """Too many failures: refused before the password is looked at."""


@contextmanager
def _hash_slot() -> Iterator[None]:
    if not _hashing.acquire(timeout=HASH_WAIT_SECONDS):
        raise Busy("Many people are signing in at once. Nothing was changed; try again in a moment.")
    try:
        yield
    finally:
        _hashing.release()


def hash_password(password: str) -> str:
    """argon2id, at most two at once (D3)."""
    with _hash_slot():
        return HASHER.hash(password)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(24))


def _is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one; takes the same time where there is none."""
    with _hash_slot():
        try:
            HASHER.verify(stored or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _refused_passwords() -> frozenset[str]:
    text = shipped_path("refused_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _flat(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_repetitive(flat: str) -> bool:
    """One piece of up to 8 characters again and again, hardly any different characters, or a walk on the keyboard."""
    if len(set(flat)) < 5:
        return True
    if any(flat in rows or flat in rows[::-1] for rows in _KEYBOARDS):
        return True
    return any(flat == (flat[:n] * len(flat))[: len(flat)] for n in range(1, min(9, len(flat) // 2 + 1)))


def _guesses(password: str) -> set[str]:
    """The plain words a guesser would have to try: without digits at the ends, without the usual stand-ins."""
    flat = _flat(password)
    spelled = _flat(password.casefold().translate(_STAND_INS))
    bare = _flat(flat.strip("0123456789").translate(_STAND_INS))
    return {flat, spelled, flat.strip("0123456789"), bare}


def check_password(password: str, *, name: str, newsroom: str = "Monitor") -> None:
    """Refuse what anybody would guess (D4), with the reason (IllegalDecision); no rules of composition."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise IllegalDecision(
            f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; this one has {len(password)}. "
            "A sentence you can remember is a good one."
        )
    flat = _flat(password)
    if _is_repetitive(flat) or not _guesses(password).isdisjoint(_refused_passwords()):
        raise IllegalDecision("This password is among the first that somebody would try. Choose another.")
    for word in (_flat(name), _flat(newsroom), "monitor"):
        rest = flat.replace(word, "") if len(word) >= 3 else flat
        if rest != flat and len(rest) < 6:
            raise IllegalDecision("This password is little more than a name everybody knows. Choose another.")


def check_name(name: str) -> str:
    """The name as it will stand under decisions: trimmed, NFC; raises IllegalDecision."""
    clean = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(clean) <= MAX_NAME or not all(c.isalnum() or c in " .-_'@+" for c in clean):
        raise IllegalDecision(f"A name has 1 to {MAX_NAME} letters, digits, spaces or . - _ ' @ + in it.")
    return clean


def digest(token: str) -> str:
    """What is kept of a secret: its SHA-256."""
    return sha256(token.encode()).hexdigest()


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
        _note(tx, clock, by, "editor.add", name, after={"role": role.value}, address=address)
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
        attempts = _note_attempt(database, clock, name, address=address or "", block=address or "")
        with database.read() as tx:
            found = people.find_password(tx, name)
        if not _is_password(None if found is None else found[1], current):
            with database.write() as tx:
                _note(tx, clock, by, "password.refused", name, address=address)
            raise Denied("The present password is not right. Nothing was changed.")
    check_password(password, name=name, newsroom=newsroom)
    hashed = hash_password(password)
    with database.write() as tx:
        people.clear_attempts(tx, ids=attempts)
        editor = people.record_password(tx, name, hashed)
        ended = people.end_sessions(tx, editor.id)
        _note(tx, clock, by, "password.change", name, after={"sessions_ended": ended}, address=address)
    return editor


def disable_editor(
    database: Database, clock: Clock, name: str, *, by: str = "command line", is_disabled: bool = True
) -> Editor:
    """Bar an editor and end their sessions at once, or let them in again; raises Unknown."""
    with database.write() as tx:
        before = people.get_editor(tx, name)
        editor = people.record_standing(tx, name, is_disabled=is_disabled)
        people.end_sessions(tx, editor.id)
        _note(
            tx,
            clock,
            by,
            "editor.disable" if is_disabled else "editor.enable",
            name,
            before={"is_disabled": before.is_disabled},
            after={"is_disabled": is_disabled},
        )
    return editor


def change_role(database: Database, clock: Clock, name: str, *, role: Role, by: str = "command line") -> Editor:
    """Give an editor another role and end their sessions, so that no browser goes on with the old one."""
    with database.write() as tx:
        before = people.get_editor(tx, name)
        editor = people.record_standing(tx, name, role=role)
        people.end_sessions(tx, editor.id)
        _note(tx, clock, by, "editor.role", name, before={"role": before.role.value}, after={"role": role.value})
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
        _note(tx, clock, name, "editor.first", name, after={"role": role.value}, address=address)
    return editor


# --- signing in and out -------------------------------------------------------------------------------------------


def sign_in(
    database: Database, clock: Clock, *, name: str, password: str, address: str, block: str, user_agent: str
) -> SignedIn:
    """A new session, or Denied with one and the same answer for a wrong name and a wrong password.

    `block` is what the throttle counts as one address. Raises Throttled before any hash is computed.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))[:MAX_NAME]
    attempts = _note_attempt(database, clock, name, address=address, block=block)
    with database.read() as tx:
        found = people.find_password(tx, name)
    is_right = _is_password(found[1] if found else None, password[:MAX_PASSWORD])
    if not is_right or found is None or found[0].is_disabled:
        with database.write() as tx:
            _note(tx, clock, name, "session.refused", name, address=address)
        raise Denied("That name and password do not go together.")
    editor, stored = found
    rehashed = hash_password(password) if HASHER.check_needs_rehash(stored) else None
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with database.write() as tx:
        if people.find_password(tx, editor.name) != found:
            raise Denied("This account was changed while you signed in. Try again.")
        people.clear_attempts(tx, ids=attempts)
        people.clear_sessions(tx, seen_before=now - IDLE, created_before=now - ABSOLUTE)
        if rehashed is not None:
            people.record_password(tx, editor.name, rehashed)
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
        _note(tx, clock, editor.name, "session.open", editor.name, address=address)
    return SignedIn(token=token, editor=editor)


def _note_attempt(database: Database, clock: Clock, name: str, *, address: str, block: str) -> tuple[int, ...]:
    """Count this try as a failure before it is one, so that parallel guesses cannot slip past the limit."""
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
            _note(tx, clock, editor.name, "session.end", editor.name, address=address)
    return ended


def end_other_sessions(database: Database, clock: Clock, session: Session, *, address: str | None) -> int:
    """End all sessions of the editor but this one."""
    with database.write() as tx:
        ended = people.end_sessions(tx, session.editor.id, but=session.id)
        _note(
            tx, clock, session.editor.name, "session.end-others", session.editor.name,
            after={"sessions_ended": ended}, address=address,
        )  # fmt: skip
    return ended


def _note(
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
    people.append_audit(
        tx, at=clock.now(), who=who, what=what, subject=subject, before=before, after=after, address=address
    )
