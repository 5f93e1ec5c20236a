"""HTML bytes → a tree, within limits: for what reads lists of links. Only in a worker: lxml takes one thread (H27)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.stages.canonical import clean_line, clean_text, openable_url
from monitor.stages.charset import decode

TREE_LIMIT = 2_000_000  # characters that are read of a page, scripts and styles apart
_HEAVY = re.compile(
    r"<(style|svg|noscript|template)\b.*?</\1\s*>|<script\b.*?</script\s*>|\bdata:[a-z]+/[^\"')\s]{200,}",
    re.IGNORECASE | re.DOTALL,
)
_TIGHT = frozenset({"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "s", "strong", "sub", "sup", "u"})
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg"})


def read_tree(body: bytes, content_type: str | None = None) -> tuple[HtmlElement | None, tuple[str, ...]]:
    """The page's tree without scripts and styles, or None where there is no markup; and notes on limits."""
    text, note = decode(body, content_type)
    notes = [note] if note else []
    light = _HEAVY.sub(" ", clean_text(text))
    if len(light) > TREE_LIMIT:
        light = light[:TREE_LIMIT]
        notes.append(f"of the page only {TREE_LIMIT} characters were read")
    parser = HTMLParser(
        encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
    )
    try:
        return document_fromstring(light.encode(), parser=parser), tuple(notes)
    except (etree.LxmlError, ValueError):
        return None, tuple(notes)


def base_of(tree: HtmlElement, url: str) -> str:
    """What the page's links are relative to: <base href>, or the page's own address."""
    for base in tree.iter("base"):
        return openable_url(base.get("href"), url) or url
    return url


def text_of(element: HtmlElement, limit: int = 2_000) -> str:
    """The element's visible text on one line; words in different elements are parted, unless they are one word."""
    parts: list[str] = []
    length = 0
    for piece, is_tight in _texts(element):
        parts.append(piece if is_tight else f" {piece}")
        length += len(piece)
        if length >= limit:
            break
    return clean_line("".join(parts))[:limit]


def _texts(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The texts within the element in order, and whether each follows the one before without a break."""
    if element.tag not in _UNREAD and element.text:
        yield element.text, False
    for child in element:
        if isinstance(child.tag, str):
            is_tight = child.tag in _TIGHT
            for place, (text, tight) in enumerate(_texts(child)):
                yield text, is_tight if place == 0 else tight
        else:
            is_tight = True
        if child.tail:
            yield child.tail, is_tight


def pieces_of(element: HtmlElement, limit: int = 2_000) -> Iterator[str]:
    """The texts within the element, one by one, until `limit` characters were given."""
    left = limit
    for part in element.iter():
        if not isinstance(part.tag, str):
            continue
        for text in (part.text if part.tag not in _UNREAD else None, part.tail if part is not element else None):
            if text and (piece := text.strip()):
                yield piece[:left]
                left -= len(piece)
                if left <= 0:
                    return
