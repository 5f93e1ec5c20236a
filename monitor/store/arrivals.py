"""What a source brought last, and what became of it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.model import Arrival, ArticleId, CandidateId, SourceId
from monitor.store.tables import EntryRow, MembershipRow


def list_arrivals(tx: Session, source: SourceId, *, limit: int = 10) -> tuple[Arrival, ...]:
    """The newest entries of a source, newest first, with the latest candidate that each belongs to."""
    newest = (
        select(EntryRow.id).where(EntryRow.source_id == source).order_by(EntryRow.id.desc()).limit(limit)
    ).subquery()
    query = (
        select(
            EntryRow.id,
            EntryRow.title,
            EntryRow.url,
            EntryRow.first_seen_at,
            EntryRow.extract_note,
            EntryRow.article_id,
            func.max(MembershipRow.candidate_id),
        )
        .join(newest, newest.c.id == EntryRow.id)
        .outerjoin(MembershipRow, MembershipRow.article_id == EntryRow.article_id)
        .group_by(EntryRow.id)
        .order_by(EntryRow.id.desc())
    )
    return tuple(
        Arrival(
            title=title,
            url=url,
            first_seen_at=seen,
            note=note,
            article=None if article is None else ArticleId(article),
            candidate=None if candidate is None else CandidateId(candidate),
        )
        for _, title, url, seen, note, article, candidate in tx.execute(query)
    )
