"""What weighs in the order, at the desk: shown to all, tried out in the address, kept by senior editors alone."""

from __future__ import annotations

import re

from monitor.jobs.weights import weigh
from tests.stored import a_candidate_of
from tests.web.conftest import Desk, value_of

TRIED = "/desk/order?w:words+of+death+or+injury=-5&w:likely+an+incident=0"


def test_every_reason_is_shown_with_its_weight(shared_desk: Desk) -> None:
    page = shared_desk.signed_in("ben").get("/desk/order").text
    assert 'name="w:independent sources" type="number"' in page
    assert "for each doubling of the independent publishers" in page
    assert "these are the weights that Monitor brought" in page


def test_the_new_order_is_shown_and_kept_with_a_reason(desk: Desk) -> None:
    deadly = a_candidate_of(desk.database, "gazette", title="Man killed by robot")
    told = a_candidate_of(desk.database, "gazette", "courier", title="A quiet story")
    browser = desk.signed_in()
    page = browser.get(TRIED).text
    shown = [int(i) for i in re.findall(r'href="/desk/candidates/(\d+)"', page)]
    assert shown == [told, deadly]
    sent = {
        "csrf": value_of(page, "csrf", after='class="stack"'),
        "key": value_of(page, "key"),
        "w:words of death or injury": "-5.0",
        "w:likely an incident": "0.0",
    }
    assert browser.post("/desk/order", {**sent, "note": ""}).status_code == 409
    assert browser.post("/desk/order", {**sent, "note": "A desk of its own."}).status_code == 303
    weigh(desk.database, desk.clock)
    assert "A desk of its own." in browser.get("/desk/order").text
    queue = browser.get("/desk/queue").text
    assert [int(i) for i in re.findall(r'data-id="(\d+)"', queue)] == [told, deadly]
    assert "<b>-5.0</b> words of death or injury" in queue


def test_an_editor_tries_out_and_does_not_keep_d9(desk: Desk) -> None:
    ben = desk.signed_in("ben")
    page = ben.get(TRIED).text
    assert "Senior editors settle what weighs" in page
    assert "Keep these weights" not in page
    sent = {"csrf": ben.token("/desk/account"), "w:probe": "1", "note": "Because.", "key": "k"}
    assert ben.post("/desk/order", sent).status_code == 403


def test_nonsense_in_the_address_is_left_out(shared_desk: Desk) -> None:
    page = shared_desk.signed_in().get("/desk/order?w:probe=lots&w:nothing=3&w:regulator=1e99&probe=2")
    assert page.status_code == 200
    assert "The order these would make" not in page.text
