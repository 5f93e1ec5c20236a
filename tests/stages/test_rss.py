"""RSS 2.0 against the board's profile and the rules of the W3C's validator, and read back by another program."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from itertools import pairwise
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from monitor.model import Severity
from monitor.model.feeds import FeedFormat
from monitor.model.subscriber import Wanted
from monitor.stages.atom import render_atom
from monitor.stages.rss import render_rss
from monitor.stages.syndicate import NAMESPACE, inert
from tests.published import SITE, START, WIRES, a_document, a_take_down, items

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
OURS = f"{{{NAMESPACE}}}"
HTML_TAGS = {"b", "i", "a", "p", "script", "style", "title", "em", "strong", "div", "span", "body", "html"}


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return render_rss(a_document(FeedFormat.RSS))


@pytest.fixture(scope="module")
def channel(rendered: bytes) -> etree._Element:
    rss = etree.fromstring(rendered, etree.XMLParser(resolve_entities=False, no_network=True))
    assert (rss.tag, rss.get("version"), [e.tag for e in rss]) == ("rss", "2.0", ["channel"])
    return rss[0]


def only(parent: etree._Element, name: str) -> str:
    (found,) = parent.findall(name)
    return found.text or ""


def test_the_channel_is_what_the_profile_wants_o1_o8(channel: etree._Element) -> None:
    assert (only(channel, "link"), only(channel, "language")) == ("https://wire.example/", "en")
    assert only(channel, "title") == "Wire & ‹Co›"
    assert only(channel, "description") == "AI incidents, sourced and classified by editors"
    assert only(channel, "lastBuildDate") == "Sat, 14 Mar 2026 20:01:00 +0000"
    (link,) = channel.findall(ATOM + "link")
    assert dict(link.attrib) == {
        "rel": "self",
        "href": "https://wire.example/feed.rss",
        "type": "application/rss+xml",
    }
    for element in ("managingEditor", "webMaster", "image", "cloud", "textInput", "pubDate", "ttl"):
        assert channel.find(element) is None  # what asks for an address of somebody, or is better left out
    names = [e.tag for e in channel]
    assert names.index("item") == len(names) - 300  # the validator warns of what stands behind an item


def test_every_item_has_one_of_each_o1_o8(channel: etree._Element) -> None:
    guids: set[str] = set()
    for item in channel.findall("item"):
        for name in ("title", "link", "guid", "pubDate", "description", CREATOR, ENCODED, ATOM + "updated"):
            assert only(item, name)
        (guid,) = item.findall("guid")
        assert guid.get("isPermaLink") == "false"
        assert re.fullmatch(r"tag:wire\.example,2026-03-02:wire/\d+", guid.text or "")
        guids.add(guid.text or "")
        assert item.find("author") is None  # it would have to be an e-mail address
        told = [e.tag for e in item]
        assert told.index("description") < told.index(ENCODED)  # the validator wants the short text first
        assert {e.tag for e in item if str(e.tag).startswith("{")} <= {
            CREATOR, ENCODED, ATOM + "updated", ATOM + "link",
            *(OURS + n for n in ("severity", "provider", "code", "sourceCount", "sourcingStandard", "occurredOn")),
            *(OURS + n for n in ("sameEvent", "revision")),
        }  # fmt: skip
    assert len(guids) == 300


def test_dates_have_four_digits_of_the_year_and_the_right_day_o8(channel: etree._Element) -> None:
    shape = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000")
    dates = [e.text or "" for e in channel.iter("pubDate", "lastBuildDate")]
    assert all(shape.fullmatch(date) and parsedate_to_datetime(date).strftime("%a") == date[:3] for date in dates)
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", e.text or "") for e in channel.iter(ATOM + "updated")
    )


def test_titles_and_categories_are_what_the_validator_takes_for_text_o1(
    channel: etree._Element, rendered: bytes
) -> None:
    """Its rule for text: no end tag of HTML; an entity or `<a` only where the line was written by the profile."""
    lines = rendered.decode().split("\n")
    for element in channel.iter("title", "category"):
        text = element.text or ""
        assert not [t for t in re.findall(r"</(\w+)>", text) if t.lower() in HTML_TAGS]
        if re.search(r"&(#?\w+)|<[/a-zA-Z]", text):
            assert "&#x" in lines[element.sourceline - 1 if element.sourceline else 0]
    assert not re.search(rb"&(amp|lt);", re.sub(rb"<!\[CDATA\[.*?\]\]>", b"", rendered, flags=re.DOTALL))


def test_titles_are_shown_alike_by_who_takes_them_for_text_or_for_html_o12(
    channel: etree._Element,
) -> None:
    wanted = {item.tag: item.title for item in items()}
    for item in channel.findall("item"):
        title, told = only(item, "title"), wanted[only(item, "guid")]
        assert title == inert(told)
        assert title == told or not re.search(r"<[a-zA-Z/!?]|&#?\w+;", title)


def test_summaries_are_plain_and_content_is_clean_with_absolute_links_o7_h22(channel: etree._Element) -> None:
    for item in channel.findall("item"):
        assert "<" not in only(item, "description")
        tree = lxml_html.fragment_fromstring(only(item, ENCODED), create_parent=True)
        for element in tree.iter():
            assert element.tag not in {"script", "style", "img", "iframe", "form", "bdi", "svg"}
            href = element.get("href")
            assert href is None or urlsplit(href).scheme in {"http", "https"}
        for link in item.findall(ATOM + "link"):
            assert link.get("rel") in {"via", "related"}
            assert re.fullmatch(r"https://[0-9a-zA-Z;/?:@&=+$._!~*'()%,#-]+", link.get("href") or "")
            assert not re.search(r"</\w+>|&#?\w+;", link.get("title") or "")


def test_it_carries_the_same_wires_as_atom_o8(channel: etree._Element) -> None:
    atom = etree.fromstring(render_atom(a_document(FeedFormat.ATOM)))
    entries = atom.findall(ATOM + "entry")
    found = channel.findall("item")
    assert len(found) == len(entries)
    for item, entry in zip(found, entries, strict=True):
        assert only(item, "guid") == only(entry, ATOM + "id")
        assert only(item, ENCODED) == only(entry, ATOM + "content")
        assert only(item, ATOM + "updated") == only(entry, ATOM + "updated")
        ours = [[(e.tag, e.text, dict(e.attrib)) for e in one if str(e.tag).startswith(OURS)] for one in (item, entry)]
        assert ours[0] == ours[1]
        categories = [(e.get("domain"), e.text) for e in item.findall("category")]
        assert categories == [(e.get("scheme"), e.get("term")) for e in entry.findall(ATOM + "category")]


def test_feedparser_reads_the_same_wires_back_o12(rendered: bytes) -> None:
    read = feedparser.parse(rendered, sanitize_html=False)
    assert not read.bozo
    wires = WIRES[::-1]
    assert [e.id for e in read.entries] == [w.tag for w in wires]
    assert [e.link for e in read.entries] == [f"https://wire.example/wires/{w.slug}" for w in wires]
    assert [e.updated for e in read.entries] == [
        w.revisions[-1].published_at.isoformat() for w in wires if w.revisions[-1].published_at
    ]
    assert all(e.guidislink is False for e in read.entries)
    first = read.entries[-1]
    assert [link.href for link in first.links if link.rel == "via"] == ["https://gazette.example/1?a=1&b=%3C2%3E"]
    assert all(newer.updated > older.updated for newer, older in pairwise(read.entries))


def test_the_same_state_gives_the_same_bytes_o4(rendered: bytes) -> None:
    assert render_rss(a_document(FeedFormat.RSS, items()[::-1])) == rendered


def test_archives_and_tombstones_are_said_as_in_atom_o5_o6() -> None:
    """RFC 5005, appendix B; RFC 6721's element by its name space."""
    shown = etree.fromstring(
        render_rss(a_document(FeedFormat.RSS, [], archive=2, archive_count=3, taken=[a_take_down()]))
    )[0]
    links = {e.get("rel"): e.get("href") for e in shown.findall(ATOM + "link")}
    assert links == {
        "self": "https://wire.example/feeds/archive/2.rss",
        "current": "https://wire.example/feed.rss",
        "prev-archive": "https://wire.example/feeds/archive/1.rss",
        "next-archive": "https://wire.example/feeds/archive/3.rss",
    }
    assert len(shown.findall("{http://purl.org/syndication/history/1.0}archive")) == 1
    (grave,) = shown.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert grave.get("ref") == a_take_down().tag


def test_every_choice_of_wires_has_its_archives_in_its_own_format_o5() -> None:
    wanted = Wanted(severities=(Severity.SEV_1,))
    shown = etree.fromstring(render_rss(a_document(FeedFormat.RSS, [], wanted=wanted, archive_count=1)))[0]
    (previous,) = [e for e in shown.findall(ATOM + "link") if e.get("rel") == "prev-archive"]
    assert (previous.get("type"), previous.get("href")) == (
        "application/rss+xml",
        "https://wire.example/feeds/sev/1/archive/1.rss",
    )


def test_a_hub_is_named_and_there_is_one_self_o9() -> None:
    site = replace(SITE, hub="https://hub.example/")
    shown = etree.fromstring(render_rss(a_document(FeedFormat.RSS, [], site=site)))[0]
    rels = [e.get("rel") for e in shown.findall(ATOM + "link")]
    assert sorted(map(str, rels)) == ["hub", "self"]


def test_an_empty_feed_is_as_new_as_the_newsroom_o4() -> None:
    shown = etree.fromstring(render_rss(a_document(FeedFormat.RSS, [])))[0]
    assert parsedate_to_datetime(only(shown, "lastBuildDate")) == START
