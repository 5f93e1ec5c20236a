"""The block `check` of the codebook's file: what blocks, how many sources a severity wants, who is read twice."""

from __future__ import annotations

import pytest

from monitor.errors import FaultyFile
from monitor.model import Level, Severity
from monitor.model.writing import RULES
from monitor.stages.codebook import read_codebook

CODES = """
version: "1"
codes:
  - {id: M1, name: Act, definition: d}
  - {id: F1, name: Harm, definition: d}
"""


def test_a_codebook_that_says_nothing_keeps_the_rules_as_shipped() -> None:
    assert read_codebook(CODES, file="c.yaml").rules == RULES
    assert RULES.second_reader == (Severity.SEV_1, Severity.SEV_2)


def test_what_a_newsroom_says_is_read() -> None:
    said = "check: {rules: {private-person: block, few-sources: off}, sources: {SEV-1: 3}, second_reader: []}"
    rules = read_codebook(CODES + said, file="c.yaml").rules
    assert dict(rules.levels) == {"private-person": Level.BLOCK, "few-sources": Level.OFF}
    assert rules.least_sources == ((Severity.SEV_1, 3),)
    assert rules.second_reader == ()


@pytest.mark.parametrize(
    "said",
    [
        "check: 3",
        "check: {rules: {no-such-rule: block}}",
        "check: {rules: {codes: perhaps}}",
        "check: {sources: {SEV-9: 2}}",
        "check: {sources: {SEV-1: many}}",
        "check: {second_reader: [everybody]}",
        "check: {other: 1}",
    ],
)
def test_a_fault_is_named(said: str) -> None:
    with pytest.raises(FaultyFile, match=r"check|rule|sources|second_reader"):
        read_codebook(CODES + said, file="c.yaml")
