"""The people of the desk, for admins: roles, invitations, everybody's tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import IllegalDecision, MonitorError
from monitor.jobs import invitations, people, tokens
from monitor.model import Role
from monitor.store.invitations import list_invitations
from monitor.store.people import list_editors
from monitor.web.auth import Visit, Visitor
from monitor.web.pages import desk_page, see_other

router = APIRouter()

_DONE = {
    "changed": "The account was changed, and its sessions were ended.",
    "withdrawn": "The invitation was withdrawn: its link no longer works.",
    "revoked": "The token was revoked.",
}


@router.get("/desk/people")
def show_people(request: Request, visit: Visitor, done: str = "") -> Response:
    """All editors, open invitations and tokens."""
    return _people(request, visit, done=_DONE.get(done, ""))


def _people(
    request: Request, visit: Visit, *, done: str = "", problem: str = "", link: str = "", status: int = 200
) -> HTMLResponse:
    context = visit.context
    with context.database.read() as tx:
        editors, invited = list_editors(tx), list_invitations(tx)
    now = context.machine.now()
    return desk_page(
        request,
        visit,
        "desk/people.html",
        status=status,
        editors=editors,
        roles=tuple(Role),
        invitations=invited,
        tokens=[t for t in tokens.list_tokens(context.database) if t.revoked_at is None and t.expires_at > now],
        machine_now=now,
        done=done,
        problem=problem,
        link=link,
    )


@router.post("/desk/people")
def change_person(request: Request, visit: Visitor) -> Response:
    """Disable, enable, or give another role; never oneself, so that a newsroom is not left without an admin."""
    context, name, verb = visit.context, visit.text("name"), visit.text("do")
    how = {"by": visit.who, "address": visit.address}
    try:
        if name == visit.who:
            raise IllegalDecision("Another admin has to do that to your own account.")
        if verb in {"disable", "enable"}:
            people.disable_editor(context.database, context.machine, name, is_disabled=verb == "disable", **how)
        elif verb == "role" and visit.text("role") in set(Role):
            people.change_role(context.database, context.machine, name, role=Role(visit.text("role")), **how)
        else:
            raise IllegalDecision("There is no such action. Nothing was changed.")
    except MonitorError as error:
        return _people(request, visit, problem=str(error), status=409)
    return see_other("/desk/people?done=changed")


@router.post("/desk/people/invitations")
def invite(request: Request, visit: Visitor) -> Response:
    """A one-time link; it is on this answer and nowhere else."""
    context, role = visit.context, visit.text("role")
    try:
        if role not in set(Role):
            raise IllegalDecision("Choose a role for whoever is invited. Nothing was made.")
        invited = invitations.invite(
            context.database,
            context.machine,
            role=Role(role),
            for_whom=visit.text("for_whom"),
            by=visit.who,
            address=visit.address,
        )
    except IllegalDecision as error:
        return _people(request, visit, problem=str(error), status=422)
    return _people(request, visit, link=f"{context.settings.base_url}/desk/join?token={invited.token}")


@router.post("/desk/people/invitations/withdraw")
def withdraw(request: Request, visit: Visitor) -> Response:
    """Take an unused invitation back."""
    context = visit.context
    try:
        invitations.withdraw(
            context.database, context.machine, visit.text("handle"), by=visit.who, address=visit.address
        )
    except MonitorError as error:
        return _people(request, visit, problem=str(error), status=409)
    return see_other("/desk/people?done=withdrawn")


@router.post("/desk/people/tokens/revoke")
def revoke_token(request: Request, visit: Visitor) -> Response:
    """Revoke anybody's token."""
    context = visit.context
    try:
        tokens.revoke_token(
            context.database,
            context.machine,
            visit.text("token"),
            by=visit.editor,
            address=visit.address,
            is_own=False,
        )
    except MonitorError as error:
        return _people(request, visit, problem=str(error), status=409)
    return see_other("/desk/people?done=revoked")
