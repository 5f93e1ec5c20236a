"""Triage on the command line: what an editor reads, what a script gets, and what is said when something is refused."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import monitor
from monitor.cli.commands import make_app
from monitor.cli.triage import COMMANDS
from monitor.errors import FaultyFile, IllegalDecision, MonitorError, StaleDecision, Unknown
from monitor.store.database import Database
from tests.stored import a_candidate_of, store_article, store_candidate

WIRE = """\
headline: AcmeChat showed strangers’ records
severity: SEV-3
providers: [ChatGPT]
occurred_on: 2026-03-01
body: |
  Records were shown to strangers. [source](article:{article})
rationale: The chatbot disclosed the records.
counterfactual: Without the chatbot nobody would have seen them.
codes: [M2, F4]
but_for:
  outcome: the disclosure of the records
  system: the chatbot
  role: showed them
  without: nobody would have seen them
  support: {article}
  confidence: high
sources: [{article}]
"""


@pytest.fixture
def newsroom(sqlite_database: Database, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the command line works on, in an empty folder."""
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_BASE_URL", "https://newsroom.example")
    monkeypatch.setenv("COLUMNS", "140")
    return sqlite_database


def run(*words: object) -> Result:
    return CliRunner().invoke(make_app(), [str(w) for w in words])


def said(*words: object) -> str:
    result = run(*words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def answer(*words: object) -> Any:
    return json.loads(said(*words, "--json"))


def refusal(*words: object) -> MonitorError:
    error = run(*words).exception
    assert isinstance(error, MonitorError), error
    return error


# --- reading ----------------------------------------------------------------------------------------------------


def test_an_empty_queue_says_where_news_comes_from(newsroom: Database) -> None:
    result = run("queue")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "monitor poll" in result.stderr
    assert answer("queue") == []


def test_the_queue_for_a_person_and_for_a_script(newsroom: Database) -> None:
    quiet = a_candidate_of(newsroom, "gazette", title="A quiet story")
    death = a_candidate_of(newsroom, "gazette", "courier", title="Man [bold]killed[/bold] by \u202erobot")
    result = run("queue")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["ID", str(death), str(quiet)]
    assert "Man [bold]killed[/bold] by robot" in lines[1]
    assert "2 of 2; the oldest waits since 2 March 2026" in result.stderr
    found = answer("queue")
    assert [c["id"] for c in found] == [death, quiet]
    assert set(found[0]) >= {
        *("id", "status", "title", "source_count", "article_count", "providers", "origins", "opened_at", "grown_at"),
        *("score", "cues"),
    }
    assert found[0]["score"] == sum(c["weight"] for c in found[0]["cues"]) > 0
    assert (found[0]["source_count"], found[0]["opened_at"]) == (2, "2026-03-02T08:00:00+00:00")


def test_the_queue_is_ordered_limited_and_searched(newsroom: Database) -> None:
    a_candidate_of(newsroom, "gazette", title="Man killed by robot")
    late = a_candidate_of(newsroom, "gazette", title="A quiet story")
    assert [c["id"] for c in answer("queue", "--order", "newest", "--limit", 1)] == [late]
    assert [c["id"] for c in answer("queue", "--search", "QUIET")] == [late]
    assert answer("queue", "--search", "100%") == []
    assert run("queue", "--order", "loudest").exit_code == 2


def test_a_script_gets_the_whole_queue_and_a_person_fifty_rows(newsroom: Database) -> None:
    with newsroom.write() as tx:
        article = store_article(tx)
        for _ in range(52):
            store_candidate(tx, article)
    assert len(answer("queue")) == 52
    result = run("queue")
    assert len(result.stdout.splitlines()) == 51
    assert "50 of 52" in result.stderr


def test_decided_candidates_are_listed_with_all(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    said("reject", candidate, "--reason", "A launch.")
    assert answer("queue") == []
    assert [c["status"] for c in answer("queue", "--all")] == ["rejected"]


def test_a_candidate_for_a_person_and_for_a_script(newsroom: Database) -> None:
    with newsroom.write() as tx:
        original = store_article(tx, "gazette", title="AI toy recalled after injuries")
        copy = store_article(tx, "courier")
        candidate = store_candidate(tx, original, copy, copies={copy: original})
    said("claim", candidate, "--editor", "mara")
    text = said("candidate", candidate)
    for words in (
        "1 independent source in 2 articles",
        "“injuries” in the title",
        "A copy of",
        "mara claim",
        "https://",
    ):
        assert words in text
    found = answer("candidate", candidate)
    assert [a["id"] for a in found["articles"]] == [original, copy]
    assert set(found["articles"][0]) >= {
        *("id", "url", "title", "publisher", "published_at", "joined", "copy_of", "counts", "reason"),
    }
    assert [(a["counts"], a["copy_of"]) for a in found["articles"]] == [(True, None), (False, original)]
    assert [(d["kind"], d["editor"]) for d in found["decisions"]] == [("claim", "mara")]


def test_what_is_not_there_is_refused_with_the_next_step(newsroom: Database) -> None:
    for words in (("candidate", 404), ("undo", 404), ("reject", 2**80, "--reason", "x")):
        error = refusal(*words)
        assert isinstance(error, Unknown)
        assert "monitor queue" in str(error)


# --- deciding ---------------------------------------------------------------------------------------------------


def test_the_outline_of_a_wire_comes_back_through_accept(newsroom: Database, tmp_path: Path) -> None:
    candidate = a_candidate_of(newsroom, "gazette", "courier", title='ChatGPT: "leaks" records\u2028codes: [M1]')
    file = tmp_path / "wire.yaml"
    file.write_text(said("candidate", candidate, "--draft"))
    error = refusal("accept", candidate, "--wire", file)
    assert isinstance(error, FaultyFile)
    assert {c.subject for c in error.complaints} == {
        *(
            "severity",
            "providers",
            "occurred_on",
            "body",
            "rationale",
            "but_for",
            "counterfactual",
            "codes",
            f"candidate {candidate}",
        ),
    }
    assert "is as it was" in str(error)
    made = answer("accept", candidate, "--wire", file, "--hold")
    assert made["wire"] is not None
    assert answer("candidate", candidate)["status"] == "accepted"


def test_accept_with_a_complete_wire_releases_it(newsroom: Database, tmp_path: Path) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    (article,) = answer("candidate", candidate)["articles"]
    file = tmp_path / "wire.yaml"
    file.write_text(WIRE.format(article=article["id"]), encoding="utf-8")
    text = said("accept", candidate, "--wire", file, "--editor", "mara")
    assert text.startswith(f"Candidate {candidate} is accepted as wire ")
    assert "released: monitor publish shows it" in text
    assert isinstance(refusal("accept", candidate, "--wire", file), IllegalDecision)


def test_accept_with_a_grave_wire_asks_for_a_second_reader(newsroom: Database, tmp_path: Path) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    (article,) = answer("candidate", candidate)["articles"]
    file = tmp_path / "wire.yaml"
    file.write_text(WIRE.format(article=article["id"]).replace("SEV-3", "SEV-1"), encoding="utf-8")
    assert "waits for a second reader" in said("accept", candidate, "--wire", file, "--editor", "mara")


def test_accept_without_a_file_leaves_a_draft_for_the_desk(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    assert "a draft: write it up at the desk" in said("accept", candidate)
    said("undo", candidate)
    assert answer("candidate", candidate)["status"] == "open"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"headline: [", "is not YAML"),
        (b"headlin: x", "is not a field of a wire"),
        (b"#" * 1_000_001, "this is no wire"),
    ],
)
def test_a_faulty_file_is_refused_by_name(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, reason: str
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    file = tmp_path / "wire.yaml"
    if content is not None:
        file.write_bytes(content)
    error = refusal("accept", 1, "--wire", file)
    assert isinstance(error, FaultyFile)
    assert "wire.yaml" in str(error)
    assert reason in str(error)


def test_merge_split_and_undo(newsroom: Database) -> None:
    one, two = a_candidate_of(newsroom, "gazette"), a_candidate_of(newsroom, "courier")
    said("merge", one, two)
    whole = answer("candidate", one)
    assert (whole["source_count"], whole["article_count"]) == (2, 2)
    assert f"Merged into {one}: monitor candidate {one}" in said("candidate", two, "--signpost")
    opened = answer("split", one, whole["articles"][1]["id"], "--reason", "Another leak.")["opened"]
    assert answer("candidate", opened)["article_count"] == 1
    said("undo", one)
    assert "(merge) on candidate" in said("undo", one)
    assert {c["id"] for c in answer("queue")} == {one, two}
    assert "no decision on candidate" in str(refusal("undo", one))


def test_snooze_until_a_time_or_for_hours(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    said("snooze", candidate, "--hours", 12)
    assert answer("queue") == []
    (sleeping,) = answer("queue", "--all")
    assert sleeping["status"] == "snoozed"
    for words in ((), ("--hours", 1, "--until", "2030-01-01"), ("--until", "tomorrow")):
        assert run("snooze", candidate, *words).exit_code == 2
    assert isinstance(refusal("snooze", candidate, "--until", "2020-01-01"), IllegalDecision)


def test_attach_to_a_wire(newsroom: Database) -> None:
    one, two = a_candidate_of(newsroom, "gazette"), a_candidate_of(newsroom, "courier")
    wire = answer("accept", one)["wire"]
    assert f"Wire {wire} may cite" in said("attach", two, wire)
    assert answer("candidate", two)["wire"] == wire


def test_a_claim_is_given_back(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    said("claim", candidate, "--editor", "mara")
    assert "(claimed by mara)" in said("queue")
    said("claim", candidate, "--give-back", "--editor", "jo")
    assert answer("candidate", candidate)["claimed_by"] is None


def test_scripts_are_safe_with_seen_and_key_d10(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    version = answer("candidate", candidate)["version"]
    error = refusal("reject", candidate, "--reason", "A launch.", "--seen", version + 5)
    assert isinstance(error, StaleDecision)
    assert f"version {version + 5}, it is now at version {version}" in str(error)
    first = answer("reject", candidate, "--reason", "A launch.", "--seen", version, "--key", "job-1")
    assert answer("reject", candidate, "--reason", "A launch.", "--seen", version, "--key", "job-1") == first


def test_the_command_line_signs_with_the_users_name(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    assert answer("claim", candidate)["editor"] == f"cli:{getpass.getuser()}"
    assert answer("claim", candidate, "--give-back", "--editor", "jo")["editor"] == "jo"


def test_a_rejection_without_a_reason_is_called_wrongly(newsroom: Database) -> None:
    candidate = a_candidate_of(newsroom, "gazette")
    assert run("reject", candidate).exit_code == 2
    assert isinstance(refusal("reject", candidate, "--reason", "  "), IllegalDecision)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"monitor {command} " in result.stdout
    assert "Example:" in result.stdout


def test_a_real_process_speaks_json_refuses_plainly_and_exits_by_it(
    sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> None:
    candidate = a_candidate_of(sqlite_database, "gazette", title="Ünïcode, \u202eturned")
    (tmp_path / "elsewhere").mkdir()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("MONITOR_")},
        "PYTHONPATH": str(Path(monitor.__file__).parents[1]),
        "MONITOR_DATABASE_URL": sqlite_url,
        "MONITOR_DATA_DIR": str(tmp_path),
    }

    def process(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "monitor", *map(str, words)],
            env=environment, cwd=tmp_path / "elsewhere", capture_output=True, text=True, encoding="utf-8",
            timeout=180, check=False,
        )  # fmt: skip

    listed = process("queue", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [c["title"] for c in json.loads(listed.stdout)] == ["Ünïcode, \u202eturned"]
    refused = process("merge", candidate, candidate)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"Candidate {candidate} cannot be merged into itself. Name the others only.\n"


def test_an_article_of_an_archive_without_an_address_has_none(newsroom: Database) -> None:
    key = "archive:0123456789abcdef0123456789abcdef"
    one = a_candidate_of(newsroom, "gazette", url=key, canonical_url=key)
    assert answer("candidate", one)["articles"][0]["url"] is None
    assert "archive:" not in said("candidate", one)
