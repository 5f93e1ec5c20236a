"""A simulated editor decides on the simulated press: what 300 decisions teach, on events nobody decided on.

usage: python -m benchmarks.relevance_learning [--parts 5] [--seed 31] [--decisions 300] [--words-alone] [--whole]

The press's invented events, and its pieces that tell none, are cut into parts. The editor, who knows the truth, decides
on the candidates of all parts but one, edition after edition, in the order in which they came; a model is learnt every
20 decisions and takes over only if it is not worse on those held back, as in a newsroom. What is scored are the
candidates of the part left out, in an edition that the editor never sees: no event of theirs, told in whatever words,
was decided on. Each part is left out once; the figure is of all of them together. Five parts stand for a newsroom's
next days: much of what is to come is of the kinds decided on. Two are harder: half of all that can happen is new.

Everything is read as it stands on the editor's next morning, at eight: later articles are not known (--whole: in the
end, when all is told). --words-alone hides how many publishers tell it. The learning was developed on editions 1 to 5,
which the default never meets. A minute of processor time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zlib import crc32

import numpy as np

from monitor.jobs.learn import NEW
from monitor.jobs.relevance import shipped_judge, shipped_model
from monitor.model import CandidateId
from monitor.press.articles import as_written
from monitor.press.edition import Telling, compose
from monitor.stages.likelihood import TELLINGS, Judge, read_half, voices_of
from monitor.stages.relevance import Reading, read_article
from monitor.stages.relevance_fit import Floats
from monitor.stages.relevance_learn import Example, average_precision, learn

START = datetime(2026, 3, 2, tzinfo=UTC)
MORNING = 8  # o'clock
SEED = 31  # of the first edition; the one after the last that is decided on is scored
PARTS = (2, 5)
DECISIONS = 300
STEP = 20
UNSEEN = 12  # editions after the first: never decided on
FIRST_UNSEEN = 1_000_000  # so that no number is that of a decided candidate


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate of the press on the editor's morning: an event with its articles, or a piece that tells none."""

    number: CandidateId
    told: str  # what it tells, whatever the edition
    is_incident: bool
    readings: tuple[Reading, ...]
    voices: float

    def said(self, judge: Judge) -> float:
        """Log-odds, as the newsroom's candidates are judged."""
        return judge.log_odds(self.readings, self.voices, self.number)

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
            voices=self.voices,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """Average precision on events nobody decided on, after so many decisions."""

    decisions: int
    learnt: float  # of all parts together
    shipped: float
    least_gain: float  # of one part
    adopted: int  # parts in which a learnt model holds


def part_of_press(told: str, parts: int) -> int:
    """To which part of the press an event or a piece belongs, whatever the edition."""
    return crc32(told.encode()) % parts


@cache
def cases(seed: int, *, is_whole: bool = False) -> tuple[Case, ...]:
    """The candidates of an edition that can be read on the morning after they began, or in the end; as they came."""
    edition = compose(seed=seed, start=START)
    incidents = {e.id for e in edition.events if e.is_incident}
    found: dict[str, list[Telling]] = {}
    for telling in edition.tellings:
        if telling.copy_of is None:
            # a piece is known by its headline
            found.setdefault(telling.event or f"{telling.role}/{telling.versions[0].text.title}", []).append(telling)
    made = (_case(number, told, told in incidents, some, is_whole) for number, (told, some) in enumerate(found.items()))
    return tuple(case for case in made if case is not None)


def _case(number: int, told: str, is_incident: bool, tellings: Sequence[Telling], is_whole: bool) -> Case | None:
    begun = tellings[0].published_at
    morning = begun.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    morning += timedelta(days=morning <= begun)
    known = [as_written(t) for t in tellings if is_whole or t.published_at <= morning][:TELLINGS]
    read = [read_article(a.title, a.text, shipped_model(), language=a.language) for a in known]
    readings = [r for r in read if r is not None]
    if not readings:
        return None
    voices = voices_of([a.publisher for a in known])
    return Case(CandidateId(number), told, is_incident, tuple(read_half(readings)), voices)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """The editions, cut into parts."""

    seed: int
    parts: int
    is_words_alone: bool
    is_whole: bool

    def decided(self, left_out: int) -> Iterator[Case]:
        """The candidates of all other parts, edition after edition."""
        number = 0
        for edition in range(self.seed, self.seed + UNSEEN):
            for case in cases(edition, is_whole=self.is_whole):
                if part_of_press(case.told, self.parts) != left_out:
                    number += 1
                    yield self._shown(case, number)

    def unseen(self, part: int) -> list[Case]:
        """Those of a part, in an edition never decided on."""
        found = [
            case
            for case in cases(self.seed + UNSEEN, is_whole=self.is_whole)
            if part_of_press(case.told, self.parts) == part
        ]
        return [self._shown(case, FIRST_UNSEEN + case.number) for case in found]

    def _shown(self, case: Case, number: int) -> Case:
        return replace(case, number=CandidateId(number), voices=0.0 if self.is_words_alone else case.voices)


def simulate(
    parts: int = 5,
    decisions: int = DECISIONS,
    *,
    seed: int = SEED,
    step: int = STEP,
    left_out: Sequence[int] | None = None,
    is_words_alone: bool = False,
    is_whole: bool = False,
) -> Iterator[Point]:
    """What is known after every `step` decisions, of the parts left out (each once, unless named)."""
    some = range(parts) if left_out is None else left_out
    press = _Press(seed=seed, parts=parts, is_words_alone=is_words_alone, is_whole=is_whole)
    unseen = [press.unseen(part) for part in some]
    labels = [np.array([float(c.is_incident) for c in cases_]) for cases_ in unseen]
    shipped = [np.array([c.said(shipped_judge()) for c in cases_]) for cases_ in unseen]
    judges = [_judges(press.decided(part), decisions, step) for part in some]
    for count, *held in zip(range(0, decisions + 1, step), *judges, strict=True):
        said = [np.array([c.said(judge) for c in cases_]) for judge, cases_ in zip(held, unseen, strict=True)]
        yield Point(
            decisions=count,
            learnt=average_precision(np.concatenate(labels), np.concatenate(said)),
            shipped=average_precision(np.concatenate(labels), np.concatenate(shipped)),
            least_gain=min(map(_gain, labels, said, shipped)),
            adopted=sum(judge.correction is not None for judge in held),
        )


def _gain(labels: Floats, said: Floats, shipped: Floats) -> float:
    return average_precision(labels, said) - average_precision(labels, shipped)


def _judges(decided: Iterator[Case], decisions: int, step: int) -> Iterator[Judge]:
    """The judge that holds after every `step` decisions."""
    judge = shipped_judge()
    examples: list[Example] = []
    yield judge
    for case in decided:
        if len(examples) == decisions:
            return
        examples.append(case.example(judge))
        if len(examples) % NEW == 0 and (found := learn(examples)) is not None and found.is_better:
            judge = Judge(shipped_model(), found.correction)
        if len(examples) % step == 0:
            yield judge


def main() -> None:
    """Print the curve of each cut."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, choices=PARTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--words-alone", action="store_true")
    parser.add_argument("--whole", action="store_true")
    asked = parser.parse_args()
    for parts in PARTS if asked.parts is None else (asked.parts,):
        read = "words alone" if asked.words_alone else "words and publishers"
        when = "in the end" if asked.whole else "next morning"
        print(f"{parts} parts, each left out once, editions from {asked.seed} on, {read}, {when}: average precision")
        for p in simulate(
            parts, asked.decisions, seed=asked.seed, is_words_alone=asked.words_alone, is_whole=asked.whole
        ):
            print(
                f"  {p.decisions:4d} decisions  {p.learnt:.3f}  (shipped {p.shipped:.3f}, {p.learnt - p.shipped:+.3f};"
                f" least of one part {p.least_gain:+.3f}; a learnt model holds in {p.adopted})",
                flush=True,
            )


if __name__ == "__main__":
    main()
