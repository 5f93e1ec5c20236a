"""The window is bounded, forgets completely, and follows editors."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import Article, ArticleId, CandidateId, Origin
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import telling_of
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article


def telling(article: Article) -> Telling:
    return telling_of(article, fingerprint(article))


def told(number: int, title: str, *, days: float = 0) -> Telling:
    return telling(an_article(id=number, title=title, first_seen_at=NOON + timedelta(days=days)))


def test_neighbours_share_rare_words_and_the_nearest_comes_first() -> None:
    window = Window()
    for number, title in enumerate(("Sora video app shut", "Sora app", "Robotaxi outage in Wuhan"), 1):
        window.add(told(number, title), CandidateId(number))
    asked = told(9, "Shut: Sora video app")
    assert [t.article for t in window.neighbours(asked, window.rarity())] == [1, 2]


def test_a_word_is_rarer_the_fewer_articles_of_the_window_have_it() -> None:
    window = Window()
    for number in range(20):
        window.add(
            told(number, f"Anthropic story{number} quibble" if number == 3 else f"Anthropic story{number}"),
            CandidateId(number),
        )
    rarity = window.rarity()
    assert rarity["unseen"] > rarity["quibbl"] > rarity["anthropic"] > 0
    assert rarity["unseen"] == window.rarest_possible()


def test_what_is_too_old_or_too_much_is_forgotten_without_a_trace() -> None:
    window = Window(span=timedelta(days=10), limit=3)
    for number in range(1, 7):
        window.add(told(number, f"Sora verdict number{number}", days=number), CandidateId(1))
    assert window.articles() == (4, 5, 6)
    assert window.members(CandidateId(1)) == (4, 5, 6)
    assert window.words_of(CandidateId(1))["sora"] == 3
    window.add(told(9, "Something else altogether", days=30), CandidateId(2))
    assert window.articles() == (9,)
    assert window.members(CandidateId(1)) == ()
    assert window.neighbours(told(10, "Sora verdict", days=30), window.rarity()) == ()


def test_an_article_told_long_before_is_compared_with_nothing_beyond_the_span() -> None:
    window = Window(span=timedelta(days=10))
    window.add(told(1, "Sora verdict stands"), CandidateId(1))
    assert window.neighbours(told(2, "Sora verdict stands", days=-11), window.rarity()) == ()
    assert len(window.neighbours(told(2, "Sora verdict stands", days=-9), window.rarity())) == 1


def test_an_editors_move_is_followed() -> None:
    window = Window()
    window.add(told(1, "Sora verdict"), CandidateId(1))
    window.add(told(2, "Sora ruling"), CandidateId(1))
    window.move(ArticleId(2), CandidateId(7))
    assert (window.members(CandidateId(1)), window.members(CandidateId(7))) == ((1,), (2,))
    assert window.candidate_of(ArticleId(2)) == 7
    assert dict(window.words_of(CandidateId(1))) == {"sora": 1, "verdict": 1}


def test_adding_twice_changes_nothing() -> None:
    window = Window()
    window.add(told(1, "Sora verdict"), CandidateId(1))
    window.add(told(1, "Sora verdict"), CandidateId(2))
    assert (len(window), window.candidate_of(ArticleId(1))) == (1, 1)


def test_a_formula_of_a_publisher_or_of_many_stands_and_a_quotation_of_one_event_does_not() -> None:
    formula = "Thank you for your patience while our engineers work"
    window = Window()
    for number, publisher in enumerate(("kestrane", "gazette"), 1):
        text = f"Story{number} happened here today. {formula}."
        window.add(telling(an_article(id=number, title="T", text=text, publisher=publisher)), CandidateId(1))
    own = telling(an_article(id=8, title="T", text=f"Another matter altogether. {formula}.", publisher="kestrane"))
    other = telling(an_article(id=9, title="T", text=f"Another matter altogether. {formula}.", publisher="courier"))
    assert len(window.standing(own)) == 1
    assert window.standing(other) == ()  # one candidate says it: it may be what was said there
    window.move(ArticleId(2), CandidateId(2))
    assert len(window.standing(other)) == 1


def test_a_terse_status_is_compared_with_whoever_names_its_service_that_day() -> None:
    window = Window()
    text = "Investigating - Elevated errors."
    status = an_article(id=1, title="Errors", text=text, publisher="kestrane", origin=Origin.PROVIDER)
    window.add(telling(status), CandidateId(1))
    for number in range(2, 60):
        window.add(told(number, f"Kestrane widget{number} sells in Tarnow shop"), CandidateId(number))
    near = told(99, "Kestrane goes dark in Tarnow shop", days=0.2)
    assert 1 in [t.article for t in window.neighbours(near, window.rarity())]
    late = told(99, "Kestrane goes dark in Tarnow shop", days=3)
    assert 1 not in [t.article for t in window.neighbours(late, window.rarity())]
