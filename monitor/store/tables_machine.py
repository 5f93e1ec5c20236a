"""Tables of what a language model was asked about candidates, and what each call took.

Calls are only ever added to: a trigger guards them, as in `tables`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class MachineAskRow(Row):
    """`model.MachineAsk`: what shall be, or was, asked about a candidate."""

    __tablename__ = "machine_asks"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    wanted_by: Mapped[str] = mapped_column(String(80))  # "" for the newsroom itself
    wanted_at: Mapped[datetime]
    material: Mapped[str] = mapped_column(String(64))  # digest of the articles that are asked about
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    leased_until: Mapped[datetime | None]
    model: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text)
    suggestions: Mapped[list[Any]]
    __table_args__ = (Index("ix_machine_asks_state_due_at", "state", "due_at"),)


class MachineCallRow(Row):
    """`model.MachineCall`. Append-only: guarded by a trigger."""

    __tablename__ = "machine_calls"
    id: Mapped[int] = mapped_column(primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("machine_asks.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    model: Mapped[str] = mapped_column(Text)
    tokens: Mapped[int]  # of question and answer, as the endpoint says, else estimated
    fault: Mapped[str] = mapped_column(Text)  # "" where it was answered
