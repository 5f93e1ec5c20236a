"""Invitations: an admin makes a one-time link with a role, and whoever opens it makes their own account.

The link is shown once, to the admin, who hands it over; Monitor sends it nowhere. It works once and for a week.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from monitor.errors import Denied, IllegalDecision, Unknown
from monitor.jobs.credentials import check_name, check_password, digest, hash_password
from monitor.jobs.people import note
from monitor.model import Clock, Editor, Invitation, Role
from monitor.store import invitations, people
from monitor.store.database import Database

LIFE = timedelta(days=7)
MAX_NOTE = 120
MAX_OPEN = 50
SPENT = "This invitation has been used, was taken back or has run out. Ask an admin for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A new invitation; `token` goes into its link and nowhere else."""

    token: str
    invitation: Invitation


def invite(
    database: Database, clock: Clock, *, role: Role, for_whom: str, by: str, address: str | None = None
) -> Invited:
    """Make an invitation; raises IllegalDecision where it does not say for whom, or too many are open."""
    whom = " ".join(for_whom.split())
    if not 1 <= len(whom) <= MAX_NOTE:
        raise IllegalDecision(f"Say for whom the invitation is, in 1 to {MAX_NOTE} characters. Nothing was made.")
    token, now = secrets.token_urlsafe(32), clock.now()
    made = Invitation(
        handle=secrets.token_hex(6), role=role, note=whom, invited_by=by, created_at=now, expires_at=now + LIFE
    )
    with database.write() as tx:
        is_open = [i.used_at is None and i.expires_at > now for i in invitations.list_invitations(tx, limit=1000)]
        if sum(is_open) >= MAX_OPEN:
            raise IllegalDecision(f"{MAX_OPEN} invitations are open already: withdraw some first. Nothing was made.")
        invitations.add_invitation(tx, made, token_hash=digest(token))
        said: dict[str, object] = {"role": role.value, "handle": made.handle}
        note(tx, clock, by, "invitation.make", whom, after=said, address=address)
    return Invited(token=token, invitation=made)


def find_invitation(database: Database, clock: Clock, token: str) -> Invitation | None:
    """What this link offers, while it is good."""
    with database.read() as tx:
        return invitations.find_open(tx, digest(token), now=clock.now())


def withdraw(database: Database, clock: Clock, handle: str, *, by: str, address: str | None = None) -> None:
    """Take an unused invitation back; raises Unknown."""
    with database.write() as tx:
        found = invitations.withdraw(tx, handle)
        if found is None:
            raise Unknown("That invitation has been used or withdrawn already. Nothing was changed.")
        note(tx, clock, by, "invitation.withdraw", found.note, before={"role": found.role.value}, address=address)


def accept(
    database: Database, clock: Clock, token: str, *, name: str, password: str, newsroom: str, address: str
) -> Editor:
    """Make the account and use the link up, together.

    Raises Denied where the link is spent, IllegalDecision where name or password will not do: then it is still good.
    """
    if find_invitation(database, clock, token) is None:
        raise Denied(SPENT)
    name = check_name(name)
    check_password(password, name=name, newsroom=newsroom)
    hashed = hash_password(password)
    with database.write() as tx:
        now = clock.now()
        found = invitations.find_open(tx, digest(token), now=now)
        if found is None or not invitations.record_used(tx, digest(token), by=name, now=now):
            raise Denied(SPENT)
        editor = people.add_editor(tx, name=name, role=found.role, password_hash=hashed, now=now)
        after: dict[str, object] = {"role": found.role.value, "invited_by": found.invited_by, "handle": found.handle}
        note(tx, clock, name, "editor.join", name, after=after, address=address)
    return editor
