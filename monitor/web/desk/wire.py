"""Wires: the list, and the form an editor writes one in, with its preview, suggestions and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from monitor.errors import IllegalDecision, StaleDecision, Unpublishable
from monitor.jobs import wires as jobs
from monitor.jobs.suggestions import record_taken, suggest_for, take_over
from monitor.jobs.ties import Recusal, find_recusal
from monitor.model import (
    Code,
    Confidence,
    Draft,
    Joined,
    MachineAsk,
    Member,
    Missing,
    ModelEndpoint,
    Provider,
    Revision,
    RevisionStatus,
    Role,
    Severity,
    SourcingStandard,
    Suggestion,
    Wire,
    WireId,
    WireNote,
)
from monitor.stages.butfor import draft_prose
from monitor.stages.check import RULES
from monitor.stages.codebook import guide_sections
from monitor.stages.markup import render_guide
from monitor.stages.merge import merge_drafts
from monitor.stages.revise import NOTED, Cited, sources_of
from monitor.stages.suggest import as_sentence, open_suggestions, unread
from monitor.store.database import Transaction
from monitor.store.late import Late, find_late, list_growing
from monitor.store.machine import find_ask
from monitor.store.people import list_editors
from monitor.store.wires import draft_to_json, get_wire, list_citable, list_in_work, list_wires, load_wires
from monitor.store.writing import list_mentions, list_notes
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.preview import render_preview
from monitor.web.desk.wire_form import (
    LABELS,
    differences,
    form_values,
    instant_of,
    local_instant,
    read_base,
    read_draft,
    unknown_provider,
)
from monitor.web.pages import clock_time, desk_page, fill, full_time, see_other

LISTED = 50
OFFERED_NAMES = 400  # of providers, while a name is typed; any other of the register can be typed as well

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class WirePage:
    """What the wire form shows."""

    wire: Wire
    last: Revision
    draft: Draft  # as on the form: saved, or just refused
    members: tuple[Member, ...]  # what may be cited
    findings: tuple[Missing, ...]
    suggestions: tuple[Suggestion, ...]  # whose value is not in the draft
    cited: Cited
    notes: tuple[WireNote, ...]
    names: tuple[str, ...]  # of the other editors
    recusal: Recusal | None  # of this editor, by the providers that are saved
    foreseen: Recusal | None  # by those that its articles name
    wants_reader: bool
    is_called: bool  # a note mentions this editor
    may_write: bool  # a reader of the desk looks on
    late: Late | None = None  # what joined since readers saw it
    endpoint: ModelEndpoint
    machine: MachineAsk | None = None  # what a language model was asked last
    problem: str = ""
    theirs: tuple[tuple[str, str, str], ...] = ()  # field, what was saved meanwhile, what was typed here
    unknown: str = ""  # a provider's name as typed, which the register does not have

    @property
    def offered(self) -> tuple[Member, ...]:
        """What came later and is no source yet: since readers saw the wire, or since its first draft was opened."""
        if self.late is not None or self.wire.published is not None:
            return () if self.late is None else self.late.members
        sources, opened_at = self.draft.sources, self.wire.accepted_at
        later = (m for m in self.members if m.added_at > opened_at and m.joined is not Joined.MENTION)
        return tuple(m for m in later if sources and m.article.id not in sources)

    @property
    def may_act(self) -> bool:
        """Whether this editor may change the wire: where a tie forbids it, only what was typed before is shown."""
        return self.may_write and (self.recusal is None or bool(self.problem))

    @property
    def is_draft(self) -> bool:
        """Whether there is something to write, for who may."""
        return self.may_act and self.last.status is RevisionStatus.DRAFT

    def release_words(self, who: str) -> str:
        """What the button does that ends the writing, for `who`."""
        if not self.wants_reader or self.last.editor != who:
            return "Publish wire"
        return "Waits for a second reader" if self.last.asked_by else "Ask for a second reader"

    @property
    def needs_note(self) -> bool:
        """Whether readers are owed a note."""
        return self.last.kind in NOTED

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What holds the wire back."""
        return tuple(m for m in self.findings if m.is_blocking)

    @property
    def doubts(self) -> tuple[Missing, ...]:
        """What is only said."""
        return tuple(m for m in self.findings if not m.is_blocking)

    @property
    def first_missing(self) -> tuple[Missing, ...]:
        """One thing a field: the foot jumps to fields, the list says the rest."""
        return tuple({m.field: m for m in reversed(self.missing)}.values())[::-1]

    @property
    def written(self) -> frozenset[str]:
        """Fields that hold something: what is wrong with them is said in full."""
        return frozenset(f.name for f in fields(Draft) if getattr(self.draft, f.name))

    @property
    def missing_fields(self) -> frozenset[str]:
        """Names of the fields at fault."""
        return frozenset(m.field for m in self.missing)

    @property
    def is_unread(self) -> bool:
        """Whether no article is in a language whose words suggest anything."""
        return self.is_draft and unread(sources_of(self.draft, self.members))

    def words_of(self, suggestion: Suggestion) -> str:
        """A suggested value as an editor reads it."""
        return as_sentence(suggestion) if suggestion.field == "but_for" else suggestion.value

    @property
    def prose(self) -> str:
        """What the but-for test says, drafted from its data."""
        return "" if self.draft.but_for is None else draft_prose(self.draft.but_for)


@router.get("/desk/wires")
def show_wires(request: Request, visit: Visitor) -> Response:
    """What calls for this editor, what is in work, what has grown since readers saw it, then what they see."""
    with visit.context.database.read() as tx:
        notes = list_mentions(tx, visit.who)
        called = {w.id: w for w in load_wires(tx, [n.wire for n in notes])}
        mentions = [(note, called[note.wire]) for note in notes]
        in_work = list_in_work(tx)
        growing = list_growing(tx)
        published = tuple(w for w in list_wires(tx, limit=LISTED) if w.published is not None)
    return desk_page(
        request,
        visit,
        "desk/wires.html",
        mentions=mentions,
        in_work=in_work,
        growing=growing,
        published=published,
        may_write=visit.editor.role.may(Role.EDITOR),
    )


@router.get("/desk/guide")
def show_guide(request: Request, visit: Visitor) -> Response:
    """What the Editor's Guide says of each field: the form has the first, and fetches the others once."""
    return desk_page(request, visit, "desk/_guide.html", guide=guide_parts(visit.context.guide))


@router.get("/desk/wires/{wire}")
def show_wire(request: Request, visit: Visitor, wire: int) -> Response:
    """The form while there is a draft, else the wire as published with what can be done to it."""
    with visit.context.database.read() as tx:
        page = read_page(tx, visit, wire_id(wire))
    return show_page(request, visit, page)


# --- saving -------------------------------------------------------------------------------------------------------


@router.post("/desk/wires/{wire}")
def save_wire(request: Request, visit: Visitor, wire: int) -> Response:
    """Save the draft; with `do=publish` also release it, with `do=draft-test` also draft its but-for prose, with
    `take` also take a suggestion over."""
    number, draft = wire_id(wire), read_draft(visit)
    is_script = request.headers.get("accept", "") == "application/json"
    merged: tuple[str, ...] = ()
    try:
        draft = _as_asked(visit, draft)
        try:
            revision = _save(visit, number, draft)
        except StaleDecision:
            revision, merged = _merged(visit, number, draft)
        if visit.text("take"):
            _record_taken(visit, revision)
        if (unknown := unknown_provider(visit)) and not is_script:
            return _unknown(request, visit, number, unknown)
        if visit.text("do") == "publish":
            _release(visit, number, revision)
            return see_other(f"/desk/wires/{number}")
    except StaleDecision as error:
        return _stale(request, visit, number, draft, str(error), is_script=is_script)
    except (IllegalDecision, Unpublishable) as error:
        return _refused(request, visit, number, draft, error, is_script=is_script)
    return _saved(request, visit, number, merged) if is_script else see_other(f"/desk/wires/{number}")


def _as_asked(visit: Visit, draft: Draft) -> Draft:
    """The draft with what a button adds to it."""
    field, _, value = visit.text("take").partition(" ")
    if field:
        draft = take_over(draft, field, value)
    if visit.text("do") == "draft-test" and draft.but_for is not None and (prose := draft_prose(draft.but_for)):
        own = draft.counterfactual.strip()
        draft = replace(draft, counterfactual=prose if not own or own == prose else f"{prose}\n\n{own}")
    return draft


def _save(visit: Visit, wire: WireId, draft: Draft) -> Revision:
    """Save; the same text sent twice by one hand is saved once (D10), and one that nobody changed stays whose it is."""
    with visit.context.database.read() as tx:
        last = get_wire(tx, wire).revisions[-1]
    is_seen = last.status is RevisionStatus.DRAFT and last.version == _version(visit)
    if is_seen and last.draft == jobs.tidy(draft):
        return last
    steps = 1 if last.status is RevisionStatus.DRAFT else 2  # a save, a release, or both
    is_repeated = 0 < last.version - _version(visit) <= steps and visit.who in (last.editor, last.reader)
    if is_repeated and last.draft == jobs.tidy(draft):
        return last
    return _keep(visit, wire, draft, _version(visit))


def _keep(visit: Visit, wire: WireId, draft: Draft, version: int) -> Revision:
    return jobs.save_draft(
        visit.context.database,
        visit.context.clock,
        wire,
        editor=visit.who,
        draft=draft,
        version_seen=version,
        register=visit.context.index.owners,
    )


def _merged(visit: Visit, wire: WireId, draft: Draft) -> tuple[Revision, tuple[str, ...]]:
    """Both texts in one, where the page says what it began with and both did not change the same; else StaleDecision.

    Only a page that lost its connection says so: whoever collides while both are there compares.
    """
    with visit.context.database.read() as tx:
        last = get_wire(tx, wire).revisions[-1]
    base = read_base(visit)
    if base is None or last.status is not RevisionStatus.DRAFT:
        raise StaleDecision(_who_saved(last))
    merged = merge_drafts(jobs.tidy(base), jobs.tidy(draft), last.draft)
    if merged.conflicts:
        named = ", ".join(LABELS[name] for name in merged.conflicts)
        raise StaleDecision(f"{_who_saved(last)} You both changed: {named}.")
    return _keep(visit, wire, merged.draft, last.version), (last.editor, *(LABELS[name] for name in merged.taken))


def _who_saved(last: Revision) -> str:
    return f"{last.editor} saved this draft meanwhile. Your text was not saved: compare, then save again."


def _record_taken(visit: Visit, revision: Revision) -> None:
    field, _, value = visit.text("take").partition(" ")
    context = visit.context
    with context.database.write() as tx:
        offered = suggest_for(tx, get_wire(tx, revision.wire), context.codebook, context.index)
        found = next((s for s in offered if (s.field, s.value) == (field, value)), None)
        if found is not None:
            record_taken(tx, revision, found, editor=visit.who, now=context.clock.now())


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
        publish_at=instant_of(visit.text("publish_at")),
    )


def _version(visit: Visit) -> int:
    version = visit.number("version")
    if version is None:
        raise HTTPException(404)
    return version


def _saved(request: Request, visit: Visit, wire: WireId, merged: tuple[str, ...]) -> Response:
    """What the page has to know after it was saved without a reload."""
    with visit.context.database.read() as tx:
        page = read_page(tx, visit, wire)
    words = f"Saved {clock_time(page.last.saved_at)}"
    if merged:
        who, *what = merged
        words = f"{words}, together with what {who} changed meanwhile: {', '.join(what).lower() or 'nothing else'}"
    unknown = unknown_provider(visit)
    return JSONResponse({"words": words, "is_merged": bool(merged), "unknown": unknown, **_parts(request, visit, page)})


def _parts(request: Request, visit: Visit, page: WirePage) -> dict[str, object]:
    """The parts of the page that follow what is written, and the values in its form."""
    shown = {
        "page": page,
        "visit": visit,
        "labels": LABELS,
        "rules": RULES,
        "guide_html": _rule_texts(visit.context.guide),
    }
    shown["provider_names"] = _names(visit)
    return {
        "version": page.last.version,
        "draft": draft_to_json(page.last.draft),
        "providers": [(p.id, p.name) for p in _chosen(visit, page.last.draft)],
        "values": form_values(page.last.draft),
        "missing": fill(request, "desk/_missing.html", **shown),
        "check": fill(request, "desk/_check.html", **shown),
        "fields": sorted(page.missing_fields),
        "suggestions": {field: fill(request, "desk/_suggested.html", field=field, **shown) for field in SUGGESTED},
        "prose": page.prose,
        "release": page.release_words(visit.who),
        "standard": page.cited.standard.value,
    }


SUGGESTED = ("headline", "severity", "occurred_on", "providers", "codes", "but_for")


def _stale(request: Request, visit: Visit, wire: WireId, draft: Draft, problem: str, *, is_script: bool) -> Response:
    """Both versions side by side, the editor's own text still in the form (D10)."""
    with visit.context.database.read() as tx:
        last = get_wire(tx, wire).revisions[-1]
        page = read_page(
            tx, visit, wire, draft=draft, problem=problem, theirs=differences(last.draft, jobs.tidy(draft))
        )
    if is_script:
        return JSONResponse({"problem": problem, "by": last.editor}, status_code=409)
    return show_page(request, visit, replace(page, unknown=unknown_provider(visit)), status=409)


def _refused(
    request: Request, visit: Visit, wire: WireId, draft: Draft, error: Exception, *, is_script: bool
) -> Response:
    is_unfit = isinstance(error, Unpublishable)
    words = "Saved, but not published: something is missing." if is_unfit else str(error)
    status = 422 if is_unfit else 409
    if is_script:
        return JSONResponse({"problem": words, "by": ""}, status_code=status)
    with visit.context.database.read() as tx:
        page = read_page(tx, visit, wire, draft=draft, problem=words)
    return show_page(request, visit, replace(page, unknown=unknown_provider(visit)), status=status)


def _unknown(request: Request, visit: Visit, wire: WireId, name: str) -> Response:
    """Saved, all but a provider that the register does not have: nothing is published without it by mistake."""
    problem = f"Saved, all but one provider: the register has none that is called “{name}”."
    with visit.context.database.read() as tx:
        page = replace(read_page(tx, visit, wire, problem=problem), unknown=name)
    return show_page(request, visit, page, status=422)


@router.post("/desk/wires/{wire}/preview")
def preview_wire(visit: Visitor, wire: int) -> Response:
    """The draft on the form, as readers would see it; saves nothing."""
    with visit.context.database.read() as tx:
        found = get_wire(tx, wire_id(wire))
        draft = read_draft(visit)
        cited = jobs.cite_wire(tx, found, draft=jobs.tidy(draft), register=visit.context.index.owners)
    return HTMLResponse(render_preview(visit, found, draft, cited))


def wire_id(wire: int) -> WireId:
    """The number of an address as an id; 404 for what none can be."""
    if not 0 < wire < 2**31:
        raise HTTPException(404)
    return WireId(wire)


# --- showing ------------------------------------------------------------------------------------------------------


def read_page(
    tx: Transaction,
    visit: Visit,
    wire: WireId,
    *,
    draft: Draft | None = None,
    problem: str = "",
    theirs: tuple[tuple[str, str, str], ...] = (),
) -> WirePage:
    """Everything that the page of a wire shows."""
    found, context = get_wire(tx, wire), visit.context
    last = found.revisions[-1]
    shown = jobs.tidy(draft) if draft is not None else last.draft
    may_write = visit.editor.role.may(Role.EDITOR)
    is_writing = may_write and last.status is RevisionStatus.DRAFT
    members = list_citable(tx, found)
    offered = (
        suggest_for(tx, found, context.codebook, context.index, draft=shown, members=members) if is_writing else ()
    )
    called = list_mentions(tx, visit.who)
    recusal = find_recusal(tx, visit.who, last.draft.providers) if may_write else None
    return WirePage(
        wire=found,
        last=last,
        draft=draft if draft is not None else last.draft,
        members=members,
        findings=jobs.check_wire(
            tx, found, context.codebook, context.index, now=context.clock.now(), draft=shown, members=members
        ),
        suggestions=open_suggestions(offered, shown),
        cited=jobs.cite_wire(tx, found, draft=shown, register=context.index.owners, members=members),
        may_write=may_write,
        notes=list_notes(tx, wire),
        names=tuple(e.name for e in list_editors(tx) if not e.is_disabled and e.name != visit.who),
        recusal=recusal,
        foreseen=None if recusal else find_recusal(tx, visit.who, _named(last.draft, offered)),
        wants_reader=jobs.wants_reader(last, context.codebook),
        is_called=any(n.wire == wire for n in called),
        late=find_late(tx, found),
        endpoint=context.settings.language_model,
        machine=None if found.candidate is None else find_ask(tx, found.candidate),
        problem=problem,
        theirs=theirs,
    )


def _named(draft: Draft, offered: Sequence[Suggestion]) -> tuple[str, ...]:
    """Providers that its articles name, and that may come to stand in the draft."""
    return tuple(s.value for s in offered if s.field == "providers" and s.value not in draft.providers)


def show_page(request: Request, visit: Visit, page: WirePage, *, status: int = 200) -> HTMLResponse:
    """The page of a wire."""
    return desk_page(
        request,
        visit,
        "desk/wire.html",
        status=status,
        page=page,
        labels=LABELS,
        rules=RULES,
        severities=tuple(Severity),
        standards=tuple(SourcingStandard),
        confidences=tuple(Confidence),
        embargo=local_instant(page.draft.embargo_until),
        base=draft_to_json(page.last.draft),
        providers_chosen=_chosen(visit, page.draft),
        providers_others=tuple(p.name for p in visit.context.providers if p.id not in page.draft.providers)[
            :OFFERED_NAMES
        ],
        mechanisms=_usable(visit.context.codebook.mechanisms, page.draft),
        failures=_usable(visit.context.codebook.failures, page.draft),
        guide=dict(list(guide_parts(visit.context.guide).items())[:1]),
        guide_html=_rule_texts(visit.context.guide),
        provider_names=_names(visit),
        preview=render_preview(visit, page.wire, page.draft, page.cited),
        due=None if page.last.due_at is None else full_time(page.last.due_at),
    )


def _names(visit: Visit) -> dict[str, str]:
    return {p.id: p.name for p in visit.context.providers}


def _chosen(visit: Visit, draft: Draft) -> tuple[Provider, ...]:
    known = {p.id: p for p in visit.context.providers}
    return tuple(known.get(p) or Provider(id=p, name=p) for p in draft.providers)


def _usable(codes: tuple[Code, ...], draft: Draft) -> tuple[Code, ...]:
    return tuple(c for c in codes if not c.is_retired or c.id in draft.codes)


@lru_cache(maxsize=4)
def guide_parts(guide: str) -> dict[str, str]:
    """Field → safe HTML of the Editor's Guide paragraph beside it: the section whose anchor is the field's name."""
    sections = guide_sections(guide)
    anchors = {field: _ANCHORS.get(field, field) for field in LABELS}
    return {field: render_guide(sections[anchor]) for field, anchor in anchors.items() if anchor in sections}


@lru_cache(maxsize=4)
def _rule_texts(guide: str) -> dict[str, str]:
    """Rule of the check → safe HTML of the guide's section about it, where this newsroom's guide has one."""
    sections = guide_sections(guide)
    return {name: render_guide(sections[name].partition("\n")[2]) for name in RULES if name in sections}


_ANCHORS = {"sources": "standard", "but_for": "but-for"}
