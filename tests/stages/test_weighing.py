"""Weights: read from a file with every fault named, and applied to reasons that stand."""

from __future__ import annotations

import pytest

from monitor.errors import FaultyFile
from monitor.jobs.weights import known_weights
from monitor.model import Cue
from monitor.stages.score import DEFAULTS, score_candidate
from monitor.stages.sourcing import count_sources
from monitor.stages.weighing import read_weights, reweigh
from tests.builders import a_member


def test_the_shipped_file_says_what_every_reason_weighs() -> None:
    assert {w.reason: w.weight for w in known_weights()} == DEFAULTS


def test_a_newsrooms_weights_scale_what_there_is_of_each_reason() -> None:
    members = [a_member(publisher="gazette", title="Man killed by robot"), a_member(publisher="courier")]
    weights = {**DEFAULTS, "words of death or injury": 2.0, "independent sources": -1.0}
    cues = {c.name: c.weight for c in score_candidate(members, count_sources(members), (), weights)}
    assert cues == {"words of death or injury": 2.0, "independent sources": -1.0}


def test_reasons_that_stand_are_weighed_anew_without_their_articles() -> None:
    members = [a_member(publisher=p, title="Man killed by robot") for p in ("gazette", "courier", "herald")]
    counted = count_sources(members)
    other = {**DEFAULTS, "independent sources": 20.0, "words of death or injury": 1.0}
    assert reweigh(score_candidate(members, counted, ()), other, DEFAULTS) == score_candidate(
        members, counted, (), other
    )


def test_reasons_from_before_amounts_were_kept_are_weighed_by_what_they_weighed_then() -> None:
    old = Cue(name="primary source", weight=6.0, evidence="Acme")
    (new,) = reweigh([old], {"primary source": 3.0}, DEFAULTS)
    assert (new.weight, new.evidence) == (3.0, "Acme")


def test_every_fault_of_a_file_is_named_with_its_line() -> None:
    lines = ("{reason: probe, weight: 1}", "{reason: probe, weight: 2}", "{reason: x, weight: heavy}", "7")
    text = "weights:\n" + "".join(f"  - {line}\n" for line in lines)
    with pytest.raises(FaultyFile) as refused:
        read_weights(text, file="w.yaml")
    assert [c.line for c in refused.value.complaints] == [3, 4, 5]
    with pytest.raises(FaultyFile, match="needs a list"):
        read_weights("weights: none", file="w.yaml")
