"""A feed's document → JSON Feed 1.1 bytes, with the same wires as Atom and RSS.

What JSON Feed has no words for stands under `_monitor` (docs/feeds.md): what the wire is by the codebook, its sources
with how they are related, and of the feed its archives and what was taken down. `next_url` leads to the archive before:
the format's word for what comes next is what is older.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from monitor.stages.syndicate import FeedDocument, Item

VERSION = "https://jsonfeed.org/version/1.1"
KEPT = 500  # items, some 10 kB each
_NO_ITEMS = "[]\n}"


def render_json_feed(document: FeedDocument) -> bytes:
    """The document as UTF-8 JSON."""
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": document.title,
        "home_page_url": document.page,
        "feed_url": document.self_url,
        "description": document.subtitle,
        "language": document.language,
        "authors": [{"name": document.author, "url": document.home}],
    }
    if document.previous:
        feed["next_url"] = document.previous
    if document.hub:
        feed["hubs"] = [{"type": "WebSub", "url": document.hub}]
    feed["_monitor"] = _marks_of_feed(document)
    feed["items"] = []
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    if document.items:
        items = ",\n  ".join(_written(item) for item in document.items)
        text = f"{text.removesuffix(_NO_ITEMS)}[\n  {items}\n ]\n}}"
    return text.encode() + b"\n"


@lru_cache(maxsize=KEPT)
def _written(item: Item) -> str:
    """An item as it stands in the list: a wire is in a handful of feeds, and what it says there is the same."""
    return json.dumps(_item(item), ensure_ascii=False, indent=1).replace("\n", "\n  ")  # a text's own breaks are \\n


def _marks_of_feed(document: FeedDocument) -> dict[str, Any]:
    marks: dict[str, Any] = {
        "about": document.about,
        "id": document.id,
        "updated": document.updated_at.isoformat(),
        "is_archive": document.current is not None,
    }
    named = (
        ("current", document.current),
        ("prev_archive", document.previous),
        ("next_archive", document.following),
    )
    marks |= {name: url for name, url in named if url}
    marks["deleted"] = [
        {"ref": grave.tag, "when": grave.at.isoformat(), "comment": grave.comment} for grave in document.tombstones
    ]
    return marks


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.tag,
        "url": item.page,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.content,
        "date_published": item.published_at.isoformat(),
        "date_modified": item.updated_at.isoformat(),
        "tags": list(dict.fromkeys(category.label for category in item.categories)),
        "_monitor": _marks(item),
    }


def _marks(item: Item) -> dict[str, Any]:
    return {
        "severity": item.severity,
        "providers": list(item.providers),
        "codes": list(item.codes),
        "source_count": item.source_count,
        "sourcing_standard": item.standard,
        "occurred_on": None if item.occurred_on is None else item.occurred_on.isoformat(),
        "same_event": [{"database": e.database, "id": e.id, "url": e.url} for e in item.elsewhere],
        "revision": {"number": item.number, "kind": item.kind.value, "url": item.revision_page},
        "links": [{"rel": link.rel, "url": link.href, "title": link.title} for link in item.links],
        "categories": [{"term": c.term, "scheme": c.scheme, "label": c.label} for c in item.categories],
    }
