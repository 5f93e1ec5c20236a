"""monitor search and monitor index."""

from __future__ import annotations

from monitor.store.database import Database
from tests.cli.test_triage import answer, newsroom, said
from tests.stored import a_candidate_of

__all__ = ["newsroom"]


def test_what_is_taken_in_is_found_by_words(newsroom: Database) -> None:
    candidate = a_candidate_of(
        newsroom, "gazette", title="Chatbot \x1b[0m outage hits hospitals", text="It was down for an hour."
    )
    assert answer("search", "outage")["due"] == 2
    assert "1 articles, 1 candidates, 0 wires" in said("index")
    found = answer("search", "outages", "publisher:gazette")
    assert [c["id"] for c in found["candidates"]] == [candidate]
    assert [(a["candidate"], a["publisher"]) for a in found["articles"]] == [(candidate, "Gazette")]
    assert (found["due"], found["has_more"], found["notes"]) == (0, [], [])
    lines = said("search", "down hour is:article")
    assert f"in candidate {candidate}, Gazette, 2026-03-02: Chatbot" in lines
    assert "\x1b" not in lines
    assert "It was down for an hour." in lines
    assert "Nothing was found." in said("search", "volcano")
    assert "names no date" in said("search", "before:soon")
    assert "Nothing was found." in said("search", "--", "outage", "-chatbot")
