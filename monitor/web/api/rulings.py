"""What is laid down for later computations to heed, and one rationale for many candidates."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from monitor.jobs import bulks, rulings
from monitor.model import (
    ActionKind,
    ArticleId,
    Bulk,
    BulkItem,
    CandidateId,
    Ruling,
    RulingId,
    RulingKind,
    Severity,
    Wish,
)
from monitor.store.bulks import get_bulk
from monitor.store.candidates import get_candidates
from monitor.web.api.candidates import MOST, Reason, Seen
from monitor.web.api.keys import Call
from monitor.web.api.values import PLAIN, Asked, Id, Instant, Number, Version

router = APIRouter()

# --- rulings ------------------------------------------------------------------------------------------------------


class RulingIn(Asked):
    """What is laid down about articles of a candidate: what left and right mean, the kind says."""

    kind: RulingKind
    left: Annotated[list[Number], Field(min_length=1, max_length=MOST)]
    right: Annotated[list[Number], Field(max_length=MOST, default_factory=list)]
    reason: Reason
    version: Seen


@router.post("/candidates/{candidate}/rulings", status_code=201)
def rule(call: Call, candidate: Id, wanted: RulingIn) -> Ruling:
    """Lay something down that every later computation heeds."""
    return rulings.rule(
        call.context.database,
        call.context.clock,
        CandidateId(candidate),
        wanted.kind,
        [ArticleId(a) for a in wanted.left],
        [ArticleId(a) for a in wanted.right],
        providers=call.context.index,
        reason=wanted.reason,
        editor=call.who,
        version_seen=wanted.version,
        key=call.key,
        address=call.address,
    )


class NeverIn(Asked):
    """That another candidate is never one with this."""

    other: Number
    reason: Reason
    version: Seen


@router.post("/candidates/{candidate}/never-merge", status_code=201)
def never_merge(call: Call, candidate: Id, wanted: NeverIn) -> Ruling:
    """Remember that these two are never one."""
    return rulings.never_merge(
        call.context.database,
        call.context.clock,
        CandidateId(candidate),
        CandidateId(wanted.other),
        providers=call.context.index,
        reason=wanted.reason,
        editor=call.who,
        version_seen=wanted.version,
        key=call.key,
        address=call.address,
    )


class WithdrawIn(Asked):
    """Why a ruling stands no longer."""

    reason: Reason


@router.post("/rulings/{ruling}/withdraw")
def withdraw_ruling(call: Call, ruling: Id, wanted: WithdrawIn) -> Ruling:
    """Let a ruling stand no longer; it stays on record."""
    return rulings.withdraw(
        call.context.database,
        call.context.clock,
        RulingId(ruling),
        providers=call.context.index,
        reason=wanted.reason,
        editor=call.who,
        key=call.key,
        address=call.address,
    )


# --- many at once -------------------------------------------------------------------------------------------------


class ChosenIn(Asked):
    """One candidate of a bulk."""

    candidate: Number
    version: Version


class BulkIn(Asked):
    """One rationale for many: each candidate is a decision of its own, carried out in the background."""

    kind: Literal["accept", "reject", "snooze", "claim"]
    reason: Reason
    candidates: Annotated[list[ChosenIn], Field(min_length=1, max_length=1000)]
    until: Instant | None = None
    assignee: Annotated[str, Field(max_length=80), PLAIN] | None = None
    severity: Severity | None = None
    codes: Annotated[list[Annotated[str, Field(max_length=20), PLAIN]], Field(max_length=50, default_factory=list)]


@router.post("/bulks", status_code=202)
def state_bulk(call: Call, wanted: BulkIn) -> Bulk:
    """State it; /bulks/{bulk} says how far it has come."""
    wish = Wish(
        kind=ActionKind(wanted.kind),
        reason=wanted.reason,
        until=wanted.until,
        assignee=wanted.assignee,
        severity=wanted.severity,
        codes=tuple(wanted.codes),
    )
    with call.context.database.read() as tx:
        get_candidates(tx, [CandidateId(c.candidate) for c in wanted.candidates])  # else 404, and nothing is stated
    chosen = {
        c.candidate: BulkItem(candidate=CandidateId(c.candidate), version_seen=c.version) for c in wanted.candidates
    }
    return bulks.state_bulk(
        call.context.database,
        call.context.clock,
        wish,
        list(chosen.values()),
        editor=call.who,
        chosen=f"{len(chosen)} by the API",
        address=call.address,
        key=call.key,
    )


@router.get("/bulks/{bulk}")
def read_bulk(call: Call, bulk: Id) -> Bulk:
    """How far a bulk has come."""
    with call.context.database.read() as tx:
        return get_bulk(tx, bulk)


@router.post("/bulks/{bulk}/undo")
def undo_bulk(call: Call, bulk: Id) -> Bulk:
    """Take all of it back, also while it still runs."""
    return bulks.undo_bulk(call.context.database, call.context.clock, bulk, by=call.who, address=call.address)
