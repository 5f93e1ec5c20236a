"""The audit: nothing changes it, everything that fails is in it too, an admin searches and exports it (D11)."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.jobs import audit, triage
from monitor.store.audit import SPAN, AuditQuery, search_audit
from monitor.store.database import Database
from monitor.store.people import append_audit
from monitor.web.desk.audit import write_lines_csv
from tests.conftest import ManualClock
from tests.stored import a_candidate_of
from tests.web.conftest import Desk


def write(database: Database, clock: ManualClock, *lines: tuple[str, str, str]) -> None:
    with database.write() as tx:
        for who, what, subject in lines:
            append_audit(tx, at=clock.advance(minutes=1), who=who, what=what, subject=subject, address="192.0.2.7")


LINES = (
    ("ada", "candidate.reject", "candidate 1"),
    ("ben", "candidate.accept", "candidate 2"),
    ("eve", "session.refused", "eve"),
    ("ada", "wire.release", "wire 2"),
)


@pytest.mark.parametrize("verb", ["UPDATE audit SET who = 'eve'", "DELETE FROM audit"])
def test_neither_a_role_nor_a_bug_alters_the_audit_d11(database: Database, clock: ManualClock, verb: str) -> None:
    write(database, clock, *LINES)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(verb))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (AuditQuery(), [3, 2, 1, 0]),
        (AuditQuery(who="ada"), [3, 0]),
        (AuditQuery(what="candidate"), [1, 0]),
        (AuditQuery(what="candidate.accept"), [1]),
        (AuditQuery(what="candid"), []),
        (AuditQuery(text="CANDIDATE 2"), [1]),
        (AuditQuery(text="192.0.2"), [3, 2, 1, 0]),
        (AuditQuery(text="%"), []),
        (AuditQuery(who="ada", what="wire"), [3]),
    ],
)
def test_an_admin_searches_by_who_what_and_text_d11(
    database: Database, clock: ManualClock, query: AuditQuery, found: list[int]
) -> None:
    write(database, clock, *LINES)
    lines = audit.search(database, query).lines
    assert [(line.who, line.what, line.subject) for line in lines] == [LINES[i] for i in found]


def test_an_admin_searches_by_time_d11(database: Database, clock: ManualClock) -> None:
    began = clock.now()
    write(database, clock, *LINES)
    query = AuditQuery(since=began + timedelta(minutes=2), until=began + timedelta(minutes=4))
    assert [line.who for line in audit.search(database, query).lines] == ["eve", "ben"]


def test_pages_hold_every_line_once_d11(database: Database, clock: ManualClock) -> None:
    write(database, clock, *(("ada", "wire.save", f"wire {n}") for n in range(7)))
    found, before = [], None
    while True:
        page = audit.search(database, AuditQuery(what="wire"), before=before, limit=3)
        found += [line.subject for line in page.lines]
        before = page.before
        if before is None:
            break
    assert found == [f"wire {n}" for n in reversed(range(7))]


def test_a_page_looks_at_a_bounded_part_and_says_where_to_go_on_d11(
    sqlite_database: Database, clock: ManualClock
) -> None:
    write(sqlite_database, clock, ("eve", "session.refused", "the needle"))
    rest = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= :most) INSERT INTO audit "
    with sqlite_database.write() as tx:
        values = "SELECT i, :at, 'ada', 'wire.save', 'hay' FROM n"
        tx.execute(
            text(f"{rest} (id, at, who, what, subject) {values}"),
            {"most": SPAN + 10, "at": clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")},
        )
    with sqlite_database.read() as tx:
        first = search_audit(tx, AuditQuery(text="needle"))
        assert (first.lines, first.before is not None) == ((), True)
        second = search_audit(tx, AuditQuery(text="needle"), before=first.before)
    assert [line.subject for line in second.lines] == ["the needle"]
    assert second.before is None


def test_the_page_shows_failures_with_address_and_change_d11(desk: Desk) -> None:
    desk.browser().sign_in("ben", "not the password at all")
    ada = desk.signed_in("ada")
    ada.submit("/desk/people", "/desk/people", {"name": "ben", "do": "role", "role": "reader"})
    page = ada.get("/desk/audit").text
    assert "session.refused" in page
    assert "role editor → reader" in page
    candidate = a_candidate_of(desk.database, "gazette")
    triage.claim(desk.database, desk.clock, candidate, editor="ada")
    claimed = ada.get("/desk/audit?what=candidate.claim").text
    assert re.search(r"claimed until none → \d+ \w+ \d{4}, \d\d:\d\d UTC", claimed)
    assert "127.0.0.1" in page
    only = ada.get("/desk/audit?what=session&who=ben").text
    assert "session.refused" in only
    assert "editor.role</td>" not in only


@pytest.mark.parametrize(
    "query", ["?before=x", "?since=nonsense&until=9999-99-99", "?text=%00'%22%3Cscript%3E", "?until=9999-12-31"]
)
def test_whatever_is_asked_for_the_page_answers(shared_desk: Desk, query: str) -> None:
    answer = shared_desk.signed_in("ada").get(f"/desk/audit{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_an_admin_takes_the_audit_along_as_csv_and_json_lines_d11(desk: Desk) -> None:
    with desk.database.write() as tx:
        append_audit(
            tx, at=desk.clock.now(), who="=cmd()", what="session.refused", subject="Ünï", after={"why": "a, b"}
        )
    ada = desk.signed_in("ada")
    asked = {"form": "csv", "what": "session.refused"}
    sheet = ada.submit("/desk/audit", "/desk/audit/export", asked)
    assert sheet.headers["content-disposition"] == 'attachment; filename="Monitor audit.csv"'
    (row,) = csv.DictReader(io.StringIO(sheet.text))
    assert (row["who"], row["subject"], row["after"]) == ("'=cmd()", "Ünï", '{"why": "a, b"}')
    lines = ada.submit("/desk/audit", "/desk/audit/export", {"form": "jsonl"}).text.splitlines()
    said = [json.loads(line) for line in lines]
    assert said[0]["what"] == "audit.export"
    assert {"=cmd()"} <= {line["who"] for line in said}
    assert [line["id"] for line in said] == sorted((line["id"] for line in said), reverse=True)
    assert ada.submit("/desk/audit", "/desk/audit/export", {"form": "exe"}).status_code == 409


def test_an_export_is_whole_and_has_one_heading(sqlite_database: Database, clock: ManualClock) -> None:
    write(sqlite_database, clock, *(("ada", "wire.save", f"wire {n}") for n in range(1_203)))
    body = b"".join(write_lines_csv(audit.export(sqlite_database, AuditQuery()))).decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["subject"] for row in rows] == [f"wire {n}" for n in reversed(range(1_203))]
