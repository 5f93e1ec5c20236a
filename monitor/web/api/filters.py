"""Saved filters: parts of the queue under a name, whom they tell, and the private feed of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StrictBool

from monitor.jobs import filters
from monitor.model import AlertTo, SavedFilter, filter_of
from monitor.store.filters import list_filters
from monitor.web.api.keys import Call
from monitor.web.api.values import PLAIN, Asked, Id
from monitor.web.desk.filters import feed_path

router = APIRouter()


@router.get("/filters")
def read_filters(call: Call) -> list[SavedFilter]:
    """The saved filters of the token's editor, and those that others share."""
    with call.context.database.read() as tx:
        return list(list_filters(tx, who=call.who))


class FilterIn(Asked):
    """A part of the queue, and what it is called."""

    name: Annotated[str, Field(min_length=1, max_length=filters.LONGEST_NAME), PLAIN]
    query: Annotated[
        str, Field(max_length=2_000, description="As the desk's address has it: state=new&sources=3."), PLAIN
    ]


@router.post("/filters", status_code=201)
def save_filter(call: Call, wanted: FilterIn) -> SavedFilter:
    """Keep it; one of the same name is changed to it."""
    context = call.context
    return filters.save_filter(
        context.database,
        context.clock,
        owner=call.token.editor,
        name=wanted.name,
        wanted=filter_of(wanted.query),
        address=call.address,
    )


class SettingsIn(Asked):
    """What is to change of a filter; what is left out stays."""

    is_shared: StrictBool | None = None
    alerts: AlertTo | None = None


@router.patch("/filters/{filter}")
def change_filter(call: Call, filter: Id, wanted: SettingsIn) -> SavedFilter:  # noqa: A002 - the name in the address
    """Share it or not, and say whom it tells what newly matches."""
    database, clock, by = call.context.database, call.context.clock, call.token.editor
    if wanted.alerts is not None:
        index = call.context.index
        filters.set_alerts(database, clock, filter, by=by, alerts=wanted.alerts, index=index, address=call.address)
    if wanted.is_shared is not None:
        filters.share_filter(database, clock, filter, by=by, is_shared=wanted.is_shared, address=call.address)
    return filters.read_own(database, filter, by)


@router.delete("/filters/{filter}", status_code=204)
def remove_filter(call: Call, filter: Id) -> Response:  # noqa: A002
    """Forget it: its alerts and its feed end."""
    context = call.context
    filters.remove_filter(context.database, context.clock, filter, by=call.token.editor, address=call.address)
    return Response(status_code=204)


class FeedOut(BaseModel):
    """The address of a filter's feed: whoever has it reads it, and it is told once."""

    filter: SavedFilter
    feed: str


@router.post("/filters/{filter}/feed", status_code=201)
def open_feed(call: Call, filter: Id) -> FeedOut:  # noqa: A002
    """Give its feed an address; an earlier one is good for nothing from now on."""
    context = call.context
    saved, token = filters.open_feed(
        context.database, context.clock, filter, by=call.token.editor, address=call.address
    )
    return FeedOut.model_construct(filter=saved, feed=f"{context.settings.base_url}{feed_path(token)}")


@router.delete("/filters/{filter}/feed")
def close_feed(call: Call, filter: Id) -> SavedFilter:  # noqa: A002
    """Its feed has no address any more."""
    context, by = call.context, call.token.editor
    filters.close_feed(context.database, context.clock, filter, by=by, address=call.address)
    return filters.read_own(context.database, filter, by)
