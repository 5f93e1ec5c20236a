"""`monitor sync` and `monitor doctor` as an operator meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.errors import FaultyFile, Unconfigured

FEEDS = """\
publishers: [{id: gazette, name: Gazette}]
sources:
  - id: gazette-ai
    name: Gazette
    url: https://gazette.example/
    origin: press
    tier: secondary
    publisher: gazette
"""


@pytest.fixture
def here(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a feeds.yaml of one source, and a migrated database."""
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    return tmp_path


def test_sync_says_what_it_did(here: Path) -> None:
    result = CliRunner().invoke(make_app(), ["sync"])
    assert result.exit_code == 0, result.output
    assert "feeds.yaml: 1 added, 0 changed, 0 retired, 0 unchanged." in result.stdout
    assert "added: gazette-ai" in result.stderr


def test_sync_speaks_json(here: Path) -> None:
    CliRunner().invoke(make_app(), ["sync"])
    (here / "feeds.yaml").write_text(FEEDS.replace("gazette-ai", "gazette-tech"))
    report = json.loads(CliRunner().invoke(make_app(), ["sync", "--json"]).stdout)
    assert (report["added"], report["retired"], report["unchanged_count"]) == (["gazette-tech"], ["gazette-ai"], 0)


def test_check_needs_no_database(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = CliRunner().invoke(make_app(), ["sync", "--check"])
    assert (result.exit_code, result.stdout) == (0, "feeds.yaml: 1 sources of 1 publishers, no fault.\n")


def test_a_provider_outside_the_register_is_a_fault(here: Path) -> None:
    (here / "feeds.yaml").write_text(FEEDS + "    provider: opnai\n")
    result = CliRunner().invoke(make_app(), ["sync"])
    assert isinstance(result.exception, FaultyFile)
    assert "feeds.yaml:9: gazette-ai: the provider opnai" in str(result.exception)


def test_a_database_without_tables_is_refused_with_the_command(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{here}/empty.db")
    result = CliRunner().invoke(make_app(), ["sync"])
    assert isinstance(result.exception, Unconfigured)
    assert "monitor db upgrade" in str(result.exception)


def test_doctor_lists_findings_and_exits_by_them(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = CliRunner().invoke(make_app(), ["doctor", "--json"])
    findings = json.loads(result.stdout)
    assert {"check", "level", "says", "next_step"} == set(findings[0])
    assert result.exit_code == int(any(f["level"] == "fail" for f in findings))
    monkeypatch.setenv("MONITOR_SOURCES", "missing.yaml")
    result = CliRunner().invoke(make_app(), ["doctor"])
    assert result.exit_code == 1
    assert "fail feeds.yaml: missing.yaml: the file: cannot be read" in result.stdout
    assert "     → " in result.stdout


def test_a_faulty_file_ends_a_real_process_with_plain_words(here: Path) -> None:
    (here / "feeds.yaml").write_text(FEEDS.replace("tier: secondary", "tier: second").replace("press", "pres"))
    ran = subprocess.run(
        [sys.executable, "-m", "monitor", "sync"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        "feeds.yaml:6: gazette-ai: the origin pres is unknown; did you mean press?",
        "feeds.yaml:7: gazette-ai: the tier second is unknown; did you mean secondary?",
    ]
    assert ran.stdout == ""
