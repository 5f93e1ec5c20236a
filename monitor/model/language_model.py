"""What a language model is asked about a candidate, what each call took, and how much it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import CandidateId
from monitor.model.writing import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEndpoint:
    """An endpoint that speaks the chat completions protocol, and what this newsroom lets it take."""

    url: str  # up to and with /v1; "" where there is none
    name: str  # of the model, as the endpoint knows it
    key: str = field(default="", repr=False)
    requests_a_day: int = 200
    tokens_a_day: int = 1_000_000
    requests_a_minute: int = 6
    seconds: float = 60.0  # for one answer
    top: int = 10  # candidates at the top of the queue that are asked about unasked; 0: at an editor's wish alone

    @property
    def is_on(self) -> bool:
        """Whether anything may leave at all."""
        return bool(self.url)


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
