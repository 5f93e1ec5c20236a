"""The draft as readers would see it."""

from __future__ import annotations

from monitor.model import Citation, Draft, Revision, Wire
from monitor.stages.markup import SourceLink, render_body
from monitor.stages.revise import Cited
from monitor.web.auth import Visit


def preview_values(visit: Visit, wire: Wire, last: Revision, draft: Draft, cited: Cited) -> dict[str, object]:
    """What the preview's template needs."""
    links = [
        SourceLink(article=c.article, number=number, url=c.url, told=_told(c))
        for number, c in enumerate(cited.citations, start=1)
    ]
    names = {p.id: p.name for p in visit.context.providers}
    codes = {c.id: c.name for c in visit.context.codebook.codes}
    return {
        "preview": {
            "body": render_body(draft.body, links),
            "rationale": render_body(draft.rationale, links),
            "counterfactual": render_body(draft.counterfactual, links),
            "note": render_body(draft.note, links),
            "providers": [names.get(p, p) for p in draft.providers],
            "codes": [(c, codes.get(c, "not in the codebook")) for c in draft.codes],
            "citations": cited.citations,
            "source_count": cited.sourcing.source_count,
            "standard": cited.standard,
            "published_at": wire.first_published_at,
            "kind": last.kind,
        }
    }


def _told(citation: Citation) -> str:
    when = "" if citation.published_at is None else f", {citation.published_at:%-d %B %Y}"
    return f"{citation.publisher_name}{when}"
