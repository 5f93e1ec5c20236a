"""Article × earlier articles → the one whose text it repeats.

A *copy* is told by phrases: how much of the shorter text stands in the longer one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.model import ArticleId
from monitor.stages.fingerprint import SKETCH_SIZE, Fingerprint, sketch

COPY_CONTAINMENT = 0.6  # of the shorter text's phrases: reprints keep more, retellings that quote keep less
COPY_MIN_SHINGLES = 12  # phrases: below it, a standing line or a byline could make two texts one
COPY_MIN_RATIO = 0.25  # a quarter of a text is no longer a shortened reprint of it, but a quotation


class Told(Protocol):
    """An article as copies are told by: a `window.Telling`."""

    @property
    def article(self) -> ArticleId: ...
    @property
    def told_at(self) -> datetime: ...
    @property
    def fingerprint(self) -> Fingerprint: ...


T = TypeVar("T", bound=Told)
T_co = TypeVar("T_co", bound=Told, covariant=True)


class Headlines(Protocol[T_co]):
    """Where articles are found by their headline: a `window.Window`."""

    def with_headline(self, headline: int) -> tuple[T_co, ...]: ...


def find_original(telling: T, near: Iterable[T], window: Headlines[T]) -> tuple[T, float] | None:
    """The article whose text this one repeats, and how much of it; of several alike, the one told first."""
    made = telling.fingerprint
    others = [*window.with_headline(made.headline), *near]
    found = [(other, share) for other in others if (share := find_copy(made, other.fingerprint)) is not None]
    return min(found, key=lambda f: (-f[1], f[0].told_at, f[0].article), default=None)


def find_copy(a: Fingerprint, b: Fingerprint) -> float | None:
    """How much of the shorter text stands in the longer, where that makes them copies; None where they are not.

    Articles of which one has no text are copies where their headlines are the same, word for word: nothing else can be
    compared, and a headline of six words is not written twice.
    """
    if not (a.has_text and b.has_text):
        return 1.0 if a.headline and a.headline == b.headline else None
    fewest, most = sorted((a.shingle_count, b.shingle_count))
    if fewest < COPY_MIN_SHINGLES or fewest < COPY_MIN_RATIO * most:
        return None
    contained = containment(a, b)
    return contained if contained >= COPY_CONTAINMENT else None


def shared_text(one: str, other: str) -> float | None:
    """Share of the shorter text's phrases that the longer one has too; None where one is too short to tell."""
    (mine, fewest), (yours, most) = (sketch(text) for text in (one, other))
    if min(fewest, most) < COPY_MIN_SHINGLES:
        return None
    return _contained(mine, fewest, yours, most)


def containment(a: Fingerprint, b: Fingerprint) -> float:
    """Share of the shorter text's phrases that the longer one has too.

    Exact for texts of up to SKETCH_SIZE phrases. Beyond, both sketches are cut at the largest hash that both cover, so
    that the same fair sample of phrases is compared (bottom-k sketches: Cohen and Kaplan 2007).
    """
    return _contained(a.sketch, a.shingle_count, b.sketch, b.shingle_count)


def _contained(a: array[int], a_count: int, b: array[int], b_count: int) -> float:
    ceiling = min((s[-1] for s, count in ((a, a_count), (b, b_count)) if count > SKETCH_SIZE), default=None)
    mine, yours = (s if ceiling is None else s[: bisect_right(s, ceiling)] for s in (a, b))
    fewest = min(len(mine), len(yours))
    return len(set(mine).intersection(yours)) / fewest if fewest else 0.0
