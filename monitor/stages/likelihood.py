"""Articles of a candidate → how likely it is an AI incident, by the shipped model and what this newsroom corrected.

A correction is kept in parts (folds): each part was learnt without every candidate that it judges, so that a decided
candidate never says anything of itself, whoever reopens, splits or merges it. Beside words it weighs how many
publishers tell a candidate in their own words; what ships knows headlines alone, and leaves that to what the newsroom
decided.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.model import ArticleId, CandidateId, Cue, Joined, Member
from monitor.stages.relevance import Model, Reading, log_odds_of, probability_of, read_article
from monitor.stages.relevance_say import CANNOT_TELL, tell_reasons
from monitor.stages.relevance_words import BUCKETS
from monitor.stages.weighing import weighed

LIKELY = "likely an incident"  # the cue
UNTOLD = "cannot tell whether an incident"  # the cue in its place; weighs nothing
LIKELY_WEIGHT = 30.0  # so that it decides where other reasons are even
PARTS = 5
BEGINNING = 2_000  # characters of a text that are looked at
TELLINGS = 12  # articles of a candidate that are read: originals, the first ones
USUAL = log_odds_of(0.1)  # of AI news, one in ten is an incident: there the cue weighs nothing
FARTHEST = 3.0  # log-odds from the usual, either way, beyond which a cue says no more
SLOPE, BIAS, VOICES = BUCKETS, BUCKETS + 1, BUCKETS + 2  # of a correction's columns
WIDTH = BUCKETS + 3
TOLD_VOICES = 0.5  # log-odds from which the number of publishers is told as a reason

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What decisions add to the shipped model, part by part: weights of buckets, of its own log-odds, a bias, and of
    the publishers (see `voices_of`)."""

    parts: tuple[NDArray[np.float32], ...]  # each of WIDTH


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The model that holds: what ships, and what this newsroom taught it."""

    model: Model
    correction: Correction | None = None

    def corrected(self, reading: Reading, candidate: CandidateId) -> float:
        """Log-odds of one article, for a candidate, by its words."""
        if self.correction is None:
            return reading.log_odds
        weights = self.correction.parts[part_of(candidate)]
        return reading.log_odds + correct(weights, reading.columns, reading.values, reading.log_odds)

    def heard(self, voices: float, candidate: CandidateId) -> float:
        """What it adds to the log-odds of a candidate that so many publishers tell it."""
        return 0.0 if self.correction is None else float(self.correction.parts[part_of(candidate)][VOICES]) * voices

    def log_odds(self, readings: Sequence[Reading], voices: float, candidate: CandidateId) -> float:
        """Log-odds of a candidate of which these articles are read, and that so many publishers tell."""
        told = sum(self.corrected(reading, candidate) for reading in readings) / len(readings)
        return told + self.heard(voices, candidate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """How likely, and of whom that was learnt."""

    log_odds: float
    read: tuple[tuple[ArticleId, float], ...]  # log-odds article by article, oldest first
    unread_count: int = 0  # articles of which it cannot tell
    publishers: int = 1  # that tell it in their own words
    heard: float = 0.0  # log-odds that their number adds, by what this newsroom decided

    @property
    def probability(self) -> float:
        """That this is an AI incident."""
        return probability_of(self.log_odds)


def part_of(candidate: CandidateId) -> int:
    """The part of a correction that judges a candidate."""
    return candidate % PARTS


def correct(weights: NDArray[np.float32], columns: Ints, values: Floats, log_odds: float) -> float:
    """What a correction adds to the log-odds of what was read."""
    said = float(weights[columns].astype(np.float64) @ values)
    return said + float(weights[SLOPE]) * log_odds / 4 + float(weights[BIAS])


def voices_of(publishers: Collection[str]) -> float:
    """How many publishers tell it in their own words, as doublings: a second one says more than a ninth."""
    return math.log2(max(1, len(set(publishers))))


def told_by(members: Sequence[Member]) -> tuple[Member, ...]:
    """The articles that say what it is: those of the event itself, copies apart, the first ones."""
    own = [m for m in members if m.joined is not Joined.MENTION]
    return tuple([m for m in own if m.copy_of is None][:TELLINGS] or own[:1])


def judge_members(members: Sequence[Member], judge: Judge, candidate: CandidateId) -> Likelihood | None:
    """What the half of its articles say that say so most, on average; None where it cannot tell of any.

    Each is another reading of the same event, and headlines that leave out what happened are many: on labelled events
    the half is better than all (average precision .53 to .50), and a single lurid headline does not decide alone.
    """
    read: list[tuple[ArticleId, float, float]] = []
    unread = 0
    for member in told_by(members):
        article = member.article
        found = _log_odds(article.title, article.text[:BEGINNING], article.language, judge, part_of(candidate))
        if found is None:
            unread += 1
        else:
            read.append((article.id, *found))
    if not read:
        return None
    half = weightier([(shipped, corrected) for _, shipped, corrected in read])
    publishers = {member.article.publisher for member in told_by(members)}
    heard = judge.heard(voices_of(publishers), candidate)
    return Likelihood(
        log_odds=sum(corrected for _, corrected in half) / len(half) + heard,
        read=tuple((article, corrected) for article, _, corrected in read),
        unread_count=unread,
        publishers=len(publishers),
        heard=heard,
    )


T = TypeVar("T")


def weightier(found: Sequence[tuple[float, T]]) -> list[tuple[float, T]]:
    """The half that says so most by the shipped model, the larger half of an odd number; ties by what came first."""
    return sorted(found, key=lambda f: -f[0])[: (len(found) + 1) // 2]


def read_half(readings: Sequence[Reading]) -> list[Reading]:
    """The readings by which a candidate is judged: see `judge_members`."""
    return [r for _, r in weightier([(r.log_odds, r) for r in readings])]


@lru_cache(maxsize=2_000)
def _log_odds(title: str, text: str, language: str | None, judge: Judge, part: int) -> tuple[float, float] | None:
    """As shipped, and corrected; kept, since a candidate that grows is judged with every article that joins."""
    reading = read_article(title, text, judge.model, language=language)
    return None if reading is None else (reading.log_odds, judge.corrected(reading, CandidateId(part)))


def amount_of(log_odds: float) -> float:
    """How much of the cue there is: from -1 to 1, nothing at the usual share of incidents."""
    return max(-FARTHEST, min(FARTHEST, log_odds - USUAL)) / FARTHEST


def cue_of(found: Likelihood, members: Sequence[Member], judge: Judge, weights: Mapping[str, float]) -> Cue:
    """The reason in the queue: how likely, and by which words of the article that says so most."""
    most = max(found.read, key=lambda r: r[1])[0]
    member = next(m for m in members if m.article.id == most)
    article = member.article
    said = _reasons(article.title, article.text[:BEGINNING], article.language, judge.model)
    words = f": {said} ({article.publisher_name})" if said else ""
    words += f"; {told}" if (told := tell_voices(found)) else ""
    return weighed(LIKELY, amount_of(found.log_odds), f"{percent(found.probability)} likely{words}", weights)


def why_untold(members: Sequence[Member]) -> str:
    """Why nothing can be told of these articles."""
    has_own = any(m.joined is not Joined.MENTION for m in members)
    return CANNOT_TELL if has_own else "Cannot tell: nothing but round-ups mention it."


def cue_untold(members: Sequence[Member]) -> Cue:
    """The reason in the queue where nothing can be told: it says so, and moves nothing."""
    return Cue(name=UNTOLD, weight=0.0, evidence=why_untold(members), amount=0.0)


def tell_voices(found: Likelihood) -> str:
    """The number of publishers as a reason, where decisions gave it weight; else nothing."""
    if abs(found.heard) < TOLD_VOICES:
        return ""
    publishers = "one publisher tells it" if found.publishers == 1 else f"{found.publishers} publishers tell it"
    return f"{publishers}, which by what was decided here speaks {'for' if found.heard > 0 else 'against'} it"


def percent(probability: float) -> str:
    """A probability for an editor to read: no more than is known."""
    if probability < 0.01:
        return "under 1 %"
    return "over 99 %" if probability > 0.99 else f"{round(100 * probability)} %"


@lru_cache(maxsize=1_000)
def _reasons(title: str, text: str, language: str | None, model: Model) -> str:
    reading = read_article(title, text, model, language=language, is_explained=True)
    return "" if reading is None else "; ".join(reason.text for reason in tell_reasons(reading)[:3])


# --- as bytes ---------------------------------------------------------------------------------------------------


def pack_correction(correction: Correction) -> bytes:
    """Only what is not nought."""
    out = io.BytesIO()
    arrays: dict[str, NDArray[np.generic]] = {}
    for number, weights in enumerate(correction.parts):
        found = np.flatnonzero(weights).astype(np.int32)
        arrays[f"columns{number}"] = found
        arrays[f"weights{number}"] = weights[found]
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def read_correction(packed: bytes) -> Correction:
    """The correction in `packed`; raises ValueError where it is something else."""
    parts = []
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as found:
            for number in range(PARTS):
                weights = np.zeros(WIDTH, np.float32)
                weights[found[f"columns{number}"]] = found[f"weights{number}"]
                parts.append(weights)
    except (OSError, KeyError, IndexError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"no correction of a relevance model: {error}") from error
    return Correction(tuple(parts))
