"""`monitor poll`, `monitor sources` and `monitor restore-url`: what comes in, and from where."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from monitor.cli.shell import err, open_shell, out, print_json, progress_bar, read_edge
from monitor.jobs.mailbox import Passwords
from monitor.jobs.poll import PollLine, PollReport, poll
from monitor.jobs.standing import list_reports
from monitor.jobs.workers import Workers
from monitor.log import clean_line
from monitor.model import Health, SourceId, SourceReport
from monitor.net.client import Fetcher, user_agent
from monitor.settings import Settings
from monitor.store.sources import restore_url

_STYLES = {
    Health.HEALTHY: "green",
    Health.FAILING: "red",
    Health.NOT_A_FEED: "red",
    Health.GONE: "red",
    Health.THROTTLED: "yellow",
}


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
        settings = read_edge()
        if not settings.contact and not as_json:
            err.print(_NO_CONTACT, style="yellow", soft_wrap=True)
        report = _poll(settings, [SourceId(name) for name in sources or ()])
        if as_json:
            print_json(report)
        else:
            _say(report, is_named=bool(sources))

    @app.command("sources", rich_help_panel="Look")
    def sources_command(
        as_json: bool = typer.Option(False, "--json", help="Print all sources as one JSON array, with every detail."),
    ) -> None:
        """List every source: how it is, what it last answered, when it is asked next, and which rule decided that.

        Example: monitor sources --json | jq -r '.[] | select(.health == "failing") | .id'
        """
        with open_shell() as shell, shell.database.read() as tx:
            reports = list_reports(tx, shell.clock.now())
        if as_json:
            print_json([_plain(report) for report in reports])
        elif not reports:
            err.print("There are no sources yet. Run: monitor sync")
        elif out.is_terminal:
            out.print(_table(reports))
        else:
            for report in reports:
                typer.echo("\t".join((report.source.id, report.health, _next(report), _last(report))))

    @app.command("restore-url", rich_help_panel="Look")
    def restore_url_command(source: str = typer.Argument(help="Id of the source.")) -> None:
        """Poll the URL of feeds.yaml again, instead of one that was learnt from a permanent redirect.

        Example: monitor restore-url gazette
        """
        with open_shell() as shell, shell.database.write() as tx:
            restored = restore_url(tx, SourceId(source), now=shell.clock.now())
        out.print(f"{restored.id} is polled at {clean_line(restored.url)} again, from now on.", markup=False)


_NO_CONTACT = (
    "MONITOR_CONTACT is not set: the servers we poll cannot tell whom to write to, and some refuse such callers."
)


def _poll(settings: Settings, sources: list[SourceId]) -> PollReport:
    with (
        open_shell(settings) as shell,
        Fetcher(
            user_agent=user_agent(settings.contact, settings.base_url),
            clock=shell.clock,
            allow=settings.allow_addresses,
            find_password=Passwords(settings.secrets_dir, os.environ),
        ) as fetcher,
        Workers(settings.workers) as workers,
        progress_bar("poll") as progress,
    ):
        return poll(
            shell.database, shell.clock, fetcher, workers, owner=shell.owner, sources=sources, progress=progress
        )


def _say(report: PollReport, *, is_named: bool) -> None:
    """The sources that failed, or all that were named; then the summary."""
    for name, why in report.skipped:
        err.print(f"  {name}: left alone: {why}", markup=False, soft_wrap=True)
    told = [line for line in report.lines if is_named or line.is_failure]
    for line in told[:20]:
        err.print(f"  {_line(line, is_named=is_named)}", markup=False, soft_wrap=True)
    if len(told) > 20:
        err.print(f"  and {len(told) - 20} more: monitor sources lists them all")
    out.print(str(report) if report.lines or report.skipped else "No source is due.", markup=False, soft_wrap=True)


def _line(line: PollLine, *, is_named: bool) -> str:
    said = f"{line.source}: {line.outcome}: {clean_line(line.detail)}"
    return f"{said}; next {_when(line.due_at)} ({line.rule})" if is_named and line.due_at else said


def _table(reports: tuple[SourceReport, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "health", "entries", "last answer", "next poll (UTC)", "because"):
        table.add_column(heading, justify="right" if heading == "entries" else "left", overflow="fold")
    for report in reports:
        table.add_row(
            report.source.id,
            Text(report.health, style=_STYLES.get(report.health, "")),
            str(report.entry_count),
            Text(_last(report)),
            _next(report),
            Text(clean_line(report.state.rule)),
        )
    return table


def _last(report: SourceReport) -> str:
    return clean_line(report.state.last_outcome)


def _next(report: SourceReport) -> str:
    return _when(_due_at(report)) if _due_at(report) else "never"


def _due_at(report: SourceReport) -> datetime | None:
    return None if report.health in (Health.RETIRED, Health.GONE) else report.state.due_at


def _when(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


def _plain(report: SourceReport) -> dict[str, Any]:
    source, state = report.source, report.state
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "polled_url": state.url,
        "publisher": source.publisher,
        "publisher_name": report.publisher_name,
        "origin": source.origin,
        "tier": source.tier,
        "provider": source.provider,
        "language": source.language,
        "health": report.health,
        "entry_count": report.entry_count,
        "last_outcome": state.last_outcome,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "failing_since": state.failing_since,
        "next_poll_at": _due_at(report),
        "rule": state.rule,
        "retired_at": report.retired_at,
    }
