"""Articles and candidates that stand in a real database, for tests of what happens to them later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from monitor.jobs.recount import recount
from monitor.model import (
    ArticleId,
    CandidateId,
    Joined,
    Match,
    NewArticle,
    Origin,
    Provider,
    Publisher,
    PublisherId,
    Tier,
)
from monitor.stages.codebook import ProviderIndex
from monitor.store.articles import add_article
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, open_candidate
from monitor.store.sources import record_publishers

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROVIDERS = ProviderIndex([Provider(id="acme", name="Acme", aliases=("AcmeChat",))])
_numbers = count(1)


def store_article(tx: Transaction, publisher: str = "gazette", **fields: Any) -> ArticleId:
    """An article of the press, seen at `MORNING`; its publisher is registered with it."""
    record_publishers(tx, [Publisher(id=PublisherId(publisher), name=publisher.title())])
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "canonical_url": f"https://{publisher}.example/{number}",
        "url": f"https://{publisher}.example/{number}",
        "title": f"Headline {number}",
        "text": f"Text {number}.",
        "publisher": PublisherId(publisher),
        "publisher_name": publisher.title(),
        "source": None,
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "first_seen_at": MORNING,
    }
    return add_article(tx, NewArticle(**{**defaults, **fields}))


def store_candidate(
    tx: Transaction,
    *articles: ArticleId,
    at: datetime = MORNING,
    copies: Mapping[ArticleId, ArticleId] | None = None,
) -> CandidateId:
    """A candidate of these articles, opened and counted at `at`; `copies` names originals."""
    candidate = open_candidate(tx, title="", opened_at=at)
    for article in articles:
        join(tx, candidate, article, at=at, copy_of=(copies or {}).get(article))
    return candidate


def join(
    tx: Transaction, candidate: CandidateId, article: ArticleId, *, at: datetime, copy_of: ArticleId | None = None
) -> None:
    """Let an article join as `deduplicate` would."""
    match = Match(
        candidate=candidate,
        joined=Joined.EVENT if copy_of is None else Joined.COPY,
        nearest=copy_of,
        copy_of=copy_of,
        similarity=0.9,
        reason=f"Tells the same as others of candidate {candidate}.",
    )
    add_member(tx, candidate, article, match, now=at)
    recount(tx, candidate, now=at, providers=PROVIDERS)


def a_candidate_of(database: Database, *publishers: str, at: datetime = MORNING, **fields: Any) -> CandidateId:
    """A candidate with one article of each publisher."""
    with database.write() as tx:
        return store_candidate(tx, *(store_article(tx, p, **fields) for p in publishers), at=at)
