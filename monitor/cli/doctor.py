"""`monitor doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.newsroom import house_of
from monitor.cli.shell import out, print_json, read_edge, rulebook, sources_path
from monitor.clock import SystemClock
from monitor.jobs.doctor import Finding, Installation, Level, examine
from monitor.jobs.workers import Workers
from monitor.settings import Settings
from monitor.shipped import shipped_path

_STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command(rich_help_panel="Installation")
    def doctor(as_json: bool = typer.Option(False, "--json", help="Print the findings as one JSON list.")) -> None:
        """Say what is wrong with this installation and what to do. No request is sent to anybody.

        Exit status 0 where nothing fails (warnings do not), 1 where something does.

        Example: monitor doctor
        """
        settings = read_edge()
        with Workers(1, expects_pages=False) as workers:
            findings = examine(_installation(settings), SystemClock(), workers)
        if as_json:
            print_json(findings)
        else:
            for finding in findings:
                _say(finding)
        if any(finding.level is Level.FAIL for finding in findings):
            raise typer.Exit(1)


def _say(finding: Finding) -> None:
    out.print(f"{finding.level.value:<5}", style=_STYLES[finding.level], end="", markup=False)
    out.print(f"{finding.check}: {finding.says}", markup=False, soft_wrap=True)
    if finding.next_step is not None:
        out.print(f"     → {finding.next_step}", markup=False, soft_wrap=True)


def _installation(settings: Settings) -> Installation:
    return Installation(
        database_url=settings.database,
        data_dir=settings.data_dir,
        public_dir=settings.public_dir,
        feeds=sources_path(settings),
        codebook=settings.codebook or _shipped("codebook.yaml"),
        providers=settings.providers or _shipped("providers.yaml"),
        guide=settings.guide or _shipped("guide.md"),
        owners=settings.owners or _shipped("owners.yaml"),
        base_url=settings.base_url,
        host=settings.host,
        port=settings.port,
        contact=settings.contact,
        trusted_proxies=settings.trusted_proxies,
        is_meaning_wanted=settings.meaning != "off",
        read_house=lambda: house_of(settings, rulebook(settings)),
    )


def _shipped(name: str) -> Path:
    try:
        return shipped_path(name)
    except FileNotFoundError:
        return Path(name)  # the check of it then says what is missing
