"""Entries: what feeds said, as first served; what they said later is kept beside it (H16). Work for `extract`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import ArticleId, Entry, EntryId, SourceId, StoredEntry
from monitor.store.database import insert_new
from monitor.store.tables import EntryRow, EntryVersionRow

PER_SOURCE = 10  # entries of one source in a lease: a source with a long past does not hold up the others
_T = TypeVar("_T")
_CHUNK = 500  # SQLite takes 32,766 parameters in a statement
_FIELDS = ("guid", "url", "title", "published", "published_at", "updated", "updated_at", "author", "summary",
           "content", "language")  # fmt: skip


def record_entries(tx: Session, source: SourceId, entries: Sequence[Entry], *, now: datetime) -> int:
    """Keep what is new in `entries`; the number of new ones. Saying the same again changes nothing.

    An entry is known by its guid. A changed one is kept as a version beside the first (H16). A guid that is used for
    something else (other title, link and date; or twice in one document) makes a new entry: both are kept (H14).
    """
    known = _load_known(tx, source, entries)
    new: dict[str, Entry] = {}
    changed: dict[tuple[int, str], Entry] = {}
    taken = {_same_as_stored(entry, known) for entry in entries}
    for entry in entries:
        if _same_as_stored(entry, known) is not None:
            continue
        short, long = _guid_digest(entry), _guid_digest(entry, is_shared=True)
        row = known.get(long) or known.get(short)
        if row is not None and row.guid_digest not in taken and not _is_another(entry, row):
            changed[row.id, _digest(entry)] = entry
            taken.add(row.guid_digest)
        elif row is None and short not in new:
            new[short] = entry
        elif not _is_repeated(entry, row, new.get(short), changed):
            new.setdefault(long, entry)
    _add_versions(tx, changed, now)
    return _add(tx, source, new, now)


def lease_unextracted(
    tx: Session, *, now: datetime, owner: str, limit: int, lease_for: timedelta
) -> tuple[StoredEntry, ...]:
    """Take at most `limit` entries that are due and that nobody else holds, the newest first, for `lease_for`.

    At most PER_SOURCE of one source at a time. A date in the future does not jump the queue (H17).
    """
    newest = case((EntryRow.published_at < EntryRow.first_seen_at, EntryRow.published_at), else_=EntryRow.first_seen_at)
    rank = func.row_number().over(partition_by=EntryRow.source_id, order_by=(newest.desc(), EntryRow.id))
    ranked = select(EntryRow.id, newest.label("newest"), rank.label("rank")).where(_is_free(now)).subquery()
    wanted = (
        select(ranked.c.id)
        .where(ranked.c.rank <= PER_SOURCE)
        .order_by(ranked.c.newest.desc(), ranked.c.id)
        .limit(limit)
    )
    ids = tx.scalars(wanted).all()
    held = select(EntryRow).where(EntryRow.id.in_(ids), _is_free(now)).order_by(EntryRow.id)
    rows = tx.scalars(held.with_for_update(skip_locked=True)).all()
    tx.execute(
        update(EntryRow)
        .where(EntryRow.id.in_([row.id for row in rows]))
        .values(lease_owner=owner, leased_until=now + lease_for),
        execution_options={"synchronize_session": False},
    )
    place = {id_: n for n, id_ in enumerate(ids)}
    return tuple(_stored(row) for row in sorted(rows, key=lambda row: place[row.id]))


def record_extracted(tx: Session, entry_id: EntryId, article_id: ArticleId, note: str | None) -> None:
    """This entry leads to this article; nothing is left to do. A later word on the same entry changes nothing (F8)."""
    _finish(tx, entry_id, article_id=article_id, extract_due_at=None, extract_note=note)


def record_extract_failure(
    tx: Session, entry_id: EntryId, *, note: str, due_at: datetime | None, counts: bool = True
) -> None:
    """Extraction failed: try again at `due_at`, or never. `counts` is False where nothing was tried."""
    tried = EntryRow.attempt_count + (1 if counts else 0)
    _finish(tx, entry_id, attempt_count=tried, extract_due_at=due_at, extract_note=note)


def count_unextracted(tx: Session, *, now: datetime) -> int:
    """Entries that are due for extraction and that nobody holds."""
    return tx.scalar(select(func.count()).select_from(EntryRow).where(_is_free(now))) or 0


def count_known(tx: Session, source: SourceId, entries: Sequence[Entry]) -> int:
    """How many of `entries` this source already brought, by guid."""
    return len({_guid_digest(entry) for entry in entries} & _load_known(tx, source, entries).keys())


def is_shared_page(tx: Session, source: SourceId, url: str) -> bool:
    """Whether this source's entries lead to several places of one page, as a changelog's do.

    They do where titles differ with what stands behind the `#`, or where one document brought several titles with the
    same link. An edit is told from it by coming alone: its title replaces another's (H15).
    """
    page = url.partition("#")[0]
    anchored = EntryRow.url.startswith(page + "#", autoescape=True)
    titles = func.count(EntryRow.title.distinct())
    places = select(func.count(EntryRow.url.distinct()), titles).where(EntryRow.source_id == source, anchored)
    if min(tx.execute(places).one()) > 1:
        return True
    same_page = and_(EntryRow.source_id == source, or_(EntryRow.url == page, anchored))
    return any(count > 1 for count in tx.scalars(select(titles).where(same_page).group_by(EntryRow.first_seen_at)))


def list_entries(
    tx: Session, *, source: SourceId | None = None, article: ArticleId | None = None, limit: int = 100
) -> tuple[StoredEntry, ...]:
    """The newest entries, of one source or behind one article."""
    query = select(EntryRow).order_by(EntryRow.id.desc()).limit(limit)
    if source is not None:
        query = query.where(EntryRow.source_id == source)
    if article is not None:
        query = query.where(EntryRow.article_id == article)
    return tuple(_stored(row) for row in tx.scalars(query))


def get_entry(tx: Session, entry_id: EntryId) -> StoredEntry:
    """One entry; raises Unknown."""
    row = tx.get(EntryRow, entry_id)
    if row is None:
        raise Unknown(f"There is no entry {entry_id}.")
    return _stored(row)


def count_versions(tx: Session, entry_id: EntryId) -> int:
    """How many later texts of this entry are kept."""
    query = select(func.count()).select_from(EntryVersionRow).where(EntryVersionRow.entry_id == entry_id)
    return tx.scalar(query) or 0


# --- rows -------------------------------------------------------------------------------------------------------


def _load_known(tx: Session, source: SourceId, entries: Sequence[Entry]) -> dict[str, EntryRow]:
    """What is stored under any identity that `entries` may have, by guid digest."""
    digests = sorted({d for e in entries for d in (_guid_digest(e), _guid_digest(e, is_shared=True))})
    known: dict[str, EntryRow] = {}
    for chunk in _chunks(digests):
        query = select(EntryRow).where(EntryRow.source_id == source, EntryRow.guid_digest.in_(chunk))
        known |= {row.guid_digest: row for row in tx.scalars(query)}
    return known


def _same_as_stored(entry: Entry, known: dict[str, EntryRow]) -> str | None:
    """The identity under which this very text is stored already."""
    for digest in (_guid_digest(entry, is_shared=True), _guid_digest(entry)):
        row = known.get(digest)
        if row is not None and row.digest == _digest(entry):
            return digest
    return None


def _is_another(entry: Entry, row: EntryRow) -> bool:
    """The guid is the same and nothing else: not an edit, the guid was used again."""
    return (
        entry.title != row.title
        and entry.url != row.url
        and (entry.published is None or entry.published != row.published)
    )


def _is_repeated(
    entry: Entry, row: EntryRow | None, first: Entry | None, changed: dict[tuple[int, str], Entry]
) -> bool:
    """The very same stood further up in the document."""
    if row is not None:
        return (row.id, _digest(entry)) in changed
    return first is not None and _digest(first) == _digest(entry)


def _add(tx: Session, source: SourceId, new: dict[str, Entry], now: datetime) -> int:
    rows = [
        {field: getattr(entry, field) for field in _FIELDS}
        | {
            "source_id": source,
            "guid_digest": guid_digest,
            "digest": _digest(entry),
            "first_seen_at": now,
            "extract_due_at": now,
        }
        for guid_digest, entry in new.items()
    ]
    return sum(insert_new(tx, EntryRow, chunk) for chunk in _chunks(rows))


def _add_versions(tx: Session, changed: dict[tuple[int, str], Entry], now: datetime) -> None:
    rows = [
        {
            "entry_id": entry_id,
            "digest": digest,
            "title": entry.title,
            "url": entry.url,
            "summary": entry.summary,
            "content": entry.content,
            "updated": entry.updated,
            "seen_at": now,
        }
        for (entry_id, digest), entry in changed.items()
    ]
    for chunk in _chunks(rows):
        insert_new(tx, EntryVersionRow, chunk)


def _finish(tx: Session, entry_id: EntryId, **values: Any) -> None:
    tx.execute(
        update(EntryRow)
        .where(EntryRow.id == entry_id, EntryRow.article_id.is_(None))
        .values(lease_owner=None, leased_until=None, **values),
        execution_options={"synchronize_session": False},
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(EntryRow.extract_due_at <= now, or_(EntryRow.leased_until.is_(None), EntryRow.leased_until <= now))


def _stored(row: EntryRow) -> StoredEntry:
    return StoredEntry(
        id=EntryId(row.id),
        source=SourceId(row.source_id),
        entry=Entry(**{field: getattr(row, field) for field in _FIELDS}),
        first_seen_at=row.first_seen_at,
        attempt_count=row.attempt_count,
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
