"""python -m benchmarks.providers DATA: providers suggested for the records of the AI Incident Database, against it.

The gold of a record is what of its developers and deployers the register knows; what is suggested comes from title and
description alone. Half of the records (even numbers) were looked at while the register was written, the other half was
not: both are printed, with 95 % intervals by bootstrap over records, and the misses of the first half alone. Pairs of
record and provider are counted, and records averaged: one that lists ten providers and names none weighs ten in the
first and one in the second.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.jobs.rulebook import read_rulebook
from monitor.stages.codebook import ProviderIndex

ROUNDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An incident: what is read, and who made or used the system."""

    number: int
    text: str
    gold: frozenset[str]  # ids of the register
    found: frozenset[str]  # suggested
    named: frozenset[str]  # of these, named in the text; the register knows the others to stand behind what is

    @property
    def is_development(self) -> bool:
        return self.number % 2 == 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Over records together, each pair of record and provider counted once."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def read_records(path: Path, index: ProviderIndex) -> list[Record]:
    """The records of `aiid_incidents.jsonl`, with what the register says of them."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [_record(line, index) for line in lines]


def _record(line: dict[str, object], index: ProviderIndex) -> Record:
    text = f"{line['title']}. {line['description']}"
    told = [str(name) for key in ("developers", "deployers") for name in line[key]]  # type: ignore[attr-defined]
    named = frozenset(index.involved(text))
    known = (index.resolve(name) or index.resolve(name.replace("-", " ")) for name in told)
    return Record(
        number=int(str(line["incident_id"])),
        text=text,
        gold=frozenset(p.id for p in known if p is not None),
        found=named | {ident for ident, _, _ in index.behind(text)},
        named=named,
    )


def figures(records: Sequence[Record]) -> Figures:
    return Figures(
        sum(len(r.gold & r.found) for r in records),
        sum(len(r.found - r.gold) for r in records),
        sum(len(r.gold - r.found) for r in records),
    )


def averaged(records: Sequence[Record]) -> tuple[float, float]:
    """Precision and recall of each record, averaged: over those with a suggestion, and over those with a provider."""
    suggested = [len(r.gold & r.found) / len(r.found) for r in records if r.found]
    known = [len(r.gold & r.found) / len(r.gold) for r in records if r.gold]
    return sum(suggested) / max(1, len(suggested)), sum(known) / max(1, len(known))


def with_gold(records: Sequence[Record]) -> list[Record]:
    """Those that somebody of the register made or used a system in."""
    return [r for r in records if r.gold]


def named_only(records: Sequence[Record], index: ProviderIndex) -> list[Record]:
    """The gold cut down to whom title and description name at all: what words can find."""
    return [replace(r, gold=r.gold & {*index.find(r.text)}, found=r.named) for r in records]


def shares(records: Sequence[Record]) -> tuple[int, int, int]:
    """Of the gold, how much is found by its name, how much behind what is named, and how much not at all."""
    by_name = sum(len(r.gold & r.named) for r in records)
    behind = sum(len(r.gold & r.found - r.named) for r in records)
    return by_name, behind, sum(len(r.gold) for r in records) - by_name - behind


Measure = Callable[[Sequence[Record]], float]


def interval(records: Sequence[Record], measure: Measure, rounds: int = ROUNDS) -> tuple[float, float]:
    """The middle 95 % of what resampled records give."""
    dice = random.Random(7)
    drawn = sorted(measure(dice.choices(records, k=len(records))) for _ in range(rounds))
    return drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds)]


def with_interval(records: Sequence[Record], measure: Measure) -> str:
    low, high = interval(records, measure)
    return f"{measure(records):.3f} ({low:.3f} to {high:.3f})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--misses", action="store_true", help="list what was wrong and missed, development half")
    chosen = parser.parse_args(arguments)
    index = read_rulebook().index
    index.find("")  # built before the clock starts
    began = time.process_time()
    records = read_records(chosen.data / "relevance" / "aiid_incidents.jsonl", index)
    spent = time.process_time() - began
    for line in report(records, index):
        print(line)
    size = sum(len(r.text) for r in records)
    print(f"{1000 * spent / len(records):.2f} ms of processor time a record of {size // len(records)} characters")
    if chosen.misses:
        for line in misses([r for r in records if r.is_development]):
            print(line)
    return 0


def report(records: Sequence[Record], index: ProviderIndex) -> Iterator[str]:
    yield f"{len(index.providers)} providers, {len(records)} records, {len(with_gold(records))} with one of them"
    halves = {
        "development": [r for r in records if r.is_development],
        "held out": [r for r in records if not r.is_development],
        "both": list(records),
    }
    views: dict[str, Callable[[Sequence[Record]], list[Record]]] = {
        "records with a provider of the register": with_gold,
        "all records": list,
        "records with a provider, by name alone, gold that is named": lambda rs: with_gold(named_only(rs, index)),
    }
    for name, half in halves.items():
        by_name, behind, missed = shares(half)
        yield f"  {name:12} found by name {by_name}, behind what is named {behind}, not at all {missed}"
    for view, choose in views.items():
        yield view
        for name, half in halves.items():
            chosen = choose(half)
            found = figures(chosen)
            yield (
                f"  {name:12} n {len(chosen):3}  precision {with_interval(chosen, lambda rs: figures(rs).precision)}"
                f"  recall {with_interval(chosen, lambda rs: figures(rs).recall)}"
                f"  right {found.right} wrong {found.wrong} missed {found.missed}"
            )
    yield "averaged over records with a provider of the register"
    for name, half in halves.items():
        chosen = with_gold(half)
        yield (
            f"  {name:12} n {len(chosen):3}  precision {with_interval(chosen, lambda rs: averaged(rs)[0])}"
            f"  recall {with_interval(chosen, lambda rs: averaged(rs)[1])}"
        )


def misses(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        for kind, ids in (("wrong", record.found - record.gold), ("missed", record.gold - record.found)):
            for ident in sorted(ids):
                yield f"{kind:6} {ident:14} {record.number:5} {record.text[:400]}"


if __name__ == "__main__":
    sys.exit(main())
