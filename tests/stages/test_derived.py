"""Whose report an article only retells: found where it is said, and not where somebody reports by himself."""

from __future__ import annotations

import pytest

from monitor.stages.derived import QUOTE_LIMIT, Reporters, find_retelling
from tests.stages.test_owners import shipped

MORE = "The company has some four thousand customers.\nIts shares fell by a tenth."


def retold(title: str, text: str = "", *, own: tuple[str, ...] = ("Gazette",)) -> str | None:
    found = find_retelling(title, text, own_names=own, reporters=shipped().reporters)
    return found.reporter if found else None


@pytest.mark.parametrize(
    ("title", "text", "reporter"),
    [
        ("Bot leaks data", f"A bot leaked data for a week, The Register first reported.\n{MORE}", "The Register"),
        ("Bot leaks data", f"A bot leaked data, as first reported by the Register.\n{MORE}", "The Register"),
        ("Bot leaks data", f"A bot leaked data, according to a report by 404 Media.\n{MORE}", "404 Media"),
        (
            "Bot leaks data",
            (
                f"A bot leaked data, Reuters reported on Monday.\n{MORE}\nReuters said nobody had noticed, "
                "Reuters reported."
            ),
            "Reuters",
        ),
        (
            "Bot leaks data",
            (
                f"Citing people familiar with the matter, The Information reported that a bot leaked data.\n{MORE}\n"
                "The Gazette could not independently verify the report."
            ),
            "The Information",
        ),
        ("The Verge: bot leaks data", f"A bot leaked data, according to The Verge.\n{MORE}", "The Verge"),
        ("OpenAI weighs a phone, The Information reports", "", "The Information"),
        ("OpenAI weighs a phone, reports The Information", "", "The Information"),
        ("OpenAI sued, The Register says", "", "The Register"),
        ("Bot verrät Daten", f"Laut einem Bericht des SPIEGEL verriet ein Bot Daten.\n{MORE}", "Der Spiegel"),
        ("Bot verrät Daten – laut SPIEGEL", f"Ein Bot verriet Daten, berichtet der SPIEGEL.\n{MORE}", "Der Spiegel"),
        ("Fuite de données", f"Un robot a livré des données, selon une enquête du Monde.\n{MORE}", "Le Monde"),
        ("Fuite", "Selon Le Monde, un robot a livré des données.\nD'après Le Monde, des milliers.", "Le Monde"),
        ("Fuga de datos", "Un bot filtró datos, según El País.\nLa empresa calla, informó El País.", "El País"),
        ("Fuga di dati", "Secondo Repubblica un bot ha perso dati.\nLo scrive la Repubblica.", "la Repubblica"),
        (
            "Datalek",
            "Een bot lekte data, meldt de Volkskrant.\nVolgens de Volkskrant duurde het een week.",
            "de Volkskrant",
        ),
        ("Vazamento", "Um robô vazou dados, segundo a Folha de S.Paulo.\nPublicou a Folha que.", "Folha de S.Paulo"),
        (
            "Läcka",
            "En bot läckte data, enligt Dagens Nyheter.\nBolaget tiger, skriver Dagens Nyheter.",
            "Dagens Nyheter",
        ),
        ("Wyciek", "Bot ujawnił dane, donosi Gazeta Wyborcza.\nWedług Gazeta Wyborcza to tydzień.", "Gazeta Wyborcza"),
    ],
)
def test_what_rests_on_anothers_report_is_found(title: str, text: str, reporter: str) -> None:
    assert retold(title, text) == reporter


@pytest.mark.parametrize(
    "text",
    [
        f"A bot leaked data.\n{MORE}\nThe leak was first reported by The Verge.",  # a nod, late
        f"A bot leaked data.\nThe leak was first reported by The Verge.\n{MORE}",  # early, but once
        f"A bot leaked data, Reuters reported.\n{MORE}",  # once, without more
        f"A bot leaked data, The Register first reported. “It is over”, the firm told the Gazette.\n{MORE}",
        f"A bot leaked data, The Register first reported.\nIn a statement to Gazette the firm denied it.\n{MORE}",
        f"A bot leaked data, The Register first reported.\nDocuments seen by the Gazette confirm it.\n{MORE}",
        f"A bot leaked data, The Register first reported.\nThe firm told us it is over.\n{MORE}",
        "Laut SPIEGEL verriet ein Bot Daten, wie der SPIEGEL zuerst berichtete.\nEr sagte der Gazette, es sei aus.",
        f"A bot leaked data, according to the company.\n{MORE}\nAccording to the company, nobody was hurt.",
        f"A bot leaked data, according to Microsoft.\n{MORE}\nMicrosoft reported it.",  # no press
        "according to the sun and the times, citing people\naccording to the sun",
        f"A bot leaked data, according to the Gazette.\n{MORE}\nThe Gazette reported it first.",  # its own report
        "Last year The Register reported a leak at another firm.\nNow a bot leaked data.\n" + MORE,
    ],
)
def test_reporting_of_ones_own_is_not_called_derived(text: str) -> None:
    assert retold("Bot leaks data", text) is None


def test_information_is_a_word_and_the_information_a_name() -> None:
    assert retold("Lawyers sanctioned after citing Information that a bot made up, citing Information") is None
    assert retold("Lawyers sanctioned, citing The Information") == "The Information"


def test_an_outlet_under_another_of_its_names_retells_nobody() -> None:
    text = "Xiaomi plans a chip, its president told CNBC.\nIt comes each year, he told CNBC."
    assert retold("Xiaomi tells CNBC of a chip", text, own=("CNBC", "cnbc.com")) is None


def test_a_publisher_of_the_candidate_is_known_without_the_register() -> None:
    reporters = Reporters({"Port Calder Echo": "Port Calder Echo"})
    text = f"Pupils were shown as guilty, the Port Calder Echo first reported.\n{MORE}"
    found = find_retelling("Pupils accused", text, own_names=("Gazette",), reporters=reporters)
    assert found is not None
    assert found.quote == "Pupils were shown as guilty, the Port Calder Echo first reported."


def test_the_quotation_is_one_sentence_that_an_editor_can_read_at_a_glance() -> None:
    text = "So it goes. " + "Bots talk a lot, " * 30 + "as first reported by The Verge. And so on."
    found = find_retelling(
        "Bots", text[:380] + "as first reported by The Verge.", own_names=(), reporters=shipped().reporters
    )
    assert found is not None
    assert len(found.quote) <= QUOTE_LIMIT + 1
    assert "The Verge" in found.quote
