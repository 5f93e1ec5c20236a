"""Editors, their sessions, failed sign-ins, one-time links and the audit.

Secrets come in as SHA-256 digests only: neither a session token nor an invitation's token can be read from here (D1).
Times here are the machine's, not a simulated newsroom's: a fast clock must not end an editor's evening.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session as Transaction

from monitor.errors import IllegalDecision, Unknown
from monitor.model import AuditEntry, Editor, EditorId, Role, Session
from monitor.store.database import settled
from monitor.store.rounds import Instant
from monitor.store.tables import AttemptRow, AuditRow, EditorRow, InvitationRow, SessionRow
from monitor.store.tables_wire import MentionRow

# --- audit --------------------------------------------------------------------------------------------------------


def append_audit(
    tx: Transaction,
    *,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Add one line to the audit, for ever (D11). `before` and `after` are plain JSON values and hold no secret."""
    tx.add(
        AuditRow(
            at=at,
            who=who[:200],
            what=what[:64],
            subject=subject[:500],
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            address=None if address is None else address[:64],
        )
    )
    tx.flush()


def list_audit(tx: Transaction, *, limit: int = 200, what: str | None = None) -> tuple[AuditEntry, ...]:
    """The newest lines of the audit, newest first; of one kind where `what` is given. `store.audit` searches it."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if what is not None:
        query = query.where(AuditRow.what == what)
    return tuple(entry_of(row) for row in tx.scalars(query))


def entry_of(row: AuditRow) -> AuditEntry:
    """The noun of a row; for the files of `store` that read the audit."""
    return AuditEntry(
        id=row.id,
        at=row.at,
        who=row.who,
        what=row.what,
        subject=row.subject,
        before=row.before,
        after=row.after,
        address=row.address,
    )


def has_signed_in_from(tx: Transaction, *, name: str, address: str, since: datetime) -> bool:
    """Whether the audit remembers a sign-in of `name` from `address` at or after `since`."""
    query = select(AuditRow.id).where(
        AuditRow.at >= since, AuditRow.who == name, AuditRow.what == "session.open", AuditRow.address == address
    )
    return tx.scalar(query.limit(1)) is not None


# --- editors ------------------------------------------------------------------------------------------------------


def editor_of(row: EditorRow) -> Editor:
    """The noun of a row; for the files of `store` that join editors."""
    return Editor(
        id=EditorId(row.id),
        name=row.name,
        role=Role(row.role),
        is_disabled=row.is_disabled,
        created_at=row.created_at,
    )


def add_editor(tx: Transaction, *, name: str, role: Role, password_hash: str, now: datetime) -> Editor:
    """Add an editor; refuses a name that differs from a taken one in case only (IllegalDecision)."""
    if tx.scalar(select(EditorRow.id).where(func.lower(EditorRow.name) == name.lower())) is not None:
        raise IllegalDecision(f"There is an editor called {name} already; nothing was changed.")
    row = EditorRow(name=name, role=role.value, password_hash=password_hash, is_disabled=False, created_at=now)
    tx.add(row)
    tx.flush()
    return editor_of(row)


def _row(tx: Transaction, name: str) -> EditorRow:
    row = tx.scalar(select(EditorRow).where(EditorRow.name == name))
    if row is None:
        raise Unknown(f"There is no editor called {name}. See: monitor user list")
    return row


def get_editor(tx: Transaction, name: str) -> Editor:
    """The editor of this name; raises Unknown."""
    return editor_of(_row(tx, name))


def find_password(tx: Transaction, name: str) -> tuple[Editor, str] | None:
    """The editor of this name with the hash of the password, or None."""
    row = tx.scalar(select(EditorRow).where(EditorRow.name == name))
    return None if row is None else (editor_of(row), row.password_hash)


def list_editors(tx: Transaction) -> tuple[Editor, ...]:
    """All editors by name, the disabled ones too."""
    return tuple(editor_of(row) for row in tx.scalars(select(EditorRow).order_by(EditorRow.name)))


def count_editors(tx: Transaction) -> int:
    """How many editors may sign in."""
    query = select(func.count()).select_from(EditorRow).where(EditorRow.is_disabled.is_(False))
    return tx.scalar(query) or 0


def record_password(tx: Transaction, name: str, password_hash: str) -> Editor:
    """Replace the hash of the password; sessions are the caller's to end. Raises Unknown."""
    row = _row(tx, name)
    row.password_hash = password_hash
    tx.flush()
    return editor_of(row)


def record_standing(tx: Transaction, name: str, *, is_disabled: bool | None = None, role: Role | None = None) -> Editor:
    """Disable, enable or give another role; raises Unknown."""
    row = _row(tx, name)
    if is_disabled is not None:
        row.is_disabled = is_disabled
    if role is not None:
        row.role = role.value
    tx.flush()
    return editor_of(row)


# --- sessions -----------------------------------------------------------------------------------------------------


def _session(row: SessionRow | RowOf[*tuple[Any, ...]], editor: Editor, call_count: int = 0) -> Session:
    return Session(
        id=row.handle,
        editor=editor,
        csrf=row.csrf,
        created_at=row.created_at,
        seen_at=row.seen_at,
        user_agent=row.user_agent,
        address=row.address,
        call_count=call_count,
    )


def add_session(
    tx: Transaction,
    *,
    token_hash: str,
    handle: str,
    csrf: str,
    editor: EditorId,
    now: datetime,
    user_agent: str,
    address: str,
) -> None:
    """Add the session of a browser that has just signed in."""
    tx.add(
        SessionRow(
            token_hash=token_hash,
            handle=handle,
            csrf=csrf,
            editor_id=editor,
            created_at=now,
            seen_at=now,
            user_agent=user_agent[:300],
            address=address[:64],
        )
    )
    tx.flush()


def find_session(tx: Transaction, token_hash: str, *, seen_after: datetime, created_after: datetime) -> Session | None:
    """The session of this token, if it was used after `seen_after`, began after `created_after`, and may go on."""
    values = {"token": token_hash, "seen": seen_after, "created": created_after}
    found = settled(tx).execute(_session_of(), values).one_or_none()
    if found is None:
        return None
    editor = Editor(
        id=EditorId(found.editor_id),
        name=found.name,
        role=Role(found.role),
        is_disabled=found.is_disabled,
        created_at=found.joined_at,
    )
    return _session(found, editor, found.call_count)


@cache
def _session_of() -> Select[Any]:
    """Written once: every page asks it, and says how many notes call for its editor."""
    calls = select(func.count()).where(MentionRow.editor == EditorRow.name, MentionRow.seen_at.is_(None))
    return (
        select(
            *SessionRow.__table__.columns,
            *(EditorRow.name, EditorRow.role, EditorRow.is_disabled, EditorRow.created_at.label("joined_at")),
            calls.scalar_subquery().label("call_count"),
        )
        .join(EditorRow, EditorRow.id == SessionRow.editor_id)
        .where(
            SessionRow.token_hash == bindparam("token"),
            SessionRow.seen_at > bindparam("seen", type_=Instant()),
            SessionRow.created_at > bindparam("created", type_=Instant()),
            EditorRow.is_disabled.is_(False),
        )
    )


def record_seen(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Move the session's last use to `now`."""
    tx.execute(update(SessionRow).where(SessionRow.token_hash == token_hash).values(seen_at=now))


def list_sessions(tx: Transaction, editor: EditorId, *, seen_after: datetime) -> tuple[Session, ...]:
    """The editor's sessions that were used after `seen_after`, the last used first."""
    query = (
        select(SessionRow, EditorRow)
        .join(EditorRow, EditorRow.id == SessionRow.editor_id)
        .where(SessionRow.editor_id == editor, SessionRow.seen_at > seen_after)
        .order_by(SessionRow.seen_at.desc(), SessionRow.handle)
    )
    return tuple(_session(row, editor_of(owner)) for row, owner in tx.execute(query).all())


def end_session(tx: Transaction, *, editor: EditorId, handle: str) -> bool:
    """End one session of this editor; False where it is not theirs or gone already."""
    statement = (
        delete(SessionRow)
        .where(SessionRow.editor_id == editor, SessionRow.handle == handle)
        .returning(SessionRow.handle)
    )
    return tx.execute(statement).first() is not None


def end_sessions(tx: Transaction, editor: EditorId, *, but: str | None = None) -> int:
    """End all sessions of this editor but the one with handle `but`; returns how many."""
    statement = delete(SessionRow).where(SessionRow.editor_id == editor)
    if but is not None:
        statement = statement.where(SessionRow.handle != but)
    return len(tx.execute(statement.returning(SessionRow.handle)).all())


def clear_sessions(tx: Transaction, *, seen_before: datetime, created_before: datetime) -> None:
    """Drop sessions that have run out."""
    tx.execute(
        delete(SessionRow).where((SessionRow.seen_at <= seen_before) | (SessionRow.created_at <= created_before))
    )


# --- attempts -----------------------------------------------------------------------------------------------------


def append_attempt(tx: Transaction, key: str, *, now: datetime) -> int:
    """Note a failed sign-in under `key`; returns its id."""
    row = AttemptRow(key=key[:200], failed_at=now)
    tx.add(row)
    tx.flush()
    return row.id


def count_attempts(tx: Transaction, key: str, *, since: datetime) -> int:
    """Failed sign-ins under `key` at or after `since`."""
    query = select(func.count()).select_from(AttemptRow)
    return tx.scalar(query.where(AttemptRow.key == key[:200], AttemptRow.failed_at >= since)) or 0


def clear_attempts(tx: Transaction, *, before: datetime | None = None, ids: tuple[int, ...] = ()) -> None:
    """Forget the attempts made before an instant, and the ones named."""
    if before is not None:
        tx.execute(delete(AttemptRow).where(AttemptRow.failed_at < before))
    if ids:
        tx.execute(delete(AttemptRow).where(AttemptRow.id.in_(ids)))


# --- invitations --------------------------------------------------------------------------------------------------


def add_invitation(tx: Transaction, *, token_hash: str, role: Role, now: datetime, expires_at: datetime) -> None:
    """Add a one-time link; unused earlier ones for the same role stop working."""
    tx.execute(delete(InvitationRow).where(InvitationRow.used_at.is_(None), InvitationRow.role == role.value))
    tx.add(InvitationRow(token_hash=token_hash, role=role.value, created_at=now, expires_at=expires_at, used_at=None))
    tx.flush()


def find_invitation(tx: Transaction, token_hash: str, *, now: datetime) -> Role | None:
    """The role an unused, unexpired link gives, or None."""
    query = select(InvitationRow.role).where(
        InvitationRow.token_hash == token_hash, InvitationRow.used_at.is_(None), InvitationRow.expires_at > now
    )
    role = tx.scalar(query)
    return None if role is None else Role(role)


def record_invitation_used(tx: Transaction, token_hash: str, *, now: datetime) -> bool:
    """Use the link up; False where another request was faster."""
    statement = (
        update(InvitationRow)
        .where(InvitationRow.token_hash == token_hash, InvitationRow.used_at.is_(None), InvitationRow.expires_at > now)
        .values(used_at=now)
        .returning(InvitationRow.token_hash)
    )
    return tx.execute(statement).first() is not None
