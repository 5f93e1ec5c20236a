"""`monitor db`: the database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import typer

from monitor.cli.shell import out, read_edge
from monitor.jobs.backup import back_up, restore
from monitor.store.database import Database
from monitor.store.migrate import upgrade

database_app = typer.Typer(no_args_is_help=True, help="The database: newest tables, backup, restore.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.add_typer(database_app, name="db", rich_help_panel="Installation")


@database_app.command("upgrade")
def db_upgrade() -> None:
    """Create the database, or migrate it to this version's tables. Running it again changes nothing.

    Example: MONITOR_DATABASE_URL=postgresql://monitor@/monitor monitor db upgrade
    """
    database = Database(read_edge().database)
    try:
        before, after = upgrade(database)
    finally:
        database.close()
    shown = database.url.render_as_string(hide_password=True)
    if before == after:
        out.print(f"{shown} is at revision {after}: nothing to do.", markup=False, soft_wrap=True)
    else:
        out.print(f"{shown} upgraded from {before or 'empty'} to revision {after}.", markup=False, soft_wrap=True)


@database_app.command("backup")
def db_backup(file: Path = typer.Argument(help="The file to write, which must not be there yet.")) -> None:
    """Copy the database to FILE as it is at one moment, while Monitor runs. SQLite; PostgreSQL has pg_dump.

    Example: monitor db backup /var/backups/monitor/today.db
    """
    with closing(Database(read_edge().database)) as database:
        size = back_up(database, file)
    out.print(f"{file}: {size:,} bytes.", markup=False, soft_wrap=True)


@database_app.command("restore")
def db_restore(file: Path = typer.Argument(help="What `monitor db backup` wrote.")) -> None:
    """Put a backup in the place of the database. Stop Monitor first. What was there stays beside it.

    Example: monitor db restore /var/backups/monitor/today.db
    """
    aside = restore(read_edge().database, file)
    kept = "" if aside is None else f" What was there is {aside} now."
    out.print(
        f"Restored from {file}.{kept} Next: monitor db upgrade, then monitor doctor.", markup=False, soft_wrap=True
    )
