"""One article for ever: whether a page that was met is an article that is known, and keeping it where it is not.

Addresses are hints. Where a page was answered is a fact; what it says of its own address is a claim, and that two
addresses are spellings of one is a guess: both count only where headline and text bear them out. So nothing that lies
about its address swallows another's news.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.model import (
    Article,
    ArticleId,
    Fetched,
    NewArticle,
    Page,
    Publisher,
    Snapshot,
    Source,
    StoredEntry,
)
from monitor.stages.article import is_same_article, is_same_headline, make_article, page_key
from monitor.stages.canonical import canonical_url
from monitor.stages.credits import Agencies
from monitor.stages.spellings import plain_spelling, spellings
from monitor.store.articles import (
    add_article,
    add_article_urls,
    find_article_by_url,
    find_articles_by_urls,
    is_claimed,
    record_own_address,
)
from monitor.store.database import Transaction
from monitor.store.entries import record_extracted, record_met_again, record_regrown


@dataclass(frozen=True, slots=True)
class Visit:
    """One entry on its way."""

    stored: StoredEntry
    source: Source
    key: str  # the canonical URL of what the entry leads to
    url: str | None  # to ask for
    agencies: Agencies | None = None
    hops: int = 0  # pages that only led on

    def leads_to(self, url: str) -> Visit:
        """The same entry, sent on to another page."""
        return replace(self, url=url, hops=self.hops + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page was found to say."""

    page: Page
    fetched: Fetched
    text: str
    note: str | None


class Kept(StrEnum):
    """What became of a page."""

    NEW = "page"
    LINKED = "linked"  # it is an article that was known already
    MISTAKEN = "mistaken"  # it says the same to whatever is asked: it is not what its entry announced


def find_met(tx: Transaction, visit: Visit) -> Article | None:
    """The article that the entry leads to, where it is known and no doubt is left without asking for the page."""
    known = find_article_by_url(tx, visit.key)
    title = visit.stored.entry.title
    if known is not None and (not is_claimed(tx, visit.key) or is_same_headline(known.title, title)):
        return known
    alike = (other for other in find_articles_by_urls(tx, spellings(visit.key)))
    return next((other for other in alike if is_same_headline(other.title, title)), None)


def link(tx: Transaction, visit: Visit, known: Article, note: str, *, again_at: datetime | None = None) -> None:
    """The entry leads to an article that is known, whose page is to be asked again at `again_at`."""
    add_article_urls(tx, known.id, [visit.key], claimed=[visit.key])
    if again_at is None:
        _record(tx, visit, known.id, note)
    else:
        record_met_again(tx, visit.stored.id, known.id, note, due_at=again_at)


def keep_page(tx: Transaction, visit: Visit, reading: Reading, publisher: Publisher) -> tuple[Kept, ArticleId | None]:
    """Article, snapshot, addresses and entry; or the article that it is already."""
    page, final_url = reading.page, reading.fetched.final_url
    answered = canonical_url(final_url) or visit.key
    key, doubt = page_key(page, answered_url=final_url, entry=visit.key)
    note = joined(reading.note, doubt, *page.notes)
    article = make_article(
        visit.stored,
        visit.source,
        publisher,
        key=key,
        text=reading.text,
        page=page,
        answered_url=final_url,
        note=note,
        agencies=visit.agencies,
    )
    for other in _others(tx, [key, answered, visit.key], page):
        is_same_place = plain_spelling(answered) in _places(other)
        if is_same_article(
            other, title=article.title, text=article.text, page_title=page.title, is_same_place=is_same_place
        ):
            add_article_urls(tx, other.id, [visit.key, answered], claimed=[key] if key != answered else [])
            _record(tx, visit, other.id, note)
            return Kept.LINKED, other.id
    return _keep_new(tx, visit, reading, article, answered)


def _keep_new(
    tx: Transaction, visit: Visit, reading: Reading, article: NewArticle, answered: str
) -> tuple[Kept, ArticleId | None]:
    """As a new article, under the first of its addresses that is no other's."""
    taken: str | None = None
    for key in dict.fromkeys([article.canonical_url, answered, visit.key]):
        other = find_article_by_url(tx, key)
        if other is not None and reading.text == other.text:
            return Kept.MISTAKEN, None
        if other is None or (key == answered and _gives_back(tx, other, key)):
            urls = [visit.key, answered]
            also = [] if taken else [article.canonical_url]
            claimed = [url for url in (*also, *reading.page.addresses) if url not in urls]
            note = joined(article.note, taken and mistaken(taken))
            kept = add_article(
                tx,
                replace(article, canonical_url=key, note=note),
                urls=urls,
                claimed=claimed,
                snapshot=snapshot_of(reading.fetched),
                body=reading.fetched.body,
            )
            _record(tx, visit, kept, note)
            return Kept.NEW, kept
        taken = taken or key
    return Kept.MISTAKEN, None


def keep_feed(tx: Transaction, visit: Visit, publisher: Publisher, *, text: str, note: str) -> ArticleId:
    """An article of the feed's own words."""
    article = make_article(
        visit.stored, visit.source, publisher, key=visit.key, text=text, note=note, agencies=visit.agencies
    )
    other = find_article_by_url(tx, visit.key)
    if other is not None and not is_same_headline(other.title, article.title) and is_claimed(tx, visit.key):
        _gives_back(tx, other, visit.key)
    kept = add_article(tx, article)
    _record(tx, visit, kept, note)
    return kept


def mistaken(key: str) -> str:
    """What the operator reads where a page's word was not taken."""
    return f"the page gives the address of another article as its own: {key}"


def snapshot_of(fetched: Fetched) -> Snapshot:
    """The page as served."""
    return Snapshot(
        digest=hashlib.sha256(fetched.body).hexdigest(),
        url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        content_type=fetched.content_type,
        size_bytes=len(fetched.body),
    )


def joined(*notes: str | None) -> str | None:
    """Several notes as one."""
    return "; ".join(note for note in notes if note) or None


def _others(tx: Transaction, keys: Sequence[str], page: Page) -> tuple[Article, ...]:
    """Articles that may be this one, the likeliest first."""
    guesses = [spelling for key in dict.fromkeys(keys[:2]) for spelling in spellings(key)]
    return find_articles_by_urls(tx, list(dict.fromkeys([*keys, *page.addresses, *guesses])))


def _places(article: Article) -> set[str]:
    """The plain spellings of where an article was met."""
    found = (canonical_url(article.url), article.canonical_url)
    return {plain_spelling(url) for url in found if url is not None}


def _gives_back(tx: Transaction, other: Article, key: str) -> bool:
    """Whether `other`, which is known at `key` by its own word only, has an address of its own to be known at instead.

    Who answers at an address has more right to it than who claims it.
    """
    own = canonical_url(other.url)
    if own is None or own == key or not is_claimed(tx, key):
        return False
    holder = find_article_by_url(tx, own)
    if holder is None or holder.id == other.id:
        record_own_address(tx, other.id, own=own, claimed=key)
        return True
    return False


def _record(tx: Transaction, visit: Visit, article: ArticleId, note: str | None) -> None:
    """Where the entry leads; one whose words changed may lead elsewhere now."""
    record = record_extracted if visit.stored.article is None else record_regrown
    record(tx, visit.stored.id, article, note)
