"""A digest as text and as HTML: what stands where, and what hostile words do to neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import html as lxml_html

from monitor.model import (
    ArticleId,
    Citation,
    Draft,
    Manner,
    Origin,
    PublisherId,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Tier,
    Wire,
    WireId,
)
from monitor.model.publication import Facets
from monitor.model.subscriber import Event, Happening, Issue, Period, Subscriber, SubscriberState, Wanted, wanted_of
from monitor.stages.digest import (
    MOST_WIRES,
    SUBJECT_LENGTH,
    confirmation_letter,
    describe,
    digest_letter,
    period_end,
    write_digest,
)
from monitor.stages.syndicate import Site
from tests.wires import CODEBOOK, PROVIDERS

SITE = Site(name="The Wire", base_url="https://wire.example", codebook=CODEBOOK, providers=PROVIDERS.providers)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\r\nBcc: all@example.org"


def a_wire(number: int, *, kinds: tuple[RevisionKind, ...] = (RevisionKind.FIRST,), **draft: Any) -> Wire:
    cited = Citation(
        article=ArticleId(1),
        url="https://gazette.example/1",
        title="A title",
        publisher=PublisherId("gazette"),
        publisher_name="Gazette",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        published_at=NOON,
        snapshot=None,
        counts=True,
        reason="first",
    )
    given = {"headline": f"Headline {number}", "severity": Severity.SEV_3, "body": "What happened.", **draft}
    revisions = tuple(
        Revision(
            wire=WireId(number),
            number=n,
            kind=kind,
            status=RevisionStatus.PUBLISHED,
            draft=Draft(**given),
            manner=Manner.EDITOR,
            editor="ada",
            saved_at=NOON,
            version=1,
            standard=SourcingStandard.STANDARD,
            source_count=2,
            citations=(cited,),
            published_at=NOON,
        )
        for n, kind in enumerate(kinds, start=1)
    )
    return Wire(
        id=WireId(number),
        tag=f"tag:wire.example,2026:wire/{number}",
        slug=f"wire-{number}",
        candidate=None,
        accepted_at=NOON,
        accepted_by="ada",
        first_published_at=NOON,
        is_retracted=False,
        revisions=revisions,
    )


def happening(wire: Wire, event: Event = Event.PUBLISHED) -> Happening:
    return Happening(slug=wire.slug, wire=wire, event=event, at=NOON)


def written(*happenings: Happening, wanted: Wanted | None = None) -> Any:
    return write_digest(SITE, happenings, wanted=wanted or Wanted(), from_at=NOON - timedelta(days=1), until_at=NOON)


def test_corrections_and_retractions_stand_first_then_what_is_new_gravest_first() -> None:
    corrected = a_wire(1, kinds=(RevisionKind.FIRST, RevisionKind.CORRECTION), note="The number was wrong.")
    retracted = a_wire(2, kinds=(RevisionKind.FIRST, RevisionKind.RETRACTION), note="It did not happen.")
    updated = a_wire(3, kinds=(RevisionKind.FIRST, RevisionKind.UPDATE))
    mild, grave = a_wire(4, severity=Severity.SEV_4), a_wire(5, severity=Severity.SEV_1)
    text = written(
        happening(mild),
        happening(updated, Event.UPDATED),
        happening(grave),
        happening(corrected, Event.CORRECTED),
        happening(retracted, Event.RETRACTED),
        Happening(slug="gone", wire=None, event=Event.TAKEN_DOWN, at=NOON),
    )
    assert text.subject == "The Wire: 2 new wires, 1 updated, 3 corrected or retracted"
    order = [
        "CORRECTED, RETRACTED OR TAKEN DOWN", "Corrected: Headline 1", "The number was wrong.", "Retracted: Headline 2",
        "It did not happen.", "A wire was taken down", "https://wire.example/wires/gone", "NEW", "Headline 5",
        "https://wire.example/wires/wire-5", "Headline 4", "UPDATED", "Headline 3",
    ]  # fmt: skip
    places = [text.text.index(words) for words in order]
    assert places == sorted(places)
    shown = " ".join(lxml_html.fromstring(f"<div>{text.html}</div>").text_content().split())
    assert "From 3 March 2026, 12:00, to 4 March 2026, 12:00 UTC" in shown
    assert shown.index("Retracted: Headline 2") < shown.index("Headline 5")


def test_hostile_words_are_words_in_both_parts_h22_h23() -> None:
    wire = a_wire(1, headline=XSS, body=f"{XSS} [x](javascript:alert(1))", note=XSS)
    text = written(happening(wire))
    tree = lxml_html.fromstring(f"<div>{text.html}</div>")
    assert not tree.xpath("//script | //img | //iframe | //form | //style | //link")
    assert all(a.get("href", "").startswith("https://wire.example/") for a in tree.iter("a"))
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert "\r" not in text.text
    assert not [line for line in text.text.splitlines() if line.startswith("Bcc:")]
    assert "\n" not in text.subject


def test_a_flood_is_told_by_its_number_and_the_subject_stays_short() -> None:
    text = written(*(happening(a_wire(n)) for n in range(MOST_WIRES + 5)))
    assert text.text.count("https://wire.example/wires/") == MOST_WIRES
    assert "and 5 more, in the archive: https://wire.example/archive" in text.text
    many = Wanted(codes=tuple(c.id for c in CODEBOOK.codes))
    assert len(written(happening(a_wire(1)), wanted=many).subject) <= SUBJECT_LENGTH


def test_a_letter_says_why_it_comes_and_how_to_end_it_and_carries_nothing_that_tells_on_its_reader_h24() -> None:
    text = written(happening(a_wire(1)))
    issue = Issue(
        id=1,
        period=Period.DAILY,
        wanted=Wanted(),
        from_at=NOON,
        until_at=NOON,
        subject=text.subject,
        text=text.text,
        html=text.html,
        wire_count=1,
    )
    letter = digest_letter(SITE, issue, a_subscriber(), key="k")
    assert letter.leave_url == "https://wire.example/unsubscribe/token"
    assert letter.html is not None
    for part in (letter.text, letter.html):
        assert letter.leave_url in part
        assert "You get this daily digest" in part
    tree = lxml_html.fromstring(letter.html)
    assert not tree.xpath("//img | //script | //link | //object | //@background | //@src")
    assert tree.get("lang") == "en"


def test_the_letter_that_asks_carries_its_link_and_no_way_to_end_what_has_not_begun() -> None:
    letter = confirmation_letter(SITE, a_subscriber(), token="abc", hours=48, key="k")
    assert "https://wire.example/subscribe/confirm?token=abc" in letter.text
    assert (letter.leave_url, letter.html) == (None, None)


def a_subscriber() -> Subscriber:
    return Subscriber(
        id=1,
        address="rae@example.org",
        period=Period.DAILY,
        wanted=Wanted(severities=(Severity.SEV_1, Severity.SEV_2), providers=("openai",)),
        state=SubscriberState.ACTIVE,
        leave_token="token",
        asked_at=NOON,
    )


def test_a_choice_is_said_in_words() -> None:
    assert describe(Wanted(), SITE) == "all wires"
    assert describe(a_subscriber().wanted, SITE) == "OpenAI, SEV-1 or SEV-2"


@pytest.mark.parametrize(
    ("values", "is_taken"),
    [
        ({}, True),
        ({"provider": ["openai", "google"]}, True),
        ({"provider": ["google"]}, False),
        ({"severity": ["SEV-2", "SEV-3"]}, True),
        ({"severity": ["SEV-1"]}, False),
        ({"code": ["F5", "F1"]}, True),
        ({"code": ["F1"]}, False),
        ({"standard": ["confirmed"]}, False),
        ({"provider": ["openai"], "severity": ["SEV-3"], "code": ["M2"], "standard": ["standard"]}, True),
        ({"provider": ["openai"], "severity": ["SEV-1"]}, False),
    ],
)
def test_any_value_of_a_facet_and_every_facet_must_fit(values: dict[str, list[str]], is_taken: bool) -> None:
    facets = Facets(
        severity=Severity.SEV_3,
        providers=("openai",),
        codes=("M2", "F5"),
        standard=SourcingStandard.STANDARD,
        year=2026,
        month=3,
    )
    wanted = wanted_of(values)
    assert wanted.takes(facets) is is_taken
    assert wanted_of(wanted.values()) == wanted


@pytest.mark.parametrize(
    ("period", "now", "end"),
    [
        (Period.DAILY, datetime(2026, 3, 4, 6, 59, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (Period.DAILY, datetime(2026, 3, 4, 7, 0, tzinfo=UTC), datetime(2026, 3, 4, 7, tzinfo=UTC)),
        (Period.WEEKLY, datetime(2026, 3, 4, 7, 0, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (Period.WEEKLY, datetime(2026, 3, 2, 6, 59, tzinfo=UTC), datetime(2026, 2, 23, 7, tzinfo=UTC)),
        (Period.DAILY, datetime(2027, 1, 1, 0, 0, tzinfo=UTC), datetime(2026, 12, 31, 7, tzinfo=UTC)),
    ],
)
def test_a_digest_ends_at_the_set_hour_weekly_ones_on_mondays(period: Period, now: datetime, end: datetime) -> None:
    assert period_end(period, now, hour=7) == end
