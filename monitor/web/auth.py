"""Who is asking: the session cookie, the form token, and the guard in front of every desk page.

Over TLS the cookie is `__Host-monitor`: Secure, HttpOnly, SameSite=Lax (D1). On this machine itself, over plain HTTP,
it is `monitor-local`, and every page says so. Over plain HTTP under any other name the desk stays shut.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import BackgroundTasks, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from monitor.errors import Denied
from monitor.jobs import audit, people
from monitor.model import Editor, Role, Session
from monitor.web.access import access_of, least_access, refusal
from monitor.web.context import Context
from monitor.web.security import SAFE_METHODS, client_address, is_loopback

MAX_FIELDS = 2000
UPLOADS = frozenset({"/desk/sources/import"})  # the forms that may bring a file
SHORTEST_TOKEN = 20


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request to the desk, past the guard."""

    context: Context
    session: Session | None
    form: FormData
    csrf: str  # what this visitor's forms must carry
    address: str
    is_local: bool  # plain HTTP on this machine: shown on every page

    @property
    def editor(self) -> Editor:
        """Who is signed in; only for routes that need it."""
        if self.session is None:
            raise Denied("Please sign in.")
        return self.session.editor

    @property
    def who(self) -> str:
        """The name that goes under decisions."""
        return self.editor.name

    @property
    def can_edit(self) -> bool:
        """Whether buttons that change something are of any use to this visitor: readers look on."""
        return self.session is not None and self.session.editor.role.may(Role.EDITOR)

    def text(self, name: str) -> str:
        """A form field as text, "" where it is missing or a file; line ends as we keep them."""
        value = self.form.get(name)
        return value.replace("\r\n", "\n").replace("\0", "") if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a repeated field, the empty ones left out."""
        return tuple(v for v in self.form.getlist(name) if isinstance(v, str) and v)

    def number(self, name: str) -> int | None:
        """A form field as a number, None where it is none."""
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def is_tls(context: Context) -> bool:
    """Whether readers reach this newsroom over TLS."""
    return context.settings.base_url.startswith("https://")


def session_cookie(context: Context) -> str:
    """The name of the session cookie; the plain one is the visible exception for this machine itself (D1)."""
    return "__Host-monitor" if is_tls(context) else "monitor-local"


def form_cookie(context: Context) -> str:
    """The name of the cookie that vouches for a sign-in form, before there is a session."""
    return "__Host-monitor-form" if is_tls(context) else "monitor-local-form"


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The form of an unsafe request, bounded, its file closed at the end; an empty one for the others."""
    if request.method in SAFE_METHODS:
        yield FormData()
        return
    async with request.form(max_files=int(request.url.path in UPLOADS), max_fields=MAX_FIELDS) as form:
        yield form


def guard(request: Request, form: Annotated[FormData, Depends(read_form)], later: BackgroundTasks) -> Visit:
    """Everything that must be true before a desk page does anything (D1, D2, D6, D9)."""
    context: Context = request.app.state.context
    least = least_access(request.method, request.scope["route"].path)
    if least is None:
        raise HTTPException(404)
    _refuse_plain_http(request, context)
    token = request.cookies.get(session_cookie(context), "")
    session = people.find_session(context.database, context.machine, token) if token else None
    if session is not None:
        later.add_task(people.touch_session, context.database, context.machine, token, session)
    have = access_of(session.editor.role if session else None)
    if have < least and session is None:
        raise _sign_in_first(request)
    address = client_address(request, context.settings.trusted_proxies)
    csrf = session.csrf if session else request.cookies.get(form_cookie(context), "")
    try:
        if have < least:
            raise HTTPException(403, refusal(least))
        if request.method not in SAFE_METHODS:
            _check_token(form, csrf)
    except HTTPException as refused:
        if session is not None:
            _note_refusal(request, context, session, refused, address)
        raise
    if session is None and len(csrf) < SHORTEST_TOKEN:
        csrf = secrets.token_urlsafe(24)
    return Visit(context=context, session=session, form=form, csrf=csrf, address=address, is_local=not is_tls(context))


def _note_refusal(request: Request, context: Context, session: Session, refused: HTTPException, address: str) -> None:
    """What an editor tried and may not is in the audit (D11); strangers' tries are those of the sign-in."""
    audit.note_deed(
        context.database,
        context.machine,
        by=session.editor.name,
        what="request.refused",
        subject=f"{request.method} {request.url.path}"[:300],
        after={"why": str(refused.detail)},
        address=address,
    )


def _refuse_plain_http(request: Request, context: Context) -> None:
    if not is_tls(context) and not is_loopback(request.headers.get("host", "")):
        raise HTTPException(
            403,
            "The desk opens over HTTPS only, except on the machine itself. Put Monitor behind a reverse proxy with TLS "
            "and set MONITOR_BASE_URL to its https:// address, or open the desk at http://127.0.0.1.",
        )


def _sign_in_first(request: Request) -> HTTPException:
    if request.method not in SAFE_METHODS:
        return HTTPException(
            401,
            "You are signed out, so nothing was saved. Go back with your browser: what you typed is still there. "
            "Sign in in another tab, then send it again.",
        )
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return HTTPException(303, headers={"location": f"/desk/login?next={quote(wanted, safe='')}"})


def _check_token(form: FormData, csrf: str) -> None:
    given = form.get("csrf")
    if not csrf or not isinstance(given, str) or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise HTTPException(
            403, "This form is from an earlier session. Nothing was changed: go back, reload the page, and try again."
        )


def set_form_cookie(response: Response, visit: Visit) -> None:
    """Let a sign-in form vouch for itself with a cookie that only this browser has."""
    response.set_cookie(
        form_cookie(visit.context), visit.csrf, path="/", secure=not visit.is_local, httponly=True, samesite="lax"
    )


def set_session(response: Response, context: Context, token: str) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        session_cookie(context),
        token,
        path="/",
        max_age=int(people.ABSOLUTE.total_seconds()),
        secure=is_tls(context),
        httponly=True,
        samesite="lax",
    )
    response.delete_cookie(form_cookie(context), path="/", secure=is_tls(context), httponly=True, samesite="lax")


def clear_session(response: Response, context: Context) -> None:
    """Take the browser's session away."""
    response.delete_cookie(session_cookie(context), path="/", secure=is_tls(context), httponly=True, samesite="lax")


Visitor = Annotated[Visit, Depends(guard)]
