"""The tables of the desk's queue: what weighs in its order, what editors accepted before, saved filters and alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row

# --- order -------------------------------------------------------------------------------------------------------


class CandidateProviderRow(Row):
    """A provider that a candidate names: `candidates.providers`, the other way round."""

    __tablename__ = "candidate_providers"
    provider: Mapped[str] = mapped_column(String(200), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), primary_key=True, index=True)


class WeightingRow(Row):
    """What the newsroom lets each reason weigh, beside its file. Append-only: the newest holds."""

    __tablename__ = "weightings"
    id: Mapped[int] = mapped_column(primary_key=True)
    weights: Mapped[dict[str, Any]]  # by reason, those that differ from the file
    editor: Mapped[str] = mapped_column(Text)
    weighed_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)  # idempotency: a repeated POST is one change


class JudgementRow(Row):
    """An acceptance or a rejection as a precedent: what the candidate had about it when it was decided on."""

    __tablename__ = "judgements"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    is_accepted: Mapped[bool]
    traits: Mapped[list[Any]]  # as precedents know them
    is_undone: Mapped[bool] = mapped_column(default=False)


class PrecedentRow(Row):
    """How candidates with one trait were decided on."""

    __tablename__ = "precedents"
    trait: Mapped[str] = mapped_column(String(250), primary_key=True)  # provider:…, publisher:…, words:…; "all"
    accepted_count: Mapped[int] = mapped_column(default=0)
    decided_count: Mapped[int] = mapped_column(default=0)


class CursorRow(Row):
    """How far a job has read what only grows."""

    __tablename__ = "cursors"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]


# --- saved filters -----------------------------------------------------------------------------------------------


class SavedFilterRow(Row):
    """`model.SavedFilter`."""

    __tablename__ = "saved_filters"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(Text)  # the editor's name
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)  # as in the address of the queue
    is_shared: Mapped[bool] = mapped_column(default=False)  # everybody sees it
    alerts: Mapped[str] = mapped_column(String(16))  # model.AlertTo
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of its feed's address; null: no feed
    made_at: Mapped[datetime]
    told_until: Mapped[datetime]  # what grew before has been looked at
    removed_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "owner", "name"), Index(None, "alerts", "removed_at"))


class FilterMatchRow(Row):
    """A candidate that an alert of a filter has told, or that was there when the alert was set: told once."""

    __tablename__ = "filter_matches"
    filter_id: Mapped[int] = mapped_column(ForeignKey("saved_filters.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), primary_key=True)
    matched_at: Mapped[datetime]
