"""What the desk's live view tells: how a candidate stands now, and who is at work where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.candidate import Candidate
from monitor.model.triage import ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A candidate that has changed, as it stands now, and what an editor did to it last."""

    candidate: Candidate
    changed_at: datetime  # by the machine's clock
    kind: ActionKind | None = None  # None: nobody has decided anything yet
    editor: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """That an editor has something open and works at it."""

    editor: str
    subject: str  # "candidate 12", "wire 3"
    seen_at: datetime  # by the machine's clock
