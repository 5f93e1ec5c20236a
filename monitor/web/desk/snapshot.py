"""A snapshot to look at: the page as it was served, cleaned, in a frame that may do nothing at all (D7).

Three answers: a page of the desk with the frame; the document inside it, under a policy of its own that forbids
scripts, forms, links out and every request; and the very bytes, to keep or to check against their digest.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import Unknown
from monitor.model import ArticleId
from monitor.stages.exhibit import exhibit, is_showable
from monitor.store.articles import get_article, get_snapshot, get_snapshot_body, list_versions
from monitor.store.candidates import list_candidates_of
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page
from monitor.web.security import CONTENT_SECURITY_POLICY

FRAME_POLICY = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
FRAME_HEADERS = {
    "content-security-policy": FRAME_POLICY,
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "x-dns-prefetch-control": "off",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")

router = APIRouter()


@router.get("/desk/articles/{article}/snapshot")
def show_snapshot(
    request: Request, visit: Visitor, article: int, version: int = Query(0, ge=0, le=1_000_000)
) -> Response:
    """The page of an article as it looked when it was first fetched, or at a later version."""
    with visit.context.database.read() as tx:
        found = get_article(tx, ArticleId(article))
        versions = list_versions(tx, found.id) if found.version_count else ()
        digests = {0: None if found.snapshot is None else found.snapshot.digest}
        digests |= {v.number: v.snapshot for v in versions}
        digest = digests.get(version)
        if digest is None:
            raise Unknown("No snapshot was kept of that page: its text came from the feed.")
        snapshot = get_snapshot(tx, digest)
        candidates = list_candidates_of(tx, found.id)
    page = desk_page(
        request,
        visit,
        "desk/snapshot.html",
        article=found,
        snapshot=snapshot,
        version=version,
        kept=sorted(number for number, kept in digests.items() if kept is not None),
        candidate=candidates[0] if candidates else None,
        is_showable=is_showable(snapshot.content_type),
    )
    page.headers["content-security-policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return page


@router.get("/desk/snapshots/{digest}/page")
def show_page(visit: Visitor, digest: str) -> Response:
    """The document inside the frame."""
    with visit.context.database.read() as tx:
        snapshot = get_snapshot(tx, _checked(digest))
        body = get_snapshot_body(tx, digest)
    if not is_showable(snapshot.content_type):
        raise Unknown("This snapshot is no page that could be shown. Its bytes can be downloaded.")
    return HTMLResponse(exhibit(body, snapshot.content_type, title=snapshot.url), headers=FRAME_HEADERS)


@router.get("/desk/snapshots/{digest}/source")
def download(visit: Visitor, digest: str) -> Response:
    """The bytes as served, as a file that no browser opens by itself."""
    with visit.context.database.read() as tx:
        body = get_snapshot_body(tx, _checked(digest))
    named = {"content-disposition": f'attachment; filename="{digest[:16]}.bin"'}
    return Response(body, media_type="application/octet-stream", headers={**FRAME_HEADERS, **named})


def _checked(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise HTTPException(404)
    return digest
