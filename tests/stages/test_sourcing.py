"""The source count: what counts, what does not, and that no arrangement of articles can inflate it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.model import (
    ArticleId,
    Credit,
    CreditKind,
    Joined,
    Member,
    Origin,
    PublisherId,
    Ruling,
    RulingId,
    RulingKind,
    SourcingStandard,
    Tier,
)
from monitor.stages.owners import NO_REGISTER
from monitor.stages.sourcing import count_sources, speaking_member
from tests.builders import NOON, a_member
from tests.stages.test_owners import shipped


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
        (
            "Evening belongs to big press (feeds.yaml names big press as its owner), "
            "which already counts with “First” (Morning)."
        ),
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


# --- who retells whom ---------------------------------------------------------------------------------------------

HEARSAY = "A bot leaked data, {name} first reported.\nNobody knows how many are concerned. {name} reported thousands."


def a_retelling(number: int, of: str, **fields: Any) -> Member:
    return a_member(id=number, text=HEARSAY.format(name=of), **{"publisher": f"echo-{number}", **fields})


def test_a_retelling_adds_nothing_beside_the_report_that_it_retells() -> None:
    report, retelling = a_member(id=1, publisher="courier", title="Bot leaks"), a_retelling(2, "Courier")
    assert reasons(report, retelling) == {
        1: (True, "Courier tells it in its own words: an independent source."),
        2: (
            False,
            (
                "Retells Courier, which counts with “Bot leaks” (“A bot leaked data, Courier first reported.”), and "
                "reports nothing of its own: hearsay is no further source."
            ),
        ),
    }


def test_a_retelling_adds_nothing_beside_any_first_hand_report() -> None:
    members = [a_member(id=1, publisher="gazette"), a_retelling(2, "The Verge")]
    assert count_sources(members, register=shipped()).source_count == 1


def test_where_all_is_hearsay_the_first_retelling_stands_for_it() -> None:
    members = [a_retelling(2, "The Verge"), a_retelling(3, "The Verge"), a_retelling(4, "Wired")]
    found = count_sources(members, register=shipped())
    assert [s.counts for s in found.standings] == [True, False, False]
    assert found.standings[0].reason == (
        "Echo-2 stands for The Verge, whose report it retells (“A bot leaked data, The Verge first reported.”): "
        "nobody here tells it first-hand."
    )


def test_retellings_in_a_circle_are_one_source() -> None:
    members = [a_retelling(1, "Moon", publisher="sun"), a_retelling(2, "Sun", publisher="moon")]
    assert [s.counts for s in count_sources(members).standings] == [True, False]


def test_the_hearsay_of_a_report_that_was_ruled_out_does_not_stand_for_it() -> None:
    members = [a_member(id=1, publisher="courier"), a_retelling(2, "Courier")]
    assert count_sources(members, rulings=[a_ruling(RulingKind.DOES_NOT_COUNT, 1)]).source_count == 0


def test_a_primary_source_retells_nobody() -> None:
    members = [a_member(id=1, publisher="courier"), a_retelling(2, "Courier", tier=Tier.PRIMARY)]
    assert count_sources(members).source_count == 2


# --- whose words are printed --------------------------------------------------------------------------------------


def credited(number: int, publisher: str, to: str = "Reuters", **fields: Any) -> Member:
    credit = Credit(kind=CreditKind.AGENCY, name=to, quote=f"WASHINGTON ({to}) -")
    return a_member(id=number, publisher=publisher, credits=(credit,), **fields)


def test_two_papers_that_print_one_agency_are_its_voice() -> None:
    found = count_sources([credited(1, "gazette", title="First"), credited(2, "echo")], register=shipped())
    assert [(s.counts, s.reason) for s in found.standings] == [
        (True, "Gazette stands for Reuters, whose words it prints (“WASHINGTON (Reuters) -”)."),
        (
            False,
            "Echo prints the words of Reuters (“WASHINGTON (Reuters) -”), which already count with “First” (Gazette).",
        ),
    ]


def test_a_paper_with_a_report_of_its_own_does_not_count_again_for_what_it_prints() -> None:
    members = [credited(1, "gazette"), a_member(id=2, publisher="gazette"), credited(3, "echo")]
    found = count_sources(members, register=shipped())
    assert [s.counts for s in found.standings] == [False, True, True]


def test_a_copy_says_whom_it_credits() -> None:
    found = count_sources(
        [a_member(id=1, publisher="reuters", title="Bot"), credited(2, "echo", copy_of=1)], register=shipped()
    )
    assert found.standings[1].reason == (
        "A copy of “Bot” (Reuters), which it credits (“WASHINGTON (Reuters) -”): the same text is one source, however "
        "often it is printed."
    )


def test_a_nod_to_who_had_it_first_lends_no_voice() -> None:
    nod = Credit(kind=CreditKind.VIA, name="Reuters", quote="via Reuters")
    members = [a_member(id=1, publisher="reuters"), a_member(id=2, publisher="echo", credits=(nod,))]
    assert count_sources(members, register=shipped()).source_count == 2


# --- the register of owners ---------------------------------------------------------------------------------------


def test_the_register_knows_owners_that_feeds_yaml_does_not_name_and_feeds_yaml_wins() -> None:
    members = [
        a_member(id=1, publisher="wired", title="First"),
        a_member(id=2, publisher="ars", canonical_url="https://arstechnica.com/2"),
    ]
    found = count_sources(members, register=shipped())
    assert found.source_count == 1
    assert found.standings[1].reason == (
        "Ars belongs to Advance Publications (the register of owners lists arstechnica.com), which already counts with "
        "“First” (Wired)."
    )
    assert count_sources(members, {PublisherId("ars"): "Condé Nast"}, register=shipped()).source_count == 1
    assert count_sources(members, {PublisherId("ars"): "Somebody Else"}, register=shipped()).source_count == 2


def test_an_owner_that_publishes_under_its_own_name_is_one_with_what_it_owns() -> None:
    members = [a_member(id=1, publisher="acme"), a_member(id=2, publisher="lab")]
    assert count_sources(members, {PublisherId("lab"): "ACME"}).source_count == 1


# --- rulings ------------------------------------------------------------------------------------------------------


def a_ruling(kind: RulingKind, *left: int, right: tuple[int, ...] = (), number: int = 1) -> Ruling:
    return Ruling(
        id=RulingId(number),
        kind=kind,
        left=tuple(map(ArticleId, left)),
        right=tuple(map(ArticleId, right)),
        reason="I rang them",
        by="ada",
        at=NOON + timedelta(minutes=number),
    )


def ruled(*members: Member, rulings: list[Ruling]) -> list[tuple[bool, str]]:
    return [(s.counts, s.reason) for s in count_sources(members, rulings=rulings).standings]


def test_an_editor_rules_what_counts_and_what_does_not_and_the_reason_is_said() -> None:
    one, two = a_member(id=1, publisher="a"), a_member(id=2, publisher="b", copy_of=1)
    assert ruled(one, two, rulings=[a_ruling(RulingKind.COUNTS, 2)])[1] == (
        True,
        "B counts: ada ruled so on 2 March 2026 (“I rang them”).",
    )
    assert ruled(one, two, rulings=[a_ruling(RulingKind.DOES_NOT_COUNT, 1)]) == [
        (False, "Does not count: ada ruled so on 2 March 2026 (“I rang them”)."),
        (False, "A copy of “Headline 1” (A): the same text is one source, however often it is printed."),
    ]


def test_the_later_of_two_rulings_holds() -> None:
    one, two = a_member(id=1, publisher="a"), a_member(id=2, publisher="b", copy_of=1)
    rulings = [a_ruling(RulingKind.COUNTS, 2, number=1), a_ruling(RulingKind.DOES_NOT_COUNT, 2, number=2)]
    assert [counts for counts, _ in ruled(one, two, rulings=rulings)] == [True, False]


def test_what_is_ruled_no_copy_is_judged_as_if_it_had_not_looked_like_one() -> None:
    one, two = a_member(id=1, publisher="a"), a_member(id=2, publisher="b", copy_of=1)
    assert ruled(one, two, rulings=[a_ruling(RulingKind.NOT_A_COPY, 2, right=(1,))])[1] == (
        True,
        "B tells it in its own words: an independent source; ada ruled so on 2 March 2026 (“I rang them”).",
    )


def test_what_is_ruled_a_copy_is_one() -> None:
    one, two = a_member(id=1, publisher="a"), a_member(id=2, publisher="b")
    assert ruled(one, two, rulings=[a_ruling(RulingKind.COPY, 2, right=(1,))])[1] == (
        False,
        "A copy of “Headline 1” (A): ada ruled so on 2 March 2026 (“I rang them”).",
    )


def test_what_is_ruled_not_derived_counts() -> None:
    members = [a_member(id=1, publisher="courier"), a_retelling(2, "Courier")]
    assert count_sources(members, rulings=[a_ruling(RulingKind.NOT_DERIVED, 2)]).source_count == 2


def test_no_ruling_makes_one_house_two_sources() -> None:
    members = [a_member(id=1, publisher="a"), a_member(id=2, publisher="a", title="Second")]
    found = ruled(*members, rulings=[a_ruling(RulingKind.COUNTS, 1, 2)])
    assert found[1] == (
        False,
        (
            "A would count (ada ruled so on 2 March 2026 (“I rang them”)), but no publisher counts twice: A already "
            "counts with “Headline 1”."
        ),
    )


def test_a_mention_neither_counts_nor_speaks() -> None:
    member = replace(a_member(id=1, publisher="skim", title="The week"), joined=Joined.MENTION)
    other = a_member(id=2, publisher="b", title="Bot", first_seen_at=NOON + timedelta(days=1))
    found = count_sources([member, other], rulings=[a_ruling(RulingKind.COUNTS, 1)])
    assert [s.counts for s in found.standings] == [False, True]
    assert speaking_member([member, other], found) is other
    assert speaking_member([member], count_sources([member])) is member


# --- trying to break it -------------------------------------------------------------------------------------------

PUBLISHERS = ("a", "b", "c", "d", "Reuters", "Wired", "Ars Technica")
HOSTS = ("https://wired.com/", "https://arstechnica.com/", "https://a.example/")


@st.composite
def some_members(draw: st.DrawFn) -> list[Member]:
    """Any articles at all: copies may name each other, themselves, or what is not there; so may retellings."""
    members = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        retold = draw(st.none() | st.sampled_from(PUBLISHERS))
        to = draw(st.none() | st.sampled_from(PUBLISHERS))
        member = a_member(
            id=number,
            publisher=draw(st.sampled_from(PUBLISHERS)),
            tier=draw(st.sampled_from(Tier)),
            first_seen_at=NOON + timedelta(hours=draw(st.integers(0, 3))),
            copy_of=draw(st.none() | st.integers(1, 12)),
            text="" if retold is None else HEARSAY.format(name=retold.title()),
            canonical_url=f"{draw(st.sampled_from(HOSTS))}{number}",
            credits=() if to is None else (Credit(kind=draw(st.sampled_from(CreditKind)), name=to),),
        )
        members.append(replace(member, joined=Joined.MENTION) if draw(st.integers(0, 6)) == 0 else member)
    return members


@st.composite
def some_rulings(draw: st.DrawFn) -> list[Ruling]:
    """Any rulings that could be laid down: about a copy there is one original, about no copy there may be none."""
    rulings = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        kind = draw(st.sampled_from(RulingKind))
        left = draw(st.sets(st.integers(1, 9), min_size=1, max_size=4))
        fewest = 0 if kind is RulingKind.NOT_A_COPY else 1
        right = draw(st.sets(st.sampled_from(sorted(set(range(1, 13)) - left)), min_size=fewest, max_size=1))
        rulings.append(a_ruling(kind, *sorted(left), right=tuple(right), number=number))
    return rulings


some_owners = st.dictionaries(st.sampled_from(PUBLISHERS).map(PublisherId), st.sampled_from(["X", "Y", "Condé Nast"]))


@given(some_members(), some_owners, some_rulings(), st.booleans())
def test_the_count_never_exceeds_the_independent_publishers(
    members: list[Member], owners: dict[PublisherId, str], rulings: list[Ruling], has_register: bool
) -> None:
    register = shipped() if has_register else NO_REGISTER
    found = count_sources(members, owners, rulings, register=register)
    telling = [m for m in members if m.joined is not Joined.MENTION]
    house = independent(telling, owners, register is not NO_REGISTER)
    counting = [m for m, s in zip(members, found.standings, strict=True) if s.counts]
    assert found.source_count == len(counting) <= len(set(house.values()))
    assert len({house[m.article.publisher] for m in counting}) == len(counting)
    assert [s.article for s in found.standings] == [m.article.id for m in members]
    assert all(s.reason.endswith(".") and "\n" not in s.reason for s in found.standings)
    assert not any(m.joined is Joined.MENTION for m in counting)
    if not any(r.kind is RulingKind.DOES_NOT_COUNT for r in rulings) and telling:
        assert counting
    if found.standard is not SourcingStandard.SINGLE_SOURCE:
        assert found.source_count > 1


def independent(telling: list[Member], owners: dict[PublisherId, str], has_register: bool) -> dict[PublisherId, str]:
    """The house of each publisher, found in another way than the code does: by what these tests have made up."""
    found: dict[PublisherId, str] = {}
    for publisher in {m.article.publisher for m in telling}:
        hosts = {m.article.canonical_url.split("/")[2] for m in telling if m.article.publisher == publisher}
        is_advance = bool(hosts & {"wired.com", "arstechnica.com"}) or publisher in {"Wired", "Ars Technica"}
        if publisher in owners:
            found[publisher] = "Advance" if owners[publisher] == "Condé Nast" else owners[publisher]
        elif has_register and publisher == "Reuters":
            found[publisher] = "Thomson Reuters"
        else:
            found[publisher] = "Advance" if has_register and is_advance else f"publisher {publisher}"
    return found


@given(some_members(), some_rulings())
def test_texts_that_nobody_freed_count_once(members: list[Member], rulings: list[Ruling]) -> None:
    kept = [r for r in rulings if r.kind in {RulingKind.COPY, RulingKind.DOES_NOT_COUNT}]
    found = count_sources(members, rulings=kept)
    copied = {m.article.id for m in members if m.copy_of is not None and m.copy_of != m.article.id}
    loose = [m for m in members if m.joined is not Joined.MENTION and m.article.id not in copied]
    said = {a for r in kept if r.kind is RulingKind.COPY for a in r.right}  # an original that may be no member
    named = ({m.copy_of for m in members} | said) - {m.article.id for m in loose}
    assert found.source_count <= len(loose) + len(named)


@given(
    some_members().flatmap(lambda m: st.tuples(st.just(m), st.permutations(m))),
    some_rulings().flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))),
    some_owners,
)
def test_no_order_of_anything_changes_anything(
    members: tuple[list[Member], list[Member]],
    rulings: tuple[list[Ruling], list[Ruling]],
    owners: dict[PublisherId, str],
) -> None:
    first, second = (count_sources(m, owners, r, register=shipped()) for m, r in zip(members, rulings, strict=True))
    assert {s.article: s for s in first.standings} == {s.article: s for s in second.standings}
    assert (first.source_count, first.standard) == (second.source_count, second.standard)


@given(some_members())
def test_one_more_reprint_never_adds_a_source(members: list[Member]) -> None:
    assume(members[0].joined is not Joined.MENTION)
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
