"""One link of a listing → its title and date, from the link itself and from the card that it stands in.

A card is the largest part of the page that no other link of the listing shares: a list item, a table row, an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from monitor.model import Entry
from monitor.stages.canonical import canonical_url, clean_line, cut, fragment_of, openable_url, untracked_url
from monitor.stages.dates import read_date
from monitor.stages.entry import RawEntry, make_entry
from monitor.stages.tree import base_of, pieces_of, text_of

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MOST_ELEMENTS = 5_000  # of a page that are looked at
SECTION_LIMIT = 200_000  # characters of one section of a changelog

_HIGHEST = 7  # levels from a link to the top of its card
_NEVER_CARDS = frozenset(
    {"html", "body", "main", "ul", "ol", "dl", "table", "tbody", "thead", "nav", "header", "footer", "aside"}
)
_BLOCKS = ("div", "p", "li", "section", "article", "dd", "td", "time")
_TITLE_CLASS = re.compile(r"(?:^|[-_\s])(?:title|headline|heading|hed|subject)(?:$|[-_\s\d])", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:read|learn|see|find out|view|show|discover|load)?\s*(?:the\s+)?(?:full\s+)?(?:more|details?|article|story|post"
    r"|announcement|release|all|here|now)?(?:\s+(?:about\s+)?(?:this|it|more|article|story))?"
    r"|continue(?: reading)?|mehr(?: lesen| erfahren)?|weiter(?:lesen)?|zum artikel|lire (?:la suite|plus|l['’]article)"
    r"|en savoir plus|leer más|saber más|leggi(?: tutto| di più)?|scopri di più"
    r"|lees (?:meer|verder)|ler mais|saiba mais"
    r"|läs mer|les mer|læs mere|czytaj (?:więcej|dalej)|link|permalink|#|¶|§|🔗",
    re.IGNORECASE,
)
_ARROWS = re.compile(r"(?:[\s→»›↗❯▸•·|]|(?<=\s)>)+$")
_PERMALINK = re.compile(r"\s*(?:[#¶§🔗]|(?:direct |perma)?link to (?:this )?(?:section|heading)?.*)\s*$", re.IGNORECASE)
_MONTH = r"[^\W\d_]{3,12}"
_DATE = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}\S*)?"
    rf"|(?P<y>\d{{4}})(?:[./]|\s?[年년]\s?)(?P<m>\d{{1,2}})(?:[./]|\s?[月월]\s?)(?P<d>\d{{1,2}})(?:\s?[日일])?"
    rf"|(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er)?[.\s-]\s?(?:de |of )?{_MONTH}\.?,?[\s-](?:de |del )?\d{{4}}"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}",
)
_VERSION = re.compile(r"\b(?:v|version|release|build)?\s?\d+(?:\.\d+){1,3}\S*", re.IGNORECASE)
_BLANK = re.compile(r"[\s\W_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a listing, as found."""

    key: str  # by which it is known: two spellings of one address are one
    url: str
    title: str
    rank: int  # how sure the title is: 3 a heading, 2 the link's own words, 1 a label, 0 whatever there was
    published: str | None = None
    published_at: datetime | None = None
    is_section: bool = False  # of this very page
    content: str | None = None  # of a section, as HTML


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an element leads."""

    element: HtmlElement  # the link, or the heading of a section
    url: str
    key: str
    section: HtmlElement | None = None  # of this page


class Listing:
    """A page whose links are read; `url` is where it was answered."""

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self.tree = tree
        self.url = url.partition("#")[0]
        self.base = base_of(tree, url)
        self.key = canonical_url(self.url) or self.url
        self._places: dict[str, HtmlElement] | None = None

    def spot(self, element: HtmlElement) -> Spot | None:
        """Where `element` leads: its own link, one within it, one around it, or the section that it heads."""
        inner = [element, *element.iter("a")] if element.tag != "a" else [element]
        outer = list(element.iterancestors("a"))[:1]
        candidates = [link for link in (*inner, *outer) if link.tag == "a" and link.get("href")]
        away = (self._away(link) for link in candidates[:20])
        if found := next((spot for spot in away if spot is not None), None):
            return found
        return self._within(element, candidates)

    def read(self, elements: Sequence[HtmlElement]) -> list[Item]:
        """What the elements lead to, each address once, in the order of the page."""
        spots = [spot for spot in map(self.spot, elements[:MOST_ELEMENTS]) if spot is not None]
        cards = _Cards(spots)
        items: dict[str, Item] = {}
        for spot in spots:
            item = _section_item(spot, spots) if spot.section is not None else _item(spot, cards.of(spot))
            before = items.get(item.key)
            if before is None or before.rank < item.rank:
                items[item.key] = item if before is None else _with_date(item, before)
            elif before.published is None:
                items[item.key] = _with_date(before, item)
        return list(items.values())

    def _away(self, link: HtmlElement) -> Spot | None:
        """A page other than this one."""
        href = (link.get("href") or "").strip()
        if not href or href.startswith("#"):
            return None
        url = openable_url(href, self.base)
        key = canonical_url(url) if url else None
        if url is None or key is None or key == self.key:
            return None
        return Spot(link, untracked_url(url), key)

    def _within(self, element: HtmlElement, links: Sequence[HtmlElement]) -> Spot | None:
        """A section of this page, by the element's own id or by a link to it; one that has something to say."""
        names = [element.get("id")]
        for link in links:
            url = openable_url((link.get("href") or "").strip(), self.base)
            if url and canonical_url(url.partition("#")[0]) == self.key:
                names.append(fragment_of(url))
        names += [child.get("id") or child.get("name") for child in element.iter("a", *HEADINGS)][:3]
        for name in filter(None, names):
            target = self._place(name)
            heading = _heading_of(target) if target is not None else None
            if heading is not None:
                return Spot(heading, f"{self.url}#{name}", f"{self.key}#{name}", section=target)
        return None

    def _place(self, name: str) -> HtmlElement | None:
        if self._places is None:
            self._places = {}
            for element in self.tree.iter():
                if isinstance(element.tag, str) and (own := element.get("id") or element.get("name")):
                    self._places.setdefault(own, element)
        return self._places.get(name)


class _Cards:
    """Which part of the page belongs to which link alone."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self._owner: dict[HtmlElement, str | None] = {}  # None: shared
        for spot in spots:
            for element in (spot.element, *spot.element.iterancestors()):
                if element not in self._owner:
                    self._owner[element] = spot.key
                elif self._owner[element] == spot.key or self._owner[element] is None:
                    break
                else:
                    self._owner[element] = None

    def of(self, spot: Spot) -> HtmlElement:
        card = spot.element
        for level, element in enumerate(spot.element.iterancestors()):
            if level >= _HIGHEST or element.tag in _NEVER_CARDS or self._owner.get(element) != spot.key:
                break
            card = element
        return card


def entry_of(item: Item) -> tuple[Entry, tuple[str, ...]]:
    """The item as an entry, known by its address: other words for the same link make nothing new. And the limits."""
    raw = RawEntry(guid=item.key, links=[item.url], title=item.title, published=item.published, content=item.content)
    entry, limits = make_entry(raw, base=item.url)
    return replace(entry, published_at=item.published_at), limits


# --- titles -----------------------------------------------------------------------------------------------------


def _item(spot: Spot, card: HtmlElement) -> Item:
    title, rank = title_of(spot.element, card)
    claim, published_at = date_of(card)
    return Item(key=spot.key, url=spot.url, title=title, rank=rank, published=claim, published_at=published_at)


def _with_date(item: Item, other: Item) -> Item:
    if item.published is not None or other.published is None:
        return item
    return replace(item, published=other.published, published_at=other.published_at)


def title_of(link: HtmlElement, card: HtmlElement) -> tuple[str, int]:
    """The best name for what the link leads to, and how sure it is."""
    for heading in _headings(link):
        return heading, 3
    own = _plain(text_of(link, 600))
    if (around := next(link.iterancestors(*HEADINGS), None)) is not None and is_headline(own):
        return (_plain(text_of(around, 600)) if len(own) < 8 else own), 3
    if (len(own) > 160 or _DATE.search(own) or next(link.iter(*_BLOCKS), None) is not None) and (
        block := _first_block(link)
    ):
        return block, 2
    if is_headline(own):
        return own, 2
    for heading in _headings(card):
        return heading, 3
    labels = [link.get("aria-label"), link.get("title"), *(image.get("alt") for image in card.iter("img"))]
    for label in labels:
        if label and is_headline(said := _plain(clean_line(label))):
            return said, 1
    return own if _GENERIC.fullmatch(own) is None else "", 0


def is_headline(text: str) -> bool:
    """Whether it can name an article: words, and not those of a button or a date."""
    if len(text) < 3 or _GENERIC.fullmatch(text) or _BLANK.fullmatch(_DATE.sub("", text)):
        return False
    return any(c.isalpha() for c in text)


def _headings(element: HtmlElement) -> Iterator[str]:
    """The texts of headings within, or of what is marked as one."""
    for heading in element.iter(*HEADINGS):
        if is_headline(text := _plain(text_of(heading, 600))):
            yield text
    for part in element.iter():
        if isinstance(part.tag, str) and part is not element and _TITLE_CLASS.search(part.get("class") or ""):
            text = _plain(text_of(part, 600))
            if is_headline(text) and len(text) <= 300:
                yield text


def _first_block(link: HtmlElement) -> str | None:
    """Of a link that wraps a whole card: its first words that are a sentence rather than a label."""
    pieces = [piece for piece in map(_plain, pieces_of(link)) if is_headline(piece)]
    return next((piece for piece in pieces if len(piece.split()) >= 3), pieces[0] if pieces else None)


def _plain(text: str) -> str:
    return _ARROWS.sub("", clean_line(text)).strip()


# --- dates ------------------------------------------------------------------------------------------------------


def date_of(card: HtmlElement) -> tuple[str | None, datetime | None]:
    """The date that stands in the card or right before it, as served, and read."""
    claims = (*_marked_dates(card), *_written_dates(card), *_dates_before(card))
    return next(claims_read(claims), (None, None))


def claims_read(claims: Iterable[str | None]) -> Iterator[tuple[str, datetime]]:
    """Those of the claims that can be read."""
    for claim in claims:
        if claim and (read := read_written_date(claim)) is not None:
            found = _DATE.search(claim)
            is_more = found is not None and len(claim.strip()) - len(found[0]) > 12  # than a date and its time of day
            yield cut(clean_line(found[0] if found is not None and is_more else claim), 100), read


def read_written_date(claim: str) -> datetime | None:
    """A date as people write it, and as `read_date` reads it; also 12.11.2026, which only means one thing."""
    found = _DATE.search(claim)
    if found is None:
        return read_date(claim) if re.fullmatch(r"\d{10}|\d{13}", claim.strip()) else None
    year, month, day = found["year"] or found["y"], found["month"] or found["m"], found["day"] or found["d"]
    if year:
        return read_date(f"{year}-{int(month):02}-{int(day):02}")
    is_all = found.end() - found.start() > len(claim.strip()) - 3
    return read_date((claim if is_all else found[0]).replace(" of ", " "))


def _marked_dates(card: HtmlElement) -> Iterator[str | None]:
    for time in card.iter("time"):
        yield time.get("datetime")
        yield text_of(time, 100)
    for part in card.iter():
        if isinstance(part.tag, str) and (part.get("itemprop") or "") == "datePublished":
            yield part.get("content") or part.get("datetime") or text_of(part, 100)


def _written_dates(element: HtmlElement) -> Iterator[str]:
    """Texts that are little more than a date: one within a headline is no claim."""
    for piece in pieces_of(element, 4_000):
        found = _DATE.search(piece[:200])
        if found and (found.end() - found.start()) * 2 >= len(piece):
            yield piece


def _dates_before(card: HtmlElement) -> Iterator[str]:
    """A definition list's term, or the heading of a day."""
    for element in (card, card.getparent()):
        before = element.getprevious() if element is not None else None
        if before is not None and before.tag in ("dt", "time", "p", "span", "div", *HEADINGS):
            text = text_of(before, 200)
            if _DATE.search(text) and len(text) <= 60:
                yield text


# --- sections of a changelog ------------------------------------------------------------------------------------


def is_release(heading: str) -> bool:
    """Whether a heading names a version or a day."""
    return bool(_DATE.search(heading) or _VERSION.search(heading))


def _heading_of(target: HtmlElement) -> HtmlElement | None:
    """The heading of the section that a fragment leads to: itself, within it, around it, or right behind it."""
    if target.tag in HEADINGS:
        return target
    inside = next(target.iter(*HEADINGS), None)
    if inside is not None and target.tag not in ("body", "main"):
        return inside
    around = next(target.iterancestors(*HEADINGS), None)
    if around is not None:
        return around
    behind = target.getnext()
    return behind if behind is not None and behind.tag in HEADINGS and not text_of(target, 10) else None


def _section_item(spot: Spot, spots: Sequence[Spot]) -> Item:
    heading = spot.element
    others = {other.element for other in spots if other.element is not heading}
    parts = _section_parts(heading, others)
    said = cut(" ".join(text_of(part, 300) for part in parts[:3]), 300)
    title = _PERMALINK.sub("", _plain(text_of(heading, 600)))
    claim, published_at = next(claims_read([title]), (None, None))
    if claim is None:
        found = next(claims_read(_date_beside(heading, parts)), None)
        claim, published_at = found if found is not None else (None, None)
    content = "".join(etree.tostring(part, encoding="unicode", method="html") for part in parts)
    is_bare = _BLANK.fullmatch(_VERSION.sub("", _DATE.sub("", title))) is not None
    return Item(
        key=spot.key,
        url=spot.url,
        title=cut(f"{title}: {said}", 120) if is_bare and said else title,
        rank=3,
        published=claim,
        published_at=published_at,
        is_section=True,
        content=cut(content, SECTION_LIMIT) or None,
    )


def _date_beside(heading: HtmlElement, parts: Sequence[HtmlElement]) -> Iterator[str | None]:
    for part in (heading, *parts[:2]):
        yield from _marked_dates(part)
        yield from _written_dates(part)
    yield from _dates_before(heading)


def _section_parts(heading: HtmlElement, others: set[HtmlElement]) -> list[HtmlElement]:
    """What stands under the heading, up to the next heading of its rank or of the listing."""
    top, mixed = heading, {ancestor for other in others for ancestor in (other, *other.iterancestors())}
    while (parent := top.getparent()) is not None and parent not in mixed and parent.tag not in ("body", "main"):
        top = parent
    line = {heading, *heading.iterancestors()} - {top, *top.iterancestors()} | {top}
    inside = [part for each in line for part in each if isinstance(part.tag, str) and part not in line]
    beside = " ".join(text_of(part, 100) for part in inside)
    if top is not heading and _GENERIC.fullmatch(beside) is None and _BLANK.fullmatch(beside) is None:
        return inside
    return list(_followers(top, mixed, str(heading.tag)))


def _followers(top: HtmlElement, mixed: set[HtmlElement], rank: str) -> Iterator[HtmlElement]:
    for sibling in top.itersiblings():
        if sibling in mixed or (sibling.tag in HEADINGS and sibling.tag <= rank):
            return
        if isinstance(sibling.tag, str):
            yield sibling
