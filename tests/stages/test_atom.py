"""The Atom feed against RFC 4287 and the rules of the W3C's validator, and read back by another program."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from monitor.model import (
    ArticleId,
    CandidateId,
    Citation,
    Codebook,
    Draft,
    Manner,
    Newsroom,
    Origin,
    PublisherId,
    Rationale,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Tier,
    Wire,
    WireId,
)
from monitor.shipped import shipped_path
from monitor.stages.atom import ALL_WIRES, Site, provider_feed, render_feed
from monitor.stages.codebook import read_codebook, read_providers
from monitor.stages.telling import marked_headline

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NEWSROOM = Newsroom(tag_authority="wire.example", founded_on=date(2026, 3, 2), founded_at=START)
CODEBOOK: Codebook = read_codebook(shipped_path("codebook.yaml").read_text(), file="c")
PROVIDERS = read_providers(shipped_path("providers.yaml").read_text(), file="p")
SITE = Site(name="Wire & <Co>", base_url="https://wire.example", codebook=CODEBOOK, providers=PROVIDERS)
HOSTILE = [
    "<b>Bold</b> & <script>alert(1)</script>",
    "]]> <![CDATA[ x",
    "&lt;i&gt; &amp; &#0; &nbsp;",
    "Control \x00\x08\x0b\x1f\x7f\x85\ud800\ufffe signs",
    "\u202eright to left\u202c and " + "e\u0301" * 40,
    "عنوان عن نموذج لغوي",
    "漢字の見出し",
    "x" * 200,
    "\"quoted\" 'single' `tick`",
    "javascript:alert(1)",
    "<!-- comment --> <?php ?> <!DOCTYPE x>",
    "emoji 🧪 and \U000e0001 tag",
    "https://evil.example/<script>",
    "{{7*7}} ${7*7} %s",
    "\r\nHeader: injected\r\n",
]


def a_wire(number: int, headline: str, *, kinds: tuple[RevisionKind, ...] = (RevisionKind.FIRST,)) -> Wire:
    at = START + timedelta(hours=number)
    citation = Citation(
        article=ArticleId(number),
        url=f"https://gazette.example/{number}?a=1&b=<2>",
        title=headline,
        publisher=PublisherId("gazette"),
        publisher_name=headline[:50],
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        published_at=at,
        snapshot="ab" * 32,
        counts=True,
        reason="counts",
    )
    unopenable = replace(citation, article=ArticleId(100_000 + number), url="javascript:alert(1)")
    draft = Draft(
        headline=headline,
        severity=Severity.SEV_2,
        providers=("openai", "gone-from-register"),
        occurred_on=date(2026, 3, 1),
        body=f"{headline}\n\nText. [source](article:{number}) [x](javascript:alert(1)) [r](/relative)",
        rationale=headline,
        counterfactual=headline,
        codes=("M2", "F5"),
        note=f"Note: {headline}",
    )
    why = Rationale(text=headline, counterfactual=headline, classified_by="ada", classified_at=at)
    revisions = tuple(
        Revision(
            wire=WireId(number),
            number=n,
            kind=kind,
            status=RevisionStatus.PUBLISHED,
            draft=draft,
            manner=Manner.EDITOR,
            editor="ada",
            saved_at=at,
            version=1,
            standard=SourcingStandard.SINGLE_SOURCE,
            source_count=1,
            citations=(citation, unopenable),
            rationale=why,
            published_at=at + timedelta(minutes=n),
        )
        for n, kind in enumerate(kinds, start=1)
    )
    return Wire(
        id=WireId(number),
        tag=f"tag:wire.example,2026-03-02:wire/{number}",
        slug=f"wire-{number}",
        candidate=CandidateId(number),
        accepted_at=at,
        accepted_by="ada",
        first_published_at=at,
        is_retracted=False,
        revisions=revisions,
    )


KINDS = (
    (RevisionKind.FIRST,),
    (RevisionKind.FIRST, RevisionKind.UPDATE),
    (RevisionKind.FIRST, RevisionKind.CORRECTION),
    (RevisionKind.FIRST, RevisionKind.RETRACTION),
)
WIRES = [a_wire(n, HOSTILE[n % len(HOSTILE)] + f" {n}", kinds=KINDS[n % 4]) for n in range(1, 301)]


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return render_feed(SITE, NEWSROOM, WIRES)


@pytest.fixture(scope="module")
def feed(rendered: bytes) -> etree._Element:
    return etree.fromstring(rendered, etree.XMLParser(resolve_entities=False, no_network=True))


def only(parent: etree._Element, name: str) -> etree._Element:
    (found,) = parent.findall(ATOM + name)
    return found


def is_iri(value: str | None) -> bool:
    parts = urlsplit(value or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r'[\s<>"{}|\\^`]', value or "")


def shown(element: etree._Element) -> str:
    """What a reader sees of a text construct (RFC 4287 3.1)."""
    text = element.text or ""
    return html.unescape(text) if element.get("type") == "html" else text


def test_the_document_is_what_the_validator_wants_o1_o2(feed: etree._Element, rendered: bytes) -> None:
    assert rendered.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert feed.tag == ATOM + "feed"
    assert feed.get(XML_LANG) == "en"
    assert re.fullmatch(r"tag:wire\.example,2026-03-02:feed", only(feed, "id").text or "")
    assert shown(only(feed, "title")) == SITE.name
    assert (only(only(feed, "author"), "name").text, only(only(feed, "author"), "uri").text) == (
        SITE.name,
        "https://wire.example/",
    )
    links = {(e.get("rel"), e.get("href"), e.get("type")) for e in feed.findall(ATOM + "link")}
    assert links == {
        ("self", "https://wire.example/feed.atom", "application/atom+xml"),
        ("alternate", "https://wire.example/", "text/html"),
    }
    assert only(feed, "generator").text == "Monitor"
    assert only(feed, "generator").get("version") is None  # D13
    assert {e.tag.removeprefix(ATOM) for e in feed.iter() if isinstance(e.tag, str) and e.tag.startswith("{")} <= {
        "feed", "id", "title", "subtitle", "updated", "author", "name", "uri", "link", "generator", "entry",
        "published", "summary", "content", "category",
    }  # fmt: skip


def test_every_entry_has_one_of_each_and_no_two_share_id_or_time_o1_o2(feed: etree._Element) -> None:
    entries = feed.findall(ATOM + "entry")
    assert len(entries) == 300
    seen: dict[str, set[str]] = {"id": set(), "updated": set()}
    for entry in entries:
        for name in ("id", "title", "updated", "published", "summary", "content"):
            only(entry, name)
        for name, values in seen.items():
            value = only(entry, name).text or ""
            assert value not in values
            values.add(value)
        assert re.fullmatch(r"tag:wire\.example,2026-03-02:wire/\d+", only(entry, "id").text or "")
        for name in ("updated", "published"):
            stamp = only(entry, name).text or ""
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", stamp)
        assert (only(entry, "published").text or "") <= (only(entry, "updated").text or "")


def test_links_are_absolute_and_only_one_is_the_page_o2_o7_h21(feed: etree._Element) -> None:
    for entry in feed.findall(ATOM + "entry"):
        links = entry.findall(ATOM + "link")
        (page,) = [e for e in links if e.get("rel") == "alternate"]
        assert (page.get("type"), page.get("href")) == (
            "text/html",
            f"https://wire.example/wires/wire-{_number(entry)}",
        )
        sources = [e for e in links if e.get("rel") == "via"]
        assert len(links) == 2
        assert [(s.get("href") or "").split("?")[0] for s in sources] == [f"https://gazette.example/{_number(entry)}"]
        assert all(is_iri(e.get("href")) for e in links)


def _number(entry: etree._Element) -> int:
    return int((only(entry, "id").text or "").rpartition("/")[2])


def test_titles_and_summaries_are_text_that_says_when_it_looks_like_markup_o1(feed: etree._Element) -> None:
    for entry in feed.findall(ATOM + "entry"):
        wire = WIRES[_number(entry) - 1]
        revision = wire.published
        assert revision is not None
        assert shown(only(entry, "title")) == marked_headline(wire, revision)
        for name in ("title", "summary"):
            element = only(entry, name)
            if re.search("[<>&]", element.text or ""):
                assert element.get("type") == "html"
                assert "<" not in (element.text or "")


def test_content_is_clean_html_with_absolute_links_h22_o7(feed: etree._Element) -> None:
    for entry in feed.findall(ATOM + "entry"):
        content = only(entry, "content")
        assert content.get("type") == "html"
        tree = lxml_html.fragment_fromstring(content.text or "", create_parent=True)
        for element in tree.iter():
            assert element.tag not in {"script", "style", "img", "iframe", "form", "bdi", "svg"}
            assert not [a for a in element.attrib if a.startswith(("on", "data-")) or a in {"style", "id"}]
            assert element.get("href") is None or is_iri(element.get("href"))


def test_categories_name_severity_codes_and_providers_by_scheme(feed: etree._Element) -> None:
    entry = feed.findall(ATOM + "entry")[0]
    found = [(c.get("scheme"), c.get("term"), c.get("label")) for c in entry.findall(ATOM + "category")]
    assert found == [
        ("https://wire.example/guide#severity", "SEV-2", "SEV-2"),
        ("https://wire.example/guide#codes", "M2", "M2 Model behaviour"),
        ("https://wire.example/guide#codes", "F5", "F5 False or misleading content"),
        ("https://wire.example/providers", "openai", "OpenAI"),
        ("https://wire.example/providers", "gone-from-register", "gone-from-register"),
    ]


def test_no_character_that_xml_or_the_validator_refuses_is_let_out_o1(rendered: bytes) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", rendered.decode())


def test_corrections_and_retractions_are_marked_in_title_and_text_o6() -> None:
    kinds = (RevisionKind.FIRST, RevisionKind.CORRECTION, RevisionKind.UPDATE)
    corrected, retracted = a_wire(1, "Head", kinds=kinds), a_wire(2, "Head", kinds=KINDS[3])
    found = feedparser.parse(render_feed(SITE, NEWSROOM, [corrected, retracted])).entries
    assert [e.title for e in found] == ["Corrected: Head", "Retracted: Head"]
    assert "Correction, 2 March 2026." in found[0].content[0].value
    assert "Retracted, 2 March 2026." in found[1].content[0].value
    assert "Note: Head" in found[1].content[0].value
    assert found[1].summary.startswith("Retracted, 2 March 2026: Note: Head")


def test_the_same_state_gives_the_same_bytes_o4(rendered: bytes) -> None:
    assert render_feed(SITE, NEWSROOM, WIRES) == rendered


def test_the_feed_is_as_new_as_its_newest_revision_or_the_founding_o4(feed: etree._Element) -> None:
    newest = max(w.revisions[-1].published_at or START for w in WIRES)
    assert only(feed, "updated").text == newest.isoformat()
    empty = etree.fromstring(render_feed(SITE, NEWSROOM, []))
    assert only(empty, "updated").text == START.isoformat()


def test_feedparser_reads_the_same_wires_back_o12(rendered: bytes) -> None:
    read = feedparser.parse(rendered, sanitize_html=False)
    assert not read.bozo
    assert [e.id for e in read.entries] == [w.tag for w in WIRES]
    assert [e.link for e in read.entries] == [f"https://wire.example/wires/{w.slug}" for w in WIRES]
    assert [e.published for e in read.entries] == [
        w.first_published_at.isoformat() for w in WIRES if w.first_published_at
    ]


def test_a_provider_has_a_feed_of_its_own() -> None:
    openai = next(p for p in PROVIDERS if p.id == "openai")
    read = feedparser.parse(render_feed(SITE, NEWSROOM, WIRES[:2], provider_feed(openai))).feed
    assert read.id == "tag:wire.example,2026-03-02:feed/provider/openai"
    assert read.title.endswith(": OpenAI")
    assert {(x.rel, x.href) for x in read.links} == {
        ("self", "https://wire.example/providers/openai/feed.atom"),
        ("alternate", "https://wire.example/providers/openai"),
    }
    assert provider_feed(openai) != ALL_WIRES


def test_an_unpublished_revision_is_never_rendered() -> None:
    wire = a_wire(1, "x")
    draft = replace(wire, revisions=(replace(wire.revisions[0], status=RevisionStatus.RELEASED, published_at=None),))
    assert feedparser.parse(render_feed(SITE, NEWSROOM, [draft])).entries == []
