"""The window is bounded, forgets completely, and follows editors."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from monitor.model import Article, ArticleId, CandidateId, Origin
from monitor.press.edition import compose
from monitor.stages.fingerprint import fingerprint
from monitor.stages.fingerprint_bytes import encode
from monitor.stages.grouping import telling_of
from monitor.stages.window import DECODED, NEIGHBOURS, Kept, Telling, Window
from tests.builders import NOON, an_article


def telling(article: Article) -> Telling:
    return telling_of(article, fingerprint(article))


def told(number: int, title: str, *, days: float = 0) -> Telling:
    return telling(an_article(id=number, title=title, first_seen_at=NOON + timedelta(days=days)))


def counted(window: Window, candidate: int) -> dict[str, int]:
    """In how many of the candidate's articles each word stands."""
    words, counts = window.words_of(CandidateId(candidate))
    return {window.vocabulary.words[n]: int(count) for n, count in zip(words, counts, strict=True)}


def test_neighbours_share_rare_words_and_the_nearest_comes_first() -> None:
    window = Window()
    for number, title in enumerate(("Sora video app shut", "Sora app", "Robotaxi outage in Wuhan"), 1):
        window.add(told(number, title), CandidateId(number))
    asked = told(9, "Shut: Sora video app")
    assert [t.article for t in window.neighbours(asked, window.rarity())] == [1, 2]


def test_a_word_is_rarer_the_fewer_articles_of_the_window_have_it() -> None:
    window = Window()
    for number in range(1, 21):
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
    assert counted(window, 1)["sora"] == 3
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
    assert counted(window, 1) == {"sora": 1, "verdict": 1}


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


def of_the_press(count: int) -> list[tuple[Telling, CandidateId]]:
    """Tellings of the simulated press with their events, oldest first."""
    written = compose(seed=1, start=NOON).tellings[:count]
    events = {event: CandidateId(number) for number, event in enumerate(dict.fromkeys(t.event for t in written), 1)}
    return [
        (
            telling(
                an_article(
                    id=number,
                    title=t.versions[0].text.title,
                    text="\n".join(t.versions[0].text.paragraphs),
                    publisher=t.publisher.id,
                    first_seen_at=t.published_at,
                )
            ),
            events[t.event],
        )
        for number, t in enumerate(written, 1)
    ]


def what_is_found(window: Window, asked: Telling) -> tuple[object, ...]:
    rarity = window.rarity()
    near = [t.article for t in window.neighbours(asked, rarity)]
    copied = [t.article for t in window.with_phrases(asked.fingerprint)]
    places = [(window.members(c), sorted(counted(window, c).items())) for c in map(window.candidate_of, near)]
    weights = [rarity[word] for word in sorted(asked.fingerprint.words)]
    return near, copied, places, weights, window.standing(asked), window.repeated(asked), window.joined_share()


@pytest.mark.parametrize("limit", [40, 1_000])
def test_what_is_found_depends_on_what_is_there_and_not_on_how_it_came(limit: int) -> None:
    told = of_the_press(150)
    grown, read, read_at_once = Window(limit=limit), Window(limit=limit), Window(limit=limit)
    for each, candidate in random.Random(7).sample(told[:120], 120):
        grown.add(each, candidate)
        grown.neighbours(told[130][0], grown.rarity())  # asking changes nothing
    stored = [(as_stored(each), candidate) for each, candidate in told[:120]]
    for kept, candidate in stored:
        read.keep(kept, candidate)
    read_at_once.keep_all(stored)
    in_parts = Window(limit=limit)
    for part in (stored[:50], stored[50:51], stored[51:]):
        in_parts.keep_all(part)
    windows = (grown, read, read_at_once, in_parts)
    assert len({window.articles() for window in windows}) == 1
    for asked, _ in told[120:]:
        first, *others = (what_is_found(window, asked) for window in windows)
        assert all(found == first for found in others)


def as_stored(told: Telling) -> Kept:
    names = ("article", "told_at", "publisher", "publisher_name", "title", "copy_of")
    return Kept(fingerprint=encode(told.fingerprint), **{name: getattr(told, name) for name in names})


def test_an_article_is_given_back_as_it_was_taken_in() -> None:
    window = Window()
    for each, candidate in of_the_press(30):
        window.add(each, candidate)
        assert window[each.article] == each
        assert window.told_at(each.article) == each.told_at


def test_of_what_was_forgotten_nothing_is_found_again() -> None:
    text = (
        "The clinic stopped its chatbot on Tuesday after three wrong doses. Nobody came to lasting harm, it said. " * 3
    )
    window = Window(limit=2)
    old = telling(an_article(id=1, title="Clinic stops chatbot after three wrong doses", text=text))
    window.add(old, CandidateId(1))
    for number in range(2, 4):
        window.add(told(number, f"Sora verdict number{number} stands firm", days=number), CandidateId(number))
    assert old.article not in window
    asked = telling(an_article(id=9, title=old.title, text=text, first_seen_at=NOON + timedelta(days=9)))
    assert window.with_headline(asked.fingerprint.headline) == ()
    assert window.with_phrases(asked.fingerprint) == ()
    assert window.repeated(asked) == ()
    assert window.rarity()["chatbot"] == window.rarity()["unseen"]


def test_a_full_window_has_no_room_for_what_is_older_than_all_of_it() -> None:
    window = Window(limit=2)
    for number in (1, 2):
        window.add(told(number, f"Sora verdict number{number}", days=number), CandidateId(number))
    assert window.forgotten is None
    window.add(told(3, "Sora verdict number3", days=-5), CandidateId(3))
    assert window.forgotten == NOON - timedelta(days=5)
    assert window.articles() == (1, 2)
    assert window.members(CandidateId(3)) == ()


def test_a_candidates_words_follow_its_articles_also_where_they_were_counted_before() -> None:
    window = Window()
    window.add(told(1, "Sora verdict"), CandidateId(1))
    assert counted(window, 1) == {"sora": 1, "verdict": 1}
    window.add(told(2, "Sora ruling"), CandidateId(1))
    assert counted(window, 1) == {"sora": 2, "verdict": 1, "rul": 1}
    window.forget(ArticleId(1))
    assert counted(window, 1) == {"sora": 1, "rul": 1}


def test_more_articles_than_are_kept_decoded_are_found_all_the_same() -> None:
    window = Window()
    for number in range(1, DECODED + 50):
        window.add(told(number, f"Anthropic story{number} in Tarnow"), CandidateId(number))
    assert all(window[ArticleId(n)].article == n for n in range(1, DECODED + 50))
    assert len(window.neighbours(told(9_999, "Anthropic in Tarnow"), window.rarity())) == NEIGHBOURS
