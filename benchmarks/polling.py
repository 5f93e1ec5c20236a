"""What polling costs, beside other pollers: python -m benchmarks.polling [N] [--only NAME] [--repeat K]

N feeds (1,000), each on a host of its own, are asked twice by each poller: cold, when everything is new, and warm, when
nothing has changed and a server that is asked properly answers 304. Figures are processor time of the whole command
with all that it starts, from its start to its end: on a machine that does other work too, only these can be compared.
With --repeat the cheapest of K runs counts. A poller is stopped, and left out, after 150 s for 1,000 feeds in a round.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.measured import Cost, TookTooLong, measure
from benchmarks.polling_peers import Bare, Contender, Monitor, Newsboat, Reader, Sfeed, cache_folder
from benchmarks.polling_server import ITEMS, feed_url

ROUNDS = ("cold", "warm")
MOST = 0.15  # seconds of processor time a feed, and a poller is stopped


@contextmanager
def serving() -> Iterator[int]:
    """The port of a feed server in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.polling_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of one poller, and what the server said in it."""

    cost: Cost
    full_count: int  # 200, with the document
    unmodified_count: int  # 304
    entry_count: int | None  # stored afterwards


def run(contender: Contender, urls: Sequence[str], folder: Path, port: int) -> dict[str, Round]:
    """A cold and a warm round of one poller; raises TookTooLong."""
    folder.mkdir()
    contender.prepare(folder, urls)
    rounds = {}
    for name in ROUNDS:
        if name == "warm":
            contender.age(folder)
        argv, env = contender.command(folder)
        _said(port)
        cost = measure(argv, env=env, most=max(60, round(MOST * len(urls))))
        full, unmodified = _said(port)
        rounds[name] = Round(
            cost=cost, full_count=full, unmodified_count=unmodified, entry_count=contender.count(folder)
        )
    shutil.rmtree(folder)
    return rounds


def _said(port: int) -> tuple[int, int]:
    full, unmodified = httpx.get(f"http://127.0.0.1:{port}/said", trust_env=False).text.split()
    return int(full), int(unmodified)


def print_rounds(name: str, rounds: dict[str, Round], feeds: int, ours: dict[str, Round]) -> None:
    """A line for each round; ratios are of processor time: above 1, the other costs more than Monitor."""
    for round_name, done in rounds.items():
        cost = done.cost
        said = f"{done.full_count}/{done.unmodified_count}"
        entries = "" if done.entry_count is None else f"{done.entry_count:,}"
        print(
            f"{name:10} {round_name:5}  {said:13} {feeds / cost.wall_seconds:7.0f}"
            f" {1000 * cost.cpu_seconds / feeds:16.2f} {cost.cpu_seconds / ours[round_name].cost.cpu_seconds:11.2f}"
            f" {cost.main_mib:9.0f} {cost.children_mib:12.0f} {entries:>10}",
            flush=True,
        )


def cheapest(runs: Sequence[dict[str, Round]]) -> dict[str, Round]:
    """Of several runs, each round's cheapest by processor time."""
    return {name: min((rounds[name] for rounds in runs), key=lambda done: done.cost.cpu_seconds) for name in ROUNDS}


def compare(feeds: int, *, only: Sequence[str] = (), repeat: int = 1) -> None:
    """Run every poller that is here, and print what each cost as soon as it is known."""
    contenders: list[Contender] = [Monitor(), Reader(cache_folder() / "reader"), Newsboat(), Sfeed(), Bare()]
    ours: dict[str, Round] | None = None
    print(f"\n{feeds:,} feeds, {ITEMS * feeds:,} entries")
    print(f"{'':10} round  200/304       feeds/s  CPU s per 1,000  vs monitor  peak MiB  workers MiB    entries")
    with serving() as port, tempfile.TemporaryDirectory() as scratch:
        urls = [feed_url(n, port) for n in range(feeds)]
        for contender in contenders:
            if only and contender.name not in only:
                continue
            if (reason := contender.missing()) is not None:
                print(f"{contender.name} is left out: {reason}")
                continue
            folder = Path(scratch) / contender.name.replace(" ", "-")
            try:
                rounds = cheapest([run(contender, urls, folder, port) for _ in range(repeat)])
            except TookTooLong as error:
                print(f"{contender.name} was {error} in one round", flush=True)
                continue
            ours = ours or rounds  # Monitor is the first, unless it is left out
            print_rounds(contender.name, rounds, feeds, ours)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", nargs="*", type=int, default=[1000], help="How many feeds; several in turn.")
    parser.add_argument("--only", action="append", default=[], help="Run only this poller; may be repeated.")
    parser.add_argument("--repeat", type=int, default=1, help="Run each so often; the cheapest counts.")
    wanted = parser.parse_args()
    for feeds in wanted.feeds:
        compare(feeds, only=wanted.only, repeat=wanted.repeat)


if __name__ == "__main__":
    main()
