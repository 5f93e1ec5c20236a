"""JSON Feed 1.1, key by key (jsonfeed.org), with the same wires as Atom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree

from monitor.model import ParsedFeed, Severity
from monitor.model.feeds import FeedFormat
from monitor.model.subscriber import Wanted
from monitor.stages.atom import render_atom
from monitor.stages.feed_json import render_json_feed
from monitor.stages.jsonfeed import read_json_feed
from tests.published import SITE, a_document, a_take_down, items

ATOM = "{http://www.w3.org/2005/Atom}"
TOP = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "language": str,
    "authors": list, "_monitor": dict, "items": list,
}  # fmt: skip
ITEM = {
    "id": str, "url": str, "title": str, "summary": str, "content_html": str, "date_published": str,
    "date_modified": str, "tags": list, "_monitor": dict,
}  # fmt: skip


def read(**told: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json_feed(a_document(FeedFormat.JSON, **told)))
    return found


def test_every_key_is_one_of_the_format_and_of_its_type_o1() -> None:
    feed = read()
    assert {key: type(value) for key, value in feed.items()} == TOP
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["language"]) == (SITE.name, "en")
    assert (feed["home_page_url"], feed["feed_url"]) == ("https://wire.example/", "https://wire.example/feed.json")
    assert feed["authors"] == [{"name": SITE.name, "url": "https://wire.example/"}]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 300
    for item in feed["items"]:
        assert {key: type(value) for key, value in item.items()} == ITEM
        assert all(isinstance(tag, str) and tag for tag in item["tags"])
        assert len(set(item["tags"])) == len(item["tags"])
        assert item["url"].startswith("https://wire.example/wires/")
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None
        assert item["date_published"] <= item["date_modified"]


def test_what_is_ours_says_where_it_is_explained_o1() -> None:
    feed = read()
    assert {key: type(value) for key, value in feed["_monitor"].items()} == {
        "about": str, "id": str, "updated": str, "is_archive": bool, "deleted": list,
    }  # fmt: skip
    assert feed["_monitor"]["about"] == "https://wire.example/feeds"
    assert feed["items"][-1]["_monitor"] == {
        "severity": "SEV-2",
        "providers": ["openai", "gone-from-register"],
        "codes": ["M2", "F5"],
        "source_count": 1,
        "sourcing_standard": "single-source",
        "occurred_on": "2026-03-01",
        "same_event": [
            {"database": "aiid", "id": "123", "url": "https://incidentdatabase.ai/cite/123"},
            {"database": "aiaaic", "id": "AIAAIC1234", "url": None},
        ],
        "revision": {"number": 2, "kind": "update", "url": "https://wire.example/wires/wire-1/revisions/2"},
        "links": [
            {
                "rel": "via",
                "url": "https://gazette.example/1?a=1&b=%3C2%3E",
                "title": "]]> <![CDATA[ x 1: ]]> <![CDATA[ x 1".replace("<", "‹").replace(">", "›"),
            }
        ],
        "categories": [
            {"term": "SEV-2", "scheme": "https://wire.example/guide#severity", "label": "SEV-2"},
            {"term": "M2", "scheme": "https://wire.example/guide#codes", "label": "M2 Model behaviour"},
            {"term": "F5", "scheme": "https://wire.example/guide#codes", "label": "F5 False or misleading content"},
            {"term": "openai", "scheme": "https://wire.example/providers", "label": "OpenAI"},
            {
                "term": "gone-from-register",
                "scheme": "https://wire.example/providers",
                "label": "gone-from-register",
            },
            {
                "term": "single-source",
                "scheme": "https://wire.example/guide#standard",
                "label": "single-source",
            },
        ],
    }


def test_it_carries_the_same_wires_as_atom_o8() -> None:
    entries = etree.fromstring(render_atom(a_document(FeedFormat.ATOM))).findall(ATOM + "entry")
    told = [[e.findtext(ATOM + n) for n in ("id", "updated", "published", "content")] for e in entries]
    keys = ("id", "date_modified", "date_published", "content_html")
    assert [[item[key] for key in keys] for item in read()["items"]] == told


def test_titles_are_plain_text_as_it_was_written() -> None:
    assert {i["id"]: i["title"] for i in read()["items"]} == {i.tag: i.title for i in items()}


def test_older_wires_are_at_the_next_url_o5() -> None:
    assert read(shown=[], archive_count=3)["next_url"] == "https://wire.example/feeds/archive/3.json"
    archive = read(shown=[], archive=2, archive_count=3)
    assert archive["next_url"] == "https://wire.example/feeds/archive/1.json"
    assert archive["_monitor"] | {"updated": "", "id": ""} == {
        "about": "https://wire.example/feeds",
        "id": "",
        "updated": "",
        "is_archive": True,
        "current": "https://wire.example/feed.json",
        "prev_archive": "https://wire.example/feeds/archive/1.json",
        "next_archive": "https://wire.example/feeds/archive/3.json",
        "deleted": [],
    }
    assert "next_url" not in read(shown=[], archive=1, archive_count=3)
    other = read(shown=[], wanted=Wanted(severities=(Severity.SEV_1,)), archive_count=1)
    assert other["next_url"] == "https://wire.example/feeds/sev/1/archive/1.json"
    assert other["_monitor"]["prev_archive"] == other["next_url"]


def test_what_was_taken_down_is_said_o6() -> None:
    assert read(shown=[], taken=[a_take_down()])["_monitor"]["deleted"] == [
        {
            "ref": "tag:wire.example,2026-03-02:wire/900",
            "when": "2026-03-04T08:00:00+00:00",
            "comment": "This wire was taken down on 4 March 2026, to protect a person.",
        }
    ]


def test_a_hub_is_named_as_the_format_names_it_o9() -> None:
    document = a_document(FeedFormat.JSON, [], site=replace(SITE, hub="https://hub.example/"))
    assert json.loads(render_json_feed(document))["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_the_same_state_gives_the_same_bytes_o4() -> None:
    assert render_json_feed(a_document(FeedFormat.JSON)) == render_json_feed(a_document(FeedFormat.JSON, items()[::-1]))


def test_our_own_reader_reads_it_back() -> None:
    text = render_json_feed(a_document(FeedFormat.JSON)).decode()
    found = read_json_feed(text, url="https://wire.example/feed.json")
    assert isinstance(found, ParsedFeed)
    assert [e.guid for e in found.entries] == [i["id"] for i in json.loads(text)["items"]][: len(found.entries)]
