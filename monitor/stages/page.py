"""Page bytes → what the article says: trafilatura for the text, lxml for what the page says of itself.

Runs only in a worker process that can be killed: hostile pages cost seconds, and lxml aborts a process that uses it in
two threads (H26, H27).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import py3langid
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.model import Failure, Page, Unparsable
from monitor.stages.canonical import (
    DATE_LIMIT,
    NAME_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    canonical_url,
    clean_line,
    clean_text,
    cut,
    openable_target,
    registrable_domain,
)
from monitor.stages.charset import decode
from monitor.stages.dates import read_date
from monitor.stages.liveblog import live_text
from monitor.stages.page_credits import page_credits

PAGE_LIMIT = 2_000_000  # bytes that are read of a page: extraction costs up to 10 s a megabyte (H26)
MAX_ELEMENTS = 20_000  # of a page: twice as many cost the extractor four times as long (H26)
NOISE = 50  # characters to a NUL: what has more of them is a file
ENOUGH_FOR_LANGUAGE = 40  # characters below which a guess is worth nothing
MAX_ADDRESSES = 5  # that a page gives itself besides its own
ONWARD_LIMIT = 20_000  # characters: a page that only sends its reader on is short
ONWARD_SECONDS = 10  # a page that is shown longer is to be read
SHORT = 800  # characters: a page with less may be an error page or a wall; an article of that size is kept

_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
    b"\x7fELF",
)
_HEAVY = re.compile(
    r"<(style|svg|noscript)\b.*?</\1\s*>|<script\b(?![^>]*ld\+json).*?</script\s*>|\bdata:[a-z]+/[^\"')\s]{200,}",
    re.IGNORECASE | re.DOTALL,
)
_REFRESH = re.compile(r"\s*(\d{0,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]+)", re.IGNORECASE)
_SENT_ON = re.compile(
    r"\b(?:window\.|document\.|top\.|self\.)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*[\"'](https?:[^\"']+)[\"']"
)
_NOTHING_HERE = re.compile(
    r"\b(?:404|page (?:was )?not found|not found|no longer (?:available|exists)|nicht gefunden|introuvable"
    r"|no encontrada|non trovata|não encontrada|niet gevonden)\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"just a moment|attention required|access denied|are you a robot|verify (?:that )?you are (?:a )?human"
    r"|enable javascript and cookies|before you continue|captcha|request blocked|security check",
    re.IGNORECASE,
)


def extract_page(body: bytes, *, url: str, content_type: str | None = None) -> Page | Unparsable:
    """The article in `body`, which was answered at `url` ("" where nobody knows); or why there is none (H26)."""
    if refusal := _refuse(body, content_type):
        return refusal
    text, note = decode(body, content_type)
    notes = [note] if note else []
    if text.count("\0") * NOISE > len(text):
        return _nothing(f"not a page but a file ({content_type or 'no content type'})")
    if len(body) > PAGE_LIMIT:
        text = _HEAVY.sub(" ", text)[:PAGE_LIMIT]
        notes.append(f"of {len(body)} bytes only {PAGE_LIMIT} were read, scripts and styles left out")
    tree = _tree(text)
    if tree is None:
        return _nothing("the page has no markup")
    onward = _onward(tree, text, url) if len(text) <= ONWARD_LIMIT else None
    if onward is not None:
        return replace(_nothing(f"the page only leads on to {onward}"), leads_to=onward)
    if dropped := _drop_late(tree):
        notes.append(f"of {MAX_ELEMENTS + dropped} elements only {MAX_ELEMENTS} were read")
    return _read(tree, url=url, notes=notes)


def strip_markup(markup: str) -> str:
    """The text of a feed's HTML, a line per block; for where the page cannot be had."""
    tree = _tree(f"<div>{markup[:PAGE_LIMIT]}</div>")
    if tree is None:
        return ""
    for unread in tree.xpath("//script|//style|//template|//noscript"):
        unread.drop_tree()
    for block in tree.iter("p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"):
        block.tail = "\n" + clean_text(block.tail or "")  # lxml takes back no control character that it read as &#8;
        if block.tag != "br":
            block.text = "\n" + clean_text(block.text or "")
    return _lines(tree.text_content())


# --- before the extractor ---------------------------------------------------------------------------------------


def _refuse(body: bytes, content_type: str | None) -> Unparsable | None:
    if not body.strip():
        return _nothing("the page is empty")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if body.startswith(_BINARY) or kind.startswith(("image/", "audio/", "video/", "application/pdf", "font/")):
        named = "a PDF" if body.startswith(b"%PDF") or kind == "application/pdf" else "not a page but a file"
        return _nothing(f"{named} ({kind or 'no content type'})")
    return None


def _nothing(detail: str) -> Unparsable:
    return Unparsable(kind=Failure.UNPARSABLE, detail=detail)


def _tree(text: str) -> HtmlElement | None:
    """As trafilatura parses; libxml2 cuts nesting at 255 levels."""
    parser = HTMLParser(
        encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
    )
    try:
        return document_fromstring(clean_text(text).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _drop_late(tree: HtmlElement) -> int:
    """Leave the first MAX_ELEMENTS elements; how many were dropped."""
    late = list(islice(tree.iter(), MAX_ELEMENTS, None))
    for element in late:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return len(late)


def _onward(tree: HtmlElement, text: str, url: str) -> str | None:
    """Where a page that says nothing itself sends its reader, as shorteners and relays of links do."""
    said = " ".join(_visible(tree).split())
    if len(said) > SHORT // 4:
        return None
    refreshes = (_REFRESH.match(stated) for stated in (_meta(tree, "refresh"),) if stated)
    targets = [found[2] for found in refreshes if found and int(found[1] or 0) <= ONWARD_SECONDS]
    if not said or len(said.split()) <= 12:
        targets += [found[1].replace("\\/", "/") for found in _SENT_ON.finditer(text)]
    own = canonical_url(url)
    return next(
        (to for to in (openable_target(t, url or None) for t in targets) if to and canonical_url(to) != own), None
    )


def _visible(tree: HtmlElement) -> str:
    bodies = tree.xpath("//body")
    texts = (
        bodies[0].xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]") if bodies else []
    )
    return clean_text(" ".join(texts))


# --- the page ---------------------------------------------------------------------------------------------------


def _read(tree: HtmlElement, *, url: str, notes: list[str]) -> Page | Unparsable:
    facts = list(_linked_data(tree))
    canonical, doubt = _canonical(tree, url)
    notes = [*notes, *([doubt] if doubt else [])]
    addresses, claims = _other_addresses(tree, url), page_credits(tree, facts, url)
    published = _published(tree, facts)
    site_name = _meta(tree, "og:site_name")
    language = _said_language(tree)
    og_title = _meta(tree, "og:title")
    found = _extract(tree, url)
    text = live_text(facts, strip_markup) or _lines(found.text or "")
    title = clean_line(found.title or og_title or "")
    if not text:
        text = max((_lines(strip_markup(body)) for body in _texts(facts, "articleBody")), key=len, default="")
    if refusal := _wall(title, text):
        return refusal
    published = published or found.date
    return Page(
        canonical_url=canonical,
        addresses=addresses,
        credits=claims,
        title=cut(title, TITLE_LIMIT) or None,
        text=cut(text, TEXT_LIMIT),
        author=cut(clean_line(found.author or ""), NAME_LIMIT) or None,
        published=published and cut(clean_line(published), DATE_LIMIT),
        published_at=read_date(published),
        language=language or guess_language(text),
        site_name=cut(clean_line(site_name or found.sitename or ""), NAME_LIMIT) or None,
        notes=tuple(notes),
    )


def _extract(tree: HtmlElement, url: str) -> Document:
    """trafilatura's reading; it takes the tree apart."""
    found = bare_extraction(tree, url=url or None, favor_precision=True, include_comments=False, with_metadata=True)
    return found if isinstance(found, Document) else Document()


def _wall(title: str, text: str) -> Unparsable | None:
    """A page that says nothing, or says that there is nothing to read."""
    if not text:
        return _nothing("no article text on the page")
    if len(text) < SHORT:
        if _NOTHING_HERE.search(title):
            return _nothing(f"soft 404: the page is titled “{cut(title, 80)}”")
        if _WALL.search(title) or _WALL.search(text[:200]):
            return _nothing(f"a wall instead of the article: “{cut(title or text, 80)}”")
    return None


def guess_language(text: str) -> str | None:
    """ISO 639-1, where there is enough text to tell."""
    if len(text) < ENOUGH_FOR_LANGUAGE:
        return None
    language: str = py3langid.classify(text[:5_000])[0]
    return language


def _lines(text: str) -> str:
    """Safe to store, a paragraph a line."""
    return "\n".join(line for raw in clean_text(text).split("\n") if (line := clean_line(raw)))


# --- what the page says of itself -------------------------------------------------------------------------------


def _canonical(tree: HtmlElement, url: str) -> tuple[str | None, str | None]:
    """rel=canonical, else og:url, and a note where a claim says nothing.

    One that sends every page to the front page is a mistake. Two that differ take each other's word away, unless one of
    them is the page's own address (RFC 6596 allows one; search engines read none of several either).
    """
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    own = canonical_url(url)
    claims = list(dict.fromkeys(key for link in links if (key := _claim(link, url, own)) is not None))
    if len(claims) > 1:
        return (own, None) if own in claims else (None, f"the page names {len(claims)} addresses as its own")
    return (claims[0] if claims else _claim(_meta(tree, "og:url"), url, own)), None


def _claim(said: str | None, url: str, own: str | None) -> str | None:
    key = canonical_url(said, url or None) if said else None
    return key if key is not None and (not key.endswith("/") or not own or own.endswith("/")) else None


def _other_addresses(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Where else the page says that it is found on its own site: as AMP, on small screens, by a short link."""
    found: dict[str, None] = {}
    for link in tree.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        is_mobile = "alternate" in rels and "max-width" in (link.get("media") or "")
        if is_mobile or "amphtml" in rels or "shortlink" in rels:
            key = canonical_url(link.get("href"), url or None)
            if key is not None and registrable_domain(key) == registrable_domain(url) and not key.endswith("/"):
                found[key] = None
    return tuple(found)[:MAX_ADDRESSES]


def _published(tree: HtmlElement, facts: list[dict[str, Any]]) -> str | None:
    """The claim with the time of day, where one is made."""
    claims = [
        *(_meta(tree, name) for name in ("article:published_time", "og:article:published_time", "datePublished")),
        *_texts(facts, "datePublished"),
        *(_meta(tree, name) for name in ("parsely-pub-date", "dc.date.issued", "date", "pubdate")),
    ]
    return next((claim for claim in claims if claim and read_date(claim)), None)


def _said_language(tree: HtmlElement) -> str | None:
    said = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or _meta(tree, "content-language")
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*", (said or "").strip())
    return found[0].replace("_", "-")[:35] if found else None


def _meta(tree: HtmlElement, name: str) -> str | None:
    """The content of the first <meta> of that name."""
    for meta in tree.iter("meta"):
        said = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if said.lower() == name.lower() and (content := (meta.get("content") or "").strip()):
            return content
    return None


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD that is an article of some kind."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            document = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles(document)


def _articles(document: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(document, list):
        for part in document[:50]:
            yield from _articles(part, depth + 1)
    elif isinstance(document, dict):
        if re.search(r"Article|Posting|Report", str(document.get("@type"))):
            yield document
        yield from _articles(document.get("@graph"), depth + 1)


def _texts(facts: list[dict[str, Any]], key: str) -> list[str]:
    return [value for fact in facts if isinstance(value := fact.get(key), str) and value.strip()]
