"""The queue: one line per candidate that waits for an editor."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.model import Candidate, CandidateId, Decision
from monitor.store.candidates import count_queue, find_decision_by_key, get_candidate, list_queue
from monitor.store.coverage import Figures, get_figures, list_told_times
from monitor.store.database import Transaction
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.view import COVERAGE_HOURS, coverage_path
from monitor.web.pages import desk_page, see_other

PAGE = 100  # lines; the rest is a page further, so that 10,000 are as quick as 10

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What part of the queue is on screen, and in which order."""

    order: Literal["urgent", "newest"] = "urgent"
    text: str = ""
    is_mine: bool = False  # only what the editor has claimed
    offset: int = 0

    def query(self, **changes: object) -> str:
        """As the query of an address, "" where nothing differs from the plain queue."""
        mine = {"mine": "1" if self.is_mine else ""}
        values = {"order": self.order, "text": self.text, **mine, "offset": self.offset, **changes}
        plain = {"order": "urgent"}
        kept = {k: v for k, v in values.items() if v and v != plain.get(k)}
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One candidate in the queue."""

    candidate: Candidate
    coverage: str  # SVG path
    recent_count: int  # articles in the last 30 hours


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """What the queue shows."""

    filter: Filter
    lines: tuple[Line, ...]
    total: int
    figures: Figures
    done: Decision | None = None  # what the editor has just decided, with its undo
    undo_version: int = 0  # of the decided candidate: what an undo says it saw
    key: str = ""  # idempotency of that undo

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this."""
        return self.filter.offset + len(self.lines) < self.total


@router.get("/desk")
def show_desk(visit: Visitor) -> Response:  # noqa: ARG001 - the guard has run
    """The desk opens on the queue."""
    return see_other("/desk/queue")


@router.get("/desk/queue")
def show_queue(
    request: Request,
    visit: Visitor,
    order: Literal["urgent", "newest"] = "urgent",
    text: str = Query("", max_length=200),
    mine: str = Query("", max_length=4),
    offset: int = Query(0, ge=0, le=1_000_000),
    done: str = Query("", max_length=64),
) -> Response:
    """The queue alone."""
    wanted = Filter(order=order, text=text.strip(), is_mine=bool(mine), offset=offset)
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        queue = read_queue(tx, visit, wanted, now=now, done=done)
    template = "desk/_queue.html" if is_part(request, "queue") else "desk/queue.html"
    return desk_page(request, visit, template, queue=queue, detail=None, providers=provider_names(visit))


def read_queue(tx: Transaction, visit: Visit, wanted: Filter, *, now: datetime, done: str = "") -> QueuePage:
    """The lines and figures for one editor."""
    text, owner = wanted.text or None, visit.who if wanted.is_mine else None
    candidates = list_queue(
        tx, now=now, order=wanted.order, limit=PAGE, offset=wanted.offset, text=text, claimed_by=owner
    )
    total = count_queue(tx, now=now, text=text, claimed_by=owner)
    ids = [c.id for c in candidates]
    times = list_told_times(tx, ids, since=now - timedelta(hours=COVERAGE_HOURS))
    decision = find_decision_by_key(tx, done) if done else None
    if decision is not None and decision.editor != visit.who:
        decision = None
    return QueuePage(
        filter=wanted,
        lines=tuple(_line(c, times.get(c.id, ()), now) for c in candidates),
        total=total,
        figures=get_figures(tx, now=now, who=visit.who),
        done=decision,
        undo_version=0 if decision is None else get_candidate(tx, decision.candidate).version,
        key=secrets.token_hex(12),
    )


def _line(candidate: Candidate, times: tuple[datetime, ...], now: datetime) -> Line:
    return Line(candidate=candidate, coverage=coverage_path(times, now=now), recent_count=len(times))


def provider_names(visit: Visit) -> dict[str, str]:
    """Provider ids with the names people know."""
    return {p.id: p.name for p in visit.context.providers}


def is_part(request: Request, target: str) -> bool:
    """Whether htmx asks for one part of the page only."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-target", "").endswith(target)


def candidate_path(candidate: CandidateId, wanted: Filter, **changes: object) -> str:
    """The address of a candidate beside this part of the queue."""
    return f"/desk/candidates/{candidate}{wanted.query(**changes)}"
