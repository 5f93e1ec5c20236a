"""What `run`, `serve` and `work` share: a database at the newest tables, its sources, and what is said at the start."""

from __future__ import annotations

from pathlib import Path

from monitor.cli.shell import err
from monitor.errors import FaultyFile
from monitor.jobs.publish import Timer, publish
from monitor.jobs.rulebook import Rulebook
from monitor.jobs.sections import sections_of
from monitor.jobs.sync import sync
from monitor.model import Clock
from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.sources import count_sources
from monitor.web.house import house_of as house_of
from monitor.web.house import site_of as site_of

FIRST_SECONDS = 10.0  # what is not rendered then the jobs render beside the web


def follow(database: Database, clock: Clock, path: Path, rules: Rulebook) -> None:
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


def publish_first(database: Database, clock: Clock, settings: Settings, rules: Rulebook) -> None:
    """A feed lies there from the first request."""
    publish(
        database,
        clock,
        public_dir=settings.public_dir,
        site=site_of(settings, rules),
        providers=rules.index,
        sections=sections_of(house_of(settings, rules)),
        has_time=Timer(FIRST_SECONDS).has_time,
    )


def ask_for_contact(settings: Settings) -> None:
    """Servers that are polled want to know by whom."""
    if not settings.contact:
        err.print(
            "No contact is set: servers that we poll cannot reach you. Set MONITOR_CONTACT to a mail or web address.",
            style="yellow",
        )
