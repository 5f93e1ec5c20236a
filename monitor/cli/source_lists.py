"""`monitor sources import` and `export`: lists of subscriptions in and out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.catalogue import provider_ids
from monitor.cli.shell import COMMAND_LINE, err, open_shell, out, print_json, sources_file
from monitor.errors import IllegalDecision
from monitor.jobs.catalogue import ImportReport, import_opml
from monitor.jobs.standing import list_reports
from monitor.stages.opml import MAX_BYTES, write_opml
from monitor.stages.sheet import SOURCE_COLUMNS, source_row, write_csv

COMPLAINTS_SHOWN = 50


def register_lists(sources: typer.Typer) -> None:
    """Add the commands of this module to the group."""

    @sources.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="An OPML file.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    ) -> None:
        """Add the subscriptions of an OPML file, as other feed readers export them, to feeds.yaml.

        Addresses that are followed already are passed over. Each new source gets an id, a publisher by its domain, and
        origin and tier by its publisher or the folder it lies in; bad lines are listed, and the good ones come in.

        Example: monitor sources import subscriptions.opml
        """
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
        with open_shell() as shell:
            report = import_opml(
                shell.database,
                shell.clock,
                file=sources_file(shell.settings),
                body=body,
                name=file.name,
                by=COMMAND_LINE,
                providers=provider_ids(shell.settings),
            )
        if as_json:
            print_json(asdict(report))
        else:
            _say(report)

    @sources.command("export")
    def export(
        as_opml: Annotated[bool, typer.Option("--opml", help="OPML 2.0, for feed readers (the default).")] = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="A table with state and rhythm of each.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    ) -> None:
        """Print all sources, for a feed reader, a spreadsheet or a script.

        Example: monitor sources export --opml > sources.opml
        """
        if as_opml + as_csv + as_json > 1:
            raise IllegalDecision("Choose one of --opml, --csv and --json. Nothing was written.")
        with open_shell() as shell, shell.database.read() as tx:
            reports = list_reports(tx, shell.clock.now(), with_days=False)
            title = f"{shell.settings.newsroom}: sources"
        rows = [source_row(report) for report in reports]
        if as_json:
            print_json(rows)
        elif as_csv:
            sys.stdout.buffer.write(write_csv(SOURCE_COLUMNS, rows))
        else:
            running = [report.source for report in reports if report.retired_at is None]
            sys.stdout.buffer.write(write_opml(running, title=title))


def _say(report: ImportReport) -> None:
    for complaint in report.complaints[:COMPLAINTS_SHOWN]:
        err.print(str(complaint), markup=False, soft_wrap=True)
    if report.refused_count > COMPLAINTS_SHOWN:
        err.print(f"and {report.refused_count - min(len(report.complaints), COMPLAINTS_SHOWN)} more", markup=False)
    out.print(f"{report}.", markup=False, soft_wrap=True)
