"""Around the wire form, over HTTP and without script: readers, ties, notes, times, revisions, sources, quotations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import text

from monitor.jobs.publish import publish
from monitor.jobs.suggestions import suggest_for
from monitor.model import CandidateStatus, RevisionStatus, Suggestion, Uptake, Wire, WireId
from monitor.stages.suggest import as_sentence
from monitor.stages.syndicate import Site
from monitor.store.candidates import get_candidate
from monitor.store.machine import lease_ask, record_answer
from monitor.store.wires import get_wire
from monitor.store.writing import list_mentions, list_outcomes
from tests.stored import a_candidate_of, join, store_article
from tests.web.conftest import Browser, Desk, value_of
from tests.web.test_desk import accepted, act, draft
from tests.wires import CODEBOOK


def wire_of(desk: Desk, wire: WireId) -> Wire:
    with desk.database.read() as tx:
        return get_wire(tx, wire)


def go(browser: Browser, wire: WireId, part: str, **data: Any) -> int:
    """Send one of the page's other forms."""
    sent = browser.submit(f"/desk/wires/{wire}", f"/desk/wires/{wire}{part}", data)
    return sent.status_code


def put_out(desk: Desk, folder: Path) -> None:
    site = Site(name="N", base_url=desk.url, codebook=CODEBOOK, providers=desk.app.state.context.providers)
    publish(desk.database, desk.clock, public_dir=folder, site=site)


def test_a_grave_wire_asks_for_a_reader_and_goes_out_by_another_hand(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, articles = accepted(desk, ada)
    grave = draft(ada, wire, articles, severity="SEV-1")
    assert ada.post(f"/desk/wires/{wire}", grave).status_code == 303
    assert "Ask for a second reader" in ada.get(f"/desk/wires/{wire}").text
    assert (
        ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, severity="SEV-1", do="publish")).status_code == 303
    )
    waits = ada.get(f"/desk/wires/{wire}").text
    assert "Somebody else has to read it" in waits
    assert "<span>Waits for a second reader</span>" in waits
    assert "for a second reader, asked by ada" in ben.get("/desk/wires").text
    page = ben.get(f"/desk/wires/{wire}").text
    assert "asks for a second reader" in page
    assert "Publish wire" in page
    read = draft(ben, wire, articles, severity="SEV-1", do="publish")
    assert ben.post(f"/desk/wires/{wire}", read).status_code == 303
    last = wire_of(desk, wire).revisions[-1]
    assert (last.status, last.editor, last.reader) == (RevisionStatus.RELEASED, "ada", "ben")
    assert "Released by ben" in ada.get(f"/desk/wires/{wire}").text


def test_the_header_counts_the_notes_that_call_this_editor_until_they_are_seen(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, _ = accepted(desk, ada)

    def badge(browser: Browser) -> str | None:
        found = re.search(r'<b class="calls-count" title="([^"]+)">(\d+)<', browser.get("/desk/sources").text)
        return found and f"{found[2]}: {found[1]}"

    assert badge(ada) is None
    assert go(ben, wire, "/notes", text="@ada is the date right?") == 303
    assert badge(ada) == "1: 1 note calls for you"
    assert go(ben, wire, "/notes", text="@ada and the sum?") == 303
    assert badge(ada) == "2: 2 notes call for you"
    assert badge(ben) is None
    assert go(ada, wire, "/notes", do="seen") == 303
    assert badge(ada) is None


def test_a_reader_sends_it_back_with_a_note_that_calls_the_writer(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, severity="SEV-2", do="publish"))
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, severity="SEV-2", do="publish"))
    assert go(ben, wire, "/revise", kind="send-back") == 303
    assert go(ben, wire, "/notes", text="@ada the court says 4,000, not 40,000") == 303
    assert wire_of(desk, wire).revisions[-1].asked_by is None
    called = ada.get("/desk/wires").text
    assert "Calls for you" in called
    assert "the court says 4,000" in called
    assert go(ada, wire, "/notes", do="seen") == 303
    assert "Calls for you" not in ada.get("/desk/wires").text
    with desk.database.read() as tx:
        assert list_mentions(tx, "ada") == ()


def test_an_editor_says_a_tie_and_stands_back(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles))
    begun = draft(ben, wire, articles)
    sent = {"provider": "openai", "reason": "<b>worked there</b>"}
    assert ben.submit("/desk/ties", "/desk/ties", sent | {"editor": "ada"}).status_code == 403
    assert ben.submit("/desk/ties", "/desk/ties", sent).status_code == 303
    assert "&lt;b&gt;worked there" in ada.get("/desk/ties").text
    page = ben.get(f"/desk/wires/{wire}").text
    assert "You are tied to OpenAI (&lt;b&gt;worked there&lt;/b&gt;)" in page
    assert "<b>ada or sam</b> can" in page
    assert 'id="wire-form"' not in page
    assert "You are tied" not in ada.get(f"/desk/wires/{wire}").text
    asked = page[page.index('<div class="problem tied">') :]
    assert go(ben, wire, "/notes", text=value_of(asked, "text")) == 303
    assert "I am tied to OpenAI and stand back from this wire" in ada.get("/desk/wires").text
    refused = ben.post(f"/desk/wires/{wire}", begun | {"headline": "By ben"})
    assert refused.status_code == 409
    assert ">By ben</textarea>" in refused.text
    assert wire_of(desk, wire).revisions[-1].draft.headline != "By ben"
    assert (
        ada.submit("/desk/ties", "/desk/ties", {"editor": "ben", "provider": "openai", "do": "end"}).status_code == 303
    )
    assert ben.post(f"/desk/wires/{wire}", draft(ben, wire, articles, headline="By ben")).status_code == 303


def test_a_tie_is_said_at_the_candidate_and_the_form_before_anything_is_written(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    candidate = a_candidate_of(desk.database, "gazette", title="ChatGPT of OpenAI invents a ruling")
    with desk.database.write() as tx:
        tx.execute(text("UPDATE candidates SET providers = '[\"openai\"]' WHERE id = :id"), {"id": candidate})
    path = f"/desk/candidates/{candidate}"
    assert "You are tied" not in ben.get(path).text
    ben.submit("/desk/ties", "/desk/ties", {"provider": "openai", "reason": "holds shares"})
    said = ben.get(path).text
    assert "You are tied to OpenAI (holds shares), and stand back" in said
    assert f'<b>ada or sam</b> can write this one: <a href="/desk/bulk?marked={candidate}">assign it</a>' in said
    wire = act(ben, candidate, "accept").headers["location"]
    form = ben.get(wire).text
    assert 'id="wire-form"' not in form
    assert "Ask ada to take it over" in form
    unnamed = a_candidate_of(desk.database, "gazette", title="ChatGPT of OpenAI invents another ruling")
    form = ben.get(act(ben, unnamed, "accept").headers["location"]).text
    assert 'id="wire-form"' in form
    assert "once that stands under Providers, what you write here is not saved" in form
    for also in ("ada", "sam"):
        ada.submit("/desk/ties", "/desk/ties", {"editor": also, "provider": "openai", "reason": "so does she"})
    assert "Nobody else here can: invite another editor" in ben.get(wire).text


def test_a_time_is_chosen_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    later = draft(ada, wire, articles, do="publish", publish_at="2026-03-02T17:30")
    assert ada.post(f"/desk/wires/{wire}", later).status_code == 303
    put_out(desk, tmp_path)
    assert "It appears on the site and in the feed at 2 March 2026, 17:30 UTC" in ada.get(f"/desk/wires/{wire}").text
    assert "for 2 March 2026, 17:30 UTC" in ada.get("/desk/wires").text
    assert go(ada, wire, "/revise", kind="recall") == 303
    held = draft(ada, wire, articles, do="publish", embargo_until="2026-03-03T06:00")
    assert ada.post(f"/desk/wires/{wire}", held).status_code == 303
    desk.clock.advance(hours=21, minutes=59)
    put_out(desk, tmp_path)
    assert "when its embargo ends" in ada.get(f"/desk/wires/{wire}").text
    desk.clock.advance(minutes=1)
    put_out(desk, tmp_path)
    assert wire_of(desk, wire).published is not None


def test_what_changed_between_any_two_revisions(desk: Desk, tmp_path: Path) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish"))
    put_out(desk, tmp_path)
    cited = f"[source](article:{articles[0]})"
    for number, court in enumerate(("tribunal", "chamber"), start=2):
        assert go(ada, wire, "/revise", kind="update") == 303
        changes = {"body": f"A {court} found an invented ruling. {cited}", "codes": ["M2", "F5", "F10"][: number + 1]}
        ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish", **changes))
        put_out(desk, tmp_path)
        desk.clock.advance(hours=1)
    page = ada.get(f"/desk/wires/{wire}/revisions?before=1&after=3").text
    assert "<del>court" in page.replace("<del>A court", "<del>court")
    assert "<ins>chamber" in page.replace("<ins>A chamber", "<ins>chamber")
    assert "M2, F5, F10" in page
    assert "tribunal" not in page
    assert "Start an update with the text of revision 1" in page
    assert ada.get(f"/desk/wires/{wire}/revisions?before=1&after=9").status_code == 404
    assert ada.get(f"/desk/wires/{wire}/revisions").status_code == 200
    assert go(ada, wire, "/revise", kind="update", text_of="1") == 303
    assert wire_of(desk, wire).revisions[-1].draft.body.startswith("A court")


def test_a_retracted_wire_offers_its_restoration_only(desk: Desk, tmp_path: Path) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish"))
    put_out(desk, tmp_path)
    go(ada, wire, "/revise", kind="retraction")
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish", note="Another company."))
    put_out(desk, tmp_path)
    page = ada.get(f"/desk/wires/{wire}").text
    assert "Start a restoration" in page
    assert "Start an update" not in page
    assert go(ada, wire, "/revise", kind="update") == 409
    assert go(ada, wire, "/revise", kind="restoration") == 303
    assert "why the retraction is taken back" in ada.get(f"/desk/wires/{wire}").text
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish", note="It was that one after all."))
    put_out(desk, tmp_path)
    site = ada.get(f"/wires/{wire_of(desk, wire).slug}").text
    assert "Restored" in site
    assert "<del>" not in site


def test_what_joined_later_is_a_source_with_one_key(desk: Desk, tmp_path: Path) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish"))
    put_out(desk, tmp_path)
    candidate = wire_of(desk, wire).candidate
    assert candidate is not None
    desk.clock.advance(hours=1)
    with desk.database.write() as tx:
        late = store_article(tx, "herald")
        join(tx, candidate, late, at=desk.clock.now())
        assert get_candidate(tx, candidate).status is CandidateStatus.ACCEPTED
    page = ada.get(f"/desk/wires/{wire}").text
    assert 'data-press="n"' in page
    added = value_of(page, "article", after="New since publication")
    assert go(ada, wire, "/sources", article=added) == 303
    last = wire_of(desk, wire).revisions[-1]
    assert (last.number, last.status, last.source_count) == (2, RevisionStatus.DRAFT, 3)
    assert last.draft.body.endswith(f"[source](article:{late})")


def test_what_joins_while_a_first_draft_is_written_is_offered_too(desk: Desk) -> None:
    ada = desk.signed_in()
    wire, _ = accepted(desk, ada)
    assert "New since this draft" not in ada.get(f"/desk/wires/{wire}").text
    candidate = wire_of(desk, wire).candidate
    assert candidate is not None
    desk.clock.advance(hours=1)
    with desk.database.write() as tx:
        late = store_article(tx, "herald")
        join(tx, candidate, late, at=desk.clock.now())
    page = ada.get(f"/desk/wires/{wire}").text
    assert "New since this draft was opened: 1 article" in page
    version = value_of(page, "version", after="New since this draft")
    assert go(ada, wire, "/sources", article=str(late), version=version) == 303
    assert wire_of(desk, wire).revisions[-1].draft.sources[-1] == late
    assert go(ada, wire, "/sources", article=str(late), version="1") == 409  # stale


def test_the_source_of_a_pasted_quotation(desk: Desk) -> None:
    ada = desk.signed_in()
    candidate = a_candidate_of(desk.database, "gazette", text="The clinic said: “nobody was harmed”, and apologised.")
    location = act(ada, candidate, "accept").headers["location"]
    csrf = value_of(ada.get(location).text, "csrf")
    found = ada.post(f"{location}/quote", {"csrf": csrf, "text": 'said: "Nobody was harmed"'}).json()
    assert (found["publisher"], found["passage"]) == ("Gazette", "said: “nobody was harmed")
    assert ada.post(f"{location}/quote", {"csrf": csrf, "text": "everybody was harmed"}).json() == {"article": None}


def test_a_suggestion_is_taken_by_its_button_without_script(desk: Desk) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    page = ada.get(f"/desk/wires/{wire}").text
    assert 'value="severity SEV-3"' in page
    assert 'name="severity" value="SEV-3" checked' not in page
    sent = draft(ada, wire, articles, severity="", take="severity SEV-3")
    assert ada.post(f"/desk/wires/{wire}", sent).status_code == 303
    assert wire_of(desk, wire).revisions[-1].draft.severity == "SEV-3"
    with desk.database.read() as tx:
        assert [o.suggestion.value for o in list_outcomes(tx, wire)] == ["SEV-3"]
    assert ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, take="note x")).status_code == 409
    assert ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, take="occurred_on x")).status_code == 409


def test_the_but_for_prose_is_drafted_by_its_button_without_script(desk: Desk) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    sent = draft(ada, wire, articles, counterfactual="", do="draft-test")
    assert ada.post(f"/desk/wires/{wire}", sent).status_code == 303
    said = wire_of(desk, wire).revisions[-1].draft.counterfactual
    assert said.startswith(
        "But for the chatbot, which wrote it, the invented ruling in the filing would not have occurred"
    )


def test_a_text_that_comes_back_is_merged_where_both_changed_different_things(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, articles = accepted(desk, ada)
    ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles))
    mine = draft(ada, wire, articles, rationale="Mine.")
    base = ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles), accept="application/json").json()["draft"]
    ben.post(f"/desk/wires/{wire}", draft(ben, wire, articles, headline="Ben's headline"))
    back = mine | {"base": json.dumps(base)}
    said = ada.post(f"/desk/wires/{wire}", back, accept="application/json").json()
    assert said["is_merged"] is True
    assert "ben changed meanwhile: headline" in said["words"]
    last = wire_of(desk, wire).revisions[-1].draft
    assert (last.headline, last.rationale) == ("Ben's headline", "Mine.")
    for broken in ("{", "[]", '"x"', '{"severity": 3}'):
        sent = mine | {"base": broken}
        assert ada.post(f"/desk/wires/{wire}", sent, accept="application/json").status_code == 409


def test_a_reader_of_the_desk_looks_on(desk: Desk, tmp_path: Path) -> None:
    ada, rae = desk.signed_in("ada"), desk.signed_in("rae")
    wire, articles = accepted(desk, ada)
    for state in ("draft", "released", "published"):
        page = rae.get(f"/desk/wires/{wire}")
        assert page.status_code == 200
        assert "<textarea" not in page.text
        assert f'class="state {state}"' in page.text
        assert "/revise" not in page.text
        assert rae.get(f"/desk/wires/{wire}/revisions").status_code == 200
        if state == "draft":
            ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, do="publish"))
        else:
            put_out(desk, tmp_path)
    assert rae.get("/desk/ties").status_code == 200
    assert rae.post(f"/desk/wires/{wire}/notes", {"csrf": rae.token("/desk/wires"), "text": "x"}).status_code == 403


def test_a_first_but_for_test_is_taken_by_its_button_and_what_it_became_is_kept(desk: Desk) -> None:
    ada = desk.signed_in()
    wire, articles = accepted(desk, ada)
    with desk.database.read() as tx:
        context = desk.app.state.context
        offered = suggest_for(tx, get_wire(tx, wire), context.codebook, context.index)
    (test,) = [s for s in offered if s.field == "but_for"]
    page = ada.get(f"/desk/wires/{wire}").text
    assert escape(as_sentence(test)) in page
    parts = {f"test_{part}": "" for part in ("outcome", "system", "role", "without", "support")}
    sent = draft(ada, wire, articles, **parts, take=f"but_for {test.value}")
    assert ada.post(f"/desk/wires/{wire}", sent).status_code == 303
    kept = wire_of(desk, wire).revisions[-1].draft.but_for
    assert kept is not None
    assert (kept.system, kept.support) == ("the chatbot", articles[0])
    with desk.database.read() as tx:
        assert [(o.suggestion.field, o.uptake) for o in list_outcomes(tx, wire)] == [("but_for", Uptake.TAKEN)]
    for forged in ("{}", "[]", '{"outcome": 1}', "x" * 10_000):
        assert ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, take=f"but_for {forged}")).status_code == 409


def test_without_a_language_model_the_page_has_no_button_for_it(desk: Desk) -> None:
    ada = desk.signed_in()
    wire, _ = accepted(desk, ada)
    assert 'class="ask"' not in ada.get(f"/desk/wires/{wire}").text
    assert go(ada, wire, "/ask") == 409


def test_an_editor_asks_the_language_model_and_its_suggestions_are_marked(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(language_model_url="http://127.0.0.1:9/v1", language_model_name="qwen<3>")
    ada = desk.signed_in()
    wire, _ = accepted(desk, ada)
    page = ada.get(f"/desk/wires/{wire}").text
    assert "qwen&lt;3&gt; has not been asked" in page
    assert go(ada, wire, "/ask") == 303
    assert "is asked next" in ada.get(f"/desk/wires/{wire}").text
    made = Suggestion(
        field="severity", value="SEV-1", confidence=0.5, reason="qwen<3> points to Gazette: “<b>”.", model="qwen<3>"
    )
    with desk.database.write() as tx:
        ask = lease_ask(tx, now=desk.clock.now(), owner="t", lease_for=timedelta(minutes=1))
        assert ask is not None
        assert ask.wanted_by == "ada"
        record_answer(tx, ask, owner="t", model="qwen<3>", suggestions=[made], now=desk.clock.now())
    page = ada.get(f"/desk/wires/{wire}").text
    assert "machine-made" in page
    assert "“&lt;b&gt;”" in page
    assert "made 1 suggestion, each marked" in page
    assert 'name="severity" value="SEV-1" checked' not in page


def test_what_cannot_be_suggested_is_said(desk: Desk) -> None:
    ada = desk.signed_in()
    candidate = a_candidate_of(desk.database, "gazette", title="聊天机器人出错", text="百度的聊天机器人出错")
    page = ada.get(act(ada, candidate, "accept").headers["location"]).text
    assert "none of the articles is in a language whose words are known here" in page


def test_ids_of_other_databases_are_read_in_any_form_and_one_we_do_not_know_holds_nobody_up(
    desk: Desk, tmp_path: Path
) -> None:
    ada = desk.signed_in("ada")
    wire, articles = accepted(desk, ada)
    typed = "aiid:#0123 https://oecd.ai/fr/incidents/2024-05-14-1A2b, AIAAIC7 no-database:9"
    assert ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, crosswalk=typed)).status_code == 303
    page = ada.get(f"/desk/wires/{wire}").text
    assert 'value="aiid:123 oecd-aim:2024-05-14-1a2b aiaaic:AIAAIC0007 no-database:9"' in page
    assert "“no-database:9” is no id of AIID" in page
    assert ada.post(f"/desk/wires/{wire}", draft(ada, wire, articles, crosswalk=typed, do="publish")).status_code == 303
    assert wire_of(desk, wire).revisions[-1].status is RevisionStatus.RELEASED
    put_out(desk, tmp_path)
    kept = wire_of(desk, wire)
    assert kept.published is not None
    assert kept.published.draft.crosswalk[:3] == ("aiid:123", "oecd-aim:2024-05-14-1a2b", "aiaaic:AIAAIC0007")
    shown = desk.browser().get(f"/wires/{kept.slug}").text
    for told in (
        '<a href="https://incidentdatabase.ai/cite/123" rel="noopener">123</a>',
        '<a href="https://oecd.ai/en/incidents/2024-05-14-1a2b" rel="noopener">2024-05-14-1a2b</a>',
        "AIAAIC0007",
    ):
        assert told in shown
    assert "no-database" not in shown
