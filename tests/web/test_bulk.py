"""Deciding on many at once, without script: choosing, one rationale, the background, what is left, and the one undo."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from monitor.jobs import triage
from monitor.jobs.bulks import BulkWork, Rules, carry_out
from monitor.model import CandidateId, CandidateStatus
from monitor.store.bulks import list_bulks
from monitor.store.candidates import get_candidate, list_decisions
from tests.stored import a_candidate_of
from tests.web.conftest import Browser, Desk, value_of


def work(desk: Desk) -> BulkWork:
    context = desk.app.state.context
    rules = Rules(base_url=desk.url, codebook=context.codebook, providers=context.index)
    return carry_out(desk.database, desk.clock, owner="daemon", rules=rules)


def some(desk: Desk, count: int) -> list[CandidateId]:
    return [a_candidate_of(desk.database, "gazette", title=f"Chatbot story {n}") for n in range(count)]


def statuses(desk: Desk, candidates: list[CandidateId]) -> set[CandidateStatus]:
    with desk.database.read() as tx:
        return {get_candidate(tx, c).status for c in candidates}


def marked(*candidates: CandidateId) -> str:
    return "/desk/bulk?" + "&".join(f"marked={c}" for c in candidates)


def state(browser: Browser, page: str, kind: str, **more: str) -> str:
    """Fill the form of one kind as the page has it; where it leads, or the page that refuses it."""
    html = browser.get(page).text
    form = html[html.index(f'name="kind" value="{kind}"') :]
    sent = {"csrf": value_of(html, "csrf"), "kind": kind}
    for name in ("key", "back", "count"):
        sent[name] = value_of(form, name)
    held = "query" if 'name="query"' in html else "items"
    answer = browser.post("/desk/bulk", sent | {held: value_of(form, held)} | more)
    return answer.headers["location"] if answer.status_code == 303 else answer.text


def test_what_is_marked_is_rejected_for_one_reason_and_taken_back_as_one(desk: Desk) -> None:
    ada = desk.signed_in()
    candidates = some(desk, 3)
    page = ada.get(marked(*candidates)).text
    assert "Decide on 3 candidates" in page
    progress = state(ada, marked(*candidates), "reject", reason="AI news, no incident")
    assert "0 of 3" in ada.get(progress).text
    assert statuses(desk, candidates) == {CandidateStatus.OPEN}
    work(desk)
    done = ada.get(progress).text
    assert "3 candidates rejected" in done
    assert "hx-trigger" not in done  # nothing to follow any more
    assert statuses(desk, candidates) == {CandidateStatus.REJECTED}
    ada.submit(progress, f"{progress}/undo")
    work(desk)
    assert "3 decisions taken back by ada" in ada.get(progress).text
    assert statuses(desk, candidates) == {CandidateStatus.OPEN}


def test_all_that_a_filter_shows_is_counted_first(desk: Desk) -> None:
    ada = desk.signed_in()
    some(desk, 14)
    other = a_candidate_of(desk.database, "courier", title="Price of a model")
    page = ada.get("/desk/bulk?all=1&text=chatbot").text
    assert "Decide on 14 candidates" in page
    assert "and 2 more" in page
    progress = state(ada, "/desk/bulk?all=1&text=chatbot", "snooze", why="After the weekend.", hours="72")
    assert work(desk).decided_count == 14
    assert "all that ?text=chatbot shows" in ada.get(progress).text
    assert statuses(desk, [other]) == {CandidateStatus.OPEN}


def test_a_filter_that_shows_more_by_now_is_refused_with_the_rationale_kept_d10(desk: Desk) -> None:
    ada = desk.signed_in()
    some(desk, 2)
    html = ada.get("/desk/bulk?all=1").text
    a_candidate_of(desk.database, "courier", title="Came in between")
    sent = {n: value_of(html, n) for n in ("csrf", "key", "back", "count")} | {"query": "?"}
    answer = ada.post("/desk/bulk", sent | {"kind": "reject", "why": "The same, <b>typed</b> once."})
    assert answer.status_code == 409
    assert "2 candidates were shown when you looked, 3 are there now" in answer.text
    assert "The same, &lt;b&gt;typed&lt;/b&gt; once." in answer.text
    with desk.database.read() as tx:
        assert list_bulks(tx) == ()


def test_what_changed_after_it_was_on_screen_is_left_and_named_d10(desk: Desk) -> None:
    ada = desk.signed_in()
    one, changed = some(desk, 2)
    html = ada.get(marked(one, changed)).text
    triage.snooze(desk.database, desk.clock, changed, editor="ben", until=desk.clock.now() + timedelta(hours=1))
    sent = {n: value_of(html, n) for n in ("csrf", "key", "items", "back")} | {"kind": "reject", "why": "No."}
    progress = ada.post("/desk/bulk", sent).headers["location"]
    assert ada.post("/desk/bulk", sent).headers["location"] == progress  # a double click is one
    work(desk)
    page = ada.get(progress).text
    assert "1 candidate rejected, 1 left as they were" in page
    assert re.search(rf"#{changed}</a> Candidate {changed} has changed since you read it", page)


def test_assigned_to_an_editor_who_may_decide(desk: Desk) -> None:
    ada = desk.signed_in()
    candidates = some(desk, 2)
    assert "Choose whom" in state(ada, marked(*candidates), "assign", assignee="nobody", why="Yours.")
    progress = state(ada, marked(*candidates), "assign", assignee="ben", why="Yours, please.")
    work(desk)
    assert "2 candidates assigned" in ada.get(progress).text
    with desk.database.read() as tx:
        assert {get_candidate(tx, c).claimed_by for c in candidates} == {"ben"}
    history = ada.get(f"/desk/candidates/{candidates[0]}").text
    assert "Claimed for ben" in " ".join(re.sub(r"<[^>]+>", "", history).split())


def test_accepted_as_drafts_under_one_rationale(desk: Desk) -> None:
    ada = desk.signed_in()
    candidates = some(desk, 2)
    progress = state(
        ada, marked(*candidates), "accept", why="Checked by the founding editors.", severity="SEV-4", codes="M2"
    )
    work(desk)
    assert "2 candidates accepted" in ada.get(progress).text
    with desk.database.read() as tx:
        (decision,) = list_decisions(tx, candidates[0])
    assert decision.reason == "In bulk: Checked by the founding editors."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "reject", "items": "1:1"}, "State a rationale"),
        ({"kind": "reject", "items": "", "why": "No."}, "No candidate was chosen"),
        ({"kind": "snooze", "items": "1:1", "why": "No.", "hours": "99999"}, "how long"),
        ({"kind": "explode", "items": "1:1", "why": "No."}, "Choose what"),
        ({"kind": "reject", "items": "1:x y:1 ² 3", "why": "No."}, "No candidate was chosen"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stated(shared_desk: Desk, sent: dict[str, str], said: str) -> None:
    answer = shared_desk.signed_in().submit("/desk/bulk", "/desk/bulk", sent)
    assert (answer.status_code, said in answer.text) == (409, True)
    with shared_desk.database.read() as tx:
        assert list_bulks(tx) == ()


def test_nothing_chosen_says_how_to_choose(shared_desk: Desk) -> None:
    assert "Nothing is chosen" in shared_desk.signed_in().get("/desk/bulk").text


def test_there_is_no_such_bulk(shared_desk: Desk) -> None:
    ada = shared_desk.signed_in()
    assert ada.get("/desk/bulk/999").status_code == 404
    assert ada.submit("/desk/queue", "/desk/bulk/99999999999/undo").status_code == 404
