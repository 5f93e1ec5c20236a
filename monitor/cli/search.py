"""monitor search: find articles, candidates and wires by their words; monitor index: what search does not know yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from monitor.cli.shell import open_shell, out, print_json, progress_bar, read_edge, rulebook
from monitor.cli.triage_view import safe
from monitor.jobs.index import index
from monitor.jobs.look import FoundArticle, FoundCandidate, FoundWire, Marked, Results, look
from monitor.model import ResultKind
from monitor.stages.query import HELP
from monitor.store.search import count_due

PANEL = "Triage"

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("search", rich_help_panel=PANEL)(search)
    app.command("index", rich_help_panel="The pipeline")(index_command)


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many of each kind.")] = 10,
    as_json: _Json = False,
) -> None:
    """Find articles, candidates and wires by their words, the newest first.

    Operators: "a phrase", -not, a OR b, begin*, publisher:, provider:, origin:, is:wire, is:candidate, is:article,
    after:2025-03, before:2025-03-09, severity:1, code:F10. Words that begin with - come after a --.

    Example: monitor search 'outage provider:openai after:2025-03'

    Example: monitor search -- breach -drill
    """
    settings = read_edge()
    with open_shell(settings) as shell, shell.database.read() as tx:
        results = look(tx, " ".join(words), providers=rulebook(settings).index, limit=limit)
        due = count_due(tx)
    if as_json:
        print_json(_json(results, due))
        return
    for line in _lines(results, due):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def index_command(as_json: _Json = False) -> None:
    """Take what is new or changed into the search, all of it; the newsroom that runs does so by itself.

    Example: monitor index
    """
    settings = read_edge()
    with open_shell(settings) as shell, progress_bar("index") as progress:
        with shell.database.read() as tx:
            due = count_due(tx, limit=10_000_000)
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            progress(done, max(due, done))

        report = index(shell.database, shell.clock, providers=rulebook(settings).index, progress=tell)
    if as_json:
        print_json(report)
    else:
        counts = f"{report.article_count} articles, {report.candidate_count} candidates, {report.wire_count} wires"
        out.print(f"Taken into the search: {counts}.", highlight=False)


# --- in words ---------------------------------------------------------------------------------------------------


def _lines(results: Results, due: int) -> Iterator[str]:
    yield from results.query.notes
    for kind in results.cut:
        back = results.back_to(kind)
        reach = "in vain" if back is None else f"back to {back}"
        yield f"The {kind}s were looked through {reach}: the question takes long. Add a word or a date."
    if results.query.is_empty:
        yield "Nothing was asked. Some of what can be:"
        yield from (f"  {example:<22} {said}" for example, said in HELP)
    elif results.is_nothing and not results.cut:
        yield "Nothing was found. Fewer words find more."
    for wire in results.wires:
        yield from _entry(f"wire {wire.wire.id}", wire.title, wire.passage)
    for candidate in results.candidates:
        said = f"candidate {candidate.candidate.id} ({candidate.candidate.status})"
        yield from _entry(said, candidate.title, candidate.passage)
    for article in results.articles:
        place = "" if article.candidate is None else f" in candidate {article.candidate}"
        said = (
            f"article {article.article.id}{place}, {article.article.publisher_name}, {article.article.told_at:%Y-%m-%d}"
        )
        yield from _entry(said, article.title, article.passage)
    if results.more:
        yield "There is more: raise --limit, or add words."
    if due:
        yield f"{due} are still being taken into the search."


def _entry(place: str, title: Marked, passage: Marked) -> Iterator[str]:
    yield f"{safe(place)}: {safe(_text(title))}"
    if passage:
        yield f"    {safe(' '.join(_text(passage).split()))}"


def _text(pieces: Marked) -> str:
    return "".join(p.text for p in pieces)


# --- as JSON ----------------------------------------------------------------------------------------------------


def _json(results: Results, due: int) -> dict[str, Any]:
    return {
        "notes": results.query.notes,
        "wires": [_wire(w) for w in results.wires],
        "candidates": [_candidate(c) for c in results.candidates],
        "articles": [_article(a) for a in results.articles],
        "has_more": _kinds(list(results.more)),
        "given_up": _kinds(results.cut),
        "due": due,
    }


def _kinds(kinds: Sequence[ResultKind]) -> list[str]:
    return [kind.value for kind in kinds]


def _wire(found: FoundWire) -> dict[str, Any]:
    return {"id": found.wire.id, "headline": _text(found.title), "passage": _text(found.passage)}


def _candidate(found: FoundCandidate) -> dict[str, Any]:
    one = found.candidate
    return {
        "id": one.id,
        "status": one.status,
        "title": one.title,
        "source_count": one.source_count,
        "article_count": one.article_count,
        "passage": _text(found.passage),
    }


def _article(found: FoundArticle) -> dict[str, Any]:
    one = found.article
    return {
        "id": one.id,
        "candidate": found.candidate,
        "title": one.title,
        "publisher": one.publisher_name,
        "told_at": one.told_at,
        "url": one.url,
        "passage": _text(found.passage),
    }
