"""`monitor owners`: who stands behind whom, and how that is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.errors import FaultyFile, Unknown

FEEDS = """
publishers:
  - {id: gazette, name: The Gazette, domains: [gazette.example], owner: Condé Nast}
sources:
  - {id: gazette, name: It, url: "https://gazette.example/feed", origin: press, tier: secondary, publisher: gazette}
"""


@pytest.fixture(autouse=True)
def _feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    monkeypatch.setenv("MONITOR_SOURCES", str(tmp_path / "feeds.yaml"))
    monkeypatch.setenv("COLUMNS", "400")


def owners(*words: str) -> str:
    result = CliRunner().invoke(make_app(["owners"]), ["owners", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_publisher_is_found_by_name_by_host_and_by_address() -> None:
    assert "the register of owners lists “Wired”" in owners("Wired")
    assert "the register of owners lists bbc.co.uk" in owners("https://www.bbc.co.uk/news/1")
    assert "Advance Publications" in owners("Condé Nast")


def test_what_feeds_yaml_says_wins_and_is_said() -> None:
    answer = json.loads(owners("gazette.example", "--json"))
    assert answer["owner"] == "Advance Publications"
    assert answer["evidence"] == "feeds.yaml names Condé Nast as its owner"
    assert "Wired" in answer["publishers"]


def test_nobody_known_is_a_refusal_that_says_what_to_do() -> None:
    with pytest.raises(Unknown, match=r"owner in feeds\.yaml"):
        owners("Gazette of nowhere")


def test_without_a_name_all_owners_are_listed() -> None:
    assert "Vox Media (press): The Verge, Vox" in owners()
    assert len(json.loads(owners("--json"))["owners"]) > 200


def test_a_register_of_ones_own_replaces_the_shipped_one_and_its_faults_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "owners.yaml"
    mine.write_text('version: "1"\nowners:\n  - {owner: Mine, kind: press, publishers: {Echo: echo.example}}\n')
    monkeypatch.setenv("MONITOR_OWNERS", str(mine))
    assert "Mine (press): Echo" in owners()
    mine.write_text('version: "1"\nowners:\n  - {owner: Mine, kind: pres, publishers: {Echo: echo.example}}\n')
    with pytest.raises(FaultyFile, match=r"owners\.yaml:3: owner Mine: kind must be one of"):
        owners()
