"""Atom against RFC 4287 and the rules of the W3C's validator, and read back by another program."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from monitor.model import RevisionKind, RevisionStatus, Severity, Wire
from monitor.model.feeds import FeedFormat
from monitor.model.subscriber import Wanted
from monitor.stages.atom import render_atom
from monitor.stages.rss import render_rss
from monitor.stages.syndicate import NAMESPACE, Site, item_of
from monitor.stages.telling import marked_headline
from tests.published import KINDS, SITE, START, WIRES, a_document, a_take_down, a_wire

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
OURS = f"{{{NAMESPACE}}}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return render_atom(a_document(FeedFormat.ATOM))


@pytest.fixture(scope="module")
def feed(rendered: bytes) -> etree._Element:
    return etree.fromstring(rendered, etree.XMLParser(resolve_entities=False, no_network=True))


def rendered_of(*wires: Wire, wanted: Wanted | None = None, site: Site = SITE) -> bytes:
    shown = [item_of(site, wire) for wire in wires]
    return render_atom(a_document(FeedFormat.ATOM, shown, wanted=wanted, site=site))


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
    assert {e.tag for e in feed.iter()} == {
        *(ATOM + name for name in ("feed", "id", "title", "subtitle", "updated", "author", "name", "uri", "link")),
        *(ATOM + name for name in ("generator", "entry", "published", "summary", "content", "category")),
        *(OURS + name for name in ("severity", "provider", "code", "sourceCount", "sourcingStandard")),
        *(OURS + name for name in ("occurredOn", "sameEvent", "revision")),
    }
    assert set(feed.nsmap) == {None, "monitor"}  # no prefix that the validator keeps for others


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


def test_content_may_hold_what_ends_an_unescaped_section_o1() -> None:
    item = replace(
        item_of(SITE, a_wire(1, "x")), content='<p><a title="a]]>b" href="https://a.example/">&lt;c&gt;</a></p>'
    )
    document = a_document(FeedFormat.ATOM, [item])
    for written, name in ((render_atom(document), ATOM + "content"), (render_rss(document), ENCODED)):
        (content,) = etree.fromstring(written).iter(name)
        (link,) = lxml_html.fragment_fromstring(content.text or "").iter("a")
        assert (link.get("title"), link.text) == ("a]]>b", "<c>")


def test_categories_name_severity_codes_and_providers_by_scheme(feed: etree._Element) -> None:
    entry = feed.findall(ATOM + "entry")[-1]
    found = [(c.get("scheme"), c.get("term"), c.get("label")) for c in entry.findall(ATOM + "category")]
    assert found == [
        ("https://wire.example/guide#severity", "SEV-2", "SEV-2"),
        ("https://wire.example/guide#codes", "M2", "M2 Model behaviour"),
        ("https://wire.example/guide#codes", "F5", "F5 False or misleading content"),
        ("https://wire.example/providers", "openai", "OpenAI"),
        ("https://wire.example/providers", "gone-from-register", "gone-from-register"),
        ("https://wire.example/guide#standard", "single-source", "single-source"),
    ]


def test_what_the_wire_is_by_the_codebook_is_for_programs_too(feed: etree._Element) -> None:
    entry = feed.findall(ATOM + "entry")[-1]
    assert [(str(e.tag).removeprefix(OURS), e.text) for e in entry if str(e.tag).startswith(OURS)] == [
        ("severity", "SEV-2"),
        ("provider", "openai"),
        ("provider", "gone-from-register"),
        ("code", "M2"),
        ("code", "F5"),
        ("sourceCount", "1"),
        ("sourcingStandard", "single-source"),
        ("occurredOn", "2026-03-01"),
        ("sameEvent", "123"),
        ("sameEvent", "AIAAIC1234"),
        ("revision", "2"),
    ]
    assert [dict(e.attrib) for e in entry.findall(OURS + "sameEvent")] == [
        {"database": "aiid", "href": "https://incidentdatabase.ai/cite/123"},
        {"database": "aiaaic"},
    ]
    assert dict(entry.findall(OURS + "revision")[0].attrib) == {
        "kind": "update",
        "href": "https://wire.example/wires/wire-1/revisions/2",
    }


def test_a_source_that_counts_is_via_and_one_that_does_not_is_related_o2() -> None:
    wire = a_wire(1, "x")
    copy = replace(wire.revisions[0].citations[0], url="https://copy.example/1", counts=False)
    revision = replace(wire.revisions[0], citations=(*wire.revisions[0].citations, copy))
    shown = etree.fromstring(rendered_of(replace(wire, revisions=(revision,))))
    links = [(e.get("rel"), e.get("href")) for e in only(shown, "entry").findall(ATOM + "link")]
    assert links[1:] == [("via", "https://gazette.example/1?a=1&b=%3C2%3E"), ("related", "https://copy.example/1")]


def test_titles_of_links_and_labels_hold_nothing_that_looks_like_markup_o1(feed: etree._Element) -> None:
    """The validator reads them as text, and warns of an end tag or an entity in it."""
    told = [e.get(a) or "" for e in feed.iter(ATOM + "link", ATOM + "category") for a in ("title", "label", "term")]
    assert not [text for text in told if re.search(r"</\w+>|&#?\w+;", text)]


def test_no_character_that_xml_or_the_validator_refuses_is_let_out_o1(rendered: bytes) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", rendered.decode())


def test_corrections_and_retractions_are_marked_in_title_and_text_o6() -> None:
    kinds = (RevisionKind.FIRST, RevisionKind.CORRECTION, RevisionKind.UPDATE)
    corrected, retracted = a_wire(1, "Head", kinds=kinds), a_wire(2, "Head", kinds=KINDS[3])
    found = feedparser.parse(rendered_of(corrected, retracted)).entries[::-1]
    assert [e.title for e in found] == ["Corrected: Head", "Retracted: Head"]
    assert "Correction, 2 March 2026." in found[0].content[0].value
    assert "Retracted, 2 March 2026." in found[1].content[0].value
    assert "Note: Head" in found[1].content[0].value
    assert found[1].summary.startswith("Retracted, 2 March 2026: Note: Head")


def test_the_same_state_gives_the_same_bytes_o4(rendered: bytes) -> None:
    assert rendered_of(*WIRES[::-1]) == rendered


def test_the_feed_is_as_new_as_its_newest_revision_or_the_founding_o4(feed: etree._Element) -> None:
    newest = max(w.revisions[-1].published_at or START for w in WIRES)
    assert only(feed, "updated").text == newest.isoformat()
    empty = etree.fromstring(rendered_of())
    assert only(empty, "updated").text == START.isoformat()


def test_feedparser_reads_the_same_wires_back_o12(rendered: bytes) -> None:
    read = feedparser.parse(rendered, sanitize_html=False)
    assert not read.bozo
    assert [e.id for e in read.entries] == [w.tag for w in WIRES[::-1]]
    assert [e.link for e in read.entries] == [f"https://wire.example/wires/{w.slug}" for w in WIRES[::-1]]
    assert [e.published for e in read.entries] == [
        w.first_published_at.isoformat() for w in WIRES[::-1] if w.first_published_at
    ]


def test_ids_are_the_same_at_another_host_under_another_name_and_by_another_slug_o3() -> None:
    wire = a_wire(1, "Head")
    moved = replace(SITE, base_url="https://new.example", name="Other")
    renamed = replace(wire, slug="another-slug")
    before, after = (
        etree.fromstring(rendered_of(shown, site=site)) for site, shown in ((SITE, wire), (moved, renamed))
    )
    for path in ("id", f"{ATOM}entry/{ATOM}id"):
        name = path if path.startswith("{") else ATOM + path
        assert after.findtext(name) == before.findtext(name) is not None
    assert after.findtext(f"{ATOM}entry/{ATOM}updated") == before.findtext(f"{ATOM}entry/{ATOM}updated")


def test_a_provider_has_a_feed_of_its_own() -> None:
    read = feedparser.parse(rendered_of(*WIRES[:2], wanted=Wanted(providers=("openai",)))).feed
    assert read.id == "tag:wire.example,2026-03-02:feed/provider/openai"
    assert read.title.endswith(": OpenAI")
    assert {(x.rel, x.href) for x in read.links} == {
        ("self", "https://wire.example/providers/openai/feed.atom"),
        ("alternate", "https://wire.example/providers/openai"),
    }


def test_an_unpublished_revision_is_never_rendered() -> None:
    wire = a_wire(1, "x")
    draft = replace(wire, revisions=(replace(wire.revisions[0], status=RevisionStatus.RELEASED, published_at=None),))
    with pytest.raises(ValueError, match="not published"):
        item_of(SITE, draft)


def test_an_archive_says_that_it_is_one_and_what_comes_before_and_behind_o5() -> None:
    """RFC 5005, section 4."""
    shown = etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], archive=2, archive_count=3)))
    assert shown.findall(HISTORY + "archive")
    assert links_of(shown) == {
        "self": "https://wire.example/feeds/archive/2.atom",
        "alternate": "https://wire.example/",
        "current": "https://wire.example/feed.atom",
        "prev-archive": "https://wire.example/feeds/archive/1.atom",
        "next-archive": "https://wire.example/feeds/archive/3.atom",
    }
    subscribed = etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], archive_count=3)))
    assert not subscribed.findall(HISTORY + "archive")
    assert links_of(subscribed) == {
        "self": "https://wire.example/feed.atom",
        "alternate": "https://wire.example/",
        "prev-archive": "https://wire.example/feeds/archive/3.atom",
    }
    assert only(shown, "id").text == only(subscribed, "id").text  # one logical feed
    newest = links_of(etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], archive=3, archive_count=3))))
    oldest = links_of(etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], archive=1, archive_count=3))))
    assert ("next-archive" in newest, "prev-archive" in oldest) == (False, False)


def test_what_was_taken_down_leaves_a_tombstone_that_says_no_more_than_it_must_o6() -> None:
    """RFC 6721."""
    document = a_document(FeedFormat.ATOM, [], taken=[a_take_down()])
    shown = etree.fromstring(render_atom(document))
    (grave,) = shown.findall(TOMBSTONES + "deleted-entry")
    assert dict(grave.attrib) == {"ref": "tag:wire.example,2026-03-02:wire/900", "when": "2026-03-04T08:00:00+00:00"}
    assert [e.text for e in grave] == ["This wire was taken down on 4 March 2026, to protect a person."]
    assert only(shown, "updated").text == "2026-03-04T08:00:00+00:00"
    assert b"lawyer" not in render_atom(document)


def test_a_hub_is_named_where_one_is_told_of_news_and_there_is_one_self_o9() -> None:
    site = replace(SITE, hub="https://hub.example/")
    shown = etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], site=site)))
    assert links_of(shown)["hub"] == "https://hub.example/"
    assert [e.get("rel") for e in shown.findall(ATOM + "link")].count("self") == 1
    archive = etree.fromstring(render_atom(a_document(FeedFormat.ATOM, [], site=site, archive=1, archive_count=1)))
    assert "hub" not in links_of(archive)  # nothing will ever be told of it


def test_a_combined_feed_says_what_it_is_of() -> None:
    wanted = Wanted(providers=("openai",), severities=tuple(Severity)[:2], codes=("F4",))
    document = a_document(FeedFormat.ATOM, [], wanted=wanted)
    assert document.title.endswith(": OpenAI, SEV-1 or SEV-2, F4 Privacy")
    assert document.self_url == "https://wire.example/feeds/provider/openai/sev/1-2/code/F4.atom"
    assert document.id == "tag:wire.example,2026-03-02:feed/provider/openai/severity/SEV-1,SEV-2/code/F4"


def links_of(feed: etree._Element) -> dict[str, str]:
    return {e.get("rel") or "": e.get("href") or "" for e in feed.findall(ATOM + "link")}
