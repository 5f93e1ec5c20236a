"""What a re-run proposes × what holds → which candidate each proposed one is: ids stay with most of their articles.

A candidate's heir is the proposed one that holds most of its articles; where an editor decided on it, the one that
holds what must stay. A proposed candidate takes the id of the candidate that it inherits most articles from, of
several alike the oldest; the others are absorbed, and lead on. One that inherits nothing is opened anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.model import CandidateId

Label = int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many articles of a candidate a proposed one holds."""

    candidate: CandidateId
    label: Label
    count: int
    is_anchored: bool = False  # one of them must stay in the candidate


def find_heirs(shares: Iterable[Share]) -> dict[CandidateId, Label]:
    """The heir of each candidate; `shares` must be all shares of each."""
    best: dict[CandidateId, Share] = {}
    for share in shares:
        held = best.get(share.candidate)
        if held is None or _claim(share) > _claim(held):
            best[share.candidate] = share
    return {candidate: share.label for candidate, share in best.items()}


def _claim(share: Share) -> tuple[bool, int, int]:
    return (share.is_anchored, share.count, -share.label)


def find_claimants(
    label: Label, shares: Iterable[Share], heirs: Mapping[CandidateId, Label], busy: Collection[CandidateId] = ()
) -> tuple[CandidateId, ...]:
    """The candidates whose heir `label` is: the first one gives it its id, the others lead on to it.

    `busy` are those that an editor has in hand: they go before others.
    """
    claims = [s for s in shares if s.label == label and heirs[s.candidate] == label]
    claims.sort(key=lambda s: (not s.is_anchored, s.candidate not in busy, -s.count, s.candidate))
    return tuple(s.candidate for s in claims)
