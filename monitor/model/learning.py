"""What decisions taught: models, which of them holds, and how decisions had been foreseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.model.ids import CandidateId, DecisionId


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntModel:
    """A correction of the shipped model, and what is known of it."""

    id: int
    learnt_at: datetime
    shipped: str  # version of the model that it corrects
    counts: Mapping[str, object]  # decisions, accepted, rejected, left_out, from, until
    figures: Mapping[str, Mapping[str, float]]  # new, holding, shipped: loss, precision, error; on what was held back
    is_better: bool  # not worse than what held then: only such a one may take over by itself
    last_trial: DecisionId  # the newest decision that it learnt from


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Which model judges from a moment on."""

    id: int = 0  # 0: nobody ever chose, as shipped
    model: int | None = None  # None: as shipped
    chosen_at: datetime | None = None
    chosen_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A decision, and how likely an incident its candidate had been called by a model that had not learnt from it."""

    decision: DecisionId
    candidate: CandidateId
    decided_at: datetime
    is_incident: bool
    probability: float | None  # None: it could not tell
    shipped_probability: float | None
    judged_by: int  # ModelChoice.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldText:
    """Of an article, what is read to judge it."""

    title: str
    text: str  # its beginning
    language: str | None
    publisher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCandidate:
    """A decided candidate as it stood at its decision, for learning."""

    candidate: CandidateId
    texts: tuple[ToldText, ...]  # oldest first, copies apart
    severity: str | None = None  # of its wire now
    is_retracted: bool = False
