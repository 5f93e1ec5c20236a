"""What went wrong, as RFC 9457 has it: a status, words for a person, a name for a program.

422 is a request that the OpenAPI document does not allow; 409 is one that the newsroom's rules refuse, and it changed
nothing.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

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
from monitor.log import get_log
from monitor.store.ailing import DatabaseError, ailment_of
from monitor.web.access import API

log = get_log()

MEDIA_TYPE = "application/problem+json"
KINDS: dict[type[MonitorError], tuple[int, str]] = {
    Unknown: (404, "unknown"),
    Denied: (403, "denied"),
    IllegalDecision: (409, "illegal"),
    StaleDecision: (409, "stale"),
    Unpublishable: (409, "unpublishable"),
    FaultyFile: (409, "faulty"),
    Unconfigured: (409, "unconfigured"),
    Busy: (503, "busy"),
}


class Outdated(StaleDecision):
    """A refusal that brings along what stands now (D10)."""

    def __init__(self, error: StaleDecision, current: object) -> None:
        self.current = current
        super().__init__(str(error))


class Problem(BaseModel):
    """Why there is no other answer (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`about:blank`, or `urn:monitor:problem:` and a word.")
    title: str
    status: int
    detail: str = Field(description="What happened, what was kept, what to do next.")


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, words in {
        400: "The request cannot be read.",
        401: "No token, or one that is revoked or has run out.",
        403: "The token's scopes, or the role of its editor, do not allow this.",
        404: "There is no such thing.",
        409: "The rules refuse it, or it changed meanwhile; nothing was changed.",
        413: "More than 2 MB.",
        415: "The body is no JSON.",
        422: "The request is not as this document says.",
        503: "Something else holds what is needed; try again.",
    }.items()
}


def problem(
    status: int, detail: str, *, kind: str = "", headers: dict[str, str] | None = None, **more: object
) -> JSONResponse:
    """The answer."""
    said = {
        "type": f"urn:monitor:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **{key: jsonable_encoder(value) for key, value in more.items() if value is not None},
    }
    return JSONResponse(said, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def register(api: FastAPI) -> None:
    """Let every failure be answered so."""
    api.add_exception_handler(MonitorError, _refused)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(DatabaseError, _ailing)
    api.add_exception_handler(Exception, broken)


def _refused(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - the handler's shape
    status, kind = next((said for of, said in KINDS.items() if isinstance(error, of)), (409, "refused"))
    if isinstance(error, Unpublishable):
        return problem(status, "Nothing was published: something is missing.", kind=kind, missing=error.missing)
    if isinstance(error, FaultyFile):
        return problem(status, str(error), kind=kind, complaints=error.complaints)
    return problem(status, str(error), kind=kind, current=error.current if isinstance(error, Outdated) else None)


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return broken(request, error)
    words = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    detail, headers = words.get(error.status_code, str(error.detail)), dict(error.headers or {})
    if error.status_code == 405:  # all of the address, not only of the route that was found first
        headers["allow"] = ", ".join(sorted(_allowed(request.url.path)))
    return problem(error.status_code, detail, headers=headers)


def _allowed(path: str) -> set[str]:
    steps = path.split("/")
    return {method for method, route in API if _leads(route.split("/"), steps)}


def _leads(route: list[str], steps: list[str]) -> bool:
    return len(route) == len(steps) and all(r.startswith("{") or r == s for r, s in zip(route, steps, strict=True))


def _invalid(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - the handler's shape
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    errors = [{"where": [_step(s) for s in e["loc"]], "why": str(e["msg"])} for e in list(found)[:20]]
    return problem(422, "The request is not as the OpenAPI document says; nothing was changed.", errors=errors)


def _step(step: object) -> str:
    return str(step).encode("utf-8", "replace").decode("utf-8")[:80]


def _ailing(request: Request, error: Exception) -> JSONResponse:
    """The database takes nothing; a bug where it says something else."""
    ailment = ailment_of(error)
    if ailment is None:
        raise error
    log.error("request failed", path=request.url.path, ailment=ailment)
    return problem(503, f"{ailment} What you sent was not saved; try again in a minute.", kind="busy")


def broken(request: Request, error: Exception) -> JSONResponse:
    """A bug: the log gets the trace, the caller an id to name (D12)."""
    reference = secrets.token_hex(4)
    log.error("request failed", reference=reference, path=request.url.path, exc_info=error)
    words = "Something in Monitor failed. What was saved before is kept; try again, or name the reference."
    return problem(500, words, kind="bug", reference=reference)
