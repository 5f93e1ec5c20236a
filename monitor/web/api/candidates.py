"""Candidates and what is decided on them: the queue, what changed, one with all its articles, decisions and bulks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import RedirectResponse
from pydantic import Field, StrictBool

from monitor.errors import StaleDecision
from monitor.jobs import triage
from monitor.jobs.look import narrow_by_words
from monitor.jobs.triage import How, Release, Writing
from monitor.model import (
    Article,
    ArticleId,
    ArticleVersion,
    Candidate,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Origin,
    QueueState,
    Tier,
    WireId,
    filter_of,
)
from monitor.stages.decide import LONGEST_REASON
from monitor.store.articles import get_article, list_versions
from monitor.store.candidates import find_live, get_candidate, list_decisions
from monitor.store.changes import list_changed_candidates, list_changed_decisions
from monitor.store.queue import list_filtered
from monitor.store.timeline import get_outline
from monitor.web.api.keys import Call, Caller
from monitor.web.api.problems import Outdated
from monitor.web.api.values import (
    PLAIN,
    WHOLE,
    Asked,
    Cursor,
    Id,
    Instant,
    Limit,
    Number,
    Page,
    Since,
    Version,
    page,
    read_cursor,
    read_place,
    write_cursor,
    write_place,
)
from monitor.web.api.wires import DraftIn, draft_of

router = APIRouter()

MOST = 200  # candidates or articles that one decision names
DEEPEST = 10_000  # lines of the queue that can be paged through

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON), PLAIN]
Seen = Annotated[Version | None, Field(default=None, description="The candidate's version as you saw it (else any).")]


# --- reading ------------------------------------------------------------------------------------------------------


@router.get("/queue")
def read_queue(
    call: Call,
    cursor: Cursor = None,
    limit: Limit = 50,
    order: Literal["urgent", "newest"] = "urgent",
    text: Annotated[str, Query(max_length=200), PLAIN] = "",
    mine: bool = False,
    state: Annotated[list[QueueState], Query(max_length=10)] = [],  # noqa: B006 - never changed
    provider: Annotated[list[Annotated[str, Field(max_length=80), PLAIN]], Query(max_length=20)] = [],  # noqa: B006 - never changed
    origin: Annotated[list[Origin], Query(max_length=10)] = [],  # noqa: B006 - never changed
    tier: Annotated[list[Tier], Query(max_length=10)] = [],  # noqa: B006 - never changed
    age: Annotated[str, Query(pattern=r"^((over-)?[1-9][0-9]{0,3}h)?$")] = "",
    sources: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> Page[Candidate]:
    """The queue as the desk shows it, by the same filters. Its order moves: to follow it all, ask /candidates."""
    offset = (read_cursor(cursor, int) or (0,))[0]
    wanted = filter_of(
        [
            ("order", order),
            ("text", text),
            ("mine", "1" if mine else ""),
            *(("state", s.value) for s in state),
            *(("provider", p) for p in provider),
            *(("origin", o.value) for o in origin),
            *(("tier", t.value) for t in tier),
            ("age", age),
            ("sources", str(sources)),
            ("offset", str(min(max(offset, 0), DEEPEST))),
        ]
    )
    now = call.context.clock.now()
    with call.context.database.read() as tx:
        among = narrow_by_words(tx, wanted, call.context.index)
        found = list_filtered(tx, wanted, who=call.who, now=now, limit=limit, among=among)
    reached = wanted.offset + len(found)
    return page(found, write_cursor(reached) if len(found) == limit and reached < DEEPEST else None)


@router.get("/candidates")
def list_candidates(
    call: Call,
    cursor: Cursor = None,
    limit: Limit = 50,
    changed_since: Since = None,
    status: CandidateStatus | None = None,
) -> Page[Candidate]:
    """Every candidate, in the order of its last change."""
    with call.context.database.read() as tx:
        found = list_changed_candidates(
            tx, since=changed_since, after=read_place(cursor), limit=limit, status=status and status.value
        )
    return page(found.things, write_place(found.next), now=call.context.machine.now())


@router.get(
    "/candidates/{candidate}",
    response_model=CandidateDetail,
    responses={307: {"description": "It was merged: the candidate that has its articles now.", "content": {}}},
)
def read_candidate(
    call: Call,
    candidate: Id,
    signpost: Annotated[
        bool, Query(description="Where it was merged: itself, not the one that has its articles.")
    ] = False,
) -> CandidateDetail | RedirectResponse:
    """One candidate with its articles (their texts apart: /articles), what counts and why, and its decisions.

    One that was merged leads on, through as many merges as there were.
    """
    with call.context.database.read() as tx:
        live = None if signpost else find_live(tx, CandidateId(candidate))
        if live is not None and live != candidate:
            return RedirectResponse(str(live), 307)  # an undo of the merge takes the signpost away
        return get_outline(tx, CandidateId(candidate))


@router.get("/candidates/{candidate}/decisions")
def read_decisions(call: Call, candidate: Id) -> list[Decision]:
    """What was decided on it, oldest first."""
    with call.context.database.read() as tx:
        get_candidate(tx, CandidateId(candidate))
        return list(list_decisions(tx, CandidateId(candidate)))


@router.get("/decisions")
def read_all_decisions(
    call: Call, cursor: Cursor = None, limit: Limit = 50, changed_since: Since = None
) -> Page[Decision]:
    """All decisions, earliest first; what undoes an earlier one is a decision of its own."""
    with call.context.database.read() as tx:
        found = list_changed_decisions(tx, since=changed_since, after=read_place(cursor), limit=limit)
    return page(found.things, write_place(found.next), now=call.context.clock.now())


@router.get("/articles/{article}")
def read_article(call: Call, article: Id) -> Article:
    """One article with its text as first seen."""
    with call.context.database.read() as tx:
        return get_article(tx, ArticleId(article))


@router.get("/articles/{article}/versions")
def read_versions(call: Call, article: Id) -> list[ArticleVersion]:
    """What its page said later, oldest first."""
    with call.context.database.read() as tx:
        get_article(tx, ArticleId(article))
        return list(list_versions(tx, ArticleId(article)))


# --- deciding -----------------------------------------------------------------------------------------------------


class Accept(Asked):
    """Make it a wire with a first draft; with `publish` hand that to readers at once."""

    kind: Literal["accept"]
    version: Seen
    reason: Reason | None = None
    draft: DraftIn | None = None
    publish: StrictBool = False


class Reject(Asked):
    """Say that it is no incident for us, and why."""

    kind: Literal["reject"]
    version: Seen
    reason: Reason


class Snooze(Asked):
    """Let it sleep until a time, or until an article joins it; with `awaits`, until so many sources tell it."""

    kind: Literal["snooze"]
    version: Seen
    until: Instant
    awaits: Annotated[int, Field(ge=2, le=1000), WHOLE] | None = None
    reason: Reason | None = None


class Claim(Asked):
    """Tell the others that you are at it; with `takes_over` also where another editor is."""

    kind: Literal["claim"]
    version: Seen
    takes_over: StrictBool = False


class Unclaim(Asked):
    """Give it back."""

    kind: Literal["unclaim"]
    version: Seen


class Assign(Asked):
    """Claim it for somebody else."""

    kind: Literal["assign"]
    version: Seen
    assignee: Annotated[str, Field(min_length=1, max_length=80), PLAIN]
    takes_over: StrictBool = False
    reason: Reason | None = None


class Merge(Asked):
    """Move all articles of others into it; with `overrules` also where an editor ruled that they are never one."""

    kind: Literal["merge"]
    version: Seen
    others: Annotated[list[Number], Field(min_length=1, max_length=MOST)]
    overrules: StrictBool = False
    reason: Reason | None = None


class Split(Asked):
    """Open a new candidate with some of its articles."""

    kind: Literal["split"]
    version: Seen
    articles: Annotated[list[Number], Field(min_length=1, max_length=MOST)]
    reason: Reason | None = None


class Attach(Asked):
    """Let a wire that exists cite its articles."""

    kind: Literal["attach"]
    version: Seen
    wire: Number
    reason: Reason | None = None


class Undo(Asked):
    """Take back the latest decision that stands; `undoes` makes sure that it is the one you mean."""

    kind: Literal["undo"]
    version: Seen
    undoes: Number | None = None
    reason: Reason | None = None


Wanted = Annotated[
    Accept | Reject | Snooze | Claim | Unclaim | Assign | Merge | Split | Attach | Undo, Field(discriminator="kind")
]


@router.post("/candidates/{candidate}/decisions", status_code=201)
def decide(call: Call, candidate: Id, wanted: Annotated[Wanted, Body()]) -> Decision:
    """Decide. Where it changed since `version`, 409 has the candidate as it now is (`current`); nothing was decided."""
    try:
        return _decide(call, CandidateId(candidate), wanted)
    except StaleDecision as error:
        with call.context.database.read() as tx:
            current = get_candidate(tx, CandidateId(candidate))
        raise Outdated(error, current) from error


def _decide(call: Caller, candidate: CandidateId, wanted: Wanted) -> Decision:
    database, clock, index = call.context.database, call.context.clock, call.context.index
    how: How = {"editor": call.who, "version_seen": wanted.version, "key": call.key, "address": call.address}
    match wanted:
        case Accept(reason=reason):
            return triage.accept(database, clock, candidate, writing=_writing(call, wanted), reason=reason, **how)
        case Reject(reason=reason):
            return triage.reject(database, clock, candidate, reason=reason, **how)
        case Snooze(until=until, awaits=awaits, reason=reason):
            return triage.snooze(database, clock, candidate, until=until, awaits=awaits, reason=reason, **how)
        case Claim(takes_over=takes_over):
            lease = timedelta(minutes=call.context.settings.claim_minutes)
            return triage.claim(database, clock, candidate, takes_over=takes_over, lease_for=lease, **how)
        case Unclaim():
            return triage.unclaim(database, clock, candidate, **how)
        case Assign(assignee=assignee, takes_over=takes_over, reason=reason):
            return triage.assign(database, clock, candidate, assignee, takes_over=takes_over, reason=reason, **how)
        case Merge(others=others, overrules=overrules, reason=reason):
            absorbed = [CandidateId(other) for other in others]
            return triage.merge(
                database, clock, candidate, absorbed, providers=index, overrules=overrules, reason=reason, **how
            )
        case Split(articles=articles, reason=reason):
            leaving = [ArticleId(article) for article in articles]
            return triage.split(database, clock, candidate, leaving, providers=index, reason=reason, **how)
        case Attach(wire=wire, reason=reason):
            return triage.attach(database, clock, candidate, WireId(wire), reason=reason, **how)
        case Undo(undoes=undoes, reason=reason):
            meant = None if undoes is None else DecisionId(undoes)
            return triage.undo(database, clock, candidate, providers=index, undoes=meant, reason=reason, **how)


def _writing(call: Caller, wanted: Accept) -> Writing:
    release = Release(codebook=call.context.codebook, providers=call.context.index) if wanted.publish else None
    draft = None if wanted.draft is None else draft_of(wanted.draft)
    settings, owners = call.context.settings, call.context.index.owners
    return Writing(base_url=settings.base_url, draft=draft, release=release, register=owners)
