"""Search: everything there is, by its words; and what is like a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.jobs.look import Results, look, look_alike
from monitor.model import CandidateId, ResultKind
from monitor.stages.query import HELP, LENGTH_LIMIT
from monitor.store.candidates import get_candidate
from monitor.store.related import list_related
from monitor.store.search import count_due
from monitor.store.timeline import get_outline
from monitor.web.auth import Visitor
from monitor.web.desk.queue import provider_names
from monitor.web.pages import desk_page

FIRST = 8  # of each kind, where several are shown
PAGE = 30  # of one kind alone
PLACES = {ResultKind.WIRE: "Wires", ResultKind.CANDIDATE: "Candidates", ResultKind.ARTICLE: "Articles"}

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """What the page shows."""

    asked: str
    kind: ResultKind | None  # the one that is shown alone
    results: Results
    due_count: int  # how much search does not know yet
    is_later: bool  # not the first page

    def at(self, kind: str | None, until: int | None = None) -> str:
        """The same question for one kind, from where an earlier page ended."""
        query = {"q": self.asked, **({"kind": str(kind)} if kind else {}), **({"until": until} if until else {})}
        return f"/desk/search?{urlencode(query)}"


@router.get("/desk/search")
def show_search(
    request: Request,
    visit: Visitor,
    q: str = Query("", max_length=20_000),
    kind: ResultKind | None = None,
    until: int | None = Query(None, ge=0, le=2**62),
) -> Response:
    """What was found, newest first; without a question, what can be asked."""
    asked = " ".join(q.split())[: LENGTH_LIMIT + 1]
    with visit.context.database.read() as tx:
        results = look(
            tx,
            asked,
            providers=visit.context.index,
            limit=PAGE if kind else FIRST,
            until=until if kind else None,
            kinds=(kind,) if kind else tuple(ResultKind),
        )
        due = count_due(tx)
    page = SearchPage(asked=asked, kind=kind, results=results, due_count=due, is_later=until is not None)
    return desk_page(
        request,
        visit,
        "desk/search.html",
        page=page,
        places=PLACES,
        help=HELP,
        providers=provider_names(visit),
    )


@router.get("/desk/candidates/{candidate}/alike")
def show_alike(request: Request, visit: Visitor, candidate: int) -> Response:
    """Wires and earlier candidates whose headlines share words with this one's; those known to be related left out."""
    with visit.context.database.read() as tx:
        here = get_candidate(tx, CandidateId(candidate))
        own = [m.article.id for m in get_outline(tx, here.id).members]
        found = look_alike(tx, here, leave_out=[r.candidate for r in list_related(tx, here.id, own)])
    return desk_page(request, visit, "desk/_alike.html", candidate=here, found=found, providers=provider_names(visit))
