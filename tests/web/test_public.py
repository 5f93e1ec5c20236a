"""The public site over HTTP: every part of the model in its order, and nothing that nobody accepted."""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from lxml import html as lxml_html

from monitor.jobs.index import index
from monitor.jobs.publish import publish
from monitor.jobs.sections import House, sections_of
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import RevisionKind, Severity, Wire
from monitor.settings import Settings
from monitor.shipped import shipped_path
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.web.app import create_app
from tests.conftest import ManualClock
from tests.web.conftest import served
from tests.wires import CODEBOOK, EDITOR, PROVIDERS, a_fit_draft, a_released_wire, an_opened_wire

BASE = "https://wire.example"
GUIDE = shipped_path("guide.md").read_text()
SITE = Site(name="The Wire", base_url=BASE, codebook=CODEBOOK, providers=PROVIDERS.providers)
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Newsroom:
    """A site with its database, and a reader without script."""

    def __init__(self, database: Database, clock: ManualClock, folder: Path, reader: httpx.Client) -> None:
        self.database, self.clock, self.folder, self.reader = database, clock, folder, reader

    def publish(self) -> None:
        sections = sections_of(House(site=SITE, guide=GUIDE))
        publish(self.database, self.clock, public_dir=self.folder / "public", site=SITE, sections=sections)

    def page(self, path: str, status: int = 200) -> lxml_html.HtmlElement:
        answer = self.reader.get(path)
        assert answer.status_code == status, path
        assert "set-cookie" not in answer.headers
        return lxml_html.document_fromstring(answer.text)

    def revise(self, wire: Wire, kind: RevisionKind, **fields: object) -> None:
        opened = start_revision(self.database, self.clock, wire.id, editor=EDITOR, kind=kind)
        draft = replace(opened.draft, **fields)  # type: ignore[arg-type]
        save_draft(self.database, self.clock, wire.id, editor=EDITOR, draft=draft, version_seen=None)
        release(
            self.database, self.clock, wire.id, editor=EDITOR, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS
        )
        self.publish()


@pytest.fixture
def newsroom(sqlite_database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Newsroom]:
    settings = Settings(data_dir=tmp_path, base_url=BASE, newsroom="The Wire")
    app = create_app(settings, sqlite_database, clock)
    with socket.create_server(("127.0.0.1", 0)) as listener, served(app, listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as reader:
            yield Newsroom(sqlite_database, clock, tmp_path, reader)


def texts(page: lxml_html.HtmlElement, path: str) -> list[str]:
    return [" ".join(e.text_content().split()) for e in page.xpath(path)]


def test_before_the_first_wire_every_page_says_so_and_leads_on(newsroom: Newsroom) -> None:
    assert "No wire has been published yet" in newsroom.page("/").text_content()
    assert "Nothing has been published yet" in newsroom.page("/archive").text_content()
    assert "No wire names this provider" in newsroom.page("/providers/openai").text_content()
    assert newsroom.reader.get("/feed.atom").status_code == 503
    newsroom.publish()
    assert newsroom.reader.get("/feed.atom").status_code == 200


def test_nothing_that_nobody_accepted_or_released_is_public(newsroom: Newsroom) -> None:
    draft = an_opened_wire(newsroom.database, newsroom.clock)
    waiting = a_released_wire(newsroom.database, newsroom.clock)
    for wire in (draft, waiting):
        newsroom.page(f"/wires/{wire.slug}", 404)
        newsroom.page(f"/wires/{wire.slug}/revisions/1", 404)
    assert "/wires/" not in newsroom.reader.get("/").text + newsroom.reader.get("/archive").text


def test_a_revision_in_work_is_not_shown(newsroom: Newsroom) -> None:
    wire = a_released_wire(newsroom.database, newsroom.clock)
    newsroom.publish()
    opened = start_revision(newsroom.database, newsroom.clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    secret = replace(opened.draft, headline="Not yet for readers")
    save_draft(newsroom.database, newsroom.clock, wire.id, editor=EDITOR, draft=secret, version_seen=None)
    newsroom.publish()
    for path in ("/", "/archive", f"/wires/{wire.slug}", "/providers/openai", "/feed.atom"):
        assert "Not yet for readers" not in newsroom.reader.get(path).text
    newsroom.page(f"/wires/{wire.slug}/revisions/2", 404)


def test_a_source_without_an_address_is_named_and_linked_nowhere(newsroom: Newsroom) -> None:
    """An archive may have no URL: such an article has a key that no browser opens."""
    key = "archive:0123456789abcdef0123456789abcdef"
    wire = a_released_wire_of(newsroom, url=key, canonical_url=key, title="From the archive")
    newsroom.publish()
    page = newsroom.page(f"/wires/{wire.slug}")
    assert page.xpath("//*[@id='sources']//bdi[text()='From the archive']")
    assert not page.xpath("//@href[not(starts-with(., '/') or starts-with(., '#') or starts-with(., 'https://'))]")
    assert page.xpath("//sup/a/@href") == ["#source-1"]
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    assert [c.get("url") for c in json.loads(data)["citation"]] == [None]
    feed = newsroom.reader.get("/feed.atom").text
    assert "From the archive" in feed
    assert "archive:" not in feed
    assert 'rel="via"' not in feed


def a_released_wire_of(newsroom: Newsroom, **article: object) -> Wire:
    wire = an_opened_wire(newsroom.database, newsroom.clock, publishers=["gazette"], **article)
    save_draft(newsroom.database, newsroom.clock, wire.id, editor=EDITOR, draft=a_fit_draft(wire), version_seen=None)
    release(
        newsroom.database, newsroom.clock, wire.id, editor=EDITOR, version_seen=None, codebook=CODEBOOK,
        providers=PROVIDERS,
    )  # fmt: skip
    return wire


def test_hostile_text_is_shown_as_text_on_every_page_h23(newsroom: Newsroom) -> None:
    wire = an_opened_wire(newsroom.database, newsroom.clock, title=XSS, publisher_name=XSS)
    draft = a_fit_draft(wire, headline=XSS, rationale=XSS, counterfactual=XSS)
    save_draft(newsroom.database, newsroom.clock, wire.id, editor=XSS, draft=draft, version_seen=None)
    release(
        newsroom.database,
        newsroom.clock,
        wire.id,
        editor=XSS,
        version_seen=None,
        codebook=CODEBOOK,
        providers=PROVIDERS,
    )
    newsroom.publish()
    newsroom.revise(wire, RevisionKind.CORRECTION, note=XSS)
    paths = ("/", "/archive", f"/wires/{wire.slug}", f"/wires/{wire.slug}/revisions/1", "/providers/openai")
    for path in paths:
        page = newsroom.page(path)
        assert not page.xpath("//img | //*[@onerror]")
        assert len(page.xpath("//script[@src]")) == len(page.xpath("//script[not(@type)]"))
        assert "<script>alert" in page.text_content()
    (data,) = newsroom.page(f"/wires/{wire.slug}").xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(data)["headline"].endswith(XSS)


@pytest.mark.parametrize(
    "path",
    [
        f"/wires/{XSS}", "/wires/../../etc/passwd", "/wires/nope", f"/providers/{XSS}", "/providers/nobody/feed.atom",
        "/archive?month=2026-13", "/archive?month=%3Cscript%3E", "/archive?severity=SEV-9", "/wires/x/revisions/abc",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so_h23(newsroom: Newsroom, path: str) -> None:
    answer = newsroom.reader.get(path)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text


def test_the_archive_lists_by_month_provider_severity_and_code(newsroom: Newsroom) -> None:
    a_released_wire(newsroom.database, newsroom.clock, headline="March one", severity=Severity.SEV_1)
    newsroom.publish()
    newsroom.clock.advance(days=31)
    a_released_wire(newsroom.database, newsroom.clock, headline="April one", providers=("meta",), codes=("M4", "F9"))
    newsroom.publish()

    def found(query: str) -> list[str]:
        return texts(newsroom.page(f"/archive{query}"), "//*[@class='headline']")

    assert found("") == found("?") == ["April one", "March one"]
    assert found("?month=2026-03") == found("?severity=SEV-1") == found("?provider=openai&month=2026") == ["March one"]
    assert found("?code=F9&page=1") == ["April one"]
    assert found("?code=F9&severity=SEV-1") == []
    assert found("?page=99999&month=&provider=") == []
    months = newsroom.page("/archive").xpath("//section[@class='year']//a/@href")
    assert months == ["/archive/2026-03", "/archive/2026-04"]
    assert texts(newsroom.page("/archive/2026-03"), "//*[@class='headline']") == ["March one"]
    assert texts(newsroom.page("/codes/F9/2026-04"), "//*[@class='headline']") == ["April one"]


def test_search_shows_what_readers_see_and_asks_on_page_after_page(newsroom: Newsroom) -> None:
    for number in range(22):
        a_released_wire(newsroom.database, newsroom.clock, headline=f"Assistant doubles dosage {number} <b>")
        newsroom.clock.advance(minutes=1)
    newsroom.publish()
    index(newsroom.database, newsroom.clock, providers=PROVIDERS)
    page = newsroom.page("/search?q=dosage")
    assert texts(page, "//*[@role='status']") == ["20 wires and more, newest first"]
    assert texts(page, "//*[@class='headline']")[0] == "Assistant doubles dosage 21 <b>"
    assert set(texts(page, "//*[@class='headline']//mark")) == {"dosage"}
    told = texts(newsroom.page("/search?q=brief"), "//*[@class='passage']")
    assert told[0].startswith("A lawyer filed a brief with rulings that do not exist. The chatbot")  # and no "[source]"
    (more,) = page.xpath("//a[@rel='next']/@href")
    assert len(newsroom.page(more).xpath("//*[@class='headline']")) == 2
    assert "No published wire has that" in newsroom.page("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text_content()
    assert "What can be asked" in newsroom.page("/search").text_content()


def test_the_guide_shows_its_sections_and_the_codebook(newsroom: Newsroom) -> None:
    page = newsroom.page("/guide")
    ids = set(page.xpath("//*/@id"))
    assert {"severity", "counterfactual", "standard", "note", "codebook", "M1", "F12"} <= ids
    local = [h for h in page.xpath("//main//a/@href") if h.startswith("#")]
    assert local
    assert {h[1:] for h in local} <= ids


# --- feeds ----------------------------------------------------------------------------------------------------------


def test_the_feed_comes_with_validators_and_answers_304_to_either_o4(newsroom: Newsroom) -> None:
    a_released_wire(newsroom.database, newsroom.clock)
    newsroom.publish()
    for path in ("/feed.atom", "/providers/openai/feed.atom"):
        plain = newsroom.reader.get(path, headers={"accept-encoding": "identity"})
        assert plain.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert plain.headers["cache-control"].startswith("public, max-age=900")
        assert plain.headers["access-control-allow-origin"] == "*"
        assert plain.headers["vary"] == "Accept-Encoding"
        assert "set-cookie" not in plain.headers
        tag, since = plain.headers["etag"], plain.headers["last-modified"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
        for headers in (
            {"if-none-match": tag},
            {"if-none-match": f'"other", W/{tag}'},
            {"if-none-match": "*"},
            {"if-modified-since": since},
            {"if-modified-since": since, "if-none-match": tag},
        ):
            answer = newsroom.reader.get(path, headers={"accept-encoding": "identity", **headers})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        for headers in (
            {"if-none-match": '"other"', "if-modified-since": since},
            {"if-modified-since": "Sun, 06 Nov 1994 08:49:37 GMT"},
            {"if-modified-since": "nonsense"},
        ):
            assert newsroom.reader.get(path, headers=headers).status_code == 200


def test_gzip_has_its_own_etag_and_head_says_the_same_o4(newsroom: Newsroom) -> None:
    newsroom.publish()
    plain = newsroom.reader.get("/feed.atom", headers={"accept-encoding": "gzip;q=0, br"})
    with newsroom.reader.stream("GET", "/feed.atom", headers={"accept-encoding": "br, gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
        zipped = answer.headers
    assert "content-encoding" not in plain.headers
    assert zipped["content-encoding"] == "gzip"
    assert zipped["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    assert gzip.decompress(raw) == plain.content
    head = newsroom.reader.head("/feed.atom", headers={"accept-encoding": "gzip"})
    assert head.headers["etag"] == zipped["etag"]
    assert head.headers["content-length"] == zipped["content-length"]
    for path in ("/", "/archive", "/guide"):
        assert newsroom.reader.head(path).status_code == 200


def test_a_gzip_file_of_another_edition_is_not_served_f12(newsroom: Newsroom) -> None:
    newsroom.publish()
    stale = newsroom.folder / "public" / "feed.atom.gz"
    for content in (gzip.compress(b"<feed>older</feed>"), b"torn"):
        stale.write_bytes(content)
        assert b"older" not in newsroom.reader.get("/feed.atom").content


def test_an_address_that_leads_to_nothing_keeps_the_reader_in_the_site(newsroom: Newsroom) -> None:
    for path, said in (
        ("/no-such-page", "There is no page at this address."),
        ("/wires/no-such-wire", "There is no wire at this address."),
        ("/feeds/colour/red.atom", "Feeds are built at /feeds."),
    ):
        page = newsroom.page(path, 404)
        assert said in page.text_content()
        assert page.xpath("//header//nav//a/@href")[:2] == ["/", "/archive"]
        assert page.xpath("//main//form/@action") == ["/search"]
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex,follow"]
