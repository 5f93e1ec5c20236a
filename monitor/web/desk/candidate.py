"""One candidate beside the queue: its articles as a time line, the text of one, and what an editor can do."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypedDict

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import FaultyFile, IllegalDecision, MonitorError, StaleDecision
from monitor.jobs import triage
from monitor.model import (
    ActionKind,
    Article,
    ArticleId,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Joined,
    WireId,
)
from monitor.store.candidates import find_live, find_standing_decision, get_candidate, get_detail
from monitor.store.database import Transaction
from monitor.web.auth import Visit, Visitor
from monitor.web.desk import ruling
from monitor.web.desk.queue import Filter, candidate_path, is_part, provider_names, read_queue
from monitor.web.desk.reasons import Reasons, read_reasons
from monitor.web.desk.ruling import Overrule, overrules_of
from monitor.web.desk.view import Outage, Sentence, Telling, fold_copies, read_against, tell_outage
from monitor.web.pages import desk_page, see_other
from monitor.web.security import local_path

REASONS = (  # letter, what the button says, what is kept
    ("n", "No incident: AI news only", "AI news, no incident"),
    ("i", "No AI involved", "No AI system played a part"),
    ("d", "Duplicate", "Duplicate of a candidate or wire we have"),
    ("o", "Old event", "Tells of an event long past, nothing new"),
    ("v", "Cannot be verified", "Cannot be verified"),
    ("s", "Opinion or satire", "Opinion, satire or fiction"),
)
SNOOZES = (("1", "1 hour"), ("4", "4 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week"))

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class CandidatePage:
    """What the candidate's side of the page shows."""

    detail: CandidateDetail
    tellings: tuple[Telling, ...]
    chosen: Article | None
    compared: Article | None  # the original, where the chosen article is a copy
    text: tuple[tuple[Sentence, ...], ...]
    outage: Outage | None  # instead of the text, where the chosen article is a status page's
    standing: Decision | None  # what an undo would take back
    reasons: Reasons
    overrules: tuple[Overrule, ...]  # what can be said of the chosen article
    originals: tuple[Article, ...]  # of which it may be ruled to be a copy
    key: str  # idempotency: each form adds its action
    back: str  # the queue as it was
    path: str  # this page
    problem: str = ""
    kept: str = ""  # what the editor wrote in a form that was refused
    refused: str = ""  # the action of that form
    saw: str = ""  # what was on the editor's screen then

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.detail.candidate.status in (CandidateStatus.OPEN, CandidateStatus.SNOOZED)

    @property
    def publishers(self) -> dict[ArticleId, str]:
        """Publisher of each article, for "same text as …"."""
        return {m.article.id: m.article.publisher_name for m in self.detail.members}


@router.get("/desk/candidates/{candidate}")
def show_candidate(
    request: Request,
    visit: Visitor,
    candidate: int,
    order: Literal["urgent", "newest"] = "urgent",
    text: str = Query("", max_length=200),
    mine: str = Query("", max_length=4),
    offset: int = Query(0, ge=0, le=1_000_000),
    article: int = 0,
    done: str = Query("", max_length=64),
) -> Response:
    """The candidate beside its queue; one that was merged leads on to where its articles are."""
    wanted = Filter(order=order, text=text.strip(), is_mine=bool(mine), offset=offset)
    with visit.context.database.read() as tx:
        if get_candidate(tx, CandidateId(candidate)).merged_into is not None:
            live = find_live(tx, CandidateId(candidate))
            return see_other(candidate_path(live or CandidateId(candidate), wanted))
    return _page(request, visit, CandidateId(candidate), wanted, article=ArticleId(article), done=done)


def _page(
    request: Request,
    visit: Visit,
    candidate: CandidateId,
    wanted: Filter,
    *,
    article: ArticleId = ArticleId(0),
    done: str = "",
    status: int = 200,
    problem: str = "",
    kept: str = "",
    refused: str = "",
    saw: str = "",
) -> HTMLResponse:
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        page = _read(tx, candidate, wanted, now=now, article=article, problem=problem, kept=kept, saw=saw)
        page = replace(page, refused=refused)
        is_alone = is_part(request, "detail")
        queue = None if is_alone else read_queue(tx, visit, wanted, now=now, done=done)
    return desk_page(
        request,
        visit,
        "desk/_candidate.html" if is_alone else "desk/queue.html",
        status=status,
        queue=queue,
        detail=page,
        providers=provider_names(visit),
        reasons=REASONS,
        snoozes=SNOOZES,
    )


def _read(
    tx: Transaction,
    candidate: CandidateId,
    wanted: Filter,
    *,
    now: datetime,
    article: ArticleId,
    problem: str,
    kept: str,
    saw: str,
) -> CandidatePage:
    detail = get_detail(tx, candidate)
    reasons = read_reasons(tx, detail)
    tellings = fold_copies(_without(detail, [m.article.id for m, _ in reasons.mentions]))
    articles = {m.article.id: m.article for m in detail.members}
    copies = {m.article.id: t.member.article for t in tellings for m, _ in t.copies}
    chosen = articles.get(article) or (tellings[0].member.article if tellings else None)
    compared = copies.get(chosen.id) if chosen else None
    return CandidatePage(
        detail=detail,
        tellings=tellings,
        chosen=chosen,
        compared=compared,
        text=read_against(chosen, compared) if chosen else (),
        outage=tell_outage(chosen, now=now) if chosen and not compared else None,
        standing=find_standing_decision(tx, candidate),
        reasons=reasons,
        overrules=_overrules(detail, chosen),
        originals=tuple(t.member.article for t in tellings if chosen is None or t.member.article.id != chosen.id),
        key=secrets.token_hex(12),
        back=f"/desk/queue{wanted.query()}",
        path=candidate_path(candidate, wanted),
        problem=problem,
        kept=kept,
        saw=saw,
    )


def _without(detail: CandidateDetail, left_out: Collection[ArticleId]) -> CandidateDetail:
    pairs = zip(detail.members, detail.sourcing.standings, strict=True)
    kept = [(m, s) for m, s in pairs if m.article.id not in left_out]
    sourcing = replace(detail.sourcing, standings=tuple(s for _, s in kept))
    return replace(detail, members=tuple(m for m, _ in kept), sourcing=sourcing)


def _overrules(detail: CandidateDetail, chosen: Article | None) -> tuple[Overrule, ...]:
    pairs = zip(detail.members, detail.sourcing.standings, strict=True)
    own = next(((m, s) for m, s in pairs if chosen is not None and m.article.id == chosen.id), None)
    is_merged = detail.candidate.merged_into is not None
    return () if own is None or is_merged or own[0].joined is Joined.MENTION else overrules_of(*own)


# --- deciding -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A decision as the form sent it."""

    action: str
    candidate: CandidateId
    version_seen: int
    key: str
    reason: str
    back: str


@router.post("/desk/candidates/{candidate}/{action}")
def decide(request: Request, visit: Visitor, candidate: int, action: str) -> Response:
    """Carry out one action, then go on; where it is refused, show the candidate as it is now with what was typed."""
    if action == "beside":
        return see_other(f"/desk/candidates/{candidate}/beside/{_others(visit)[0]}")
    version = visit.number("version")
    if action not in _ACTIONS | ruling.ACTIONS or version is None:
        raise HTTPException(404)
    wish = Wish(
        action=action,
        candidate=CandidateId(candidate),
        version_seen=version,
        key=visit.text("key")[:64],
        reason=visit.text("other").strip() or visit.text("reason").strip(),
        back=local_path(visit.text("back"), default="/desk/queue"),
    )
    try:
        if action in ruling.ACTIONS:
            ruling.lay_down(visit, wish)
            return see_other(_after_ruling(visit, wish))
        decision = _act(visit, wish)
    except (IllegalDecision, StaleDecision, FaultyFile) as error:
        return _refused(request, visit, wish, error)
    return see_other(_next(wish, decision))


class _Who(TypedDict):
    """What every decision is told of whoever makes it."""

    editor: str
    version_seen: int
    key: str | None
    address: str


_ACTIONS = frozenset({"accept", "attach", "reject", "snooze", "claim", "unclaim", "merge", "split", "undo"})


def _act(visit: Visit, wish: Wish) -> Decision:
    database, clock = visit.context.database, visit.context.clock
    who = _Who(editor=visit.who, version_seen=wish.version_seen, key=wish.key or None, address=visit.address)
    index = visit.context.index
    match wish.action:
        case "accept":
            writing = triage.Writing(base_url=visit.context.settings.base_url)
            return triage.accept(database, clock, wish.candidate, writing=writing, **who)
        case "attach":
            return triage.attach(database, clock, wish.candidate, _wire(visit), **who)
        case "reject":
            return triage.reject(database, clock, wish.candidate, reason=wish.reason, **who)
        case "snooze":
            return triage.snooze(database, clock, wish.candidate, until=_until(visit), **who)
        case "claim":
            return triage.claim(database, clock, wish.candidate, **who)
        case "unclaim":
            return triage.unclaim(database, clock, wish.candidate, **who)
        case "merge":
            return triage.merge(
                database,
                clock,
                wish.candidate,
                _others(visit),
                providers=index,
                reason=wish.reason or None,
                overrules=visit.text("overrules") == "yes",
                **who,
            )
        case "split":
            articles = [ArticleId(int(a)) for a in visit.texts("article") if a.isdigit()]
            return triage.split(database, clock, wish.candidate, articles, providers=index, **who)
        case _:
            undoes = visit.number("undoes")
            target = None if undoes is None else DecisionId(undoes)
            return triage.undo(database, clock, wish.candidate, undoes=target, providers=index, **who)


def _wire(visit: Visit) -> WireId:
    number = visit.number("wire")
    if number is None:
        raise IllegalDecision("Name the wire by its number. Nothing was decided.")
    return WireId(number)


def _until(visit: Visit) -> datetime:
    hours = visit.number("hours")
    if hours is None or not 1 <= hours <= 24 * 365:
        raise IllegalDecision("Choose for how long to snooze. Nothing was decided.")
    return visit.context.clock.now() + timedelta(hours=hours)


def _others(visit: Visit) -> list[CandidateId]:
    words = " ".join(visit.texts("others")).replace(",", " ").replace("#", " ").split()
    if not words or not all(w.isascii() and w.isdigit() and len(w) < 10 for w in words):
        raise IllegalDecision("Name the candidates to merge by their numbers, such as 12 15. Nothing was decided.")
    return [CandidateId(int(w)) for w in words]


def _after_ruling(visit: Visit, wish: Wish) -> str:
    """Back to the candidate, at the article or the list that the form stood at."""
    here = wish.back.replace("/desk/queue", f"/desk/candidates/{wish.candidate}", 1)
    article = visit.number("article")
    shown = "" if article is None else f"{'&' if '?' in here else '?'}article={article}"
    return f"{here}{shown}#{'rulings' if article is None else 'text'}"


def _next(wish: Wish, decision: Decision) -> str:
    here = wish.back.replace("/desk/queue", f"/desk/candidates/{wish.candidate}", 1)
    if decision.kind is ActionKind.ACCEPT and isinstance(wire := decision.payload.get("wire"), int):
        return f"/desk/wires/{wire}"
    leaves = decision.kind in (ActionKind.REJECT, ActionKind.SNOOZE, ActionKind.ATTACH)
    path = wish.back if leaves else here
    return f"{path}{'&' if '?' in path else '?'}done={wish.key}" if wish.key else path


def _refused(request: Request, visit: Visit, wish: Wish, error: MonitorError) -> HTMLResponse:
    return _page(
        request,
        visit,
        wish.candidate,
        Filter(),
        status=409 if not isinstance(error, FaultyFile) else 422,
        problem=str(error),
        kept=wish.reason,
        refused=wish.action,
        article=ArticleId(visit.number("article") or 0) if wish.action == "rule" else ArticleId(0),
        saw=visit.text("saw")[:200] if isinstance(error, StaleDecision) else "",
    )
