"""monitor deduplicate and monitor archive import, as an operator and a script meet them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app


@pytest.fixture
def newsroom(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    path = tmp_path / "past.jsonl"
    lines = [
        {"id": "a", "url": "https://a.example/1", "title": "OpenAI shuts down Sora video app", "publisher": "A"},
        {"id": "b", "url": "https://b.example/1", "title": "Storm closes ferry line to Halden", "publisher": "B"},
    ]
    path.write_text("\n".join([*map(json.dumps, lines), "not JSON"]))
    return path


def test_an_import_says_what_entered_and_where_each_article_is(newsroom: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(make_app(), ["archive", "import", str(newsroom), "--assignments", str(out)])
    assert result.exit_code == 0, result.output
    assert "3 lines: 2 new articles, 0 known, 1 refused." in result.output
    assert "past.jsonl:3: the line: is not JSON" in result.output
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"id": "a", "cluster": 1, "is_copy": False, "counts": True},
        {"id": "b", "cluster": 2, "is_copy": False, "counts": True},
    ]


def test_deduplicate_has_nothing_left_to_do(newsroom: Path) -> None:
    CliRunner().invoke(make_app(), ["archive", "import", str(newsroom)])
    result = CliRunner().invoke(make_app(), ["deduplicate", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["article_count"] == 0


def test_a_file_that_is_not_there_is_called_wrongly(newsroom: Path) -> None:
    assert CliRunner().invoke(make_app(), ["archive", "import", "nowhere.jsonl"]).exit_code == 2


def test_regroup_says_what_would_change_and_changes_it(newsroom: Path) -> None:
    run = CliRunner().invoke
    run(make_app(), ["archive", "import", str(newsroom)])
    assert "nothing to change" in run(make_app(), ["regroup"]).stdout
    with closing(sqlite3.connect(newsroom.parent / "monitor.db")) as database, database:  # as an older version had it
        database.execute("UPDATE memberships SET candidate_id = 1")
        database.execute("UPDATE groupings SET algorithm = algorithm - 100")
        database.execute("UPDATE proposals SET from_id = 1")
    said = run(make_app(), ["regroup", "--afresh"]).stdout
    assert "Candidates that part" in said
    assert "would change: 0 candidates absorbed, 1 parted, 1 opened; 1 articles moved" in " ".join(said.split())
    assert "monitor regroup --apply" in said
    answer = run(make_app(), ["regroup", "--apply", "--json"])
    assert json.loads(answer.stdout)["is_applied"] is True
    assert json.loads(run(make_app(), ["regroup", "--afresh", "--json"]).stdout)["is_nothing"] is True
