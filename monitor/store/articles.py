"""Articles, one per canonical URL for ever, the spellings under which they are found, and their snapshots."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    Article,
    ArticleId,
    ArticleVersion,
    NewArticle,
    Origin,
    PublisherId,
    Snapshot,
    SourceId,
    StatusUpdate,
    Tier,
)
from monitor.store.credits import credits_json, read_credits
from monitor.store.database import insert_new, settled
from monitor.store.tables import ArticleRow, ArticleUrlRow, ArticleVersionRow, SnapshotRow

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
_ARTICLES, _SNAPSHOTS = (row.metadata.tables[row.__tablename__] for row in (ArticleRow, SnapshotRow))
_A = _ARTICLES.c
_FOUND = (  # made once, as the next two: grouping asks with every article, mostly for one
    select(
        _A.id,
        *(_A[name] for name in _NEW),
        *(_A.publisher_id, _A.source_id, _A.origin, _A.tier, _A.timeline, _A.credits, _A.version_count),
        _SNAPSHOTS.c.digest,
        _SNAPSHOTS.c.url.label("snapshot_url"),
        *(_SNAPSHOTS.c.fetched_at, _SNAPSHOTS.c.content_type, _SNAPSHOTS.c.size_bytes),
    ).select_from(_ARTICLES.outerjoin(_SNAPSHOTS, _A.snapshot_digest == _SNAPSHOTS.c.digest))
)
_ONE = _FOUND.where(_A.id == bindparam("of"))
_LISTED = _FOUND.where(_A.id.in_(bindparam("ids", expanding=True)))


def add_article(
    tx: Session,
    new: NewArticle,
    *,
    urls: Sequence[str] = (),
    claimed: Sequence[str] = (),
    snapshot: Snapshot | None = None,
    body: bytes | None = None,
    archive_id: str | None = None,
    waits_for_grouping: bool = True,
) -> ArticleId:
    """Keep `new` under its canonical URL, and `urls` (canonical spellings too) as ways to find it; its id.

    Of them those in `claimed` are known by the page's own word only.

    Where the article is known already, by its canonical URL, nothing of it changes but that it is found under more
    `urls`: what the first visit saw stays. `snapshot` is stored with it when `body`, its page, is given.
    A source of a wire that is finished already does not wait for grouping: it opens no candidate.
    """
    if snapshot is not None and body is not None:
        add_snapshot(tx, snapshot, body)
    found = _find_id(tx, new.canonical_url)
    article_id = found if found is not None else _insert(tx, new, snapshot, archive_id, waits_for_grouping)
    add_article_urls(tx, article_id, [new.canonical_url, *urls], claimed=claimed)
    return article_id


def record_growth(tx: Session, article_id: ArticleId, *, text: str, timeline: Sequence[StatusUpdate]) -> None:
    """The page of an outage says more than before. Id, addresses, date, first sight and grouping stay."""
    grown = update(ArticleRow).where(ArticleRow.id == article_id)
    values = {"text": text, "timeline": _timeline_json(timeline)}
    tx.execute(grown.values(**values), execution_options={"synchronize_session": False})


def add_article_urls(tx: Session, article_id: ArticleId, urls: Sequence[str], *, claimed: Sequence[str] = ()) -> None:
    """Let the article be found under these canonical URLs too; one that already leads elsewhere stays as it is.

    One that was only claimed for this article, and is not in `claimed` now, is its own from now on.
    """
    rows = [
        {
            "url_digest": digest_of(url),
            "article_id": article_id,
            "url": url,
            "is_claimed": True if url in claimed else None,
        }
        for url in dict.fromkeys([*urls, *claimed])
    ]
    insert_new(tx, ArticleUrlRow, rows)
    met = [digest_of(url) for url in urls if url not in claimed]
    proven = update(ArticleUrlRow).where(
        ArticleUrlRow.url_digest.in_(met), ArticleUrlRow.article_id == article_id, ArticleUrlRow.is_claimed.is_not(None)
    )
    tx.execute(proven.values(is_claimed=None), execution_options={"synchronize_session": False})


def is_claimed(tx: Session, canonical_url: str) -> bool:
    """Whether this canonical URL leads to an article by the word of its page only."""
    found = select(ArticleUrlRow.is_claimed).where(ArticleUrlRow.url_digest == digest_of(canonical_url))
    return tx.scalar(found) is True


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
    connection = settled(tx)
    if len(ids) == 1:
        return tuple(map(_article, connection.execute(_ONE, {"of": ids[0]})))
    articles: dict[int, Article] = {}
    for start in range(0, len(ids), _CHUNK):
        for row in connection.execute(_LISTED, {"ids": ids[start : start + _CHUNK]}):
            articles[row.id] = _article(row)
    return tuple(articles[i] for i in ids if i in articles)


# --- one article, many addresses --------------------------------------------------------------------------------


def find_articles_by_urls(tx: Session, canonical_urls: Sequence[str]) -> tuple[Article, ...]:
    """The articles that were met under any of these canonical URLs, each once, in the order of the URLs."""
    digests = [digest_of(url) for url in canonical_urls]
    query = select(ArticleUrlRow.url_digest, ArticleUrlRow.article_id).where(ArticleUrlRow.url_digest.in_(digests))
    found = {digest: ArticleId(article_id) for digest, article_id in tx.execute(query)}
    return list_articles(tx, list(dict.fromkeys(found[digest] for digest in digests if digest in found)))


def record_own_address(tx: Session, article_id: ArticleId, *, own: str, claimed: str) -> None:
    """The page of this article gave `claimed` as its address, which is another's: from now on it is found at `own`.

    Nothing but the addresses changes: `claimed` is free for the article that answers there.
    """
    given_back = update(ArticleRow).where(ArticleRow.id == article_id, ArticleRow.canonical_url == claimed)
    values = {"canonical_url": own, "url_digest": digest_of(own)}
    tx.execute(given_back.values(**values), execution_options={"synchronize_session": False})
    mistaken = delete(ArticleUrlRow).where(
        ArticleUrlRow.url_digest == digest_of(claimed), ArticleUrlRow.article_id == article_id
    )
    tx.execute(mistaken, execution_options={"synchronize_session": False})
    add_article_urls(tx, article_id, [own])


# --- versions ---------------------------------------------------------------------------------------------------


def record_checked(tx: Session, article_id: ArticleId, *, now: datetime) -> None:
    """The article's page was asked again."""
    asked = update(ArticleRow).where(ArticleRow.id == article_id)
    tx.execute(asked.values(checked_at=now), execution_options={"synchronize_session": False})


def find_checked_at(tx: Session, article_id: ArticleId) -> datetime | None:
    """When the article's page was last asked again; None where it was asked once."""
    return tx.scalar(select(ArticleRow.checked_at).where(ArticleRow.id == article_id))


def append_version(
    tx: Session,
    article_id: ArticleId,
    *,
    title: str,
    text: str,
    now: datetime,
    snapshot: Snapshot | None = None,
    body: bytes | None = None,
    note: str | None = None,
) -> ArticleVersion | None:
    """Keep what the page says now, where it differs from what it said last; None where it does not.

    The article itself stays what it was when it was first seen.
    """
    row = tx.scalar(select(ArticleRow).where(ArticleRow.id == article_id).with_for_update())
    if row is None:
        raise Unknown(f"There is no article {article_id}.")
    last = tx.scalar(
        select(ArticleVersionRow.digest)
        .where(ArticleVersionRow.article_id == article_id)
        .order_by(ArticleVersionRow.number.desc())
        .limit(1)
    )
    said = _version_digest(title, text)
    if said == (last or _version_digest(row.title, row.text)):
        return None
    if snapshot is not None and body is not None:
        add_snapshot(tx, snapshot, body)
    row.version_count += 1
    version = ArticleVersionRow(
        article_id=article_id,
        number=row.version_count,
        digest=said,
        title=title,
        text=text,
        snapshot_digest=None if snapshot is None else snapshot.digest,
        note=note,
        seen_at=now,
    )
    tx.add(version)
    tx.flush()
    return _version(version)


def list_versions(tx: Session, article_id: ArticleId) -> tuple[ArticleVersion, ...]:
    """What the article's page said later, oldest first; what it said first is the article's own text."""
    query = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    return tuple(_version(row) for row in tx.scalars(query.order_by(ArticleVersionRow.number)))


# --- all --------------------------------------------------------------------------------------------------------


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
        "credits": credits_json(new.credits),
        **({} if waits_for_grouping else {"grouping_due": None}),
    }
    insert_new(tx, ArticleRow, [row])  # another process may have been quicker: then its article is the one
    found = tx.scalar(select(ArticleRow.id).where(ArticleRow.url_digest == digest))
    assert found is not None
    return ArticleId(found)


def _article(row: RowOf[*tuple[Any, ...]]) -> Article:
    snapshot = row.digest and Snapshot(
        digest=row.digest,
        url=row.snapshot_url,
        fetched_at=row.fetched_at,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
    )
    return Article(
        id=ArticleId(row.id),
        publisher=PublisherId(row.publisher_id),
        source=None if row.source_id is None else SourceId(row.source_id),
        origin=Origin(row.origin),
        tier=Tier(row.tier),
        snapshot=snapshot or None,
        timeline=tuple(map(_update, row.timeline or ())),
        credits=read_credits(row.credits),
        version_count=row.version_count,
        **{field: getattr(row, field) for field in _NEW},
    )


def _version(row: ArticleVersionRow) -> ArticleVersion:
    return ArticleVersion(
        number=row.number,
        title=row.title,
        text=row.text,
        seen_at=row.seen_at,
        snapshot=row.snapshot_digest,
        note=row.note,
    )


def _version_digest(title: str, text: str) -> str:
    return hashlib.sha256(f"{title}\x00{text}".encode()).hexdigest()


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
