"""Suggestions for a wire: what its articles suggest now, and the record of what editors made of it.

The record is only ever added to: `taken` when an editor takes a value over, and at release one line for each that was
not: `changed` where it was taken and no longer stands, `ignored` where it never did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.errors import IllegalDecision
from monitor.jobs.language_model import answers_for
from monitor.model import (
    CandidateId,
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
from monitor.stages.first_test import read_test
from monitor.stages.revise import sources_of
from monitor.stages.suggest import ONE_OF_A_KIND, Tally, holds, learn_from, suggest, values_of
from monitor.store.candidates import get_detail
from monitor.store.database import Transaction
from monitor.store.wires import list_citable
from monitor.store.writing import append_outcome, count_uptakes, list_outcomes


def suggest_for(
    tx: Transaction,
    wire: Wire,
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    draft: Draft | None = None,
    members: Sequence[Member] | None = None,
) -> tuple[Suggestion, ...]:
    """What the articles that the wire's last revision may cite suggest, and behind it what a language model did.

    How sure each is follows from the words, and from what editors made of its like on other wires.
    """
    shown = draft or wire.revisions[-1].draft
    citable = list_citable(tx, wire) if members is None else members
    sources = sources_of(shown, citable)
    made = () if wire.candidate is None else answers_for(tx, wire.candidate, codebook, providers)
    offered = merged(suggest(sources, codebook, providers), made)
    return learn_from(offered, tallies_of(count_uptakes(tx, but=wire.id)))


def suggest_for_candidate(
    tx: Transaction, candidate: CandidateId, codebook: Codebook, providers: ProviderIndex
) -> tuple[Suggestion, ...]:
    """The same for a candidate that has no wire yet; raises Unknown."""
    members = get_detail(tx, candidate).members
    offered = merged(suggest(members, codebook, providers), answers_for(tx, candidate, codebook, providers))
    return learn_from(offered, tallies_of(count_uptakes(tx)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the suggestions for one field that one hand made."""

    field: str
    model: str  # that suggested; empty: by words
    taken: int  # and stood as suggested when the wire went out
    changed: int  # taken, and something else by then
    ignored: int


def fates(tx: Transaction) -> tuple[Fate, ...]:
    """The record of suggestions field by field, those by words first, of its newest lines."""
    counted: dict[tuple[str, str], Counter[Uptake]] = {}
    for (field, _, model), uptakes in count_uptakes(tx).items():
        counted.setdefault((model, field), Counter()).update(uptakes)
    return tuple(
        Fate(
            field=field,
            model=model,
            taken=max(0, found[Uptake.TAKEN] - found[Uptake.CHANGED]),
            changed=found[Uptake.CHANGED],
            ignored=found[Uptake.IGNORED],
        )
        for (model, field), found in sorted(counted.items())
    )


def tallies_of(counted: Mapping[tuple[str, str, str], Mapping[Uptake, int]]) -> dict[tuple[str, str, str], Tally]:
    """Kept and lost by what a suggestion is counted as: one that was taken and then changed is lost."""
    tallies: dict[tuple[str, str, str], Tally] = {}
    for (field, value, model), uptakes in counted.items():
        changed = uptakes.get(Uptake.CHANGED, 0)
        key = (field, "" if field in ONE_OF_A_KIND else value, model)
        before = tallies.get(key, Tally())
        tallies[key] = Tally(
            kept=before.kept + max(0, uptakes.get(Uptake.TAKEN, 0) - changed),
            lost=before.lost + changed + uptakes.get(Uptake.IGNORED, 0),
        )
    return tallies


def merged(by_words: Sequence[Suggestion], by_model: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Those by words, and behind them what only the model says; where both say the same it is said once."""
    said = {(s.field, s.value): s for s in by_words}
    agreed = {(s.field, s.value): s.model for s in by_model if (s.field, s.value) in said}
    return (
        *(
            replace(s, reason=f"{s.reason} {agreed[key]} suggests it, too.")
            if (key := (s.field, s.value)) in agreed
            else s
            for s in by_words
        ),
        *(s for s in by_model if (s.field, s.value) not in said),
    )


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
        case "but_for" if (test := read_test(value)) is not None:
            sure = None if draft.but_for is None else draft.but_for.confidence
            return replace(draft, but_for=replace(test, confidence=sure))
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
