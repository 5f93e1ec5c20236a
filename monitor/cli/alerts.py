"""`monitor alerts`: what the operator is told of sources in trouble, and whether it arrives."""

from __future__ import annotations

import typer

from monitor.cli.shell import Shell, open_shell, out, print_json
from monitor.jobs.alerts import channel_of, list_alerts, list_undelivered, send_test
from monitor.jobs.filters import store_addresses
from monitor.log import clean_line
from monitor.model import Alert, OutboxMessage, Telling
from monitor.net.notify import Notifier, name_address

_UNSET = "MONITOR_ALERTS is not set: nobody is told of sources in trouble. The README has its form."
_TELLING = {Telling.NEW: "new", Telling.STILL: "still", Telling.OVER: "over"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    alerts = typer.Typer()
    app.add_typer(alerts, name="alerts", rich_help_panel="Installation")

    @alerts.callback(invoke_without_command=True)
    def show(
        context: typer.Context,
        as_json: bool = typer.Option(False, "--json", help="Print all of it as one JSON object."),
    ) -> None:
        """List what you would be told now of sources in trouble, and what waits to be sent or could not be.

        Example: monitor alerts
        """
        if context.invoked_subcommand is not None:
            return
        with open_shell() as shell:
            alerts, messages = list_alerts(shell.database, shell.clock), list_undelivered(shell.database)
            if as_json:
                print_json({"alerts": alerts, "undelivered": messages})
                return
            _say_addresses(shell)
            _say_alerts(alerts)
            _say_messages(shell, messages)

    @alerts.command("address")
    def address(
        name: str = typer.Argument(help="The person, as at the desk."),
        addresses: list[str] = typer.Argument(None, help="Apprise addresses; none removes those that were set."),
    ) -> None:
        """Say where the alerts of a person's saved filters go. The addresses stand in a file that only you can read.

        Example: monitor alerts address ada mailto://user:pass@example.org
        """
        with open_shell() as shell:
            path = store_addresses(
                shell.database,
                shell.clock,
                folder=shell.settings.secrets_dir,
                name=name,
                addresses=addresses or [],
                by="command line",
            )
        said = f"is told at {len(addresses)} addresses, which stand in {path}." if path else "is told nowhere."
        out.print(f"{name} {said}", markup=False, soft_wrap=True)

    @alerts.command("test")
    def test() -> None:
        """Send a test message to every address of MONITOR_ALERTS now, and say what each answered.

        Exit status 1 where one did not take it.

        Example: monitor alerts test
        """
        with open_shell() as shell:
            settings = shell.settings
            if not settings.alerts:
                out.print(_UNSET, markup=False, soft_wrap=True)
                raise typer.Exit(1)
            with Notifier() as notifier:
                answers = send_test(
                    settings.alerts, notifier, shell.clock, base_url=settings.base_url, newsroom=settings.newsroom
                )
        for name, answer in answers.items():
            word = "delivered" if answer.is_delivered else "not delivered"
            out.print(f"{name}: {word}: {answer.detail}", markup=False, soft_wrap=True)
        if not all(answer.is_delivered for answer in answers.values()):
            raise typer.Exit(1)


def _say_addresses(shell: Shell) -> None:
    names = ", ".join(map(name_address, shell.settings.alerts))
    out.print(f"Told: {names}" if names else _UNSET, markup=False, soft_wrap=True)


def _say_alerts(alerts: tuple[Alert, ...]) -> None:
    out.print(f"To be told now: {len(alerts)}")
    for alert in alerts:
        line = f"  {_TELLING[alert.telling]:<5} {alert.source}: {alert.health}. {alert.condition.why}"
        out.print(clean_line(line), markup=False, soft_wrap=True)


def _say_messages(shell: Shell, messages: tuple[OutboxMessage, ...]) -> None:
    names = {channel_of(address): name_address(address) for address in shell.settings.alerts}
    out.print(f"Not delivered: {len(messages)}")
    for message in messages:
        when = "given up" if message.due_at is None else f"next attempt {message.due_at:%Y-%m-%d %H:%M} UTC"
        why = f": {message.note}" if message.note else ""
        where = names.get(message.channel, "an address no longer set")
        line = f"  {message.created_at:%Y-%m-%d %H:%M} UTC to {where}, {when}{why}: {message.subject}"
        out.print(clean_line(line), markup=False, soft_wrap=True)
