"""Which candidates tell another happening of the same affair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Article, CandidateId, Match, Origin
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import match_article, telling_of
from monitor.stages.related import RELATED_LIMIT, Rival, find_related, is_one_affair, say_related
from monitor.stages.weights import FITTED
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article

BAN = "Pentagon designates Anthropic a supply chain risk"
SUIT = "Anthropic sues Pentagon over designation as supply chain risk"
ORDINARY = (
    "Parliament debates budget for hospitals and schools",
    "Storm closes ferry line between Esker and Halden",
    "Museum returns bronze statue after forty years",
    "Google adds AI summaries to calendar",
    "Meta unveils plans for batch of in-house AI chips",
    "How popular AI chatbots change the classroom",
)


def telling(title: str, number: int, hours: float = 0) -> Telling:
    article = an_article(
        id=number, title=title, publisher=f"paper-{number}", first_seen_at=NOON + timedelta(hours=hours)
    )
    return telling_of(article, fingerprint(article))


def window(*titles: str) -> Window:
    made = Window()
    for number, title in enumerate((*ORDINARY, *titles), 1):
        made.add(telling(title, number), CandidateId(number))
    return made


def placed(title: str, made: Window, *, days: float) -> Match:
    article = an_article(id=90, title=title, publisher="courier", first_seen_at=NOON + timedelta(days=days))
    return match_article(article, fingerprint(article), made, replace(FITTED, join_at=1.0))  # where nothing joins


def related(title: str, *rivals: tuple[str, float]) -> tuple[object, ...]:
    made = window(*(t for t, _ in rivals))
    held = [
        Rival(candidate=CandidateId(n), nearest=made[telling(t, n).article], score=score)
        for n, (t, score) in enumerate(rivals, len(ORDINARY) + 1)
    ]
    return find_related(telling(title, 90), held, made.rarity(), {}, threshold=0.65)


def test_the_ruling_about_a_ban_opens_its_own_and_is_related_to_it() -> None:
    found = placed(
        "Judge temporarily blocks Pentagon's ban on Anthropic",
        window("Anthropic rejects Pentagon’s AI demands"),
        days=3,
    )
    assert found.candidate is None
    (evidence,) = found.related
    assert evidence.nearest == len(ORDINARY) + 1
    assert {"Anthropic", "Pentagon"} <= {*evidence.names, *evidence.words}
    assert (evidence.score or 0) < (evidence.threshold or 0)


@pytest.mark.parametrize(
    "other",
    [
        "How AI chatbots change the office",  # no name
        "Anthropic opens office in Tokyo",  # a name, and nothing besides
    ],
)
def test_a_common_subject_relates_nothing(other: str) -> None:
    made = window(other)
    a, b = telling(BAN, 90).fingerprint, telling(other, 91).fingerprint
    assert not is_one_affair(a, b, 0.5, made.rarity())


def test_who_shares_much_is_related_at_a_lower_score_than_who_shares_little() -> None:
    little = "Anthropic answers the Pentagon"
    made = window(BAN, little)
    ban, suit, other = (telling(t, n).fingerprint for n, t in enumerate((BAN, SUIT, little), 90))
    assert is_one_affair(suit, ban, 0.02, made.rarity())
    assert is_one_affair(ban, other, 0.2, made.rarity())
    assert not is_one_affair(ban, other, 0.02, made.rarity())


def test_only_the_best_are_kept_the_nearest_first() -> None:
    titles = [
        f"Pentagon designates Anthropic a supply chain risk, {word}"
        for word in ("says", "wrote", "told", "added", "held")
    ]
    found = related(SUIT, *((t, 0.1 + n / 10) for n, t in enumerate(titles)))
    assert len(found) == RELATED_LIMIT
    scores = [e.score for e in found]  # type: ignore[attr-defined]
    assert scores == sorted(scores, reverse=True)


def test_the_reason_names_the_article_and_what_both_share() -> None:
    made = window(BAN)
    nearest = made[telling(BAN, len(ORDINARY) + 1).article]
    held = Rival(candidate=CandidateId(7), nearest=nearest, score=0.3)
    (found,) = find_related(telling(SUIT, 90), [held], made.rarity(), {}, threshold=0.65)
    assert say_related(nearest, found).startswith(f"Another happening of the same affair as “{BAN}” (Paper-7): shares ")


def test_a_second_outage_of_one_service_leads_to_the_first() -> None:
    text = "Investigating - We see elevated errors on the {} API in region {}."
    made = window()

    def outage(number: int, days: float, publisher: str, *words: str) -> Article:
        at = NOON + timedelta(days=days)
        said = text.format(*words)
        return an_article(
            id=number, title=said[16:60], text=said, publisher=publisher, origin=Origin.PROVIDER, first_seen_at=at
        )

    for number, (days, publisher) in enumerate(((1.0, "kestrane"), (2.0, "velmora"), (30.0, "kestrane")), 40):
        told = outage(number, days, publisher, publisher, "east")
        made.add(telling_of(told, fingerprint(told)), CandidateId(number))
    second = outage(90, 32.0, "kestrane", "Halyard", "west")
    found = match_article(second, fingerprint(second), made, replace(FITTED, join_at=1.0))
    (evidence,) = found.related
    assert evidence.nearest == 42  # of the same service, within a fortnight
    assert say_related(made[evidence.nearest], evidence).startswith("An earlier outage of the same service, “")
    assert say_related(made[evidence.nearest], evidence).endswith(" (Kestrane), 2 days apart.")
