"""What weighs in the order of the queue, and what editors decided before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one reason weighs, for each amount of it."""

    reason: str  # the name of the cue
    weight: float
    of: str  # of what an amount of 1 is, for an editor to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """The weights of a newsroom from one moment on."""

    id: int  # 0: as shipped, nobody has changed anything
    weights: Mapping[str, float]  # by reason
    editor: str = ""
    weighed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """How candidates that share a trait were decided on."""

    accepted: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """Those that concern one candidate, and all together."""

    overall: Precedent = Precedent(accepted=0, decided=0)
    by_trait: Mapping[str, Precedent] = field(default_factory=dict)
