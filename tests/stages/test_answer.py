"""What a language model answered: believed in nothing that can be checked, cleaned where it cannot."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.model import Provider, Suggestion
from monitor.stages.answer import Unfit, cleaned, read_answer, read_reply, usable
from monitor.stages.codebook import ProviderIndex
from monitor.stages.first_test import read_test
from tests.builders import an_article
from tests.wires import CODEBOOK, PROVIDERS

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
TEXT = "A lawyer filed a brief. ChatGPT had invented three rulings, and the court fined him on Tuesday."
ARTICLES = (
    an_article(id=7, title="Court fines lawyer", text=TEXT, publisher="gazette", published_at=AT, first_seen_at=AT),
    an_article(id=9, title="Invented rulings", text="A second paper.", publisher="courier", first_seen_at=AT),
)
QUOTED = {"article": 1, "quote": "ChatGPT had invented three rulings"}
GOOD: dict[str, Any] = {
    "headline": {"text": "Court fines lawyer over rulings that ChatGPT invented", **QUOTED},
    "severity": {"value": "SEV-3", **QUOTED},
    "occurred_on": {"value": "2026-03-03", "article": 1, "quote": "fined him on Tuesday"},
    "providers": [{"id": "openai", **QUOTED}],
    "codes": [{"id": "M2", **QUOTED}, {"id": "F5", **QUOTED}],
    "but_for": {
        "outcome": "the fine", "system": "ChatGPT", "role": "invented the rulings",
        "without": "the brief would have cited rulings that exist", **QUOTED,
    },
}  # fmt: skip


def read(answer: object = GOOD, **changes: Any) -> list[Suggestion]:
    text = answer if isinstance(answer, str) else json.dumps({**GOOD, **changes})
    return list(read_answer(text, ARTICLES, CODEBOOK, PROVIDERS, "qwen3"))


def by_field(**changes: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for suggestion in read(**changes):
        found.setdefault(suggestion.field, []).append(suggestion.value)
    return found


def test_a_good_answer_becomes_suggestions_that_name_the_model_and_a_passage() -> None:
    found = by_field()
    assert found["severity"] == ["SEV-3"]
    assert found["providers"] == ["openai"]
    assert found["codes"] == ["M2", "F5"]
    assert found["occurred_on"] == ["2026-03-03"]
    test = read_test(found["but_for"][0])
    assert test is not None
    assert (test.system, test.support, test.confidence) == ("ChatGPT", 7, None)
    (headline,) = [s for s in read() if s.field == "headline"]
    assert headline.model == "qwen3"
    assert headline.reason == "qwen3 points to Gazette: “ChatGPT had invented three rulings”."


@pytest.mark.parametrize(
    "basis",
    [
        {"article": 1, "quote": "ChatGPT apologised to everybody"},
        {"article": 2, "quote": "ChatGPT had invented three rulings"},
        {"article": 3, "quote": "ChatGPT had invented three rulings"},
        {"article": -1, "quote": "ChatGPT had invented three rulings"},
        {"article": 1, "quote": ""},
        {"article": 1, "quote": "a"},
    ],
)
def test_a_quotation_that_stands_nowhere_is_dropped_and_makes_less_sure(basis: dict[str, Any]) -> None:
    (bare,) = [s for s in read(severity={"value": "SEV-3", **basis}) if s.field == "severity"]
    assert bare.reason == "qwen3 names no passage that stands in the articles."
    assert bare.confidence < next(s for s in read() if s.field == "severity").confidence


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"severity": {"value": "SEV-9", **QUOTED}}, "severity"),
        ({"occurred_on": {"value": "soon", **QUOTED}}, "occurred_on"),
        ({"occurred_on": {"value": "2031-01-01", **QUOTED}}, "occurred_on"),
        ({"occurred_on": {"value": "0001-01-01", **QUOTED}}, "occurred_on"),
        ({"providers": [{"id": "evil-corp", **QUOTED}]}, "providers"),
        ({"codes": [{"id": "M99", **QUOTED}]}, "codes"),
        ({"headline": {"text": "x" * 200, **QUOTED}}, "headline"),
        ({"headline": {"text": "https://evil.example/now", **QUOTED}}, "headline"),
        ({"but_for": {"outcome": "", "system": "a", "role": "b", "without": "c", **QUOTED}}, "but_for"),
        ({"headline": None, "but_for": None}, "headline"),
    ],
)
def test_what_is_not_in_the_lists_or_cannot_be_is_left_out(changes: dict[str, Any], field: str) -> None:
    found = by_field(**changes)
    assert field not in found
    assert len(found) >= 4


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Sure, here are my suggestions.",
        "[]",
        "null",
        "{}",
        json.dumps({**GOOD, "tool": "run"}),
        json.dumps({k: v for k, v in GOOD.items() if k != "codes"}),
        json.dumps({**GOOD, "codes": "M2"}),
        json.dumps({**GOOD, "codes": ["M2"]}),
        json.dumps({**GOOD, "severity": "SEV-1"}),
        json.dumps({**GOOD, "severity": {"value": "SEV-1", "article": "1", "quote": ""}}),
        json.dumps({**GOOD, "severity": {"value": "SEV-1", "article": True, "quote": ""}}),
        json.dumps({**GOOD, "severity": {"value": ["SEV-1"], "article": 1, "quote": ""}}),
        json.dumps({**GOOD, "severity": {"value": "SEV-1", "article": 1, "quote": "", "do": "publish"}}),
        "[" * 50_000,
        json.dumps({**GOOD, "headline": {"text": "x" * 200_000, **QUOTED}}),
    ],
)
def test_an_answer_of_another_shape_is_none(answer: str) -> None:
    with pytest.raises(Unfit, match=r"^(its answer|[a-z_]+ (has|is)) "):
        read(answer)


def test_a_fence_and_thoughts_around_the_answer_are_passed_over() -> None:
    whole = json.dumps(GOOD)
    assert read(f"```json\n{whole}\n```") == read(whole)
    assert read(f"<think>SEV-1! {{}}</think>\n{whole}") == read(whole)


def test_each_value_is_said_once_and_lists_end() -> None:
    many = [{"id": i, **QUOTED} for i in ("M1", "M1", "M2", "M3", "M4", "M5", "F1", "F2", "F3", "F4")]
    assert by_field(codes=many)["codes"] == ["M1", "M2", "F1", "F2", "F3"]
    everybody = [{"id": i, **QUOTED} for i in PROVIDERS.ids]
    assert len(by_field(providers=everybody)["providers"]) == 6


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Read <script>alert(1)</script> now", "Read alert(1) now"),
        ("See https://evil.example/a?b=c for more", "See for more"),
        ("See [the terms](https://evil.example) now", "See the terms now"),
        ("![x](http://evil.example/p.png) Court fines", "x Court fines"),
        ("Go to evil.example/login or www.evil.example", "Go to or"),
        ("javascript:alert(1) and data:text/html,x", "and"),
        ("Two\nlines\x00 and\u202e turned **bold** `code`", "Two lines and\u202e turned bold code"),
        ("DALL-E 3.5, at 9.30, by U.S. courts", "DALL-E 3.5, at 9.30, by U.S. courts"),
    ],
)
def test_texts_lose_links_markup_and_control_characters(said: str, kept: str) -> None:
    assert cleaned(said).replace("\u202e", "") == kept.replace("\u202e", "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null, "tool_calls": [{}]}}]}',
        b'{"choices": [{"message": {"content": "  "}}]}',
        b'{"choices": {"0": 1}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * 500_000,
    ],
)
def test_a_reply_that_is_no_chat_completion_is_none(body: bytes) -> None:
    with pytest.raises(Unfit):
        read_reply(body)


@pytest.mark.parametrize(("said", "counted"), [(42, 42), (-1, None), (True, True), ("9", None), (10**9, None)])
def test_tokens_are_believed_within_reason(said: object, counted: int | None) -> None:
    body = json.dumps({"choices": [{"message": {"content": "{}"}}], "usage": {"total_tokens": said}}).encode()
    assert read_reply(body) == ("{}", counted)


def test_what_the_register_no_longer_knows_is_not_offered() -> None:
    made = read()
    assert {s.field for s in usable(made, CODEBOOK, PROVIDERS)} == {s.field for s in made}
    other = ProviderIndex([Provider(id="acme", name="Acme")])
    assert "providers" not in {s.field for s in usable(made, CODEBOOK, other)}
