"""`monitor work`: the jobs as a process; `python -m monitor.cli.work` is the one that `monitor run` keeps beside it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import closing

import typer

from monitor.cli.beside import Order, read_order, wait_for_end
from monitor.cli.newsroom import ask_for_contact, follow, house_of, publish_first, site_of
from monitor.cli.shell import err, out, process_name, read_edge, rulebook, sources_file, sources_path
from monitor.clock import SystemClock
from monitor.daemon import BRISK, Daemon
from monitor.errors import MonitorError
from monitor.jobs.rulebook import Rulebook
from monitor.jobs.sections import sections_of
from monitor.log import set_up_log
from monitor.model import Clock
from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.migrate import upgrade

NICE = 5  # beside the web: whoever waits for a page of the desk goes first


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command(rich_help_panel="The newsroom")
    def work() -> None:
        """Do the jobs only: poll, extract, deduplicate, publish; another process serves (monitor serve).

        Example: MONITOR_DATABASE_URL=postgresql://monitor@/monitor monitor work
        """
        settings, clock = read_edge(), SystemClock()
        with closing(Database(settings.database)) as database:
            upgrade(database)
            rules = rulebook(settings)
            follow(database, clock, sources_path(settings), rules)
            publish_first(database, clock, settings, rules)
            ask_for_contact(settings)
            out.print("Working: poll, extract, deduplicate, publish. Ctrl-C stops.")
            _work(settings, database, clock, rules, until=_signal())


def _signal() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _work(
    settings: Settings,
    database: Database,
    clock: Clock,
    rules: Rulebook,
    *,
    until: threading.Event,
    is_brisk: bool = False,
) -> None:
    house = house_of(settings, rules)
    daemon = Daemon(
        settings,
        database,
        clock,
        owner=process_name(),
        sources=sources_file(settings),
        site=site_of(settings, rules),
        sections=sections_of(house),
        house=house,
        providers=rules.index,
        rhythm=BRISK if is_brisk else None,
        on_nothing_reached=_say_nothing_reached,
    )
    daemon.start()
    try:
        until.wait()
    finally:
        daemon.stop()


def _say_nothing_reached() -> None:
    err.print(
        "No source could be reached: is this machine on the internet? Monitor keeps trying, ever more slowly. "
        "To see the newsroom at work without a network, run: make demo (or: monitor demo)",
        style="yellow",
    )


# --- beside the web -------------------------------------------------------------------------------------------------


def work_beside(order: Order) -> None:
    """Work as ordered until whoever ordered it is gone or says stop; Ctrl-C is theirs to hear."""
    settings, stopped = order.settings, _signal()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_log(level=settings.log_level, form=settings.log_format)
    threading.Thread(target=wait_for_end, args=(stopped,), daemon=True).start()
    os.nice(NICE)
    with closing(Database(settings.database)) as database:
        rules = rulebook(settings)
        if order.is_again:
            follow(database, order.clock, sources_path(settings), rules)
        _work(settings, database, order.clock, rules, until=stopped, is_brisk=order.is_brisk)


def main() -> None:
    """A refusal is one plain message and exit status 1, as of every command."""
    try:
        work_beside(read_order())
    except MonitorError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
