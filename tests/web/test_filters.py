"""Filters at the desk: in the address, saved, named, shared, alerting through the outbox, each with a private feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import feedparser
import pytest
from sqlalchemy import text

from monitor.jobs.filters import address_file, tell_matches
from monitor.jobs.people import disable_editor
from monitor.model import CandidateStatus, Origin, Tier
from monitor.store.candidates import get_candidate, record_status
from monitor.store.people import list_audit
from tests.stored import MORNING, a_candidate_of, join, store_article
from tests.web.conftest import Browser, Desk


def ids(browser: Browser, query: str) -> list[int]:
    page = browser.get(f"/desk/queue{query}")
    assert page.status_code == 200
    return [int(i) for i in re.findall(r'<li class="line" id="c(\d+)"', page.text)]


def save(browser: Browser, query: str, name: str) -> int:
    answer = browser.submit(f"/desk/queue{query}", "/desk/filters", {"query": query, "name": name})
    assert answer.status_code == 303
    found = re.findall(r'id="filter-(\d+)"', browser.get("/desk/filters").text)
    return max(map(int, found))


def do(browser: Browser, number: int, action: str, **data: str) -> str:
    answer = browser.submit("/desk/filters", f"/desk/filters/{number}/{action}", data)
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def tell(desk: Desk, **addresses: str) -> str:
    """Run the job that tells, with an address of the newsroom and of each person named."""
    folder = desk.app.state.context.settings.secrets_dir
    for name, address in addresses.items():
        path = address_file(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(address + "\n")
    report = tell_matches(
        desk.database,
        desk.clock,
        newsroom_addresses=("json://newsroom.example",),
        folder=folder,
        base_url="https://desk.example",
        newsroom="Monitor",
        providers={"acme": "Acme"},
    )
    return str(report)


def messages(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.database.read() as tx:
        found = tx.execute(text("SELECT channel, subject, body FROM outbox ORDER BY id")).all()
    return [(c, s, b) for c, s, b in found]


# --- in the address -------------------------------------------------------------------------------------------------


def test_each_filter_is_in_the_address(desk: Desk) -> None:
    early = MORNING - timedelta(days=2)
    named = a_candidate_of(desk.database, "gazette", title="AcmeChat invents a ruling")
    official = a_candidate_of(desk.database, "agency", origin=Origin.REGULATOR, tier=Tier.PRIMARY)
    many = a_candidate_of(desk.database, "courier", "herald", "gazette")
    old = a_candidate_of(desk.database, "gazette", at=early, first_seen_at=early)
    browser = desk.signed_in()
    assert ids(browser, "?provider=acme") == [named]
    assert ids(browser, "?origin=regulator") == [official]
    assert ids(browser, "?tier=primary") == [official]
    assert ids(browser, "?sources=3") == [many]
    assert ids(browser, "?age=over-24h") == [old]
    assert sorted(ids(browser, "?age=6h")) == [named, official, many]
    assert ids(browser, "?origin=regulator&sources=3") == []
    assert sorted(ids(browser, "?origin=regulator&origin=press")) == [named, official, many, old]


def test_an_address_that_makes_no_sense_shows_what_makes_sense(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    assert ids(desk.signed_in(), "?origin=moon&age=soon&sources=x&offset=-1&state=lost&order=sideways") == [candidate]


def test_each_candidate_stands_in_one_state_which_is_a_filter(desk: Desk) -> None:
    new, claimed, snoozed, awaiting, rejected = (a_candidate_of(desk.database, "gazette") for _ in range(5))
    until = desk.clock.now() + timedelta(hours=5)
    with desk.database.write() as tx:
        record_status(tx, claimed, status=CandidateStatus.OPEN, claimed_by="ben")
        for candidate, awaited in ((snoozed, None), (awaiting, 2)):
            record_status(
                tx,
                candidate,
                status=CandidateStatus.SNOOZED,
                snoozed_until=until,
                snoozed_at=desk.clock.now(),
                awaited_count=awaited,
            )
        record_status(tx, rejected, status=CandidateStatus.REJECTED)
    browser = desk.signed_in()
    found = {s: ids(browser, f"?state={s}") for s in ("new", "claimed", "snoozed", "awaiting", "growing", "decided")}
    assert found == {
        "new": [new],
        "claimed": [claimed],
        "snoozed": [snoozed],
        "awaiting": [awaiting],
        "growing": [],
        "decided": [rejected],
    }
    assert sorted(ids(browser, "")) == [new, claimed]
    assert "needs 2" in browser.get("/desk/queue?state=awaiting").text


def test_one_that_waits_for_a_second_source_is_back_with_it_and_not_with_a_reprint(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    browser = desk.signed_in()
    page = f"/desk/candidates/{candidate}"
    with desk.database.read() as tx:
        version = get_candidate(tx, candidate).version
    asked = {"version": str(version), "key": "k1", "hours": "source", "back": "/desk/queue"}
    assert browser.submit(page, f"{page}/snooze", asked).status_code == 303
    assert ids(browser, "?state=awaiting") == [candidate]
    desk.clock.advance(hours=1)
    with desk.database.write() as tx:
        join(tx, candidate, store_article(tx, "gazette"), at=desk.clock.now())
    assert ids(browser, "") == []
    with desk.database.write() as tx:
        join(tx, candidate, store_article(tx, "courier"), at=desk.clock.now())
    assert ids(browser, "") == [candidate]
    assert ids(browser, "?state=awaiting") == []


def test_a_claim_that_ran_out_is_nobodys(desk: Desk) -> None:
    candidate = a_candidate_of(desk.database, "gazette")
    with desk.database.write() as tx:
        until = desk.clock.now() + timedelta(minutes=20)
        record_status(tx, candidate, status=CandidateStatus.OPEN, claimed_by="ben", claimed_until=until)
    browser = desk.signed_in()
    assert ids(browser, "?state=claimed") == [candidate]
    desk.clock.advance(minutes=20)
    assert ids(browser, "?state=claimed") == []
    assert ids(browser, "?state=new") == [candidate]


# --- saved ----------------------------------------------------------------------------------------------------------


def test_a_filter_is_saved_named_opened_shared_and_removed(desk: Desk) -> None:
    a_candidate_of(desk.database, "gazette", title="AcmeChat invents a ruling")
    ada, ben = desk.signed_in(), desk.signed_in("ben")
    number = save(ada, "?provider=acme&sources=2", "Acme, told twice")
    page = ada.get("/desk/queue").text
    assert "Acme, told twice" in page
    assert 'href="/desk/queue?provider=acme&amp;sources=2"' in page
    assert "Acme, told twice" not in ben.get("/desk/queue").text
    assert do(ada, number, "share", shared="yes") == "303"
    assert "Acme, told twice" in ben.get("/desk/queue").text
    assert do(ben, number, "remove") == "403"
    assert save(ada, "?provider=acme", "Acme, told twice") == number
    assert do(ada, number, "remove") == "303"
    assert "Acme, told twice" not in ada.get("/desk/queue").text
    with desk.database.read() as tx:
        deeds = [e.what for e in list_audit(tx, limit=20) if e.what.startswith("filter.")]
    assert deeds[::-1] == ["filter.save", "filter.share", "filter.save", "filter.remove"]


# --- alerts ---------------------------------------------------------------------------------------------------------


def test_what_newly_matches_is_told_once_in_one_message_for_each_address_f11(desk: Desk) -> None:
    a_candidate_of(desk.database, "gazette", title="AcmeChat was there before")
    ada = desk.signed_in()
    number = save(ada, "?provider=acme", "Acme")
    assert do(ada, number, "alerts", alerts="me") == "303"
    assert tell(desk, ada="json://ada.example/secret").startswith("0 candidates")
    desk.clock.advance(minutes=5)
    now = desk.clock.now()
    for title in ("AcmeChat invents a ruling", "AcmeChat leaks a list"):
        a_candidate_of(desk.database, "courier", title=title, at=now, first_seen_at=now)
    a_candidate_of(desk.database, "courier", title="Nothing of theirs", at=now, first_seen_at=now)
    tell(desk)
    ((channel, subject, body),) = messages(desk)
    assert subject == "Monitor: 2 candidates match"
    assert "AcmeChat invents a ruling" in body
    assert "https://desk.example/desk/candidates/2" in body
    assert "was there before" not in body
    assert "Nothing of theirs" not in body
    assert "secret" not in channel + body
    desk.clock.advance(minutes=30)
    tell(desk)
    assert len(messages(desk)) == 1


def test_two_filters_that_find_the_same_make_one_message(desk: Desk) -> None:
    ada = desk.signed_in()
    for query, name in (("?provider=acme", "Acme"), ("?origin=press", "Press")):
        do(ada, save(ada, query, name), "alerts", alerts="me")
    desk.clock.advance(minutes=5)
    now = desk.clock.now()
    a_candidate_of(desk.database, "courier", title="AcmeChat leaks a list", at=now, first_seen_at=now)
    tell(desk, ada="json://ada.example")
    ((_, subject, body),) = messages(desk)
    assert subject == "Monitor: AcmeChat leaks a list"
    assert "matches “Acme”, “Press”" in body


def test_the_newsroom_is_told_by_senior_editors_alone_and_nobody_who_has_left_is_told(desk: Desk) -> None:
    ada, ben = desk.signed_in(), desk.signed_in("ben")
    assert do(ben, save(ben, "?origin=press", "Press"), "alerts", alerts="newsroom") == "403"
    do(ben, save(ben, "?origin=press", "Press"), "alerts", alerts="me")
    do(ada, save(ada, "?tier=secondary", "Secondary"), "alerts", alerts="newsroom")
    disable_editor(desk.database, desk.clock, "ben")
    desk.clock.advance(minutes=5)
    now = desk.clock.now()
    a_candidate_of(desk.database, "courier", at=now, first_seen_at=now)
    tell(desk, ben="json://ben.example")
    assert len(messages(desk)) == 1


# --- feeds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def feed(desk: Desk) -> Callable[[Browser, int], str]:
    """Open the feed of a filter; its path."""

    def opened(browser: Browser, number: int) -> str:
        page = do(browser, number, "feed")
        return unescape(re.findall(r'id="feed"[^>]* value="([^"]+)"', page)[0]).removeprefix(desk.url)

    return opened


def test_a_saved_filter_has_a_feed_at_an_address_that_is_shown_once(
    desk: Desk, feed: Callable[[Browser, int], str]
) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="AcmeChat <b>invents</b> a ruling")
    a_candidate_of(desk.database, "gazette", title="Something else")
    ada = desk.signed_in()
    path = feed(ada, save(ada, "?provider=acme", "Acme & others"))
    reader = desk.browser()
    answer = reader.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "private" in answer.headers["cache-control"]
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "set-cookie" not in answer.headers
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert unescape(read.feed.title) == "Monitor: Acme & others"
    (entry,) = read.entries
    assert entry.link == f"{desk.url}/desk/candidates/{candidate}"
    assert "invents" in entry.title
    assert reader.get(path, **{"if-none-match": answer.headers["etag"]}).status_code == 304
    token = path.split("/")[2]
    assert token not in ada.get("/desk/filters").text
    with desk.database.read() as tx:
        assert token not in str(tx.execute(text("SELECT * FROM saved_filters")).all())


def test_a_feeds_address_can_be_taken_back_and_ends_with_its_owner(
    desk: Desk, feed: Callable[[Browser, int], str]
) -> None:
    ada, ben, reader = desk.signed_in(), desk.signed_in("ben"), desk.browser()
    number = save(ada, "?origin=press", "Press")
    first = feed(ada, number)
    second = feed(ada, number)
    assert [reader.get(p).status_code for p in (first, second)] == [404, 200]
    assert do(ada, number, "close") == "303"
    assert reader.get(second).status_code == 404
    assert reader.get("/filters/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/feed.atom").status_code == 404
    bens = feed(ben, save(ben, "?origin=press", "Press"))
    assert reader.get(bens).status_code == 200
    disable_editor(desk.database, desk.clock, "ben")
    assert reader.get(bens).status_code == 404
