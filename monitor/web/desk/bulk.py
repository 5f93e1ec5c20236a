"""Deciding on many candidates at once: what was chosen, the one rationale, how far it has come, and its one undo."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.bulks import MOST, state_bulk, undo_bulk
from monitor.jobs.look import narrow_by_words
from monitor.model import (
    ActionKind,
    Bulk,
    BulkItem,
    Candidate,
    CandidateId,
    Editor,
    Filter,
    ItemState,
    Role,
    Severity,
    Wish,
    filter_of,
)
from monitor.store.bulks import get_bulk, list_bulks, list_items
from monitor.store.candidates import get_candidate
from monitor.store.database import Transaction
from monitor.store.people import list_editors
from monitor.store.queue import count_filtered, list_filtered
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.queue import REASONS, SNOOZES, is_part
from monitor.web.pages import desk_page, plural, see_other
from monitor.web.security import local_path

SHOWN = 12  # of the chosen, and of those that were left
RECENT = 8  # earlier bulks
MARKED = 2_000  # what can be marked one by one

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which candidates: marked one by one, or all that a filter shows."""

    marked: tuple[CandidateId, ...] = ()
    filter: Filter | None = None

    @property
    def text(self) -> str:
        """The marked ones as one field of a form."""
        return " ".join(map(str, self.marked))


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """What is stated about the chosen ones, or why it was not."""

    choice: Choice
    count: int
    shown: tuple[Candidate, ...]
    items: str  # "id:version" of the marked ones: what was on screen
    editors: tuple[Editor, ...]  # to whom they can be assigned
    recent: tuple[Bulk, ...]
    back: str
    key: str
    problem: str = ""
    kind: str = ""  # of the form that was refused
    typed: str = ""  # its rationale

    @property
    def is_too_many(self) -> bool:
        """Whether they cannot be decided on at once."""
        return self.count > MOST or (self.choice.filter is not None and self.count >= MOST)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a bulk has come."""

    bulk: Bulk
    left: tuple[BulkItem, ...]  # with the reasons
    kept: tuple[BulkItem, ...]  # that the undo could not take back
    is_own: bool


@router.get("/desk/bulk")
def choose(request: Request, visit: Visitor) -> Response:
    """What was marked, or with all=1 what the rest of the address shows, and what can be decided on it."""
    given = request.query_params
    if given.get("all"):
        wanted = replace(filter_of(given.multi_items()), offset=0)
        choice = Choice(filter=wanted)
    else:
        choice = Choice(marked=_numbers(" ".join(given.getlist("marked"))))
    return _choose(request, visit, choice, back=local_path(given.get("back"), default="/desk/queue"))


def _numbers(text: str) -> tuple[CandidateId, ...]:
    words = (w for w in text.split() if w.isascii() and w.isdigit() and len(w) < 10)
    return tuple(CandidateId(n) for n in dict.fromkeys(map(int, words)))[:MARKED]


def _choose(
    request: Request,
    visit: Visit,
    choice: Choice,
    *,
    back: str,
    problem: str = "",
    kind: str = "",
    typed: str = "",
    status: int = 200,
) -> HTMLResponse:
    with visit.context.database.read() as tx:
        found, count = _look(tx, visit, choice)
        editors = tuple(e for e in list_editors(tx) if not e.is_disabled and e.role is not Role.READER)
        recent = list_bulks(tx, limit=RECENT)
    page = BulkPage(
        choice=choice,
        count=count,
        shown=found[:SHOWN],
        items=" ".join(f"{c.id}:{c.version}" for c in found) if choice.filter is None else "",
        editors=editors,
        recent=recent,
        back=back,
        key=secrets.token_hex(12),
        problem=problem,
        kind=kind,
        typed=typed,
    )
    codes = [c for c in visit.context.codebook.codes if not c.is_retired]
    return desk_page(
        request,
        visit,
        "desk/bulk.html",
        status=status,
        page=page,
        reasons=REASONS,
        snoozes=SNOOZES,
        severities=tuple(Severity),
        codes=codes,
        most=MOST,
    )


def _look(tx: Transaction, visit: Visit, choice: Choice) -> tuple[tuple[Candidate, ...], int]:
    """The chosen ones, of a filter the first, and how many there are."""
    if choice.filter is not None:
        now = visit.context.clock.now()
        among = narrow_by_words(tx, choice.filter, visit.context.index)
        found = list_filtered(tx, choice.filter, who=visit.who, now=now, limit=SHOWN, among=among)
        return found, count_filtered(tx, choice.filter, who=visit.who, now=now, among=among)
    found = tuple(c for number in choice.marked if (c := _find(tx, number)) is not None)
    return found, len(found)


def _find(tx: Transaction, number: CandidateId) -> Candidate | None:
    try:
        return get_candidate(tx, number)
    except Unknown:
        return None


@router.post("/desk/bulk")
def state(request: Request, visit: Visitor) -> Response:
    """State it; the work is done in the background, and the page it leads to follows it."""
    query = visit.text("query")
    choice = Choice(filter=filter_of(query)) if query else Choice(marked=_numbers(_first_halves(visit.text("items"))))
    back = local_path(visit.text("back"), default="/desk/queue")
    try:
        items, chosen = _items(visit, choice)
        bulk = state_bulk(
            visit.context.database,
            visit.context.clock,
            _wish(visit),
            items,
            editor=visit.who,
            chosen=chosen,
            address=visit.address,
            key=visit.text("key")[:64] or None,
        )
    except IllegalDecision as error:
        return _choose(
            request,
            visit,
            choice,
            back=back,
            problem=str(error),
            kind=visit.text("kind"),
            typed=visit.text("why") or visit.text("reason"),
            status=409,
        )
    return see_other(f"/desk/bulk/{bulk.id}")


def _first_halves(items: str) -> str:
    return " ".join(item.partition(":")[0] for item in items.split())


def _items(visit: Visit, choice: Choice) -> tuple[list[BulkItem], str]:
    """The chosen ones with the versions that were seen; of a filter those of now, if they are as many as were seen."""
    if choice.filter is None:
        pairs = [i.partition(":") for i in visit.text("items").split()[:MARKED]]
        numbers = [(a, b) for a, _, b in pairs if a.isdigit() and b.isdigit() and len(a) < 10 and len(b) < 10]
        found = [BulkItem(candidate=CandidateId(int(a)), version_seen=int(b)) for a, b in numbers]
        return found, f"{plural(len(found), 'candidate')} marked one by one"
    now, seen = visit.context.clock.now(), visit.number("count")
    with visit.context.database.read() as tx:
        among = narrow_by_words(tx, choice.filter, visit.context.index)
        matching = list_filtered(tx, choice.filter, who=visit.who, now=now, limit=MOST + 1, among=among)
    if seen != len(matching):
        raise IllegalDecision(
            f"{seen or 0:,} candidates were shown when you looked, {len(matching):,} are there now. Nothing was "
            "decided, and what you wrote is kept. Look at them again, then decide."
        )
    words = choice.filter.query() or "the whole queue"
    return [BulkItem(candidate=c.id, version_seen=c.version) for c in matching], f"all that {words} shows"


def _wish(visit: Visit) -> Wish:
    reason = visit.text("why").strip() or visit.text("reason").strip()
    now = visit.context.clock.now()
    match visit.text("kind"):
        case "reject":
            return Wish(kind=ActionKind.REJECT, reason=reason)
        case "snooze":
            hours = visit.number("hours")
            until = now + timedelta(hours=hours) if hours and hours <= 24 * 365 else None
            return Wish(kind=ActionKind.SNOOZE, reason=reason, until=until)
        case "assign":
            return Wish(kind=ActionKind.CLAIM, reason=reason, assignee=_assignee(visit))
        case "accept":
            severity = visit.text("severity")
            known = {c.id for c in visit.context.codebook.codes if not c.is_retired}
            return Wish(
                kind=ActionKind.ACCEPT,
                reason=reason,
                severity=Severity(severity) if severity in set(Severity) else None,
                codes=tuple(c for c in dict.fromkeys(visit.texts("codes")) if c in known),
            )
        case _:
            raise IllegalDecision("Choose what is to be decided. Nothing was decided.")


def _assignee(visit: Visit) -> str:
    name = visit.text("assignee")
    with visit.context.database.read() as tx:
        if name not in {e.name for e in list_editors(tx) if not e.is_disabled and e.role is not Role.READER}:
            raise IllegalDecision("Choose whom to assign them to. Nothing was decided.")
    return name


# --- how far it has come ----------------------------------------------------------------------------------------


@router.get("/desk/bulk/{bulk}")
def show_progress(request: Request, visit: Visitor, bulk: int) -> Response:
    """How far it has come; it goes on whether anybody looks or not."""
    with visit.context.database.read() as tx:
        found = get_bulk(tx, bulk)
        left = list_items(tx, bulk, states=[ItemState.LEFT], limit=SHOWN)
        kept = list_items(tx, bulk, states=[ItemState.KEPT], limit=SHOWN)
    page = Progress(bulk=found, left=left, kept=kept, is_own=found.editor == visit.who)
    template = "desk/_bulk.html" if is_part(request, "bulk") else "desk/bulk_progress.html"
    return desk_page(request, visit, template, page=page)


@router.post("/desk/bulk/{bulk}/undo")
def undo(visit: Visitor, bulk: int) -> Response:
    """Take all of it back."""
    undo_bulk(visit.context.database, visit.context.clock, bulk, by=visit.who, address=visit.address)
    return see_other(f"/desk/bulk/{bulk}")
