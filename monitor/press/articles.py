"""A telling of the simulated press as an article: what a reader of its page would find, without a page being served."""

from __future__ import annotations

from monitor.model import NewArticle, Origin, PublisherId, Tier
from monitor.press.edition import Telling


def as_written(telling: Telling) -> NewArticle:
    """The article as its page first said it, under an address that is the same in every process."""
    text = telling.versions[0].text
    url = f"http://{telling.publisher.id}.localhost{telling.path}"
    return NewArticle(
        canonical_url=url,
        url=url,
        title=text.title,
        text="\n".join(text.paragraphs),
        published_at=telling.published_at,
        language=telling.publisher.language,
        publisher=PublisherId(telling.publisher.id),
        publisher_name=telling.publisher.name,
        source=None,
        origin=Origin(telling.source.origin),
        tier=Tier(telling.source.tier),
        first_seen_at=telling.published_at,
    )
