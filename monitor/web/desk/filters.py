"""Saved filters at the desk: their names, whom they tell, and the private addresses of their feeds."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from monitor.jobs import filters
from monitor.model import AlertTo, Role, SavedFilter, filter_of
from monitor.model.filter import STATE_NAMES
from monitor.net.notify import name_address
from monitor.store.filters import list_filters
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.queue import provider_names
from monitor.web.pages import desk_page, see_other

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class FiltersPage:
    """What the page of saved filters shows."""

    filters: tuple[SavedFilter, ...]
    own_addresses: tuple[str, ...]  # as they may be shown
    newsroom_addresses: tuple[str, ...]
    can_change: bool  # readers look on
    can_tell_newsroom: bool
    feed: str = ""  # a feed's new address, shown this once
    feed_of: int = 0


@router.get("/desk/filters")
def show_filters(request: Request, visit: Visitor) -> Response:
    """One's own and those that others share."""
    return _page(request, visit)


@router.post("/desk/filters")
def save(visit: Visitor) -> Response:
    """Keep what the queue shows under a name."""
    context = visit.context
    wanted = filter_of(visit.text("query"))
    saved = filters.save_filter(
        context.database,
        context.clock,
        owner=visit.editor,
        name=visit.text("name"),
        wanted=wanted,
        address=visit.address,
    )
    return see_other(f"/desk/queue{saved.filter.query()}")


@router.post("/desk/filters/{number}/{action}")
def change(request: Request, visit: Visitor, number: int, action: str) -> Response:
    """Share it, say whom it tells, open or close its feed, or remove it."""
    database, clock, by, address = visit.context.database, visit.context.clock, visit.editor, visit.address
    match action:
        case "share":
            is_shared = visit.text("shared") == "yes"
            filters.share_filter(database, clock, number, by=by, is_shared=is_shared, address=address)
        case "alerts":
            if visit.text("alerts") not in set(AlertTo):
                raise HTTPException(404)
            alerts = AlertTo(visit.text("alerts"))
            index = visit.context.index
            filters.set_alerts(database, clock, number, by=by, alerts=alerts, index=index, address=address)
        case "feed":
            saved, token = filters.open_feed(database, clock, number, by=by, address=address)
            base_url = visit.context.settings.base_url
            return _page(request, visit, feed=f"{base_url}{feed_path(token)}", feed_of=saved.id)
        case "close":
            filters.close_feed(database, clock, number, by=by, address=address)
        case "remove":
            filters.remove_filter(database, clock, number, by=by, address=address)
        case _:
            raise HTTPException(404)
    return see_other(f"/desk/filters#filter-{number}")


def feed_path(token: str) -> str:
    """Where a filter's feed is, on the public side: whoever has the address reads it."""
    return f"/filters/{token}/feed.atom"


def _page(request: Request, visit: Visit, *, feed: str = "", feed_of: int = 0) -> Response:
    context = visit.context
    with context.database.read() as tx:
        saved = list_filters(tx, who=visit.who)
    page = FiltersPage(
        filters=saved,
        own_addresses=tuple(map(name_address, filters.read_addresses(context.settings.secrets_dir, visit.who))),
        newsroom_addresses=tuple(map(name_address, context.settings.alerts)),
        can_change=visit.editor.role.may(Role.EDITOR),
        can_tell_newsroom=visit.editor.role.may(Role.SENIOR),
        feed=feed,
        feed_of=feed_of,
    )
    return desk_page(
        request,
        visit,
        "desk/filters.html",
        page=page,
        state_names=STATE_NAMES,
        providers=provider_names(visit),
        names=tuple(AlertTo),
    )
