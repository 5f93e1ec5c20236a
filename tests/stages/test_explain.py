"""Why an article is where it is: the evidence in figures, and a sentence that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.model import Article, CandidateId, Evidence
from monitor.stages.explain import find_evidence, named, say_apart, say_joined, say_opened, say_shared
from monitor.stages.fingerprint import fingerprint, surfaces
from monitor.stages.grouping import telling_of
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article

ONE = "Lumenquay withdraws the Heron adapter after 41 pharmacies dispensed wrong doses"
OTHER = "The Heron adapter of Lumenquay failed 41 pharmacies, a report of the regulator says"


def telling(title: str, *, hours: float = 0, number: int = 1, publisher: str = "gazette") -> Telling:
    article = an_article(id=number, title=title, publisher=publisher, first_seen_at=NOON + timedelta(hours=hours))
    return telling_of(article, fingerprint(article))


def evidence(
    one: str = ONE, other: str = OTHER, *, hours: float = 2, score: float | None = None, threshold: float | None = None
) -> Evidence:
    window = Window()
    window.add(telling("Parliament debates budget for hospitals and schools", number=9), CandidateId(9))
    article: Article = an_article(id=1, title=one)
    return find_evidence(
        telling(one, hours=hours),
        telling(other, number=2),
        window.rarity(),
        surfaces(article),
        score=score,
        threshold=threshold,
    )


def test_evidence_names_what_both_say_as_the_article_spells_it() -> None:
    found = evidence()
    assert found.nearest == 2
    assert set(found.names) == {"Lumenquay", "Heron"}
    assert found.numbers == ("41",)
    assert set(found.words) >= {"pharmacies", "adapter"}
    assert found.days == 2 / 24


def test_words_that_everybody_uses_are_no_evidence() -> None:
    found = evidence("Government says people work more", "More people work, says government")
    assert found.words == ()


def test_a_sentence_says_three_of_each_kind_and_the_time_between() -> None:
    found = Evidence(names=("Ada", "Bea", "Cyd", "Dot"), numbers=("41",), words=(), days=3.2)
    assert say_shared(found) == "shares the names Ada, Bea, Cyd and the number 41, 3 days apart"
    assert say_shared(replace(found, words=("adapter",))) == (
        "shares the names Ada, Bea, Cyd, the number 41 and the word adapter, 3 days apart"
    )
    assert say_shared(Evidence(days=0.5)) == "shares little, told within a day"


def test_the_time_between_is_rounded_to_days() -> None:
    assert [say_apart(d) for d in (0.0, 0.99, 1.2, 1.5, 40.0)] == [
        "told within a day",
        "told within a day",
        "1 day apart",
        "2 days apart",
        "40 days apart",
    ]


def test_who_joins_and_who_opens_is_said_with_score_and_threshold() -> None:
    nearest = telling(OTHER, number=2)
    found = evidence(score=0.91, threshold=0.65)
    assert say_joined(nearest, found).endswith("; 0.91, where 0.65 is needed.")
    assert say_opened(nearest, replace(found, score=0.12)).endswith("; 0.12 is below 0.65.")
    assert say_opened(nearest, found).endswith("; what they share are whole sentences, and nothing besides.")
    assert say_opened() == "Opens a candidate: no recent article shares its rare words."


def test_a_long_title_is_shortened_and_keeps_its_publisher() -> None:
    said = named(telling("Very " * 60 + "long", publisher="courier"))
    assert said.endswith("…” (Courier)")
    assert len(said) < 110


def test_a_word_of_the_address_is_spelt_as_it_stands_there() -> None:
    spelling = surfaces(an_article(id=1, title=ONE, url="https://gazette.example/2026/heron-adapters-raised-alarm"))
    assert "adapters" not in spelling.values()  # as the title has it
    assert "raised" in spelling.values()
    assert "alarm" in spelling.values()
