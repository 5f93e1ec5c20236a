"""One candidate beside the queue: its articles as a time line, the text of one, and what an editor can do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypedDict
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from monitor.errors import FaultyFile, IllegalDecision, MonitorError, StaleDecision
from monitor.jobs import triage
from monitor.jobs.ties import Recusal, find_recusal
from monitor.model import (
    ActionKind,
    Article,
    ArticleId,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Filter,
    Joined,
    Member,
    Standing,
    WireId,
    filter_of,
)
from monitor.stages.difference import Difference, as_it_is, compare
from monitor.stages.relevance_marks import Run, marked, runs
from monitor.store.articles import list_articles
from monitor.store.candidates import find_live, standing_of
from monitor.store.database import Transaction
from monitor.store.said import count_changes
from monitor.store.timeline import Growth, find_growth, get_outline
from monitor.web.access import Access, access_of
from monitor.web.auth import Visit, Visitor
from monitor.web.desk import ruling, would
from monitor.web.desk.collision import Collision, read_collision
from monitor.web.desk.history import Event, read_history
from monitor.web.desk.likely import read_signs
from monitor.web.desk.queue import Wanted, candidate_path, is_part, queue_words, read_queue
from monitor.web.desk.reasons import Reasons, read_reasons
from monitor.web.desk.ruling import Overrule, overrules_of
from monitor.web.desk.timeline import First, Part, take_part, tell_first
from monitor.web.desk.view import Outage, Telling, beginning_of, fold_copies, tell_apart, tell_outage
from monitor.web.pages import desk_page, see_other
from monitor.web.security import local_path

TEXT_SHOWN = 3_000  # characters of an article's text on the page; the rest is a link away
SOURCE_HOURS = 14 * 24  # that a candidate waits for a second source before it comes back all the same

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The article that is read."""

    article: Article
    member: Member
    standing: Standing
    compared: Article | None  # the original, where it is a copy
    text: Difference  # against that one; words that speak for or against an incident are pieces of it
    shown: Difference  # as much of it as is on the page
    rest_count: int  # characters that are not
    title: tuple[Run, ...]
    is_marked: bool  # whether any word of either does
    change_count: int  # how often page and feeds said something else later
    outage: Outage | None  # instead of the text, where it is a status page's
    overrules: tuple[Overrule, ...]  # what can be said of it


@dataclass(frozen=True, kw_only=True)
class CandidatePage:
    """What the candidate's side of the page shows."""

    detail: CandidateDetail  # its articles without their texts
    part: Part
    first: First | None
    chosen: Chosen | None
    growth: Growth | None  # since readers have seen its wire
    standing: Decision | None  # what an undo would take back
    reasons: Reasons
    history: tuple[Event, ...]  # newest first
    originals: tuple[Article, ...]  # of this part, of which the chosen one may be ruled to be a copy
    key: str  # idempotency: each form adds its action
    back: str  # the queue as it was
    path: str  # this page
    can_decide: bool = True  # readers look on
    recusal: Recusal | None = None  # of this editor, by the providers that its articles name
    problem: str = ""
    refused: str = ""  # the action of a form that was refused
    collision: Collision = field(default_factory=Collision)  # what that form said, and had not seen

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.detail.candidate.status in (CandidateStatus.OPEN, CandidateStatus.SNOOZED)

    def at(self, **values: int | None) -> str:
        """This page with an article, a part, or one text's copies on it."""
        query = urlencode({k: v for k, v in values.items() if v})
        return f"{self.path}{'&' if '?' in self.path else '?'}{query}" if query else self.path


@dataclass(frozen=True, kw_only=True)
class Look:
    """What of a candidate is wanted on the page."""

    article: ArticleId | None = None
    part: int = 0  # 0: the one in which the article is
    of: ArticleId | None = None  # the text whose copies are looked at
    is_whole: bool = False  # a text of any length is shown to its end


@router.get("/desk/candidates/{candidate}")
def show_candidate(
    request: Request,
    visit: Visitor,
    candidate: int,
    wanted: Wanted,
    article: int = Query(0, ge=0),
    part: int = Query(0, ge=0, le=1_000_000),
    of: int = Query(0, ge=0),
    whole: bool = False,
    done: str = Query("", max_length=64),
) -> Response:
    """The candidate beside its queue; one that was merged leads on to where its articles are."""
    look = Look(article=ArticleId(article) or None, part=part, of=ArticleId(of) or None, is_whole=whole)
    return _page(request, visit, CandidateId(candidate), wanted, look=look, done=done, leads_on=True)


def _page(
    request: Request,
    visit: Visit,
    candidate: CandidateId,
    wanted: Filter,
    *,
    look: Look = Look(),
    done: str = "",
    status: int = 200,
    problem: str = "",
    refused: str = "",
    collided: Callable[[CandidateDetail], Collision] = lambda _: Collision(),
    leads_on: bool = False,
) -> Response:
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        page = _read(tx, candidate, wanted, look, now=now)
        if leads_on and page.detail.candidate.merged_into is not None:
            return see_other(candidate_path(find_live(tx, candidate) or candidate, wanted))
        can_decide = _can_decide(visit)
        page = replace(
            page,
            can_decide=can_decide,
            recusal=find_recusal(tx, visit.who, page.detail.candidate.providers) if can_decide else None,
            problem=problem,
            refused=refused,
            collision=collided(page.detail),
        )
        is_alone = is_part(request, "detail")
        queue = None if is_alone else read_queue(tx, visit, wanted, now=now, done=done, beside=candidate)
    return desk_page(
        request,
        visit,
        "desk/_candidate.html" if is_alone else "desk/queue.html",
        status=status,
        queue=queue,
        detail=page,
        **queue_words(visit),
    )


def _can_decide(visit: Visit) -> bool:
    return access_of(visit.editor.role) >= Access.EDITOR


def _read(tx: Transaction, candidate: CandidateId, wanted: Filter, look: Look, *, now: datetime) -> CandidatePage:
    detail = get_outline(tx, candidate)
    pairs = tuple(zip(detail.members, detail.sourcing.standings, strict=True))
    telling, _ = tell_apart(pairs)
    tellings = fold_copies(telling)
    ids = {m.article.id for m in detail.members}
    article = look.article if look.article in ids else look.of if look.of in ids else None
    if article is None and tellings:
        start = take_part(tellings, number=look.part).shown
        article = start[0].telling.member.article.id
    part = take_part(tellings, number=look.part, of=look.of, chosen=article)
    return CandidatePage(
        detail=detail,
        part=part,
        first=tell_first(pairs),
        chosen=_choose(tx, detail, tellings, article, is_whole=look.is_whole, now=now) if article else None,
        growth=find_growth(tx, detail),
        standing=standing_of(detail.decisions),
        reasons=read_reasons(tx, detail, shown=article),
        history=read_history(tx, detail),
        originals=tuple(t.telling.member.article for t in part.shown if t.telling.member.article.id != article),
        key=secrets.token_hex(12),
        back=f"/desk/queue{wanted.query()}",
        path=candidate_path(candidate, wanted),
    )


def _choose(
    tx: Transaction,
    detail: CandidateDetail,
    tellings: Sequence[Telling],
    article: ArticleId,
    *,
    is_whole: bool,
    now: datetime,
) -> Chosen:
    member, standing = next(
        (m, s) for m, s in zip(detail.members, detail.sourcing.standings, strict=True) if m.article.id == article
    )
    original = next((t.member.article.id for t in tellings if article in {m.article.id for m, _ in t.copies}), None)
    found = {a.id: a for a in list_articles(tx, [article, *([] if original is None else [original])])}
    own = found[article]
    compared = None if original is None else found[original]
    signs = read_signs(own)
    text = as_it_is(own.text) if compared is None else compare(compared.text, own.text)
    text = marked(text, own.text.strip(), signs.text)
    shown, rest_count = (text, 0) if is_whole else beginning_of(text, TEXT_SHOWN)
    is_settled = detail.candidate.merged_into is not None or member.joined is Joined.MENTION
    return Chosen(
        article=own,
        member=member,
        standing=standing,
        compared=compared,
        text=text,
        shown=shown,
        rest_count=rest_count,
        title=runs(own.title, signs.title),
        is_marked=not signs.is_nothing,
        change_count=count_changes(tx, own),
        outage=tell_outage(own, now=now) if compared is None else None,
        overrules=() if is_settled else overrules_of(member, standing),
    )


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
    is_alone: bool  # decided from a line, with no candidate open beside it


@router.post("/desk/candidates/{candidate}/{action}")
def decide(request: Request, visit: Visitor, candidate: int, action: str) -> Response:
    """Carry out one action, then go on; where it is refused, show the candidate as it is now with what was typed."""
    if action == "beside":
        return see_other(f"/desk/candidates/{candidate}/beside/{would.others(visit)[0]}")
    version = visit.number("version")
    if action in would.ACTIONS:
        return would.show(request, visit, CandidateId(candidate), action)
    if action not in _ACTIONS | ruling.ACTIONS or version is None:
        raise HTTPException(404)
    wish = Wish(
        action=action,
        candidate=CandidateId(candidate),
        version_seen=version,
        key=visit.text("key")[:64],
        reason=visit.text("other").strip() or visit.text("reason").strip(),
        back=local_path(visit.text("back"), default="/desk/queue"),
        is_alone=visit.text("alone") == "1",
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


_ACTIONS = frozenset({"accept", "attach", "reject", "snooze", "claim", "takeover", "unclaim", "merge", "split", "undo"})


def _act(visit: Visit, wish: Wish) -> Decision:
    database, clock = visit.context.database, visit.context.clock
    who = _Who(editor=visit.who, version_seen=wish.version_seen, key=wish.key or None, address=visit.address)
    index = visit.context.index
    match wish.action:
        case "accept":
            writing = triage.Writing(base_url=visit.context.settings.base_url, register=index.owners)
            return triage.accept(database, clock, wish.candidate, writing=writing, **who)
        case "attach":
            return triage.attach(database, clock, wish.candidate, _wire(visit), **who)
        case "reject":
            return triage.reject(database, clock, wish.candidate, reason=wish.reason, **who)
        case "snooze":
            awaits = 2 if visit.text("hours") == "source" else None
            return triage.snooze(database, clock, wish.candidate, until=_until(visit), awaits=awaits, **who)
        case "claim" | "takeover":
            lease = timedelta(minutes=visit.context.settings.claim_minutes)
            takes_over = wish.action == "takeover"
            return triage.claim(database, clock, wish.candidate, takes_over=takes_over, lease_for=lease, **who)
        case "unclaim":
            return triage.unclaim(database, clock, wish.candidate, **who)
        case "merge":
            return triage.merge(
                database,
                clock,
                wish.candidate,
                would.others(visit),
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
    hours = SOURCE_HOURS if visit.text("hours") == "source" else visit.number("hours")
    if hours is None or not 1 <= hours <= 24 * 365:
        raise IllegalDecision("Choose for how long to snooze. Nothing was decided.")
    return visit.context.clock.now() + timedelta(hours=hours)


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
    leaves = wish.is_alone or decision.kind in (ActionKind.REJECT, ActionKind.SNOOZE, ActionKind.ATTACH)
    path = wish.back if leaves else here
    return f"{path}{'&' if '?' in path else '?'}done={wish.key}" if wish.key else path


def _refused(request: Request, visit: Visit, wish: Wish, error: MonitorError) -> Response:
    return _page(
        request,
        visit,
        wish.candidate,
        filter_of(urlsplit(wish.back).query),
        status=409 if not isinstance(error, FaultyFile) else 422,
        problem=str(error),
        refused=wish.action,
        look=Look(article=ArticleId(visit.number("article") or 0)) if wish.action == "rule" else Look(),
        collided=lambda detail: read_collision(
            visit, detail, version_seen=wish.version_seen, is_stale=isinstance(error, StaleDecision)
        ),
    )
