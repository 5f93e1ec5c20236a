"""monitor take-down: readers see that a wire is gone, and the feeds say so, as soon as the command is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.store.database import Database
from monitor.store.people import list_audit
from tests.past import many_past


def test_a_wire_is_taken_down_with_a_reason_and_the_tree_follows_o6(
    sqlite_url: str, sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_BASE_URL", "https://wire.example")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")
    wires = many_past(sqlite_database, 2)
    told = ["take-down", str(wires[0]), "--reason", "rights", "--note", "Letter of 3 March."]
    run, app = CliRunner(), make_app(["take-down"])
    done = run.invoke(app, [*told, "--json", "--editor", "grace"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["taken_down"]["slug"] == "wire-1"
    public = tmp_path / "var/public"
    assert 'ref="tag:wire.example,2026-01-05:wire/1"' in (public / "feed.atom").read_text()
    assert "infringed the rights of others" in (public / ".gone/wires/wire-1/index.html").read_text()
    with sqlite_database.read() as tx:
        (entry,) = [a for a in list_audit(tx) if a.what == "wire.take-down"]
    assert (entry.who, entry.after) == (
        "grace",
        {"reason": "rights", "note": "Letter of 3 March.", "slug": "wire-1"},
    )
    assert "nothing to take down" in str(run.invoke(app, told).exception)
    assert "no wire 999" in str(run.invoke(app, ["take-down", "999", *told[2:]]).exception)
