"""Addresses inside addresses: relays, caches and archives that name the page they lead to in their own URL.

What such an address stands for is read, never asked for: the page itself is fetched, and under its own address an
article is found again that came by another way. An address whose target is known to its server alone (a shortener,
newer links of Google News) is left as it is; its redirect tells.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

_HTTP = re.compile(r"https?://[^\s/]", re.IGNORECASE)
# Host → start of the path, parameter: as their own links are written. A host stands for those below it too.
_PARAMETERS: dict[str, tuple[tuple[str, str], ...]] = {
    "google.com": (("/url", "url"), ("/url", "q"), ("/news/url", "url"), ("/amp/s/", "")),
    "youtube.com": (("/redirect", "q"),),
    "bing.com": (("/news/apiclick.aspx", "url"),),
    "duckduckgo.com": (("/l/", "uddg"), ("/l", "uddg")),
    "facebook.com": (("/l.php", "u"), ("/flx/warn", "u")),
    "instagram.com": (("/", "u"),),
    "linkedin.com": (("/redir/", "url"), ("/safety/go", "url")),
    "out.reddit.com": (("/", "url"),),
    "t.umblr.com": (("/redirect", "z"),),
    "slack-redir.net": (("/link", "url"),),
    "vk.com": (("/away.php", "to"),),
    "getpocket.com": (("/redirect", "url"),),
    "safelinks.protection.outlook.com": (("/", "url"),),
    "translate.google.com": (("/translate", "u"), ("/website", "u")),
}
_GOOGLE = re.compile(r"(?:www\.|news\.|translate\.)?google(?:\.co|\.com)?\.[a-z]{2,3}")
_AMP_CACHE = re.compile(r"/(?:[a-z]/)?(?:[cvi]|wp|ii)/(s/)?(.+)", re.DOTALL)
_GOOGLE_AMP = re.compile(r"/amp/(s/)?(.+\..+)", re.DOTALL)
_ARCHIVED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)", re.DOTALL | re.IGNORECASE)
_NEWS_ARTICLE = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/([\w-]+=*)")
_YAHOO_TARGET = re.compile(r"/RU=([^/]+)/")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?", re.IGNORECASE)
_VIEWER = ("amp_js_v", "amp_gsa", "usqp=", "aoh=", "ampshare=", "referrer=", "amp_tf", "amp_r=")
_HOPS = 8  # wrappers inside wrappers: each is shorter than the one around it


def unwrapped_url(url: str) -> str:
    """The address that `url` leads to by its own words; `url` itself where it names no other."""
    for _ in range(_HOPS):
        inner = _inner(url)
        if inner is None or len(inner) >= len(url):
            return url
        url = inner
    return url


def _inner(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    tail = f"?{parts.query}" if parts.query else ""
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        return _stated(_AMP_CACHE.fullmatch(parts.path), _without(tail, _VIEWER))
    if host.endswith(".translate.goog"):
        return _mirrored(host, parts.path, tail)
    if host in ("web.archive.org", "archive.org"):
        found = _ARCHIVED.match(parts.path)
        return re.sub(r"^(https?:)/{1,2}", r"\1//", found[1], flags=re.IGNORECASE) + tail if found else None
    if host.endswith("search.yahoo.com"):
        return _absolute(unquote(target[1])) if (target := _YAHOO_TARGET.search(parts.path)) else None
    if _GOOGLE.fullmatch(host):
        if found := _GOOGLE_AMP.fullmatch(parts.path):
            return _stated(found, _without(tail, _VIEWER))
        if host == "news.google.com" and (found := _NEWS_ARTICLE.match(parts.path)):
            return _encoded(found[1])
        host = "translate.google.com" if host.startswith("translate.") else "google.com"
    return _by_parameter(host, parts.path, parts.query)


def _by_parameter(host: str, path: str, query: str) -> str | None:
    labels = host.split(".")
    rules = next((r for n in range(len(labels) - 1) if (r := _PARAMETERS.get(".".join(labels[n:])))), ())
    if not rules or not query:
        return None
    given = parse_qs(query)
    return next(
        (
            inner
            for start, name in rules
            if name in given and (path or "/").startswith(start) and (inner := _absolute(given[name][0]))
        ),
        None,
    )


def _stated(found: re.Match[str] | None, tail: str) -> str | None:
    """Host and path behind `/c/s/` (https) or `/c/` (http)."""
    if found is None or not _HOST.fullmatch(found[2].partition("/")[0]):
        return None
    return f"{'https' if found[1] else 'http'}://{found[2]}{tail}"


def _mirrored(host: str, path: str, tail: str) -> str:
    """A machine's translation of a page: `www-herald--x-example.translate.goog` mirrors `www.herald-x.example`."""
    name = host.removesuffix(".translate.goog")
    own = name.replace("--", "\0").replace("-", ".").replace("\0", "-")
    return f"https://{own}{path}{_without(tail, ('_x_tr_',))}"


def _without(tail: str, own: tuple[str, ...]) -> str:
    """A query without the parameters that the wrapper added."""
    kept = "&".join(p for p in tail[1:].split("&") if p and not p.startswith(own))
    return f"?{kept}" if kept else ""


def _encoded(name: str) -> str | None:
    """The address inside an older link of Google News: a message of one string, in base64."""
    try:
        data = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
    except (binascii.Error, ValueError):
        return None
    found = re.search(rb"https?://[\x21-\x7e]+", data)
    return found[0].decode("ascii") if found else None


def _absolute(said: str) -> str | None:
    return said if _HTTP.match(said) else None
