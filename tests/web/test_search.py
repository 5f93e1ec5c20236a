"""The desk's search page, and what is like a candidate."""

from __future__ import annotations

from monitor.jobs import triage
from monitor.jobs.index import index
from tests.stored import PROVIDERS, a_candidate_of
from tests.web.conftest import Desk


def taken_in(desk: Desk) -> None:
    assert index(desk.database, desk.clock, providers=PROVIDERS).is_done


def test_wires_candidates_and_articles_are_found_with_the_words_marked(desk: Desk) -> None:
    candidate = a_candidate_of(
        desk.database, "gazette", title="Nimbus outage <b>", text="The <i>outage</i> of Nimbus lasted an hour."
    )
    triage.accept(
        desk.database, desk.clock, candidate, editor="ben", writing=triage.Writing(base_url="https://x.example")
    )
    taken_in(desk)
    page = desk.signed_in("rae").get("/desk/search?q=outage+nimbus").text
    for part in ('id="found-wire"', 'id="found-candidate"', 'id="found-article"'):
        assert part in page
    assert "<mark>Nimbus</mark> <mark>outage</mark> &lt;b&gt;" in page
    assert "The &lt;i&gt;<mark>outage</mark>&lt;/i&gt; of <mark>Nimbus</mark> lasted" in page
    assert f"in candidate {candidate}" in page
    alone = desk.signed_in("rae").get("/desk/search?q=nimbus+is%3Awire").text
    assert 'id="found-wire"' in alone
    assert 'id="found-article"' not in alone


def test_more_of_a_kind_is_a_page_further(desk: Desk) -> None:
    a_candidate_of(desk.database, *(f"paper-{n}" for n in range(35)), title="Outage")
    taken_in(desk)
    browser = desk.signed_in("rae")
    first = browser.get("/desk/search?q=outage").text
    assert "More articles" in first
    second = browser.get("/desk/search?q=outage&kind=article").text
    assert second.count("in candidate") == 30
    older = second[second.index('class="pager"') :].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(older).text.count("in candidate") == 5


def test_without_a_question_the_page_says_what_can_be_asked_and_a_strange_one_is_no_error(desk: Desk) -> None:
    browser = desk.signed_in("rae")
    page = browser.get("/desk/search").text
    assert "publisher:guardian" in page
    assert "Nothing was found" not in page
    for asked in ('"', "((", "-", "a OR", "x" * 5_000, "%00", "is:x", "'; DROP TABLE articles"):
        answer = browser.http.get("/desk/search", params={"q": asked})
        assert answer.status_code == 200, asked
    assert "names no kind" in browser.get("/desk/search?q=is:x").text
    assert browser.get("/desk/search?q=volcano").text.count("Nothing was found") == 1
    assert browser.get("/desk/search?q=x&kind=nonsense").status_code == 404


def test_what_was_decided_on_the_like_before_is_said(desk: Desk) -> None:
    old = a_candidate_of(desk.database, "gazette", title="OpenAI video platform Sora closed for a day")
    triage.reject(desk.database, desk.clock, old, reason="Not an incident", editor="ben")
    other = a_candidate_of(desk.database, "courier", title="Storm closes a ferry line")
    new = a_candidate_of(desk.database, "herald", title="Sora, the video platform of OpenAI, closes")
    taken_in(desk)
    found = desk.signed_in("rae").get(f"/desk/candidates/{new}/alike").text
    assert f'href="/desk/candidates/{old}"' in found
    assert "rejected" in found
    assert f'href="/desk/candidates/{other}"' not in found
