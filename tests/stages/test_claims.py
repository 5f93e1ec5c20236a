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


@pytest.mark.parametrize(
    ("tongue", "text"),
    [
        ("de", "OpenAI wusste ein Jahr lang von der Lücke."),
        ("de", "Im März betrog die Harbour Bank ihre Kunden."),
        ("fr", "OpenAI a dissimulé la fuite pendant un an."),
        ("es", "OpenAI ocultó la filtración durante un año."),
    ],
)
def test_a_charge_is_found_in_the_language_of_the_text(tongue: str, text: str) -> None:
    assert len(list(unattributed(text, PROVIDERS, tongue))) == 1
    assert list(unattributed(text, PROVIDERS, "ja")) == []


@pytest.mark.parametrize(
    ("tongue", "text"),
    [
        ("de", "Laut der Klage wusste OpenAI ein Jahr lang von der Lücke."),
        ("de", "OpenAI soll die Lücke vertuscht haben."),
        ("fr", "Selon la plainte, OpenAI a dissimulé la fuite."),
        ("es", "OpenAI ocultó la filtración, según la demanda."),
        ("de", "OpenAI stellt ein neues Modell vor."),
    ],
)
def test_an_attributed_charge_is_left_alone_in_every_language(tongue: str, text: str) -> None:
    assert list(unattributed(text, PROVIDERS, tongue)) == []


@pytest.mark.parametrize(
    ("tongue", "text", "name"),
    [
        ("de", "Die Polizei holte Marta Lindqvist (34) an der Tür ab.", "Marta Lindqvist"),
        (
            "de",
            "Das System stoppte den Lohn von Ivo Marek, einem Vater, und der Krankenschwester Ana Weber.",
            "Ana Weber",
        ),
        ("fr", "La police a arrêté Marta Lindqvist, 34 ans, chez elle.", "Marta Lindqvist"),
        ("fr", "Mme Okafor a été retenue deux jours.", "Okafor"),
        ("es", "La policía detuvo a Marta Lindqvist, de 34 años, en su casa.", "Marta Lindqvist"),
        ("es", "El sistema señaló a Ivo Marek, un enfermero de la clínica.", "Ivo Marek"),
    ],
)
def test_private_persons_are_known_by_the_words_of_the_language(tongue: str, text: str, name: str) -> None:
    assert name in {d.name for d in private_names(text, PROVIDERS, tongue)}


def test_an_office_makes_a_name_public_in_every_language() -> None:
    assert not list(private_names("Der Minister Lena Brandt (58) trat zurück.", PROVIDERS, "de"))
    assert not list(private_names("La ministre Lena Brandt, 58 ans, démissionne.", PROVIDERS, "fr"))
    assert not list(private_names("La ministra Lena Brandt, de 58 años, dimitió.", PROVIDERS, "es"))
