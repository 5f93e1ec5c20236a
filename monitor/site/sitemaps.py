"""What there is, for whoever gathers pages: sitemaps (sitemaps.org, 0.9) and the news sitemap of search engines (O11).

The index names one file for each month of first publication, so that a new wire changes two small files. A file holds
at most 50,000 addresses, the news sitemap at most 1,000, of the last two days. A sitemap must name something: where
nothing is news it names the front page, without saying that this is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from monitor.site.addresses import SitemapAddress
from monitor.site.house import House
from monitor.stages.canonical import clean_line

URL_LIMIT = 50_000
NEWS_LIMIT = 1_000
NEWS_SPAN = timedelta(days=2)
INDEX = "/sitemap.xml"
PAGES = "/sitemaps/pages.xml"
NEWS = "/sitemaps/news.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_NS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A wire in the news sitemap."""

    path: str
    headline: str
    published_at: datetime


def parts_of(month: str, wire_count: int) -> tuple[SitemapAddress, ...]:
    """The files in which the wires of a month stand."""
    return tuple(SitemapAddress(month=month, part=n + 1) for n in range(max(1, -(-wire_count // URL_LIMIT))))


def index_of(house: House, paths: Iterable[str]) -> bytes:
    """The sitemap that names the others."""
    told = "".join(f"<sitemap><loc>{_loc(house, path)}</loc></sitemap>\n" for path in paths)
    return f'{_HEAD}<sitemapindex xmlns="{_NS}">\n{told}</sitemapindex>\n'.encode()


def urls_of(house: House, urls: Sequence[tuple[str, datetime | None]]) -> bytes:
    """A sitemap of these paths, with when each last changed where that is known."""
    if len(urls) > URL_LIMIT:
        raise ValueError(f"a sitemap holds at most {URL_LIMIT:,} addresses, not {len(urls):,}")
    told = "".join(
        f"<url><loc>{_loc(house, path)}</loc>{f'<lastmod>{_stamp(at)}</lastmod>' if at else ''}</url>\n"
        for path, at in urls
    )
    return f'{_HEAD}<urlset xmlns="{_NS}">\n{told}</urlset>\n'.encode()


def news_of(house: House, wires: Iterable[News], *, now: datetime | None = None) -> bytes:
    """The news sitemap of wires, newest first; what is two days older than `now`, or than the newest, is left out."""
    shown = list(wires)[:NEWS_LIMIT]
    until = now or (shown[0].published_at if shown else None)
    told = "".join(_news(house, wire) for wire in shown if until is None or wire.published_at > until - NEWS_SPAN)
    told = told or f"<url><loc>{_loc(house, '/')}</loc></url>\n"
    return f'{_HEAD}<urlset xmlns="{_NS}" xmlns:news="{_NEWS_NS}">\n{told}</urlset>\n'.encode()


def robots_of(house: House) -> bytes:
    """robots.txt: everything may be read but the desk, and where the sitemaps are."""
    lines = (
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /api/",
        "",
        f"Sitemap: {house.url(INDEX)}",
        f"Sitemap: {house.url(NEWS)}",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _news(house: House, wire: News) -> str:
    name, language = escape(clean_line(house.name)), escape(house.site.language)
    return (
        f"<url><loc>{_loc(house, wire.path)}</loc><news:news>"
        f"<news:publication><news:name>{name}</news:name><news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{_stamp(wire.published_at)}</news:publication_date>"
        f"<news:title>{escape(clean_line(wire.headline))}</news:title></news:news></url>\n"
    )


def _loc(house: House, path: str) -> str:
    return escape(house.url(path), {'"': "&quot;", "'": "&apos;"})


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
