"""Writing in a real Chromium: sources offered, quotations found, suggestions, collisions, a network that drops."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from monitor.jobs.wires import save_draft
from monitor.model import Draft, Uptake, WireId
from monitor.store.wires import get_wire
from monitor.store.writing import list_outcomes
from monitor.web.app import create_app
from tests.stored import a_candidate_of
from tests.web.conftest import PASSWORD, Desk, served
from tests.web.test_browser import chromium, page, sign_in

__all__ = ["chromium", "page"]  # fixtures

pytestmark = pytest.mark.browser
once = pytest.mark.parametrize("page", [(1280, "light")], indirect=True, ids=["wide"])

TITLE = "ChatGPT invents a ruling: lawyer fined by the court"


def open_form(page: Any, desk: Desk) -> WireId:
    candidate = a_candidate_of(desk.database, "gazette", "courier", title=TITLE, text="It is a story of some length.")
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.click('form[data-action="a"] button')
    page.wait_for_selector("#wire-form")
    return WireId(int(page.url.rsplit("/", 1)[1]))


def draft_of(desk: Desk, wire: WireId) -> Draft:
    with desk.database.read() as tx:
        return get_wire(tx, wire).revisions[-1].draft


def until_saved(page: Any) -> str:
    page.wait_for_selector("#saved:not([data-state])")
    words: str = page.inner_text("#saved")
    return words


# --- writing ----------------------------------------------------------------------------------------------------


def test_a_bracket_offers_the_sources_and_a_plain_one_stays_plain(page: Any, desk: Desk) -> None:
    wire = open_form(page, desk)
    first, second = draft_of(desk, wire).sources
    page.focus("#body")
    page.keyboard.type("A brief was filed. [courier")
    options = page.locator("#body-offer [role=option]")
    assert options.all_inner_texts() == [f"Courier {TITLE}"]
    focused = page.locator(":focus")
    assert focused.get_attribute("role") == "combobox"
    assert focused.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    page.keyboard.type(" And [")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type(" [sic] [")
    page.keyboard.press("Escape")
    page.keyboard.type("end")
    assert page.input_value("#body") == (
        f"A brief was filed. [source](article:{second}) And [source](article:{first}) [sic] [end"
    )


@once
def test_a_pasted_quotation_is_cited_with_the_passage_it_is(page: Any, desk: Desk) -> None:
    wire = open_form(page, desk)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('A STORY -- of some length')")
    page.focus("#body")
    page.keyboard.press("Control+v")
    page.wait_for_selector("#quote-said:has-text('it is cited')")
    assert until_saved(page).startswith("Saved")
    first = draft_of(desk, wire).sources[0]
    assert (
        draft_of(desk, wire).body == f'“A STORY -- of some length” [source](article:{first} "a story of some length")'
    )
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nNobody says “a story of some other length” here. [")
    page.keyboard.press("Enter")
    until_saved(page)
    assert "other length” here. [source](article:" in draft_of(desk, wire).body


@once
def test_a_provider_is_typed_and_the_guide_comes_when_it_is_wanted(page: Any, desk: Desk) -> None:
    wire = open_form(page, desk)
    assert page.locator(".guide section").count() == 1
    page.fill("#provider_name", "claude")
    page.keyboard.press("Enter")
    page.wait_for_selector("#provider-said:has-text('Added: Anthropic')")
    assert page.input_value("#provider_name") == ""
    assert draft_of(desk, wire).providers[-1] == "anthropic"
    page.fill("#provider_name", "No such house")
    page.click("[data-add-provider]")
    page.wait_for_selector("#provider-said:has-text('no provider called “No such house”')")
    page.focus("#rationale")
    page.wait_for_selector("#guide-rationale:visible")
    assert not page.is_visible("#guide-headline")


@once
def test_a_suggestion_is_taken_with_one_key_and_never_by_itself(page: Any, desk: Desk) -> None:
    wire = open_form(page, desk)
    assert page.is_visible("#suggest-severity >> text=SEV-3 is for")
    assert page.locator('[name="severity"]:checked').count() == 0
    page.focus('[name="severity"][value="SEV-1"]')
    page.keyboard.press("t")
    until_saved(page)
    assert page.is_checked('[name="severity"][value="SEV-3"]')
    assert not page.is_visible("#suggest-severity [data-take]")
    assert draft_of(desk, wire).severity == "SEV-3"
    with desk.database.read() as tx:
        kept = [(o.suggestion.field, o.uptake) for o in list_outcomes(tx, wire)]
    assert kept == [("severity", Uptake.TAKEN)]


@once
def test_a_first_but_for_test_is_taken_with_one_key_and_the_editor_says_how_sure(page: Any, desk: Desk) -> None:
    wire = open_form(page, desk)
    assert page.input_value("#test_system") == ""
    page.focus("#test_outcome")
    page.keyboard.press("Alt+t")
    until_saved(page)
    assert page.input_value("#test_system") == "ChatGPT"
    assert page.input_value("#test_confidence") == ""
    assert page.locator("#suggest-but_for [data-take]").count() == 0
    test = draft_of(desk, wire).but_for
    assert test is not None
    assert (test.system, test.confidence) == ("ChatGPT", None)
    assert test.support in draft_of(desk, wire).sources


@once
def test_the_but_for_prose_is_drafted_from_its_data_and_stays_editable(page: Any, desk: Desk) -> None:
    open_form(page, desk)
    parts = {"outcome": "the invented ruling", "system": "ChatGPT", "role": "wrote it", "without": "it would not exist"}
    for name, words in parts.items():
        page.fill(f"#test_{name}", words)
    page.select_option("#test_support", index=1)
    page.select_option("#test_confidence", "high")
    page.click("[data-draft-test]")
    page.wait_for_selector("#preview >> text=would not have occurred")
    said = page.input_value("#counterfactual")
    assert said.startswith(
        "But for ChatGPT, which wrote it, the invented ruling would not have occurred: without it, it"
    )
    page.fill("#counterfactual", f"{said} So the court.")
    until_saved(page)
    page.reload()
    assert page.input_value("#counterfactual").endswith("So the court.")


@once
def test_the_check_jumps_to_the_paragraph_it_means(page: Any, desk: Desk) -> None:
    open_form(page, desk)
    page.fill("#body", "Cited. [source](article:1)\n\nOpenAI knew of it.\n\nMore.")
    until_saved(page)
    page.click("#check li:has-text('OpenAI is charged') > a")
    chosen = "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))"
    assert page.evaluate(f"{chosen}(document.activeElement)") == "OpenAI knew of it."
    page.click("#check li:has-text('OpenAI is charged') summary")
    assert page.is_visible("#check >> text=Whoever says that a named company")


# --- two editors ------------------------------------------------------------------------------------------------


@pytest.fixture
def two(chromium: Any, desk: Desk) -> Iterator[tuple[Any, Any]]:
    """Two browsers, in which ada and ben have signed in."""
    contexts = [chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=desk.url) for _ in range(2)]
    pages = [c.new_page() for c in contexts]
    for opened, name in zip(pages, ("ada", "ben"), strict=True):
        opened.goto("/desk/login")
        opened.fill("[name=name]", name)
        opened.fill("[name=password]", PASSWORD)
        opened.keyboard.press("Enter")
        opened.wait_for_url("**/desk/queue")
    yield pages[0], pages[1]
    for context in contexts:
        context.close()


def test_two_editors_on_one_draft_each_get_both_texts_and_lose_none(two: tuple[Any, Any], desk: Desk) -> None:
    ada, ben = two
    candidate = a_candidate_of(desk.database, "gazette", "courier", title=TITLE)
    ada.goto(f"/desk/candidates/{candidate}")
    ada.click('form[data-action="a"] button')
    ada.wait_for_selector("#wire-form")
    wire = WireId(int(ada.url.rsplit("/", 1)[1]))
    ben.goto(f"/desk/wires/{wire}")
    ben.fill("#headline", "What ben wrote")
    until_saved(ben)
    ada.fill("#headline", "What ada wrote")
    ada.wait_for_selector("#saved[data-state=stale]")
    assert "ben saved this draft meanwhile" in ada.inner_text("#saved")
    with ada.expect_response(lambda r: r.request.method == "POST" and "text/html" in r.headers["content-type"]) as sent:
        ada.click("text=Compare both texts")
    assert sent.value.status == 409
    ada.wait_for_selector(".problem")
    assert "What ben wrote" in ada.inner_text(".problem")
    assert ada.input_value("#headline") == "What ada wrote"
    assert draft_of(desk, wire).headline == "What ben wrote"
    ada.wait_for_load_state()  # the keys are there with the script
    with ada.expect_response(lambda r: r.request.method == "POST" and r.url.endswith(f"/desk/wires/{wire}")):
        ada.keyboard.press("Control+s")
    until_saved(ada)
    assert draft_of(desk, wire).headline == "What ada wrote"


# --- a network that drops ---------------------------------------------------------------------------------------


class Line:
    """The way to a desk: it can be cut, and mended, at one address."""

    def __init__(self, desk: Desk) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        settings = replace(desk.app.state.context.settings, base_url=f"http://127.0.0.1:{self.port}")
        self.app = create_app(settings, desk.database, desk.clock, machine=desk.machine)
        self.url = settings.base_url
        self._open = ExitStack()

    def mend(self) -> None:
        self._open.enter_context(served(self.app, socket.create_server(("127.0.0.1", self.port))))

    def cut(self) -> None:
        self._open.close()


@contextmanager
def over(line: Line, chromium: Any) -> Iterator[Any]:
    """A page of a browser that reaches the desk over `line`, with its form open at a new wire."""
    line.mend()
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=line.url)
    try:
        yield context.new_page()
    finally:
        context.close()
        line.cut()


def test_nothing_is_lost_while_the_network_is_down_in_the_middle_of_writing(chromium: Any, desk: Desk) -> None:
    line = Line(desk)
    with over(line, chromium) as page:
        wire = open_form(page, desk)
        page.fill("#body", "First paragraph.\n\nSecond paragraph.")
        until_saved(page)
        line.cut()
        page.fill("#body", "First paragraph, longer.\n\nSecond paragraph.")
        page.wait_for_selector("#saved[data-state=offline]")
        assert "kept in this browser" in page.inner_text("#saved")
        page.fill("#rationale", "Typed without a connection.")
        theirs = replace(draft_of(desk, wire), body="First paragraph.\n\nSecond paragraph.\n\nWhat ben added.")
        save_draft(desk.database, desk.clock, wire, editor="ben", draft=theirs, version_seen=None)
        line.mend()
        page.wait_for_selector("#saved:has-text('nothing was lost')")
        assert "together with what ben changed meanwhile" in page.inner_text("#saved")
        assert page.input_value("#body").endswith("What ben added.")
    both = draft_of(desk, wire)
    assert both.body == "First paragraph, longer.\n\nSecond paragraph.\n\nWhat ben added."
    assert both.rationale == "Typed without a connection."


def test_a_page_closed_without_a_connection_comes_back_with_its_text(chromium: Any, desk: Desk) -> None:
    line = Line(desk)
    with over(line, chromium) as page:
        wire = open_form(page, desk)
        line.cut()
        page.fill("#rationale", "Typed, and the lid was shut.")
        page.wait_for_selector("#saved[data-state=offline]")
        theirs = replace(draft_of(desk, wire), rationale="What ben wrote.")
        save_draft(desk.database, desk.clock, wire, editor="ben", draft=theirs, version_seen=None)
        later = page.context.new_page()
        page.close()
        line.mend()
        later.goto(f"/desk/wires/{wire}")
        assert "is back" in later.inner_text("#kept")
        assert later.input_value("#rationale") == "Typed, and the lid was shut."
        later.wait_for_selector("#saved[data-state=stale]")
        assert "You both changed: Why this is an AI incident" in later.inner_text("#saved")
        later.click("text=Compare both texts")
        later.wait_for_selector(".problem")
        assert "What ben wrote." in later.inner_text(".problem")
        assert later.input_value("#rationale") == "Typed, and the lid was shut."
    assert draft_of(desk, wire).rationale == "What ben wrote."
