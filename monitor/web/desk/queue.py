"""The queue: one line per candidate, the part of it that an editor has chosen, and what stands in which state."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from monitor.errors import IllegalDecision
from monitor.jobs import triage
from monitor.jobs.look import Saying, find_saying
from monitor.model import Candidate, CandidateId, Decision, Filter, Origin, QueueState, SavedFilter, Tier, filter_of
from monitor.model.filter import DEEPEST, STATE_NAMES
from monitor.store.candidates import LARGEST_ID, find_decision_by_key, get_candidate
from monitor.store.coverage import Figures, get_figures, list_told_times
from monitor.store.database import Transaction
from monitor.store.filters import list_filters
from monitor.store.happenings import find_last_change
from monitor.store.latest import find_latest_of
from monitor.store.queue import (
    COUNT_LIMIT,
    STATE_LIMIT,
    StateCounts,
    count_filtered,
    count_states,
    find_state,
    list_ids,
    load_listed,
)
from monitor.web.access import Access, access_of
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.lines import Line, draw_lines
from monitor.web.desk.live import count_from_epoch
from monitor.web.desk.view import COVERAGE_HOURS, coverage_path
from monitor.web.pages import desk_page, see_other
from monitor.web.security import local_path

PAGE = 36  # lines; the rest is a page further, so that 10,000 are as quick as 10
NARROW_LIMIT = STATE_LIMIT  # how far a narrowed queue is counted
BESIDE = 10  # of them beside a candidate
REASONS = (  # letter, what the button says, what is kept
    ("n", "No incident: AI news only", "AI news, no incident"),
    ("i", "No AI involved", "No AI system played a part"),
    ("d", "Duplicate", "Duplicate of a candidate or wire we have"),
    ("o", "Old event", "Tells of an event long past, nothing new"),
    ("v", "Cannot be verified", "Cannot be verified"),
    ("s", "Opinion or satire", "Opinion, satire or fiction"),
)
SNOOZES = (("1", "1 hour"), ("4", "4 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week"))
AGES = (
    ("", "any"),
    ("1h", "last hour"),
    ("6h", "last 6 hours"),
    ("24h", "last day"),
    ("72h", "last 3 days"),
    ("over-24h", "older than a day"),
    ("over-72h", "older than 3 days"),
    ("over-168h", "older than a week"),
)
LEAST_SOURCES = (2, 3, 5)

router = APIRouter()


def read_filter(request: Request) -> Filter:
    """The part of the queue that the address names; what it cannot mean is left out."""
    return filter_of(request.query_params.multi_items())


Wanted = Annotated[Filter, Depends(read_filter)]


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """What the queue shows."""

    filter: Filter
    lines: tuple[Line, ...]
    total: int  # COUNT_LIMIT, or NARROW_LIMIT, where there are so many or more
    first: int  # how many stand before them
    beside: CandidateId | None  # the candidate about which they stand
    seen: int  # up to when all that changed is in them, in microseconds
    has_more: bool  # whether there is a page after this
    states: StateCounts
    figures: Figures
    saved: tuple[SavedFilter, ...]
    chosen: SavedFilter | None  # the saved filter that this is
    can_decide: bool  # readers look on
    done: Decision | None = None  # what the editor has just decided, with its undo
    undo_version: int = 0  # of the decided candidate: what an undo says it saw
    latest: Decision | None = None  # what an undo would take back
    key: str = ""  # idempotency: each decision adds what it is
    saying: Saying | None = None  # what says the words that are asked for

    @property
    def provider_options(self) -> tuple[str, ...]:
        """Those that are chosen or named in the lines; the whole register comes when somebody opens the list."""
        named = sorted({p for line in self.lines for p in line.candidate.providers})
        return tuple(dict.fromkeys([*self.filter.providers, *named]))

    def drawn(self, names: Mapping[str, str], current: CandidateId | None, now: datetime) -> Markup:
        """The lines as HTML."""
        return draw_lines(self.lines, names, query=self.filter.query(), current=current, now=now)

    @property
    def total_words(self) -> str:
        """The total, or that it is more than was counted."""
        if not _is_counted(self.filter):
            return f"more than {self.total - 1:,}" if self.has_more else f"{self.total:,}"
        return count_words(self.total, COUNT_LIMIT if self.filter.is_plain else NARROW_LIMIT)


def count_words(count: int, most: int = COUNT_LIMIT) -> str:
    """A count with its thousands; from `most`, beyond which is not counted, "10,000+"."""
    return f"{count:,}{'+' if count >= most else ''}"


@router.get("/desk")
def show_desk(visit: Visitor) -> Response:  # noqa: ARG001 - the guard has run
    """The desk opens on the queue."""
    return see_other("/desk/queue")


@router.get("/desk/queue")
def show_queue(
    request: Request,
    visit: Visitor,
    wanted: Wanted,
    done: str = Query("", max_length=64),
    beside: int = Query(0, ge=0, le=LARGEST_ID),
) -> Response:
    """The queue alone; `beside` a candidate, the lines that stand there, as they are now."""
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        queue = read_queue(tx, visit, wanted, now=now, done=done, beside=CandidateId(beside) if beside else None)
    template = "desk/_queue.html" if is_part(request, "queue") else "desk/queue.html"
    return desk_page(request, visit, template, queue=queue, detail=None, **queue_words(visit))


@router.get("/desk/providers")
def list_options(request: Request, visit: Visitor, wanted: Wanted) -> Response:
    """All providers, to choose from."""
    return desk_page(request, visit, "desk/_providers.html", chosen=wanted.providers, providers=provider_names(visit))


def queue_words(visit: Visit) -> dict[str, Any]:
    """What the queue's template says beside its page: names, and what can be chosen."""
    return {
        "providers": provider_names(visit),
        "state_names": STATE_NAMES,
        "origins_known": tuple(Origin),
        "tiers_known": tuple(Tier),
        "ages": AGES,
        "least_sources": LEAST_SOURCES,
        "reasons": REASONS,
        "snoozes": SNOOZES,
        "count_words": count_words,
        "page_length": PAGE,
        "state_limit": STATE_LIMIT,
    }


def read_queue(
    tx: Transaction, visit: Visit, wanted: Filter, *, now: datetime, done: str = "", beside: CandidateId | None = None
) -> QueuePage:
    """The lines and figures for one editor; `beside` a candidate only the lines about its own."""
    who = visit.who
    last = find_last_change(tx)
    saying = find_saying(tx, wanted.text, providers=visit.context.index) if wanted.text else None
    among = None if saying is None else saying.candidates
    found = list_ids(tx, wanted, who=who, now=now, limit=PAGE + 1, among=among)
    start, end = _window(found, beside)
    candidates = load_listed(tx, found[start:end])
    times = list_told_times(tx, [c.id for c in candidates], since=now - timedelta(hours=COVERAGE_HOURS))
    decision = find_decision_by_key(tx, done) if done else None
    if decision is not None and decision.editor != who:
        decision = None
    total = _count(tx, wanted, found, who, now)
    can_decide = access_of(visit.editor.role) >= Access.EDITOR
    saved = list_filters(tx, who=who)
    return QueuePage(
        filter=wanted,
        lines=tuple(_line(c, times.get(c.id, ()), wanted, now) for c in candidates),
        total=total,
        first=wanted.offset + start,
        beside=beside,
        seen=0 if last is None else count_from_epoch(last),
        has_more=len(found) > end and wanted.offset + end <= DEEPEST,
        states=count_states(tx, now=now),
        figures=get_figures(tx, now=now, who=who, waiting=total if wanted.is_plain else None),
        saved=saved,
        chosen=next((s for s in saved if s.filter == replace(wanted, offset=0)), None),
        can_decide=can_decide,
        done=decision,
        undo_version=0 if decision is None else get_candidate(tx, decision.candidate).version,
        latest=find_latest_of(tx, who, now=now) if can_decide else None,
        key=secrets.token_hex(12),
        saying=saying,
    )


def _window(ids: Sequence[CandidateId], beside: CandidateId | None) -> tuple[int, int]:
    """Which of the lines are on the page."""
    if beside is None:
        return 0, PAGE
    place = ids.index(beside) if beside in ids else 0
    start = max(0, min(place - BESIDE // 2, len(ids) - BESIDE))
    return start, start + BESIDE


def _count(tx: Transaction, wanted: Filter, shown: Sequence[CandidateId], who: str, now: datetime) -> int:
    """All that match; where the page is not full, it says so itself."""
    if not _is_counted(wanted) or (len(shown) <= PAGE and (shown or not wanted.offset)):
        return wanted.offset + len(shown)
    return count_filtered(tx, wanted, who=who, now=now, most=COUNT_LIMIT if wanted.is_plain else NARROW_LIMIT)


def _is_counted(wanted: Filter) -> bool:
    """Whether counting costs no more than walking an index; what only some candidates have is not counted."""
    return not wanted.providers and not wanted.text


def _line(candidate: Candidate, times: tuple[datetime, ...], wanted: Filter, now: datetime) -> Line:
    return Line(
        candidate=candidate,
        coverage=coverage_path(times, now=now),
        recent_count=len(times),
        state=find_state(candidate, now=now, is_growing=wanted.states == (QueueState.GROWING,)),
    )


@router.post("/desk/undo")
def undo_latest(visit: Visitor) -> Response:
    """Take back the latest decision of this editor that stands, wherever the editor is now."""
    now = visit.context.clock.now()
    back = local_path(visit.text("back"), default="/desk/queue")
    key = visit.text("key")[:64] or None
    with visit.context.database.read() as tx:
        again = None if key is None else find_decision_by_key(tx, key)
        latest = again or find_latest_of(tx, visit.who, now=now)
    if latest is None:
        raise IllegalDecision("You have decided nothing within a day that still stands. Nothing was taken back.")
    if again is None:
        triage.undo(
            visit.context.database,
            visit.context.clock,
            latest.candidate,
            undoes=latest.id,
            providers=visit.context.index,
            editor=visit.who,
            key=key,
            address=visit.address,
        )
    is_queue = back.split("?")[0].startswith(("/desk/queue", "/desk/candidates/"))
    path = back if is_queue else "/desk/queue"
    return see_other(f"{path}{'&' if '?' in path else '?'}done={key}" if key else path)


def provider_names(visit: Visit) -> dict[str, str]:
    """Provider ids with the names people know."""
    return {p.id: p.name for p in visit.context.providers}


def is_part(request: Request, target: str) -> bool:
    """Whether htmx asks for one part of the page only."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-target", "").endswith(target)


def candidate_path(candidate: CandidateId, wanted: Filter, **changes: object) -> str:
    """The address of a candidate beside this part of the queue."""
    return f"/desk/candidates/{candidate}{wanted.query(**changes)}"
