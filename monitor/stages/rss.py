"""A feed's document → RSS 2.0 bytes, by the profile of its board, with the same wires as Atom and JSON Feed (O8).

A guid is the wire's tag and no address; years have four digits; who wrote it is `dc:creator`, for RSS's own author is
an e-mail address. RSS leaves open whether a title is text or HTML, and programs differ: in one that looks like markup
the brackets become ‹ and ›, which all show alike; Atom and JSON Feed have it to the letter. Signs that XML must escape
are written as `&#x26;` and `&#x3C;`, as the profile wants it.
Links of sources, dates of revisions, archives (RFC 5005, appendix B) and tombstones are Atom's elements.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import partial

from lxml.etree import SubElement, _Element

from monitor.model.feeds import FeedFormat
from monitor.stages.atom import ATOM, HISTORY, TOMBSTONES, add_history, add_marks
from monitor.stages.generator import new_entry, new_feed, write_plainly
from monitor.stages.syndicate import MEDIA_TYPES, NAMESPACE, FeedDocument, Item, inert

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_SPACES: Mapping[str, str] = {
    "dc": DUBLIN_CORE,
    "fh": HISTORY,
    "at": TOMBSTONES,
    "monitor": NAMESPACE,
}


_PLAIN = re.compile(rb"(?:\A|\]\]>).*?(?:<!\[CDATA\[|\Z)", re.DOTALL)  # what is escaped


def render_rss(document: FeedDocument) -> bytes:
    """The document as UTF-8 XML."""
    used = {"dc", "monitor"} if document.items else set()
    used |= {"fh"} if document.current else set()
    used |= {"at"} if document.tombstones else set()
    feed = new_feed(partial(_extend_feed, document=document), spaces={k: v for k, v in _SPACES.items() if k in used})
    feed.title(inert(document.title))
    feed.link(href=document.page, rel="alternate")
    feed.description(document.subtitle)
    feed.language(document.language)
    feed.lastBuildDate(document.updated_at)
    for item in document.items:
        entry = new_entry(feed, partial(_extend_item, item=item, author=document.author))
        entry.title(inert(item.title))
        entry.link(href=item.page, rel="alternate")
        entry.guid(item.tag, permalink=False)
        entry.pubDate(item.published_at)
        entry.category([{"term": category.term, "scheme": category.scheme} for category in item.categories])
        entry.summary(html.escape(item.summary, quote=False))
        entry.content(item.content, type="html")
    written: bytes = feed.rss_str(pretty=True)
    return _PLAIN.sub(lambda m: m[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"), written)


def _extend_feed(channel: _Element, *, document: FeedDocument) -> None:
    _link(channel, rel="self", href=document.self_url, type=MEDIA_TYPES[FeedFormat.RSS])
    named = (("current", document.current), ("prev-archive", document.previous), ("next-archive", document.following))
    for rel, url in named:
        if url:
            _link(channel, rel=rel, href=url, type=MEDIA_TYPES[FeedFormat.RSS])
    if document.hub:
        _link(channel, rel="hub", href=document.hub)
    add_history(channel, document)


def _extend_item(element: _Element, *, item: Item, author: str) -> None:
    for content in element.findall(_CONTENT):
        write_plainly(content)
    SubElement(element, f"{{{ATOM}}}updated").text = item.updated_at.isoformat()
    SubElement(element, f"{{{DUBLIN_CORE}}}creator").text = author
    for link in item.links:
        _link(element, rel=link.rel, href=link.href, title=link.title)
    add_marks(element, item)


def _link(parent: _Element, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", attributes)
