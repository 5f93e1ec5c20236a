"""Who an editor is at the newsroom's OpenID provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Transaction

from monitor.errors import IllegalDecision
from monitor.model import Editor, EditorId
from monitor.store.people import editor_of
from monitor.store.tables import EditorRow
from monitor.store.tables_people import IdentityRow


def find_editor(tx: Transaction, *, issuer: str, subject: str) -> Editor | None:
    """The editor that this person is, barred or not; None where nobody is linked."""
    query = select(EditorRow).join(IdentityRow, IdentityRow.editor_id == EditorRow.id)
    row = tx.scalar(query.where(IdentityRow.issuer == issuer, IdentityRow.subject == subject))
    return None if row is None else editor_of(row)


def add_identity(tx: Transaction, editor: EditorId, *, issuer: str, subject: str, now: datetime) -> None:
    """Link somebody there to an editor here; refuses one who is linked already (IllegalDecision)."""
    if tx.get(IdentityRow, (issuer, subject)) is not None:
        raise IllegalDecision("That sign-in is linked to an account here already. Nothing was changed.")
    tx.add(IdentityRow(issuer=issuer, subject=subject, editor_id=editor, linked_at=now))
    tx.flush()


def count_identities(tx: Transaction, editor: EditorId, *, issuer: str) -> int:
    """How many people there are this editor."""
    query = select(func.count()).select_from(IdentityRow)
    return tx.scalar(query.where(IdentityRow.editor_id == editor, IdentityRow.issuer == issuer)) or 0


def drop_identities(tx: Transaction, editor: EditorId, *, issuer: str) -> int:
    """Part the editor from whoever they are there; returns how many links there were."""
    statement = delete(IdentityRow).where(IdentityRow.editor_id == editor, IdentityRow.issuer == issuer)
    return len(tx.execute(statement.returning(IdentityRow.subject)).all())
