"""Decisions, carried out: what moves, what stays, what an undo brings back, and what is refused without a trace."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from monitor.errors import IllegalDecision, StaleDecision, Unknown, Unpublishable
from monitor.jobs import triage
from monitor.jobs.triage import Release, Writing
from monitor.jobs.wires import cite_wire
from monitor.model import (
    ActionKind,
    ArticleId,
    Candidate,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Code,
    Codebook,
    Decision,
    DecisionId,
    Draft,
    Joined,
    Rationale,
    RevisionStatus,
    Severity,
    WireId,
)
from monitor.store.candidates import (
    LARGEST_ID,
    count_waiting,
    get_candidate,
    get_detail,
    list_candidates_of,
    list_decisions,
    list_on_wire,
)
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.wires import Count, get_wire, list_citable, list_wires, record_publication, record_release
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of, join, store_article, store_candidate
from tests.wires import A_TEST

BASE = "https://newsroom.example"
CODEBOOK = Codebook(
    version="1",
    codes=(Code(id="M2", name="Model behaviour", definition="…"), Code(id="F4", name="Privacy", definition="…")),
)


def candidate_of(database: Database, candidate: CandidateId) -> Candidate:
    with database.read() as tx:
        return get_candidate(tx, candidate)


def detail_of(database: Database, candidate: CandidateId) -> CandidateDetail:
    with database.read() as tx:
        return get_detail(tx, candidate)


def articles_of(database: Database, candidate: CandidateId) -> list[ArticleId]:
    return [m.article.id for m in detail_of(database, candidate).members]


def all_but_version(candidate: Candidate) -> dict[str, Any]:
    """A candidate without what only ever grows."""
    return {f.name: getattr(candidate, f.name) for f in fields(candidate) if f.name not in {"version", "grown_at"}}


def accept(database: Database, clock: ManualClock, candidate: CandidateId, **more: Any) -> WireId:
    decision = triage.accept(database, clock, candidate, editor="mara", writing=Writing(base_url=BASE), **more)
    wire = decision.payload["wire"]
    assert isinstance(wire, int)
    return WireId(wire)


def publish(database: Database, clock: ManualClock, wire: WireId) -> None:
    """Show the wire's draft to readers, as `publish` does after a release."""
    with database.write() as tx:
        record_release(tx, wire, editor="mara", version_seen=None, now=clock.now())
        cited = cite_wire(tx, get_wire(tx, wire))
        record_publication(
            tx,
            wire,
            citations=cited.citations,
            count=Count(standard=cited.standard, source_count=cited.sourcing.source_count),
            rationale=Rationale(text="…", counterfactual="…", classified_by="mara", classified_at=clock.now()),
            origin=None,
            published_at=clock.now(),
        )


def undo(database: Database, clock: ManualClock, candidate: CandidateId, **more: Any) -> Decision:
    return triage.undo(database, clock, candidate, editor="jo", providers=PROVIDERS, **more)


# --- every decision ---------------------------------------------------------------------------------------------


def test_a_decision_is_kept_with_who_when_why_and_what_was_on_screen(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    version = candidate_of(database, candidate).version
    made = triage.reject(
        database,
        clock,
        candidate,
        reason=" A product\0 launch. ",
        editor="mara",
        version_seen=version,
        address="10.0.0.9",
    )
    assert (made.kind, made.editor, made.decided_at, made.reason, made.version_seen) == (
        ActionKind.REJECT,
        "mara",
        clock.now(),
        "A product launch.",
        version,
    )
    assert candidate_of(database, candidate).status is CandidateStatus.REJECTED
    with database.read() as tx:
        assert list_decisions(tx, candidate) == (made,)
        assert count_waiting(tx, now=clock.now()) == 0


def test_every_decision_is_audited_with_before_and_after_d11(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    made = triage.reject(database, clock, candidate, reason="A launch.", editor="mara", address="10.0.0.9")
    with database.read() as tx:
        (line,) = list_audit(tx)
    assert (line.who, line.what, line.subject, line.address) == (
        "mara",
        "candidate.reject",
        f"candidate {candidate}",
        "10.0.0.9",
    )
    assert line.before is not None
    assert line.after is not None
    assert (line.before["status"], line.after["status"], line.after["decision"]) == ("open", "rejected", made.id)


def test_a_stale_decision_changes_nothing_and_names_both_versions_d10(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    seen = candidate_of(database, candidate).version
    with database.write() as tx:
        join(tx, candidate, store_article(tx, "courier"), at=clock.now())
    before = detail_of(database, candidate)
    with pytest.raises(StaleDecision, match=f"version {seen}, it is now at version {seen + 1}"):
        triage.reject(database, clock, candidate, reason="One source.", editor="mara", version_seen=seen)
    assert detail_of(database, candidate) == before
    with database.read() as tx:
        assert list_audit(tx) == ()


def test_a_repeated_request_is_one_decision_d10(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    wish: dict[str, Any] = {"reason": "A launch.", "editor": "mara", "version_seen": 1, "key": "form-1"}
    first = triage.reject(database, clock, candidate, **wish)
    clock.advance(minutes=1)
    assert triage.reject(database, clock, candidate, **wish) == first
    assert len(detail_of(database, candidate).decisions) == 1


def test_a_key_is_not_good_for_another_decision_d10(database: Database, clock: ManualClock) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    triage.reject(database, clock, one, reason="A launch.", editor="mara", key="form-1")
    with pytest.raises(IllegalDecision, match="repeats the key"):
        triage.reject(database, clock, two, reason="A launch.", editor="mara", key="form-1")
    with pytest.raises(IllegalDecision, match="repeats the key"):
        triage.claim(database, clock, one, editor="mara", key="form-1")
    assert candidate_of(database, two).status is CandidateStatus.OPEN


def test_twenty_editors_at_once_make_one_decision_per_key_and_one_acceptance_d10(
    database: Database, clock: ManualClock
) -> None:
    candidate = a_candidate_of(database, "gazette")
    answers: list[object] = []

    def press(key: str) -> None:
        try:
            answers.append(
                triage.accept(database, clock, candidate, editor=key, key=key, writing=Writing(base_url=BASE))
            )
        except (IllegalDecision, StaleDecision) as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=press, args=(f"k{n % 5}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    made = [a for a in answers if isinstance(a, Decision)]
    assert len(answers) == 20
    assert len({d.id for d in made}) == 1
    assert len(made) == 4  # the four requests under the winner's key
    with database.read() as tx:
        assert len(list_wires(tx)) == 1
        assert len(list_decisions(tx, candidate)) == 1


def test_what_is_not_there_is_unknown(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    with pytest.raises(Unknown, match="no candidate 404"):
        triage.reject(database, clock, CandidateId(404), reason="?", editor="mara")
    with pytest.raises(Unknown, match="no candidate 404"):
        triage.merge(database, clock, candidate, [CandidateId(404)], editor="mara", providers=PROVIDERS)
    for wire in (404, 0, LARGEST_ID + 1, 2**70):
        with pytest.raises(Unknown, match=f"no wire {wire}"):
            triage.attach(database, clock, candidate, WireId(wire), editor="mara")
    assert detail_of(database, candidate).decisions == ()


# --- accept -----------------------------------------------------------------------------------------------------


def test_accept_opens_a_wire_with_what_the_candidate_lends(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette", "courier", title="AcmeChat leaks records")
    wire = accept(database, clock, candidate)
    found = candidate_of(database, candidate)
    assert (found.status, found.wire) == (CandidateStatus.ACCEPTED, wire)
    with database.read() as tx:
        opened = get_wire(tx, wire)
        assert list_on_wire(tx, wire) == (candidate,)
    (revision,) = opened.revisions
    assert (opened.candidate, opened.accepted_by, opened.accepted_at) == (candidate, "mara", clock.now())
    assert revision.status is RevisionStatus.DRAFT
    assert (revision.draft.headline, revision.draft.providers) == ("AcmeChat leaks records", ("acme",))
    assert list(revision.draft.sources) == articles_of(database, candidate)
    assert opened.tag.startswith("tag:newsroom.example,2026-03-02:")


def test_nothing_is_accepted_before_the_newsroom_is_founded(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    with pytest.raises(Unknown, match="founded"):
        triage.accept(database, clock, candidate, editor="mara")
    assert candidate_of(database, candidate).status is CandidateStatus.OPEN


def a_draft(article: ArticleId) -> Draft:
    return Draft(
        headline="AcmeChat showed strangers’ records",
        severity=Severity.SEV_3,
        providers=("acme",),
        occurred_on=date(2026, 3, 1),
        body=f"Records were shown. [source](article:{article})",
        rationale="The chatbot disclosed them.",
        counterfactual="Without the chatbot nobody would have seen them.",
        codes=("M2", "F4"),
        sources=(article,),
        but_for=replace(A_TEST, support=article),
    )


def test_a_complete_draft_is_accepted_and_released_in_one_step(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    (article,) = articles_of(database, candidate)
    writing = Writing(base_url=BASE, draft=a_draft(article), release=Release(codebook=CODEBOOK, providers=PROVIDERS))
    made = triage.accept(database, clock, candidate, editor="mara", writing=writing)
    with database.read() as tx:
        wire = get_wire(tx, WireId(made.payload["wire"]))  # type: ignore[arg-type]
        assert [a.what for a in list_audit(tx)] == ["candidate.accept", "wire.release"]
    assert wire.revisions[-1].status is RevisionStatus.RELEASED
    assert wire.revisions[-1].draft == a_draft(article)


def test_an_incomplete_draft_accepts_nothing_and_says_all_that_is_missing(
    database: Database, clock: ManualClock
) -> None:
    candidate = a_candidate_of(database, "gazette")
    (article,) = articles_of(database, candidate)
    draft = replace(a_draft(article), severity=None, counterfactual="", codes=("M2",))
    writing = Writing(base_url=BASE, draft=draft, release=Release(codebook=CODEBOOK, providers=PROVIDERS))
    with pytest.raises(Unpublishable) as refusal:
        triage.accept(database, clock, candidate, editor="mara", writing=writing)
    assert [m.field for m in refusal.value.missing] == ["severity", "counterfactual", "codes"]
    assert candidate_of(database, candidate).status is CandidateStatus.OPEN
    with database.read() as tx:
        assert (list_wires(tx), list_decisions(tx, candidate), list_audit(tx)) == ((), (), ())


def test_an_acceptance_is_undone_while_no_reader_has_seen_the_wire(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    before = candidate_of(database, candidate)
    wire = accept(database, clock, candidate)
    taken_back = undo(database, clock, candidate)
    assert all_but_version(candidate_of(database, candidate)) == all_but_version(before)
    with database.read() as tx:
        assert get_wire(tx, wire).withdrawn_at == clock.now()
        assert list_wires(tx) == ()
        first, second = list_decisions(tx, candidate)
    assert (first.undone_by, second.id, second.kind) == (taken_back.id, taken_back.id, ActionKind.UNDO)
    assert accept(database, clock, candidate) != wire


def test_a_published_wire_is_corrected_or_retracted_not_unaccepted(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    wire = accept(database, clock, candidate)
    publish(database, clock, wire)
    with pytest.raises(IllegalDecision, match="correction or a retraction"):
        undo(database, clock, candidate)
    assert candidate_of(database, candidate).status is CandidateStatus.ACCEPTED


# --- attach -----------------------------------------------------------------------------------------------------


def test_attach_lets_a_wire_cite_more_articles(database: Database, clock: ManualClock) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    wire = accept(database, clock, one)
    made = triage.attach(database, clock, two, wire, editor="mara")
    found = candidate_of(database, two)
    assert (found.status, found.wire, made.payload["wire"]) == (CandidateStatus.ACCEPTED, wire, wire)
    with database.read() as tx:
        citable = {m.article.id for m in list_citable(tx, get_wire(tx, wire))}
    assert citable == {*articles_of(database, one), *articles_of(database, two)}
    with pytest.raises(IllegalDecision, match=f"also tells candidate {two}"):
        undo(database, clock, one)
    undo(database, clock, two)
    assert candidate_of(database, two).status is CandidateStatus.OPEN
    undo(database, clock, one)
    with pytest.raises(IllegalDecision, match="was withdrawn"):
        triage.attach(database, clock, two, wire, editor="mara")


def test_attaching_is_final_once_the_wire_publishes_again(database: Database, clock: ManualClock) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    wire = accept(database, clock, one)
    clock.advance(hours=1)
    triage.attach(database, clock, two, wire, editor="mara")
    clock.advance(hours=1)
    publish(database, clock, wire)
    with pytest.raises(IllegalDecision, match="correction or a retraction"):
        undo(database, clock, two)


# --- snooze and claim -------------------------------------------------------------------------------------------


def test_a_snooze_ends_by_itself_or_by_growth_and_is_decided_on_meanwhile(
    database: Database, clock: ManualClock
) -> None:
    candidate = a_candidate_of(database, "gazette")
    clock.advance(hours=1)
    triage.snooze(database, clock, candidate, until=clock.now() + timedelta(hours=8), editor="mara")
    with database.write() as tx:
        assert count_waiting(tx, now=clock.now()) == 0
        assert count_waiting(tx, now=clock.now() + timedelta(hours=8)) == 1
        clock.advance(hours=1)
        join(tx, candidate, store_article(tx, "courier"), at=clock.now())
        assert count_waiting(tx, now=clock.now()) == 1
    triage.reject(database, clock, candidate, reason="A launch.", editor="mara")
    undo(database, clock, candidate)
    assert candidate_of(database, candidate).status is CandidateStatus.SNOOZED


def test_a_claim_is_taken_once_and_given_back_by_anyone(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    triage.claim(database, clock, candidate, editor="mara")
    assert candidate_of(database, candidate).claimed_by == "mara"
    with pytest.raises(IllegalDecision, match="mara has claimed"):
        triage.claim(database, clock, candidate, editor="jo")
    triage.unclaim(database, clock, candidate, editor="jo")
    assert candidate_of(database, candidate).claimed_by is None
    undo(database, clock, candidate)
    assert candidate_of(database, candidate).claimed_by == "mara"


# --- merge ------------------------------------------------------------------------------------------------------


def test_merge_moves_the_articles_and_leaves_signposts(database: Database, clock: ManualClock) -> None:
    one, two, three = (a_candidate_of(database, p) for p in ("gazette", "courier", "gazette"))
    everything = [a for c in (one, two, three) for a in articles_of(database, c)]
    triage.merge(database, clock, one, [two, three, two], editor="mara", providers=PROVIDERS, reason="Same leak.")
    whole = detail_of(database, one)
    assert {m.article.id for m in whole.members} == set(everything)
    assert (whole.candidate.source_count, whole.candidate.article_count) == (2, 3)
    moved = [m for m in whole.members if m.joined is Joined.EDITOR]
    assert [m.reason for m in moved] == [f"Merged from candidate {c} by mara." for c in (two, three)]
    for other in (two, three):
        found = candidate_of(database, other)
        assert (found.status, found.merged_into) == (CandidateStatus.MERGED, one)
        assert articles_of(database, other) == []
    with pytest.raises(IllegalDecision, match=f"Candidate {two} was merged into {one}"):
        triage.reject(database, clock, two, reason="?", editor="mara")


def test_undoing_a_merge_restores_exactly(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        original, copy = store_article(tx, "gazette"), store_article(tx, "courier")
        one = store_candidate(tx, store_article(tx, "herald"))
        two = store_candidate(tx, original, copy, copies={copy: original})
    triage.snooze(
        database, clock, two, until=clock.now() + timedelta(days=2), editor="jo", reason="Wait for the court."
    )
    before = [detail_of(database, c) for c in (one, two)]
    triage.merge(database, clock, one, [two], editor="mara", providers=PROVIDERS)
    undo(database, clock, one)
    for was, now in zip(before, [detail_of(database, c) for c in (one, two)], strict=True):
        assert now.members == was.members
        assert now.sourcing == was.sourcing
        assert all_but_version(now.candidate) == all_but_version(was.candidate)
        assert now.candidate.version > was.candidate.version
    assert [d.kind for d in detail_of(database, two).decisions] == [ActionKind.SNOOZE]


def test_what_joined_after_a_merge_stays_where_it_joined(database: Database, clock: ManualClock) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    theirs = articles_of(database, two)
    triage.merge(database, clock, one, [two], editor="mara", providers=PROVIDERS)
    with database.write() as tx:
        late = store_article(tx, "herald")
        join(tx, one, late, at=clock.now())
    undo(database, clock, one)
    assert late in articles_of(database, one)
    assert articles_of(database, two) == theirs


def test_an_article_of_both_is_in_both_again_after_an_undo(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        shared = store_article(tx, "gazette")
        one = store_candidate(tx, shared, store_article(tx, "courier"))
        two = store_candidate(tx, shared, store_article(tx, "herald"))
    triage.merge(database, clock, one, [two], editor="mara", providers=PROVIDERS)
    assert candidate_of(database, one).article_count == 3
    undo(database, clock, one)
    with database.read() as tx:
        assert list_candidates_of(tx, shared) == (one, two)


def test_an_accepted_candidate_takes_others_in_and_its_wire_may_cite_them(
    database: Database, clock: ManualClock
) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    wire = accept(database, clock, one)
    with pytest.raises(IllegalDecision, match="Merge the other way round"):
        triage.merge(database, clock, two, [one], editor="mara", providers=PROVIDERS)
    theirs = articles_of(database, two)
    triage.merge(database, clock, one, [two], editor="mara", providers=PROVIDERS)
    with database.read() as tx:
        assert set(theirs) < {m.article.id for m in list_citable(tx, get_wire(tx, wire))}
    with pytest.raises(IllegalDecision, match="that is decision"):
        undo(database, clock, one, undoes=DecisionId(detail_of(database, one).decisions[0].id))
    undo(database, clock, one)
    undo(database, clock, one)
    assert candidate_of(database, one).status is CandidateStatus.OPEN


# --- split ------------------------------------------------------------------------------------------------------


def opened_by(decision: Decision) -> CandidateId:
    opened = decision.payload["opened"]
    assert isinstance(opened, int)
    return CandidateId(opened)


def test_split_opens_a_candidate_with_the_articles_that_leave(database: Database, clock: ManualClock) -> None:
    one = a_candidate_of(database, "gazette", "courier", "herald")
    first, second, third = articles_of(database, one)
    triage.reject(database, clock, one, reason="A launch.", editor="mara")
    made = triage.split(database, clock, one, [second, third, second], editor="mara", providers=PROVIDERS)
    two = opened_by(made)
    assert (articles_of(database, one), articles_of(database, two)) == ([first], [second, third])
    assert [candidate_of(database, c).status.value for c in (one, two)] == ["rejected", "open"]
    assert [candidate_of(database, c).source_count for c in (one, two)] == [1, 2]
    assert {m.reason for m in detail_of(database, two).members} == {f"Split off candidate {one} by mara."}


def test_undoing_a_split_restores_exactly_and_leaves_a_signpost(database: Database, clock: ManualClock) -> None:
    one = a_candidate_of(database, "gazette", "courier", "herald")
    before = detail_of(database, one)
    made = triage.split(database, clock, one, articles_of(database, one)[1:], editor="mara", providers=PROVIDERS)
    undo(database, clock, one)
    after = detail_of(database, one)
    assert (after.members, after.sourcing) == (before.members, before.sourcing)
    assert all_but_version(after.candidate) == all_but_version(before.candidate)
    assert candidate_of(database, opened_by(made)).merged_into == one


def test_what_joined_the_split_off_candidate_keeps_it_alive(database: Database, clock: ManualClock) -> None:
    one = a_candidate_of(database, "gazette", "courier")
    two = opened_by(
        triage.split(database, clock, one, articles_of(database, one)[1:], editor="mara", providers=PROVIDERS)
    )
    with database.write() as tx:
        late = store_article(tx, "herald")
        join(tx, two, late, at=clock.now())
    undo(database, clock, one)
    assert articles_of(database, two) == [late]
    assert candidate_of(database, two).status is CandidateStatus.OPEN


def test_a_split_is_not_undone_over_a_decision_on_what_it_opened(database: Database, clock: ManualClock) -> None:
    one = a_candidate_of(database, "gazette", "courier")
    made = triage.split(database, clock, one, articles_of(database, one)[1:], editor="mara", providers=PROVIDERS)
    triage.reject(database, clock, opened_by(made), reason="A launch.", editor="mara")
    with pytest.raises(IllegalDecision, match="has been decided on since"):
        undo(database, clock, one)
    undo(database, clock, opened_by(made))
    undo(database, clock, one)
    assert candidate_of(database, one).article_count == 2


def test_undo_goes_back_one_decision_at_a_time(database: Database, clock: ManualClock) -> None:
    one, two = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    triage.claim(database, clock, one, editor="mara")
    triage.merge(database, clock, one, [two], editor="mara", providers=PROVIDERS)
    triage.reject(database, clock, one, reason="A launch.", editor="mara")
    kinds = [str(undo(database, clock, one).payload["undone"]) for _ in range(3)]
    assert kinds == ["reject", "merge", "claim"]
    with pytest.raises(IllegalDecision, match="no decision"):
        undo(database, clock, one)
    assert candidate_of(database, one).claimed_by is None
