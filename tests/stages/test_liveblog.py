"""A live blog that says in its markup that it is one."""

from __future__ import annotations

import json
from typing import Any

from monitor.model import Page
from monitor.stages.page import extract_page
from monitor.stages.roundup import is_roundup

TOLD = (
    "The company confirms the outage in two regions",
    "<p>A court postpones the <b>hearing</b> to Monday</p>",
    "Teachers in Halden ask for a ban",
    "The first region is back",
)
BODY = "<p>All that happens today, kept up to date by our desk, as far as it is known in the evening.</p>" * 3


def page(kind: str | list[str], updates: object) -> Page:
    fact = {"@context": "https://schema.org", "@type": kind, "headline": "Machines", "liveBlogUpdate": updates}
    html = (
        f"<html><head><title>Machines on Tuesday</title>"
        f'<script type="application/ld+json">{json.dumps(fact)}</script></head>'
        f"<body><article><h1>Machines on Tuesday</h1>{BODY}</article></body></html>"
    )
    found = extract_page(html.encode(), url="https://gazette.example/live")
    assert isinstance(found, Page)
    return found


def updates(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"@type": "BlogPosting", "datePublished": f"2026-03-02T1{n}:05:00Z", "articleBody": text}
        for n, text in enumerate(texts)
    ]


def test_its_updates_are_its_text_and_it_is_read_as_a_round_up() -> None:
    found = page("LiveBlogPosting", updates(TOLD))
    assert found.text.splitlines()[1] == "11:05 - A court postpones the hearing to Monday"
    assert is_roundup(found.title or "", found.text)
    assert page(["LiveBlogPosting", "NewsArticle"], updates(TOLD)).text == found.text


def test_any_other_page_keeps_the_text_that_is_read_from_it() -> None:
    for found in (page("NewsArticle", updates(TOLD)), page("LiveBlogPosting", "soon"), page("LiveBlogPosting", [3])):
        assert "kept up to date" in found.text
        assert not is_roundup(found.title or "", found.text)
