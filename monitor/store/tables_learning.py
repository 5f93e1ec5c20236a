"""The tables of what is learnt from decisions: models, which of them holds, and how decisions had been foreseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class RelevanceModelRow(Row):
    """`model.LearntModel`: a correction of the shipped model, and what is known of it. Append-only."""

    __tablename__ = "relevance_models"
    id: Mapped[int] = mapped_column(primary_key=True)
    learnt_at: Mapped[datetime]
    shipped: Mapped[str] = mapped_column(String(32))  # version of the model that it corrects
    counts: Mapped[dict[str, Any]]  # what it learnt from
    figures: Mapped[dict[str, Any]]  # on the decisions held back: new, holding, shipped
    is_better: Mapped[bool]  # not worse than what held
    last_trial_id: Mapped[int]  # the newest decision it learnt from
    packed: Mapped[bytes]


class RelevanceChoiceRow(Row):
    """Which model judges from then on. Append-only: the newest holds."""

    __tablename__ = "relevance_choices"
    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int | None] = mapped_column(ForeignKey("relevance_models.id"))  # null: as shipped
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)  # idempotency: a repeated POST is one choice


class RelevanceTrialRow(Row):
    """A decision, and how likely an incident its candidate had been called; kept when the decision is first read."""

    __tablename__ = "relevance_trials"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    decided_at: Mapped[datetime]
    is_incident: Mapped[bool]
    probability: Mapped[float | None] = mapped_column(Float)  # null: it could not tell
    shipped_probability: Mapped[float | None] = mapped_column(Float)
    judged_by: Mapped[int]  # relevance_choices.id, 0 as shipped
    is_undone: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (Index(None, "is_undone", "decision_id"),)
