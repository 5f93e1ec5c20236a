"""monitor why, relate and unrelate: what an editor reads, and what a script gets."""

from __future__ import annotations

import pytest

from monitor.errors import IllegalDecision, Unknown
from monitor.store.database import Database
from tests.cli.test_triage import answer, newsroom, refusal, said
from tests.conftest import ManualClock
from tests.web.grouped import Told, group

__all__ = ["newsroom"]


@pytest.fixture
def told(newsroom: Database, clock: ManualClock) -> Told:
    """Publisher → its article, and the candidate that it is in."""
    return group(newsroom, clock)


def test_why_an_article_is_where_it_is(told: Told) -> None:
    article, candidate = told["variety"]
    (place,) = answer("why", article)["candidates"]
    assert (place["candidate"], place["counts"]) == (candidate, True)
    assert place["nearest"] == told["wsj"][0]
    assert {"OpenAI", "Sora"} <= {*place["evidence"]["names"], *place["evidence"]["words"]}
    assert place["evidence"]["score"] >= place["evidence"]["threshold"]
    lines = said("why", article)
    assert "The same event as “OpenAI Set to Discontinue…” (Wsj)." in lines
    assert "names: OpenAI, Sora" in lines
    assert "score 0.91, threshold 0.65" in lines
    assert "Counts: Variety tells it in its own words" in lines


def test_why_two_candidates_are_not_one(told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    found = answer("why", one, other)
    assert found["candidates"] == [one, other]
    assert found["score"] < found["threshold"]
    assert not found["is_one_by_words"]
    assert f"{found['score']:.2f}" in found["against"][0]
    assert any("200 days apart" in sentence for sentence in found["against"])
    assert found["related"]["candidate"] == other
    assert found["kept_apart_by"] is None
    lines = said("why", one, other)
    assert "Against: They are 200 days apart" in lines
    assert "Rarity is judged by" in lines
    turned = answer("why", other, one)
    assert (turned["score"], turned["candidates"]) == (found["score"], [other, one])


def test_a_ruling_that_keeps_them_apart_is_named(told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    said("rule", "apart", one, other, "--reason", "The ruling, not the demand", "--editor", "ada")
    found = answer("why", one, other)["kept_apart_by"]
    assert (found["by"], found["reason"]) == ("ada", "The ruling, not the demand")
    assert "Kept apart by an editor. Ruling 1 (apart) by ada" in said("why", other, one)


def test_a_candidate_shows_what_it_is_related_to(told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    (related,) = answer("candidate", one)["related"]
    assert (related["candidate"], related["kind"], related["by"]) == (other, "found", None)
    assert "Another happening of the same affair" in said("candidate", one)


def test_relating_and_unrelating(told: Told) -> None:
    one, other = told["politico"][1], told["wsj"][1]
    made = answer("relate", one, other, "--reason", "Same week, same maker", "--editor", "ada")
    assert (made["candidate"], made["kind"], made["by"]) == (other, "added", "ada")
    assert f"Not related to candidate {other}" in said("unrelate", one, other, "--editor", "bea")
    kinds = {r["candidate"]: r["kind"] for r in answer("candidate", one)["related"]}
    assert kinds[other] == "dismissed"
    assert "Same week" not in said("candidate", one)


def test_what_cannot_be_compared_is_refused_with_a_next_step(told: Told) -> None:
    one, other = told["politico"][1], told["wsj"][1]
    assert isinstance(refusal("why", 999), Unknown)
    assert "Name two candidates" in str(refusal("why", one, one))
    said("merge", one, other, "--editor", "ada")
    error = refusal("why", one, other)
    assert isinstance(error, IllegalDecision)
    assert f"was merged into {one}" in str(error)
