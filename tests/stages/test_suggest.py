"""What articles suggest: a value, the words it rests on, and who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.model import Backing, ButFor, Code, Draft, Joined, Member, Severity, Suggestion
from monitor.stages.codebook import ProviderIndex
from monitor.stages.first_test import read_test
from monitor.stages.suggest import Tally, as_sentence, learn_from, open_suggestions, suggest, suggest_severity, unread
from tests.builders import a_member, an_article
from tests.wires import CODEBOOK, PROVIDERS

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)  # a Wednesday


def told(title: str, text: str = "", publisher: str = "gazette", number: int = 1, **more: Any) -> Member:
    return a_member(
        an_article(id=number, publisher=publisher, title=title, text=text, published_at=AT, first_seen_at=AT), **more
    )


def by_field(*members: Member) -> dict[str, list[Suggestion]]:
    found: dict[str, list[Suggestion]] = {}
    for suggestion in suggest(members, CODEBOOK, PROVIDERS):
        found.setdefault(suggestion.field, []).append(suggestion)
    return found


@pytest.mark.parametrize(
    ("title", "severity"),
    [
        ("Patient died after a chatbot's advice on dosage", Severity.SEV_1),
        ("Leak exposes 2.5 million customers of a chat service", Severity.SEV_1),
        ("Wrongful arrest after a facial recognition match", Severity.SEV_2),
        ("Bank loses $25 million to a cloned voice", Severity.SEV_2),
        ("A delivery robot put a Port Calder man in hospital", Severity.SEV_2),
        ("Eskerton wins a $300 million chip works", Severity.SEV_4),
        ("Court fined a lawyer for invented rulings", Severity.SEV_3),
        ("Shop assistant bot apologised for rude poem", Severity.SEV_4),
        ("A skilled model for everybody", Severity.SEV_4),
    ],
)
def test_a_severity_names_the_words_it_rests_on(title: str, severity: Severity) -> None:
    (suggestion,) = by_field(told(title))["severity"]
    assert suggestion.value == severity
    assert suggestion.reason.endswith(".")
    if severity != Severity.SEV_4:
        assert "Gazette" in suggestion.reason
        assert "“" in suggestion.reason


def test_the_queue_says_the_severity_that_the_form_suggests() -> None:
    members = told("Wrongful arrest after a match"), told("Police defend system", publisher="courier", number=2)
    assert suggest_severity(members) == by_field(*members)["severity"][0]
    assert suggest_severity((told("На заводе робот ранил рабочего"),)) is None
    assert suggest_severity((told("A skilled model for everybody"),)) is None  # no words speak for one


def test_codes_follow_the_phrases_most_told_and_only_as_this_codebook_names_them() -> None:
    members = (
        told("Chatbot invents a ruling, court finds", "The judge said the citations were fabricated."),
        told("Lawyer fined over invented citations", publisher="courier", number=2),
    )
    values = [s.value for s in by_field(*members)["codes"]]
    assert {"M2", "M8", "F5"} <= set(values)
    other = replace(CODEBOOK, codes=(Code(id="M2", name="Weather", definition="d"), *CODEBOOK.codes[2:]))
    assert "M2" not in {s.value for s in suggest(members, other, PROVIDERS)}


def test_a_provider_behind_what_is_named_is_suggested_with_why_and_less_sure() -> None:
    known = Backing(named=("HelpBot",), beside=(), unless=(), means=("openai",), because="its words come from GPT")
    index = ProviderIndex(PROVIDERS.providers, relations=(known,))
    found = [s for s in suggest([told("HelpBot sold a car for a coin")], CODEBOOK, index) if s.field == "providers"]
    assert [s.value for s in found] == ["openai"]
    assert found[0].reason == "OpenAI is not named, but “HelpBot” is: its words come from GPT."
    (named,) = (s for s in suggest([told("ChatGPT and HelpBot sold a car")], CODEBOOK, index) if s.value == "openai")
    assert "is named in" in named.reason
    assert named.confidence > found[0].confidence


def test_a_provider_in_a_title_comes_before_one_in_passing() -> None:
    found = by_field(
        told("ChatGPT invents a ruling", "Google has a rival."),
        told("ChatGPT cited in court", publisher="courier", number=2),
        told("A brief with rulings nobody made", publisher="herald", number=3),
    )
    assert [s.value for s in found["providers"]] == ["openai"]
    assert found["providers"][0].reason == "OpenAI is named in 2 of 3 titles, as ChatGPT."


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It began on 28 February 2026 in the clinic.", date(2026, 2, 28)),
        ("On March 1st, 2026 the service failed.", date(2026, 3, 1)),
        ("Logged 2026-03-02 at noon.", date(2026, 3, 2)),
        ("The court ruled on Monday.", date(2026, 3, 2)),
        ("It failed yesterday.", date(2026, 3, 3)),
        ("It is due on 9 December 2026.", date(2026, 3, 4)),  # ahead of the telling: not what happened
        ("Nothing says when.", date(2026, 3, 4)),
    ],
)
def test_a_day_is_read_from_the_text_else_it_is_that_of_the_first_telling(text: str, day: date) -> None:
    (suggestion,) = by_field(told("Service fails", text))["occurred_on"]
    assert suggestion.value == day.isoformat()


def test_the_plainest_title_is_the_headline_without_its_publisher() -> None:
    found = by_field(
        told("Could chatbots be lying to us?"),
        told("ChatGPT gives clinic staff an invented dosage | Courier", publisher="courier", number=2),
    )
    assert [s.value for s in found["headline"]] == ["ChatGPT gives clinic staff an invented dosage"]
    assert "Courier has the plainest of 2 titles" in found["headline"][0].reason


def test_what_the_draft_says_already_is_not_offered_again() -> None:
    suggestions = suggest([told("ChatGPT invents a ruling")], CODEBOOK, PROVIDERS)
    draft = Draft(providers=("openai",), severity=Severity.SEV_3)
    left = {(s.field, s.value) for s in open_suggestions(suggestions, draft)}
    assert ("providers", "openai") not in left
    assert ("severity", "SEV-3") not in left
    assert ("headline", "ChatGPT invents a ruling") in left


def test_an_article_without_a_title_suggests_all_but_a_headline() -> None:
    found = by_field(told("", "The court found that ChatGPT invented a ruling."))
    assert "headline" not in found
    assert [s.value for s in found["providers"]] == ["openai"]


def test_no_article_suggests_nothing() -> None:
    assert suggest([], CODEBOOK, PROVIDERS) == ()


@pytest.mark.parametrize(
    ("title", "text", "severity", "codes"),
    [
        ("Chatbot erfindet Urteile", "Ein Anwalt wurde zu einer Geldstrafe verurteilt und muss zahlen.", "SEV-3",
         {"M2", "M8"}),
        ("Un patient est mort après les conseils d'un chatbot", "Il est décédé à la clinique.", "SEV-1", {"F1"}),
        ("Estafa con una voz clonada de la alcaldesa", "La empresa perdió 3,5 millones de euros en la estafa.", "SEV-2",
         {"M5", "F6"}),
    ],
)  # fmt: skip
def test_german_french_and_spanish_articles_suggest_by_their_own_words(
    title: str, text: str, severity: str, codes: set[str]
) -> None:
    found = by_field(told(title, text))
    assert [s.value for s in found["severity"]] == [severity]
    assert codes <= {s.value for s in found["codes"]}


def test_a_word_of_one_language_says_nothing_in_another() -> None:
    assert by_field(told("The fine arts of the tote bag"))["severity"][0].value == "SEV-3"  # "fine", as English goes
    german = by_field(told("Die Kunst ist fine, und der Chatbot ist auch nicht schlecht"))
    assert german["severity"][0].value == "SEV-4"


def test_what_is_told_in_no_language_we_know_gets_no_severity_and_no_code() -> None:
    members = [told("聊天机器人出错，用户死亡", "百度的聊天机器人出错")]
    found = {s.field for s in suggest(members, CODEBOOK, PROVIDERS)}
    assert found == {"headline", "occurred_on", "providers"}
    assert unread(members)
    assert not unread([*members, told("A chatbot erred", number=2)])
    assert not unread([])


def test_a_but_for_test_is_drafted_with_the_article_it_rests_on_and_no_word_of_how_sure() -> None:
    (suggestion,) = by_field(told("ChatGPT invents a ruling", "The court found that it was fabricated.", number=8))[
        "but_for"
    ]
    test = read_test(suggestion.value)
    assert test is not None
    assert (test.system, test.role, test.support, test.confidence) == ("ChatGPT", "invented it", 8, None)
    assert as_sentence(suggestion).startswith(
        "But for ChatGPT, which invented it, the false content would not have occurred"
    )
    assert "Gazette" in suggestion.reason
    begun = Draft(but_for=ButFor(system="the tool"))
    assert open_suggestions([suggestion], begun) == ()
    assert open_suggestions([suggestion], Draft()) == (suggestion,)
    assert open_suggestions([suggestion], Draft(but_for=test)) == ()


def test_a_round_up_says_nothing_where_anything_else_tells_it() -> None:
    own = told("Shop assistant bot apologised for rude poem", number=1)
    review = told("The week in machines", "A chatbot's advice killed a patient on Monday.", number=2)
    review = replace(review, joined=Joined.MENTION)
    assert suggest([own, review], CODEBOOK, PROVIDERS) == suggest([own], CODEBOOK, PROVIDERS)
    assert suggest([review], CODEBOOK, PROVIDERS)


def test_who_is_only_a_place_is_not_suggested() -> None:
    found = by_field(told("Deepfake of a mayor spreads on TikTok", "Made with Midjourney, the police say."))
    assert [s.value for s in found["providers"]] == ["midjourney"]


def test_what_editors_made_of_the_like_moves_how_sure_a_suggestion_is() -> None:
    plain = Suggestion(field="codes", value="M2", reason="Model behaviour.", confidence=0.5)
    (liked,) = learn_from([plain], {("codes", "M2", ""): Tally(kept=9, lost=1)})
    (disliked,) = learn_from([plain], {("codes", "M2", ""): Tally(kept=0, lost=10)})
    assert disliked.confidence < 0.5 < liked.confidence
    assert liked.reason == "Model behaviour. Editors kept it 9 of 10 times."
    (once,) = learn_from([plain], {("codes", "M2", ""): Tally(kept=1)})
    assert once.reason == plain.reason  # too few to speak of
    assert learn_from([plain], {("codes", "F5", ""): Tally(lost=50), ("codes", "M2", "qwen3"): Tally(lost=50)}) == (
        plain,
    )
    headline = Suggestion(field="headline", value="Any", reason="Plain.", confidence=0.5)
    (learnt,) = learn_from([headline], {("headline", "", ""): Tally(kept=1, lost=5)})
    assert learnt.reason == "Plain. Editors kept one for this field 1 of 6 times."
