"""Two editors in two real browsers: they see each other, collide in every way, and nothing moves under their hands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from monitor.jobs import triage
from monitor.jobs.bulks import Rules, carry_out
from monitor.model import CandidateId, CandidateStatus
from monitor.store.candidates import get_candidate, list_decisions
from monitor.web.desk.live import Lines
from tests.stored import a_candidate_of, join, store_article
from tests.web.conftest import Desk
from tests.web.test_browser import chromium as chromium

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture
def editor(chromium: Any, desk: Desk) -> Iterator[Open]:
    """Opens a browser of its own in which somebody is signed in; fails the test on script errors and CSP reports."""
    desk.app.state.lines = Lines(tick_seconds=0.1)
    contexts: list[Any] = []
    faults: list[str] = []

    def note(message: Any) -> None:
        is_refusal = any(w in message.text for w in ("401", "409", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"))
        if message.type in {"error", "warning"} and not is_refusal:
            faults.append(message.text)

    def open_for(name: str, *, width: int = 1280) -> Any:
        cookie = next(iter(desk.signed_in(name).http.cookies.jar))
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=desk.url)
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": desk.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda e: faults.append(str(e)))
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert faults == []


def some(desk: Desk, count: int) -> list[CandidateId]:
    return [a_candidate_of(desk.database, "gazette", title=f"Chatbot story {n}") for n in range(count)]


def at(page: Any, candidate: CandidateId) -> None:
    page.goto(f"/desk/candidates/{candidate}")
    page.wait_for_selector(f'#detail[data-id="{candidate}"]')


def status_of(desk: Desk, candidate: CandidateId) -> CandidateStatus:
    with desk.database.read() as tx:
        return get_candidate(tx, candidate).status


def unheard(page: Any) -> None:
    """The page hears nothing from now on, as if its line were slow: what it shows is what it showed."""
    page.route("**/desk/live*", lambda route: route.abort())


def test_claim_meets_claim_and_a_take_over_is_seen_by_both(desk: Desk, editor: Open) -> None:
    (candidate,) = some(desk, 1)
    ada, ben = editor("ada"), editor("ben")
    unheard(ada)
    at(ada, candidate)
    at(ben, candidate)
    ben.keyboard.press("c")
    ben.wait_for_selector("text=with ben")
    ada.keyboard.press("c")  # her page is of before
    ada.wait_for_selector(".problem")
    assert "has changed since you read it" in ada.inner_text(".problem")
    assert "with ben" in ada.inner_text(".problem .versions")
    assert "claimed by ben" in ada.inner_text(".problem .versions")
    assert ada.inner_text('#detail form[data-action="c"]').startswith("Take over from ben")
    ada.keyboard.press("c")
    ada.wait_for_selector("text=with ada")
    ben.wait_for_selector(".live-foot >> text=ada has it now. Your page shows it as it was.")
    ben.click(".live-foot >> text=Show it as it is now")
    ben.wait_for_selector("text=with ada")
    for page in (ada, ben):
        assert "Taken over" in page.inner_text("#history")
    with desk.database.read() as tx:
        assert [d.editor for d in list_decisions(tx, candidate)] == ["ben", "ada"]


def test_decision_meets_decision_and_the_loser_keeps_the_text_d10(desk: Desk, editor: Open) -> None:
    (candidate,) = some(desk, 1)
    ada, ben = editor("ada"), editor("ben")
    at(ada, candidate)
    at(ben, candidate)
    ada.keyboard.press("r")
    ada.fill("#other", "Told by nobody whom we know.")
    ben.keyboard.press("s")
    ben.keyboard.press("2")
    ben.wait_for_selector(".toast >> text=snoozed")
    ada.wait_for_selector(".live-foot >> text=ben snoozed this")
    assert ada.input_value("#other") == "Told by nobody whom we know."  # nothing was taken from under her hands
    ada.click("text=Reject for this reason")
    ada.wait_for_selector(".problem")
    told = ada.inner_text(".problem")
    assert "On your screen" in told
    assert "1 source of 1 article, open" in told
    assert "1 source of 1 article, snoozed" in told
    assert "snooze by ben" in told
    assert ada.input_value("#other") == "Told by nobody whom we know."
    ada.click("text=Reject for this reason")  # now she has seen it
    ada.wait_for_selector(".toast >> text=rejected: Told by nobody whom we know.")
    assert status_of(desk, candidate) is CandidateStatus.REJECTED


def test_merge_meets_decision_and_growth_d10(desk: Desk, editor: Open) -> None:
    here, other = some(desk, 2)
    ada, ben = editor("ada"), editor("ben")
    at(ada, here)
    at(ben, other)
    ada.keyboard.press("m")
    ada.fill("#others", str(other))
    ben.keyboard.press("a")
    ben.wait_for_url("**/desk/wires/*")
    ada.click("text=Move their articles here")
    ada.wait_for_selector(".problem")
    assert f"Candidate {other} is accepted" in ada.inner_text(".problem")
    assert ada.input_value("#others") == str(other)
    with desk.database.write() as tx:
        join(tx, here, store_article(tx, "herald", title="The herald has it too"), at=desk.clock.advance(minutes=1))
    ada.wait_for_selector(".live-foot >> text=grown to 2 sources of 2 articles")
    third = a_candidate_of(desk.database, "courier", title="Chatbot story again")
    ada.evaluate("document.querySelector('[data-menu=m]').open = true")
    ada.fill("#others", str(third))
    ada.click("text=Move their articles here")
    ada.wait_for_selector(".problem .versions")
    assert "joined: Herald, “The herald has it too”" in ada.inner_text(".problem .versions")
    assert ada.input_value("#others") == str(third)
    assert status_of(desk, third) is CandidateStatus.OPEN


def test_two_on_one_candidate_see_each_other_until_one_leaves(desk: Desk, editor: Open) -> None:
    (candidate,) = some(desk, 1)
    ada, ben = editor("ada"), editor("ben", width=360)
    at(ada, candidate)
    at(ben, candidate)
    ada.wait_for_selector(".live-foot >> text=ben is here too.")
    ben.wait_for_selector(".live-foot >> text=ada is here too.")
    ben.goto("/desk/keys")
    ada.wait_for_selector(".live-foot:empty", state="attached")


def test_what_others_do_moves_nothing_under_the_focus(desk: Desk, editor: Open) -> None:
    some(desk, 30)
    ada = editor("ada")
    ada.goto("/desk/queue")
    for _ in range(12):
        ada.keyboard.press("j")
    held = "document.activeElement.closest('.line')"
    before = ada.evaluate(f"[{held}.id, {held}.getBoundingClientRect().top]")
    order = ada.evaluate("[...document.querySelectorAll('#lines > .line')].map(l => l.id)")
    claimed, rejected = (CandidateId(int(order[n][1:])) for n in (1, 2))
    triage.claim(desk.database, desk.clock, claimed, editor="ben")
    triage.reject(desk.database, desk.clock, rejected, editor="ben", reason="Old event")
    new = a_candidate_of(desk.database, "gazette", "courier", "herald", title="Chatbot story 31")
    ada.wait_for_selector(f"#c{claimed} .who >> text=ben")
    ada.wait_for_selector(f"#c{rejected}.gone >> text=rejected by ben")
    ada.wait_for_selector("#fresh >> text=1 new, show")
    assert ada.evaluate(f"[{held}.id, {held}.getBoundingClientRect().top]") == before
    assert ada.evaluate("[...document.querySelectorAll('#lines > .line')].map(l => l.id)") == order
    ada.keyboard.press("n")
    ada.wait_for_selector(f"#c{new}")
    assert ada.evaluate(f"[{held}.id, {held}.getBoundingClientRect().top]") == before
    assert ada.query_selector(f"#c{rejected}") is None
    first = ada.evaluate("document.querySelector('#lines > .line').id")
    assert first == f"c{new}"  # three sources stand before one
    ada.click(f"#c{new} .headline")
    ada.wait_for_selector(f'#detail[data-id="{new}"]')


def test_lines_that_go_above_the_focus_leave_it_where_it_is_at_the_top_of_the_list_too(
    desk: Desk, editor: Open
) -> None:
    some(desk, 30)
    ada = editor("ada")
    ada.goto("/desk/queue")
    for _ in range(6):
        ada.keyboard.press("j")
    top = "document.activeElement.closest('.line').getBoundingClientRect().top"
    before = ada.evaluate(top)
    order = ada.evaluate("[...document.querySelectorAll('#lines > .line')].map(l => Number(l.id.slice(1)))")
    for rejected in order[1:4]:
        triage.reject(desk.database, desk.clock, CandidateId(rejected), editor="ben", reason="Old event")
    last = a_candidate_of(desk.database, "gazette", title="Village fair opens")
    ada.wait_for_selector("#fresh >> text=1 new, show")
    ada.keyboard.press("n")
    ada.wait_for_selector(f"#c{last}")
    assert ada.query_selector(f"#c{order[1]}") is None
    assert ada.evaluate(top) == before  # there was nothing to scroll back
    assert ada.evaluate("document.querySelector('#queue').scrollTop") == 0
    for _ in range(2):
        a_candidate_of(desk.database, "gazette", "courier", "herald", title="Chatbot story 31")
    ada.wait_for_selector("#fresh >> text=2 new, show")
    room = "parseFloat(document.querySelector('#lines').style.paddingTop)"
    was = ada.evaluate(room)
    ada.keyboard.press("n")
    ada.wait_for_selector("#fresh", state="hidden")
    assert ada.evaluate(top) == before
    assert ada.evaluate(room) < was  # what comes above takes the room that was left


def until(page: Any, is_so: Callable[[], bool]) -> None:
    """Wait for a state of the server, as the page would for one of its own."""
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        page.wait_for_timeout(20)


def test_without_a_network_it_says_so_and_catches_up(desk: Desk, editor: Open) -> None:
    (candidate, *_) = some(desk, 3)
    lines: Lines = desk.app.state.lines
    ada = editor("ada")
    ada.goto("/desk/queue")
    until(ada, lambda: lines.by_session.total() == 1)
    ada.context.set_offline(True)
    lines.is_closing = True  # offline, Chromium keeps the connections that it has
    until(ada, lambda: lines.by_session.total() == 0)
    ada.wait_for_selector(".net[data-state=down] >> text=You are offline since")
    triage.claim(desk.database, desk.clock, candidate, editor="ben")
    lines.is_closing = False
    ada.context.set_offline(False)
    ada.wait_for_selector(f"#c{candidate} .who >> text=ben")
    ada.wait_for_selector(".net:not([data-state=down])", state="attached")


def test_who_is_signed_out_is_told_and_keeps_the_page(desk: Desk, editor: Open) -> None:
    (candidate,) = some(desk, 1)
    ada = editor("ada")
    at(ada, candidate)
    ada.keyboard.press("r")
    ada.fill("#other", "Half a thought")
    desk.machine.advance(days=15)
    ada.wait_for_selector(".net >> text=You are signed out. What is on the page stays.")
    assert ada.input_value("#other") == "Half a thought"


def test_a_range_is_rejected_by_keyboard_and_taken_back_by_one_key(desk: Desk, editor: Open) -> None:
    candidates = some(desk, 6)
    ada = editor("ada")
    ada.goto("/desk/queue")
    for key in ("j", "j", "x", "j", "j", "X", "b"):
        ada.keyboard.press(key)
    ada.wait_for_selector("text=Decide on 3 candidates")
    ada.keyboard.press("r")
    ada.keyboard.press("o")
    ada.wait_for_selector("#bulk >> text=0 of 3")
    work(desk)
    ada.wait_for_selector("#bulk >> text=3 candidates rejected.")  # the page follows by itself
    assert [status_of(desk, c) for c in candidates].count(CandidateStatus.REJECTED) == 3
    ada.keyboard.press("u")
    ada.wait_for_selector("#bulk >> text=Being taken back")
    work(desk)
    ada.wait_for_selector("#bulk >> text=3 decisions taken back by ada.")
    assert {status_of(desk, c) for c in candidates} == {CandidateStatus.OPEN}
    ada.goto("/desk/queue")
    assert ada.locator(".mark:checked").count() == 0
    ada.keyboard.press("B")
    ada.wait_for_selector("text=Decide on 6 candidates")


def work(desk: Desk) -> None:
    context = desk.app.state.context
    rules = Rules(base_url=desk.url, codebook=context.codebook, providers=context.index)
    carry_out(desk.database, desk.clock, owner="daemon", rules=rules)


def test_merging_and_attaching_by_words(desk: Desk, editor: Open) -> None:
    here = a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling")
    like = a_candidate_of(desk.database, "courier", title="Invented ruling: court fines lawyer")
    third = a_candidate_of(desk.database, "herald", title="Lawyer fined over chatbot")
    triage.accept(desk.database, desk.clock, like, editor="ben", writing=triage.Writing(base_url=desk.url))
    ada = editor("ada")
    at(ada, here)
    ada.keyboard.press("m")
    ada.keyboard.type("lawyer fined")
    ada.wait_for_selector("#found-others [data-value]")
    ada.keyboard.press("Enter")  # the only one that says so
    assert ada.input_value("#others") == str(third)
    ada.keyboard.press("Enter")
    ada.wait_for_selector(".toast >> text=merged")
    at(ada, here)
    ada.keyboard.press("w")
    ada.keyboard.type("court fines")
    ada.wait_for_selector("#found-wires [data-value]")
    ada.keyboard.press("ArrowDown")
    assert ada.get_attribute("#wire", "aria-activedescendant") == "found-wires-0"
    ada.keyboard.press("Enter")
    assert ada.input_value("#wire") == "1"
    ada.keyboard.press("Enter")
    ada.wait_for_selector(".toast >> text=attached")
    assert status_of(desk, here) is CandidateStatus.ACCEPTED


def test_two_who_write_at_one_wire_see_each_other(desk: Desk, editor: Open) -> None:
    (candidate,) = some(desk, 1)
    triage.accept(desk.database, desk.clock, candidate, editor="ben", writing=triage.Writing(base_url=desk.url))
    ada, ben = editor("ada"), editor("ben")
    ada.goto("/desk/wires/1")
    ben.goto("/desk/wires/1")
    ada.wait_for_selector("text=ben is here too.")
    ben.wait_for_selector("text=ada is here too.")
