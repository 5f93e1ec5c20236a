"""An article that joins nothing by its words × candidates it came near → the one that its headline names.

An office's notice, a company's account and an analysis a day later are worded like nothing else of their event. But
"Notice: the talking bear recordings" and "Anatomy of a failure: the talking bear recordings" name one thing, each in a
frame of its own. Nearness in time and some likeness besides are asked for: what a series of headlines has in common
names no event. And a provider's account of an outage belongs to the incident that its status page told; two headlines
in two languages that name the same and the same number tell one thing. The other way round, a headline may name what
its candidate never does, or tell the next step of its affair (`names_another`, `is_taken_to_court`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, takewhile

from monitor.model import CandidateId
from monitor.stages.explain import named
from monitor.stages.similarity import Rarity, are_foreign, tells_of_trouble
from monitor.stages.window import NEIGHBOURS, Telling, Window

NEAR = timedelta(days=3)
CANDIDATES_READ = 3  # the best
LIKENESS = 0.12  # probability by words that is asked for besides
OWN_LIKENESS = 0.25  # of a provider's account with what its status page told
FOREIGN_LIKENESS = 0.03  # of a telling in another language: words say little then
FOREIGN_NEAR = timedelta(days=1)  # between two headlines with one number
NEWS = timedelta(hours=10)  # since the candidate's newest: until then much is told of a happening for the first time
LATER = timedelta(days=1)  # since the candidate's newest: who sues tells a happening of its own
SUED = frozenset({"sue", "verklagt", "klagt", "klage", "demanda", "querella", "plaint"})  # stems; `fingerprint` folds
PHRASE_WORDS, PHRASE_CONTENT = 3, 2  # in one run; of them longer than SHORT letters
SHORT = 3
RARE = 0.5  # of the rarity of a word that nobody else has, at least, for one word of both headlines
_WORD = re.compile(r"\w[\w'’\-.]*")
_PART_END = re.compile(r"[:;,–—|?!]\s|\s-\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The candidate, and what says so."""

    candidate: CandidateId
    nearest: Telling
    reason: str


def find_named(
    telling: Telling, found: Iterable[tuple[CandidateId, float]], rarity: Rarity, window: Window
) -> Named | None:
    """The first of `found`, candidates with the probability that `telling` tells their event, that it names."""
    rare = RARE * window.rarest_possible()
    for candidate, likeness in islice(found, CANDIDATES_READ):
        if likeness < FOREIGN_LIKENESS:
            continue
        members = [*map(window.__getitem__, window.members(candidate)[-NEIGHBOURS:])]
        for member in members:
            if said := _in_both_headlines(telling, member, rarity):
                reason = f"In two languages, its headline and that of {named(member)} name the same: {said}."
                return Named(candidate=candidate, nearest=member, reason=reason)
        if likeness < LIKENESS:
            continue
        if likeness >= OWN_LIKENESS and (incident := _own_incident(telling, members)) is not None:
            reason = (
                f"{telling.publisher_name} tells of trouble with its service, as on its status page: {named(incident)}."
            )
            return Named(candidate=candidate, nearest=incident, reason=reason)
        for member in members:
            if abs(member.told_at - telling.told_at) > NEAR or member.publisher == telling.publisher:
                continue
            if not member.fingerprint.is_digest and (phrase := _phrase(telling, member, rarity, rare)):
                reason = f"Its headline names what {named(member)} is about: “{phrase}”."
                return Named(candidate=candidate, nearest=member, reason=reason)
    return None


def _own_incident(telling: Telling, members: Iterable[Telling]) -> Telling | None:
    """The incident on the status page of the article's own publisher, where both tell of trouble within days."""
    if telling.fingerprint.is_status or not tells_of_trouble(telling.fingerprint):
        return None
    for member in members:
        is_own = member.fingerprint.is_status and member.publisher == telling.publisher
        if is_own and timedelta() <= telling.told_at - member.told_at <= NEAR:
            return member
    return None


def _in_both_headlines(telling: Telling, member: Telling, rarity: Rarity) -> str:
    """The name and the number that the headlines of both have, in two languages within a day; "" where they have none.

    A name alone is that of a provider, of whom much is told in a day.
    """
    one, other = telling.fingerprint, member.fingerprint
    if abs(member.told_at - telling.told_at) > FOREIGN_NEAR or not are_foreign(one.language, other.language):
        return ""
    shared = one.title & other.title
    numbers = sorted(w for w in shared if w.isdigit() and len(w) > 1)
    names = sorted((w for w in shared & (one.names | other.names) if not w[0].isdigit()), key=lambda w: (-rarity[w], w))
    return f"{names[0].capitalize()}, {numbers[0]}" if names and numbers else ""


def names_another(telling: Telling, members: Sequence[Telling]) -> bool:
    """Whether the headline names something, and nothing of it is told in any article of `members`.

    Only texts can say so: a headline leaves out most of what there is. Numbers are rounded, and say nothing here. Who
    speaks seldom names himself: publishers are known by their names.
    """
    made, told = telling.fingerprint, [m.fingerprint for m in members]
    names = frozenset(w for w in made.title & made.names if not w[0].isdigit())
    if not names or not made.has_text or not any(t.has_text for t in told):
        return False
    if any(m.told_at > telling.told_at - NEWS for m in members):
        return False
    speakers = tuple({word.casefold() for m in members for word in _WORD.findall(m.publisher_name)})
    unknown = [w for w in names.difference(*(t.words for t in told)) if not any(s.startswith(w) for s in speakers)]
    return len(unknown) == len(names)


def is_taken_to_court(telling: Telling, members: Iterable[Telling]) -> bool:
    """Whether the headline tells that somebody sues, a day after `members`, none of which tells of it."""
    told = tuple(members)
    if telling.fingerprint.title.isdisjoint(SUED) or any(m.told_at > telling.told_at - LATER for m in told):
        return False
    return all(m.fingerprint.words.isdisjoint(SUED) for m in told)


def _phrase(one: Telling, other: Telling, rarity: Rarity, rare: float) -> str:
    """The words that both headlines name a thing by, each in its own frame; "" where there are none.

    They end a part of each headline, and one headline altogether: a label before a colon is that of a series.
    """
    shared = one.fingerprint.title & other.fingerprint.title
    if len(shared) < PHRASE_CONTENT or not any(rarity[word] >= rare for word in shared):
        return ""
    mine, yours = _parts(one.title), _parts(other.title)
    phrases = [
        _common_end(part, theirs)
        for place, part in enumerate(mine, 1)
        for there, theirs in enumerate(yours, 1)
        if place == len(mine) or there == len(yours)
    ]
    best = max(phrases, key=len, default=[])
    content = sum(len(word) > SHORT for word in best)
    return " ".join(best) if len(best) >= PHRASE_WORDS and content >= PHRASE_CONTENT else ""


def _parts(title: str) -> list[list[str]]:
    return [words for part in _PART_END.split(title) if (words := _WORD.findall(part))]


def _common_end(mine: Sequence[str], yours: Sequence[str]) -> list[str]:
    pairs = zip(reversed(mine), reversed(yours), strict=False)
    same = list(takewhile(lambda pair: pair[0].casefold() == pair[1].casefold(), pairs))
    return [word for word, _ in reversed(same)]
