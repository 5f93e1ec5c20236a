"""`monitor run` and `serve`: the newsroom as a process that answers; of `run` the jobs are in another beside it."""

from __future__ import annotations

import errno
import gc
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from types import FrameType

import typer
import uvicorn

from monitor.cli.beside import Beside, Order
from monitor.cli.newsroom import ask_for_contact, follow, publish_first
from monitor.cli.shell import out, read_edge, rulebook, sources_path
from monitor.clock import SystemClock
from monitor.errors import Unconfigured
from monitor.jobs.people import first_editor_link
from monitor.jobs.relevance import shipped_model
from monitor.model import Clock
from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.web.app import create_app
from monitor.web.desk.live import Lines
from monitor.web.desk.warm import look_once
from monitor.web.front import in_front
from monitor.web.pages import compile_templates

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


def run_newsroom(
    settings: Settings,
    *,
    clock: Clock | None = None,
    banner: str | None = None,
    is_brisk: bool = False,
    works: bool = True,
    on_ready: Callable[[Database], None] = lambda _: None,
) -> None:
    """Run until a signal says stop. `on_ready` is called when the database and the sources are in place.

    Raises Unconfigured where the port is taken or a setting is wrong, FaultyFile where feeds.yaml is refused.
    """
    clock = clock or SystemClock()
    with closing(_listen(settings)) as listener, closing(Database(settings.database)) as database:
        upgrade(database)
        rules = rulebook(settings)
        if works:
            follow(database, clock, sources_path(settings), rules)
            publish_first(database, clock, settings, rules)
        on_ready(database)
        _announce(settings, database, banner=banner)
        with _beside(Order(settings=settings, clock=clock, is_brisk=is_brisk), works) as jobs:
            _serve(settings, database, clock, listener, jobs)


def _beside(order: Order, works: bool) -> AbstractContextManager[Beside | None]:
    return Beside(order) if works else nullcontext()


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


def _announce(settings: Settings, database: Database, *, banner: str | None) -> None:
    if banner:
        out.print(banner, markup=False)
    ask_for_contact(settings)
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


class _Server(uvicorn.Server):
    """A server that stops the jobs, and whatever is told without end, on the signal that stops it: not only when the
    requests under way are over."""

    def __init__(self, config: uvicorn.Config, jobs: Beside | None, lines: Lines) -> None:
        super().__init__(config)
        self._jobs = jobs
        self._lines = lines

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._lines.is_closing = True
        if self._jobs is not None:
            self._jobs.expect_end()
        super().handle_exit(sig, frame)


def look_for_garbage_seldom() -> None:
    """What is loaded stays, and is never looked through again; what lives long is looked through a seventieth as often.

    A look through everything holds up whatever page is being made by 30 to 200 ms; what pages leave behind is young,
    and is found as soon as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 100)


def _serve(settings: Settings, database: Database, clock: Clock, listener: socket.socket, jobs: Beside | None) -> None:
    app = create_app(settings, database, clock, is_working=jobs.is_alive if jobs else None)
    config = uvicorn.Config(
        app,
        http=in_front(app.documents),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web.security believes only the configured proxies (D12)
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    compile_templates()
    shipped_model()  # the first candidate that an editor opens would wait for it
    look_once(app)  # and so would the first of every kind of page
    look_for_garbage_seldom()
    # uvicorn shuts down on a signal and then raises it again: let SIGTERM, too, come back as KeyboardInterrupt, so that
    # what follows here still runs.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _Server(config, jobs, app.state.lines).run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        app.state.context.outside.close()
