"""A first draft of the but-for test: phrases that follow from words of an article, and no judgement."""

from __future__ import annotations

import json

import pytest

from monitor.model import ArticleId, ButFor
from monitor.stages.first_test import draft_test, read_test, written_test


@pytest.mark.parametrize(
    ("text", "codes", "product", "parts"),
    [
        ("ChatGPT invented rulings.", ("M2", "F5"), "ChatGPT", ("the false content", "ChatGPT", "invented it")),
        ("A chatbot told him to. He died.", ("M2", "F1"), None,
         ("the death", "the chatbot", "gave the answer that did harm")),
        ("Facial recognition led to a wrongful arrest.", ("M2", "F4"), None,
         ("the arrest", "the facial recognition system", "matched the wrong person")),
        ("A robotaxi crashed.", ("M9", "F1"), None, ("the crash", "the self-driving system", "was driving")),
        ("Ein Chatbot hat Daten gelöscht.", ("M9", "F9"), None,
         ("the loss of data", "the chatbot", "acted without a person's approval")),
        ("A deepfake of the mayor. Two were arrested.", ("M5", "F6"), None,
         ("the financial loss", "the generator of the forgery", "was used to bring it about")),
        ("A court ruled on the chatbot; a boy died.", ("M8", "F1"), None,
         ("the act of the authority", "the chatbot", "is what the authority acted on")),
    ],
)  # fmt: skip
def test_each_mechanism_has_its_phrases(
    text: str, codes: tuple[str, ...], product: str | None, parts: tuple[str, str, str]
) -> None:
    drafted = draft_test(text, codes, product, ArticleId(4))
    assert drafted is not None
    test, words = drafted
    assert (test.outcome, test.system, test.role) == parts
    assert (test.support, test.confidence) == (4, None)  # how sure is left to the editor
    assert test.without
    assert words.lower() in text.lower()


@pytest.mark.parametrize(
    ("text", "codes"),
    [("A lorry crashed.", ("M9", "F1")), ("A chatbot.", ("F1",)), ("A chatbot.", ("M2",)), ("", ())],
)
def test_there_is_no_draft_without_a_system_a_mechanism_and_an_outcome(text: str, codes: tuple[str, ...]) -> None:
    assert draft_test(text, codes, None, None) is None


def test_a_test_survives_being_written_down() -> None:
    test = ButFor(outcome="Störung", system="“s”", role="r", without="w", support=ArticleId(4))
    assert read_test(written_test(test)) == test
    assert written_test(test) == written_test(test)


GOOD = json.loads(written_test(ButFor(outcome="o", system="s", role="r", without="w")))


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "[]", "null", "[" * 50_000, json.dumps({**GOOD, "more": 1}), json.dumps({**GOOD, "role": 1}),
        json.dumps({**GOOD, "role": "x" * 400}), json.dumps({**GOOD, "support": "4"}),
        json.dumps({**GOOD, "support": True}),
    ],
)  # fmt: skip
def test_whatever_else_is_sent_is_no_test(value: str) -> None:
    assert read_test(value) is None
