"""monitor learn: what decisions taught the relevance model, which model judges, and choosing another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from monitor.cli.shell import open_shell, out, print_json, read_edge
from monitor.cli.triage import deciding_editor
from monitor.jobs.learn import WINDOW, choose_model, learn_now, teach
from monitor.jobs.suggestions import Fate, fates
from monitor.stages.relevance_report import Report, Stretch, report
from monitor.store.database import Transaction
from monitor.store.learning import find_choice, list_choices, list_models, list_trials

AS_SHIPPED = "shipped"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("learn", rich_help_panel="The newsroom")(learn)


def learn(
    is_report: Annotated[bool, typer.Option("--report", help="Only say what was learnt and how good it is.")] = False,
    use: Annotated[
        str | None, typer.Option("--use", metavar="MODEL|shipped", help="Let this model judge from now on.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who come later.", show_default=False)] = "",
    editor: Annotated[
        str, typer.Option("--editor", help="Who says so; else cli:<your user name>.", show_default=False)
    ] = "",
    is_now: Annotated[bool, typer.Option("--now", help="Learn although few decisions are new.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """Learn from this newsroom's decisions what an incident is; the daemon does so by itself.

    A newly learned model replaces the old one only if it is not worse on the newest decisions, held back from it.
    --report says what each model learnt from, precision and recall week by week, calibration, and drift. --use goes
    back to another model, or to the one that ships.

    Example: monitor learn --report

    Example: monitor learn --use shipped --editor ada --reason "It fell for a run of lawsuits."
    """
    with open_shell(read_edge()) as shell:
        if use is not None:
            if use != AS_SHIPPED and not use.isdigit():
                raise typer.BadParameter("needs the number of a model, or: shipped", param_hint="--use")
            model = None if use == AS_SHIPPED else int(use)
            choose_model(shell.database, shell.clock, model, by=deciding_editor(editor), note=reason)
        elif not is_report:
            done = teach(shell.database, shell.clock)
            out.print(str(done), markup=False, highlight=False)
            if is_now and done.learnt is None:
                number, is_adopted = learn_now(shell.database, shell.clock)
                told = "Too few decisions to learn from." if number is None else f"Model {number} learnt."
                out.print(told + (" It judges from now on." if is_adopted else ""), markup=False, highlight=False)
            return
        with shell.database.read() as tx:
            print_json(_json(tx)) if as_json else _print(tx)


def _json(tx: Transaction) -> dict[str, Any]:
    return {
        "judges": asdict(find_choice(tx)),
        "choices": [asdict(c) for c in list_choices(tx)],
        "models": [asdict(m) for m in list_models(tx)],
        **asdict(report(list_trials(tx, limit=WINDOW))),
        "suggestions": [asdict(f) for f in fates(tx)],
    }


def _print(tx: Transaction) -> None:
    for line in _lines(tx):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(tx: Transaction) -> list[str]:
    choice = find_choice(tx)
    lines = [f"Judges: {'the shipped model' if choice.model is None else f'model {choice.model}'}"]
    if choice.chosen_at is not None:
        lines[0] += f", since {choice.chosen_at:%Y-%m-%d %H:%M} ({choice.chosen_by}: {choice.note})"
    for model in list_models(tx, limit=10):
        counts, new, holding = model.counts, model.figures["new"], model.figures["holding"]
        verdict = "not worse" if model.is_better else "worse, kept aside"
        lines.append(
            f"Model {model.id}, {model.learnt_at:%Y-%m-%d %H:%M}: {counts['decisions']} decisions "
            f"({counts['accepted']} accepted, {counts['rejected']} rejected, {counts['left_out']} left out); on "
            f"{counts['held_back']} held back average precision {new['precision']:.2f}, log loss {new['loss']:.2f} "
            f"(before {holding['precision']:.2f}, {holding['loss']:.2f}): {verdict}"
        )
    return [*lines, *report_lines(report(list_trials(tx, limit=WINDOW))), *map(_fate, fates(tx))]


def _fate(found: Fate) -> str:
    return (
        f"suggested by {found.model or 'words'}: {found.field.replace('_', ' ')}: {found.taken} taken, "
        f"{found.changed} changed, {found.ignored} ignored"
    )


def report_lines(found: Report) -> list[str]:
    """The report as lines of text."""
    if found.whole is None:
        return ["Nothing was decided yet: what is shown beside a candidate comes from the shipped model."]
    lines = ["week of      decided  incidents  unread  precision  recall  ranking  (shipped)  calibration error"]
    lines += [_line(f"{week.begins_on}", week) for week in found.weeks]
    lines.append(_line("all", found.whole))
    lines += [f"called {b.low:.0%} to {b.high:.0%}: {b.count} decided, {b.accepted:.0%} accepted" for b in found.bins]
    return [*lines, found.drift]


def _line(name: str, told: Stretch) -> str:
    figures = (told.precision, told.recall, told.ranking, told.shipped_ranking, told.error)
    said = ["–" if f is None else f"{f:.2f}" for f in figures]
    return (
        f"{name:<12} {told.decided:>7}  {told.incidents:>9}  {told.unread:>6}  {said[0]:>9}  {said[1]:>6}  "
        f"{said[2]:>7}  {said[3]:>9}  {said[4]:>17}"
    )
