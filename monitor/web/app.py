"""The web application: one factory, which wires pages to the newsroom and turns refusals into answers.

Errors show an id, never a trace (D12); nothing says which version runs (D13).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from monitor.clock import SystemClock
from monitor.errors import (
    Busy,
    Denied,
    FaultyFile,
    IllegalDecision,
    MonitorError,
    StaleDecision,
    Unconfigured,
    Unknown,
    Unpublishable,
)
from monitor.jobs.rulebook import read_rulebook
from monitor.jobs.sign_on import OpenId
from monitor.jobs.sources_file import SourcesFile
from monitor.log import get_log
from monitor.model import Clock
from monitor.net.client import user_agent
from monitor.settings import Settings
from monitor.site.pages import missing_page
from monitor.stages.openid import is_safe_url
from monitor.store.ailing import DatabaseError, ailment_of
from monitor.store.database import Database, ping
from monitor.web import feed_builder, private_feeds, public, push, subscribe
from monitor.web.api.app import create_api
from monitor.web.api.keys import PATH as API_PATH
from monitor.web.api.problems import problem
from monitor.web.assets import Assets
from monitor.web.context import Context
from monitor.web.desk.live import Lines
from monitor.web.desk.router import router as desk_router
from monitor.web.documents import Documents
from monitor.web.house import house_of
from monitor.web.outside import Outside
from monitor.web.pages import STATIC, render
from monitor.web.security import Guard

log = get_log()

STATUS: dict[type[MonitorError], int] = {
    Unknown: 404,
    Denied: 403,
    IllegalDecision: 409,
    StaleDecision: 409,
    Unpublishable: 422,
    FaultyFile: 422,
    Busy: 503,
}
TITLES = {
    400: "That cannot be read",
    401: "Please sign in",
    403: "Not allowed",
    404: "Not here",
    405: "Not possible here",
    409: "Something changed in between",
    413: "Too long",
    422: "Something is missing",
    429: "Please wait",
    503: "Busy",
}


class Newsroom(FastAPI):
    """The application, with what lies ready in front of all routing."""

    documents: Documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A document where there is one, else what the routes say."""
        await self.documents(scope, receive, send)

    async def route(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the routes say."""
        await super().__call__(scope, receive, send)


def read_context(settings: Settings, database: Database, clock: Clock, machine: Clock) -> Context:
    """The newsroom's files, as set or as shipped; raises FaultyFile with what is wrong in them."""
    rules = read_rulebook(
        codebook=settings.codebook, providers=settings.providers, guide=settings.guide, owners=settings.owners
    )
    return Context(
        settings=settings,
        database=database,
        clock=clock,
        machine=machine,
        codebook=rules.codebook,
        providers=rules.providers,
        index=rules.index,
        guide=rules.guide,
        house=house_of(settings, rules),
        sources=SourcesFile(configured=settings.sources, data_dir=settings.data_dir),
        outside=Outside(settings, clock),
        openid=read_openid(settings),
    )


def read_openid(settings: Settings) -> OpenId | None:
    """The newsroom's OpenID provider, where one is set; raises Unconfigured."""
    issuer, file = settings.openid_issuer, settings.openid_secret
    if not issuer:
        return None
    if not is_safe_url(issuer) or not settings.openid_client:
        raise Unconfigured("MONITOR_OPENID_ISSUER must be an https address, and MONITOR_OPENID_CLIENT must be set.")
    try:
        secret = "" if file is None else file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise Unconfigured(f"MONITOR_OPENID_SECRET: {file} cannot be read ({error}).") from error
    return OpenId(
        issuer=issuer,
        client=settings.openid_client,
        secret=secret,
        claim=settings.openid_claim,
        mapping=settings.openid_roles,
        redirect=f"{settings.base_url}/desk/sign-on/back",
        user_agent=user_agent(settings.contact, settings.base_url),
    )


def create_app(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    machine: Clock | None = None,
    is_working: Callable[[], bool] | None = None,
) -> Newsroom:
    """Desk, site and feeds as one application. `machine` times sessions and throttles; the machine's own by default.

    `is_working` says whether the jobs run that were started beside it; None where nobody started any.
    """
    app = Newsroom(title=settings.newsroom, docs_url=None, redoc_url=None, openapi_url=None, debug=False)
    app.documents = Documents(
        app.route,
        folder=settings.public_dir,
        base_url=settings.base_url,
        hosts=(settings.host,),
        asked=public.ASKED | feed_builder.ASKED,
        hub=settings.hub,
    )
    app.state.context = read_context(settings, database, clock, machine or SystemClock())
    app.state.is_working = is_working or (lambda: True)
    app.state.lines = Lines()
    app.mount("/static", Assets(directory=STATIC), name="static")
    app.state.api = create_api(app.state.context)
    app.mount(API_PATH, app.state.api, name="api")
    app.include_router(desk_router)
    app.include_router(push.router)
    app.include_router(private_feeds.router)
    app.include_router(feed_builder.router)
    app.include_router(subscribe.router)
    app.add_api_route("/favicon.ico", _icon, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/healthz", _healthz, methods=["GET", "HEAD"], include_in_schema=False)
    app.include_router(public.router)  # it answers for every address that nobody above took
    app.add_exception_handler(MonitorError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DatabaseError, _ailing)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(
        Guard,
        base_url=settings.base_url,
        hosts=(settings.host,),
        machines=(push.PATH, subscribe.LEAVE_PATH),
        programs=f"{API_PATH}/",
    )
    return app


def _icon(request: Request) -> Response:  # noqa: ARG001 - the handler's shape
    """For who asks for an icon before reading the page that names one."""
    return FileResponse(STATIC / "icons.svg", media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})


def _healthz(request: Request) -> Response:
    """200 while the database answers and the jobs beside it run, else 503: for whoever watches the process."""
    try:
        ping(request.app.state.context.database)
    except Exception as error:  # whatever the driver raises means the same here
        log.warning("database does not answer", error=type(error).__name__)
        return PlainTextResponse("database does not answer\n", 503)
    if not request.app.state.is_working():
        return PlainTextResponse("the jobs do not run: they ended, and are started again soon\n", 503)
    return PlainTextResponse("ok\n")


def error_page(
    request: Request, status: int, message: str, *, reference: str | None = None, missing: object = ()
) -> HTMLResponse:
    """A page that says what happened, what was kept, and the way on."""
    is_desk = request.url.path.startswith("/desk")
    title = TITLES.get(status, HTTPStatus(status).phrase)
    if not (is_desk or reference or missing):  # a reader; after a bug the page must need as little as can be
        context: Context = request.app.state.context
        return HTMLResponse(missing_page(context.house, heading=title, message=message), status_code=status)
    return render(
        request,
        "error.html",
        status=status,
        title=title,
        message=message,
        missing=missing,
        reference=reference,
        back="/desk" if is_desk else "/",
        back_label="Back to the desk" if is_desk else "Latest wires",
    )


def _refused(request: Request, error: Exception) -> Response:
    """A refusal is written for the person who reads it: show its words."""
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)
    missing = error.missing if isinstance(error, Unpublishable) else ()
    message = "Nothing was published. What is missing:" if missing else str(error)
    return error_page(request, status, message, missing=missing)


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _broken(request, error)
    if error.status_code in (301, 302, 303, 307, 308):
        return Response(status_code=error.status_code, headers=error.headers)
    if request.url.path.startswith(f"{API_PATH}/"):  # an address with a line break in it, which leads to no mount
        return problem(error.status_code, "There is nothing at this address.", headers=dict(error.headers or {}))
    words = {
        404: "There is no page at this address.",
        405: "This address does not take that kind of request. Nothing was changed.",
    }
    response = error_page(request, error.status_code, words.get(error.status_code, str(error.detail)))
    response.headers.update(error.headers or {})
    return response


def _invalid(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the handler's shape
    return error_page(request, 404, "There is no page at this address.")


def _ailing(request: Request, error: Exception) -> Response:
    """The database takes nothing; a bug where it says something else."""
    ailment = ailment_of(error)
    if ailment is None:
        raise error
    log.error("request failed", path=request.url.path, ailment=ailment)
    words = f"{ailment} What you sent was not saved; what was saved before is kept. Try again in a minute."
    return error_page(request, 503, words)


def _broken(request: Request, error: Exception) -> Response:
    """A bug: the log gets the trace, the reader an id to name."""
    reference = secrets.token_hex(4)
    log.error("request failed", reference=reference, path=request.url.path, exc_info=error)
    words = "Something in Monitor failed on this page. What was saved before is kept; try again, or go back."
    return error_page(request, 500, words, reference=reference)
