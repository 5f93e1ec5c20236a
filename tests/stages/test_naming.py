"""A headline that names what a candidate is about, in a frame of its own; and what a series of headlines shares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Article, CandidateId, Origin, PublisherId
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import telling_of
from monitor.stages.naming import Named, find_named, is_taken_to_court, names_another
from monitor.stages.window import Telling, Window
from tests.builders import NOON, an_article

CANDIDATE = CandidateId(7)


def told(number: int, title: str, *, hours: float = 0, publisher: str = "gazette") -> Article:
    return an_article(
        id=number, title=title, text="", publisher=PublisherId(publisher), first_seen_at=NOON + timedelta(hours=hours)
    )


def look(
    title: str, known: str, *, likeness: float = 0.2, hours: float = 20, publisher: str = "herald"
) -> Named | None:
    window, first, later = Window(), told(1, known), told(2, title, hours=hours, publisher=publisher)
    window.add(telling_of(first, fingerprint(first)), CANDIDATE)
    telling = telling_of(later, fingerprint(later))
    return find_named(telling, [(CANDIDATE, likeness)], window.rarity(), window)


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("Anatomy of a failure: the talking bear recordings", "Notice: the talking bear recordings"),
        ("After the Sora shutdown in Spain: the open questions", "About the Sora shutdown in Spain"),
        ("The searchable Tamsin chats, looked at again", "Our account of the searchable Tamsin chats"),
    ],
)
def test_one_thing_in_two_frames_is_one_event(title: str, known: str) -> None:
    found = look(title, known)
    assert found is not None
    assert found.candidate == CANDIDATE
    assert known in found.reason


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("Musk v OpenAI trial: Altman testifies", "Musk v OpenAI trial: the first day"),
        ("Fewer than one thinks: who uses Tamsin", "Fewer than one thinks: who uses Heron"),
        ("Teapots and cake: a Sunday in Orrin", "Teapots and cake: a Sunday in Halden"),
        ("Notice: the bear", "Order: the bear"),
    ],
)
def test_a_series_and_a_short_phrase_name_no_event(title: str, known: str) -> None:
    assert look(title, known) is None


def test_it_must_be_near_in_time_and_in_words_and_by_another_hand() -> None:
    title, known = "Anatomy of a failure: the talking bear recordings", "Notice: the talking bear recordings"
    assert look(title, known, hours=24 * 5) is None
    assert look(title, known, likeness=0.05) is None
    assert look(title, known, publisher="gazette") is None


def after_an_incident(title: str, *, likeness: float = 0.4, hours: float = 20, publisher: str = "velmora") -> bool:
    """Whether an article of `publisher` belongs to what Velmora's status page told at noon."""
    text = "Investigating - Elevated errors at login for Tamsin."
    incident = an_article(id=1, title="Errors", text=text, publisher="velmora", origin=Origin.PROVIDER)
    window, later = Window(), told(2, title, hours=hours, publisher=publisher)
    window.add(telling_of(incident, fingerprint(incident)), CANDIDATE)
    telling = telling_of(later, fingerprint(later))
    return find_named(telling, [(CANDIDATE, likeness)], window.rarity(), window) is not None


def test_a_providers_account_of_an_outage_belongs_to_what_its_status_page_told() -> None:
    assert after_an_incident("Our account of the three-hour outage")
    assert not after_an_incident("Our account of the three-hour outage", publisher="kestrane")
    assert not after_an_incident("Our account of the three-hour outage", hours=90)
    assert not after_an_incident("Our account of the three-hour outage", hours=-1)
    assert not after_an_incident("Our account of the three-hour outage", likeness=0.2)
    assert not after_an_incident("Tamsin learns to whisper")


# --- two languages ----------------------------------------------------------------------------------------------

FINED = "Quorvex fined 38 million for faces taken from clinics"
FINED_TEXT = "The regulator has fined Quorvex, whose generator was trained on photographs of patients."
STRAFE = "38 Millionen Kronen Strafe für Quorvex"
STRAFE_TEXT = "Die Behörde hat gegen den Anbieter Quorvex eine Strafe verhängt. Patienten hatten sich wiedererkannt."


def in_german(title: str, *, hours: float = 5, language: str = "de", known: str = FINED) -> Named | None:
    """Whether a German report belongs to an English one, with which it has hardly a word in common."""
    first = an_article(id=1, title=known, text=FINED_TEXT, publisher="gazette", language="en")
    later = an_article(
        id=2,
        title=title,
        text=STRAFE_TEXT,
        publisher="bote",
        language=language,
        first_seen_at=NOON + timedelta(hours=hours),
    )
    window = Window()
    window.add(telling_of(first, fingerprint(first)), CANDIDATE)
    return find_named(telling_of(later, fingerprint(later)), [(CANDIDATE, 0.08)], window.rarity(), window)


def test_two_headlines_in_two_languages_with_one_name_and_one_number_tell_one_thing() -> None:
    found = in_german(STRAFE)
    assert found is not None
    assert found.candidate == CANDIDATE
    assert "In two languages" in found.reason
    assert found.reason.endswith("name the same: Quorvex, 38.")


def test_a_name_alone_another_day_and_ones_own_language_are_not_enough() -> None:
    assert in_german("Strafe für Quorvex") is None, "of a provider much is told in a day"
    assert in_german("38 Millionen Kronen Strafe für Velmora") is None
    assert in_german(STRAFE, hours=30) is None
    assert in_german(STRAFE, language="en") is None


# --- what speaks for another event ------------------------------------------------------------------------------

TARNOW = "Fake nudes of nine pupils circulate at Tarnow Bay school"
TARNOW_TEXT = "Police question three boys of the Harbour School in Tarnow Bay over images that a filter made."
ESKERTON = "Pupils in Eskerton made faked video of teacher"
ESKERTON_TEXT = (
    "A week after Tarnow Bay another school is shocked. Five pupils of Eskerton Grammar used the same filter."
)


def a_telling(
    title: str, text: str = TARNOW_TEXT, *, number: int = 1, hours: float = 0, publisher: str = "gazette"
) -> Telling:
    article = an_article(
        id=number, title=title, text=text, publisher=publisher, first_seen_at=NOON + timedelta(hours=hours)
    )
    return telling_of(article, fingerprint(article))


def is_another(telling: Telling, *members: Telling) -> bool:
    return names_another(telling, members)


def test_a_headline_may_name_what_its_candidate_never_tells() -> None:
    known = a_telling(TARNOW)
    assert is_another(a_telling(ESKERTON, ESKERTON_TEXT, number=2, hours=25), known)
    assert not is_another(a_telling("Three boys of Tarnow Bay questioned", ESKERTON_TEXT, number=2, hours=25), known)
    assert not is_another(a_telling("School shocked again by a filter", ESKERTON_TEXT, number=2, hours=25), known)


def test_while_it_is_news_and_where_no_text_says_more_a_headline_may_name_what_it_likes() -> None:
    known = a_telling(TARNOW)
    assert not is_another(a_telling(ESKERTON, ESKERTON_TEXT, number=2, hours=3), known)
    assert not is_another(a_telling(ESKERTON, "", number=2, hours=25), known)
    assert not is_another(a_telling(ESKERTON, ESKERTON_TEXT, number=2, hours=25), a_telling(TARNOW, ""))


def test_a_speaker_seldom_names_himself() -> None:
    known = a_telling(TARNOW, publisher="eskerton-police")
    assert known.publisher_name == "Eskerton-Police"
    assert not is_another(a_telling(ESKERTON, ESKERTON_TEXT, number=2, hours=25), known)


def test_who_sues_tells_a_happening_of_its_own() -> None:
    known = a_telling("Ambulance sent to the wrong Mill Lane: man dies", "The software chose the other of two streets.")
    widow = "Widow sues Dovrel over ambulance address"
    assert is_taken_to_court(a_telling(widow, number=2, hours=70), [known])
    assert not is_taken_to_court(a_telling(widow, number=2, hours=5), [known]), "both may be told in one day"
    assert not is_taken_to_court(a_telling("Inquiry into Dovrel", number=2, hours=70), [known])
    told = a_telling("Family files lawsuit", number=3, hours=20)
    assert not is_taken_to_court(a_telling(widow, number=2, hours=70), [known, told]), "it tells of the same"
