"""What somebody typed becomes what is looked for, and nothing that can be typed is an error."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import ResultKind, SearchDocument, SearchTerm
from monitor.stages.query import PROVIDER, TERM_LIMIT, alike, facet_words, read_query, says, words_of
from monitor.stages.terms import terms_of


def groups(text: str) -> list[list[str]]:
    return [[" ".join(t.words) + ("*" if t.is_prefix else "") for t in group] for group in read_query(text).groups]


def test_words_phrases_alternatives_and_beginnings() -> None:
    assert groups('outage "data breach" fire OR flood OR storm hallucinat*') == [
        ["outage"],
        ["data breach"],
        ["fire", "flood", "storm"],
        ["hallucinat*"],
    ]
    assert groups("a AND b") == [["a"], ["b"]]
    assert groups("gpt-4o") == [["gpt 4o"]]
    assert groups("“typographic quotes”") == [["typographic quote"]]
    assert groups('"never closed') == [["never closed"]]


def test_what_is_not_wanted() -> None:
    query = read_query('breach -drill -"data breach" NOT fire -publisher:gazette')
    assert [t.words for t in query.never] == [("drill",), ("data", "breach"), ("fire",), ("_p_gazette",)]
    assert groups("breach -drill") == [["breach"]]


def test_facets_name_a_publisher_a_provider_an_origin_a_severity_and_a_code() -> None:
    assert groups('publisher:"The Guardian" origin:incident-database severity:SEV-1 code:F10') == [
        ["_p_the _p_guardian"],
        ["_o_incident _o_database"],
        ["_s_1"],
        ["_c_f10"],
    ]
    both = read_query("provider:gpt", lambda name: {"gpt": ("openai", "acme")}[name])
    assert both.groups == ((SearchTerm(words=("_v_openai",)), SearchTerm(words=("_v_acme",))),)


def test_kinds_and_days_hold_for_the_whole_question() -> None:
    query = read_query("is:wire OR is:candidates after:2025-03 before:2025-03-09 x")
    assert query.kinds == {ResultKind.WIRE, ResultKind.CANDIDATE}
    assert (query.after, query.before) == (date(2025, 3, 1), date(2025, 3, 9))
    assert read_query("-is:article").kinds == {ResultKind.WIRE, ResultKind.CANDIDATE}
    assert read_query("-before:2025").after == date(2025, 1, 1)


def test_what_makes_no_sense_is_left_out_and_said() -> None:
    for text, said in (
        ("is:nothing", "names no kind"),
        ("before:soon", "names no date"),
        ("after:2025-02-30", "names no date"),
        ("origin:gossip", "names no origin"),
        ("a*", "begins too many words"),
        ("after:2026 before:2025", "No day"),
        (" ".join(f"w{n}" for n in range(30)), f"first {TERM_LIMIT} words"),
        ("x" * 500, "400 characters"),
    ):
        assert any(said in note for note in read_query(text).notes), text
    assert read_query("").is_empty
    assert read_query('"" () -').is_empty


@given(st.text(max_size=200))
def test_any_text_is_a_question(text: str) -> None:
    query = read_query(text)
    for term in (*(t for group in query.groups for t in group), *query.never):
        assert term.words
        assert all(w == w.casefold() and not any(c in w for c in "\"'\\()&|!:*<> \0") for w in term.words)
    words_of(query)


def test_what_is_alike_shares_the_words_that_tell_a_headline_from_others() -> None:
    found = [t.words[0] for t in alike("The new Sora video platform will be closed by OpenAI this year")]
    assert found == ["platform", "closed", "openai", "video", "sora"]


@pytest.mark.parametrize(
    ("question", "is_said"),
    [
        ("robotaxi", True),
        ("ROBOTAXIS trains", True),
        ('"stops a train"', True),
        ('"train in"', False),  # no phrase reaches from the title into the text
        ("robot*", True),
        ("obot*", False),
        ("flood OR train", True),
        ("train -lyon", False),
        ("provider:acme", True),
        ("provider:openai", False),
        ("after:2026-03", True),
        ("before:2026-03-02", False),
        ("is:wire", False),
    ],
)
def test_what_no_index_has_taken_in_yet_says_what_an_index_would_find(question: str, is_said: bool) -> None:
    document = SearchDocument(
        kind=ResultKind.CANDIDATE,
        ref=1,
        told_on=date(2026, 3, 2),
        title=" ".join(terms_of("Robotaxi stops a train")),
        body=" ".join(terms_of("In Lyon a car without a driver stood on the rails")),
        facets=facet_words(PROVIDER, "acme"),
    )
    assert says(read_query(question), document) is is_said
