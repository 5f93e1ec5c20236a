"""`monitor db`: the database."""

from __future__ import annotations

import typer

from monitor.cli.shell import out, read_edge
from monitor.store.database import Database
from monitor.store.migrate import upgrade

database_app = typer.Typer(no_args_is_help=True, help="The database: bring it to the newest tables.")


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
