"""A line of an archive of finished wires → a draft with its sources, or what is wrong with it.

The line is a JSON object: `headline`, `body` (Markdown; `[source](URL)` cites, or `[source](2)` the second of
`sources`), `occurred_on`, `published` (when readers first saw it), `severity`, `providers`, `codes`, `sources`, and
where the archive has them `id`, `rationale`, `counterfactual`, `standard`. A source has `url`, `title`, `publisher`,
and may have `published`, `text`, `language`, `tier` and `origin`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from monitor.errors import FaultyFile
from monitor.model import ArticleId, Complaint, Draft, NewArticle, Origin, PublisherId, Tier
from monitor.stages.archive import publisher_id
from monitor.stages.canonical import (
    NAME_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    canonical_url,
    clean_line,
    clean_text,
    cut,
    host_of,
    openable_url,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.revise import draft_from_mapping

LINE_LIMIT = 1_000_000  # characters
SOURCE_LIMIT = 200  # sources of one wire
UNTESTED = (
    "This wire came with the launch archive. The but-for test was not made for it by itself: the classification rests "
    "on the rationale stated for the whole archive, until an editor has reviewed it."
)

_NUMBERED = re.compile(r"\]\(\s*([1-9][0-9]{0,2})\s*\)")
_OURS = {"id", "published", "sources"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedWire:
    """A finished wire of the past."""

    archive_id: str  # its id in the archive, else a digest of the line
    draft: Draft  # without its sources
    sources: tuple[NewArticle, ...]
    published_at: datetime


def read_wire(
    line: str, *, file: str, number: int, rationale: str, providers: ProviderIndex, now: datetime
) -> ArchivedWire:
    """The wire in `line`, the `number`th of `file`; raises FaultyFile with every fault of the line.

    `rationale` is stated for all wires that bring none of their own.
    """
    record = _record(line, file, number)
    faults: list[Complaint] = []

    def refuse(subject: str, reason: str) -> None:
        faults.append(Complaint(file=file, line=number, subject=subject, reason=reason))

    published_at = _published_at(record, now, refuse)
    sources = _sources(record, published_at or now, refuse)
    fields: dict[object, object] = {k: v for k, v in record.items() if k not in _OURS}
    try:
        draft = draft_from_mapping(fields, file=file, line=number, providers=providers)
    except FaultyFile as error:
        raise FaultyFile([*faults, *error.complaints]) from None
    if faults or published_at is None:
        raise FaultyFile(faults)
    return ArchivedWire(
        archive_id=_archive_id(record, line),
        draft=replace(draft, rationale=draft.rationale or rationale, counterfactual=draft.counterfactual or UNTESTED),
        sources=sources,
        published_at=published_at,
    )


def with_articles(draft: Draft, articles: Sequence[ArticleId]) -> Draft:
    """`draft` citing `articles`, its sources in their order: `[source](2)` becomes a citation of the second."""

    def cite(match: re.Match[str]) -> str:
        place = int(match[1])
        return f"](article:{articles[place - 1]})" if place <= len(articles) else match[0]

    return replace(draft, body=_NUMBERED.sub(cite, draft.body), sources=tuple(dict.fromkeys(articles)))


def _record(line: str, file: str, number: int) -> dict[str, Any]:
    if len(line) > LINE_LIMIT:
        raise _faulty(file, number, f"is longer than {LINE_LIMIT:,} characters")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _faulty(file, number, f"is not JSON ({error})") from None
    if not isinstance(record, dict):
        raise _faulty(file, number, "is not a JSON object")
    return record


def _faulty(file: str, number: int, reason: str) -> FaultyFile:
    return FaultyFile([Complaint(file=file, line=number, subject="the line", reason=reason)])


def _archive_id(record: Mapping[str, Any], line: str) -> str:
    given = record.get("id")
    if isinstance(given, str | int) and not isinstance(given, bool) and (cleaned := clean_line(str(given))):
        return cleaned[:400]
    return hashlib.sha256(line.strip().encode(errors="replace")).hexdigest()


def _published_at(record: Mapping[str, Any], now: datetime, refuse: Any) -> datetime | None:
    found = _instant(record.get("published"))
    if found is None:
        refuse("published", "must be the time at which readers first saw the wire, in ISO 8601")
    elif found > now:
        refuse("published", f"{found.isoformat()} is in the future")
        return None
    return found


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if found is None else found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _sources(record: Mapping[str, Any], seen_at: datetime, refuse: Any) -> tuple[NewArticle, ...]:
    value = record.get("sources")
    if not isinstance(value, list) or not value:
        refuse("sources", "must be a list of at least one source with url, title and publisher")
        return ()
    if len(value) > SOURCE_LIMIT:
        refuse("sources", f"are more than {SOURCE_LIMIT}")
        return ()
    return tuple(filter(None, (_source(v, n, seen_at, refuse) for n, v in enumerate(value, start=1))))


def _source(value: object, number: int, seen_at: datetime, refuse: Any) -> NewArticle | None:
    subject = f"source {number}"
    if not isinstance(value, dict):
        refuse(subject, "is not an object with url, title and publisher")
        return None
    url, title, publisher = (
        value.get(k) if isinstance(value.get(k), str) else "" for k in ("url", "title", "publisher")
    )
    canonical, openable = canonical_url(url), openable_url(url)
    if canonical is None or openable is None:
        refuse(subject, "has no url that begins with http:// or https://")
        return None
    name = cut(clean_line(publisher or ""), NAME_LIMIT) or host_of(openable).removeprefix("www.")
    try:
        tier, origin = Tier(value.get("tier", Tier.SECONDARY)), Origin(value.get("origin", Origin.PRESS))
    except ValueError as error:
        refuse(subject, f"{error}")
        return None
    told_at = _instant(value.get("published"))
    text, language = value.get("text"), value.get("language")
    return NewArticle(
        canonical_url=canonical,
        url=openable,
        title=cut(clean_line(title or ""), TITLE_LIMIT) or openable,
        text=clean_text(text)[:TEXT_LIMIT] if isinstance(text, str) else "",
        published_at=told_at,
        language=language[:35] if isinstance(language, str) and language else None,
        publisher=PublisherId(publisher_id(name)),
        publisher_name=name,
        source=None,
        origin=origin,
        tier=tier,
        first_seen_at=seen_at if told_at is None else min(told_at, seen_at),
        note="a source named by an archive of wires",
    )
