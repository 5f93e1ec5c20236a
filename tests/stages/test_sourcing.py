"""The source count: what counts, what does not, and that no arrangement of articles can inflate it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Member, Origin, PublisherId, SourcingStandard, Tier
from monitor.stages.sourcing import count_sources, speaking_member
from tests.builders import NOON, a_member


def reasons(*members: Member, **owners: str) -> dict[int, tuple[bool, str]]:
    sourcing = count_sources(members, {PublisherId(p): owner for p, owner in owners.items()})
    return {s.article: (s.counts, s.reason) for s in sourcing.standings}


def test_ten_reprints_of_one_agency_story_are_one_source() -> None:
    original = a_member(id=1, publisher="agency", title="Chatbot gave wrong doses")
    reprints = [a_member(id=i, publisher=f"paper-{i}", copy_of=1) for i in range(2, 12)]
    sourcing = count_sources([original, *reprints])
    assert sourcing.source_count == 1
    assert sourcing.standard is SourcingStandard.SINGLE_SOURCE
    assert [s.counts for s in sourcing.standings] == [True] + [False] * 10
    assert sourcing.standings[4].reason == (
        "A copy of “Chatbot gave wrong doses” (Agency): the same text is one source, however often it is printed."
    )


def test_two_posts_of_one_publisher_are_one_source() -> None:
    found = reasons(a_member(id=1, publisher="gazette", title="First"), a_member(id=2, publisher="gazette"))
    assert found == {
        1: (True, "Gazette tells it in its own words: an independent source."),
        2: (False, "Gazette already counts with “First”."),
    }


def test_publishers_of_one_owner_are_one_voice() -> None:
    members = a_member(id=1, publisher="morning", title="First"), a_member(id=2, publisher="evening")
    assert count_sources(members).source_count == 2
    assert reasons(*members, morning="Big Press", evening="big press")[2] == (
        False,
        "Evening belongs to big press (feeds.yaml names big press as its owner), which already counts with “First” (Morning).",
    )


def test_a_copy_of_a_copy_is_a_copy_of_the_original() -> None:
    members = (
        a_member(id=1, publisher="a"),
        a_member(id=2, publisher="b", copy_of=1),
        a_member(id=3, publisher="c", copy_of=2),
    )
    assert count_sources(members).source_count == 1


def test_reprints_whose_original_left_are_still_one_source() -> None:
    members = a_member(id=2, publisher="b", copy_of=1), a_member(id=3, publisher="c", copy_of=1)
    found = reasons(*members)
    assert found[2] == (True, "B stands for a text whose original is not among these articles.")
    assert not found[3][0]


def test_a_primary_source_is_the_original_of_what_was_seen_first_in_a_reprint() -> None:
    reprint = a_member(id=1, publisher="paper")
    notice = a_member(id=2, publisher="regulator", tier=Tier.PRIMARY, copy_of=1)
    assert reasons(reprint, notice) == {
        1: (False, "A copy of “Headline 2” (Regulator): the same text is one source, however often it is printed."),
        2: (True, "Regulator tells it in its own words: an independent primary source."),
    }


def test_the_standard_follows_the_count_and_the_tier() -> None:
    press, other = a_member(id=1, publisher="a"), a_member(id=2, publisher="b")
    primary = a_member(id=3, publisher="p", tier=Tier.PRIMARY)
    assert count_sources([primary]).standard is SourcingStandard.SINGLE_SOURCE
    assert count_sources([press, other]).standard is SourcingStandard.STANDARD
    assert count_sources([press, primary]).standard is SourcingStandard.CONFIRMED


def test_a_primary_source_and_its_reprint_confirm_nothing() -> None:
    members = a_member(id=1, publisher="p", tier=Tier.PRIMARY), a_member(id=2, publisher="b", copy_of=1)
    assert count_sources(members).standard is SourcingStandard.SINGLE_SOURCE


def test_no_articles_are_no_source() -> None:
    assert count_sources([]).source_count == 0


def test_the_earliest_article_that_counts_speaks_for_all() -> None:
    late = a_member(id=1, publisher="a", title="Late", first_seen_at=NOON + timedelta(hours=1))
    early = a_member(id=2, publisher="b", title="Early")
    copy = a_member(id=3, publisher="c", title="Copy", copy_of=2, first_seen_at=NOON - timedelta(hours=1))
    members = [late, early, copy]
    assert speaking_member(members, count_sources(members)).article.title == "Early"


@st.composite
def some_members(draw: st.DrawFn) -> list[Member]:
    """Any articles at all: copies may name each other, themselves, or what is not there."""
    size = draw(st.integers(1, 9))
    return [
        a_member(
            id=number,
            publisher=draw(st.sampled_from("abcde")),
            tier=draw(st.sampled_from(Tier)),
            first_seen_at=NOON + timedelta(hours=draw(st.integers(0, 3))),
            copy_of=draw(st.none() | st.integers(1, 12)),
        )
        for number in range(1, size + 1)
    ]


@given(some_members(), st.dictionaries(st.sampled_from("abcde").map(PublisherId), st.sampled_from(["X", "Y"])))
def test_the_count_never_exceeds_publishers_owners_or_texts(
    members: list[Member], owners: dict[PublisherId, str]
) -> None:
    sourcing = count_sources(members, owners)
    voices = {owners.get(m.article.publisher, m.article.publisher + "!") for m in members}
    absent = {m.copy_of for m in members} - {m.article.id for m in members} - {None}
    looped = {m.copy_of for m in members if m.copy_of is not None and m.copy_of >= m.article.id} - absent
    texts = sum(m.copy_of is None for m in members) + len(absent) + len(looped)
    assert 1 <= sourcing.source_count <= min(len(voices), texts)
    assert sum(s.counts for s in sourcing.standings) == sourcing.source_count
    assert [s.article for s in sourcing.standings] == [m.article.id for m in members]
    assert all(s.reason.endswith(".") for s in sourcing.standings)


@given(some_members().flatmap(lambda m: st.tuples(st.just(m), st.permutations(m))))
def test_the_order_of_the_articles_changes_nothing(pair: tuple[list[Member], list[Member]]) -> None:
    given_order, other = pair
    first, second = count_sources(given_order), count_sources(other)
    assert {s.article: s for s in first.standings} == {s.article: s for s in second.standings}
    assert (first.source_count, first.standard) == (second.source_count, second.standard)


@given(some_members())
def test_one_more_reprint_never_adds_a_source(members: list[Member]) -> None:
    reprint = a_member(id=99, publisher="new", copy_of=members[0].article.id, first_seen_at=NOON + timedelta(days=1))
    assert count_sources([*members, reprint]).source_count <= count_sources(members).source_count


def test_the_press_speaks_for_a_candidate_before_a_court_and_in_the_language_of_most() -> None:
    members = [
        a_member(id=1, publisher="high-court", title="In the matter of Q", origin=Origin.REGULATOR),
        a_member(id=2, publisher="bote", title="Gericht gibt Frau Q recht", language="de"),
        a_member(id=3, publisher="gazette", title="Court sides with Ms Q", language="en-GB"),
        a_member(id=4, publisher="courier", title="Ms Q wins", language="en"),
    ]
    assert speaking_member(members, count_sources(members)).article.title == "Court sides with Ms Q"
    assert speaking_member(members[:1], count_sources(members[:1])).article.title == "In the matter of Q"
