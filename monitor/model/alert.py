"""What an operator is told about sources in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import SourceId
from monitor.model.poll import Condition, Health


class Telling(StrEnum):
    """Why something is told now."""

    NEW = "new"
    STILL = "still"  # it was told before, and stands
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One cause at one source."""

    source: SourceId
    name: str
    health: Health  # the cause; of one that is over, what it was
    condition: Condition  # as it is now
    telling: Telling = Telling.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """That the operator was told of a cause."""

    source: SourceId
    health: Health
    said_at: datetime  # last
    ended_at: datetime | None = None  # when its end was told, or went without saying


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """A message, ready to be sent."""

    subject: str
    body: str
