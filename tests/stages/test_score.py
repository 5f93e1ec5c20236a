"""The place in the queue: every cue says what it saw, and their sum is the score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Cue, Member, Origin, Tier
from monitor.stages.score import OPENING_LENGTH, score_candidate
from monitor.stages.sourcing import count_sources
from monitor.stages.words import HARMS, NOISE
from tests.builders import NOON, a_member


def cues(members: Sequence[Member], providers: Sequence[str] = ()) -> dict[str, Cue]:
    return {c.name: c for c in score_candidate(members, count_sources(members), providers)}


def score(*members: Member, providers: Sequence[str] = ()) -> float:
    return sum(c.weight for c in score_candidate(members, count_sources(members), providers))


def test_nothing_known_is_no_cue() -> None:
    assert score_candidate([a_member(title="A day in the park")], count_sources([a_member()]), ()) == ()
    assert score_candidate([], count_sources([]), ()) == ()


def test_each_doubling_of_sources_weighs_the_same_so_coverage_alone_grows_slowly() -> None:
    members = [a_member(publisher=f"paper-{n}", first_seen_at=NOON + timedelta(days=n)) for n in range(8)]
    weights = {n: cues(members[:n])["independent sources"].weight for n in (2, 4, 8)}
    assert weights == {2: 10.0, 4: 20.0, 8: 30.0}
    assert "independent sources" not in cues(members[:1])


def test_reprints_add_nothing() -> None:
    original = a_member(id=900, publisher="agency")
    reprints = [a_member(publisher=f"paper-{n}", copy_of=900) for n in range(10)]
    assert score(original, *reprints) == score(original)


def test_independent_sources_are_named() -> None:
    cue = cues([a_member(publisher="gazette"), a_member(publisher="courier")])["independent sources"]
    assert cue.evidence == "2 independent publishers tell it: Courier, Gazette"
    many = [a_member(publisher=f"paper-{n}") for n in range(7)]
    assert cues(many)["independent sources"].evidence.endswith("and 2 more")


def test_a_primary_source_is_a_cue_with_its_title() -> None:
    cue = cues([a_member(publisher="acme", title="Our post-mortem", tier=Tier.PRIMARY)])["primary source"]
    assert "Acme" in cue.evidence
    assert "“Our post-mortem”" in cue.evidence


@pytest.mark.parametrize("origin", [Origin.REGULATOR, Origin.INCIDENT_DATABASE, Origin.PROBE])
def test_origins_that_look_for_harm_lift(origin: Origin) -> None:
    assert score(a_member(origin=origin)) > score(a_member(origin=Origin.PRESS)) == 0


def test_a_provider_that_tells_of_trouble_lifts_and_one_that_tells_of_a_party_does_not() -> None:
    trouble = cues([a_member(origin=Origin.PROVIDER, title="Elevated errors on the chat API")])
    assert "provider tells of trouble" in trouble
    assert "provider tells of trouble" not in cues([a_member(origin=Origin.PROVIDER, title="See you at our party")])


def test_three_voices_within_six_hours_spread_fast_and_three_days_do_not() -> None:
    quick = [a_member(publisher=f"paper-{n}", first_seen_at=NOON + timedelta(hours=2 * n)) for n in range(3)]
    slow = [a_member(publisher=f"paper-{n}", first_seen_at=NOON + timedelta(days=n)) for n in range(3)]
    assert cues(quick)["spreading fast"].evidence == "3 independent publishers within 6 hours"
    assert "spreading fast" not in cues(slow)


def test_a_named_provider_lifts() -> None:
    assert cues([a_member()], ["openai"])["named provider"].evidence == "openai"


def test_harm_in_a_title_names_words_and_article() -> None:
    cue = cues([a_member(title="Teacher dies after chatbot urged Suicide", publisher="courier")])[
        "words of death or injury"
    ]
    assert cue.weight == 16.0
    assert cue.evidence == ("“dies”, “Suicide” in the title “Teacher dies after chatbot urged Suicide” (Courier)")


def test_harm_in_the_opening_weighs_half_and_further_down_nothing() -> None:
    opening = cues([a_member(title="A quiet day", text="The lawsuit was filed on Monday.")])["words of a legal matter"]
    assert opening.weight == 4.0
    assert "at the beginning of “A quiet day”" in opening.evidence
    assert score(a_member(title="A quiet day", text="." * OPENING_LENGTH + " The lawsuit was filed.")) == 0


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Mann verklagt Anbieter nach falscher Auskunft", "words of a legal matter"),
        ("Chatbot-Ausfall legt Behörden lahm", "words of an outage or regression"),
        ("Großer Ausfall bei KI-Anbieter", "words of an outage or regression"),
        ("Un homme accuse: plainte contre un chatbot", "words of a legal matter"),
        ("Un adolescent meurt après des conseils", "words of death or injury"),
        ("Fuite de données chez un fournisseur d’IA", "words of a leak or attack"),
        ("Muere un joven en Lima", "words of death or injury"),
        ("Truffa con voci clonate", "words of fraud or falsehood"),
        ("Vazamento expõe conversas", "words of a leak or attack"),
        ("Onderzoek naar chatbot", "words of a legal matter"),
        ("聊天机器人泄露用户数据", "words of a leak or attack"),
        ("対話AIで大規模障害", "words of an outage or regression"),
        ("ＬＡＷＳＵＩＴ filed", "words of a legal matter"),  # full-width, NFKC
        ("Skilled workers love the deadline", ""),  # skilled is not killed, deadline is not dead
    ],
)
def test_words_of_several_languages_whole_words_only(title: str, topic: str) -> None:
    found = [n for n in cues([a_member(title=title)]) if n.startswith("words of")]
    assert found == ([topic] if topic else [])


@pytest.mark.parametrize(
    "title",
    [
        "Acme raises $2 billion in Series B funding",
        "Acme unveils its new model",
        "Opinion: what we owe to machines",
        "Acme appoints a chief scientist",
        "Acme stellt vor: das neue Modell",
        "某公司发布新模型",
    ],
)
def test_obviously_other_news_sinks_below_silence(title: str) -> None:
    assert score(a_member(title=title)) < 0


def test_a_text_that_mentions_funding_in_passing_does_not_sink() -> None:
    assert score(a_member(title="Chatbot leaks records", text="The company raised funding last year.")) == score(
        a_member(title="Chatbot leaks records")
    )


def test_no_coverage_lifts_a_launch_over_one_report_of_a_death() -> None:
    launch = [
        a_member(publisher=f"paper-{n}", title="Acme unveils new model", first_seen_at=NOON + timedelta(days=n))
        for n in range(4)
    ]
    assert score(*launch) < score(a_member(title="Man killed by delivery robot"))


def test_copies_are_not_read_and_the_cost_of_a_large_candidate_is_bounded() -> None:
    original = a_member(id=901, title="A quiet day")
    copies = [a_member(publisher=f"p{n}", title="Death", copy_of=901) for n in range(3)]
    late = [a_member(publisher=f"q{n}", title="Quiet" if n < 45 else "Death") for n in range(50)]
    assert "words of death or injury" not in cues([original, *copies])
    assert "words of death or injury" not in cues([original, *late])


def test_heaviest_first_and_the_same_cues_every_time() -> None:
    members = [a_member(publisher="a", title="Recalled after deaths"), a_member(publisher="b", origin=Origin.REGULATOR)]
    found = score_candidate(members, count_sources(members), ["acme"])
    assert [abs(c.weight) for c in found] == sorted((abs(c.weight) for c in found), reverse=True)
    assert found == score_candidate(members, count_sources(members), ["acme"])


def test_topics_are_named_once_and_share_no_word() -> None:
    names = [t.name for t in (*HARMS, *NOISE)]
    assert len(names) == len(set(names))
    assert all(t.weight > 0 for t in HARMS)
    assert all(t.weight < 0 for t in NOISE)
    for harm in HARMS:
        for noise in NOISE:
            assert not harm.words & noise.words


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_is_scored_and_every_cue_is_one_readable_line(title: str, text: str) -> None:
    for cue in score_candidate([a_member(title=title, text=text)], count_sources([a_member()]), ()):
        assert cue.name
        assert cue.evidence
        assert len(cue.evidence) < 1_000
