"""What one publication costs beside 200 wires and beside 20,000: python -m benchmarks.publication_cost

Publishes one wire at a time, each like the one before, and brings the publication tree up to date: feeds, pages, data.
Printed are the documents that were written, and processor time: of the deed itself, and of rendering and writing. What
truly changes with the past is how many archives there are; nothing else should.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.publication_stock import EVERY, START, fill, publish_one
from monitor.jobs.render import bring_up_to_date
from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.jobs.sections import House, Section, sections_of
from monitor.jobs.tree import Tree, TreeState
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.editions import read_edition

SIZES = (200, 20_000)
ROUNDS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one publication, the median of several."""

    documents: int
    size: int  # bytes of them
    published: float  # seconds of processor time: the transaction
    rendered: float  # seconds of processor time: all documents that it alters


def measure(size: int, rules: Rulebook, folder: Path) -> Cost:
    """Publish some wires beside `size` others."""
    house = House(site=the_site(rules), guide=rules.guide)
    sections = sections_of(house)
    database = fill(folder / "monitor.db", rules, wires=size)
    _say_shown(database, folder / "public", sections)
    costs = [_publish_one(database, rules, folder / "public", sections, size + n) for n in range(ROUNDS + 1)][1:]
    database.close()
    return Cost(
        documents=int(median(c.documents for c in costs)),
        size=int(median(c.size for c in costs)),
        published=median(c.published for c in costs),
        rendered=median(c.rendered for c in costs),
    )


def _publish_one(
    database: Database, rules: Rulebook, public_dir: Path, sections: Sequence[Section], number: int
) -> Cost:
    before, begun = time.time_ns(), time.process_time()
    with database.write() as tx:
        # Each is of the same provider, severity and codes, so that each alters the same documents.
        publish_one(tx, rules, number * 9_360, at=START + EVERY * number)
    published = time.process_time()
    done = bring_up_to_date(database, public_dir, sections)
    assert done.is_complete
    assert not done.failed_count
    rendered = time.process_time()
    written = [p.stat() for p in public_dir.rglob("[!.]*") if p.is_file() and p.suffix != ".gz"]
    return Cost(
        documents=done.written_count,
        size=sum(found.st_size for found in written if found.st_ctime_ns >= before),
        published=published - begun,
        rendered=rendered - published,
    )


def _say_shown(database: Database, public_dir: Path, sections: Sequence[Section]) -> None:
    """Note that the tree shows everything: rendering it whole is not what is measured."""
    with database.read() as tx:
        newest = read_edition(tx)
    assert newest.at is not None
    versions = {section.name: section.version for section in sections}
    Tree(public_dir).write_state(TreeState(edition=newest.number, mark=newest.at.isoformat(), sections=versions))


def the_site(rules: Rulebook) -> Site:
    """What the benchmarks' newsroom is called."""
    return Site(name="Benchmark", base_url="https://wire.example", codebook=rules.codebook, providers=rules.providers)


def main() -> None:
    """Both sizes, side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="multiples of 200")
    sizes = parser.parse_args().sizes
    rules = read_rulebook()
    found: list[Cost] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
            cost = measure(size, rules, Path(folder))
        found.append(cost)
        print(
            f"{size:>7,} wires: one publication {1000 * cost.published:6.1f} ms, its {cost.documents} documents "
            f"of {cost.size / 1e6:.1f} MB {1000 * cost.rendered:6.1f} ms of processor time",
            flush=True,
        )
    whole = [cost.published + cost.rendered for cost in found]
    by_size = [cost.rendered / cost.size for cost in found]
    print(
        f"ratio {whole[-1] / whole[0]:.2f}, with {found[-1].documents / found[0].documents:.2f} times the documents "
        f"of {found[-1].size / found[0].size:.2f} times the bytes, since feeds and lists are full: "
        f"a byte costs {by_size[-1] / by_size[0]:.2f} times as much"
    )


if __name__ == "__main__":
    main()
