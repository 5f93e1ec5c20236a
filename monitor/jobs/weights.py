"""weights: what each reason weighs in the order of the queue, changed, previewed, and carried through the queue.

A change is appended and audited; what holds is the newest. The queue is put into its new order page by page, from the
reasons that stand with each candidate, so that no article is read again. On the way it learns from what editors
decided: how often candidates that share a trait were accepted (`stages.precedents`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import Denied, IllegalDecision
from monitor.jobs.rulebook import read_file
from monitor.model import (
    ActionKind,
    Candidate,
    CandidateId,
    Clock,
    Cue,
    DecisionId,
    Editor,
    Filter,
    Precedents,
    Role,
    Weight,
    Weighting,
)
from monitor.stages.canonical import clean_text
from monitor.stages.precedents import NAME, judge, traits_of
from monitor.stages.score import DEFAULTS
from monitor.stages.weighing import HEAVIEST, heaviest_first, read_weights, reweigh
from monitor.store import weights as stored
from monitor.store.candidates import get_candidates
from monitor.store.database import Database, Transaction, take_turn
from monitor.store.people import append_audit
from monitor.store.queue import list_filtered

PAGE = 300  # candidates in one transaction: other writers wait for it
DECISIONS = 200  # that are learnt from in one transaction
REFRESHED = 100  # candidates at the top of the queue that are looked at again once something was learnt
PREVIEWED = 1_000  # candidates whose new place is shown before it is kept
LONGEST_NOTE = 500
TURN = 7_200_006  # any number of our own: one at a time (F7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighReport:
    """What was put into its place."""

    learnt_count: int = 0
    weighed_count: int = 0

    def __str__(self) -> str:
        return f"{self.learnt_count} decisions learnt from, {self.weighed_count} candidates weighed anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A candidate's place now and with other weights."""

    candidate: Candidate
    before: int  # 1 is the top
    after: int
    score: float  # with the other weights


def known_weights(path: Path | None = None) -> tuple[Weight, ...]:
    """The reasons and their weights of the newsroom's file, or as shipped; raises FaultyFile."""
    text, file = read_file(path, "weights.yaml")
    return read_weights(text, file=file)


def weights_now(tx: Transaction) -> Weighting:
    """What holds: the newest that was said, over what was shipped."""
    found = stored.find_weighting(tx)
    if found is None:
        return Weighting(id=0, weights=DEFAULTS)
    return Weighting(
        id=found.id,
        weights={**DEFAULTS, **found.weights},
        editor=found.editor,
        weighed_at=found.weighed_at,
        note=found.note,
    )


def adopt_file(database: Database, clock: Clock, path: Path | None) -> Weighting | None:
    """Take over the weights of the newsroom's own file, where it says something new; None where it does not."""
    if path is None:
        return None
    weights = {w.reason: w.weight for w in known_weights(path)}
    key = f"file:{hashlib.sha256(repr(sorted(weights.items())).encode()).hexdigest()[:40]}"
    with database.write() as tx:
        kept = stored.add_weighting(
            tx, weights=weights, editor="command line", now=clock.now(), note=f"as {path.name} says", key=key
        )
        if kept is not None:
            append_audit(
                tx, at=clock.now(), who="command line", what="weights.file", subject=path.name, after=dict(weights)
            )
    return kept


def change_weights(
    database: Database,
    clock: Clock,
    weights: Mapping[str, float],
    *,
    by: Editor,
    note: str,
    key: str | None = None,
    address: str | None = None,
) -> Weighting:
    """Let these hold from now on, those not named as they are. Senior editors alone; it needs a reason."""
    if not by.role.may(Role.SENIOR):
        raise Denied("What weighs in the order is for senior editors to settle. Nothing was changed.")
    said = clean_text(note).strip()
    if not said or len(said) > LONGEST_NOTE:
        raise IllegalDecision(f"Say why, in up to {LONGEST_NOTE} characters: others will ask. Nothing was changed.")
    for reason, weight in weights.items():
        if reason not in DEFAULTS or not -HEAVIEST <= weight <= HEAVIEST:
            raise IllegalDecision(f"“{reason}” needs a weight from {-HEAVIEST:.0f} to {HEAVIEST:.0f}.")
    with database.write() as tx:
        take_turn(tx, TURN)
        before = weights_now(tx)
        full = {**before.weights, **weights}
        changed = {r: w for r, w in full.items() if w != before.weights.get(r)}
        now = clock.now()
        kept = stored.add_weighting(tx, weights=full, editor=by.name, now=now, note=said, key=key) if changed else None
        if kept is None:
            return before
        append_audit(
            tx,
            at=now,
            who=by.name,
            what="weights.change",
            subject="the order of the queue",
            before={r: before.weights.get(r) for r in changed},
            after={**changed, "reason": said},
            address=address,
        )
        return kept


def preview(tx: Transaction, clock: Clock, weights: Mapping[str, float], *, limit: int) -> tuple[Moved, ...]:
    """The first `limit` of the queue as these weights would have it, among the PREVIEWED most urgent of now."""
    held = weights_now(tx)
    queue = list_filtered(tx, Filter(), who="", now=clock.now(), limit=PREVIEWED)
    other = {**held.weights, **weights}
    scored = [(_sum(reweigh(c.cues, other, held.weights)), place, c) for place, c in enumerate(queue, 1)]
    scored.sort(key=lambda found: (-found[0], -found[2].opened_at.timestamp(), -found[2].id))
    return tuple(
        Moved(candidate=candidate, before=before, after=after, score=score)
        for after, (score, before, candidate) in enumerate(scored[:limit], 1)
    )


def _sum(cues: Sequence[Cue]) -> float:
    return sum(cue.weight for cue in cues)


# --- the queue in its new order ----------------------------------------------------------------------------------


def weigh(database: Database, clock: Clock, *, names: Mapping[str, str] | None = None) -> WeighReport:
    """Learn from what was decided since, and weigh one page of candidates anew; run it again until nothing is left.

    `names` are how providers are called.
    """
    with database.write() as tx:
        take_turn(tx, TURN)
        learnt = _learn(tx)
        held = weights_now(tx)
        found = stored.list_unweighed(tx, held.id, limit=PAGE) if held.id else ()
        if learnt:
            top = list_filtered(tx, Filter(), who="", now=clock.now(), limit=REFRESHED)
            locked = get_candidates(tx, [c.id for c in top], is_for_change=True).values()
            found = tuple({c.id: c for c in (*found, *locked)}.values())
        stored.record_cues(tx, _weighed(tx, found, held, names or {}), held.id)
    return WeighReport(learnt_count=learnt, weighed_count=len(found))


def _weighed(
    tx: Transaction, candidates: Sequence[Candidate], held: Weighting, names: Mapping[str, str]
) -> dict[CandidateId, tuple[Cue, ...]]:
    voices = stored.list_voices(tx, [c.id for c in candidates])
    found = {}
    for candidate in candidates:
        own = [cue for cue in candidate.cues if cue.name != NAME]
        kept = reweigh(own, held.weights, DEFAULTS)
        learnt = cue_of_precedents(tx, candidate.providers, voices.get(candidate.id, ()), kept, held.weights, names)
        found[candidate.id] = heaviest_first([*kept, *([learnt] if learnt else [])])
    return found


def cue_of_precedents(
    tx: Transaction,
    providers: Sequence[str],
    voices: Sequence[tuple[str, str]],
    cues: Sequence[Cue],
    weights: Mapping[str, float],
    names: Mapping[str, str],
    precedents: Precedents | None = None,
) -> Cue | None:
    """What editors accepted before says of a candidate; None where it says nothing.

    `precedents` are those of its traits, and of others, if at hand.
    """
    traits = traits_of(providers, (publisher for publisher, _ in voices), (cue.name for cue in cues))
    called = {f"publisher:{publisher}": name for publisher, name in voices}
    called |= {f"provider:{p}": names.get(p, p) for p in providers}
    known = stored.list_precedents(tx, traits) if precedents is None else precedents
    return judge(traits, known, weights, called)


def _learn(tx: Transaction) -> int:
    decisions = stored.list_unlearnt(tx, limit=DECISIONS)
    judged = [d for d in decisions if d.kind is not ActionKind.UNDO]
    candidates = get_candidates(tx, {d.candidate for d in judged})
    voices = stored.list_voices(tx, list(candidates))
    for decision in decisions:
        if decision.kind is ActionKind.UNDO:
            undone = decision.payload.get("undoes")
            if isinstance(undone, int):
                stored.record_undone(tx, DecisionId(undone))
            continue
        found = candidates[decision.candidate]
        publishers = (publisher for publisher, _ in voices.get(found.id, ()))
        traits = traits_of(found.providers, publishers, (cue.name for cue in found.cues))
        stored.record_judgement(tx, decision.id, is_accepted=decision.kind is not ActionKind.REJECT, traits=traits)
    if decisions:
        stored.record_learnt(tx, decisions[-1].id)
    return len(decisions)
