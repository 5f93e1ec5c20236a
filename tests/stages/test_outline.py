"""The outline of a wire: what comes from outside stays in its place, what an editor must judge stays empty."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Candidate, CandidateDetail, CandidateId, CandidateStatus, Code, Codebook, Draft
from monitor.stages.canonical import clean_line, clean_text
from monitor.stages.outline import outline_wire
from monitor.stages.revise import draft_from_yaml
from monitor.stages.sourcing import count_sources
from tests.builders import a_member

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CODEBOOK = Codebook(
    version="1",
    codes=(
        Code(id="M2", name="Model behaviour", definition="…"),
        Code(id="M99", name="Given up", definition="…", is_retired=True),
    ),
)


def outline(title: str, publisher: str = "gazette", article_title: str = "Headline") -> str:
    members = (
        a_member(id=41, title=article_title, publisher=publisher),
        a_member(id=42, title=article_title, publisher=publisher),
    )
    candidate = Candidate(
        id=CandidateId(7), status=CandidateStatus.OPEN, version=1, title=title, opened_at=NOW, grown_at=NOW,
        source_count=1, article_count=2, providers=("acme",),
    )  # fmt: skip
    detail = CandidateDetail(candidate=candidate, members=members, sourcing=count_sources(members), decisions=())
    return outline_wire(detail, CODEBOOK)


def test_it_says_how_to_go_on_and_which_articles_count() -> None:
    text = outline("Chatbot leaks records")
    assert "monitor accept 7 --wire THIS-FILE.yaml" in text
    assert "  - 41  # Gazette, 2026-03-02, counts: Headline" in text
    assert "  - 42  # Gazette, 2026-03-02, does not count: Headline" in text


def test_codes_in_use_are_listed_and_retired_ones_are_not() -> None:
    text = outline("Chatbot leaks records")
    assert "#   M2 Model behaviour" in text
    assert "M99" not in text


def test_only_what_the_candidate_knows_is_filled_in() -> None:
    draft = draft_from_yaml(outline("Chatbot leaks records"), "wire.yaml")
    assert draft == Draft(headline="Chatbot leaks records", providers=("acme",), sources=(41, 42))  # type: ignore[arg-type]


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=80))
def test_no_title_and_no_name_breaks_out_of_its_place(title: str, publisher: str, article_title: str) -> None:
    stored = [clean_text(t) for t in (title, publisher, article_title)]  # as everything is, at the door (H11)
    draft = draft_from_yaml(outline(*stored), "wire.yaml")
    assert draft == Draft(headline=clean_line(stored[0]), providers=("acme",), sources=(41, 42))  # type: ignore[arg-type]
