"""Tokens of the API, and what it answered to an Idempotency-Key. Of a token only the SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session as Transaction

from monitor.model import ApiToken, EditorId, Scope
from monitor.store.database import insert_new
from monitor.store.people import editor_of
from monitor.store.tables import EditorRow
from monitor.store.tables_people import ApiTokenRow, ReplyRow

# --- tokens -------------------------------------------------------------------------------------------------------


def add_token(tx: Transaction, token: ApiToken, *, token_hash: str) -> None:
    """Keep a token under its hash."""
    tx.add(
        ApiTokenRow(
            id=token.id,
            token_hash=token_hash,
            editor_id=token.editor.id,
            name=token.name,
            scopes=" ".join(token.scopes),
            created_at=token.created_at,
            expires_at=token.expires_at,
        )
    )
    tx.flush()


def find_token(tx: Transaction, token_hash: str, *, now: datetime) -> ApiToken | None:
    """The token of this hash, if it is neither revoked nor run out at `now`, and its editor is not barred."""
    found = tx.execute(
        _tokens().where(
            ApiTokenRow.token_hash == token_hash,
            ApiTokenRow.expires_at > now,
            ApiTokenRow.revoked_at.is_(None),
            EditorRow.is_disabled.is_(False),
        )
    ).one_or_none()
    return None if found is None else _token(*found)


def list_tokens(tx: Transaction, editor: EditorId | None = None, *, limit: int = 200) -> tuple[ApiToken, ...]:
    """The newest tokens, of one editor or of all; those revoked or run out too."""
    query = _tokens().order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id).limit(limit)
    if editor is not None:
        query = query.where(ApiTokenRow.editor_id == editor)
    return tuple(_token(*found) for found in tx.execute(query).all())


def count_standing(tx: Transaction, editor: EditorId, *, now: datetime) -> int:
    """How many tokens of this editor work at `now`."""
    return sum(t.revoked_at is None and t.expires_at > now for t in list_tokens(tx, editor, limit=1000))


def record_used(tx: Transaction, token: str, now: datetime) -> None:
    """Move the token's last use to `now`."""
    tx.execute(update(ApiTokenRow).where(ApiTokenRow.id == token).values(used_at=now))


def revoke_token(tx: Transaction, token: str, *, now: datetime, editor: EditorId | None = None) -> ApiToken | None:
    """Revoke a token, `editor`'s own where given; None where there is none, or it is revoked already."""
    query = _tokens().where(ApiTokenRow.id == token, ApiTokenRow.revoked_at.is_(None))
    if editor is not None:
        query = query.where(ApiTokenRow.editor_id == editor)
    found = tx.execute(query).one_or_none()
    if found is None:
        return None
    found[0].revoked_at = now
    tx.flush()
    return _token(*found)


def _tokens() -> Select[ApiTokenRow, EditorRow]:
    return select(ApiTokenRow, EditorRow).join(EditorRow, EditorRow.id == ApiTokenRow.editor_id)


def _token(row: ApiTokenRow, editor: EditorRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        editor=editor_of(editor),
        name=row.name,
        scopes=tuple(Scope(word) for word in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


# --- replies ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a key stands for: the request's digest, and the answer once there is one."""

    request_digest: str
    status: int | None
    headers: Mapping[str, str]
    body: str
    asked_at: datetime


def find_reply(tx: Transaction, editor: EditorId, key: str, *, since: datetime) -> Reply | None:
    """What was asked under `key` at or after `since`."""
    row = tx.get(ReplyRow, (editor, key), populate_existing=True)
    if row is None or row.asked_at < since:
        return None
    headers = {name: str(value) for name, value in (row.headers or {}).items()}
    return Reply(
        request_digest=row.request_digest,
        status=row.status,
        headers=headers,
        body=row.body or "",
        asked_at=row.asked_at,
    )


def add_reply(tx: Transaction, editor: EditorId, key: str, *, request_digest: str, now: datetime) -> bool:
    """Take `key` for a request that begins, in the place of an older one; False where another was faster."""
    tx.execute(delete(ReplyRow).where(ReplyRow.editor_id == editor, ReplyRow.key == key, ReplyRow.asked_at < now))
    row = {"editor_id": editor, "key": key, "request_digest": request_digest, "asked_at": now}
    return insert_new(tx, ReplyRow, [row]) == 1


def record_reply(
    tx: Transaction, editor: EditorId, key: str, *, status: int, headers: Mapping[str, str], body: str
) -> None:
    """Keep the answer."""
    statement = update(ReplyRow).where(ReplyRow.editor_id == editor, ReplyRow.key == key)
    tx.execute(statement.values(status=status, headers=dict(headers), body=body))


def drop_reply(tx: Transaction, editor: EditorId, key: str) -> None:
    """Free `key`: its request failed in a way that may be tried again."""
    tx.execute(delete(ReplyRow).where(ReplyRow.editor_id == editor, ReplyRow.key == key))


def clear_replies(tx: Transaction, *, before: datetime) -> None:
    """Forget what was asked before an instant."""
    tx.execute(delete(ReplyRow).where(ReplyRow.asked_at < before))
