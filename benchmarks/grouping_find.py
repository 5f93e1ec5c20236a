"""Finding the earlier tellings of an event among many: python -m benchmarks.grouping_find [ARTICLES] [--data FOLDER]

The same articles stand in a window (`stages.window`) and in an FTS5 table of SQLite, in memory both: made-up news, and
among it tellings whose events are known: the simulated press, and the labelled events of a folder where one is given.
For each of these the window finds the neighbours by words that are compared (those by phrases and headlines are left
out, since they find what bm25 cannot); FTS5 is asked for as many by bm25, with the same
rare words, within the same span of time, in the two ways in which one would ask: with all of them, and with the rarest
dozen. Printed are processor time, and the share of the earlier tellings that is found: of all of them, as far as there
is room for them among those compared, and of articles that were told before at all, those with one of them found.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.events import FILES, read_events
from benchmarks.grouping_fill import START, Newswriter, learn, tellings
from benchmarks.press_events import read_press
from monitor.model import Article, ArticleId, CandidateId, NewArticle
from monitor.press.edition import compose
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import telling_of
from monitor.stages.window import NEIGHBOURS, RAREST_WORDS, Telling, Window

ARTICLES = 300_000
ASKED = 300  # articles that are timed
DOZEN = 12
_FIELDS = {f.name for f in fields(Article)}

Ask = Callable[[], Sequence[ArticleId]]


@dataclass(slots=True)
class Found:
    """Of one way to find, and one set of tellings."""

    earlier: int = 0  # tellings, as far as there is room for them
    found: int = 0
    told: int = 0  # articles that had earlier tellings
    met: int = 0  # of these, those with one found
    seconds: list[float] = field(default_factory=list)

    def count(self, found: Sequence[ArticleId], earlier: Sequence[ArticleId], spent: float) -> None:
        self.seconds.append(spent)
        if not earlier:
            return
        hits = len(set(found) & set(earlier))
        self.earlier += min(len(earlier), NEIGHBOURS)
        self.found += min(hits, NEIGHBOURS)
        self.told += 1
        self.met += bool(hits)


class Fts:
    """The same articles in an FTS5 table: words of title and opening, and when they were told."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE told USING fts5(words, at UNINDEXED)")

    def add(self, telling: Telling) -> None:
        self.database.execute(
            "INSERT INTO told (rowid, words, at) VALUES (?, ?, ?)",
            (telling.article, " ".join(sorted(telling.fingerprint.words)), telling.told_at.timestamp()),
        )

    def find(self, telling: Telling, words: Sequence[str]) -> list[ArticleId]:
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        rows = self.database.execute(
            "SELECT rowid FROM told WHERE told MATCH ? AND at >= ? AND rowid <> ? ORDER BY bm25(told) LIMIT ?",
            (query, telling.told_at.timestamp() - timedelta(days=3_650).total_seconds(), telling.article, NEIGHBOURS),
        )
        return [ArticleId(row[0]) for row in rows]


def labelled(data: Path | None) -> Iterator[tuple[str, list[tuple[Article, str]]]]:
    """Sets of articles, oldest first, with their events."""
    edition = compose(seed=1, start=START)
    told = zip(read_press(edition), edition.tellings, strict=True)
    yield "press", [(_article(new), telling.event or telling.key) for new, telling in told]
    for name in FILES if data is not None else ():
        yield name, [(item.article, item.event) for item in read_events(Path(data or "") / f"{name}.jsonl")]


def _article(new: NewArticle) -> Article:
    return Article(id=ArticleId(0), **{f.name: getattr(new, f.name) for f in fields(NewArticle) if f.name in _FIELDS})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=int, default=ARTICLES)
    parser.add_argument("--data", type=Path, help="folder of labelled events")
    wanted = parser.parse_args()
    window, fts = Window(limit=2 * wanted.articles), Fts()
    for number, (article, first, made) in enumerate(tellings(Newswriter(*learn(wanted.data)), wanted.articles)):
        telling = replace(telling_of(article, made), title="")
        window.add(telling, CandidateId(first))
        fts.add(telling)
        if number % 10_000 == 0:
            fts.database.commit()
    fts.database.execute("INSERT INTO told (told) VALUES ('optimize')")
    print(f"{wanted.articles:,} articles; found among the {NEIGHBOURS} that are compared\n")
    print(f"{'':14}  {'of the earlier tellings':^30}  {'articles with one of them':^30}    {'ms of CPU, median':^30}")
    heads = ("window", "bm25, all", f"bm25, {DOZEN}")
    print(f"{'':14}" + "  ".join("".join(f"{head:>11}" for head in heads) for _ in range(3)))
    base = wanted.articles
    for name, items in labelled(wanted.data):
        newest = window.told_at(window.articles()[-1])
        placed = [_placed(article, ArticleId(base + number), newest) for number, (article, _) in enumerate(items, 1)]
        base += len(items)
        _score(name, placed, [event for _, event in items], window, fts)


def _placed(article: Article, number: ArticleId, newest: datetime) -> Telling:
    """The telling in the time of the window: after all that is made up."""
    article = replace(article, id=number, published_at=None)
    return telling_of(replace(article, first_seen_at=newest + timedelta(seconds=number)), fingerprint(article))


def _ways(telling: Telling, words: Sequence[str], window: Window, fts: Fts) -> tuple[Ask, ...]:
    """The window, bm25 with all of the rare words that the window looks for, and bm25 with the rarest of them."""
    return (
        lambda: [t.article for t in window.neighbours(telling, window.rarity())],
        lambda: fts.find(telling, words[:RAREST_WORDS]),
        lambda: fts.find(telling, words[:DOZEN]),
    )


def _score(name: str, placed: Sequence[Telling], events: Sequence[str], window: Window, fts: Fts) -> None:
    ways = [Found(), Found(), Found()]
    earlier: dict[str, list[ArticleId]] = defaultdict(list)
    step = max(1, len(placed) // ASKED)
    for number, (telling, event) in enumerate(zip(placed, events, strict=True)):
        if number % step == 0:
            rarity = window.rarity()
            words = sorted(
                (w for w in telling.fingerprint.words if rarity[w] < window.rarest_possible()),
                key=lambda w: (-rarity[w], w),
            )
            for way, ask in zip(ways, _ways(telling, words, window, fts), strict=True):
                began = time.process_time()
                found = ask()
                way.count(found, earlier[event], time.process_time() - began)
        window.add(telling, CandidateId(telling.article))
        fts.add(telling)
        earlier[event].append(telling.article)
    print(
        f"{name:14}"
        + "".join(f"{way.found / max(1, way.earlier):11.3f}" for way in ways)
        + "  "
        + "".join(f"{way.met / max(1, way.told):11.3f}" for way in ways)
        + "  "
        + "".join(f"{1000 * statistics.median(way.seconds):11.2f}" for way in ways),
        flush=True,
    )


if __name__ == "__main__":
    main()
