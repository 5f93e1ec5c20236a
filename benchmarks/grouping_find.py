"""Finding the earlier tellings of an event among many: python -m benchmarks.grouping_find [ARTICLES] [--data FOLDER]

The same articles stand in a window (`stages.window`) and in an FTS5 table of SQLite, in memory both: made-up news, and
among it tellings whose events are known: the simulated press, and the labelled events of a folder where one is given.
For each of these the window finds the neighbours by words that are compared (those by phrases and headlines are left
out, since they find what bm25 cannot); FTS5 is asked for as many by bm25, with the same
rare words, within the same span of time, in the two ways in which one would ask: with all of them, and with the rarest
dozen.

Printed are, for each set: the share of the earlier tellings that is found, as far as there is room for them among those
compared; of articles that were told before at all, the share with one of them found, so that their candidate is judged;
as many as the window finds for one that bm25 finds; of what the window does not find though there is room, the share
that has no word, one or two words of the opening in common with the article; and processor time.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
ASKED = 300  # articles of each set that are timed
FEW = 2  # words that two articles have in common, by which neither way tells one event from another
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
    missed: int = 0  # tellings that are not found though there is room
    alien: int = 0  # of these, those that share FEW words at most
    seconds: list[float] = field(default_factory=list)

    def count(self, found: Sequence[ArticleId], earlier: Mapping[ArticleId, int], spent: float) -> None:
        """`earlier` are the tellings, with how many words each shares."""
        self.seconds.append(spent)
        if not earlier:
            return
        hits = len(set(found) & set(earlier))
        self.earlier += min(len(earlier), NEIGHBOURS)
        self.found += min(hits, NEIGHBOURS)
        self.told += 1
        self.met += bool(hits)
        if hits < min(len(earlier), NEIGHBOURS):
            shared = [words for article, words in earlier.items() if article not in found]
            self.missed += len(shared)
            self.alien += sum(words <= FEW for words in shared)


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
    parser.add_argument("--asked", type=int, default=ASKED, help="articles of each set that are timed")
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
    print(
        f"{'':14}{'of the earlier tellings':^30}  {'articles with one of them':^30}  for one  missed, with"
        f"  {'ms of CPU, median':^30}  times cheaper than"
    )
    heads = "".join(f"{head:>10}" for head in ("window", "bm25, all", f"bm25, {DOZEN}"))
    print(f"{'':14}{heads}  {heads}  of bm25 <= {FEW} words   {heads}    all  {DOZEN}")
    base = wanted.articles
    for name, items in labelled(wanted.data):
        newest = window.told_at(window.articles()[-1])
        placed = [_placed(article, ArticleId(base + number), newest) for number, (article, _) in enumerate(items, 1)]
        base += len(items)
        _score(name, placed, [event for _, event in items], window, fts, asked=wanted.asked)


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


def _score(
    name: str, placed: Sequence[Telling], events: Sequence[str], window: Window, fts: Fts, *, asked: int
) -> None:
    ways = [Found(), Found(), Found()]
    earlier: dict[str, list[Telling]] = defaultdict(list)
    step = max(1, len(placed) // asked)
    for number, (telling, event) in enumerate(zip(placed, events, strict=True)):
        if number % step == 0:
            made, rarity = telling.fingerprint, window.rarity()
            words = sorted(
                (w for w in made.words if rarity[w] < window.rarest_possible()), key=lambda w: (-rarity[w], w)
            )
            shared = {told.article: len(made.words & told.fingerprint.words) for told in earlier[event]}
            for way, ask in zip(ways, _ways(telling, words, window, fts), strict=True):
                began = time.process_time()
                found = ask()
                way.count(found, shared, time.process_time() - began)
        window.add(telling, CandidateId(telling.article))
        fts.add(telling)
        earlier[event].append(telling)
    print(_line(name, ways), flush=True)


def _line(name: str, ways: Sequence[Found]) -> str:
    ours, all_, _ = ways
    spent = [1000 * statistics.median(way.seconds) for way in ways]
    missed = f"{ours.alien / ours.missed:.2f} of {ours.missed}" if ours.missed else "none"
    return (
        f"{name:14}"
        + "".join(f"{way.found / max(1, way.earlier):10.3f}" for way in ways)
        + "  "
        + "".join(f"{way.met / max(1, way.told):10.3f}" for way in ways)
        + f"{ours.found / max(1, all_.found):9.3f}{missed:>14}  "
        + "".join(f"{ms:10.2f}" for ms in spent)
        + f"{spent[1] / spent[0]:10.0f}{spent[2] / spent[0]:4.0f}"
    )


if __name__ == "__main__":
    main()
