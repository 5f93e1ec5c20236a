"""Rulings on the command line: laid down, listed, withdrawn; and what a merged candidate's number leads to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from monitor.errors import IllegalDecision
from monitor.store.database import Database
from tests.stored import a_candidate_of

WHY = ("--reason", "Two outages, a day apart.")


@pytest.fixture
def newsroom(sqlite_database: Database, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the command line works on, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COLUMNS", "140")
    return sqlite_database


def run(*words: object) -> Result:
    spoken = [str(w) for w in words]
    return CliRunner().invoke(make_app(spoken), spoken)


def answer(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def test_candidates_ruled_apart_are_merged_only_by_overruling(newsroom: Database) -> None:
    one, other = a_candidate_of(newsroom, "gazette"), a_candidate_of(newsroom, "courier")
    made = answer("rule", "apart", one, other, *WHY, "--editor", "ada")
    assert (made["kind"], made["by"], made["withdrawn_at"]) == ("apart", "ada", None)
    refused = run("merge", one, other).exception
    assert isinstance(refused, IllegalDecision)
    assert "Two outages, a day apart." in str(refused)
    answer("merge", one, other, "--overrule", "--reason", "One outage after all.")
    assert [r["kind"] for r in answer("rulings", other)] == ["apart", "together"]


def test_a_ruling_on_an_article_is_listed_and_withdrawn(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette", "courier")
    articles = [a["id"] for a in answer("candidate", candidate)["articles"]]
    assert answer("candidate", candidate)["source_count"] == 2
    answer("rule", "copy", candidate, articles[1], "--of", articles[0], *WHY)
    assert answer("candidate", candidate)["source_count"] == 1
    made = answer("rule", "not-a-copy", candidate, articles[1], *WHY)
    assert "stands no longer" in run("rule", "withdraw", made["id"], "--reason", "[b]No[/b]").stdout
    for kind in ("counts", "not-derived", "does-not-count"):
        assert "stands. Take it back with" in run("rule", kind, candidate, articles[0], *WHY).stdout
    listed = run("rulings", candidate).stdout
    assert "not-a-copy" in listed
    assert "(withdrawn" in listed
    assert "does-not-count" in listed
    assert [r["kind"] for r in answer("rulings", "--limit", 1)] == ["copy"]


def test_without_rulings_it_is_said_how_to_lay_one_down(newsroom: Database) -> None:
    assert "monitor rule --help" in run("rulings").stderr
    assert run("rule", "apart", 1, *WHY).exit_code == 2


def test_every_ruling_has_an_example_in_its_help() -> None:
    kinds = ("apart", "copy", "not-a-copy", "counts", "does-not-count", "not-derived", "withdraw")
    assert all(f"Example: monitor rule {kind} " in run("rule", kind, "--help").stdout for kind in kinds)


def test_the_number_of_a_merged_candidate_leads_on_through_every_merge(newsroom: Database) -> None:
    first, second, third = (a_candidate_of(newsroom, "gazette") for _ in range(3))
    answer("merge", second, first)
    answer("merge", third, second)
    result = run("candidate", first, "--json")
    assert json.loads(result.stdout)["id"] == third
    assert f"candidate {third} has its articles now" in result.stderr
    assert answer("candidate", first, "--signpost")["merged_into"] == second
