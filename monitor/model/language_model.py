"""What a language model is asked about a candidate, and what each call took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import CandidateId
from monitor.model.writing import Suggestion


class AskState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineAsk:
    """What shall be, or was, asked about a candidate."""

    id: int
    candidate: CandidateId
    wanted_by: str  # "" for the newsroom itself
    wanted_at: datetime
    material: str  # digest of what is asked about, and of whom
    state: AskState
    due_at: datetime
    attempts: int = 0
    model: str = ""
    settled_at: datetime | None = None
    fault: str = ""  # why there is no answer, or not yet
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCall:
    """One request to the endpoint. The record of them is only ever added to; the day's budget is counted from it."""

    ask: int
    at: datetime
    model: str
    tokens: int
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an endpoint said, or why it said nothing; never raised."""

    status: int = 0  # 0: nothing was understood, or nobody was there
    body: bytes = b""
    retry_after: float | None = None  # seconds
    fault: str = ""  # one line; "" where there is a body to read
