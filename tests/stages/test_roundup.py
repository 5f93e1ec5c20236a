"""Round-ups, newsletters and live blogs: how they are known, and what their sections mention."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Article, CandidateId, Joined, Match, Origin
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.grouping import match_article, telling_of
from monitor.stages.mentions import MENTIONS_LIMIT, find_mentions
from monitor.stages.roundup import is_roundup, say_mentioned, sections_of
from monitor.stages.window import Window
from tests.builders import NOON, an_article

ROUND_UPS = (
    "The week in machines: six stories",
    "AI roundup: chips and songs",
    "5 AI stories you may have missed",
    "7 things to know for Monday",
    "Daily Briefing: what changed overnight",
    "Die Woche in der KI",
    "Wochenrückblick: Chips, Klagen, Chatbots",
    "Meldungen des Tages",
    "Revue de presse : l'IA au tribunal",
    "L’essentiel de la semaine",
    "Resumen de la semana: modelos y juicios",
    "Rassegna stampa del 4 marzo",
    "Resumo da semana",
    "Weekoverzicht: chips en rechters",
    "Дайджест новостей ИИ",
)
LIVE_BLOGS = (
    "Live: Senate hears AI chiefs",
    "AI summit live updates: leaders arrive in Delhi",
    "Senate hearing – as it happened",
    "Liveticker zum KI-Gipfel",
    "EN DIRECT : le sommet de l’IA",
    "Cumbre de la IA, minuto a minuto",
    "Vertice sull'IA, in diretta",
)
ORDINARY = (
    "A week in court for OpenAI ends with a verdict",
    "Claude goes live in Microsoft Teams",
    "Live-action series about Tamsin announced",
    "Three things the Tamsin outage taught a hospital",
    "Top 10 generative models repeat false claims",
    "Was das Urteil gegen Kestrane bedeutet",
)
BRIEFS = """Every week we look back.
The Pearlway outage: Dentists took bookings on paper for three hours.
The Haldane accident: He is 26 and was in his third week at the warehouse.
The fine against Quorvex: Nine patients had recognised themselves in pictures.
The sham biographies: His widow asked the shop eleven times to remove them."""
TALK = """The minister answers our questions.
Why now, and not in spring: Because the law asks it.
Why now, and not in spring: Because the law asks it, as I said.
Why now, and not in spring: Because the law asks it, still.
Why now, and not in spring: Because the law asks it, again."""


@pytest.mark.parametrize("title", [*ROUND_UPS, *LIVE_BLOGS])
def test_a_round_up_is_known_by_its_title(title: str) -> None:
    assert is_roundup(title, "")


@pytest.mark.parametrize("title", ORDINARY)
def test_a_story_is_no_round_up(title: str) -> None:
    assert not is_roundup(title, "")


def test_a_round_up_is_known_by_its_form_where_the_title_says_nothing() -> None:
    assert is_roundup("Machines and people", BRIEFS)
    assert is_roundup(
        "Gipfel in Delhi", "\n".join(f"{h}.{m} Uhr\nSatz." for h, m in ((9, "05"), (9, 40), (10, 15), (11, 20)))
    )
    assert not is_roundup("The minister's view", TALK)  # one label, again and again
    assert not is_roundup("Heron 2.1", "Added: footnotes\nFixed: a crash\nChanged: prices\nRemoved: old keys")


def test_a_status_page_s_timeline_is_no_live_blog() -> None:
    text = "\n".join(f"1{n}:20 UTC - Investigating - We see errors on the Halyard API." for n in range(5))
    made = fingerprint(an_article(title="Elevated errors", text=text, origin=Origin.PROVIDER))
    assert (made.is_status, made.is_digest) == (True, False)


def test_sections_are_paragraphs_or_what_stands_under_headings() -> None:
    briefs = sections_of(an_article(title="Machines", text=BRIEFS))
    assert [s.title for s in briefs[:2]] == ["The Pearlway outage", "The Haldane accident"]
    headed = """Pearlway
Dentists took bookings on paper.
It lasted for three hours, says the maker.
Haldane
He is 26 and was in his third week.
Quorvex
Nine patients had recognised themselves in pictures."""
    under = sections_of(an_article(title="Machines", text=headed))
    assert [(s.title, len(s.text.split("\n"))) for s in under] == [("Pearlway", 3), ("Haldane", 2), ("Quorvex", 2)]
    (alone,) = sections_of(an_article(title="Sora goes, Anthropic sues: the digest", text=""))
    assert (alone.title, alone.text) == ("Sora goes, Anthropic sues: the digest", "")


# --- what is mentioned ------------------------------------------------------------------------------------------

SORA = "OpenAI announces plans to shut down its Sora video generator"
BLOCK = "Judge temporarily blocks Pentagon's ban on Anthropic"
REVIEW = """Welcome to another week, with much to read and little time for it.
OpenAI will shut down its Sora video generator, six months after the app came out.
A judge has temporarily blocked the ban on Anthropic that the Pentagon had ordered.
A baker in Orrin has taught a parrot the names of forty loaves."""


def a_window() -> Window:
    window = Window()
    titles = ("Parliament debates budget for hospitals", "Storm closes ferry line near Halden", SORA, BLOCK)
    for number, title in enumerate(titles, 1):
        told = an_article(id=number, title=title, publisher=f"paper-{number}", first_seen_at=NOON)
        window.add(telling_of(told, fingerprint(told)), CandidateId(number))
    return window


def mentions(text: str, window: Window) -> tuple[Match, ...]:
    review = an_article(
        id=90, title="The week in AI", text=text, publisher="weekly", first_seen_at=NOON + timedelta(hours=20)
    )

    def judge(part: Article, made: Fingerprint) -> Match:
        return match_article(part, made, window)

    return find_mentions(review, window, judge)


def test_each_section_is_matched_and_quoted_and_what_nobody_tells_opens_nothing() -> None:
    found = mentions(REVIEW, a_window())
    assert {m.candidate for m in found} == {3, 4}
    assert {m.joined for m in found} == {Joined.MENTION}
    by_candidate = {m.candidate: m for m in found}
    assert by_candidate[CandidateId(3)].reason == (
        "A round-up that mentions it among others: “OpenAI will shut down its Sora video generator, six months after "
        "the app came out.”"
    )
    assert by_candidate[CandidateId(3)].nearest == 3
    assert [m.similarity for m in found] == sorted((m.similarity for m in found), reverse=True)


def test_another_round_up_of_the_same_week_is_nothing_to_mention() -> None:
    window = a_window()
    other = an_article(id=50, title="Weekly digest", text=REVIEW, publisher="monthly", first_seen_at=NOON)
    window.add(telling_of(other, fingerprint(other)), CandidateId(50))
    assert {m.candidate for m in mentions(REVIEW, window)} == {3, 4}


def test_a_review_of_everything_mentions_so_many_and_no_more() -> None:
    window = Window()
    said = []
    for number in range(1, MENTIONS_LIMIT + 6):
        name = f"Nordwin{number} Tarrant{number}"
        title = f"{name} recalls Hallam{number} pump after Merrow{number} finding"
        told = an_article(id=number, title=title, publisher=f"paper-{number}", first_seen_at=NOON)
        window.add(telling_of(told, fingerprint(told)), CandidateId(number))
        said.append(f"{name} has recalled its Hallam{number} pump after the Merrow{number} finding became known.")
    assert len(mentions("\n".join(said), window)) == MENTIONS_LIMIT


def test_a_long_section_is_cut_where_it_is_quoted() -> None:
    (section,) = sections_of(an_article(title="Digest", text="word " * 200))
    assert len(say_mentioned(section)) < 220
