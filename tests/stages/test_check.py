"""The check before publication: each rule finds its fault, at its place, and the guide explains it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.model import (
    ArticleVersion,
    ButFor,
    Codebook,
    Confidence,
    Draft,
    Level,
    Manner,
    Missing,
    Severity,
    Tier,
    WritingRules,
)
from monitor.shipped import shipped_path
from monitor.stages.check import RULES, check_draft, level_of
from monitor.stages.codebook import guide_sections
from monitor.stages.rulebook import NAMES
from tests.builders import a_member, an_article
from tests.wires import CODEBOOK, PROVIDERS

GAZETTE = an_article(id=1, publisher="gazette", text="The clerk said the caller sounded like her.", version_count=1)
COURIER = an_article(id=2, publisher="courier")
COURT = an_article(id=3, publisher="court", tier=Tier.PRIMARY)
TEST = ButFor(
    outcome="the payment",
    system="the voice generator",
    role="copied the director's voice",
    without="the clerk would have asked back",
    support=GAZETTE.id,
    confidence=Confidence.HIGH,
)
FIT = Draft(
    headline="A cloned voice orders a payment",
    severity=Severity.SEV_3,
    providers=("openai",),
    occurred_on=date(2026, 3, 1),
    body="A clerk paid a caller. [source](article:1)\n\nThe bank said so. [source](article:2)",
    rationale="A voice generator made the call.",
    counterfactual="But for the voice generator, nobody would have paid.",
    codes=("M5", "F6"),
    but_for=TEST,
)


def check(draft: Draft, *, book: Codebook = CODEBOOK, **more: object) -> list[Missing]:
    members = [a_member(a) for a in (GAZETTE, COURIER, COURT)]
    return list(check_draft(draft, members, book, PROVIDERS, **more))  # type: ignore[arg-type]


def rules(draft: Draft, **more: object) -> list[str]:
    return [m.rule for m in check(draft, **more)]  # type: ignore[arg-type]


def test_a_fit_draft_passes() -> None:
    assert check(FIT) == []


@pytest.mark.parametrize(
    ("change", "rule", "field", "line"),
    [
        ({"body": f"{FIT.body}\n\nNobody says this."}, "uncited-paragraph", "body", 5),
        ({"body": f"{FIT.body}\n\nMore. [source](article:9)"}, "foreign-citation", "body", 5),
        ({"body": f'{FIT.body} [source](article:1 "she hung up")'}, "unknown-passage", "body", 3),
        ({"body": f"{FIT.body} OpenAI knew of it."}, "unattributed-claim", "body", 3),
        ({"body": f"{FIT.body} Eva Holm, 51, was at the desk."}, "private-person", "body", 3),
        ({"headline": "OpenAI defrauded a bank"}, "unattributed-claim", "headline", None),
        ({"codes": ("M5",)}, "codes", "codes", None),
        ({"but_for": None}, "but-for", "but_for", None),
        ({"but_for": replace(TEST, role=" ")}, "but-for", "but_for", None),
        ({"but_for": replace(TEST, confidence=None)}, "but-for", "but_for", None),
        ({"but_for": replace(TEST, support=COURT.id)}, "but-for", "but_for", None),
    ],
)
def test_each_rule_names_its_fault_and_its_place(
    change: dict[str, object], rule: str, field: str, line: int | None
) -> None:
    found = check(replace(FIT, **change))  # type: ignore[arg-type]
    assert [(m.rule, m.field, m.line) for m in found] == [(rule, field, line)]
    assert found[0].is_blocking is (RULES[rule].level is Level.BLOCK)


def test_a_passage_that_has_gone_from_its_page_is_said_and_kept() -> None:
    quoting = replace(FIT, body=f'{FIT.body} [source](article:1 "sounded like her")')
    later = ArticleVersion(
        number=1, title="T", text="Removed.", seen_at=datetime(2026, 3, 4, tzinfo=UTC), snapshot="b" * 64
    )
    assert rules(quoting) == []
    found = check(quoting, versions=lambda article: (later,) if article == GAZETTE.id else ())
    assert [(m.rule, m.is_blocking) for m in found] == [("vanished-passage", False)]
    assert "as seen on 4 March 2026" in found[0].reason


def test_a_grave_wire_wants_two_independent_sources_or_a_primary_one() -> None:
    one = "It failed. [source](article:1)"
    assert "few-sources" in rules(replace(FIT, severity=Severity.SEV_1, body=one))
    assert "few-sources" not in rules(replace(FIT, severity=Severity.SEV_1))
    assert "few-sources" not in rules(replace(FIT, severity=Severity.SEV_3, body=one))
    assert "few-sources" not in rules(replace(FIT, severity=Severity.SEV_1, body=f"{one} [source](article:3)"))


def test_the_test_as_data_is_asked_of_who_classifies_anew_only() -> None:
    old = replace(FIT, but_for=None)
    assert rules(old, manner=Manner.BULK) == []
    assert rules(replace(old, headline="Another"), standing=old) == []
    assert rules(replace(old, rationale="Another."), standing=old) == ["but-for"]


def test_a_newsroom_settles_what_blocks_and_what_is_off() -> None:
    own = WritingRules(levels=(("codes", Level.ADVISE), ("but-for", Level.OFF), ("private-person", Level.BLOCK)))
    book = replace(CODEBOOK, rules=own)
    draft = replace(FIT, codes=(), but_for=None, body=f"{FIT.body} Eva Holm, 51, was at the desk.")
    assert [(m.rule, m.is_blocking) for m in check(draft, book=book)] == [
        ("private-person", True),
        ("codes", False),
        ("codes", False),
    ]


def test_what_no_wire_can_do_without_always_blocks() -> None:
    assert {m.field for m in check(Draft()) if m.is_blocking and not m.rule} == {
        *("headline", "severity", "providers", "occurred_on", "body", "rationale", "counterfactual"),
    }


def test_a_text_in_a_language_we_do_not_read_is_said_to_be_unread_and_blocks_nothing() -> None:
    body = "裁判所は弁護士に罰金を科した。 [source](article:1)"
    (said,) = [m for m in check(replace(FIT, headline="裁判所が罰金", body=body)) if m.rule == "unattributed-claim"]
    assert "cannot be told" in said.reason
    assert not said.is_blocking


def test_every_rule_is_explained_by_the_guide_and_can_be_configured() -> None:
    sections = guide_sections(shipped_path("guide.md").read_text())
    assert set(RULES) == NAMES
    assert set(RULES) - set(sections) == set()
    assert {name: level_of(name, CODEBOOK.rules) for name in RULES} == {r.name: r.level for r in RULES.values()}
