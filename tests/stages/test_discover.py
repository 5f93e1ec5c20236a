"""What an address turns out to be: decided by values alone."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Entry, Finding, Kind, ParsedFeed, Unparsable
from monitor.stages.catalogue import read_catalogue
from monitor.stages.discover import (
    MOST_GUESSES,
    Robots,
    complete_url,
    is_full_text,
    is_status_feed,
    newest,
    ranked,
    sniff_kind,
    suggest_id,
    suggest_name,
    usual_urls,
)
from monitor.stages.parse import parse_feed
from monitor.stages.survey import Survey, is_status_host, read_language, survey_page

HOME = "https://acme.example/news"


def an_entry(title: str, **fields: object) -> Entry:
    return Entry(guid=title, url=f"https://acme.example/{title}", title=title, **fields)  # type: ignore[arg-type]


def a_feed(*entries: Entry, title: str = "") -> ParsedFeed:
    return ParsedFeed(format="rss20", title=title, entries=entries)


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("openai.com/news", "https://openai.com/news"),
        ("  https://acme.example/news  ", "https://acme.example/news"),
        ("HTTP://acme.example/News", "http://acme.example/News"),
        ("//acme.example", "https://acme.example"),
        ("feed://acme.example/rss", "https://acme.example/rss"),
        ("feed:https://acme.example/rss", "https://acme.example/rss"),
        ("acme.example:8080/feed", "https://acme.example:8080/feed"),
        ("localhost:8080/feed", "https://localhost:8080/feed"),
        ("https://acme.example/news#top", "https://acme.example/news"),
        ("imaps://a%40b.example@imap.b.example/INBOX", "imaps://a%40b.example@imap.b.example/INBOX"),
    ],
)
def test_an_address_is_read_as_a_person_means_it(typed: str, meant: str) -> None:
    assert complete_url(typed) == (meant, None)


@pytest.mark.parametrize(
    "typed", ["", "news", "javascript:alert(1)", "data:text/html,x", "http://", "https:///x", "http://[", "a b.c"]
)
def test_what_is_no_address_is_refused_with_a_sentence_h21(typed: str) -> None:
    _, fault = complete_url(typed)
    assert fault


@given(st.text(max_size=80))
def test_no_address_raises(typed: str) -> None:
    complete_url(typed)


# --- documents ------------------------------------------------------------------------------------------------------

DOCUMENTS: dict[str, tuple[bytes, Kind | None]] = {
    "rss": (b"<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", Kind.FEED),
    "atom": (b"<feed xmlns='http://www.w3.org/2005/Atom'>", Kind.FEED),
    "rdf": (b"<rdf:RDF xmlns:rdf='x'>", Kind.FEED),
    "a prefix": (b"<atom:feed xmlns:atom='x'>", Kind.FEED),
    "json feed": (b'{"version": "https://jsonfeed.org/version/1"}', Kind.FEED),
    "sitemap": (b"\xef\xbb\xbf<?xml version='1.0'?><?xml-stylesheet href='x'?><urlset>", Kind.SITEMAP),
    "index": (b"<sitemapindex>", Kind.SITEMAP),
    "gzip": (gzip.compress(b"<urlset>"), Kind.SITEMAP),
    "list of URLs": (b"https://a.example/1\nhttps://a.example/2\n", Kind.SITEMAP),
    "page": (b"<!DOCTYPE html><html>", Kind.PAGE),
    "page that shows XML": (b"<html><body><pre>&lt;rss&gt; <rss></pre>", Kind.PAGE),
    "XHTML": (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html xmlns='x'>", Kind.PAGE),
    "fragment": (b"<div><p>Hello</p></div>", Kind.PAGE),
    "a feed with a page's doctype": (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><rss>", Kind.FEED),
    "words": (b"Service unavailable", None),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_is_known_by_its_beginning(what: str) -> None:
    body, kind = DOCUMENTS[what]
    assert sniff_kind(body, None) is kind


def test_of_all_captured_feeds_the_status_feeds_are_told_and_no_other(data_dir: Path) -> None:
    told, wanted = set(), set()
    for line in (data_dir / "feeds" / "manifest.jsonl").read_text().splitlines():
        capture = json.loads(line)
        body = (data_dir / "feeds" / "files" / capture["file"]).read_bytes()
        feed = parse_feed(body, url="https://captured.example/feed")
        if isinstance(feed, Unparsable):
            continue
        assert sniff_kind(body, None) is Kind.FEED or capture["file"] == "feed-rs__atom_entry_1.xml"
        if is_status_feed(feed, "https://captured.example/feed"):
            told.add(capture["file"])
        if capture["kind"] == "status":
            wanted.add(capture["file"])
    assert wanted
    assert told == wanted


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://status.acme.example/", True),
        ("https://acmestatus.example/history.atom", True),
        ("https://acme.statuspage.io/", True),
        ("https://cloud-status.acme.example/", True),
        ("https://acme.example/status", False),
        ("https://statusquo.example/", False),
        ("https://news.acme.example/", False),
    ],
)
def test_the_hosts_of_status_pages(url: str, is_one: bool) -> None:
    assert is_status_host(url) is is_one


def test_an_article_about_an_outage_makes_no_status_feed() -> None:
    text = "<p>The outage was resolved.</p>"
    feed = a_feed(*(an_entry(f"Outage {n} resolved", content=text) for n in range(5)), title="Acme News")
    assert not is_status_feed(feed, "https://acme.example/feed")
    assert is_status_feed(a_feed(title="Acme Status - Incident History"), "https://status.acme.example/history.atom")
    assert not is_status_feed(a_feed(title="Acme"), "https://acme.example/feed")


# --- pages ----------------------------------------------------------------------------------------------------------


def survey(page: str, url: str = HOME) -> Survey:
    found = survey_page(page.encode(), url=url)
    assert isinstance(found, Survey)
    return found


def test_feeds_that_a_page_names_are_found_announced_ones_first() -> None:
    found = survey(
        """<html lang="pt_BR"><head><title>Notícias | Acme</title><base href="https://acme.example/pt/">
        <meta name="generator" content="WordPress 6.4">
        <link rel="alternate" type="application/rss+xml; charset=utf-8" href="feed/" title="Acme &raquo; Feed">
        <link rel="ALTERNATE" type="application/atom+xml" href="feed:https://acme.example/atom">
        <link rel="alternate" type="application/feed+json" href="/feed.json">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">
        <link rel="alternate" type="text/xml+oembed" href="/oembed"><link rel="alternate" hreflang="en" href="/en/">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
        <link rel="stylesheet" type="text/css" href="/rss.css"></head>
        <body><a href="/blog/rss.xml">RSS</a> <a href="/rss-explained">What is RSS?</a> <a href="/feed/">RSS</a>
        <a href="javascript:rss()">RSS</a></body></html>"""
    )
    assert [(each.url.removeprefix("https://acme.example/"), each.form) for each in found.alternates] == [
        ("pt/feed/", "RSS"),
        ("atom", "Atom"),
        ("feed.json", "JSON Feed"),
        ("blog/rss.xml", "link"),
        ("feed/", "link"),
    ]
    assert (found.site_name, found.language, found.generator) == ("Acme", "pt-BR", "WordPress 6.4")
    assert usual_urls(HOME, found)[0] == f"{HOME}/feed/"


def test_usual_places_are_few_and_follow_the_generator_and_the_path() -> None:
    assert usual_urls(HOME, Survey()) == (
        f"{HOME}/feed",
        f"{HOME}/rss.xml",
        "https://acme.example/feed",
        "https://acme.example/rss.xml",
        "https://acme.example/atom.xml",
        "https://acme.example/feed.xml",
    )
    hugo = usual_urls("https://acme.example/", Survey(generator="Hugo 0.1"))
    assert hugo[0] == "https://acme.example/index.xml"
    assert len(hugo) <= MOST_GUESSES
    assert usual_urls("https://acme.example/a/news.html", Survey())[0] == "https://acme.example/a/feed"


def test_a_page_of_a_status_service_is_one() -> None:
    marked = '<script src="https://cdn.statuspage.io/x.js"></script>'
    assert survey(f"<html><head><title>Acme Status</title>{marked}</head><body><p>x</p></body></html>").is_status
    assert not survey(f"<html><head><title>Acme</title></head><body>{marked}<p>x</p></body></html>").is_status
    assert not survey(
        "<html><head><title>Status of the negotiations</title></head><body><p>x</p></body></html>"
    ).is_status


@pytest.mark.parametrize(
    ("said", "tag"), [("en-US", "en-US"), ("EN", "en"), ("pt_BR", "pt-BR"), ("", None), ("x", None), ("en; q=1", None)]
)
def test_languages_are_tags_as_the_catalogue_takes_them(said: str, tag: str | None) -> None:
    assert read_language(said) == tag


# --- robots.txt -----------------------------------------------------------------------------------------------------


def test_robots_txt_names_sitemaps_of_its_site_those_of_news_first() -> None:
    robots = Robots(
        b"User-agent: *\nDisallow: /private\nSitemap: https://acme.example/all.xml\nsitemap: /news-sitemap.xml\n"
        b"Sitemap: https://other.example/x.xml\nSitemap: javascript:x\nUser-agent: Monitor\nDisallow: /feeds\n"
    )
    assert robots.sitemaps(HOME) == ("https://acme.example/news-sitemap.xml", "https://acme.example/all.xml")
    assert [robots.allows(f"https://acme.example{path}") for path in ("/feeds/a", "/private", "/x")] == [
        False,
        True,
        True,
    ]


@given(st.binary(max_size=200))
def test_no_robots_txt_raises(body: bytes) -> None:
    robots = Robots(b"Sitemap: " + body)
    robots.sitemaps(HOME)
    robots.allows(HOME)


# --- order and names ------------------------------------------------------------------------------------------------


def a_finding(kind: Kind, path: str, **fields: object) -> Finding:
    known: dict[str, object] = {"format": "rss20", "entry_count": 3, "entries": (an_entry(path.strip("/") or "x"),)}
    return Finding(kind=kind, url=f"https://acme.example{path}", **(known | fields))  # type: ignore[arg-type]


def test_the_best_comes_first() -> None:
    full = (an_entry("full", content="x" * 900),)
    expected = [
        a_finding(Kind.STATUS, "/history.atom"),
        a_finding(Kind.FEED, "/news/feed", entries=full),
        a_finding(Kind.FEED, "/news/excerpts"),
        a_finding(Kind.FEED, "/other"),
        a_finding(Kind.FEED, "/empty", entry_count=0, entries=()),
        a_finding(Kind.SITEMAP, "/news.xml", format="news-sitemap"),
        a_finding(Kind.PAGE, "/news", format="page"),
        a_finding(Kind.SITEMAP, "/all.xml", format="sitemap"),
        a_finding(Kind.FEED, "/news/comments/feed", entries=(an_entry("re"),)),
    ]
    assert list(ranked(list(reversed(expected)), asked=HOME)) == expected


def test_the_same_entries_in_two_formats_are_one_finding() -> None:
    same = (an_entry("a"), an_entry("b"))
    rss, atom = (a_finding(Kind.FEED, f"/{form}", format=form, entries=same) for form in ("rss20", "atom10"))
    assert ranked([rss, atom], asked=HOME) == (atom,)


def test_entries_are_shown_newest_first_and_undated_ones_as_they_stand() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    old, new = an_entry("old", published_at=day.replace(day=1)), an_entry("new", updated_at=day.replace(day=2))
    a, b = an_entry("a"), an_entry("b")
    assert newest([a, old, b, new], 3) == (new, old, a)
    assert not is_full_text([])


NAMES = {
    ("https://openai.com/news/rss.xml", "OpenAI News", "", Kind.FEED): ("OpenAI News", "openai-news"),
    ("https://status.acme.com/history.atom", "Acme Status - Incident History", "", Kind.STATUS): (
        "Acme Status",
        "acme-status",
    ),
    ("https://www.githubstatus.com/history.rss", "GitHub Status - Incident History", "", Kind.STATUS): (
        "GitHub Status",
        "githubstatus",
    ),
    ("https://blog.acme.co.uk/feed", "All posts - RSS feed", "Acme", Kind.FEED): ("All posts", "acme-blog"),
    ("https://acme.com/newsroom", "Newsroom", "Acme", Kind.PAGE): ("Acme: Newsroom", "acme-newsroom"),
    ("https://acme.com/sitemap.xml", "", "Acme", Kind.SITEMAP): ("Acme", "acme-sitemap"),
    ("https://xn--bcher-kva.example/Nachrichten/", "", "", Kind.PAGE): (
        "xn--bcher-kva.example",
        "xn-bcher-kva-nachrichten",
    ),
}


@pytest.mark.parametrize("case", NAMES)
def test_what_a_source_is_called_and_its_id(case: tuple[str, str, str, Kind]) -> None:
    url, title, site_name, kind = case
    name = suggest_name(title=title, site_name=site_name, url=url, kind=kind)
    assert (name, suggest_id(name=name, url=url, kind=kind)) == NAMES[case]


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Kind))
def test_a_suggested_id_is_one_that_feeds_yaml_takes(path: str, name: str, kind: Kind) -> None:
    made = suggest_id(name=name, url=f"https://acme.example/{path}", kind=kind)
    text = f"""publishers: [{{id: a, name: A}}]
sources: [{{id: "{made}", name: N, url: "https://a.example/", origin: press, tier: primary, publisher: a}}]"""
    catalogue = read_catalogue(text, file="feeds.yaml", providers=frozenset())
    assert getattr(catalogue, "sources", None), catalogue
