"""recount: after any change of membership, count a candidate's sources anew, in the same transaction.

What a candidate shows of its articles (count, standings, title, providers, origins, cues) is derived here and nowhere
else, so that it cannot disagree with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.jobs.relevance import UNJUDGED, judge_candidate, severity_of
from monitor.jobs.weights import cue_of_precedents, weights_now
from monitor.model import ArticleId, CandidateId, Cue, Joined, Member, Precedents, Sourcing, Weighting
from monitor.stages.codebook import ProviderIndex
from monitor.stages.likelihood import LIKELY, UNTOLD
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.precedents import traits_of
from monitor.stages.score import score_candidate
from monitor.stages.sourcing import count_sources, speaking_member
from monitor.stages.weighing import heaviest_first
from monitor.store.database import Transaction
from monitor.store.grouping import Grown, Recounted, list_grown, list_owners, list_source_providers, record_sourcing
from monitor.store.rulings import list_rulings_of
from monitor.store.weights import list_precedents

TOGETHER = 20  # candidates that are read together: some of them have hundreds of articles
LEAD_LENGTH = 400  # characters of an article's text in which a provider counts as named: the story, not its background


def recount(
    tx: Transaction, candidate: CandidateId, *, now: datetime, providers: ProviderIndex, is_judged: bool = True
) -> None:
    """Derive everything the candidate says of its articles, and move its version."""
    recount_all(tx, {candidate: now}, providers=providers, is_judged=is_judged)


def recount_all(
    tx: Transaction,
    grown: Mapping[CandidateId, datetime],
    *,
    providers: ProviderIndex,
    is_judged: bool = True,
    unruled: Collection[ArticleId] = (),
) -> None:
    """The same of several that grew, each at its time; what they ask of the database is asked for all together.

    Of the articles in `unruled` it is known in this transaction that nobody has ruled on them.

    Where not `is_judged`, how likely it is an incident, and how grave, stays as it was said of fewer articles, until
    `judge_anew` has looked: to read an article for it costs as much as to group one, and a candidate that grows fast is
    read once.
    """
    weighting = weights_now(tx)
    every_candidate = sorted(grown)
    for start in range(0, len(every_candidate), TOGETHER):
        some = every_candidate[start : start + TOGETHER]
        before = list_grown(tx, some)
        every = [member for known in before.values() for member in known.members]
        owners = list_owners(tx, {m.article.publisher for m in every})
        spoken_for = list_source_providers(tx, some)
        asked = {m.article.id for m in every}.difference(unruled)
        is_ruled = bool(asked) and bool(list_rulings_of(tx, asked))
        counted = [
            _count(
                candidate,
                before[candidate],
                count_sources(
                    before[candidate].members,
                    owners,
                    list_rulings_of(tx, [m.article.id for m in before[candidate].members]) if is_ruled else (),
                    register=providers.owners,
                ),
                spoken_for[candidate],
                providers,
                weighting,
            )
            for candidate in some
        ]
        precedents = list_precedents(tx, {trait for its in counted for trait in its.traits})
        record_sourcing(
            tx,
            [_recounted(tx, its, precedents, providers, weighting, grown[its.candidate], is_judged) for its in counted],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A candidate's articles, counted; what editors accepted before is not weighed yet."""

    candidate: CandidateId
    before: Grown
    sourcing: Sourcing
    telling: Sequence[Member]  # those that are more than a mention, if any
    providers: tuple[str, ...]
    voices: Sequence[tuple[str, str]]  # ids and names of the publishers that count
    cues: tuple[Cue, ...]
    traits: tuple[str, ...]


def _count(
    candidate: CandidateId,
    before: Grown,
    sourcing: Sourcing,
    spoken_for: Sequence[str],
    providers: ProviderIndex,
    weighting: Weighting,
) -> _Counted:
    members = before.members
    telling = [m for m in members if m.joined is not Joined.MENTION] or members
    named = _named_providers(telling, spoken_for, providers)
    cues = score_candidate(members, sourcing, named, weighting.weights) if members else ()
    counting = {s.article for s in sourcing.standings if s.counts}
    voices = {m.article.publisher: m.article.publisher_name for m in members if m.article.id in counting}
    return _Counted(
        candidate=candidate,
        before=before,
        sourcing=sourcing,
        telling=telling,
        providers=named,
        voices=tuple(voices.items()),
        cues=cues,
        traits=traits_of(named, voices, (cue.name for cue in cues)),
    )


def _recounted(
    tx: Transaction,
    found: _Counted,
    precedents: Precedents,
    providers: ProviderIndex,
    weighting: Weighting,
    now: datetime,
    is_judged: bool,
) -> Recounted:
    before, members, telling = found.before, found.before.members, found.telling
    likelihood, likely, judged_by, severity = before.likelihood, _likely(before.cues), UNJUDGED, before.severity
    if is_judged:
        judged, likely, judged_by = judge_candidate(tx, found.candidate, telling, weighting.weights)
        likelihood = None if judged is None else judged.probability
        severity = severity_of(telling)
    learnt = _learnt(tx, found, precedents, providers, weighting) if members else None
    return Recounted(
        candidate=found.candidate,
        before=before,
        sourcing=found.sourcing,
        title=speaking_member(members, found.sourcing).article.title if members else None,
        providers=found.providers,
        origins=sorted({m.article.origin for m in telling}),
        tiers={m.article.tier for m in telling},
        cues=heaviest_first([*found.cues, *([learnt] if learnt else []), *([likely] if likely else [])]),
        likelihood=likelihood,
        judged_by=judged_by,
        severity=severity,
        weighting=weighting.id,
        now=now,
    )


def _learnt(
    tx: Transaction, found: _Counted, precedents: Precedents, providers: ProviderIndex, weighting: Weighting
) -> Cue | None:
    """What editors accepted before says of it."""
    known = (providers.resolve(p) for p in found.providers)
    names = {p.id: p.name for p in known if p is not None}
    return cue_of_precedents(
        tx, found.providers, found.voices, found.cues, weighting.weights, names, precedents=precedents
    )


def _likely(cues: Sequence[Cue]) -> Cue | None:
    return next((cue for cue in cues if cue.name in (LIKELY, UNTOLD)), None)


def count_members(tx: Transaction, members: Sequence[Member], *, register: OwnerIndex = NO_REGISTER) -> Sourcing:
    """The honest count of `members`: with the owners of feeds.yaml and of the register, and what editors ruled."""
    return count_sources(
        members,
        list_owners(tx, {m.article.publisher for m in members}),
        list_rulings_of(tx, [m.article.id for m in members]),
        register=register,
    )


def _named_providers(members: Sequence[Member], spoken_for: Sequence[str], index: ProviderIndex) -> tuple[str, ...]:
    """Providers whose own sources tell it, then those the articles name, most often named first."""
    named = Counter(p for m in members for p in index.involved(f"{m.article.title}\n{m.article.text[:LEAD_LENGTH]}"))
    return tuple(dict.fromkeys([*spoken_for, *sorted(named, key=lambda p: (-named[p], p))]))
