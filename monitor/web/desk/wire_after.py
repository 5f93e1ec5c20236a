"""What is done around a wire: revisions and what changed between two, taking back, new sources, quotations, notes."""

from __future__ import annotations

from dataclasses import dataclass, fields

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs import wires as jobs
from monitor.jobs.notes import see_mentions, write_note
from monitor.model import ArticleId, Draft, Revision, RevisionKind, RevisionStatus, Role, Wire
from monitor.stages.difference import Difference, compare
from monitor.stages.quotes import find_quote
from monitor.store.articles import list_versions
from monitor.store.wires import get_wire, list_citable
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.wire import wire_id
from monitor.web.desk.wire_form import LABELS, in_words
from monitor.web.pages import desk_page, see_other

PROSE = ("headline", "body", "rationale", "counterfactual", "note")
KINDS = {kind.value: kind for kind in RevisionKind if kind is not RevisionKind.FIRST}

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One field in which two revisions differ."""

    label: str
    before: str
    after: str
    difference: Difference | None  # of prose


@router.post("/desk/wires/{wire}/seen")
def see_coverage(visit: Visitor, wire: int) -> Response:
    """Say that one has looked at what joined after publication: the list stays short."""
    jobs.see_coverage(
        visit.context.database, visit.context.clock, wire_id(wire), editor=visit.who, address=visit.address
    )
    return see_other("/desk/wires" if visit.text("from") == "list" else f"/desk/wires/{wire}")


@router.post("/desk/wires/{wire}/revise")
def revise_wire(visit: Visitor, wire: int) -> Response:
    """Start a revision of some kind, drop one that nobody has seen, or take back what waits to be published."""
    database, clock, number = visit.context.database, visit.context.clock, wire_id(wire)
    who, address = visit.who, visit.address
    match visit.text("kind"):
        case kind if kind in KINDS:
            jobs.start_revision(
                database,
                clock,
                number,
                editor=who,
                kind=KINDS[kind],
                address=address,
                register=visit.context.index.owners,
                text_of=visit.number("text_of"),
            )
        case "discard":
            jobs.discard_draft(
                database, clock, number, editor=who, version_seen=visit.number("version") or 0, address=address
            )
        case "recall":
            jobs.recall(database, clock, number, editor=who, address=address)
        case "send-back":
            jobs.send_back(database, clock, number, editor=who, address=address)
        case _:
            raise IllegalDecision("There is no such action. Nothing was changed.")
    return see_other(f"/desk/wires/{wire}")


@router.post("/desk/wires/{wire}/sources")
def add_source(visit: Visitor, wire: int) -> Response:
    """Cite an article that came later; a published wire gets an update for it."""
    article = visit.number("article")
    if article is None:
        raise IllegalDecision("Say which article. Nothing was changed.")
    jobs.add_source(
        visit.context.database,
        visit.context.clock,
        wire_id(wire),
        ArticleId(article),
        editor=visit.who,
        version_seen=visit.number("version"),
        address=visit.address,
        register=visit.context.index.owners,
    )
    return see_other(f"/desk/wires/{wire}#field-body")


@router.post("/desk/wires/{wire}/quote")
def find_source(visit: Visitor, wire: int) -> Response:
    """Which of the wire's articles says the words that were pasted, and how it spells them."""
    with visit.context.database.read() as tx:
        members = list_citable(tx, get_wire(tx, wire_id(wire)))
        later = {m.article.id: list_versions(tx, m.article.id) for m in members if m.article.version_count}
    found = find_quote(visit.text("text"), members, later)
    if found is None:
        return JSONResponse({"article": None})
    return JSONResponse(
        {
            "article": found.article.id,
            "publisher": found.article.publisher_name,
            "passage": found.passage.text,
            "is_kept": found.passage.snapshot is not None,
        }
    )


@router.post("/desk/wires/{wire}/notes")
def note_wire(visit: Visitor, wire: int) -> Response:
    """Write a note to the other editors, or say that one has seen theirs."""
    database, clock, number = visit.context.database, visit.context.clock, wire_id(wire)
    if visit.text("do") == "seen":
        see_mentions(database, clock, number, editor=visit.who)
        return see_other("/desk/wires" if visit.text("from") == "list" else f"/desk/wires/{wire}")
    write_note(database, clock, number, editor=visit.who, text=visit.text("text"))
    return see_other(f"/desk/wires/{wire}#notes")


# --- what changed -------------------------------------------------------------------------------------------------


@router.get("/desk/wires/{wire}/revisions")
def show_difference(
    request: Request,
    visit: Visitor,
    wire: int,
    before: int = Query(0, ge=0, le=10_000),
    after: int = Query(0, ge=0, le=10_000),
) -> Response:
    """What changed between any two revisions; between the last two where none are named."""
    with visit.context.database.read() as tx:
        found = get_wire(tx, wire_id(wire))
    old, new = _pair(found, before, after)
    return desk_page(
        request,
        visit,
        "desk/difference.html",
        wire=found,
        old=old,
        new=new,
        changes=changes_between(old.draft, new.draft),
        can_begin=_can_begin(visit, found, old),
    )


def _pair(wire: Wire, before: int, after: int) -> tuple[Revision, Revision]:
    known = {r.number: r for r in wire.revisions}
    last = wire.revisions[-1].number
    new = known.get(after or last)
    old = known.get(before or max(1, (after or last) - 1))
    if new is None or old is None:
        raise Unknown(f"Wire {wire.id} has {last} revisions: choose two of them.")
    return old, new


def _can_begin(visit: Visit, wire: Wire, old: Revision) -> bool:
    """Whether an update may begin with the older text now."""
    last = wire.revisions[-1]
    is_out = last.status is RevisionStatus.PUBLISHED
    return is_out and old.number != last.number and not wire.is_retracted and visit.editor.role.may(Role.EDITOR)


def changes_between(old: Draft, new: Draft) -> tuple[Changed, ...]:
    """The fields that differ, in the order of the form; prose sentence by sentence."""
    return tuple(
        Changed(
            label=LABELS[f.name],
            before=in_words(was),
            after=in_words(now),
            difference=compare(was, now) if f.name in PROSE and isinstance(was, str) and isinstance(now, str) else None,
        )
        for f in fields(Draft)
        if (was := getattr(old, f.name)) != (now := getattr(new, f.name))
    )
