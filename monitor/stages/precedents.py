"""What editors accepted before × a candidate → one cue: how much likelier than others such candidates were accepted.

Counting, and no more: of the candidates decided on that share a provider, a publisher or words with this one, the share
that was accepted, set against the share of all. Few precedents say little: each share is drawn towards that of all as
if PRIOR more had been decided so. Nothing is said before LEAST decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.model import Cue, Precedents
from monitor.stages.weighing import weighed
from monitor.stages.words import HARMS, NOISE

NAME = "accepted before"
LEAST = 20  # decisions of all
LEAST_OF_TRAIT = 4
PRIOR = 5.0
MOST_TRAITS = 40  # of a candidate
MOST_TOLD = 3  # in the evidence
_TOPICS = frozenset(topic.name for topic in (*HARMS, *NOISE))


def traits_of(providers: Sequence[str], publishers: Iterable[str], cues: Iterable[str]) -> tuple[str, ...]:
    """What a candidate shares with others: "provider:…", "publisher:…", "words:…", each once, bounded."""
    found = [f"provider:{p}" for p in providers]
    found += [f"words:{name}" for name in cues if name in _TOPICS]
    found += [f"publisher:{p}" for p in publishers]
    return tuple(trait[:250] for trait in dict.fromkeys(found))[:MOST_TRAITS]


def judge(
    traits: Sequence[str], precedents: Precedents, weights: Mapping[str, float], names: Mapping[str, str]
) -> Cue | None:
    """The cue; None where too little was decided. `names` are how publishers and providers are called."""
    overall = precedents.overall
    if overall.decided < LEAST:
        return None
    share = overall.accepted / overall.decided
    leans: dict[str, float] = {}
    for trait in traits:
        known = precedents.by_trait.get(trait)
        if known is not None and known.decided >= LEAST_OF_TRAIT:
            leans[trait] = (known.accepted + PRIOR * share) / (known.decided + PRIOR) - share
    if not leans:
        return None
    amount = max(-1.0, min(1.0, 2 * sum(leans.values()) / len(leans)))
    told = sorted(leans, key=lambda t: (-abs(leans[t]), t))[:MOST_TOLD]
    said = [_said(trait, precedents, names) for trait in told]
    evidence = f"Editors accepted {'; '.join(said)}; {overall.accepted} of {overall.decided} in all"
    return weighed(NAME, amount, evidence, weights)


def _said(trait: str, precedents: Precedents, names: Mapping[str, str]) -> str:
    known = precedents.by_trait[trait]
    kind, _, value = trait.partition(":")
    how = {"provider": "that named", "publisher": "told by", "words": "with"}[kind]
    return f"{known.accepted} of {known.decided} {how} {names.get(trait, value)}"
