"""Wires and their revisions as editors work on them, and what was fixed when the newsroom was founded.

Status moves one way: draft → released → published. A published revision is frozen (a trigger refuses any change); what
readers ask of published wires is in `store.published`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, literal, or_, select
from sqlalchemy.orm import Session as Transaction

from monitor.errors import IllegalDecision, StaleDecision, Unknown
from monitor.model import (
    Article,
    ArticleId,
    ButFor,
    CandidateId,
    Citation,
    Confidence,
    Draft,
    Joined,
    Manner,
    Member,
    Newsroom,
    Origin,
    Passage,
    PublisherId,
    Rationale,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Tier,
    Wire,
    WireId,
)
from monitor.store.articles import list_articles
from monitor.store.database import insert_new
from monitor.store.editions import append_edition, find_facets
from monitor.store.grouping import list_members
from monitor.store.tables import CandidateRow, NewsroomRow, RevisionRow, WireCodeRow, WireProviderRow, WireRow

_CHUNK = 500
# Said as the index of the few that are not published says it: as a value, it would be no reason to use that index.
_IS_UNSEEN = RevisionRow.status != literal(RevisionStatus.PUBLISHED.value, literal_execute=True)


# --- the newsroom -----------------------------------------------------------------------------------------------


def find_newsroom(tx: Transaction) -> Newsroom | None:
    """What was fixed at the founding, if the newsroom has been founded."""
    row = tx.get(NewsroomRow, 1)
    if row is None:
        return None
    return Newsroom(tag_authority=row.tag_authority, founded_on=row.founded_on, founded_at=row.founded_at)


def get_newsroom(tx: Transaction) -> Newsroom:
    """What was fixed at the founding; raises Unknown before it."""
    found = find_newsroom(tx)
    if found is None:
        raise Unknown("The newsroom has not been founded yet: start it once with monitor run, or publish something.")
    return found


def found_newsroom(tx: Transaction, *, tag_authority: str, now: datetime) -> Newsroom:
    """Fix the authority and the day in all permanent ids, once for ever; later calls change nothing (O3)."""
    if find_newsroom(tx) is None:
        row = {"id": 1, "tag_authority": tag_authority, "founded_on": now.date(), "founded_at": now}
        insert_new(tx, NewsroomRow, [row])
    return get_newsroom(tx)


# --- opening a wire ---------------------------------------------------------------------------------------------


def add_wire(
    tx: Transaction,
    *,
    tag: str,
    slug: str,
    candidate: CandidateId | None,
    draft: Draft,
    editor: str,
    manner: Manner,
    archive_id: str | None = None,
    now: datetime,
) -> WireId:
    """A new wire with its first draft; `tag` and `slug` never change (O3)."""
    row = WireRow(
        tag=tag,
        slug=slug,
        candidate_id=candidate,
        accepted_at=now,
        accepted_by=editor,
        archive_id=archive_id,
    )
    tx.add(row)
    tx.flush()
    wire = WireId(row.id)
    _insert_revision(tx, wire, number=1, kind=RevisionKind.FIRST, draft=draft, editor=editor, manner=manner, now=now)
    return wire


def _insert_revision(
    tx: Transaction,
    wire: WireId,
    *,
    number: int,
    kind: RevisionKind,
    draft: Draft,
    editor: str,
    manner: Manner,
    now: datetime,
) -> None:
    tx.add(
        RevisionRow(
            wire_id=wire,
            number=number,
            kind=kind.value,
            status=RevisionStatus.DRAFT.value,
            draft=draft_to_json(draft),
            manner=manner.value,
            editor=editor,
            saved_at=now,
            version=1,
            standard=SourcingStandard.SINGLE_SOURCE.value,
            source_count=0,
            citations=[],
        )
    )
    tx.flush()


# --- reading ----------------------------------------------------------------------------------------------------


def find_wire(tx: Transaction, wire: WireId) -> Wire | None:
    """One wire, withdrawn ones too."""
    found = load_wires(tx, [wire])
    return found[0] if found else None


def get_wire(tx: Transaction, wire: WireId) -> Wire:
    """One wire, withdrawn ones too; raises Unknown."""
    found = find_wire(tx, wire)
    if found is None:
        raise Unknown(f"There is no wire {wire}.")
    return found


def find_wire_of_candidate(tx: Transaction, candidate: CandidateId) -> Wire | None:
    """The wire that a candidate was accepted as, unless it was withdrawn."""
    query = select(WireRow.id).where(WireRow.candidate_id == candidate, WireRow.withdrawn_at.is_(None))
    found = tx.scalar(query.order_by(WireRow.id.desc()).limit(1))
    return None if found is None else get_wire(tx, WireId(found))


def find_wire_by_archive_id(tx: Transaction, archive_id: str) -> WireId | None:
    """The wire that came from that line of an imported archive."""
    found = tx.scalar(select(WireRow.id).where(WireRow.archive_id == archive_id))
    return None if found is None else WireId(found)


def list_wires(tx: Transaction, *, limit: int = 100, offset: int = 0) -> tuple[Wire, ...]:
    """All wires that were not withdrawn, drafts too, newest acceptance first."""
    query = select(WireRow.id).where(WireRow.withdrawn_at.is_(None)).order_by(WireRow.id.desc())
    return load_wires(tx, tx.scalars(query.limit(limit).offset(offset)).all())


def list_in_work(tx: Transaction, *, limit: int = 100) -> tuple[Wire, ...]:
    """Wires with a revision that readers do not see yet, the one saved last first; `limit` of them."""
    query = (
        select(WireRow.id)
        .join(RevisionRow, RevisionRow.wire_id == WireRow.id)
        .where(WireRow.withdrawn_at.is_(None), _IS_UNSEEN)
        .order_by(RevisionRow.saved_at.desc(), WireRow.id.desc())
        .limit(limit)
    )
    return load_wires(tx, tx.scalars(query).all())


def list_released(tx: Transaction, *, due_by: datetime | None = None) -> tuple[WireId, ...]:
    """Wires with a released revision that is not published yet, oldest release first: the work of `publish`.

    `due_by` leaves out what is to appear later than that.
    """
    query = (
        select(RevisionRow.wire_id)
        .join(WireRow, WireRow.id == RevisionRow.wire_id)
        .where(_IS_UNSEEN, RevisionRow.status == RevisionStatus.RELEASED.value, WireRow.withdrawn_at.is_(None))
        .order_by(RevisionRow.saved_at, RevisionRow.wire_id)
    )
    if due_by is not None:
        query = query.where(or_(RevisionRow.due_at.is_(None), RevisionRow.due_at <= due_by))
    return tuple(WireId(w) for w in tx.scalars(query))


def list_citable(tx: Transaction, wire: Wire) -> tuple[Member, ...]:
    """The articles of all candidates on this wire, oldest first, then whatever else its revisions may cite."""
    query = select(CandidateRow.id).where(or_(CandidateRow.wire_id == wire.id, CandidateRow.id == wire.candidate))
    members: dict[ArticleId, Member] = {}
    for candidate in sorted(tx.scalars(query)):
        for member in list_members(tx, CandidateId(candidate)):
            members.setdefault(member.article.id, member)
    named = dict.fromkeys(a for r in wire.revisions for a in r.draft.sources)
    for article in list_articles(tx, [a for a in named if a not in members]):
        members[article.id] = _alone(article)
    return tuple(sorted(members.values(), key=lambda m: (m.article.told_at, m.article.id)))


def _alone(article: Article) -> Member:
    return Member(
        article=article,
        joined=Joined.OPENED,
        copy_of=None,
        nearest=None,
        similarity=0.0,
        reason="A source of the wire itself.",
        added_at=article.first_seen_at,
    )


def find_wire_by_name(tx: Transaction, name: str) -> Wire | None:
    """The wire of this number, slug or tag."""
    by = WireRow.id == int(name) if name.isascii() and name.isdigit() and len(name) < 10 else WireRow.slug == name
    if name.startswith("tag:"):
        by = WireRow.tag == name
    found = tx.scalar(select(WireRow.id).where(by, WireRow.withdrawn_at.is_(None)))
    return None if found is None else get_wire(tx, WireId(found))


def load_wires(tx: Transaction, ids: Sequence[int]) -> tuple[Wire, ...]:
    """The wires of these ids with all their revisions, in this order; unknown ids are left out."""
    revisions: dict[int, list[Revision]] = {}
    rows: dict[int, WireRow] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows.update((r.id, r) for r in tx.scalars(select(WireRow).where(WireRow.id.in_(chunk))))
        query = select(RevisionRow).where(RevisionRow.wire_id.in_(chunk)).order_by(RevisionRow.number)
        for row in tx.scalars(query.execution_options(populate_existing=True)):
            revisions.setdefault(row.wire_id, []).append(_revision(row))
    return tuple(_wire(rows[i], revisions.get(i, [])) for i in dict.fromkeys(ids) if i in rows)


# --- writing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a draft cites, counted: shown beside it, and frozen with publication."""

    standard: SourcingStandard
    source_count: int


def record_draft(
    tx: Transaction,
    wire: WireId,
    *,
    draft: Draft,
    editor: str,
    manner: Manner,
    count: Count,
    version_seen: int | None,
    now: datetime,
) -> None:
    """Save `draft` over the wire's draft revision; raises StaleDecision, IllegalDecision."""
    row = _draft_row(tx, wire, version_seen)
    row.draft, row.editor, row.manner, row.saved_at = draft_to_json(draft), editor, manner.value, now
    row.standard, row.source_count = count.standard.value, count.source_count
    row.asked_by = row.asked_at = None  # another text: whoever is to read it second reads this one
    row.version += 1
    tx.flush()


def record_asked(tx: Transaction, wire: WireId, *, editor: str, version_seen: int | None, now: datetime) -> None:
    """The draft waits for a second reader; raises StaleDecision, IllegalDecision."""
    row = _draft_row(tx, wire, version_seen)
    row.asked_by, row.asked_at = editor, now
    tx.flush()


def record_sent_back(tx: Transaction, wire: WireId) -> None:
    """The draft waits for nobody any more."""
    row = _draft_row(tx, wire, None)
    row.asked_by = row.asked_at = None
    tx.flush()


def record_recall(tx: Transaction, wire: WireId, *, now: datetime) -> None:
    """Make a draft again of what is released and that no reader has seen; raises IllegalDecision."""
    lock_released(tx, wire)
    row = _last_row(tx, wire)
    row.status, row.due_at, row.reader = RevisionStatus.DRAFT.value, None, None
    row.saved_at = now
    row.version += 1
    tx.flush()


def record_release(
    tx: Transaction,
    wire: WireId,
    *,
    editor: str,
    version_seen: int | None,
    now: datetime,
    publish_as_of: datetime | None = None,
    due_at: datetime | None = None,
    is_read: bool = False,
) -> None:
    """Hand the wire's draft to `publish`; raises StaleDecision, IllegalDecision.

    `publish_as_of`: a wire of the past comes with the instant at which it was first published. `due_at`: it is not to
    appear before. `is_read`: `editor` read what another wrote, whose text it stays.
    """
    row = _draft_row(tx, wire, version_seen)
    row.published_at, row.due_at = publish_as_of, due_at
    row.status, row.saved_at = RevisionStatus.RELEASED.value, now
    if is_read:
        row.reader = editor
    else:
        row.editor = editor
    row.version += 1
    tx.flush()


def add_revision(
    tx: Transaction, wire: WireId, *, kind: RevisionKind, draft: Draft, manner: Manner, editor: str, now: datetime
) -> None:
    """A new draft after the published revision; raises IllegalDecision while another is in work."""
    last = _last_row(tx, wire)
    if last.status != RevisionStatus.PUBLISHED.value:
        raise IllegalDecision(f"Revision {last.number} of wire {wire} is still {last.status}: finish or discard it.")
    _insert_revision(tx, wire, number=last.number + 1, kind=kind, draft=draft, editor=editor, manner=manner, now=now)


def discard_draft(tx: Transaction, wire: WireId, *, version_seen: int | None) -> None:
    """Drop a draft that no reader has seen, unless it is the first (that wire is withdrawn instead)."""
    row = _draft_row(tx, wire, version_seen)
    if row.number == 1:
        raise IllegalDecision("The first draft of a wire is not discarded: undo the acceptance instead.")
    tx.delete(row)
    tx.flush()


def withdraw_wire(tx: Transaction, wire: WireId, *, now: datetime) -> None:
    """Take back the acceptance of a wire that no reader has seen; raises IllegalDecision after publication."""
    row = tx.get(WireRow, wire, with_for_update=True)
    if row is None:
        raise Unknown(f"There is no wire {wire}.")
    if row.published_number is not None:
        raise IllegalDecision(f"Wire {wire} is published: it can be retracted, and nothing vanishes.")
    row.withdrawn_at = row.withdrawn_at or now
    tx.flush()


def lock_released(tx: Transaction, wire: WireId) -> None:
    """Hold the wire's released revision for this transaction; raises IllegalDecision where there is none (any more)."""
    row = _last_row(tx, wire)
    if row.status != RevisionStatus.RELEASED.value:
        raise IllegalDecision(f"Revision {row.number} of wire {wire} is {row.status}, not released.")


def record_publication(
    tx: Transaction,
    wire: WireId,
    *,
    citations: Sequence[Citation],
    count: Count,
    rationale: Rationale,
    origin: Origin | None,
    published_at: datetime,
) -> None:
    """Freeze the released revision with all that was computed, and move the wire's facets to it: the next edition."""
    lock_released(tx, wire)
    row, before = _last_row(tx, wire), find_facets(tx, wire)
    row.citations, row.rationale = [_plain(c) for c in citations], _plain(rationale)
    row.standard, row.source_count = count.standard.value, count.source_count
    row.signal_origin = None if origin is None else origin.value
    row.status, row.published_at = RevisionStatus.PUBLISHED.value, published_at
    top = tx.get_one(WireRow, wire)
    top.first_published_at = top.first_published_at or published_at
    top.revised_at, top.published_number = published_at, row.number
    top.is_retracted = row.kind == RevisionKind.RETRACTION.value
    draft = draft_from_json(row.draft)
    top.severity = None if draft.severity is None else draft.severity.value
    tx.flush()
    _replace_facets(tx, wire, draft)
    append_edition(tx, wire, before=before, at=published_at)


def _replace_facets(tx: Transaction, wire: WireId, draft: Draft) -> None:
    tx.execute(delete(WireProviderRow).where(WireProviderRow.wire_id == wire))
    tx.execute(delete(WireCodeRow).where(WireCodeRow.wire_id == wire))
    if draft.providers:
        tx.execute(insert(WireProviderRow), [{"wire_id": wire, "provider": p} for p in dict.fromkeys(draft.providers)])
    if draft.codes:
        tx.execute(insert(WireCodeRow), [{"wire_id": wire, "code": c} for c in dict.fromkeys(draft.codes)])


def _last_row(tx: Transaction, wire: WireId) -> RevisionRow:
    top = tx.get(WireRow, wire, with_for_update=True, populate_existing=True)
    if top is None:
        raise Unknown(f"There is no wire {wire}.")
    if top.withdrawn_at is not None:
        raise IllegalDecision(f"Wire {wire} was withdrawn before publication.")
    query = select(RevisionRow).where(RevisionRow.wire_id == wire).order_by(RevisionRow.number.desc()).limit(1)
    return tx.scalars(query.execution_options(populate_existing=True)).one()


def _draft_row(tx: Transaction, wire: WireId, version_seen: int | None) -> RevisionRow:
    row = _last_row(tx, wire)
    if row.status != RevisionStatus.DRAFT.value:
        raise IllegalDecision(
            f"Revision {row.number} of wire {wire} is {row.status}: start an update, a correction or a retraction."
        )
    if version_seen is not None and version_seen != row.version:
        raise StaleDecision(
            f"{row.editor} saved this draft meanwhile (you saw version {version_seen}, it is {row.version}). "
            "Your text was not saved: compare, then save again."
        )
    return row


# --- rows and nouns ---------------------------------------------------------------------------------------------


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """A draft as JSON keeps it; `draft_from_json` gives the same draft back."""
    return {f.name: _plain(getattr(draft, f.name)) for f in fields(Draft)}


def draft_from_json(value: Mapping[str, Any]) -> Draft:
    """The draft that `draft_to_json` wrote."""
    return Draft(
        **{
            **value,
            "severity": None if value["severity"] is None else Severity(value["severity"]),
            "providers": tuple(value["providers"]),
            "occurred_on": None if value["occurred_on"] is None else date.fromisoformat(value["occurred_on"]),
            "codes": tuple(value["codes"]),
            "sources": tuple(ArticleId(a) for a in value["sources"]),
            "standard": None if value["standard"] is None else SourcingStandard(value["standard"]),
            "but_for": _but_for(value.get("but_for")),
            "embargo_until": _instant(value.get("embargo_until")),
            "crosswalk": tuple(value.get("crosswalk", ())),
        }
    )


def _but_for(value: Mapping[str, Any] | None) -> ButFor | None:
    """None also for what was written before the test was kept as data."""
    if value is None:
        return None
    support, sure = value["support"], value["confidence"]
    return ButFor(
        **{
            **value,
            "support": None if support is None else ArticleId(support),
            "confidence": None if sure is None else Confidence(sure),
        }
    )


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {k: _plain(v) for k, v in asdict(value).items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _citations(values: Iterable[Mapping[str, Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            **{
                **value,
                "article": ArticleId(value["article"]),
                "publisher": PublisherId(value["publisher"]),
                "origin": Origin(value["origin"]),
                "tier": Tier(value["tier"]),
                "published_at": _instant(value["published_at"]),
                "passages": tuple(Passage(**p) for p in value.get("passages", ())),
            }
        )
        for value in values
    )


def _rationale(value: Mapping[str, Any] | None) -> Rationale | None:
    if value is None:
        return None
    return Rationale(
        **{
            **value,
            "classified_at": datetime.fromisoformat(value["classified_at"]),
            "manner": Manner(value["manner"]),
            "signal_origin": None if value["signal_origin"] is None else Origin(value["signal_origin"]),
            "but_for": _but_for(value.get("but_for")),
        }
    )


def _revision(row: RevisionRow) -> Revision:
    return Revision(
        wire=WireId(row.wire_id),
        number=row.number,
        kind=RevisionKind(row.kind),
        status=RevisionStatus(row.status),
        draft=draft_from_json(row.draft),
        manner=Manner(row.manner),
        editor=row.editor,
        saved_at=row.saved_at,
        version=row.version,
        standard=SourcingStandard(row.standard),
        source_count=row.source_count,
        citations=_citations(row.citations),
        rationale=_rationale(row.rationale),
        signal_origin=None if row.signal_origin is None else Origin(row.signal_origin),
        published_at=row.published_at,
        due_at=row.due_at,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        reader=row.reader,
    )


def _wire(row: WireRow, revisions: Sequence[Revision]) -> Wire:
    return Wire(
        id=WireId(row.id),
        tag=row.tag,
        slug=row.slug,
        candidate=None if row.candidate_id is None else CandidateId(row.candidate_id),
        accepted_at=row.accepted_at,
        accepted_by=row.accepted_by,
        first_published_at=row.first_published_at,
        is_retracted=row.is_retracted,
        revisions=tuple(revisions),
        withdrawn_at=row.withdrawn_at,
    )
