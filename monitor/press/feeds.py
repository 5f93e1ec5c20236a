"""Feed documents of the simulated press: RSS 2.0, RSS 1.0, Atom and JSON Feed, as real publishers write them.

Pure. Every document shows the newest `NEWEST` entries that are out at the instant given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

NEWEST = 20
_UPDATE = re.compile(r"(?P<state>[^-]+) - (?P<words>.+) \((?P<day>\d\d) (?P<month>\w{3}), (?P<clock>\d\d:\d\d) UTC\)")
CONTENT_TYPES = {
    "rss20": "application/rss+xml; charset=utf-8",
    "rss10": "application/rdf+xml; charset=utf-8",
    "atom10": "application/atom+xml; charset=utf-8",
    "json11": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, ready to be written in any format."""

    guid: str
    is_permalink: bool
    url: str
    title: str
    published_at: datetime
    updated_at: datetime
    author: str
    summary: str  # plain text
    content: str | None  # HTML; None where the feed gives excerpts
    is_dated: bool = True
    source: str = ""  # dc:source: whose words these are


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed and its entries, newest first."""

    title: str
    site: str
    url: str
    language: str
    updated_at: datetime
    entries: Sequence[FeedEntry]


def write_paragraph(words: str) -> str:
    """A paragraph of an article, as HTML."""
    return f"<p>{escape(words, quote=False)}</p>"


def write_update(words: str) -> str:
    """One update of an incident as Statuspage writes it: "Resolved - Words. (02 Mar, 09:15 UTC)" with date and state
    apart."""
    found = _UPDATE.fullmatch(words)
    if found is None:
        return write_paragraph(words)
    return (
        f"<p><small>{found['month']} <var data-var='date'>{found['day']}</var>, <var data-var='time'>{found['clock']}"
        f"</var> UTC</small><br><strong>{escape(found['state'])}</strong> - {escape(found['words'], quote=False)}</p>"
    )


def write_feed(channel: Channel, form: str) -> bytes:
    """The document in `form`: rss20, rss10, atom10 or json11."""
    writers = {"rss20": _rss20, "rss10": _rss10, "atom10": _atom10, "json11": _json11}
    return writers[form](channel).encode()


def _rss20(channel: Channel) -> str:
    items = "".join(map(_rss20_item, channel.entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(channel.title)}</title>\n<link>{escape(channel.site)}</link>\n"
        f"<description>{escape(channel.title)}: latest entries</description>\n"
        f"<language>{channel.language}</language>\n"
        f"<lastBuildDate>{format_datetime(channel.updated_at, usegmt=True)}</lastBuildDate>\n"
        f'<atom:link href="{escape(channel.url)}" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel>\n</rss>\n"
    )


def _rss20_item(entry: FeedEntry) -> str:
    content = f"<content:encoded><![CDATA[{entry.content}]]></content:encoded>\n" if entry.content else ""
    return (
        f"<item>\n<title>{escape(entry.title)}</title>\n<link>{escape(entry.url)}</link>\n"
        f'<guid isPermaLink="{str(entry.is_permalink).lower()}">{escape(entry.guid)}</guid>\n'
        f"{_pub_date(entry)}<dc:creator>{escape(entry.author)}</dc:creator>\n{_dc_source(entry)}"
        f"<description>{escape(entry.summary)}</description>\n{content}</item>\n"
    )


def _pub_date(entry: FeedEntry) -> str:
    return f"<pubDate>{format_datetime(entry.published_at, usegmt=True)}</pubDate>\n" if entry.is_dated else ""


def _dc_source(entry: FeedEntry) -> str:
    return f"<dc:source>{escape(entry.source)}</dc:source>\n" if entry.source else ""


def _rss10(channel: Channel) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{escape(e.url)}"/>' for e in channel.entries)
    items = "".join(map(_rss10_item, channel.entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f'<channel rdf:about="{escape(channel.url)}">\n<title>{escape(channel.title)}</title>\n'
        f"<link>{escape(channel.site)}</link>\n<description>{escape(channel.title)}</description>\n"
        f"<dc:language>{channel.language}</dc:language>\n<items><rdf:Seq>{listed}</rdf:Seq></items>\n</channel>\n"
        f"{items}</rdf:RDF>\n"
    )


def _rss10_item(entry: FeedEntry) -> str:
    content = f"<content:encoded>{escape(entry.content)}</content:encoded>\n" if entry.content else ""
    return (
        f'<item rdf:about="{escape(entry.guid if entry.is_permalink else entry.url)}">\n'
        f"<title>{escape(entry.title)}</title>\n<link>{escape(entry.url)}</link>\n"
        f"<dc:date>{entry.published_at.isoformat()}</dc:date>\n<dc:creator>{escape(entry.author)}</dc:creator>\n"
        f"{_dc_source(entry)}"
        f"<description>{escape(entry.summary)}</description>\n{content}</item>\n"
    )


def _atom10(channel: Channel) -> str:
    entries = "".join(map(_atom10_entry, channel.entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.language}">\n'
        f"<id>{escape(channel.url)}</id>\n<title>{escape(channel.title)}</title>\n"
        f"<updated>{channel.updated_at.isoformat()}</updated>\n"
        f'<link rel="self" href="{escape(channel.url)}"/>\n<link rel="alternate" href="{escape(channel.site)}"/>\n'
        f"<author><name>{escape(channel.title)}</name></author>\n{entries}</feed>\n"
    )


def _atom10_entry(entry: FeedEntry) -> str:
    content = f'<content type="html">{escape(entry.content)}</content>\n' if entry.content else ""
    return (
        f"<entry>\n<id>{escape(entry.guid)}</id>\n<title>{escape(entry.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{escape(entry.url)}"/>\n'
        f"<published>{entry.published_at.isoformat()}</published>\n<updated>{entry.updated_at.isoformat()}</updated>\n"
        f"<author><name>{escape(entry.author)}</name></author>\n{_atom_source(entry)}"
        f"<summary>{escape(entry.summary)}</summary>\n{content}</entry>\n"
    )


def _atom_source(entry: FeedEntry) -> str:
    """RFC 4287, 4.2.11: the feed that an entry was copied from."""
    if not entry.source:
        return ""
    return f"<source><id>urn:{escape(entry.source)}</id><title>{escape(entry.source)}</title></source>\n"


def _json11(channel: Channel) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": channel.title,
            "home_page_url": channel.site,
            "feed_url": channel.url,
            "language": channel.language,
            "items": [_json11_item(e) for e in channel.entries],
        },
        ensure_ascii=False,
        indent=1,
    )


def _json11_item(entry: FeedEntry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "date_published": entry.published_at.isoformat(),
        "authors": [{"name": entry.author}],
        "summary": entry.summary,
    }
    item |= {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
    if entry.updated_at > entry.published_at:
        item["date_modified"] = entry.updated_at.isoformat()
    return item
