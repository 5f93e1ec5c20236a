"""A page → what it says of itself that helps to follow it: feeds it names, who made it, its name and language.

Runs in a worker. Nothing is asked of the web here: which of these addresses answer is found out by `jobs/discover.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.model import Failure, Proposal, Unparsable
from monitor.stages.canonical import NAME_LIMIT, TITLE_LIMIT, canonical_url, clean_line, cut, openable_url
from monitor.stages.card import MOST_ELEMENTS, Listing
from monitor.stages.proposals import propose
from monitor.stages.tree import base_of, read_tree, text_of

MOST_ALTERNATES = 30  # feeds that a page names; some name one for each of a thousand tags

_FEED_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/feed+json": "JSON Feed",
    "application/rdf+xml": "RSS 1.0",
    "application/x.atom+xml": "Atom",
    "application/xml": "XML",
    "text/xml": "XML",
    "application/json": "JSON",
}
_LIKE_FEED = re.compile(r"(?:^|[/._-])(?:feeds?|rss2?|atom)(?:$|[/._?])|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_SAYS_FEED = re.compile(r"\b(?:rss|atom|feed|subscribe via rss|rss-feed)\b", re.IGNORECASE)
_NO_FEED = re.compile(r"\boembed\b|wp-json|/xmlrpc|opensearch|manifest", re.IGNORECASE)
_STATUS_MARKS = (
    b"statuspage.io",
    b"statuspage-version",
    b"incident.io",
    b"status.io/",
    b"instatus.com",
    b"betteruptime",
)
_STATUS_TITLE = re.compile(r"\bstatus\b", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|\\–—·•»/-]\s+|\s*[|\\]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """A feed that a page names."""

    url: str
    title: str
    form: str  # RSS, Atom, ... as it is announced; "link" where it is only linked


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a page says of itself."""

    title: str = ""
    site_name: str = ""
    language: str | None = None
    generator: str = ""
    alternates: tuple[Alternate, ...] = ()  # announced ones first, in the order of the page
    is_status: bool = False
    proposals: tuple[Proposal, ...] = ()
    link_count: int = 0
    notes: tuple[str, ...] = ()


def survey_page(body: bytes, *, url: str, content_type: str | None = None) -> Survey | Unparsable:
    """What the page at `url` says of itself, and selectors for the list that it may be."""
    tree, notes = read_tree(body, content_type)
    if tree is None:
        return Unparsable(kind=Failure.UNPARSABLE, detail="the page has no markup")
    title = (
        cut(text_of(found, 2 * TITLE_LIMIT), TITLE_LIMIT)
        if (found := next(tree.iter("title"), None)) is not None
        else ""
    )
    listing = Listing(tree, url)
    return Survey(
        title=title,
        site_name=_site_name(tree, title),
        language=_language(tree),
        generator=cut(_meta(tree, "generator"), NAME_LIMIT),
        alternates=_alternates(tree, url),
        is_status=_is_status(body, title, url),
        proposals=propose(listing),
        link_count=sum(1 for link in tree.iter("a") if link.get("href")),
        notes=notes,
    )


# --- feeds ------------------------------------------------------------------------------------------------------


def _alternates(tree: HtmlElement, url: str) -> tuple[Alternate, ...]:
    base, found = base_of(tree, url), dict[str, Alternate]()
    for alternate in (*_announced(tree, base), *_linked(tree, base)):
        key = canonical_url(alternate.url) or alternate.url
        if key != canonical_url(url) or alternate.form != "link":
            found.setdefault(key, alternate)
    return tuple(found.values())[:MOST_ALTERNATES]


def _announced(tree: HtmlElement, base: str) -> Iterator[Alternate]:
    """<link rel=alternate> with a feed's type; browsers' own autodiscovery."""
    for link in islice(tree.iter("link"), MOST_ELEMENTS):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href, title = feed_href(link.get("href")), clean_line(link.get("title") or "")
        if not ({"alternate", "feed"} & set(rels)) or kind not in _FEED_TYPES or _NO_FEED.search(f"{href} {title}"):
            continue
        if _FEED_TYPES[kind] in ("XML", "JSON") and not _LIKE_FEED.search(href) and not _SAYS_FEED.search(title):
            continue
        if target := openable_url(href, base):
            yield Alternate(url=target, title=cut(title, TITLE_LIMIT), form=_FEED_TYPES[kind])


def _linked(tree: HtmlElement, base: str) -> Iterator[Alternate]:
    """Ordinary links that lead to a feed by their own words."""
    for link in islice(tree.iter("a"), MOST_ELEMENTS):
        href = feed_href(link.get("href"))
        if not _LIKE_FEED.search(href.partition("?")[0]) or (target := openable_url(href, base)) is None:
            continue
        words = " ".join(filter(None, (text_of(link, 60), link.get("title"), link.get("aria-label"))))
        path = urlsplit(target).path
        if _SAYS_FEED.search(words) or re.search(r"\.(?:rss|atom|rdf|xml)$", path):
            yield Alternate(url=target, title=cut(clean_line(words), TITLE_LIMIT), form="link")


def feed_href(href: str | None) -> str:
    """`feed:` was a scheme for links to feeds; behind it stands an ordinary address."""
    text = (href or "").strip()
    if text.lower().startswith("feed:"):
        rest = text[5:]
        return rest if rest.lower().startswith(("http://", "https://")) else "https:" + rest
    return text


# --- names ------------------------------------------------------------------------------------------------------


def _site_name(tree: HtmlElement, title: str) -> str:
    """og:site_name, else the part of the title that names the site: usually the last."""
    said = _meta(tree, "og:site_name") or _meta(tree, "application-name")
    if said:
        return cut(said, NAME_LIMIT)
    parts = [part for part in _PARTS.split(title) if part.strip()]
    return cut(parts[-1].strip(), NAME_LIMIT) if len(parts) > 1 else ""


def _language(tree: HtmlElement) -> str | None:
    said = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or _meta(tree, "content-language")
    return read_language(said)


def read_language(said: str | None) -> str | None:
    """A language tag as feeds.yaml has them: the language in lower case (BCP 47)."""
    found = re.fullmatch(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)", (said or "").strip())
    return f"{found[1].lower()}{found[2].replace('_', '-')}"[:35] if found else None


def _meta(tree: HtmlElement, name: str) -> str:
    for meta in tree.iter("meta"):
        said = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
        if said.lower() == name and (content := clean_line(meta.get("content") or "")):
            return content
    return ""


def _is_status(body: bytes, title: str, url: str) -> bool:
    """Whether it is a status page: by whoever runs it, and by its name or address."""
    marks = any(mark in body for mark in _STATUS_MARKS)
    named = _STATUS_TITLE.search(title) is not None or is_status_host(url)
    return marks and named


def is_status_host(url: str) -> bool:
    """status.example.com, examplestatus.com, example.statuspage.io and the like."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    named = any(label == "status" or label.endswith(("-status", "status")) for label in labels[:-1])
    return named or host.endswith((".statuspage.io", ".instatus.com"))
