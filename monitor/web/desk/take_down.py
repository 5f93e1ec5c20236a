"""Taking a wire down: for senior editors, on a page of its own, with a reason and a note."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from monitor.jobs.take_down import NOTE_LIMIT, take_down
from monitor.model.feeds import TakeDownReason
from monitor.stages.syndicate import TOLD_REASONS
from monitor.store.take_downs import find_take_down
from monitor.store.wires import get_wire
from monitor.web.auth import Visitor
from monitor.web.desk.wire import wire_id
from monitor.web.pages import desk_page, see_other

router = APIRouter()


@router.get("/desk/wires/{wire}/take-down")
def ask_take_down(request: Request, visit: Visitor, wire: int) -> Response:
    """What it does, and the form; what was done, where it is done."""
    with visit.context.database.read() as tx:
        found = get_wire(tx, wire_id(wire))
        taken = find_take_down(tx, found.id)
    return desk_page(
        request,
        visit,
        "desk/take_down.html",
        wire=found,
        taken=taken,
        reasons=[(reason.value, TOLD_REASONS[reason]) for reason in TakeDownReason],
        note_limit=NOTE_LIMIT,
    )


@router.post("/desk/wires/{wire}/take-down")
def do_take_down(visit: Visitor, wire: int) -> Response:
    """Take the wire from its readers."""
    try:
        reason = TakeDownReason(visit.text("reason"))
    except ValueError:
        raise HTTPException(422, "Choose what readers are told as the reason. Nothing was changed.") from None
    number = wire_id(wire)
    take_down(
        visit.context.database,
        visit.context.clock,
        number,
        who=visit.who,
        reason=reason,
        note=visit.text("note"),
        address=visit.address,
    )
    return see_other(f"/desk/wires/{number}/take-down")
