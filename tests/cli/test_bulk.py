"""monitor archive accept, as an editor and a script run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from monitor.store.database import Database
from tests.jobs.test_bulk import LINES, WHY

STATED = ("--rationale", WHY, "--severity", "sev-4", "--code", "m4", "--code", "F9")


@pytest.fixture
def newsroom(sqlite_database: Database, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONITOR_BASE_URL", "https://newsroom.example")
    path = tmp_path / "past.jsonl"
    records = [
        {"id": i, "url": f"https://{p}.example/{i}", "title": t, "publisher": p, "published": d} for i, p, d, t in LINES
    ]
    path.write_text("\n".join(map(json.dumps, records)))
    assert run("archive", "import", path).exit_code == 0
    return sqlite_database


def run(*words: object) -> Result:
    return CliRunner().invoke(make_app(), [str(w) for w in words])


def said(*words: object) -> str:
    result = run("archive", "accept", *words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def listed(command: str) -> Any:
    return json.loads(run(command, "--json").stdout)


def test_it_says_what_would_happen_then_what_did(newsroom: Database) -> None:
    assert said("--all", "--dry-run", *STATED) == (
        "3 of 3 candidates would be accepted in bulk.\n"
        "2 wires released, 1 wire kept as a draft:\n"
        "  1 waiting for a provider of the register\n"
        "Nothing was changed: this was a dry run.\n"
    )
    assert listed("wires") == []
    assert said("--all", *STATED, "--editor", "ada") == (
        "3 of 3 candidates accepted in bulk.\n"
        "2 wires released, 1 wire kept as a draft:\n"
        "  1 waiting for a provider of the register\n"
        "monitor publish shows the released ones to readers.\n"
    )
    assert {(w["manner"], w["accepted_by"]) for w in listed("wires")} == {("bulk", "ada")}
    assert run("publish").stdout.startswith("2 published, ")


def test_named_ones_only_and_again_is_said_not_doubled(newsroom: Database) -> None:
    report = json.loads(said(1, 2, *STATED, "--json"))
    assert (report["released_count"], report["left_count"]) == (2, 0)
    assert "2 left as they are:\n  2 accepted already\n" in said(1, 2, *STATED)
    assert [c["id"] for c in listed("queue")] == [3]
    assert said("--sources-at-least", 9, *STATED) == "No open candidate is like that: nothing was changed.\n"


def test_the_past_alone(newsroom: Database) -> None:
    assert said("--before", "2024-12-31", *STATED).startswith("2 of 2 candidates accepted in bulk.\n2 wires released")


@pytest.mark.parametrize(
    "words",
    [
        ("--rationale", WHY),
        ("--all", "--rationale", " "),
        ("--all", "1", *STATED),
        ("--all", *STATED, "--code", "M77"),
        ("--all", *STATED, "--severity", "SEV-9"),
        ("--before", "yesterday", *STATED),
    ],
)
def test_what_is_called_wrongly_changes_nothing(newsroom: Database, words: tuple[str, ...]) -> None:
    assert run("archive", "accept", *words).exit_code == 2
    assert listed("wires") == []
