"""What keeps a draft from readers, what it cites, and the names it goes out under."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.errors import FaultyFile
from monitor.model import (
    ArticleId,
    Code,
    Codebook,
    Draft,
    Manner,
    Origin,
    Provider,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Tier,
    WireId,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.revise import (
    HEADLINE_LIMIT,
    TEXT_LIMIT,
    cite,
    draft_from_yaml,
    manner_after,
    rationale_of,
    signal_origin,
    slug_of,
    tag_authority,
    tag_uri,
    what_is_missing,
)
from tests.builders import a_member, an_article

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BOOK = Codebook(
    version="1",
    codes=(
        Code(id="M1", name="Act", definition="d"),
        Code(id="M2", name="Old", definition="d", is_retired=True),
        Code(id="F1", name="Safety", definition="d"),
    ),
)
INDEX = ProviderIndex((Provider(id="openai", name="OpenAI", aliases=("ChatGPT",)),))
GAZETTE = an_article(id=1, publisher="gazette", url="https://gazette.example/1?utm_source=feed")
COURIER = an_article(id=2, publisher="courier")
OFFICE = an_article(id=3, publisher="office", tier=Tier.PRIMARY, origin=Origin.REGULATOR)
CITABLE = (GAZETTE, COURIER, OFFICE)
FIT = Draft(
    headline="Chatbot invents a ruling",
    severity=Severity.SEV_3,
    providers=("openai",),
    occurred_on=date(2026, 3, 1),
    body="One. [source](article:1)\n\nTwo. [source](https://courier.example/2)",
    rationale="Because.",
    counterfactual="But for it, no.",
    codes=("M1", "F1"),
)


def missing(draft: Draft, kind: RevisionKind = RevisionKind.FIRST, standing: tuple[str, ...] = ()) -> list[str]:
    found = what_is_missing(draft, CITABLE, BOOK, INDEX, kind=kind, now=NOW, standing_codes=standing)
    assert all(m.reason.endswith((".", "?")) or ": " in m.reason for m in found)
    return [m.field for m in found]


def test_a_fit_draft_lacks_nothing() -> None:
    assert missing(FIT) == []


def test_an_empty_draft_lacks_everything_in_the_order_of_the_form() -> None:
    assert missing(Draft()) == [
        "headline", "severity", "providers", "occurred_on", "body", "rationale", "counterfactual", "codes", "codes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"headline": "  "}, "headline"),
        ({"headline": "x" * (HEADLINE_LIMIT + 1)}, "headline"),
        ({"providers": ("ChatGPT",)}, "providers"),
        ({"providers": ("openai", "nobody")}, "providers"),
        ({"occurred_on": date(2026, 3, 4)}, "occurred_on"),
        ({"occurred_on": date(1756, 1, 1)}, "occurred_on"),
        ({"body": "One. [source](article:1)\n\nTwo."}, "body"),
        ({"body": "One. [source](article:9)"}, "body"),
        ({"body": "One. [source](https://stranger.example/)"}, "body"),
        ({"body": "One. [source]"}, "body"),
        ({"body": "One. [this](article:1) and [source](javascript:x)", "sources": (ArticleId(2),)}, "body"),
        ({"body": "x" * (TEXT_LIMIT + 1)}, "body"),
        ({"body": "# Only a heading"}, "body"),
        ({"rationale": "x" * (TEXT_LIMIT + 1)}, "rationale"),
        ({"codes": ("M1", "F9", "F1")}, "codes"),
        ({"codes": ("M1",)}, "codes"),
        ({"standard": SourcingStandard.CONFIRMED}, "standard"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    assert missing(replace(FIT, **change)) == [field]  # type: ignore[arg-type]


def test_tomorrow_has_begun_where_the_day_begins() -> None:
    late = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    tomorrow = replace(FIT, occurred_on=date(2026, 3, 3))
    assert what_is_missing(tomorrow, CITABLE, BOOK, INDEX, now=late) == ()
    assert what_is_missing(tomorrow, CITABLE, BOOK, INDEX, now=late.replace(hour=9))[0].field == "occurred_on"


def test_a_retired_code_stays_only_where_it_stood() -> None:
    retired = replace(FIT, codes=("M2", "F1"))
    assert missing(retired) == ["codes", "codes"]
    assert missing(retired, standing=("M2",)) == []


@pytest.mark.parametrize(
    ("kind", "fields"), [("correction", ["note"]), ("retraction", ["note"]), ("update", []), ("first", [])]
)
def test_readers_are_told_of_corrections_and_retractions(kind: str, fields: list[str]) -> None:
    assert missing(FIT, RevisionKind(kind)) == fields
    assert missing(replace(FIT, note="It was two."), RevisionKind(kind)) == []


def test_citations_are_frozen_in_order_of_first_appearance_each_once() -> None:
    body = "A [source](https://office.example/3). [source](https://gazette.example/1) [source](article:3)"
    cited = cite(replace(FIT, body=body), CITABLE)
    assert [c.article for c in cited.citations] == [3, 1]
    assert (cited.sourcing.source_count, cited.standard) == (2, SourcingStandard.CONFIRMED)
    assert all(c.counts and c.reason for c in cited.citations)


def test_reprints_of_an_original_that_is_not_cited_are_still_one_source() -> None:
    members = [a_member(an_article(id=n, publisher=p), copy_of=9) for n, p in ((4, "a"), (5, "b"), (6, "c"))]
    body = " ".join(f"[source](article:{n})" for n in (4, 5, 6))
    cited = cite(replace(FIT, body=f"x {body}"), members)
    assert (cited.sourcing.source_count, cited.standard) == (1, SourcingStandard.SINGLE_SOURCE)


def test_the_standard_is_lowered_never_raised() -> None:
    assert cite(replace(FIT, standard=SourcingStandard.SINGLE_SOURCE), CITABLE).standard == "single-source"
    assert cite(replace(FIT, standard=SourcingStandard.CONFIRMED), CITABLE).standard == "standard"


def test_a_draft_may_cite_its_own_sources_only() -> None:
    own = replace(FIT, sources=(ArticleId(1),))
    assert [c.article for c in cite(own, CITABLE).citations] == [1]


def test_the_first_signal_gives_its_origin() -> None:
    assert signal_origin([a_member(OFFICE)]) is Origin.REGULATOR
    assert signal_origin([]) is None


def a_revision(draft: Draft, manner: Manner = Manner.EDITOR) -> Revision:
    return Revision(
        wire=WireId(1), number=1, kind=RevisionKind.FIRST, status=RevisionStatus.RELEASED, draft=draft, manner=manner,
        editor="ada", saved_at=NOW, version=1, standard=SourcingStandard.STANDARD, source_count=2,
    )  # fmt: skip


def test_a_classification_is_made_anew_only_when_its_words_change() -> None:
    bulk = a_revision(FIT, Manner.BULK)
    first = rationale_of(bulk, None, origin=Origin.PRESS, now=NOW)
    before = replace(bulk, rationale=first)
    later = NOW.replace(year=2027)
    assert rationale_of(a_revision(replace(FIT, headline="x")), before, origin=None, now=later) == first
    anew = rationale_of(a_revision(replace(FIT, rationale="I read it.")), before, origin=None, now=later)
    assert (anew.classified_at, anew.manner) == (later, Manner.EDITOR)
    assert manner_after(replace(FIT, body="x"), bulk) is Manner.BULK
    assert manner_after(replace(FIT, counterfactual="x"), bulk) is Manner.EDITOR


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Chatbot’s “ruling” – invented!", "chatbots-ruling-invented-ab12cd"),
        ("Überfall auf Köln", "uberfall-auf-koln-ab12cd"),
        ("حادث", "wire-ab12cd"),
        ("../../etc/passwd", "etc-passwd-ab12cd"),
        ("a" * 500, "a" * 60 + "-ab12cd"),
    ],
)
def test_a_slug_is_plain_and_short(headline: str, slug: str) -> None:
    assert slug_of(headline, "ab12cd") == slug
    assert len(slug_of("word " * 100, "ab12cd")) <= 87


def test_tag_uris_are_what_rfc_4151_says_o3() -> None:
    assert tag_uri(tag_authority("Wire.Example."), date(2026, 3, 2), "feed") == "tag:wire.example,2026-03-02:feed"
    assert tag_authority("::1") == tag_authority("") == "localhost"


def test_a_draft_is_read_from_yaml_with_names_resolved() -> None:
    text = """
headline: "Chatbot\\u0000 invents"
severity: 3
providers: [ChatGPT, Nobody]
occurred_on: 2026-03-01
codes: [m1, F1]
sources: [1, "article:2", 1]
standard: single-source
body: |
  One. [source](article:1)
"""
    draft = draft_from_yaml(text, "wire.yaml", providers=INDEX)
    assert draft == Draft(
        headline="Chatbot invents",
        severity=Severity.SEV_3,
        providers=("openai", "Nobody"),
        occurred_on=date(2026, 3, 1),
        body="One. [source](article:1)",
        codes=("M1", "F1"),
        sources=(ArticleId(1), ArticleId(2)),
        standard=SourcingStandard.SINGLE_SOURCE,
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "w.yaml:1: file: is not YAML"),
        ("- a", "must be a block of fields"),
        ("headlin: x", "headlin: is not a field"),
        ("severity: SEV-5", "severity: must be SEV-1"),
        ("occurred_on: soon", "occurred_on: must be a date"),
        ("codes: {a: b}", "codes: must be a list"),
        ("sources: [x]", "sources: must be a list of article numbers"),
        ("standard: best", "standard: must be single-source"),
        ("body: 4", "body: must be a text"),
    ],
)
def test_a_faulty_draft_is_refused_by_field(text: str, complaint: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        draft_from_yaml(text, "w.yaml")
    assert complaint in str(refused.value)
