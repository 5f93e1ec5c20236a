"""Which relevance model judges (the one that ships, or what this newsroom taught it), and judging candidates by it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from monitor.jobs.weights import weights_now
from monitor.model import Candidate, CandidateId, Cue, Member, ModelChoice
from monitor.shipped import shipped_path
from monitor.stages.likelihood import LIKELY, Correction, Judge, Likelihood, cue_of, judge_members, read_correction
from monitor.stages.relevance import Model, read_model
from monitor.stages.weighing import heaviest_first
from monitor.store import learning as stored
from monitor.store.database import Transaction
from monitor.store.grouping import list_members


@cache
def shipped_model() -> Model:
    """The model that travels with Monitor, read once."""
    return read_model(shipped_path("relevance.npz").read_bytes())


@cache
def shipped_judge() -> Judge:
    """The judge of a newsroom that has learnt nothing."""
    return Judge(shipped_model())


def judge_now(tx: Transaction) -> tuple[Judge, ModelChoice]:
    """The judge that holds. A correction of another shipped model than ours is laid aside: it was made for that one."""
    choice = stored.find_choice(tx)
    return judge_of(tx, choice.model), choice


def judge_of(tx: Transaction, model: int | None) -> Judge:
    """The judge with one of the newsroom's models; raises Unknown."""
    if model is None:
        return shipped_judge()
    shipped, packed = stored.get_packed(tx, model)
    return _judge(packed) if shipped == shipped_model().version else shipped_judge()


@lru_cache(maxsize=4)
def _judge(packed: bytes) -> Judge:
    correction: Correction = read_correction(packed)
    return Judge(shipped_model(), correction)


def judged_by(choice: ModelChoice) -> int:
    """How a candidate's row names the choice: 0 there means that nobody judged it yet."""
    return choice.id + 1


def judge_candidate(
    tx: Transaction, candidate: CandidateId, members: Sequence[Member], weights: dict[str, float]
) -> tuple[Likelihood | None, Cue | None, int]:
    """How likely these articles tell an incident, the cue that this is, and who said so."""
    judge, choice = judge_now(tx)
    found = judge_members(members, judge, candidate)
    return found, None if found is None else cue_of(found, members, judge, weights), judged_by(choice)


def judge_anew(tx: Transaction, *, limit: int) -> int:
    """Judge up to `limit` undecided candidates by the model that holds, whom another judged; how many those were."""
    choice = stored.find_choice(tx)
    waiting = stored.list_unjudged(tx, judged_by(choice), limit=limit)
    weights = dict(weights_now(tx).weights)
    told: dict[CandidateId, tuple[float | None, Sequence[Cue]]] = {}
    for candidate in waiting:
        found, cue, _ = judge_candidate(tx, candidate.id, list_members(tx, candidate.id), weights)
        told[candidate.id] = (None if found is None else found.probability, _with(candidate, cue))
    stored.record_likelihoods(tx, told, judged_by(choice))
    return len(waiting)


def _with(candidate: Candidate, cue: Cue | None) -> tuple[Cue, ...]:
    others = [c for c in candidate.cues if c.name != LIKELY]
    return heaviest_first([*others, *([cue] if cue else [])])
