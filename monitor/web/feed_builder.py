"""Feeds that nobody asked for before, other spellings of their addresses, and the page that builds one.

What is kept current lies in the publication tree and never comes here. A GET of a combination makes it: a feed program
cannot press a button. That is bounded (`jobs.feeds`), and shows nothing that is not public.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from monitor.errors import Unknown
from monitor.jobs.feeds import ask_for_feed
from monitor.jobs.sections.feeds import Feeds
from monitor.model import Document
from monitor.model.subscriber import Wanted
from monitor.site.feed_page import Built, feeds_page
from monitor.stages.feed_names import choose, path_of, read_spelling
from monitor.store.feeds import list_newest_events
from monitor.store.published import Choice, count_published
from monitor.web.context import Context

ASKED = frozenset({"/feeds"})  # whose query is a choice
CACHE = "public, max-age=60"  # seconds
MOVED_CACHE = "public, max-age=86400"  # of an address that is spelled otherwise
_MOST = 300  # values of a form

router = APIRouter(include_in_schema=False)


@router.api_route("/feeds", methods=["GET", "HEAD"])
def build(request: Request) -> Response:
    """The page, with what was chosen on it: /feeds?provider=openai&severity=SEV-1."""
    context: Context = request.app.state.context
    given = request.query_params
    named = {facet: given.getlist(facet)[:_MOST] for facet in ("provider", "severity", "code", "standard")}
    known = {p.id for p in context.providers}
    codes = {c.id for c in context.codebook.codes}
    try:
        wanted = choose(
            providers=[p if p in known else None for p in named["provider"] if p],
            severities=[s for s in named["severity"] if s],
            codes=[c if c in codes else None for c in named["code"] if c],
            standards=[s for s in named["standard"] if s],
        )
    except ValueError:
        wanted = None
    if not any(named.values()):
        return _answer(feeds_page(context.house))
    built = None if wanted is None else _built(context, wanted)
    return _answer(feeds_page(context.house, built=built, is_refused=wanted is None))


@router.api_route("/feeds/{rest:path}", methods=["GET", "HEAD"])
@router.api_route("/feeds.{rest}", methods=["GET", "HEAD"])
@router.api_route("/providers/{provider}/feed.{rest}", methods=["GET", "HEAD"])
def combined(request: Request) -> Response:
    """A feed by any of its spellings: 301 to its one address; there, the feed."""
    context: Context = request.app.state.context
    path = request.url.path
    address = read_spelling(path, context.index, context.codebook)
    if address is None:
        raise Unknown("There is no feed at this address: it names what the codebook and the register do not have. "
                      "Feeds are built at /feeds.")  # fmt: skip
    if (wanted := path_of(address)) != path:
        return RedirectResponse(wanted, status_code=301, headers={"cache-control": MOVED_CACHE})
    document = ask_for_feed(
        context.database, context.clock, Feeds(context.house), address, public_dir=context.settings.public_dir
    )
    if document is None:
        raise Unknown("This feed has no such archive document. The feed itself leads to those that it has.")
    return _answer(document)


def _built(context: Context, wanted: Wanted) -> Built:
    with context.database.read() as tx:
        if not list_newest_events(tx, "", limit=1):
            return Built(wanted=wanted)
        now = context.clock.now()
        before = now.replace(day=1) - timedelta(days=1)
        everything = Choice(
            severities=wanted.severities, providers=wanted.providers, codes=wanted.codes, standards=wanted.standards
        )
        return Built(
            wanted=wanted,
            months=tuple(
                (at.date(), count_published(tx, replace(everything, year=at.year, month=at.month)))
                for at in (before, now)
            ),
            total=count_published(tx, everything),
        )


def _answer(document: Document) -> Response:
    headers = {"cache-control": CACHE, "access-control-allow-origin": "*"}
    return Response(document.body, media_type=document.media_type, headers=headers)
