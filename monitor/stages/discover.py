"""What an address turns out to be: which kind a document is, where else to look, what to call it, what comes first.

Pure: what is asked of the web, and in which order, is `jobs/discover.py`'s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from protego import Protego

from monitor.model import Entry, Finding, Kind, ParsedFeed
from monitor.stages.canonical import canonical_url, clean_line, cut, registrable_domain
from monitor.stages.charset import decode
from monitor.stages.survey import Alternate, Survey, feed_href, is_status_host

MOST_GUESSES = 6  # addresses that nothing names and that are tried all the same
MOST_SITEMAPS = 2  # of those that robots.txt names
FULL_TEXT = 500  # characters of content from which an entry holds the article itself
ID_LIMIT = 60

_FIRST_TAG = re.compile(
    r"\s*(?:<\?[^>]{0,500}\?>\s*|<!--.*?-->\s*|<!doctype[^<>]{0,1000}>\s*)*<(?:[\w.-]{1,40}:)?([A-Za-z][\w-]*)",
    re.IGNORECASE | re.DOTALL,
)
_ROOTS = {
    **dict.fromkeys(("html", "head", "body"), Kind.PAGE),
    **dict.fromkeys(("urlset", "sitemapindex"), Kind.SITEMAP),
    **dict.fromkeys(("rss", "feed", "rdf", "channel"), Kind.FEED),
}
_SITEMAP = re.compile(r"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|RDF|channel)\b")
_JSON = re.compile(r"\s*[{\[]")
_URL_LIST = re.compile(r"\s*https?://\S+\s*(?:\n\s*https?://\S+\s*)*", re.IGNORECASE)
_UPDATE = re.compile(
    r"\b(?:investigating|identified|monitoring|resolved|postmortem|scheduled|in progress|completed|update|mitigated)\b",
    re.IGNORECASE,
)
_UPDATE_MARKUP = re.compile(
    r"<(?:strong|b)>\s*(?:investigating|identified|monitoring|resolved|update|scheduled|completed|in progress"
    r"|postmortem)\s*</|status\s*:\s*(?:investigating|identified|monitoring|resolved)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"\bcomments?\b|\bkommentare?\b|\bcommentaires?\b|\bcomentarios\b", re.IGNORECASE)
_STATUS_PATHS = ("/history.atom", "/history.rss", "/feed.atom", "/feed.rss")
_GENERATORS = (  # word of <meta name=generator> → paths, `.` for beside the page itself
    ("wordpress", ("./feed/", "/feed/")),
    ("ghost", ("/rss/",)),
    ("hugo", ("./index.xml", "/index.xml")),
    ("jekyll", ("/feed.xml", "/atom.xml")),
    ("gatsby", ("/rss.xml",)),
    ("drupal", ("./feed", "/rss.xml")),
    ("joomla", ("./?format=feed&type=rss",)),
    ("blogger", ("/feeds/posts/default",)),
    ("squarespace", ("./?format=rss",)),
    ("webflow", ("./rss.xml",)),
    ("docusaurus", ("./rss.xml", "/blog/rss.xml")),
    ("discourse", ("/latest.rss",)),
)
_USUAL = ("./feed", "./rss.xml", "/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
_FORMS = {"atom10": 0, "atom03": 1, "rss20": 2, "json11": 3, "json1": 4, "json10": 4}
_FORMATS = {
    "atom": "Atom feed",
    "rss": "RSS feed",
    "json": "JSON feed",
    "cdf": "CDF feed",
    "sitemap-index": "sitemap index",
    "news-sitemap": "news sitemap",
    "text-sitemap": "sitemap in plain text",
    "sitemap": "sitemap",
}
_KINDS = {Kind.STATUS: 0, Kind.FEED: 1, Kind.MAILBOX: 1, Kind.SITEMAP: 4, Kind.PAGE: 3}
_NEWS_SITEMAP = 2


# --- addresses --------------------------------------------------------------------------------------------------


def complete_url(text: str) -> tuple[str, str | None]:
    """The address that a person meant, and why it cannot be asked. A missing scheme is https."""
    url = feed_href(clean_line(text))
    if not url:
        return url, "no address was given"
    if url.startswith("//"):
        url = "https:" + url
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(?://|(?!\d+(?:/|$)))", url)
    if scheme is None:
        url = f"https://{url}"
    elif scheme[1].lower() not in ("http", "https", "imap", "imaps"):
        return url, f"{cut(url, 80)} is neither http nor https nor a mailbox (imaps://)"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        return url, f"{cut(url, 80)} is not an address: {error}"
    if not host or " " in host or ("." not in host and ":" not in host and host != "localhost"):
        return url, f"{cut(url, 80)} names no host"
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), fragment="")), None


def has_scheme(text: str) -> bool:
    """Whether a person named the scheme."""
    return re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]*://", text) is not None


def status_urls(url: str) -> tuple[str, ...]:
    """Where status pages have their feed of incidents."""
    return tuple(urljoin(url, path) for path in _STATUS_PATHS)


def usual_urls(url: str, survey: Survey) -> tuple[str, ...]:
    """Where feeds often are: first as whoever made the page has them, then as many do. At most MOST_GUESSES."""
    generator = survey.generator.lower()
    hinted = [path for word, paths in _GENERATORS if word in generator for path in paths]
    parts = urlsplit(url)
    folder = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", "", ""))
    is_file = re.search(r"\.[a-z]{3,5}$", parts.path.rstrip("/"), re.IGNORECASE) is not None
    if is_file:
        folder = urljoin(url, ".")
    urls = [urljoin(folder, path) for path in (*hinted, *_USUAL)]
    known = {canonical_url(alternate.url) for alternate in survey.alternates}
    return tuple(dict.fromkeys(u for u in urls if canonical_url(u) not in known))[:MOST_GUESSES]


def robots_url(url: str) -> str:
    """Where the site's robots.txt is."""
    return urljoin(url, "/robots.txt")


class Robots:
    """What a robots.txt says: the sitemaps it names, and whether an address may be asked (RFC 9309)."""

    def __init__(self, body: bytes, *, product: str = "Monitor") -> None:
        self._rules = Protego.parse(decode(body)[0])
        self._product = product

    def allows(self, url: str) -> bool:
        """Whether it lets us ask for `url`."""
        return bool(self._rules.can_fetch(url, self._product))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps it names on the site of `url`, those of news first."""
        home = registrable_domain(url)
        named = [urljoin(url, clean_line(str(each))) for each in self._rules.sitemaps]
        own = [each for each in dict.fromkeys(named) if canonical_url(each) and registrable_domain(each) == home]
        return tuple(sorted(own[:200], key=lambda each: "news" not in each.lower()))


# --- documents --------------------------------------------------------------------------------------------------


def sniff_kind(body: bytes, content_type: str | None = None) -> Kind | None:
    """What a document looks to be; None where it looks like nothing that can be followed."""
    if body.startswith(b"\x1f\x8b"):
        return Kind.SITEMAP
    text = decode(body[:20_000], content_type)[0].lstrip("\ufeff")
    first = _FIRST_TAG.match(text)
    if first and (kind := _ROOTS.get(first[1].lower())):
        return kind
    if re.match(r"\s*<!doctype\s+html\b", text, re.IGNORECASE):
        return Kind.PAGE
    if _SITEMAP.search(text):
        return Kind.SITEMAP
    if _FEED.search(text) or (_JSON.match(text) and "jsonfeed" in text[:4_000]):
        return Kind.FEED
    if _URL_LIST.fullmatch(text[: text.rfind("\n") + 1] or text):
        return Kind.SITEMAP
    if "<" in text and re.search(r"<(?:a|div|p|table|title|meta|link)\b", text, re.IGNORECASE):
        return Kind.PAGE
    return Kind.FEED if _JSON.match(text) or text.lstrip().startswith("<?xml") else None


def is_status_feed(feed: ParsedFeed, url: str) -> bool:
    """Whether a feed tells of outages and what was done about them, as status pages do."""
    path = urlsplit(url).path.lower()
    is_placed = is_status_host(url) or path.endswith(("/history.atom", "/history.rss"))
    is_named = re.search(r"\bstatus\b|incident history", feed.title, re.IGNORECASE) is not None
    if not feed.entries:
        return is_placed and is_named
    texts = [f"{entry.content or ''} {entry.summary or ''}" for entry in feed.entries[:30]]
    marked = sum(_UPDATE_MARKUP.search(text) is not None for text in texts)
    worded = sum(_UPDATE.search(f"{text} {e.title}") is not None for text, e in zip(texts, feed.entries, strict=False))
    if marked * 2 >= len(texts):
        return is_placed or is_named
    return is_placed and is_named and worded * 2 >= len(texts)


def is_full_text(entries: Sequence[Entry]) -> bool:
    """Whether most entries hold the article itself."""
    full = sum(len(entry.content or entry.summary or "") >= FULL_TEXT for entry in entries)
    return bool(entries) and full * 2 >= len(entries)


def is_comments(alternate: Alternate | None, feed: ParsedFeed, url: str) -> bool:
    """Whether a feed brings what readers say, not what the publisher says."""
    said = f"{alternate.title if alternate else ''} {feed.title} {urlsplit(url).path}"
    return _COMMENTS.search(said) is not None


def newest(entries: Iterable[Entry], count: int) -> tuple[Entry, ...]:
    """The newest few, by their own dates; those without one stay where the document has them."""
    told = list(entries)
    ranked = sorted(range(len(told)), key=lambda n: (-_stamp(told[n]), n))
    return tuple(told[n] for n in ranked[:count])


def _stamp(entry: Entry) -> float:
    dated = entry.published_at or entry.updated_at
    return dated.timestamp() if dated is not None else 0.0


# --- order ------------------------------------------------------------------------------------------------------


def ranked(findings: Sequence[Finding], *, asked: str) -> tuple[Finding, ...]:
    """Best first: what tells of outages, full texts, what stands nearest to the address; comments last.

    Of feeds that say the same in several formats only the best stays.
    """
    place = {id(finding): n for n, finding in enumerate(findings)}
    ordered = sorted(findings, key=lambda finding: (*_rank(finding, asked), place[id(finding)]))
    kept: list[Finding] = []
    for finding in ordered:
        if not any(_is_same(finding, other) for other in kept):
            kept.append(finding)
    return tuple(kept)


def _rank(finding: Finding, asked: str) -> tuple[int, int, int, int, int]:
    kind = _KINDS[finding.kind]
    if finding.format == "news-sitemap":
        kind = _NEWS_SITEMAP
    is_reading_out = finding.kind is Kind.FEED and _COMMENTS.search(f"{finding.title} {urlsplit(finding.url).path}")
    is_empty = finding.entry_count == 0 and finding.kind is not Kind.STATUS and finding.format != "sitemap-index"
    folder = urlsplit(asked).path.rstrip("/")
    is_near = canonical_url(finding.url) == canonical_url(asked) or (
        len(folder) > 1 and urlsplit(finding.url).path.startswith(folder)
    )
    return (
        10 if is_reading_out else kind,
        int(is_empty),
        0 if is_near else 1,
        0 if is_full_text(finding.entries) else 1,
        _FORMS.get(finding.format, 9),
    )


def _is_same(finding: Finding, other: Finding) -> bool:
    if finding.kind is not other.kind or finding.kind is Kind.PAGE:
        return False
    if canonical_url(finding.url) == canonical_url(other.url):
        return True
    ours = {canonical_url(entry.url) or entry.title for entry in finding.entries}
    return bool(ours) and ours == {canonical_url(entry.url) or entry.title for entry in other.entries}


# --- names ------------------------------------------------------------------------------------------------------


def suggest_name(*, title: str, site_name: str, url: str, kind: Kind) -> str:
    """What to call the source: as it calls itself, with the site's name where that says more."""
    own = re.sub(
        r"\s*[-|–—:]\s*(?:rss|atom|feed|all (?:posts|articles))(?: feed)?\s*$",
        "",
        clean_line(title),
        flags=re.IGNORECASE,
    )
    own = re.sub(r"\s*[-–—|]\s*incident history\s*$", "", own, flags=re.IGNORECASE) or site_name
    if kind in (Kind.PAGE, Kind.SITEMAP) and site_name and own and site_name.lower() not in own.lower():
        own = f"{site_name}: {own}"
    if kind is Kind.SITEMAP and site_name:
        own = site_name
    return cut(own or site_name or registrable_domain(url), 120)


def suggest_id(*, name: str, url: str, kind: Kind) -> str:
    """An id as feeds.yaml takes them: the site's name, and what tells this source from its others."""
    site = registrable_domain(url).split(".")[0]
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    sub = host.removesuffix(registrable_domain(url)).rstrip(".").split(".")[-1]
    words = [site]
    if sub and sub not in ("feeds", "rss", "m") and sub not in site:
        words.append(sub)
    segments = [_slug(unquote(part)) for part in urlsplit(url).path.split("/") if part]
    plain = [
        s
        for s in segments
        if s
        and not re.fullmatch(
            r"(?:feeds?|rss2?|atom|index|sitemap.*|default|posts|en|xml|html|history|all)(?:-(?:xml|rss|atom|json|html|php|gz))*|\d+",
            s,
        )
    ]
    if plain:
        words.append(re.sub(r"-(?:xml|rss|atom|json|html|php|gz)$", "", plain[0])[:30])
    if kind is Kind.STATUS and not any("status" in word for word in words):
        words.append("status")
    if kind is Kind.SITEMAP and len(words) == 1:
        words.append("sitemap")
    made = _slug("-".join(dict.fromkeys(filter(None, map(_slug, words)))))
    return (made or _slug(name) or "source")[:ID_LIMIT].rstrip("-.")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


# --- sentences ----------------------------------------------------------------------------------------------------


def why_found(kind: Kind, read: ParsedFeed, *, how: str, count: int, is_comments: bool) -> str:
    """One sentence: what it is, how it was found, and what is to be known."""
    form = next((said for word, said in _FORMATS.items() if read.format.startswith(word)), "feed")
    if kind is Kind.STATUS:
        return f"a status page's feed of {count} outages; {how}"
    if read.parts:
        return f"a sitemap index of {len(read.parts)} parts, of which only what is new becomes an entry; {how}"
    if kind is Kind.SITEMAP:
        return f"a {form} of {count} URLs, of which only what is new becomes an entry; {how}"
    said = f"{_article(form)} {form} of {count} {'entry' if count == 1 else 'entries'}"
    if is_comments:
        return f"{said}, but of readers' comments; {how}"
    return f"{said}{', with full texts' if is_full_text(read.entries) else ''}; {how}"


def _article(form: str) -> str:
    return "an" if form[0] in "AR" else "a"
