"""Asking the language model about the candidate of a wire: a wish is written down, and a job of the daemon asks."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from monitor.errors import IllegalDecision
from monitor.jobs.language_model import wish
from monitor.store.wires import get_wire
from monitor.web.auth import Visitor
from monitor.web.desk.wire import wire_id
from monitor.web.pages import see_other

router = APIRouter()


@router.post("/desk/wires/{wire}/ask")
def ask_model(visit: Visitor, wire: int) -> Response:
    """Let the model be asked next; the page says how far that has come."""
    number, context = wire_id(wire), visit.context
    with context.database.read() as tx:
        candidate = get_wire(tx, number).candidate
    if candidate is None:
        raise IllegalDecision("This wire grew from no candidate: there are no articles to ask about.")
    wish(
        context.database,
        context.clock,
        candidate,
        editor=visit.who,
        endpoint=context.settings.language_model,
        codebook=context.codebook,
        providers=context.index,
    )
    return see_other(f"/desk/wires/{number}")
