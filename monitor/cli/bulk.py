"""monitor archive accept: candidates of the launch archive, accepted in bulk under one stated rationale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from monitor.cli.grouping import archive
from monitor.cli.shell import err, open_shell, out, print_json, progress_bar, read_edge, rulebook
from monitor.cli.triage import deciding_editor
from monitor.jobs.bulk import BulkReport, Choice, accept_in_bulk
from monitor.model import CandidateId, Codebook, Severity
from monitor.stages.bulk import Stated

LEFT_SHOWN = 20

_WAITS_FOR = {
    "headline": "a headline",
    "severity": "a severity",
    "providers": "a provider of the register",
    "occurred_on": "the day it happened",
    "body": "a text",
    "codes": "codes",
}


def register(app: typer.Typer) -> None:  # noqa: ARG001 - every module registers alike; `archive` hangs on the app already
    """Add the commands of this module to the command line."""
    archive.command("accept")(accept_archive)


def accept_archive(
    rationale: Annotated[str, typer.Option("--rationale", help="Why all of these are AI incidents; shown on each.")],
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]…", help="Candidates; else --all.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All open candidates of the archive.")] = False,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="DATE", help="Only what was first told before 2025-01-31.", show_default=False
        ),
    ] = None,
    least: Annotated[int, typer.Option("--sources-at-least", min=1, help="Only what so many sources tell.")] = 1,
    severity: Annotated[
        str | None, typer.Option("--severity", metavar="SEV-4", help="For all of them.", show_default=False)
    ] = None,
    codes: Annotated[
        list[str] | None, typer.Option("--code", metavar="M2", help="For all of them; repeat it.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")] = False,
    editor: Annotated[
        str, typer.Option("--editor", help="Who answers for it; else cli:<your user name>.", show_default=False)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Accept candidates of an imported archive in bulk, each wire stamped as bulk-classified today.

    With --severity and at least one M and one F --code, wires that lack nothing are released for monitor publish; the
    others wait as drafts at the desk. What a polled source tells too is left for an editor. Run twice, nothing doubles.

    Example: monitor archive accept --all --before 2025-01-01 --rationale "Checked by the founding editors." --dry-run
    """
    if not rationale.strip():
        raise typer.BadParameter("say why these are AI incidents", param_hint="--rationale")
    if numbers and everything:
        raise typer.BadParameter("name candidates or say --all, not both", param_hint="--all")
    if not (numbers or everything or before or least > 1):
        raise typer.BadParameter("name candidates, or say --all, --before or --sources-at-least", param_hint="ID")
    settings = read_edge()
    rules = rulebook(settings)
    choice = Choice(
        candidates=tuple(CandidateId(n) for n in numbers or ()),
        before=None if before is None else _day(before),
        least_sources=least,
    )
    stated = Stated(
        rationale=rationale.strip(),
        severity=None if severity is None else _severity(severity),
        codes=_codes(codes or (), rules.codebook),
    )
    with open_shell(settings) as shell, progress_bar("Accepting") as progress:
        report = accept_in_bulk(
            shell.database,
            shell.clock,
            choice=choice,
            stated=stated,
            editor=deciding_editor(editor),
            base_url=settings.base_url,
            codebook=rules.codebook,
            providers=rules.index,
            is_dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json(report)
    else:
        for left in report.left[:LEFT_SHOWN]:
            err.print(f"Candidate {left.candidate}: {left.reason}", style="yellow", markup=False, soft_wrap=True)
        out.print("\n".join(_summary(report)), markup=False, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date such as 2025-01-31", param_hint="--before") from None


def _severity(text: str) -> Severity:
    try:
        return Severity(text.strip().upper())
    except ValueError:
        known = ", ".join(s.value for s in Severity)
        raise typer.BadParameter(f"{text!r} is none of {known}", param_hint="--severity") from None


def _codes(given: Sequence[str], codebook: Codebook) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(c.strip().upper() for c in given))
    usable = {c.id for c in codebook.codes if not c.is_retired}
    if strangers := [c for c in chosen if c not in usable]:
        raise typer.BadParameter(f"the codebook has no code {', '.join(strangers)} in use", param_hint="--code")
    return chosen


def _summary(report: BulkReport) -> Iterator[str]:
    if not report.chosen_count:
        yield "No open candidate is like that: nothing was changed."
        return
    accepted = report.released_count + report.draft_count
    would = "would be " if report.is_dry_run else ""
    yield f"{accepted} of {report.chosen_count} candidates {would}accepted in bulk."
    yield f"{_wires(report.released_count)} released, {_wires(report.draft_count)} kept as a draft{_colon(report)}"
    yield from (f"  {count} waiting for {_WAITS_FOR.get(field, field)}" for field, count in report.missing.items())
    if report.left_count:
        yield f"{report.left_count} left as they are:"
        yield from (f"  {count} {reason}" for reason, count in report.left_reasons.items())
    if report.is_dry_run:
        yield "Nothing was changed: this was a dry run."
    elif report.released_count:
        yield "monitor publish shows the released ones to readers."


def _wires(count: int) -> str:
    return f"{count} wire" if count == 1 else f"{count} wires"


def _colon(report: BulkReport) -> str:
    return ":" if report.missing else "."
