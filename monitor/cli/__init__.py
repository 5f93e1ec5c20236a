"""The command line: one command per job, and what an operator needs around them.

Exit status: 0 the command itself worked (a source that is down does not change that), 1 it was refused or failed,
2 it was called wrongly.
"""

from __future__ import annotations

import sys

import typer

from monitor import __version__
from monitor.cli import catalogue, database, demo, doctor, grouping, intake, people, publication, reading, serve, triage
from monitor.cli.shell import err
from monitor.errors import MonitorError

app = typer.Typer(
    name="monitor",
    help="A newsroom for AI incidents: poll sources, group what they say, triage it, publish wires.",
    epilog="Start with: monitor run. Settings are MONITOR_... variables; see the README.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version."),
) -> None:
    pass


serve.register(app)
catalogue.register(app)
database.register(app)
demo.register(app)
doctor.register(app)
grouping.register(app)
triage.register(app)
reading.register(app)
people.register(app)
intake.register(app)
publication.register(app)


def main() -> None:
    """Run the command line; a refusal is one plain message and exit status 1."""
    try:
        app()
    except MonitorError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
