"""The callback of hubs (WebSub 5.3 and 7, P25): public, without session or form token.

Whoever calls proves himself by the address, which nobody can guess, and by the signature of what he delivers; nothing
here reads a cookie. What is answered is plain text, small, and the same to everyone who knows no address.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from monitor.jobs.push import Intake, receive
from monitor.jobs.subscribe import confirm, deny
from monitor.web.context import Context

PATH = "/push/"  # the only address that takes a POST from another site's machine
LATER_SECONDS = 60
_LONGEST = 2_048  # characters of a topic or challenge
_LONGEST_TYPE = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

router = APIRouter(include_in_schema=False)


@router.get(PATH + "{token}")
def verify(request: Request, token: str) -> Response:
    """Echo the challenge of an intent that is ours and open; 404 for every other question (WebSub 5.3)."""
    context: Context = request.app.state.context
    if not _TOKEN.fullmatch(token):
        return _unknown()
    mode, topic = request.query_params.get("hub.mode", ""), request.query_params.get("hub.topic", "")
    challenge = request.query_params.get("hub.challenge", "")
    if len(topic) > _LONGEST or len(challenge) > _LONGEST:
        return _unknown()
    if mode == "denied":
        reason = request.query_params.get("hub.reason", "")
        is_ours = deny(context.database, context.clock, token=token, topic=topic, reason=reason)
        return PlainTextResponse("noted\n") if is_ours else _unknown()
    lease_seconds = _number(request.query_params.get("hub.lease_seconds", ""))
    is_open = bool(challenge) and confirm(
        context.database, context.clock, token=token, mode=mode, topic=topic, lease_seconds=lease_seconds
    )
    return PlainTextResponse(challenge) if is_open else _unknown()


@router.post(PATH + "{token}")
async def deliver(request: Request, token: str) -> Response:
    """Take in a document, at once; what it says is read later (WebSub 7). A wrong signature is ignored, and thanked."""
    context: Context = request.app.state.context
    if not _TOKEN.fullmatch(token):
        return _unknown()
    try:
        body = await request.body()
    except ClientDisconnect:  # also where the size limit hung up
        return PlainTextResponse("too large\n", 413)
    taken = await run_in_threadpool(
        receive,
        context.database,
        context.clock,
        token=token,
        body=body,
        content_type=request.headers.get("content-type", "")[:_LONGEST_TYPE] or None,
        signature=request.headers.get("x-hub-signature"),
    )
    match taken:
        case Intake.TAKEN | Intake.IGNORED:
            return Response(status_code=202)
        case Intake.FULL:
            return PlainTextResponse("later, please\n", 503, headers={"retry-after": str(LATER_SECONDS)})
        case Intake.ENDED:
            return PlainTextResponse("ended\n", 410)
        case Intake.UNKNOWN:
            return _unknown()


def _unknown() -> Response:
    return PlainTextResponse("not here\n", 404)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None
