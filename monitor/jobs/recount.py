"""recount: after any change of membership, count a candidate's sources anew, in the same transaction.

What a candidate shows of its articles (count, standings, title, providers, origins, cues) is derived here and nowhere
else, so that it cannot disagree with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from monitor.jobs.relevance import UNJUDGED, judge_candidate, severity_of
from monitor.jobs.weights import cue_of_precedents, weights_now
from monitor.model import ArticleId, CandidateId, Cue, Joined, Member, Sourcing, Weighting
from monitor.stages.codebook import ProviderIndex
from monitor.stages.likelihood import LIKELY, UNTOLD
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.score import score_candidate
from monitor.stages.sourcing import count_sources, speaking_member
from monitor.stages.weighing import heaviest_first
from monitor.store.database import Transaction
from monitor.store.grouping import get_grown, list_owners, list_source_providers, record_sourcing
from monitor.store.rulings import list_rulings_of

LEAD_LENGTH = 400  # characters of an article's text in which a provider counts as named: the story, not its background


def recount(
    tx: Transaction,
    candidate: CandidateId,
    *,
    now: datetime,
    providers: ProviderIndex,
    is_judged: bool = True,
    weighting: Weighting | None = None,
    unruled: Collection[ArticleId] = (),
) -> None:
    """Derive everything the candidate says of its articles, and move its version.

    Who counts many in one transaction reads the `weighting` that holds once, and need not ask again for rulings on
    articles that nobody has ruled on (`unruled`).

    Where not `is_judged`, how likely it is an incident, and how grave, stays as it was said of fewer articles, until
    `judge_anew` has looked: to read an article for it costs as much as to group one, and a candidate that grows fast is
    read once.
    """
    before = get_grown(tx, candidate)
    members = before.members
    sourcing = count_members(tx, members, register=providers.owners, unruled=unruled)
    telling = [m for m in members if m.joined is not Joined.MENTION] or members
    named = _named_providers(telling, list_source_providers(tx, candidate), providers)
    weighting = weighting or weights_now(tx)
    likelihood, likely, judged_by, severity = before.likelihood, _likely(before.cues), UNJUDGED, before.severity
    if is_judged:
        found, likely, judged_by = judge_candidate(tx, candidate, telling, weighting.weights)
        likelihood = None if found is None else found.probability
        severity = severity_of(telling)
    cues = _cues(tx, members, sourcing, named, providers, weighting) if members else ()
    record_sourcing(
        tx,
        candidate,
        sourcing=sourcing,
        title=speaking_member(members, sourcing).article.title if members else None,
        providers=named,
        origins=sorted({m.article.origin for m in telling}),
        tiers={m.article.tier for m in telling},
        cues=heaviest_first([*cues, *([likely] if likely else [])]),
        likelihood=likelihood,
        judged_by=judged_by,
        severity=severity,
        weighting=weighting.id,
        now=now,
        before=before,
    )


def _likely(cues: Sequence[Cue]) -> Cue | None:
    return next((cue for cue in cues if cue.name in (LIKELY, UNTOLD)), None)


def _cues(
    tx: Transaction,
    members: Sequence[Member],
    sourcing: Sourcing,
    named: Sequence[str],
    providers: ProviderIndex,
    weighting: Weighting,
) -> tuple[Cue, ...]:
    """What speaks for its place: its articles, and what editors accepted before."""
    cues = score_candidate(members, sourcing, named, weighting.weights)
    counting = {s.article for s in sourcing.standings if s.counts}
    voices = {m.article.publisher: m.article.publisher_name for m in members if m.article.id in counting}
    known = (providers.resolve(p) for p in named)
    names = {p.id: p.name for p in known if p is not None}
    learnt = cue_of_precedents(tx, named, tuple(voices.items()), cues, weighting.weights, names)
    return cues if learnt is None else heaviest_first([*cues, learnt])


def count_members(
    tx: Transaction,
    members: Sequence[Member],
    *,
    register: OwnerIndex = NO_REGISTER,
    unruled: Collection[ArticleId] = (),
) -> Sourcing:
    """The honest count of `members`: with the owners of feeds.yaml and of the register, and what editors ruled.

    Of those of `unruled` it is known in this transaction that nobody has ruled.
    """
    ruled = [m.article.id for m in members if m.article.id not in unruled]
    return count_sources(
        members,
        list_owners(tx, {m.article.publisher for m in members}),
        list_rulings_of(tx, ruled) if ruled else (),
        register=register,
    )


def _named_providers(members: Sequence[Member], spoken_for: Sequence[str], index: ProviderIndex) -> tuple[str, ...]:
    """Providers whose own sources tell it, then those the articles name, most often named first."""
    named = Counter(p for m in members for p in index.involved(f"{m.article.title}\n{m.article.text[:LEAD_LENGTH]}"))
    return tuple(dict.fromkeys([*spoken_for, *sorted(named, key=lambda p: (-named[p], p))]))
