"""`monitor user`: add, invite, list, role, disable, password, as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.clock import SystemClock
from monitor.errors import Denied, IllegalDecision, Unknown
from monitor.jobs.invitations import find_invitation
from monitor.jobs.people import sign_in
from monitor.model import Role
from monitor.store.database import Database

PASSWORD = "a long sentence to remember"


@pytest.fixture
def newsroom(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    return Database(sqlite_url)


def run(*words: str, typed: str = PASSWORD) -> str:
    result = CliRunner().invoke(make_app(), ["user", *words], input=typed + "\n", catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def enter(database: Database, name: str, password: str = PASSWORD) -> None:
    sign_in(
        database, SystemClock(), name=name, password=password, address="127.0.0.1", block="127.0.0.1", user_agent="test"
    )


def test_an_editor_is_added_listed_barred_and_let_in_again(newsroom: Database) -> None:
    assert "Added Ada Okafor (admin)" in run("add", " Ada  Okafor ", "--role", "admin", "--password-stdin")
    enter(newsroom, "Ada Okafor")
    assert "may sign in" in run("list")
    run("disable", "Ada Okafor")
    assert "disabled" in run("list")
    with pytest.raises(Denied):
        enter(newsroom, "Ada Okafor")
    run("disable", "Ada Okafor", "--undo")
    enter(newsroom, "Ada Okafor")
    newsroom.close()


def test_a_new_password_replaces_the_old_one(newsroom: Database) -> None:
    run("add", "ada", "--password-stdin")
    run("password", "ada", "--password-stdin", typed="another long sentence")
    with pytest.raises(Denied):
        enter(newsroom, "ada")
    enter(newsroom, "ada", "another long sentence")
    newsroom.close()


def test_somebody_gets_another_role(newsroom: Database) -> None:
    run("add", "ada", "--password-stdin")
    assert "ada is senior editor now" in run("role", "ada", "senior")
    assert "senior" in run("list")
    newsroom.close()


def test_an_invitation_is_printed_as_a_link_on_one_line(newsroom: Database) -> None:
    link = run("invite", "Dora, by mail", "--role", "reader").strip()
    token = link.partition("/desk/join?token=")[2]
    found = find_invitation(newsroom, SystemClock(), token)
    assert found is not None
    assert (found.role, found.note, found.invited_by) == (Role.READER, "Dora, by mail", "command line")
    newsroom.close()


def test_what_will_not_do_is_refused_and_changes_nothing(newsroom: Database) -> None:
    run("add", "ada", "--password-stdin")
    with pytest.raises(IllegalDecision, match="already"):
        run("add", "Ada", "--password-stdin")
    with pytest.raises(IllegalDecision, match="12 to 128"):
        run("password", "ada", "--password-stdin", typed="short")
    with pytest.raises(Unknown, match="no editor called ben"):
        run("disable", "ben")
    enter(newsroom, "ada")
    newsroom.close()
