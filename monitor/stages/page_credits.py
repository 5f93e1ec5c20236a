"""What a page's markup says of where its words come from → claims, for `credits` to sort.

Read are the page's head and its JSON-LD: canonical address and syndication links on another site, schema.org's fields
for whose work it is, authors that are organisations, and the page in other languages. Names stand as found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

from monitor.model import Credit, CreditKind
from monitor.stages.canonical import NAME_LIMIT, canonical_url, clean_line, cut, host_of, registrable_domain

MAX_CLAIMS = 20
MAX_LANGUAGES = 40  # of one page: sites for the whole world
_METAS = {
    "syndication-source": CreditKind.SYNDICATION,
    "original-source": CreditKind.SYNDICATION,
    "dc.source": CreditKind.DC_SOURCE,
    "dcterms.source": CreditKind.DC_SOURCE,
    "article:provider": CreditKind.DC_SOURCE,
    "news_source": CreditKind.DC_SOURCE,
    "provider": CreditKind.DC_SOURCE,
    "copyright": CreditKind.DC_SOURCE,
    "dc.rights": CreditKind.DC_SOURCE,
    "article:publisher": CreditKind.DC_SOURCE,
}
_FACTS = {
    "isBasedOn": CreditKind.SYNDICATION,
    "isBasedOnUrl": CreditKind.SYNDICATION,
    "translationOfWork": CreditKind.TRANSLATED,
    "sourceOrganization": CreditKind.DC_SOURCE,
    "provider": CreditKind.DC_SOURCE,
    "copyrightHolder": CreditKind.DC_SOURCE,
}
_ORGANISATIONS = ("Organization", "NewsMediaOrganization", "Corporation")


def page_credits(tree: HtmlElement, facts: Sequence[Mapping[str, Any]], url: str) -> tuple[Credit, ...]:
    """What the markup of the page at `url` claims, each once."""
    claims = [*_links(tree, url), *_metas(tree, url), *(c for fact in facts for c in _of_fact(fact, url))]
    return tuple(dict.fromkeys(c for c in claims if c.name or c.url))[:MAX_CLAIMS]


def _links(tree: HtmlElement, url: str) -> Iterator[Credit]:
    languages = 0
    for link in tree.iter("link", "a"):
        rels = (link.get("rel") or "").lower().split()
        key = canonical_url(link.get("href"), url or None) if rels else None
        if key is None:
            continue
        if link.tag == "link" and "canonical" in rels and _is_foreign(key, url):
            yield _linked(CreditKind.SYNDICATION, key, "rel=canonical")
        elif "syndication" in rels or "syndication-source" in rels:
            yield _linked(CreditKind.SYNDICATION, key, "rel=syndication")
        elif "via" in rels and link.tag == "link":
            yield _linked(CreditKind.VIA, key, "rel=via")
        elif "alternate" in rels and (said := link.get("hreflang")) and languages < MAX_LANGUAGES:
            languages += 1
            if said.lower() != "x-default" and key != canonical_url(url) and not key.endswith("/"):
                yield _linked(CreditKind.TRANSLATED, key, f"hreflang={said}")


def _metas(tree: HtmlElement, url: str) -> Iterator[Credit]:
    for meta in tree.iter("meta"):
        named = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        said = clean_line(meta.get("content") or "")
        kind = _METAS.get(named)
        if kind is None or not said or len(said) > NAME_LIMIT:
            continue
        key = canonical_url(said) if "//" in said else None
        if named == "article:publisher":  # a page on a social network, by its name there
            said, key = said.rstrip("/").rpartition("/")[2], None
        if key is None or _is_foreign(key, url):
            yield Credit(
                kind=kind, name=host_of(key) if key else _holder(said), url=key, quote=f"{named}: {cut(said, 120)}"
            )


def _of_fact(fact: Mapping[str, Any], url: str) -> Iterator[Credit]:
    for field, kind in _FACTS.items():
        for name, link in _named(fact.get(field)):
            key = canonical_url(link, url or None) if link else None
            if key is not None and not _is_foreign(key, url) and kind is not CreditKind.TRANSLATED:
                key = None
            if name or key:
                yield Credit(kind=kind, name=name or host_of(key or ""), url=key, quote=f"{field}: {name or link}")
    for author in (fact.get("author"), fact.get("creator")):
        for each in author if isinstance(author, list) else [author]:
            if isinstance(each, dict) and each.get("@type") in _ORGANISATIONS:
                for name, _ in _named(each):
                    yield Credit(kind=CreditKind.AGENCY, name=name, quote=f"author: {name}")


def _named(value: object) -> Iterator[tuple[str, str | None]]:
    """Names and addresses of works and organisations, in the forms that JSON-LD allows."""
    for each in (value if isinstance(value, list) else [value])[:5]:
        if isinstance(each, str) and each.strip():
            is_link = each.strip().lower().startswith(("http://", "https://"))
            yield ("", each) if is_link else (cut(clean_line(each), NAME_LIMIT), None)
        elif isinstance(each, dict):
            name, link = each.get("name"), each.get("url") or each.get("@id")
            publisher = each.get("publisher")
            if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
                name = publisher["name"]
            yield (
                cut(clean_line(name), NAME_LIMIT) if isinstance(name, str) else "",
                link if isinstance(link, str) else None,
            )


def _holder(said: str) -> str:
    """The name in a line of copyright: “© 2026 Agence France-Presse”."""
    name = said.strip("©℗() ").removeprefix("Copyright").strip("©() ")
    return cut(" ".join(w for w in name.split() if not w.strip("-–,.").isdigit()), NAME_LIMIT)


def _linked(kind: CreditKind, key: str, quote: str) -> Credit:
    return Credit(kind=kind, name=host_of(key), url=key, quote=quote)


def _is_foreign(key: str, url: str) -> bool:
    return registrable_domain(key) != registrable_domain(url)
