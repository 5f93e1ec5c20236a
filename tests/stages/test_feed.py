"""What a feed says of itself: the name that stands for it (H19), its hubs and its own address (P25)."""

from __future__ import annotations

import json

import pytest

from monitor.model import Link, ParsedFeed
from monitor.stages.parse import parse_feed

URL = "https://herald.example/feeds/news.xml"


def read(body: str) -> ParsedFeed:
    feed = parse_feed(body.encode(), url=URL)
    assert isinstance(feed, ParsedFeed), feed
    return feed


def atom(head: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}<title>Herald</title><updated>2026-03-02</updated></feed>"


def rss(head: str) -> str:
    return f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>H</title>{head}</channel></rss>"


def json_feed(**members: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": [], **members})


@pytest.mark.parametrize(
    ("body", "id_"),
    [
        (atom("<id>tag:herald.example,2026:a</id><link href='https://herald.example/'/>"), "tag:herald.example,2026:a"),
        (atom("<link href='https://herald.example/'/>"), "https://herald.example/"),
        (atom("<link rel='self' href='/feeds/news.xml'/>"), URL),
        (rss("<link>https://herald.example/news</link>"), "https://herald.example/news"),
        (rss("<link>/news</link>"), "https://herald.example/news"),
        (rss("<link>javascript:alert(1)</link><a:link rel='self' href='https://herald.example/f'/>"), "https://herald.example/f"),
        (rss("<a:link rel='self' href='https://herald.example/f'/>"), "https://herald.example/f"),
        (rss("<description>Nameless</description>"), None),
        (json_feed(feed_url="https://herald.example/f.json", home_page_url="https://herald.example/"),
         "https://herald.example/f.json"),
        (json_feed(home_page_url="https://herald.example/"), "https://herald.example/"),
        (json_feed(), None),
    ],
)  # fmt: skip
def test_something_stands_for_the_feed_itself_h19(body: str, id_: str | None) -> None:
    assert read(body).id == id_


def test_an_id_is_safe_to_store_and_bounded_h11_h13() -> None:
    found = read(atom(f"<id>tag:a\n\u0085 b {'x' * 5_000}</id>")).id
    assert found is not None
    assert found.startswith("tag:a b xxx")
    assert len(found) == 2_048


HUB, SELF = Link(rel="hub", url="https://hub.example/"), Link(rel="self", url="https://herald.example/f")


@pytest.mark.parametrize(
    ("body", "links"),
    [
        (atom("<link rel='hub' href='https://hub.example/'/><link rel='self' href='/f'/><link href='/'/>"),
         (HUB, SELF)),
        (atom("<link rel='HUB self' href='https://hub.example/'/>"), (HUB, Link(rel="self", url=HUB.url))),
        (rss("<a:link rel='self' href='https://herald.example/f'/><a:link rel='hub' href='https://hub.example/'/>"),
         (SELF, HUB)),
        (rss("<a:link rel='hub' href='https://hub.example/'/>" * 2), (HUB,)),
        (rss("<a:link rel='hub' href='ftp://hub.example/'/><a:link rel='hub' href='javascript:1'/>"), ()),
        (rss("<link>https://herald.example/</link>"), ()),
        (rss("<item><a:link rel='hub' href='https://hub.example/'/><title>Its own</title></item>"), ()),
        (json_feed(feed_url=SELF.url, hubs=[{"type": "WebSub", "url": HUB.url}, {"type": "rssCloud", "url": "c"}]),
         (SELF, HUB)),
        (json_feed(hubs=["https://hub.example/", {"type": "WebSub"}, {"type": 7, "url": "https://hub.example/"}]), ()),
        (json_feed(hubs=7), ()),
    ],
)  # fmt: skip
def test_hub_and_self_are_absolute_and_openable_p25_h21(body: str, links: tuple[Link, ...]) -> None:
    assert read(body).links == links


def test_a_thousand_hubs_are_twenty_h13() -> None:
    assert (
        len(read(rss("".join(f"<a:link rel='hub' href='https://h{n}.example/'/>" for n in range(1_000)))).links) == 20
    )
