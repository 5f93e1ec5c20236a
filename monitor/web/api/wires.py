"""Wires: what is written, checked, released, corrected and taken back; and the registers they are classified by."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from monitor.errors import StaleDecision
from monitor.jobs import notes, wires
from monitor.model import (
    ArticleId,
    ButFor,
    Code,
    Confidence,
    Draft,
    Missing,
    Provider,
    Revision,
    RevisionKind,
    Severity,
    SourcingStandard,
    Wire,
    WireId,
    WireNote,
)
from monitor.stages.crosswalk import MOST, crosswalk_words
from monitor.store.changes import list_changed_wires
from monitor.store.wires import get_wire
from monitor.store.writing import list_notes
from monitor.web.api.keys import Call
from monitor.web.api.problems import Outdated
from monitor.web.api.values import (
    LARGEST,
    PLAIN,
    Asked,
    Cursor,
    Day,
    Id,
    Instant,
    Limit,
    Number,
    Page,
    Since,
    Version,
    page,
    read_place,
    write_place,
)

router = APIRouter()

LONGEST = 100_000  # characters of a text; the check says where that is too long
Word = Annotated[str, Field(max_length=200), PLAIN]
Prose = Annotated[str, Field(max_length=LONGEST), PLAIN]


class ButForIn(Asked):
    """The but-for test as data."""

    outcome: Prose = ""
    system: Prose = ""
    role: Prose = ""
    without: Prose = ""
    support: Number | None = None
    confidence: Confidence | None = None


class DraftIn(Asked):
    """What an editor writes: every part may still be missing."""

    headline: Annotated[str, Field(max_length=1000), PLAIN] = ""
    severity: Severity | None = None
    providers: Annotated[list[Word], Field(max_length=100, default_factory=list)]
    occurred_on: Day | None = None
    body: Prose = ""
    rationale: Prose = ""
    counterfactual: Prose = ""
    codes: Annotated[list[Word], Field(max_length=100, default_factory=list)]
    sources: Annotated[list[Number], Field(max_length=1000, default_factory=list)]
    note: Prose = ""
    standard: SourcingStandard | None = None
    but_for: ButForIn | None = None
    embargo_until: Instant | None = None
    crosswalk: Annotated[list[Word], Field(max_length=MOST, default_factory=list)]


def draft_of(given: DraftIn) -> Draft:
    """The noun."""
    test = given.but_for
    return Draft(
        headline=given.headline,
        severity=given.severity,
        providers=tuple(given.providers),
        occurred_on=given.occurred_on,
        body=given.body,
        rationale=given.rationale,
        counterfactual=given.counterfactual,
        codes=tuple(given.codes),
        sources=tuple(ArticleId(a) for a in given.sources),
        note=given.note,
        standard=given.standard,
        but_for=None
        if test is None
        else ButFor(
            outcome=test.outcome,
            system=test.system,
            role=test.role,
            without=test.without,
            support=None if test.support is None else ArticleId(test.support),
            confidence=test.confidence,
        ),
        embargo_until=given.embargo_until,
        crosswalk=crosswalk_words(" ".join(given.crosswalk)),
    )


# --- reading ------------------------------------------------------------------------------------------------------


@router.get("/wires")
def list_wires(call: Call, cursor: Cursor = None, limit: Limit = 50, changed_since: Since = None) -> Page[Wire]:
    """Every wire with all its revisions, in the order of its last change; one may come again on a later page."""
    with call.context.database.read() as tx:
        found = list_changed_wires(tx, since=changed_since, after=read_place(cursor), limit=limit)
    return page(found.things, write_place(found.next), now=call.context.machine.now())


@router.get("/wires/{wire}")
def read_wire(call: Call, wire: Id) -> Wire:
    """One wire with all its revisions; the last may be a draft."""
    with call.context.database.read() as tx:
        return get_wire(tx, WireId(wire))


@router.get("/wires/{wire}/check")
def check_wire(call: Call, wire: Id) -> list[Missing]:
    """What is missing in its last revision before readers may see it, and what is only doubtful."""
    context = call.context
    with context.database.read() as tx:
        found = get_wire(tx, WireId(wire))
        return list(wires.check_wire(tx, found, context.codebook, context.index, now=context.clock.now()))


@router.get("/providers")
def list_providers(call: Call) -> list[Provider]:
    """The register of providers."""
    return list(call.context.providers)


@router.get("/codes")
def list_codes(call: Call) -> list[Code]:
    """The codebook."""
    return list(call.context.codebook.codes)


# --- writing ------------------------------------------------------------------------------------------------------


class SaveIn(Asked):
    """A draft, whole, over the one of `version`."""

    draft: DraftIn
    version: Version


@router.put("/wires/{wire}/draft")
def save_draft(call: Call, wire: Id, wanted: SaveIn) -> Revision:
    """Save. Where somebody saved meanwhile, 409 has what they saved (`current`); yours was not kept."""
    context = call.context
    try:
        return wires.save_draft(
            context.database,
            context.clock,
            WireId(wire),
            editor=call.who,
            draft=draft_of(wanted.draft),
            version_seen=wanted.version,
            register=context.index.owners,
        )
    except StaleDecision as error:
        with context.database.read() as tx:
            current = get_wire(tx, WireId(wire)).revisions[-1]
        raise Outdated(error, current) from error


@router.delete("/wires/{wire}/draft")
def discard_draft(call: Call, wire: Id, version: Annotated[int, Query(ge=0, le=LARGEST)]) -> Wire:
    """Drop a later draft that no reader has seen."""
    context = call.context
    return wires.discard_draft(
        context.database, context.clock, WireId(wire), editor=call.who, version_seen=version, address=call.address
    )


class ReleaseIn(Asked):
    """The draft of `version`, at once or for a time."""

    version: Version
    publish_at: Instant | None = None


@router.post("/wires/{wire}/release")
def release(call: Call, wire: Id, wanted: ReleaseIn) -> Revision:
    """Hand the draft to readers, or ask for the second reader its severity wants; 409 says what is `missing`."""
    context = call.context
    return wires.release(
        context.database,
        context.clock,
        WireId(wire),
        editor=call.who,
        version_seen=wanted.version,
        codebook=context.codebook,
        providers=context.index,
        address=call.address,
        publish_at=wanted.publish_at,
    )


@router.post("/wires/{wire}/recall")
def recall(call: Call, wire: Id) -> Revision:
    """Make a draft again of what waits to be published."""
    return wires.recall(call.context.database, call.context.clock, WireId(wire), editor=call.who, address=call.address)


@router.post("/wires/{wire}/send-back")
def send_back(call: Call, wire: Id) -> Revision:
    """Not released by the second reader: it is its writer's again."""
    context = call.context
    return wires.send_back(context.database, context.clock, WireId(wire), editor=call.who, address=call.address)


class ReviseIn(Asked):
    """Why a published wire is written anew."""

    kind: Literal["update", "correction", "retraction", "restoration"]
    text_of: Number | None = Field(default=None, description="Begin with the text of that earlier revision.")


@router.post("/wires/{wire}/revisions", status_code=201)
def start_revision(call: Call, wire: Id, wanted: ReviseIn) -> Revision:
    """A new draft with the published text."""
    context = call.context
    return wires.start_revision(
        context.database,
        context.clock,
        WireId(wire),
        editor=call.who,
        kind=RevisionKind(wanted.kind),
        address=call.address,
        register=context.index.owners,
        text_of=wanted.text_of,
    )


@router.post("/wires/{wire}/seen")
def see_coverage(call: Call, wire: Id) -> Wire:
    """Say that somebody has looked at what joined after publication."""
    context = call.context
    return wires.see_coverage(context.database, context.clock, WireId(wire), editor=call.who, address=call.address)


@router.get("/wires/{wire}/notes")
def read_notes(call: Call, wire: Id) -> list[WireNote]:
    """What editors said to each other, which readers never see."""
    with call.context.database.read() as tx:
        get_wire(tx, WireId(wire))
        return list(list_notes(tx, WireId(wire)))


class NoteIn(Asked):
    """A note; @name calls somebody."""

    text: Annotated[str, Field(min_length=1, max_length=notes.LONGEST_NOTE), PLAIN]


@router.post("/wires/{wire}/notes", status_code=201)
def write_note(call: Call, wire: Id, wanted: NoteIn) -> WireNote:
    """Say something to the other editors."""
    context = call.context
    return notes.write_note(context.database, context.clock, WireId(wire), editor=call.who, text=wanted.text)
