"""What decisions taught: the decisions as trials, the models learnt from them, and which model judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    ActionKind,
    Candidate,
    CandidateId,
    CandidateStatus,
    Cue,
    Decision,
    DecisionId,
    Joined,
    LearntModel,
    Member,
    ModelChoice,
    ToldCandidate,
    ToldText,
    Trial,
)
from monitor.store.candidates import candidate_of, list_decisions_after
from monitor.store.database import insert_new, settled
from monitor.store.grouping import cues_json
from monitor.store.tables import ArticleRow, CandidateRow, MembershipRow, WireRow
from monitor.store.tables_desk import CursorRow
from monitor.store.tables_learning import RelevanceChoiceRow, RelevanceModelRow, RelevanceTrialRow

BEGINNING = 2_000  # characters of a text
TELLINGS = 12  # articles of a candidate
_READ = "relevance"
_UNDECIDED = (CandidateStatus.OPEN.value, CandidateStatus.SNOOZED.value)
_TELLING = (ActionKind.ACCEPT.value, ActionKind.ATTACH.value, ActionKind.REJECT.value, ActionKind.UNDO.value)
_CHOICES = RelevanceChoiceRow.metadata.tables[RelevanceChoiceRow.__tablename__]
_BEGINNINGS = select(ArticleRow.id, func.substr(ArticleRow.text, 1, BEGINNING)).where(
    ArticleRow.id.in_(bindparam("articles", expanding=True))
)
_NEWEST = select(_CHOICES).order_by(_CHOICES.c.id.desc()).limit(1)  # asked with every article


# --- which model judges ------------------------------------------------------------------------------------------


def find_choice(tx: Session) -> ModelChoice:
    """The model that judges; as shipped, with the id 0, where nobody ever chose."""
    row = settled(tx).execute(_NEWEST).one_or_none()
    return ModelChoice() if row is None else _choice(row)


def list_choices(tx: Session, *, limit: int = 50) -> tuple[ModelChoice, ...]:
    """What judged when, the newest first."""
    return tuple(map(_choice, tx.scalars(select(RelevanceChoiceRow).order_by(_CHOICES.c.id.desc()).limit(limit))))


def add_choice(
    tx: Session, *, model: int | None, by: str, now: datetime, note: str, key: str | None = None
) -> ModelChoice | None:
    """From now on this model judges (None: as shipped); None where a choice with that key was made before."""
    if key is not None and tx.scalar(select(RelevanceChoiceRow.id).where(RelevanceChoiceRow.key == key)) is not None:
        return None
    row = RelevanceChoiceRow(model_id=model, chosen_at=now, chosen_by=by, note=note, key=key)
    tx.add(row)
    tx.flush()
    return _choice(row)


def _choice(row: RelevanceChoiceRow | RowOf[*tuple[Any, ...]]) -> ModelChoice:
    return ModelChoice(id=row.id, model=row.model_id, chosen_at=row.chosen_at, chosen_by=row.chosen_by, note=row.note)


# --- models ------------------------------------------------------------------------------------------------------


def add_model(
    tx: Session,
    *,
    now: datetime,
    shipped: str,
    counts: Mapping[str, object],
    figures: Mapping[str, Mapping[str, float]],
    is_better: bool,
    last_trial: DecisionId,
    packed: bytes,
) -> int:
    """Keep a learnt model, for ever; its number."""
    row = RelevanceModelRow(
        learnt_at=now,
        shipped=shipped,
        counts=dict(counts),
        figures={name: dict(told) for name, told in figures.items()},
        is_better=is_better,
        last_trial_id=last_trial,
        packed=packed,
    )
    tx.add(row)
    tx.flush()
    return row.id


def get_packed(tx: Session, model: int) -> tuple[str, bytes]:
    """Of a model, the version of the shipped one that it corrects, and the correction; raises Unknown."""
    row = tx.execute(
        select(RelevanceModelRow.shipped, RelevanceModelRow.packed).where(RelevanceModelRow.id == model)
    ).one_or_none()
    if row is None:
        raise Unknown(f"There is no learnt model {model}. List them with: monitor learn --report")
    return row.shipped, row.packed


def list_models(tx: Session, *, limit: int = 50) -> tuple[LearntModel, ...]:
    """What was learnt, the newest first."""
    row = RelevanceModelRow
    columns = (row.id, row.learnt_at, row.shipped, row.counts, row.figures, row.is_better, row.last_trial_id)
    return tuple(
        LearntModel(
            id=found.id,
            learnt_at=found.learnt_at,
            shipped=found.shipped,
            counts=found.counts,
            figures=found.figures,
            is_better=found.is_better,
            last_trial=DecisionId(found.last_trial_id),
        )
        for found in tx.execute(select(*columns).order_by(row.id.desc()).limit(limit))
    )


# --- trials ------------------------------------------------------------------------------------------------------


def list_unread(tx: Session, *, limit: int) -> tuple[Decision, ...]:
    """Decisions that say whether something is an incident, and undos, from where reading stopped on."""
    return list_decisions_after(tx, _position(tx), kinds=_TELLING, limit=limit)


def record_read(tx: Session, position: DecisionId) -> None:
    """Reading has come so far."""
    insert_new(tx, CursorRow, [{"name": _READ, "position": 0}])
    tx.execute(update(CursorRow).where(CursorRow.name == _READ).values(position=position))


def _position(tx: Session) -> int:
    return tx.scalar(select(CursorRow.position).where(CursorRow.name == _READ)) or 0


def record_trials(tx: Session, trials: Sequence[Trial]) -> None:
    """Keep how decisions had been foreseen; each once, however often it is told."""
    insert_new(
        tx,
        RelevanceTrialRow,
        [
            {
                "decision_id": t.decision,
                "candidate_id": t.candidate,
                "decided_at": t.decided_at,
                "is_incident": t.is_incident,
                "probability": t.probability,
                "shipped_probability": t.shipped_probability,
                "judged_by": t.judged_by,
                "is_undone": False,
            }
            for t in trials
        ],
    )


def record_untried(tx: Session, decision: DecisionId) -> None:
    """An undo took the decision back: nothing is learnt from it any more."""
    tx.execute(update(RelevanceTrialRow).where(RelevanceTrialRow.decision_id == decision).values(is_undone=True))


def list_trials(tx: Session, *, limit: int) -> tuple[Trial, ...]:
    """The newest decisions that stand, oldest first."""
    row = RelevanceTrialRow
    query = select(row).where(row.is_undone.is_(False)).order_by(row.decision_id.desc()).limit(limit)
    return tuple(reversed([_trial(found) for found in tx.scalars(query)]))


def count_trials(tx: Session, *, after: DecisionId) -> int:
    """How many decisions that stand came after this one."""
    row = RelevanceTrialRow
    return tx.scalar(select(func.count()).where(row.is_undone.is_(False), row.decision_id > after)) or 0


def _trial(row: RelevanceTrialRow) -> Trial:
    return Trial(
        decision=DecisionId(row.decision_id),
        candidate=CandidateId(row.candidate_id),
        decided_at=row.decided_at,
        is_incident=row.is_incident,
        probability=row.probability,
        shipped_probability=row.shipped_probability,
        judged_by=row.judged_by,
    )


def list_told(tx: Session, asked: Mapping[CandidateId, datetime]) -> dict[CandidateId, ToldCandidate]:
    """What each candidate's articles said that had joined by then; of one that was merged away, nothing."""
    row, article = MembershipRow, ArticleRow
    query = (
        select(
            row.candidate_id, row.copy_of_id, row.added_at, article.title, article.language, article.publisher_id,
            func.substr(article.text, 1, BEGINNING).label("text"),
        )
        .join(article, article.id == row.article_id)
        .where(row.candidate_id.in_(list(asked)), row.joined != Joined.MENTION.value)
        .order_by(row.candidate_id, row.article_id)
    )  # fmt: skip
    own: dict[CandidateId, list[ToldText]] = defaultdict(list)
    copies: dict[CandidateId, list[ToldText]] = defaultdict(list)
    for found in tx.execute(query):
        candidate = CandidateId(found.candidate_id)
        if found.added_at <= asked[candidate]:
            text = ToldText(title=found.title, text=found.text, language=found.language, publisher=found.publisher_id)
            (own if found.copy_of_id is None else copies)[candidate].append(text)
    wires = {
        CandidateId(candidate): (severity, is_retracted)
        for candidate, severity, is_retracted in tx.execute(
            select(CandidateRow.id, WireRow.severity, WireRow.is_retracted)
            .join(WireRow, WireRow.id == CandidateRow.wire_id)
            .where(CandidateRow.id.in_(list(asked)))
        )
    }
    return {
        candidate: ToldCandidate(
            candidate=candidate,
            texts=tuple((own[candidate] or copies[candidate][:1])[:TELLINGS]),
            severity=wires.get(candidate, (None, False))[0],
            is_retracted=wires.get(candidate, (None, False))[1],
        )
        for candidate in asked
        if own[candidate] or copies[candidate]
    }


# --- candidates that wait to be judged anew -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was made of a candidate's articles."""

    likelihood: float | None  # None: cannot tell
    cues: tuple[Cue, ...]  # all reasons for its place
    severity: tuple[str | None, str | None]  # that the words suggest, and why


def list_unjudged(tx: Session, judged_by: int, *, limit: int) -> tuple[Candidate, ...]:
    """Undecided candidates that have grown since they were judged, and then those that were judged otherwise."""
    found: list[CandidateRow] = []
    number = CandidateRow.judged_by
    for which in (number == 0, number.between(1, judged_by - 1), number < 0):
        for status in _UNDECIDED:
            query = select(CandidateRow).where(CandidateRow.status == status, which).order_by(number)
            found += tx.scalars(query.limit(limit - len(found)).with_for_update(skip_locked=True))
    return tuple(map(candidate_of, found))


def record_likelihoods(
    tx: Session,
    told: Mapping[CandidateId, Judged],
    judged_by: int,
    *,
    seen: Collection[CandidateId] = (),
) -> None:
    """What each was judged to be, and its place with it; nothing that an editor has seen changes (no new version).

    Those of `seen` are told to whoever looks at the queue (they came a moment ago); of the others, which may be the
    whole queue, nobody is told.
    """
    table: Any = CandidateRow.__table__
    changed = update(table).where(table.c.id == bindparam("number"))
    values = {
        candidate: {
            "number": candidate,
            "likelihood": its.likelihood,
            "cues": cues_json(its.cues),
            "score": sum(c.weight for c in its.cues),
            "judged_by": judged_by,
            "suggested_severity": its.severity[0],
            "severity_reason": its.severity[1],
        }
        for candidate, its in told.items()
    }
    connection = settled(tx)
    if shown := [row for candidate, row in values.items() if candidate in seen]:
        connection.execute(changed, shown)
    if others := [row for candidate, row in values.items() if candidate not in seen]:
        connection.execute(changed.values(changed_at=table.c.changed_at), others)
    tx.expire_all()


def list_beginnings(tx: Session, members: Sequence[Member]) -> tuple[Member, ...]:
    """The members with the beginnings of their texts, in one query."""
    asked = {"articles": [m.article.id for m in members]}
    texts: dict[int, str] = {row[0]: row[1] for row in settled(tx).execute(_BEGINNINGS, asked)}
    return tuple(replace(m, article=replace(m.article, text=texts.get(m.article.id, ""))) for m in members)
