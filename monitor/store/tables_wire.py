"""Tables of what surrounds a wire while it is written: notes, mentions, what became of suggestions, who stands back.

Notes, suggestions and ties are only ever added to: triggers guard them, as in `tables`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class WireNoteRow(Row):
    """Append-only: guarded by a trigger."""

    __tablename__ = "wire_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), index=True)
    editor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[Any]]  # names


class MentionRow(Row):
    """That a note calls an editor, until the editor has seen it."""

    __tablename__ = "mentions"
    note_id: Mapped[int] = mapped_column(ForeignKey("wire_notes.id"), primary_key=True)
    editor: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_mentions_editor_seen_at", "editor", "seen_at"),)


class SuggestionRow(Row):
    """`model.SuggestionOutcome`. Append-only: guarded by a trigger."""

    __tablename__ = "suggestions"
    id: Mapped[int] = mapped_column(primary_key=True)
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), index=True)
    revision: Mapped[int]
    field: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    uptake: Mapped[str] = mapped_column(String(16))
    final: Mapped[str] = mapped_column(Text)
    editor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(Text, server_default="")  # of the language model that made it; "" for rules


class TieRow(Row):
    """`model.Tie`: of each editor and provider the newest holds. Append-only: guarded by a trigger."""

    __tablename__ = "ties"
    id: Mapped[int] = mapped_column(primary_key=True)
    editor: Mapped[str] = mapped_column(String(80), index=True)
    provider: Mapped[str] = mapped_column(String(200))
    is_tied: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]
