"""Wires: the list, and the form an editor writes one in, with its preview and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from monitor.errors import IllegalDecision, StaleDecision, Unpublishable
from monitor.jobs import wires as jobs
from monitor.model import (
    ArticleId,
    Code,
    Draft,
    Member,
    Missing,
    Provider,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Wire,
    WireId,
)
from monitor.stages.codebook import guide_sections
from monitor.stages.markup import render_guide
from monitor.stages.revise import Cited
from monitor.store.database import Transaction
from monitor.store.late import Late, find_late, list_growing
from monitor.store.wires import get_wire, list_citable, list_in_work, list_wires
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.preview import render_preview
from monitor.web.desk.queue import is_part
from monitor.web.pages import desk_page, see_other

LISTED = 200
LABELS = {
    "headline": "Headline",
    "severity": "Severity",
    "providers": "Providers",
    "occurred_on": "When it happened",
    "body": "Text",
    "rationale": "Why this is an AI incident",
    "counterfactual": "But-for test",
    "codes": "Codes",
    "sources": "Sources",
    "note": "Note to readers",
    "standard": "Sourcing standard",
}

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class WirePage:
    """What the wire form shows."""

    wire: Wire
    last: Revision
    draft: Draft  # as on the form: saved, or just refused
    members: tuple[Member, ...]  # what may be cited
    missing: tuple[Missing, ...]
    cited: Cited
    late: Late | None = None  # what joined since readers saw it
    problem: str = ""
    theirs: tuple[tuple[str, str, str], ...] = ()  # field, what was saved meanwhile, what was typed here

    @property
    def is_draft(self) -> bool:
        """Whether there is something to write."""
        return self.last.status is RevisionStatus.DRAFT

    @property
    def needs_note(self) -> bool:
        """Whether readers are owed a note."""
        return self.last.kind in (RevisionKind.CORRECTION, RevisionKind.RETRACTION)

    @property
    def first_missing(self) -> tuple[Missing, ...]:
        """One thing a field: the foot jumps to fields, the field says the rest."""
        return tuple({m.field: m for m in reversed(self.missing)}.values())[::-1]

    @property
    def written(self) -> frozenset[str]:
        """Fields that hold something: what is wrong with them is said in full."""
        return frozenset(f.name for f in fields(Draft) if getattr(self.draft, f.name))

    @property
    def missing_fields(self) -> frozenset[str]:
        """Names of the fields at fault."""
        return frozenset(m.field for m in self.missing)


@router.get("/desk/wires")
def show_wires(request: Request, visit: Visitor) -> Response:
    """What is in work first, then what has grown since readers saw it, then what they see."""
    with visit.context.database.read() as tx:
        in_work = list_in_work(tx)
        growing = list_growing(tx)
        published = tuple(w for w in list_wires(tx, limit=LISTED) if w.published is not None)
    return desk_page(request, visit, "desk/wires.html", in_work=in_work, growing=growing, published=published)


@router.get("/desk/wires/{wire}")
def show_wire(request: Request, visit: Visitor, wire: int) -> Response:
    """The form while there is a draft, else the wire as published with what can be done to it."""
    with visit.context.database.read() as tx:
        page = _read(tx, visit, _id(wire))
    return _show(request, visit, page)


@router.post("/desk/wires/{wire}")
def save_wire(request: Request, visit: Visitor, wire: int) -> Response:
    """Save the draft; with `do=publish` also release it."""
    number, draft = _id(wire), read_draft(visit)
    try:
        revision = _save(visit, number, draft)
        if visit.text("do") == "publish":
            _release(visit, number, revision)
            return see_other(f"/desk/wires/{number}")
    except StaleDecision as error:
        return _stale(request, visit, number, draft, str(error))
    except (IllegalDecision, Unpublishable) as error:
        words = "Saved, but not published: something is missing." if isinstance(error, Unpublishable) else str(error)
        status = 422 if isinstance(error, Unpublishable) else 409
        with visit.context.database.read() as tx:
            page = _read(tx, visit, number, draft=draft, problem=words)
        return _show(request, visit, page, status=status)
    if is_part(request, "saved"):
        with visit.context.database.read() as tx:
            page = _read(tx, visit, number)
        return _show(request, visit, page, template="desk/_saved.html")
    return see_other(f"/desk/wires/{number}")


def _save(visit: Visit, wire: WireId, draft: Draft) -> Revision:
    """Save; the same text sent twice by the same hand is saved once (D10)."""
    with visit.context.database.read() as tx:
        last = get_wire(tx, wire).revisions[-1]
    steps = 1 if last.status is RevisionStatus.DRAFT else 2  # a save, or a save and a release
    if last.editor == visit.who and last.draft == jobs.tidy(draft) and last.version == _version(visit) + steps:
        return last
    return jobs.save_draft(
        visit.context.database,
        visit.context.clock,
        wire,
        editor=visit.who,
        draft=draft,
        version_seen=_version(visit),
        register=visit.context.index.owners,
    )


def _release(visit: Visit, wire: WireId, revision: Revision) -> None:
    if revision.status is not RevisionStatus.DRAFT:
        return
    jobs.release(
        visit.context.database,
        visit.context.clock,
        wire,
        editor=visit.who,
        version_seen=revision.version,
        codebook=visit.context.codebook,
        providers=visit.context.index,
        address=visit.address,
    )


def _version(visit: Visit) -> int:
    version = visit.number("version")
    if version is None:
        raise HTTPException(404)
    return version


@router.post("/desk/wires/{wire}/preview")
def preview_wire(request: Request, visit: Visitor, wire: int) -> Response:
    """The draft on the form, as readers would see it; saves nothing."""
    with visit.context.database.read() as tx:
        page = _read(tx, visit, _id(wire), draft=read_draft(visit))
    return HTMLResponse(render_preview(request, visit, page.wire, page.draft, page.cited))


@router.post("/desk/wires/{wire}/seen")
def see_coverage(visit: Visitor, wire: int) -> Response:
    """Say that one has looked at what joined after publication: the list stays short."""
    jobs.see_coverage(visit.context.database, visit.context.clock, _id(wire), editor=visit.who, address=visit.address)
    return see_other("/desk/wires" if visit.text("from") == "list" else f"/desk/wires/{wire}")


@router.post("/desk/wires/{wire}/revise")
def revise_wire(visit: Visitor, wire: int) -> Response:
    """Start an update, a correction or a retraction, or drop one that nobody has seen."""
    database, clock = visit.context.database, visit.context.clock
    match visit.text("kind"):
        case "update" | "correction" | "retraction" as kind:
            jobs.start_revision(
                database,
                clock,
                _id(wire),
                editor=visit.who,
                kind=RevisionKind(kind),
                address=visit.address,
                register=visit.context.index.owners,
            )
        case "discard":
            jobs.discard_draft(
                database, clock, _id(wire), editor=visit.who, version_seen=_version(visit), address=visit.address
            )
        case _:
            raise IllegalDecision("There is no such action. Nothing was changed.")
    return see_other(f"/desk/wires/{wire}")


# --- reading the form ---------------------------------------------------------------------------------------------


def read_draft(visit: Visit) -> Draft:
    """The draft as typed; what cannot be read as a date or a level is left empty, and then said to be missing."""
    severity, standard = visit.text("severity"), visit.text("standard")
    return Draft(
        headline=visit.text("headline"),
        severity=Severity(severity) if severity in set(Severity) else None,
        providers=visit.texts("providers"),
        occurred_on=_date(visit.text("occurred_on")),
        body=visit.text("body"),
        rationale=visit.text("rationale"),
        counterfactual=visit.text("counterfactual"),
        codes=visit.texts("codes"),
        sources=tuple(ArticleId(int(a)) for a in visit.texts("sources") if a.isascii() and a.isdigit() and len(a) < 10),
        note=visit.text("note"),
        standard=SourcingStandard(standard) if standard in set(SourcingStandard) else None,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(wire: int) -> WireId:
    if not 0 < wire < 2**31:
        raise HTTPException(404)
    return WireId(wire)


# --- showing ------------------------------------------------------------------------------------------------------


def _read(
    tx: Transaction,
    visit: Visit,
    wire: WireId,
    *,
    draft: Draft | None = None,
    problem: str = "",
    theirs: tuple[tuple[str, str, str], ...] = (),
) -> WirePage:
    found = get_wire(tx, wire)
    last = found.revisions[-1]
    shown = jobs.tidy(draft) if draft is not None else last.draft
    index = visit.context.index
    return WirePage(
        wire=found,
        last=last,
        draft=draft if draft is not None else last.draft,
        members=list_citable(tx, found),
        missing=jobs.missing_from(tx, found, visit.context.codebook, index, now=visit.context.clock.now(), draft=shown),
        cited=jobs.cite_wire(tx, found, draft=shown, register=index.owners),
        late=find_late(tx, found),
        problem=problem,
        theirs=theirs,
    )


def _stale(request: Request, visit: Visit, wire: WireId, draft: Draft, problem: str) -> HTMLResponse:
    """Both versions side by side, the editor's own text still in the form (D10)."""
    with visit.context.database.read() as tx:
        saved = get_wire(tx, wire).revisions[-1].draft
        page = _read(tx, visit, wire, draft=draft, problem=problem, theirs=differences(saved, jobs.tidy(draft)))
    if is_part(request, "saved"):
        return _show(request, visit, page, template="desk/_saved.html")
    return _show(request, visit, page, status=409)


def differences(saved: Draft, typed: Draft) -> tuple[tuple[str, str, str], ...]:
    """The fields in which two drafts differ: label, what is saved, what was typed."""
    return tuple(
        (LABELS[f.name], _words(getattr(saved, f.name)), _words(getattr(typed, f.name)))
        for f in fields(Draft)
        if getattr(saved, f.name) != getattr(typed, f.name)
    )


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _show(
    request: Request, visit: Visit, page: WirePage, *, status: int = 200, template: str = "desk/wire.html"
) -> HTMLResponse:
    is_whole = template == "desk/wire.html"
    return desk_page(
        request,
        visit,
        template,
        status=status,
        page=page,
        labels=LABELS,
        severities=tuple(Severity),
        standards=tuple(SourcingStandard),
        providers_chosen=_chosen(visit, page.draft),
        providers_others=tuple(p for p in visit.context.providers if p.id not in page.draft.providers),
        mechanisms=_usable(visit.context.codebook.mechanisms, page.draft),
        failures=_usable(visit.context.codebook.failures, page.draft),
        guide=guide_parts(visit.context.guide) if is_whole else {},
        preview=render_preview(request, visit, page.wire, page.draft, page.cited) if is_whole else "",
    )


def _chosen(visit: Visit, draft: Draft) -> tuple[Provider, ...]:
    known = {p.id: p for p in visit.context.providers}
    return tuple(known.get(p) or Provider(id=p, name=p) for p in draft.providers)


def _usable(codes: tuple[Code, ...], draft: Draft) -> tuple[Code, ...]:
    return tuple(c for c in codes if not c.is_retired or c.id in draft.codes)


def guide_parts(guide: str) -> dict[str, str]:
    """Field → safe HTML of the Editor's Guide paragraph beside it: the section whose anchor is the field's name."""
    sections = guide_sections(guide)
    anchors = {field: _ANCHORS.get(field, field) for field in LABELS}
    return {field: render_guide(sections[anchor]) for field, anchor in anchors.items() if anchor in sections}


_ANCHORS = {"sources": "standard"}
