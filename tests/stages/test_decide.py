"""The rules of triage, as a table and by their refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.errors import IllegalDecision, StaleDecision
from monitor.model import (
    Action,
    ActionKind,
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Wire,
    WireId,
)
from monitor.stages.decide import LONGEST_REASON, Situation, Verdict, decide, restored, standing_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
S, K = CandidateStatus, ActionKind


def a_candidate(number: int = 7, status: CandidateStatus = S.OPEN, **fields: Any) -> Candidate:
    defaults: dict[str, Any] = {
        "version": 3,
        "title": "Chatbot leaks records",
        "opened_at": NOW - timedelta(days=1),
        "grown_at": NOW - timedelta(hours=1),
        "source_count": 2,
        "article_count": 3,
        "merged_into": CandidateId(1) if status is S.MERGED else None,
        "wire": WireId(5) if status is S.ACCEPTED else None,
    }
    return Candidate(id=CandidateId(number), status=status, **{**defaults, **fields})


def a_wire(number: int = 5, withdrawn_at: datetime | None = None) -> Wire:
    return Wire(
        id=WireId(number),
        tag=f"tag:newsroom.example,2026-03-02:wire/{number}",
        slug="a-wire",
        candidate=CandidateId(1),
        accepted_at=NOW,
        accepted_by="mara",
        first_published_at=None,
        is_retracted=False,
        revisions=(),
        withdrawn_at=withdrawn_at,
    )


def a_decision(kind: ActionKind, before: Candidate, number: int = 40, **payload: object) -> Decision:
    return Decision(
        id=DecisionId(number),
        candidate=before.id,
        kind=kind,
        editor="mara",
        decided_at=NOW - timedelta(minutes=5),
        reason=None,
        version_seen=before.version,
        payload={"before": standing_of(before), **payload},
    )


ACTIONS = {
    K.ACCEPT: Action(kind=K.ACCEPT),
    K.REJECT: Action(kind=K.REJECT, reason="A product launch."),
    K.MERGE: Action(kind=K.MERGE, others=(CandidateId(8),)),
    K.SPLIT: Action(kind=K.SPLIT, articles=(ArticleId(1),)),
    K.SNOOZE: Action(kind=K.SNOOZE, until=NOW + timedelta(hours=8)),
    K.ATTACH: Action(kind=K.ATTACH, wire=WireId(5)),
    K.CLAIM: Action(kind=K.CLAIM),
}


def judge(
    candidate: Candidate, action: Action, *, version_seen: int | None = None, editor: str = "mara", **facts: Any
) -> Verdict:
    situation = Situation(
        candidate=candidate,
        articles=facts.pop("articles", tuple(map(ArticleId, (1, 2, 3)))),
        target=facts.pop("target", None if action.wire is None else a_wire(action.wire)),
        others=facts.pop("others", tuple(a_candidate(o) for o in action.others if o != candidate.id)),
        **facts,
    )
    return decide(situation, action, editor=editor, version_seen=version_seen, now=NOW)


TABLE: dict[
    ActionKind, dict[CandidateStatus, CandidateStatus | None]
] = {  # action → where it leaves the candidate, by the status it finds; None is a refusal
    K.ACCEPT: {S.OPEN: S.ACCEPTED, S.SNOOZED: S.ACCEPTED, S.REJECTED: S.ACCEPTED, S.ACCEPTED: None},
    K.REJECT: {S.OPEN: S.REJECTED, S.SNOOZED: S.REJECTED, S.REJECTED: None, S.ACCEPTED: None},
    K.MERGE: {S.OPEN: S.OPEN, S.SNOOZED: S.SNOOZED, S.REJECTED: None, S.ACCEPTED: S.ACCEPTED},
    K.SPLIT: {S.OPEN: S.OPEN, S.SNOOZED: S.SNOOZED, S.REJECTED: S.REJECTED, S.ACCEPTED: S.ACCEPTED},
    K.SNOOZE: {S.OPEN: S.SNOOZED, S.SNOOZED: S.SNOOZED, S.REJECTED: None, S.ACCEPTED: None},
    K.ATTACH: {S.OPEN: S.ACCEPTED, S.SNOOZED: S.ACCEPTED, S.REJECTED: S.ACCEPTED, S.ACCEPTED: None},
    K.CLAIM: {S.OPEN: S.OPEN, S.SNOOZED: S.SNOOZED, S.REJECTED: None, S.ACCEPTED: None},
}


@pytest.mark.parametrize(("kind", "status"), [(k, s) for k in TABLE for s in TABLE[k]])
def test_every_action_in_every_status(kind: ActionKind, status: CandidateStatus) -> None:
    wanted = TABLE[kind][status]
    if wanted is None:
        with pytest.raises(IllegalDecision, match="Undo"):
            judge(a_candidate(status=status), ACTIONS[kind])
    else:
        assert judge(a_candidate(status=status), ACTIONS[kind]).status is wanted


@pytest.mark.parametrize("kind", [*TABLE, K.UNDO])
def test_a_merged_candidate_leads_on(kind: ActionKind) -> None:
    with pytest.raises(IllegalDecision, match=r"merged into 1, which has its articles now\. Decide on 1"):
        judge(a_candidate(status=S.MERGED), ACTIONS.get(kind, Action(kind=kind)))


@pytest.mark.parametrize("kind", TABLE)
def test_a_stale_version_is_refused_with_both_versions_d10(kind: ActionKind) -> None:
    with pytest.raises(StaleDecision, match=r"you saw version 2, it is now at version 3 \(open, 3 articles, 2 sources"):
        judge(a_candidate(), ACTIONS[kind], version_seen=2)
    assert judge(a_candidate(), ACTIONS[kind], version_seen=3)


@pytest.mark.parametrize("reason", [None, "", "  \n "])
def test_a_rejection_needs_a_reason(reason: str | None) -> None:
    with pytest.raises(IllegalDecision, match="needs a reason"):
        judge(a_candidate(), Action(kind=K.REJECT, reason=reason))


def test_a_reason_is_no_essay() -> None:
    with pytest.raises(IllegalDecision, match="Shorten it"):
        judge(a_candidate(), Action(kind=K.REJECT, reason="x" * (LONGEST_REASON + 1)))


def test_every_verdict_keeps_where_the_candidate_stood() -> None:
    snoozed = a_candidate(
        status=S.SNOOZED, snoozed_until=NOW + timedelta(days=1), snoozed_at=NOW - timedelta(hours=1), claimed_by="jo"
    )
    for action in ACTIONS.values():
        if action.kind is K.CLAIM:
            continue
        back = restored(judge(snoozed, action).payload["before"])  # type: ignore[arg-type]
        assert (back.status, back.snoozed_until, back.snoozed_at, back.claimed_by, back.wire) == (
            S.SNOOZED,
            snoozed.snoozed_until,
            snoozed.snoozed_at,
            "jo",
            None,
        )


# --- merge and split --------------------------------------------------------------------------------------------


def test_a_merge_names_others_and_never_itself() -> None:
    with pytest.raises(IllegalDecision, match="at least one other"):
        judge(a_candidate(), Action(kind=K.MERGE))
    with pytest.raises(IllegalDecision, match="into itself"):
        judge(a_candidate(7), Action(kind=K.MERGE, others=(CandidateId(7),)))


def test_an_accepted_candidate_is_not_merged_away_but_takes_others_in() -> None:
    accepted = a_candidate(8, S.ACCEPTED)
    with pytest.raises(IllegalDecision, match="Merge the other way round: 7 into 8"):
        judge(a_candidate(7), ACTIONS[K.MERGE], others=(accepted,))
    merge = Action(kind=K.MERGE, others=(CandidateId(7),))
    assert judge(accepted, merge, others=(a_candidate(7),)).wire == accepted.wire


def test_what_was_merged_away_is_not_merged_again() -> None:
    with pytest.raises(IllegalDecision, match="Candidate 8 was merged into 1"):
        judge(a_candidate(7), ACTIONS[K.MERGE], others=(a_candidate(8, S.MERGED),))


@pytest.mark.parametrize(
    ("articles", "message"),
    [((), "at least one article"), ((9,), "Article 9 is not in candidate 7"), ((1, 2, 3), "leaves at least one")],
)
def test_a_split_leaves_an_article_on_each_side(articles: tuple[int, ...], message: str) -> None:
    with pytest.raises(IllegalDecision, match=message):
        judge(a_candidate(), Action(kind=K.SPLIT, articles=tuple(map(ArticleId, articles))))


# --- snooze, claim, attach --------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [None, NOW, NOW - timedelta(hours=1), NOW + timedelta(days=400)])
def test_a_snooze_ends_within_a_year_from_now(until: datetime | None) -> None:
    with pytest.raises(IllegalDecision):
        judge(a_candidate(), Action(kind=K.SNOOZE, until=until))


def test_a_snooze_remembers_when_it_began_so_that_growth_ends_it() -> None:
    verdict = judge(a_candidate(), ACTIONS[K.SNOOZE])
    assert (verdict.snoozed_at, verdict.snoozed_until) == (NOW, NOW + timedelta(hours=8))


def test_a_claim_is_one_editors_until_given_back() -> None:
    assert judge(a_candidate(), ACTIONS[K.CLAIM]).claimed_by == "mara"
    with pytest.raises(IllegalDecision, match="jo has claimed"):
        judge(a_candidate(claimed_by="jo"), ACTIONS[K.CLAIM])
    with pytest.raises(IllegalDecision, match="You have claimed"):
        judge(a_candidate(claimed_by="mara"), ACTIONS[K.CLAIM])
    back = Action(kind=K.CLAIM, gives_back=True)
    assert judge(a_candidate(claimed_by="jo"), back).claimed_by is None
    with pytest.raises(IllegalDecision, match="Nobody has claimed"):
        judge(a_candidate(), back)


def test_a_claim_by_another_warns_nobody_off() -> None:
    assert judge(a_candidate(claimed_by="jo"), ACTIONS[K.REJECT]).claimed_by is None


def test_attaching_needs_a_wire() -> None:
    with pytest.raises(IllegalDecision, match="number of a wire"):
        judge(a_candidate(), Action(kind=K.ATTACH))
    assert judge(a_candidate(), ACTIONS[K.ATTACH]).wire == 5


def test_nothing_is_attached_to_a_wire_that_was_withdrawn() -> None:
    with pytest.raises(IllegalDecision, match="Wire 5 was withdrawn"):
        judge(a_candidate(), ACTIONS[K.ATTACH], target=a_wire(withdrawn_at=NOW))


# --- undo -------------------------------------------------------------------------------------------------------


UNDO = Action(kind=K.UNDO)


def test_undo_restores_where_the_candidate_stood() -> None:
    before = a_candidate(status=S.SNOOZED, snoozed_until=NOW + timedelta(days=1), snoozed_at=NOW, claimed_by="jo")
    verdict = judge(a_candidate(status=S.REJECTED), UNDO, standing=a_decision(K.REJECT, before))
    assert verdict.undoes is not None
    assert (verdict.status, verdict.snoozed_until, verdict.claimed_by) == (S.SNOOZED, before.snoozed_until, "jo")


def test_there_must_be_something_to_undo_and_only_the_latest_is_undone() -> None:
    with pytest.raises(IllegalDecision, match="no decision on candidate 7"):
        judge(a_candidate(), UNDO)
    with pytest.raises(IllegalDecision, match="that is decision 40"):
        judge(
            a_candidate(status=S.REJECTED),
            replace(UNDO, undoes=DecisionId(39)),
            standing=a_decision(K.REJECT, a_candidate()),
        )


@pytest.mark.parametrize("kind", [K.ACCEPT, K.ATTACH, K.MERGE, K.SPLIT])
def test_what_readers_have_seen_is_corrected_or_retracted_not_undone(kind: ActionKind) -> None:
    decision = a_decision(kind, a_candidate())
    with pytest.raises(IllegalDecision, match=r"published on 2 March 2026.*correction or a retraction"):
        judge(a_candidate(status=S.ACCEPTED), UNDO, standing=decision, published_at=NOW)


def test_a_merge_after_publication_is_undone_until_the_wire_publishes_again() -> None:
    decision = a_decision(K.MERGE, a_candidate(status=S.ACCEPTED))
    verdict = judge(a_candidate(status=S.ACCEPTED), UNDO, standing=decision, published_at=NOW - timedelta(days=1))
    assert verdict.status is S.ACCEPTED


def test_an_acceptance_is_not_undone_under_a_candidate_attached_to_its_wire() -> None:
    with pytest.raises(IllegalDecision, match="also tells candidate 9"):
        judge(
            a_candidate(status=S.ACCEPTED),
            UNDO,
            standing=a_decision(K.ACCEPT, a_candidate()),
            attached=(CandidateId(9),),
        )


def test_a_split_is_not_undone_over_decisions_on_what_it_opened() -> None:
    split = a_decision(K.SPLIT, a_candidate(), opened=9)
    rejected = a_candidate(9, S.REJECTED)
    with pytest.raises(IllegalDecision, match="Candidate 9, which the split opened, has been decided on"):
        judge(
            a_candidate(),
            UNDO,
            standing=split,
            split_off=rejected,
            split_off_standing=a_decision(K.REJECT, a_candidate(9)),
        )
    with pytest.raises(IllegalDecision, match="Candidate 9, which the split opened, was merged into 1"):
        judge(a_candidate(), UNDO, standing=split, split_off=a_candidate(9, S.MERGED))
    assert judge(a_candidate(), UNDO, standing=split, split_off=a_candidate(9)).status is S.OPEN
