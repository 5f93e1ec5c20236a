"""What editors laid down about articles: remembered for ever, and stronger than whatever is computed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import ArticleId, DecisionId, RulingId


class RulingKind(StrEnum):
    """What a ruling says of the articles on its left and on its right."""

    TOGETHER = "together"  # all of them, left and right, tell one event
    APART = "apart"  # none on the left ever shares a candidate with one on the right
    COPY = "copy"  # each on the left repeats the text of the one on the right
    NOT_A_COPY = "not-a-copy"  # none on the left repeats the text of any on the right; of none at all, where none is
    COUNTS = "counts"  # each on the left is a telling of its own
    DOES_NOT_COUNT = "does-not-count"
    NOT_DERIVED = "not-derived"  # each on the left reports by itself, whatever it quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One ruling, by one hand. Where two that stand speak differently of the same articles, the later one holds."""

    id: RulingId
    kind: RulingKind
    left: tuple[ArticleId, ...]  # ascending
    right: tuple[ArticleId, ...] = ()  # ascending
    reason: str
    by: str  # editor's name
    at: datetime
    decision: DecisionId | None = None  # the merge or split that it follows from
    withdrawn_at: datetime | None = None  # None: it stands
