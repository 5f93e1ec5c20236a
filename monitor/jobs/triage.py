"""triage: what an editor decides about a candidate, each decision one short write transaction.

A decision is checked against the version its editor saw and against the rules (`stages.decide`), then appended,
audited and carried out together: there is no decision without its effect, and no effect without its decision. A
request that comes twice under one `key` is one decision, the first (D10).

What moves articles between candidates is in `regroup`; it keeps, in the decision, exactly how each stood. What a merge
or a split says of its articles is laid down as rulings, which every later computation heeds, until it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, Required, TypedDict, Unpack

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.regroup import Move, absorb, absorbed_by, rejoin, release, split_off
from monitor.jobs.wires import found_newsroom, hand_over, open_wire, withdraw
from monitor.model import (
    Action,
    ActionKind,
    ArticleId,
    Candidate,
    CandidateId,
    Clock,
    Codebook,
    Decision,
    DecisionId,
    Draft,
    Manner,
    Ruling,
    RulingKind,
    Wire,
    WireId,
)
from monitor.stages.canonical import clean_text
from monitor.stages.codebook import ProviderIndex
from monitor.stages.decide import Situation, Verdict, decide, split_off_by, standing_of
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.rulings import forbidden
from monitor.store.candidates import (
    LARGEST_ID,
    append_decision,
    find_decision_by_key,
    find_standing_decision,
    get_candidate,
    get_candidates,
    get_detail,
    list_on_wire,
    record_status,
)
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members, list_placed
from monitor.store.people import append_audit
from monitor.store.rulings import append_ruling, append_withdrawal, list_rulings_by, list_rulings_of
from monitor.store.wires import get_newsroom, get_wire

CLAIM_FOR = timedelta(minutes=30)
ASSIGNED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Whose hand it is, and how it reached us."""

    editor: str
    version_seen: int | None = None  # None: no screen stood in between
    key: str | None = None  # the same for a request that is repeated
    address: str | None = None  # for the audit


class How(TypedDict, total=False):
    """`Hand` as the keywords of each verb."""

    editor: Required[str]
    version_seen: int | None
    key: str | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a draft is checked against before it is handed to `publish`."""

    codebook: Codebook
    providers: ProviderIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What an acceptance brings along for its wire."""

    base_url: str | None = None  # founds a newsroom that is not founded yet: the host in its permanent ids (O3)
    draft: Draft | None = None  # what it lacks the candidate lends: headline, providers, articles to cite
    release: Release | None = None  # hand the draft to `publish` at once
    manner: Manner = Manner.EDITOR  # BULK: one rationale was stated for many
    register: OwnerIndex = NO_REGISTER  # who stands behind whom: the draft counts as its candidate does


def accept(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    writing: Writing | None = None,
    reason: str | None = None,
    **how: Unpack[How],
) -> Decision:
    """Make it a wire, with a first draft; the decision's payload names it as "wire".

    With a `release` the draft must be complete: else Unpublishable says what is missing, and nothing was accepted.
    """
    hand = Hand(**how)
    return _take(
        database, clock, candidate, Action(kind=ActionKind.ACCEPT, reason=_said(reason)), hand, writing=writing
    )


def attach(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    wire: WireId,
    *,
    reason: str | None = None,
    **how: Unpack[How],
) -> Decision:
    """Let a wire that exists cite the candidate's articles too: more on a story that is out."""
    hand = Hand(**how)
    return _take(database, clock, candidate, Action(kind=ActionKind.ATTACH, wire=wire, reason=_said(reason)), hand)


def reject(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    reason: str,
    **how: Unpack[How],
) -> Decision:
    """Say that this is no incident for us, and why."""
    hand = Hand(**how)
    return _take(database, clock, candidate, Action(kind=ActionKind.REJECT, reason=clean_text(reason).strip()), hand)


def snooze(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    until: datetime,
    reason: str | None = None,
    awaits: int | None = None,
    **how: Unpack[How],
) -> Decision:
    """Let a candidate sleep until a time, or until an article joins it; with `awaits`, until so many sources do."""
    hand = Hand(**how)
    return _take(
        database,
        clock,
        candidate,
        Action(kind=ActionKind.SNOOZE, until=until, awaits=awaits, reason=_said(reason)),
        hand,
    )


def claim(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    takes_over: bool = False,
    lease_for: timedelta = CLAIM_FOR,
    **how: Unpack[How],
) -> Decision:
    """Tell the others that `editor` is at it, for `lease_for` unless `claims.renew` puts the end off.

    What another editor holds is refused, unless this `takes_over`; the decision's payload names whom it was taken from.
    """
    hand = Hand(**how)
    action = Action(kind=ActionKind.CLAIM, takes_over=takes_over, held_until=clock.now() + lease_for)
    return _take(database, clock, candidate, action, hand)


def assign(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    assignee: str,
    *,
    reason: str | None = None,
    takes_over: bool = False,
    lease_for: timedelta = ASSIGNED_FOR,
    **how: Unpack[How],
) -> Decision:
    """Claim it for somebody else, who has a day to come to it. Raises IllegalDecision as `claim` does."""
    hand = Hand(**how)
    action = Action(
        kind=ActionKind.CLAIM,
        takes_over=takes_over,
        assignee=assignee,
        held_until=clock.now() + lease_for,
        reason=_said(reason),
    )
    return _take(database, clock, candidate, action, hand)


def unclaim(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    **how: Unpack[How],
) -> Decision:
    """Give a claim back, one's own or that of somebody who went home."""
    hand = Hand(**how)
    return _take(database, clock, candidate, Action(kind=ActionKind.CLAIM, gives_back=True), hand)


def merge(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    others: Sequence[CandidateId],
    *,
    providers: ProviderIndex,
    reason: str | None = None,
    overrules: bool = False,
    **how: Unpack[How],
) -> Decision:
    """Move all articles of `others` into `candidate`; the others stay as signposts to it.

    Where an editor ruled that they are never one, IllegalDecision names the ruling, unless this `overrules` it.
    """
    action = Action(
        kind=ActionKind.MERGE, others=tuple(dict.fromkeys(others)), reason=_said(reason), overrules=overrules
    )
    hand = Hand(**how)
    return _take(database, clock, candidate, action, hand, providers)


def split(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    articles: Sequence[ArticleId],
    *,
    providers: ProviderIndex,
    reason: str | None = None,
    **how: Unpack[How],
) -> Decision:
    """Open a new candidate with `articles`, which leave this one; the decision's payload names it as "opened"."""
    action = Action(kind=ActionKind.SPLIT, articles=tuple(dict.fromkeys(articles)), reason=_said(reason))
    hand = Hand(**how)
    return _take(database, clock, candidate, action, hand, providers)


def undo(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    providers: ProviderIndex,
    undoes: DecisionId | None = None,
    reason: str | None = None,
    **how: Unpack[How],
) -> Decision:
    """Take back the latest decision that stands; `undoes` makes sure that it is the one the editor means."""
    action = Action(kind=ActionKind.UNDO, undoes=undoes, reason=_said(reason))
    hand = Hand(**how)
    return _take(database, clock, candidate, action, hand, providers)


def _said(reason: str | None) -> str | None:
    return clean_text(reason).strip() or None if reason else None


# --- one decision -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A decision being carried out."""

    tx: Transaction
    now: datetime
    hand: Hand
    situation: Situation
    action: Action
    verdict: Verdict
    providers: ProviderIndex | None
    writing: Writing

    @property
    def candidate(self) -> Candidate:
        return self.situation.candidate


def _take(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    action: Action,
    hand: Hand,
    providers: ProviderIndex | None = None,
    writing: Writing | None = None,
) -> Decision:
    with database.write() as tx:
        now = clock.now()
        try:
            situation = _read_situation(tx, candidate, action)  # locks first, so that a twin request waits here
        except IllegalDecision:  # the twin of an undo finds that undone which it was to undo
            if (first := _find_first(tx, candidate, action, hand)) is not None:
                return first
            raise
        if (first := _find_first(tx, candidate, action, hand)) is not None:
            return first
        verdict = decide(situation, action, editor=hand.editor, version_seen=hand.version_seen, now=now)
        change = _Change(
            tx=tx,
            now=now,
            hand=hand,
            situation=situation,
            action=action,
            verdict=verdict,
            providers=providers,
            writing=writing or Writing(),
        )
        carried = _carry_out(change)
        _record(change, carried.get("wire", verdict.wire))
        decision = _append(change, {**verdict.payload, **carried})
        _lay_down(change, decision)
        return decision


def _find_first(tx: Transaction, candidate: CandidateId, action: Action, hand: Hand) -> Decision | None:
    first = None if hand.key is None else find_decision_by_key(tx, hand.key)
    if first is not None and (first.candidate, first.kind) != (candidate, action.kind):
        raise IllegalDecision(
            f"This request repeats the key of another decision ({first.kind} of candidate {first.candidate}). "
            f"Nothing was decided. Load the page again, then decide."
        )
    return first


def _read_situation(tx: Transaction, candidate: CandidateId, action: Action) -> Situation:
    standing = find_standing_decision(tx, candidate) if action.kind is ActionKind.UNDO else None
    opened = split_off_by(standing)
    target = _find_target(tx, action)
    along = [opened, None if target is None else target.candidate]
    concerned = [candidate, *action.others, *absorbed_by(standing), *(c for c in along if c is not None)]
    found = get_candidates(tx, concerned, is_for_change=True)
    if action.kind is ActionKind.UNDO and find_standing_decision(tx, candidate) != standing:
        raise IllegalDecision(f"Candidate {candidate} was decided on this very moment. Read it again, then undo.")
    here = found[candidate]
    seen = None if here.wire is None else get_wire(tx, here.wire).published
    return Situation(
        candidate=here,
        articles=tuple(m.article.id for m in list_members(tx, candidate)),
        placed=list_placed(tx, candidate),
        others=tuple(found[o] for o in action.others),
        standing=standing,
        published_at=None if seen is None else seen.published_at,
        target=_find_target(tx, action),  # again: it may have been withdrawn while we waited for the lock
        attached=() if here.wire is None else tuple(c for c in list_on_wire(tx, here.wire) if c != candidate),
        split_off=None if opened is None else found[opened],
        split_off_standing=None if opened is None else find_standing_decision(tx, opened),
        apart=_find_apart(tx, [candidate, *action.others, *([] if opened is None else [opened])], standing),
    )


def _find_apart(tx: Transaction, candidates: Sequence[CandidateId], undone: Decision | None) -> Ruling | None:
    """The newest ruling, other than by the decision that is undone, that keeps any two of the candidates apart."""
    if len(candidates) < 2:
        return None
    groups = [list_placed(tx, c) for c in candidates]
    rulings = list_rulings_of(tx, {a for group in groups for a in group})
    others = [r for r in rulings if undone is None or r.decision != undone.id]
    found = (forbidden(one, other, others) for one, other in combinations(groups, 2))
    return max((r for r in found if r is not None), key=lambda r: r.id, default=None)


def _find_target(tx: Transaction, action: Action) -> Wire | None:
    if action.wire is None:
        return None
    if not 0 < action.wire <= LARGEST_ID:
        raise Unknown(f"There is no wire {action.wire}.")
    return get_wire(tx, action.wire)


def _record(change: _Change, wire: WireId | None) -> None:
    verdict = change.verdict
    record_status(
        change.tx,
        change.candidate.id,
        status=verdict.status,
        snoozed_until=verdict.snoozed_until,
        snoozed_at=verdict.snoozed_at,
        awaited_count=verdict.awaited_count,
        claimed_by=verdict.claimed_by,
        claimed_until=verdict.claimed_until,
        wire=wire,
    )


def _append(change: _Change, payload: Mapping[str, Any]) -> Decision:
    hand, action, undone = change.hand, change.action, change.verdict.undoes
    decision = append_decision(
        change.tx,
        change.candidate.id,
        kind=action.kind,
        editor=hand.editor,
        decided_at=change.now,
        reason=action.reason,
        version_seen=change.candidate.version if hand.version_seen is None else hand.version_seen,
        payload=payload,
        undoes=None if undone is None else undone.id,
        key=hand.key,
    )
    append_audit(
        change.tx,
        at=change.now,
        who=hand.editor,
        what=f"candidate.{action.kind.value}",
        subject=f"candidate {change.candidate.id}",
        before=standing_of(change.candidate),
        after={
            **standing_of(get_candidate(change.tx, change.candidate.id)),
            "decision": decision.id,
            "reason": action.reason,
        },
        address=hand.address,
    )
    return decision


def _lay_down(change: _Change, decision: Decision) -> None:
    """What the decision says of its articles, for every computation to come; an undone one says nothing any more."""
    tx, before = change.tx, change.situation.placed
    match decision.kind:
        case ActionKind.MERGE:
            came = [a for a in list_placed(tx, change.candidate.id) if a not in before]
            _rule(change, decision, RulingKind.TOGETHER, before, came)
        case ActionKind.SPLIT:
            left, stay = set(change.action.articles) & before, before - set(change.action.articles)
            _rule(change, decision, RulingKind.APART, left, stay)
            if len(left) > 1:
                _rule(change, decision, RulingKind.TOGETHER, left, ())
        case ActionKind.UNDO if change.verdict.undoes is not None:
            for ruling in list_rulings_by(tx, change.verdict.undoes.id):
                reason = f"Decision {change.verdict.undoes.id} was undone."
                append_withdrawal(tx, ruling.id, reason=reason, by=change.hand.editor, at=change.now)


def _rule(
    change: _Change, decision: Decision, kind: RulingKind, left: Collection[ArticleId], right: Collection[ArticleId]
) -> None:
    if not left or not (right or len(left) > 1):  # nothing but mentions moved
        return
    append_ruling(
        change.tx,
        kind=kind,
        left=left,
        right=right,
        reason=change.action.reason or f"A {decision.kind} of candidate {change.candidate.id}.",
        by=change.hand.editor,
        at=change.now,
        decision=decision.id,
    )


# --- carrying it out --------------------------------------------------------------------------------------------


def _carry_out(change: _Change) -> dict[str, Any]:
    """Do what the action does beyond the candidate's status; what an undo will need."""
    match change.action.kind:
        case ActionKind.ACCEPT:
            return {"wire": _open_wire(change)}
        case ActionKind.ATTACH:
            return {"wire": change.action.wire}
        case ActionKind.MERGE:
            return absorb(_move(change), change.situation.others)
        case ActionKind.SPLIT:
            return split_off(_move(change), change.action.articles)
        case ActionKind.UNDO:
            return _take_back(change)
        case _:
            return {}


def _open_wire(change: _Change) -> WireId:
    tx, now, writing = change.tx, change.now, change.writing
    founded = get_newsroom(tx) if writing.base_url is None else found_newsroom(tx, base_url=writing.base_url, now=now)
    detail = get_detail(tx, change.candidate.id)
    wire = open_wire(
        tx,
        candidate=detail,
        editor=change.hand.editor,
        now=now,
        newsroom=founded,
        draft=writing.draft,
        manner=writing.manner,
        register=writing.register,
    )
    if writing.release is not None:
        _release(change, wire, writing.release)
    return wire.id


def _release(change: _Change, wire: Wire, release: Release) -> None:
    hand_over(
        change.tx,
        wire.id,
        editor=change.hand.editor,
        version_seen=None,
        codebook=release.codebook,
        providers=release.providers,
        now=change.now,
        address=change.hand.address,
    )


def _take_back(change: _Change) -> dict[str, Any]:
    undone = change.verdict.undoes
    assert undone is not None, "an undo that is allowed takes something back"
    match undone.kind:
        case ActionKind.ACCEPT:
            wire = change.candidate.wire
            assert wire is not None, "an accepted candidate has its wire"
            withdraw(change.tx, wire, editor=change.hand.editor, now=change.now, address=change.hand.address)
        case ActionKind.MERGE:
            release(_move(change), undone)
        case ActionKind.SPLIT:
            rejoin(_move(change), undone)
    return {"undoes": undone.id, "undone": undone.kind.value}


def _move(change: _Change) -> Move:
    assert change.providers is not None, "whatever moves articles is given the provider register"
    return Move(
        tx=change.tx,
        now=change.now,
        editor=change.hand.editor,
        candidate=change.candidate.id,
        providers=change.providers,
    )
