"""What comes later, at the desk: coverage after publication, until it is seen; and candidates that were absorbed."""

from __future__ import annotations

from pathlib import Path

from monitor.jobs.triage import merge
from tests.jobs.test_late import a_wire_out, grow
from tests.stored import PROVIDERS, a_candidate_of
from tests.web.conftest import Desk, value_of


def test_a_growing_wire_is_listed_until_an_editor_says_seen(desk: Desk, tmp_path: Path) -> None:
    candidate, wire = a_wire_out(desk.database, desk.clock, tmp_path / "public")
    browser = desk.signed_in()
    assert "Growing after publication" not in browser.get("/desk/wires").text
    grow(desk.database, desk.clock, candidate, "herald")
    listed = browser.get("/desk/wires").text
    assert "Growing after publication" in listed
    assert "1 article, 1 new publisher" in listed
    page = browser.get(f"/desk/wires/{wire}").text
    assert "New since publication: 1 article, 1 new publisher" in page
    answer = browser.post(f"/desk/wires/{wire}/seen", {"csrf": value_of(page, "csrf"), "from": "list"})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/desk/wires"
    assert "Growing after publication" not in browser.get("/desk/wires").text
    assert "New since publication" not in browser.get(f"/desk/wires/{wire}").text


def test_the_page_of_an_absorbed_candidate_leads_on_through_every_merge(desk: Desk) -> None:
    first, second, third = (a_candidate_of(desk.database, "gazette") for _ in range(3))
    merge(desk.database, desk.clock, second, [first], editor="ada", providers=PROVIDERS)
    merge(desk.database, desk.clock, third, [second], editor="ada", providers=PROVIDERS)
    answer = desk.signed_in().get(f"/desk/candidates/{first}")
    assert answer.status_code == 303
    assert answer.headers["location"].partition("?")[0] == f"/desk/candidates/{third}"
