"""In which language a text is written, as far as small words betray it."""

from __future__ import annotations

import pytest

from monitor.stages.tongue import tongue_of


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("A court found an invented ruling in a filing", "en"),
        ("ChatGPT invents ruling", "en"),
        ("Ein Chatbot hat einen Patienten falsch beraten, und die Klinik zahlt", "de"),
        ("Un chatbot invente des décisions de justice dans le dossier", "fr"),
        ("El chatbot inventó sentencias en la demanda", "es"),
        ("Il chatbot ha inventato una sentenza del tribunale", "it"),
        ("De rechter heeft een boete opgelegd aan het bedrijf", "nl"),
        ("聊天机器人出错", None),
        ("Суд против чат-бота", None),
        ("", "en"),
    ],
)
def test_small_words_betray_a_language(text: str, tongue: str | None) -> None:
    assert tongue_of(text) == tongue


def test_what_the_page_says_decides_only_where_words_do_not() -> None:
    assert tongue_of("KI-Chatbot erfindet Urteile", "de-CH") == "de"
    assert tongue_of("Ein Chatbot hat die Klinik und den Patienten falsch beraten", "en-US") == "de"
    assert tongue_of("聊天机器人出错", "en") is None  # a template's word
    assert tongue_of("聊天机器人出错", "zh-Hans") == "zh"
