"""Nouns with sane defaults, for tests that care about one field only."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from monitor.model import Article, ArticleId, Joined, Member, Origin, PublisherId, Tier

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_ids = count(1)


def an_article(**fields: Any) -> Article:
    """An article of the press, first seen at `NOON`; `publisher` also gives its name."""
    number = fields["id"] if "id" in fields else next(_ids)
    publisher = fields.get("publisher", "gazette")
    defaults: dict[str, Any] = {
        "canonical_url": f"https://{publisher}.example/{number}",
        "url": f"https://{publisher}.example/{number}",
        "title": f"Headline {number}",
        "text": "",
        "publisher_name": str(publisher).title(),
        "source": None,
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "first_seen_at": NOON,
    }
    given = {**fields, "id": ArticleId(number), "publisher": PublisherId(publisher)}
    return Article(**{**defaults, **given})


def a_member(article: Article | None = None, *, copy_of: int | None = None, **fields: Any) -> Member:
    """A member of a candidate: `fields` are those of its article."""
    return Member(
        article=article or an_article(**fields),
        joined=Joined.OPENED if copy_of is None else Joined.COPY,
        copy_of=None if copy_of is None else ArticleId(copy_of),
        nearest=None if copy_of is None else ArticleId(copy_of),
        similarity=1.0,
        reason="first of its event",
        added_at=NOON,
    )
