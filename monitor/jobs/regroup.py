"""Articles between candidates, as an editor's hand moves them: absorbing, splitting off, and both taken back.

Each function works in the transaction of the decision that asks for it, recounts every candidate that it changes, and
returns as plain JSON exactly how each article stood, so that the decision keeps what an undo needs. Articles that
joined in between stay where they joined.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.jobs.recount import recount
from monitor.model import (
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Decision,
    Joined,
    Match,
    Member,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.decide import restored, split_off_by, standing_of
from monitor.store.candidates import record_status
from monitor.store.database import Transaction
from monitor.store.grouping import add_member, list_members, open_candidate, remove_member


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The decision within which articles move."""

    tx: Transaction
    now: datetime
    editor: str
    candidate: CandidateId
    providers: ProviderIndex

    def recount(self, candidate: CandidateId) -> None:
        recount(self.tx, candidate, now=self.now, providers=self.providers)


def absorb(move: Move, others: Sequence[Candidate]) -> dict[str, Any]:
    """Move all articles of `others` in; the others become signposts."""
    absorbed = [_absorb_one(move, other) for other in others]
    move.recount(move.candidate)
    return {"absorbed": absorbed}


def _absorb_one(move: Move, other: Candidate) -> dict[str, Any]:
    members = list_members(move.tx, other.id)
    moved = []
    for member in members:
        reason = f"Merged from candidate {other.id} by {move.editor}."
        if add_member(move.tx, move.candidate, member.article.id, _by_hand(member, reason), now=member.added_at):
            moved.append(member.article.id)
        remove_member(move.tx, other.id, member.article.id)
    record_status(move.tx, other.id, status=CandidateStatus.MERGED, merged_into=move.candidate)
    return {
        "candidate": other.id,
        "before": standing_of(other),
        "members": [_kept(m) for m in members],
        "moved": moved,
    }


def split_off(move: Move, articles: Collection[ArticleId]) -> dict[str, Any]:
    """Open a candidate with `articles`; it is named as "opened"."""
    members = [m for m in list_members(move.tx, move.candidate) if m.article.id in articles]
    first = min(m.article.first_seen_at for m in members)
    opened = open_candidate(move.tx, title=members[0].article.title, opened_at=first)
    reason = f"Split off candidate {move.candidate} by {move.editor}."
    for member in members:
        remove_member(move.tx, move.candidate, member.article.id)
        add_member(move.tx, opened, member.article.id, _by_hand(member, reason), now=member.added_at)
    move.recount(opened)
    move.recount(move.candidate)
    return {"opened": opened, "members": [_kept(m) for m in members]}


def release(move: Move, undone: Decision) -> None:
    """Take a merge back: each absorbed candidate as it was, with the articles it brought."""
    for absorbed in _absorbed(undone):
        other = CandidateId(absorbed["candidate"])
        for kept in absorbed["members"]:
            if kept["article"] in absorbed["moved"]:
                remove_member(move.tx, move.candidate, ArticleId(kept["article"]))
            _put_back(move.tx, other, kept)
        was = restored(absorbed["before"])
        record_status(
            move.tx,
            other,
            status=was.status,
            snoozed_until=was.snoozed_until,
            snoozed_at=was.snoozed_at,
            awaited_count=was.awaited_count,
            claimed_by=was.claimed_by,
            claimed_until=was.claimed_until,
            wire=was.wire,
        )
        move.recount(other)
    move.recount(move.candidate)


def rejoin(move: Move, undone: Decision) -> None:
    """Take a split back: the articles return, and what the split opened becomes a signpost unless it has grown."""
    opened = split_off_by(undone)
    assert opened is not None, "a split keeps what it opened"
    for kept in _members_of(undone.payload):
        remove_member(move.tx, opened, ArticleId(kept["article"]))
        _put_back(move.tx, move.candidate, kept)
    if list_members(move.tx, opened):  # grown since: those articles never belonged here
        move.recount(opened)
    else:
        record_status(move.tx, opened, status=CandidateStatus.MERGED, merged_into=move.candidate)
    move.recount(move.candidate)


def absorbed_by(decision: Decision | None) -> list[CandidateId]:
    """The candidates that a merge absorbed; none for any other decision."""
    if decision is None or "absorbed" not in decision.payload:
        return []
    return [CandidateId(a["candidate"]) for a in _absorbed(decision)]


def _absorbed(decision: Decision) -> list[dict[str, Any]]:
    found = decision.payload["absorbed"]
    assert isinstance(found, list), "a merge keeps what it absorbed"
    return found


def _members_of(payload: Mapping[str, object]) -> list[dict[str, Any]]:
    found = payload["members"]
    assert isinstance(found, list), "a split keeps what it moved"
    return found


def _by_hand(member: Member, reason: str) -> Match:
    """How a moved article stands in its new candidate: what it is a copy of stays true."""
    return Match(
        candidate=None,
        joined=Joined.MENTION if member.joined is Joined.MENTION else Joined.EDITOR,
        nearest=member.nearest,
        copy_of=member.copy_of,
        similarity=member.similarity,
        reason=reason,
    )


def _kept(member: Member) -> dict[str, Any]:
    """A membership as plain JSON, complete: what `_put_back` reads."""
    return {
        "article": member.article.id,
        "joined": member.joined.value,
        "copy_of": member.copy_of,
        "nearest": member.nearest,
        "similarity": member.similarity,
        "reason": member.reason,
        "added_at": member.added_at.isoformat(),
    }


def _put_back(tx: Transaction, candidate: CandidateId, kept: Mapping[str, Any]) -> None:
    match = Match(
        candidate=candidate,
        joined=Joined(kept["joined"]),
        nearest=kept["nearest"],
        copy_of=kept["copy_of"],
        similarity=kept["similarity"],
        reason=kept["reason"],
    )
    add_member(tx, candidate, ArticleId(kept["article"]), match, now=datetime.fromisoformat(kept["added_at"]))
