"""The documents of sitemap sources: where each stands, and which URLs it named before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import and_, bindparam, delete, insert, select, update

from monitor.model import SitemapDocument, SourceId, Validators
from monitor.store.database import Round, connected
from monitor.store.rounds import SITEMAPS

_ROW = SITEMAPS.c


def list_documents(tx: Round, source: SourceId) -> tuple[SitemapDocument, ...]:
    """Every document that this source ever named, without what it knows: at most a few thousand."""
    query = (
        select(*(column for column in _ROW if column is not _ROW.known), _ROW.known.is_not(None).label("is_read"))
        .where(_ROW.source_id == source)
        .order_by(_ROW.depth, _ROW.url)
    )
    return tuple(_document(row) for row in connected(tx).execute(query))


def find_known(tx: Round, source: SourceId, url: str) -> bytes | None:
    """The digests of all that the document named when it was read; None where it never was."""
    query = select(_ROW.known).where(_ROW.source_id == source, _ROW.url_digest == _digest(url))
    return connected(tx).scalar(query)


def record_documents(
    tx: Round,
    source: SourceId,
    documents: Sequence[SitemapDocument],
    known: Mapping[str, bytes],
    *,
    forget_before: datetime,
) -> None:
    """Keep where these documents stand; `known`, by URL, holds what was read now, and leaves the others' as it was.

    What no index has named since `forget_before` is forgotten; the entries it brought stay.
    """
    is_gone = and_(_ROW.is_listed.is_(False), _ROW.absent_at < forget_before)
    connection = connected(tx)
    connection.execute(delete(SITEMAPS).where(_ROW.source_id == source, is_gone))
    there = set(connection.scalars(select(_ROW.url_digest).where(_ROW.source_id == source)))
    rows = [{"source_id": source, "url_digest": _digest(document.url), **_columns(document)} for document in documents]
    for row in rows:
        if row["url_digest"] not in there:
            row["known"] = known.get(row["url"])
    _each(tx, insert(SITEMAPS), [row for row in rows if row["url_digest"] not in there])
    stood = [row for row in rows if row["url_digest"] in there]
    _change(tx, [row for row in stood if row["url"] not in known])
    _change(tx, [row | {"known": known[row["url"]]} for row in stood if row["url"] in known])


def _change(tx: Round, rows: Sequence[Mapping[str, Any]]) -> None:
    """By primary key, without reading a row first: what it knows is large."""
    if not rows:
        return
    key = ("source_id", "url_digest")
    its = and_(*(_ROW[name] == bindparam(f"its_{name}") for name in key))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name not in key}
    asked = [{f"its_{name}" if name in key else f"new_{name}": value for name, value in row.items()} for row in rows]
    _each(tx, update(SITEMAPS).where(its).values(values), asked)


def _each(tx: Round, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connected(tx).execute(statement, list(rows))


def _document(row: RowOf[*tuple[Any, ...]]) -> SitemapDocument:
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
        is_read=row.is_read,
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
