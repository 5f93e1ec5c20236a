"""Ties: which editors stand back from the wires of which providers. One says one's own; a senior editor anybody's."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from monitor.jobs.ties import say_tie
from monitor.model import Role
from monitor.store.people import list_editors
from monitor.store.writing import list_ties
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page, see_other

router = APIRouter()


@router.get("/desk/ties")
def show_ties(request: Request, visit: Visitor) -> Response:
    """Who stands back from what, and why."""
    with visit.context.database.read() as tx:
        ties = list_ties(tx)
        names = tuple(e.name for e in list_editors(tx) if not e.is_disabled)
    may_all = visit.editor.role.may(Role.SENIOR)
    return desk_page(
        request,
        visit,
        "desk/ties.html",
        ties=ties,
        names=names if may_all else (visit.who,),
        may_all=may_all,
        may_write=visit.editor.role.may(Role.EDITOR),
        provider_names={p.id: p.name for p in visit.context.providers},
        providers=sorted(visit.context.providers, key=lambda p: p.name.casefold()),
    )


@router.post("/desk/ties")
def change_tie(visit: Visitor) -> Response:
    """Say that an editor is tied to a provider, or is no longer."""
    editor = visit.text("editor") or visit.who
    if editor != visit.who and not visit.editor.role.may(Role.SENIOR):
        raise HTTPException(403, "Only a senior editor says this of another. Nothing was changed.")
    say_tie(
        visit.context.database,
        visit.context.clock,
        editor=editor,
        provider=visit.text("provider"),
        is_tied=visit.text("do") != "end",
        reason=visit.text("reason"),
        by=visit.who,
        providers=visit.context.index,
        address=visit.address,
    )
    return see_other("/desk/ties")
