"""A page without a feed → entries: its links, found by a CSS selector, one entry for each address.

Titles and dates are those that stand on this page; those of the page behind a link win once it is read. Runs only in a
worker that can be killed: a selector comes from a person, and may cost more than anybody meant.
"""

from __future__ import annotations

import re

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.model import Failure, ParsedFeed, Unparsable
from monitor.stages.canonical import TITLE_LIMIT, clean_line, cut
from monitor.stages.card import Item, Listing, entry_of
from monitor.stages.entry import MAX_ENTRIES, limit_notes
from monitor.stages.proposals import propose, propose_selectors
from monitor.stages.tree import read_tree, text_of

__all__ = ["SELECTOR_LIMIT", "check_selector", "propose_selectors", "read_listing"]

SELECTOR_LIMIT = 500  # characters
_MOST_STEPS = 20  # combinators and conditions: each can multiply the work
_STEP = re.compile(r"[>+~,]|\s+(?=[^\s>+~,])|:(?:not|has|is|where|matches|contains)\(", re.IGNORECASE)
_LITERAL = re.compile(r""""[^"]*"|'[^']*'""")


def read_listing(
    body: bytes, *, url: str, selector: str | None = None, content_type: str | None = None
) -> ParsedFeed | Unparsable:
    """The entries that `selector` finds on the page at `url`; where it is None, those that the best proposal finds.

    A page that lists nothing gives no entries and a note that says why: whether something was lost is judged by what
    was there before.
    """
    if refusal := _refuse(body, content_type):
        return refusal
    if selector is not None and (fault := check_selector(selector)):
        return Unparsable(kind=Failure.UNPARSABLE, detail=fault)
    tree, notes = read_tree(body, content_type)
    if tree is None:
        return Unparsable(kind=Failure.NOT_A_FEED, detail="not a page with links: it has no markup")
    listing = Listing(tree, url)
    used = selector or next((proposal.selector for proposal in propose(listing)), None)
    items, said = _items(listing, used)
    made = [entry_of(item) for item in items[:MAX_ENTRIES]]
    limits = limit_notes([name for _, names in made for name in names])
    if len(items) > MAX_ENTRIES:
        limits = (f"{len(items)} links: only the first {MAX_ENTRIES} were read", *limits)
    return ParsedFeed(
        format="page",
        title=_page_title(tree),
        entries=tuple(entry for entry, _ in made),
        language=_language(tree),
        notes=(*notes, *said, *limits),
    )


def check_selector(selector: str) -> str | None:
    """What is wrong with a selector, in a sentence; None where it can be used."""
    if not selector.strip():
        return "the selector is empty"
    if len(selector) > SELECTOR_LIMIT:
        return f"the selector has {len(selector)} characters; {SELECTOR_LIMIT} are the limit"
    if len(_STEP.findall(_LITERAL.sub("", selector.strip()))) > _MOST_STEPS:
        return f"the selector has over {_MOST_STEPS} steps and conditions: a shorter one does"
    try:
        CSSSelector(selector, translator="html")(etree.Element("a"))  # a prefix that means nothing shows only in use
    except (SelectorError, etree.XPathError, SyntaxError, ValueError, RecursionError) as error:
        return f"the selector {cut(clean_line(selector), 80)} cannot be used: {cut(clean_line(str(error)), 200)}"
    return None


# --- the page ---------------------------------------------------------------------------------------------------


def _refuse(body: bytes, content_type: str | None) -> Unparsable | None:
    if not body.strip():
        return Unparsable(kind=Failure.NOT_A_FEED, detail="not a page with links: the body is empty")
    kind = (content_type or "").partition(";")[0].strip().lower()
    head = body[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_markup = b"<" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if kind.startswith(("image/", "audio/", "video/", "font/", "application/pdf")) or body.startswith(b"%PDF"):
        return Unparsable(
            kind=Failure.NOT_A_FEED, detail=f"not a page with links: a file ({kind or 'no content type'})"
        )
    if not is_markup:
        return Unparsable(kind=Failure.NOT_A_FEED, detail="not a page with links: it has no markup")
    return None


def _items(listing: Listing, selector: str | None) -> tuple[list[Item], tuple[str, ...]]:
    if selector is None:
        return [], (_no_list(listing),)
    found: list[HtmlElement] = CSSSelector(selector, translator="html")(listing.tree)
    items = listing.read(found)
    said = cut(clean_line(selector), 80)
    if not found:
        return [], (f"the selector {said} finds nothing on the page",)
    if not items:
        return [], (f"the selector {said} finds {len(found)} elements, but no link to another page",)
    return items, ()


def _no_list(listing: Listing) -> str:
    links = sum(1 for link in listing.tree.iter("a") if link.get("href"))
    if links < 3:
        return "the page names no articles: its links may appear only once scripts have run, which Monitor does not do"
    return f"none of the page's {links} links look like a list of articles; a selector of your own may find it"


def _page_title(tree: HtmlElement) -> str:
    title = next(tree.iter("title"), None)
    return "" if title is None else cut(text_of(title, 2 * TITLE_LIMIT), TITLE_LIMIT)


def _language(tree: HtmlElement) -> str | None:
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*", (tree.get("lang") or "").strip())
    return found[0].replace("_", "-")[:35] if found else None
