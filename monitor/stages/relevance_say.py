"""What a relevance model weighed → reasons an editor can read: which words speak for an incident, and which against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.stages.relevance import Reading, Said
from monitor.stages.relevance_words import is_small_word

CANNOT_TELL = "Cannot tell: it is not in English, or there are almost no words."
WORDS_TOLD = 5
LEAST = 0.12  # log-odds of words that are told
LEAST_SHARE = 0.15  # of the weightiest
UNSURE = 0.5  # log-odds of "about an AI system" below which its absence is a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why, in words."""

    text: str
    words: tuple[str, ...]  # as they stand in title and text, the weightiest first
    weight: float  # log-odds; above nought speaks for an incident

    @property
    def is_for(self) -> bool:
        """Whether it speaks for an incident."""
        return self.weight > 0


def tell_reasons(reading: Reading) -> tuple[Reason, ...]:
    """The words for and against, of harm and of an AI system; the weightiest first."""
    found: list[Reason] = []
    for about, sign, text in (
        ("harm", 1, "words as of incidents: {}"),
        ("harm", -1, "words as of other news: {}"),
        ("machine", 1, "words of an AI system: {}"),
    ):
        told = weightiest([s for s in reading.said if s.about == about and s.weight * sign > 0])
        if told and not (about == "machine" and reading.machine < 0):
            words = tuple(dict.fromkeys(s.words for s in told))
            listed = ", ".join(f"“{w}”" for w in words)
            weight = round(sum(s.weight for s in told), 3)
            found.append(Reason(text=text.format(listed), words=words, weight=weight))
    if reading.machine < UNSURE:
        found.append(
            Reason(
                text="little says that an AI system has to do with it",
                words=(),
                weight=round(reading.machine - UNSURE, 3),
            )
        )
    return tuple(sorted(found, key=lambda r: -abs(r.weight)))


def weightiest(said: Sequence[Said]) -> tuple[Said, ...]:
    """The words that are worth telling, each once, small words apart."""
    told: dict[str, Said] = {}
    least = max(LEAST, LEAST_SHARE * max((abs(s.weight) for s in said), default=0.0))
    heavy = [s for s in said if abs(s.weight) >= least]
    for one in sorted(heavy, key=lambda s: (-abs(s.weight), s.is_lead, s.start)):
        key = one.words.casefold()
        if key not in told and not is_small_word(key):
            told[key] = one
            if len(told) == WORDS_TOLD:
                break
    return tuple(told.values())
