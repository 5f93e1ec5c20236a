"""Title and text → the probability that an AI incident is told, and the words that say so.

Two judgements are multiplied, since they are learnt from different examples: whether an AI system has to do with it,
and, of news about AI, whether somebody was harmed or nearly so. Each is a logistic regression over hashed words, pairs
and pieces of words (TF-IDF, either kind of one length); the product is then put on the scale of what happened
(Platt 1999). The model reads neither source nor publisher. What it cannot read it does not judge.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stages.relevance_words import (
    BUCKETS,
    WORD_BUCKETS,
    Passage,
    can_be_read,
    read_passage,
    shortened,
)

LEAD = 600  # characters of a text that are read: what happened stands first
TITLE_SHARE = 0.7  # of the judgement on harm; the beginning of the text has the rest
LEAST_SAID = 0.02  # log-odds of a word that is told
LEAST_LEAD = 8  # words; a shorter text says nothing beside its title
_HALF = math.sqrt(0.5)  # words and pieces have equal length

Floats = NDArray[np.float64]
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What was learnt: see `benchmarks/fit_relevance.py`. Not changed once read."""

    version: str
    rarity: Halves  # of each bucket
    harm: Halves  # weights, the last one the bias
    machine: Halves  # of "an AI system has to do with it"
    slope: float
    shift: float


class Said(NamedTuple):
    """A word or pair of neighbouring words, and how much it says: above nought for an incident."""

    words: str  # as they stand in the text
    start: int  # in the passage
    end: int
    weight: float  # log-odds
    is_lead: bool = False  # it stands in the text, not in the title
    about: str = "harm"  # or "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model makes of one article."""

    log_odds: float  # calibrated
    harm: float  # log-odds of each judgement
    machine: float
    columns: Ints  # what was read, for whoever corrects the model
    values: Floats
    said: tuple[Said, ...]  # the weightiest first; empty unless asked for

    @property
    def probability(self) -> float:
        """That it tells an AI incident."""
        return probability_of(self.log_odds)


def read_article(
    title: str, text: str, model: Model, *, language: str | None = None, is_explained: bool = False
) -> Reading | None:
    """What the model makes of it; None where it cannot tell: another language, or almost no words."""
    lead = shortened(text.strip(), LEAD)
    if not can_be_read(f"{title} {lead}", language):
        return None
    passages = [read_passage(title)]
    if lead and lead.casefold() != title.strip().casefold():
        passages.append(read_passage(lead))
    if len(passages) > 1 and len(passages[1].words) < LEAST_LEAD:
        passages.pop()
    if not passages[0].words:
        passages.reverse()
        passages = passages[:1]
    return _read(passages, model, is_explained=is_explained)


def _read(passages: Sequence[Passage], model: Model, *, is_explained: bool) -> Reading:
    vectors = [vector_of(p, model.rarity) for p in passages]
    shares = (TITLE_SHARE, 1 - TITLE_SHARE) if len(passages) > 1 else (1.0,)
    harms = [_say(model.harm, v) for v in vectors]
    machines = [_say(model.machine, v) for v in vectors]
    harm = sum(s * h for s, h in zip(shares, harms, strict=True))
    machine = max(machines)
    said: list[Said] = []
    if is_explained:
        for number, (passage, vector, share) in enumerate(zip(passages, vectors, shares, strict=True)):
            said += _explained(passage, vector, model, share, is_lead=number > 0)
    columns = np.concatenate([c for c, _ in vectors])
    values = np.concatenate([s * v for s, (_, v) in zip(shares, vectors, strict=True)])
    return Reading(
        log_odds=calibrated(harm, machine, model),
        harm=harm,
        machine=machine,
        columns=columns,
        values=values,
        said=tuple(sorted(said, key=lambda s: (-abs(s.weight), s.is_lead, s.start))),
    )


def vector_of(passage: Passage, rarity: Halves) -> tuple[Ints, Floats]:
    """The passage as columns and values: words and pieces, each of one length together."""
    columns = np.concatenate(passage.hashed)
    values = rarity[columns].astype(np.float64)
    words = len(passage.hashed[0])
    for block in (values[:words], values[words:]):
        block *= _HALF / (math.sqrt(float(block @ block)) or 1.0)
    return columns, values


def calibrated(harm: float, machine: float, model: Model) -> float:
    """The log-odds of the product of both judgements, on the scale of what happened."""
    return model.slope * product(harm, machine) + model.shift


def product(harm: float, machine: float) -> float:
    """The log-odds that both hold."""
    log_p = -math.log1p(math.exp(-_bounded(harm))) - math.log1p(math.exp(-_bounded(machine)))
    return log_p - math.log(max(1e-12, -math.expm1(log_p)))


def probability_of(log_odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-_bounded(log_odds)))


def log_odds_of(probability: float) -> float:
    """A probability as log-odds, bounded."""
    p = min(1 - 1e-9, max(1e-9, probability))
    return math.log(p / (1 - p))


def _bounded(x: float) -> float:
    return max(-50.0, min(50.0, x))


def _say(weights: Halves, vector: tuple[Ints, Floats]) -> float:
    columns, values = vector
    return float(weights[columns].astype(np.float64) @ values) + float(weights[-1])


# --- words ------------------------------------------------------------------------------------------------------


def _explained(
    passage: Passage, vector: tuple[Ints, Floats], model: Model, share: float, *, is_lead: bool
) -> Iterator[Said]:
    columns, values = vector  # in ascending order: buckets of words come before those of pieces
    places = [np.searchsorted(columns, buckets) for buckets in passage.occurrences]
    values = values / np.maximum(np.bincount(np.concatenate(places), minlength=len(columns)), 1)
    for about, weights in (("harm", model.harm), ("machine", model.machine)):
        told = _by_word(passage, places, values * weights[columns]) * share
        worth = np.flatnonzero(np.abs(told) >= LEAST_SAID)
        for word, weight in zip(worth.tolist(), told[worth].tolist(), strict=True):
            start, end = passage.spans[word]
            yield Said(passage.text[start:end], start, end, round(weight, 3), is_lead, about)


def _by_word(passage: Passage, places: Sequence[Ints], share: Floats) -> Floats:
    """How much each word adds: what it, its pieces and half of each of its pairs add, shared by its repetitions."""
    count = len(passage.words)
    wholes, pieces = (share[place] for place in places)
    told = wholes[:count] + np.bincount(passage.owners[1], weights=pieces, minlength=count)
    halves = wholes[count:] / 2
    told[: len(halves)] += halves
    told[1:] += halves
    return told


# --- as a file --------------------------------------------------------------------------------------------------


def pack_model(model: Model) -> bytes:
    """The model as bytes: NumPy's own archive, compressed; the same model gives the same arrays."""
    out = io.BytesIO()
    np.savez_compressed(
        out,
        version=np.array(model.version),
        rarity=model.rarity,
        harm=model.harm,
        machine=model.machine,
        scale=np.array([model.slope, model.shift]),
    )
    return out.getvalue()


def read_model(packed: bytes) -> Model:
    """The model in `packed`; raises ValueError where it is something else."""
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as found:
            model = Model(
                version=str(found["version"]),
                rarity=found["rarity"],
                harm=found["harm"],
                machine=found["machine"],
                slope=float(found["scale"][0]),
                shift=float(found["scale"][1]),
            )
    except (OSError, KeyError, IndexError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"no relevance model: {error}") from error
    if not len(model.rarity) == len(model.harm) - 1 == len(model.machine) - 1 == BUCKETS > WORD_BUCKETS:
        raise ValueError("this relevance model was made for other buckets: make it again")
    return model
