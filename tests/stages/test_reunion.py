"""Which later article makes two candidates doubtful, and what it takes that the smaller goes to the larger."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from monitor.model import Article, ArticleId, CandidateId, Evidence, Joined, Match, Origin, PublisherId
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import telling_of
from monitor.stages.reunion import (
    BEGAN,
    EVEN,
    FEW,
    FRESH,
    SECOND_SCORE,
    SURE,
    YOUNG,
    Doubt,
    find_doubt,
    find_home,
    say_reunited,
)
from monitor.stages.weights import Weights
from monitor.stages.window import Window
from tests.builders import NOON, an_article

LARGER, SMALLER = CandidateId(10), CandidateId(20)
TOLD = (
    "A clinic in Port Calder has stopped using a chatbot that gave three patients wrong doses of insulin.",
    "Nurse Ada Merrow noticed the answers on Tuesday and told the ward at once.",
    "The maker, Lumenquay, has withdrawn version 4.1, and says that no patient came to lasting harm.",
    "An inspection by the office for medicines will follow in May, said its head Ruben Stiles.",
)
FIRE = (
    "A fire destroyed a warehouse in Brindlemere on Monday night.",
    "Forty firemen under Dorothea Askew fought it until dawn.",
    "Haldane Freight lost 2,300 parcels, and will rebuild within a year.",
)
BACKGROUND = (
    "Parliament debates budget for hospitals and schools",
    "Storm closes ferry line between Esker and Halden",
    "Chip maker Nordwin opens plant near Tarnow",
    "Museum returns bronze statue after forty years",
    "Football club Orrin sells stadium to city council",
)


def a_report(number: int, *, hours: float = 0, told: tuple[str, ...] = TOLD, publisher: str | None = None) -> Article:
    """A telling of what happened, in an order of its own."""
    turned = (*told[number % len(told) :], *told[: number % len(told)])
    return an_article(
        id=number,
        title=turned[0].rstrip("."),
        text="\n".join(turned),
        publisher=PublisherId(publisher or f"paper-{number}"),
        first_seen_at=NOON + timedelta(hours=hours),
    )


class Told:
    """A window with two candidates, and the report that has just joined the larger one."""

    def __init__(self, *, larger: list[Article], smaller: list[Article], bridge: Article | None = None) -> None:
        self.articles = {a.id: a for a in (*larger, *smaller)}
        self.window = Window()
        for number, title in enumerate(BACKGROUND, 900):
            article = an_article(id=number, title=title, text="", first_seen_at=NOON - timedelta(hours=30))
            self.window.add(telling_of(article, fingerprint(article)), CandidateId(number))
        self.bridge = bridge or a_report(50, hours=9)
        for candidate, articles in ((LARGER, larger), (SMALLER, smaller), (LARGER, [self.bridge])):
            for article in articles:
                self.window.add(telling_of(article, fingerprint(article)), candidate)

    def doubt(self, *, score: float = 0.4, joined: Joined = Joined.EVENT, second: int | None = SMALLER) -> Doubt | None:
        match = Match(
            candidate=LARGER,
            joined=joined,
            nearest=None,
            copy_of=None,
            similarity=0.95,
            reason="The same event.",
            evidence=Evidence(
                score=0.95,
                threshold=0.55,
                runner_up=None if second is None else CandidateId(second),
                runner_up_score=score,
            ),
        )
        return find_doubt(telling_of(self.bridge, fingerprint(self.bridge)), match, self.window)


def two_of_one() -> Told:
    return Told(larger=[a_report(1), a_report(2, hours=1)], smaller=[a_report(3, hours=2)])


# --- which candidates are doubtful ------------------------------------------------------------------------------


def test_an_article_near_to_a_second_candidate_puts_the_smaller_of_both_in_doubt() -> None:
    found = two_of_one().doubt()
    assert found is not None
    assert (found.smaller, found.larger, found.founder, found.articles) == (SMALLER, LARGER, 3, (3,))


def test_of_two_that_are_as_large_the_one_that_opened_later_is_looked_at() -> None:
    told = Told(larger=[a_report(1)], smaller=[a_report(2), a_report(3, hours=2)])
    found = told.doubt()
    assert found is not None
    assert (found.smaller, found.larger) == (SMALLER, LARGER)


def test_the_one_it_joined_may_be_the_smaller() -> None:
    told = Told(larger=[], smaller=[a_report(n, hours=n) for n in range(1, 4)])
    found = told.doubt()
    assert found is not None
    assert (found.smaller, found.larger, found.founder) == (LARGER, SMALLER, told.bridge.id)


def test_nothing_is_doubtful_without_a_second_candidate_that_is_near() -> None:
    told = two_of_one()
    assert told.doubt(second=None) is None
    assert told.doubt(score=SECOND_SCORE - 0.01) is None
    assert told.doubt(second=LARGER) is None, "the second may have come to the first since"
    unlike = Told(larger=[a_report(1), a_report(2, hours=1)], smaller=[a_report(3, hours=2, told=FIRE)])
    assert unlike.doubt() is None, "near by its size, not by what it tells"


@pytest.mark.parametrize("joined", [Joined.COPY, Joined.OPENED, Joined.MENTION])
def test_only_an_event_told_anew_shows_something(joined: Joined) -> None:
    assert two_of_one().doubt(joined=joined) is None


def test_what_has_grown_is_an_editors_to_merge() -> None:
    larger = [a_report(n) for n in range(1, 2 * FEW + 2)]
    assert Told(larger=larger, smaller=[a_report(20 + n, hours=2) for n in range(FEW)]).doubt() is not None
    assert Told(larger=larger, smaller=[a_report(20 + n, hours=2) for n in range(FEW + 1)]).doubt() is None


def test_only_what_was_told_lately_is_looked_at() -> None:
    larger, after = [a_report(1), a_report(2)], FRESH / timedelta(hours=1)
    assert Told(larger=larger, smaller=[a_report(3)], bridge=a_report(50, hours=after)).doubt() is not None
    assert Told(larger=larger, smaller=[a_report(3)], bridge=a_report(50, hours=after + 1)).doubt() is None


def test_last_years_look_alike_shows_nothing_of_today() -> None:
    """A fire at another shop of the chain reads like this week's, and draws its reports."""
    smaller = [a_report(3, hours=2)]
    for age, is_doubtful in ((BEGAN - timedelta(days=1), True), (BEGAN + timedelta(days=1), False)):
        old = a_report(1, hours=-age / timedelta(hours=1))
        assert Told(larger=[old], smaller=smaller).doubt() is None, "nobody told of it lately but the article"
        assert (Told(larger=[old, a_report(2, hours=1)], smaller=smaller).doubt() is not None) is is_doubtful


# --- what it takes ----------------------------------------------------------------------------------------------


def test_to_move_takes_more_than_to_join_unless_the_article_is_near_to_both_and_both_are_young() -> None:
    def needed(count: int) -> float:
        found = Told(larger=[a_report(n) for n in range(1, count)], smaller=[a_report(30, hours=2)]).doubt()
        assert found is not None
        return found.least

    assert needed(YOUNG) == EVEN
    assert needed(YOUNG + 1) == SURE, "among many of one theme, one is near to much"


def test_an_incident_on_a_status_page_is_too_terse_to_move_on_even_odds() -> None:
    said = "Investigating - Elevated errors for insulin doses. Chatbot in Port Calder stopped. Version 4.1, clinic."
    incident = an_article(
        id=3,
        title="Wrong doses of insulin: chatbot in Port Calder",
        text=said,
        publisher="lumenquay",
        origin=Origin.PROVIDER,
        first_seen_at=NOON + timedelta(hours=2),
    )
    found = Told(larger=[a_report(1), a_report(2, hours=1)], smaller=[incident]).doubt()
    assert found is not None
    assert found.least == SURE


HEADLINES = (
    "Clinic in Port Calder stops chatbot over wrong insulin doses",
    "Wrong insulin doses: Port Calder nurse raised alarm over chatbot",
    "Insulin chatbot of Lumenquay withdrawn from Port Calder ward",
    "Port Calder patients safe after chatbot mixed up insulin doses",
    "Office for medicines to inspect Port Calder insulin chatbot",
)


def a_headline(number: int, *, hours: float = 0, publisher: str | None = None) -> Article:
    return an_article(
        id=number,
        title=HEADLINES[number % len(HEADLINES)],
        text="",
        publisher=PublisherId(publisher or f"paper-{number}"),
        first_seen_at=NOON + timedelta(hours=hours),
    )


def likely(probability: float) -> Weights:
    """Weights by which every candidate is the article's with this probability; of several the oldest is taken."""
    return Weights.named(0.0, {}, math.log(probability / (1 - probability)), {}, 0.55)


def home(smaller: list[Article], weights: Weights, *, least: float = SURE) -> tuple[ArticleId, Match] | None:
    """Which article takes the smaller candidate to the larger, if it is judged by these weights."""
    told = Told(larger=[a_headline(1), a_headline(2, hours=1)], smaller=smaller, bridge=a_headline(5, hours=9))
    articles = tuple(a.id for a in smaller)
    doubt = Doubt(smaller=SMALLER, larger=LARGER, founder=articles[0], articles=articles, least=least)
    before = (told.window.members(LARGER), told.window.members(SMALLER))
    found = find_home(doubt, lambda key: told.articles[key], told.window, weights)
    assert (told.window.members(LARGER), told.window.members(SMALLER)) == before, "the window is left as it was"
    assert found is None or found[1].candidate == LARGER
    return found


def test_it_goes_where_its_first_article_would_go_if_it_came_today() -> None:
    alone = [a_headline(3, hours=2)]
    assert home(alone, likely(0.95)) is not None
    assert home(alone, likely(0.85)) is None, "to move takes more than to join"
    assert home(alone, likely(0.85), least=EVEN) is not None
    assert home(alone, likely(0.3), least=EVEN) is None


def test_where_the_first_says_too_little_another_article_may_show_the_way() -> None:
    by_days = Weights.named(0.0, {}, 3.0, {"days": -2.0}, 0.55)  # who was told long before is less likely to belong
    first, later = a_headline(3, hours=-60), a_headline(4, hours=3)
    assert home([first], by_days) is None
    found = home([first, later], by_days)
    assert found is not None
    assert found[0] == later.id


def test_the_others_must_be_sure_even_where_the_first_need_not_be() -> None:
    by_days = Weights.named(0.0, {}, 1.5, {"days": -2.0}, 0.55)
    assert home([a_headline(3, hours=-60), a_headline(4, hours=3)], by_days, least=EVEN) is None


def test_it_says_what_showed_it() -> None:
    found, bridge = home([a_headline(3, hours=2)], likely(0.95)), a_headline(5, hours=9)
    assert found is not None
    said = say_reunited(found[1], telling_of(bridge, fingerprint(bridge)))
    by = f"“{bridge.title}” ({bridge.publisher_name})"
    assert said.startswith(f"Looked at again when {by} told both: the same event as “")
