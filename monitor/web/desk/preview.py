"""The draft exactly as readers would see it: the public site's own page, cut to its article."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import Draft, Revision, RevisionKind, RevisionStatus, Wire
from monitor.site.pages import wire_page
from monitor.stages.revise import Cited, manner_after, rationale_of
from monitor.web.auth import Visit

_BEGIN, _END = "<article", "</article>"


def render_preview(visit: Visit, wire: Wire, draft: Draft, cited: Cited) -> str:
    """Safe HTML of the article as it would be published this moment, its markup that of the public page."""
    shown = _as_published(visit, wire, draft, cited)
    page = wire_page(visit.context.house, shown, shown.revisions[-1], is_permanent=False).body.decode()
    start, end = page.index(_BEGIN), page.rindex(_END)
    article = page[start : end + len(_END)]
    return article.replace("<h1>", '<h1 role="heading" aria-level="2">', 1)  # the desk's page has its own first heading


def _as_published(visit: Visit, wire: Wire, draft: Draft, cited: Cited) -> Wire:
    last = wire.revisions[-1]
    if last.status is RevisionStatus.PUBLISHED:
        return wire
    now = visit.context.clock.now()
    editor = last.editor if draft == last.draft else visit.who  # whoever changes nothing is its reader
    shown = replace(last, draft=draft, editor=editor, manner=manner_after(draft, last))
    why = rationale_of(
        shown, wire.published, origin=last.signal_origin, now=now, accepted=(wire.accepted_by, wire.accepted_at)
    )
    revision: Revision = replace(
        shown,
        status=RevisionStatus.PUBLISHED,
        citations=cited.citations,
        source_count=cited.sourcing.source_count,
        standard=cited.standard,
        rationale=why,
        published_at=now,
    )
    return replace(
        wire,
        revisions=(*wire.revisions[:-1], revision),
        first_published_at=wire.first_published_at or now,
        is_retracted=last.kind is RevisionKind.RETRACTION,
    )
