"""`monitor sources`: which there are and how each is doing; what can be done to them is in the modules it registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import typer
from rich.table import Table
from rich.text import Text

from monitor.cli.discovery import register_try
from monitor.cli.shell import err, open_shell, out, print_json
from monitor.cli.source_deeds import register_deeds
from monitor.cli.source_edits import register_edits
from monitor.cli.source_lists import register_lists
from monitor.jobs.standing import get_report, list_reports
from monitor.log import clean_line
from monitor.model import Condition, Health, PastPoll, SourceDay, SourceId, SourceReport
from monitor.stages.sheet import source_row
from monitor.store.polls import list_polls

DAYS = 30
POLLS_SHOWN = 10
_BARS = "▁▂▃▄▅▆▇█"
_STYLES = {
    Health.HEALTHY: "green",
    Health.FAILING: "red",
    Health.NOT_A_FEED: "red",
    Health.GONE: "red",
    Health.SILENT_ZERO: "red",
    Health.HELD_BACK: "yellow",
    Health.THROTTLED: "yellow",
    Health.MOVED: "yellow",
    Health.QUIET: "yellow",
}

_Json = typer.Option(False, "--json", help="Print JSON, with every detail.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    sources = typer.Typer(no_args_is_help=False)
    app.add_typer(sources, name="sources", rich_help_panel="Look")

    @sources.callback(invoke_without_command=True)
    def list_command(context: typer.Context, as_json: bool = _Json) -> None:
        """List every source: its state, since when and why, and what happens next. The commands below act on them.

        What `add`, `edit`, `adopt`, `remove` and `import` change is written into feeds.yaml, where comments and order
        stay as they are; the first change of the list that ships goes into a copy in the data folder.

        Example: monitor sources --json | jq -r '.[] | select(.health == "failing") | .id'
        """
        if context.invoked_subcommand is not None:
            return
        with open_shell() as shell, shell.database.read() as tx:
            reports = list_reports(tx, shell.clock.now(), with_days=False)
        if as_json:
            print_json([source_row(report) for report in reports])
        elif not reports:
            err.print("There are no sources yet. Run: monitor sync, or: monitor sources add URL")
        elif out.is_terminal:
            out.print(_table(reports))
        else:
            for report in reports:
                typer.echo("\t".join(_columns(report)))

    @sources.command("show")
    def show(
        source: str = typer.Argument(help="Id of the source."),
        as_json: bool = _Json,
    ) -> None:
        """Show one source: its state and why, its address and rhythm, 30 days drawn, its last polls and the next.

        Example: monitor sources show openai-news
        """
        with open_shell() as shell, shell.database.read() as tx:
            now = shell.clock.now()
            report = get_report(tx, SourceId(source), now)
            polls = list_polls(tx, SourceId(source), limit=POLLS_SHOWN)
        if as_json:
            held = report.state.held
            print_json(source_row(report) | {"held": held, "days": report.days, "polls": polls})
            return
        for line in _lines(report, polls, now.date()):
            out.print(line, markup=False, soft_wrap=True)

    register_try(sources)
    register_edits(sources)
    register_deeds(sources)
    register_lists(sources)


# --- the list -----------------------------------------------------------------------------------------------------


def _table(reports: Sequence[SourceReport]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "kind", "state", "since", "why", "next"):
        table.add_column(heading, overflow="fold")
    for report in reports:
        source, kind, state, since, why, following, at = _columns(report)
        style = _STYLES.get(report.condition.health, "")
        table.add_row(source, kind, Text(state, style=style), since, Text(why), Text(f"{following} {at}".strip()))
    return table


def _columns(report: SourceReport) -> tuple[str, ...]:
    condition = report.condition
    return (
        report.source.id,
        report.source.kind.value,
        condition.health.value,
        _day(condition.since),
        clean_line(condition.why),
        clean_line(condition.next_step),
        _minute(condition.next_at),
    )


# --- one source ---------------------------------------------------------------------------------------------------


def _lines(report: SourceReport, polls: Sequence[PastPoll], today: date) -> list[str]:
    source, state = report.source, report.state
    said: list[tuple[str, str]] = [
        ("state", _state(report.condition)),
        ("next", f"{report.condition.next_step} {_minute(report.condition.next_at)}".strip()),
        ("address", f"{source.url} ({source.kind}{f', links {source.selector}' if source.selector else ''})"),
        ("polled at", state.url if state.url != source.url else ""),
        ("publisher", f"{source.publisher}, {report.publisher_name}; {source.origin}, {source.tier}"),
        ("provider", source.provider or ""),
        ("language", source.language or ""),
        ("rhythm", _rhythm(report)),
        ("entries", f"{report.entry_count}; the last new one {_minute(state.last_new_at) or 'never'}"),
        (f"{DAYS} days", _days(report.days, today)),
        ("", _errors(report.days, today)),
        ("held back", "" if state.held is None else f"now calls itself {state.held.title}"),
        *(("" if index else "last polls", _poll(poll)) for index, poll in enumerate(polls)),
        ("next poll", f"{_minute(state.due_at)}: {state.rule}"),
    ]
    head = f"{source.id}  {clean_line(source.name)}"
    return [head, *(f"{name:<11} {clean_line(text)}" for name, text in said if text)]


def _state(condition: Condition) -> str:
    since = f" since {_minute(condition.since)}" if condition.since else ""
    return f"{condition.health}{since}: {condition.why}"


def _rhythm(report: SourceReport) -> str:
    rhythm = report.rhythm
    if rhythm.usual_gap is None:
        return "not known yet"
    gap = rhythm.usual_gap / timedelta(days=1)
    return f"something new every {gap:.2g} days; on {rhythm.active_days} of {rhythm.observed_days} days"


def _calendar(days: Sequence[SourceDay], today: date) -> list[SourceDay | None]:
    """The last 30 days, oldest first; None where nothing was polled."""
    known = {day.day: day for day in days}
    return [known.get(today - timedelta(days=back)) for back in range(DAYS - 1, -1, -1)]


def _days(days: Sequence[SourceDay], today: date) -> str:
    """New entries a day as a row of bars; a dot for a day that was polled and brought nothing."""
    calendar = _calendar(days, today)
    most = max((day.new_entry_count for day in calendar if day), default=0)
    bars = "".join(_bar(day, most) for day in calendar)
    return f"{bars}  new entries a day, {most} at most" if any(calendar) else ""


def _bar(day: SourceDay | None, most: int) -> str:
    if day is None:
        return "_"
    return _BARS[(day.new_entry_count * len(_BARS) - 1) // most] if day.new_entry_count else "·"


def _errors(days: Sequence[SourceDay], today: date) -> str:
    calendar = _calendar(days, today)
    count = sum(day.error_count for day in calendar if day)
    marks = "".join("!" if day and day.error_count else "·" if day else "_" for day in calendar)
    return f"{marks}  days with errors, {count} in all" if count else ""


def _poll(poll: PastPoll) -> str:
    return f"{_minute(poll.polled_at)}  {poll.outcome}: {poll.detail}"


def _day(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d}"


def _minute(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M}"
