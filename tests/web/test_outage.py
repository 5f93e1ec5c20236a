"""An outage on the desk: its timeline with time, state and text, at every width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.model import Article, ArticleId, CandidateId, StatusUpdate
from monitor.store.articles import get_article
from monitor.web.desk.view import tell_outage
from tests.stored import store_article, store_candidate
from tests.web.conftest import Desk
from tests.web.test_browser import chromium, page, sign_in  # noqa: F401 - fixtures

BEGAN = datetime(2026, 3, 1, 22, 40, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)> \u202e" + "W" * 300
UPDATES = (
    StatusUpdate(at=BEGAN, state="Investigating", text="We are investigating elevated errors on the API."),
    StatusUpdate(at=BEGAN + timedelta(hours=2), state="Identified", text=HOSTILE),
    StatusUpdate(at=None, state="<b>Odd</b>", text=""),
    StatusUpdate(at=BEGAN + timedelta(hours=3, minutes=5), state="Resolved", text="All services have recovered."),
)


def an_outage(desk: Desk, *updates: StatusUpdate) -> CandidateId:
    with desk.database.write() as tx:
        article = store_article(
            tx, "lumenquay", title="Errors in LumenChat", timeline=updates, note="text from the feed of the status page"
        )
        return store_candidate(tx, article)


def outage_of(desk: Desk, *updates: StatusUpdate) -> Article:
    with desk.database.write() as tx:
        return get_article(tx, ArticleId(store_article(tx, timeline=updates)))


def test_the_timeline_stands_where_the_text_would(desk: Desk) -> None:
    candidate = an_outage(desk, *UPDATES)
    shown = desk.signed_in().get(f"/desk/candidates/{candidate}").text
    timeline = shown[shown.index('<ol class="outage"') :].partition("</ol>")[0]
    times = [timeline.index(clock) for clock in (">22:40<", ">00:40<", ">no time<", ">01:45<")]
    assert times == sorted(times)
    assert timeline.count('class="day"') == 2
    assert "1 March 2026" in timeline
    assert "2 March 2026" in timeline
    assert "Investigating" in timeline
    assert "All services have recovered." in timeline
    assert "</b> after 3 h 5 min, 4 updates, the first on top" in shown
    assert 'Status page: <span dir="auto">Resolved</span>, 4 updates' in shown


def test_what_a_status_page_writes_is_text_h23(desk: Desk) -> None:
    candidate = an_outage(desk, *UPDATES)
    shown = desk.signed_in().get(f"/desk/candidates/{candidate}").text
    assert "<img src=x" not in shown
    assert "<b>Odd</b>" not in shown
    assert "&lt;b&gt;Odd&lt;/b&gt;" in shown


def test_an_outage_that_lasts_is_told_from_one_that_is_over(desk: Desk) -> None:
    now = BEGAN + timedelta(days=2, hours=4)
    lasting = tell_outage(outage_of(desk, *UPDATES[:2]), now=now)
    assert lasting is not None
    assert (lasting.state, lasting.is_over, lasting.span) == ("Identified", False, "2 d 4 h")
    over = tell_outage(outage_of(desk, *UPDATES), now=now)
    assert over is not None
    assert (over.state, over.is_over, over.span) == ("Resolved", True, "3 h 5 min")
    timeless = tell_outage(outage_of(desk, StatusUpdate(at=None, state="Monitoring", text="")), now=now)
    assert timeless is not None
    assert timeless.span == ""
    assert tell_outage(outage_of(desk), now=now) is None


@pytest.mark.browser
def test_the_timeline_fits_every_window(page: Any, desk: Desk) -> None:  # noqa: F811 - the fixture
    candidate = an_outage(desk, *UPDATES)
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.wait_for_selector(".outage li:last-child")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("[...document.querySelectorAll('.outage *')].every(e => e.scrollWidth <= e.clientWidth + 1)")
    assert page.locator(".outage img").count() == 0
