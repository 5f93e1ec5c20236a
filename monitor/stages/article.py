"""Entry and page → the article they make: whose words, which date, under which address."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from urllib.parse import quote

from monitor.model import Article, Credit, Entry, Kind, NewArticle, Page, Publisher, Source, StoredEntry
from monitor.stages.canonical import (
    TITLE_LIMIT,
    canonical_url,
    clean_line,
    cut,
    fragment_of,
    normal_title,
    openable_target,
    openable_url,
    registrable_domain,
    untracked_url,
)
from monitor.stages.copies import shared_text
from monitor.stages.credits import Agencies, find_credits

FULL_TEXT = 500  # characters from which a feed's own text may stand for the article
SAME_HEADLINE_TEXT = 0.3  # of the shorter text's phrases, under one headline: two readings of a page share more
SAME_TEXT = 0.6  # under two headlines
_UNTITLED = "Untitled"
_A_DAY = timedelta(days=1)
_WORD = re.compile(r"\w+")


def entry_key(entry: Entry, source: Source, *, is_shared_page: bool = False) -> str:
    """The canonical URL of what the entry leads to.

    On a page that many entries share (a changelog) each is an article of its own, told by what stands behind `#`; an
    entry without a link is told by its guid, under its source. A letter is told by its Message-ID (RFC 2392), whoever
    had it: its mailbox is nobody else's business.
    """
    page = canonical_url(entry.url)
    if page is None and source.kind is Kind.MAILBOX:
        return f"mid:{quote(entry.guid, safe='@')}"
    if page is None:
        return f"{canonical_url(source.url) or source.url}#{_guid_digest(entry)}"
    if is_shared_page:
        return f"{page}#{fragment_of(entry.url) or _guid_digest(entry)}"
    return page


def page_key(page: Page, *, answered_url: str, entry: str) -> tuple[str, str | None]:
    """The canonical URL of a page that was answered, and a note where its own word was not taken.

    Its rel=canonical is believed within its own registrable domain only: otherwise any page could pass itself off as
    another publisher's article.
    """
    answered = canonical_url(answered_url) or entry
    claimed = page.canonical_url
    if claimed is None or claimed == answered:
        return answered, None
    if registrable_domain(claimed) == registrable_domain(answered):
        return claimed, None
    return answered, f"the page names an address of another site as its own: {claimed}"


def is_front_page(answered_url: str, *, entry: str) -> bool:
    """An article's address that leads to a front page is gone, whatever the status says (H26)."""
    answered = canonical_url(answered_url)
    return answered is not None and answered.count("/") == 3 and answered.endswith("/") and not entry.endswith("/")


def is_nobodys_page(url: str) -> bool:
    """Whether an entry leads to a site's front page alone, which is no entry's own."""
    return (canonical_url(url) or "").count("/") == 3 and (canonical_url(url) or "").endswith("/")


def is_fuller(feed_text: str, page_text: str) -> bool:
    """Whether the feed says so much more than the page that the page is a teaser or a wall (H26)."""
    return len(feed_text) >= FULL_TEXT and len(feed_text) > 2 * len(page_text)


def feed_markup(entry: Entry) -> str:
    """The fuller of what the feed says itself, as HTML."""
    return max(entry.content or "", entry.summary or "", key=len)


def headline(entry: Entry, page: Page | None, text: str, source: Source) -> str:
    """Never empty. A publisher's own feed names its articles; what a relay or a listing says of a page comes second."""
    said, found = entry.title, (page.title if page is not None else None) or ""
    if page is not None and source.kind is Kind.PAGE and _names_site(found, page, source):
        found = ""
    first, second = (found, said) if _is_told_by_page(source) else (said, found)
    return first or second or cut(clean_line(text[:TITLE_LIMIT]), 120) or entry.url or _UNTITLED


def _is_told_by_page(source: Source) -> bool:
    """Whether the page's own title and date are better than what led there: others' words, or those of a link."""
    return source.is_aggregator or source.kind is Kind.PAGE


def _names_site(title: str, page: Page, source: Source) -> bool:
    """Some sites give every page the site's name as its title."""
    return normal_title(title) in {normal_title(name) for name in (page.site_name, source.name) if name}


def is_same_headline(one: str, other: str) -> bool:
    """Compared after NFKC, case and space aside (H12)."""
    return normal_title(one) == normal_title(other)


def are_kin_headlines(one: str, other: str) -> bool:
    """Whether two headlines may stand over one text: half of the shorter one's words are in the other."""
    words, others = (set(_WORD.findall(normal_title(title))) for title in (one, other))
    fewest = min(len(words), len(others))
    return fewest > 0 and 2 * len(words & others) >= fewest


def is_same_article(known: Article, *, title: str, text: str, page_title: str | None, is_same_place: bool) -> bool:
    """Whether a page that claims, or whose address suggests, that it is `known` is that article indeed.

    The same headline is enough unless the texts say that they are two. Under another headline the texts must be alike,
    the addresses be spellings of one, and the page be what its entry announced: a wall and a portal say the same to
    whatever is asked.
    """
    share = shared_text(known.text, text)
    if is_same_headline(known.title, title):
        return share is None or share >= SAME_HEADLINE_TEXT
    is_announced = page_title is None or are_kin_headlines(page_title, title)
    return is_same_place and is_announced and share is not None and share >= SAME_TEXT


def is_worth_another_look(known: Article, entry: Entry) -> bool:
    """Whether an entry that leads to a known article says something new of it: another headline, or a later day."""
    said_at = entry.updated_at or entry.published_at
    is_later = said_at is not None and known.published_at is not None and said_at - known.published_at > _A_DAY
    return is_later or bool(entry.title and not is_same_headline(entry.title, known.title))


def make_article(
    stored: StoredEntry,
    source: Source,
    publisher: Publisher,
    *,
    key: str,
    text: str,
    page: Page | None = None,
    answered_url: str | None = None,
    note: str | None = None,
    agencies: Agencies | None = None,
) -> NewArticle:
    """The article under `key`; `page` is None where the text is the feed's. Without `agencies` nobody is credited."""
    entry = stored.entry
    of_page = page.published_at if page is not None else None
    claims = (of_page, entry.published_at) if _is_told_by_page(source) else (entry.published_at, of_page)
    return NewArticle(
        canonical_url=key,
        url=untracked_url(openable_url(answered_url) or openable_target(entry.url) or openable_url(source.url) or key),
        title=headline(entry, page, text, source),
        text=text,
        author=(page.author if page is not None else None) or entry.author,
        published_at=next((claim for claim in (*claims, entry.updated_at) if claim is not None), None),
        language=(page.language if page is not None else None) or entry.language or source.language,
        publisher=publisher.id,
        publisher_name=publisher.name,
        source=source.id,
        origin=source.origin,
        tier=source.tier,
        first_seen_at=stored.first_seen_at,
        note=note,
        credits=() if agencies is None else _credits(entry, page, text, publisher, agencies, url=key),
    )


def _credits(
    entry: Entry, page: Page | None, text: str, publisher: Publisher, agencies: Agencies, *, url: str
) -> tuple[Credit, ...]:
    """Whom page and feed credit with the words."""
    claims = (*entry.credits, *(page.credits if page is not None else ()))
    authors = ", ".join(dict.fromkeys(filter(None, (entry.author, page.author if page is not None else None))))
    return find_credits(
        title=entry.title,
        text=text,
        author=authors,
        claims=claims,
        agencies=agencies,
        publisher=publisher.name,
        url=url,
    )


def _guid_digest(entry: Entry) -> str:
    return hashlib.sha256(entry.guid.encode()).hexdigest()[:32]
