"""A candidate in a real Chromium: a look before a split, a snapshot that asks nobody, and search by keyboard."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from monitor.jobs.index import index
from monitor.model import Snapshot
from monitor.store.articles import append_version
from monitor.store.candidates import get_candidate
from tests.stored import MORNING, PROVIDERS, a_candidate_of, store_article, store_candidate
from tests.web.conftest import Desk
from tests.web.test_browser import chromium, page, sign_in

__all__ = ["chromium", "page"]  # fixtures

pytestmark = pytest.mark.browser

HOSTILE = b"""<html><head><title>x</title><link rel="stylesheet" href="http://evil.example/x.css">
<style>h1 { color: rgb(1, 2, 3); background: url(http://evil.example/y.png) } @import "http://evil.example/z.css";</style>
<meta http-equiv="refresh" content="0;url=http://evil.example/"></head><body onload="document.title = 'ran'">
<h1>An outage</h1><script>top.document.title = "ran"</script><img src="http://evil.example/x.png" alt="A chart">
<a id="out" href="http://evil.example/" target="_top">A link</a><form action="http://evil.example/"><button>Go</button></form>
<iframe src="http://evil.example/"></iframe></body></html>"""


def test_what_a_split_would_make_of_the_count_is_there_as_soon_as_an_article_is_ticked(page: Any, desk: Desk) -> None:
    with desk.database.write() as tx:
        articles = [store_article(tx, name) for name in ("gazette", "courier", "herald")]
        candidate = store_candidate(tx, *articles)
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.check(f"#split input[value='{articles[1]}']")
    page.wait_for_selector("#would-split .side >> nth=1")
    counts = [" ".join(s.split()).split(" of ")[0] for s in page.locator("#would-split .counts").all_inner_texts()]
    assert counts == ["3 → 2 sources", "1 source"]
    with desk.database.read() as tx:
        assert get_candidate(tx, candidate).article_count == 3


def test_a_merge_is_looked_at_while_its_number_is_typed(page: Any, desk: Desk) -> None:
    one, two = a_candidate_of(desk.database, "gazette"), a_candidate_of(desk.database, "courier", "gazette")
    sign_in(page)
    page.goto(f"/desk/candidates/{one}")
    page.keyboard.press("m")
    page.keyboard.type(str(two))
    page.wait_for_selector("#would-merge .side")
    assert "1 → 2 sources" in " ".join(page.inner_text("#would-merge .counts").split())
    assert f"#{two} (" in page.inner_text("#would-merge")


def test_what_is_typed_as_soon_as_the_page_stands_is_heard(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    sign_in(page)
    page.add_init_script(
        """window.addEventListener('DOMContentLoaded',
        () => { window.listens = !!document.querySelector('[hx-post$=look-merge][data-htmx-powered]') })"""
    )
    page.goto(f"/desk/candidates/{candidate}")
    assert page.evaluate("window.listens") is True


def test_a_snapshot_shows_the_page_and_asks_nobody_for_anything_d7(chromium: Any, desk: Desk) -> None:
    shot = Snapshot(
        digest=hashlib.sha256(HOSTILE).hexdigest(),
        url="https://gazette.example/1",
        fetched_at=MORNING,
        content_type="text/html",
        size_bytes=len(HOSTILE),
    )
    with desk.database.write() as tx:
        article = store_article(tx, "gazette", title="An outage")
        append_version(tx, article, title="An outage", text="Later", now=MORNING, snapshot=shot, body=HOSTILE)
    context = chromium.new_context(base_url=desk.url)
    page = context.new_page()
    sign_in(page)
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"/desk/articles/{article}/snapshot?version=1")
    frame = page.frame_locator("iframe.snapshot")
    assert frame.locator("h1").inner_text() == "An outage"
    assert frame.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    frame.locator("a").click()
    page.wait_for_timeout(300)
    assert page.title().startswith("Snapshot of An outage")
    assert [url for url in asked if not url.startswith(desk.url)] == []
    assert [s for s in said if "Content Security Policy" in s] == []  # the others are of our looking into the frame
    context.close()


def test_search_is_two_keys_away_and_found_by_typing(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="Nimbus outage in Tarnow")
    index(desk.database, desk.clock, providers=PROVIDERS)
    sign_in(page)
    page.keyboard.press("g")
    page.keyboard.press("/")
    page.wait_for_url("**/desk/search")
    page.wait_for_selector("#main input[type=search]:focus")
    page.keyboard.type("outages provider:acme OR tarnow")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found-candidate")
    assert page.locator(f"a[href='/desk/candidates/{candidate}'] mark").all_inner_texts() == ["outage", "Tarnow"]
