"""learn: decisions teach the relevance model; it takes over only when not worse, and never judges itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from monitor.errors import Denied, IllegalDecision, Unknown
from monitor.jobs.learn import choose_model, learn_now, teach
from monitor.jobs.people import add_editor
from monitor.jobs.relevance import judge_candidate, judge_grown, judge_now, shipped_judge
from monitor.jobs.triage import accept, reject, undo
from monitor.jobs.wires import found_newsroom
from monitor.model import Candidate, CandidateId, Role, Severity
from monitor.stages.likelihood import LIKELY, part_of
from monitor.stages.score import DEFAULTS
from monitor.store.candidates import get_candidate
from monitor.store.database import Database
from monitor.store.grouping import list_members
from monitor.store.learning import find_choice, list_models, list_trials, list_unjudged
from monitor.store.people import list_audit
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of

BASE_URL = "https://newsroom.example"

ACCEPTED = "Harbour crane run by Quorvex drops a load on {} workers"
REJECTED = "Tamsin wins the evening chess club again, round {}"


@pytest.fixture(autouse=True)
def _newsroom(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        found_newsroom(tx, base_url=BASE_URL, now=clock.now())


def found(database: Database, candidate: CandidateId) -> Candidate:
    with database.read() as tx:
        return get_candidate(tx, candidate)


def decide(database: Database, clock: ManualClock, count: int, *, first: int = 0) -> list[CandidateId]:
    """Every third is an incident of a kind that the shipped model has never heard of."""
    made = []
    for number in range(first, first + count):
        is_incident = number % 3 == 0
        title = (ACCEPTED if is_incident else REJECTED).format(number)
        candidate = a_candidate_of(database, f"paper-{number}", title=title)
        clock.advance(minutes=5)
        if is_incident:
            accept(database, clock, candidate, editor="ada")
        else:
            reject(database, clock, candidate, reason="AI news, no incident", editor="ada")
        made.append(candidate)
    return made


def run(database: Database, clock: ManualClock) -> None:
    while teach(database, clock).judged_count:
        pass


def test_decisions_move_what_waits_and_what_was_learnt_is_said(database: Database, clock: ManualClock) -> None:
    crane = a_candidate_of(database, "gazette", title="Another harbour crane run by Quorvex drops its load")
    chess = a_candidate_of(database, "courier", title="Tamsin loses a round at the evening chess club")
    before = found(database, crane), found(database, chess)
    assert all(c.likelihood is not None and c.judged_by == 1 for c in before)
    decide(database, clock, 63)
    run(database, clock)
    after = found(database, crane), found(database, chess)
    assert (after[0].likelihood or 0) > (before[0].likelihood or 0) + 0.2
    assert (after[0].likelihood or 0) > 2 * (after[1].likelihood or 1)
    assert after[0].version == before[0].version  # nothing that an editor has seen has changed (D10)
    cue = next(c for c in after[0].cues if c.name == LIKELY)
    assert after[0].score == sum(c.weight for c in after[0].cues)
    assert "likely" in cue.evidence
    with database.read() as tx:
        (model,) = list_models(tx)
        choice = find_choice(tx)
        entry = next(e for e in list_audit(tx, limit=60) if e.what == "relevance.adopt")
    assert (model.is_better, choice.model, choice.chosen_by, entry.who) == (True, model.id, "monitor", "monitor")
    assert (model.counts["decisions"], model.counts["accepted"], model.counts["rejected"]) == (63, 21, 42)
    assert model.figures["new"]["loss"] <= model.figures["holding"]["loss"]
    assert teach(database, clock).read_count == 0


def test_a_candidate_never_judges_itself_and_the_same_decisions_teach_the_same(
    database: Database, clock: ManualClock
) -> None:
    decided = decide(database, clock, 63)
    run(database, clock)
    with database.read() as tx:
        judge, _ = judge_now(tx)
        members = list_members(tx, decided[0])
        told, _, _ = judge_candidate(tx, decided[0], members, dict(DEFAULTS))
    undo(
        database, clock, decided[0], providers=PROVIDERS, editor="ada"
    )  # it is open again: of its own decision nothing may remain
    with database.write() as tx:
        tx.execute(text("DELETE FROM relevance_trials WHERE candidate_id = :c"), {"c": decided[0]})
    learn_now(database, clock)
    with database.read() as tx:
        first, second = list_models(tx)[1], list_models(tx)[0]
        assert second.counts["decisions"] == int(str(first.counts["decisions"])) - 1
        choice = find_choice(tx)
    if choice.model == first.id:
        choose_model(database, clock, second.id, by="cli:test", note="To look at it.")
    with database.read() as tx:
        without, _, _ = judge_candidate(tx, decided[0], list_members(tx, decided[0]), dict(DEFAULTS))
    assert judge.correction is not None
    assert told is not None
    assert without is not None
    assert told.log_odds == pytest.approx(without.log_odds, abs=1e-5)
    other = next(c for c in decided if part_of(c) != part_of(decided[0]))
    assert judge.correction.parts[part_of(other)].any()


def test_what_says_nothing_of_incidents_teaches_nothing_and_an_undo_takes_back(
    database: Database, clock: ManualClock
) -> None:
    for number, reason in enumerate(("Duplicate of a candidate or wire we have", "Cannot be verified", "No AI at all")):
        reject(
            database,
            clock,
            a_candidate_of(database, "gazette", title=f"A story no {number}"),
            reason=reason,
            editor="ada",
        )
    taken_back = a_candidate_of(database, "gazette", title="A quite different story")
    accept(database, clock, taken_back, editor="ada")
    undo(database, clock, taken_back, providers=PROVIDERS, editor="ada")
    run(database, clock)
    with database.read() as tx:
        (trial,) = list_trials(tx, limit=10)
    assert not trial.is_incident
    assert trial.probability == trial.shipped_probability


def test_what_was_judged_before_severities_were_is_judged_once_more_after_what_is_new(
    database: Database, clock: ManualClock
) -> None:
    grave = [a_candidate_of(database, "gazette", title=f"Patient died of advice number {n}") for n in range(3)]
    calm = a_candidate_of(database, "courier", title="Tamsin loses a round at the evening chess club")
    said = [found(database, c) for c in (*grave, calm)]
    assert [c.suggested_severity for c in said] == [*[Severity.SEV_1] * 3, None]
    assert "“died”" in said[0].severity_reason
    with database.write() as tx:
        tx.execute(text("UPDATE candidates SET judged_by = -1, suggested_severity = NULL, severity_reason = NULL"))
        tx.execute(text("UPDATE candidates SET judged_by = 0 WHERE id = :grown"), {"grown": grave[2]})
    with database.write() as tx:
        assert [c.id for c in list_unjudged(tx, 1, limit=2)] == [grave[2], grave[0]]
    assert judge_grown(database) == 4
    assert [found(database, c).suggested_severity for c in (*grave, calm)] == [c.suggested_severity for c in said]
    assert [found(database, c).version for c in (*grave, calm)] == [c.version for c in said]


def test_with_few_decisions_the_shipped_model_judges(database: Database, clock: ManualClock) -> None:
    decide(database, clock, 12)
    run(database, clock)
    with database.read() as tx:
        assert (list_models(tx), find_choice(tx).id) == ((), 0)
        assert judge_now(tx)[0] is shipped_judge()


def test_a_model_is_laid_aside_and_taken_up_again_by_whoever_may(database: Database, clock: ManualClock) -> None:
    senior = add_editor(database, clock, "ada", role=Role.SENIOR, password="a long sentence to remember")
    editor = add_editor(database, clock, "ben", role=Role.EDITOR, password="a long sentence to remember")
    crane = a_candidate_of(database, "gazette", title="Another harbour crane run by Quorvex drops its load")
    shipped = found(database, crane).likelihood
    decide(database, clock, 63)
    run(database, clock)
    learnt = found(database, crane).likelihood
    with pytest.raises(Denied):
        choose_model(database, clock, None, by=editor, note="Because.")
    with pytest.raises(IllegalDecision, match="Say why"):
        choose_model(database, clock, None, by=senior, note=" ")
    with pytest.raises(Unknown):
        choose_model(database, clock, 99, by=senior, note="Because.")
    for _ in range(2):  # a repeated POST is one choice
        choose_model(database, clock, None, by=senior, note="It fell for a run of cranes.", key="k")
    run(database, clock)
    assert found(database, crane).likelihood == shipped != learnt
    with database.read() as tx:
        (model,) = list_models(tx)
    choose_model(database, clock, model.id, by=senior, note="It was right.")
    run(database, clock)
    assert found(database, crane).likelihood == learnt
    with pytest.raises(Exception, match="append-only"), database.write() as tx:
        tx.execute(text("UPDATE relevance_choices SET note = 'other'"))
