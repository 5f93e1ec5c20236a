"""Published wires → Atom bytes (RFC 4287). feedgen stays behind this door.

The same state gives the same bytes (O4): nothing here asks the clock, `updated` of the feed is that of its newest
revision, or the founding of the newsroom while there is none. feedgen 1.0.0 drops `rel`, `type` and `title` of an
entry's links and has no public way to say `xml:lang`, so an extension writes both.

A correction or a retraction is a new revision of the same entry, marked in title and text (O6); nothing vanishes.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from monitor.model import Candidate, Citation, Codebook, Newsroom, Provider, Revision, RevisionKind, Wire
from monitor.stages.canonical import clean_line, clean_text
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

ENTRY_LIMIT = 60  # newest wires in a subscription document
SUMMARY_LENGTH = 300  # characters
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the newsroom is called and where readers find it."""

    name: str
    base_url: str  # absolute, without a slash at the end
    codebook: Codebook
    providers: tuple[Provider, ...]
    language: str = "en"

    def url(self, path: str) -> str:
        """The absolute URL of a path that begins with a slash (O7)."""
        return f"{self.base_url}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedName:
    """Which feed: its address, the page it stands for, and the end of its id."""

    path: str = "/feed.atom"
    page: str = "/"
    specific: str = "feed"
    subject: str | None = None  # what the feed is about, where it is not everything


ALL_WIRES = FeedName()


def provider_feed(provider: Provider) -> FeedName:
    """The feed of all wires that name this provider."""
    page = f"/providers/{provider.id}"
    return FeedName(path=f"{page}/feed.atom", page=page, specific=f"feed/provider/{provider.id}", subject=provider.name)


def render_feed(site: Site, newsroom: Newsroom, wires: Sequence[Wire], name: FeedName = ALL_WIRES) -> bytes:
    """The feed `name` with `wires`, in the order given, as UTF-8 XML. Every wire must be published."""
    shown = [(wire, wire.published) for wire in wires]
    feed = FeedGenerator()
    feed.register_extension("monitor", _FeedMarks, _EntryLinks, rss=False)
    feed.monitor.language = site.language
    feed.id(tag_uri(newsroom.tag_authority, newsroom.founded_on, name.specific))
    feed.title(clean_line(site.name if name.subject is None else f"{site.name}: {name.subject}"))
    feed.subtitle("AI incidents, sourced and classified by editors")
    feed.updated(max((_released(r) for _, r in shown if r is not None), default=newsroom.founded_at))
    feed.author(name=clean_line(site.name), uri=site.url("/"))
    feed.link(href=site.url(name.path), rel="self", type="application/atom+xml")
    feed.link(href=site.url(name.page), rel="alternate", type="text/html", hreflang=site.language)
    feed.generator("Monitor")
    for wire, revision in shown:
        if revision is not None:
            _fill(feed.add_entry(order="append"), site, wire, revision)
    written: bytes = feed.atom_str(pretty=True)
    return written


def render_candidates(site: Site, candidates: Sequence[Candidate], *, name: str, path: str, made_at: datetime) -> bytes:
    """The feed of a saved filter, for those who work here: what waits inside, in the order given.

    It is no publication, so its ids are its addresses; `made_at` is the time of a feed in which nothing is yet.
    """
    feed = FeedGenerator()
    feed.register_extension("monitor", _FeedMarks, _EntryLinks, rss=False)
    feed.monitor.language = site.language
    feed.id(site.url(path))
    feed.title(clean_line(f"{site.name}: {name}"))
    feed.subtitle("What waits in the newsroom: not for publication")
    feed.updated(max((c.grown_at for c in candidates), default=made_at))
    feed.author(name=clean_line(site.name))
    feed.link(href=site.url(path), rel="self", type="application/atom+xml")
    feed.generator("Monitor")
    names = {p.id: p.name for p in site.providers}
    for candidate in candidates:
        entry = feed.add_entry(order="append")
        page = site.url(f"/desk/candidates/{candidate.id}")
        entry.id(page)
        entry.title(clean_line(candidate.title) or f"Candidate {candidate.id}")
        entry.published(candidate.opened_at)
        entry.updated(candidate.grown_at)
        told = f"{count_of_sources(candidate.source_count)}, {candidate.article_count} articles"
        named = [names.get(p, p) for p in candidate.providers]
        reasons = [f"{cue.name} {cue.weight:+.1f}" for cue in candidate.cues]
        said = filter(None, (told, ", ".join(named), ", ".join(reasons)))
        entry.content("\n".join(f"<p>{_escaped(words)}</p>" for words in said), type="html")
        entry.monitor.page = _Link(href=page, rel="alternate", type="text/html", title=None)
    written: bytes = feed.atom_str(pretty=True)
    return written


def _fill(entry: FeedEntry, site: Site, wire: Wire, revision: Revision) -> None:
    draft = revision.draft
    page = site.url(f"/wires/{wire.slug}")
    entry.id(wire.tag)
    entry.title(marked_headline(wire, revision))
    entry.published(wire.first_published_at or _released(revision))
    entry.updated(_released(revision))
    entry.summary(clean_text(_summary(wire, revision)))
    entry.content(entry_html(site, wire, revision), type="html")
    if draft.severity is not None:
        _category(entry, draft.severity.value, site.url("/guide#severity"), draft.severity.value)
    names = {c.id: c.name for c in site.codebook.codes}
    for code in draft.codes:
        _category(entry, code, site.url("/guide#codes"), f"{code} {names.get(code, '')}".strip())
    for ident, label in provider_names(draft.providers, site.providers):
        _category(entry, ident, site.url("/providers"), label)
    entry.monitor.page = _Link(href=page, rel="alternate", type="text/html", title=None)
    entry.monitor.sources = [
        _Link(href=url, rel="via", type=None, title=clean_line(f"{c.publisher_name}: {c.title}"))
        for c in revision.citations
        if (url := linkable_url(c.url)) is not None
    ]


def _category(entry: FeedEntry, term: str, scheme: str, label: str) -> None:
    entry.category(term=term, scheme=scheme, label=clean_line(label))


def _released(revision: Revision) -> datetime:
    if revision.published_at is None:
        raise ValueError(f"revision {revision.number} of wire {revision.wire} is not published")
    return revision.published_at


# --- the whole wire as HTML ------------------------------------------------------------------------------------


def entry_html(site: Site, wire: Wire, revision: Revision) -> str:
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
    return clean_text(safe_html("\n".join(parts)))


def _summary(wire: Wire, revision: Revision) -> str:
    said = " ".join(f"{SAID[r.kind]}, {long_date(_released(r))}: {plain_summary(r.draft.note)}"
                    for r in notices(wire, revision))  # fmt: skip
    return f"{said} {plain_summary(revision.draft.body, SUMMARY_LENGTH)}".strip()


def _notice(revision: Revision) -> str:
    said = SAID[revision.kind]
    return f"<p><strong>{said}, {long_date(_released(revision))}.</strong></p>{render_body(revision.draft.note)}"


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


# --- what feedgen cannot write ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    href: str
    rel: str
    type: str | None
    title: str | None


class _FeedMarks(BaseExtension):  # type: ignore[misc]
    """The language of the whole document."""

    language = "en"

    def extend_atom(self, feed: _Element) -> _Element:
        feed.set(_LANG, self.language)
        _declare_text(feed)
        return feed


@dataclass
class _EntryLinks(BaseEntryExtension):  # type: ignore[misc]
    """An entry's page and its sources. Elements are made without a namespace, as feedgen makes all of its own."""

    page: _Link | None = None
    sources: list[_Link] = field(default_factory=list)

    def extend_atom(self, entry: _Element) -> _Element:
        for link in [*([self.page] if self.page else []), *self.sources]:
            attributes = {"href": link.href, "rel": link.rel, "type": link.type, "title": link.title}
            SubElement(entry, "link", {k: v for k, v in attributes.items() if v})
        _declare_text(entry)
        return entry


def _declare_text(parent: _Element) -> None:
    """A title that looks like markup is text: say so, by escaping it as HTML (RFC 4287 3.1.1.2)."""
    for name in ("title", "subtitle", "summary"):
        for child in parent.findall(name):
            text: Any = child.text
            if text and any(sign in text for sign in "<>&"):
                child.set("type", "html")
                child.text = html.escape(text, quote=False)
