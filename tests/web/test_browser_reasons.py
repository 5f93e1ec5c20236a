"""Why, at the desk, in a real Chromium, wide and narrow: reading, overruling, keeping apart and bringing together."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.model import CandidateId, CandidateStatus, RulingKind
from monitor.store.candidates import get_candidate
from monitor.store.rulings import list_rulings_of
from tests.web.conftest import Desk
from tests.web.grouped import group, review
from tests.web.test_browser import chromium, page, sign_in

__all__ = ["chromium", "page"]  # fixtures

pytestmark = pytest.mark.browser


def sources(desk: Desk, candidate: CandidateId) -> int:
    with desk.database.read() as tx:
        return get_candidate(tx, candidate).source_count


def press_until_focused(page: Any, selector: str, *, key: str = "Tab", most: int = 60) -> None:
    """Reach a control as a keyboard does."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def test_reading_why_by_keyboard(page: Any, desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    sign_in(page)
    page.goto(f"/desk/candidates/{told['variety'][1]}?article={told['variety'][0]}")
    own = "#text .here"
    assert not page.is_visible(f"{own} dl")  # the text stands first
    page.click(f"{own} > summary")
    shown = page.inner_text(f"{own} dl")
    assert "OpenAI Set to Discontinue Sora Video Platform App" in shown
    assert "0.65 is needed" in shown
    assert page.get_attribute(f"{own} svg", "aria-label").endswith("0.65 is needed")
    page.focus("#text .facts a")
    press_until_focused(page, f"{own} > summary")
    page.keyboard.press("Enter")
    assert not page.is_visible(f"{own} dl")
    page.keyboard.press("Enter")
    assert page.is_visible(f"{own} dl")


def test_a_count_is_overruled_with_a_reason_and_taken_back(page: Any, desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    article, candidate = told["variety"]
    before = sources(desk, candidate)
    sign_in(page)
    page.goto(f"/desk/candidates/{candidate}?article={article}")
    page.keyboard.press("v")
    assert page.evaluate("document.activeElement.id") == "rule-reason"  # nobody has to click before typing
    page.keyboard.type("A rewritten release.")
    press_until_focused(page, "button[value='does-not-count']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Does not count: ada ruled so on")
    assert sources(desk, candidate) == before - 1
    with desk.database.read() as tx:
        (ruling,) = list_rulings_of(tx, [article])
    assert (ruling.kind, ruling.reason) == (RulingKind.DOES_NOT_COUNT, "A rewritten release.")
    page.click("#rulings summary")
    page.fill(f"#withdraw-{ruling.id}", "It was their own work.")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rulings >> text=None stands.")
    assert sources(desk, candidate) == before


def test_from_related_to_side_by_side_and_never_merged(page: Any, desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    one, other = told["politico"][1], told["courier"][1]
    sign_in(page)
    page.goto(f"/desk/candidates/{one}")
    page.click("#related >> text=Side by side")
    page.wait_for_url(f"**/desk/candidates/{one}/beside/{other}")
    assert "They are 200 days apart" in page.inner_text(".against")
    left, right = (page.locator(".side").nth(n).bounding_box() for n in (0, 1))
    is_wide = page.viewport_size["width"] > 760
    assert (left["y"] == right["y"]) is is_wide  # on a phone one stands under the other
    page.fill("#apart-reason", "The ruling, not the demand.")
    page.click("text=Never merge these")
    page.wait_for_selector("text=Kept apart by ada")
    with desk.database.read() as tx:
        (ruling,) = list_rulings_of(tx, [told["courier"][0]])
    assert (ruling.kind, ruling.by) == (RulingKind.APART, "ada")


def test_side_by_side_ends_in_a_merge(page: Any, desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    one, other = told["politico"][1], told["courier"][1]
    sign_in(page)
    page.goto(f"/desk/candidates/{one}/beside/{other}")
    page.click(f"text=Move the articles of {other} here")
    page.wait_for_selector(f"#detail[data-id='{one}']")
    assert "Courier" in page.inner_text(".timeline")
    with desk.database.read() as tx:
        assert get_candidate(tx, other).status is CandidateStatus.MERGED
    page.click("#detail >> text=Undo merge")
    page.wait_for_selector(".timeline h3 >> text=1 article")
    with desk.database.read() as tx:
        assert get_candidate(tx, other).status is CandidateStatus.OPEN


def test_every_page_fits_its_window_and_names_its_controls(page: Any, desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    own = review(desk.database, told)[1]
    one, other = told["politico"][1], told["courier"][1]
    sign_in(page)
    for path in (f"{one}", f"{one}/beside/{other}", f"{told['wsj'][1]}", f"{own}"):
        page.goto(f"/desk/candidates/{path}")
        page.evaluate("for (const d of document.querySelectorAll('details:not([data-menu]), .overrule')) d.open = true")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1:not([aria-level])").count() == 1, path
        spills = page.evaluate(
            """() => [...document.querySelectorAll('#detail *, .wide-page main *')]
                .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
                .filter(e => !e.closest('.sr, svg, details:not([open])'))
                .filter(e => getComputedStyle(e).overflowX === 'visible')
                .filter(e => getComputedStyle(e).display !== 'inline')
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert spills == [], path
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('button, a[href], input, select, textarea, summary')]
                .filter(e => e.type !== 'hidden')
                .filter(e => !(e.textContent?.trim() || e.getAttribute('aria-label') || e.labels?.length))
                .map(e => e.outerHTML)"""
        )
        assert unnamed == [], path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), path
