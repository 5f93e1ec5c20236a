"""Feed bytes → entries: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0 by feedparser; JSON Feed by `jsonfeed`.

feedparser gets text that is decoded (`charset`) and tamed: no entity declarations that could grow or fetch (H8), no
illegal characters (H11), no name long enough to cost quadratic time (H9), at most MAX_ENTRIES entries (H13). Even so it
runs only in a worker process that can be killed (H27).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import timedelta
from html.entities import html5
from typing import Any

import feedparser

from monitor.model import Failure, Hints, ParsedFeed, Unparsable
from monitor.stages.canonical import NAME_LIMIT, TITLE_LIMIT, cut, openable_url
from monitor.stages.charset import decode
from monitor.stages.dates import read_date
from monitor.stages.entry import MAX_ENTRIES, RawEntry, limit_notes, make_entry, plain_title
from monitor.stages.feed import feed_id, feed_links
from monitor.stages.jsonfeed import read_json_feed

__all__ = ["MAX_ENTRIES", "parse_feed"]

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([^>]*)>?", re.IGNORECASE)
_PLAIN_ENTITY = re.compile(r"""[\w.\-:]+\s+(?:"[^"&%<]{0,60}"|'[^'&%<]{0,60}'|"&#\w{1,8};"|'&#\w{1,8};')\s*""")
_MAX_ENTITIES = 300  # HTML declares 253
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]+)|(?P<digits>[0-9]+));?|(?P<name>[\w.\-:]{1,40});)?")
_SUBSET = re.compile(r"(<!DOCTYPE[^<>\[]{0,1000})\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\]", re.IGNORECASE)
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")
_DEEPEST = 1_000  # levels; a feed has a dozen
_START = re.compile(r"<(?:\?xml|!DOCTYPE|!--|(?:\w+:)?(?:rss|rdf|feed|channel)\b)", re.IGNORECASE)
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL)
_HTML_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_LONG_NAME = re.compile(
    r"(<(?:\w+:)?(?:author|creator|contributor|managingEditor|webMaster|owner|publisher|name|email)\b[^>]{0,200}>"
    rf"(?:<!\[CDATA\[)?[^<\]]{{{NAME_LIMIT}}})[^<\]]+"
)
_ENTRY_START = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRY_DATE = re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|modified|issued|date)>([^<]{4,80})<")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8_760}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_HINT = timedelta(days=31)  # beyond it a wish is nonsense (P10)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed | Unparsable:
    """The feed in `body`, which was answered at `url`; or why it is none. Reads what can be read (H25)."""
    text, note = decode(body, content_type)
    text = text.lstrip("\ufeff \t\r\n\x00")
    if refusal := _refuse(text):
        return refusal
    if text[0] in "{[\"'" or text[:5].strip() in ("null", "true", "false"):
        return read_json_feed(text, url=url)
    tamed, limits, is_mended = _tame(text)
    document = feedparser.parse(
        io.BytesIO(tamed.encode()),  # never a string: feedparser would open one that names a file or a URL
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    notes = (*([note] if note else []), *limits)
    return _feed(document, text=tamed, url=url, notes=notes, is_damaged=note is not None or is_mended)


# --- before the parser ------------------------------------------------------------------------------------------


def _refuse(text: str) -> Unparsable | None:
    """What is no feed (H18), and what must not reach a parser (H8)."""
    if not text.strip():
        return Unparsable(kind=Failure.NOT_A_FEED, detail="not a feed: the body is empty")
    if _HTML.match(text[:20_000]):
        found = _HTML_TITLE.search(text[:100_000])
        title = f" titled “{cut(plain_title(found[1]), 80)}”" if found else ""
        return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a feed: an HTML page{title}")
    if _DOCTYPE.search(text[:100_000]) or "<!ENTITY" in text:
        declared = _ENTITY.findall(text)
        if len(declared) > _MAX_ENTITIES or not all(_PLAIN_ENTITY.fullmatch(d) for d in declared):
            return Unparsable(
                kind=Failure.UNPARSABLE, detail="refused: the document declares entities that can grow or fetch"
            )
        if len(declared) * text.count("&") > 1_000_000:
            return Unparsable(kind=Failure.UNPARSABLE, detail="refused: the document uses too many entities")
    if _depth(text) > _DEEPEST:
        return Unparsable(kind=Failure.UNPARSABLE, detail=f"refused: nested deeper than {_DEEPEST} levels")
    return None


def _depth(text: str) -> int:
    """How deep the elements of `text` are nested, CDATA apart."""
    depth = deepest = 0
    for markup in _CDATA.split(text)[::2]:
        for tag in _TAG.finditer(markup):
            if tag[1]:
                depth = max(0, depth - 1)
            elif not tag[2]:
                depth += 1
                deepest = max(deepest, depth)
    return deepest


def _tame(text: str) -> tuple[str, list[str], bool]:
    """Well-formed where that is cheap, and never costly to parse; notes on limits, and whether it was mended."""
    notes: list[str] = []
    start = _START.search(text)
    served = _DECLARATION.sub("", text[start.start() :] if start else text, count=1)
    tamed = _mend_references(_ILLEGAL.sub("", served))
    is_mended = tamed != served or (start is not None and start.start() > 0)
    tamed, shortened = _LONG_NAME.subn(lambda m: re.sub(r"&[^;]*$", "", m[1]), tamed)
    if shortened:
        notes.append(f"{shortened} names cut to {NAME_LIMIT} characters")
    starts = [m.start() for m in _ENTRY_START.finditer(tamed)]
    if len(starts) > MAX_ENTRIES:
        notes.append(f"{len(starts)} entries: only the {MAX_ENTRIES} newest were read")
        tamed = _newest(tamed, starts)
    return tamed, notes, is_mended


def _mend_references(text: str) -> str:
    """Every `&` outside CDATA becomes a reference that XML knows; characters that XML forbids go (H11)."""
    declared = dict(re.findall(r"""<!ENTITY\s+([\w.\-:]+)\s+["']([^"']*)["']""", text))
    parts = _CDATA.split(_SUBSET.sub(r"\1", text, count=1) if declared else text)
    parts[::2] = [_REFERENCE.sub(lambda m: _reference(m, declared), part) for part in parts[::2]]
    return "".join(parts)


def _reference(found: re.Match[str], declared: Mapping[str, str]) -> str:
    if digits := found["hex"] or found["digits"]:
        point = int(digits, 16 if found["hex"] else 10) if len(digits) < 9 else 0
        legal = point in (9, 10, 13) or 32 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0x10000 <= point < 0x110000
        return found[0] if legal and found[0].endswith(";") else f"&#{point};" if legal else ""
    name = found["name"]
    if name is None:
        return "&amp;"
    if name in _PREDEFINED:
        return found[0]
    if name in declared:
        return declared[name]
    known = html5.get(name + ";")
    return "".join(f"&#{ord(c)};" for c in known) if known else f"&amp;{found[0][1:]}"


def _newest(text: str, starts: list[int]) -> str:
    """The document with MAX_ENTRIES of its entries: the last ones where its dates ascend, else the first."""
    first, last = (_date_after(text, at) for at in (starts[0], starts[-1]))
    if first is not None and last is not None and last > first:
        return text[: starts[0]] + text[starts[-MAX_ENTRIES] :]
    closing = re.search(r"(</[^<>]{1,40}>\s*){1,2}$", text)
    return text[: starts[MAX_ENTRIES]] + (closing[0] if closing else "")


def _date_after(text: str, at: int) -> Any:
    found = _ENTRY_DATE.search(text, at, at + 100_000)
    return read_date(found[1]) if found else None


# --- after the parser -------------------------------------------------------------------------------------------


def _feed(
    document: Mapping[str, Any], *, text: str, url: str, notes: tuple[str, ...], is_damaged: bool
) -> ParsedFeed | Unparsable:
    feed, items = document["feed"], document["entries"]
    version = document.get("version") or ""
    if not version and not items:
        return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a feed: {_complaint(document) or 'unknown format'}")
    base = url if version.startswith("atom") else openable_url(_raw(feed, "link"), url) or url
    language = _raw(feed, "language")
    made = [make_entry(_entry(item, language), base=base) for item in items[:MAX_ENTRIES]]
    links = feed_links([(link.get("rel"), link.get("href")) for link in _raw(feed, "links") or ()], url=url)
    complaint = _complaint(document)
    limits = limit_notes([name for _, names in made for name in names])
    return ParsedFeed(
        format=version or "xml",
        title=cut(plain_title(_raw(feed, "title") or ""), TITLE_LIMIT),
        entries=tuple(entry for entry, _ in made),
        language=language,
        id=feed_id(_raw(feed, "id") if version.startswith("atom") else None, _raw(feed, "link"), links, url=url),
        links=links,
        hints=_hints(feed, text),
        is_malformed=complaint is not None or is_damaged,
        notes=(*notes, *limits, *([complaint] if complaint else [])),
    )


def _entry(item: Mapping[str, Any], language: str | None) -> RawEntry:
    content = _content(item)
    detail = _raw(item, "title_detail")
    return RawEntry(
        guid=_raw(item, "id"),
        links=_links(item),
        title=_raw(item, "title"),
        is_html_title=isinstance(detail, Mapping) and "html" in str(detail.get("type")),
        published=_raw(item, "published"),
        updated=_raw(item, "updated"),
        author=_raw(item, "author"),
        summary=_raw(item, "summary"),
        content=content,
        language=_raw(item, "language") or language,
    )


def _links(item: Mapping[str, Any]) -> list[str | None]:
    """The entry's own link; a guid that says nothing of being relative is no link unless it is absolute (H14)."""
    link, guid = _raw(item, "link"), _raw(item, "id")
    if link is not None and link == guid and openable_url(link) is None:
        link = None
    others = [
        found.get("href")
        for found in _raw(item, "links") or ()
        if found.get("rel") == "alternate" and found.get("href") != guid
    ]
    return [link, *others]


def _content(item: Mapping[str, Any]) -> str | None:
    """The longest content that is text or markup."""
    parts = [part.get("value") or "" for part in _raw(item, "content") or ()]
    return max(parts, key=len, default=None)


def _raw(thing: Mapping[str, Any], name: str) -> Any:
    """The field itself: feedparser's own access fills gaps from other fields, which would make up claims."""
    assert isinstance(thing, dict)
    return dict.get(thing, name)


def _complaint(document: Mapping[str, Any]) -> str | None:
    if not document.get("bozo"):
        return None
    error = document.get("bozo_exception")
    return cut(f"malformed: {type(error).__name__}: {error}", 200)


# --- hints (P10) ------------------------------------------------------------------------------------------------


def _hints(feed: Mapping[str, Any], text: str) -> Hints:
    hours = {int(h) % 24 for h in _listed(text, "skipHours", "hour") if h.isdigit() and int(h) <= 24}
    days = {_DAYS.index(d.lower()) for d in _listed(text, "skipDays", "day") if d.lower() in _DAYS}
    return Hints(
        ttl=_span(_raw(feed, "ttl"), timedelta(minutes=1)),
        update_every=_update_every(_raw(feed, "sy_updateperiod"), _raw(feed, "sy_updatefrequency")),
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def _listed(text: str, outer: str, inner: str) -> list[str]:
    found = re.search(rf"<{outer}>(.{{0,2000}}?)</{outer}>", text[:200_000], re.IGNORECASE | re.DOTALL)
    return re.findall(rf"<{inner}>\s*(\w{{1,12}})\s*</{inner}>", found[1], re.IGNORECASE) if found else []


def _update_every(period: str | None, frequency: str | None) -> timedelta | None:
    """sy:updatePeriod over sy:updateFrequency, which is 1 where it is not said."""
    hours = _PERIODS.get((period or "").strip().lower())
    times = (frequency or "1").strip()
    if hours is None or not times.isdigit() or not 0 < int(times) <= 1_000:
        return None
    return _sane(timedelta(hours=hours) / int(times))


def _span(number: str | None, unit: timedelta) -> timedelta | None:
    digits = (number or "").strip()
    return _sane(int(digits) * unit) if digits.isdigit() and len(digits) < 8 else None


def _sane(span: timedelta) -> timedelta | None:
    return span if timedelta() < span <= _LONGEST_HINT else None
