"""Candidates as triage sees them: the queue, one candidate with all that hangs on it, and the decisions.

Decisions are only ever appended; whether one still stands is read from a later one that undoes it. A candidate's
status moves in `record_status`, called by the job that appends the decision, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, true

from monitor.errors import Unknown
from monitor.model import (
    ActionKind,
    ArticleId,
    Candidate,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Joined,
    Member,
    Origin,
    Severity,
    Sourcing,
    SourcingStandard,
    Standing,
    Tier,
    WireId,
)
from monitor.store.database import Transaction, settled
from monitor.store.evidence import list_evidence
from monitor.store.grouping import list_members, list_standings, read_cues, waits_again_at
from monitor.store.tables import CandidateRow, DecisionRow, MembershipRow

Order = Literal["urgent", "newest"]

LARGEST_ID = 2**31 - 1  # what both databases can compare an id with
_UNDECIDED = (CandidateStatus.OPEN, CandidateStatus.SNOOZED)
_PLACES = CandidateRow.metadata.tables[CandidateRow.__tablename__].c
_PLACE = select(_PLACES.id, _PLACES.merged_into_id).where(_PLACES.id == bindparam("of"))  # asked with every article
_PLACE_FOR_CHANGE = _PLACE.with_for_update()
_ROWS = select(*_PLACES)  # as those that follow, asked with every page
_ONE = _ROWS.where(_PLACES.id == bindparam("of"))
_ABSORBED = _ROWS.where(_PLACES.merged_into_id == bindparam("of")).order_by(_PLACES.id)
_DECISIONS = DecisionRow.metadata.tables[DecisionRow.__tablename__]
_LATER = _DECISIONS.alias()
_DECIDED = select(_DECISIONS, _LATER.c.id.label("undone_by")).outerjoin(_LATER, _LATER.c.undoes_id == _DECISIONS.c.id)
_DECIDED_ON = _DECIDED.where(_DECISIONS.c.candidate_id == bindparam("of")).order_by(_DECISIONS.c.id)
_DECIDED_BY_KEY = _DECIDED.where(_DECISIONS.c.key == bindparam("key"))
_DECIDED_ONE = _DECIDED.where(_DECISIONS.c.id == bindparam("of"))
TERM_LIMIT = 8  # words of a search that are looked for
TERM_LENGTH = 80  # characters of each


# --- queue ------------------------------------------------------------------------------------------------------


def list_queue(
    tx: Transaction,
    *,
    now: datetime,
    order: Order = "urgent",
    limit: int = 50,
    offset: int = 0,
    text: str | None = None,
    statuses: Collection[CandidateStatus] | None = None,
    claimed_by: str | None = None,
) -> tuple[Candidate, ...]:
    """Candidates in the order an editor should see them; `statuses` None means those that wait for a decision.

    With `claimed_by` and no `statuses`, those that this editor has claimed and not decided on, the snoozed too.
    "urgent" orders by the sum of the cues, ties by the newest; "newest" by when they opened. A snoozed candidate waits
    again once its time has come or an article has joined it; its status says "snoozed" until somebody decides.
    """
    newest = (CandidateRow.opened_at.desc(), CandidateRow.id.desc())
    by = newest if order == "newest" else (CandidateRow.score.desc(), *newest)
    query = _matching(select(CandidateRow), now=now, text=text, statuses=statuses, claimed_by=claimed_by).order_by(*by)
    return tuple(map(candidate_of, tx.scalars(query.limit(limit).offset(offset))))


def count_queue(
    tx: Transaction,
    *,
    now: datetime,
    text: str | None = None,
    statuses: Collection[CandidateStatus] | None = None,
    claimed_by: str | None = None,
) -> int:
    """How many candidates `list_queue` has with the same filters and no limit."""
    every = select(func.count()).select_from(CandidateRow)
    return tx.scalar(_matching(every, now=now, text=text, statuses=statuses, claimed_by=claimed_by)) or 0


def count_waiting(tx: Transaction, *, now: datetime) -> int:
    """How many candidates wait for an editor."""
    return count_queue(tx, now=now)


def list_open(tx: Transaction, *, before: datetime | None = None, least_sources: int = 1) -> tuple[CandidateId, ...]:
    """All open candidates that opened before a time and have so many sources, oldest first."""
    query = select(CandidateRow.id).where(
        CandidateRow.status == CandidateStatus.OPEN.value, CandidateRow.source_count >= least_sources
    )
    if before is not None:
        query = query.where(CandidateRow.opened_at < before)
    return tuple(map(CandidateId, tx.scalars(query.order_by(CandidateRow.opened_at, CandidateRow.id))))


def find_oldest_waiting(tx: Transaction, *, now: datetime) -> datetime | None:
    """When the candidate opened that waits longest; None where none waits."""
    return tx.scalar(select(func.min(CandidateRow.opened_at)).where(_is_waiting(now)))


def _matching(
    query: Select[Any],
    *,
    now: datetime,
    text: str | None,
    statuses: Collection[CandidateStatus] | None,
    claimed_by: str | None,
) -> Select[Any]:
    if claimed_by is not None:
        query = query.where(CandidateRow.claimed_by == claimed_by, _is_claim_held(now))
        statuses = _UNDECIDED if statuses is None else statuses
    if statuses is None:
        query = query.where(_is_waiting(now))
    else:
        query = query.where(CandidateRow.status.in_([s.value for s in statuses]))
    return query.where(says_all(text)) if text else query


def says_all(text: str) -> ColumnElement[bool]:
    """Whether a candidate's title has every word of `text`, or its number is one."""
    return and_(true(), *map(_says, _terms(text)))


def _is_claim_held(now: datetime) -> ColumnElement[bool]:
    return or_(CandidateRow.claimed_until.is_(None), CandidateRow.claimed_until > now)


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    return or_(
        CandidateRow.status == CandidateStatus.OPEN.value,
        and_(CandidateRow.status == CandidateStatus.SNOOZED.value, CandidateRow.back_at <= now),
    )


def _terms(text: str) -> list[str]:
    """The words of a search, made safe for both databases: no NUL, no lone surrogate, bounded (H31)."""
    clean = text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")
    return [term[:TERM_LENGTH] for term in clean.split()[:TERM_LIMIT]]


def _says(term: str) -> ColumnElement[bool]:
    in_title = CandidateRow.title.icontains(term, autoescape=True)
    number = term.removeprefix("#")
    if number.isascii() and number.isdigit() and int(number) <= LARGEST_ID:
        return or_(in_title, CandidateRow.id == int(number))
    return in_title


# --- one candidate ----------------------------------------------------------------------------------------------


def get_candidate(tx: Transaction, candidate: CandidateId, *, is_for_change: bool = False) -> Candidate:
    """The candidate as it stands; `is_for_change` keeps others from changing it until the transaction ends."""
    row = _find_row(tx, candidate, is_for_change=is_for_change)
    if row is None:
        raise _unknown(candidate)
    return candidate_of(row)


def get_for_reading(tx: Transaction, candidate: CandidateId) -> Candidate:
    """As `get_candidate`, for a page: no object is made of its row."""
    number = candidate if 0 < candidate <= LARGEST_ID else 0
    row = settled(tx).execute(_ONE, {"of": number}).one_or_none()
    if row is None:
        raise _unknown(candidate)
    return candidate_of(row)


def _unknown(candidate: CandidateId) -> Unknown:
    return Unknown(f"There is no candidate {candidate}. List those that wait with: monitor queue")


def list_candidates(tx: Transaction, candidates: Collection[CandidateId]) -> dict[CandidateId, Candidate]:
    """Those of these that there are, as they stand, in one query."""
    if not candidates:
        return {}
    rows = tx.scalars(select(CandidateRow).where(CandidateRow.id.in_(list(candidates))))
    return {CandidateId(row.id): candidate_of(row) for row in rows}


def get_candidates(
    tx: Transaction, candidates: Collection[CandidateId], *, is_for_change: bool = False
) -> dict[CandidateId, Candidate]:
    """Several at once, locked in the order of their ids so that two decisions never wait for each other."""
    return {c: get_candidate(tx, c, is_for_change=is_for_change) for c in sorted(set(candidates))}


def find_live(tx: Transaction, candidate: CandidateId, *, is_for_change: bool = False) -> CandidateId | None:
    """Where a candidate's articles are now: itself, or the one it was merged into at last; None where unknown.

    `is_for_change` keeps others from merging that one away until the transaction ends.
    """
    connection = settled(tx)

    def find(number: int, place: Select[int, int | None] = _PLACE) -> Row[int, int | None] | None:
        return connection.execute(place, {"of": number}).one_or_none() if 0 < number <= LARGEST_ID else None

    row = find(candidate)
    while row is not None:
        while row is not None and row.merged_into_id is not None:
            row = find(row.merged_into_id)
        if row is None or not is_for_change:
            break
        row = find(row.id, _PLACE_FOR_CHANGE)
        tx.expire_all()  # what was read before we waited
        if row is None or row.merged_into_id is None:  # else it was merged while we waited for it
            break
    return None if row is None else CandidateId(row.id)


def list_absorbed(tx: Transaction, candidate: CandidateId) -> tuple[Candidate, ...]:
    """The candidates that were merged into this one, directly."""
    return tuple(map(candidate_of, settled(tx).execute(_ABSORBED, {"of": candidate})))


def list_on_wire(tx: Transaction, wire: WireId) -> tuple[CandidateId, ...]:
    """The candidates whose articles a wire may cite: the accepted one, and those attached to it."""
    query = select(CandidateRow.id).where(CandidateRow.wire_id == wire).order_by(CandidateRow.id)
    return tuple(map(CandidateId, tx.scalars(query)))


def get_detail(tx: Transaction, candidate: CandidateId) -> CandidateDetail:
    """The candidate with its articles, why each counts or not, and every decision."""
    found = get_candidate(tx, candidate)
    members = _explained(tx, list_members(tx, candidate))
    standings = {s.article: s for s in list_standings(tx, candidate)}
    return CandidateDetail(
        candidate=found,
        members=members,
        sourcing=_sourcing(members, standings),
        decisions=list_decisions(tx, candidate),
    )


def _explained(tx: Transaction, members: Sequence[Member]) -> tuple[Member, ...]:
    """The members with what was found when each was grouped; a mention was not grouped here."""
    found = list_evidence(tx, [m.article.id for m in members if m.joined is not Joined.MENTION])
    return tuple(replace(m, evidence=found.get(m.article.id)) for m in members)


def list_candidates_of(tx: Transaction, article: ArticleId) -> tuple[CandidateId, ...]:
    """The candidates that hold an article."""
    query = select(MembershipRow.candidate_id).where(MembershipRow.article_id == article)
    return tuple(CandidateId(c) for c in tx.scalars(query.order_by(MembershipRow.candidate_id)))


def _sourcing(members: Sequence[Member], standings: Mapping[ArticleId, Standing]) -> Sourcing:
    """The count as last recounted, in the members' order, with the standard that follows from it."""
    ordered = tuple(standings[m.article.id] for m in members)
    count = sum(s.counts for s in ordered)
    if count < 2:
        standard = SourcingStandard.SINGLE_SOURCE
    elif any(m.article.tier is Tier.PRIMARY for m in members):
        standard = SourcingStandard.CONFIRMED
    else:
        standard = SourcingStandard.STANDARD
    return Sourcing(source_count=count, standings=ordered, standard=standard)


def record_status(
    tx: Transaction,
    candidate: CandidateId,
    *,
    status: CandidateStatus,
    snoozed_until: datetime | None = None,
    snoozed_at: datetime | None = None,
    claimed_by: str | None = None,
    merged_into: CandidateId | None = None,
    wire: WireId | None = None,
    claimed_until: datetime | None = None,
    awaited_count: int | None = None,
) -> Candidate:
    """Move a candidate to where a decision put it, all of it, and its version by one."""
    row = _find_row(tx, candidate, is_for_change=True)
    if row is None:
        raise Unknown(f"There is no candidate {candidate}.")
    row.status = status.value
    row.snoozed_until, row.snoozed_at, row.awaited_count = snoozed_until, snoozed_at, awaited_count
    row.back_at = waits_again_at(row)
    row.claimed_by, row.claimed_until = claimed_by, claimed_until
    row.merged_into_id = merged_into
    row.wire_id = wire
    row.version += 1
    tx.flush()
    return candidate_of(row)


def record_grown(tx: Transaction, candidate: CandidateId, *, now: datetime) -> None:
    """An article in it says more than before: whoever has it on screen has not seen that (D10), a snooze ends."""
    row = _find_row(tx, candidate, is_for_change=True)
    if row is not None:
        row.version += 1
        row.grown_at = now
        row.back_at = waits_again_at(row)
        tx.flush()


def _find_row(tx: Transaction, candidate: CandidateId, *, is_for_change: bool = False) -> CandidateRow | None:
    if not 0 < candidate <= LARGEST_ID:
        return None
    if is_for_change:
        return tx.get(CandidateRow, candidate, with_for_update=True, populate_existing=True)
    return tx.get(CandidateRow, candidate)


def candidate_of(row: CandidateRow | Row[*tuple[Any, ...]]) -> Candidate:
    """The noun of a row, whether it was made an object or not."""
    return Candidate(
        id=CandidateId(row.id),
        status=CandidateStatus(row.status),
        version=row.version,
        title=row.title,
        opened_at=row.opened_at,
        grown_at=row.grown_at,
        source_count=row.source_count,
        article_count=row.article_count,
        providers=tuple(row.providers),
        origins=tuple(Origin(o) for o in row.origins),
        score=row.score,
        cues=read_cues(row.cues),
        snoozed_until=row.snoozed_until,
        likelihood=row.likelihood,
        judged_by=row.judged_by,
        suggested_severity=None if row.suggested_severity is None else Severity(row.suggested_severity),
        severity_reason=row.severity_reason or "",
        snoozed_at=row.snoozed_at,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        awaited_count=row.awaited_count,
        back_at=row.back_at,
        merged_into=None if row.merged_into_id is None else CandidateId(row.merged_into_id),
        wire=None if row.wire_id is None else WireId(row.wire_id),
    )


# --- decisions --------------------------------------------------------------------------------------------------


def append_decision(
    tx: Transaction,
    candidate: CandidateId,
    *,
    kind: ActionKind,
    editor: str,
    decided_at: datetime,
    reason: str | None,
    version_seen: int,
    payload: Mapping[str, Any],
    undoes: DecisionId | None = None,
    key: str | None = None,
) -> Decision:
    """Keep what an editor did, for ever. `payload` is plain JSON; `key` is unique over all decisions."""
    row = DecisionRow(
        candidate_id=candidate,
        kind=kind.value,
        editor=editor,
        decided_at=decided_at,
        reason=reason,
        version_seen=version_seen,
        payload=dict(payload),
        undoes_id=undoes,
        key=key,
    )
    tx.add(row)
    tx.flush()
    return decision_of(row)


def list_decisions(tx: Transaction, candidate: CandidateId) -> tuple[Decision, ...]:
    """All decisions on a candidate, oldest first, each saying which later one undid it."""
    return tuple(decision_of(row, row.undone_by) for row in settled(tx).execute(_DECIDED_ON, {"of": candidate}))


def find_standing_decision(tx: Transaction, candidate: CandidateId) -> Decision | None:
    """The latest decision that still stands: not undone, and itself not an undo."""
    return standing_of(list_decisions(tx, candidate))


def standing_of(decisions: Sequence[Decision]) -> Decision | None:
    """As `find_standing_decision`, of those that are read already."""
    return next((d for d in reversed(decisions) if d.undone_by is None and d.kind is not ActionKind.UNDO), None)


def find_decision_by_key(tx: Transaction, key: str) -> Decision | None:
    """The decision that a repeated request made the first time (D10)."""
    row = settled(tx).execute(_DECIDED_BY_KEY, {"key": key}).one_or_none()
    return None if row is None else decision_of(row, row.undone_by)


def find_decision(tx: Transaction, number: int) -> Decision | None:
    """One decision, saying which later one undid it."""
    row = settled(tx).execute(_DECIDED_ONE, {"of": number}).one_or_none()
    return None if row is None else decision_of(row, row.undone_by)


def list_decisions_after(tx: Transaction, position: int, *, kinds: Collection[str], limit: int) -> tuple[Decision, ...]:
    """Decisions of these kinds on any candidate, oldest first, for whoever has read up to `position`."""
    query = select(DecisionRow).where(DecisionRow.id > position, DecisionRow.kind.in_(kinds))
    return tuple(decision_of(row) for row in tx.scalars(query.order_by(DecisionRow.id).limit(limit)))


def decision_of(row: DecisionRow | Row[*tuple[Any, ...]], undone_by: int | None = None) -> Decision:
    """The noun of a row, and of the later decision that undid it."""
    return Decision(
        id=DecisionId(row.id),
        candidate=CandidateId(row.candidate_id),
        kind=ActionKind(row.kind),
        editor=row.editor,
        decided_at=row.decided_at,
        reason=row.reason,
        version_seen=row.version_seen,
        payload=row.payload,
        undone_by=None if undone_by is None else DecisionId(undone_by),
    )
