"""A candidate: its time line, texts and their versions, its snapshot, its history, and a look before a deed."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.jobs.recount import recount
from monitor.model import ArticleId, CandidateId, Joined, Match, RulingKind, Snapshot
from monitor.store.articles import append_version, record_checked
from monitor.store.candidates import get_candidate
from monitor.store.grouping import add_member, list_placed, open_candidate
from monitor.store.rulings import list_rulings_of
from tests.jobs.test_late import a_wire_out, grow
from tests.stored import MORNING, PROVIDERS, a_candidate_of, join, store_article, store_candidate
from tests.web.conftest import Browser, Desk, value_of

PAGE = b"<html><head><script>steal()</script></head><body><h1>Outage</h1><p>It broke.</p></body></html>"


def snapshot_of(body: bytes, content_type: str = "text/html") -> Snapshot:
    return Snapshot(
        digest=hashlib.sha256(body).hexdigest(),
        url="https://gazette.example/1",
        fetched_at=MORNING,
        content_type=content_type,
        size_bytes=len(body),
    )


def act(browser: Browser, candidate: int, action: str, *, form: str = "", **data: object) -> tuple[int, str]:
    """Send the page's form of `form` (by default the action's own) to `action`."""
    page = browser.get(f"/desk/candidates/{candidate}").text
    after = f'action="/desk/candidates/{candidate}/{form or action}"'
    fields = {n: value_of(page, n, after=after) for n in ("csrf", "version", "key", "back", "saw")}
    answer = browser.post(f"/desk/candidates/{candidate}/{action}", {**fields, **data})
    return answer.status_code, answer.text


# --- the time line --------------------------------------------------------------------------------------------------


def test_who_reported_first_and_how_much_later_the_others(desk: Desk) -> None:
    with desk.database.write() as tx:
        articles = [
            store_article(tx, name, first_seen_at=MORNING + timedelta(minutes=at))
            for name, at in (("courier", 130), ("gazette", 0), ("herald", 40))
        ]
        candidate = store_candidate(tx, *articles)
    page = desk.signed_in("rae").get(f"/desk/candidates/{candidate}").text
    first = re.sub(r"<[^>]+>", "", page[page.index('class="first"') :].split("</p>")[0])
    assert "First Gazette 2 Mar, 08:00, Herald 40 min later, Courier 2 h 10 min later" in first


def many(desk: Desk, texts: int, copies: int) -> CandidateId:
    """A candidate of so many texts, the first of which was printed so often again."""
    with desk.database.write() as tx:
        candidate = open_candidate(tx, title="", opened_at=MORNING)
        first = None
        for n in range(texts + copies):
            at = MORNING + timedelta(minutes=n)
            article = store_article(tx, f"paper-{n % 50}", title=f"Paper {n} tells of it", first_seen_at=at)
            original = first if n >= texts else None
            first = first or article
            joined = Joined.EVENT if original is None else Joined.COPY
            match = Match(
                candidate=candidate, joined=joined, nearest=original, copy_of=original, similarity=0.9, reason="Same."
            )
            add_member(tx, candidate, article, match, now=at)
        recount(tx, candidate, now=MORNING, providers=PROVIDERS)
    return candidate


def test_hundreds_of_articles_come_some_texts_at_a_time_and_copies_on_a_page_of_their_own(desk: Desk) -> None:
    candidate = many(desk, texts=90, copies=100)
    browser = desk.signed_in("ben")
    page = browser.get(f"/desk/candidates/{candidate}").text
    ticks = re.findall(r'name="article" value="(\d+)"', page)
    assert len(set(ticks)) == 18
    assert "1 to 15 of 90" in page
    assert "All 100 copies" in page
    assert len(page.encode()) < 60_000
    last = browser.get(f"/desk/candidates/{candidate}?part=6").text
    assert "76 to 90 of 90" in last
    copies = browser.get(f"/desk/candidates/{candidate}?of={ticks[0]}&part=4").text
    assert "76 to 100 of 100" in copies
    assert len(set(re.findall(r'name="article" value="(\d+)"', copies))) == 26


def test_an_article_opens_the_part_of_the_time_line_in_which_it_stands(desk: Desk) -> None:
    candidate = many(desk, texts=60, copies=0)
    browser = desk.signed_in("ben")
    last = re.findall(r'name="article" value="(\d+)"', browser.get(f"/desk/candidates/{candidate}?part=4").text)[-1]
    page = browser.get(f"/desk/candidates/{candidate}?article={last}").text
    assert "46 to 60 of 60" in page
    assert "Paper 59 tells of it" in page[page.index('id="text"') :]


def test_a_copy_says_what_it_added_changed_and_left_out(desk: Desk) -> None:
    with desk.database.write() as tx:
        first = store_article(tx, "gazette", text="It broke on Monday. Nobody was hurt. Acme said so.")
        copy = store_article(tx, "courier", text="It broke on Tuesday. Acme said so. We asked the mayor.")
        candidate = store_candidate(tx, first, copy, copies={copy: first})
    page = desk.signed_in("rae").get(f"/desk/candidates/{candidate}?article={copy}").text
    assert "3 sentences: 1 added, 1 changed, 1 left out" in page
    assert '<mark class="changed">It broke on <del>Monday</del><ins>Tuesday</ins>.</mark>' in page
    assert "<mark>We asked the mayor.</mark>" in page
    assert "<del>Nobody was hurt.</del>" in page


# --- versions and snapshots -----------------------------------------------------------------------------------------


def versions(desk: Desk) -> tuple[ArticleId, CandidateId]:
    """An article whose page changed twice."""
    with desk.database.write() as tx:
        article = store_article(tx, "gazette", title="Outage", text="It broke. 12 were hit.")
        candidate = store_candidate(tx, article)
        for hours, text in ((1, "It broke. 15 were hit."), (2, "It broke. 15 were hit. Acme says sorry.")):
            at = MORNING + timedelta(hours=hours)
            append_version(tx, article, title="Outage <b>", text=text, now=at, snapshot=snapshot_of(PAGE), body=PAGE)
            record_checked(tx, article, now=at)
    return article, candidate


def test_the_texts_of_a_page_are_compared_any_two_of_them(desk: Desk) -> None:
    article, candidate = versions(desk)
    browser = desk.signed_in("rae")
    assert "Changed 2 times: see how" in browser.get(f"/desk/candidates/{candidate}").text
    page = browser.get(f"/desk/articles/{article}/versions").text
    assert "<mark>Acme says sorry.</mark>" in page
    assert "Outage &lt;b&gt;" in page
    assert "<ins>15 " not in page[page.index('class="body"') :]
    both = browser.get(f"/desk/articles/{article}/versions?of=page&old=0&new=2").text
    assert "<del>12 </del><ins>15 </ins>" in both[both.index('class="body"') :]
    assert "the headline changed" in both
    for query in ("of=nothing", "of=page&new=9", "of=page&old=9"):
        assert browser.get(f"/desk/articles/{article}/versions?{query}").status_code == 404


def test_a_snapshot_is_shown_in_a_frame_that_may_do_nothing_d7(desk: Desk) -> None:
    article, _ = versions(desk)
    browser = desk.signed_in("rae")
    outer = browser.get(f"/desk/articles/{article}/snapshot?version=1")
    assert 'sandbox=""' in outer.text
    assert "frame-src 'self'" in outer.headers["content-security-policy"]
    assert "script-src 'self'" in outer.headers["content-security-policy"]
    digest = snapshot_of(PAGE).digest
    inner = browser.get(f"/desk/snapshots/{digest}/page")
    policy = inner.headers["content-security-policy"].split("; ")
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert not [p for p in policy if p.startswith("script-src") or "http" in p]
    assert inner.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<h1>Outage</h1><p>It broke.</p>" in inner.text
    assert "steal" not in inner.text
    source = browser.get(f"/desk/snapshots/{digest}/source")
    assert source.content == PAGE
    assert source.headers["content-disposition"].startswith("attachment")
    assert source.headers["x-content-type-options"] == "nosniff"


def test_what_is_no_page_is_kept_but_not_shown(desk: Desk) -> None:
    body = b"%PDF-1.7 not markup"
    with desk.database.write() as tx:
        article = store_article(tx, "gazette")
        shot = snapshot_of(body, "application/pdf")
        append_version(tx, article, title="x", text="y", now=MORNING, snapshot=shot, body=body)
    browser = desk.signed_in("rae")
    assert "<iframe" not in browser.get(f"/desk/articles/{article}/snapshot?version=1").text
    assert browser.get(f"/desk/snapshots/{shot.digest}/page").status_code == 404
    assert browser.get(f"/desk/snapshots/{shot.digest}/source").content == body
    assert browser.get(f"/desk/articles/{article}/snapshot").status_code == 404
    assert browser.get(f"/desk/snapshots/{'0' * 64}/page").status_code == 404
    assert browser.get("/desk/snapshots/nonsense/page").status_code == 404


# --- a look before it is done ---------------------------------------------------------------------------------------


def test_before_a_merge_the_count_it_would_make_is_shown_and_nothing_has_changed(desk: Desk) -> None:
    one = a_candidate_of(desk.database, "gazette", "courier")
    two = a_candidate_of(desk.database, "gazette", "herald")
    browser = desk.signed_in("ben")
    status, page = act(browser, one, "look-merge", form="merge", others=str(two))
    assert status == 200
    assert re.search(r"2 →</span> <span[^>]*><b>3</b> sources", page)
    assert '<b dir="auto">Gazette</b> would no longer count: <span dir="auto">Gazette already counts with' in page
    assert f"#{two} (" in page
    assert "would lead here." in page
    with desk.database.read() as tx:
        assert (get_candidate(tx, one).article_count, get_candidate(tx, two).article_count) == (2, 2)
    fields = {n: value_of(page, n) for n in ("csrf", "version", "key", "back", "others")}
    assert browser.post(f"/desk/candidates/{one}/merge", fields).status_code == 303
    with desk.database.read() as tx:
        assert get_candidate(tx, one).source_count == 3


def test_before_a_split_both_sides_are_shown(desk: Desk) -> None:
    with desk.database.write() as tx:
        first, second, third = (store_article(tx, p) for p in ("gazette", "courier", "gazette"))
        candidate = store_candidate(tx, first, second, third)
    browser = desk.signed_in("ben")
    page = browser.get(f"/desk/candidates/{candidate}").text
    fields = {n: value_of(page, n, after='id="split"') for n in ("csrf", "version", "key", "back", "saw")}
    sent = {**fields, "article": [str(second), str(third)]}
    answer = browser.post(
        f"/desk/candidates/{candidate}/look-split", sent, **{"hx-request": "true", "hx-target": "div#would-split"}
    ).text
    assert not answer.lstrip().startswith("<!doctype")
    assert re.search(r"2 →</span> <span[^>]*><b>1</b> source<", answer)
    assert "New" in answer
    assert "<b>2</b> sources" in answer
    assert "would count" in answer
    with desk.database.read() as tx:
        assert get_candidate(tx, candidate).article_count == 3


@pytest.mark.parametrize(
    ("action", "form", "data", "said"),
    [
        ("look-merge", "merge", {"others": "99999"}, "There is no candidate 99999"),
        ("look-merge", "merge", {"others": "x"}, "by their numbers"),
        ("look-split", "split", {}, "Tick the articles"),
    ],
)
def test_what_cannot_be_foreseen_says_why(desk: Desk, action: str, form: str, data: dict[str, str], said: str) -> None:
    candidate = a_candidate_of(desk.database, "gazette", "courier")
    status, page = act(desk.signed_in("ben"), candidate, action, form=form, **data)
    assert status == 200
    assert said in page


def test_never_merge_these_is_laid_down_from_the_look_and_seen_in_the_next_one(desk: Desk) -> None:
    one, two = (a_candidate_of(desk.database, p) for p in ("gazette", "courier"))
    browser = desk.signed_in("ben")
    _, page = act(browser, one, "look-merge", form="merge", others=str(two))
    after = f'action="/desk/candidates/{one}/apart"'
    fields = {n: value_of(page, n, after=after) for n in ("csrf", "version", "key", "back", "other_candidate")}
    sent = browser.post(f"/desk/candidates/{one}/apart", {**fields, "reason": "Two towns"})
    assert sent.status_code == 303
    with desk.database.read() as tx:
        rulings = list_rulings_of(tx, list_placed(tx, one))
    assert [r.kind for r in rulings] == [RulingKind.APART]
    _, again = act(browser, one, "look-merge", form="merge", others=str(two))
    assert "ben ruled that these are never one: “Two towns”" in again
    assert 'name="overrules" value="yes"' in again


# --- history --------------------------------------------------------------------------------------------------------


def test_the_history_tells_of_machines_and_hands_newest_first(desk: Desk) -> None:
    one, two = (a_candidate_of(desk.database, p) for p in ("gazette", "courier"))
    browser = desk.signed_in("ben")
    desk.clock.advance(hours=1)
    act(browser, two, "claim")
    act(browser, one, "merge", others=str(two))
    with desk.database.write() as tx:
        join(tx, one, store_article(tx, "herald"), at=desk.clock.now() + timedelta(hours=1))
    page = browser.get(f"/desk/candidates/{one}").text
    history = page[page.index('id="history"') :]
    lines = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li.*?</li>", history, re.DOTALL)]
    assert "Joined by 1 article: Herald" in lines[0]
    assert f"Merged with candidate {two} by ben" in lines[1]
    assert f"Claimed while it was candidate {two} by ben" in lines[2]


# --- growth ---------------------------------------------------------------------------------------------------------


def test_the_candidate_of_a_published_wire_says_that_it_grows_and_by_what(desk: Desk, tmp_path: Path) -> None:
    candidate, wire = a_wire_out(desk.database, desk.clock, tmp_path / "public")
    browser = desk.signed_in("ben")
    assert 'class="growing"' not in browser.get(f"/desk/candidates/{candidate}").text
    grow(desk.database, desk.clock, candidate, "herald")
    page = browser.get(f"/desk/candidates/{candidate}").text
    growing = re.sub(r"<[^>]+>", "", page[page.index('class="growing"') :].split("</p>")[0])
    assert f"Growing after publication 1 article since readers saw wire {wire}: Herald not cited yet" in growing
    assert page.count("after publication</span>") == 1
    history = page[page.index('id="history"') :]
    assert "Wire published" in history


def test_readers_look_on(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette", "courier")
    page = desk.signed_in("rae").get(f"/desk/candidates/{candidate}").text
    forms = re.findall(r'<form[^>]*action="(/desk/candidates/[^"]+)"', page)
    assert forms == [f"/desk/candidates/{candidate}/split"]
    assert "<button" not in page[page.index('id="split"') :].split("</form>")[0]
