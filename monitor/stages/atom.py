"""A feed's document → Atom bytes (RFC 4287), with archives (RFC 5005), tombstones (RFC 6721) and marks of our own.

feedgen writes Atom's own elements; those of the extensions and ours stand under their prefixes. What each of ours means
is in docs/feeds.md.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from lxml.etree import SubElement, _Element

from monitor.model import Candidate
from monitor.model.feeds import FeedFormat
from monitor.stages.canonical import clean_line
from monitor.stages.generator import FeedGenerator, new_entry, new_feed, write_plainly
from monitor.stages.syndicate import (
    MEDIA_TYPES,
    NAMESPACE,
    FeedDocument,
    Item,
    Site,
    looks_like_markup,
)
from monitor.stages.telling import count_of_sources

MEDIA_TYPE = f"{MEDIA_TYPES[FeedFormat.ATOM]}; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES: Mapping[str, str] = {"fh": HISTORY, "at": TOMBSTONES, "monitor": NAMESPACE}


def render_atom(document: FeedDocument) -> bytes:
    """The document as UTF-8 XML."""
    used = {"fh"} if document.current else set()
    used |= {"at"} if document.tombstones else set()
    used |= {"monitor"} if document.items else set()
    feed = new_feed(partial(_extend_feed, document=document), spaces={k: v for k, v in _SPACES.items() if k in used})
    feed.id(document.id)
    feed.title(document.title)
    feed.subtitle(document.subtitle)
    feed.updated(document.updated_at)
    feed.author(name=document.author, uri=document.home)
    feed.language(document.language)
    for item in document.items:
        entry = new_entry(feed, partial(_extend_entry, item=item))
        entry.id(item.tag)
        entry.title(item.title)
        entry.published(item.published_at)
        entry.updated(item.updated_at)
        entry.summary(item.summary)
        entry.content(item.content, type="html")
        for category in item.categories:
            entry.category(term=category.term, scheme=category.scheme, label=category.label)
    return _written(feed)


def _extend_feed(feed: _Element, *, document: FeedDocument) -> None:
    atom = MEDIA_TYPES[FeedFormat.ATOM]
    feed.set(_LANG, document.language)
    _declare_text(feed)
    _link(feed, rel="self", href=document.self_url, type=atom)
    _link(feed, rel="alternate", href=document.page, type="text/html", hreflang=document.language)
    named = (("current", document.current), ("prev-archive", document.previous), ("next-archive", document.following))
    for rel, url in named:
        if url:
            _link(feed, rel=rel, href=url, type=atom)
    if document.hub:
        _link(feed, rel="hub", href=document.hub)
    add_history(feed, document)


def add_history(feed: _Element, document: FeedDocument) -> None:
    """That it is an archive, and what was taken down (RFC 5005 4, RFC 6721 3): the same elements in Atom and RSS."""
    if document.current:
        SubElement(feed, f"{{{HISTORY}}}archive")
    for grave in document.tombstones:
        buried = SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=grave.tag, when=grave.at.isoformat())
        SubElement(buried, f"{{{TOMBSTONES}}}comment").text = grave.comment


def _extend_entry(entry: _Element, *, item: Item) -> None:
    _declare_text(entry)
    for content in entry.findall("content"):
        write_plainly(content)
    _link(entry, rel="alternate", href=item.page, type="text/html")
    for link in item.links:
        _link(entry, rel=link.rel, href=link.href, title=link.title)
    add_marks(entry, item)


def add_marks(parent: _Element, item: Item) -> None:
    """What the wire is by the codebook, as elements of our own namespace (docs/feeds.md)."""

    def mark(name: str, text: str) -> _Element:
        element = SubElement(parent, f"{{{NAMESPACE}}}{name}")
        element.text = text
        return element

    if item.severity is not None:
        mark("severity", item.severity)
    for provider in item.providers:
        mark("provider", clean_line(provider))
    for code in item.codes:
        mark("code", clean_line(code))
    mark("sourceCount", str(item.source_count))
    mark("sourcingStandard", item.standard)
    if item.occurred_on is not None:
        mark("occurredOn", item.occurred_on.isoformat())
    for found in item.elsewhere:
        named = mark("sameEvent", clean_line(found.id))
        named.set("database", found.database)
        if found.url is not None:
            named.set("href", found.url)
    revision = mark("revision", str(item.number))
    revision.set("kind", item.kind.value)
    revision.set("href", item.revision_page)


# --- elements ---------------------------------------------------------------------------------------------------


def _declare_text(parent: _Element) -> None:
    """A text construct that looks like markup is text: say so, by escaping it as HTML (RFC 4287 3.1.1.2)."""
    for name in ("title", "subtitle", "summary"):
        for child in parent.findall(name):
            text = str(child.text or "")
            if looks_like_markup(text) or any(sign in text for sign in "<>&"):
                child.set("type", "html")
                child.text = html.escape(text, quote=False)


def _link(parent: _Element, **attributes: str) -> None:
    SubElement(parent, "link", attributes)


def _written(feed: FeedGenerator) -> bytes:
    written: bytes = feed.atom_str(pretty=True)
    return written


# --- the feed of a saved filter -----------------------------------------------------------------------------------


def render_candidates(site: Site, candidates: Sequence[Candidate], *, name: str, path: str, made_at: datetime) -> bytes:
    """The feed of a saved filter, for those who work here: what waits inside, in the order given.

    It is no publication, so its ids are its addresses; `made_at` is the time of a feed in which nothing is yet.
    """

    def extend(feed: _Element) -> None:
        feed.set(_LANG, site.language)
        _declare_text(feed)
        _link(feed, rel="self", href=site.url(path), type=MEDIA_TYPES[FeedFormat.ATOM])

    feed = new_feed(extend)
    feed.id(site.url(path))
    feed.title(clean_line(f"{site.name}: {name}"))
    feed.subtitle("What waits in the newsroom: not for publication")
    feed.updated(max((c.grown_at for c in candidates), default=made_at))
    feed.author(name=clean_line(site.name))
    names = {p.id: p.name for p in site.providers}
    for candidate in candidates:
        _add_waiting(feed, site, candidate, names)
    return _written(feed)


def _add_waiting(feed: FeedGenerator, site: Site, candidate: Candidate, names: Mapping[str, str]) -> None:
    page = site.url(f"/desk/candidates/{candidate.id}")

    def extend(entry: _Element) -> None:
        _declare_text(entry)
        _link(entry, rel="alternate", href=page, type="text/html")

    told = f"{count_of_sources(candidate.source_count)}, {candidate.article_count} articles"
    named = ", ".join(names.get(p, p) for p in candidate.providers)
    reasons = ", ".join(f"{cue.name} {cue.weight:+.1f}" for cue in candidate.cues)
    said = (f"<p>{html.escape(clean_line(words))}</p>" for words in (told, named, reasons) if words)
    entry = new_entry(feed, extend)
    entry.id(page)
    entry.title(clean_line(candidate.title) or f"Candidate {candidate.id}")
    entry.published(candidate.opened_at)
    entry.updated(candidate.grown_at)
    entry.content("\n".join(said), type="html")
