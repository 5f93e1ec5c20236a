"""monitor publish, wires and archive import-wires, as a person and a script run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.jobs.test_import_wires import a_record
from tests.jobs.test_late import a_wire_out, grow
from tests.wires import a_released_wire, an_opened_wire


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_BASE_URL", "https://wire.example")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")

    def call(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(make_app(), list(arguments))
        assert result.exit_code == status, result.output
        return result

    return call


def test_publish_says_what_it_did_and_does_it_once(
    run: object, sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    assert callable(run)
    a_released_wire(sqlite_database, clock)
    assert run("publish").stdout.startswith("1 published, ")
    assert (tmp_path / "var/public/feed.atom").is_file()
    assert json.loads(run("publish", "--json").stdout) == {
        "published_count": 0,
        "failed_count": 0,
        "rendered_count": 0,
        "removed_count": 0,
        "unrendered_count": 0,
        "is_complete": True,
    }


def test_the_site_is_copied_for_any_web_server_and_rendered_anew_when_asked(
    run: object, sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    assert callable(run)
    wire = a_released_wire(sqlite_database, clock)
    said = run("publish", "--static", str(tmp_path / "out")).stdout
    assert f"files in {tmp_path / 'out'}: " in said
    public = tmp_path / "var/public"
    for name in ("index.html", "feed.atom", "feed.atom.gz", f"wires/{wire.slug}/index.html", "static/site.css"):
        assert (tmp_path / "out" / name).read_bytes() == (public / name).read_bytes(), name
    again = json.loads(run("publish", "--static", str(tmp_path / "out"), "--json").stdout)
    assert (again["exported"]["written_count"], again["exported"]["removed_count"]) == (0, 0)
    (public / "index.html").write_text("torn")
    assert json.loads(run("publish", "--json").stdout)["rendered_count"] == 0
    assert json.loads(run("publish", "--whole", "--json").stdout)["rendered_count"] == 1
    assert (public / "index.html").read_bytes() == (tmp_path / "out/index.html").read_bytes()


def test_wires_lists_drafts_and_published_ones(run: object, sqlite_database: Database, clock: ManualClock) -> None:
    assert callable(run)
    assert "No wire yet" in run("wires").stdout
    a_released_wire(sqlite_database, clock)
    run("publish")
    an_opened_wire(sqlite_database, clock)
    table = run("wires").stdout
    assert "draft" in table
    assert "SEV-3" in table
    draft, published = json.loads(run("wires", "--json").stdout)
    assert (draft["status"], draft["url"]) == ("draft", None)
    assert published["url"].startswith("https://wire.example/wires/chatbot-invents-a-ruling-")
    assert (published["source_count"], published["standard"]) == (2, "standard")


def test_import_wires_lists_bad_lines_publishes_good_ones_and_doubles_nothing(run: object, tmp_path: Path) -> None:
    assert callable(run)
    file = tmp_path / "past.jsonl"
    file.write_text(json.dumps(a_record()) + "\n" + json.dumps(a_record(id="b", codes=[])) + "\n")
    first = run("archive", "import-wires", str(file), "--rationale", "We read them all.")
    assert "1 wire imported, 0 known already, 1 refused" in first.stdout
    assert "past.jsonl:2: codes: Choose at least one M code" in first.stderr
    again = json.loads(run("archive", "import-wires", str(file), "--rationale", "x", "--json").stdout)
    assert (again["imported"]["known_count"], again["imported"]["new_count"]) == (1, 0)
    assert [w["manner"] for w in json.loads(run("wires", "--json").stdout)] == ["bulk"]
    run("archive", "import-wires", str(file), "--rationale", "  ", status=2)


def test_wires_that_grew_after_publication_are_listed_until_seen(
    run: object, sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    assert callable(run)
    candidate, wire = a_wire_out(sqlite_database, clock, tmp_path / "var/public")
    assert "Nothing joined" in run("wires", "--growing").stdout
    grow(sqlite_database, clock, candidate, "herald")
    assert "new since publication: 1 articles, 1 new publishers" in run("wires", "--growing").stdout
    (late,) = json.loads(run("wires", "--growing", "--json").stdout)
    assert (late["id"], late["late"]["new_publishers"]) == (wire, ["Herald"])
    assert "not offered again" in run("wires", "--seen", str(wire)).stdout
    assert json.loads(run("wires", "--growing", "--json").stdout) == []
