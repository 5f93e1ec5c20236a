"""One rationale for many candidates: what was chosen, how far it has come, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import CandidateId, DecisionId
from monitor.model.severity import Severity
from monitor.model.triage import ActionKind


class BulkStatus(StrEnum):
    """How far a bulk has come."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class ItemState(StrEnum):
    """What became of one candidate of a bulk."""

    WAITING = "waiting"
    DONE = "done"
    LEFT = "left"  # not decided, the note says why
    UNDONE = "undone"
    KEPT = "kept"  # decided, and the undo could not take it back; the note says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be decided on each of the chosen, and why."""

    kind: ActionKind  # accept, reject, snooze, or claim: to assign
    reason: str  # stated once, kept with each decision
    until: datetime | None = None  # snooze
    assignee: str | None = None  # assign
    severity: Severity | None = None  # accept: for all of them
    codes: tuple[str, ...] = ()  # accept: for all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A wish for many, carried out in the background, each candidate a decision of its own."""

    id: int
    wish: Wish
    editor: str
    address: str | None  # for the audit
    chosen: str  # how they were chosen, in words
    status: BulkStatus
    total: int
    done_count: int
    left_count: int
    undone_count: int
    kept_count: int
    stated_at: datetime
    ended_at: datetime | None
    undo_by: str | None = None
    undo_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether something of it is still to be done."""
        return self.status in (BulkStatus.RUNNING, BulkStatus.UNDOING)

    @property
    def passed_count(self) -> int:
        """Of how many candidates it is known what became of them, in the direction it goes now."""
        gone_back = self.undone_count + self.kept_count
        return gone_back if self.undo_at is not None else self.done_count + self.left_count

    @property
    def goal_count(self) -> int:
        """How many there are in that direction."""
        return self.done_count + self.undone_count + self.kept_count if self.undo_at is not None else self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItem:
    """One of the chosen."""

    candidate: CandidateId
    version_seen: int  # of the candidate, when it was chosen
    state: ItemState = ItemState.WAITING
    decision: DecisionId | None = None
    note: str | None = None
