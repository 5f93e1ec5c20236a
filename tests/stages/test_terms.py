"""The words under which a text is found, and the part of it that is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.terms import beginning_of, find_passage, mark_hits, terms_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Outages, OUTAGE; outage's", ["outage", "outage", "outage", "s"]),
        ("Breaches breach boxes box", ["breach", "breach", "box", "box"]),
        ("cities city news", ["city", "city", "news"]),
        ("Café Zürich ÉLÈVE", ["cafe", "zurich", "eleve"]),
        ("GPT-4o 3.5", ["gpt", "4o", "3", "5"]),
        ("系统 故障", ["系", "统", "故", "障"]),
        ("서울 전자", ["서울", "전자"]),
        ("a_b\0c", ["a", "b", "c"]),
    ],
)
def test_case_accents_and_the_plural_do_not_count(text: str, words: list[str]) -> None:
    assert terms_of(text) == words


def test_the_beginning_of_a_word_keeps_its_end() -> None:
    assert beginning_of("Cities") == ["cities"]


@given(st.text(max_size=80))
def test_every_word_is_its_own_word(text: str) -> None:
    for word in terms_of(text):
        assert terms_of(word)
        assert "_" not in word
        assert " " not in word


def test_a_passage_is_where_most_of_what_was_asked_stands() -> None:
    text = f"An outage was feared. {'Nothing of note. ' * 40}The outage hit two hospitals. {'And so on. ' * 40}"
    pieces = find_passage(text, {"outage", "hospital"})
    shown = "".join(p.text for p in pieces)
    assert "The outage hit two hospitals." in shown
    assert [p.text for p in pieces if p.is_hit] == ["outage", "hospitals"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 240


def test_a_passage_ends_with_a_whole_word_and_a_word_without_end_is_cut() -> None:
    shown = "".join(p.text for p in find_passage(f"An outage {'hospitals ' * 40}", {"outage"}))
    assert shown.endswith("hospitals …")
    assert len("".join(p.text for p in find_passage("x" * 900, {"outage"}))) < 240


def test_without_a_hit_the_beginning_is_shown_and_of_a_short_text_all() -> None:
    assert [(p.text, p.is_hit) for p in find_passage("Short.", {"x"})] == [("Short.", False)]
    assert [p.text for p in mark_hits("Café in Zürich", {"zurich"}) if p.is_hit] == ["Zürich"]
    assert [p.text for p in mark_hits("Hallucinations", set(), ("hallucin",)) if p.is_hit] == ["Hallucinations"]
    assert find_passage("", {"x"}) == ()


@given(st.text(max_size=300), st.sets(st.text("abc", min_size=1, max_size=3)))
def test_nothing_of_a_passage_is_made_up(text: str, words: set[str]) -> None:
    shown = "".join(p.text for p in mark_hits(text, words))
    assert shown == text
