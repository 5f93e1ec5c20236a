"""Invitations: one-time links by which somebody makes their own account. Only the hash of a link's token is kept.

The link of the first editor has no handle and stays apart, in `store.people`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Transaction

from monitor.model import Invitation, Role
from monitor.store.tables import InvitationRow


def add_invitation(tx: Transaction, invitation: Invitation, *, token_hash: str) -> None:
    """Keep an invitation under the hash of its token."""
    tx.add(
        InvitationRow(
            token_hash=token_hash,
            handle=invitation.handle,
            role=invitation.role.value,
            note=invitation.note,
            invited_by=invitation.invited_by,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
        )
    )
    tx.flush()


def find_open(tx: Transaction, token_hash: str, *, now: datetime) -> Invitation | None:
    """The invitation of this token, if it is unused and has not run out at `now`."""
    row = tx.scalar(
        select(InvitationRow).where(
            InvitationRow.token_hash == token_hash,
            InvitationRow.handle.is_not(None),
            InvitationRow.used_at.is_(None),
            InvitationRow.expires_at > now,
        )
    )
    return None if row is None else _invitation(row)


def record_used(tx: Transaction, token_hash: str, *, by: str, now: datetime) -> bool:
    """Use the link up; False where another request was faster, or it has run out."""
    statement = (
        update(InvitationRow)
        .where(
            InvitationRow.token_hash == token_hash,
            InvitationRow.handle.is_not(None),
            InvitationRow.used_at.is_(None),
            InvitationRow.expires_at > now,
        )
        .values(used_at=now, used_by=by)
        .returning(InvitationRow.token_hash)
    )
    return tx.execute(statement).first() is not None


def withdraw(tx: Transaction, handle: str) -> Invitation | None:
    """Take an unused invitation back; None where there is none (any more)."""
    row = tx.scalar(select(InvitationRow).where(InvitationRow.handle == handle, InvitationRow.used_at.is_(None)))
    if row is None:
        return None
    found = _invitation(row)
    tx.execute(delete(InvitationRow).where(InvitationRow.token_hash == row.token_hash))
    return found


def list_invitations(tx: Transaction, *, limit: int = 100) -> tuple[Invitation, ...]:
    """The newest invitations, those used or run out too."""
    query = select(InvitationRow).where(InvitationRow.handle.is_not(None))
    rows = tx.scalars(query.order_by(InvitationRow.created_at.desc(), InvitationRow.handle).limit(limit))
    return tuple(_invitation(row) for row in rows)


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        handle=row.handle or "",
        role=Role(row.role),
        note=row.note or "",
        invited_by=row.invited_by or "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        used_by=row.used_by,
    )
