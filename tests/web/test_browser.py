"""The desk in a real Chromium: by keyboard alone, from signing in to a published wire, with no CSP report."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from monitor.model import RevisionStatus, WireId
from monitor.store.wires import get_wire
from tests.conftest import need
from tests.stored import a_candidate_of
from tests.web.conftest import PASSWORD, Desk

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("MONITOR_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--no-first-run",
]


class Patient:
    """A browser whose pages wait for a minute: a deadline that is met costs nothing, and machines are slow at times."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def new_context(self, **more: Any) -> Any:
        context = self.browser.new_context(**more)
        context.set_default_timeout(60_000)
        return context


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = (
        pytest.importorskip("playwright.sync_api")
        if "CI" not in os.environ
        else __import__("playwright.sync_api", fromlist=["sync_playwright"])
    )
    if CHROMIUM is None:
        need("no Chromium on this machine: apt-get install chromium, or set MONITOR_TEST_CHROMIUM")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield Patient(browser)
        browser.close()


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide-light", "narrow-dark"])
def page(chromium: Any, desk: Desk, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page that fails the test on any console error, script error, CSP report or request to elsewhere."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=desk.url)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda e: faults.append(str(e)))
    opened.on("request", lambda r: None if r.url.startswith((desk.url, "data:")) else faults.append(r.url))
    yield opened
    context.close()
    assert faults == []


def sign_in(page: Any) -> None:
    page.goto("/desk")
    page.wait_for_selector("input[name=name]:focus")  # nobody has to click before typing
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/queue")


def test_from_signing_in_to_a_published_wire_by_keyboard_alone(page: Any, desk: Desk) -> None:
    urgent = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    other = a_candidate_of(desk.database, "herald", title="Price of a model rises")
    sign_in(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.line').dataset.id") == str(other)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#detail[data-id="{other}"]')
    page.keyboard.press("r")
    page.keyboard.press("n")
    page.wait_for_selector(".toast")
    assert "rejected: AI news, no incident" in page.inner_text(".toast")

    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#detail[data-id="{urgent}"]')
    page.keyboard.press("c")
    page.wait_for_selector("text=with ada")
    page.keyboard.press("a")
    page.wait_for_selector("#wire-form")

    page.focus('input[name="severity"][value="SEV-3"]')
    page.keyboard.press("Space")
    page.wait_for_selector(".guide:has-text('SEV-1')")
    page.focus("#occurred_on")
    page.keyboard.type("03012026")
    page.focus("#provider_name")
    page.keyboard.type("ChatGPT")
    page.keyboard.press("Enter")
    page.wait_for_selector('input[name="providers"][value="openai"]:checked')
    page.focus("#body")
    page.keyboard.type("A court found an invented ruling.")
    page.focus("[data-cite] >> nth=0")
    page.keyboard.press("Enter")
    page.focus("[data-cite] >> nth=1")
    page.keyboard.press("Enter")
    parts = {
        "outcome": "the invented ruling",
        "system": "the chatbot",
        "role": "wrote it",
        "without": "it would be real",
    }
    for name, text in (
        ("rationale", "The filing rests on it."),
        *((f"test_{part}", words) for part, words in parts.items()),
        ("counterfactual", "Not without the chatbot."),
    ):
        page.focus(f"#{name}")
        page.keyboard.type(text)
    page.focus("#test_support")
    page.keyboard.type("Gazette")
    page.focus("#test_confidence")
    page.keyboard.type("high")
    for code in ("M2", "F5"):
        page.focus(f'input[name="codes"][value="{code}"]')
        page.keyboard.press("Space")
    page.wait_for_selector("#preview >> text=Not without the chatbot.")
    page.wait_for_selector("#saved:not([data-state])")
    page.wait_for_selector("text=Nothing is missing.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Released by ada")
    wire = WireId(int(page.url.rsplit("/", 1)[1]))
    with desk.database.read() as tx:
        revision = get_wire(tx, wire).revisions[-1]
    assert revision.status is RevisionStatus.RELEASED
    assert revision.source_count == 2


def test_what_was_typed_is_saved_by_itself(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling")
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.click("text=Accept")
    page.wait_for_selector("#wire-form")
    page.fill("#rationale", "Typed and never saved by hand.")
    assert page.inner_text("#saved") == "Changed, not saved"
    page.wait_for_selector("#saved:not([data-state])")
    page.reload()
    assert page.input_value("#rationale") == "Typed and never saved by hand."


def test_every_page_fits_its_window_and_has_one_h1_and_named_controls(page: Any, desk: Desk) -> None:
    long = "A headline of a hundred and eighty characters that goes on and on " * 3
    candidate = a_candidate_of(desk.database, "gazette", "courier", title=long[:180])
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.click("text=Accept")
    page.wait_for_selector("#wire-form")
    paths = ("queue", "candidates/1", "wires", "wires/1", "sources", "account", "people", "keys")
    for path in (f"/desk/{p}" for p in paths):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1:not([aria-level])").count() == 1, path
        assert page.get_attribute("html", "lang") == "en", path
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('button, a[href], input, select, textarea, summary')]
                .filter(e => e.type !== 'hidden')
                .filter(e => !(e.textContent?.trim() || e.getAttribute('aria-label') || e.labels?.length))
                .map(e => e.outerHTML)"""
        )
        assert unnamed == [], path


def test_the_theme_switch_holds(page: Any, desk: Desk) -> None:
    sign_in(page)
    before = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.click("[data-theme-switch]")
    page.goto("/desk/wires")
    after = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    assert after != before
