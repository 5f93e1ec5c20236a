"""A published wire → an item of a feed, and a feed's document: what is decided once for Atom, RSS and JSON Feed.

Nothing here asks the clock: the same state gives the same bytes (O4). A feed is as new as the newest of what it holds,
or as the founding of the newsroom while it holds nothing. A correction or a retraction is a new revision of the same
item, marked in title and text (O6); nothing vanishes, and where a wire was taken down a tombstone says so.

A feed is a log: each revision that readers saw is a line of it. Full stretches of the log are archive documents
(RFC 5005), the rest is the subscription document; within a document a wire stands once, with the last of its revisions
there. What an archive holds follows from its stretch alone, so that later revisions leave it as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.model import Citation, Codebook, Newsroom, Provider, Revision, RevisionKind, Wire, WireId
from monitor.model.feeds import FeedAddress, FeedFormat, TakeDown, TakeDownReason
from monitor.model.publication import JSON_FEED
from monitor.model.subscriber import Wanted
from monitor.stages.canonical import clean_line, clean_text
from monitor.stages.crosswalk import Elsewhere, elsewhere
from monitor.stages.feed_names import key_of, path_of, told_as
from monitor.stages.markup import linkable_url, plain_summary, render_body, safe_html
from monitor.stages.revise import tag_uri
from monitor.stages.telling import (
    SAID,
    count_of_sources,
    long_date,
    marked_headline,
    notices,
    provider_names,
    source_links,
    told,
)

NAMESPACE = "urn:uuid:67ff1210-77da-4938-be8c-bb9723ffa8ce"  # of our own elements: docs/feeds.md; fixed for ever
SUMMARY_LENGTH = 300  # characters
SUBTITLE = "AI incidents, sourced and classified by editors"
MEDIA_TYPES = {
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.RSS: "application/rss+xml",
    FeedFormat.JSON: JSON_FEED,
}
TOLD_REASONS = {
    TakeDownReason.ORDER: "by order of a court or an authority",
    TakeDownReason.PRIVACY: "to protect a person",
    TakeDownReason.RIGHTS: "because it infringed the rights of others",
    TakeDownReason.SAFETY: "because it could help to do harm",
}
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the newsroom is called and where readers find it."""

    name: str
    base_url: str  # absolute, without a slash at the end
    codebook: Codebook
    providers: tuple[Provider, ...]
    language: str = "en"
    hub: str = ""  # of WebSub, where one is told of what is new

    def url(self, path: str) -> str:
        """The absolute URL of a path that begins with a slash (O7)."""
        return f"{self.base_url}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A word of the codebook, under the address that defines it."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLink:
    """A source: `via` where it counts as one, `related` where it only tells the same again."""

    rel: str
    href: str
    title: str  # plain: nothing in it looks like markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One revision of a wire, as every format tells it."""

    wire: WireId
    tag: str
    page: str  # URL
    title: str
    published_at: datetime
    updated_at: datetime
    summary: str  # plain
    content: str  # HTML
    categories: tuple[Category, ...]
    links: tuple[ItemLink, ...]
    severity: str | None
    providers: tuple[str, ...]
    codes: tuple[str, ...]
    source_count: int
    standard: str
    occurred_on: date | None
    elsewhere: tuple[Elsewhere, ...]  # the same event in other databases
    number: int
    kind: RevisionKind
    revision_page: str  # URL, permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A wire that was taken down (RFC 6721)."""

    tag: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """All that a format writes down."""

    id: str
    title: str
    author: str
    home: str  # URL
    language: str
    self_url: str
    page: str  # URL of the page that the feed stands for
    about: str  # URL of the page that explains our own marks
    updated_at: datetime
    items: tuple[Item, ...] = ()  # newest first
    tombstones: tuple[Tombstone, ...] = ()  # newest first
    hub: str = ""
    current: str | None = None  # of an archive: the subscription document
    previous: str | None = None  # the archive before this document
    following: str | None = None  # the archive behind this one, once there is one
    subtitle: str = SUBTITLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document stands in its feed."""

    address: FeedAddress
    archive_count: int = 0
    items: Sequence[Item] = field(default=())
    take_downs: Sequence[TakeDown] = field(default=())


# --- a feed -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How logs are cut into documents. Another cut is another archive at the same address: it stays as it is."""

    stretch: int = 50  # lines in an archive document; a subscription document has at least as many, under twice
    fresh: int = 20  # the newest by date are in the subscription document in any case, whatever was brought in since

    def archive_count(self, length: int) -> int:
        """How many archive documents a feed with that many lines has: what is left over is a stretch, or more."""
        return max(0, length // self.stretch - 1)

    def stretch_of(self, archive: int | None, length: int) -> tuple[int, int]:
        """First and last position of what the document holds of a log with that many lines."""
        if archive is not None:
            return (archive - 1) * self.stretch + 1, archive * self.stretch
        return self.archive_count(length) * self.stretch + 1, length

    def archives_at(self, position: int, *, is_said_there: bool = False) -> tuple[int, ...]:
        """The archives that the line at `position` completes: one is full, and the one before gets its `next-archive`.

        `is_said_there`: also the one in which it stands, for what is said there is new.
        """
        full = position // self.stretch - 1 if position % self.stretch == 0 else 0
        own = -(-position // self.stretch) if is_said_there else 0
        return tuple(sorted({n for n in (full - 1, full, own) if n > 0}))


def document_of(site: Site, newsroom: Newsroom, place: Place) -> FeedDocument:
    """The feed's document at `place`, whatever it is written in."""
    address = place.address
    wanted, n = address.wanted, address.archive
    subject = told_as(wanted, site.providers, site.codebook)
    specific = key_of(wanted)
    items = sorted(place.items, key=lambda i: (i.updated_at, i.tag), reverse=True)
    graves = sorted((tombstone_of(t) for t in place.take_downs), key=lambda t: (t.at, t.tag), reverse=True)
    changed = [i.updated_at for i in items] + [t.at for t in graves]

    def archive(number: int) -> str | None:
        if not 1 <= number <= place.archive_count:
            return None
        return site.url(path_of(FeedAddress(wanted=wanted, format=address.format, archive=number)))

    return FeedDocument(
        id=tag_uri(newsroom.tag_authority, newsroom.founded_on, feed_specific(specific)),
        title=clean_line(f"{site.name}: {subject}" if subject else site.name),
        author=clean_line(site.name),
        home=site.url("/"),
        language=site.language,
        self_url=site.url(path_of(address)),
        page=site.url(page_of(address)),
        about=site.url("/feeds"),
        updated_at=max(changed, default=newsroom.founded_at),
        items=tuple(items),
        tombstones=tuple(graves),
        hub=site.hub if n is None else "",
        current=None if n is None else site.url(path_of(FeedAddress(wanted=wanted, format=address.format))),
        previous=archive(place.archive_count if n is None else n - 1),
        following=None if n is None else archive(n + 1),
    )


def feed_specific(key: str) -> str:
    """The end of a feed's id; that of a provider's feed is older than the others and stays as it was."""
    if not key:
        return "feed"
    facet, _, value = key.partition(":")
    if facet == "provider" and not set(value) & {",", "&"}:
        return f"feed/provider/{value}"
    return f"feed/{key.replace(':', '/').replace('&', '/')}"


def page_of(address: FeedAddress) -> str:
    """The page that the feed stands for: that of its one facet, the front page, or the one that explains feeds."""
    match address.wanted:
        case Wanted(providers=(), severities=(), codes=(), standards=()):
            return "/"
        case Wanted(providers=(provider,), severities=(), codes=(), standards=()):
            return f"/providers/{provider}"
        case Wanted(providers=(), severities=(severity,), codes=(), standards=()):
            return f"/severities/{severity.value.lower()}"
        case Wanted(providers=(), severities=(), codes=(code,), standards=()):
            return f"/codes/{code}"
        case _:
            return "/feeds"


def tombstone_of(taken: TakeDown) -> Tombstone:
    """What readers are told of a wire that was taken down."""
    return Tombstone(tag=taken.tag, at=taken.at, comment=told_take_down(taken))


def told_take_down(taken: TakeDown) -> str:
    """One sentence, the same on its page and in the feeds."""
    return f"This wire was taken down on {long_date(taken.at)}, {TOLD_REASONS[taken.reason]}."


CUT = Cut()


# --- an item ----------------------------------------------------------------------------------------------------


def item_of(site: Site, wire: Wire, number: int | None = None) -> Item:
    """The published revision `number` of the wire, or its newest; raises ValueError where readers never saw that."""
    revision = wire.published if number is None else next((r for r in wire.revisions if r.number == number), None)
    if revision is None or revision.published_at is None:
        raise ValueError(f"revision {number} of wire {wire.id} is not published")
    draft, page = revision.draft, site.url(f"/wires/{wire.slug}")
    return Item(
        wire=wire.id,
        tag=wire.tag,
        page=page,
        title=marked_headline(wire, revision),
        published_at=wire.first_published_at or revision.published_at,
        updated_at=revision.published_at,
        summary=clean_text(_summary(wire, revision)),
        content=item_html(site, wire, revision),
        categories=_categories(site, revision),
        links=tuple(_links(revision.citations)),
        severity=None if draft.severity is None else draft.severity.value,
        providers=draft.providers,
        codes=draft.codes,
        source_count=revision.source_count,
        standard=revision.standard.value,
        occurred_on=draft.occurred_on,
        elsewhere=elsewhere(draft.crosswalk),
        number=revision.number,
        kind=revision.kind,
        revision_page=f"{page}/revisions/{revision.number}",
    )


def _categories(site: Site, revision: Revision) -> tuple[Category, ...]:
    draft = revision.draft
    names = {c.id: c.name for c in site.codebook.codes}
    told = [] if draft.severity is None else [(draft.severity.value, "/guide#severity", draft.severity.value)]
    told += [(code, "/guide#codes", f"{code} {names.get(code, '')}".strip()) for code in draft.codes]
    told += [(ident, "/providers", label) for ident, label in provider_names(draft.providers, site.providers)]
    told.append((revision.standard.value, "/guide#standard", revision.standard.value))
    return tuple(
        Category(term=inert(term), scheme=site.url(scheme), label=inert(label)) for term, scheme, label in told
    )


def _links(citations: Sequence[Citation]) -> list[ItemLink]:
    named = [(c, linkable_url(c.url)) for c in citations]
    return [
        ItemLink(rel="via" if c.counts else "related", href=url, title=inert(f"{c.publisher_name}: {c.title}"))
        for c, url in named
        if url is not None
    ]


def inert(text: str) -> str:
    """`text` on one line in which nothing looks like markup, for places where it cannot be said that it is none."""
    line = clean_line(text)
    if _MARKUP.search(line):
        line = clean_line(html.unescape(line)).translate({ord("<"): "‹", ord(">"): "›"})
    return line.replace("&", "＆") if _MARKUP.search(line) else line


def looks_like_markup(text: str) -> bool:
    """Whether a reader program could take `text` for HTML."""
    return _MARKUP.search(text) is not None


# --- the whole wire as HTML -------------------------------------------------------------------------------------


def item_html(site: Site, wire: Wire, revision: Revision) -> str:
    """The whole wire as HTML for a feed program, in the order of its page."""
    draft, is_retracted = revision.draft, revision.kind is RevisionKind.RETRACTION
    body = render_body(draft.body, source_links(revision.citations), is_page=False)
    parts = [
        *(_notice(r) for r in notices(wire, revision)),
        f"<p>{_escaped(_facts(site, revision))}</p>",
        f"<del>{body}</del>" if is_retracted else body,
        *_why(site, revision),
        "<h3>Sources</h3>",
        f"<ol>{''.join(_source(c) for c in revision.citations)}</ol>",
    ]
    return clean_text(safe_html("\n".join(parts), is_page=False))


def released(revision: Revision) -> datetime:
    """When readers first saw the revision; raises ValueError where they did not."""
    if revision.published_at is None:
        raise ValueError(f"revision {revision.number} of wire {revision.wire} is not published")
    return revision.published_at


def _summary(wire: Wire, revision: Revision) -> str:
    said = " ".join(f"{SAID[r.kind]}, {long_date(released(r))}: {plain_summary(r.draft.note)}"
                    for r in notices(wire, revision))  # fmt: skip
    return f"{said} {plain_summary(revision.draft.body, SUMMARY_LENGTH)}".strip()


def _notice(revision: Revision) -> str:
    said, note = SAID[revision.kind], render_body(revision.draft.note, is_page=False)
    return f"<p><strong>{said}, {long_date(released(revision))}.</strong></p>{note}"


def _facts(site: Site, revision: Revision) -> str:
    draft = revision.draft
    return " · ".join(
        (
            *([draft.severity.value] if draft.severity else []),
            *(name for _, name in provider_names(draft.providers, site.providers)),
            count_of_sources(revision.source_count),
            revision.standard.value,
            *([long_date(draft.occurred_on)] if draft.occurred_on else []),
        )
    )


def _why(site: Site, revision: Revision) -> list[str]:
    why, links = revision.rationale, source_links(revision.citations)
    names = {c.id: c.name for c in site.codebook.codes}
    codes = "; ".join(f"{c} {names.get(c, '')}".strip() for c in revision.draft.codes)
    if why is None:
        return []
    return [
        "<h3>Why this is an AI incident</h3>",
        render_body(why.text, links, is_page=False),
        render_body(why.counterfactual, links, is_page=False),
        f"<p>{_escaped(codes)}</p>",
    ]


def _source(citation: Citation) -> str:
    title = _escaped(citation.title)
    url = linkable_url(citation.url)
    named = title if url is None else f'<a href="{html.escape(url, quote=True)}">{title}</a>'
    return f"<li>{named}, {_escaped(told(citation))}</li>"


def _escaped(text: str) -> str:
    return html.escape(clean_line(text), quote=True)
