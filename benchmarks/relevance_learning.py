"""A simulated editor decides on the simulated press: what 300 decisions teach, on events nobody decided on.

usage: python -m benchmarks.relevance_learning [--half 0|1] [--decisions 300]

The press's invented events are cut in two. The editor, who knows the truth, decides on candidates of one half, edition
after edition, in the order in which they came; a model is learnt every 20 decisions and takes over only if it is not
worse on those held back, as in a newsroom. What is scored are the candidates of the other half, of an edition that
the editor never sees: no event, no headline of theirs was decided on. A minute of processor time for each half.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from zlib import crc32

import numpy as np

from monitor.jobs.learn import NEW
from monitor.jobs.relevance import shipped_judge, shipped_model
from monitor.model import CandidateId
from monitor.press.articles import as_written
from monitor.press.edition import compose
from monitor.stages.likelihood import TELLINGS, Judge, read_half
from monitor.stages.relevance import Reading, read_article
from monitor.stages.relevance_learn import Example, average_precision, learn

START = datetime(2026, 3, 2, tzinfo=UTC)
DECIDED, UNSEEN = range(1, 20), 21  # seeds of editions
DECISIONS = 300
STEP = 50
FIRST_UNSEEN = 1_000_000  # so that no number is that of a decided candidate


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate of the press: an event with its articles, or a piece that tells none."""

    number: CandidateId
    is_incident: bool
    readings: tuple[Reading, ...]

    def said(self, judge: Judge) -> float:
        """Log-odds, as the newsroom's candidates are judged."""
        return float(np.mean([judge.corrected(r, self.number) for r in self.readings]))

    def example(self, judge: Judge) -> Example:
        """The case, decided."""
        return Example(
            candidate=self.number,
            is_incident=self.is_incident,
            share=1.0,
            log_odds=float(np.mean([r.log_odds for r in self.readings])),
            held=self.said(judge),
            columns=np.concatenate([r.columns for r in self.readings]),
            values=np.concatenate([r.values for r in self.readings]) / len(self.readings),
        )


@dataclass(frozen=True, slots=True)
class Point:
    """Average precision on events nobody decided on, after so many decisions."""

    decisions: int
    learnt: float
    shipped: float
    is_adopted: bool  # a learnt model holds


def half_of(told: str) -> int:
    """To which half of the press an event or a piece belongs, whatever the edition."""
    return crc32(told.encode()) % 2


def cases(seed: int, half: int, first: int) -> list[Case]:
    """The candidates of one half of an edition that can be read, in the order in which they came."""
    edition = compose(seed=seed, start=START)
    incidents = {e.id for e in edition.events if e.is_incident}
    found: dict[str, list[Reading]] = {}
    for telling in edition.tellings:
        # a piece is of one half by its publisher's section: the wordings of one kind of piece stay together
        told = telling.event or f"{telling.role}/{telling.versions[0].text.title}"
        if telling.copy_of is not None or half_of(told) != half:
            continue
        article = as_written(telling)
        reading = read_article(article.title, article.text, shipped_model(), language=article.language)
        if reading is not None and len(found.setdefault(told, [])) < TELLINGS:
            found[told].append(reading)
    return [
        Case(CandidateId(first + number), told in incidents, tuple(read_half(readings)))
        for number, (told, readings) in enumerate(found.items())
        if readings
    ]


def simulate(half: int, decisions: int = DECISIONS, *, step: int = STEP) -> Iterator[Point]:
    """What is known after every `step` decisions on one half, of the other."""
    unseen = cases(UNSEEN, 1 - half, FIRST_UNSEEN)
    judge = shipped_judge()
    examples: list[Example] = []
    yield _point(0, unseen, judge)
    for case in islice(_decided(half), decisions):
        examples.append(case.example(judge))
        if len(examples) % NEW == 0 and (found := learn(examples)) is not None and found.is_better:
            judge = Judge(shipped_model(), found.correction)
        if len(examples) % step == 0:
            yield _point(len(examples), unseen, judge)


def _decided(half: int) -> Iterator[Case]:
    first = 1
    for seed in DECIDED:
        some = cases(seed, half, first)
        yield from some
        first += len(some)


def _point(decisions: int, unseen: Sequence[Case], judge: Judge) -> Point:
    labels = np.array([float(c.is_incident) for c in unseen])
    return Point(
        decisions=decisions,
        learnt=average_precision(labels, np.array([c.said(judge) for c in unseen])),
        shipped=average_precision(labels, np.array([c.said(shipped_judge()) for c in unseen])),
        is_adopted=judge.correction is not None,
    )


def main() -> None:
    """Print the curve of each half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    asked = parser.parse_args()
    for half in (0, 1) if asked.half is None else (asked.half,):
        print(f"decided on half {half}; average precision on the other half, of an edition never decided on")
        for point in simulate(half, asked.decisions):
            holds = "learnt" if point.is_adopted else "shipped"
            print(f"  {point.decisions:4d} decisions  {point.learnt:.3f}  (shipped {point.shipped:.3f}; {holds} holds)")


if __name__ == "__main__":
    main()
