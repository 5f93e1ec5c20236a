"""Round-ups, newsletters and live blogs: known by their title or their form, read section by section.

A round-up mentions many events and tells none, so it must not stand for any of them: it counts in no candidate and
attracts no article. What its sections mention it is a mention of, with the section as the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.model import Article

SECTIONS_READ = 40  # of one article
SECTION_WORDS = 6  # a shorter paragraph is a heading or says nothing
HEADING_WORDS = 12  # a longer line is no heading
QUOTE_LENGTH = 160  # characters of a section inside a reason
LEAST_SECTIONS = 4  # that are labelled or timed, for the form alone to make a round-up
LABELLED_SHARE = 0.6  # of the paragraphs, at least
DIFFERENT_LABELS = 0.8  # of the labels: an interview or a chronicle repeats its own

_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_ROUND_UP = re.compile(
    rf"""
    ^(?:the|this|last|your)\ (?:week|month|day)\ (?:in|of)\b | \bweek\ in\ review\b | \bweekend\ reading\b
    | \bseven\ days, | \bround-?up\b | \bdigest\b | \bnewsletter\b
    | \b(?:weekly|daily|morning|evening)\ (?:review|recap|brief\w*|wrap\b|catch-?up)
    | \b(?:told|happened|news|stories),?\ (?:in\ )?brief(?:ly)?\b | \bnews\ in\ brief\b | \bin\ other\ news\b
    | \b{_NUMBER}\ (?:\w+\ ){{0,3}}(?:stories|headlines|news\ items)\ (?:(?:that\ )?you\b|to\ know\b)
    | \b{_NUMBER}\ (?:\w+\ ){{0,3}}(?:stories|headlines|things|news\ items)\ (?:of\ the|this)\ (?:week|month|day)\b
    | \b{_NUMBER}\ things\ (?:you\ (?:need\ to|should)|to)\ know\ (?:today|tonight|this|before|for)\b
    | ^top\ {_NUMBER}\ (?:\w+\ ){{0,2}}(?:stories|news|headlines)\b | ^the\ download:
    | ^what\ you\ (?:may\ have\ )?missed\b
    | \b(?:wochen|monats|jahres)r(?:ü|ue)ckblick\b | \bpresseschau\b | \bkurz\ (?:notiert|gemeldet|und\ knapp)\b
    | \br(?:ü|ue)ckblick\ der\ woche\b | \bdie\ woche\ (?:in|im)\b | \bnachrichten\ im\ (?:ü|ue)berblick\b
    | \bmeldungen\ (?:des\ tages|der\ woche|im\ (?:ü|ue)berblick) | \bdas\ wichtigste\ (?:vom|des|der|am|in)\b
    | \brevue\ de\ presse\b | \bla\ semaine\ (?:en|de\ l)\b | \ben\ bref\b | \bl['’]essentiel\ (?:de|du)\b
    | \bles\ {_NUMBER}\ (?:infos|actus|actualit(?:é|e)s|faits)\b | \blettre\ d['’]information\b | \binfolettre\b
    | \bresumen\ (?:de\ la\ semana|semanal|del\ d(?:í|i)a)\b | \blo\ m(?:á|a)s\ (?:importante|destacado)\ (?:de|del)\b
    | \ben\ breve\b | \bbolet(?:í|i)n\b | \b{_NUMBER}\ noticias\b
    | \brassegna\ stampa\b | \bla\ settimana\ in\b | \bin\ breve\b | \bresumo\ (?:da\ semana|do\ dia)\b
    | \bboletim\b | \bweekoverzicht\b | \bkort\ nieuws\b | \bnieuwsbrief\b | \bprzegląd\ (?:tygodnia|prasy)\b
    | \bдайджест\b | \bитоги\ недели\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIVE = re.compile(
    r"""
    ^live\s*(?:[:|–—]|-\s) | (?:[|–—:]|\s-)\s*live$ | \blive[- ]?(?:blog|ticker|updates?|coverage|feed|text)\b
    | \bas\ it\ happen(?:ed|s)\b | \b(?:live|news)-?ticker\b | \bnews-?blog\b
    | ^en\ (?:direct|vivo|directo)\b | (?:[|–—:,]|\s-)\s*en\ (?:direct|vivo|directo)$
    | \bminuto\ a\ minuto\b | \bin\ diretta\b | ^diretta\b | \bao\ vivo\b | \bna\ żywo\b | \bонлайн-трансляция\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABEL = re.compile(r"^(?:[•·▪●*]\s+|\d{1,2}[.)]\s+|(?=[^:\n]{6,90}:\s)\S+(?:\s\S+){1,13}?:\s)")
_CLOCK = re.compile(r"^\W{0,3}(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d\b")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of an article that tells of one thing."""

    title: str  # its heading or label, else its first sentence
    text: str  # all of it


def is_roundup(title: str, text: str) -> bool:
    """Whether an article reviews many events: by its title, in a dozen languages, or by its form in any."""
    return bool(_ROUND_UP.search(title) or _LIVE.search(title)) or _has_form(_paragraphs(text))


def _has_form(paragraphs: list[str]) -> bool:
    """Whether most paragraphs are items under labels of their own, or bear the time of day."""
    if sum(bool(_CLOCK.match(p)) for p in paragraphs) >= LEAST_SECTIONS:
        return True
    labels = [found[0].casefold() for p in paragraphs if (found := _LABEL.match(p))]
    if len(labels) < LEAST_SECTIONS or len(labels) < LABELLED_SHARE * len(paragraphs):
        return False
    spoken = [label for label in labels if label.rstrip().endswith(":")]
    return len(spoken) >= LEAST_SECTIONS and len(set(spoken)) >= DIFFERENT_LABELS * len(spoken)


def sections_of(article: Article) -> tuple[Section, ...]:
    """The parts of a round-up: what stands under each heading, else each paragraph; a headline alone is one part."""
    found = [s for s in _sections(_paragraphs(article.text)) if len(s.text.split()) >= SECTION_WORDS]
    return tuple(found[:SECTIONS_READ]) or (Section(title=article.title, text=""),)


def say_mentioned(section: Section) -> str:
    """Why a round-up is a mention of an event: its own words."""
    said = " ".join((section.text or section.title).split())
    quoted = said if len(said) <= QUOTE_LENGTH else said[: QUOTE_LENGTH - 1].rstrip() + "…"
    return f"A round-up that mentions it among others: “{quoted}”"


def _paragraphs(text: str) -> list[str]:
    return [p for line in text.split("\n") if (p := line.strip())]


def _sections(paragraphs: list[str]) -> Iterator[Section]:
    headings = [n for n, p in enumerate(paragraphs) if _is_heading(p) and n + 1 < len(paragraphs)]
    if len(headings) < LEAST_SECTIONS - 1:
        for paragraph in paragraphs:
            yield Section(title=_title_of(paragraph), text=paragraph)
        return
    for start, end in zip([0, *headings], [*headings, len(paragraphs)], strict=True):
        if body := "\n".join(paragraphs[start:end]):
            yield Section(title=_title_of(paragraphs[start]), text=body)


def _is_heading(paragraph: str) -> bool:
    return len(paragraph.split()) <= HEADING_WORDS and paragraph[-1] not in '.!?…:;,"”»'


def _title_of(paragraph: str) -> str:
    labelled = _LABEL.match(paragraph)
    if labelled and (label := labelled[0].strip().rstrip(":")) and len(label.split()) > 1:
        return label
    return _SENTENCE_END.split(paragraph, maxsplit=1)[0]
