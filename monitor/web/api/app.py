"""The API as an application of its own, mounted at /api/v1, with the document that describes it."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI

from monitor.web.api import candidates, evidence, filters, newsroom, people, problems, rulings, search, sources, wires
from monitor.web.api.keys import Door, door
from monitor.web.context import Context

ABOUT = """\
Everything the desk can do. Send a token from your account page: `Authorization: Bearer monitor_…`.

Lists come in pages: `next` is the `cursor` of the page after. Those with `changed_since` are in the order of change, so
that a program follows them by asking again with `changed_until`; it may meet a thing twice, and misses none.

A POST, PUT, PATCH or DELETE with an `Idempotency-Key` that is sent again within a day does nothing again, and gets the
first answer (`Idempotent-Replayed: true`).

What fails is told as RFC 9457 has it. 409: the newsroom's rules refuse it, or it changed since the `version` you saw;
nothing was changed.
"""


def create_api(context: Context) -> FastAPI:
    """The API of one newsroom."""
    api = FastAPI(
        title=f"{context.settings.newsroom} newsroom",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=problems.RESPONSES,
        dependencies=[Depends(door)],
        debug=False,
    )
    api.state.context = context
    for part in (candidates, filters, rulings, wires, evidence, search, sources, newsroom, people):
        api.include_router(part.router)
    problems.register(api)
    api.add_middleware(Door, context=context)
    describe = api.openapi

    def with_problem() -> dict[str, Any]:
        document = describe()
        document["components"]["schemas"].setdefault("Problem", problems.Problem.model_json_schema())
        return document

    api.openapi = with_problem  # type: ignore[method-assign]
    return api
