"""What a feed says of itself: the name that stands for it (H19), and where it can be subscribed to (WebSub, P25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.model import Link
from monitor.stages.canonical import GUID_LIMIT, clean_line, cut, openable_url

MAX_LINKS = 20  # hub and self of one document; publishers name one or two hubs
_RELATIONS = frozenset({"hub", "self"})


def feed_links(stated: Iterable[tuple[str | None, str | None]], *, url: str) -> tuple[Link, ...]:
    """Of the (rel, href) of a document at `url`: its hubs and itself, absolute, http or https, each once, in order."""
    links: dict[Link, None] = {}
    for rels, href in stated:
        for rel in (rels or "").lower().split():
            if rel in _RELATIONS and (opened := openable_url(href, url)):
                links[Link(rel=rel, url=opened)] = None
    return tuple(links)[:MAX_LINKS]


def feed_id(named: str | None, link: str | None, links: Sequence[Link], *, url: str) -> str | None:
    """The id of its own that a feed states; else the page it belongs to; else its own address, as it states it."""
    stated = clean_line(named or "") or openable_url(link, url)
    return cut(stated, GUID_LIMIT) if stated else next((own.url for own in links if own.rel == "self"), None)
