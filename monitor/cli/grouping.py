"""monitor deduplicate, regroup, and archive import: which articles tell the same event."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.shell import err, open_shell, out, print_json, progress_bar, rulebook
from monitor.errors import Busy, FaultyFile
from monitor.jobs.archive import ArchiveReport, import_archive, write_assignments
from monitor.jobs.carry_out import RerunReport
from monitor.jobs.deduplicate import DeduplicateReport, Memory
from monitor.jobs.deduplicate import deduplicate as deduplicate_now
from monitor.jobs.meaning import Meaning
from monitor.jobs.relevance import judge_grown
from monitor.jobs.rerun import regroup as regroup_all
from monitor.model import Complaint

COMPLAINTS_SHOWN = 50

archive = typer.Typer(name="archive", help="Bring a newsroom's past along.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
_File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Articles, one JSON object a line.")
]
_Out = Annotated[
    Path | None,
    typer.Option("--assignments", metavar="OUT.jsonl", help="Write where each article ended up.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command(rich_help_panel="The pipeline")(deduplicate)
    app.command(rich_help_panel="The pipeline")(regroup)
    archive.command("import")(import_articles)
    app.add_typer(archive, rich_help_panel="The past")


def deduplicate(
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many articles.", show_default=False)] = None,
    json: _Json = False,
) -> None:
    """Put articles that wait into the candidates of their events: copies folded, independent publishers counted.

    Example: monitor deduplicate --json
    """
    with open_shell() as shell, progress_bar("Grouping") as progress:
        report = deduplicate_now(
            shell.database,
            shell.clock,
            owner=shell.owner,
            providers=rulebook(shell.settings).index,
            limit=limit,
            progress=progress,
            memory=Memory(meaning=Meaning.installed(is_wanted=shell.settings.meaning != "off")),
        )
        judge_grown(shell.database)
    if report.is_busy:
        raise Busy("Another process groups articles now: nothing was done, and nothing is lost.")
    if json:
        print_json(asdict(report))
    else:
        out.print(_grouping_line(report))


def regroup(
    applies: Annotated[bool, typer.Option("--apply", help="Change what would change.")] = False,
    is_afresh: Annotated[
        bool, typer.Option("--afresh", help="Forget what an earlier run has proposed, and begin again.")
    ] = False,
    json: _Json = False,
) -> None:
    """Group the whole history anew, and say what would change; with --apply, change it.

    Numbers of candidates and wires stay, an absorbed candidate leads on, and what editors merged, split or ruled holds.
    Killed and run again, it goes on where it was. It may run beside the newsroom: what arrives meanwhile waits.

    Example: monitor regroup; monitor regroup --apply
    """
    with open_shell() as shell, progress_bar("Grouping anew") as progress:
        report = regroup_all(
            shell.database,
            shell.clock,
            owner=shell.owner,
            providers=rulebook(shell.settings).index,
            applies=applies,
            is_afresh=is_afresh,
            meaning=Meaning.installed(is_wanted=shell.settings.meaning != "off"),
            progress=progress,
        )
    if json:
        print_json({**asdict(report), "is_nothing": report.is_nothing})
    else:
        _say_regrouped(report)


_KINDS = {
    "merge": "Candidates that come together",
    "split": "Candidates that part",
    "move": "Articles that move",
    "copy-found": "Copies found",
    "copy-lost": "Copies no longer found",
    "count": "Source counts that change",
    "wire": "Wires whose candidates change",
}


def _say_regrouped(report: RerunReport) -> None:
    if report.mention_count:
        out.print(f"Round-ups: {report.mention_count} mentions came or went.")
    if report.is_nothing:
        out.print(
            f"{report.article_count} articles in {report.candidate_count} candidates: there is nothing to change."
        )
        return
    for kind, heading in _KINDS.items():
        if shown := [e for e in report.examples if e.kind == kind]:
            out.print(heading, style="bold")
            for example in shown:
                out.print(f"  {_on_a_line(example.sentence)}", markup=False, soft_wrap=True)
    was = "was changed" if report.is_applied else "would change"
    out.print(
        f"{report.article_count} articles in {report.candidate_count} candidates. What {was}: {report.merged_count} "
        f"candidates absorbed, {report.split_count} parted, {report.opened_count} opened; {report.moved_count} "
        f"articles moved; {report.copies_found_count} copies found, {report.copies_lost_count} lost; the sources of "
        f"{report.raised_count} candidates rise, of {report.lowered_count} fall; {len(report.wires)} wires touched.",
        soft_wrap=True,
    )
    if not report.is_applied:
        out.print("Nothing is changed yet. Carry it out with: monitor regroup --apply", markup=False)


def _on_a_line(sentence: str) -> str:
    """Titles from outside hold neither line breaks nor what drives a terminal (H12, H29)."""
    return "".join(c if c.isprintable() else " " for c in sentence)


def import_articles(file: _File, assignments: _Out = None, json: _Json = False) -> None:
    """Import articles of the past with their own dates: id, url, title, text, publisher, published, language.

    Text and published may be missing: an article without a time takes that of the line before. Faulty lines are
    listed and left out. Run twice, nothing doubles.
    """
    with open_shell() as shell, progress_bar("Importing") as progress:
        try:
            report = import_archive(
                shell.database,
                shell.clock,
                path=file,
                owner=shell.owner,
                providers=rulebook(shell.settings).index,
                progress=progress,
                meaning=Meaning.installed(is_wanted=shell.settings.meaning != "off"),
            )
        except OSError as error:
            raise _unusable(file, f"cannot be read: {error.strerror}") from error
        if assignments is not None:
            try:
                with assignments.open("w", encoding="utf-8") as written:
                    write_assignments(shell.database, report.ids, written)
            except OSError as error:
                raise _unusable(
                    assignments, f"cannot be written: {error.strerror}; the articles are imported"
                ) from error
    for complaint in report.complaints[:COMPLAINTS_SHOWN]:
        err.print(str(complaint), style="yellow", markup=False)
    if json:
        print_json({k: v for k, v in asdict(report).items() if k != "ids"})
    else:
        _say(report)
    if report.grouping.is_busy:
        raise Busy("The articles are imported, but another process groups articles now: run monitor deduplicate.")


def _say(report: ArchiveReport) -> None:
    out.print(
        f"{report.line_count} lines: {report.new_count} new articles, {report.known_count} known, "
        f"{report.refused_count} refused."
    )
    if (hidden := report.refused_count - min(len(report.complaints), COMPLAINTS_SHOWN)) > 0:
        out.print(f"{hidden} more refused lines are not listed.")
    out.print(_grouping_line(report.grouping))


def _grouping_line(report: DeduplicateReport) -> str:
    failed = f", {report.failed_count} failed (see the log)" if report.failed_count else ""
    return (
        f"{report.article_count} articles grouped: {report.opened_count} opened a candidate, "
        f"{report.joined_count} joined one, {report.copy_count} of them copies{failed}."
    )


def _unusable(path: Path, reason: str) -> FaultyFile:
    return FaultyFile([Complaint(file=str(path), line=None, subject="the file", reason=reason)])
