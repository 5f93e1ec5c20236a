"""One entry of a feed, from whatever reader, made safe to keep: identity (H14), limits (H13), characters (H11)."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import Credit, CreditKind, Entry
from monitor.stages.canonical import (
    DATE_LIMIT,
    GUID_LIMIT,
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    canonical_url,
    clean_line,
    clean_text,
    cut,
    host_of,
    openable_url,
)
from monitor.stages.dates import read_date

MAX_ENTRIES = 2_000  # the newest of one document (H13)

# Tags that people put into titles; anything else between angle brackets is text, such as the T of Vec<T>.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|img|ins|li|mark|p|q|s|script|small|span|strong|style|sub|sup"
    r"|tt|u|ul|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
MAX_CREDITS = 5  # of an entry
_RELATIONS = {
    "via": CreditKind.VIA,
    "syndication": CreditKind.SYNDICATION,
    "canonical": CreditKind.SYNDICATION,
    "original": CreditKind.SYNDICATION,
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """What a reader found, as it stood."""

    guid: str | None = None
    links: Sequence[str | None] = ()  # best first
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    source: str | None = None  # dc:source
    source_title: str | None = None  # of the feed that the entry was taken from
    source_url: str | None = None
    relations: Sequence[tuple[str | None, str | None]] = ()  # (rel, href) of the entry's links


def make_entry(raw: RawEntry, *, base: str) -> tuple[Entry, tuple[str, ...]]:
    """The entry, its links resolved against `base`, and the names of the limits that were applied to it."""
    notes: list[str] = []
    url = _first_url(raw.links, base)
    if url is None and any(link and len(link) > GUID_LIMIT for link in raw.links):
        notes.append("url")
    title = plain_title(raw.title or "")
    published, updated = _line(raw.published, DATE_LIMIT), _line(raw.updated, DATE_LIMIT)
    summary = _text(raw.summary, SUMMARY_LIMIT, "summary", notes)
    content = _text(raw.content, TEXT_LIMIT, "content", notes)
    if len(title) > TITLE_LIMIT:
        notes.append("title")
    entry = Entry(
        guid=_identity(raw.guid, url or next((link for link in raw.links if link), None), title, content or summary),
        url=url,
        title=cut(title, TITLE_LIMIT),
        published=published,
        published_at=read_date(published),
        updated=updated,
        updated_at=read_date(updated),
        author=_line(raw.author, NAME_LIMIT),
        summary=None if summary == content else summary,
        content=content,
        language=_language(raw.language),
        credits=_credits(raw, base) if raw.source or raw.source_title or raw.source_url or raw.relations else (),
    )
    return entry, tuple(notes)


def _credits(raw: RawEntry, base: str) -> tuple[Credit, ...]:
    """Whom the entry names as the source of its words: dc:source, source, atom:source, rel=via and the like."""
    found = [
        _credit(CreditKind.DC_SOURCE, raw.source, None, base, "dc:source"),
        _credit(CreditKind.DC_SOURCE, raw.source_title, raw.source_url, base, "source"),
    ]
    for rel, href in raw.relations:
        kind = _RELATIONS.get((rel or "").lower())
        if kind is not None and href:
            found.append(_credit(kind, None, href, base, f"rel={rel}"))
    return tuple(dict.fromkeys(credit for credit in found if credit is not None))[:MAX_CREDITS]


def _credit(kind: CreditKind, name: str | None, link: str | None, base: str, said_by: str) -> Credit | None:
    said = plain_title(name or "")
    if "://" in said:
        said, link = "", link or said
    key = canonical_url(link, base) if link else None
    named = cut(said or host_of(key or ""), NAME_LIMIT)
    return Credit(kind=kind, name=named, url=key, quote=f"{said_by}: {cut(said or key or '', 120)}") if named else None


def _first_url(links: Sequence[str | None], base: str) -> str | None:
    for link in links:
        if link is not None and (url := openable_url(link, base)) is not None:
            return url
    return None


def plain_title(title: str) -> str:
    """A title on one line, as text: tags that publishers put there and entities are read, other brackets kept."""
    text = _INLINE.sub("", title) if "<" in title else title
    if "&" in text:
        text = html.unescape(text)
    return clean_line(text)


def limit_notes(limits: Sequence[str]) -> tuple[str, ...]:
    """For the operator: which limits were applied, and how often (H13)."""
    return tuple(f"{name} cut to its limit in {limits.count(name)} entries" for name in sorted(set(limits)))


def _identity(guid: str | None, link: str | None, title: str, text: str | None) -> str:
    """guid, else link, else a digest of title and text (H14). One that is too long keeps a digest of all of it."""
    named = clean_line(guid or "") or clean_line(link or "")
    if not named:
        return "digest:" + hashlib.sha256(f"{title}\x00{text or ''}".encode()).hexdigest()
    if len(named) > GUID_LIMIT:
        return named[: GUID_LIMIT - 65] + "#" + hashlib.sha256(named.encode()).hexdigest()
    return named


def _line(text: str | None, limit: int) -> str | None:
    return cut(clean_line(text), limit) or None if text else None


def _text(text: str | None, limit: int, name: str, notes: list[str]) -> str | None:
    cleaned = clean_text(text).strip() if text else ""
    if len(cleaned) > limit:
        notes.append(name)
    return cut(cleaned, limit) or None


def _language(tag: str | None) -> str | None:
    found = _LANGUAGE.fullmatch(tag.strip()) if tag else None
    return found[0].replace("_", "-")[:35] if found else None
