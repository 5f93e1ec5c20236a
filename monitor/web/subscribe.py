"""Digests by e-mail, as readers meet them: asking for one, confirming it, and ending it.

Nothing here knows who reads: no cookie, no session. What is asked for is confirmed by a letter, so that nobody can
subscribe another; the answer to asking is the same whether an address is known or not. A GET changes nothing, for mail
servers look into links; the one POST that needs no page of ours is that of a mail program which ends a subscription
(RFC 8058), and it proves itself by a token that only letters carry.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.datastructures import FormData

from monitor.errors import Busy, IllegalDecision, Unknown
from monitor.jobs import digests
from monitor.model import Severity, SourcingStandard
from monitor.model.subscriber import Period, Subscriber, Wanted, wanted_of
from monitor.site.frame import fill
from monitor.stages.digest import describe, masked
from monitor.stages.telling import provider_names
from monitor.store.published import count_by_provider
from monitor.web.auth import read_form
from monitor.web.context import Context
from monitor.web.security import address_block, client_address

LEAVE_PATH = "/unsubscribe/"  # takes a POST from a mail program
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_MOST = 200  # values of one facet
_ONE_CLICK = "One-Click"
TITLES = {
    "form": "Wires by e-mail",
    "asked": "Look into your mailbox",
    "confirm": "Confirm your digest",
    "confirmed": "You are subscribed",
    "leave": "End this subscription",
    "left": "The subscription has ended",
}

router = APIRouter(include_in_schema=False)
Form = Annotated[FormData, Depends(read_form)]


@router.api_route("/subscribe", methods=["GET", "HEAD"])
def show_form(request: Request) -> Response:
    """The form, filled in from the address: /subscribe?provider=openai&severity=SEV-1."""
    given = request.query_params
    named = {facet: given.getlist(facet)[:_MOST] for facet in ("provider", "severity", "code", "standard")}
    return _form(request, _read_wanted(request, named) or Wanted(), period=given.get("period", ""))


@router.post("/subscribe")
def ask(request: Request, form: Form) -> Response:
    """Write to the address; what is answered does not depend on what is known of it."""
    context: Context = request.app.state.context
    if not is_on(context):
        return _form(request, Wanted(), status=503)
    texts = {facet: _texts(form, facet) for facet in ("provider", "severity", "code", "standard")}
    wanted, period, address = _read_wanted(request, texts), _text(form, "period"), _text(form, "email")
    if wanted is None or period not in set(Period):
        return _form(request, Wanted(), problem="The form was not whole. Nothing was sent.", status=422)
    try:
        digests.ask(
            context.database,
            context.clock,
            address=address[:300],
            period=Period(period),
            wanted=wanted,
            client=address_block(client_address(request, context.settings.trusted_proxies)),
            secrets_dir=context.settings.secrets_dir,
        )
    except (IllegalDecision, Busy) as error:
        status = 429 if isinstance(error, Busy) else 422
        return _form(request, wanted, period=period, address=address[:300], problem=str(error), status=status)
    return _page(request, "asked", address=digests.read_address(address), hours=digests.CONFIRM_HOURS)


@router.api_route("/subscribe/confirm", methods=["GET", "HEAD"])
def show_confirmation(request: Request, token: str = "") -> Response:
    """What the link would confirm, with the button that does."""
    context: Context = request.app.state.context
    asking = digests.look_asking(context.database, context.clock, _checked(token))
    return _page(request, "confirm", subscriber=asking, token=token)


@router.post("/subscribe/confirm")
def confirm(request: Request, form: Form) -> Response:
    """The address has answered."""
    context: Context = request.app.state.context
    done = digests.confirm(context.database, context.clock, _checked(_text(form, "token")))
    return _page(request, "confirmed", subscriber=done)


@router.api_route(LEAVE_PATH + "{token}", methods=["GET", "HEAD"])
def show_leaving(request: Request, token: str) -> Response:
    """What the link would end, with the button that does; the same words where there is nothing to end."""
    context: Context = request.app.state.context
    found = digests.find_leaving(context.database, token) if _TOKEN.fullmatch(token) else None
    return _page(request, "left" if found is None else "leave", subscriber=found, token=token)


@router.post(LEAVE_PATH + "{token}")
def leave(request: Request, token: str, form: Form) -> Response:
    """End it at once, also for a mail program that shows no page (RFC 8058 3.2); again is no error."""
    context: Context = request.app.state.context
    if _TOKEN.fullmatch(token):
        digests.leave(context.database, token, is_all=_text(form, "all") == "yes")
    if _text(form, "List-Unsubscribe") == _ONE_CLICK:
        return PlainTextResponse("The subscription has ended.\n", headers=_HEADERS)
    return _page(request, "left", subscriber=None, token=token)


_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


def is_on(context: Context) -> bool:
    """Whether digests can be sent."""
    return bool(context.settings.smtp_host and context.settings.smtp_from)


def _form(
    request: Request, wanted: Wanted, *, period: str = "", address: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    context: Context = request.app.state.context
    with context.database.read() as tx:
        told = count_by_provider(tx)
    shown = sorted({*told, *wanted.providers})
    return _page(
        request,
        "form",
        status=status,
        wanted=wanted,
        period=period if period in set(Period) else Period.DAILY.value,
        address=address,
        problem=problem,
        is_on=is_on(context),
        severities=tuple(Severity),
        standards=tuple(SourcingStandard),
        codes=[c for c in context.codebook.codes if not c.is_retired],
        providers=sorted(provider_names(shown, context.providers), key=lambda named: named[1].casefold()),
        hour=context.settings.digest_hour,
        hours=digests.CONFIRM_HOURS,
    )


def _page(
    request: Request, step: str, *, status: int = 200, subscriber: Subscriber | None = None, **values: Any
) -> HTMLResponse:
    context: Context = request.app.state.context
    answer = HTMLResponse(
        fill(
            context.house,
            "subscribe.html",
            path="/subscribe",
            title=f"{TITLES[step]} · {context.house.name}",
            text=f"{context.house.name} by e-mail, daily or weekly: what was published, corrected, retracted.",
            robots="" if step == "form" else "noindex",
            step=step,
            subscriber=subscriber,
            about="" if subscriber is None else describe(subscriber.wanted, context.house.site),
            masked="" if subscriber is None else masked(subscriber.address),
            **values,
        ),
        status_code=status,
    )
    answer.headers.update(_HEADERS if step != "form" else {"cache-control": "no-store"})
    return answer


def _checked(token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise Unknown("This link is not whole. Copy all of it from the letter, to its end.")
    return token


def _read_wanted(request: Request, texts: dict[str, list[str]]) -> Wanted | None:
    """The choice of a form; None where it names what there is not."""
    context: Context = request.app.state.context
    try:
        wanted = wanted_of({facet: [t for t in chosen if t] for facet, chosen in texts.items()})
    except ValueError:
        return None
    known = {p.id for p in context.providers}
    codes = {c.id for c in context.codebook.codes}
    return wanted if known.issuperset(wanted.providers) and codes.issuperset(wanted.codes) else None


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)][:_MOST]
