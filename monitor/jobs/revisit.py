"""The page of an article that is known, met again: what it says now is kept beside what it said first.

A page is asked again only where its feed says something new of it, the first time an hour after it was last asked, then
twice as long after every change. The article itself stays what it was: what it says now is a version, and the
candidates that hold it have grown.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.jobs.keep import Reading, Visit, joined, snapshot_of
from monitor.jobs.recount import recount
from monitor.model import Article, ArticleId
from monitor.stages.article import headline, is_same_article
from monitor.stages.canonical import canonical_url
from monitor.stages.codebook import ProviderIndex
from monitor.store.articles import (
    add_article_urls,
    append_version,
    find_checked_at,
    get_article,
    record_checked,
)
from monitor.store.candidates import list_candidates_of, record_grown
from monitor.store.database import Transaction
from monitor.store.entries import get_newest, record_regrown

GAP = timedelta(hours=1)  # between two looks at one page; doubles with every change that was found
LONGEST_GAP = timedelta(days=2)
MOST_VERSIONS = 50  # a page that changes oftener is no article but a ticker


def due_at(tx: Transaction, known: Article) -> datetime | None:
    """From when its page may be asked again; None where it never is."""
    if known.version_count >= MOST_VERSIONS:
        return None
    asked_at = find_checked_at(tx, known.id) or (known.snapshot.fetched_at if known.snapshot else known.first_seen_at)
    return asked_at + min(LONGEST_GAP, GAP * (1 << min(known.version_count, 10)))


def keep_version(
    tx: Transaction, visit: Visit, reading: Reading, *, now: datetime, providers: ProviderIndex | None
) -> str | None:
    """Keep what the page says now: "grown", or "linked" where it says nothing new.

    None where the page is another article by now: its entry was used for something else.
    """
    known = _locked(tx, visit)
    page = reading.page
    title = headline(visit.stored.entry, page, reading.text, visit.source)
    answered = canonical_url(reading.fetched.final_url) or visit.key
    is_same_place = answered in (known.canonical_url, canonical_url(known.url))
    is_same = is_same_place or is_same_article(
        known, title=title, text=reading.text, page_title=page.title, is_same_place=True
    )
    if not is_same:
        return None
    version = append_version(
        tx,
        known.id,
        title=title,
        text=reading.text,
        now=now,
        snapshot=snapshot_of(reading.fetched),
        body=reading.fetched.body,
        note=joined(reading.note, *page.notes),
    )
    add_article_urls(tx, known.id, [visit.key, answered])
    return _told(tx, visit, known.id, is_new=version is not None, now=now, providers=providers)


def keep_words(
    tx: Transaction, visit: Visit, *, text: str, note: str, now: datetime, providers: ProviderIndex | None
) -> str:
    """The same where the page cannot be had: the feed's own words are a version, if the article was made of such."""
    known = _locked(tx, visit)
    version = None
    if known.snapshot is None and text:
        title = headline(visit.stored.entry, None, text, visit.source)
        version = append_version(tx, known.id, title=title, text=text, now=now, note=note)
    return _told(tx, visit, known.id, is_new=version is not None, now=now, providers=providers)


def _locked(tx: Transaction, visit: Visit) -> Article:
    stored = get_newest(tx, visit.stored.id, is_for_change=True)
    assert stored.article is not None
    return get_article(tx, stored.article)


def _told(
    tx: Transaction, visit: Visit, article: ArticleId, *, is_new: bool, now: datetime, providers: ProviderIndex | None
) -> str:
    record_checked(tx, article, now=now)
    record_regrown(tx, visit.stored.id, article, "its page was asked again")
    if not is_new:
        return "linked"
    for candidate in list_candidates_of(tx, article):
        if providers is not None:
            recount(tx, candidate, now=now, providers=providers)
        record_grown(tx, candidate, now=now)
    return "grown"
