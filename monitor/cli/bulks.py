"""monitor bulk: one rationale for many candidates of the queue, and all of it taken back at once, as at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from monitor.cli.shell import Shell, err, open_shell, out, print_json, process_name, progress_bar, read_edge, rulebook
from monitor.cli.triage import deciding_editor
from monitor.errors import IllegalDecision
from monitor.jobs.bulks import MOST, Rules, carry_out, state_bulk, undo_bulk
from monitor.jobs.look import narrow_by_words
from monitor.model import ActionKind, Bulk, BulkItem, Candidate, Severity, Wish, filter_of
from monitor.stages.codebook import ProviderIndex
from monitor.store.bulks import get_bulk
from monitor.store.queue import list_filtered

KINDS = {
    "reject": ActionKind.REJECT,
    "snooze": ActionKind.SNOOZE,
    "assign": ActionKind.CLAIM,
    "accept": ActionKind.ACCEPT,
}
SHOWN = 10  # candidates that a dry run names

bulk = typer.Typer(
    help="""Decide on many candidates at once, under one stated reason.

    Example: monitor bulk decide reject --filter "state=new&text=earnings" --reason "Company results" --dry-run
    """,
    no_args_is_help=True,
)

_Editor = Annotated[
    str, typer.Option("--editor", help="Who answers for it; else cli:<your user name>.", show_default=False)
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.add_typer(bulk, name="bulk", rich_help_panel="Triage")


@bulk.command("decide")
def decide(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="reject, snooze, assign or accept.")],
    reason: Annotated[str, typer.Option("--reason", help="The rationale, kept with each decision.")],
    query: Annotated[
        str,
        typer.Option(
            "--filter", metavar="QUERY", help="As in the desk's address: state=new&text=robotaxi.", show_default=False
        ),
    ],
    hours: Annotated[
        int | None, typer.Option("--hours", min=1, max=8_760, help="snooze: for so long.", show_default=False)
    ] = None,
    assignee: Annotated[str | None, typer.Option("--to", help="assign: to that editor.", show_default=False)] = None,
    severity: Annotated[
        str | None, typer.Option("--severity", metavar="SEV-4", help="accept: for all of them.", show_default=False)
    ] = None,
    codes: Annotated[
        list[str] | None, typer.Option("--code", metavar="M2", help="accept: for all; repeat it.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")] = False,
    editor: _Editor = "",
    as_json: _Json = False,
) -> None:
    """Decide on all that a filter shows, each a decision of its own, and wait until it is done.

    Example: monitor bulk decide reject --filter "state=new&text=earnings" --reason "Company results" --dry-run
    """
    if kind not in KINDS:
        raise typer.BadParameter(f"choose {', '.join(KINDS)}", param_hint="KIND")
    if severity is not None and severity.upper() not in set(Severity):
        raise typer.BadParameter(f"choose {', '.join(Severity)}", param_hint="--severity")
    settings = read_edge()
    rules = rulebook(settings)
    who = deciding_editor(editor)
    with open_shell(settings) as shell:
        found = _find(shell, query, who, rules.index)
        if dry_run:
            _foretell(kind, found, as_json=as_json)
            return
        until = None if hours is None else shell.clock.now() + timedelta(hours=hours)
        wish = Wish(
            kind=KINDS[kind],
            reason=reason,
            until=until,
            assignee=assignee,
            severity=None if severity is None else Severity(severity.upper()),
            codes=tuple(codes or ()),
        )
        items = [BulkItem(candidate=c.id, version_seen=c.version) for c in found]
        stated = state_bulk(shell.database, shell.clock, wish, items, editor=who, chosen=f"all that {query} shows")
        done = _work(shell, stated, Rules(base_url=settings.base_url, codebook=rules.codebook, providers=rules.index))
    _tell(done, as_json=as_json)


@bulk.command("undo")
def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the bulk.", min=1)],
    editor: _Editor = "",
    as_json: _Json = False,
) -> None:
    """Take all of a bulk back, but for what was decided on otherwise since.

    Example: monitor bulk undo 3
    """
    settings = read_edge()
    rules = rulebook(settings)
    with open_shell(settings) as shell:
        undone = undo_bulk(shell.database, shell.clock, number, by=deciding_editor(editor))
        done = _work(shell, undone, Rules(base_url=settings.base_url, codebook=rules.codebook, providers=rules.index))
    _tell(done, as_json=as_json)


def _find(shell: Shell, query: str, who: str, providers: ProviderIndex) -> tuple[Candidate, ...]:
    wanted = filter_of(query)
    if wanted.is_plain and query.strip(" ?"):
        raise IllegalDecision(f"“{query}” narrows nothing down: it would mean the whole queue. Nothing was decided.")
    with shell.database.read() as tx:
        among = narrow_by_words(tx, wanted, providers)
        return list_filtered(tx, wanted, who=who, now=shell.clock.now(), limit=MOST + 1, among=among)


def _work(shell: Shell, stated: Bulk, rules: Rules) -> Bulk:
    """Carry it out here, beside whatever daemon runs: each batch is leased, so that none is decided twice."""
    with progress_bar("Deciding") as tell:

        def look() -> bool:
            with shell.database.read() as tx:
                now = get_bulk(tx, stated.id)
            tell(now.passed_count, now.total)
            return False

        carry_out(shell.database, shell.clock, owner=process_name(), rules=rules, is_stopping=look)
    with shell.database.read() as tx:
        return get_bulk(tx, stated.id)


def _foretell(kind: str, found: tuple[Candidate, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"kind": kind, "candidates": [c.id for c in found]})
        return
    out.print(f"{len(found):,} candidates: {kind}. Nothing was changed: this was a dry run.", highlight=False)
    for candidate in found[:SHOWN]:
        out.print(f"  {candidate.id}: {candidate.title}", highlight=False, markup=False)
    if len(found) > SHOWN:
        out.print(f"  and {len(found) - SHOWN:,} more", highlight=False)


def _tell(done: Bulk, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    if done.undo_at is not None:
        out.print(f"Bulk {done.id}: {done.undone_count:,} taken back, {done.kept_count:,} left as they are.")
        return
    out.print(f"Bulk {done.id}: {done.done_count:,} of {done.total:,} decided, {done.left_count:,} left as they were.")
    if done.is_under_way:
        err.print("Another process is at it; it goes on by itself.", markup=False)
    err.print(f"All of it is taken back with: monitor bulk undo {done.id}", markup=False)
