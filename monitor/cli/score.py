"""monitor score: what Monitor makes of articles in a file, without storing them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.shell import err, out, read_edge, rulebook
from monitor.cli.voice import plural
from monitor.jobs.score_file import Faulty, score_lines


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("score", rich_help_panel="Look at files")(score)


def score(
    file: Annotated[
        Path, typer.Argument(help="JSON Lines: id, title, text, publisher, published.", exists=True, dir_okay=False)
    ],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write here, not to the terminal.", dir_okay=False, writable=True)
    ] = None,
) -> None:
    """Say of each article in FILE how likely it tells an AI incident, with reasons; nothing is stored.

    Writes one JSON object a line: id, score, can_tell, providers, codes, severity, reasons. Where it cannot tell
    (another language, almost no words), can_tell is false and score the share of incidents among all news. The
    publisher is never weighed. A line that holds no article is named, and the others go on.

    Example: monitor score articles.jsonl --out scored.jsonl
    """
    rules = rulebook(read_edge())
    told, faulty = 0, 0
    with file.open(encoding="utf-8", errors="replace") as lines:
        target = out_file.open("w", encoding="utf-8") if out_file else sys.stdout
        try:
            for answer in score_lines(lines, rules):
                if isinstance(answer, Faulty):
                    faulty += 1
                    err.print(f"{file.name}, line {answer.line} {answer.reason}", markup=False, highlight=False)
                else:
                    told += 1
                    target.write(_written(answer) + "\n")
        finally:
            if out_file:
                target.close()
    if out_file:
        left_out = f", {plural(faulty, 'line')} left out" if faulty else ""
        out.print(f"{plural(told, 'article')} scored into {out_file}{left_out}.", markup=False)
    if faulty and not told:
        raise typer.Exit(1)


def _written(answer: dict[str, Any]) -> str:
    """As JSON in UTF-8; half a surrogate pair, which has no UTF-8, stays the escape that it came as."""
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
