"""What editors do to candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import ArticleId, CandidateId, DecisionId, WireId


class ActionKind(StrEnum):
    """What an editor can do to a candidate."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"
    SNOOZE = "snooze"
    ATTACH = "attach"
    CLAIM = "claim"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An editor's wish, before it is allowed."""

    kind: ActionKind
    reason: str | None = None  # required for reject
    others: tuple[CandidateId, ...] = ()  # merge: candidates to absorb
    articles: tuple[ArticleId, ...] = ()  # split: articles that leave
    until: datetime | None = None  # snooze
    awaits: int | None = None  # snooze: until so many independent sources tell it, or `until` has come
    wire: WireId | None = None  # attach
    undoes: DecisionId | None = None  # undo; None undoes the latest
    gives_back: bool = False  # claim: the opposite, somebody else may take it
    takes_over: bool = False  # claim: although another editor has it
    assignee: str | None = None  # claim: for whom, where it is not the editor's own
    held_until: datetime | None = None  # claim: when it runs out unless it is renewed
    overrules: bool = False  # merge: also where an editor ruled that these never share a candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor did: never changed or deleted, overruled only by a later one."""

    id: DecisionId
    candidate: CandidateId
    kind: ActionKind
    editor: str  # who
    decided_at: datetime  # when
    reason: str | None  # why
    version_seen: int  # what was on screen
    payload: Mapping[str, object] = field(default_factory=dict)  # what an undo needs, and ids concerned
    undone_by: DecisionId | None = None
