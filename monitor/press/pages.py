"""Web pages of the simulated press: an article among menus, related links, a consent banner, comments and a footer.

Pure. Publishers differ in their markup, as real ones do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zlib import crc32

from monitor.press.events import PressPublisher, read_bank
from monitor.press.prose import Text, bank


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """What an article page shows."""

    publisher: PressPublisher
    url: str  # canonical
    text: Text
    byline: str
    published_at: datetime
    modified_at: datetime
    related: Sequence[tuple[str, str]]  # address, title of other articles of the same publisher
    feeds: Sequence[tuple[str, str]]  # address, media type
    syndicated_from: str = ""  # address of the original, where the markup owns up to it
    amp: str = ""  # address of the page for phones

    @property
    def taste(self) -> int:
        """Which of the templates this publisher uses."""
        return crc32(self.publisher.id.encode()) % 3


def write_article(page: ArticlePage) -> bytes:
    """The HTML of an article page."""
    body = {0: _semantic, 1: _divs, 2: _plain}[page.taste](page)
    return _document(page, body).encode()


def write_status(page: ArticlePage) -> bytes:
    """A status page's account of one incident, newest update first."""
    updates = "".join(f'<div class="update"><p>{escape(p)}</p></div>\n' for p in page.text.paragraphs)
    body = (
        f"<main><h1>{escape(page.text.title)}</h1>\n<p class='sub'>Incident report for {escape(page.publisher.name)}"
        f"</p>\n<article class='incident-updates'>{updates}</article></main>\n"
    )
    return _document(page, body).encode()


def write_front(publisher: PressPublisher, links: Sequence[tuple[str, str]]) -> bytes:
    """A publisher's front page: its newest articles."""
    items = "".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>\n' for url, title in links)
    return (
        f'<!doctype html>\n<html lang="{publisher.language}"><head><meta charset="utf-8">'
        f"<title>{escape(publisher.name)}</title></head>\n<body>{_menu(publisher)}<h1>{escape(publisher.name)}</h1>\n"
        f"<ul>\n{items}</ul>\n{_footer(publisher)}</body></html>\n"
    ).encode()


def _document(page: ArticlePage, body: str) -> str:
    feeds = "".join(f'<link rel="alternate" type="{kind}" href="{escape(url)}">\n' for url, kind in page.feeds)
    return (
        f'<!doctype html>\n<html lang="{page.publisher.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(page.text.title)} | {escape(page.publisher.name)}</title>\n"
        f'<link rel="canonical" href="{escape(page.url)}">\n{_elsewhere(page)}{feeds}'
        f'<meta property="og:title" content="{escape(page.text.title)}">\n<meta property="og:type" content="article">\n'
        f'<meta property="og:site_name" content="{escape(page.publisher.name)}">\n'
        f'<meta property="article:published_time" content="{page.published_at.isoformat()}">\n'
        f'<meta property="article:modified_time" content="{page.modified_at.isoformat()}">\n'
        f'<meta name="author" content="{escape(page.byline)}">\n{_json_ld(page)}'
        "<style>body{font:18px/1.5 serif;max-width:42em;margin:auto}nav a{margin-right:1em}</style>\n</head>\n"
        f"<body>\n{_consent(page.publisher)}{_menu(page.publisher)}{body}{_footer(page.publisher)}</body>\n</html>\n"
    )


def _elsewhere(page: ArticlePage) -> str:
    amp = f'<link rel="amphtml" href="{escape(page.amp)}">\n' if page.amp else ""
    original = f'<link rel="syndication" href="{escape(page.syndicated_from)}">\n' if page.syndicated_from else ""
    return f"{amp}{original}"


def _json_ld(page: ArticlePage) -> str:
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.text.title,
        "datePublished": page.published_at.isoformat(),
        "dateModified": page.modified_at.isoformat(),
        "author": {"@type": "Person", "name": page.byline},
        "publisher": {"@type": "Organization", "name": page.publisher.name},
        "mainEntityOfPage": page.url,
    }
    text = json.dumps(said, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def _paragraphs(page: ArticlePage) -> str:
    return "".join(f"<p>{escape(p, quote=False)}</p>\n" for p in page.text.paragraphs)


def _semantic(page: ArticlePage) -> str:
    return (
        f"<main>\n<article>\n<header><h1>{escape(page.text.title)}</h1>\n"
        f'<p class="byline">By {escape(page.byline)}, <time datetime="{page.published_at.isoformat()}">'
        f"{page.published_at:%d %B %Y, %H:%M}</time></p></header>\n{_paragraphs(page)}</article>\n</main>\n"
        f"{_related(page)}{_comments(page)}"
    )


def _divs(page: ArticlePage) -> str:
    return (
        f'<div class="wrap"><div class="content-main">\n<h1 class="headline">{escape(page.text.title)}</h1>\n'
        f'<div class="meta">{page.published_at:%d.%m.%Y} - {escape(page.byline)}</div>\n'
        f'<div class="article-body">\n{_paragraphs(page)}</div></div>\n'
        f'<div class="sidebar">{_related(page)}</div></div>\n{_comments(page)}'
    )


def _plain(page: ArticlePage) -> str:
    share = '<div class="share"><a href="#share">Share</a> <a href="#print">Print</a> <a href="#save">Save</a></div>\n'
    return (
        f'<section id="post"><h2>{escape(page.text.title)}</h2>\n{share}<div class="entry-content">\n'
        f'{_paragraphs(page)}</div>\n<p class="author">{escape(page.byline)}</p></section>\n'
        f"{_related(page)}{_comments(page)}"
    )


def _menu(publisher: PressPublisher) -> str:
    words = [w.strip() for w in str(read_bank("banks")["menu"]).split(",")]
    links = "".join(f'<a href="/section/{i}">{escape(w)}</a>' for i, w in enumerate(words))
    return f'<header class="site"><a href="/">{escape(publisher.name)}</a>\n<nav>{links}</nav></header>\n'


def _consent(publisher: PressPublisher) -> str:
    if publisher.kind in {"regulator", "court", "database", "research"}:
        return ""
    return (
        '<div id="consent" class="cookie-banner" role="dialog"><p>We and our 214 partners store information on your '
        "device to measure and personalise. You can change your choice at any time.</p>"
        "<button>Accept all</button><button>Manage choices</button></div>\n"
    )


def _related(page: ArticlePage) -> str:
    own = [f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for url, title in page.related]
    evergreen = bank("related")
    first = crc32(page.url.rpartition("/")[2].encode()) % len(evergreen)
    more = [f'<li><a href="/section/5">{escape(evergreen[(first + i) % len(evergreen)])}</a></li>' for i in range(3)]
    return f'<aside class="related"><h3>More on this</h3><ul>{"".join(own + more)}</ul></aside>\n'


def _comments(page: ArticlePage) -> str:
    if page.publisher.kind not in {"newspaper", "tech"}:
        return ""
    said = bank("comments")
    first = crc32(page.text.title.encode())
    shown = [said[(first + i * 3) % len(said)] for i in range(first % 4)]
    items = "".join(
        f'<li class="comment"><b>Reader {first % 97 + i}</b>: {escape(c)}</li>' for i, c in enumerate(shown)
    )
    return f'<section id="comments" class="comments"><h3>Comments</h3><ol>{items}</ol></section>\n'


def _footer(publisher: PressPublisher) -> str:
    return (
        f'<footer><p>{escape(publisher.name)} is an invented publisher of a simulated press. <a href="/imprint">Imprint'
        '</a> <a href="/privacy">Privacy</a> <a href="/newsletter">Subscribe to our newsletter</a></p></footer>\n'
    )
