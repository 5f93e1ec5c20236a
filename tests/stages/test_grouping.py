"""Where an article belongs, with a reason that an editor can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitor.model import Article, ArticleId, CandidateId, Joined, Match, Origin, PublisherId
from monitor.stages.candidacy import CANDIDATE_FEATURES, Neighbour
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import Prospect, compare, match_article, own_language_first, prospects, telling_of
from monitor.stages.weights import FITTED, Forest, Tree, Weights
from monitor.stages.window import Window
from tests.builders import NOON, an_article

BACKGROUND = (
    "Parliament debates budget for hospitals and schools",
    "Storm closes ferry line between Esker and Halden",
    "Anthropic sues to block Pentagon blacklisting over AI use restrictions",
    "Museum returns bronze statue after forty years",
    "OpenAI raises $110B in one of the largest funding rounds",
    "Football club Orrin sells stadium to city council",
)
SORA = "OpenAI announces plans to shut down its Sora video generator"


def at(hours: float, title: str, *, publisher: str = "gazette", text: str = "", number: int = 50) -> Article:
    return an_article(
        id=number, title=title, publisher=publisher, text=text, first_seen_at=NOON + timedelta(hours=hours)
    )


def window_with(*articles: Article) -> Window:
    """Background news, then each of `articles` as a candidate of its own, numbered from 10."""
    window = Window()
    for number, title in enumerate(BACKGROUND, 1):
        keep(window, at(-24, title, number=number), number)
    for number, article in enumerate(articles, 10):
        keep(window, article, number)
    return window


def keep(window: Window, article: Article, candidate: int) -> None:
    window.add(telling_of(article, fingerprint(article)), CandidateId(candidate))


def match(article: Article, window: Window) -> Match:
    return match_article(article, fingerprint(article), window)


def test_another_telling_joins_and_says_why() -> None:
    window = window_with(at(0, SORA, publisher="arstechnica", number=40))
    found = match(at(3, "OpenAI will shut down Sora video app"), window)
    assert (found.candidate, found.joined, found.nearest, found.copy_of) == (10, Joined.EVENT, 40, None)
    assert found.similarity >= FITTED.join_at
    assert found.reason.startswith(f"The same event as “{SORA}” (Arstechnica): shares the names ")
    assert "Sora" in found.reason
    assert found.reason.endswith(f"told within a day; {found.similarity:.2f}, where {FITTED.join_at:.2f} is needed.")


def test_the_next_happening_of_a_saga_opens_its_own() -> None:
    saga = at(0, "Anthropic rejects Pentagon’s AI demands", publisher="politico", number=40)
    found = match(at(120, "Pentagon formally designates Anthropic a supply-chain risk"), window_with(saga))
    assert (found.candidate, found.joined, found.similarity) == (None, Joined.OPENED, 1.0)
    assert f"is below {FITTED.join_at:.2f}" in found.reason


def test_the_first_of_all_opens() -> None:
    found = match(at(0, SORA), Window())
    assert (found.candidate, found.nearest) == (None, None)
    assert found.reason == "Opens a candidate: no recent article shares its rare words."


def test_a_copy_joins_its_original_at_any_age_and_names_it() -> None:
    text = " ".join(f"phrase{i} of{i % 7} the story" for i in range(60))
    window = window_with(at(0, "Chatbot gave wrong doses", publisher="agency", text=text, number=40))
    found = match(at(24 * 60, "Patients at risk, says nurse", text=text + " More on page four."), window)
    assert (found.candidate, found.joined, found.copy_of) == (10, Joined.COPY, 40)
    assert found.reason == (
        "A copy of “Chatbot gave wrong doses” (Agency): 100% of the shorter text stands word for word in the other."
    )


def test_a_copy_of_a_copy_is_folded_to_the_original() -> None:
    headline = "Oracle plans thousands of job cuts in face of crunch"
    window = window_with(at(0, headline, number=40))
    reprint = at(1, headline, publisher="b", number=41)
    first = match(reprint, window)
    window.add(telling_of(reprint, fingerprint(reprint), copy_of=first.copy_of), CandidateId(10))
    again = match(at(2, headline, publisher="c", number=42), window)
    assert (first.copy_of, again.copy_of) == (40, 40)
    assert again.reason.endswith("the headline is the same, word for word.")


def test_the_same_articles_in_the_same_order_give_the_same_reasons() -> None:
    asked = at(3, "OpenAI will shut down Sora video app")
    assert match(asked, window_with(at(0, SORA))) == match(asked, window_with(at(0, SORA)))


def test_a_coefficient_without_a_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="luck"):
        Weights.named(0.0, {"luck": 1.0}, 0.0, dict.fromkeys(CANDIDATE_FEATURES, 0.0), 0.5)


def test_a_tree_asks_three_questions_and_can_be_written_down() -> None:
    tree = Tree.read("best<1 days<0.5 size<2 days<0.1 days<0.9 size<1 size<3 | 1 2 3 4 5 6 7 8")
    assert Tree.read(str(tree)) == tree

    def answer(best: float, days: float, size: float) -> float:
        given = {"best": best, "days": days, "size": size}
        return (
            float(Forest([tree, tree]).values(np.array([[given.get(name, 0.0) for name in CANDIDATE_FEATURES]]))[0]) / 2
        )

    assert answer(0.9, 0.05, 9) == 1
    assert answer(0.9, 0.5, 9) == 3
    assert answer(1.0, 0, 1.5) == 6
    assert answer(1.0, 0, 3) == 8


def test_one_page_on_two_hosts_is_one_event() -> None:
    first = replace(at(0, "Mass robotaxi malfunction halts traffic", number=40), url="https://a.example/n/cvge91r9j80o")
    again = replace(at(5, "Robotaxi cars of Apollo Go stop in China"), url="https://b.example/n/cvge91r9j80o")
    assert match(again, window_with(first)).candidate == 10


def test_what_articles_mean_is_part_of_the_evidence_where_both_have_vectors() -> None:
    window = window_with(at(-1, "Ferry runs aground", number=40))
    told = at(0, SORA, number=41)
    window.add(telling_of(told, fingerprint(told, bytes(range(1, 9)))), CandidateId(11))
    asked = at(3, "OpenAI will shut down Sora video app")
    found = match_article(asked, fingerprint(asked, bytes(range(1, 9))), window)
    assert found.evidence is not None
    assert found.candidate == 11
    assert found.evidence.vector == pytest.approx(1.0)
    by_words = match(asked, window)
    assert by_words.evidence is not None
    assert (by_words.candidate, by_words.evidence.vector) == (11, None)


def test_a_status_page_and_the_report_of_its_outage_are_one_event() -> None:
    text = "Investigating - We are looking into elevated errors at login for Tamsin. (08:16 UTC)"
    status = an_article(
        id=40, title="Elevated errors for Tamsin", text=text, publisher="velmora", origin=Origin.PROVIDER
    )
    report = "Millions found a blank window when Velmora lost its login service. Clinics went back to paper."
    window = window_with(status)
    for number in range(100, 140):  # its names are in everybody's mouth: alone they tell no event
        keep(window, at(-number, f"Velmora sells Tamsin licence{number} to shop{number}", number=number), number)
    found = match(at(1, "Tamsin goes dark for three hours", text=report), window)
    assert (found.candidate, found.nearest) == (10, 40)
    rose = "Shares of Velmora climbed after the company sold Tamsin licences to a bank in Castaria."
    assert match(at(1, "Velmora shares climb", text=rose), window).candidate != 10


def test_a_second_incident_of_a_status_page_is_another_event_however_late_the_first_is_reprinted() -> None:
    text = "Investigating - We are looking into elevated errors at login for Tamsin. (08:16 UTC)"
    first = an_article(
        id=40, title="Elevated errors for Tamsin", text=text, publisher="velmora", origin=Origin.PROVIDER
    )
    report = "Millions found a blank window when Velmora lost its login service. Clinics went back to paper."
    window = window_with(first)
    keep(window, at(47, "Tamsin goes dark for three hours", text=report, number=41), 10)
    second = an_article(
        id=50, title="Elevated errors for Tamsin", text=text.replace("08:16", "12:31"), publisher="velmora",
        origin=Origin.PROVIDER, first_seen_at=NOON + timedelta(hours=48),
    )  # fmt: skip
    other = replace(second, publisher=PublisherId("kestrane"))
    assert match(second, window).candidate is None
    assert match(other, window).candidate == 10  # of another page it is what the report tells


def test_a_candidate_in_the_articles_language_that_is_sure_goes_before_a_foreign_one() -> None:
    asked = replace(at(2, "Quorvex fined 38 million for faces from clinics"), language="en")

    def prospect(candidate: int, language: str, probability: float) -> Prospect:
        told = replace(at(0, SORA, number=candidate), language=language)
        nearest = Neighbour(telling=telling_of(told, fingerprint(told)), features=(), log_odds=0.0)
        return Prospect(candidate=CandidateId(candidate), nearest=nearest, features=(), probability=probability)

    def first(*found: Prospect) -> CandidateId:
        return own_language_first(found, telling_of(asked, fingerprint(asked)), 0.55)[0].candidate

    assert first(prospect(1, "de", 0.99), prospect(2, "en", 0.9)) == 2
    assert first(prospect(1, "de", 0.99), prospect(2, "en", 0.5)) == 1
    assert first(prospect(1, "en", 0.99), prospect(2, "de", 0.9)) == 1


def test_a_digest_joins_nothing_and_says_so() -> None:
    window = window_with(at(0, SORA, publisher="arstechnica", number=40))
    found = match(at(3, f"The week in AI: {SORA}"), window)
    assert (found.candidate, found.joined) == (None, Joined.MENTION)
    assert found.reason.startswith("A round-up: it mentions many events and tells none")


def test_a_status_page_does_not_join_what_its_provider_said_of_another_matter() -> None:
    said = an_article(
        id=40,
        title="About Dovrel Scribe",
        text="A customer found notes swapped.",
        publisher="dovrel",
        origin=Origin.PROVIDER,
        first_seen_at=NOON,
    )
    text = "Investigating - One customer reports that Dovrel Route does not load."
    status = an_article(
        id=50,
        title="Dovrel Route does not load",
        text=text,
        publisher="dovrel",
        origin=Origin.PROVIDER,
        first_seen_at=NOON + timedelta(hours=1),
    )
    assert match(status, window_with(said)).candidate is None


def test_a_translation_does_not_speak_for_a_candidate_that_is_told_in_the_articles_own_language() -> None:
    window = window_with()
    keep(window, at(0, "Officers question three boys over faked images", number=40), 10)
    german = an_article(id=41, title="Harbour School: Quorvex Canvas, 14 Opfer", publisher="bote", language="de")
    keep(window, replace(german, first_seen_at=NOON + timedelta(hours=1)), 10)
    told = replace(at(2, "Harbour School shuts Quorvex Canvas club after 14 years"), language="en")
    telling = telling_of(told, fingerprint(told))
    rarity = window.rarity()
    near = compare(telling, [window[ArticleId(41)]], rarity, window)
    assert prospects(near, telling, rarity, window) == ()


def test_the_footer_of_one_house_joins_no_events() -> None:
    footer = (
        "Sign up for the Harbour Morning newsletter and get the stories of Northbrook County in your inbox. "
        "Copyright Gannex Regional Media; this material may not be published, broadcast or rewritten."
    )
    more = [" ".join(f"{word}{n} of the" for n in range(20)) + " matter." for word in ("budget", "pier")]
    vote = (
        f"The council has postponed a vote on the budget after residents complained of short hours. {more[0]} {footer}"
    )
    pier = f"The crew of the ferry pulled a swimmer from the water, the coast guard said. {more[1]} {footer}"
    window = window_with(at(0, "Northbrook council delays vote", text=vote, publisher="northbrook-star", number=40))
    found = match(at(2, "Ferry crew rescues swimmer off pier", text=pier, publisher="eastvale-star"), window)
    assert found.candidate is None
