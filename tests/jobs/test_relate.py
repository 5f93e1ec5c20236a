"""Candidates of one affair, kept between articles: they follow merges, and an editor's word comes last."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs import triage
from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.relate import dismiss, relate
from monitor.model import ArticleId, CandidateId, Relation, RelationKind
from monitor.store.candidates import get_detail
from monitor.store.database import Database
from monitor.store.grouping import list_members
from monitor.store.related import append_relation, list_related
from tests.builders import NOON
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of, store_article, store_candidate
from tests.web.grouped import group


def related(database: Database, candidate: CandidateId) -> tuple[Relation, ...]:
    with database.read() as tx:
        return list_related(tx, candidate, [m.article.id for m in list_members(tx, candidate)])


def first(database: Database, candidate: CandidateId) -> ArticleId:
    with database.read() as tx:
        return list_members(tx, candidate)[0].article.id


def found_between(database: Database, one: CandidateId, other: CandidateId) -> None:
    with database.write() as tx:
        append_relation(
            tx,
            kind=RelationKind.FOUND,
            left=list_members(tx, one)[0].article.id,
            right=list_members(tx, other)[0].article.id,
            reason="Another happening of the same affair.",
            at=NOON,
        )


def test_grouping_keeps_evidence_and_what_it_found_to_be_related(database: Database, clock: ManualClock) -> None:
    told = group(database, clock)
    (article, candidate), other = told["courier"], told["politico"][1]
    with database.read() as tx:
        (member,) = get_detail(tx, candidate).members
    assert member.article.id == article
    assert member.evidence is not None
    assert member.evidence.names == ("Quorvex", "Tarnow")
    assert (member.evidence.score, member.evidence.threshold, member.evidence.days) == (0.2, 0.65, 199.9)
    (relation,) = related(database, candidate)
    assert (relation.candidate, relation.kind, relation.by) == (other, RelationKind.FOUND, None)
    assert relation.reason.startswith("Another happening of the same affair as “Quorvex pays fine")
    (back,) = related(database, other)  # the other way round too
    assert (back.candidate, back.evidence) == (candidate, relation.evidence)


def test_an_article_grouped_before_evidence_was_kept_shows_its_reason(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        store_article(tx, title="Parliament debates budget for hospitals")
    deduplicate(database, clock, owner="one", providers=PROVIDERS)
    with database.write() as tx:
        tx.execute(text("UPDATE groupings SET evidence = NULL"))
    with database.read() as tx:
        (member,) = get_detail(tx, CandidateId(1)).members
    assert member.evidence is None
    assert member.reason == "Opens a candidate: no recent article shares its rare words."


def test_a_relation_follows_a_merge_and_its_undoing(database: Database, clock: ManualClock) -> None:
    one, other, third = (a_candidate_of(database, p) for p in ("gazette", "courier", "echo"))
    found_between(database, one, other)
    triage.merge(database, clock, third, [other], providers=PROVIDERS, editor="ada")
    assert [r.candidate for r in related(database, one)] == [third]
    assert [r.candidate for r in related(database, third)] == [one]
    triage.undo(database, clock, third, providers=PROVIDERS, editor="ada")
    assert [r.candidate for r in related(database, one)] == [other]
    triage.merge(database, clock, one, [other], providers=PROVIDERS, editor="ada")
    assert related(database, one) == ()  # it is one candidate now


def test_an_editor_dismisses_what_was_found_and_takes_it_back(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    found_between(database, one, other)
    said = dismiss(database, clock, one, other, reason="Another Heron", by="ada")
    assert (said.kind, said.by, said.reason) == (RelationKind.DISMISSED, "ada", "Another Heron")
    found_between(database, one, other)  # found once more: the editor's word holds
    assert [r.kind for r in related(database, other)] == [RelationKind.DISMISSED]
    relate(database, clock, other, one, reason="", by="bea")
    (back,) = related(database, one)
    assert (back.kind, back.reason) == (RelationKind.ADDED, "Related by bea.")


def test_said_twice_is_said_once_and_the_audit_says_who(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    relate(database, clock, one, other, reason="The lawsuit", by="ada")
    relate(database, clock, one, other, reason="The lawsuit", by="ada")
    with database.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM relations")) == 1
        ((who, what, after),) = tx.execute(text("SELECT who, what, after FROM audit")).all()
    after = json.loads(after) if isinstance(after, str) else after
    assert (who, what, after["candidate"], after["reason"]) == ("ada", "candidate.relate", other, "The lawsuit")


def test_a_candidate_is_not_related_to_itself_nor_to_what_is_not_there(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    triage.merge(database, clock, one, [other], providers=PROVIDERS, editor="ada")
    with pytest.raises(IllegalDecision, match="are one by now"):
        relate(database, clock, one, other, reason="", by="ada")
    with pytest.raises(Unknown, match="no candidate 77"):
        relate(database, clock, one, CandidateId(77), reason="", by="ada")


def test_the_best_are_listed_and_every_word_of_an_editor(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        here = store_candidate(tx, store_article(tx))
        others = [store_candidate(tx, store_article(tx, f"paper-{n}")) for n in range(12)]
    for other in others[:10]:
        found_between(database, here, other)
    relate(database, clock, here, others[11], reason="", by="ada")
    dismiss(database, clock, here, others[0], reason="", by="ada")
    listed = related(database, here)
    assert listed[0].candidate == others[11]
    assert listed[-1].kind is RelationKind.DISMISSED
    assert len(listed) == 9  # eight, and the one that was dismissed


def test_no_code_of_ours_rewrites_a_relation(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    relate(database, clock, one, other, reason="", by="ada")
    with pytest.raises(Exception, match=r"append-only|never changed|refuse"), database.write() as tx:
        tx.execute(text("UPDATE relations SET kind = 'dismissed'"))
