"""The private feeds of saved filters: whoever has the address reads them, without a cookie, and nobody can guess one.

What is there is what waits inside the newsroom: no cache between us and the reader may keep it, no search engine list
it, and an unknown address answers as if there were nothing. A feed ends with its filter, its address, or its owner's
account.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.errors import Unknown
from monitor.jobs.look import narrow_by_words
from monitor.stages.atom import MEDIA_TYPE, render_candidates
from monitor.stages.syndicate import Site
from monitor.store.filters import find_by_token
from monitor.store.people import list_editors
from monitor.store.queue import list_filtered
from monitor.web.context import Context
from monitor.web.validators import is_fresh

ENTRIES = 50
MAX_AGE = 300  # seconds that a reader may wait
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")

router = APIRouter(include_in_schema=False)


@router.api_route("/filters/{token}/feed.atom", methods=["GET", "HEAD"])
def filter_feed(request: Request, token: str) -> Response:
    """What matches the filter now, the newest first."""
    context: Context = request.app.state.context
    now, settings = context.clock.now(), context.settings
    with context.database.read() as tx:
        saved = find_by_token(tx, token) if _TOKEN.fullmatch(token) else None
        present = {editor.name for editor in list_editors(tx) if not editor.is_disabled}
        if saved is None or saved.owner not in present:
            raise Unknown("There is no page at this address.")
        wanted = replace(saved.filter, order="newest", offset=0)
        among = narrow_by_words(tx, wanted, context.index)
        candidates = list_filtered(tx, wanted, who=saved.owner, now=now, limit=ENTRIES, among=among)
    site = Site(
        name=settings.newsroom, base_url=settings.base_url, codebook=context.codebook, providers=context.providers
    )
    body = render_candidates(site, candidates, name=saved.name, path=request.url.path, made_at=saved.made_at)
    changed_at = max((c.grown_at for c in candidates), default=saved.made_at).replace(microsecond=0)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "cache-control": f"private, max-age={MAX_AGE}",
        "x-robots-tag": "noindex, nofollow",
        "referrer-policy": "no-referrer",
    }
    if "if-none-match" in request.headers and is_fresh(request.headers, {etag}, changed_at):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)
