"""Charges that nobody is named for, and names that look private: doubts by words alone."""

from __future__ import annotations

import pytest

from monitor.stages.claims import private_names, unattributed
from tests.wires import PROVIDERS


@pytest.mark.parametrize(
    "text",
    [
        "OpenAI knew of the weakness for a year.",
        "The clinic closed. Mr Alder lied to the board.",
        "ChatGPT killed a boy.",
        "In March Harbour Bank defrauded its customers with a cloned voice.",
    ],
)
def test_a_charge_against_a_named_party_wants_somebody_who_says_so(text: str) -> None:
    assert len(list(unattributed(text, PROVIDERS))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "OpenAI knew of the weakness for a year, according to the complaint.",
        "The complaint says that OpenAI lied.",
        "The court found that OpenAI had violated the law.",
        "OpenAI allegedly concealed the leak.",
        "Somebody lied about the price.",
        "OpenAI published a new model.",
        "The chatbot was skilled, and the model fabled.",
    ],
)
def test_an_attributed_charge_an_unnamed_party_and_plain_news_are_left_alone(text: str) -> None:
    assert list(unattributed(text, PROVIDERS)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Marta Lindqvist, 34, was arrested at her door.", "Marta Lindqvist"),
        ("The system stopped the pay of Ivo Marek, a nurse at the clinic.", "Ivo Marek"),
        ("The victim, Ana de la Cruz, did not speak.", "Ana de la Cruz"),
        ("Police held Mrs Okafor for two days.", "Okafor"),
    ],
)
def test_names_given_as_those_of_private_persons(text: str, name: str) -> None:
    assert [d.name for d in private_names(text, PROVIDERS)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Sam Altman, 40, announced it.",
        "Judge Ines Falk, 58, dismissed the case.",
        "Mr Dahl, the chief executive, denied it.",
        "Minister Lena Brandt, a mother of two, resigned.",
        "Patients of North Harbour, 12 of them, were told.",
    ],
)
def test_offices_and_known_names_are_not_private(text: str) -> None:
    assert not {"Sam Altman", "Ines Falk", "Dahl", "Lena Brandt"} & {d.name for d in private_names(text, PROVIDERS)}
