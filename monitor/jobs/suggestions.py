"""Suggestions for a wire: what its articles suggest now, and the record of what editors made of it.

The record is only ever added to: `taken` when an editor takes a value over, and at release one line for each that was
not: `changed` where it was taken and no longer stands, `ignored` where it never did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from monitor.errors import IllegalDecision
from monitor.model import (
    Codebook,
    Draft,
    Manner,
    Member,
    Revision,
    Severity,
    Suggestion,
    SuggestionOutcome,
    Uptake,
    Wire,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.revise import sources_of
from monitor.stages.suggest import holds, suggest, values_of
from monitor.store.database import Transaction
from monitor.store.wires import list_citable
from monitor.store.writing import append_outcome, list_outcomes


def suggest_for(
    tx: Transaction,
    wire: Wire,
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    draft: Draft | None = None,
    members: Sequence[Member] | None = None,
) -> tuple[Suggestion, ...]:
    """What the articles that the wire's last revision may cite suggest."""
    shown = draft or wire.revisions[-1].draft
    citable = list_citable(tx, wire) if members is None else members
    return suggest(sources_of(shown, citable), codebook, providers)


def take_over(draft: Draft, field: str, value: str) -> Draft:
    """`draft` with the value in its field; raises IllegalDecision where nothing is ever suggested for it."""
    match field:
        case "headline":
            return replace(draft, headline=value)
        case "severity" if value in set(Severity):
            return replace(draft, severity=Severity(value))
        case "occurred_on" if (day := _day(value)) is not None:
            return replace(draft, occurred_on=day)
        case "providers":
            return replace(draft, providers=tuple(dict.fromkeys((*draft.providers, value))))
        case "codes":
            return replace(draft, codes=tuple(dict.fromkeys((*draft.codes, value))))
        case _:
            raise IllegalDecision("Nothing like that is suggested for a field. Nothing was changed.")


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def record_taken(tx: Transaction, revision: Revision, suggestion: Suggestion, *, editor: str, now: datetime) -> None:
    """An editor took a suggestion over; a second press of the key says nothing new."""
    known = (
        o.suggestion.value == suggestion.value and o.suggestion.field == suggestion.field
        for o in list_outcomes(tx, revision.wire)
        if o.revision == revision.number
    )
    if not any(known):
        append_outcome(tx, _outcome(revision, suggestion, Uptake.TAKEN, editor, now, final=suggestion.value))


def settle_suggestions(
    tx: Transaction, wire: Wire, codebook: Codebook, providers: ProviderIndex, *, editor: str, now: datetime
) -> None:
    """Keep what became of every suggestion, as the draft goes out; those of a wire in bulk were shown to nobody."""
    revision = wire.revisions[-1]
    if revision.manner is Manner.BULK:
        return
    taken = {
        (o.suggestion.field, o.suggestion.value): o.suggestion
        for o in list_outcomes(tx, wire.id)
        if o.revision == revision.number
    }
    offered = {(s.field, s.value): s for s in suggest_for(tx, wire, codebook, providers)}
    for key, suggestion in {**offered, **taken}.items():
        is_held = holds(revision.draft, suggestion)
        if is_held and key in taken:
            continue
        uptake = Uptake.TAKEN if is_held else Uptake.CHANGED if key in taken else Uptake.IGNORED
        final = ", ".join(values_of(revision.draft, suggestion.field))
        append_outcome(tx, _outcome(revision, suggestion, uptake, editor, now, final=final))


def _outcome(
    revision: Revision, suggestion: Suggestion, uptake: Uptake, editor: str, now: datetime, *, final: str
) -> SuggestionOutcome:
    return SuggestionOutcome(
        wire=revision.wire,
        revision=revision.number,
        suggestion=suggestion,
        uptake=uptake,
        final=final,
        editor=editor,
        at=now,
    )
