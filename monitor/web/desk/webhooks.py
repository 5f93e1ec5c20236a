"""Webhooks at the desk, for admins: who is told, what they chose, and what became of each message."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import IllegalDecision, MonitorError
from monitor.jobs import webhooks
from monitor.model import Severity, SourcingStandard
from monitor.model.subscriber import Event, Wanted, wanted_of
from monitor.model.webhook import Webhook
from monitor.stages.digest import describe
from monitor.store.webhooks import list_webhooks
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.queue import provider_names
from monitor.web.pages import desk_page, see_other

router = APIRouter()

_DONE = {
    "ping": "A test message is on its way. Reload in some seconds: it shows below.",
    "enable": "It is told again, from now on.",
    "disable": "It is told nothing any more.",
    "redeliver": "The message is on its way once more, under its own id.",
    "change": "The webhook was changed.",
    "remove": "The webhook was removed, and its secret with it.",
}


@router.get("/desk/webhooks")
def show_webhooks(request: Request, visit: Visitor, done: str = "") -> Response:
    """All of them, and a form for another."""
    return _list(request, visit, done=_DONE.get(done, ""))


@router.post("/desk/webhooks")
def add(request: Request, visit: Visitor) -> Response:
    """Register one; its secret is on this answer and nowhere else."""
    try:
        made = webhooks.add_webhook(
            visit.context.database,
            visit.context.clock,
            name=visit.text("name"),
            url=visit.text("url"),
            wanted=_wanted(visit),
            events=_events(visit),
            by=visit.who,
            allow=visit.context.settings.allow_addresses,
            address=visit.address,
        )
    except IllegalDecision as error:
        return _list(request, visit, problem=str(error), status=422)
    return _one(request, visit, made.id, secret=made.secret)


@router.get("/desk/webhooks/{number}")
def show_webhook(request: Request, visit: Visitor, number: int, done: str = "") -> Response:
    """One, with its newest deliveries."""
    return _one(request, visit, number, done=_DONE.get(done, ""))


@router.post("/desk/webhooks/{number}/{action}")
def change(request: Request, visit: Visitor, number: int, action: str) -> Response:
    """Try it, change it, end it."""
    context, who = visit.context, {"by": visit.who, "address": visit.address}
    database, clock = context.database, context.clock
    try:
        match action:
            case "ping":
                webhooks.ping(database, clock, number)
            case "enable":
                webhooks.enable(database, clock, number, **who)
            case "disable":
                webhooks.disable(database, clock, number, **who)
            case "redeliver":
                webhooks.redeliver(database, clock, number, visit.text("message"), **who)
            case "rotate":
                return _one(
                    request, visit, number, secret=webhooks.rotate_secret(database, clock, number, **who).secret
                )
            case "change":
                webhooks.change_webhook(
                    database,
                    clock,
                    number,
                    name=visit.text("name"),
                    url=visit.text("url"),
                    wanted=_wanted(visit),
                    events=_events(visit),
                    by=visit.who,
                    allow=context.settings.allow_addresses,
                    address=visit.address,
                )
            case "remove":
                webhooks.remove(database, clock, number, **who)
                return see_other("/desk/webhooks?done=remove")
            case _:
                raise HTTPException(404)
    except IllegalDecision as error:
        return _one(request, visit, number, problem=str(error), status=422)
    except MonitorError as error:
        return _list(request, visit, problem=str(error), status=404)
    return see_other(f"/desk/webhooks/{number}?done={action}")


def _wanted(visit: Visit) -> Wanted:
    values = {facet: list(visit.texts(facet)) for facet in ("provider", "severity", "code", "standard")}
    try:
        wanted = wanted_of(values)
    except ValueError:
        raise IllegalDecision("The form was not whole. Nothing was saved.") from None
    known, codes = {p.id for p in visit.context.providers}, {c.id for c in visit.context.codebook.codes}
    if not known.issuperset(wanted.providers) or not codes.issuperset(wanted.codes):
        raise IllegalDecision("The form names a provider or a code that there is not. Nothing was saved.")
    return wanted


def _events(visit: Visit) -> tuple[Event, ...]:
    chosen = set(visit.texts("event"))
    return tuple(event for event in Event if event.value in chosen)


def _list(request: Request, visit: Visit, *, done: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    with visit.context.database.read() as tx:
        found = list_webhooks(tx)
    return desk_page(
        request,
        visit,
        "desk/webhooks.html",
        status=status,
        hooks=[(hook, describe(hook.wanted, visit.context.house.site)) for hook in found],
        done=done,
        problem=problem,
        typed={"name": visit.text("name"), "url": visit.text("url")},
        **_choices(visit, None),
    )


def _one(
    request: Request,
    visit: Visit,
    number: int,
    *,
    done: str = "",
    problem: str = "",
    secret: str = "",
    status: int = 200,
) -> HTMLResponse:
    hook, lines = webhooks.list_log(visit.context.database, number)
    return desk_page(
        request,
        visit,
        "desk/webhook.html",
        status=status,
        hook=hook,
        about=describe(hook.wanted, visit.context.house.site),
        lines=lines,
        done=done,
        problem=problem,
        secret=secret,
        **_choices(visit, hook),
    )


def _choices(visit: Visit, hook: Webhook | None) -> dict[str, object]:
    names = provider_names(visit)
    return {
        "severities": tuple(Severity),
        "standards": tuple(SourcingStandard),
        "events": tuple(Event),
        "codes": visit.context.codebook.codes,
        "providers": sorted(names.items(), key=lambda named: named[1].casefold()),
        "wanted": Wanted() if hook is None else hook.wanted,
        "chosen_events": () if hook is None else hook.events,
    }
