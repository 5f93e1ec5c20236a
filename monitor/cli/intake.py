"""`monitor poll`: what comes in."""

from __future__ import annotations

import typer

from monitor.cli.polling import poll_and_say
from monitor.cli.shell import print_json
from monitor.model import SourceId


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command("poll", rich_help_panel="The pipeline")
    def poll_command(
        sources: list[str] = typer.Argument(None, metavar="[SOURCE]...", help="Ids; without any, all that are due."),
        as_json: bool = typer.Option(False, "--json", help="Print the report as one JSON object."),
    ) -> None:
        """Ask every source that is due, once, and keep what is new.

        Named sources are asked now, due or not, unless they or their host asked for silence. A source that is down
        does not change the exit status: it is tried again later, and `monitor sources` says when.

        Example: monitor poll
        Example: monitor poll openai-blog eu-ai-office
        """
        report = poll_and_say([SourceId(name) for name in sources or ()], is_quiet=as_json)
        if as_json:
            print_json(report)
