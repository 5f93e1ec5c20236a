"""`monitor run`, `serve`, `work`: the newsroom as a process."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
import uvicorn

from monitor.cli.shell import err, out, process_name, read_edge, rulebook, sources_file, sources_path
from monitor.clock import SystemClock
from monitor.daemon import Daemon, Rhythm
from monitor.errors import FaultyFile, Unconfigured
from monitor.jobs.people import first_editor_link
from monitor.jobs.publish import publish
from monitor.jobs.rulebook import Rulebook
from monitor.jobs.sync import sync
from monitor.model import Clock
from monitor.settings import Settings
from monitor.stages.atom import Site
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.store.sources import count_sources
from monitor.web.app import create_app

GRACE_SECONDS = 3  # what a request under way gets before a stop cuts it off


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command(rich_help_panel="The newsroom")
    def run() -> None:
        """Run the newsroom: poll, extract, group and publish, and serve desk, site and feeds on one port.

        Creates and migrates the database, reads feeds.yaml, and while there is no editor prints a one-time link to
        create the first. Ctrl-C stops it; started again it goes on where it was.

        Example: MONITOR_CONTACT=desk@example.org monitor run
        """
        run_newsroom(read_edge())

    @app.command(rich_help_panel="The newsroom")
    def serve() -> None:
        """Serve desk, site and feeds only; another process does the jobs (monitor work).

        Example: MONITOR_DATABASE_URL=postgresql://monitor@/monitor monitor serve
        """
        run_newsroom(read_edge(), works=False)

    @app.command(rich_help_panel="The newsroom")
    def work() -> None:
        """Do the jobs only: poll, extract, deduplicate, publish; another process serves (monitor serve).

        Example: MONITOR_DATABASE_URL=postgresql://monitor@/monitor monitor work
        """
        run_newsroom(read_edge(), serves=False)


def run_newsroom(
    settings: Settings,
    *,
    clock: Clock | None = None,
    banner: str | None = None,
    rhythm: Rhythm | None = None,
    serves: bool = True,
    works: bool = True,
    on_ready: Callable[[Database], None] = lambda _: None,
) -> None:
    """Run until a signal says stop. `on_ready` is called when the database and the sources are in place.

    Raises Unconfigured where the port is taken or a setting is wrong, FaultyFile where feeds.yaml is refused.
    """
    clock = clock or SystemClock()
    listener = _listen(settings) if serves else None
    database = Database(settings.database)
    try:
        upgrade(database)
        rules = rulebook(settings)
        site = Site(
            name=settings.newsroom, base_url=settings.base_url, codebook=rules.codebook, providers=rules.providers
        )
        if works:
            _follow(database, clock, sources_path(settings), rules)
            publish(
                database, clock, public_dir=settings.public_dir, site=site
            )  # a feed lies there from the first request
        on_ready(database)
        _announce(settings, database, banner=banner, serves=serves)
        daemon = (
            Daemon(
                settings,
                database,
                clock,
                owner=process_name(),
                sources=sources_file(settings),
                site=site,
                providers=rules.index,
                rhythm=rhythm,
                on_nothing_reached=_say_nothing_reached,
            )
            if works
            else None
        )
        with _running(daemon):
            if listener is None:
                _wait_for_signal()
            else:
                _serve(settings, database, clock, listener)
    finally:
        database.close()
        if listener is not None:
            listener.close()


def _follow(database: Database, clock: Clock, path: Path, rules: Rulebook) -> None:
    """Sync; a faulty file stops only a newsroom that has no sources yet."""
    try:
        report = sync(database, clock, path=path, providers=rules.index.ids)
    except FaultyFile as error:
        with database.read() as tx:
            known = count_sources(tx)
        if not known:
            raise
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        err.print(f"{path} was refused; going on with the {known} sources as they were.", markup=False, soft_wrap=True)
    else:
        err.print(f"Sources from {path}: {report}", markup=False, soft_wrap=True)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise Unconfigured(
            f"{settings.host}:{settings.port} {why}. Stop what listens there, or choose another: MONITOR_PORT=8001"
        ) from None
    listener.listen(512)
    return listener


def _announce(settings: Settings, database: Database, *, banner: str | None, serves: bool) -> None:
    if banner:
        out.print(banner, markup=False)
    if not settings.contact:
        err.print(
            "No contact is set: servers that we poll cannot reach you. Set MONITOR_CONTACT to a mail or web address.",
            style="yellow",
        )
    if not serves:
        out.print("Working: poll, extract, deduplicate, publish. Ctrl-C stops.")
        return
    out.print(f"Site   {settings.base_url}/", markup=False, soft_wrap=True)
    out.print(f"Desk   {settings.base_url}/desk", markup=False, soft_wrap=True)
    out.print(f"Feed   {settings.base_url}/feed.atom", markup=False, soft_wrap=True)
    if link := first_editor_link(database, base_url=settings.base_url, now=SystemClock().now()):
        out.print(
            f"\nThere is no editor yet. Create the first with this link (once, within a day):\n{link}\n",
            markup=False,
            soft_wrap=True,
        )
    out.print("Ctrl-C stops.")


def _say_nothing_reached() -> None:
    err.print(
        "No source could be reached: is this machine on the internet? Monitor keeps trying, ever more slowly. "
        "To see the newsroom at work without a network, run: make demo (or: monitor demo)",
        style="yellow",
    )


@contextmanager
def _running(daemon: Daemon | None) -> Iterator[None]:
    if daemon is None:
        yield
        return
    daemon.start()
    try:
        yield
    finally:
        daemon.stop()


def _serve(settings: Settings, database: Database, clock: Clock, listener: socket.socket) -> None:
    app = create_app(settings, database, clock)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web.security believes only the configured proxies (D12)
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    # uvicorn shuts down on a signal and then raises it again: let SIGTERM, too, come back as KeyboardInterrupt, so that
    # what follows here still runs.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        app.state.context.outside.close()


def _wait_for_signal() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
