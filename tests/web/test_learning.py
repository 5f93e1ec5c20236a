"""The desk says how likely a candidate is an incident, by which words, and what taught that."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.jobs.learn import teach
from monitor.jobs.relevance import judge_grown
from monitor.jobs.triage import Writing, accept
from monitor.model import Suggestion, SuggestionOutcome, Uptake
from monitor.store.candidates import get_candidate
from monitor.store.writing import append_outcome
from tests.stored import a_candidate_of
from tests.web.conftest import Desk


def test_a_candidate_shows_the_words_for_and_against_marked_and_escaped_h23(desk: Desk) -> None:
    candidate = a_candidate_of(
        desk.database, "gazette", title="Chatbot <b>told</b> teenager to harm himself, lawsuit says"
    )
    page = desk.signed_in("ben").get(f"/desk/candidates/{candidate}").text
    assert 'id="likely"' in page
    assert '<mark class="for" title="Speaks for an incident">lawsuit</mark>' in page
    assert "words as of incidents" in page
    text = page[page.index('id="text"') :]
    assert '<mark class="for" title="Speaks for an incident">lawsuit</mark>' in text[: text.index("</article>")]
    assert 'id="signs"' in text  # they can be put aside
    assert "<b>told</b>" not in page
    assert "the shipped model" in page


def test_where_it_cannot_tell_the_page_says_so_and_why(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="警察が顔認識システムで無実の男性を逮捕")
    page = desk.signed_in("ben").get(f"/desk/candidates/{candidate}").text
    assert "cannot tell" in page
    assert "not in English" in page


def test_where_it_cannot_tell_its_line_in_the_queue_says_so_and_it_moves_nothing(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="警察が顔認識システムで無実の男性を逮捕")
    a_candidate_of(desk.database, "courier", title="Robotaxi hits a child near a school, police say")
    ben = desk.signed_in("ben")
    judge_grown(desk.database)
    lines = {line.split('"')[0]: line for line in ben.get("/desk/queue").text.split('<li class="line" id="c')[1:]}
    told, other = lines.pop(str(candidate)), *lines.values()
    assert "<b>+0.0</b> cannot tell whether an incident" in told
    assert "cannot tell" not in other
    assert "likely an incident" in other
    judge_grown(desk.database)
    with desk.database.read() as tx:
        cues = get_candidate(tx, candidate).cues
    assert [cue.name for cue in cues].count("cannot tell whether an incident") == 1


def test_what_was_learnt_is_there_for_all_and_for_seniors_to_choose(desk: Desk) -> None:
    teach(desk.database, desk.clock)
    page = desk.signed_in("ben").get("/desk/learning").text
    assert "The shipped model" in page
    assert "Nothing was decided yet" in page
    assert "No wire with suggestions went out yet" in page
    ben, ada = desk.signed_in("ben"), desk.signed_in()
    sent = {"model": "shipped", "note": "As it was.", "key": "k"}
    assert ben.post("/desk/learning", {**sent, "csrf": ben.token("/desk/account")}).status_code == 403
    sent["csrf"] = ada.token("/desk/account")
    assert ada.post("/desk/learning", {**sent, "model": "7"}).status_code == 404
    assert ada.post("/desk/learning", {**sent, "model": "x"}).status_code == 409
    assert ada.post("/desk/learning", sent).status_code == 303


def test_what_became_of_suggestions_is_there_for_all_field_by_field(desk: Desk) -> None:
    suggested = Suggestion(field="occurred_on", value="2026-03-02", reason="The first telling.", confidence=0.4)
    machine = replace(suggested, field="headline", value="A <b>bold</b> one", model="qwen3")
    candidate = a_candidate_of(desk.database, "gazette")
    accept(desk.database, desk.clock, candidate, editor="ada", writing=Writing(base_url=desk.url))
    with desk.database.write() as tx:
        wire = get_candidate(tx, candidate).wire
        assert wire is not None
        for said, uptake in ((suggested, Uptake.IGNORED), (machine, Uptake.TAKEN), (machine, Uptake.CHANGED)):
            append_outcome(
                tx,
                SuggestionOutcome(
                    wire=wire,
                    revision=1,
                    suggestion=said,
                    uptake=uptake,
                    final="",
                    editor="ada",
                    at=desk.clock.now(),
                ),
            )
    page = desk.signed_in("ben").get("/desk/learning").text
    rows = re.findall(r"<tr><th scope=\"row\">(\w+)</th><td[^>]*>(\w+)</td>" + r"<td class=\"num\">(\d)</td>" * 3, page)
    assert rows == [("date", "words", "0", "0", "1"), ("headline", "qwen3", "0", "1", "0")]
