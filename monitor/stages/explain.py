"""What was compared → why an article is where it is: the evidence in figures, and one sentence an editor can read.

`grouping` decides, this stage says. Nothing here weighs: scores and the threshold are handed in, so that a sentence can
never disagree with the judgement it explains.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from monitor.model import CandidateId, Evidence
from monitor.stages.similarity import Rarity
from monitor.stages.window import Telling

TITLE_LIMIT = 90  # characters of a title inside a reason
NAMED_IN_REASON = 3  # of each kind, inside a reason
KEPT_AS_EVIDENCE = 12  # of each kind, the rarest
RARE_FROM = math.log(12)  # a word that more than one in twelve articles has is shared by chance

Spelling = Mapping[str, str]  # folded word → as the article spells it


def find_evidence(
    telling: Telling,
    nearest: Telling,
    rarity: Rarity,
    spelling: Spelling,
    *,
    score: float | None = None,
    threshold: float | None = None,
    vector: float | None = None,
    runner_up: CandidateId | None = None,
    runner_up_score: float | None = None,
) -> Evidence:
    """What `telling` shares with `nearest`, which decided, and the figures of the decision."""
    mine, yours = telling.fingerprint, nearest.fingerprint
    shared = mine.words & yours.words
    numbers = {n for n in mine.numbers & yours.numbers if n.strip("0")}  # of 140,000 the thousands say nothing
    names = (shared & (mine.names | yours.names)) - numbers
    words = {w for w in shared - names - numbers if rarity[w] >= RARE_FROM}

    def spelt(kind: Iterable[str]) -> tuple[str, ...]:
        rarest = sorted(kind, key=lambda w: (-rarity[w], w))[:KEPT_AS_EVIDENCE]
        return tuple(dict.fromkeys(spelling.get(w, w) for w in rarest))

    return Evidence(
        nearest=nearest.article,
        names=spelt(names),
        numbers=spelt(numbers),
        words=spelt(words),
        days=days_between(telling, nearest),
        score=score,
        threshold=threshold,
        vector=vector,
        runner_up=runner_up,
        runner_up_score=runner_up_score,
    )


def say_joined(nearest: Telling, evidence: Evidence) -> str:
    """Why an article joined the candidate of `nearest`."""
    return f"The same event as {named(nearest)}: {say_shared(evidence)}; {_against_threshold(evidence)}."


def say_copied(original: Telling, share: float, because: str | None = None) -> str:
    """Why an article is a copy: `share` of the shorter text's phrases stand in the other, or what `because` says."""
    if because is not None:
        return f"A copy of {named(original)}: {because}."
    what = (
        f"{share:.0%} of the shorter text stands word for word in the other"
        if original.fingerprint.has_text
        else "the headline is the same, word for word"
    )
    return f"A copy of {named(original)}: {what}."


def say_opened(nearest: Telling | None = None, evidence: Evidence | None = None, *, is_other: bool = False) -> str:
    """Why an article opened a candidate, though `nearest` resembles it; `is_other`: by what its headline says."""
    if nearest is None or evidence is None:
        return "Opens a candidate: no recent article shares its rare words."
    why_not = f"{_why_not(evidence)}{', since its headline tells of something else' if is_other else ''}"
    return f"Opens a candidate: the nearest is {named(nearest)}, {say_shared(evidence)}; {why_not}."


def say_digest() -> str:
    """Why a round-up is in a candidate of its own."""
    return "A round-up: it mentions many events and tells none, so it counts nowhere and attracts no article."


def say_shared(evidence: Evidence) -> str:
    """ "shares the names Sora, OpenAI and the number 13, told within a day"."""
    kinds = (("name", evidence.names), ("number", evidence.numbers), ("word", evidence.words))
    said = [
        f"the {kind}{'s' if len(words[:NAMED_IN_REASON]) > 1 else ''} {', '.join(words[:NAMED_IN_REASON])}"
        for kind, words in kinds
        if words
    ]
    return f"shares {_listed(said) or 'little'}, {say_apart(evidence.days or 0.0)}"


def say_apart(days: float) -> str:
    """The time between two articles, in words."""
    return "told within a day" if days < 1 else f"{days:.0f} day{'s' if days >= 1.5 else ''} apart"


def named(telling: Telling) -> str:
    """An article inside a sentence: its title, shortened, and its publisher."""
    title = telling.title if len(telling.title) <= TITLE_LIMIT else telling.title[: TITLE_LIMIT - 1].rstrip() + "…"
    return f"“{title}” ({telling.publisher_name})"


def days_between(a: Telling, b: Telling) -> float:
    """How far apart two articles were told."""
    return abs((a.told_at - b.told_at).total_seconds()) / 86_400


def _against_threshold(evidence: Evidence) -> str:
    return f"{evidence.score or 0.0:.2f}, where {evidence.threshold or 0.0:.2f} is needed"


def _why_not(evidence: Evidence) -> str:
    score, threshold = evidence.score or 0.0, evidence.threshold or 0.0
    if score < threshold:
        return f"{score:.2f} is below {threshold:.2f}"
    return "what they share are whole sentences, and nothing besides"


def _listed(said: list[str]) -> str:
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
