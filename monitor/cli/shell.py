"""What every command shares: settings, an open database, the clock, a progress bar, and how a refusal is said."""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli import voice
from monitor.clock import SystemClock
from monitor.errors import Unconfigured
from monitor.log import set_up_log
from monitor.model import Clock, Progress, no_progress
from monitor.settings import Settings, read_settings
from monitor.store.database import Database
from monitor.store.revision import REVISION, find_revision

if TYPE_CHECKING:  # loaded by those commands that read them
    from monitor.jobs.rulebook import Rulebook
    from monitor.jobs.sources_file import SourcesFile

out, err = voice.out, voice.err
COMMAND_LINE = "command line"  # who did it, in the audit


@dataclass(frozen=True, kw_only=True)
class Shell:
    """What a command works with."""

    settings: Settings
    database: Database
    clock: Clock
    owner: str  # names this process in leases


def read_edge() -> Settings:
    """Settings from the environment, with the log set up by them."""
    settings = read_settings()
    set_up_log(level=settings.log_level, form=settings.log_format)
    return settings


@contextmanager
def open_shell(settings: Settings | None = None, *, clock: Clock | None = None) -> Iterator[Shell]:
    """The newsroom's database, at the newest tables; raises Unconfigured with the command that gets it there."""
    settings = settings or read_edge()
    database = Database(settings.database)
    try:
        if (found := find_revision(database)) != REVISION:
            state = "has no tables yet" if found is None else f"is at revision {found}, not {REVISION}"
            raise Unconfigured(f"The database {state}. Run: monitor db upgrade")
        yield Shell(settings=settings, database=database, clock=clock or SystemClock(), owner=process_name())
    finally:
        database.close()


def process_name() -> str:
    """Names this process among all that share the database."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def sources_path(settings: Settings) -> Path:
    """The feeds.yaml that is followed now (`jobs.sources_file` has the rule)."""
    return sources_file(settings).followed()


def sources_file(settings: Settings) -> SourcesFile:
    """Which feeds.yaml is followed, and which one an edit writes."""
    made: SourcesFile = importlib.import_module("monitor.jobs.sources_file").SourcesFile(
        configured=settings.sources, data_dir=settings.data_dir
    )
    return made


def rulebook(settings: Settings) -> Rulebook:
    """Codebook, registers and Editor's Guide, as set or as shipped; raises FaultyFile."""
    rules: Rulebook = importlib.import_module("monitor.jobs.rulebook").read_rulebook(
        codebook=settings.codebook, providers=settings.providers, guide=settings.guide, owners=settings.owners
    )
    return rules


@contextmanager
def progress_bar(verb: str) -> Iterator[Progress]:
    """A bar on a terminal; silence where nobody watches."""
    if not err.is_terminal:
        yield no_progress
        return
    drawn = importlib.import_module("rich.progress")
    columns = (drawn.BarColumn(), drawn.MofNCompleteColumn(), drawn.TimeElapsedColumn())
    with drawn.Progress(drawn.TextColumn("{task.description}"), *columns, console=err.console, transient=True) as bar:
        task = bar.add_task(verb, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def print_json(value: object) -> None:
    """One JSON document on standard output; nouns become objects, instants ISO 8601."""
    json.dump(value, sys.stdout, default=_plain, ensure_ascii=False)
    sys.stdout.write("\n")


def _plain(value: Any) -> object:
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
