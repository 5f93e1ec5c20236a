"""The documents of sitemap sources: where each stands, and which URLs it named before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.orm import Session, defer

from monitor.model import SitemapDocument, SourceId, Validators
from monitor.store.tables import SitemapRow


def list_documents(tx: Session, source: SourceId) -> tuple[SitemapDocument, ...]:
    """Every document that this source ever named, without what it knows: at most a few thousand."""
    query = (
        select(SitemapRow, SitemapRow.known.is_not(None))
        .where(SitemapRow.source_id == source)
        .order_by(SitemapRow.depth, SitemapRow.url)
        .options(defer(SitemapRow.known))
    )
    return tuple(_document(row, is_read=is_read) for row, is_read in tx.execute(query))


def find_known(tx: Session, source: SourceId, url: str) -> bytes | None:
    """The digests of all that the document named when it was read; None where it never was."""
    query = select(SitemapRow.known).where(SitemapRow.source_id == source, SitemapRow.url_digest == _digest(url))
    return tx.scalar(query)


def record_documents(
    tx: Session,
    source: SourceId,
    documents: Sequence[SitemapDocument],
    known: Mapping[str, bytes],
    *,
    forget_before: datetime,
) -> None:
    """Keep where these documents stand; `known`, by URL, holds what was read now, and leaves the others' as it was.

    What no index has named since `forget_before` is forgotten; the entries it brought stay.
    """
    is_gone = and_(SitemapRow.is_listed.is_(False), SitemapRow.absent_at < forget_before)
    tx.execute(delete(SitemapRow).where(SitemapRow.source_id == source, is_gone))
    there = set(tx.scalars(select(SitemapRow.url_digest).where(SitemapRow.source_id == source)))
    rows = [{"source_id": source, "url_digest": _digest(document.url), **_columns(document)} for document in documents]
    for row in rows:
        if row["url_digest"] not in there:
            row["known"] = known.get(row["url"])
    _each(tx, insert(SitemapRow), [row for row in rows if row["url_digest"] not in there])
    stood = [row for row in rows if row["url_digest"] in there]
    _each(tx, update(SitemapRow), [row for row in stood if row["url"] not in known])
    _each(tx, update(SitemapRow), [row | {"known": known[row["url"]]} for row in stood if row["url"] in known])


def _each(tx: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """By primary key, without reading a row first: what it knows is large."""
    if rows:
        tx.execute(statement, list(rows))


def _document(row: SitemapRow, *, is_read: bool) -> SitemapDocument:
    return SitemapDocument(
        url=row.url,
        index_url=row.index_url,
        depth=row.depth,
        listed=row.listed,
        is_listed=row.is_listed,
        absent_at=row.absent_at,
        modified=row.modified,
        asked_at=row.asked_at,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        validators_url=row.validators_url,
        body_digest=row.body_digest,
        failure_count=row.failure_count,
        is_read=is_read,
    )


def _columns(document: SitemapDocument) -> dict[str, Any]:
    return {
        "url": document.url,
        "index_url": document.index_url,
        "depth": document.depth,
        "listed": document.listed,
        "is_listed": document.is_listed,
        "absent_at": document.absent_at,
        "modified": document.modified,
        "asked_at": document.asked_at,
        "etag": document.validators.etag,
        "last_modified": document.validators.last_modified,
        "validators_url": document.validators_url,
        "body_digest": document.body_digest,
        "failure_count": document.failure_count,
    }


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
