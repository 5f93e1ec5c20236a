"""What two articles share, as features: the same from both sides, and names and numbers across languages."""

from __future__ import annotations

import random

import pytest

from monitor.stages.fingerprint import fingerprint
from monitor.stages.similarity import PAIR_FEATURES, Weighed, pair_features
from monitor.stages.window import Window
from tests.builders import an_article

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
        pair_features(
            Weighed.of(x, rarity), y, rarity, days=2, same_publisher=False, rarest_possible=window.rarest_possible()
        )
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
    features = pair_features(Weighed.of(empty, rarity), empty, rarity, days=0, same_publisher=True, rarest_possible=1.0)
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
                pair_features(
                    Weighed.of(english, rarity), other, rarity, days=0, same_publisher=False, rarest_possible=1.0
                ),
                strict=True,
            )
        )
        assert named["is_foreign"] == is_foreign
        assert (named["foreign_names"] > 0) == bool(is_foreign)
