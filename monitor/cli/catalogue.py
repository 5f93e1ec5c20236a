"""`monitor sync`: follow feeds.yaml."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.shell import err, open_shell, out, print_json, read_edge, rulebook, sources_path
from monitor.jobs.sync import SyncReport, read_file, sync
from monitor.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command("sync", rich_help_panel="The pipeline")
    def sync_command(
        check: bool = typer.Option(False, "--check", help="Only say whether the file is right; needs no database."),
        as_json: bool = typer.Option(False, "--json", help="Print the report as one JSON object."),
    ) -> None:
        """Read feeds.yaml and add, change and retire sources; what they brought is kept.

        The file is the one of MONITOR_SOURCES, else ./feeds.yaml, else feeds.yaml in the data folder, else the one that
        ships with Monitor. A faulty file is refused whole, every fault with its line, and the sources go on as before.

        Example: MONITOR_SOURCES=/etc/monitor/feeds.yaml monitor sync
        """
        settings = read_edge()
        path = sources_path(settings)
        providers = provider_ids(settings)
        if check:
            catalogue = read_file(path, providers=providers)
            count = f"{len(catalogue.sources)} sources of {len(catalogue.publishers)} publishers"
            out.print(f"{path}: {count}, no fault.", markup=False, soft_wrap=True)
            return
        with open_shell(settings) as shell:
            report = sync(shell.database, shell.clock, path=path, providers=providers)
        if as_json:
            print_json(report)
        else:
            _say(report, path)


def provider_ids(settings: Settings) -> frozenset[str]:
    """The ids of the provider register in use; raises FaultyFile where it is faulty."""
    return frozenset(rulebook(settings).index.ids)


def _say(report: SyncReport, path: Path) -> None:
    for word, keys in (
        ("added", report.added),
        ("back again", report.returned),
        ("changed", report.changed),
        ("retired", report.retired),
    ):
        for key in keys[:10]:
            err.print(f"  {word}: {key}", markup=False, soft_wrap=True)
        if len(keys) > 10:
            err.print(f"  {word}: and {len(keys) - 10} more", markup=False)
    out.print(f"{path}: {report}.", markup=False, soft_wrap=True)
