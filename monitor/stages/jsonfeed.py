"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → ParsedFeed."""

from __future__ import annotations

import html
import json
from typing import Any

from monitor.model import Failure, ParsedFeed, Unparsable
from monitor.stages.canonical import TITLE_LIMIT, clean_line, cut, openable_url
from monitor.stages.entry import MAX_ENTRIES, RawEntry, limit_notes, make_entry
from monitor.stages.feed import feed_id, feed_links

_VERSION = "jsonfeed.org/version/"
_FORMATS = {"1": "json10", "1.0": "json10", "1.1": "json11"}


def read_json_feed(text: str, *, url: str) -> ParsedFeed | Unparsable:
    """The feed in `text`, which begins like JSON; NOT_A_FEED for any other JSON (H18)."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a feed: broken JSON ({type(error).__name__})")
    if not isinstance(document, dict) or not _is_feed(document):
        kind = type(document).__name__ if document is not None else "null"
        return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a feed: JSON ({kind}) that is no JSON Feed")
    items = document.get("items")
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    base = openable_url(_string(document.get("home_page_url")), url) or url
    language = _string(document.get("language"))
    made = [make_entry(_raw(item, document, language), base=base) for item in found[:MAX_ENTRIES]]
    notes = list(limit_notes([name for _, names in made for name in names]))
    if len(found) > MAX_ENTRIES:
        notes.append(f"{len(found)} entries: only the first {MAX_ENTRIES} were read")
    if isinstance(items, list) and len(found) < len(items):
        notes.append(f"{len(items) - len(found)} entries are not objects")
    own = _string(document.get("feed_url"))
    version = (_string(document.get("version")) or "").rpartition("/")[2]
    return ParsedFeed(
        format=_FORMATS.get(version, "json"),
        title=cut(clean_line(_string(document.get("title")) or ""), TITLE_LIMIT),
        entries=tuple(entry for entry, _ in made),
        language=language,
        id=feed_id(None, own or _string(document.get("home_page_url")), (), url=url),
        links=feed_links([("self", own), *_hubs(document)], url=url),
        is_malformed=version not in _FORMATS or not isinstance(items, list),
        notes=tuple(notes),
    )


def _is_feed(document: dict[str, Any]) -> bool:
    version = document.get("version")
    return isinstance(version, str) and _VERSION in version


def _hubs(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    """`hubs` names other protocols too, such as rssCloud: only WebSub's is one to subscribe at."""
    hubs = document.get("hubs")
    found = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    return [("hub", _string(hub.get("url"))) for hub in found if str(hub.get("type")).lower() == "websub"]


def _raw(item: dict[str, Any], feed: dict[str, Any], language: str | None) -> RawEntry:
    text = _string(item.get("content_text"))
    summary = _string(item.get("summary"))
    return RawEntry(
        guid=_string(item.get("id")),
        links=(_string(item.get("url")), _string(item.get("external_url"))),
        title=_string(item.get("title")),
        published=_string(item.get("date_published")),
        updated=_string(item.get("date_modified")),
        author=_authors(item) or _authors(feed),
        summary=None if summary is None else html.escape(summary),
        content=_string(item.get("content_html")) or (None if text is None else _paragraphs(text)),
        language=_string(item.get("language")) or language,
    )


def _authors(thing: dict[str, Any]) -> str | None:
    """Names from `authors` (1.1) or `author` (1.0)."""
    authors = thing.get("authors")
    people = authors if isinstance(authors, list) else [thing.get("author")]
    names = [_string(person.get("name")) for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name) or None


def _paragraphs(text: str) -> str:
    """Plain text as HTML, which is what an entry's content is."""
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n") if part.strip())


def _string(value: object) -> str | None:
    """A string; ids and dates may be numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else None
