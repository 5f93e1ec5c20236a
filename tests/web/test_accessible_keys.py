"""By keyboard alone (D14): one key again and again, lists and places, what was refused, words marked and put aside."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stored import a_candidate_of, store_article, store_candidate
from tests.web.conftest import Desk
from tests.web.test_browser import chromium, page, sign_in

__all__ = ["chromium", "page"]  # fixtures

pytestmark = pytest.mark.browser
once = pytest.mark.parametrize("page", [(1280, "light")], indirect=True, ids=["wide"])

TITLE = "ChatGPT invents a ruling: lawyer fined by the court"


def focused(page: Any) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    return found


def open_form(page: Any, desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", "courier", title=TITLE, text="ChatGPT wrote it, a judge said.")
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    page.keyboard.press("a")
    page.wait_for_selector("#wire-form")


@once
def test_a_wire_is_prefilled_by_one_key_pressed_again_d14(page: Any, desk: Desk) -> None:
    open_form(page, desk)
    assert focused(page) == "field-headline"
    headline = page.input_value("#headline")
    count = page.locator("[data-take]").count()
    assert count > 2
    for _ in range(count):
        page.keyboard.press("t")
    assert page.input_value("#headline") == headline  # the key never types into what it filled
    assert page.is_checked("[name=severity][value=SEV-3]")
    assert page.locator("[name=codes]:checked").count() > 0
    page.focus(".later summary")
    page.keyboard.press("Enter")
    assert page.is_visible("#publish_at")
    page.keyboard.press("Escape")
    assert not page.is_visible("#publish_at")


def test_where_publication_is_refused_the_keyboard_is_at_what_is_missing_d14(chromium: Any, desk: Desk) -> None:
    with chromium.new_context(base_url=desk.url) as context:  # the browser notes the refusal as an error of its own
        page = context.new_page()
        open_form(page, desk)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("[role=alert] >> text=not published")
        page.wait_for_selector(".field.is-missing:focus")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.field.is-missing') !== null")


@once
def test_keys_lead_along_lists_and_to_every_place_d14(page: Any, desk: Desk) -> None:
    for title in ("A ruling that was made up", "Another ruling that was made up"):
        candidate = a_candidate_of(desk.database, "gazette", title=title)
        browser = desk.signed_in()
        browser.submit(
            f"/desk/candidates/{candidate}", f"/desk/candidates/{candidate}/accept", {"version": "1", "key": title}
        )
    sign_in(page)
    page.goto("/desk/wires")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "A ruling that was made up"
    page.keyboard.press("k")
    assert focused(page) == "Another ruling that was made up"
    for key, there in (("f", "/desk/filters"), ("o", "/desk/order"), ("m", "/desk/queue?mine=1")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**{there}")


@once
def test_words_for_and_against_are_marked_and_one_key_puts_them_aside_for_all_articles_d14(
    page: Any, desk: Desk
) -> None:
    said = "Chatbot told teenager to harm himself, lawsuit says"
    with desk.database.write() as tx:
        told = [store_article(tx, p, title=said, text=f"{said}. So writes {p}.") for p in ("gazette", "courier")]
        candidate = store_candidate(tx, *told)
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}")
    lines = "getComputedStyle(document.querySelector('#text mark.for')).textDecorationLine"
    heard = "getComputedStyle(document.querySelector('#text mark.for'), '::before').content"
    assert page.evaluate(lines) == "underline"
    assert "for" in page.evaluate(heard)
    page.keyboard.press("i")
    assert (page.evaluate(lines), page.evaluate(heard)) == ("none", "none")
    page.keyboard.press("J")
    page.wait_for_selector("#text >> text=So writes courier")
    assert page.evaluate(lines) == "none"
    page.keyboard.press("i")
    assert page.evaluate(lines) == "underline"
    assert page.inner_text("#text .body p").startswith("Chatbot told teenager")  # what is heard is not copied along
