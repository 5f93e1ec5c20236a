"""`monitor take-down`: readers may not see a wire any more."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from monitor.cli.publication import PANEL, publish_in, rules_of
from monitor.cli.shell import open_shell, out, print_json, progress_bar
from monitor.jobs.take_down import take_down
from monitor.model import WireId
from monitor.model.feeds import TakeDownReason


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("take-down", rich_help_panel=PANEL)(take_down_now)


def take_down_now(
    wire: Annotated[int, typer.Argument(min=1, help="Number of the wire; monitor wires lists them.")],
    reason: Annotated[TakeDownReason, typer.Option("--reason", help="What readers are told.")],
    note: Annotated[str, typer.Option("--note", help="What happened, for the newsroom; readers never see it.")],
    editor: Annotated[
        str, typer.Option("--editor", help="Who answers for it; else cli:<your user name>.", show_default=False)
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Take a published wire from its readers, for good: its address says so, its feeds carry a tombstone.

    For what may not be read: by order of a court, to protect somebody. What is only wrong is corrected or retracted.

    Example: monitor take-down 41 --reason privacy --note "Letter of 3 March, file 7/26."
    """
    with open_shell() as shell, progress_bar("Publishing") as progress:
        who = editor.strip() or f"cli:{getpass.getuser()}"
        taken = take_down(shell.database, shell.clock, WireId(wire), who=who, reason=reason, note=note)
        published = publish_in(shell, rules_of(shell), progress)
    if json:
        print_json({"taken_down": taken, "published": published})
    else:
        out.print(
            f"Wire {wire} is taken down: /wires/{taken.slug} says that it is gone. "
            f"{published.rendered_count} documents written, {published.removed_count} removed.",
            markup=False,
            soft_wrap=True,
        )
