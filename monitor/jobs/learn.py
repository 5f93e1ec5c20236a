"""learn: what editors decided teaches the relevance model; a new one takes over only if it is not worse.

Run it again and again: each run reads what was decided since (and keeps how likely an incident the candidate had been
called), learns once enough is new, and judges one page of undecided candidates by the model that holds. A model learns
from this newsroom's own decisions alone, of a bounded window; those that say nothing of whether something is an
incident (duplicates, old events, what cannot be verified) are left out. Computing happens between transactions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from monitor.errors import Denied, IllegalDecision
from monitor.jobs.relevance import judge_anew, judge_now, judge_of, shipped_judge, shipped_model
from monitor.model import (
    ActionKind,
    CandidateId,
    Clock,
    Decision,
    DecisionId,
    Editor,
    ModelChoice,
    Role,
    Severity,
    ToldCandidate,
    Trial,
)
from monitor.stages.canonical import clean_text
from monitor.stages.likelihood import Judge, pack_correction, read_half, voices_of
from monitor.stages.relevance import Reading, probability_of, read_article
from monitor.stages.relevance_learn import LEAST, SEVERITY_SHARES, Example, Learnt, learn
from monitor.store import learning as stored
from monitor.store.candidates import find_live
from monitor.store.database import Database, Transaction, take_turn
from monitor.store.people import append_audit

READ = 100  # decisions that are read in one run
WINDOW = 1_500  # decisions, the newest, that a model learns from
NEW = 20  # decisions since the last model before another is learnt
LEAST_DECISIONS = LEAST
PAGE = 60  # candidates judged anew in one transaction
CHUNK = 100  # candidates whose articles are read at once
LONGEST_NOTE = 500
TURN = 7_200_011  # any number of our own: one at a time (F7)
MACHINE = "monitor"  # who chose, where nobody did
SAYS_NOTHING = ("duplicate", "tells of an event long past", "cannot be verified")  # beginnings of reasons to reject


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnReport:
    """What was done."""

    read_count: int = 0  # decisions
    learnt: int | None = None  # number of the model
    is_adopted: bool = False
    judged_count: int = 0

    def __str__(self) -> str:
        model = (
            "" if self.learnt is None else f", model {self.learnt} {'took over' if self.is_adopted else 'kept aside'}"
        )
        return f"{self.read_count} decisions read{model}, {self.judged_count} candidates judged anew."


def teach(database: Database, clock: Clock) -> LearnReport:
    """One run: bounded, and nothing where nothing is new."""
    read = _read_decisions(database)
    model, is_adopted = _learn_when_due(database, clock)
    with database.write() as tx:
        judged = judge_anew(tx, limit=PAGE)
    return LearnReport(read_count=read, learnt=model, is_adopted=is_adopted, judged_count=judged)


# --- decisions as trials ------------------------------------------------------------------------------------------


def _read_decisions(database: Database) -> int:
    with database.read() as tx:
        if not stored.list_unread(tx, limit=1):
            return 0
    with database.write() as tx:
        take_turn(tx, TURN)
        decisions = stored.list_unread(tx, limit=READ)
        judge, choice = judge_now(tx)
        trials = _trials(tx, [d for d in decisions if _is_telling(d)], judge, choice)
        stored.record_trials(tx, trials)
        for decision in decisions:
            undone = decision.payload.get("undoes")
            if decision.kind is ActionKind.UNDO and isinstance(undone, int):
                stored.record_untried(tx, DecisionId(undone))
        if decisions:
            stored.record_read(tx, decisions[-1].id)
    return len(decisions)


def _is_telling(decision: Decision) -> bool:
    if decision.kind is ActionKind.REJECT:
        return not (decision.reason or "").casefold().startswith(SAYS_NOTHING)
    return decision.kind in (ActionKind.ACCEPT, ActionKind.ATTACH)


def _trials(tx: Transaction, decisions: Sequence[Decision], judge: Judge, choice: ModelChoice) -> list[Trial]:
    """Each with what the model that holds says of the candidate as it stood: one that did not learn from it."""
    at = {d.candidate: d.decided_at for d in decisions}
    told = stored.list_told(tx, at)
    trials = []
    for decision in decisions:
        readings = _readings(told.get(decision.candidate))
        voices = _voices(told.get(decision.candidate))
        trials.append(
            Trial(
                decision=decision.id,
                candidate=decision.candidate,
                decided_at=decision.decided_at,
                is_incident=decision.kind is not ActionKind.REJECT,
                probability=_probability(readings, voices, judge, decision.candidate),
                shipped_probability=_probability(readings, voices, shipped_judge(), decision.candidate),
                judged_by=choice.id,
            )
        )
    return trials


def _readings(told: ToldCandidate | None) -> list[Reading]:
    if told is None:
        return []
    read = [read_article(t.title, t.text, shipped_model(), language=t.language) for t in told.texts]
    return read_half([r for r in read if r is not None])


def _voices(told: ToldCandidate | None) -> float:
    return 0.0 if told is None else voices_of([t.publisher for t in told.texts])


def _probability(readings: Sequence[Reading], voices: float, judge: Judge, candidate: CandidateId) -> float | None:
    return None if not readings else probability_of(judge.log_odds(readings, voices, candidate))


# --- learning -----------------------------------------------------------------------------------------------------


def _learn_when_due(database: Database, clock: Clock) -> tuple[int | None, bool]:
    with database.read() as tx:
        last = next(iter(stored.list_models(tx, limit=1)), None)
        if stored.count_trials(tx, after=last.last_trial if last else DecisionId(0)) < NEW:
            return None, False
    return learn_now(database, clock)


def learn_now(database: Database, clock: Clock) -> tuple[int | None, bool]:
    """Learn from the newest decisions; the model's number, None where they are too few, and whether it took over."""
    with database.read() as tx:
        trials = stored.list_trials(tx, limit=WINDOW)
        judge, choice = judge_now(tx)
        examples, left_out = _examples(tx, trials, judge)
    learnt = learn(examples)
    if learnt is None:
        return None, False
    counts = _counts(examples, trials, left_out, learnt)
    with database.write() as tx:
        take_turn(tx, TURN)
        now = clock.now()
        number = stored.add_model(
            tx,
            now=now,
            shipped=shipped_model().version,
            counts=counts,
            figures={n: dataclasses.asdict(getattr(learnt, n)) for n in ("new", "holding", "shipped")},
            is_better=learnt.is_better,
            last_trial=trials[-1].decision,
            packed=pack_correction(learnt.correction),
        )
        is_adopted = learnt.is_better and stored.find_choice(tx).id == choice.id
        if is_adopted:
            note = f"not worse on the {learnt.held_back_count} newest decisions, held back from it"
            stored.add_choice(tx, model=number, by=MACHINE, now=now, note=note)
            append_audit(tx, at=now, who=MACHINE, what="relevance.adopt", subject=f"model {number}", after=dict(counts))
    return number, is_adopted


def _examples(tx: Transaction, trials: Sequence[Trial], judge: Judge) -> tuple[list[Example], int]:
    """The last word on each candidate, in the order of the decisions; and how many trials taught nothing."""
    last: dict[CandidateId, Trial] = {}
    for trial in trials:
        live = find_live(tx, trial.candidate) or trial.candidate
        last.pop(live, None)
        last[live] = trial
    examples: list[Example] = []
    for some in _chunks(list(last.items())):
        told = stored.list_told(tx, {candidate: trial.decided_at for candidate, trial in some})
        for candidate, trial in some:
            found = told.get(candidate)
            readings = _readings(found)
            if found is not None and readings and not found.is_retracted:
                examples.append(_example(candidate, trial, found, readings, judge))
    return examples, len(trials) - len(examples)


def _chunks(found: list[tuple[CandidateId, Trial]]) -> list[list[tuple[CandidateId, Trial]]]:
    return [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)]


def _example(
    candidate: CandidateId, trial: Trial, told: ToldCandidate, readings: Sequence[Reading], judge: Judge
) -> Example:
    columns = np.concatenate([r.columns for r in readings])
    values = np.concatenate([r.values for r in readings]) / len(readings)
    severity = Severity(told.severity) if told.severity else None
    return Example(
        candidate=candidate,
        is_incident=trial.is_incident,
        share=SEVERITY_SHARES.get(severity, 1.0) if severity and trial.is_incident else 1.0,
        log_odds=sum(r.log_odds for r in readings) / len(readings),
        held=judge.log_odds(readings, _voices(told), candidate),
        voices=_voices(told),
        columns=columns,
        values=values,
    )


def _counts(
    examples: Sequence[Example], trials: Sequence[Trial], left_out: int, learnt: Learnt
) -> Mapping[str, object]:
    accepted = sum(e.is_incident for e in examples)
    return {
        "decisions": len(examples),
        "accepted": accepted,
        "rejected": len(examples) - accepted,
        "left_out": left_out,
        "held_back": learnt.held_back_count,
        "from": trials[0].decided_at.isoformat(),
        "until": trials[-1].decided_at.isoformat(),
    }


# --- choosing -----------------------------------------------------------------------------------------------------


def choose_model(
    database: Database,
    clock: Clock,
    model: int | None,
    *,
    by: Editor | str,
    note: str,
    key: str | None = None,
    address: str | None = None,
) -> ModelChoice:
    """Let this model judge (None: as shipped), back or forth; it needs a reason.

    At the desk senior editors alone; a name without a role is the operator's, at the command line.
    """
    who = by if isinstance(by, str) else by.name
    if isinstance(by, Editor) and not by.role.may(Role.SENIOR):
        raise Denied("Which model judges is for senior editors to settle. Nothing was changed.")
    said = clean_text(note).strip()
    if not said or len(said) > LONGEST_NOTE:
        raise IllegalDecision(f"Say why, in up to {LONGEST_NOTE} characters: others will ask. Nothing was changed.")
    with database.write() as tx:
        take_turn(tx, TURN)
        judge_of(tx, model)  # raises Unknown
        before = stored.find_choice(tx)
        if before.model == model:
            return before
        now: datetime = clock.now()
        made = stored.add_choice(tx, model=model, by=who, now=now, note=said, key=key)
        if made is None:
            return before
        append_audit(
            tx,
            at=now,
            who=who,
            what="relevance.choose",
            subject="which model judges",
            before={"model": before.model},
            after={"model": model, "reason": said},
            address=address,
        )
        return made
