"""Whom an article credits: byline, dateline, foot and markup, in many languages; and what credits nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.jobs.rulebook import owners_of
from monitor.model import Credit, CreditKind, Page, ParsedFeed
from monitor.stages.credits import LINE_LENGTH, MAX_CREDITS, Agencies, find_credits
from monitor.stages.owners import NO_REGISTER
from monitor.stages.page import extract_page
from monitor.stages.parse import parse_feed

LINES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parents[1] / "data/credits/lines.yaml")
BODY = "".join(
    f"<p>The council of Northport switched off its dispatch assistant. Part {n} tells why.</p>" for n in range(5)
)
URL = "https://herald.example/story"


@pytest.fixture(scope="module")
def agencies() -> Agencies:
    return Agencies(owners_of()())


def credited(agencies: Agencies, **said: Any) -> list[str]:
    values: dict[str, Any] = {"title": "A headline", "text": "", "author": None} | said
    return [f"{credit.kind} {credit.name}" for credit in find_credits(agencies=agencies, **values)]


@pytest.mark.parametrize("case", LINES, ids=lambda case: f"{case.get('author', '')} {case['text'][-40:]!r}")
def test_whom_the_words_are_credited_to(agencies: Agencies, case: dict[str, Any]) -> None:
    said = {key: value for key, value in case.items() if key != "credits"}
    assert sorted(credited(agencies, **said)) == sorted(case["credits"])


def test_a_credit_quotes_the_words_by_which_it_was_found(agencies: Agencies) -> None:
    (credit,) = find_credits(title="T", text="Eins.\nZwei.\nMit Material von dpa", author=None, agencies=agencies)
    assert credit.quote == "Mit Material von dpa"


def test_without_a_register_no_agency_is_known() -> None:
    assert credited(Agencies(NO_REGISTER), text="NEW YORK (AP) — A judge ruled.", author="Reuters") == []


def test_what_stands_in_the_body_credits_nobody(agencies: Agencies) -> None:
    told = [f"Paragraph {n} of a long report." for n in range(20)]
    told[10] = "NEW YORK (AP) — is how a story begins that others write."
    assert credited(agencies, text="\n".join(told)) == []


def test_claims_take_the_names_of_the_register_and_nobody_credits_himself(agencies: Agencies) -> None:
    claims = [
        Credit(kind=CreditKind.DC_SOURCE, name="AFP"),
        Credit(kind=CreditKind.SYNDICATION, name="www.wired.com", url="https://www.wired.com/story/x"),
        Credit(kind=CreditKind.DC_SOURCE, name="Herald"),
        Credit(kind=CreditKind.SYNDICATION, name="herald.example", url="https://www.herald.example/other"),
    ]
    found = credited(agencies, claims=claims, publisher="The Herald", url=URL)
    assert sorted(found) == ["dc-source Agence France-Presse", "syndication Wired"]


def test_the_same_agency_is_credited_once_by_its_strongest_evidence(agencies: Agencies) -> None:
    claims = [Credit(kind=CreditKind.DC_SOURCE, name="AFP"), Credit(kind=CreditKind.VIA, name="AFP")]
    assert credited(agencies, claims=claims, author="AFP", text="(AFP) - One.") == ["agency Agence France-Presse"]


@given(st.text(max_size=400), st.text(max_size=60), st.sampled_from(["", " (AP)", " — dpa", "\nVon dpa", "/AFP/"]))
def test_any_text_is_read_and_credits_few(agencies: Agencies, text: str, author: str, tail: str) -> None:
    found = find_credits(title=text[:80], text=text + tail, author=author, agencies=agencies)
    assert len(found) <= MAX_CREDITS
    assert all(credit.name and len(credit.quote) <= LINE_LENGTH for credit in found)


# --- markup -----------------------------------------------------------------------------------------------------


def claims_of(head: str) -> list[tuple[str, str, str | None]]:
    markup = (
        f"<html lang=en><head><title>Dispatch off</title>{head}</head><body><article>{BODY}</article></body></html>"
    )
    found = extract_page(markup.encode(), url=URL)
    assert isinstance(found, Page)
    return [(credit.kind.value, credit.name, credit.url) for credit in found.credits]


@pytest.mark.parametrize(
    ("head", "claim"),
    [
        (
            '<link rel="canonical" href="https://wire.example/original?utm_source=x">',
            ("syndication", "wire.example", "https://wire.example/original"),
        ),
        (
            '<link rel="syndication" href="https://wire.example/a">',
            ("syndication", "wire.example", "https://wire.example/a"),
        ),
        (
            '<meta name="syndication-source" content="https://wire.example/a">',
            ("syndication", "wire.example", "https://wire.example/a"),
        ),
        ('<meta name="DC.source" content="AFP">', ("dc-source", "AFP", None)),
        ('<meta name="copyright" content="© 2026 Agence France-Presse">', ("dc-source", "Agence France-Presse", None)),
        (
            '<meta property="article:publisher" content="https://www.facebook.com/Reuters/">',
            ("dc-source", "Reuters", None),
        ),
        (
            '<link rel="alternate" hreflang="de" href="/de/geschichte">',
            ("translated", "herald.example", "https://herald.example/de/geschichte"),
        ),
    ],
)
def test_what_a_pages_head_says_of_where_its_words_come_from(head: str, claim: tuple[str, str, str | None]) -> None:
    assert claims_of(head) == [claim]


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://www.herald.example/story">',
        '<link rel="alternate" hreflang="x-default" href="https://herald.example/other">',
        '<link rel="alternate" hreflang="de" href="https://herald.example/">',
        '<meta name="dc.source" content="">',
        '<link rel="syndication" href="javascript:alert(1)">',
    ],
)
def test_what_says_nothing_of_it(head: str) -> None:
    assert claims_of(head) == []


@pytest.mark.parametrize(
    ("fact", "claim"),
    [
        ('"author": {"@type": "Organization", "name": "Reuters"}', ("agency", "Reuters", None)),
        ('"sourceOrganization": {"@type": "NewsMediaOrganization", "name": "dpa"}', ("dc-source", "dpa", None)),
        ('"isBasedOn": "https://wire.example/a"', ("syndication", "wire.example", "https://wire.example/a")),
        (
            '"isBasedOn": {"url": "https://wire.example/a", "publisher": {"name": "Wire"}}',
            ("syndication", "Wire", "https://wire.example/a"),
        ),
        ('"copyrightHolder": [{"name": "AFP"}]', ("dc-source", "AFP", None)),
    ],
)
def test_what_linked_data_says_of_it(fact: str, claim: tuple[str, str, str | None]) -> None:
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", {fact}}}</script>'
    assert claims_of(script) == [claim]


@pytest.mark.parametrize(
    ("inner", "kind", "name", "url"),
    [
        ("<dc:source>AFP</dc:source>", "dc-source", "AFP", None),
        (
            '<source url="https://wire.example/feed">The Wire</source>',
            "dc-source",
            "The Wire",
            "https://wire.example/feed",
        ),
        ("<dc:source>https://wire.example/a</dc:source>", "dc-source", "wire.example", "https://wire.example/a"),
        ('<a:link rel="via" href="https://wire.example/a"/>', "via", "wire.example", "https://wire.example/a"),
    ],
)
def test_what_a_feed_says_of_it(inner: str, kind: str, name: str, url: str | None) -> None:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:a="http://www.w3.org/2005/Atom"'
    item = f"<item><title>One</title><link>https://herald.example/1</link>{inner}</item>"
    feed = f'<rss version="2.0" {spaces}><channel><title>H</title>{item}</channel></rss>'.encode()
    for by_reference in (False, True):
        found = parse_feed(feed, url="https://herald.example/feed", by_reference=by_reference)
        assert isinstance(found, ParsedFeed)
        assert [(c.kind, c.name, c.url) for c in found.entries[0].credits] == [(CreditKind(kind), name, url)]


def test_an_entry_of_another_feed_names_it() -> None:
    entry = "<entry><title>One</title><source><title>The Wire</title><id>x</id></source></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>H</title>{entry}</feed>'.encode()
    for by_reference in (False, True):
        found = parse_feed(feed, url="https://herald.example/feed", by_reference=by_reference)
        assert isinstance(found, ParsedFeed)
        assert [(c.kind, c.name) for c in found.entries[0].credits] == [(CreditKind.DC_SOURCE, "The Wire")]
