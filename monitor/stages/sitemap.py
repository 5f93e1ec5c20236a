"""Sitemap bytes → what is new in them: sitemaps, news sitemaps, indexes, text sitemaps, each plain or gzip.

Read as a stream (sitemaps.org protocol 0.9 allows 50,000 URLs and 50 MB): what is held is one element, the digests of
all URLs, and at most MAX_ENTRIES new entries. Nothing is expanded, nothing is fetched, whatever the document declares
(H8). Runs in a worker that can be killed (H27).
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from monitor.model import Entry, Failure, ParsedFeed, Part, ReadSitemap, Unparsable
from monitor.stages.canonical import DATE_LIMIT, TITLE_LIMIT, clean_line, cut, host_of, openable_url, registrable_domain
from monitor.stages.charset import decode
from monitor.stages.dates import read_date
from monitor.stages.entry import MAX_ENTRIES, RawEntry, limit_notes, make_entry
from monitor.stages.inflated import GZIP, Inflated, TooLarge
from monitor.stages.known import pack, unpack, url_digest

MAX_URLS = 50_000  # of one document; the protocol's own limit
MAX_BYTES = 50_000_000  # of one document once inflated; the protocol's own limit
MAX_PARTS = 2_000  # documents of one index that are followed: the newest, or where nothing is dated the first
MAX_KNOWN = 2 * MAX_URLS  # digests that are remembered of one document
NAMESPACES = frozenset(
    {
        "http://www.sitemaps.org/schemas/sitemap/0.9",
        "https://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.google.com/schemas/sitemap/0.84",
        "http://www.google.com/schemas/sitemap/0.9",
    }
)

_HEAD = 4_096
_DECLARING = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL)
_HTML_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "feed", "RDF"})
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LOC_LIMIT = 4_096  # characters of a <loc>; more is no URL of ours (URL_LIMIT)


def read_sitemap(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    known: bytes | None = None,
    since: datetime | None = None,
    takes_undated: bool = False,
) -> ReadSitemap | Unparsable:
    """What the document, answered at `url`, names that is not in `known`, the digests of what it named before.

    Where it was never read (`known` is None), only news items are new, what is dated after `since` (everything dated,
    where that is None), and what bears no date if `takes_undated`. All that it names is in the answer's `known`.
    """
    if not body.strip():
        return _none_such("the body is empty")
    reading = _Reading(url=url, known=known, since=since, takes_undated=takes_undated)
    try:
        start = Inflated(body, MAX_BYTES).read(_HEAD) if body.startswith(GZIP) else body[:_HEAD]
        if refusal := _refuse(start, content_type):
            return refusal
        if _is_text(start):
            reading.read_text(body, content_type)
        elif refusal := reading.read_xml(body):
            return refusal
    except TooLarge:
        return Unparsable(
            kind=Failure.TOO_LARGE, detail=f"over {MAX_BYTES} bytes once inflated; a sitemap may have no more"
        )
    except zlib.error as error:
        return Unparsable(kind=Failure.UNPARSABLE, detail=f"broken gzip: {error}")
    return reading.result()


def read_whole_sitemap(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed | Unparsable:
    """The document as if nothing of it were known: its newest entries, or the parts of an index. For a first look."""
    read = read_sitemap(body, url=url, content_type=content_type, known=b"")
    if isinstance(read, Unparsable):
        return read
    return ParsedFeed(
        format=read.format,
        title="",
        entries=read.entries,
        parts=read.parts,
        language=next((entry.language for entry in read.entries if entry.language), None),
        is_malformed=read.is_malformed,
        notes=read.notes,
    )


# --- before the parser ------------------------------------------------------------------------------------------


def _refuse(start: bytes, content_type: str | None) -> Unparsable | None:
    """What is no sitemap, and what must not reach a parser (H8)."""
    if _DECLARING.search(start):
        detail = "refused: the document declares entities or elements of its own; no sitemap does"
        return Unparsable(kind=Failure.UNPARSABLE, detail=detail)
    text, _ = decode(start, content_type)
    if _HTML.match(text):
        found = _HTML_TITLE.search(text)
        return _none_such("an HTML page" + (f" titled “{cut(clean_line(found[1]), 80)}”" if found else ""))
    return None


def _none_such(what: str) -> Unparsable:
    return Unparsable(kind=Failure.NOT_A_FEED, detail=f"not a sitemap: {what}")


def _is_text(start: bytes) -> bool:
    """A list of URLs, one a line."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*https?://", start, re.IGNORECASE) is not None


# --- the document -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Found:
    """One <url> or <sitemap>, as it stood."""

    loc: str = ""
    modified: str | None = None
    news_title: str | None = None
    news_date: str | None = None
    news_language: str | None = None
    is_news: bool = False


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One document on its way."""

    url: str
    known: bytes | None
    since: datetime | None
    takes_undated: bool
    format: str = "sitemap"
    digests: set[int] = field(default_factory=set)
    new: list[_Found] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    shared_count: int = 0
    new_count: int = 0
    foreign_count: int = 0
    relative_count: int = 0
    is_malformed: bool = False
    notes: list[str] = field(default_factory=list)
    past: frozenset[int] = frozenset()
    too_old: str = ""  # days before this one are before `since` in every time zone

    def __post_init__(self) -> None:
        self.past = frozenset(unpack(self.known or b""))
        self.too_old = "" if self.since is None else (self.since - timedelta(days=2)).date().isoformat()

    # --- what it names

    def read_text(self, body: bytes, content_type: str | None) -> None:
        self.format = "text-sitemap"
        stream = _opened(body)
        raw = b"".join(iter(lambda: stream.read(65_536), b""))
        text, note = decode(raw, content_type)
        if note:
            self.notes.append(note)
        for line in text.splitlines():
            if not self._take(_Found(loc=line.strip()[:_LOC_LIMIT])):
                break

    def read_xml(self, body: bytes) -> Unparsable | None:
        """Element by element; a document that breaks off is read up to there (H25)."""
        stream = (
            Inflated(body, MAX_BYTES) if body.startswith(GZIP) else io.BytesIO(body.lstrip(b"\xef\xbb\xbf \t\r\n\x00"))
        )
        root: etree._Element | None = None
        held: _Found | None = None  # one behind: where a document breaks off, its last URL may be half of one
        events = etree.iterparse(
            stream,
            events=("end",),
            tag=("{*}url", "{*}sitemap"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                if root is None:
                    root = element.getroottree().getroot()
                    if refusal := self._begin(root):
                        return refusal
                is_more = held is None or self._take(held)
                held = _found(element)
                _forget(element)
                if not is_more:
                    held = None
                    break
        except etree.XMLSyntaxError as error:
            self._damaged(str(error))
        if root is None:
            if events.root is None:
                return _none_such("no XML")
            if refusal := self._begin(events.root):
                return refusal
        if held is not None and not any(
            error.type == etree.ErrorTypes.ERR_TAG_NOT_FINISHED for error in events.error_log
        ):
            self._take(held)
        if errors := [error for error in events.error_log if error.level >= 2]:
            self._damaged(errors[0].message)
        return None

    def _begin(self, root: etree._Element) -> Unparsable | None:
        name = _name(root)
        if name in _FEED_ROOTS:
            return _none_such("a feed; name it in feeds.yaml as kind: feed")
        if name not in ("urlset", "sitemapindex"):
            return _none_such(f"XML whose root is <{cut(clean_line(name), 40)}>")
        if name == "sitemapindex":
            self.format = "sitemap-index"
        namespace = str(root.tag)[1:].rpartition("}")[0]  # etree.QName refuses what a mended document may hold
        if namespace not in NAMESPACES:
            said = f"namespace {cut(clean_line(namespace), 80)}" if namespace else "no namespace"
            self.notes.append(f"it has {said} where sitemaps.org asks for its own; read all the same")
        return None

    def _take(self, found: _Found) -> bool:
        """One URL or part; False where the document has more than is read."""
        if len(self.digests) >= MAX_URLS:
            self.notes.append(f"over {MAX_URLS} URLs: the rest was not read")
            return False
        if self.format == "sitemap-index":
            self._take_part(found)
            return True
        if not found.loc and self.format == "text-sitemap":
            return True
        if not _SCHEME.match(found.loc):
            self.relative_count += 1
            return True
        digest = url_digest(found.loc)
        if digest in self.digests:
            return True
        self.digests.add(digest)
        if found.is_news:
            self.format = "news-sitemap"
        if digest in self.past:
            self.shared_count += 1
        elif self.known is not None or self._is_recent(found):
            self.new_count += 1
            self.new.append(found)
            if len(self.new) > 4 * MAX_ENTRIES:
                self.new = _newest(self.new)
        return True

    def _is_recent(self, found: _Found) -> bool:
        """Whether it is new although nothing is known of the document."""
        if found.is_news:
            return True
        if self.too_old and _ISO_DAY.match(found.modified or "") and (found.modified or "")[:10] < self.too_old:
            return False  # most of a large sitemap is old, and reading dates costs
        dated_at = read_date(found.modified)
        if dated_at is None:
            return self.takes_undated
        return self.since is None or dated_at >= self.since

    def _take_part(self, found: _Found) -> None:
        url = openable_url(found.loc, self.url)
        if url is None or url_digest(url) in self.digests:
            return
        self.digests.add(url_digest(url))
        if registrable_domain(url) != registrable_domain(self.url):
            self.foreign_count += 1
        else:
            self.parts.append(Part(url=url.partition("#")[0], modified=_line(found.modified)))

    def _damaged(self, complaint: str) -> None:
        self.is_malformed = True
        self.notes.append(cut(clean_line(f"malformed: {complaint}"), 200))

    # --- what came of it

    def result(self) -> ReadSitemap | Unparsable:
        new = _newest(self.new)
        if self.new_count > len(new):
            self.notes.append(f"{self.new_count} new URLs: only the {MAX_ENTRIES} newest were taken")
        if self.foreign_count:
            self.notes.append(f"parts on other sites than {host_of(self.url)} were left out: {self.foreign_count}")
        if self.relative_count:
            self.notes.append(f"places without an absolute URL were left out: {self.relative_count}")
        parts = _newest_parts(self.parts)
        if len(self.parts) > len(parts):
            self.notes.append(f"{len(self.parts)} parts: only {MAX_PARTS} are followed")
        made = [_entry(found, self.url) for found in new]
        self.notes.extend(limit_notes([name for _, names in made for name in names]))
        return ReadSitemap(
            format=self.format,
            entries=tuple(entry for entry, _ in made if entry.url is not None),
            parts=parts,
            known=pack(self._remembered()),
            url_count=len(self.digests),
            shared_count=self.shared_count,
            is_malformed=self.is_malformed,
            notes=tuple(self.notes),
        )

    def _remembered(self) -> Iterable[int]:
        """What it names, and, so that a bad day forgets nothing, as much of what it named as there is room for."""
        if self.format == "sitemap-index":
            return ()
        gone = self.past - self.digests
        room = MAX_KNOWN - len(self.digests)
        return self.digests.union(gone if len(gone) <= room else sorted(gone)[:room])


def _opened(body: bytes) -> io.RawIOBase | io.BytesIO:
    return Inflated(body, MAX_BYTES) if body.startswith(GZIP) else io.BytesIO(body.lstrip(b"\xef\xbb\xbf \t\r\n\x00"))


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _found(element: etree._Element) -> _Found:
    found = _Found()
    for child in element:
        match _name(child):
            case "loc":
                whole = child.text if not len(child) else None  # what is not expanded would be missing from it
                found.loc = found.loc or (whole or "").strip()[:_LOC_LIMIT]
            case "lastmod":
                found.modified = (child.text or "").strip()[:DATE_LIMIT] or None
            case "news":
                _read_news(child, found)
    return found


def _read_news(news: etree._Element, found: _Found) -> None:
    found.is_news = True
    for child in news.iter():
        match _name(child):
            case "title":
                found.news_title = child.text
            case "publication_date":
                found.news_date = _line(child.text)
            case "language":
                found.news_language = _line(child.text)


def _line(text: str | None) -> str | None:
    return cut(clean_line(text), DATE_LIMIT) or None if text else None


def _forget(element: etree._Element) -> None:
    """Free what was read: the element, and its elder siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (elder := element.getprevious()) is not None:
        parent.remove(elder)


def _newest(found: list[_Found]) -> list[_Found]:
    """At most MAX_ENTRIES of them, in document order: those dated last, and those without a date before all."""
    if len(found) <= MAX_ENTRIES:
        return found
    dates = [read_date(each.news_date or each.modified) for each in found]
    ranked = sorted(range(len(found)), key=lambda n: (dates[n] is not None, -(dates[n] or _EPOCH).timestamp()))
    return [found[n] for n in sorted(ranked[:MAX_ENTRIES])]


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _newest_parts(parts: list[Part]) -> tuple[Part, ...]:
    if len(parts) <= MAX_PARTS:
        return tuple(parts)
    dates = [read_date(part.modified) or _EPOCH for part in parts]
    ranked = sorted(range(len(parts)), key=lambda n: -dates[n].timestamp())
    return tuple(parts[n] for n in sorted(ranked[:MAX_PARTS]))


def _entry(found: _Found, base: str) -> tuple[Entry, tuple[str, ...]]:
    raw = RawEntry(
        guid=found.loc,
        links=[found.loc],
        title=cut(found.news_title or "", 2 * TITLE_LIMIT),
        published=found.news_date,
        updated=found.modified,
        language=found.news_language,
    )
    return make_entry(raw, base=base)
