"""What surrounds a wire while it is written: notes and mentions, what became of suggestions, who stands back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from monitor.model import Suggestion, SuggestionOutcome, Tie, Uptake, WireId, WireNote
from monitor.store.database import Transaction
from monitor.store.tables_wire import MentionRow, SuggestionRow, TieRow, WireNoteRow

NOTES_LIMIT = 200  # of a wire, the newest
MENTIONS_LIMIT = 50
UPTAKES_LIMIT = 2_000  # lines of the record of suggestions that speak for the next ones

# --- notes ------------------------------------------------------------------------------------------------------


def append_note(
    tx: Transaction, wire: WireId, *, editor: str, text: str, mentions: Sequence[str], now: datetime
) -> WireNote:
    """Keep a note, and call those it mentions."""
    row = WireNoteRow(wire_id=wire, editor=editor, at=now, text=text, mentions=list(mentions))
    tx.add(row)
    tx.flush()
    tx.add_all(MentionRow(note_id=row.id, editor=name, seen_at=None) for name in mentions)
    tx.flush()
    return _note(row)


def list_notes(tx: Transaction, wire: WireId, *, limit: int = NOTES_LIMIT) -> tuple[WireNote, ...]:
    """The newest notes about a wire, oldest first."""
    query = select(WireNoteRow).where(WireNoteRow.wire_id == wire).order_by(WireNoteRow.id.desc()).limit(limit)
    return tuple(_note(row) for row in reversed(tx.scalars(query).all()))


def list_mentions(tx: Transaction, editor: str, *, limit: int = MENTIONS_LIMIT) -> tuple[WireNote, ...]:
    """Notes that call this editor, who has not said that they were seen; newest first."""
    query = (
        select(WireNoteRow)
        .join(MentionRow, MentionRow.note_id == WireNoteRow.id)
        .where(MentionRow.editor == editor, MentionRow.seen_at.is_(None))
        .order_by(WireNoteRow.id.desc())
        .limit(limit)
    )
    return tuple(_note(row) for row in tx.scalars(query))


def record_mentions_seen(tx: Transaction, wire: WireId, *, editor: str, now: datetime) -> int:
    """The editor has seen what the notes of this wire call for; how many that were."""
    waiting = (
        select(MentionRow.note_id)
        .join(WireNoteRow, WireNoteRow.id == MentionRow.note_id)
        .where(WireNoteRow.wire_id == wire, MentionRow.editor == editor, MentionRow.seen_at.is_(None))
    )
    ids = tx.scalars(waiting).all()
    seen = update(MentionRow).where(MentionRow.note_id.in_(ids), MentionRow.editor == editor)
    tx.execute(seen.values(seen_at=now), execution_options={"synchronize_session": False})
    return len(ids)


def _note(row: WireNoteRow) -> WireNote:
    return WireNote(
        id=row.id, wire=WireId(row.wire_id), editor=row.editor, at=row.at, text=row.text, mentions=tuple(row.mentions)
    )


# --- suggestions ------------------------------------------------------------------------------------------------


def append_outcome(tx: Transaction, outcome: SuggestionOutcome) -> None:
    """Keep what became of a suggestion."""
    suggestion = outcome.suggestion
    tx.add(
        SuggestionRow(
            wire_id=outcome.wire,
            revision=outcome.revision,
            field=suggestion.field,
            value=suggestion.value,
            reason=suggestion.reason,
            confidence=suggestion.confidence,
            model=suggestion.model,
            uptake=outcome.uptake.value,
            final=outcome.final,
            editor=outcome.editor,
            at=outcome.at,
        )
    )
    tx.flush()


def list_outcomes(tx: Transaction, wire: WireId) -> tuple[SuggestionOutcome, ...]:
    """What became of the suggestions for a wire, oldest first."""
    query = select(SuggestionRow).where(SuggestionRow.wire_id == wire).order_by(SuggestionRow.id)
    return tuple(
        SuggestionOutcome(
            wire=WireId(row.wire_id),
            revision=row.revision,
            suggestion=Suggestion(
                field=row.field, value=row.value, reason=row.reason, confidence=row.confidence, model=row.model
            ),
            uptake=Uptake(row.uptake),
            final=row.final,
            editor=row.editor,
            at=row.at,
        )
        for row in tx.scalars(query)
    )


def count_uptakes(
    tx: Transaction, *, but: WireId | None = None, limit: int = UPTAKES_LIMIT
) -> dict[tuple[str, str, str], dict[Uptake, int]]:
    """How often each value of each field was taken, changed and ignored, by who made it: field, value, model.

    Of the newest `limit` lines of the record, the wire `but` apart: what is decided about it never speaks for it.
    """
    row = SuggestionRow
    newest = select(row).order_by(row.id.desc()).limit(limit).subquery()
    columns = (newest.c.field, newest.c.value, newest.c.model, newest.c.uptake)
    query = select(*columns, func.count()).where(newest.c.wire_id != (but or 0)).group_by(*columns)
    counted: dict[tuple[str, str, str], dict[Uptake, int]] = {}
    for field, value, model, uptake, count in tx.execute(query):
        counted.setdefault((field, value, model), {})[Uptake(uptake)] = count
    return counted


# --- ties -------------------------------------------------------------------------------------------------------


def append_tie(tx: Transaction, tie: Tie) -> None:
    """Keep that an editor is tied to a provider, or is no longer."""
    tx.add(
        TieRow(
            editor=tie.editor,
            provider=tie.provider,
            is_tied=tie.is_tied,
            reason=tie.reason,
            said_by=tie.said_by,
            said_at=tie.said_at,
        )
    )
    tx.flush()


def list_ties(tx: Transaction, editor: str | None = None) -> tuple[Tie, ...]:
    """The ties that hold now, of one editor or of all: of each editor and provider the newest word."""
    newest = select(func.max(TieRow.id)).group_by(TieRow.editor, TieRow.provider)
    if editor is not None:
        newest = newest.where(TieRow.editor == editor)
    query = select(TieRow).where(TieRow.id.in_(newest), TieRow.is_tied.is_(True))
    return tuple(
        Tie(
            editor=row.editor,
            provider=row.provider,
            is_tied=row.is_tied,
            reason=row.reason,
            said_by=row.said_by,
            said_at=row.said_at,
        )
        for row in tx.scalars(query.order_by(TieRow.editor, TieRow.provider))
    )
