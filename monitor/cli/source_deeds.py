"""`monitor sources pause`, `resume`, `poll`, `confirm`, `restore` and `password`: one action each."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor.cli.polling import poll_and_say
from monitor.cli.shell import COMMAND_LINE, open_shell, out, print_json
from monitor.errors import IllegalDecision
from monitor.jobs.passwords import store_password
from monitor.jobs.sources import confirm_source, pause_sources, restore_source, resume_sources
from monitor.log import clean_line
from monitor.model import SourceId

_Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")]
_Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of sources.")]


def register_deeds(sources: typer.Typer) -> None:
    """Add the commands of this module to the group."""

    @sources.command("pause")
    def pause(keys: _Ids) -> None:
        """Stop polling sources until they are resumed. Feeds.yaml stays as it is.

        Example: monitor sources pause gazette acme-status
        """
        with open_shell() as shell:
            done = pause_sources(shell.database, shell.clock, sources=_ids(keys), by=COMMAND_LINE)
        _say_turned(keys, done, "paused")

    @sources.command("resume")
    def resume(keys: _Ids) -> None:
        """Poll paused sources again, each when it is due next.

        Example: monitor sources resume gazette
        """
        with open_shell() as shell:
            done = resume_sources(shell.database, shell.clock, sources=_ids(keys), by=COMMAND_LINE)
        _say_turned(keys, done, "polled again")

    @sources.command("poll")
    def poll(
        keys: _Ids,
        as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    ) -> None:
        """Ask sources now, due or not, unless they or their host asked for silence.

        Example: monitor sources poll gazette
        """
        report = poll_and_say(_ids(keys), is_quiet=as_json)
        if as_json:
            print_json(report)

    @sources.command("confirm")
    def confirm(source: _Id) -> None:
        """Say that a changed document is the source all the same: the next poll takes it whole.

        A document whose title, id and entries all changed at once is held back until somebody says so.

        Example: monitor sources confirm gazette
        """
        with open_shell() as shell:
            held = confirm_source(shell.database, shell.clock, source=SourceId(source), by=COMMAND_LINE)
        out.print(f"{source}: {clean_line(held.title)} is taken at the next poll.", markup=False, soft_wrap=True)

    @sources.command("restore")
    def restore(source: _Id) -> None:
        """Poll the URL of feeds.yaml again, instead of one that was learnt from a permanent redirect.

        Example: monitor sources restore gazette
        """
        with open_shell() as shell:
            found = restore_source(shell.database, shell.clock, source=SourceId(source), by=COMMAND_LINE)
        out.print(f"{found.id} is polled at {clean_line(found.url)} again, from now on.", markup=False, soft_wrap=True)

    @sources.command("password")
    def password(
        source: _Id,
        from_stdin: Annotated[
            bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
        ] = False,
    ) -> None:
        """Store the password of a mailbox, readable by this user alone. Asks without echo.

        Example: monitor sources password gazette-letter
        """
        with open_shell() as shell:
            path = store_password(
                shell.database,
                shell.clock,
                folder=shell.settings.secrets_dir,
                source=SourceId(source),
                password=_password(source, from_stdin),
                by=COMMAND_LINE,
            )
        out.print(f"The password of {source} lies in {path}.", markup=False, soft_wrap=True)


def _password(source: str, from_stdin: bool) -> str:
    """Never an argument, which other users of the machine could read (D13)."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise IllegalDecision("There is no terminal to ask for the password at: use --password-stdin.")
    return str(typer.prompt(f"Password of the mailbox {source}", hide_input=True, err=True))


def _ids(keys: list[str]) -> list[SourceId]:
    return [SourceId(key) for key in keys]


def _say_turned(keys: list[str], done: tuple[SourceId, ...], what: str) -> None:
    for key in dict.fromkeys(keys):
        out.print(f"{key} is {what}." if key in done else f"{key} was already: nothing changed.", markup=False)
