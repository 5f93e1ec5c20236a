"""The doors: signing in and out, the first editor, and whoever was invited."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import Denied, IllegalDecision
from monitor.jobs import invitations, people
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
    return desk_page(
        request,
        visit,
        "desk/login.html",
        status=status,
        next_path=next_path,
        name=name,
        problem=problem,
        provider=visit.context.settings.openid_name if visit.context.openid else "",
    )


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
    return _sign_in(request, visit, name=editor.name, password=password)


def _sign_in(request: Request, visit: Visit, *, name: str, password: str) -> Response:
    """Into the desk with an account that was just made."""
    context = visit.context
    signed_in = people.sign_in(
        context.database,
        context.machine,
        name=name,
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


@router.get("/desk/join")
def show_join(request: Request, visit: Visitor, token: str = "") -> Response:
    """The form for somebody who was invited, while the link is good."""
    return _join(request, visit, token=token)


@router.post("/desk/join")
def join(request: Request, visit: Visitor) -> Response:
    """Make the account of somebody who was invited, and sign them in."""
    context, token, name = visit.context, visit.text("token"), visit.text("name")
    password = visit.text("password")
    try:
        if password != visit.text("again"):
            raise IllegalDecision("The two passwords differ. Nothing was saved; type both again.")
        editor = invitations.accept(
            context.database,
            context.machine,
            token,
            name=name,
            password=password,
            newsroom=context.settings.newsroom,
            address=visit.address,
        )
    except IllegalDecision as error:
        return _join(request, visit, token=token, name=name, problem=str(error), status=422)
    return _sign_in(request, visit, name=editor.name, password=password)


def _join(
    request: Request, visit: Visit, *, token: str, name: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    found = invitations.find_invitation(visit.context.database, visit.context.machine, token)
    if found is None:
        raise Denied(invitations.SPENT)
    return desk_page(
        request,
        visit,
        "desk/join.html",
        status=status,
        token=token,
        name=name,
        problem=problem,
        invitation=found,
    )
