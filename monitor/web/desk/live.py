"""What others do, as it happens: server-sent events for whoever is signed in, and the word that somebody is at work.

Each connection reads the database by a cursor of its own (`store.happenings`), so that any number of web processes tell
the same. A browser that comes back names the last event it saw (Last-Event-ID) and is told what it missed; where that
is too much it is told to look anew. A connection ends with its session.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, BackgroundTasks, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from monitor.jobs import people
from monitor.jobs.claims import PRESENT_FOR, be_here, go_away
from monitor.model import CandidateId, Happening, Presence
from monitor.store.happenings import find_last_change, list_happenings, list_presences
from monitor.web.auth import Visitor, session_cookie
from monitor.web.context import Context

TICKS_PER_BEAT = 15  # a word now and then, so that both ends know the line is up
TICKS_PER_LOOK = 5  # at the session: whether it still holds
BEHIND = timedelta(seconds=10)  # how far behind its cursor a reader looks, see `store.happenings`
OLDEST = timedelta(hours=1)  # what a browser that comes back later has missed is not listed any more
LOOK = 500  # candidates read at once
KNOWN = 2_000  # candidates of which a connection remembers what it told

router = APIRouter()
_EPOCH = datetime(1971, 1, 1, tzinfo=UTC)
_SUBJECT = re.compile(r"(candidate|wire) ([1-9][0-9]{0,8})")
_TAB = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(slots=True, kw_only=True)
class Lines:
    """The open connections of this process, and how many and how quick they may be."""

    per_session: int = 6  # as many as a browser opens to one host
    most: int = 400
    tick_seconds: float = 1.0  # between two looks
    many: int = 100  # news at once: more are not told one by one
    is_closing: bool = False  # the process is to stop: whoever follows comes back to the next one
    by_session: Counter[str] = field(default_factory=Counter)

    def is_full(self, session: str) -> bool:
        """Whether one more would be too many."""
        return self.by_session[session] >= self.per_session or self.by_session.total() >= self.most

    def open(self, session: str) -> None:
        """One more."""
        self.by_session[session] += 1

    def close(self, session: str) -> None:
        """One less."""
        self.by_session[session] -= 1
        if self.by_session[session] <= 0:
            del self.by_session[session]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glance:
    """What was read in one look."""

    happenings: tuple[Happening, ...]
    presences: tuple[Presence, ...]
    is_signed_in: bool
    now: datetime  # the newsroom's


@router.get("/desk/live")
async def follow(
    request: Request, visit: Visitor, later: BackgroundTasks, since: str = Query("", max_length=20)
) -> Response:
    """What happens from now on, or since the browser's last event, until the session ends."""
    later.tasks.clear()  # a tab left open is no use of the session: it must be able to end by rest (D2)
    lines: Lines = request.app.state.lines
    session = visit.session
    if session is None or lines.is_full(session.id):
        raise HTTPException(429, "Too many pages of yours follow the desk already. Close some, or reload by hand.")
    cursor = await run_in_threadpool(_find_cursor, visit.context, request.headers.get("last-event-id", since))
    token = request.cookies.get(session_cookie(visit.context), "")
    told = _tell(lines, _Line(context=visit.context, who=visit.who, token=token), cursor)
    headers = {"x-accel-buffering": "no", "cache-control": "no-store"}
    return StreamingResponse(_counted(lines, session.id, told), media_type="text/event-stream", headers=headers)


async def _counted(lines: Lines, session: str, told: AsyncIterator[str]) -> AsyncIterator[str]:
    lines.open(session)
    try:
        async for event in told:
            yield event
    finally:
        lines.close(session)


@dataclass(slots=True, kw_only=True)
class _Line:
    """One connection: whose it is, and what it has told already."""

    context: Context
    who: str
    token: str
    known: OrderedDict[CandidateId, tuple[object, ...]] = field(default_factory=OrderedDict)
    here: dict[str, list[str]] | None = None

    def look(self, cursor: datetime, *, is_session_due: bool) -> _Glance:
        """Read what may have happened since shortly before `cursor`."""
        context = self.context
        now, machine = context.clock.now(), context.machine.now()
        is_signed_in = not is_session_due or people.find_session(context.database, context.machine, self.token)
        with context.database.read() as tx:
            return _Glance(
                happenings=list_happenings(tx, since=cursor - BEHIND, limit=LOOK),
                presences=list_presences(tx, since=machine - PRESENT_FOR),
                is_signed_in=bool(is_signed_in),
                now=now,
            )

    def is_news(self, happening: Happening, now: datetime) -> bool:
        """Whether it says anything that this connection has not told; notes that it has."""
        candidate = happening.candidate
        says = (candidate.version, candidate.status, candidate.holder_at(now))
        if self.known.get(candidate.id) == says:
            return False
        self.known[candidate.id] = says
        self.known.move_to_end(candidate.id)
        while len(self.known) > KNOWN:
            self.known.popitem(last=False)
        return True

    def others(self, presences: Sequence[Presence]) -> dict[str, list[str]]:
        """Who else is where."""
        found: dict[str, list[str]] = {}
        for presence in presences:
            if presence.editor != self.who:
                found.setdefault(presence.subject, []).append(presence.editor)
        return found


async def _tell(lines: Lines, line: _Line, cursor: datetime) -> AsyncIterator[str]:
    yield "retry: 3000\n\n" + _event("hello", {}, cursor)
    tick = 0
    while not lines.is_closing:
        glance = await run_in_threadpool(line.look, cursor, is_session_due=tick % TICKS_PER_LOOK == 0)
        if not glance.is_signed_in:
            yield _event("ended", {})
            return
        news = [h for h in glance.happenings if line.is_news(h, glance.now)]
        cursor = max([cursor, *(h.changed_at for h in glance.happenings)])
        if len(glance.happenings) == LOOK:  # who looks anew has missed nothing: go on behind all of these
            cursor = await run_in_threadpool(_find_cursor, line.context, "") + BEHIND
        if len(news) > lines.many or len(glance.happenings) == LOOK:
            yield _event("many", {}, cursor)
        else:
            for happening in news:
                yield _event("candidate", told_of(happening, line.who, glance.now), cursor)
        if (here := line.others(glance.presences)) != line.here:
            line.here = here
            yield _event("here", here)
        if tick % TICKS_PER_BEAT == 0:
            yield _event("beat", {}, cursor)
        tick += 1
        await asyncio.sleep(lines.tick_seconds)


def told_of(happening: Happening, who: str, now: datetime) -> dict[str, Any]:
    """A happening as the page reads it: plain values, every word to be shown as text."""
    candidate, holder = happening.candidate, happening.candidate.holder_at(now)
    until = candidate.claimed_until if holder is not None else None
    return {
        "id": candidate.id,
        "at": count_from_epoch(happening.changed_at),
        "version": candidate.version,
        "status": candidate.status.value,
        "sources": candidate.source_count,
        "articles": candidate.article_count,
        "holder": holder,
        "until": None if until is None else until.astimezone(UTC).strftime("%H:%M UTC"),
        "did": None if happening.kind is None else happening.kind.value,
        "by": happening.editor,
        "own": happening.editor == who,  # what this editor did elsewhere
        "mine": holder == who,
        "reason": happening.reason,
        "into": candidate.merged_into,
        "wire": candidate.wire,
    }


def count_from_epoch(at: datetime) -> int:
    """An instant as a number of microseconds, which a page can compare."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _event(name: str, data: dict[str, Any], cursor: datetime | None = None) -> str:
    number = "" if cursor is None else f"id: {count_from_epoch(cursor)}\n"
    return f"{number}event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def _find_cursor(context: Context, last: str) -> datetime:
    """Where a browser stopped, within an hour of the newest change; at that one, where it names nothing of ours."""
    with context.database.read() as tx:
        newest = find_last_change(tx) or _EPOCH
    if not (last.isascii() and last.isdigit() and len(last) < 18):
        return newest
    return min(max(_EPOCH + timedelta(microseconds=int(last)), newest - OLDEST), newest)


@router.post("/desk/live/here")
def say_here(visit: Visitor) -> Response:
    """An editor is at work on a candidate or a wire, or has left it; a claim on it goes on meanwhile."""
    tab, subject = visit.text("tab"), _SUBJECT.fullmatch(visit.text("subject"))
    if not _TAB.fullmatch(tab) or visit.session is None:
        raise HTTPException(404)
    own_tab = f"{visit.session.id}-{tab}"
    context = visit.context
    if subject is None:
        go_away(context.database, own_tab)
        return Response(status_code=204)
    be_here(
        context.database,
        context.clock,
        context.machine,
        tab=own_tab,
        editor=visit.who,
        subject=subject[0],
        claimed=CandidateId(int(subject[2])) if subject[1] == "candidate" else None,
        lease_for=timedelta(minutes=context.settings.claim_minutes),
    )
    return Response(status_code=204)
