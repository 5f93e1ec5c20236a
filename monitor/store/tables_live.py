"""The tables of the desk's live view and of deciding in bulk; `tables` has the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class PresenceRow(Row):
    """Where an editor's browser tab is at work, for less than a minute unless it says so again."""

    __tablename__ = "presences"
    tab: Mapped[str] = mapped_column(String(120), primary_key=True)  # handle of the session, and the tab's own word
    editor: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(40))  # "candidate 12", "wire 3"
    seen_at: Mapped[datetime] = mapped_column(index=True)  # by the machine's clock


class BulkRow(Row):
    """`model.Bulk`: one rationale for many candidates, carried out in the background, taken back as one."""

    __tablename__ = "bulks"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    editor: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    more: Mapped[dict[str, Any]]  # until, assignee, severity, codes: what the kind needs
    chosen: Mapped[str] = mapped_column(Text)  # how they were chosen, in words
    key: Mapped[str | None] = mapped_column(String(64), unique=True)  # idempotency: a repeated POST is one bulk
    status: Mapped[str] = mapped_column(String(16), index=True)
    total: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    left_count: Mapped[int] = mapped_column(default=0)
    undone_count: Mapped[int] = mapped_column(default=0)
    kept_count: Mapped[int] = mapped_column(default=0)  # whose decision the undo could not take back
    stated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undo_by: Mapped[str | None] = mapped_column(Text)
    undo_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]


class BulkItemRow(Row):
    """One candidate of a bulk: what was on screen, and what became of it."""

    __tablename__ = "bulk_items"
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulks.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), primary_key=True)
    place: Mapped[int]  # in the order chosen
    version_seen: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    note: Mapped[str | None] = mapped_column(Text)  # why it was left, or why its decision was kept
    __table_args__ = (Index(None, "bulk_id", "state", "place"),)
