"""One spelling for a URL, a title, a text: the door at which foreign strings are made safe to store and to compare.

`openable_url` is what a link of ours may point at; `canonical_url` is only a key: two spellings of one page give one
key, and nobody is ever sent there. Neither resolves names or asks the web, so AMP and mobile hosts keep keys of their
own until the page's rel=canonical, or the same headline, says that they are the same article (`spellings`).
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url

from monitor.stages.wrappers import unwrapped_url

# Limits of what a feed or a page may claim (H13), in characters.
URL_LIMIT = 2_048
TITLE_LIMIT = 500
NAME_LIMIT = 300  # author, site name
GUID_LIMIT = 2_048
DATE_LIMIT = 100
SUMMARY_LIMIT = 100_000
TEXT_LIMIT = 1_000_000  # content of an entry, text of an article

# C0 but tab and newline, DEL, C1, surrogates, noncharacters: neither XML nor PostgreSQL takes them all (H11).
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + low) for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_END = re.compile("\r\n?")
# The same in UTF-8, for a first look: most texts have none of it, and bytes are looked through many times faster.
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in b"\t\n")
# C1, and noncharacters among others; each alone, and none of two letters, since then its first byte is leapt to.
_RARE_BYTES = (re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"\xef[\xb6\xb7]"), re.compile(rb"\xbf[\xbe\xbf]"))
_SPACE = re.compile(r"\s+")
# A URL that is spelled as it would be once it had been read: nothing to drop, to change or to refuse.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9.\-]+(?:/[A-Za-z0-9\-._~!$&'()*+,=:@%/]*)?"
    r"(?:\?[A-Za-z0-9\-._~!$&'()*+,=:@%/?]+)?(?:#[A-Za-z0-9\-._~!$&'()*+,=:@%/?]+)?"
)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_URL_JUNK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Parameters that say how a reader came, never what is read. Names as seen in the feeds and pages of news and company
# sites; each names one vendor's click id, campaign or newsletter.
_TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "at_", "_hs", "ga_", "piwik_", "matomo_", "vero_", "guce_", "oly_")
_TRACKERS = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid"),
        *("igsh", "li_fat_id", "srsltid", "_gl", "_openstat", "mc_cid", "mc_eid", "mkt_tok", "wickedid", "xtor"),
        *("xtref", "cmpid", "ocid", "ncid", "smid", "cmp", "s_cid", "guccounter", "ref_src", "ref_url", "sref"),
        *("ns_mchannel", "ns_source", "ns_campaign", "ito", "_ga"),
    }
)
# These mean something on some sites; only with such a value do they say how a reader came.
_ORIGINS = frozenset({"ref", "source", "src", "from", "via", "cid", "partner", "medium", "share"})
_ORIGIN_VALUE = re.compile(r"(rss|feed|atom|newsletter|twitter|facebook|linkedin|social)\b", re.IGNORECASE)
_WRAPPINGS = 8  # addresses inside addresses
_AMP = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")}


# --- URLs -------------------------------------------------------------------------------------------------------


def openable_url(url: str | None, base: str | None = None) -> str | None:
    """`url` made absolute against `base`, as its publisher spells it; None unless it is http or https (H21).

    Reads as browsers do (WHATWG URL, 4.4): control characters are dropped and a backslash is a slash, so that what is
    checked is what would be opened. Credentials are dropped. None too for no host, a port out of range, or a URL over
    URL_LIMIT (H13).
    """
    if url is None or len(url) > URL_LIMIT * 2:
        return None
    if is_plain_url(url):
        return url
    text = _slashed(_URL_JUNK.sub("", url).strip())
    if not text or _has_foreign_scheme(text):
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"'`{}|^%]", host):
        return None
    netloc = (f"[{host}]" if ":" in host else host) + ("" if port is None else f":{port}")
    spelled = urlunsplit((parts.scheme, netloc, *parts[2:])).replace(" ", "%20")
    return spelled if len(spelled) <= URL_LIMIT else None


def is_plain_url(url: str) -> bool:
    """Whether `url` is absolute, http or https, and spelled so that reading it would change nothing."""
    return len(url) <= URL_LIMIT and _PLAIN_URL.fullmatch(url) is not None


def canonical_url(url: str | None, base: str | None = None) -> str | None:
    """The key under which `url` is compared, or None for anything but http and https (H21).

    https for both schemes, host in lower-case ASCII, no default port, no dot segments, no slash at the end, query
    sorted and without trackers, no fragment but `#!` and `#/` (pages that a script chooses). An address inside the
    address of a relay or a cache is the one that counts.
    """
    opened = openable_url(url, base)
    key = None if opened is None else _key(opened)
    for _ in range(_WRAPPINGS):
        if key is None or (inner := unwrapped_url(key)) == key:
            return key
        opened = openable_url(inner)
        key = key if opened is None else _key(opened)
    return key


def openable_target(url: str | None, base: str | None = None) -> str | None:
    """`openable_url`, of the page itself where `url` is that of a relay or a cache that names it."""
    opened = openable_url(url, base)
    return None if opened is None else openable_url(unwrapped_url(opened)) or opened


def _key(opened: str) -> str | None:
    try:
        parts = urlsplit(canonicalize_url(opened, keep_blank_values=True, keep_fragments=True))
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and (parts.scheme, port) not in {("http", 80), ("https", 443)}:
        netloc += f":{port}"
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    spelled = urlunsplit(("https", netloc, _path(parts.path), _query(parts.query), fragment))
    return spelled if len(spelled) <= URL_LIMIT else None


def untracked_url(url: str) -> str:
    """`url` as it is, but for parameters that only say how a reader came: what editors and readers are sent to."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_is_tracker(name.lower(), value) for name, value in pairs):
        return url
    return urlunsplit(parts._replace(query=_query(parts.query)))


def fragment_of(url: str | None) -> str:
    """What stands behind the `#`, or nothing: a changelog's entries differ in it alone."""
    return url.partition("#")[2] if url else ""


def host_of(url: str) -> str:
    """The host, lower case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def registrable_domain(url: str) -> str:
    """The part of the host that somebody registered (`bbc.co.uk`), by the public suffix list; an address is itself.

    Takes a URL or a bare host. Empty where there is no host.
    """
    host = host_of(url) if "//" in url else url.lower().rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        found: str | None = _suffixes().privatesuffix(host) if host else None
        return found or host


@functools.cache
def _suffixes() -> PublicSuffixList:
    """The list, read when somebody first asks: it costs more than all of this module."""
    return PublicSuffixList()


def _slashed(url: str) -> str:
    """A browser takes a backslash before the query for a slash; so `https://good\\@evil` is a page of `good`."""
    end = min((i for i in (url.find("?"), url.find("#")) if i >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _has_foreign_scheme(text: str) -> bool:
    """Another scheme, also when it only appears once entities are read."""
    for spelling in (text, _URL_JUNK.sub("", html.unescape(text)), html.unescape(html.unescape(text))):
        found = _SCHEME.match(spelling)
        if found and found[1].lower() not in ("http", "https") and not _is_host_and_port(spelling):
            return True
    return False


def _is_host_and_port(text: str) -> bool:
    return re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+:\d+(/|$)", text, re.IGNORECASE) is not None


def _path(path: str) -> str:
    """Dot segments removed (RFC 3986 5.2.4), no slash at the end but the root's."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
    return "/" + "/".join(kept).rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if not _is_tracker(name.lower(), value)])


def _is_tracker(name: str, value: str) -> bool:
    return (
        name in _TRACKERS
        or name.startswith(_TRACKER_PREFIXES)
        or (name, value.lower()) in _AMP
        or (name in _ORIGINS and _ORIGIN_VALUE.match(value) is not None)
    )


# --- texts ------------------------------------------------------------------------------------------------------


def clean_text(text: str) -> str:
    """`text` as both databases and XML can hold it (H11); line ends are `\\n`. What only looks odd is kept (H12)."""
    return text if _is_storable(text) else _UNSTORABLE.sub("", _LINE_END.sub("\n", text))


def _is_storable(text: str) -> bool:
    """Whether a quick look finds nothing that is to be dropped; where it says no, there may be nothing all the same."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    if len(data.translate(None, _CONTROLS)) != len(data):
        return False
    return len(data) == len(text) or not any(rare.search(data) for rare in _RARE_BYTES)


def clean_line(text: str) -> str:
    """`clean_text` on one line, without space at the ends: for titles and names."""
    if " " not in text and text.isascii() and text.isprintable():
        return text
    return " ".join(clean_text(text).split())


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters; what was cut shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def normal_title(title: str) -> str:
    """The title for comparing (H12): NFKC, case folded, invisible marks dropped, white space collapsed."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return _SPACE.sub(" ", visible).strip()
