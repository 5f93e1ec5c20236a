"""Entries: what feeds said, as first served; what they said later is kept beside it (H16). Work for `extract`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, update
from sqlalchemy import Row as RowOf

from monitor.errors import Unknown
from monitor.model import ArticleId, Entry, EntryId, SourceId, StoredEntry
from monitor.store.credits import credits_json, read_credits
from monitor.store.database import Round, connected, insert_new
from monitor.store.rounds import ENTRIES, ENTRY_VERSIONS

PER_SOURCE = 10  # entries of one source in a lease: a source with a long past does not hold up the others
_T = TypeVar("_T")
_CHUNK = 500  # SQLite takes 32,766 parameters in a statement
_FIELDS = ("guid", "url", "title", "published", "published_at", "updated", "updated_at", "author", "summary",
           "content", "language")  # fmt: skip
_ROW, _VERSION = ENTRIES.c, ENTRY_VERSIONS.c
_STORED = select(_ROW.guid_digest, _ROW.id, _ROW.digest).where(  # made once: every poll asks it
    _ROW.source_id == bindparam("source"), _ROW.guid_digest.in_(bindparam("digests", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database has of a document's entries: read once, to count by and to record by."""

    count: int  # entries of the document that this source already brought, by guid
    keyed: tuple[_Keyed, ...]  # the document's entries
    by_guid: Mapping[str, _KnownEntry]  # guid digest → what is stored under it


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a document's entries."""

    new_count: int = 0
    grown_count: int = 0  # known ones that said something new, and are to be extracted again


def find_known(tx: Round, source: SourceId, entries: Sequence[Entry]) -> Known:
    """What is stored under any identity that `entries` may have."""
    keyed = tuple(_Keyed(entry, _guid_digest(entry), _digest(entry)) for entry in entries)
    own = {key.short for key in keyed}
    known = _load(tx, source, own)
    count = len(own & known.keys())
    unlike = {key.long for key in keyed if (row := known.get(key.short)) is not None and row.digest != key.digest}
    return Known(count, keyed, known | _load(tx, source, unlike))


def count_known(tx: Round, source: SourceId, entries: Sequence[Entry]) -> int:
    """How many of `entries` this source already brought, by guid."""
    return find_known(tx, source, entries).count


def record_entries(tx: Round, source: SourceId, entries: Sequence[Entry], *, now: datetime) -> int:
    """`record_document` for whoever asks only for the number of new entries."""
    return record_document(tx, source, find_known(tx, source, entries), now=now).new_count


def record_document(tx: Round, source: SourceId, known: Known, *, now: datetime, grows: bool = False) -> Recorded:
    """Keep what is new in a document of which `known` was found in this transaction. Saying it again changes nothing.

    An entry is known by its guid. A changed one is kept as a version beside the first (H16), and is extracted again:
    with `grows` for its article to grow, else for its page to be asked what it says now (`jobs.revisit`, which waits
    its time). A guid that is used for something else (other title, link and date; or
    twice in one document) makes a new entry: both are kept (H14).
    """
    stored = known.by_guid
    same = [_same_as_stored(key, stored) for key in known.keyed]
    taken = set(same)
    unlike = [key for key, guid_digest in zip(known.keyed, same, strict=True) if guid_digest is None]
    others = _others(tx, unlike, stored)
    new: dict[str, _Keyed] = {}
    changed: dict[tuple[int, str], Entry] = {}
    for key in unlike:
        row = _row_of(key, stored)
        if row is not None and row.guid_digest not in taken and not _is_another(key.entry, others[row.id]):
            changed[row.id, key.digest] = key.entry
            taken.add(row.guid_digest)
        elif row is None and key.short not in new:
            new[key.short] = key
        elif not _is_repeated(key, row, new.get(key.short), changed):
            new.setdefault(key.long, key)
    grown = _add_versions(tx, changed, now, grows=grows)
    return Recorded(_add(tx, source, new, now), grown)


def lease_unextracted(
    tx: Round, *, now: datetime, owner: str, limit: int, lease_for: timedelta
) -> tuple[StoredEntry, ...]:
    """Take at most `limit` entries that are due and that nobody else holds, the newest first, for `lease_for`.

    At most PER_SOURCE of one source at a time. A date in the future does not jump the queue (H17).
    """
    newest = case((_ROW.published_at < _ROW.first_seen_at, _ROW.published_at), else_=_ROW.first_seen_at)
    rank = func.row_number().over(partition_by=_ROW.source_id, order_by=(newest.desc(), _ROW.id))
    ranked = select(_ROW.id, newest.label("newest"), rank.label("rank")).where(_is_free(now)).subquery()
    wanted = (
        select(ranked.c.id)
        .where(ranked.c.rank <= PER_SOURCE)
        .order_by(ranked.c.newest.desc(), ranked.c.id)
        .limit(limit)
    )
    connection = connected(tx)
    ids = connection.scalars(wanted).all()
    held = select(ENTRIES).where(_ROW.id.in_(ids), _is_free(now)).order_by(_ROW.id)
    rows = connection.execute(held.with_for_update(skip_locked=True)).all()
    taken = update(ENTRIES).where(_ROW.id.in_([row.id for row in rows]))
    connection.execute(taken.values(lease_owner=owner, leased_until=now + lease_for))
    place = {id_: n for n, id_ in enumerate(ids)}
    return tuple(_stored(row) for row in sorted(rows, key=lambda row: place[row.id]))


def record_extracted(tx: Round, entry_id: EntryId, article_id: ArticleId, note: str | None) -> None:
    """This entry leads to this article; nothing is left to do. A later word on the same entry changes nothing (F8)."""
    is_open = and_(_ROW.id == entry_id, _ROW.article_id.is_(None))
    _let_go(tx, is_open, article_id=article_id, extract_due_at=None, extract_note=note)


def get_newest(tx: Round, entry_id: EntryId, *, is_for_change: bool = False) -> StoredEntry:
    """An entry with the last words that its feed found for it; raises Unknown.

    With `is_for_change` it is locked until the transaction ends: a poll that brings later words waits, or has waited,
    so that whoever compares `version` overlooks none (H16).
    """
    query = select(ENTRIES).where(_ROW.id == entry_id)
    query = query.with_for_update() if is_for_change else query
    row = connected(tx).execute(query).one_or_none()
    if row is None:
        raise Unknown(f"There is no entry {entry_id}.")
    later = select(ENTRY_VERSIONS).where(_VERSION.entry_id == entry_id)
    version = connected(tx).execute(later.order_by(_VERSION.seen_at.desc(), _VERSION.id.desc()).limit(1)).one_or_none()
    stored = _stored(row)
    if version is None:
        return stored
    words = {field: getattr(version, field) for field in ("title", "url", "summary", "content", "updated")}
    return replace(stored, entry=replace(stored.entry, **words, updated_at=None), version=version.id)


def record_regrown(tx: Round, entry_id: EntryId, article_id: ArticleId, note: str | None) -> None:
    """This entry leads to this article, which has its newest words (`get_newest`, in this transaction)."""
    values = {"article_id": article_id, "extract_due_at": None, "extract_note": note}
    _let_go(tx, _ROW.id == entry_id, **values)


def record_met_again(
    tx: Round, entry_id: EntryId, article_id: ArticleId, note: str | None, *, due_at: datetime
) -> None:
    """This entry leads to this article, and says something new of it: its page is to be asked again at `due_at`."""
    is_open = and_(_ROW.id == entry_id, _ROW.article_id.is_(None))
    _let_go(tx, is_open, article_id=article_id, extract_due_at=due_at, extract_note=note)


def record_extract_failure(
    tx: Round, entry_id: EntryId, *, note: str, due_at: datetime | None, counts: bool = True
) -> None:
    """Extraction failed: try again at `due_at`, or never. `counts` is False where nothing was tried."""
    tried = _ROW.attempt_count + (1 if counts else 0)
    is_open = and_(_ROW.id == entry_id, _ROW.extract_due_at.is_not(None))
    _let_go(tx, is_open, attempt_count=tried, extract_due_at=due_at, extract_note=note)


def count_unextracted(tx: Round, *, now: datetime) -> int:
    """Entries that are due for extraction and that nobody holds."""
    return connected(tx).scalar(select(func.count()).select_from(ENTRIES).where(_is_free(now))) or 0


def is_shared_page(tx: Round, source: SourceId, url: str) -> bool:
    """Whether this source's entries lead to several places of one page, as a changelog's do.

    They do where titles differ with what stands behind the `#`, or where one document brought several titles with the
    same link. An edit is told from it by coming alone: its title replaces another's (H15).
    """
    page = url.partition("#")[0]
    anchored = _ROW.url.startswith(page + "#", autoescape=True)
    titles = func.count(_ROW.title.distinct())
    places = select(func.count(_ROW.url.distinct()), titles).where(_ROW.source_id == source, anchored)
    if min(connected(tx).execute(places).one()) > 1:
        return True
    same_page = and_(_ROW.source_id == source, or_(_ROW.url == page, anchored))
    each_time = select(titles).where(same_page).group_by(_ROW.first_seen_at)
    return any(count > 1 for count in connected(tx).scalars(each_time))


def list_entries(
    tx: Round, *, source: SourceId | None = None, article: ArticleId | None = None, limit: int = 100
) -> tuple[StoredEntry, ...]:
    """The newest entries, of one source or behind one article."""
    query = select(ENTRIES).order_by(_ROW.id.desc()).limit(limit)
    if source is not None:
        query = query.where(_ROW.source_id == source)
    if article is not None:
        query = query.where(_ROW.article_id == article)
    return tuple(map(_stored, connected(tx).execute(query)))


def get_entry(tx: Round, entry_id: EntryId) -> StoredEntry:
    """One entry; raises Unknown."""
    row = connected(tx).execute(select(ENTRIES).where(_ROW.id == entry_id)).one_or_none()
    if row is None:
        raise Unknown(f"There is no entry {entry_id}.")
    return _stored(row)


def count_versions(tx: Round, entry_id: EntryId) -> int:
    """How many later texts of this entry are kept."""
    query = select(func.count()).select_from(ENTRY_VERSIONS).where(_VERSION.entry_id == entry_id)
    return connected(tx).scalar(query) or 0


# --- rows -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _KnownEntry:
    """Of a stored entry, what tells whether it is said again."""

    id: int
    guid_digest: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Words:
    """Of a stored entry, what tells an edit from another thing under the same guid."""

    title: str
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class _Keyed:
    """An entry with its digests, made once."""

    entry: Entry
    short: str  # of its guid
    digest: str

    @property
    def long(self) -> str:
        """Where its guid alone does not tell it from another: nothing stands there unless something does at `short`."""
        return _guid_digest(self.entry, is_shared=True)


def _load(tx: Round, source: SourceId, digests: Collection[str]) -> dict[str, _KnownEntry]:
    """What is stored under these guid digests."""
    found: dict[str, _KnownEntry] = {}
    for chunk in _chunks(sorted(digests)):
        rows = connected(tx).execute(_STORED, {"source": source, "digests": chunk})
        found |= {guid_digest: _KnownEntry(id_, guid_digest, digest) for guid_digest, id_, digest in rows}
    return found


def _row_of(key: _Keyed, known: Mapping[str, _KnownEntry]) -> _KnownEntry | None:
    """What is stored under the entry's identity, the nearer one first."""
    row = known.get(key.short)
    return None if row is None else known.get(key.long, row)


def _same_as_stored(key: _Keyed, known: Mapping[str, _KnownEntry]) -> str | None:
    """The identity under which this very text is stored already."""
    row = known.get(key.short)
    if row is None:
        return None
    if row.digest == key.digest:
        return row.guid_digest
    other = known.get(key.long)
    return other.guid_digest if other is not None and other.digest == key.digest else None


def _others(tx: Round, keys: Sequence[_Keyed], known: Mapping[str, _KnownEntry]) -> dict[int, _Words]:
    """Title, link and date of the stored entries under whose identity something else is said."""
    ids = sorted({row.id for key in keys if (row := _row_of(key, known)) is not None})
    query = select(_ROW.id, _ROW.title, _ROW.url, _ROW.published)
    rows = (row for chunk in _chunks(ids) for row in connected(tx).execute(query.where(_ROW.id.in_(chunk))))
    return {id_: _Words(title, url, published) for id_, title, url, published in rows}


def _is_another(entry: Entry, row: _Words) -> bool:
    """The guid is the same and nothing else: not an edit, the guid was used again."""
    return (
        entry.title != row.title
        and entry.url != row.url
        and (entry.published is None or entry.published != row.published)
    )


def _is_repeated(
    key: _Keyed, row: _KnownEntry | None, first: _Keyed | None, changed: Mapping[tuple[int, str], Entry]
) -> bool:
    """The very same stood further up in the document."""
    if row is not None:
        return (row.id, key.digest) in changed
    return first is not None and first.digest == key.digest


def _add(tx: Round, source: SourceId, new: Mapping[str, _Keyed], now: datetime) -> int:
    rows = [
        {field: getattr(key.entry, field) for field in _FIELDS}
        | {
            "source_id": source,
            "credits": credits_json(key.entry.credits),
            "guid_digest": guid_digest,
            "digest": key.digest,
            "first_seen_at": now,
            "extract_due_at": now,
        }
        for guid_digest, key in new.items()
    ]
    return sum(insert_new(tx, ENTRIES, chunk) for chunk in _chunks(rows))


def _add_versions(tx: Round, changed: Mapping[tuple[int, str], Entry], now: datetime, *, grows: bool) -> int:
    """Keep later texts, each once; how many entries are to be extracted again for theirs."""
    grown = 0
    for (entry_id, digest), entry in changed.items():
        row = {
            "entry_id": entry_id,
            "digest": digest,
            "title": entry.title,
            "url": entry.url,
            "summary": entry.summary,
            "content": entry.content,
            "updated": entry.updated or entry.published,  # when it was said, by its own claim
            "seen_at": now,
        }
        if insert_new(tx, ENTRY_VERSIONS, [row]):
            _reopen(tx, entry_id, now, is_new_work=grows)
            grown += grows
    return grown


def _reopen(tx: Round, entry_id: int, now: datetime, *, is_new_work: bool) -> None:
    """Extract this entry once more; with `is_new_work` whoever holds it now has read an older text."""
    again = update(ENTRIES).where(_ROW.id == entry_id)
    if not is_new_work:
        again = again.where(_ROW.article_id.is_not(None), _ROW.extract_due_at.is_(None))
    values = {"extract_due_at": now, "attempt_count": 0, "lease_owner": None, "leased_until": None}
    connected(tx).execute(again.values(**values))


def _let_go(tx: Round, which: ColumnElement[bool], **values: Any) -> None:
    given_back = update(ENTRIES).where(which).values(lease_owner=None, leased_until=None, **values)
    connected(tx).execute(given_back)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(_ROW.extract_due_at <= now, or_(_ROW.leased_until.is_(None), _ROW.leased_until <= now))


def _stored(row: RowOf[Any]) -> StoredEntry:
    return StoredEntry(
        id=EntryId(row.id),
        source=SourceId(row.source_id),
        entry=Entry(**{field: getattr(row, field) for field in _FIELDS}, credits=read_credits(row.credits)),
        first_seen_at=row.first_seen_at,
        attempt_count=row.attempt_count,
        article=None if row.article_id is None else ArticleId(row.article_id),
    )


def _guid_digest(entry: Entry, *, is_shared: bool = False) -> str:
    """The key of an entry; `is_shared` where its guid alone does not tell it from another."""
    parts = (entry.guid, entry.url or "", entry.title) if is_shared else (entry.guid,)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _digest(entry: Entry) -> str:
    """Of what a reader of the feed sees."""
    seen = (entry.title, entry.url or "", entry.summary or "", entry.content or "")
    return hashlib.sha256("\x00".join(seen).encode()).hexdigest()


def _chunks(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(things), _CHUNK):
        yield things[start : start + _CHUNK]
