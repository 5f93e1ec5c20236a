"""Merging and attaching by words: what is found while an editor types."""

from __future__ import annotations

from monitor.jobs import triage
from monitor.jobs.triage import Writing
from monitor.model import CandidateId
from tests.stored import PROVIDERS, a_candidate_of
from tests.web.conftest import Desk


def found(desk: Desk, path: str, text: str, **more: str) -> list[str]:
    answer = desk.signed_in("ben").http.get(path, params={"text": text, **more})
    assert answer.status_code == 200
    return [part.split('"')[0] for part in answer.text.split('data-value="')[1:]]


def test_candidates_are_found_by_all_their_words_or_their_number_but_never_the_one_at_hand(desk: Desk) -> None:
    here = a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling")
    like = a_candidate_of(desk.database, "courier", title="Court: chatbot invented a ruling")
    a_candidate_of(desk.database, "herald", title="Price of a model rises")
    path = "/desk/find/candidates"
    assert found(desk, path, "ruling CHATBOT", but=str(here)) == [str(like)]
    assert found(desk, path, f"#{like}") == [str(like)]
    assert found(desk, path, "  ") == found(desk, path, "100%_\0'") == []


def test_what_a_merge_may_not_move_is_not_offered(desk: Desk) -> None:
    accepted, merged, stays, rejected = (
        a_candidate_of(desk.database, "gazette", title="The same event") for _ in range(4)
    )
    triage.accept(desk.database, desk.clock, accepted, editor="ada", writing=Writing(base_url=desk.url))
    triage.merge(desk.database, desk.clock, stays, [merged], editor="ada", providers=PROVIDERS)
    triage.reject(desk.database, desk.clock, rejected, editor="ada", reason="No.")
    assert found(desk, "/desk/find/candidates", "same event") == [str(rejected), str(stays)]


def test_titles_from_outside_are_text(desk: Desk) -> None:
    a_candidate_of(desk.database, "gazette", title="<img src=x onerror=alert(1)> chatbot")
    html = desk.signed_in().get("/desk/find/candidates?text=chatbot").text
    assert "<img" not in html
    assert "&lt;img" in html


def test_wires_are_found_by_title_or_number_unless_they_were_withdrawn(desk: Desk) -> None:
    def wire_of(candidate: CandidateId) -> str:
        accepted = triage.accept(desk.database, desk.clock, candidate, editor="ada", writing=Writing(base_url=desk.url))
        return str(accepted.payload["wire"])

    one = wire_of(a_candidate_of(desk.database, "gazette", title="Chatbot invents a ruling"))
    gone = a_candidate_of(desk.database, "courier", title="Chatbot invents a law")
    withdrawn = wire_of(gone)
    assert found(desk, "/desk/find/wires", "chatbot invents") == [withdrawn, one]
    triage.undo(desk.database, desk.clock, gone, editor="ada", providers=PROVIDERS)
    assert found(desk, "/desk/find/wires", "chatbot invents") == [one]
    assert found(desk, "/desk/find/wires", one) == [one]
    assert found(desk, "/desk/find/wires", "") == []
