"""What another order of arrival changes: python -m benchmarks.grouping_order [FOLDER] [--seeds N] [--minutes M]

Articles arrive within an hour in any order: each is taken by its own time plus a random delay of up to an hour, some
seeds one after the other, and grouped by the stages alone. Printed for each set: of all articles, how many keep exactly
their company; the agreement of both groupings by BCubed F1 and by pairs; and how often the same order gave the same.
FOLDER holds the labelled files of `benchmarks.events`; the simulated press is always measured.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.events import FILES, Labelled, read_events, replay, score
from monitor.model import Article, ArticleId
from monitor.press.articles import as_written
from monitor.press.edition import Telling, compose

START = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How far a grouping in another order agrees with the first; shares from 0 to 1."""

    same_company: float  # articles whose candidate holds the very same articles
    bcubed: float
    pairs: float


def shuffled(items: Sequence[Labelled], *, seed: int, within: timedelta) -> list[Labelled]:
    """The articles as they arrive where each is up to `within` late."""
    chosen = random.Random(seed)
    late = {item.id: item.article.told_at + within * chosen.random() for item in items}
    return sorted(items, key=lambda item: (late[item.id], item.article.id))


def compare(first: Mapping[str, int], other: Mapping[str, int]) -> Change:
    """How far two groupings of the same articles agree."""
    told = score({key: str(cluster) for key, cluster in first.items()}, other)
    mine, yours = _company(first), _company(other)
    same = sum(mine[first[key]] == yours[other[key]] for key in first)
    return Change(same_company=same / len(first), bcubed=told.bcubed, pairs=told.pairs)


def _company(found: Mapping[str, int]) -> dict[int, frozenset[str]]:
    clusters: dict[int, set[str]] = defaultdict(set)
    for key, cluster in found.items():
        clusters[cluster].add(key)
    return {cluster: frozenset(keys) for cluster, keys in clusters.items()}


def read_fortnight(seed: int) -> list[Labelled]:
    """The simulated press's fortnight, oldest first."""
    tellings = compose(seed=seed, start=START).tellings
    return [Labelled(id=t.key, event=t.event or t.key, article=_article(n, t)) for n, t in enumerate(tellings, 1)]


def _article(number: int, telling: Telling) -> Article:
    new = as_written(telling)
    return Article(id=ArticleId(number), **{name: getattr(new, name) for name in new.__dataclass_fields__})


def _sets(folder: Path | None, limit: int | None) -> Iterator[tuple[str, list[Labelled]]]:
    yield "press", read_fortnight(1)[:limit]
    for name in FILES if folder is not None else ():
        assert folder is not None, "asked for above"
        yield name, read_events(folder / f"{name}.jsonl")[:limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="Of the labelled files; without it the press alone.")
    parser.add_argument("--seeds", type=int, default=3, help="Orders that are tried.")
    parser.add_argument("--minutes", type=int, default=60, help="How late an article may be.")
    parser.add_argument("--limit", type=int, help="Articles of each set, the first ones.")
    wanted = parser.parse_args()
    within = timedelta(minutes=wanted.minutes)
    print(f"{'set':14} articles  same order   order  same company  BCubed  pairs")
    for name, items in _sets(wanted.folder, wanted.limit):
        first = replay(items)
        again = compare(first, replay(items))
        for seed in range(1, wanted.seeds + 1):
            change = compare(first, replay(shuffled(items, seed=seed, within=within)))
            print(
                f"{name:14} {len(items):8} {again.same_company:11.3f} {seed:7} {change.same_company:13.3f}"
                f" {change.bcubed:7.3f} {change.pairs:6.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
