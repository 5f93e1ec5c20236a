"""`monitor user`: who may work at the desk."""

from __future__ import annotations

import sys

import typer
from rich.table import Table

from monitor.cli.shell import open_shell, out
from monitor.clock import SystemClock
from monitor.errors import IllegalDecision
from monitor.jobs import credentials, invitations, people
from monitor.model import Role
from monitor.store.people import get_editor, list_editors

Stdin = typer.Option(False, "--password-stdin", help="Read the password from standard input, one line.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    users = typer.Typer(
        help="Who may work at the desk: add, invite, list, role, disable, password.", no_args_is_help=True
    )
    app.add_typer(users, name="user", rich_help_panel="Upkeep")

    @users.command()
    def add(
        name: str = typer.Argument(help="Stands under every decision."),
        role: Role = typer.Option(Role.EDITOR, help="A reader only looks; an admin also has sources and people."),
        password_stdin: bool = Stdin,
    ) -> None:
        """Add an editor. Asks for the password twice, or reads it from standard input.

        Example: monitor user add "Ada Okafor" --role admin
        """
        with open_shell() as shell:
            name = credentials.check_name(name)
            password = _password(password_stdin, name, shell.settings.newsroom)
            editor = people.add_editor(
                shell.database, SystemClock(), name, role=role, password=password, newsroom=shell.settings.newsroom
            )
            out.print(f"Added {editor.name} ({editor.role}). Sign in at {shell.settings.base_url}/desk", markup=False)

    @users.command("list")
    def list_() -> None:
        """List everybody, with role and whether they may sign in.

        Example: monitor user list
        """
        with open_shell() as shell, shell.database.read() as tx:
            table = Table("Name", "Role", "State", "Since", box=None)
            for editor in list_editors(tx):
                state = "disabled" if editor.is_disabled else "may sign in"
                table.add_row(editor.name, editor.role.value, state, f"{editor.created_at:%Y-%m-%d}")
            out.print(table if table.row_count else "There is no editor yet. Add one: monitor user add NAME")

    @users.command()
    def disable(
        name: str,
        undo: bool = typer.Option(False, "--undo", help="Let them in again."),
    ) -> None:
        """Bar an editor and end their sessions at once. What they decided stays.

        Example: monitor user disable "Ada Okafor"
        """
        with open_shell() as shell:
            people.disable_editor(shell.database, SystemClock(), name, is_disabled=not undo)
            words = "may sign in again" if undo else "is barred, and all their sessions are ended"
            out.print(f"{name} {words}.", markup=False)

    @users.command()
    def role(name: str, role: Role) -> None:
        """Give somebody another role and end their sessions. Tokens of the API may then do no more than the role.

        Example: monitor user role "Ada Okafor" senior
        """
        with open_shell() as shell:
            editor = people.change_role(shell.database, SystemClock(), name, role=role)
            out.print(f"{editor.name} is {editor.role.label} now, and all their sessions are ended.", markup=False)

    @users.command()
    def invite(
        for_whom: str = typer.Argument(help="A name or address, for your own memory."),
        role: Role = typer.Option(Role.EDITOR, help="What the invited will be."),
    ) -> None:
        """Make a one-time link by which somebody makes their own account. Shown once, good for a week.

        Example: monitor user invite "Dora, by mail" --role reader
        """
        with open_shell() as shell:
            made = invitations.invite(shell.database, SystemClock(), role=role, for_whom=for_whom, by="command line")
            out.print(f"{shell.settings.base_url}/desk/join?token={made.token}", markup=False, soft_wrap=True)

    @users.command()
    def password(name: str, password_stdin: bool = Stdin) -> None:
        """Give an editor a new password and end all their sessions.

        Example: monitor user password "Ada Okafor"
        """
        with open_shell() as shell:
            with shell.database.read() as tx:
                get_editor(tx, name)
            new = _password(password_stdin, name, shell.settings.newsroom)
            people.change_password(shell.database, SystemClock(), name, password=new, newsroom=shell.settings.newsroom)
            out.print(f"The password of {name} is changed, and all their sessions are ended.", markup=False)


def _password(from_stdin: bool, name: str, newsroom: str) -> str:
    """The password, checked; never an argument, which other users of the machine could read (D13)."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        credentials.check_password(password, name=name, newsroom=newsroom)
        return password
    if not sys.stdin.isatty():
        raise IllegalDecision("There is no terminal to ask for the password at: use --password-stdin.")
    while True:
        password = typer.prompt("Password (12 to 128 characters; a sentence is fine)", hide_input=True, err=True)
        try:
            credentials.check_password(password, name=name, newsroom=newsroom)
        except IllegalDecision as error:
            typer.echo(str(error), err=True)
            continue
        if typer.prompt("Once more", hide_input=True, err=True) == password:
            return str(password)
        typer.echo("The two differ.", err=True)
