"""What the second of two texts says that the first does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.difference import Mark, as_it_is, compare

SENTENCES = st.lists(st.sampled_from(["It broke.", "Nobody was hurt.", "Acme said so.", "It works now."]), max_size=12)


def marks(first: str, second: str) -> list[tuple[str, str]]:
    return [(s.mark.value, s.text) for paragraph in compare(first, second).paragraphs for s in paragraph]


def test_a_text_against_nothing_is_all_there_and_nothing_is_marked() -> None:
    found = as_it_is("One. Two.\n\nThree.")
    assert [[s.text for s in p] for p in found.paragraphs] == [["One.", "Two."], ["Three."]]
    assert found.is_nothing


def test_a_new_sentence_is_added_and_one_that_is_gone_stands_in_its_place() -> None:
    found = marks("It broke. Nobody was hurt. Acme said so.", "It broke. A regulator asks why. Acme said so.")
    assert found == [
        ("same", "It broke."),
        ("added", "A regulator asks why."),
        ("removed", "Nobody was hurt."),
        ("same", "Acme said so."),
    ]


def test_a_sentence_of_much_the_same_words_is_changed_and_its_words_are_told_apart() -> None:
    (paragraph,) = compare("The pilot ended on Monday in Tarnow.", "The pilot ended on Tuesday in Tarnow.").paragraphs
    (sentence,) = paragraph
    assert sentence.mark is Mark.CHANGED
    assert [(p.mark.value, p.text.strip()) for p in sentence.pieces] == [
        ("same", "The pilot ended on"),
        ("removed", "Monday"),
        ("added", "Tuesday"),
        ("same", "in Tarnow."),
    ]
    assert sentence.text == "The pilot ended on Tuesday in Tarnow."


def test_what_only_moved_is_no_difference_nor_are_case_and_spaces() -> None:
    assert compare("One fell. Two stood. Three sat.", "Three sat. ONE  fell. Two stood.").is_nothing


@pytest.mark.parametrize("text", ["Mr. Smith left.", "The U.S. Senate voted.", "Version 3.5 is out."])
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert [[s.text for s in p] for p in as_it_is(text).paragraphs] == [[text]]


def test_sentences_of_languages_without_spaces_are_parted() -> None:
    assert [s.text for s in as_it_is("系统出错了。没有人受伤。").paragraphs[0]] == ["系统出错了。", "没有人受伤。"]


@given(SENTENCES, SENTENCES)
def test_the_second_text_is_there_word_by_word_and_nothing_of_the_first_is_lost(
    first: list[str], second: list[str]
) -> None:
    found = compare(" ".join(first), " ".join(second))
    shown = [s for paragraph in found.paragraphs for s in paragraph]
    assert [s.text for s in shown if s.mark is not Mark.REMOVED] == second
    assert {s.text for s in shown if s.mark is Mark.REMOVED} <= set(first)
    assert found.is_nothing is (set(first) == set(second))
    if set(first) - set(second):
        assert found.removed + found.changed


def test_texts_of_any_length_are_shown_whole_and_say_how_far_they_were_compared() -> None:
    long = " ".join(f"Sentence {n} stands." for n in range(3_000))
    found = compare(long, f"{long} A last one.")
    assert found.is_cut
    assert sum(len(p) for p in found.paragraphs) == 3_001
