"""A page → CSS selectors that find its list of articles, best first.

Every link is judged by where it stands and what it says; every simple selector that some links share is judged by the
links it finds. The best few are then really applied, and judged again by the titles and dates that come of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.model import Proposal
from monitor.stages.canonical import registrable_domain
from monitor.stages.card import HEADINGS, Item, Listing, entry_of, is_headline, is_release
from monitor.stages.tree import read_tree, text_of

MOST_LINKS = 1_500  # of a page that are judged
LEAST = 3  # links that make a list
MOST_PROPOSALS = 5
SAMPLE = 5  # entries shown of each
ENOUGH = 1.5  # of score: below it a selection is not taken for a list of articles

_APPLIED = 30  # selectors that are really tried
_LEVELS = 9  # from a link upwards
_ASIDE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|submenu|footer|breadcrumbs?|sidebar|pagination|pager|social|share|sharing"
    r"|cookies?|consent|skip|toc|lang(?:uage)?s?|authors?|byline|tags?|topics?|filters?|categor(?:y|ies)|related|promo"
    r"|banner|subscribe|newsletter|legal)(?:$|[-_\s])",
    re.IGNORECASE,
)
_ASIDE_ROLES = frozenset({"navigation", "contentinfo", "banner", "menu", "menubar", "search", "dialog"})
_TELLING = re.compile(
    r"news|post|article|story|stories|release|press|blog|entry|entries|item|card|list|title|headline|teaser|update"
    r"|changelog|feed|archive|result|row",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\d{3}|__[A-Za-z0-9]{4,}|^(?:css|sc|jsx?|svelte|astro|v|ng|_)-|[A-Z].*\d|\d.*[A-Z]|[^\w-]"
)  # by a build
_STYLE = re.compile(
    r"^-?(?:m|p|w|h|z|gap|top|left|right|bottom|inset|min|max|mx|my|mt|mb|ml|mr|px|py|pt|pb|pl|pr|text|font|bg|border|flex"
    r"|grid|col|row|space|items|justify|self|order|rounded|shadow|opacity|block|inline|hidden|relative|absolute|sticky"
    r"|overflow|leading|tracking|transition|duration|ease|group|container|wrapper|clearfix|active|current|first|last"
    r"|odd|even|underline|no-underline|uppercase|truncate|line-clamp|aspect|object|cursor|ring|divide)(?:-.*)?$"
)
_SEMANTIC = frozenset({"main", "article", "li", "tr", "td", "dd", "dt", "section", *HEADINGS})
_CONTAINERS = frozenset({"main", "article", "section", "ul", "ol", "table", "dl"})


def propose_selectors(body: bytes, *, url: str, content_type: str | None = None) -> tuple[Proposal, ...]:
    """Selectors that find the articles that the page at `url` lists, best first; none where it lists none."""
    tree, _ = read_tree(body, content_type)
    return () if tree is None else propose(Listing(tree, url))


def propose(listing: Listing) -> tuple[Proposal, ...]:
    """`propose_selectors` for a page that is read already."""
    links = _judged(listing)
    found = [*_for_links(listing, links), *_for_sections(listing)]
    found.sort(key=lambda proposal: (-proposal.score, len(proposal.selector), proposal.selector))
    chosen: list[Proposal] = []
    seen: list[frozenset[str]] = []
    for proposal, keys in ((p, frozenset(e.guid for e in p.sample)) for p in found):
        if all(len(keys & other) < max(1, min(len(keys), len(other)) * 0.8) for other in seen):
            chosen.append(proposal)
            seen.append(keys)
    return tuple(chosen[:MOST_PROPOSALS])


# --- links ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    element: HtmlElement
    key: str
    worth: float  # how much it looks like an article's, from -1 to 2
    folder: str  # host and path without its last segment


def _judged(listing: Listing) -> list[_Link]:
    aside: dict[HtmlElement, bool] = {}
    home = registrable_domain(listing.url)
    judged = []
    for element in islice(listing.tree.iter("a"), MOST_LINKS):
        spot = listing.spot(element)
        if spot is None or spot.section is not None:
            continue
        parts = urlsplit(spot.url)
        folder = f"{parts.hostname}{parts.path.rstrip('/').rpartition('/')[0]}/"
        worth = -1.0 if _stands_aside(element, aside) else _worth(element, parts.path, parts.query)
        if registrable_domain(spot.url) != home:
            worth -= 0.6
        judged.append(_Link(element, spot.key, worth, folder))
    return judged


def _worth(element: HtmlElement, path: str, query: str) -> float:
    text = text_of(element, 400)
    heading = (
        next(element.iter(*HEADINGS), None) is not None or next(element.iterancestors(*HEADINGS), None) is not None
    )
    worth = 0.6 if heading else 0.0
    words = len(text.split())
    if not is_headline(text):
        worth -= 0.3
    elif words >= 4 or len(text) >= 25:
        worth += 0.8 if len(text) <= 400 else 0.4
    elif words == 1:
        worth -= 0.4
    last = path.rstrip("/").rpartition("/")[2]
    if last.count("-") >= 2 or re.search(r"\d{4}", path) or re.search(r"(?:^|&)(?:id|p|article)=\d", query):
        worth += 0.5
    return worth


def _stands_aside(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether it stands in navigation, a footer, or another part of the page that is not the list."""
    if element in known:
        return known[element]
    parent = element.getparent()
    found = _is_aside(element) or (parent is not None and _stands_aside(parent, known))
    known[element] = found
    return found


def _is_aside(element: HtmlElement) -> bool:
    if element.tag in ("nav", "footer", "aside", "form", "address") or element.get("role") in _ASIDE_ROLES:
        return True
    if element.tag == "header":
        return next(element.iterancestors("article", "li", "main", "section"), None) is None
    if element.tag in ("body", "main", "html", "article"):
        return False
    return _ASIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


# --- selectors --------------------------------------------------------------------------------------------------


def _for_links(listing: Listing, links: Sequence[_Link]) -> Iterator[Proposal]:
    shared: dict[str, dict[str, float]] = {}
    folders = [folder for folder, count in Counter(link.folder for link in links).most_common(6) if count >= LEAST]
    for link in links:
        for selector in set(_selectors(link.element, link.folder if link.folder in folders else None)):
            worths = shared.setdefault(selector, {})
            worths[link.key] = max(link.worth, worths.get(link.key, -2.0))
    ranked = sorted(shared, key=lambda s: (-_sum(shared[s].values()), _cost(s), s))
    settled: set[frozenset[str]] = set()
    applied = 0
    for selector in ranked:
        keys = frozenset(shared[selector])
        if len(keys) < LEAST or _sum(shared[selector].values()) <= 0:
            continue
        if keys in settled:  # the first of those that find the same is the simplest
            continue
        applied += 1
        if applied > _APPLIED:
            return
        proposal = judge(listing, selector, list(shared[selector].values()))
        if proposal is not None:
            settled.add(keys)
            yield proposal


def _sum(worths: Iterable[float]) -> float:
    """What a selection is worth: its links together, less for a mixed one."""
    worths = list(worths)
    good = sum(worth for worth in worths if worth > 0)
    bad = sum(1.0 - worth for worth in worths if worth <= 0)
    return good - 1.5 * bad


def _cost(selector: str) -> float:
    """How far a selector is from short, telling and lasting."""
    names = re.findall(r"[.#]([\w-]+)", selector)
    cost = len(selector) / 40 + sum(0.0 if _TELLING.search(name) else 0.6 for name in names)
    if not names and "[href" not in selector:
        cost += 1.0
    return cost


def _selectors(link: HtmlElement, folder: str | None) -> Iterator[str]:
    """Simple selectors that find `link`."""
    own = [f"a.{name}" for name in _names(link)]
    yield from own
    inside = _inside(link)
    places = _places(link)
    for place in places:
        yield f"{place} a"
        for way in (*inside, *own):
            yield f"{place} {way}"
    if folder is not None:
        path = folder.partition("/")[2]
        if path and f"/{path}" in (link.get("href") or ""):
            reference = f'a[href*="/{path}"]'
            yield reference
            for place in places[-4:]:
                yield f"{place} {reference}"


def _inside(link: HtmlElement) -> list[str]:
    """The element right around the link, where it says something."""
    parent = link.getparent()
    around = next(link.iterancestors(*HEADINGS), None)
    ways = [f"{around.tag!s} a"] if around is not None else []
    if parent is not None and parent.tag in ("p", "td", "dd", "li", "strong", "span", "div", "h2", "h3", "h4"):
        ways.append(f"{parent.tag!s} > a")
    within = next(link.iter(*HEADINGS), None)
    if within is not None:
        ways.append(f"a:has({within.tag!s})")
    return ways


def _places(link: HtmlElement) -> list[str]:
    """Names of what stands around the link, the nearest first."""
    places: list[str] = []
    for element in list(link.iterancestors())[:_LEVELS]:
        if element.tag in ("html", "body"):
            break
        places += [f".{name}" for name in _names(element)]
        if (own := element.get("id")) and not _MADE.search(own):
            places.append(f"#{own}")
        if element.tag in _SEMANTIC or element.tag in _CONTAINERS:
            places.append(element.tag)
    if "main" not in places and next(link.iterancestors("main"), None) is not None:
        places.append("main")
    return list(dict.fromkeys(places))


def _names(element: HtmlElement) -> list[str]:
    """Classes that a person gave and that say what a thing is, not how it looks."""
    names = (element.get("class") or "").split()[:12]
    return [
        name
        for name in names
        if re.fullmatch(r"-?[A-Za-z_][\w-]*", name) and not _MADE.search(name) and not _STYLE.match(name)
    ][:5]


# --- sections of a changelog ------------------------------------------------------------------------------------


def _for_sections(listing: Listing) -> Iterator[Proposal]:
    """Headings that name versions or days, each with an address of its own on this page."""
    for selector in ("h1[id]", "h2[id]", "h3[id]", "h4[id]", "section[id]", "article[id]", "div[id]", "h2", "h3"):
        elements = _select(listing.tree, selector)
        if not LEAST <= len(elements) <= 2_000:
            continue
        releases = [e for e in elements if is_release(text_of(e, 200))]
        if len(releases) * 2 < len(elements):
            continue
        proposal = judge(listing, selector, [0.9] * len(releases), is_changelog=True)
        if proposal is not None:
            yield proposal


# --- what comes of a selector -----------------------------------------------------------------------------------


def judge(listing: Listing, selector: str, worths: Sequence[float], *, is_changelog: bool = False) -> Proposal | None:
    """The selector with what it really finds; None where that is no list of articles."""
    items = listing.read(_select(listing.tree, selector))
    if len(items) < LEAST or any(item.is_section != is_changelog for item in items):
        return None
    named = sum(is_headline(item.title) for item in items)
    long = sum(len(item.title) >= 20 for item in items)
    titles = len({item.title for item in items})
    dated = sum(item.published_at is not None for item in items)
    folder, kin = _commonest_folder(items)
    share = 1 / len(items)
    quality = (named * share) ** 2 * (titles * share) * (0.4 + 0.6 * long * share) * (0.6 + 0.4 * kin * share)
    value = _sum(worths) if not is_changelog else len(worths)
    score = max(0.0, value) ** 0.5 * quality * (1 + dated * share) * (1.0 if len(items) <= 300 else 0.5)
    score -= _cost(selector) * 0.05
    if math.isnan(score) or score < ENOUGH:
        return None
    return Proposal(
        selector=selector,
        count=len(items),
        dated_count=dated,
        sample=tuple(entry_of(item)[0] for item in items[:SAMPLE]),
        score=round(score, 3),
        why=_why(items, dated=dated, folder=folder, kin=kin, is_changelog=is_changelog),
    )


def _commonest_folder(items: Sequence[Item]) -> tuple[str, int]:
    """The path that most of the links share, and how many do."""
    folders = Counter(urlsplit(item.url).path.rstrip("/").rpartition("/")[0] + "/" for item in items)
    folder, count = folders.most_common(1)[0]
    depth = Counter("/" + folder.strip("/").partition("/")[0] for folder in folders.elements())
    first, first_count = depth.most_common(1)[0]
    return (folder, count) if count * 2 >= len(items) or first == "/" else (first.rstrip("/") + "/", first_count)


def _why(items: Sequence[Item], *, dated: int, folder: str, kin: int, is_changelog: bool) -> str:
    if is_changelog:
        return f"{len(items)} sections of this page whose headings name versions or days, {dated} of them dated"
    usual = sorted(len(item.title) for item in items)[len(items) // 2]
    said = f"{len(items)} links with titles of some {usual} characters, {dated} with a date beside them"
    return said + (f", {kin} of them under {folder}" if folder != "/" and kin * 2 >= len(items) else "")


def _select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (etree.XPathError, SyntaxError, ValueError):
        return []
