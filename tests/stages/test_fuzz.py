"""Documents as nobody wrote them: the hostile cases, cut, joined, repeated and damaged (H8-H13, H22, H25, H26).

The seeds of randomness are fixed, so that a failure here is the same for everybody; `make fuzz` looks further, guided
by what the code covers, for as long as one likes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import keep
from benchmarks.fuzz_checks import CHECKS, check_in_time, check_read
from benchmarks.hostile_cases import document_of, list_documents, read_case, read_cases
from monitor.model import Entry, Failure, Link, ParsedFeed, Unparsable

LONGEST = 6_000
CASES = read_cases()
SEEDS = {
    "page": [document_of(case)[:LONGEST] for case in CASES if case.reads == "article" and case.payloads],
    "listing": [document_of(case)[:LONGEST] for case in CASES if case.reads in ("article", "page") and case.payloads],
    "sitemap": [document_of(case)[:LONGEST] for case in list_documents(CASES) if case.reads == "sitemap"],
    "status": [document_of(case)[:LONGEST] for case in list_documents(CASES) if case.reads in ("status", "feed")],
    "feed": [document_of(case)[:LONGEST] for case in list_documents(CASES) if case.reads == "feed"],
}
SEEDS["readers"] = SEEDS["feed"]
TOKENS = [
    *(b"<", b">", b"&", b"'", b'"', b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml", b"?>", b"<!DOCTYPE x [", b"</"),
    *(b"&#0;", b"&#xD800;", b"&amp;amp;", b"&nbsp;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b["),
    *(b"<item>", b"</item>", b"<entry>", b"<title>", b"<guid>", b"<link href='//x'/>", b"xml:base='http://['", b"{"),
    *(
        b"xmlns='",
        b" encoding='utf-16'",
        b"<table>",
        b"<p>",
        b"<script>",
        b"9" * 400,
        b"\xe2\x80\xae",
        b"%PDF-",
        b"[" * 90,
    ),
]


FAULTS: list[dict[str, Any]] = [
    {"guid": ""},
    {"url": "javascript:x"},
    {"title": "a\x00b"},
    {"content": "\ud800"},
    {"author": "a" * 301},
    {"published_at": datetime(2026, 3, 2)},  # noqa: DTZ001 - without a zone
]


@dataclass(frozen=True)
class Damage:
    """One change to a document; places are shares of its length, so that they fit whatever came before."""

    how: str
    at: float
    length: float
    with_: bytes

    def done_to(self, body: bytes, other: bytes) -> bytes:
        start = int(self.at * len(body))
        end = min(len(body), start + 1 + int(self.length * len(body) / 4))
        match self.how:
            case "delete":
                return body[:start] + body[end:]
            case "repeat":
                return body[:end] + body[start:end] * 3 + body[end:]
            case "join":
                return body[:start] + other[int(self.length * len(other)) :]
            case "replace":
                return body[:start] + self.with_ + body[start + len(self.with_) :]
            case "flip":
                return body[:start] + bytes([body[start] ^ (1 << end % 8)]) + body[start + 1 :] if body else body
            case _:
                return body[:start] + self.with_ + body[start:]


DAMAGE = st.builds(
    Damage,
    st.sampled_from(["insert", "insert", "delete", "repeat", "join", "replace", "flip"]),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1),
    st.sampled_from(TOKENS) | st.binary(max_size=4),
)


def damaged(name: str) -> st.SearchStrategy[bytes]:
    seeds = sorted(set(SEEDS[name]))

    @st.composite
    def draw_document(draw: st.DrawFn) -> bytes:
        body, other = draw(st.sampled_from(seeds)), draw(st.sampled_from(seeds))
        for change in draw(st.lists(DAMAGE, min_size=1, max_size=6)):
            body = change.done_to(body, other)
        return body[: 3 * LONGEST]

    return draw_document()


@pytest.mark.parametrize("name", CHECKS)
def test_whatever_the_bytes_the_answer_can_be_kept_h9_h11_h25_h26(name: str) -> None:
    @settings(
        max_examples=50 if name == "page" else 80,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(name))
    def hold(body: bytes) -> None:
        check_in_time(CHECKS[name], body)

    hold()


def test_the_checks_can_fail() -> None:
    """A check that everything passes shows nothing."""
    refused = Unparsable(kind=Failure.UNPARSABLE, detail="so it was")
    entry = Entry(guid="1", url=None, title="x")
    feed = ParsedFeed(format="rss20", title="x", entries=(entry,))
    check_read(refused)
    check_read(feed)
    wrong: list[ParsedFeed | Unparsable] = [
        replace(refused, detail=""),
        replace(refused, detail="\x1b"),
        replace(feed, title="x" * 501),
        replace(feed, entries=(entry,) * 2_001),
        replace(feed, links=(Link(rel="hub", url="file:///x"),)),
        *(replace(feed, entries=(replace(entry, **fault),)) for fault in FAULTS),
    ]
    for each in wrong:
        with pytest.raises(AssertionError):
            check_read(each)


def test_a_finding_is_kept_as_a_case_that_reads_back(tmp_path: Path) -> None:
    body = bytes(range(256)) + b"{{self}}\n+++\n"
    path = keep(body, "feed", folder=tmp_path)
    case = read_case(path)
    assert document_of(case) == body.replace(b"{{self}}", b"https://herald.example/feed")
    assert (case.reads, case.fresh, case.expect) == ("feed", True, {})
