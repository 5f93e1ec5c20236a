"""The probability that an article tells an AI incident: what is read, what it says, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitor.jobs.relevance import shipped_model
from monitor.model import CandidateId
from monitor.stages.likelihood import Judge, Likelihood, pack_correction, read_correction, tell_voices, voices_of
from monitor.stages.relevance import Reading, pack_model, probability_of, product, read_article, read_model
from monitor.stages.relevance_fit import fit, fit_alike, fit_scale, likeness, sigmoid, table_of
from monitor.stages.relevance_learn import Example, learn
from monitor.stages.relevance_say import tell_reasons
from monitor.stages.relevance_words import can_be_read, read_passage

INCIDENT = "Chatbot told teenager to harm himself, lawsuit against its maker says"
LAUNCH = "OpenAI launches a new model for enterprises with lower prices"
GADGET = "Apple unveils a new tablet with a faster chip"


def read(title: str, text: str = "") -> Reading:
    found = read_article(title, text, shipped_model(), is_explained=True)
    assert found is not None
    return found


def test_an_incident_stands_far_above_ai_news_and_above_other_harm() -> None:
    assert read(INCIDENT).probability > 0.7
    assert read(LAUNCH).probability < 0.05
    assert read(GADGET).probability < 0.05
    assert read("Two killed as lorry crashes into a wall near the harbour").probability < read(INCIDENT).probability / 3


def test_both_judgements_must_hold() -> None:
    launch, gadget = read(LAUNCH), read(GADGET)
    assert launch.machine > 1 > gadget.machine
    assert launch.harm < 0
    assert product(5.0, 5.0) > 4 > product(5.0, -5.0)
    assert product(-500.0, 500.0) < -20  # no overflow


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Bürgermeister verklagt den Anbieter wegen der falschen Aussagen über die Bestechung", None),
        ("La ville et les parents accusent le robot de la police dans une école", None),
        ("警察が顔認識システムで無実の男性を逮捕", None),
        ("Полиция арестовала невиновного из-за системы распознавания лиц", None),
        ("Robotaxi hits child", "de-CH"),
        ("Outage", None),
        ("", None),
    ],
)
def test_what_it_cannot_read_it_does_not_judge(title: str, language: str | None) -> None:
    assert read_article(title, "", shipped_model(), language=language) is None


@pytest.mark.parametrize(
    "title", ["Waymo robotaxi hits child", "Tesla Autopilot crash kills driver", "Meta, AWS blame AI"]
)
def test_a_headline_of_names_is_read(title: str) -> None:
    assert can_be_read(title)


def test_a_page_that_claims_another_language_is_read_where_it_is_english() -> None:
    assert can_be_read("The robot that was to help the children of the town has hurt one of them", "fr")


def test_the_beginning_of_the_text_counts_less_than_the_title() -> None:
    lead = "The chatbot told a teenager to harm himself, says a lawsuit that his mother brought against the company."
    vague, alone = "What happened in the small town on Monday", read(INCIDENT)
    assert read(vague).log_odds < read(vague, lead).log_odds < alone.log_odds


def test_far_down_in_a_text_nothing_is_read() -> None:
    filler = "The weather stayed calm and people went about their day. " * 20
    assert read(LAUNCH, filler).log_odds == read(LAUNCH, filler + INCIDENT).log_odds


def test_reasons_name_words_as_they_stand_for_and_against() -> None:
    reasons = tell_reasons(read(INCIDENT))
    words = {w for r in reasons if r.is_for for w in r.words}
    assert {"lawsuit", "Chatbot"} <= words
    against = next(r for r in tell_reasons(read(LAUNCH)) if not r.is_for)
    assert "launches" in against.words
    assert not {w.casefold() for r in reasons for w in r.words} & {"the", "to", "its"}


def test_without_a_word_of_an_ai_system_that_is_a_reason() -> None:
    assert any("AI system" in r.text and not r.is_for for r in tell_reasons(read(GADGET)))


def test_words_told_stand_where_they_are_said_to() -> None:
    lead = "A lawsuit says the chatbot encouraged self-harm, and the company denies all of it."
    for said in read(INCIDENT, lead).said:
        assert (lead if said.is_lead else INCIDENT)[said.start : said.end] == said.words


def test_what_the_words_add_is_what_the_model_says() -> None:
    found, model = read(INCIDENT), shipped_model()
    said = sum(s.weight for s in found.said if s.about == "harm")
    assert said + float(model.harm[-1]) == pytest.approx(found.harm, abs=0.25)  # the rest are words not worth telling


def test_digits_and_possessives_do_not_part_words() -> None:
    assert read_passage("Tesla's 17,000 cars").words == read_passage("Tesla’s 25,999 cars").words


def test_hostile_text_is_read_in_no_time_h9() -> None:
    for text in ("a" * 200_000, "\u202e" * 5_000 + "word " * 50_000, "🤖" * 10_000, "\x00 \ud800 word and more words"):
        read_article("A chatbot in the news", text, shipped_model())


def test_the_shipped_model_is_small_and_survives_packing() -> None:
    model = shipped_model()
    packed = pack_model(model)
    again = read_model(packed)
    assert len(packed) < 5_000_000
    assert (again.version, again.slope, again.shift) == (model.version, model.slope, model.shift)
    assert np.array_equal(again.harm, model.harm)


@pytest.mark.parametrize("packed", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_another_file_is_no_model(packed: bytes) -> None:
    with pytest.raises(ValueError, match="no relevance model"):
        read_model(packed)


def test_fitting_finds_what_the_examples_say_and_the_same_each_time() -> None:
    chance = np.random.default_rng(1)
    rows = [(np.array([i % 2, 2 + i % 3]), np.array([1.0, 1.0])) for i in range(60)]
    labels = np.array([float(i % 2) for i in range(60)])
    table = table_of(rows, 5)
    weights = fit(table, labels, np.ones(60), ridge=1e-3)
    assert weights[1] > 1 > -1 > weights[0]
    assert np.array_equal(weights, fit(table, labels, np.ones(60), ridge=1e-3))
    said = chance.normal(size=400) * 3
    happened = (chance.random(400) < sigmoid(2 * said - 1)).astype(float)
    slope, shift = fit_scale(said, happened)
    assert slope == pytest.approx(2, abs=0.6)
    assert shift == pytest.approx(-1, abs=0.5)


def test_examples_fitted_by_how_alike_they_are_are_fitted_as_by_their_columns() -> None:
    chance = np.random.default_rng(3)
    rows = [(chance.integers(0, 40, 6), chance.normal(size=6)) for _ in range(50)]
    labels = (chance.random(50) < 0.4).astype(float)
    shares, offset = chance.random(50) + 0.5, chance.normal(size=50)
    dense = np.zeros((50, 40))
    for number, (columns, values) in enumerate(rows):
        np.add.at(dense[number], columns, values)
    alike = likeness(rows)
    assert np.allclose(alike, dense @ dense.T)
    weights = dense.T @ fit_alike(alike, labels, shares, offset)
    slope = dense.T @ (shares * (sigmoid(offset + dense @ weights) - labels)) + weights
    assert np.abs(slope).max() < 1e-4  # nothing is gained in any direction


def test_what_was_decided_teaches_how_much_it_says_that_many_publishers_tell_it() -> None:
    """Half of the decided tell the same words as the other half; what parts them is how many tell it."""
    reading = read(LAUNCH)
    examples = [
        Example(
            candidate=CandidateId(number),
            is_incident=number % 2 == 0,
            share=1.0,
            log_odds=reading.log_odds,
            held=reading.log_odds,
            columns=reading.columns,
            values=reading.values,
            voices=voices_of(["a", "b", "c", "d"] if number % 2 == 0 else ["a", "a"]),
        )
        for number in range(80)
    ]
    learnt = learn(examples)
    assert learnt is not None
    assert learnt.is_better
    assert learnt.new.precision > 0.99
    judge = Judge(shipped_model(), read_correction(pack_correction(learnt.correction)))
    one, four = (judge.log_odds([reading], voices_of(names), CandidateId(1)) for names in (["a"], "abcd"))
    assert probability_of(four) > 0.8 > 0.2 > probability_of(one)
    assert Judge(shipped_model()).log_odds([reading], 9.0, CandidateId(1)) == reading.log_odds


def test_a_reason_says_how_many_publishers_only_where_decisions_gave_it_weight() -> None:
    likely = Likelihood(log_odds=0.0, read=(), publishers=4, heard=1.2)
    assert tell_voices(likely) == "4 publishers tell it, which by what was decided here speaks for it"
    alone = replace(likely, publishers=1, heard=-0.9)
    assert tell_voices(alone) == "one publisher tells it, which by what was decided here speaks against it"
    assert tell_voices(replace(likely, heard=0.1)) == ""
