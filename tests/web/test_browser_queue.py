"""The queue's keys in a real Chromium, wide and narrow: from the line, in the pane, in menus, and on the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.stored import a_candidate_of
from tests.web.conftest import Desk
from tests.web.test_browser import chromium, sign_in

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide-light", "narrow-dark"])
def page(chromium: Any, desk: Desk, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page that fails the test on any script error or CSP report; a refusal (409) is said in the console, too."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, base_url=desk.url)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda e: faults.append(str(e)))
    yield opened
    context.close()
    assert [f for f in faults if "409 (Conflict)" not in f] == []


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement?.closest?.('.line')?.dataset.id ?? ''"))


def wait_focused(page: Any, candidate: int) -> None:
    page.wait_for_function("id => document.activeElement?.closest?.('.line')?.dataset.id === id", arg=str(candidate))


def statuses(desk: Desk) -> dict[int, str]:
    with desk.database.read() as tx:
        return {row.id: row.status for row in tx.execute(text("SELECT id, status FROM candidates"))}


def test_deciding_from_the_line_by_keyboard(page: Any, desk: Desk) -> None:
    first = a_candidate_of(desk.database, "gazette", "courier", "herald", title="Chatbot invents a ruling")
    second = a_candidate_of(desk.database, "gazette", "courier", title="Robot breaks a window")
    third = a_candidate_of(desk.database, "gazette", title="Price of a model rises")
    sign_in(page)
    page.keyboard.press("j")
    page.keyboard.press("r")
    assert page.is_visible("#palette-r")
    page.keyboard.press("Escape")
    assert page.is_hidden("#palette-r")
    assert focused(page) == str(first)

    page.keyboard.press("r")
    page.keyboard.press("d")
    wait_focused(page, second)
    assert "rejected: Duplicate" in page.inner_text(".toast")
    page.keyboard.press("u")  # it comes back, and the focus goes to it
    wait_focused(page, first)
    assert statuses(desk)[first] == "open"

    page.keyboard.press("c")
    page.wait_for_selector(f"#c{first} .who:has-text('ada')")
    wait_focused(page, first)
    page.keyboard.press("j")
    wait_focused(page, second)
    page.keyboard.press("s")
    page.keyboard.press("w")
    page.wait_for_selector("#queue:has-text('There is nothing to wait for'), .problem")  # it has two sources already
    assert statuses(desk) == dict.fromkeys((first, second, third), "open")


def test_a_menu_narrows_the_queue_and_keeps_it_under_a_name(page: Any, desk: Desk) -> None:
    many = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    a_candidate_of(desk.database, "gazette", title="Price of a model rises")
    sign_in(page)
    page.keyboard.press("f")
    page.select_option("#f-sources", "2")
    page.focus(".narrow .primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/queue?**sources=2**")
    assert page.locator("#lines > .line").count() == 1
    page.keyboard.press("l")
    page.keyboard.type("Told twice")
    page.keyboard.press("Enter")
    page.wait_for_selector("summary:has-text('Told twice')")
    page.goto("/desk/queue")
    page.keyboard.press("l")
    page.keyboard.press("1")
    page.wait_for_url("**/desk/queue?sources=2")
    assert page.get_attribute("#lines > .line", "data-id") == str(many)


def test_the_sheet_of_keys_names_every_key_of_the_queue(page: Any, desk: Desk) -> None:
    a_candidate_of(desk.database, "gazette")
    sign_in(page)
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open] .keys")
    shown = page.inner_text("#keys")
    for words in ("narrow the queue", "saved filters", "fold copies", "take the ticked apart", "attach", "undo"):
        assert words in shown
    page.keyboard.press("Escape")
    assert page.is_hidden("#keys")


def test_after_a_decision_in_the_pane_the_next_candidate_is_open_in_it(page: Any, desk: Desk) -> None:
    first = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    second = a_candidate_of(desk.database, "gazette", title="Price of a model rises")
    sign_in(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#detail[data-id="{first}"]')
    page.keyboard.press("r")
    page.keyboard.press("n")
    wait_focused(page, second)
    if page.viewport_size["width"] >= 1100:
        page.wait_for_selector(f'#detail[data-id="{second}"]')
    assert statuses(desk) == {first: "rejected", second: "open"}


def test_a_decision_on_what_changed_in_between_shows_it_as_it_is_d10(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling")
    sign_in(page)
    page.keyboard.press("j")
    page.evaluate("document.querySelector('#lines > .line').dataset.version = '0'")  # as if it had grown unseen
    with page.expect_response(lambda answer: answer.status == 409):
        page.keyboard.press("r")
        page.keyboard.press("n")
    page.wait_for_selector("#detail:not([hidden]) :text('has changed since you read it')")
    assert statuses(desk) == {candidate: "open"}


def test_an_acceptance_is_taken_back_from_the_wire_itself(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling")
    sign_in(page)
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_selector("#wire-form")
    assert page.input_value("#headline") == "Chatbot invents a ruling"
    assert statuses(desk) == {candidate: "accepted"}
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.wait_for_selector(".toast:has-text('back to where it was')")
    assert statuses(desk) == {candidate: "open"}


class Requests:
    """What a browser asks for, each by the document that wants it: what the page before sends late is not ours."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.wanted: dict[str, tuple[str, str]] = {}  # by request: the document that wants it, and its address
        self.answered: set[str] = set()
        self.kept: set[str] = set()  # those for which nothing left the browser
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self.sent)
        session.on("Network.requestServedFromCache", lambda e: self.kept.add(e["requestId"]))
        session.on("Network.responseReceived", self.heard)
        session.on("Network.loadingFailed", lambda e: self.answered.add(e["requestId"]))

    def sent(self, event: dict[str, Any]) -> None:
        self.wanted[event["requestId"]] = event["loaderId"], event["request"]["url"]

    def heard(self, event: dict[str, Any]) -> None:
        self.answered.add(event["requestId"])
        if event["response"]["fromDiskCache"]:
            self.kept.add(event["requestId"])

    def of(self, path: str) -> list[str]:
        """Open `path`, wait until the page is at rest and its line is open, and say what was asked of the server."""
        known = set(self.wanted)
        self.page.goto(path)
        still, before = 0, -1
        for _ in range(600):
            self.page.wait_for_timeout(100)
            document = next(d for n, (d, url) in self.wanted.items() if n not in known and url.endswith(path))
            own = {n: url for n, (d, url) in self.wanted.items() if d == document and not url.startswith("data:")}
            is_at_rest = own.keys() <= self.answered and any(url.endswith("/desk/live") for url in own.values())
            still = still + 1 if is_at_rest and len(own) == before else 0
            before = len(own)
            if still == 15:  # where somebody looks is told a while after
                return [url for number, url in own.items() if number not in self.kept]
        raise AssertionError(f"{path} never came to rest: {own}")


@pytest.mark.parametrize("page", [(1280, "light")], indirect=True, ids=["wide"])
def test_a_page_asks_for_three_things_at_most_once_its_files_are_known(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", "courier")
    sign_in(page)
    requests = Requests(page)
    paths = ("/desk/queue", f"/desk/candidates/{candidate}")
    for path in paths:
        requests.of(path)  # fills the browser's cache
    for path in paths:
        asked = requests.of(path)
        assert desk.url + path in asked
        assert desk.url + "/desk/live" in asked
        assert len(asked) <= 3, asked
