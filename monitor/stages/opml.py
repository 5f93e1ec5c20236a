"""OPML → outlines and complaints, and sources → OPML 2.0.

Read tag by tag, without an XML parser: no entity but those of HTML is ever expanded, nothing is fetched, and a document
that is broken somewhere gives all the outlines before and after. One pass, each letter looked at a fixed number of
times; limits stand before the reading (H30).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from w3lib.url import safe_url_string

from monitor.errors import FaultyFile
from monitor.model import Complaint, Kind, Source
from monitor.stages.address import url_fault
from monitor.stages.canonical import clean_line, cut
from monitor.stages.charset import decode

MAX_BYTES = 10_000_000
MAX_OUTLINES = 100_000
MAX_TAGS = 3 * MAX_OUTLINES  # of any kind
MAX_DEPTH = 50
MAX_LANGUAGE = 35  # RFC 5646, 4.4.1
MAX_COMPLAINTS = 500  # kept; all are counted

_TAG = re.compile(r"</?([A-Za-z][\w:.-]{0,40})")
_ATTRIBUTE = re.compile(r"""\s*([A-Za-z_][\w:.-]{0,60})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_END = re.compile(r"\s*(/?)>")
_SUBSET_END = re.compile(r"\]\s*>")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription of a list."""

    line: int
    url: str  # without fault for its kind
    kind: Kind = Kind.FEED
    title: str = ""
    language: str | None = None
    words: tuple[str, ...] = ()  # its categories, then the folders around it, innermost first


@dataclass(slots=True, kw_only=True)
class Outlines:
    """What a list says: the good lines, and why the others are not among them."""

    outlines: list[Outline] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    refused_count: int = 0  # also of those whose complaint was not kept


def read_opml(body: bytes, *, file: str) -> Outlines:
    """The subscriptions of an OPML file; raises FaultyFile where it is too large or no OPML at all."""
    if len(body) > MAX_BYTES:
        raise _unreadable(file, f"has {len(body):,} bytes; at most {MAX_BYTES:,} are read")
    text, _ = decode(body)
    reading = _Reading(file)
    for line, tag in _tags(text, reading):
        if not reading.take(line, tag):
            break
    if not reading.is_opml:
        raise _unreadable(file, "is not OPML: it has no <opml> element")
    return reading.found


@dataclass(slots=True)
class _Tag:
    name: str
    is_end: bool = False
    is_empty: bool = False
    is_whole: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


class _Reading:
    """One reading: the folders that are open, and what was found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found = Outlines()
        self.is_opml = False
        self._open: list[str] = []
        self._count = 0

    def complain(self, line: int, subject: str, reason: str) -> None:
        self.found.refused_count += 1
        if len(self.found.complaints) < MAX_COMPLAINTS:
            subject = cut(clean_line(subject), 80) or "an outline"
            self.found.complaints.append(Complaint(file=self.file, line=line, subject=subject, reason=reason))

    def take(self, line: int, tag: _Tag) -> bool:
        """Take one tag in; False where reading ends."""
        if tag.name == "opml":
            self.is_opml = True
        if tag.name != "outline" or not self.is_opml:
            return True
        if tag.is_end:
            if self._open:
                self._open.pop()
            return True
        self._count += 1
        if self._count > MAX_OUTLINES:
            self.complain(line, "the file", f"has more than {MAX_OUTLINES:,} outlines: the rest was not read")
            return False
        self._outline(line, tag)
        if not tag.is_empty:
            self._open.append(_title(tag))
        return True

    def _outline(self, line: int, tag: _Tag) -> None:
        title, url = _title(tag), tag.attributes.get("xmlurl", "").strip()
        if not tag.is_whole:
            self.complain(line, title, "the outline is malformed: a quote or > is missing")
            return
        kind = _kind(tag)
        if not url and tag.attributes.get("type", "").lower() in {"link", "include"}:
            if kind is Kind.FEED:
                self.complain(line, title, "is a link, not a subscription: it was not followed")
                return
            url = tag.attributes.get("url", "").strip()
        if not url:
            if "xmlurl" in tag.attributes:
                self.complain(line, title, "has no address")
            return  # a folder
        if len(self._open) >= MAX_DEPTH:
            self.complain(line, title, f"is nested more than {MAX_DEPTH} deep")
            return
        url = _spelled(url)
        if (fault := url_fault(url, kind)) is not None:
            self.complain(line, title, fault)
            return
        language = tag.attributes.get("language", "").strip()[:MAX_LANGUAGE]
        self.found.outlines.append(
            Outline(
                line=line,
                url=url,
                kind=kind,
                title=title,
                language=language if _LANGUAGE.fullmatch(language) else None,
                words=(*_categories(tag), *(folder for folder in reversed(self._open) if folder)),
            )
        )


def _tags(text: str, reading: _Reading) -> Iterator[tuple[int, _Tag]]:
    """Every start and end tag with its line; comments, instructions and document types are passed over."""
    at, line, counted, tags = 0, 1, 0, 0
    while (at := text.find("<", at)) >= 0:
        tags += 1
        if tags > MAX_TAGS:
            reading.complain(line, "the file", f"has more than {MAX_TAGS:,} tags: the rest was not read")
            return
        line, counted = line + text.count("\n", counted, at), at
        if text.startswith(("<!", "<?"), at):
            if (end := _past_markup(text, at)) < 0:
                reading.complain(line, "the file", "is cut off here: what begins on this line has no end")
                return
            at = end
            continue
        tag, at = _tag(text, at)
        if tag is not None:
            yield line, tag


def _past_markup(text: str, at: int) -> int:
    """Where a comment, CDATA section, instruction or document type ends; -1 where it does not."""
    for start, stop in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
        if text.startswith(start, at):
            end = text.find(stop, at + len(start))
            return end + len(stop) if end >= 0 else -1
    end = text.find(">", at)
    if (subset := text.find("[", at, max(end, at))) >= 0:
        found = _SUBSET_END.search(text, subset)
        return found.end() if found else -1
    return end + 1 if end >= 0 else -1


def _tag(text: str, at: int) -> tuple[_Tag | None, int]:
    """The tag that begins at `at`, and where it ends; a malformed one ends at the next tag."""
    if (head := _TAG.match(text, at)) is None:
        return None, at + 1
    tag = _Tag(head[1].rpartition(":")[2].lower(), is_end=text.startswith("</", at))
    at = head.end()
    while found := _ATTRIBUTE.match(text, at):
        value = found[2] if found[2] is not None else found[3]
        tag.attributes.setdefault(found[1].lower(), html.unescape(value))
        at = found.end()
    if end := _END.match(text, at):
        tag.is_empty = bool(end[1])
        return tag, end.end()
    tag.is_whole, tag.is_empty = False, True
    following = text.find("<", at)
    return tag, following if following >= 0 else len(text)


def _title(tag: _Tag) -> str:
    return cut(clean_line(tag.attributes.get("text", "") or tag.attributes.get("title", "")), 200)


def _categories(tag: _Tag) -> Iterator[str]:
    for path in tag.attributes.get("category", "")[:1_000].split(","):
        yield from (clean_line(word) for word in path.split("/") if word.strip())


def _kind(tag: _Tag) -> Kind:
    """The kind that our own export says; a feed everywhere else."""
    words = list(_categories(tag))
    said = [words[index + 1] for index, word in enumerate(words[:-1]) if word == "kind"]
    return Kind(said[0]) if said and said[0] in set(Kind) else Kind.FEED


def _spelled(url: str) -> str:
    """The address as a request would send it: `feed:` is of browsers long gone, other letters are percent-encoded."""
    url = clean_line(url)
    if url[:5].lower() == "feed:":
        url = url[5:] if url[5:].lower().startswith(("http:", "https:")) else f"http:{url[5:]}"
    if url.isascii() and " " not in url:
        return url
    try:
        return str(safe_url_string(url)) if urlsplit(url).hostname else url
    except (ValueError, UnicodeError):
        return url


def _unreadable(file: str, reason: str) -> FaultyFile:
    return FaultyFile([Complaint(file=file, line=None, subject="the file", reason=reason)])


# --- out ----------------------------------------------------------------------------------------------------------


def write_opml(sources: Sequence[Source], *, title: str) -> bytes:
    """All sources as OPML 2.0, a folder for each origin; read again it gives the same URLs, kinds and origins.

    What is no feed for other readers (pages, sitemaps, mailboxes) is an outline of type link.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "<head>"]
    lines += [f"<title>{html.escape(clean_line(title), quote=False)}</title>", "</head>", "<body>"]
    for origin in sorted({source.origin for source in sources}):
        lines.append(f"<outline text={quoteattr(origin.value)}>")
        lines += [_outline_of(source) for source in sources if source.origin is origin]
        lines.append("</outline>")
    lines += ["</body>", "</opml>", ""]
    return "\n".join(lines).encode("utf-8")


def _outline_of(source: Source) -> str:
    is_feed = source.kind in (Kind.FEED, Kind.STATUS)
    values = {
        "text": clean_line(source.name),
        "title": clean_line(source.name),
        "type": "rss" if is_feed else "link",
        "xmlUrl" if is_feed else "url": source.url,
        "category": f"/{source.origin}/{source.tier}" + ("" if source.kind is Kind.FEED else f",/kind/{source.kind}"),
    }
    if source.language is not None:
        values["language"] = source.language
    return "<outline " + " ".join(f"{key}={quoteattr(value)}" for key, value in values.items()) + "/>"
