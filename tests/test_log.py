"""A log line is one line, whatever a title says (H29), and names no password (D13)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from monitor.log import get_log, set_up_log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    set_up_log(level="info", form="text")


def test_a_line_of_text_is_escaped_and_quoted_where_it_must_be(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(level="info", form="text")
    get_log().info("polled", source="openai-blog", title="a\nb \x1b[31m", url="http://u:secret@h.example/", new=3)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.split(" ", 1)[1] == (
        r"[info     ] polled new=3 source=openai-blog title='a\nb \x1b[31m' url=http://***@h.example/"
    )


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(level="info", form="json")
    get_log().warning("a\nb", title="x\u2028y", days={1})
    said = json.loads(capsys.readouterr().err)
    assert said.pop("timestamp").endswith("Z")
    assert said == {"event": r"a\nb", "level": "warning", "title": r"x\u2028y", "days": "{1}"}


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(level="warning", form="text")
    get_log().info("polled")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_brings_its_traceback_without_local_variables(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log(level="info", form="json" if form == "json" else "text")
    password = "hunter2"
    try:
        raise ValueError("a bad \x1b[31m title")
    except ValueError:
        get_log().exception("poll failed", source="x")
    said = capsys.readouterr().err
    assert "ValueError: a bad" in said
    assert "Traceback" in said
    assert "\x1b" not in said
    assert password not in said.replace('password = "hunter2"', "")
