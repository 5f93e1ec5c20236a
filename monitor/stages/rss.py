"""A feed's document → RSS 2.0 bytes, by the profile of its board, with the same wires as Atom and JSON Feed (O8).

A guid is the wire's tag and no address; years have four digits; who wrote it is `dc:creator`, for RSS's own author is
an e-mail address. RSS leaves open whether a title is text or HTML, and programs differ: in one that looks like markup
the brackets become ‹ and ›, which all show alike; Atom and JSON Feed have it to the letter. Signs that XML must escape
are written as `&#x26;` and `&#x3C;`, as the profile wants it.
Links of sources, dates of revisions, archives (RFC 5005, appendix B) and tombstones are Atom's elements.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml.etree import Element, SubElement, _Element, tostring

from monitor.model.feeds import FeedFormat
from monitor.stages.atom import ATOM, HISTORY, TOMBSTONES, add_marks
from monitor.stages.syndicate import MEDIA_TYPES, NAMESPACE, FeedDocument, Item, inert

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DOCS = "https://www.rssboard.org/rss-specification"
_SPACES: Mapping[str, str] = {
    "atom": ATOM,
    "dc": DUBLIN_CORE,
    "content": CONTENT,
    "fh": HISTORY,
    "at": TOMBSTONES,
    "monitor": NAMESPACE,
}


def render_rss(document: FeedDocument) -> bytes:
    """The document as UTF-8 XML."""
    used = {"atom", "dc", "content", "monitor"} if document.items else {"atom"}
    used |= {"fh"} if document.current else set()
    used |= {"at"} if document.tombstones else set()
    rss = Element("rss", nsmap={k: v for k, v in _SPACES.items() if k in used}, version="2.0")
    channel = SubElement(rss, "channel")
    _add(channel, "title", inert(document.title))
    _add(channel, "link", document.page)
    _add(channel, "description", document.subtitle)
    _add(channel, "language", document.language)
    _add(channel, "lastBuildDate", _stamp(document.updated_at))
    _add(channel, "docs", DOCS)
    _add(channel, "generator", "Monitor")
    _links_of_feed(channel, document)
    if document.current:
        SubElement(channel, f"{{{HISTORY}}}archive")
    for grave in document.tombstones:
        buried = SubElement(channel, f"{{{TOMBSTONES}}}deleted-entry", ref=grave.tag, when=grave.at.isoformat())
        SubElement(buried, f"{{{TOMBSTONES}}}comment").text = grave.comment
    for item in document.items:
        _item(SubElement(channel, "item"), item, document.author)
    written = tostring(rss, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _links_of_feed(channel: _Element, document: FeedDocument) -> None:
    _link(channel, rel="self", href=document.self_url, type=MEDIA_TYPES[FeedFormat.RSS])
    named = (("current", document.current), ("prev-archive", document.previous), ("next-archive", document.following))
    for rel, url in named:
        if url:
            _link(channel, rel=rel, href=url, type=MEDIA_TYPES[FeedFormat(url.rpartition(".")[2])])
    if document.hub:
        _link(channel, rel="hub", href=document.hub)


def _item(element: _Element, item: Item, author: str) -> None:
    _add(element, "title", inert(item.title))
    _add(element, "link", item.page)
    _add(element, "guid", item.tag).set("isPermaLink", "false")
    _add(element, "pubDate", _stamp(item.published_at))
    SubElement(element, f"{{{ATOM}}}updated").text = item.updated_at.isoformat()
    SubElement(element, f"{{{DUBLIN_CORE}}}creator").text = author
    for category in item.categories:
        _add(element, "category", category.term).set("domain", category.scheme)
    for link in item.links:
        _link(element, rel=link.rel, href=link.href, title=link.title)
    _add(element, "description", html.escape(item.summary, quote=False))
    SubElement(element, f"{{{CONTENT}}}encoded").text = item.content
    add_marks(element, item)


def _add(parent: _Element, name: str, text: str) -> _Element:
    element = SubElement(parent, name)
    element.text = text
    return element


def _link(parent: _Element, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", attributes)


def _stamp(at: datetime) -> str:
    """RFC 822 with four digits of the year, in UTC."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0))
