"""What a wire rests on: snapshots as they were fetched, and what its articles suggest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from monitor.jobs.suggestions import suggest_for
from monitor.model import Snapshot, Suggestion, WireId
from monitor.store.articles import get_snapshot, get_snapshot_body
from monitor.store.wires import get_wire
from monitor.web.api.keys import Call
from monitor.web.api.values import Id

router = APIRouter()

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, as an article names it.")]


@router.get("/snapshots/{digest}")
def read_snapshot(call: Call, digest: Digest) -> Snapshot:
    """Where and when a page was fetched."""
    with call.context.database.read() as tx:
        return get_snapshot(tx, digest)


@router.get(
    "/snapshots/{digest}/body",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_snapshot_body(call: Call, digest: Digest) -> Response:
    """Its bytes as served, whatever they are: to keep, or to check against their digest."""
    with call.context.database.read() as tx:
        get_snapshot(tx, digest)
        body = get_snapshot_body(tx, digest)
    named = {"content-disposition": f'attachment; filename="{digest[:16]}.bin"', "x-content-type-options": "nosniff"}
    return Response(body, media_type="application/octet-stream", headers=named)


@router.get("/wires/{wire}/suggestions")
def read_suggestions(call: Call, wire: Id) -> list[Suggestion]:
    """What its articles suggest for its fields, each with its reason; nothing is taken over by itself."""
    context = call.context
    with context.database.read() as tx:
        return list(suggest_for(tx, get_wire(tx, WireId(wire)), context.codebook, context.index))
