"""The command line loads what a call needs, and says who it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from monitor import __version__
from monitor.cli.commands import HOMES, make_app


def names(app: typer.Typer) -> set[str]:
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    return set(command.commands)


def test_every_command_is_found_in_its_home() -> None:
    assert names(make_app()) == set(HOMES)


@pytest.mark.parametrize("word", HOMES)
def test_a_call_finds_its_command_and_its_help_shows_an_example(word: str) -> None:
    app = make_app([word, "--help"])
    assert word in names(app)
    if word not in {"archive", "user", "db"}:
        assert "Example" in CliRunner().invoke(app, [word, "--help"]).output


def test_reading_a_file_loads_neither_web_nor_database_jobs() -> None:
    program = (
        "import sys; from monitor.cli.commands import make_app; make_app(['parse-feed']);"
        "print({'fastapi', 'apscheduler', 'trafilatura'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_polling_loads_nothing_that_only_draws_or_validates() -> None:
    program = (
        "import sys; from monitor.cli.commands import make_app; make_app(['poll']);"
        "print({'rich', 'pygments', 'click', 'pydantic', 'fastapi', 'feedparser', 'alembic', 'sqlalchemy.orm.session',"
        "'monitor.model.wire', 'monitor.stages.entry', 'monitor.jobs.extract'}"
        " & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_version_is_said() -> None:
    assert CliRunner().invoke(make_app(), ["--version"]).output.strip() == f"monitor {__version__}"
