"""Outages: what a status page says, kept as one article that grows with its timeline.

The words come from the feed itself: it holds what the page shows, in a form that is read well, and an outage is the
worst time to ask a status page for more. What an article has gained is told to the candidates that hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.jobs.recount import recount
from monitor.model import Article, ArticleId, Publisher, Source, StatusUpdate, StoredEntry
from monitor.stages.article import make_article
from monitor.stages.codebook import ProviderIndex
from monitor.stages.dates import read_date
from monitor.stages.timeline import merge_timeline, tell_timeline
from monitor.store.articles import add_article, find_article_by_url, get_article, record_growth
from monitor.store.candidates import list_candidates_of, record_grown
from monitor.store.database import Transaction
from monitor.store.entries import get_newest, record_regrown

READ_ACCOUNT = "monitor.stages.status:read_account"
STATUS_PAGE = "text from the feed of the status page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one reading of an entry's newest words found."""

    stored: StoredEntry  # with the words that were read
    updates: tuple[StatusUpdate, ...]
    text: str  # where it is no timeline

    @property
    def said_at(self) -> datetime | None:
        """When the page says that it said so."""
        entry = self.stored.entry
        return read_date(entry.updated) or entry.updated_at or entry.published_at


def keep_outage(
    tx: Transaction,
    look: Look,
    source: Source,
    publisher: Publisher,
    *,
    key: str,
    now: datetime,
    providers: ProviderIndex | None,
) -> str | None:
    """Make the outage's article, or let it grow: "feed", "grown" or "linked"; None where later words came meanwhile.

    Done twice it changes nothing. An article that another source brought is left as it is.
    """
    stored = get_newest(tx, look.stored.id, is_for_change=True)
    if stored.version != look.stored.version:
        return None
    known = get_article(tx, stored.article) if stored.article is not None else find_article_by_url(tx, key)
    if known is None:
        record_regrown(tx, stored.id, _add(tx, look, source, publisher, key), STATUS_PAGE)
        return "feed"
    record_regrown(tx, stored.id, known.id, STATUS_PAGE)
    if known.source != source.id or not _grow(tx, known, look):
        return "linked"
    for candidate in list_candidates_of(tx, known.id):
        if providers is not None:
            recount(tx, candidate, now=now, providers=providers)
        record_grown(tx, candidate, now=now)
    return "grown"


def _add(tx: Transaction, look: Look, source: Source, publisher: Publisher, key: str) -> ArticleId:
    timeline = merge_timeline((), look.updates, said_at=look.said_at)
    new = make_article(
        look.stored, source, publisher, key=key, text=tell_timeline(timeline) or look.text, note=STATUS_PAGE
    )
    begun_at = min((update.at for update in timeline if update.at is not None), default=new.published_at)
    return add_article(tx, replace(new, timeline=timeline, published_at=begun_at))


def _grow(tx: Transaction, known: Article, look: Look) -> bool:
    """Whether the article says more, or otherwise, than before."""
    timeline = merge_timeline(known.timeline, look.updates, said_at=look.said_at)
    text = tell_timeline(timeline) or look.text or known.text
    if (timeline, text) == (known.timeline, known.text):
        return False
    record_growth(tx, known.id, text=text, timeline=timeline)
    return True
