"""Tables of who may come in beside by name and password: tokens of the API, and who somebody is elsewhere.

Of every secret only the SHA-256 is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class ApiTokenRow(Row):
    """`model.ApiToken`. A row stays when the token is revoked or has run out: the audit names it."""

    __tablename__ = "api_tokens"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(80))  # words between spaces
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdentityRow(Row):
    """Who an editor is at the newsroom's OpenID provider."""

    __tablename__ = "identities"
    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"), index=True)
    linked_at: Mapped[datetime]


class ReplyRow(Row):
    """What the API answered to an Idempotency-Key, for a day: the same request gets the same answer."""

    __tablename__ = "api_replies"
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))  # of method, path and body
    status: Mapped[int | None]  # None while the first request is under way
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    __table_args__ = (Index("ix_api_replies_asked_at", "asked_at"),)
