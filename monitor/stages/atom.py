"""A feed's document → Atom bytes (RFC 4287), with archives (RFC 5005), tombstones (RFC 6721) and marks of our own.

The feed's elements stand in the default namespace without a prefix, ours and those of the extensions under theirs; what
each of ours means is in docs/feeds.md.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime

from lxml.etree import Element, SubElement, _Element, tostring

from monitor.model import Candidate
from monitor.model.feeds import FeedFormat
from monitor.stages.canonical import clean_line
from monitor.stages.syndicate import (
    MEDIA_TYPES,
    NAMESPACE,
    FeedDocument,
    Item,
    looks_like_markup,
)
from monitor.stages.syndicate import Site as Site
from monitor.stages.telling import count_of_sources

MEDIA_TYPE = f"{MEDIA_TYPES[FeedFormat.ATOM]}; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES: Mapping[str | None, str] = {None: ATOM, "fh": HISTORY, "at": TOMBSTONES, "monitor": NAMESPACE}


def render_atom(document: FeedDocument) -> bytes:
    """The document as UTF-8 XML."""
    used: set[str | None] = {None}
    used |= {"fh"} if document.current else set()
    used |= {"at"} if document.tombstones else set()
    used |= {"monitor"} if document.items else set()
    feed = Element(f"{{{ATOM}}}feed", nsmap={k: v for k, v in _SPACES.items() if k in used})
    feed.set(_LANG, document.language)
    _head(feed, document)
    _links_of_feed(feed, document)
    if document.current:
        SubElement(feed, f"{{{HISTORY}}}archive")
    for grave in document.tombstones:
        buried = SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=grave.tag, when=_stamp(grave.at))
        SubElement(buried, f"{{{TOMBSTONES}}}comment").text = grave.comment
    for item in document.items:
        _entry(SubElement(feed, f"{{{ATOM}}}entry"), item)
    return _written(feed)


def _head(feed: _Element, document: FeedDocument) -> None:
    _add(feed, "id", document.id)
    _text(feed, "title", document.title)
    _text(feed, "subtitle", document.subtitle)
    _add(feed, "updated", _stamp(document.updated_at))
    author = SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", document.author)
    _add(author, "uri", document.home)
    _add(feed, "generator", "Monitor")


def _links_of_feed(feed: _Element, document: FeedDocument) -> None:
    atom = MEDIA_TYPES[FeedFormat.ATOM]
    _link(feed, rel="self", href=document.self_url, type=atom)
    _link(feed, rel="alternate", href=document.page, type="text/html", hreflang=document.language)
    named = (("current", document.current), ("prev-archive", document.previous), ("next-archive", document.following))
    for rel, url in named:
        if url:
            _link(feed, rel=rel, href=url, type=atom)
    if document.hub:
        _link(feed, rel="hub", href=document.hub)


def _entry(entry: _Element, item: Item) -> None:
    _add(entry, "id", item.tag)
    _text(entry, "title", item.title)
    _add(entry, "published", _stamp(item.published_at))
    _add(entry, "updated", _stamp(item.updated_at))
    _link(entry, rel="alternate", href=item.page, type="text/html")
    for link in item.links:
        _link(entry, rel=link.rel, href=link.href, title=link.title)
    for category in item.categories:
        SubElement(entry, f"{{{ATOM}}}category", term=category.term, scheme=category.scheme, label=category.label)
    _text(entry, "summary", item.summary)
    _add(entry, "content", item.content).set("type", "html")
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
    revision = mark("revision", str(item.number))
    revision.set("kind", item.kind.value)
    revision.set("href", item.revision_page)


# --- elements ---------------------------------------------------------------------------------------------------


def _add(parent: _Element, name: str, text: str) -> _Element:
    element = SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _text(parent: _Element, name: str, text: str) -> None:
    """A text construct. One that looks like markup is text: say so, by escaping it as HTML (RFC 4287 3.1.1.2)."""
    element = _add(parent, name, text)
    if looks_like_markup(text) or any(sign in text for sign in "<>&"):
        element.set("type", "html")
        element.text = html.escape(text, quote=False)


def _link(parent: _Element, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", attributes)


def _stamp(at: datetime) -> str:
    return at.isoformat()


def _written(feed: _Element) -> bytes:
    return tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)


# --- the feed of a saved filter -----------------------------------------------------------------------------------


def render_candidates(site: Site, candidates: Sequence[Candidate], *, name: str, path: str, made_at: datetime) -> bytes:
    """The feed of a saved filter, for those who work here: what waits inside, in the order given.

    It is no publication, so its ids are its addresses; `made_at` is the time of a feed in which nothing is yet.
    """
    feed = Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set(_LANG, site.language)
    _add(feed, "id", site.url(path))
    _text(feed, "title", clean_line(f"{site.name}: {name}"))
    _text(feed, "subtitle", "What waits in the newsroom: not for publication")
    _add(feed, "updated", _stamp(max((c.grown_at for c in candidates), default=made_at)))
    _add(SubElement(feed, f"{{{ATOM}}}author"), "name", clean_line(site.name))
    _link(feed, rel="self", href=site.url(path), type=MEDIA_TYPES[FeedFormat.ATOM])
    _add(feed, "generator", "Monitor")
    names = {p.id: p.name for p in site.providers}
    for candidate in candidates:
        _waiting(SubElement(feed, f"{{{ATOM}}}entry"), site, candidate, names)
    return _written(feed)


def _waiting(entry: _Element, site: Site, candidate: Candidate, names: Mapping[str, str]) -> None:
    page = site.url(f"/desk/candidates/{candidate.id}")
    told = f"{count_of_sources(candidate.source_count)}, {candidate.article_count} articles"
    named = ", ".join(names.get(p, p) for p in candidate.providers)
    reasons = ", ".join(f"{cue.name} {cue.weight:+.1f}" for cue in candidate.cues)
    _add(entry, "id", page)
    _text(entry, "title", clean_line(candidate.title) or f"Candidate {candidate.id}")
    _add(entry, "published", _stamp(candidate.opened_at))
    _add(entry, "updated", _stamp(candidate.grown_at))
    _link(entry, rel="alternate", href=page, type="text/html")
    said = "\n".join(f"<p>{html.escape(clean_line(words))}</p>" for words in (told, named, reasons) if words)
    _add(entry, "content", said).set("type", "html")
