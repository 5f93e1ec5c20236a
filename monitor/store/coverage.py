"""Read views for the desk: when a candidate's articles were told, and the figures an editor lives by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from monitor.model import CandidateId, Filter
from monitor.store.database import Transaction, settled
from monitor.store.queue import count_filtered, find_oldest
from monitor.store.rounds import Instant
from monitor.store.tables import ArticleRow, MembershipRow, RevisionRow

_SINCE = bindparam("since", type_=Instant())
_PUBLISHED = select(func.count(RevisionRow.wire_id.distinct())).where(RevisionRow.published_at >= _SINCE)
_TOLD = (
    select(MembershipRow.candidate_id, ArticleRow.published_at, ArticleRow.first_seen_at)
    .join(ArticleRow, ArticleRow.id == MembershipRow.article_id)
    .where(
        MembershipRow.candidate_id.in_(bindparam("candidates", expanding=True)),
        MembershipRow.added_at >= _SINCE,  # nothing joins before it is seen: of the old no article is read
        ArticleRow.first_seen_at >= _SINCE,
        or_(ArticleRow.published_at.is_(None), ArticleRow.published_at >= _SINCE),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What stands at the top of the desk."""

    waiting: int  # store.queue.COUNT_LIMIT where there are so many or more
    oldest_at: datetime | None  # when the candidate opened that waits longest
    mine: int  # claimed by this editor, undecided
    published_today: int  # wires, since midnight UTC


def get_figures(tx: Transaction, *, now: datetime, who: str, waiting: int | None = None) -> Figures:
    """The figures for one editor; `waiting` where it has been counted already."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Figures(
        waiting=count_filtered(tx, Filter(), who=who, now=now) if waiting is None else waiting,
        oldest_at=find_oldest(tx, now=now),
        mine=count_filtered(tx, Filter(is_mine=True), who=who, now=now),
        published_today=settled(tx).execute(_PUBLISHED, {"since": midnight}).scalar() or 0,
    )


def list_told_times(
    tx: Transaction, candidates: Collection[CandidateId], *, since: datetime
) -> dict[CandidateId, tuple[datetime, ...]]:
    """When the articles of each candidate were told, those from `since` on, oldest first."""
    times: dict[CandidateId, list[datetime]] = defaultdict(list)
    for candidate, published_at, first_seen_at in settled(tx).execute(
        _TOLD, {"candidates": list(candidates), "since": since}
    ):
        told_at = first_seen_at if published_at is None else min(published_at, first_seen_at)
        times[CandidateId(candidate)].append(told_at)
    return {candidate: tuple(sorted(found)) for candidate, found in times.items()}
