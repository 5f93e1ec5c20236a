"""How an article and a candidate are set against each other: what is told by several here, and who else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import CandidateId
from monitor.stages.candidacy import CANDIDATE_FEATURES, MARGIN_LIMIT, Field
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import compare, prospects, telling_of
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article


def telling(number: int, title: str, vector: bytes = b"", *, hours: float = 0) -> Telling:
    article = an_article(id=number, title=title, first_seen_at=NOON + timedelta(hours=hours))
    return telling_of(article, fingerprint(article, vector))


def window_with(*told: tuple[Telling, int]) -> Window:
    window = Window()
    for one, candidate in told:
        window.add(one, CandidateId(candidate))
    return window


def features(asked: Telling, window: Window) -> dict[int, dict[str, float]]:
    rarity = window.rarity()
    near = compare(asked, window.neighbours(asked, rarity), rarity, window)
    found = prospects(near, asked, rarity, window)
    return {p.candidate: dict(zip(CANDIDATE_FEATURES, p.features, strict=True)) for p in found}


def test_where_articles_often_join_another_is_known() -> None:
    alone = window_with(*((telling(n, f"Headline of number{n} affair"), n) for n in range(1, 31)))
    together = window_with(*((telling(n, f"Headline of number{n} affair"), 1 + n // 10) for n in range(1, 31)))
    assert alone.joined_share() < 0.2 < 0.6 < together.joined_share()
    asked = telling(50, "Headline of number3 affair again")
    assert features(asked, alone)[3]["joining"] < features(asked, together)[1]["joining"]


def test_the_share_does_not_depend_on_the_order_of_arrival() -> None:
    told = [(telling(n, f"Affair number{n}", hours=n), n % 7) for n in range(1, 41)]
    assert window_with(*told).joined_share() == window_with(*reversed(told)).joined_share()


def test_an_empty_window_is_taken_for_a_stream_in_which_every_third_joins() -> None:
    assert Window().joined_share() == pytest.approx(1 / 3)


def test_what_a_candidate_means_is_set_against_the_others() -> None:
    near, far = bytes([10, 10, 10, 10]), bytes([10, 0, 0, 0])
    window = window_with(
        (telling(1, "Robotaxi cars stop in traffic", near), 1), (telling(2, "Robotaxi firm hires staff", far), 2)
    )
    found = features(telling(50, "Robotaxi halt in traffic", near), window)
    assert found[1]["meaning"] == pytest.approx(1.0)
    assert found[2]["meaning"] == pytest.approx(0.5)
    assert found[1]["meaning_margin"] == pytest.approx(0.3)
    assert found[2]["meaning_margin"] == pytest.approx(-0.5)
    assert found[1]["margin"] <= MARGIN_LIMIT
    assert found[2]["margin"] < 0


def test_without_vectors_meaning_is_nought() -> None:
    window = window_with((telling(1, "Robotaxi cars stop in traffic"), 1))
    found = features(telling(50, "Robotaxi halt in traffic"), window)[1]
    assert {found[name] for name in CANDIDATE_FEATURES if name.startswith("meaning")} <= {0.0, 0.3}
    asked = telling(50, "Robotaxi halt in traffic").fingerprint
    assert Field.of(asked, {}, window, window.rarity()).odds == ()
