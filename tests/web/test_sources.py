"""Sources at the desk: how they are doing, why, and what a person can do about it without reading the code."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from monitor.model import Entry, Health, Held, Kind, SourceId, Validators
from monitor.store import polls
from monitor.store.entries import record_entries
from monitor.store.people import list_audit
from monitor.store.sources import get_source, list_sources
from monitor.web.desk.sources import LAST_FOLLOWED, LAST_TROUBLE
from tests.net.servers import RecordingServer, http
from tests.web.conftest import Browser, Desk, value_of
from tests.web.newsroom_sources import a_page, a_source, furnish, stand, state_of

MakeDesk = Callable[..., Desk]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{7*7}}"
PAGE = "/desk/sources/gazette"


@pytest.fixture
def newsroom(desk_with: MakeDesk, tmp_path: Path) -> Desk:
    """A desk with a feeds.yaml of its own that may ask servers of this machine."""
    desk = desk_with(sources=tmp_path / "feeds.yaml", allow_addresses="127.0.0.0/8")
    furnish(desk, a_source())
    return desk


@pytest.fixture
def site() -> Iterator[RecordingServer]:
    items = "".join(
        f"<item><title>Outage {n}</title><link>https://lab.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Mon, {n:02} Feb 2026 08:00:00 GMT</pubDate></item>"
        for n in range(1, 8)
    )
    feed = f"<rss version='2.0'><channel><title>Example Lab</title><language>en</language>{items}</channel></rss>"
    page = (
        "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body>News</body></html>"
    )
    answers = {
        "/feed.xml": http(200, feed.encode(), ("Content-Type", "application/rss+xml")),
        "/news": http(200, page.encode(), ("Content-Type", "text/html")),
    }
    with RecordingServer(answers) as opened:
        yield opened


def names(html: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'class="headline"[^>]*>([^<]*)<', html)]


def told(answer: Any) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_troubled_stand_first_each_with_its_state_and_reason(newsroom: Desk) -> None:
    furnish(newsroom, a_source("broken"), a_source("hushed"))
    now = newsroom.clock.now()
    stand(
        newsroom,
        "broken",
        failure_weight=2.0,
        failing_since=now - timedelta(days=3),
        last_outcome="timeout: 60 s passed",
    )
    stand(newsroom, "hushed", last_new_at=now - timedelta(days=40))
    page = newsroom.signed_in().get("/desk/sources")
    assert names(page.text) == ["Broken", "Hushed", "Gazette"]
    assert "failing 3 d" in told(page)
    assert "timeout: 60 s passed" in told(page)
    assert "3 followed 2 need a person" in told(page)
    assert 'aria-label="Last 30 days: 2 new on 1 day; asked 1 times, none failed"' in page.text


def test_the_list_is_filtered_by_state_and_words(newsroom: Desk) -> None:
    furnish(newsroom, a_page("board"), a_source("herald"))
    stand(newsroom, "board", is_gone=True, gone_at=newsroom.clock.now())
    browser = newsroom.signed_in("ben")
    assert names(browser.get("/desk/sources?health=gone").text) == ["Board"]
    assert names(browser.get("/desk/sources?health=trouble").text) == ["Board"]
    assert names(browser.get("/desk/sources?text=herald+paper").text) == ["Herald"]
    assert names(browser.get("/desk/sources?text=page").text) == ["Board"]
    for nothing in ("text=nobody", "health=no-such-state", "text=%25%27%22*"):
        assert "No source matches." in browser.get(f"/desk/sources?{nothing}").text


def test_many_sources_come_page_by_page(newsroom: Desk) -> None:
    furnish(newsroom, *(a_source(f"paper-{n:03}") for n in range(114)))
    browser = newsroom.signed_in()
    seen = [name for offset in (0, 36, 72, 108) for name in names(browser.get(f"/desk/sources?offset={offset}").text)]
    assert len(seen) == len(set(seen)) == 115
    assert "109 to 115 of 115" in told(browser.get("/desk/sources?offset=108"))


def test_an_empty_newsroom_says_what_to_do(desk: Desk) -> None:
    assert "/desk/sources/add" in desk.signed_in("ada").get("/desk/sources").text
    assert "An admin can add one" in told(desk.signed_in("ben").get("/desk/sources"))


# --- one source -----------------------------------------------------------------------------------------------------


def test_the_page_says_what_the_last_answer_was_when_the_next_poll_is_and_which_rule_decided_it_p26(
    newsroom: Desk,
) -> None:
    stand(newsroom, "gazette", validators=Validators(etag='W/"5-gzip"'), rule="no validators: at most every 3 h")
    page = told(newsroom.signed_in("ben").get(PAGE))
    assert "Last asked 10 min ago : 200, 2 new entries" in page
    assert "Asked next in 2 h, 2 March 2026, 10:00 UTC : no validators: at most every 3 h" in page
    assert 'Asked with ETag W/"5-gzip"' in page
    assert "Too little is known of its rhythm" in page


def test_what_it_brought_and_what_was_answered_are_listed(newsroom: Desk) -> None:
    entries = [Entry(guid="g", url="https://gazette.example/1", title="A ruling"), Entry(guid="h", url=None, title="")]
    with newsroom.database.write() as tx:
        record_entries(tx, SourceId("gazette"), entries, now=newsroom.clock.now())
    page = newsroom.signed_in().get(PAGE)
    assert '<a href="https://gazette.example/1" rel="noreferrer noopener">A ruling' in page.text
    assert "No title not read yet" in told(page)
    assert "new 200, 2 new entries 2" in told(page)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"is_gone": True}, "Give it its new address, or remove it."),
        ({"throttled_since": True, "silent_until": True}, "it is left alone until then"),
        ({"failure_weight": 1.0, "last_outcome": "not-a-feed: HTML"}, "if the site has moved its feed"),
        ({"failure_weight": 0.5, "last_outcome": "not-found: 404"}, "Look at the site for its new address."),
        ({"empty_since": True, "empty_count": 3, "usual_count": 12}, "there used to be 12"),
        ({"url": "https://new.example/feed", "moved_at": True}, "Take the new address over"),
    ],
)
def test_each_trouble_says_what_to_do(newsroom: Desk, fields: dict[str, Any], said: str) -> None:
    later = {
        name: newsroom.clock.now() + timedelta(hours=1)
        for name, value in fields.items()
        if value is True and name != "is_gone"
    }
    stand(newsroom, "gazette", **(fields | later))
    assert said in told(newsroom.signed_in().get(PAGE))


def test_nobody_finds_a_source_that_is_not_there(newsroom: Desk) -> None:
    browser = newsroom.signed_in()
    for path in (
        "/desk/sources/nowhere",
        "/desk/sources/nowhere/edit",
        "/desk/sources/..%2Fx",
        "/desk/sources/%3Cb%3E",
    ):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "<b>" not in answer.text


# --- what an editor does --------------------------------------------------------------------------------------------


def do(browser: Browser, action: str, **data: str) -> Any:
    return browser.submit(PAGE, f"{PAGE}/{action}", data)


def audited(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.database.read() as tx:
        return [(line.who, line.what, line.subject) for line in list_audit(tx) if line.what.startswith("source.")]


def test_an_editor_has_it_asked_now_and_the_page_says_when(newsroom: Desk) -> None:
    browser = newsroom.signed_in("ben")
    answer = do(browser, "ask")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert "It is asked within seconds" in told(page)
    assert 'hx-trigger="every 3s"' in page.text
    assert (state_of(newsroom).due_at, state_of(newsroom).rule) == (newsroom.clock.now(), "ben asked for it")
    assert audited(newsroom)[0] == ("ben", "source.ask", "source gazette")


def test_silence_that_was_asked_for_is_kept_and_said_p8(newsroom: Desk) -> None:
    until = newsroom.clock.now() + timedelta(hours=5)
    stand(newsroom, "gazette", silent_until=until, throttled_since=newsroom.clock.now(), due_at=until)
    browser = newsroom.signed_in("ben")
    assert "wants silence: it is asked at 2 March 2026, 13:00 UTC" in told(
        browser.get(do(browser, "ask").headers["location"])
    )
    assert state_of(newsroom).due_at == until


def test_an_editor_pauses_and_takes_it_back(newsroom: Desk) -> None:
    browser = newsroom.signed_in("ben")
    page = browser.get(do(browser, "pause").headers["location"])
    assert "paused since" in told(page)
    assert f'action="{PAGE}/resume" data-action="u"' in page.text
    assert do(browser, "ask").status_code == 409
    do(browser, "resume")
    assert state_of(newsroom).paused_at is None
    assert [what for _, what, _ in audited(newsroom)][:2] == ["source.resume", "source.pause"]


def test_a_held_back_change_is_shown_beside_what_was_and_confirmed_h19(newsroom: Desk) -> None:
    held = Held(since=newsroom.clock.now(), title="Casino & Co", feed_id="urn:x", entry_titles=("Win big", "Loans"))
    stand(newsroom, "gazette", held=held, feed_title="The Gazette")
    browser = newsroom.signed_in("ben")
    page = browser.get(PAGE)
    for said in ("As it was The Gazette", "As it is now Casino & Co urn:x Win big Loans"):
        assert said in told(page)
    saw = value_of(page.text, "saw", after="/confirm")
    stand(newsroom, "gazette", held=Held(since=held.since, title="Pills", feed_id=None, entry_titles=()))
    stale = do(browser, "confirm", saw=saw)
    assert stale.status_code == 409
    assert "changed once more since you opened the page" in told(stale)
    assert state_of(newsroom).held is not None
    assert do(browser, "confirm", saw=value_of(stale.text, "saw", after="/confirm")).status_code == 303
    assert (state_of(newsroom).held, state_of(newsroom).due_at) == (None, newsroom.clock.now())


def test_the_old_address_comes_back_with_one_action_p15(newsroom: Desk) -> None:
    stand(newsroom, "gazette", url="https://new.example/feed", moved_at=newsroom.clock.now())
    browser = newsroom.signed_in("ben")
    assert do(browser, "restore", saw="another").status_code == 409
    saw = value_of(browser.get(PAGE).text, "saw", after="/restore")
    assert do(browser, "restore", saw=saw).status_code == 303
    assert state_of(newsroom).url == "https://gazette.example/feed"


# --- what an admin does ---------------------------------------------------------------------------------------------


def test_the_new_address_is_written_into_feeds_yaml_with_one_action_p15(newsroom: Desk, tmp_path: Path) -> None:
    new = "https://new.example/feed"
    stand(
        newsroom,
        "gazette",
        url=new,
        moved_at=newsroom.clock.now(),
        validators=Validators(etag='"1"'),
        validators_url=new,
    )
    browser = newsroom.signed_in("ada")
    assert do(browser, "adopt", saw="another").status_code == 409
    saw = value_of(browser.get(PAGE).text, "saw", after="/adopt")
    assert do(browser, "adopt", saw=saw).status_code == 303
    assert new in (tmp_path / "feeds.yaml").read_text()
    assert (state_of(newsroom).moved_at, state_of(newsroom).validators.etag) == (None, '"1"')


def form_of(browser: Browser, **changes: str) -> dict[str, str]:
    """The edit form as it is on the page, with some fields typed anew."""
    html = browser.get(f"{PAGE}/edit").text
    fields = {m[1]: unescape(m[2]) for m in re.finditer(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', html)}
    for select in re.finditer(r'<select[^>]*? name="(\w+)">(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', select[2])
        fields[select[1]] = chosen[1] if chosen else ""
    fields.pop("is_aggregator", None)
    return fields | changes


def test_an_edit_is_written_into_feeds_yaml_and_comments_stay(newsroom: Desk, tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text("# ours, with care\n" + file.read_text())
    browser = newsroom.signed_in("ada")
    answer = browser.post(f"{PAGE}/edit", form_of(browser, name="The Gazette", every="6h", origin="research"))
    assert answer.status_code == 303, told(answer)
    with newsroom.database.read() as tx:
        source = get_source(tx, SourceId("gazette"))
    assert (source.name, source.cadence, source.origin) == ("The Gazette", timedelta(hours=6), "research")
    assert file.read_text().startswith("# ours, with care\n")
    assert "every: 6h" in file.read_text()
    assert audited(newsroom)[0] == ("ada", "source.change", "source gazette")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"every": "often"}, "number with m, h or d"),
        ({"every": "1m"}, "15"),
        ({"url": "javascript:alert(1)"}, "scheme is javascript"),
        ({"url": "https://user:pw@gazette.example/"}, "credentials"),
        ({"name": ""}, "Give the source a name"),
        ({"kind": "magic"}, "Choose a kind"),
        ({"publisher": "nobody"}, "no longer there"),
        ({"publisher": "", "publisher_name": ""}, "who publishes it"),
        ({"language": "Klingon!"}, "language"),
        ({"kind": "page", "selector": "a["}, "selector"),
    ],
)
def test_a_faulty_edit_comes_back_with_the_reason_and_all_that_was_typed(
    newsroom: Desk, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    before = (tmp_path / "feeds.yaml").read_bytes()
    browser = newsroom.signed_in("ada")
    answer = browser.post(f"{PAGE}/edit", form_of(browser, **({"name": "Typed by me"} | changes)))
    assert answer.status_code == 422
    assert said in told(answer)
    assert 'value="Typed by me"' in answer.text or "name" in changes
    assert (tmp_path / "feeds.yaml").read_bytes() == before


def test_a_stale_edit_gets_409_with_both_versions_d10(newsroom: Desk) -> None:
    ada, other = newsroom.signed_in("ada"), newsroom.signed_in("ada")
    stale = form_of(ada, name="Mine")
    assert other.post(f"{PAGE}/edit", form_of(other, name="Theirs")).status_code == 303
    answer = ada.post(f"{PAGE}/edit", stale)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert "Saved now: Theirs" in told(answer)
    again = stale | {"version": value_of(answer.text, "version")}
    assert ada.post(f"{PAGE}/edit", again).status_code == 303
    with newsroom.database.read() as tx:
        assert get_source(tx, SourceId("gazette")).name == "Mine"


def test_a_removed_source_keeps_all_it_brought_and_comes_back(newsroom: Desk, tmp_path: Path) -> None:
    furnish(newsroom, a_source("herald"))
    with newsroom.database.write() as tx:
        record_entries(tx, SourceId("gazette"), [Entry(guid="g", url=None, title="Kept")], now=newsroom.clock.now())
    browser = newsroom.signed_in("ada")
    answer = do(browser, "remove")
    listed = browser.get(answer.headers["location"])
    assert names(listed.text) == ["Herald"]
    assert f'action="{PAGE}/return" data-action="u"' in listed.text
    assert "gazette" not in (tmp_path / "feeds.yaml").read_text()
    page = browser.get(PAGE)
    assert "retired since" in told(page)
    assert "Kept" in told(page)
    assert do(browser, "ask").status_code == 409
    assert do(browser, "return").status_code == 303
    assert "gazette" in (tmp_path / "feeds.yaml").read_text()
    with newsroom.database.read() as tx:
        assert {source.id for source in list_sources(tx)} == {"gazette", "herald"}


def test_the_last_source_is_not_removed_from_the_desk(newsroom: Desk) -> None:
    answer = do(newsroom.signed_in("ada"), "remove")
    assert answer.status_code == 422
    assert "no source would be left" in told(answer)


def test_a_mailbox_gets_its_password_which_is_never_shown_again_d13(newsroom: Desk, tmp_path: Path) -> None:
    mailbox = a_source("letters", kind=Kind.MAILBOX, url="imaps://desk%40paper.example@imap.paper.example/INBOX")
    furnish(newsroom, mailbox)
    browser = newsroom.signed_in("ada")
    assert 'type="password"' not in browser.get(PAGE).text
    path = "/desk/sources/letters"
    answer = browser.submit(path, f"{path}/password", {"password": "s3cret words"})
    page = browser.get(answer.headers["location"])
    assert "The password is kept" in told(page)
    secret = tmp_path / "secrets" / "letters"
    assert (secret.read_text(), stat.S_IMODE(secret.stat().st_mode)) == ("s3cret words\n", 0o600)
    assert "s3cret" not in page.text + (tmp_path / "feeds.yaml").read_text()
    assert browser.submit(path, f"{path}/password", {"password": ""}).status_code == 409
    assert 'type="password"' not in newsroom.signed_in("ben").get(path).text


# --- adding ---------------------------------------------------------------------------------------------------------


def add_form(html: str) -> dict[str, str]:
    """The form of the first finding, as it is on the page."""
    form = html[html.index('name="do" value="add"') :].partition("</form>")[0]
    fields = {m[1]: unescape(m[2]) for m in re.finditer(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', form)}
    for select in re.finditer(r'<select[^>]*? name="(\w+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', select[2])
        fields[select[1]] = chosen[1] if chosen else ""
    fields.pop("is_aggregator", None)
    return fields | {"do": "add", "csrf": value_of(html, "csrf")}


def look(browser: Browser, address: str) -> Any:
    return browser.submit("/desk/sources/add", "/desk/sources/add", {"do": "look", "address": address})


def test_an_address_is_enough_to_add_a_source(newsroom: Desk, site: RecordingServer, tmp_path: Path) -> None:
    browser = newsroom.signed_in("ada")
    found = look(browser, site.url("/news"))
    assert "Outage 7" in told(found)
    assert "Example Lab" in told(found)
    with newsroom.database.read() as tx:
        assert len(list_sources(tx)) == 1  # nothing is added before somebody says so
    answer = browser.post("/desk/sources/add", add_form(found.text) | {"id": "lab"})
    assert answer.status_code == 303, told(answer)
    page = browser.get(answer.headers["location"])
    assert "Added, in feeds.yaml too." in told(page)
    assert "new" in told(page)
    assert site.url("/feed.xml") in (tmp_path / "feeds.yaml").read_text()
    with newsroom.database.read() as tx:
        source = get_source(tx, SourceId("lab"))
        due_at = polls.get_poll_state(tx, source.id).due_at
    assert (source.kind, source.language, due_at) == (Kind.FEED, "en", newsroom.clock.now())
    assert "It is followed already" in told(look(browser, site.url("/news")))


def test_where_nothing_is_found_the_page_says_so_and_what_to_try(newsroom: Desk, site: RecordingServer) -> None:
    browser = newsroom.signed_in("ada")
    for address in (site.url("/nothing"), "https://10.0.0.1/", "javascript:alert(1)", HOSTILE, "::::"):
        answer = look(browser, address)
        assert answer.status_code == 200
        assert "Nothing was added." in told(answer)
        assert "<script>alert" not in answer.text
    for address in ("", " ", "x" * 3000):
        assert look(browser, address).status_code == 422


def test_a_faulty_addition_comes_back_as_it_was_typed(newsroom: Desk, site: RecordingServer) -> None:
    browser = newsroom.signed_in("ada")
    form = add_form(look(browser, site.url("/news")).text)
    for changes, said in (
        ({"id": "gazette"}, "the id is taken"),
        ({"id": "Not An Id"}, "small letters"),
        ({"url": "https://gazette.example/feed", "id": "two"}, "already that of gazette"),
    ):
        answer = browser.post("/desk/sources/add", form | {"name": "Typed by me"} | changes)
        assert answer.status_code == 422
        assert said in told(answer)
        assert 'value="Typed by me"' in answer.text


# --- lists in and out -----------------------------------------------------------------------------------------------

OPML = f"""<opml version="2.0"><head><title>Mine</title></head><body><outline text="News">
<outline type="rss" text="Herald" xmlUrl="https://herald.example/feed"/>
<outline type="rss" text="Known" xmlUrl="https://gazette.example/feed"/>
<outline type="rss" text="{HOSTILE.replace('"', "&quot;").replace("<", "&lt;")}" xmlUrl="javascript:alert(1)"/>
</outline></body></opml>"""


def upload(browser: Browser, body: bytes, name: str = "mine.opml", path: str = "/desk/sources/import") -> Any:
    return browser.http.post(
        path,
        data={"csrf": browser.token("/desk/account")},
        files={"file": (name, body, "text/x-opml")},
        headers={"origin": browser.desk.url},
    )


def test_a_list_of_another_reader_comes_in_good_lines_and_bad_h30(newsroom: Desk, tmp_path: Path) -> None:
    answer = upload(newsroom.signed_in("ada"), OPML.encode(), name=f"../../{HOSTILE}.opml")
    assert "1 added, 1 known already, 1 refused" in told(answer)
    assert "scheme is javascript" in told(answer)
    assert "<script>alert" not in answer.text
    assert "https://herald.example/feed" in (tmp_path / "feeds.yaml").read_text()


def test_what_is_no_list_changes_nothing_h30(newsroom: Desk, tmp_path: Path) -> None:
    browser, before = newsroom.signed_in("ada"), (tmp_path / "feeds.yaml").read_bytes()
    assert "is not OPML" in told(upload(browser, b"<html>"))
    assert upload(browser, b"x" * 2_100_000).status_code == 413
    empty = browser.submit("/desk/sources/import", "/desk/sources/import")
    assert (empty.status_code, "Choose an OPML file first." in told(empty)) == (422, True)
    assert (tmp_path / "feeds.yaml").read_bytes() == before


def test_no_other_form_takes_a_file(newsroom: Desk) -> None:
    browser = newsroom.signed_in("ada")
    assert upload(browser, b"x", path=f"{PAGE}/ask").status_code == 400
    assert upload(newsroom.signed_in("ben"), OPML.encode()).status_code == 403


def test_the_list_goes_out_for_readers_and_spreadsheets_h28(newsroom: Desk) -> None:
    furnish(newsroom, a_source("sum", name="=1+1"))
    browser = newsroom.signed_in("ben")
    opml = browser.get("/desk/sources/export.opml")
    assert opml.headers["content-disposition"] == 'attachment; filename="Monitor sources.opml"'
    assert 'xmlUrl="https://gazette.example/feed"' in opml.text
    sheet = browser.get("/desk/sources/export.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "sum,'=1+1," in sheet.text


# --- hostile names --------------------------------------------------------------------------------------------------


def test_names_from_outside_are_text_everywhere_h23(newsroom: Desk) -> None:
    name = HOSTILE.replace("\u202e", "")
    furnish(newsroom, a_source("evil", name=name))
    held = Held(since=newsroom.clock.now(), title=HOSTILE, feed_id=HOSTILE, entry_titles=(HOSTILE,))
    stand(
        newsroom,
        "evil",
        held=held,
        feed_title=HOSTILE,
        last_outcome=HOSTILE,
        rule=HOSTILE,
        redirect_url=f"https://x.example/{HOSTILE}",
        redirect_since=newsroom.clock.now(),
        url=f"https://u:secret@x.example/{HOSTILE}",
        moved_at=newsroom.clock.now(),
    )
    with newsroom.database.write() as tx:
        record_entries(tx, SourceId("evil"), [Entry(guid="g", url=None, title=HOSTILE)], now=newsroom.clock.now())
    browser = newsroom.signed_in("ada")
    for path in ("", "/evil", "/evil/edit", f"?text={HOSTILE}", f"?health={HOSTILE[:20]}", "?done=remove&source=<b>"):
        html = browser.get(f"/desk/sources{path}").text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "u:secret@" not in html


def test_what_needs_a_person_stands_before_all_that_goes_by_itself() -> None:
    by_itself = [Health.THROTTLED, Health.PAUSED, Health.NEW, Health.HEALTHY, Health.RETIRED]
    states = list(Health)
    assert states[states.index(LAST_TROUBLE) + 1 :] == by_itself
    assert states.index(LAST_FOLLOWED) == states.index(Health.RETIRED) - 1


def test_a_page_of_many_sources_asks_no_more_than_a_page_of_few(newsroom: Desk) -> None:
    furnish(newsroom, *(a_source(f"paper-{n:03}") for n in range(60)))
    browser = newsroom.signed_in()
    browser.get("/desk/sources")
    asked: list[str] = []
    event.listen(newsroom.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for many in (False, True):
        if many:
            furnish(newsroom, *(a_source(f"more-{n:03}") for n in range(60)))
            browser.get("/desk/sources")
        asked.clear()
        page = browser.get("/desk/sources").text
        assert len(names(page)) == 36
        assert len(page.encode()) < 60_000
        counts.append(len(asked))
    assert counts[0] == counts[1]
