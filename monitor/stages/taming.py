"""The text of a feed before a parser sees it: refused where it is none or could harm (H8, H18), else made harmless.

What comes out has no entity declarations that could grow or fetch (H8), no illegal characters (H11), no name long
enough to cost quadratic time (H9), and at most MAX_ENTRIES entries (H13).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html.entities import html5

from monitor.model import Failure, Unparsable
from monitor.stages.canonical import NAME_LIMIT, cut
from monitor.stages.dates import read_date
from monitor.stages.entry import MAX_ENTRIES, plain_title

DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
START = re.compile(r"<(?:\?xml|!DOCTYPE|!--|(?:\w+:)?(?:rss|rdf|feed|channel)\b)", re.IGNORECASE)
LONG_NAME = re.compile(
    r"(<(?:\w+:)?(?:author|creator|contributor|managingEditor|webMaster|owner|publisher|name|email)\b[^>]{0,200}>"
    rf"(?:<!\[CDATA\[)?[^<\]]{{{NAME_LIMIT}}})[^<\]]+"
)

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
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL)
_HTML_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_ENTRY_START = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRY_DATE = re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|modified|issued|date)>([^<]{4,80})<")


def refuse(text: str) -> Unparsable | None:
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


def tame(text: str) -> tuple[str, list[str], bool]:
    """Well-formed where that is cheap, and never costly to parse; notes on limits, and whether it was mended."""
    notes: list[str] = []
    start = START.search(text)
    served = DECLARATION.sub("", text[start.start() :] if start else text, count=1)
    tamed = _mend_references(_ILLEGAL.sub("", served))
    is_mended = tamed != served or (start is not None and start.start() > 0)
    tamed, shortened = LONG_NAME.subn(lambda m: re.sub(r"&[^;]*$", "", m[1]), tamed)
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
        point = int(digits, 16 if found["hex"] else 10) if len(digits.lstrip("0")) < 9 else 0
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


def _date_after(text: str, at: int) -> datetime | None:
    found = _ENTRY_DATE.search(text, at, at + 100_000)
    return read_date(found[1]) if found else None
