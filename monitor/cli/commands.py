"""Which module holds which command: a call loads only what it needs, for libraries are large and scripts call often."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import typer

from monitor import __version__

HOMES: dict[str, tuple[str, ...]] = {  # command → modules of this room that define it, in the order of the help page
    "run": ("serve",),
    "serve": ("serve",),
    "work": ("work",),
    "demo": ("demo",),
    "sync": ("catalogue",),
    "poll": ("intake",),
    "sources": ("sources",),
    "extract": ("reading",),
    "deduplicate": ("grouping",),
    "regroup": ("grouping",),
    "publish": ("publication",),
    "wires": ("publication",),
    "take-down": ("take_down",),
    "feeds": ("feeds",),
    "queue": ("triage",),
    "candidate": ("triage",),
    "search": ("search",),
    "index": ("search",),
    "why": ("why",),
    "suggest": ("suggest",),
    "accept": ("triage",),
    "reject": ("triage",),
    "merge": ("triage",),
    "split": ("triage",),
    "snooze": ("triage",),
    "attach": ("triage",),
    "claim": ("triage",),
    "undo": ("triage",),
    "bulk": ("bulks",),
    "rule": ("rulings",),
    "rulings": ("rulings",),
    "relate": ("why",),
    "unrelate": ("why",),
    "archive": ("grouping", "bulk", "publication"),
    "score": ("score",),
    "learn": ("learn",),
    "parse-feed": ("reading",),
    "extract-page": ("reading",),
    "user": ("people",),
    "db": ("database",),
    "clean": ("clean",),
    "doctor": ("doctor",),
    "owners": ("owners",),
    "alerts": ("alerts",),
    "digests": ("outbound",),
    "webhooks": ("outbound",),
    "data": ("data",),
    "crosswalk": ("data",),
}


def make_app(words: Sequence[str] = ()) -> typer.Typer:
    """The command line for a call with these words: with the command they name, or with all of them."""
    app = typer.Typer(
        name="monitor",
        help="A newsroom for AI incidents: poll sources, group what they say, triage it, publish wires.",
        epilog="Start with: monitor run. Settings are MONITOR_... variables; see the README.",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    wanted = HOMES.get(next((word for word in words if not word.startswith("-")), ""))
    for home in wanted or dict.fromkeys(home for homes in HOMES.values() for home in homes):
        importlib.import_module(f"monitor.cli.{home}").register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version."),
) -> None:
    pass
