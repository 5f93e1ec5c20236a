"""Late coverage at the desk: the list of wires says what has grown, the wire says with what, and both take "Seen"."""

from __future__ import annotations

from pathlib import Path

from tests.jobs.test_late import a_wire_out, grow
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
