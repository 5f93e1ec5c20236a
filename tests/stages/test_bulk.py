"""The draft of a wire accepted in bulk: it claims what the archive says, attributed, and nothing else."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import (
    Candidate,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Draft,
    Member,
    Severity,
    SourceId,
)
from monitor.stages.bulk import Stated, draft_in_bulk, why_not_in_bulk
from monitor.stages.canonical import clean_line
from monitor.stages.markup import escape_text, paragraphs, render_body
from monitor.stages.sourcing import count_sources
from monitor.stages.wire_archive import UNTESTED
from tests.builders import a_member

NOON = datetime(2024, 6, 4, 12, 0, tzinfo=UTC)
STATED = Stated(rationale="The founding editors read each.", severity=Severity.SEV_4, codes=("M4", "F9"))


def told(number: int, publisher: str, title: str = "Chatbot down for hours", **fields: Any) -> Member:
    return a_member(
        id=number, publisher=publisher, title=title, **{"published_at": NOON, "first_seen_at": NOON, **fields}
    )


def detail_of(*members: Member, **fields: object) -> CandidateDetail:
    sourcing = count_sources(members)
    candidate = Candidate(
        id=CandidateId(7), status=CandidateStatus.OPEN, version=1, title="Chatbot down for hours", opened_at=NOON,
        grown_at=NOON, source_count=sourcing.source_count, article_count=len(members), providers=("openai",),
    )  # fmt: skip
    candidate = replace(candidate, **fields)  # type: ignore[arg-type]
    return CandidateDetail(candidate=candidate, members=members, sourcing=sourcing, decisions=())


def test_each_independent_source_is_one_attributed_and_cited_paragraph() -> None:
    copy = a_member(id=3, publisher="mirror", copy_of=1, published_at=NOON, first_seen_at=NOON)
    later = told(2, "courier", "Why did it stop?", published_at=NOON.replace(day=6), first_seen_at=NOON.replace(day=6))
    draft = draft_in_bulk(detail_of(told(1, "gazette"), later, copy), STATED)
    assert draft == Draft(
        headline="Chatbot down for hours",
        severity=Severity.SEV_4,
        providers=("openai",),
        occurred_on=date(2024, 6, 4),
        body="Gazette reported on 4 June 2024: Chatbot down for hours. [source](article:1)\n\n"
        "Courier reported on 6 June 2024: Why did it stop? [source](article:2)",
        rationale="The founding editors read each.",
        counterfactual=UNTESTED,
        codes=("M4", "F9"),
        sources=draft.sources,
    )
    assert draft.sources == (1, 2, 3)


def test_no_day_and_no_name_are_made_up() -> None:
    anonymous = told(1, "unknown", publisher_name="unknown", published_at=None)
    draft = draft_in_bulk(detail_of(anonymous), STATED)
    assert draft.body == "An unnamed publisher reported: Chatbot down for hours. [source](article:1)"
    assert draft.occurred_on is None
    later = told(2, "courier", published_at=NOON.replace(day=6), first_seen_at=NOON.replace(day=6))
    assert draft_in_bulk(detail_of(anonymous, later), STATED).occurred_on == date(2024, 6, 6)


def test_a_title_of_any_length_fits_the_headline_and_the_text() -> None:
    draft = draft_in_bulk(detail_of(told(1, "gazette", "word " * 100), title="word " * 100), STATED)
    assert len(draft.headline) == 200
    assert len(draft.body) < 400


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_title_and_no_name_is_more_than_text(name: str, title: str) -> None:
    member = told(1, "gazette", clean_line(title), publisher_name=clean_line(name))
    (paragraph,) = paragraphs(draft_in_bulk(detail_of(member), STATED).body)
    assert paragraph.targets == ("article:1",)


@pytest.mark.parametrize(
    "text",
    [
        "1. One",
        "# One",
        "> said",
        "- x",
        "+ x",
        "=",
        "a [link](https://x.example) *b* _c_ `d` <b>e</b> &amp; ~~f~~ \\g",
    ],
)
def test_escaped_text_reads_as_written(text: str) -> None:
    assert html.unescape(render_body(escape_text(text))) == f"<p>{text}</p>\n"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"claimed_by": "ada"}, None),
        ({"claimed_by": "grace"}, "claimed by another editor"),
        ({"status": CandidateStatus.ACCEPTED}, "accepted already"),
        ({"status": CandidateStatus.SNOOZED}, "snoozed: decide at the desk"),
    ],
)
def test_only_what_nobody_has_decided_on_is_accepted_in_bulk(change: dict[str, object], reason: str | None) -> None:
    assert why_not_in_bulk(detail_of(told(1, "gazette"), **change), editor="ada") == reason


def test_what_a_polled_source_tells_too_is_left_for_an_editor() -> None:
    news = told(2, "courier", source=SourceId("courier"))
    assert "decide at the desk" in (why_not_in_bulk(detail_of(told(1, "gazette"), news), editor="ada") or "")
