"""monitor suggest: what the articles of a candidate suggest for its wire, and why."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from monitor.cli.shell import open_shell, out, print_json, rulebook
from monitor.cli.triage import deciding_editor
from monitor.cli.triage_view import safe
from monitor.jobs.language_model import wish
from monitor.jobs.suggestions import suggest_for_candidate
from monitor.model import CandidateId, Suggestion
from monitor.stages.suggest import as_sentence

PANEL = "Triage"
LABELS = {
    "headline": "Headline",
    "severity": "Severity",
    "occurred_on": "Happened on",
    "providers": "Provider",
    "codes": "Code",
    "but_for": "But-for test",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command(rich_help_panel=PANEL)(suggest)


def suggest(
    candidate: Annotated[int, typer.Argument(metavar="CANDIDATE", help="Number of a candidate.", min=1)],
    ask: Annotated[bool, typer.Option("--ask", help="Let the language model be asked about it next.")] = False,
    editor: Annotated[
        str, typer.Option("--editor", help="Who asks; else cli:<your user name>.", show_default=False)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Say what is suggested for the fields of a wire, each with its reason and how sure it is. Nothing is applied.

    Example: monitor suggest 12

    Example: monitor suggest 12 --ask
    """
    with open_shell() as shell:
        rules, number = rulebook(shell.settings), CandidateId(candidate)
        if ask:
            wish(
                shell.database,
                shell.clock,
                number,
                editor=deciding_editor(editor),
                endpoint=shell.settings.language_model,
                codebook=rules.codebook,
                providers=rules.index,
            )
        with shell.database.read() as tx:
            found = suggest_for_candidate(tx, number, rules.codebook, rules.index)
    if as_json:
        print_json([_json(s) for s in found])
        return
    if ask:
        out.print(safe(f"{shell.settings.language_model.name} is asked next, while monitor run or monitor work runs."))
    for suggestion in found:
        _print(suggestion)
    if not found:
        out.print("Nothing is suggested: the candidate has no article with a title.")


def _print(suggestion: Suggestion) -> None:
    value = as_sentence(suggestion) if suggestion.field == "but_for" else suggestion.value
    made = " (machine-made)" if suggestion.model else ""
    sure = f"{round(suggestion.confidence * 100)} of 100"
    out.print(f"{LABELS[suggestion.field]:13} {safe(value)}", soft_wrap=True, highlight=False)
    reason = safe(f"{sure}{made}: {suggestion.reason}")
    out.print(f"{'':13} {reason}", style="dim", soft_wrap=True, highlight=False)


def _json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "field": suggestion.field,
        "value": suggestion.value,
        "reason": suggestion.reason,
        "confidence": suggestion.confidence,
        "model": suggestion.model or None,
    }
