"""Which relevance model judges (the one that ships, or what this newsroom taught it), and judging candidates by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from monitor.jobs.weights import weights_now
from monitor.model import Candidate, CandidateId, Cue, Joined, Member, ModelChoice
from monitor.shipped import shipped_path
from monitor.stages.likelihood import (
    LIKELY,
    UNTOLD,
    Correction,
    Judge,
    Likelihood,
    cue_of,
    cue_untold,
    judge_members,
    read_correction,
)
from monitor.stages.relevance import Model, read_model
from monitor.stages.suggest import suggest_severity
from monitor.stages.weighing import heaviest_first
from monitor.store import learning as stored
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members_of

UNJUDGED = 0  # `judged_by` of a candidate that has grown since it was judged, or never was
AT_ONCE = 60  # candidates judged in one transaction: other writers wait for it


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
    tx: Transaction, candidate: CandidateId, members: Sequence[Member], weights: Mapping[str, float]
) -> tuple[Likelihood | None, Cue, int]:
    """How likely these articles tell an incident, the cue that this is or that it cannot tell, and who said so."""
    judge, choice = judge_now(tx)
    return *_verdict(candidate, members, judge, weights), judged_by(choice)


def _verdict(
    candidate: CandidateId, members: Sequence[Member], judge: Judge, weights: Mapping[str, float]
) -> tuple[Likelihood | None, Cue]:
    found = judge_members(members, judge, candidate)
    return found, cue_untold(members) if found is None else cue_of(found, members, judge, weights)


def severity_of(telling: Sequence[Member]) -> tuple[str | None, str | None]:
    """The severity that the words of these articles suggest, and why: for an editor's eye, never applied by itself."""
    suggested = suggest_severity(telling)
    return (None, None) if suggested is None else (suggested.value, suggested.reason)


def judge_anew(tx: Transaction, *, limit: int) -> int:
    """Judge up to `limit` undecided candidates that have grown, or whom another model judged; how many those were.

    An article is read once, however often its candidate grows: what was made of it is remembered.
    """
    judge, choice = judge_now(tx)
    waiting = stored.list_unjudged(tx, judged_by(choice), limit=limit)
    weights = dict(weights_now(tx).weights)
    told: dict[CandidateId, stored.Judged] = {}
    members = list_members_of(tx, [candidate.id for candidate in waiting])
    for candidate in waiting:
        its = members[candidate.id]
        found, cue = _verdict(candidate.id, its, judge, weights)
        told[candidate.id] = stored.Judged(
            likelihood=None if found is None else found.probability,
            cues=_with(candidate, cue),
            severity=severity_of([m for m in its if m.joined is not Joined.MENTION] or its),
        )
    grown = {candidate.id for candidate in waiting if candidate.judged_by == UNJUDGED}
    stored.record_likelihoods(tx, told, judged_by(choice), seen=grown)
    return len(waiting)


def judge_grown(database: Database, *, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Judge whatever waits to be judged, some at a time; how many those were."""
    total = 0
    while not is_stopping():
        with database.write() as tx:
            judged = judge_anew(tx, limit=AT_ONCE)
        total += judged
        if judged < AT_ONCE:
            break
    return total


def _with(candidate: Candidate, cue: Cue) -> tuple[Cue, ...]:
    return heaviest_first([*(c for c in candidate.cues if c.name not in (LIKELY, UNTOLD)), cue])
