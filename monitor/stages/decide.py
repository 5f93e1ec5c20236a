"""Candidate × an editor's action → where the candidate goes, or a refusal: the rules of triage.

    status     accept  reject  merge into  be merged  split  snooze  attach  claim
    open       yes     yes     yes         yes        yes    yes     yes     yes
    snoozed    yes     yes     yes         yes        yes    yes     yes     yes
    rejected   yes     -       -           yes        yes    -       yes     -
    accepted   -       -       yes         -          yes    -       -       -
    merged     -       -       -           -          -      -       -       -

A merged candidate leads on to the one that holds its articles: decide there. Merging into an accepted candidate gives
its wire more articles to cite; an accepted candidate is never merged away, since its wire would lose its story.

Undo takes back the latest decision on a candidate that still stands, one at a time, newest first: so each undo finds
exactly what its decision left behind. What readers have seen is never undone: a wire that published since is
corrected or retracted instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.errors import IllegalDecision, StaleDecision
from monitor.model import (
    Action,
    ActionKind,
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Decision,
    Ruling,
    Wire,
    WireId,
)

LONGEST_SNOOZE = timedelta(days=366)
LONGEST_REASON = 2_000  # characters

_OPEN = frozenset({CandidateStatus.OPEN, CandidateStatus.SNOOZED})
_UNACCEPTED = _OPEN | {CandidateStatus.REJECTED}
_ALLOWED: Mapping[ActionKind, frozenset[CandidateStatus]] = {
    ActionKind.ACCEPT: _UNACCEPTED,
    ActionKind.REJECT: _OPEN,
    ActionKind.MERGE: _OPEN | {CandidateStatus.ACCEPTED},
    ActionKind.SPLIT: _UNACCEPTED | {CandidateStatus.ACCEPTED},
    ActionKind.SNOOZE: _OPEN,
    ActionKind.ATTACH: _UNACCEPTED,
    ActionKind.CLAIM: _OPEN,
    ActionKind.UNDO: _UNACCEPTED | {CandidateStatus.ACCEPTED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What stands when an editor decides: read in the transaction that will change it."""

    candidate: Candidate
    articles: tuple[ArticleId, ...] = ()  # of the candidate
    placed: frozenset[ArticleId] = frozenset()  # of these, all but those that only mention it among others
    others: tuple[Candidate, ...] = ()  # merge: those to absorb
    standing: Decision | None = None  # the latest decision on the candidate that is not undone
    published_at: datetime | None = None  # of the newest revision of the candidate's wire that readers have seen
    target: Wire | None = None  # attach: the wire
    attached: tuple[CandidateId, ...] = ()  # other candidates on the same wire
    split_off: Candidate | None = None  # undo of a split: what was opened by it
    split_off_standing: Decision | None = None  # the latest decision on that one
    apart: Ruling | None = None  # by which what would come together is never to share a candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An allowed action: where it leaves the candidate. Membership and wire are the job's to move."""

    status: CandidateStatus
    snoozed_until: datetime | None = None
    snoozed_at: datetime | None = None
    awaited_count: int | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    wire: WireId | None = None
    undoes: Decision | None = None  # the decision that is taken back
    payload: Mapping[str, object] = field(default_factory=dict)  # where the candidate stood: what an undo restores


def decide(situation: Situation, action: Action, *, editor: str, version_seen: int | None, now: datetime) -> Verdict:
    """Allow `action`, or raise IllegalDecision (the rules) or StaleDecision (the version, D10).

    `version_seen` None is for somebody who has no screen: the command line, which reads and decides in one go.
    """
    candidate = situation.candidate
    refuse_merged(candidate)
    refuse_stale(candidate, version_seen)
    if candidate.status not in _ALLOWED[action.kind]:
        raise IllegalDecision(_why_not(candidate, action.kind))
    stood = {"before": standing_of(candidate)}
    match action.kind:
        case ActionKind.ACCEPT:
            return Verdict(status=CandidateStatus.ACCEPTED, payload=stood)
        case ActionKind.REJECT:
            _check_reason(candidate, action)
            return Verdict(status=CandidateStatus.REJECTED, payload=stood)
        case ActionKind.MERGE:
            _check_merge(situation, action)
            return _unmoved(candidate, stood)
        case ActionKind.SPLIT:
            _check_split(situation, action)
            return _unmoved(candidate, stood)
        case ActionKind.SNOOZE:
            return _snooze(candidate, action, stood, now)
        case ActionKind.ATTACH:
            _check_attach(situation, action)
            return Verdict(status=CandidateStatus.ACCEPTED, wire=action.wire, payload=stood)
        case ActionKind.CLAIM:
            return _claim(candidate, action, stood, editor, now)
        case ActionKind.UNDO:
            return _undo(situation, action)


def standing_of(candidate: Candidate) -> dict[str, object]:
    """Where a candidate stands, as plain JSON: what `restored` reads back."""
    return {
        "status": candidate.status.value,
        "snoozed_until": None if candidate.snoozed_until is None else candidate.snoozed_until.isoformat(),
        "snoozed_at": None if candidate.snoozed_at is None else candidate.snoozed_at.isoformat(),
        "awaited_count": candidate.awaited_count,
        "claimed_by": candidate.claimed_by,
        "claimed_until": None if candidate.claimed_until is None else candidate.claimed_until.isoformat(),
        "wire": candidate.wire,
    }


def restored(stood: Mapping[str, object], undoes: Decision | None = None) -> Verdict:
    """The verdict that puts a candidate back to where `standing_of` found it."""
    until, at, claimed_by, wire = (stood[k] for k in ("snoozed_until", "snoozed_at", "claimed_by", "wire"))
    held = stood.get("claimed_until")  # not there before claims were leases
    awaited = stood.get("awaited_count")  # nor before one could wait for a source
    return Verdict(
        status=CandidateStatus(str(stood["status"])),
        snoozed_until=datetime.fromisoformat(until) if isinstance(until, str) else None,
        snoozed_at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        awaited_count=awaited if isinstance(awaited, int) else None,
        claimed_by=claimed_by if isinstance(claimed_by, str) else None,
        claimed_until=datetime.fromisoformat(held) if isinstance(held, str) else None,
        wire=WireId(wire) if isinstance(wire, int) else None,
        undoes=undoes,
    )


def refuse_merged(candidate: Candidate) -> None:
    """Raise IllegalDecision where the candidate is a signpost: what is decided there would reach nobody."""
    if candidate.status is CandidateStatus.MERGED:
        raise IllegalDecision(
            f"Candidate {candidate.id} was merged into {candidate.merged_into}, which has its articles now. "
            f"Decide on {candidate.merged_into}, or undo the merge there."
        )


def refuse_stale(candidate: Candidate, version_seen: int | None) -> None:
    """Raise StaleDecision where the editor saw another version than the one that stands (D10)."""
    if version_seen is not None and version_seen != candidate.version:
        raise StaleDecision(
            f"Candidate {candidate.id} has changed since you read it: you saw version {version_seen}, it is now at "
            f"version {candidate.version} ({candidate.status}, {candidate.article_count} articles, "
            f"{candidate.source_count} sources). Nothing was decided. Read it again, then decide."
        )


def _why_not(candidate: Candidate, kind: ActionKind) -> str:
    if candidate.status is CandidateStatus.ACCEPTED:
        return (
            f"Candidate {candidate.id} is accepted already, as wire {candidate.wire}: it cannot be {_DONE[kind]}. "
            f"Undo the acceptance first; once the wire is published, correct or retract the wire instead."
        )
    return (
        f"Candidate {candidate.id} is {candidate.status}: it cannot be {_DONE[kind]}. "
        f"Undo that decision first, then decide anew."
    )


_DONE = {
    ActionKind.ACCEPT: "accepted",
    ActionKind.REJECT: "rejected",
    ActionKind.MERGE: "given other candidates' articles",
    ActionKind.SPLIT: "split",
    ActionKind.SNOOZE: "snoozed",
    ActionKind.ATTACH: "attached to a wire",
    ActionKind.CLAIM: "claimed",
    ActionKind.UNDO: "taken back",
}


def _unmoved(candidate: Candidate, payload: Mapping[str, object]) -> Verdict:
    return Verdict(
        status=candidate.status,
        snoozed_until=candidate.snoozed_until,
        snoozed_at=candidate.snoozed_at,
        awaited_count=candidate.awaited_count,
        claimed_by=candidate.claimed_by,
        claimed_until=candidate.claimed_until,
        wire=candidate.wire,
        payload=payload,
    )


def _check_reason(candidate: Candidate, action: Action) -> None:
    reason = (action.reason or "").strip()
    if not reason:
        raise IllegalDecision(f"Rejecting candidate {candidate.id} needs a reason: those who come later will ask.")
    if len(reason) > LONGEST_REASON:
        raise IllegalDecision(f"The reason has {len(reason)} characters; {LONGEST_REASON} are kept. Shorten it.")


def _check_merge(situation: Situation, action: Action) -> None:
    candidate = situation.candidate
    if not action.others:
        raise IllegalDecision(f"Name at least one other candidate to merge into {candidate.id}.")
    if candidate.id in action.others:
        raise IllegalDecision(f"Candidate {candidate.id} cannot be merged into itself. Name the others only.")
    for other in situation.others:
        refuse_merged(other)
        if other.status is CandidateStatus.ACCEPTED:
            raise IllegalDecision(
                f"Candidate {other.id} is accepted, as wire {other.wire}, and cannot be merged away. "
                f"Merge the other way round: {candidate.id} into {other.id}."
            )
    _refuse_parted(situation, action)


def _refuse_parted(situation: Situation, action: Action) -> None:
    apart = situation.apart
    if apart is None:
        return
    if not action.overrules:
        raise IllegalDecision(
            f"{_ruled(apart)} Nothing was merged. If that no longer holds, merge and say that it overrules the ruling, "
            f"with a reason; or withdraw ruling {apart.id} first."
        )
    if not (action.reason or "").strip():
        raise IllegalDecision(f"{_ruled(apart)} Overruling it needs a reason. Nothing was merged.")


def _ruled(apart: Ruling) -> str:
    return f"{apart.by} ruled on {apart.at:%-d %B %Y} that these are never one (ruling {apart.id}: “{apart.reason}”)."


def _check_split(situation: Situation, action: Action) -> None:
    candidate, leaving = situation.candidate, set(action.articles)
    if not leaving:
        raise IllegalDecision(f"Name at least one article that leaves candidate {candidate.id}.")
    if foreign := sorted(leaving - set(situation.articles)):
        raise IllegalDecision(
            f"{_articles(foreign)} not in candidate {candidate.id}, which has {sorted(situation.articles)}."
        )
    if len(leaving) == len(set(situation.articles)):
        raise IllegalDecision(
            f"A split leaves at least one article in candidate {candidate.id}; these are all of them."
        )


def _check_attach(situation: Situation, action: Action) -> None:
    if action.wire is None or situation.target is None:
        raise IllegalDecision(f"Attaching candidate {situation.candidate.id} needs the number of a wire.")
    if situation.target.withdrawn_at is not None:
        raise IllegalDecision(
            f"Wire {action.wire} was withdrawn: its acceptance was undone. Accept candidate {situation.candidate.id} "
            f"as a wire of its own, or attach it to another."
        )


def _articles(ids: list[ArticleId]) -> str:
    return f"Article {ids[0]} is" if len(ids) == 1 else f"Articles {', '.join(map(str, ids))} are"


def _snooze(candidate: Candidate, action: Action, stood: Mapping[str, object], now: datetime) -> Verdict:
    if action.until is None or action.until <= now:
        raise IllegalDecision(f"Snoozing candidate {candidate.id} needs a time in the future.")
    if action.until > now + LONGEST_SNOOZE:
        raise IllegalDecision(f"A candidate sleeps a year at most. Reject candidate {candidate.id} instead.")
    if action.awaits is not None and action.awaits <= candidate.source_count:
        raise IllegalDecision(
            f"Candidate {candidate.id} has {candidate.source_count} independent sources already: there is nothing to "
            f"wait for. Nothing was decided."
        )
    return Verdict(
        status=CandidateStatus.SNOOZED,
        snoozed_until=action.until,
        snoozed_at=now,
        awaited_count=action.awaits,
        payload=stood,
    )


def _claim(candidate: Candidate, action: Action, stood: Mapping[str, object], editor: str, now: datetime) -> Verdict:
    holder = candidate.holder_at(now)
    taker: str | None = action.assignee or editor
    payload = dict(stood)
    if action.gives_back:
        if holder is None:
            raise IllegalDecision(f"Nobody has claimed candidate {candidate.id}.")
        payload["gave_back"] = holder
        taker = None
    else:
        _refuse_held(candidate, action, taker, editor, now)
        payload["held_until"] = None if action.held_until is None else action.held_until.isoformat()
        payload |= {"assigned_to": taker} if taker != editor else {}
        payload |= {"taken_from": holder} if holder is not None else {}
    return Verdict(
        status=candidate.status,
        snoozed_until=candidate.snoozed_until,
        snoozed_at=candidate.snoozed_at,
        awaited_count=candidate.awaited_count,
        claimed_by=taker,
        claimed_until=action.held_until if taker is not None else None,
        wire=candidate.wire,
        payload=payload,
    )


def _refuse_held(candidate: Candidate, action: Action, taker: str | None, editor: str, now: datetime) -> None:
    holder = candidate.holder_at(now)
    if holder is None or (action.takes_over and holder != taker):
        return
    whose = "You have" if holder == editor else f"{holder} has"
    until = "" if candidate.claimed_until is None else f", until {candidate.claimed_until:%H:%M} UTC at least"
    way = "There is nothing to take over." if holder == taker else "Take it over, which both of you will see."
    raise IllegalDecision(f"{whose} claimed candidate {candidate.id} already{until}. {way}")


def _undo(situation: Situation, action: Action) -> Verdict:
    candidate, latest = situation.candidate, situation.standing
    if latest is None:
        raise IllegalDecision(f"There is no decision on candidate {candidate.id} to undo.")
    if action.undoes is not None and action.undoes != latest.id:
        raise IllegalDecision(
            f"Decision {action.undoes} is not the latest that stands on candidate {candidate.id}: "
            f"that is decision {latest.id} ({latest.kind} by {latest.editor}). Undo it first."
        )
    _refuse_published(situation, latest)
    _refuse_leaned_on(situation, latest)
    _refuse_grown_apart(situation)
    if situation.apart is not None:
        raise IllegalDecision(
            f"{_ruled(situation.apart)} Withdraw ruling {situation.apart.id} first. Nothing was taken back."
        )
    before = latest.payload["before"]
    assert isinstance(before, Mapping), "every decision keeps where its candidate stood"
    return restored(before, latest)


def _refuse_published(situation: Situation, latest: Decision) -> None:
    seen_by_readers = situation.published_at
    if seen_by_readers is None or latest.kind in (ActionKind.CLAIM, ActionKind.SNOOZE, ActionKind.REJECT):
        return
    if latest.kind is ActionKind.ACCEPT or seen_by_readers >= latest.decided_at:
        raise IllegalDecision(
            f"Wire {situation.candidate.wire} was published on {seen_by_readers:%-d %B %Y}: what readers have seen is "
            f"not undone. Publish a correction or a retraction of the wire instead."
        )


def _refuse_leaned_on(situation: Situation, latest: Decision) -> None:
    if latest.kind is ActionKind.ACCEPT and situation.attached:
        others = ", ".join(map(str, situation.attached))
        raise IllegalDecision(
            f"Wire {situation.candidate.wire} also tells candidate {others}, attached to it. Undo that first."
        )


def _refuse_grown_apart(situation: Situation) -> None:
    other, decided = situation.split_off, situation.split_off_standing
    if other is None:
        return
    if other.status is CandidateStatus.MERGED:
        raise IllegalDecision(
            f"Candidate {other.id}, which the split opened, was merged into {other.merged_into}. Undo that merge first."
        )
    if decided is not None:
        raise IllegalDecision(
            f"Candidate {other.id}, which the split opened, has been decided on since "
            f"({decided.kind} by {decided.editor}). Undo that decision first."
        )


def split_off_by(decision: Decision | None) -> CandidateId | None:
    """The candidate that a split opened; None for any other decision."""
    opened = None if decision is None else decision.payload.get("opened")
    return CandidateId(opened) if isinstance(opened, int) else None
