"""`monitor demo`: the newsroom beside a simulated press, in a fresh data folder, with time running fast."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import typer

from monitor.cli.serve import run_newsroom
from monitor.clock import SimulatedClock, SystemClock
from monitor.errors import Unconfigured
from monitor.jobs.people import add_editor
from monitor.log import set_up_log
from monitor.model import Clock, Role
from monitor.press import Press
from monitor.settings import Settings, read_settings
from monitor.store.database import Database

DAYS_BACK = 14  # the simulated fortnight ends today, so that its dates look current
DAYS_IN = 3.0  # simulated days that are over when the demo starts: the queue fills at once
EDITOR = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A ready-made editor; the password is new in every demo."""

    name: str
    password: str


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command(rich_help_panel="The newsroom")
    def demo(
        speed: float = typer.Option(600.0, min=1.0, max=20_000.0, help="Simulated seconds in one second."),
        port: int = typer.Option(8000, min=1, max=65_535, help="Port of desk, site and feeds."),
        press_port: int = typer.Option(0, min=0, max=65_535, help="Port of the simulated press; 0 takes a free one."),
        data_dir: Path | None = typer.Option(
            None, help="Folder to keep the demo's newsroom in; without it everything is gone afterwards."
        ),
        seed: int = typer.Option(1, help="Another seed words the news differently."),
    ) -> None:
        """Run the newsroom beside a simulated press on loopback: invented publishers, invented incidents, fast time.

        Needs no network. An editor is ready, with a password that is printed.

        Example: monitor demo --speed 1200
        """
        start = datetime.combine(datetime.now(UTC).date(), time(), UTC) - timedelta(days=DAYS_BACK)
        clock = SimulatedClock(start + timedelta(days=DAYS_IN), speed=speed)
        login = Login(name=EDITOR, password=secrets.token_urlsafe(12))
        with _folder(data_dir) as folder, _press(clock, seed=seed, start=start, port=press_port) as press:
            settings = demo_settings(press, folder=folder, port=port)
            set_up_log(level=settings.log_level, form=settings.log_format)
            run_newsroom(
                settings,
                clock=clock,
                banner=banner(press, clock, login),
                is_brisk=True,
                on_ready=lambda database: _add_editor(database, login),
            )


def demo_settings(press: Press, *, folder: Path, port: int) -> Settings:
    """Settings of a newsroom that follows `press` and keeps all it has in `folder`, whatever the environment says."""
    sources, providers, owners = (folder / name for name in ("feeds.yaml", "providers.yaml", "owners.yaml"))
    sources.write_text(press.catalogue_yaml(), encoding="utf-8")
    providers.write_text(press.providers_yaml(), encoding="utf-8")
    owners.write_text(press.owners_yaml(), encoding="utf-8")
    return read_settings(
        {"log_level": "warning"},  # quieter than `run`: simulated hours bring many lines
        data_dir=folder,
        database_url="",
        sources=sources,
        providers=providers,
        owners=owners,
        newsroom="Monitor demo",
        host="127.0.0.1",
        port=port,
        base_url=f"http://127.0.0.1:{port}",
        contact="demo@monitor.invalid",
        allow_addresses="127.0.0.0/8",
    )


def banner(press: Press, clock: SimulatedClock, login: Login) -> str:
    """What is said before the addresses."""
    end = press.edition.start + timedelta(days=DAYS_BACK)
    minutes = clock.real_seconds(end - clock.start) / 60
    hour = clock.real_seconds(timedelta(hours=1))
    return (
        "A demonstration: every publisher, provider, place, person and event in it is invented.\n"
        f"Time begins on {clock.start:%d %B %Y}; one of its hours takes {hour:.3g} seconds, and the press falls silent "
        f"on {end:%d %B}, in {minutes:.0f} minutes.\n"
        f"Press  http://press.localhost:{press.port}/ (what is true: /truth.json)\n"
        f"Login  {login.name} / {login.password}"
    )


def _add_editor(database: Database, login: Login) -> None:
    # Sessions run by the machine's clock, not by the simulated one, or they would be over in minutes.
    add_editor(database, SystemClock(), login.name, role=Role.ADMIN, password=login.password)


@contextmanager
def _folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is None:
        with tempfile.TemporaryDirectory(prefix="monitor-demo-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    if (data_dir / "monitor.db").exists():
        raise Unconfigured(
            f"{data_dir} holds a newsroom already, which a demo must not mix with. Nothing was changed. "
            "Choose an empty folder, or leave out --data-dir."
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    yield data_dir


@contextmanager
def _press(clock: Clock, *, seed: int, start: datetime, port: int) -> Iterator[Press]:
    try:
        press = Press(clock, seed=seed, start=start, port=port)
    except OSError as error:
        raise Unconfigured(
            f"127.0.0.1:{port} cannot be used for the press ({error.strerror}). Choose another with --press-port, or 0 "
            "for a free one."
        ) from None
    with press:
        yield press
