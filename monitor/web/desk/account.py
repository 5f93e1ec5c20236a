"""Signing in and out, the first editor, one's own sessions and password, and the people page for admins."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import Denied, IllegalDecision, MonitorError
from monitor.jobs import people
from monitor.model import Role
from monitor.store.people import list_editors
from monitor.web.auth import Visit, Visitor, clear_session, set_session
from monitor.web.pages import desk_page, see_other
from monitor.web.security import address_block, local_path

router = APIRouter()


@router.get("/desk/login")
def show_login(request: Request, visit: Visitor, next: str = "") -> Response:  # noqa: A002
    """The sign-in form."""
    if visit.session is not None:
        return see_other("/desk")
    return _login(request, visit, next_path=local_path(next, default="/desk"))


@router.post("/desk/login")
def log_in(request: Request, visit: Visitor) -> Response:
    """Sign in; one answer for a wrong name and a wrong password."""
    next_path = local_path(visit.text("next"), default="/desk")
    name = visit.text("name")
    try:
        signed_in = people.sign_in(
            visit.context.database,
            visit.context.machine,
            name=name,
            password=visit.text("password"),
            address=visit.address,
            block=address_block(visit.address),
            user_agent=request.headers.get("user-agent", ""),
        )
    except people.Throttled as error:
        return _login(request, visit, next_path=next_path, name=name, problem=str(error), status=429)
    except Denied as error:
        return _login(request, visit, next_path=next_path, name=name, problem=str(error), status=401)
    response = see_other(next_path)
    set_session(response, visit.context, signed_in.token)
    return response


def _login(
    request: Request, visit: Visit, *, next_path: str, name: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    return desk_page(request, visit, "desk/login.html", status=status, next_path=next_path, name=name, problem=problem)


@router.post("/desk/logout")
def log_out(visit: Visitor) -> Response:
    """End this session."""
    if visit.session is not None:
        context = visit.context
        people.end_session(context.database, context.machine, visit.editor, visit.session.id, address=visit.address)
    response = see_other("/desk/login")
    clear_session(response, visit.context)
    return response


@router.get("/desk/first")
def show_first(request: Request, visit: Visitor, token: str = "") -> Response:
    """The form for the first editor, while the link is good."""
    if not people.is_invited(visit.context.database, visit.context.machine, token):
        raise Denied("This link has been used or has run out. Restart Monitor for a new one, or sign in.")
    return _first(request, visit, token=token)


@router.post("/desk/first")
def make_first(request: Request, visit: Visitor) -> Response:
    """Make the first editor, and sign them in."""
    context, token, name = visit.context, visit.text("token"), visit.text("name")
    password = visit.text("password")
    try:
        if password != visit.text("again"):
            raise IllegalDecision("The two passwords differ. Nothing was saved; type both again.")
        editor = people.accept_invitation(
            context.database,
            context.machine,
            token,
            name=name,
            password=password,
            newsroom=context.settings.newsroom,
            address=visit.address,
        )
    except IllegalDecision as error:
        return _first(request, visit, token=token, name=name, problem=str(error), status=422)
    signed_in = people.sign_in(
        context.database,
        context.machine,
        name=editor.name,
        password=password,
        address=visit.address,
        block=address_block(visit.address),
        user_agent=request.headers.get("user-agent", ""),
    )
    response = see_other("/desk")
    set_session(response, context, signed_in.token)
    return response


def _first(
    request: Request, visit: Visit, *, token: str, name: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    return desk_page(request, visit, "desk/first.html", status=status, token=token, name=name, problem=problem)


@router.get("/desk/account")
def show_account(request: Request, visit: Visitor, done: str = "") -> Response:
    """One's own sessions and password."""
    return _account(request, visit, done=_DONE.get(done, ""))


_DONE = {"ended": "The session was ended.", "others": "All other sessions were ended."}


def _account(request: Request, visit: Visit, *, done: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    sessions = people.list_sessions(visit.context.database, visit.context.machine, visit.editor)
    return desk_page(
        request,
        visit,
        "desk/account.html",
        status=status,
        sessions=sessions,
        machine_now=visit.context.machine.now(),
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


@router.get("/desk/people")
def show_people(request: Request, visit: Visitor) -> Response:
    """All editors, for admins."""
    return _people(request, visit)


def _people(request: Request, visit: Visit, *, problem: str = "", status: int = 200) -> HTMLResponse:
    with visit.context.database.read() as tx:
        editors = list_editors(tx)
    return desk_page(request, visit, "desk/people.html", status=status, editors=editors, problem=problem)


@router.post("/desk/people")
def change_person(request: Request, visit: Visitor) -> Response:
    """Disable, enable, or give another role; never oneself, so that a newsroom is not left without an admin."""
    context, name = visit.context, visit.text("name")
    try:
        if name == visit.who:
            raise IllegalDecision("Another admin has to do that to your own account.")
        match visit.text("do"):
            case "disable" | "enable" as verb:
                people.disable_editor(
                    context.database, context.machine, name, by=visit.who, is_disabled=verb == "disable"
                )
            case "admin" | "editor" as role:
                people.change_role(context.database, context.machine, name, role=Role(role), by=visit.who)
            case _:
                raise IllegalDecision("There is no such action. Nothing was changed.")
    except MonitorError as error:
        return _people(request, visit, problem=str(error), status=409)
    return see_other("/desk/people")
