"""`monitor clean`: let go of what nobody reads any more."""

from __future__ import annotations

import typer

from monitor.cli.shell import open_shell, out, print_json, progress_bar
from monitor.jobs.clean import clean


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command("clean", rich_help_panel="Installation")
    def clean_command(
        as_json: bool = typer.Option(False, "--json", help="Print the report as one JSON object."),
    ) -> None:
        """Drop the lines of polls older than 90 days; the running newsroom does so once a day by itself.

        Entries, articles, wires, decisions and the audit are never dropped, nor the last 50 polls of a source.

        Example: monitor clean
        """
        with open_shell() as shell, progress_bar("clean") as progress:
            report = clean(shell.database, shell.clock, progress=progress)
        if as_json:
            print_json(report)
        else:
            out.print(str(report))
