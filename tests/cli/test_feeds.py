"""monitor feeds: which combinations are kept, and keeping one before anybody asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.store.database import Database
from tests.past import many_past


def test_a_combination_is_kept_before_anybody_asks(
    sqlite_url: str, sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_BASE_URL", "https://wire.example")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")
    many_past(sqlite_database, 12)
    run, app = CliRunner(), make_app(["feeds"])
    assert "No combined feed" in run.invoke(app, ["feeds"]).stdout
    kept = run.invoke(app, ["feeds", "--keep", "/feeds/sev/SEV-2,SEV-1/provider/ChatGPT.atom", "--json"])
    assert kept.exit_code == 0, kept.output
    (feed,) = json.loads(kept.stdout)
    assert (feed["path"], feed["event_count"]) == ("/feeds/provider/openai/sev/1-2.atom", 2)
    for form in ("atom", "rss", "json"):
        assert (tmp_path / f"var/public/feeds/provider/openai/sev/1-2.{form}").is_file()
    assert "/feeds/provider/openai/sev/1-2.atom" in run.invoke(app, ["feeds"]).stdout
    assert "no feed" in str(run.invoke(app, ["feeds", "--keep", "/feeds/colour/red.atom"]).exception)
