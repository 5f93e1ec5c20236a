"""monitor bulk: many candidates under one rationale, and all of it taken back, as a script runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from monitor.model import CandidateStatus
from monitor.store.candidates import get_candidate
from monitor.store.database import Database
from tests.stored import a_candidate_of


@pytest.fixture
def newsroom(sqlite_database: Database, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    return sqlite_database


def run(*words: str) -> Result:
    return CliRunner().invoke(make_app(["bulk"]), ["bulk", *words])


def test_a_filter_is_decided_on_under_one_rationale_and_taken_back(newsroom: Database) -> None:
    taxis = [a_candidate_of(newsroom, "gazette", title=f"Robotaxi results of quarter {n}") for n in range(3)]
    other = a_candidate_of(newsroom, "gazette", title="Chatbot invents a ruling")
    stated = ("decide", "reject", "--filter", "state=new&text=robotaxi", "--reason", "Company results")
    assert sorted(json.loads(run(*stated, "--dry-run", "--json").stdout)["candidates"]) == sorted(taxis)
    done = run(*stated)
    assert "3 of 3 decided" in done.stdout, done.output
    with newsroom.read() as tx:
        assert {get_candidate(tx, c).status for c in taxis} == {CandidateStatus.REJECTED}
        assert get_candidate(tx, other).status is CandidateStatus.OPEN
    assert "3 taken back" in run("undo", "1").stdout
    with newsroom.read() as tx:
        assert {get_candidate(tx, c).status for c in taxis} == {CandidateStatus.OPEN}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "forget", "--filter", "state=new", "--reason", "x"), "choose reject"),
        (("decide", "reject", "--filter", "status=new", "--reason", "x"), "narrows nothing down"),
        (("decide", "snooze", "--filter", "state=new", "--reason", "x"), "how long to snooze"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_decided(
    newsroom: Database, words: tuple[str, ...], said: str
) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    result = run(*words)
    assert result.exit_code != 0
    assert said in result.output + str(result.exception)
    with newsroom.read() as tx:
        assert get_candidate(tx, candidate).status is CandidateStatus.OPEN
