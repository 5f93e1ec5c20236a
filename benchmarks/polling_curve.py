"""What a poll costs with few and with many sources known: python -m benchmarks.polling_curve [KNOWN]...

A fixed number of feeds is due, all of them answer 304, and the others wait for tomorrow. Processor time of the process
that polls, for each poll; the cheapest of several rounds counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from benchmarks.polling import serving
from benchmarks.polling_peers import know, make_due
from benchmarks.polling_server import feed_url
from monitor.clock import SystemClock
from monitor.jobs.poll import poll
from monitor.jobs.workers import Workers
from monitor.log import set_up_log
from monitor.net.client import Fetcher
from monitor.store.database import Database
from monitor.store.migrate import upgrade

DUE = 100
ROUNDS = 5


def milliseconds_per_poll(folder: Path, urls: Sequence[str], known: int) -> float:
    """The cheapest of ROUNDS rounds in which `urls` are due and `known` sources are there."""
    database, clock = Database(f"sqlite:///{folder}/{known}.db"), SystemClock()
    upgrade(database)
    know(database, urls)
    know(database, [f"http://s{n}.example/feed.xml" for n in range(known - len(urls))], prefix="s", due_in=timedelta(1))
    spent = []
    with (
        Fetcher(user_agent="benchmark", clock=clock, allow=(ip_network("127.0.0.0/8"),)) as fetcher,
        Workers(1, expects_pages=False) as workers,
    ):
        for _ in range(1 + ROUNDS):  # the first, in which everything is new, does not count
            began = time.process_time()
            report = poll(database, clock, fetcher, workers, owner="benchmark")
            spent.append(time.process_time() - began)
            assert len(report.lines) == len(urls), report
            make_due(database)
    database.close()
    return 1000 * min(spent[1:]) / len(urls)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("known", nargs="*", type=int, default=[100, 1_000, 10_000, 100_000])
    wanted = parser.parse_args()
    set_up_log(level="warning", form="text")
    print(f"{DUE} feeds due, all answer 304\n known sources  CPU ms per poll")
    with serving() as port, tempfile.TemporaryDirectory() as scratch:
        urls = [feed_url(n, port) for n in range(DUE)]
        for known in wanted.known:
            print(f"{known:14,} {milliseconds_per_poll(Path(scratch), urls, known):16.2f}", flush=True)


if __name__ == "__main__":
    main()
