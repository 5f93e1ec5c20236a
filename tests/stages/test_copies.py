"""Copies: by phrases, as excerpts, by credits, as translations, at any age; not retellings that quote."""

from __future__ import annotations

import random
from array import array
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article, CandidateId, Credit, CreditKind, Joined
from monitor.stages.copies import (
    PHRASES_KEPT,
    Copied,
    containment,
    find_copy,
    find_original,
    find_translated,
    kept_phrases,
    share_phrases,
    shared_text,
)
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.grouping import match_article, telling_of
from monitor.stages.marks import find_facts, in_order, make_marks, name_mark, read_marks
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article

WORDS = random.Random(7)


def prose(words: int) -> str:
    return " ".join(f"{WORDS.choice('bcdfgklmnprstvw')}{WORDS.randrange(3_000)}" for _ in range(words))


STORY = prose(400)
MENU = "Home News Sport Weather Log in Subscribe today for one crown a week and read everything"


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        " ".join(STORY.split()[:200]),
        STORY + " " + prose(60),
        f"{MENU} {STORY} {MENU}",
        STORY.replace("b", "c", 40),
    ],
    ids=["another headline", "half of it", "an added paragraph", "menu remnants", "words exchanged"],
)
def test_a_reprint_is_a_copy(text: str) -> None:
    original, reprint = (fingerprint(an_article(title=t, text=x)) for t, x in (("One", STORY), ("Another", text)))
    assert find_copy(original, reprint) is not None
    assert find_copy(reprint, original) == find_copy(original, reprint)


@pytest.mark.parametrize(
    "text",
    [prose(400), prose(300) + " " + " ".join(STORY.split()[50:110]), " ".join(STORY.split()[:80])],
    ids=["other words", "a long quotation", "an excerpt"],
)
def test_a_retelling_is_none(text: str) -> None:
    assert (
        find_copy(fingerprint(an_article(title="One", text=STORY)), fingerprint(an_article(title="Two", text=text)))
        is None
    )


def test_a_bare_headline_that_says_little_is_written_twice() -> None:
    short = fingerprint(an_article(title="The week that was in the news"))
    assert find_copy(short, short) is None


def test_headlines_alone_are_copies_where_six_words_are_the_same() -> None:
    one, other = (
        fingerprint(an_article(title=t)) for t in ("Oracle plans thousands of job cuts", "Oracle to cut jobs")
    )
    assert find_copy(one, one) == 1.0
    assert find_copy(one, other) is None
    assert find_copy(other, other) is None


def test_containment_of_long_texts_is_estimated_from_fair_samples() -> None:
    long = prose(3_000)
    part = " ".join(long.split()[:1_500])
    found = containment(fingerprint(an_article(title="T", text=long)), fingerprint(an_article(title="T", text=part)))
    assert found == 1.0
    half = prose(1_500) + " " + part
    assert 0.35 < containment(*(fingerprint(an_article(title="T", text=x)) for x in (long, half))) < 0.65


# --- the later of two -------------------------------------------------------------------------------------------


def told(hours: float = 0.0, **fields: Any) -> Article:
    return an_article(first_seen_at=NOON + timedelta(hours=hours), **fields)


def telling(article: Article) -> Telling:
    return telling_of(article, fingerprint(article))


def original_of(article: Article, *earlier: Article) -> Copied[Telling] | None:
    window = Window()
    for number, other in enumerate(earlier, 1):
        window.add(telling(other), CandidateId(number))
    called = {name_mark(credit.name): credit.name for credit in article.credits}
    near = [window[other.id] for other in earlier]
    return find_original(telling(article), near, window, called=called)


def test_what_is_but_the_beginning_of_another_text_is_a_copy_of_it() -> None:
    first = told(title="One", text=STORY)
    brief = told(1, title="Two", text=" ".join(STORY.split()[:80]))
    found = original_of(brief, first)
    assert found is not None
    assert found.because == "it is nothing but the beginning of that text"


def test_who_quotes_an_earlier_statement_in_full_is_no_copy_of_it() -> None:
    statement = told(title="We are sorry", text=" ".join(STORY.split()[200:260]), publisher="maker")
    report = told(1, title="Report", text=STORY)
    assert original_of(report, statement) is None
    assert original_of(told(2, title="We are sorry", text=statement.text, publisher="mirror"), report) is None


def test_who_tells_far_more_than_a_brief_and_leaves_some_of_it_out_is_no_copy() -> None:
    brief = told(title="Brief", text=" ".join(STORY.split()[:120]))
    report = told(1, title="Report", text=" ".join(STORY.split()[:100]) + " " + prose(240))
    assert original_of(report, brief) is None
    assert original_of(told(2, title="All of it and more", text=" ".join(STORY.split()[:200])), brief) is not None


# --- credits ----------------------------------------------------------------------------------------------------

AGENCY = (
    "Fourteen hospitals in Norvania have switched off Asteri after it recommended wrong doses to 38 patients. Velmar "
    "Health said that an update on February 27 mixed up units for 212 drugs. Ines Kovalt of the ministry said that two "
    "patients aged 61 and 74 had recovered. The firm was fined 2.4 million in 2025. Marta Dulin leads an inquiry that "
    "is to report by April 30."
)
REWRITTEN = (
    "Asteri is switched off in fourteen Norvania hospitals: it recommended wrong doses to 38 patients. A February 27 "
    "update confused units of 212 drugs, Velmar Health admits. Two people aged 61 and 74 recovered, Ines Kovalt, of "
    "the health ministry, told reporters. In 2025 the maker paid 2.4 million. By April 30 Marta Dulin will say more."
)
GERMAN = (
    "14 Kliniken in Norvania haben Asteri abgeschaltet, weil es 38 Kranken falsche Dosen riet. Velmar Health sprach "
    "von einem Update am 27. Februar, das bei 212 Mitteln Einheiten verwechselte. Ines Kovalt vom Amt sagte, zwei "
    "Betroffene von 61 und 74 Jahren seien genesen. Die Firma zahlte 2025 eine Strafe von 2,4 Millionen. Marta Dulin "
    "leitet eine Untersuchung, die bis zum 30. April berichtet."
)
OWN = (
    "Jorun Aker read the figure on her screen twice. In Oslav nurses speak of 38 patients, and Carla Menz has seen "
    "messages from January in which engineers of Velmar Health warn of Asteri. Renner asks for 2026 what was refused "
    "in 2023: that makers be liable."
)
WIRE = (Credit(kind=CreditKind.AGENCY, name="The Wire", quote="(The Wire)"),)


def test_the_same_agency_and_the_same_beginning_make_a_copy_of_a_text_worded_anew() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, publisher="gazette", credits=WIRE)
    desk = told(2, title="Hospitals switch Asteri off", text=REWRITTEN, publisher="post", credits=WIRE)
    found = original_of(desk, first)
    assert found is not None
    assert found.because is not None
    assert found.because.startswith("credited to The Wire, as Gazette credits it")
    assert original_of(told(2, title=desk.title, text=REWRITTEN, publisher="post"), first) is None
    assert original_of(told(80, title=desk.title, text=REWRITTEN, publisher="post", credits=WIRE), first) is None


def test_an_agency_that_is_a_source_itself_is_the_original() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, publisher="wire", publisher_name="The Wire")
    desk = told(2, title="Hospitals switch Asteri off", text=REWRITTEN, publisher="post", credits=WIRE)
    found = original_of(desk, first)
    assert found is not None
    assert found.because is not None
    assert found.because.startswith("credited to The Wire")


def test_a_link_to_the_original_is_a_tie() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, publisher="gazette")
    linked = (Credit(kind=CreditKind.SYNDICATION, name="gazette.example", url=first.canonical_url),)
    desk = told(2, title="Hospitals switch Asteri off", text=REWRITTEN, publisher="post", credits=linked)
    found = original_of(desk, first)
    assert found is not None
    assert "links to the other" in (found.because or "")


def test_a_follow_up_of_the_same_agency_that_repeats_the_background_is_no_copy() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, publisher="gazette", credits=WIRE)
    background = AGENCY.partition("Ines Kovalt")[2]
    news = (
        "Tomas Rheinberg has resigned as director of safety, two days after the board learned of it in Oslav. In a "
        "letter to staff he wrote that he had signed off the change himself. Analyst Greta Holm expects lawsuits. "
        "Priya Anand, who joined from Kestrel Labs last spring, takes over what he leaves behind on Thursday morning. "
    )
    after = told(48, title="Safety director resigns", text=news + background, publisher="post", credits=WIRE)
    assert original_of(after, first) is None


# --- translations -----------------------------------------------------------------------------------------------


def test_a_translation_of_the_same_agency_is_a_copy() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, language="en", credits=WIRE)
    german = told(5, title="Kliniken schalten Asteri ab", text=GERMAN, language="de", publisher="bote", credits=WIRE)
    found = original_of(german, first)
    assert found is not None
    assert "a translation, with" in (found.because or "")


def test_without_any_tie_names_and_numbers_must_nearly_all_be_the_same() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, language="en")
    german = told(5, title="Kliniken schalten Asteri ab", text=GERMAN, language="de", publisher="bote")
    found = original_of(german, first)
    assert found is not None
    assert found.share >= 0.8
    part = told(5, title="Asteri ist aus", text=GERMAN.partition("Ines")[0], language="de", publisher="bote")
    assert original_of(part, first) is None


def test_what_another_hand_tells_in_another_language_is_no_translation() -> None:
    first = told(title="Hospitals switch off Asteri", text=AGENCY, language="en", credits=WIRE)
    own = told(6, title="Das Ende von Asteri", text=OWN, language="de", publisher="turm", credits=WIRE)
    assert original_of(own, first) is None


def test_of_one_event_an_agencys_text_in_another_language_is_the_same_text() -> None:
    first = telling(told(title="Hospitals switch off Asteri", text=AGENCY, language="en", credits=WIRE))
    brief = "Norvania: Asteri riet 38 Kranken falsche Dosen, 14 Kliniken schalten Velmar Health ab."
    german = told(9, title="Falsche Dosen", text=brief, language="de", publisher="bote", credits=WIRE)
    found = find_translated(telling(german), [first], called={name_mark("The Wire"): "The Wire"})
    assert found is not None
    assert found.original.article == first.article
    assert found.because == "told in another language, credited to The Wire, as Gazette credits it"
    assert find_translated(telling(told(9, title="T", text=brief, language="de")), [first]) is None


# --- at any age -------------------------------------------------------------------------------------------------


def test_a_copy_of_an_old_text_is_found_among_many_under_another_headline() -> None:
    window = Window()
    old = told(title="The old one", text=STORY)
    window.add(telling(old), CandidateId(1))
    for number in range(2, 300):
        other = told(number, title=f"Story {number}", text=" ".join(random.Random(number).sample(STORY.split(), 60)))
        window.add(telling(other), CandidateId(number))
    copy = told(1_500, title="Another headline", text=prose(20) + " " + " ".join(STORY.split()[120:330]))
    made = fingerprint(copy)
    assert old.id not in {n.article for n in window.neighbours(telling_of(copy, made), window.rarity())}
    match = match_article(copy, made, window)
    assert (match.joined, match.copy_of) == (Joined.COPY, old.id)
    window.forget(old.id)
    assert match_article(copy, made, window).copy_of is None


@given(st.integers(60, 900), st.data())
def test_a_part_of_a_text_shares_phrases_of_the_index_as_far_as_it_has_any(words: int, data: st.DataObject) -> None:
    text = [f"w{n}" for n in range(words)]
    begin = data.draw(st.integers(0, words - 50))
    whole, part = (fingerprint(an_article(title="T", text=" ".join(t))) for t in (text, text[begin : begin + 50]))
    kept = kept_phrases(whole.sketch)
    assert len(kept) <= PHRASES_KEPT
    ceiling = max(kept)
    assert {h for h in kept_phrases(part.sketch) if h <= ceiling} <= set(kept)


# --- marks ------------------------------------------------------------------------------------------------------


def test_names_and_numbers_survive_a_translation_in_their_order() -> None:
    english, german, own = (find_facts(text) for text in (AGENCY, GERMAN, OWN))
    assert in_order(english, german) >= 12
    assert in_order(english, own) <= 5
    assert in_order(english, english) == len(english)


def test_numbers_are_the_same_in_every_spelling() -> None:
    assert find_facts("1,200 and 2.4") == find_facts("1.200 und 2,4")
    assert find_facts("OpenAIは1200人") == find_facts("OpenAI 1,200")


@given(st.text(max_size=300), st.lists(st.sampled_from(["AP", "dpa", "AFP"]), max_size=3))
def test_marks_hold_what_was_credited(text: str, names: list[str]) -> None:
    given_credits = tuple(Credit(kind=CreditKind.AGENCY, name=name) for name in names)
    marks = read_marks(make_marks(an_article(text=text, credits=given_credits)))
    assert marks.credited == {name_mark(name) for name in names}
    assert read_marks(b"").facts.tolist() == []


def test_texts_too_short_to_tell_share_nothing_that_counts() -> None:
    assert shared_text("one two three", STORY) is None
    assert shared_text(STORY, " ".join(STORY.split()[:200])) == 1.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 2**32 - 1) | st.integers(0, 2**18), max_size=30), max_size=6), st.data())
def test_whether_any_phrase_is_shared_is_told_of_many_at_once(others: list[set[int]], data: st.DataObject) -> None:
    seen = sorted(set().union(*others)) or [7]
    own = data.draw(st.sets(st.sampled_from(seen) | st.integers(0, 2**18), max_size=30))
    made = fingerprint(an_article())
    found = share_phrases(with_phrases(made, own), [with_phrases(made, other) for other in others])
    assert found == [not own.isdisjoint(other) for other in others]


def with_phrases(made: Fingerprint, phrases: set[int]) -> Fingerprint:
    return replace(made, sketch=array("I", sorted(phrases)))
