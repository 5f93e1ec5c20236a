"""`monitor digests` and `monitor webhooks`: who is told of wires, whether it arrives, and the operator's hand on it."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.shell import COMMAND_LINE, Shell, open_shell, out, print_json, rulebook
from monitor.clock import SystemClock
from monitor.errors import Unconfigured
from monitor.jobs import digests, webhooks
from monitor.jobs.outbox import deliver
from monitor.model.subscriber import Event, Letter, Subscriber, Wanted, wanted_of
from monitor.model.webhook import Webhook
from monitor.net.client import Fetcher, user_agent
from monitor.net.smtp import MailServer, Postman
from monitor.stages.digest import describe, masked
from monitor.stages.syndicate import Site
from monitor.store.subscribers import count_by_state, list_issues, list_paused
from monitor.store.webhooks import list_webhooks

PANEL = "Publication"
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
_Number = Annotated[int, typer.Argument(help="Number of the webhook, as the list has it.")]
_Facet = Annotated[
    list[str] | None, typer.Option("--only", help="Only wires with this: provider=openai, severity=SEV-1 …")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    _register_digests(app)
    _register_webhooks(app)


def _why(subscriber: Subscriber) -> str:
    """What its mail server said, without the whole address."""
    return (subscriber.note or "").replace(subscriber.address, masked(subscriber.address))


def _register_digests(app: typer.Typer) -> None:
    group = typer.Typer()
    app.add_typer(group, name="digests", rich_help_panel=PANEL)

    @group.callback(invoke_without_command=True)
    def show(context: typer.Context, json: _Json = False) -> None:
        """Say how many subscribe, which addresses were refused and why, and what was written last.

        Example: monitor digests
        """
        if context.invoked_subcommand is not None:
            return
        with open_shell() as shell:
            with shell.database.read() as tx:
                counts, issues, paused = count_by_state(tx), list_issues(tx), list_paused(tx)
            refused = [(masked(p.address), p.paused_at, _why(p)) for p in paused]
            if json:
                told = {f"{period} {state}": n for (period, state), n in counts.items()}
                print_json(
                    {
                        "subscribers": told,
                        "paused": [{"address": who, "at": at, "why": why} for who, at, why in refused],
                        "issues": [{"until": i.until_at, "subject": i.subject} for i in issues],
                    }
                )
                return
            if not shell.settings.smtp_host:
                out.print("MONITOR_SMTP_HOST is not set: nobody can subscribe.", markup=False)
            for (period, state), count in sorted(counts.items()):
                out.print(f"{period} {state}: {count}", markup=False)
            for who, at, why in refused:
                out.print(f"paused since {at:%Y-%m-%d} {who}: {why}", markup=False, soft_wrap=True)
            for issue in issues:
                out.print(f"{issue.until_at:%Y-%m-%d %H:%M} UTC  {issue.subject}", markup=False, soft_wrap=True)

    @group.command("test")
    def test(address: Annotated[str, typer.Argument(help="Where to send a letter.")]) -> None:
        """Send a test letter now, and say what the mail server answered. Exit status 1 where it did not take it.

        Example: monitor digests test desk@example.org
        """
        with open_shell() as shell, Postman(_server(shell)) as postman:
            settings, now = shell.settings, SystemClock().now()
            text = f"If you can read this, digests of {settings.base_url} can reach you.\n"
            letter = Letter(
                to=digests.read_address(address),
                subject=f"{settings.newsroom}: a test of digests",
                text=text,
                html=None,
                key=f"test/{now.isoformat()}",
            )
            sent = postman.send(letter, now=now)
        out.print(f"{sent.verdict}: {sent.detail}", markup=False, soft_wrap=True)
        if sent.verdict != "taken":
            raise typer.Exit(1)

    @group.command("forget")
    def forget(address: Annotated[str, typer.Argument(help="Whose subscriptions end.")]) -> None:
        """End every subscription of an address and delete it, on its owner's word.

        Example: monitor digests forget rae@example.org
        """
        with open_shell() as shell:
            ended = digests.forget(shell.database, address)
        out.print(f"{ended} subscriptions ended; the address is deleted.")


def _register_webhooks(app: typer.Typer) -> None:
    group = typer.Typer()
    app.add_typer(group, name="webhooks", rich_help_panel=PANEL)

    @group.callback(invoke_without_command=True)
    def show(context: typer.Context, json: _Json = False) -> None:
        """List the webhooks, and how each is doing.

        Example: monitor webhooks
        """
        if context.invoked_subcommand is not None:
            return
        with open_shell() as shell:
            with shell.database.read() as tx:
                found = list_webhooks(tx)
            if json:
                print_json([_plain(hook) for hook in found])
                return
            site = _site(shell)
        for hook in found:
            out.print(_line(hook, site), markup=False, soft_wrap=True)
        if not found:
            out.print("No webhook yet. monitor webhooks add NAME URL registers one.", markup=False)

    @group.command("add")
    def add(
        name: Annotated[str, typer.Argument(help="What you call it.")],
        url: Annotated[str, typer.Argument(help="Where messages are posted.")],
        only: _Facet = None,
        event: Annotated[list[Event] | None, typer.Option("--event", help="Only these events; none: all.")] = None,
    ) -> None:
        """Register a program that is told of publications; prints the secret it checks signatures with, this once.

        Example: monitor webhooks add mirror https://mirror.example.org/in --only severity=SEV-1 --only severity=SEV-2
        """
        with open_shell() as shell:
            hook = webhooks.add_webhook(
                shell.database,
                shell.clock,
                name=name,
                url=url,
                wanted=_wanted(only or []),
                events=event or [],
                by=COMMAND_LINE,
                allow=shell.settings.allow_addresses,
            )
        out.print(f"Webhook {hook.id} is registered. Its secret, shown this once:\n{hook.secret}", markup=False)

    @group.command("ping")
    def ping(number: _Number) -> None:
        """Send a test message now, with all else that is due there, and say what was answered.

        Exit status 1 where it did not arrive.

        Example: monitor webhooks ping 1
        """
        with open_shell() as shell:
            message = webhooks.ping(shell.database, shell.clock, number)
            settings = shell.settings
            agent = user_agent(settings.contact, settings.base_url)
            with Fetcher(user_agent=agent, clock=shell.clock, allow=settings.allow_addresses) as fetcher:
                doors = webhooks.webhook_doors(shell.database, shell.clock, fetcher)
                channel = webhooks.channel_of(number)
                mine = {channel: doors[channel]} if channel in doors else {}
                deliver(shell.database, shell.clock, mine, owner=shell.owner)
            _, log = webhooks.list_log(shell.database, number)
        said = next((line for line in log if line.message == message), None)
        out.print("It is disabled, and was not asked." if said is None else said.detail, markup=False, soft_wrap=True)
        if said is None or not said.is_delivered:
            raise typer.Exit(1)

    @group.command("log")
    def log(number: _Number, json: _Json = False) -> None:
        """List the newest attempts to deliver to a webhook.

        Example: monitor webhooks log 1
        """
        with open_shell() as shell:
            _, lines = webhooks.list_log(shell.database, number)
        if json:
            print_json(list(lines))
            return
        for line in lines:
            word = "delivered" if line.is_delivered else "not delivered"
            said = f"{line.attempted_at:%Y-%m-%d %H:%M:%S} UTC  {line.message}  {line.kind}  {word}: {line.detail}"
            out.print(said, markup=False, soft_wrap=True)

    @group.command("redeliver")
    def redeliver(number: _Number, message: Annotated[str, typer.Argument(help="Its id, msg_…")]) -> None:
        """Send one message once more, under its own id.

        Example: monitor webhooks redeliver 1 msg_0c2e7a
        """
        with open_shell() as shell:
            webhooks.redeliver(shell.database, shell.clock, number, message, by=COMMAND_LINE)
        out.print("It is sent with the next tick of monitor run or work.")

    @group.command("rotate")
    def rotate(number: _Number) -> None:
        """Make a new secret, print it this once; the old one signs beside it for a day.

        Example: monitor webhooks rotate 1
        """
        with open_shell() as shell:
            hook = webhooks.rotate_secret(shell.database, shell.clock, number, by=COMMAND_LINE)
        out.print(f"The new secret, shown this once:\n{hook.secret}", markup=False)

    @group.command("enable")
    def enable(number: _Number) -> None:
        """Tell a webhook again, from now on.

        Example: monitor webhooks enable 1
        """
        with open_shell() as shell:
            webhooks.enable(shell.database, shell.clock, number, by=COMMAND_LINE)
        out.print(f"Webhook {number} is told again.")

    @group.command("disable")
    def disable(number: _Number) -> None:
        """Tell a webhook nothing any more.

        Example: monitor webhooks disable 1
        """
        with open_shell() as shell:
            webhooks.disable(shell.database, shell.clock, number, by=COMMAND_LINE)
        out.print(f"Webhook {number} is told nothing.")

    @group.command("remove")
    def remove(number: _Number) -> None:
        """Forget a webhook and its secret.

        Example: monitor webhooks remove 1
        """
        with open_shell() as shell:
            webhooks.remove(shell.database, shell.clock, number, by=COMMAND_LINE)
        out.print(f"Webhook {number} is gone.")


def _server(shell: Shell) -> MailServer:
    settings = shell.settings
    if not settings.smtp_host:
        raise Unconfigured("MONITOR_SMTP_HOST is not set: no letter can be sent.")
    return digests.mail_server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_from,
        name=settings.newsroom,
    )


def _site(shell: Shell) -> Site:
    settings, rules = shell.settings, rulebook(shell.settings)
    return Site(name=settings.newsroom, base_url=settings.base_url, codebook=rules.codebook, providers=rules.providers)


def _wanted(pairs: list[str]) -> Wanted:
    values: dict[str, list[str]] = {}
    for pair in pairs:
        facet, mark, value = pair.partition("=")
        if not mark or facet not in {"provider", "severity", "code", "standard"}:
            raise typer.BadParameter(f"{pair!r} is not like severity=SEV-1", param_hint="--only")
        values.setdefault(facet, []).append(value)
    try:
        return wanted_of(values)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--only") from None


def _line(hook: Webhook, site: Site) -> str:
    state = "told" if hook.is_enabled else f"disabled: {hook.disabled_why}"
    if hook.is_enabled and hook.failing_since is not None:
        state = f"failing since {hook.failing_since:%Y-%m-%d %H:%M} UTC"
    return f"{hook.id}  {hook.name}  {hook.url}  {describe(hook.wanted, site)}  {state}"


def _plain(hook: Webhook) -> dict[str, object]:
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "wanted": hook.wanted.values(),
        "events": [event.value for event in hook.events],
        "is_enabled": hook.is_enabled,
        "failing_since": hook.failing_since,
        "delivered_at": hook.delivered_at,
        "disabled_why": hook.disabled_why,
    }
