"""Copies by phrases: reprints with another headline, shortened, or longer; not retellings that quote."""

from __future__ import annotations

import random

import pytest

from monitor.stages.copies import containment, find_copy
from monitor.stages.fingerprint import fingerprint
from tests.builders import an_article

WORDS = random.Random(7)


def prose(words: int) -> str:
    return " ".join(f"{WORDS.choice('bcdfgklmnprstvw')}{WORDS.randrange(3_000)}" for _ in range(words))


STORY = prose(400)
MENU = "Home News Sport Weather Log in Subscribe today for one crown a week and read everything"


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        " ".join(STORY.split()[:200]),
        STORY + " " + prose(60),
        f"{MENU} {STORY} {MENU}",
        STORY.replace("b", "c", 40),
    ],
    ids=["another headline", "half of it", "an added paragraph", "menu remnants", "words exchanged"],
)
def test_a_reprint_is_a_copy(text: str) -> None:
    original, reprint = (fingerprint(an_article(title=t, text=x)) for t, x in (("One", STORY), ("Another", text)))
    assert find_copy(original, reprint) is not None
    assert find_copy(reprint, original) == find_copy(original, reprint)


@pytest.mark.parametrize(
    "text",
    [prose(400), prose(300) + " " + " ".join(STORY.split()[50:110]), " ".join(STORY.split()[:80])],
    ids=["other words", "a long quotation", "an excerpt"],
)
def test_a_retelling_is_none(text: str) -> None:
    assert (
        find_copy(fingerprint(an_article(title="One", text=STORY)), fingerprint(an_article(title="Two", text=text)))
        is None
    )


def test_headlines_alone_are_copies_where_six_words_are_the_same() -> None:
    one, other = (
        fingerprint(an_article(title=t)) for t in ("Oracle plans thousands of job cuts", "Oracle to cut jobs")
    )
    assert find_copy(one, one) == 1.0
    assert find_copy(one, other) is None
    assert find_copy(other, other) is None


def test_containment_of_long_texts_is_estimated_from_fair_samples() -> None:
    long = prose(3_000)
    part = " ".join(long.split()[:1_500])
    found = containment(fingerprint(an_article(title="T", text=long)), fingerprint(an_article(title="T", text=part)))
    assert found == 1.0
    half = prose(1_500) + " " + part
    assert 0.35 < containment(*(fingerprint(an_article(title="T", text=x)) for x in (long, half))) < 0.65
