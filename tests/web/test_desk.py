"""The desk over HTTP, without script: queue, candidate, decisions, the wire form (D10, D11)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.jobs import triage
from monitor.jobs.triage import Writing
from monitor.model import ArticleId, CandidateId, CandidateStatus, Draft, Manner, RevisionStatus, WireId
from monitor.store.candidates import get_candidate, get_detail, list_decisions
from monitor.store.people import list_audit
from monitor.store.wires import get_wire
from tests.stored import MORNING, a_candidate_of, join, store_article, store_candidate
from tests.web.conftest import Browser, Desk, value_of


def act(browser: Browser, candidate: int, action: str, **data: Any) -> httpx.Response:
    """Open the candidate and send the form of one action."""
    page = browser.get(f"/desk/candidates/{candidate}").text
    after = f'action="/desk/candidates/{candidate}/{action}"'
    fields = {name: value_of(page, name, after=after) for name in ("csrf", "version", "key", "back", "saw")}
    return browser.post(f"/desk/candidates/{candidate}/{action}", {**fields, **data})


def status_of(desk: Desk, candidate: int) -> CandidateStatus:
    with desk.database.read() as tx:
        return get_candidate(tx, CandidateId(candidate)).status


# --- queue ----------------------------------------------------------------------------------------------------------


def test_an_empty_queue_says_what_to_do_next(shared_desk: Desk) -> None:
    page = shared_desk.signed_in().get("/desk/queue").text
    assert "Nothing waits for a decision." in page
    assert "monitor demo" in page
    assert 'href="/desk/sources"' in page


def test_a_line_says_sources_of_articles_age_and_why(desk: Desk) -> None:
    with desk.database.write() as tx:
        first = store_article(tx, "gazette", title="Chatbot invents a ruling")
        copy = store_article(tx, "courier", title="Chatbot invents a ruling")
        other = store_article(tx, "herald", title="Court finds invented ruling")
        store_candidate(tx, first, copy, other, copies={copy: first})
    desk.clock.advance(hours=4)
    page = desk.signed_in().get("/desk/queue").text
    line = page[page.index('class="line"') :]
    assert '<b>2</b><small><span class="sr">sources</span> of 3 articles' in line
    assert ">4 h</time>" in line
    assert "independent sources" in line
    assert 'aria-label="3 articles in the last 30 hours"' in line


def test_a_line_says_how_grave_its_words_are_and_nothing_takes_it_over(desk: Desk) -> None:
    grave = a_candidate_of(desk.database, "gazette", title="Patient died after a chatbot's advice on dosage")
    browser = desk.signed_in()
    queue = browser.get("/desk/queue").text
    line = queue[queue.index('class="line"') : queue.index('class="headline"')]
    assert '<i class="sev sev-1 guess">SEV-1?</i>' in line
    page = browser.get(f"/desk/candidates/{grave}").text
    assert re.search(r'guess">Suggested</span> <span[^>]*>SEV-1 is for [^<]*“died”', page)
    act(browser, grave, "accept")
    with desk.database.read() as tx:
        wire = get_candidate(tx, grave).wire
        assert wire is not None
        assert get_wire(tx, wire).revisions[-1].draft.severity is None
    assert "guess" not in browser.get("/desk/queue?state=decided").text
    assert "Suggested</span>" not in browser.get(f"/desk/candidates/{grave}").text


def test_what_is_decided_from_a_line_comes_back_to_the_whole_queue(desk: Desk) -> None:
    candidates = [a_candidate_of(desk.database, "gazette", title=f"Story no {n}") for n in range(12)]
    browser = desk.signed_in()
    beside = act(browser, candidates[0], "claim").headers["location"]
    alone = act(browser, candidates[1], "claim", alone="1").headers["location"]
    assert beside.startswith(f"/desk/candidates/{candidates[0]}?done=")
    assert alone.startswith("/desk/queue?done=")
    assert browser.get(beside).text.count('<li class="line"') == 10
    assert browser.get(alone).text.count('<li class="line"') == 12


def test_the_figures_an_editor_lives_by(desk: Desk) -> None:
    a_candidate_of(desk.database, "gazette")
    mine = a_candidate_of(desk.database, "courier")
    desk.clock.advance(hours=3)
    browser = desk.signed_in()
    act(browser, mine, "claim")
    page = browser.get("/desk/queue").text
    for figure in ("<b>2</b> waiting", "<b>3 h</b> oldest", "<b>1</b> mine", "<b>0</b> published today"):
        assert figure in page


def test_mine_is_what_i_have_claimed_the_snoozed_too(desk: Desk) -> None:
    candidates = [a_candidate_of(desk.database, name) for name in ("gazette", "courier", "herald")]
    ada, ben = desk.signed_in(), desk.signed_in("ben")
    act(ada, candidates[1], "snooze", hours="12")
    for browser, number in ((ada, candidates[0]), (ada, candidates[1]), (ben, candidates[2])):
        act(browser, number, "claim")
    page = ada.get("/desk/queue").text
    assert '<a href="/desk/queue?mine=1"><b>2</b> mine</a>' in page
    mine = ada.get("/desk/queue?mine=1").text
    assert sorted(map(int, re.findall(r'data-id="(\d+)"', mine))) == candidates[:2]
    assert f'href="/desk/candidates/{candidates[0]}?mine=1"' in mine
    assert 'href="/desk/queue?mine=1"' in ada.get(f"/desk/candidates/{candidates[0]}?mine=1").text
    act(ben, candidates[2], "unclaim")
    assert "You have claimed nothing that waits." in ben.get("/desk/queue?mine=1").text


def test_an_article_of_an_archive_without_an_address_has_no_link(desk: Desk) -> None:
    key = "archive:0123456789abcdef0123456789abcdef"
    candidate = a_candidate_of(desk.database, "gazette", url=key, canonical_url=key)
    browser = desk.signed_in()
    act(browser, candidate, "accept")
    for path in (f"/desk/candidates/{candidate}", "/desk/wires/1"):
        assert "archive:" not in browser.get(path).text


def test_the_queue_is_ordered_filtered_and_paged(desk: Desk) -> None:
    for number, word in enumerate(("alpha", "beta", "gamma")):
        a_candidate_of(desk.database, "gazette", at=MORNING + timedelta(minutes=number), title=f"Event {word} & more")
    urgent = a_candidate_of(desk.database, "gazette", "courier", "herald", at=MORNING - timedelta(hours=1))
    browser = desk.signed_in()

    def ids(query: str) -> list[int]:
        return [int(i) for i in re.findall(r'data-id="(\d+)"', browser.get(f"/desk/queue{query}").text)]

    assert ids("")[0] == urgent
    assert ids("?order=newest")[-1] == urgent
    assert len(ids("?text=EVENT+beta")) == 1
    assert ids("?offset=3") == ids("")[3:]
    assert "Event beta &amp; more" in browser.get("/desk/queue").text
    assert "Nothing that waits says" in browser.get("/desk/queue?text=nowhere").text


def test_foreign_text_is_escaped_everywhere(desk: Desk) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    candidate = a_candidate_of(
        desk.database, "gazette", title=nasty, text=nasty, author=nasty, url="javascript:alert(1)"
    )
    browser = desk.signed_in()
    for path in ("/desk/queue", f"/desk/candidates/{candidate}"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page


# --- candidate ------------------------------------------------------------------------------------------------------


def test_copies_are_folded_under_their_original_and_differences_marked(desk: Desk) -> None:
    with desk.database.write() as tx:
        first = store_article(tx, "gazette", title="One", text="The same sentence. Another one.")
        copy = store_article(tx, "courier", title="One", text="The same sentence. A changed one.")
        candidate = store_candidate(tx, first, copy, copies={copy: first})
    page = desk.signed_in().get(f"/desk/candidates/{candidate}?article={copy}").text
    assert "1 copy of this text" in page
    assert "Same text as Gazette" in page
    assert "<mark>A changed one.</mark>" in page
    assert "<mark>The same sentence.</mark>" not in page


def test_reject_with_a_reason_and_undo(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    browser = desk.signed_in()
    answer = act(browser, candidate, "reject", reason="AI news, no incident")
    assert answer.status_code == 303
    assert status_of(desk, candidate) is CandidateStatus.REJECTED
    toast = browser.get(answer.headers["location"]).text
    assert "rejected: AI news, no incident" in toast
    assert value_of(toast, "undoes", after=f"/desk/candidates/{candidate}/undo")
    page = browser.get(f"/desk/candidates/{candidate}").text
    assert "Undo reject" in page
    undone = value_of(page, "undoes")
    assert act(browser, candidate, "undo", undoes=undone).status_code == 303
    assert status_of(desk, candidate) is CandidateStatus.OPEN


def test_claim_snooze_merge_split_and_attach(desk: Desk) -> None:
    one, two = (a_candidate_of(desk.database, p) for p in ("gazette", "courier"))
    browser = desk.signed_in()
    act(browser, one, "claim")
    assert "with <b>ada</b>" in browser.get(f"/desk/candidates/{one}").text
    act(browser, one, "unclaim")
    act(browser, one, "snooze", hours="4")
    assert status_of(desk, one) is CandidateStatus.SNOOZED
    assert act(browser, one, "merge", others=f"#{two}").status_code == 303
    assert browser.get(f"/desk/candidates/{two}").headers["location"] == f"/desk/candidates/{one}"
    with desk.database.read() as tx:
        articles = [m.article.id for m in get_detail(tx, one).members]
    assert act(browser, one, "split", article=str(articles[0])).status_code == 303
    accepted = act(browser, one, "accept")
    wire = accepted.headers["location"].rsplit("/", 1)[1]
    split_off = max(int(i) for i in re.findall(r'data-id="(\d+)"', browser.get("/desk/queue").text))
    assert act(browser, split_off, "attach", wire=wire).status_code == 303
    assert status_of(desk, split_off) is CandidateStatus.ACCEPTED


@pytest.mark.parametrize(("action", "data"), [("merge", {"others": "x"}), ("snooze", {"hours": "0"}), ("reject", {})])
def test_a_form_that_lacks_something_is_shown_again(desk: Desk, action: str, data: dict[str, str]) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    answer = act(desk.signed_in(), candidate, action, **data)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert status_of(desk, candidate) is CandidateStatus.OPEN


def test_a_decision_on_a_stale_candidate_shows_both_versions_and_keeps_the_text_d10(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    browser = desk.signed_in()
    page = browser.get(f"/desk/candidates/{candidate}").text
    after = f"/desk/candidates/{candidate}/reject"
    sent = {name: value_of(page, name, after=after) for name in ("csrf", "version", "key", "back", "saw")}
    with desk.database.write() as tx:
        join(tx, CandidateId(candidate), store_article(tx, "courier"), at=desk.clock.now())
    answer = browser.post(after, {**sent, "other": "I typed this for a while"})
    assert answer.status_code == 409
    told = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "On your screen 1 source of 1 article, open Now 2 sources of 2 articles, open" in told
    assert 'value="I typed this for a while"' in answer.text
    assert status_of(desk, candidate) is CandidateStatus.OPEN


def test_a_repeated_post_is_one_decision_d10(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    browser = desk.signed_in()
    page = browser.get(f"/desk/candidates/{candidate}").text
    after = f"/desk/candidates/{candidate}/reject"
    sent = {name: value_of(page, name, after=after) for name in ("csrf", "version", "key", "back", "saw")}
    answers = [browser.post(after, {**sent, "reason": "Duplicate"}) for _ in range(3)]
    assert [a.status_code for a in answers] == [303, 303, 303]
    with desk.database.read() as tx:
        assert len(list_decisions(tx, CandidateId(candidate))) == 1


def test_decisions_are_audited_with_the_address_d11(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    act(desk.signed_in(), candidate, "reject", reason="Duplicate")
    with desk.database.read() as tx:
        line = list_audit(tx, limit=1)[0]
    assert (line.who, line.address) == ("ada", "127.0.0.1")
    assert str(candidate) in line.subject


# --- wire -----------------------------------------------------------------------------------------------------------


def accepted(desk: Desk, browser: Browser) -> tuple[WireId, list[ArticleId]]:
    candidate = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    with desk.database.read() as tx:
        articles = [m.article.id for m in get_detail(tx, candidate).members]
    location = act(browser, candidate, "accept").headers["location"]
    return WireId(int(location.rsplit("/", 1)[1])), articles


def draft(browser: Browser, wire: WireId, articles: list[ArticleId], **changes: Any) -> dict[str, Any]:
    """A form that is fit to publish, as the page would send it."""
    page = browser.get(f"/desk/wires/{wire}").text
    return {
        "csrf": value_of(page, "csrf", after='id="wire-form"'),
        "version": value_of(page, "version", after='id="wire-form"'),
        "headline": "Chatbot invents a ruling",
        "severity": "SEV-3",
        "providers": ["openai"],
        "occurred_on": "2026-03-01",
        "body": f"A court found an invented ruling. [source](article:{articles[0]}) [source](article:{articles[1]})",
        "sources": [str(a) for a in articles],
        "rationale": "The filing rests on what the chatbot made up.",
        "counterfactual": "Without the chatbot the ruling would not have been cited.",
        "codes": ["M2", "F5"],
        "test_outcome": "the invented ruling in the filing",
        "test_system": "the chatbot",
        "test_role": "wrote it",
        "test_without": "the filing would have cited rulings that exist",
        "test_support": str(articles[0]),
        "test_confidence": "high",
        **changes,
    }


def test_accepting_opens_the_form_which_says_what_is_missing(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, _ = accepted(desk, browser)
    page = browser.get(f"/desk/wires/{wire}").text
    for field in ("severity", "body", "rationale", "counterfactual", "codes", "occurred_on"):
        assert f'href="#field-{field}"' in page
        assert f'id="field-{field}"' in page
    assert "Chatbot invents a ruling" in page


def test_a_draft_is_saved_previewed_and_published(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    preview = browser.post(f"/desk/wires/{wire}/preview", draft(browser, wire, articles))
    assert "A court found an invented ruling." in preview.text
    assert "2 independent publishers" in preview.text
    assert browser.post(f"/desk/wires/{wire}", draft(browser, wire, articles)).status_code == 303
    assert "Nothing is missing." in browser.get(f"/desk/wires/{wire}").text
    done = browser.post(f"/desk/wires/{wire}", draft(browser, wire, articles, do="publish"))
    assert done.status_code == 303
    with desk.database.read() as tx:
        revision = get_wire(tx, wire).revisions[-1]
    assert (revision.status, revision.source_count) == (RevisionStatus.RELEASED, 2)
    assert "Released by ada" in browser.get(f"/desk/wires/{wire}").text


def test_an_unfit_draft_is_saved_but_not_published(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    answer = browser.post(f"/desk/wires/{wire}", draft(browser, wire, articles, body="No source.", do="publish"))
    assert answer.status_code == 422
    assert "Saved, but not published" in answer.text
    assert "Saved 08:00" in answer.text
    assert "to compare" not in answer.text  # there is no other version
    with desk.database.read() as tx:
        revision = get_wire(tx, wire).revisions[-1]
    assert (revision.status, revision.draft.body) == (RevisionStatus.DRAFT, "No source.")


def test_a_stale_draft_gets_both_texts_back_and_overwrites_nothing_d10(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    wire, articles = accepted(desk, ada)
    mine = draft(ada, wire, articles, headline="What ada wrote")
    assert ben.post(f"/desk/wires/{wire}", draft(ben, wire, articles, headline="What ben wrote")).status_code == 303
    answer = ada.post(f"/desk/wires/{wire}", mine)
    assert answer.status_code == 409
    assert "<pre>What ben wrote</pre>" in answer.text
    assert "<pre>What ada wrote</pre>" in answer.text
    assert ">What ada wrote</textarea>" in answer.text
    with desk.database.read() as tx:
        assert get_wire(tx, wire).revisions[-1].draft.headline == "What ben wrote"
    again = {**mine, "version": value_of(answer.text, "version", after='id="wire-form"')}
    assert ada.post(f"/desk/wires/{wire}", again).status_code == 303


def test_the_same_save_sent_twice_is_one_d10(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    sent = draft(browser, wire, articles)
    assert [browser.post(f"/desk/wires/{wire}", sent).status_code for _ in range(2)] == [303, 303]
    publish = draft(browser, wire, articles, do="publish")
    assert [browser.post(f"/desk/wires/{wire}", publish).status_code for _ in range(2)] == [303, 303]
    with desk.database.read() as tx:
        assert len(get_wire(tx, wire).revisions) == 1


def test_saving_in_the_background_answers_with_the_new_version(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    sent = draft(browser, wire, articles)
    answer = browser.post(f"/desk/wires/{wire}", sent, accept="application/json")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["words"], said["version"], said["is_merged"]) == ("Saved 08:00", int(sent["version"]) + 1, False)
    assert "Nothing is missing." in said["missing"]
    assert browser.post(f"/desk/wires/{wire}", sent | {"headline": "Old"}, accept="application/json").status_code == 409


def test_the_guide_stands_beside_every_field(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, _ = accepted(desk, browser)
    page = browser.get(f"/desk/wires/{wire}").text
    fields = set(re.findall(r'data-guide="(\w+)"', page))
    assert set(re.findall(r'id="guide-(\w+)"', page)) == {"headline"}
    assert '<aside class="guide" aria-label="Editor\'s Guide" data-from="/desk/guide">' in page
    assert '<a href="/guide">' in page
    assert fields <= set(re.findall(r'id="guide-(\w+)"', browser.get("/desk/guide").text))


def test_a_provider_is_named_by_whatever_the_register_calls_it(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    page = browser.get(f"/desk/wires/{wire}").text
    assert "<option>Anthropic" in page
    assert len(re.findall('name="providers"', page)) == 0
    answer = browser.post(f"/desk/wires/{wire}", draft(browser, wire, articles, provider_name=" claude "))
    assert answer.status_code == 303
    with desk.database.read() as tx:
        assert get_wire(tx, wire).revisions[-1].draft.providers == ("openai", "anthropic")
    page = browser.get(f"/desk/wires/{wire}").text
    assert '<input type="checkbox" name="providers" value="anthropic" checked>Anthropic' in page
    assert "<option>Anthropic" not in page


def test_a_provider_that_the_register_does_not_have_is_said_and_holds_publication_back(desk: Desk) -> None:
    browser = desk.signed_in()
    wire, articles = accepted(desk, browser)
    sent = draft(browser, wire, articles, provider_name='No such "house"', do="publish")
    answer = browser.post(f"/desk/wires/{wire}", sent)
    assert answer.status_code == 422
    assert "the register has none that is called “No such &#34;house&#34;”" in answer.text
    assert 'name="provider_name"' in answer.text
    assert 'value="No such &#34;house&#34;"' in answer.text
    with desk.database.read() as tx:
        last = get_wire(tx, wire).revisions[-1]
    assert (last.status, last.draft.providers) == (RevisionStatus.DRAFT, ("openai",))
    sent = draft(browser, wire, articles, provider_name="Nobody")
    told = browser.post(f"/desk/wires/{wire}", sent, accept="application/json").json()
    assert (told["unknown"], told["providers"]) == ("Nobody", [["openai", "OpenAI"]])


def test_what_was_classified_in_bulk_says_so_until_its_rationale_is_amended(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", "courier")
    triage.accept(
        desk.database, desk.clock, candidate, editor="ada",
        writing=Writing(base_url=desk.url, draft=Draft(rationale="All alike."), manner=Manner.BULK),
    )  # fmt: skip
    browser = desk.signed_in()
    with desk.database.read() as tx:
        articles = list(get_wire(tx, WireId(1)).revisions[-1].draft.sources)
    for rationale, is_bulk in (("All alike.", True), ("I read it.", False)):
        untested = {f"test_{part}": "" for part in ("outcome", "system", "role", "without", "support", "confidence")}
        sent = draft(browser, WireId(1), articles, rationale=rationale, counterfactual="", **untested)
        assert browser.post("/desk/wires/1", sent).status_code == 303
        assert ("classified in bulk" in browser.get("/desk/wires/1").text) is is_bulk
        assert (">in bulk</span>" in browser.get("/desk/wires").text) is is_bulk
