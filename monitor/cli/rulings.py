"""monitor rule and monitor rulings: what an editor lays down for good, stronger than any later computation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer
from rich.table import Table

from monitor.cli.shell import err, open_shell, out, print_json, read_edge, rulebook
from monitor.cli.triage import deciding_editor
from monitor.cli.triage_view import safe
from monitor.jobs import rulings as jobs
from monitor.model import ArticleId, CandidateId, Ruling, RulingId, RulingKind
from monitor.store.candidates import find_live, get_candidate
from monitor.store.grouping import list_placed
from monitor.store.rulings import list_rulings

PANEL = "Triage"
ROWS = 50  # of a table on a terminal, unless --limit says otherwise

rule = typer.Typer(
    name="rule",
    help="Lay something down about articles: kept for good, and stronger than any later computation.",
    epilog='Example: monitor rule apart 12 15 --reason "Two outages, a day apart."',
    no_args_is_help=True,
)

_Candidate = Annotated[int, typer.Argument(metavar="CANDIDATE", help="Number of the candidate.", min=1)]
_Articles = Annotated[list[int], typer.Argument(metavar="ARTICLE…", help="Articles of it that the ruling speaks of.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why, for those who come later.")]
_Editor = Annotated[str, typer.Option("--editor", help="Who rules; else cli:<your user name>.", show_default=False)]
_Seen = Annotated[
    int | None, typer.Option("--seen", help="Refuse unless the candidate is still at this version.", show_default=False)
]
_Key = Annotated[
    str | None, typer.Option("--key", help="For scripts: the same key again is the same ruling.", show_default=False)
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.add_typer(rule, rich_help_panel=PANEL)
    app.command(name="rulings", rich_help_panel=PANEL)(rulings)


# --- laying down ------------------------------------------------------------------------------------------------


@rule.command()
def apart(
    candidate: _Candidate,
    reason: _Reason,
    other: Annotated[
        int | None, typer.Argument(metavar="OTHER", help="A candidate never to be merged with it.", show_default=False)
    ] = None,
    article: Annotated[
        int | None, typer.Option("--article", help="Instead: an article never to come to it.", show_default=False)
    ] = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Never merge two candidates; or never let an article come to one.

    Later articles may join either side, and no computation brings the two together.

    Example: monitor rule apart 12 15 --reason "Two outages, a day apart."

    Example: monitor rule apart 12 --article 41 --reason "About the law, not about the ruling."
    """
    if (other is None) == (article is None):
        raise typer.BadParameter("name either another candidate or an article", param_hint="--article")
    if other is not None:
        made = _made(
            jobs.never_merge, CandidateId(candidate), CandidateId(other), editor=editor, reason=reason,
            version_seen=seen, key=key,
        )  # fmt: skip
    else:
        made = _made(
            jobs.keep_out, CandidateId(candidate), ArticleId(article or 0), editor=editor, reason=reason,
            version_seen=seen, key=key,
        )  # fmt: skip
    _tell(made, as_json=as_json)


@rule.command()
def copy(
    candidate: _Candidate,
    articles: _Articles,
    of: Annotated[int, typer.Option("--of", help="The article whose text they repeat.")],
    reason: _Reason,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Say that articles repeat the text of another one: they count as one with it.

    Example: monitor rule copy 12 41 42 --of 40 --reason "The agency's story, rewritten at the top."
    """
    _rule(RulingKind.COPY, candidate, articles, [of], reason, editor, seen, key, as_json=as_json)


@rule.command(name="not-a-copy")
def not_a_copy(
    candidate: _Candidate,
    articles: _Articles,
    reason: _Reason,
    of: Annotated[
        list[int] | None,
        typer.Option("--of", help="The article that they do not repeat; of none, without it.", show_default=False),
    ] = None,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Say that articles are no copies: each is a text of its own.

    Example: monitor rule not-a-copy 12 41 --of 40 --reason "Only the quotations are the same."
    """
    _rule(RulingKind.NOT_A_COPY, candidate, articles, of or [], reason, editor, seen, key, as_json=as_json)


@rule.command()
def counts(
    candidate: _Candidate,
    articles: _Articles,
    reason: _Reason,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Say that articles count as sources, whatever is computed; one publisher is still one source.

    Example: monitor rule counts 12 41 --reason "Its reporter was there."
    """
    _rule(RulingKind.COUNTS, candidate, articles, [], reason, editor, seen, key, as_json=as_json)


@rule.command(name="does-not-count")
def does_not_count(
    candidate: _Candidate,
    articles: _Articles,
    reason: _Reason,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Say that articles do not count as sources, whatever is computed.

    Example: monitor rule does-not-count 12 41 --reason "Written by the company's own agency."
    """
    _rule(RulingKind.DOES_NOT_COUNT, candidate, articles, [], reason, editor, seen, key, as_json=as_json)


@rule.command(name="not-derived")
def not_derived(
    candidate: _Candidate,
    articles: _Articles,
    reason: _Reason,
    editor: _Editor = "",
    seen: _Seen = None,
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Say that articles report by themselves, though they name another as having told it first.

    Example: monitor rule not-derived 12 41 --reason "It asked the ministry itself."
    """
    _rule(RulingKind.NOT_DERIVED, candidate, articles, [], reason, editor, seen, key, as_json=as_json)


@rule.command()
def withdraw(
    ruling: Annotated[int, typer.Argument(metavar="RULING", help="Its number, as monitor rulings shows it.", min=1)],
    reason: _Reason,
    editor: _Editor = "",
    key: _Key = None,
    as_json: _Json = False,
) -> None:
    """Take a ruling back: it stays on record, and stands no longer.

    Example: monitor rule withdraw 5 --reason "It was one outage after all."
    """
    _tell(_made(jobs.withdraw, RulingId(ruling), editor=editor, reason=reason, key=key), as_json=as_json)


# --- reading ----------------------------------------------------------------------------------------------------


def rulings(
    candidate: Annotated[
        int | None, typer.Argument(metavar="ID", help="Of this candidate's articles only.", min=1, show_default=False)
    ] = None,
    after: Annotated[int | None, typer.Option("--after", help="Beyond this number.", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = ROWS,
    as_json: _Json = False,
) -> None:
    """List what editors laid down, the withdrawn too; of one candidate's articles, or of all.

    Example: monitor rulings 12
    """
    with open_shell() as shell, shell.database.read() as tx:
        articles = None
        if candidate is not None:
            live = find_live(tx, get_candidate(tx, CandidateId(candidate)).id)
            articles = () if live is None else list_placed(tx, live)
        found = list_rulings(tx, articles=articles, limit=limit, after=None if after is None else RulingId(after))
    if as_json:
        print_json([ruling_json(r) for r in found])
    elif found:
        out.print(_table(found))
    else:
        err.print("Nothing was laid down. An editor does so with: monitor rule --help", markup=False)


def ruling_json(ruling: Ruling) -> dict[str, object]:
    """A ruling as plain JSON."""
    return {
        "id": ruling.id,
        "kind": ruling.kind.value,
        "left": list(ruling.left),
        "right": list(ruling.right),
        "reason": ruling.reason,
        "by": ruling.by,
        "at": ruling.at.isoformat(),
        "decision": ruling.decision,
        "withdrawn_at": None if ruling.withdrawn_at is None else ruling.withdrawn_at.isoformat(),
    }


def _table(found: Iterable[Ruling]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("ID", justify="right", no_wrap=True)
    for name in ("Says", "Articles", "By", "On", "Why"):
        table.add_column(name, overflow="fold")
    for r in found:
        state = "" if r.withdrawn_at is None else f" (withdrawn {r.withdrawn_at:%-d %B %Y})"
        table.add_row(str(r.id), f"{r.kind}{state}", _named(r), safe(r.by), f"{r.at:%-d %B %Y}", safe(r.reason))
    return table


def _named(ruling: Ruling) -> str:
    left, right = (", ".join(map(str, side)) for side in (ruling.left, ruling.right))
    return f"{left} | {right}" if right else left


def _rule(
    kind: RulingKind,
    candidate: int,
    articles: list[int],
    of: list[int],
    reason: str,
    editor: str,
    seen: int | None,
    key: str | None,
    *,
    as_json: bool,
) -> None:
    left, right = ([ArticleId(a) for a in dict.fromkeys(side)] for side in (articles, of))
    made = _made(
        jobs.rule, CandidateId(candidate), kind, left, right, editor=editor, reason=reason, version_seen=seen, key=key
    )
    _tell(made, as_json=as_json)


def _made(job: Callable[..., Ruling], *subjects: object, editor: str, **wish: object) -> Ruling:
    settings = read_edge()
    with open_shell(settings) as shell:
        return job(
            shell.database,
            shell.clock,
            *subjects,
            editor=deciding_editor(editor),
            providers=rulebook(settings).index,
            **wish,
        )


def _tell(made: Ruling, *, as_json: bool) -> None:
    if as_json:
        print_json(ruling_json(made))
    elif made.withdrawn_at is not None:
        out.print(f"Ruling {made.id} ({made.kind}) stands no longer.", markup=False, soft_wrap=True)
    else:
        said = f'Ruling {made.id} stands. Take it back with: monitor rule withdraw {made.id} --reason "…"'
        out.print(said, markup=False, soft_wrap=True)
