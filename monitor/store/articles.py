"""Articles, one per canonical URL for ever, the spellings under which they are found, and their snapshots."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    Article,
    ArticleId,
    NewArticle,
    Origin,
    PublisherId,
    Snapshot,
    SourceId,
    StatusUpdate,
    Tier,
)
from monitor.store.database import insert_new
from monitor.store.tables import ArticleRow, ArticleUrlRow, SnapshotRow

_CHUNK = 500
_NEW = ("canonical_url", "url", "title", "text", "author", "published_at", "language", "publisher_name",
        "first_seen_at", "note")  # fmt: skip
_SNAPSHOT = (
    SnapshotRow.digest,
    SnapshotRow.url,
    SnapshotRow.fetched_at,
    SnapshotRow.content_type,
    SnapshotRow.size_bytes,
)


def add_article(
    tx: Session,
    new: NewArticle,
    *,
    urls: Sequence[str] = (),
    snapshot: Snapshot | None = None,
    body: bytes | None = None,
    archive_id: str | None = None,
    waits_for_grouping: bool = True,
) -> ArticleId:
    """Keep `new` under its canonical URL, and `urls` (canonical spellings too) as ways to find it; its id.

    Where the article is known already, by its canonical URL, nothing of it changes but that it is found under more
    `urls`: what the first visit saw stays. `snapshot` is stored with it when `body`, its page, is given.
    A source of a wire that is finished already does not wait for grouping: it opens no candidate.
    """
    if snapshot is not None and body is not None:
        add_snapshot(tx, snapshot, body)
    found = _find_id(tx, new.canonical_url)
    article_id = found if found is not None else _insert(tx, new, snapshot, archive_id, waits_for_grouping)
    add_article_urls(tx, article_id, [new.canonical_url, *urls])
    return article_id


def record_growth(tx: Session, article_id: ArticleId, *, text: str, timeline: Sequence[StatusUpdate]) -> None:
    """The page of an outage says more than before. Id, addresses, date, first sight and grouping stay."""
    grown = update(ArticleRow).where(ArticleRow.id == article_id)
    values = {"text": text, "timeline": _timeline_json(timeline)}
    tx.execute(grown.values(**values), execution_options={"synchronize_session": False})


def add_article_urls(tx: Session, article_id: ArticleId, urls: Sequence[str]) -> None:
    """Let the article be found under these canonical URLs too; one that already leads elsewhere stays as it is."""
    rows = [{"url_digest": digest_of(url), "article_id": article_id, "url": url} for url in dict.fromkeys(urls)]
    insert_new(tx, ArticleUrlRow, rows)


def find_article_by_url(tx: Session, canonical_url: str) -> Article | None:
    """The article that was met under this canonical URL."""
    article_id = _find_id(tx, canonical_url)
    return None if article_id is None else get_article(tx, article_id)


def get_article(tx: Session, article_id: ArticleId) -> Article:
    """One article; raises Unknown."""
    found = list_articles(tx, [article_id])
    if not found:
        raise Unknown(f"There is no article {article_id}.")
    return found[0]


def list_articles(tx: Session, ids: Sequence[ArticleId]) -> tuple[Article, ...]:
    """The articles of these ids, in this order; unknown ids are left out."""
    articles: dict[int, Article] = {}
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(ArticleRow, *_SNAPSHOT)
            .outerjoin(SnapshotRow, ArticleRow.snapshot_digest == SnapshotRow.digest)
            .where(ArticleRow.id.in_(ids[start : start + _CHUNK]))
        )
        for row, digest, url, fetched_at, content_type, size_bytes in tx.execute(query):
            snapshot = digest and Snapshot(
                digest=digest, url=url, fetched_at=fetched_at, content_type=content_type, size_bytes=size_bytes
            )
            articles[row.id] = _article(row, snapshot or None)
    return tuple(articles[i] for i in ids if i in articles)


def count_articles(tx: Session) -> int:
    """All articles."""
    return tx.scalar(select(func.count()).select_from(ArticleRow)) or 0


# --- snapshots --------------------------------------------------------------------------------------------------


def add_snapshot(tx: Session, snapshot: Snapshot, body: bytes) -> None:
    """Keep `body`, compressed, under its digest; the same page again changes nothing. ValueError where they differ."""
    if hashlib.sha256(body).hexdigest() != snapshot.digest:
        raise ValueError(f"snapshot {snapshot.digest} is not the digest of its body")
    row = {
        "digest": snapshot.digest,
        "url": snapshot.url,
        "fetched_at": snapshot.fetched_at,
        "content_type": snapshot.content_type,
        "size_bytes": snapshot.size_bytes,
        "body": gzip.compress(body, mtime=0),
    }
    insert_new(tx, SnapshotRow, [row])


def get_snapshot(tx: Session, digest: str) -> Snapshot:
    """What is known of a snapshot; raises Unknown."""
    row = tx.execute(select(*_SNAPSHOT).where(SnapshotRow.digest == digest)).one_or_none()
    if row is None:
        raise Unknown(f"There is no snapshot {digest}.")
    return Snapshot(**row._mapping)


def get_snapshot_body(tx: Session, digest: str) -> bytes:
    """The page as served; raises Unknown."""
    body = tx.scalar(select(SnapshotRow.body).where(SnapshotRow.digest == digest))
    if body is None:
        raise Unknown(f"There is no snapshot {digest}.")
    return gzip.decompress(body)


# --- rows -------------------------------------------------------------------------------------------------------


def digest_of(url: str) -> str:
    """The key of a canonical URL: short, whatever its length."""
    return hashlib.sha256(url.encode()).hexdigest()


def _find_id(tx: Session, canonical_url: str) -> ArticleId | None:
    found = tx.scalar(select(ArticleUrlRow.article_id).where(ArticleUrlRow.url_digest == digest_of(canonical_url)))
    return None if found is None else ArticleId(found)


def _insert(
    tx: Session, new: NewArticle, snapshot: Snapshot | None, archive_id: str | None, waits_for_grouping: bool
) -> ArticleId:
    digest = digest_of(new.canonical_url)
    row = {field: getattr(new, field) for field in _NEW} | {
        "url_digest": digest,
        "publisher_id": new.publisher,
        "source_id": new.source,
        "origin": new.origin.value,
        "tier": new.tier.value,
        "snapshot_digest": None if snapshot is None else snapshot.digest,
        "archive_id": archive_id,
        "timeline": _timeline_json(new.timeline),
        **({} if waits_for_grouping else {"grouping_due": None}),
    }
    insert_new(tx, ArticleRow, [row])  # another process may have been quicker: then its article is the one
    found = tx.scalar(select(ArticleRow.id).where(ArticleRow.url_digest == digest))
    assert found is not None
    return ArticleId(found)


def _article(row: ArticleRow, snapshot: Snapshot | None) -> Article:
    return Article(
        id=ArticleId(row.id),
        publisher=PublisherId(row.publisher_id),
        source=None if row.source_id is None else SourceId(row.source_id),
        origin=Origin(row.origin),
        tier=Tier(row.tier),
        snapshot=snapshot,
        timeline=tuple(map(_update, row.timeline or ())),
        **{field: getattr(row, field) for field in _NEW},
    )


def _timeline_json(timeline: Sequence[StatusUpdate]) -> list[dict[str, str | None]] | None:
    """None for an article that is no outage's."""
    return [
        {"at": None if update.at is None else update.at.isoformat(), "state": update.state, "text": update.text}
        for update in timeline
    ] or None


def _update(stored: dict[str, str | None]) -> StatusUpdate:
    at = stored["at"]
    return StatusUpdate(
        at=None if at is None else datetime.fromisoformat(at), state=stored["state"] or "", text=stored["text"] or ""
    )
