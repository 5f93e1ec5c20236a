"""What the files of data cost: made whole, then after one more publication: python -m benchmarks.data_files

Processor time in seconds, the bytes that lie there, and the most memory that the process has taken by then. The second
figure is what a newsroom pays at most every MONITOR_DATA_MINUTES, apart from publication.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.publication_stock import EVERY, START, fill, publish_one
from monitor.clock import SystemClock
from monitor.jobs.data import FOLDER, make_data
from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.site.house import House
from monitor.stages.dataset import read_licence
from monitor.stages.syndicate import Site
from monitor.store.database import Database

SIZES = (200, 20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one size of the record."""

    whole: float  # seconds of processor time
    after_one: float  # seconds of processor time
    plain_bytes: int
    zipped_bytes: int
    memory_bytes: int


def measure(size: int, rules: Rulebook, folder: Path) -> Cost:
    """Make all files, publish one more wire, and make them again."""
    site = Site(name="Benchmark", base_url="https://wire.example", codebook=rules.codebook, providers=rules.providers)
    house, public = House(site=site, guide=rules.guide), folder / "public"
    database = fill(folder / "monitor.db", rules, wires=size)
    whole = _make(database, public, house)
    with database.write() as tx:
        publish_one(tx, rules, size, at=START + EVERY * size)
    after_one = _make(database, public, house)
    database.close()
    files = list((public / FOLDER).iterdir())
    return Cost(
        whole=whole,
        after_one=after_one,
        plain_bytes=sum(f.stat().st_size for f in files if f.suffix != ".gz"),
        zipped_bytes=sum(f.stat().st_size for f in files if f.suffix == ".gz"),
        memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _make(database: Database, public: Path, house: House) -> float:
    begun = time.process_time()
    report = make_data(database, SystemClock(), public_dir=public, house=house, licence=read_licence("CC-BY-4.0"))
    assert report.file_count
    return time.process_time() - begun


def main() -> None:
    """Both sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="multiples of 200")
    sizes = parser.parse_args().sizes
    rules = read_rulebook()
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
            cost = measure(size, rules, Path(folder))
        print(
            f"{size:>7,} wires: whole {cost.whole:6.2f} s, after one more {cost.after_one:6.2f} s of processor time; "
            f"{cost.plain_bytes / 1e6:.1f} MB, compressed {cost.zipped_bytes / 1e6:.1f} MB; "
            f"memory at most {cost.memory_bytes / 1e6:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
