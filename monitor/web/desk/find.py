"""What an editor may mean while typing: candidates to merge with, wires to attach to. Parts of a page, for find.js."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.jobs.look import look_up
from monitor.model import CandidateId, ResultKind
from monitor.store.find import list_attachable, list_mergeable
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page

LONGEST = 200  # characters of a search

router = APIRouter()


@router.get("/desk/find/candidates")
def find_candidates(
    request: Request, visit: Visitor, text: str = Query("", max_length=LONGEST), but: int = Query(0, ge=0)
) -> Response:
    """Candidates that could be merged into `but`."""
    with visit.context.database.read() as tx:
        refs = look_up(tx, text, providers=visit.context.index, kind=ResultKind.CANDIDATE)
        found = list_mergeable(tx, refs, but=CandidateId(but) if but else None)
    return desk_page(request, visit, "desk/_options.html", candidates=found, wires=())


@router.get("/desk/find/wires")
def find_wires(request: Request, visit: Visitor, text: str = Query("", max_length=LONGEST)) -> Response:
    """Wires to which a candidate could be attached."""
    with visit.context.database.read() as tx:
        found = list_attachable(tx, look_up(tx, text, providers=visit.context.index, kind=ResultKind.WIRE))
    return desk_page(request, visit, "desk/_options.html", candidates=(), wires=found)
