"""One's own account: sessions, password, single sign-on, tokens of the API."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import Denied, IllegalDecision, MonitorError
from monitor.jobs import people, sign_on, tokens
from monitor.jobs.tokens import NewToken
from monitor.model import Scope
from monitor.web.auth import Visit, Visitor, clear_session
from monitor.web.pages import desk_page, see_other

router = APIRouter()

LIVES = (7, 30, 90, 366)  # days that the form offers
_DONE = {
    "ended": "The session was ended.",
    "others": "All other sessions were ended.",
    "revoked": "The token was revoked. Programs that use it are refused from now on.",
    "linked": "Single sign-on is linked to your account.",
    "parted": "Single sign-on is no longer linked to your account.",
}


@router.get("/desk/account")
def show_account(request: Request, visit: Visitor, done: str = "") -> Response:
    """One's own sessions, password and tokens."""
    return _account(request, visit, done=_DONE.get(done, ""))


def _account(
    request: Request,
    visit: Visit,
    *,
    done: str = "",
    problem: str = "",
    made: NewToken | None = None,
    status: int = 200,
) -> HTMLResponse:
    context = visit.context
    links = sign_on.count_links(context.database, visit.editor, context.openid) if context.openid else 0
    return desk_page(
        request,
        visit,
        "desk/account.html",
        status=status,
        sessions=people.list_sessions(context.database, context.machine, visit.editor),
        machine_now=context.machine.now(),
        tokens=tokens.list_tokens(context.database, visit.editor),
        scopes=[scope for scope in Scope if visit.editor.role.may(scope.least)],
        lives=LIVES,
        made=made,
        provider=context.settings.openid_name if context.openid else "",
        links=links,
        done=done,
        problem=problem,
    )


@router.post("/desk/account/sessions")
def end_sessions(visit: Visitor) -> Response:
    """End one of one's own sessions, or all others."""
    context = visit.context
    handle = visit.text("handle")
    if visit.session is None:
        raise Denied("Please sign in.")
    if not handle:
        people.end_other_sessions(context.database, context.machine, visit.session, address=visit.address)
        return see_other("/desk/account?done=others")
    people.end_session(context.database, context.machine, visit.editor, handle, address=visit.address)
    return see_other("/desk/account?done=ended")


@router.post("/desk/account/password")
def change_password(request: Request, visit: Visitor) -> Response:
    """A new password: ends every session, this one too, and begins a new one."""
    context, password = visit.context, visit.text("password")
    try:
        if password != visit.text("again"):
            raise IllegalDecision("The two new passwords differ. Nothing was changed; type them again.")
        people.change_password(
            context.database,
            context.machine,
            visit.who,
            password=password,
            current=visit.text("current"),
            newsroom=context.settings.newsroom,
            by=visit.who,
            address=visit.address,
        )
    except (IllegalDecision, Denied) as error:
        return _account(request, visit, problem=str(error), status=422)
    response = see_other("/desk/login")
    clear_session(response, context)
    return response


@router.post("/desk/account/tokens")
def make_token(request: Request, visit: Visitor) -> Response:
    """A token for one of one's own programs; its secret is on this answer and nowhere else."""
    context = visit.context
    known = {scope.value: scope for scope in Scope}
    try:
        made = tokens.make_token(
            context.database,
            context.machine,
            visit.editor,
            name=visit.text("name"),
            scopes=[known[word] for word in visit.texts("scope") if word in known],
            days=visit.number("days") or 0,
            address=visit.address,
        )
    except IllegalDecision as error:
        return _account(request, visit, problem=str(error), status=422)
    return _account(request, visit, made=made)


@router.post("/desk/account/tokens/revoke")
def revoke_token(request: Request, visit: Visitor) -> Response:
    """Revoke one of one's own tokens."""
    context = visit.context
    try:
        tokens.revoke_token(
            context.database, context.machine, visit.text("token"), by=visit.editor, address=visit.address
        )
    except MonitorError as error:
        return _account(request, visit, problem=str(error), status=409)
    return see_other("/desk/account?done=revoked")


@router.post("/desk/account/sign-on")
def part_sign_on(visit: Visitor) -> Response:
    """Part one's account from the provider's; the password is what is left."""
    context = visit.context
    if context.openid is None:
        raise IllegalDecision("Single sign-on is not set up here. Nothing was changed.")
    sign_on.part(context.database, context.machine, visit.editor, context.openid, address=visit.address)
    return see_other("/desk/account?done=parted")
