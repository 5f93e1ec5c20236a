"""What was said about one article and when: by its page, and by each feed that brought it. Nothing here is changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from monitor.model import Article, ArticleId
from monitor.store.articles import list_versions
from monitor.store.database import Transaction, settled
from monitor.store.tables import EntryRow, EntryVersionRow, SourceRow

ENTRY_LIMIT = 20  # feeds of one article that are read, the first to bring it first
WORDS_LIMIT = 100  # later words of one entry that are read, the newest
_LATER = (
    select(func.count())
    .select_from(EntryVersionRow)
    .join(EntryRow, EntryRow.id == EntryVersionRow.entry_id)
    .where(EntryRow.article_id == bindparam("of"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stood there at one time. `text` is plain for a page, HTML as served for a feed: never output unsanitised."""

    number: int  # 0 is what was said first
    title: str
    text: str
    seen_at: datetime
    snapshot: str | None = None  # digest of the page as served
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Everything that one voice said about the article, oldest first."""

    key: str  # "page", or "feed-" and the entry's id
    name: str
    is_html: bool
    words: tuple[Words, ...]


def list_tracks(tx: Transaction, article: Article) -> tuple[Track, ...]:
    """The page first, then the feeds; what each said, however often it changed."""
    return (_page(tx, article), *_feeds(tx, article.id))


def count_changes(tx: Transaction, article: Article) -> int:
    """How often page and feeds said something else than before."""
    return article.version_count + (settled(tx).execute(_LATER, {"of": article.id}).scalar() or 0)


def _page(tx: Transaction, article: Article) -> Track:
    first = Words(
        number=0,
        title=article.title,
        text=article.text,
        seen_at=article.first_seen_at,
        snapshot=None if article.snapshot is None else article.snapshot.digest,
        note=article.note,
    )
    later = (
        Words(number=v.number, title=v.title, text=v.text, seen_at=v.seen_at, snapshot=v.snapshot, note=v.note)
        for v in (list_versions(tx, article.id) if article.version_count else ())
    )
    return Track(key="page", name="The page", is_html=False, words=(first, *later))


def _feeds(tx: Transaction, article: ArticleId) -> tuple[Track, ...]:
    query = (
        select(EntryRow, SourceRow.name)
        .join(SourceRow, SourceRow.id == EntryRow.source_id)
        .where(EntryRow.article_id == article)
        .order_by(EntryRow.id)
        .limit(ENTRY_LIMIT)
    )
    entries = tx.execute(query).all()
    later: dict[int, list[EntryVersionRow]] = defaultdict(list)
    for row, _ in entries:
        newest = select(EntryVersionRow).where(EntryVersionRow.entry_id == row.id)
        newest = newest.order_by(EntryVersionRow.seen_at.desc(), EntryVersionRow.id.desc()).limit(WORDS_LIMIT)
        later[row.id] = list(tx.scalars(newest))[::-1]
    return tuple(_feed(row, f"The feed of {name}", later[row.id]) for row, name in entries)


def _feed(entry: EntryRow, name: str, later: list[EntryVersionRow]) -> Track:
    first = Words(number=0, title=entry.title, text=_fuller(entry), seen_at=entry.first_seen_at)
    words = (
        Words(number=number, title=v.title, text=_fuller(v), seen_at=v.seen_at) for number, v in enumerate(later, 1)
    )
    return Track(key=f"feed-{entry.id}", name=name, is_html=True, words=(first, *words))


def _fuller(row: EntryRow | EntryVersionRow) -> str:
    return max(row.content or "", row.summary or "", key=len)
