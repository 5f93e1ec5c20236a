"""The desk's pages looked at once before anybody does: a first look else writes statements and reads registers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from fastapi import FastAPI, Request
from starlette.datastructures import FormData

from monitor.errors import MonitorError
from monitor.log import get_log
from monitor.model import Editor, EditorId, Filter, Role, Session
from monitor.store.ailing import DatabaseError
from monitor.store.queue import list_ids
from monitor.store.wires import list_wires
from monitor.web.auth import Visit
from monitor.web.context import Context
from monitor.web.desk.candidate import show_candidate
from monitor.web.desk.queue import show_queue
from monitor.web.desk.search import show_search
from monitor.web.desk.sources import show_sources
from monitor.web.desk.wire import show_wire, show_wires

log = get_log()


def look_once(app: FastAPI) -> None:
    """Make each of the main pages once, for nobody; what cannot be made is left for whoever asks for it."""
    context: Context = app.state.context
    visit, request = _nobody(context), Request(_SCOPE | {"app": app})
    for look in _looks(request, visit):
        try:
            look()
        except (MonitorError, DatabaseError) as error:
            log.warning("a page of the desk could not be made ahead", error=str(error)[:300])


def _looks(request: Request, visit: Visit) -> list[Callable[[], object]]:
    looks: list[Callable[[], object]] = [
        lambda: show_queue(request, visit, Filter(), done="", beside=0),
        lambda: show_wires(request, visit),
        lambda: show_sources(request, visit, text="", health="", offset=0, done="", source=""),
        lambda: show_search(request, visit, q="incident", kind=None, until=None),
    ]
    with suppress(DatabaseError), visit.context.database.read() as tx:
        candidates = list_ids(tx, Filter(), who=visit.who, now=visit.context.clock.now(), limit=1)
        wires = list_wires(tx, limit=1)
        looks += [partial(_candidate, request, visit, candidate) for candidate in candidates]
        looks += [partial(show_wire, request, visit, wire.id) for wire in wires]
    return looks


def _candidate(request: Request, visit: Visit, number: int) -> object:
    return show_candidate(request, visit, number, Filter(), article=0, part=0, of=0, whole=False, done="")


def _nobody(context: Context) -> Visit:
    """A visit by an editor who does not exist: no row has the name."""
    now = context.clock.now()
    editor = Editor(id=EditorId(0), name="", role=Role.EDITOR, is_disabled=False, created_at=now)
    session = Session(id="", editor=editor, csrf="", created_at=now, seen_at=now, user_agent="", address="")
    return Visit(context=context, session=session, form=FormData(), csrf="", address="", is_local=False)


_SCOPE = {"type": "http", "method": "GET", "path": "/desk", "query_string": b"", "headers": []}
