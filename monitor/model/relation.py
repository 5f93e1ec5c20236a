"""Candidates that tell happenings of one affair: another event each, and worth reading beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.candidate import Evidence
from monitor.model.ids import ArticleId, CandidateId


class RelationKind(StrEnum):
    """Whose word a relation is."""

    FOUND = "found"  # when an article opened a candidate, though it resembled another
    ADDED = "added"  # by an editor
    DISMISSED = "dismissed"  # by an editor: the two have nothing to do with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A candidate that is related to the one asked for, or was until an editor dismissed it."""

    candidate: CandidateId  # the other one, where its articles are now
    title: str  # of it
    source_count: int  # of it
    kind: RelationKind
    left: ArticleId  # for an editor's word, of the candidate that was open; else the article that opened one
    right: ArticleId
    reason: str  # one sentence
    evidence: Evidence | None
    by: str | None  # editor's name; None where it was found
    at: datetime
