"""Full-text search, as the desk's page asks it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from monitor.jobs.look import FoundArticle, FoundCandidate, FoundWire, look
from monitor.model import ResultKind
from monitor.stages.query import HELP, LENGTH_LIMIT
from monitor.web.api.keys import Call
from monitor.web.api.values import PLAIN, Cursor, read_cursor, write_cursor

router = APIRouter()

_HELP = "; ".join(" ".join(str(part) for part in line) if isinstance(line, tuple) else str(line) for line in HELP)


class Results(BaseModel):
    """What was found of each kind, newest first."""

    wires: list[FoundWire]
    candidates: list[FoundCandidate]
    articles: list[FoundArticle]
    notes: list[str] = Field(description="What of the question could not be understood.")
    cut: list[ResultKind] = Field(description="Kinds that took too long, and were given up.")
    next: str | None = Field(description="`cursor` of the next page, where one kind was asked for; null at the end.")


@router.get("/search")
def search(
    call: Call,
    q: Annotated[str, Query(max_length=LENGTH_LIMIT, description=f"Operators: {_HELP}"), PLAIN],
    kind: ResultKind | None = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Results:
    """Wires, candidates and articles by their words."""
    until = (read_cursor(cursor, str, int) or ("", None))[1]
    with call.context.database.read() as tx:
        found = look(
            tx,
            q,
            providers=call.context.index,
            limit=limit,
            until=None if kind is None or until is None else min(max(until, 0), 2**62),
            kinds=tuple(ResultKind) if kind is None else (kind,),
        )
    more = None if kind is None else found.more.get(kind)
    return Results.model_construct(
        wires=list(found.wires),
        candidates=list(found.candidates),
        articles=list(found.articles),
        notes=list(found.query.notes),
        cut=list(found.cut),
        next=None if more is None else write_cursor("search", more),
    )
