"""A headline that names what a candidate is about, in a frame of its own; and what a series of headlines shares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Article, CandidateId, Origin, PublisherId
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import telling_of
from monitor.stages.naming import Named, find_named
from monitor.stages.window import Window
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
