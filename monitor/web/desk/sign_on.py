"""Single sign-on: away to the newsroom's OpenID provider, and back.

What belongs to one sign-in (state, nonce, PKCE verifier) travels in a cookie of the browser that began it, so leaving
changes nothing here. Coming back is a GET that opens a session: the protocol has it so, and the state, which only the
browser that left can show, stands for the form token (D6).
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from monitor.errors import Denied, IllegalDecision, MonitorError
from monitor.jobs import sign_on
from monitor.jobs.sign_on import OpenId, Trip
from monitor.model import Claims
from monitor.web.auth import Visit, Visitor, is_tls, set_session
from monitor.web.context import Context
from monitor.web.pages import see_other
from monitor.web.security import local_path

router = APIRouter()


def trip_cookie(context: Context) -> str:
    """The name of the cookie that a sign-in carries while it is away."""
    return "__Host-monitor-away" if is_tls(context) else "monitor-local-away"


def _provider(context: Context) -> OpenId:
    if context.openid is None:
        raise IllegalDecision("Single sign-on is not set up here. Sign in with your password.")
    return context.openid


@router.get("/desk/sign-on")
def leave(visit: Visitor, next: str = "", link: str = "") -> Response:  # noqa: A002
    """Away to the provider; with `link`, for somebody signed in who links their account."""
    context = visit.context
    is_link = bool(link) and visit.session is not None
    path = "/desk/account" if is_link else local_path(next, default="/desk")
    url, trip = sign_on.begin(_provider(context), context.machine, next_path=path, is_link=is_link)
    response = RedirectResponse(url, status_code=303)
    response.set_cookie(
        trip_cookie(context),
        trip.pack(),
        path="/",
        max_age=int(sign_on.LIFE.total_seconds()),
        secure=is_tls(context),
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/desk/sign-on/back")
def come_back(
    request: Request, visit: Visitor, code: str = "", state: str = "", iss: str = "", error: str = ""
) -> Response:
    """Back from the provider, with a code or with why there is none."""
    context = visit.context
    provider = _provider(context)
    trip = sign_on.unpack(request.cookies.get(trip_cookie(context), ""), now=context.machine.now())
    try:
        if error:
            raise Denied(f"The provider did not sign you in ({error[:60]}).")
        claims = sign_on.finish(provider, context.machine, trip, state=state, code=code, issuer=iss)
        response = _arrive(request, visit, provider, trip, claims)
    except MonitorError as refusal:
        sign_on.note_refusal(context.database, context.machine, why=str(refusal)[:300], address=visit.address)
        raise
    response.delete_cookie(trip_cookie(context), path="/", secure=is_tls(context), httponly=True, samesite="lax")
    return response


def _arrive(request: Request, visit: Visit, provider: OpenId, trip: Trip | None, claims: Claims) -> Response:
    context = visit.context
    if trip is not None and trip.is_link:
        sign_on.link(context.database, context.machine, visit.editor, claims, address=visit.address)
        return see_other("/desk/account?done=linked")
    signed_in = sign_on.sign_in(
        context.database,
        context.machine,
        provider,
        claims,
        address=visit.address,
        user_agent=request.headers.get("user-agent", ""),
    )
    response = see_other(local_path(trip.next_path if trip else "", default="/desk"))
    set_session(response, context, signed_in.token)
    return response
