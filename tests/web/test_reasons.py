"""Why an article is there and whether it counts, overruled and taken back; two candidates side by side. No script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.model import CandidateId, CandidateStatus, Origin, RelationKind, RulingKind
from monitor.stages.weights import FITTED
from monitor.store.candidates import get_candidate
from monitor.store.grouping import list_members
from monitor.store.people import list_audit
from monitor.store.related import list_related
from monitor.store.rulings import list_rulings_of
from tests.stored import MORNING, store_article, store_candidate
from tests.web.conftest import Browser, Desk, value_of
from tests.web.grouped import Told, group, review


@pytest.fixture
def told(desk: Desk) -> Told:
    return group(desk.database, desk.clock)


def send(browser: Browser, page: str, candidate: int, action: str, **data: Any) -> httpx.Response:
    """Open `page` and send its form of one action."""
    text = browser.get(page).text
    path = f"/desk/candidates/{candidate}/{action}"
    fields = {n: value_of(text, n, after=f'action="{path}"') for n in ("csrf", "version", "key", "back", "saw")}
    return browser.post(path, {**fields, **data})


def sources(desk: Desk, candidate: int) -> int:
    with desk.database.read() as tx:
        return get_candidate(tx, CandidateId(candidate)).source_count


def test_each_article_says_why_it_is_there_with_the_figures(desk: Desk, told: Told) -> None:
    article, candidate = told["variety"]
    page = desk.signed_in("ben").get(f"/desk/candidates/{candidate}?article={article}").text
    part = page[page.index('id="text"') :]
    part = part[: part.index("</details>")]
    assert "Why it is here" in part
    assert '<dt>Nearest article</dt><dd dir="auto">“OpenAI Set to Discontinue Sora Video Platform App”' in part
    assert "Sora" in part[part.index("Shared names") :]
    assert "told within a day" in part
    assert "0.65 is needed" in part
    assert "Variety tells it in its own words: an independent source." in part


def test_an_article_that_opened_says_what_it_came_closest_to_and_where_that_is(desk: Desk, told: Told) -> None:
    page = desk.signed_in().get(f"/desk/candidates/{told['courier'][1]}").text
    assert "Why it opened a candidate" in page
    assert f'<a href="/desk/candidates/{told["politico"][1]}">in candidate {told["politico"][1]}</a>' in page


def test_a_count_is_overruled_with_a_reason_and_that_is_taken_back(desk: Desk, told: Told) -> None:
    article, candidate = told["variety"]
    browser, page = desk.signed_in("ben"), f"/desk/candidates/{candidate}?article={article}"
    before = sources(desk, candidate)
    sent = send(browser, page, candidate, "rule", article=article, kind="does-not-count", reason="Rewritten release")
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/desk/candidates/{candidate}?article={article}#text"
    assert sources(desk, candidate) == before - 1
    shown = browser.get(page).text
    assert "Does not count: ben ruled so on" in shown
    assert "Rewritten release" in shown[shown.index('id="rulings"') :]
    with desk.database.read() as tx:
        (ruling,) = list_rulings_of(tx, [article])
        assert list_audit(tx)[0].what == "ruling.rule"
    assert (ruling.kind, ruling.by, ruling.reason) == (RulingKind.DOES_NOT_COUNT, "ben", "Rewritten release")
    assert send(browser, page, candidate, "withdraw", ruling=ruling.id, reason="").status_code == 303
    assert sources(desk, candidate) == before
    with desk.database.read() as tx:
        assert list_rulings_of(tx, [article]) == ()
    assert "None stands." in browser.get(page).text


def test_a_copy_is_said_to_be_none_and_another_to_be_one(desk: Desk, told: Told) -> None:
    (copy, candidate), (other, _) = told["reprint"], told["variety"]
    browser = desk.signed_in()
    assert "Is not a copy" in browser.get(f"/desk/candidates/{candidate}?article={copy}").text
    page = f"/desk/candidates/{candidate}?article={copy}"
    send(browser, page, candidate, "rule", article=copy, kind="not-a-copy", reason="Their own reporter")
    with desk.database.read() as tx:
        assert {m.article.id: m.copy_of for m in list_members(tx, candidate)}[copy] is None
    page = f"/desk/candidates/{candidate}?article={other}"
    send(browser, page, candidate, "rule", article=other, kind="copy", original=copy, reason="Same text, new head")
    with desk.database.read() as tx:
        assert {m.article.id: m.copy_of for m in list_members(tx, candidate)}[other] == copy


def test_an_overrule_without_a_reason_lays_nothing_down_and_says_so(desk: Desk, told: Told) -> None:
    article, candidate = told["variety"]
    browser, page = desk.signed_in(), f"/desk/candidates/{candidate}?article={article}"
    refused = send(browser, page, candidate, "rule", article=article, kind="does-not-count", reason="  ")
    assert refused.status_code == 409
    assert "needs a reason" in refused.text
    for kind, number in (("nonsense", article), ("counts", 99_999)):
        refused = send(browser, page, candidate, "rule", article=number, kind=kind, reason="Because")
        assert refused.status_code == 409
        assert "Because</textarea>" in refused.text or number == 99_999
    with desk.database.read() as tx:
        assert list_rulings_of(tx, [article]) == ()


def test_what_grew_in_between_is_looked_at_again_first_d10(desk: Desk, told: Told) -> None:
    article, candidate = told["variety"]
    browser = desk.signed_in()
    page = browser.get(f"/desk/candidates/{candidate}?article={article}").text
    path = f"/desk/candidates/{candidate}/rule"
    fields = {n: value_of(page, n, after=f'action="{path}"') for n in ("csrf", "key", "back", "saw")}
    stale = browser.post(
        path, {**fields, "version": "0", "article": article, "kind": "does-not-count", "reason": "Kept words"}
    )
    assert stale.status_code == 409
    assert "Kept words</textarea>" in stale.text
    assert sources(desk, candidate) == 2


def test_side_by_side_says_what_is_shared_what_speaks_against_and_the_score(desk: Desk, told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    page = desk.signed_in("ben").get(f"/desk/candidates/{one}/beside/{other}").text
    assert "Why these are two" in page
    assert f"{FITTED.join_at:.2f} is needed to be one event" in page
    assert "They are 200 days apart" in page
    assert "Quorvex" in page[page.index("What they share") :]
    for candidate in (one, other):
        assert f'action="/desk/candidates/{candidate}/merge"' in page
    assert f'action="/desk/candidates/{one}/apart"' in page
    assert f'action="/desk/candidates/{one}/unrelate"' in page  # it was found to be related


def test_never_merge_these_holds_until_it_is_overruled_with_a_reason(desk: Desk, told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    browser, page = desk.signed_in(), f"/desk/candidates/{one}/beside/{other}"
    sent = send(browser, page, one, "apart", other_candidate=other, reason="The ruling, not the demand")
    assert sent.headers["location"] == f"{page}#rulings"
    shown = browser.get(page).text
    assert "Kept apart by ada" in shown
    assert "The ruling, not the demand" in shown
    of_one = browser.get(f"/desk/candidates/{one}").text
    assert f'Never one event</b> with <a href="/desk/candidates/{other}">' in of_one
    refused = send(browser, f"/desk/candidates/{one}", one, "merge", others=str(other))
    assert refused.status_code == 409
    assert "that these are never one" in refused.text
    assert send(browser, page, one, "merge", others=str(other), overrules="yes", reason="One case").status_code == 303
    with desk.database.read() as tx:
        assert get_candidate(tx, other).status is CandidateStatus.MERGED
    assert browser.get(page).headers["location"] == f"/desk/candidates/{one}"


def test_related_candidates_are_dismissed_brought_back_and_added(desk: Desk, told: Told) -> None:
    one, other, third = told["politico"][1], told["courier"][1], told["wsj"][1]
    browser, page = desk.signed_in("ben"), f"/desk/candidates/{one}"
    assert "Shares the names" in browser.get(page).text
    send(browser, page, one, "unrelate", other_candidate=other)
    shown = browser.get(page).text
    assert "None was found." in shown
    assert "1 candidate said not to be related" in shown
    send(browser, page, one, "relate", other_candidate=other)
    send(browser, page, one, "relate", other_candidate=third, reason="The same week")
    assert "ben: The same week" in browser.get(page).text
    with desk.database.read() as tx:
        found = list_related(tx, one, [told["politico"][0]])
    assert {(r.candidate, r.kind) for r in found} == {(other, RelationKind.ADDED), (third, RelationKind.ADDED)}


def test_the_merge_menu_leads_to_the_page_side_by_side(desk: Desk, told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    browser = desk.signed_in()
    sent = send(browser, f"/desk/candidates/{one}", one, "merge", others=f"#{other}")
    assert sent.status_code == 303
    page = browser.get(f"/desk/candidates/{one}").text
    assert f'formaction="/desk/candidates/{one}/beside"' in page
    csrf = value_of(page, "csrf")
    sent = browser.post(f"/desk/candidates/{one}/beside", {"csrf": csrf, "others": f"#{told['wsj'][1]}"})
    assert sent.headers["location"] == f"/desk/candidates/{one}/beside/{told['wsj'][1]}"


def test_a_round_up_is_folded_away_and_quoted(desk: Desk) -> None:
    told = group(desk.database, desk.clock)
    candidate, own = told["wsj"][1], review(desk.database, told)[1]
    page = desk.signed_in().get(f"/desk/candidates/{candidate}").text
    folded = page[page.index('id="mentions"') :]
    assert "1 round-up" in folded
    assert "A round-up that mentions it among others: “OpenAI will shut down its Sora video platform.”" in folded
    assert 'aria-label="Tick Weekly' not in page
    alone = desk.signed_in().get(f"/desk/candidates/{own}").text
    assert "<b>0 sources</b> of 1 article" in alone
    assert 'id="mentions"' not in alone


def test_a_provider_s_word_and_the_press_are_told_in_their_order(desk: Desk) -> None:
    with desk.database.write() as tx:
        told = [
            store_article(tx, "acme", origin=Origin.PROVIDER, first_seen_at=MORNING + timedelta(hours=3)),
            store_article(tx, "courier", first_seen_at=MORNING),
            store_article(tx, "gazette", first_seen_at=MORNING + timedelta(hours=1)),
        ]
        candidate = store_candidate(tx, *told)
        plain = store_candidate(tx, store_article(tx, "herald"))
    browser = desk.signed_in()
    page = browser.get(f"/desk/candidates/{candidate}").text
    line = page[page.index('class="told"') :]
    line = " ".join(re.sub(r"<[^>]+>", " ", line[: line.index("</ol>")]).split())
    assert "press Courier and 1 more 2 Mar, 08:00 provider&#39;s own word Acme 11:00" in line
    assert 'class="told"' not in browser.get(f"/desk/candidates/{plain}").text


def test_who_is_not_signed_in_reads_and_rules_nothing_d2(desk: Desk, told: Told) -> None:
    one, other = told["politico"][1], told["courier"][1]
    stranger = desk.browser()
    assert stranger.get(f"/desk/candidates/{one}/beside/{other}").headers["location"].startswith("/desk/login")
    for action in ("rule", "withdraw", "apart", "relate", "unrelate", "beside"):
        assert stranger.post(f"/desk/candidates/{one}/{action}", {"version": "1"}).status_code == 401
    ben = desk.signed_in("ben")
    for action in ("rule", "withdraw", "apart", "relate", "unrelate", "beside"):
        path = f"/desk/candidates/{one}/{action}"
        assert ben.post(path, {"version": "1"}).status_code == 403  # no form token (D6)
        csrf = ben.token(f"/desk/candidates/{one}")
        assert ben.post(path, {"version": "1", "csrf": csrf}, origin="https://evil.example").status_code == 403


def test_two_that_are_one_or_are_not_there_are_refused_in_words(desk: Desk, told: Told) -> None:
    one = told["politico"][1]
    browser = desk.signed_in()
    same = browser.get(f"/desk/candidates/{one}/beside/{one}")
    assert same.status_code == 409
    assert "Name two candidates" in same.text
    assert browser.get(f"/desk/candidates/{one}/beside/99999").status_code == 404
