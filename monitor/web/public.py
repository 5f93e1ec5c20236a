"""What readers ask of the newsroom beside its documents: search, and the archive by several facets at once.

All other pages are documents (`jobs.sections.pages`), made when something is published. One that does not lie in the
publication tree yet, because nothing was published since it came to be, is made for who asks: the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.routing import Match

from monitor.errors import Unknown
from monitor.jobs.look import FoundWire
from monitor.jobs.look_published import look_published
from monitor.jobs.sections.pages import HELP_SHOWN, Pages
from monitor.model import Document, Severity
from monitor.site.pages import filtered_page, search_page
from monitor.site.sheet import Line, line_of
from monitor.stages.query import LENGTH_LIMIT
from monitor.store.lists import list_months_of
from monitor.store.published import Choice, count_published, list_facet_values, list_published
from monitor.web.context import Context

PAGE_COUNT = 50  # wires on a page of the chosen archive
FOUND = 20  # wires on a page of what was found
CACHE = "public, max-age=60"  # seconds: a wire is seen within a minute of its publication

ASKED = frozenset({"/archive", "/search"})  # whose query is answered here; without one they are documents

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A wire that was found, with the words that were looked for marked."""

    line: Line
    title: object
    passage: object


def answer(document: Document) -> Response:
    """The document, as one that is asked for again soon."""
    return Response(
        document.body,
        status_code=document.status,
        media_type=document.media_type,
        headers={"cache-control": CACHE},
    )


# --- search -------------------------------------------------------------------------------------------------------


@router.api_route("/search", methods=["GET", "HEAD"])
def search(
    request: Request, q: str = Query("", max_length=20_000), until: int | None = Query(None, ge=0, le=2**62)
) -> Response:
    """Published wires by their words, newest first; never a draft, and never what waits at the desk."""
    context: Context = request.app.state.context
    asked = " ".join(q.split())[:LENGTH_LIMIT]
    if not asked:
        return _page(request)
    with context.database.read() as tx:
        results = look_published(tx, asked, providers=context.index, limit=FOUND, until=until)
    more = urlencode({"q": asked, "until": results.more}) if results.more is not None else ""
    return answer(
        search_page(
            context.house,
            asked=asked,
            found=[_hit(context, found) for found in results.wires],
            more=f"/search?{more}" if more else "",
            notes=results.query.notes,
            is_cut=results.is_cut,
            help=HELP_SHOWN,
        )
    )


def _hit(context: Context, found: FoundWire) -> Hit:
    return Hit(line=line_of(found.wire, context.providers), title=found.title, passage=found.passage)


# --- the archive by several facets ----------------------------------------------------------------------------------


@router.api_route("/archive", methods=["GET", "HEAD"])
def archive(
    request: Request,
    month: str = "",
    provider: str = "",
    severity: str = "",
    code: str = "",
    page_number: str = Query("", alias="page"),
) -> Response:
    """Wires by month, provider, severity and code together; without any of these the archive's own page."""
    if not request.url.query:
        return _page(request)
    context: Context = request.app.state.context
    choice = read_choice(month=month, provider=provider, severity=severity, code=code)
    number = int(page_number) if re.fullmatch(r"[1-9][0-9]{0,4}", page_number) else 1
    with context.database.read() as tx:
        total = count_published(tx, choice)
        wires = list_published(tx, choice, limit=PAGE_COUNT, offset=(number - 1) * PAGE_COUNT)
        months = sorted(list_months_of(tx, ""), reverse=True)
        providers, codes = list_facet_values(tx, "provider"), list_facet_values(tx, "code")
    chosen = {"month": month, "provider": provider, "severity": severity, "code": code}
    page_count = max(1, -(-total // PAGE_COUNT))
    return answer(
        filtered_page(
            context.house,
            [line_of(w, context.providers) for w in wires],
            chosen=chosen,
            months=months,
            providers=providers,
            codes=codes,
            total=total,
            number=number,
            page_count=page_count,
            address=_at(chosen, number),
            newer=_at(chosen, number - 1) if number > 1 else "",
            older=_at(chosen, number + 1) if number < page_count else "",
        )
    )


def _at(chosen: dict[str, str], number: int) -> str:
    query = {name: value for name, value in chosen.items() if value} | {"page": str(number)}
    return f"/archive?{urlencode(query)}"


def read_choice(*, month: str, provider: str, severity: str, code: str) -> Choice:
    """What the address asks for; raises Unknown for what cannot be a month or a severity."""
    year = number = None
    if month:
        found = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?", month)
        if found is None or not 1 <= int(found[1]) < 9999:
            raise Unknown(f"“{month[:40]}” is not a month: write it like 2026-03.")
        year, number = int(found[1]), int(found[2]) if found[2] else None
    if severity and severity not in set(Severity):
        raise Unknown(f"“{severity[:40]}” is not a severity: there are SEV-1, SEV-2, SEV-3 and SEV-4.")
    return Choice(
        provider=provider[:200] or None,
        severity=Severity(severity) if severity else None,
        code=code[:8] or None,
        year=year,
        month=number,
    )


# --- documents that are not in the tree yet --------------------------------------------------------------------------


@router.api_route("/{path:path}", methods=["GET", "HEAD"])
def document(request: Request, path: str) -> Response:  # noqa: ARG001 - the whole path is asked for
    """A page as it would lie in the tree; raises Unknown where there is none, 405 where another method is meant."""
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.routes):
        raise HTTPException(405)
    return _page(request)


def _page(request: Request) -> Response:
    context: Context = request.app.state.context
    path = request.url.path
    with context.database.read() as tx:
        found = _section(request).render(tx, path)
    if found is None:
        raise Unknown(_words(path))
    return answer(found)


def _section(request: Request) -> Pages:
    """The section of this application, made when it is first needed."""
    state = request.app.state
    if not hasattr(state, "pages"):
        state.pages = Pages(state.context.house)
    section: Pages = state.pages
    return section


def _words(path: str) -> str:
    if path.startswith("/wires/"):
        return "There is no wire at this address. Every wire ever published is in the archive."
    if path.startswith("/providers/"):
        return "There is no provider of that name in the register."
    return "There is no page at this address."
