"""Tokens of the API: made by an editor for their own programs, shown once, kept as a hash, and never for ever.

A token acts for its editor: it may what its scopes say and its editor's role still allows. What is refused is in the
audit (D11).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import Denied, IllegalDecision, Unknown
from monitor.jobs.credentials import digest
from monitor.jobs.people import FAILURE_WINDOW, MAX_FAILURES, TOUCH, note
from monitor.model import ApiToken, Clock, Editor, Scope
from monitor.store import people, tokens
from monitor.store.database import Database

PREFIX = "monitor_"  # so that a scanner for leaked secrets knows one
LONGEST_LIFE = timedelta(days=366)
MAX_STANDING = 20
MAX_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that was just made; `secret` is shown once and kept nowhere."""

    secret: str
    token: ApiToken


def make_token(
    database: Database,
    clock: Clock,
    editor: Editor,
    *,
    name: str,
    scopes: Iterable[Scope],
    days: int,
    address: str | None = None,
) -> NewToken:
    """Make a token for one of the editor's own programs; raises IllegalDecision."""
    name, wanted = " ".join(name.split()), tuple(scope for scope in Scope if scope in set(scopes))
    if not 1 <= len(name) <= MAX_NAME:
        raise IllegalDecision(f"Say what the token is for, in 1 to {MAX_NAME} characters. Nothing was made.")
    if not wanted:
        raise IllegalDecision("A token needs at least one scope. Nothing was made.")
    if beyond := [scope.value for scope in wanted if not editor.role.may(scope.least)]:
        raise IllegalDecision(f"Your role, {editor.role.label}, does not allow: {', '.join(beyond)}. Nothing was made.")
    if not 1 <= days <= LONGEST_LIFE.days:
        raise IllegalDecision(f"A token lives for 1 to {LONGEST_LIFE.days} days. Nothing was made.")
    secret, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    made = ApiToken(
        id=secrets.token_hex(6),
        editor=editor,
        name=name,
        scopes=wanted,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    with database.write() as tx:
        if tokens.count_standing(tx, editor.id, now=now) >= MAX_STANDING:
            raise IllegalDecision(f"You have {MAX_STANDING} tokens already: revoke one first. Nothing was made.")
        tokens.add_token(tx, made, token_hash=digest(secret))
        after: dict[str, object] = {"name": name, "scopes": [s.value for s in wanted], "days": days}
        note(tx, clock, editor.name, "token.make", f"token {made.id}", after=after, address=address)
    return NewToken(secret=secret, token=made)


def find_token(database: Database, clock: Clock, secret: str) -> ApiToken | None:
    """Whose token this is, while it is good."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    with database.read() as tx:
        return tokens.find_token(tx, digest(secret), now=clock.now())


def note_refused(database: Database, clock: Clock, *, address: str, block: str) -> None:
    """Note a token that is none (D11), at most MAX_FAILURES times in five minutes of one address.

    `block` is what counts as one address. A token has 256 random bits: it is the audit that is spared here.
    """
    now, key = clock.now(), f"token:{block}"
    with database.write() as tx:
        people.clear_attempts(tx, before=now - FAILURE_WINDOW)
        if people.count_attempts(tx, key, since=now - FAILURE_WINDOW) < MAX_FAILURES:
            people.append_attempt(tx, key, now=now)
            note(tx, clock, "unknown", "token.refused", "API", address=address)


def touch_token(database: Database, clock: Clock, token: ApiToken) -> None:
    """Its last use moves on, once a minute."""
    now = clock.now()
    if token.used_at is None or now - token.used_at >= TOUCH:
        with database.write() as tx:
            tokens.record_used(tx, token.id, now)


def list_tokens(database: Database, editor: Editor | None = None) -> tuple[ApiToken, ...]:
    """An editor's tokens or everybody's, the newest first."""
    with database.read() as tx:
        return tokens.list_tokens(tx, None if editor is None else editor.id)


def revoke_token(
    database: Database, clock: Clock, token: str, *, by: Editor, address: str | None = None, is_own: bool = True
) -> ApiToken:
    """Revoke a token for good, one's own or, for an admin, anybody's; raises Unknown, Denied."""
    if not is_own and not by.role.may(Scope.ADMIN.least):
        raise Denied("Only an admin may revoke the token of somebody else. Nothing was changed.")
    with database.write() as tx:
        found = tokens.revoke_token(tx, token, now=clock.now(), editor=by.id if is_own else None)
        if found is None:
            raise Unknown("There is no such token, or it was revoked already. Nothing was changed.")
        before: dict[str, object] = {"name": found.name, "editor": found.editor.name}
        note(tx, clock, by.name, "token.revoke", f"token {found.id}", before=before, address=address)
    return found
