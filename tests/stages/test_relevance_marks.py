"""Words that speak for and against, in the title and in the text where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.jobs.relevance import shipped_model
from monitor.stages.difference import Difference, Mark, as_it_is, compare
from monitor.stages.relevance import LEAD, Reading, read_article
from monitor.stages.relevance_marks import Run, Span, marked, runs, worth_marking
from monitor.stages.relevance_marks import spans_of as places_of

TITLE = "Chatbot told teenager to harm himself, lawsuit says"
TEXT = "  The lawsuit was filed on Monday.\nA chatbot drove the teenager to suicide. The lawsuit names its maker.\n"
PIECES = st.lists(
    st.sampled_from(["Suicide of a boy.", "lawsuit", "a b", " ", "\n", "Prices fell.", "é。"]), max_size=12
)


def read(title: str, text: str = "") -> Reading:
    found = read_article(title, text, shipped_model(), is_explained=True)
    assert found is not None
    return found


def spans_of(reading: Reading, text: str, *, is_lead: bool) -> tuple[Span, ...]:
    return places_of(worth_marking(reading), text, is_lead=is_lead)


def words(text: str, spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.sign) for s in spans]


def signs(difference: Difference) -> list[tuple[str, str, str]]:
    return [(p.text, p.mark.value, p.sign) for q in difference.paragraphs for s in q for p in s.pieces if p.sign]


def test_words_of_the_title_and_of_the_text_are_found_where_they_stand() -> None:
    reading = read(TITLE, TEXT)
    assert ("lawsuit", "for") in words(TITLE, spans_of(reading, TITLE, is_lead=False))
    text = TEXT.strip()
    found = words(text, spans_of(reading, text, is_lead=True))
    assert ("suicide", "for") in found
    assert [w for w, _ in found].count("lawsuit") == 2  # each time, not the first time alone


def test_words_against_are_told_apart_from_words_for() -> None:
    title = "Chatbot launches for enterprises, with lower prices"
    found = dict(words(title, spans_of(read(title), title, is_lead=False)))
    assert found["Chatbot"] == "for"  # an AI system has to do with it
    assert "against" in found.values()


def test_neighbours_that_speak_alike_are_one_phrase() -> None:
    title = "Police facial-recognition error sends innocent man to jail"
    phrases = [w for w, sign in words(title, spans_of(read(title), title, is_lead=False)) if sign == "for"]
    assert any(" " in w or "-" in w for w in phrases)


def test_what_was_not_read_is_not_marked() -> None:
    text = f"A chatbot is offered. {'More of the same is said here. ' * 30}Suicide, lawsuit, death."
    found = spans_of(read(TITLE, text), text, is_lead=True)
    assert all(s.end <= LEAD for s in found)


def test_spans_of_another_text_than_was_read_mark_nothing() -> None:
    assert spans_of(read(TITLE), "Another title altogether, of other words", is_lead=False) == ()


def test_runs_are_the_text_again_and_spans_may_lie_beside_it() -> None:
    spans = (
        Span(start=0, end=3, sign="against"),
        Span(start=8, end=12, sign="for"),
        Span(start=40, end=44, sign="for"),
    )
    assert runs("It harms nobody.", spans, start=5) == (
        Run(text="It "),
        Run(text="harm", sign="for"),
        Run(text="s nobody."),
    )


def test_the_sentences_of_a_text_are_marked_in_it() -> None:
    text = TEXT.strip()
    found = marked(as_it_is(TEXT), text, spans_of(read(TITLE, TEXT), text, is_lead=True))
    assert ("suicide", "same", "for") in signs(found)
    assert [[s.text for s in p] for p in found.paragraphs] == [[s.text for s in p] for p in as_it_is(TEXT).paragraphs]


def test_marks_and_differences_stand_together() -> None:
    first = "The lawsuit was filed on Sunday.\nThe lawsuit names its maker."
    text = TEXT.strip()
    compared = compare(first, TEXT)
    found = marked(compared, text, spans_of(read(TITLE, TEXT), text, is_lead=True))
    assert ("suicide", "added", "for") in signs(found)
    changed = found.paragraphs[0][0]
    assert changed.mark is Mark.CHANGED
    assert ("lawsuit", "for") in [(p.text, p.sign) for p in changed.pieces]
    assert [p.text for p in changed.pieces if p.mark is Mark.REMOVED and p.sign] == []
    assert (found.added, found.removed, found.changed) == (compared.added, compared.removed, compared.changed)


@settings(deadline=None)
@given(PIECES, PIECES, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9)), max_size=6))
@pytest.mark.filterwarnings("error")
def test_nothing_is_added_or_lost_whatever_is_marked(
    one: list[str], two: list[str], places: list[tuple[int, int]]
) -> None:
    text = "".join(two).strip()
    at, spans = 0, []
    for gap, length in places:
        spans.append(Span(start=at + gap, end=at + gap + length, sign="for"))
        at += gap + length
    compared = compare("".join(one), "".join(two))
    found = marked(compared, text, spans)
    assert [[(s.mark, s.text) for s in p] for p in found.paragraphs] == [
        [(s.mark, s.text) for s in p] for p in compared.paragraphs
    ]
    told = "".join(p.text for q in found.paragraphs for s in q for p in s.pieces if p.mark is not Mark.REMOVED)
    assert all(word in "".join(text.split()) for word in ("".join(told.split()),))
