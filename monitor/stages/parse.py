"""Feed bytes → entries: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed.

What is well formed and holds nothing unusual is read by `xmlfeed`; everything else, and what a reading means, is
feedparser's to say. It gets text that is decoded (`charset`) and tamed (`taming`), and even so runs only in a worker
process that can be killed (H27).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import feedparser

from monitor.model import Failure, ParsedFeed, Unparsable
from monitor.stages.canonical import cut
from monitor.stages.charset import decode
from monitor.stages.entry import MAX_ENTRIES, RawEntry
from monitor.stages.feed import RawFeed, credit_links, entry_links, make_feed
from monitor.stages.jsonfeed import read_json_feed
from monitor.stages.taming import refuse, tame
from monitor.stages.xmlfeed import read_xml_feed

__all__ = ["MAX_ENTRIES", "parse_feed"]

# What feedparser raises where elements stand at places that it does not expect, such as a textInput in an item.
_STUMBLES = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def parse_feed(
    body: bytes, *, url: str, content_type: str | None = None, by_reference: bool = False
) -> ParsedFeed | Unparsable:
    """The feed in `body`, which was answered at `url`; or why it is none. Reads what can be read (H25).

    `by_reference` leaves all XML to feedparser: it must make no difference but to the time that it takes.
    """
    text, note = decode(body, content_type)
    text = text.lstrip("\ufeff \t\r\n\x00")
    if text[:1] in ("{", "[", '"', "'") or text[:5].strip() in ("null", "true", "false"):
        return read_json_feed(text, url=url)
    read = None if by_reference else read_xml_feed
    notes = [note] if note else []
    if read and (found := read(text)):
        return make_feed(found, text=text, url=url, notes=notes, is_malformed=note is not None)
    if refusal := refuse(text):
        return refusal
    tamed, limits, is_mended = tame(text)
    notes += limits
    is_damaged = note is not None or is_mended
    if read and (is_mended or limits) and (found := read(tamed)):
        return make_feed(found, text=tamed, url=url, notes=notes, is_malformed=is_damaged)
    return _read_by_reference(tamed, url=url, notes=notes, is_damaged=is_damaged)


def _read_by_reference(text: str, *, url: str, notes: list[str], is_damaged: bool) -> ParsedFeed | Unparsable:
    try:
        document = feedparser.parse(
            io.BytesIO(text.encode()),  # never a string: feedparser would open one that names a file or a URL
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _STUMBLES as error:
        detail = cut(f"the parser stumbled over it: {type(error).__name__}: {error}", 200)
        return Unparsable(kind=Failure.UNPARSABLE, detail=detail)
    complaint = _complaint(document)
    if not document.get("version") and not document["entries"]:
        return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a feed: {complaint or 'unknown format'}")
    return make_feed(
        _feed(document),
        text=text,
        url=url,
        notes=notes,
        is_malformed=complaint is not None or is_damaged,
        complaint=complaint,
    )


def _feed(document: Mapping[str, Any]) -> RawFeed:
    feed = document["feed"]
    language = _text(feed, "language")
    return RawFeed(
        format=document.get("version") or "xml",
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        id=_text(feed, "id"),
        links=_links(feed),
        language=language,
        ttl=_text(feed, "ttl"),
        update_period=_text(feed, "sy_updateperiod"),
        update_frequency=_text(feed, "sy_updatefrequency"),
        entries=[_entry(item, language) for item in document["entries"][:MAX_ENTRIES]],
    )


def _entry(item: Mapping[str, Any], language: str | None) -> RawEntry:
    link, guid = _text(item, "link"), _text(item, "id")
    return RawEntry(
        guid=guid,
        links=entry_links(link, guid, _links(item)),
        title=_text(item, "title"),
        published=_text(item, "published"),
        updated=_text(item, "updated"),
        author=_text(item, "author"),
        summary=_text(item, "summary"),
        content=_content(item),
        language=_text(item, "language") or language,
        source=_text(item, "dc_source"),
        source_title=_of_source(item, "title"),
        source_url=_of_source(item, "href"),
        relations=credit_links(_links(item)),
    )


def _of_source(item: Mapping[str, Any], name: str) -> str | None:
    """A field of the feed that the entry was taken from."""
    source = _raw(item, "source")
    return _text(source, name) if isinstance(source, dict) else None


def _links(thing: Mapping[str, Any]) -> list[tuple[str | None, str | None]]:
    stated = _raw(thing, "links")
    return [(link.get("rel"), link.get("href")) for link in stated] if isinstance(stated, list) else []


def _content(item: Mapping[str, Any]) -> str | None:
    """The longest content that is text or markup."""
    stated = _raw(item, "content")
    parts = [part.get("value") or "" for part in stated] if isinstance(stated, list) else []
    return max(parts, key=len, default=None)


def _text(thing: Mapping[str, Any], name: str) -> str | None:
    """The field, where it is text: an element that it does not know and that has attributes is none to feedparser."""
    value = _raw(thing, name)
    return value if isinstance(value, str) else None


def _raw(thing: Mapping[str, Any], name: str) -> Any:
    """The field itself: feedparser's own access fills gaps from other fields, which would make up claims."""
    assert isinstance(thing, dict)
    return dict.get(thing, name)


def _complaint(document: Mapping[str, Any]) -> str | None:
    if not document.get("bozo"):
        return None
    error = document.get("bozo_exception")
    return cut(f"malformed: {type(error).__name__}: {error}", 200)
