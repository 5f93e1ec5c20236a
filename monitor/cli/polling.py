"""A round of polls on the command line: whom to ask, and what to say of it. Apart from what reads a command's words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from monitor.cli.shell import err, open_shell, out, progress_bar, read_edge
from monitor.jobs.mailbox import Passwords
from monitor.jobs.poll import PollLine, PollReport, poll
from monitor.jobs.workers import Workers
from monitor.log import clean_line
from monitor.model import SourceId
from monitor.net.client import Fetcher, user_agent
from monitor.settings import Settings

_NO_CONTACT = (
    "MONITOR_CONTACT is not set: the servers we poll cannot tell whom to write to, and some refuse such callers."
)


def poll_due_and_say() -> None:
    """`monitor poll`, and no word more."""
    poll_and_say((), is_quiet=False)


def poll_and_say(sources: Sequence[SourceId], *, is_quiet: bool) -> PollReport:
    """Poll these, or all that are due, and say what came of it unless asked to be quiet."""
    settings = read_edge()
    if not settings.contact and not is_quiet:
        err.print(_NO_CONTACT, style="yellow", markup=False, soft_wrap=True)
    report = _poll(settings, sources)
    if not is_quiet:
        _say(report, is_named=bool(sources))
    return report


def _poll(settings: Settings, sources: Sequence[SourceId]) -> PollReport:
    with (
        open_shell(settings) as shell,
        Fetcher(
            user_agent=user_agent(settings.contact, settings.base_url),
            clock=shell.clock,
            allow=settings.allow_addresses,
            find_password=Passwords(settings.secrets_dir, os.environ),
        ) as fetcher,
        Workers(settings.workers, expects_pages=False) as workers,
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


def _when(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M}"
