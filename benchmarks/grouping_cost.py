"""What it costs to group an article, with few and with many stored: python -m benchmarks.grouping_cost [STORED]...

A SQLite database is filled with made-up news (`benchmarks.grouping_fill`), then fresh articles go through the job: the
fingerprint is made, neighbours are found, the place is decided, all is stored. A process is started for each size, so
that what is measured is a newsroom after a restart, once its window is read: the same articles in each. Time is that of
the process on the processor. All sizes are made first and measured in turn, --rounds times, since a machine's speed
changes within minutes: the median of all batches is shown, and the cheapest, since what else the machine does only adds
to it.

--data FOLDER takes words from the labelled events too; --curve FILE draws the picture; --limit sizes the window.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.grouping_curve import draw
from benchmarks.grouping_fill import WRITTEN, Newswriter, fill, learn, lengthen, tellings, told_at
from monitor.clock import SystemClock
from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.log import set_up_log
from monitor.model import Article, NewArticle
from monitor.stages.codebook import ProviderIndex
from monitor.stages.window import WINDOW_LIMIT, Window
from monitor.store.articles import add_article
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.store.tables import ArticleRow

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
BATCH = 25  # articles
BATCHES = 12
FRESH = 1 + BATCH * (BATCHES + 1)  # articles: the first waits for the window, the next for statements to be compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Of one database. Times in milliseconds of the processor for each article, but for those of the start."""

    stored: int
    window: int  # articles in it
    start_seconds: float  # from the start of the process to the first article grouped
    start_cpu: float
    batches: list[float]
    peak_mib: float  # of the process
    window_kib: float  # memory of the window, for each of its articles


def measure(path: Path, *, limit: int, started: float) -> Measured:
    """Group what waits in the database at `path`; `started` is when this process was (time.time)."""
    set_up_log(level="warning", form="text")
    database, clock, memory = Database(f"sqlite:///{path}"), SystemClock(), Memory(window=Window(limit=limit))
    providers, before = ProviderIndex([]), _resident_mib()

    def group(count: int) -> float:
        began = time.process_time()
        report = deduplicate(database, clock, owner="benchmark", providers=providers, memory=memory, limit=count)
        assert report.article_count == count, report
        return 1000 * (time.process_time() - began) / count

    group(1)
    start_seconds, start_cpu = time.time() - started, time.process_time()
    window_kib = (_resident_mib() - before) * 1024 / max(1, len(memory.window))
    group(BATCH)  # the first statements are compiled
    spent = [group(BATCH) for _ in range(BATCHES)]
    with database.read() as tx:
        stored = tx.scalar(select(func.count()).select_from(ArticleRow)) or 0
    return Measured(
        stored=stored - FRESH,
        window=len(memory.window),
        start_seconds=start_seconds,
        start_cpu=start_cpu,
        batches=spent,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        window_kib=window_kib,
    )


def put(database: Database, fresh: Sequence[Article]) -> None:
    """Let articles wait, told after all that are stored."""
    with database.write() as tx:
        newest = tx.scalar(select(func.max(ArticleRow.first_seen_at))) or told_at(0)
        for number, article in enumerate(fresh, 1):
            values = {f.name: getattr(article, f.name) for f in fields(NewArticle)}
            add_article(tx, NewArticle(**values | {"first_seen_at": newest + timedelta(minutes=5 * number)}))


def databases(folder: Path, sizes: Sequence[int], *, limit: int, words: tuple[list[str], list[int]]) -> Iterator[Path]:
    """One database that grows, and its copy at each size."""
    database = Database(f"sqlite:///{folder}/growing.db")
    upgrade(database)
    told = tellings(Newswriter(*words), min(max(sizes), max(limit, WRITTEN)))
    stored = 0
    for size in sizes:
        written = max(0, min(size, limit) - stored)
        fill(database, islice(told, written))
        lengthen(database, size - stored - written)
        stored = size
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        database.close()
        yield Path(shutil.copyfile(folder / "growing.db", folder / f"{size}.db"))


def measured_on_a_copy(made: Path, fresh: Sequence[Article], limit: int) -> Measured:
    """Each size and each round meets the same articles."""
    path = made.with_name("measured.db")
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    shutil.copyfile(made, path)
    copied = Database(f"sqlite:///{path}")
    put(copied, fresh)
    copied.close()
    os.sync()  # what was copied is not written back while others count their time
    argv = [sys.executable, "-m", "benchmarks.grouping_cost", "--measure", str(path), "--limit", str(limit)]
    said = subprocess.run([*argv, "--started", str(time.time())], check=True, capture_output=True, text=True).stdout
    return Measured(**json.loads(said.splitlines()[-1]))


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stored", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=WINDOW_LIMIT, help="articles in the window")
    parser.add_argument("--data", type=Path, help="folder of labelled events")
    parser.add_argument("--folder", type=Path, help="where there is room for the databases: 20 GB for all sizes")
    parser.add_argument("--curve", type=Path, help="SVG file to draw")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--started", type=float, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure is not None:
        found = measure(wanted.measure, limit=wanted.limit, started=wanted.started)
        print(json.dumps(asdict(found)))
        return
    words = learn(wanted.data)
    writer = Newswriter(*words, seed=2)
    fresh = [writer.write()[0] for _ in range(FRESH)]
    found_by_size: dict[Path, list[Measured]] = {}
    with tempfile.TemporaryDirectory(dir=wanted.folder) as scratch:
        for number, path in enumerate(databases(Path(scratch), wanted.stored, limit=wanted.limit, words=words), 1):
            found_by_size[path] = []
            _say(f"{number} of {len(wanted.stored)} databases made: {path.stem} articles")
        for number in range(1, wanted.rounds + 1):
            for path, rounds in found_by_size.items():
                rounds.append(measured_on_a_copy(path, fresh, wanted.limit))
                _say(f"round {number} of {wanted.rounds}: measured with {path.stem} articles")
    print(f"SQLite, a window of {wanted.limit:,} articles; ms of CPU for each article, {wanted.rounds} rounds\n")
    print("   stored   window  median  cheapest   restart s (CPU)  peak MiB  KiB an article of the window")
    for rounds in found_by_size.values():
        last = rounds[-1]
        print(
            f"{last.stored:9,} {last.window:8,} {_median(rounds):7.2f} {_cheapest(rounds):9.2f}"
            f" {statistics.median(m.start_seconds for m in rounds):11.1f}"
            f" ({statistics.median(m.start_cpu for m in rounds):3.1f})"
            f" {max(m.peak_mib for m in rounds):9.0f} {statistics.median(m.window_kib for m in rounds):8.2f}"
        )
    few, *_, many = found_by_size.values()
    said = f"{_median(many) / _median(few):.2f} times (median), {_cheapest(many) / _cheapest(few):.2f} (cheapest)"
    print(f"\nmost to fewest stored: {said}")
    if wanted.curve is not None:
        points = [(rounds[-1].stored, _median(rounds)) for rounds in found_by_size.values()]
        wanted.curve.write_text(draw(points, window=wanted.limit), encoding="utf-8")


def _median(rounds: Sequence[Measured]) -> float:
    return statistics.median(ms for m in rounds for ms in m.batches)


def _cheapest(rounds: Sequence[Measured]) -> float:
    return min(ms for m in rounds for ms in m.batches)


def _say(progress: str) -> None:
    print(f"\r{progress}\x1b[K", end="\n" if not sys.stderr.isatty() else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
