"""Sources in a real Chromium, wide and narrow: added from an address, watched as they go wrong, and repaired.

By keyboard where a keyboard is at hand. The sites are real servers on loopback; the test polls in the daemon's place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from monitor.jobs.poll import poll
from monitor.jobs.workers import Workers
from monitor.model import Held, Kind, SourceId
from monitor.net.client import Fetcher
from monitor.store.sources import list_sources
from tests.net.servers import RecordingServer, http
from tests.web.conftest import Desk
from tests.web.newsroom_sources import a_page, a_source, furnish, stand, state_of
from tests.web.test_browser import chromium, sign_in

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser


REFUSED = "the server responded with a status of 409"  # what Chromium says of a stale form


def feed(title: str, *names: str) -> bytes:
    items = "".join(
        f"<item><title>{title} {name}</title><link>http://lab.localhost/{name}</link><guid>{title}-{name}</guid></item>"
        for name in names
    )
    body = f"<rss version='2.0'><channel><title>{title}</title><language>en</language>{items}</channel></rss>"
    return http(200, body.encode(), ("Content-Type", "application/rss+xml"))


def news(href: str) -> bytes:
    link = f"<link rel='alternate' type='application/rss+xml' href='{href}'>"
    return http(200, f"<html><head>{link}</head><body>News</body></html>".encode(), ("Content-Type", "text/html"))


@pytest.fixture
def newsroom(desk_with: Callable[..., Desk], tmp_path: Path) -> Desk:
    desk = desk_with(sources=tmp_path / "feeds.yaml", allow_addresses="127.0.0.0/8")
    furnish(desk, a_source())
    return desk


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide-light", "narrow-dark"])
def page(chromium: Any, newsroom: Desk, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page that fails the test on any console error, script error, CSP report or request to elsewhere."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=newsroom.url)
    opened = context.new_page()
    faults: list[str] = []
    opened.on(
        "console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} and REFUSED not in m.text else None
    )
    opened.on("pageerror", lambda e: faults.append(str(e)))
    opened.on("dialog", lambda d: faults.append(d.message))
    opened.on("request", lambda r: None if r.url.startswith((newsroom.url, "data:")) else faults.append(r.url))
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def site() -> Iterator[RecordingServer]:
    with RecordingServer(
        {"/news": news("/feed.xml"), "/feed.xml": feed("Example Lab", "one", "two", "three")}
    ) as opened:
        yield opened


@pytest.fixture
def ask(newsroom: Desk) -> Iterator[Callable[..., None]]:
    """Let time pass, and poll what is due of the source."""
    with (
        Fetcher(user_agent="test", clock=newsroom.clock, allow=[ip_network("127.0.0.0/8")]) as fetcher,
        Workers(1) as workers,
    ):

        def polled(*sources: str, **span: float) -> None:
            newsroom.clock.advance(**span)
            names = [SourceId(source) for source in sources]
            poll(newsroom.database, newsroom.clock, fetcher, workers, owner="test", sources=names)

        yield polled


def stands(page: Any) -> str:
    """What the page says of the state, in words."""
    return " ".join(page.inner_text(".condition").split())


def test_a_source_is_added_watched_and_repaired_from_the_desk_alone(
    page: Any, newsroom: Desk, site: RecordingServer, ask: Callable[..., None]
) -> None:
    sign_in(page)
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/desk/sources")
    page.keyboard.press("n")
    page.wait_for_selector("#address:focus")
    page.keyboard.type(site.url("/news").removeprefix("http://"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".finding[open]")
    assert "Example Lab three" in page.inner_text(".sample >> nth=0")
    page.click(".finding[open] .more > summary")
    page.fill("#id-1", "lab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/sources/lab?done=add")
    assert stands(page).startswith("new")

    ask("lab")
    page.wait_for_selector(".condition .health.healthy")  # the page looks by itself
    assert "200, 3 new entries" in stands(page)
    page.reload()
    assert "Example Lab three" in page.inner_text(".arrivals")

    site.answers["/feed.xml"] = http(500)
    ask("lab", hours=30)
    page.reload()
    assert stands(page).startswith("failing since")
    assert "server-error" in stands(page)
    site.answers["/feed.xml"] = http(404)
    ask("lab", hours=30)
    page.reload()
    assert "Look at the site for its new address." in stands(page)

    site.answers["/new.xml"] = feed("Example Lab", "three", "four")
    page.keyboard.press("e")
    page.wait_for_url("**/lab/edit")
    page.fill("#url-1", site.url("/new.xml"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab?done=edit")
    ask("lab")
    page.reload()
    assert stands(page).startswith("healthy")
    assert "Example Lab four" in page.inner_text(".arrivals")

    site.answers["/new.xml"] = feed("Casino", "win", "more")
    ask("lab", hours=30)
    page.reload()
    assert stands(page).startswith("held back")
    assert "Casino win" in page.inner_text(".versions")
    page.click("button:has-text('Confirm the change')")
    page.wait_for_url("**/lab?done=confirm")
    ask("lab")
    page.wait_for_selector(".condition .health.healthy")

    page.keyboard.press("h")
    page.wait_for_url("**/lab?done=pause")
    assert stands(page).startswith("paused")
    page.keyboard.press("u")
    page.wait_for_url("**/lab?done=resume")
    page.keyboard.press("d")
    page.wait_for_selector(".menu[open]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/sources?done=remove*")
    assert "Example Lab" not in page.inner_text("#lines")
    page.keyboard.press("u")
    page.wait_for_url("**/lab?done=return")
    with newsroom.database.read() as tx:
        assert {source.id for source in list_sources(tx)} == {"gazette", "lab"}


def test_poll_now_is_one_key_and_the_answer_comes_by_itself(
    page: Any, newsroom: Desk, site: RecordingServer, ask: Callable[..., None]
) -> None:
    furnish(newsroom, a_source("lab", url=site.url("/feed.xml")))
    sign_in(page)
    page.goto("/desk/sources/lab")
    page.keyboard.press("p")
    page.wait_for_url("**/lab?done=ask")
    assert "It is asked within seconds" in page.inner_text(".toast")
    ask()
    page.wait_for_selector("text=200, 3 new entries")
    assert state_of(newsroom, "lab").due_at > newsroom.clock.now()


def test_the_list_is_walked_by_keyboard(page: Any, newsroom: Desk) -> None:
    furnish(newsroom, a_source("broken"), a_source("herald"))
    now = newsroom.clock.now()
    stand(newsroom, "broken", failure_weight=1.0, failing_since=now, last_outcome="timeout: 60 s passed")
    sign_in(page)
    page.goto("/desk/sources")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.line').dataset.id") == "broken"
    assert page.is_visible("#cbroken .step")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.line').dataset.id") == "gazette"
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url("**/desk/sources/broken")
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/sources")
    assert page.evaluate("document.activeElement.closest('.line')?.dataset.id") == "broken"
    page.keyboard.press("/")
    page.keyboard.type("herald")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=herald*")
    assert page.locator("#lines .line").count() == 1


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>" + "wide" * 60


def test_every_page_of_sources_fits_its_window_with_hostile_and_foreign_names_h23(page: Any, newsroom: Desk) -> None:
    furnish(
        newsroom,
        a_source("evil", name=HOSTILE[:200]),
        a_source("arabic", name="مرصد الذكاء الاصطناعي"),
        a_page("board", selector="main article h2 a"),
        a_source("letters", kind=Kind.MAILBOX, url="imaps://desk%40paper.example@imap.paper.example/INBOX"),
    )
    now = newsroom.clock.now()
    held = Held(since=now, title=HOSTILE, feed_id=HOSTILE, entry_titles=(HOSTILE,))
    stand(newsroom, "evil", held=held, last_outcome=HOSTILE, rule=HOSTILE, feed_title=HOSTILE)
    stand(newsroom, "board", url="https://new.example/" + "x" * 300, moved_at=now)
    sign_in(page)
    ids = ("evil", "arabic", "board", "letters")
    paths = ("", *(f"/{key}" for key in ids), "/evil/edit", "/add", "/import", "?text=nobody")
    for path in (f"/desk/sources{path}" for path in paths):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1, path
        assert page.locator("main img").count() == 0, path
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('button, a[href], input, select, textarea, summary, svg[role=img]')]
                .filter(e => e.type !== 'hidden')
                .filter(e => !(e.textContent?.trim() || e.getAttribute('aria-label') || e.labels?.length))
                .map(e => e.outerHTML)"""
        )
        assert unnamed == [], path


def test_a_stale_page_loses_nothing_that_was_typed(page: Any, newsroom: Desk) -> None:
    sign_in(page)
    page.goto("/desk/sources/gazette/edit")
    other = newsroom.signed_in("ada")
    html = other.get("/desk/sources/gazette/edit").text
    fields = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', html))
    chosen = {"publisher": "paper", "origin": "press", "tier": "secondary", "kind": "feed", "provider": ""}
    fields.pop("is_aggregator", None)
    saved = other.post("/desk/sources/gazette/edit", fields | chosen | {"name": "Theirs"})
    assert saved.status_code == 303
    page.fill("#name-1", "Mine")
    with page.expect_response(lambda answer: answer.status == 409):
        page.keyboard.press("Enter")
    page.wait_for_selector("text=Saved now: Theirs")
    assert page.input_value("#name-1") == "Mine"
    page.click(".source-form button.primary")
    page.wait_for_url("**/gazette?done=edit")
