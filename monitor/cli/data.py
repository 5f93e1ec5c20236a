"""`monitor data` and `monitor crosswalk`: the record as files, and what its events are called elsewhere."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.newsroom import house_of
from monitor.cli.shell import err, open_shell, out, print_json, progress_bar, rulebook
from monitor.jobs.crosswalk import import_crosswalk
from monitor.jobs.data import FOLDER, make_data
from monitor.stages.dataset import read_licence

PANEL = "Publication"
COMPLAINTS_SHOWN = 50
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("data", rich_help_panel=PANEL)(data)
    crosswalk = typer.Typer(no_args_is_help=True)
    app.add_typer(crosswalk, name="crosswalk", rich_help_panel=PANEL)

    @crosswalk.callback()
    def _group() -> None:
        """Note what the same events are called in other databases (AIID, the OECD's monitor, AIAAIC).

        Example: monitor crosswalk import ids.csv
        """

    crosswalk.command("import")(import_list)


def data(json: _Json = False) -> None:
    """Make the files of data now: CSV, JSON Lines, SQLite, and what describes them.

    While Monitor runs it does so by itself, some minutes after a publication.

    Example: monitor data
    """
    with open_shell() as shell, progress_bar("Making the data") as progress:
        settings = shell.settings
        report = make_data(
            shell.database,
            shell.clock,
            public_dir=settings.public_dir,
            house=house_of(settings, rulebook(settings)),
            licence=read_licence(settings.data_licence),
            progress=progress,
        )
    if json:
        print_json(report)
    else:
        out.print(f"{report} They lie in {settings.public_dir / FOLDER}.", markup=False, soft_wrap=True)


def import_list(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with the columns wire, database, id."),
    ],
    released: Annotated[
        bool, typer.Option("--release", help="Release the updates of published wires; else an editor does.")
    ] = False,
    editor: Annotated[
        str, typer.Option("--editor", help="Who answers for it; else cli:<your user name>.", show_default=False)
    ] = "",
    json: _Json = False,
) -> None:
    """Note ids of other databases in many wires at once.

    A wire is named by its number, its name in addresses, or its tag; a database is aiid, oecd-aim or aiaaic. Each
    published wire gets an update with the ids; run twice, nothing doubles.

    Example: monitor crosswalk import ids.csv --release
    """
    with open_shell() as shell, progress_bar("Noting") as progress:
        rules = rulebook(shell.settings)
        report = import_crosswalk(
            shell.database,
            shell.clock,
            path=file,
            editor=editor.strip() or f"cli:{getpass.getuser()}",
            codebook=rules.codebook,
            providers=rules.index,
            is_released=released,
            progress=progress,
        )
    for complaint in report.complaints[:COMPLAINTS_SHOWN]:
        err.print(str(complaint), style="yellow", markup=False, soft_wrap=True)
    if json:
        print_json(report)
    else:
        out.print(
            f"{report.noted_count} wires have more ids, {report.released_count} of them released; "
            f"{report.known_count} had them already, {len(report.complaints)} lines refused.",
            markup=False,
            soft_wrap=True,
        )
