"""`monitor digests`, `webhooks`, `data` and `crosswalk`, as an operator types them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.jobs import digests
from monitor.jobs.publish import publish
from monitor.model import RevisionKind, RevisionStatus, Severity
from monitor.model.subscriber import Period, Wanted
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.subscribers import list_subscribers, record_refused
from monitor.store.wires import get_wire
from tests.conftest import ManualClock
from tests.net.mail_server import Mailer
from tests.net.servers import RecordingServer, http
from tests.wires import BASE_URL, CODEBOOK, PROVIDERS, a_released_wire

SITE = Site(name="The Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)


@pytest.fixture(autouse=True)
def newsroom(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_ALLOW_ADDRESSES", str(ip_network("127.0.0.0/8")))
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200), "/bad": http(500)}) as opened:
        yield opened


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(make_app(words), list(words))
    assert result.exit_code == status, (result.output, result.exception)
    return result.output


# --- digests -----------------------------------------------------------------------------------------------------


def test_a_test_letter_says_what_the_mail_server_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("digests").startswith("MONITOR_SMTP_HOST is not set")
    with Mailer() as mailer:
        monkeypatch.setenv("MONITOR_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("MONITOR_SMTP_PORT", str(mailer.port))
        monkeypatch.setenv("MONITOR_SMTP_SECURITY", "none")
        monkeypatch.setenv("MONITOR_SMTP_FROM", "wire@monitor.example")
        assert run("digests", "test", "rae@example.org") == "taken: answered 250 taken\n"
        mailer.room.answers["gone@example.org"] = "550 5.1.1 nobody"
        assert "refused-address" in run("digests", "test", "gone@example.org", status=1)
        monkeypatch.setenv("MONITOR_SMTP_USER", "wire")
        result = CliRunner().invoke(make_app(), ["digests", "test", "rae@example.org"])
    assert "in the clear" in str(result.exception)
    assert [letter["to"] for letter in mailer.room.letters] == ["rae@example.org"]


def test_an_address_is_forgotten_on_its_owners_word(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    digests.ask(
        sqlite_database,
        clock,
        address="rae@example.org",
        period=Period.DAILY,
        wanted=Wanted(severities=(Severity.SEV_1,)),
        client="here",
        secrets_dir=tmp_path / "secrets",
    )
    assert "daily pending: 1" in run("digests")
    with sqlite_database.write() as tx:
        (asking,) = list_subscribers(tx)
        note = "answered 550 5.1.1 <rae@example.org> nobody"
        record_refused(tx, asking.id, note=note, is_for_good=True, now=clock.now())
    assert "paused since 2026-03-02 r…@example.org: answered 550 5.1.1 <r…@example.org> nobody" in run("digests")
    assert "1 subscriptions ended" in run("digests", "forget", "rae@example.org")
    with sqlite_database.read() as tx:
        assert list_subscribers(tx) == ()


# --- webhooks ----------------------------------------------------------------------------------------------------


def test_a_webhook_is_registered_tried_and_ended(server: RecordingServer) -> None:
    assert "No webhook yet" in run("webhooks")
    said = run("webhooks", "add", "mirror", server.url("/in"), "--only", "severity=SEV-1", "--event", "retracted")
    assert re.search(r"whsec_\S{44}", said)
    assert run("webhooks", "ping", "1") == "answered 200\n"
    assert "delivered: answered 200" in run("webhooks", "log", "1")
    (hook,) = json.loads(run("webhooks", "--json"))
    assert (hook["wanted"], hook["events"], hook["is_enabled"]) == ({"severity": ["SEV-1"]}, ["retracted"], True)
    assert "whsec_" not in run("webhooks") + run("webhooks", "--json")
    message = json.loads(run("webhooks", "log", "1", "--json"))[0]["message"]
    run("webhooks", "redeliver", "1", message)
    run("webhooks", "disable", "1")
    assert run("webhooks", "ping", "1", status=1).startswith("It is disabled")
    run("webhooks", "enable", "1")
    assert "whsec_" in run("webhooks", "rotate", "1")
    run("webhooks", "remove", "1")
    assert "No webhook yet" in run("webhooks")


def test_a_ping_that_does_not_arrive_is_exit_status_1(server: RecordingServer) -> None:
    run("webhooks", "add", "mirror", server.url("/bad"))
    assert run("webhooks", "ping", "1", status=1) == "answered 500\n"


@pytest.mark.parametrize("only", ["severity", "colour=red", "severity=SEV-9"])
def test_a_choice_that_there_is_not_is_refused(only: str) -> None:
    run("webhooks", "add", "mirror", "https://hooks.example/", "--only", only, status=2)


# --- data and crosswalk ------------------------------------------------------------------------------------------


def test_ids_of_other_databases_come_from_a_list_and_reach_the_data(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = a_released_wire(sqlite_database, clock)
    publish(sqlite_database, clock, public_dir=tmp_path / "var/public", site=SITE, sections=())
    clock.advance(minutes=1)
    drafted = a_released_wire(sqlite_database, clock, headline="Another")
    file = tmp_path / "ids.csv"
    file.write_text(
        "wire,database,id\n"
        f"{wire.slug},aiid,123\n"
        f'"{wire.tag}",oecd-aim,2024-05-14-1a2b\n'
        f"{drafted.id},aiid,7\n"
        "nowhere,aiid,9\n"
        f"{wire.id},aiid,nonsense\n"
    )
    said = json.loads(run("crosswalk", "import", str(file), "--release", "--json").splitlines()[-1])
    assert (said["noted_count"], said["released_count"], said["known_count"]) == (1, 1, 0)
    assert len(said["complaints"]) == 3  # two lines that cannot be, and a wire that is on its way out
    publish(sqlite_database, clock, public_dir=tmp_path / "var/public", site=SITE, sections=())
    with sqlite_database.read() as tx:
        revisions = get_wire(tx, wire.id).revisions
    assert [r.kind for r in revisions] == [RevisionKind.FIRST, RevisionKind.UPDATE]
    assert {r.status for r in revisions} == {RevisionStatus.PUBLISHED}
    assert revisions[-1].draft.crosswalk == ("aiid:123", "oecd-aim:2024-05-14-1a2b")
    again = json.loads(run("crosswalk", "import", str(file), "--release", "--json").splitlines()[-1])
    assert (again["noted_count"], again["known_count"]) == (1, 1)  # now the other wire is out, and can be amended
    assert "files written" in run("data")
    crosswalk = (tmp_path / "var/public/data/crosswalk.csv").read_text()
    assert f"{wire.id},aiid,123,https://incidentdatabase.ai/cite/123" in crosswalk


def test_a_list_without_its_heading_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("a,b\n1,2\n")
    result = CliRunner().invoke(make_app(), ["crosswalk", "import", str(file)])
    assert "needs a heading with wire, database, id" in str(result.exception)
