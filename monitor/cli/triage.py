"""The queue and an editor's decisions on the command line: what the desk does, for scripts and for a quick hand."""

from __future__ import annotations

import functools
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.shell import Shell, err, open_shell, out, print_json, read_edge, rulebook
from monitor.cli.triage_view import candidate_json, decision_json, detail_json, queue_table, show_candidate
from monitor.errors import FaultyFile, Unpublishable
from monitor.jobs import triage
from monitor.jobs.triage import Release, Writing
from monitor.model import (
    ArticleId,
    CandidateId,
    CandidateStatus,
    Complaint,
    Decision,
    DecisionId,
    Draft,
    WireId,
)
from monitor.stages.outline import outline_wire
from monitor.stages.revise import draft_from_yaml
from monitor.store.candidates import (
    Order,
    count_queue,
    find_live,
    find_oldest_waiting,
    get_candidate,
    get_detail,
    list_queue,
)
from monitor.store.related import list_related

ROWS = 50  # of a table on a terminal, unless --limit says otherwise; JSON is whole
LARGEST_FILE = 1_000_000  # bytes of a wire's YAML
PANEL = "Triage"

_Id = Annotated[int, typer.Argument(metavar="ID", help="Number of the candidate, as monitor queue shows it.", min=1)]
_Editor = Annotated[str, typer.Option("--editor", help="Who decides; else cli:<your user name>.", show_default=False)]
_Seen = Annotated[
    int | None, typer.Option("--seen", help="Refuse unless the candidate is still at this version.", show_default=False)
]
_Key = Annotated[
    str | None,
    typer.Option("--key", help="For scripts: the same key again is the same decision.", show_default=False),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
_Why = Annotated[str | None, typer.Option("--reason", help="Why, for those who come later.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    for name, command in COMMANDS.items():
        app.command(name, rich_help_panel=PANEL)(command)


# --- reading ----------------------------------------------------------------------------------------------------


def queue(
    as_json: _Json = False,
    order: Annotated[str, typer.Option("--order", help="urgent or newest first.")] = "urgent",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many.", show_default=f"{ROWS}; all with --json")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also the snoozed and those decided on.")] = False,
    search: Annotated[str | None, typer.Option("--search", help="Words of the title, or #ID.")] = None,
) -> None:
    """List the candidates that wait for an editor.

    Urgent first: the order is the sum of the cues that monitor candidate ID shows.

    Example: monitor queue --order newest --limit 10
    """
    if order not in ("urgent", "newest"):
        raise typer.BadParameter("choose urgent or newest", param_hint="--order")
    chosen: Order = "newest" if order == "newest" else "urgent"
    statuses = tuple(CandidateStatus) if everything else None
    with open_shell() as shell, shell.database.read() as tx:
        now = shell.clock.now()
        count = count_queue(tx, now=now, text=search, statuses=statuses)
        rows = limit or (max(count, 1) if as_json else ROWS)
        found = list_queue(tx, now=now, order=chosen, limit=rows, text=search, statuses=statuses)
        oldest = find_oldest_waiting(tx, now=now)
    if as_json:
        print_json([candidate_json(c) for c in found])
    elif found:
        out.print(queue_table(found, now))
        waits = "" if oldest is None else f"; the oldest waits since {oldest:%-d %B %Y}"
        err.print(f"{len(found)} of {count}{waits}. Look closer with: monitor candidate ID", markup=False)
    elif search or everything:
        err.print("No candidate is like that.", markup=False)
    else:
        err.print(
            "No candidate waits. News comes with: monitor poll, monitor extract, monitor deduplicate", markup=False
        )


def candidate(
    number: _Id,
    as_json: _Json = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Print the outline of a wire as YAML, for monitor accept --wire.")
    ] = False,
    signpost: Annotated[
        bool, typer.Option("--signpost", help="Where it was merged into another one: itself, not that one.")
    ] = False,
) -> None:
    """Show a candidate: its cues, its articles with why each counts, related candidates, its decisions.

    One that was merged leads on to the candidate that has its articles now.

    Example: monitor candidate 7 --draft > wire.yaml
    """
    settings = read_edge()
    with open_shell(settings) as shell, shell.database.read() as tx:
        asked = get_candidate(tx, CandidateId(number)).id
        live = asked if signpost else find_live(tx, asked) or asked
        detail = get_detail(tx, live)
        related = list_related(tx, live, [m.article.id for m in detail.members])
    if live != asked:
        err.print(f"Candidate {asked} was merged: candidate {live} has its articles now.", markup=False)
    if as_json:
        print_json(detail_json(detail, related))
    elif draft:
        typer.echo(outline_wire(detail, rulebook(settings).codebook), nl=False)
    else:
        show_candidate(detail, related)


# --- deciding ---------------------------------------------------------------------------------------------------


def accept(
    number: _Id,
    wire: Annotated[
        Path | None,
        typer.Option(
            "--wire", metavar="FILE.yaml", help="The wire, written up; - reads standard input.", show_default=False
        ),
    ] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Keep the wire as a draft, also where it is complete.")] = False,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Accept a candidate as an incident, and write its wire.

    With --wire the wire is checked, and released for monitor publish; where something is missing, nothing is accepted.
    Without it the wire is a draft that waits at the desk.

    Example: monitor candidate 7 --draft > wire.yaml; monitor accept 7 --wire wire.yaml
    """
    settings = read_edge()
    rules = rulebook(settings)
    draft = None if wire is None else draft_from_yaml(_text_of(wire), str(wire), providers=rules.index)
    release = None if draft is None or hold else Release(codebook=rules.codebook, providers=rules.index)
    writing = Writing(base_url=settings.base_url, draft=draft, release=release, register=rules.index.owners)
    with open_shell(settings) as shell:
        try:
            made = triage.accept(
                shell.database, shell.clock, CandidateId(number), editor=deciding_editor(editor), writing=writing,
                version_seen=seen, key=key,
            )  # fmt: skip
        except Unpublishable as error:
            raise _incomplete(error, str(wire), number) from None
    said = f"Candidate {number} is accepted as wire {made.payload['wire']}, {_state(draft, release)}."
    _tell(made, said, as_json=as_json)


def _state(draft: Draft | None, release: Release | None) -> str:
    if draft is None or release is None:
        return "a draft: write it up at the desk"
    if draft.severity in release.codebook.rules.second_reader:
        return "a draft that waits for a second reader: another editor releases it at the desk"
    return "released: monitor publish shows it to readers"


def reject(
    number: _Id,
    reason: Annotated[str, typer.Option("--reason", help="Why this is no incident for us.")],
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Reject a candidate, with the reason.

    Example: monitor reject 7 --reason "A product launch, no harm or change described."
    """
    made = _decide(triage.reject, number, reason=reason, editor=editor, version_seen=seen, key=key)
    _tell(made, f"Candidate {number} is rejected. Take it back with: monitor undo {number}", as_json=as_json)


def merge(
    number: _Id,
    others: Annotated[list[int], typer.Argument(metavar="ID…", help="Candidates whose articles move to the first.")],
    reason: _Why = None,
    overrule: Annotated[
        bool, typer.Option("--overrule", help="Also where an editor ruled that these are never one; with a reason.")
    ] = False,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Merge candidates about one event into the first.

    Example: monitor merge 7 12 15
    """
    made = _decide(
        triage.merge, number, [CandidateId(o) for o in others], _gives_providers=True, overrules=overrule,
        reason=reason, editor=editor, version_seen=seen, key=key,
    )  # fmt: skip
    named = ", ".join(map(str, dict.fromkeys(others)))
    _tell(
        made,
        f"Candidate {number} has the articles of {named} now. Take it back with: monitor undo {number}",
        as_json=as_json,
    )


def split(
    number: _Id,
    articles: Annotated[list[int], typer.Argument(metavar="ARTICLE…", help="Articles that tell another event.")],
    reason: _Why = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Split articles off a candidate into one of their own.

    Example: monitor split 7 41 42
    """
    made = _decide(
        triage.split, number, [ArticleId(a) for a in articles], _gives_providers=True,
        reason=reason, editor=editor, version_seen=seen, key=key,
    )  # fmt: skip
    opened = made.payload["opened"]
    _tell(
        made,
        f"Candidate {opened} is open with what left {number}. Take it back with: monitor undo {number}",
        as_json=as_json,
    )


def snooze(
    number: _Id,
    hours: Annotated[int | None, typer.Option("--hours", min=1, help="For so many hours.", show_default=False)] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Until 2026-03-05 or 2026-03-05T08:00 (UTC).", show_default=False),
    ] = None,
    reason: _Why = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Let a candidate sleep; it comes back at its time, or when an article joins it.

    Example: monitor snooze 7 --hours 12
    """
    if (hours is None) == (until is None):
        raise typer.BadParameter("give either --hours or --until", param_hint="--until")
    ends = None if until is None else _instant(until)

    def to_time(shell: Shell) -> datetime:
        return ends if ends is not None else shell.clock.now() + timedelta(hours=hours or 0)

    made = _decide(
        triage.snooze, number, _given=lambda shell: {"until": to_time(shell)},
        reason=reason, editor=editor, version_seen=seen, key=key,
    )  # fmt: skip
    _tell(made, f"Candidate {number} sleeps. Take it back with: monitor undo {number}", as_json=as_json)


def attach(
    number: _Id,
    wire: Annotated[int, typer.Argument(metavar="WIRE", help="Number of the wire, as monitor wires shows it.", min=1)],
    reason: _Why = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Attach a candidate to a wire that exists already, which may then cite its articles.

    Example: monitor attach 12 3
    """
    made = _decide(triage.attach, number, WireId(wire), reason=reason, editor=editor, version_seen=seen, key=key)
    _tell(made, f"Wire {wire} may cite the articles of candidate {number}: start an update of it.", as_json=as_json)


def claim(
    number: _Id,
    give_back: Annotated[bool, typer.Option("--give-back", help="The opposite: somebody else may take it.")] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Although another editor has it; both see so.")
    ] = False,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Tell the others that you are at a candidate, for half an hour (MONITOR_CLAIM_MINUTES).

    Example: monitor claim 7
    """
    if give_back and take_over:
        raise typer.BadParameter("give back or take over, not both", param_hint="--take-over")
    lease = timedelta(minutes=read_edge().claim_minutes)
    take = functools.partial(triage.claim, takes_over=take_over, lease_for=lease)
    made = _decide(triage.unclaim if give_back else take, number, editor=editor, version_seen=seen, key=key)
    who = "nobody's" if give_back else f"{made.editor}'s"
    _tell(made, f"Candidate {number} is {who}.", as_json=as_json)


def undo(
    number: _Id,
    decision: Annotated[
        int | None,
        typer.Option("--decision", help="Only if this is the latest that stands.", show_default=False),
    ] = None,
    reason: _Why = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Take back the latest decision on a candidate; once more for the one before it.

    What readers have seen is not undone: correct or retract the wire instead.

    Example: monitor undo 7
    """
    made = _decide(
        triage.undo, number, _gives_providers=True, undoes=None if decision is None else DecisionId(decision),
        reason=reason, editor=editor, version_seen=seen, key=key,
    )  # fmt: skip
    undone, which = made.payload["undone"], made.payload["undoes"]
    _tell(made, f"Decision {which} ({undone}) on candidate {number} is taken back.", as_json=as_json)


COMMANDS: dict[str, Callable[..., None]] = {
    "queue": queue,
    "candidate": candidate,
    "accept": accept,
    "reject": reject,
    "merge": merge,
    "split": split,
    "snooze": snooze,
    "attach": attach,
    "claim": claim,
    "undo": undo,
}


def _decide(
    job: Callable[..., Decision],
    number: int,
    *subjects: object,
    editor: str,
    _gives_providers: bool = False,
    _given: Callable[[Shell], dict[str, object]] = lambda _shell: {},
    **wish: object,
) -> Decision:
    settings = read_edge()
    if _gives_providers:
        wish["providers"] = rulebook(settings).index
    with open_shell(settings) as shell:
        return job(
            shell.database,
            shell.clock,
            CandidateId(number),
            *subjects,
            editor=deciding_editor(editor),
            **_given(shell),
            **wish,
        )


def deciding_editor(editor: str) -> str:
    """Whose name a decision gets: as given, else that of whoever calls."""
    if editor.strip():
        return editor.strip()[:200]
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):  # a container without a user entry
        return "cli:unknown"


def _tell(made: Decision, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(decision_json(made))
    else:
        out.print(sentence, markup=False, soft_wrap=True)


def _incomplete(error: Unpublishable, file: str, number: int) -> FaultyFile:
    """What is missing, as complaints about the file it is missing from."""
    complaints = [Complaint(file=file, line=None, subject=m.field, reason=m.reason) for m in error.missing]
    rest = "is as it was; complete the file and run the command again, or add --hold to keep the wire as a draft"
    return FaultyFile([*complaints, Complaint(file=file, line=None, subject=f"candidate {number}", reason=rest)])


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time such as 2026-03-05T08:00", param_hint="--until") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _text_of(path: Path) -> str:
    """The text of a file a person named; raises FaultyFile where there is none."""
    try:
        if str(path) == "-":
            body = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with path.open("rb") as file:
                body = file.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise ValueError(f"has over {LARGEST_FILE:,} bytes: this is no wire")
        return body.decode("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 (byte {error.start})"
    except ValueError as error:
        reason = str(error)
    raise FaultyFile([Complaint(file=str(path), line=None, subject="file", reason=reason)])
