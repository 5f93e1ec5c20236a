"""A line of an archive → the article it holds, or a complaint with its line number (H30).

An archive is JSON Lines: `id`, `url`, `title`, `text`, `publisher`, `published`, `language`. Only `id` and a title or a
text are required. An article without `url` gets a key of its own that no browser opens; one without `published` takes
the time of the line before it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.model import Complaint, NewArticle, Origin, Publisher, PublisherId, Tier
from monitor.stages.canonical import (
    NAME_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    URL_LIMIT,
    canonical_url,
    clean_line,
    clean_text,
    cut,
    host_of,
    openable_url,
)

LINE_LIMIT = 8_000_000  # characters of one line: a text of TEXT_LIMIT with every character escaped fits
ID_LIMIT = 500
UNKNOWN_PUBLISHER = "unknown"  # nobody answers for it: such articles are one voice, so that none inflates a count

_NOT_IN_SLUG = re.compile(r"[^\w]+|_+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """One line of an archive."""

    id: str  # in the archive
    canonical_url: str
    url: str
    title: str
    text: str
    publisher: str  # as named, or the host that published it
    host: str | None  # of `url`
    published_at: datetime | None
    language: str | None


def read_line(line: str, *, file: str, number: int) -> ArchivedArticle | Complaint:
    """The article on line `number` of `file`."""
    try:
        return _article(_record(line))
    except _FaultyLine as fault:
        return Complaint(file=file, line=number, subject=fault.subject, reason=fault.reason)


def to_article(archived: ArchivedArticle, *, told_at: datetime, publisher: Publisher | None = None) -> NewArticle:
    """The article with its own time as the newsroom's first sight of it; `publisher` where the register knows it."""
    return NewArticle(
        canonical_url=archived.canonical_url,
        url=archived.url,
        title=archived.title,
        text=archived.text,
        published_at=archived.published_at,
        language=archived.language,
        publisher=publisher_id(archived.publisher) if publisher is None else publisher.id,
        publisher_name=archived.publisher if publisher is None else publisher.name,
        source=None,
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        first_seen_at=told_at,
        note="from an archive",
    )


def publisher_id(name: str) -> PublisherId:
    """A publisher's id from the name it goes by: `BBC News` → bbc-news, `bbc.co.uk` → bbc-co-uk."""
    return PublisherId(
        _NOT_IN_SLUG.sub("-", name.casefold().removeprefix("www.")).strip("-")[:200] or UNKNOWN_PUBLISHER
    )


class _FaultyLine(Exception):
    def __init__(self, subject: str, reason: str) -> None:
        self.subject = subject
        self.reason = reason


def _record(line: str) -> dict[str, Any]:
    if len(line) > LINE_LIMIT:
        raise _FaultyLine("the line", f"is longer than {LINE_LIMIT:,} characters")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _FaultyLine("the line", f"is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise _FaultyLine("the line", "is not a JSON object")
    return record


def _article(record: dict[str, Any]) -> ArchivedArticle:
    archive_id = _id(record)
    title = cut(clean_line(_text(record, "title", archive_id)), TITLE_LIMIT)
    text = clean_text(_text(record, "text", archive_id))[:TEXT_LIMIT].strip()
    if not (title or text):
        raise _FaultyLine(archive_id, "has neither title nor text")
    canonical, url = _urls(_text(record, "url", archive_id).strip(), archive_id, title, text)
    host = host_of(url) if url.startswith("http") else None
    publisher = cut(clean_line(_text(record, "publisher", archive_id)), NAME_LIMIT)
    return ArchivedArticle(
        id=archive_id,
        canonical_url=canonical,
        url=url,
        title=title or cut(clean_line(text), 100),
        text=text,
        publisher=publisher or (host or UNKNOWN_PUBLISHER).removeprefix("www."),
        host=host or None,
        published_at=_published_at(record, archive_id),
        language=_language(record, archive_id),
    )


def _id(record: dict[str, Any]) -> str:
    found = record.get("id")
    if isinstance(found, bool) or not isinstance(found, str | int) or not (cleaned := clean_line(str(found))):
        raise _FaultyLine("the line", "has no id (a text or a whole number)")
    if len(cleaned) > ID_LIMIT:
        raise _FaultyLine("the line", f"has an id of more than {ID_LIMIT} characters")
    return cleaned


def _text(record: dict[str, Any], field: str, subject: str) -> str:
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FaultyLine(subject, f"{field} is not a text")
    return value


def _urls(url: str, archive_id: str, title: str, text: str) -> tuple[str, str]:
    """The canonical and the openable URL. Without one, a key that is the same whenever the archive is read."""
    if not url:
        digest = hashlib.sha256("\0".join((archive_id, title, text)).encode()).hexdigest()
        return f"archive:{digest[:32]}", f"archive:{digest[:32]}"
    canonical, openable = canonical_url(url), openable_url(url)
    if canonical is None or openable is None or len(url) > URL_LIMIT:
        raise _FaultyLine(archive_id, f"url is no web address of at most {URL_LIMIT:,} characters: {cut(url, 80)!r}")
    return canonical, openable


def _published_at(record: dict[str, Any], archive_id: str) -> datetime | None:
    """ISO 8601; UTC where no offset is given."""
    claim = _text(record, "published", archive_id).strip()
    if not claim:
        return None
    try:
        found = datetime.fromisoformat(claim)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _FaultyLine(archive_id, f"published is no ISO 8601 time: {cut(claim, 40)!r}") from error


def _language(record: dict[str, Any], archive_id: str) -> str | None:
    found = _text(record, "language", archive_id).strip()
    return found if _LANGUAGE.fullmatch(found) and len(found) <= 35 else None
