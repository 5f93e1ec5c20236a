"""Two candidates side by side: why they are not one."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import Article, CandidateId
from monitor.stages.beside import Beside, Side, set_beside
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import ANOTHER_LEAST, telling_of
from monitor.stages.weights import FITTED
from tests.builders import NOON, an_article

WRONG_LANE = "Ambulance sent to the wrong Mill Lane: man dies in Eskerton"
TEXT = "The software of Dovrel chose the other of two streets that are called Mill Lane, and a man died."


def side(candidate: int, title: str, *, hours: float = 0) -> Side:
    article: Article = an_article(
        id=candidate,
        title=title,
        text=TEXT + title,
        publisher=f"p{candidate}",
        first_seen_at=NOON + timedelta(hours=hours),
    )
    told = telling_of(article, fingerprint(article))
    return Side(candidate=CandidateId(candidate), tellings=(told,), articles={article.id: article})


def beside(title: str, *, hours: float) -> Beside:
    return set_beside(side(1, WRONG_LANE), side(2, title, hours=hours), ())


def test_where_the_later_ones_headline_tells_of_something_else_it_says_so_and_more_is_needed() -> None:
    found = beside("Widow sues Dovrel over Mill Lane ambulance", hours=70)
    assert found.threshold == ANOTHER_LEAST
    assert any(
        said.startswith("The headline of “Widow sues Dovrel over Mill Lane ambulance”") for said in found.against
    )


def test_what_is_told_of_the_same_needs_what_every_article_needs() -> None:
    found = beside("Mill Lane ambulance: Dovrel looks into the software", hours=5)
    assert found.threshold == FITTED.join_at
    assert not any("tells of something else" in said for said in found.against)
