"""All of the desk as one router; every route of it has run the guard."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from monitor.web.auth import Visitor, guard
from monitor.web.desk import (
    account,
    ask_model,
    audit,
    beside,
    bulk,
    candidate,
    filters,
    find,
    learning,
    live,
    me,
    order,
    people,
    queue,
    reference,
    search,
    sign_on,
    snapshot,
    source,
    source_edit,
    source_lists,
    sources,
    take_down,
    ties,
    versions,
    webhooks,
    wire,
    wire_after,
)
from monitor.web.pages import desk_page

router = APIRouter(dependencies=[Depends(guard)], include_in_schema=False)


@router.get("/desk/keys")
def show_keys(request: Request, visit: Visitor) -> Response:
    """The keyboard, as a page."""
    return desk_page(request, visit, "desk/keys.html")


for part in (
    account,
    me,
    sign_on,
    snapshot,
    people,
    audit,
    queue,
    search,
    filters,
    learning,
    order,
    bulk,
    candidate,
    find,
    live,
    beside,
    sources,
    source_lists,
    source_edit,
    source,
    versions,
    take_down,
    ties,
    webhooks,
    wire,
    wire_after,
    ask_model,
    reference,
):
    router.include_router(part.router)
