"""One article under other addresses of its site: without www, on the mobile host, as AMP, to print.

These are guesses. An article that is found under one of them is the same only where something else says so too: its
headline, or its text (`article.is_same_article`). Parameters that may choose an article are never touched.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.stages.canonical import canonical_url, registrable_domain

_LABELS = ("www", "m", "mobile", "amp", "touch")  # that stand before the host of the same site
_END = re.compile(
    r"(?:/(?:amp|print|amphtml|mobile)|[./]amp\.html?|\.amp|\.print|[._-]print\.html?|/(?:index|default|home)\.\w{3,5})$"
)
_START = re.compile(r"^/(?:amp|m|mobile|print)(?=/.)")
_MANNERS = frozenset({"amp", "print", "printable", "printpage", "outputtype", "output", "view", "format", "mode",
                      "nomobile", "mobile", "share", "sharetype"})  # fmt: skip
_MANNER = re.compile(
    r"(?:amp|print\w*|mobile|full|single|all|1|true|yes|y|html|twitter|facebook|email|whatsapp|)", re.IGNORECASE
)


def plain_spelling(key: str) -> str:
    """The canonical URL `key` without what only says in which manner the page is shown."""
    parts = urlsplit(key)
    host, colon, port = parts.netloc.partition(":")
    path = _START.sub("", _END.sub("", parts.path) or parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_manner(name, value)]
    return urlunsplit(("https", _plain_host(host) + colon + port, path, urlencode(kept), parts.fragment))


def spellings(key: str) -> tuple[str, ...]:
    """Other canonical URLs under which the article at the canonical URL `key` may have been met; likely ones first."""
    plain = plain_spelling(key)
    parts = urlsplit(plain)
    path = parts.path.rstrip("/")
    paths = [parts.path]
    if path:
        paths += [f"{path}/amp", f"/amp{path}", f"{path}.amp", f"{path}/print", f"{path}/index.html"]
        stem, dot, ending = path.rpartition(".")
        paths += [f"{stem}.amp.{ending}"] if dot and ending in ("htm", "html") else [f"{path}.html"]
    hosts = [parts.netloc, *(f"{label}.{parts.netloc}" for label in _LABELS)]
    made = [urlunsplit(parts._replace(netloc=host, path=each)) for each in paths for host in hosts]
    printed = [urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), ("print", "1")])))]
    keys = (canonical_url(url) for url in [*made, *printed])
    return tuple(dict.fromkeys(found for found in keys if found is not None and found != key))


def _plain_host(host: str) -> str:
    """Without what names the same site on another screen; a registered name is never cut."""
    domain = registrable_domain(host)
    while host.partition(".")[0] in _LABELS and host != domain:
        host = host.partition(".")[2]
    return host


def _is_manner(name: str, value: str) -> bool:
    return name.lower() in _MANNERS and _MANNER.fullmatch(value) is not None
