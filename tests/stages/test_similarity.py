"""What two articles share, as features: the same from both sides, and names and numbers across languages."""

from __future__ import annotations

import random

import pytest

from monitor.stages.fingerprint import fingerprint
from monitor.stages.similarity import PAIR_FEATURES, Other, Overlap, Weighed, features_of_pairs, pair_features
from monitor.stages.window import Window
from tests.builders import an_article
from tests.stages.test_window import of_the_press

WORDS = random.Random(7)


def prose(words: int) -> str:
    return " ".join(f"{WORDS.choice('bcdfgklmnprstvw')}{WORDS.randrange(3_000)}" for _ in range(words))


STORY = prose(400)


def test_features_are_the_same_from_both_sides() -> None:
    a = fingerprint(an_article(title="OpenAI shuts down Sora after 6 months", text=STORY))
    b = fingerprint(an_article(title="Sora is shut by OpenAI, 12 months late"))
    window = Window()
    rarity = window.rarity()
    there, back = (
        pair_features(Weighed.of(x, rarity), Other(y, 2, False), rarity, rarest_possible=window.rarest_possible())
        for x, y in ((a, b), (b, a))
    )
    assert there == pytest.approx(back)
    named = dict(zip(PAIR_FEATURES, there, strict=True))
    assert 0 < named["title_cosine"] < 1
    assert named["numbers_differ"] == 1.0
    assert named["one_text"] == 1.0
    assert named["days"] == pytest.approx(2 / 3)


def test_articles_without_words_have_nothing_in_common() -> None:
    empty = fingerprint(an_article(title="!!!"))
    rarity = Window().rarity()
    features = pair_features(Weighed.of(empty, rarity), Other(empty, 0, True), rarity, rarest_possible=1.0)
    assert features[: PAIR_FEATURES.index("is_nameless")] == (0.0,) * PAIR_FEATURES.index("is_nameless")


def test_across_languages_names_and_numbers_speak() -> None:
    window = Window()
    rarity = window.rarity()
    english = fingerprint(an_article(title="Quorvex fined 38 million", language="en-GB"))
    german = fingerprint(an_article(title="Strafe von 38 Millionen für Quorvex", language="de"))
    for other, is_foreign in ((german, 1.0), (english, 0.0)):
        named = dict(
            zip(
                PAIR_FEATURES,
                pair_features(Weighed.of(english, rarity), Other(other, 0, False), rarity, rarest_possible=1.0),
                strict=True,
            )
        )
        assert named["is_foreign"] == is_foreign
        assert (named["foreign_names"] > 0) == bool(is_foreign)


def test_the_window_knows_of_its_articles_what_their_fingerprints_say() -> None:
    window, told = Window(limit=60), of_the_press(90)
    for number, (telling, candidate) in enumerate(told[:80]):
        window.add(telling, candidate)
        if number % 7 == 0:
            window.forget(telling.article)  # numbers of words are used again
    asked, rarity = told[85][0].fingerprint, window.rarity()
    near = [window[article] for article in window.articles()[-20:]]
    others = [Other(other.fingerprint, 1.0, False) for other in near]
    own = Weighed.of(asked, rarity)
    fast = features_of_pairs(own, others, window.overlap(asked, near, rarity), rarest_possible=1.0)
    slow = features_of_pairs(own, others, Overlap.of(asked, [o.made for o in others], rarity), rarest_possible=1.0)
    assert len(fast) == 20
    for one, other in zip(fast, slow, strict=True):
        assert one == pytest.approx(other, abs=1e-9)
