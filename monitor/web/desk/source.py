"""One source: how it is doing and why, what it brought, how it is asked, and one button for each thing to do."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.errors import IllegalDecision, StaleDecision, Unconfigured
from monitor.jobs.hasten import ASK_GAP, ask_now
from monitor.jobs.passwords import store_password
from monitor.jobs.sources import (
    confirm_source,
    digest_held,
    digest_url,
    pause_sources,
    restore_source,
    resume_sources,
)
from monitor.jobs.standing import get_report
from monitor.log import clean_line
from monitor.model import (
    NO_HINTS,
    NO_VALIDATORS,
    Arrival,
    Hints,
    Kind,
    PastPoll,
    PollState,
    Role,
    SourceId,
    SourceReport,
    Subscription,
    SubscriptionStatus,
)
from monitor.stages.cadence import LEARN_AFTER, LEARN_COUNT, tell_span
from monitor.stages.health import patience, tell_rhythm
from monitor.store.arrivals import list_arrivals
from monitor.store.polls import list_polls
from monitor.store.push import find_subscription
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.picture import LargePicture, draw_large
from monitor.web.desk.queue import is_part
from monitor.web.pages import age, desk_page, full_time, plural, see_other

POLLS, ARRIVALS = 50, 12
_DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DONE = {
    "pause": "It is left alone until somebody resumes it.",
    "resume": "It is asked again, when it is due.",
    "confirm": "The change is confirmed: the next poll takes the document whole.",
    "restore": "The address of feeds.yaml is asked again, from now on.",
    "adopt": "feeds.yaml has the new address now.",
    "edit": "Saved, in feeds.yaml too.",
    "add": "Added, in feeds.yaml too. It is asked for the first time within seconds, if the newsroom is running.",
    "return": "It is back in feeds.yaml, with its history, and is asked again.",
    "password": "The password is kept. The mailbox is asked with it within seconds.",
}
_HUB = {
    SubscriptionStatus.PENDING: "asked to deliver, not confirmed yet",
    SubscriptionStatus.ACTIVE: "delivers what is new at once",
    SubscriptionStatus.RENEWING: "delivers what is new at once",
    SubscriptionStatus.DENIED: "will not deliver; polling goes on as usual",
    SubscriptionStatus.LEAVING: "is being left",
    SubscriptionStatus.ENDED: "is no longer used",
}

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """What the page of a source shows."""

    report: SourceReport
    picture: LargePicture
    rhythm: str
    patience: timedelta
    polls: tuple[PastPoll, ...]
    arrivals: tuple[Arrival, ...]
    facts: tuple[tuple[str, str], ...]  # how it is asked
    held_digest: str  # what a confirmation says it saw
    url_digest: str  # and what an answer to a move does
    is_asked_now: bool  # due, and not asked yet: the page looks again by itself


@router.get("/desk/sources/{source}")
def show_source(request: Request, visit: Visitor, source: str, done: str = Query("", max_length=20)) -> Response:
    """The page of one source."""
    return source_page(request, visit, SourceId(source), done=done)


def source_page(
    request: Request, visit: Visit, source: SourceId, *, done: str = "", problem: str = "", status: int = 200
) -> Response:
    """The page of one source, with what has just been done or why it was not."""
    page = _read(visit, source)
    return desk_page(
        request,
        visit,
        "desk/_standing.html" if is_part(request, "standing") else "desk/source.html",
        status=status,
        page=page,
        done=_asked(page, visit) if done == "ask" else _DONE.get(done, ""),
        undo={"pause": "resume", "resume": "pause"}.get(done, ""),
        problem=problem,
        is_admin=visit.editor.role is Role.ADMIN,
    )


def _read(visit: Visit, source: SourceId) -> SourcePage:
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        report = get_report(tx, source, now)
        polls = list_polls(tx, source, limit=POLLS)
        arrivals = list_arrivals(tx, source, limit=ARRIVALS)
        subscription = find_subscription(tx, source)
    state = report.state
    is_asked = report.condition.next_at is not None and state.paused_at is None
    return SourcePage(
        report=report,
        picture=draw_large(report.days, now.date()),
        rhythm=tell_rhythm(report.rhythm, state, now=now),
        patience=patience(report.rhythm),
        polls=polls,
        arrivals=arrivals,
        facts=tuple(_facts(report, subscription, now)),
        held_digest="" if state.held is None else digest_held(state.held),
        url_digest=digest_url(state.url),
        is_asked_now=is_asked and state.due_at <= now + timedelta(minutes=2),
    )


def _asked(page: SourcePage, visit: Visit) -> str:
    due_at, now = page.report.state.due_at, visit.context.clock.now()
    if page.report.state.last_polled_at is not None and now - page.report.state.last_polled_at < timedelta(seconds=5):
        return "It has just been asked."
    if due_at <= now:
        return "It is asked within seconds, if the newsroom is running."
    wait = due_at - now
    if wait <= ASK_GAP:
        return f"It was asked a moment ago; it is asked again in {max(1, round(wait.total_seconds()))} seconds."
    return f"It, or its host, wants silence: it is asked at {full_time(due_at)}."


# --- how it is asked ------------------------------------------------------------------------------------------------


def shown_url(report: SourceReport, url: str) -> str:
    """An address as it may be shown: a learnt one could hold credentials (H29)."""
    return url if report.source.kind is Kind.MAILBOX else clean_line(url)


def _facts(report: SourceReport, subscription: Subscription | None, now: datetime) -> list[tuple[str, str]]:
    source, state = report.source, report.state
    facts = [("Address in feeds.yaml", shown_url(report, source.url))]
    if state.url != source.url:
        facts.append(("Address asked", shown_url(report, state.url)))
    if source.kind is Kind.PAGE:
        facts.append(("Selector", source.selector or "the one that is proposed anew each time"))
    facts += [*_redirect(report, now), *_manners(state, now)]
    if state.hints != NO_HINTS:
        facts.append(("The feed asks", _hints(state.hints)))
    if subscription is not None:
        facts.append(("Hub", _hub(subscription, now)))
    facts.append(("Calls itself", state.feed_title or "nothing"))
    if state.entry_count:
        facts.append(
            (
                "Brought so far",
                f"{plural(state.entry_count, 'entry', 'entries')}; its last full document had {state.usual_count:,}",
            )
        )
    return facts


def _redirect(report: SourceReport, now: datetime) -> list[tuple[str, str]]:
    state = report.state
    if state.redirect_url is None or state.redirect_since is None:
        return []
    since = age(state.redirect_since, now)
    rule = f"learnt after {LEARN_AFTER.days} days and {LEARN_COUNT} polls that led to the same"
    return [
        (
            "Redirects to",
            f"{shown_url(report, state.redirect_url)}: seen {state.redirect_count} times in {since}, {rule}",
        )
    ]


def _manners(state: PollState, now: datetime) -> list[tuple[str, str]]:
    known = [
        f"{name} {value}"
        for name, value in (("ETag", state.validators.etag), ("Last-Modified", state.validators.last_modified))
        if value
    ]
    facts = [
        ("Its own pace", f"every {tell_span(state.interval)}"),
        ("Asked with", ", ".join(known) if state.validators != NO_VALIDATORS else "no validators: it gives none"),
    ]
    if state.full_at is not None:
        facts.append(("Last whole document", f"{age(state.full_at, now)} ago"))
    return facts


def _hints(hints: Hints) -> str:
    said = [
        f"{name} {tell_span(span)}"
        for name, span in (("ttl", hints.ttl), ("updates every", hints.update_every))
        if span
    ]
    if hints.skip_hours:
        said.append("not at " + ", ".join(f"{hour}:00" for hour in sorted(hints.skip_hours)) + " UTC")
    if hints.skip_days:
        said.append("not on " + ", ".join(_DAYS_OF_WEEK[day] for day in sorted(hints.skip_days)))
    return "; ".join(said)


def _hub(subscription: Subscription, now: datetime) -> str:
    said = f"{clean_line(subscription.hub)} {_HUB[subscription.status]}"
    if subscription.last_push_at is not None:
        said += f"; last delivery {age(subscription.last_push_at, now)} ago"
    if subscription.lease_until is not None and subscription.status is SubscriptionStatus.ACTIVE:
        said += f"; until {full_time(subscription.lease_until)}"
    return said + (f" ({subscription.note})" if subscription.note else "")


# --- what can be done -----------------------------------------------------------------------------------------------


@router.post("/desk/sources/{source}/ask")
def ask(request: Request, visit: Visitor, source: str) -> Response:
    """Have it asked as soon as manners allow."""
    return _do(request, visit, source, "ask")


@router.post("/desk/sources/{source}/pause")
def pause(request: Request, visit: Visitor, source: str) -> Response:
    """Leave it alone until somebody resumes it."""
    return _do(request, visit, source, "pause")


@router.post("/desk/sources/{source}/resume")
def resume(request: Request, visit: Visitor, source: str) -> Response:
    """Ask it again, when it is due."""
    return _do(request, visit, source, "resume")


@router.post("/desk/sources/{source}/confirm")
def confirm(request: Request, visit: Visitor, source: str) -> Response:
    """The document that is held back is the source (H19)."""
    return _do(request, visit, source, "confirm")


@router.post("/desk/sources/{source}/restore")
def restore(request: Request, visit: Visitor, source: str) -> Response:
    """Ask the address of feeds.yaml again, not the learnt one (P15)."""
    return _do(request, visit, source, "restore")


@router.post("/desk/sources/{source}/password")
def set_password(request: Request, visit: Visitor, source: str) -> Response:
    """Keep a mailbox's password; it is never shown."""
    return _do(request, visit, source, "password")


def _do(request: Request, visit: Visit, source: str, action: str) -> Response:
    """One action, then the page: with what was done, or with why it was not."""
    key = SourceId(source)
    try:
        _act(visit, key, action)
    except (IllegalDecision, StaleDecision, Unconfigured) as error:
        return source_page(request, visit, key, problem=str(error), status=409)
    return see_other(f"{source_path(key)}?done={action}")


def _act(visit: Visit, source: SourceId, action: str) -> None:
    context, by, address = visit.context, visit.who, visit.address
    database, clock = context.database, context.clock
    match action:
        case "ask":
            ask_now(database, clock, source=source, by=by, address=address)
        case "pause":
            pause_sources(database, clock, sources=[source], by=by, address=address)
        case "resume":
            resume_sources(database, clock, sources=[source], by=by, address=address)
        case "confirm":
            confirm_source(database, clock, source=source, by=by, saw=visit.text("saw"), address=address)
        case "restore":
            restore_source(database, clock, source=source, by=by, saw=visit.text("saw"), address=address)
        case _:
            password, folder = visit.text("password"), context.settings.secrets_dir
            store_password(database, clock, folder=folder, source=source, password=password, by=by)
            with suppress(IllegalDecision):  # paused: the password is kept for when it is resumed
                ask_now(database, clock, source=source, by=by, address=address)


def source_path(source: SourceId) -> str:
    """The address of a source's page; ids are letters, digits and `._-`."""
    return f"/desk/sources/{source}"
