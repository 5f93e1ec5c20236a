"""Members of a candidate → cues: the named reasons for its place in the queue.

The place is the sum of the cues, and nothing else: an editor who asks "why is this at the top?" reads the cues and
has the whole answer. Nothing here knows what time it is; of two candidates with the same sum the newer comes first,
and the queue sees to that. Words are only a hint: a cue names the words it saw and the article it saw them in.

The weights are a newsroom's judgement, not a fit: they are set so that three independent sources (15.8) and one report
of a death (16) stand about level, and so that no amount of coverage lifts a product launch over a report of harm.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from monitor.model import Cue, Joined, Member, Origin, Sourcing, Tier
from monitor.stages.likelihood import LIKELY, LIKELY_WEIGHT
from monitor.stages.weighing import heaviest_first, weighed
from monitor.stages.words import HARMS, NOISE, Topic

SOURCES_WEIGHT = 10.0  # for each doubling of the independent sources
PRIMARY_WEIGHT = 6.0
ORIGIN_WEIGHTS = {Origin.REGULATOR: 8.0, Origin.INCIDENT_DATABASE: 6.0, Origin.PROBE: 5.0}
STATUS_WEIGHT = 5.0  # a provider that itself tells of trouble
PROVIDER_WEIGHT = 3.0
ROUND_UP_WEIGHT = -60.0  # below whatever tells an event: an editor comes to it last
SPEED_WEIGHT = 3.0  # for each source beyond the first within SPEED_SPAN
SPEED_LIMIT = 4  # sources beyond the first that are counted
ACCEPTED_WEIGHT = 10.0
SPEED_SPAN = timedelta(hours=6)
OPENING_SHARE = 0.5  # of a topic's weight, where only an article's opening names it and no title does
OPENING_LENGTH = 800  # characters of text that are read: below comes background on other events
READ_LIMIT = 40  # articles whose words are read: the first tellings decide, and a recount stays cheap
WORDS_SHOWN = 4
NAMES_SHOWN = 5
TITLE_SHOWN = 80

# What each reason weighs unless the newsroom says otherwise: as in the shipped file, which a test holds to it.
DEFAULTS: Mapping[str, float] = {
    LIKELY: LIKELY_WEIGHT,
    "independent sources": SOURCES_WEIGHT,
    "primary source": PRIMARY_WEIGHT,
    "spreading fast": SPEED_WEIGHT,
    "named provider": PROVIDER_WEIGHT,
    "accepted before": ACCEPTED_WEIGHT,
    **{origin.value.replace("-", " "): weight for origin, weight in ORIGIN_WEIGHTS.items()},
    "provider tells of trouble": STATUS_WEIGHT,
    **{topic.name: topic.weight for topic in (*HARMS, *NOISE)},
    "round-up": ROUND_UP_WEIGHT,
}

_Words = Mapping[str, tuple[str, ...]]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # kana and Han: words are not parted by spaces


def score_candidate(
    members: Sequence[Member],
    sourcing: Sourcing,
    providers: Sequence[str],
    weights: Mapping[str, float] = DEFAULTS,
) -> tuple[Cue, ...]:
    """Every cue that speaks for or against these articles, heaviest first; the candidate's score is their sum.

    `members` are oldest first; `providers` are ids in the provider register that the articles name; `weights` are the
    newsroom's, by reason.
    """
    return heaviest_first([weighed(*found, weights) for found in _found(members, sourcing, providers)])


_Found = tuple[str, float, str]  # reason, how much of it there is, what was seen


def _found(members: Sequence[Member], sourcing: Sourcing, providers: Sequence[str]) -> Iterator[_Found]:
    own = [m for m in members if m.joined is not Joined.MENTION]  # a round-up's words are about other events too
    if members and not own:
        yield "round-up", 1.0, "nothing tells this but a review of many events"
        return
    members = own
    counting = {s.article for s in sourcing.standings if s.counts}
    voices = [m for m in members if m.article.id in counting]
    told = [m for m in members if m.copy_of is None][:READ_LIMIT] or list(members[:1])
    yield from _independent(voices, sourcing.source_count)
    yield from _primary(members)
    yield from _origins(members)
    yield from _speed(voices)
    yield from _named(providers)
    yield from _topics(told)


def _independent(voices: Sequence[Member], count: int) -> Iterator[_Found]:
    if count < 2:
        return
    names = _some(sorted({m.article.publisher_name for m in voices}))
    yield "independent sources", math.log2(count), f"{count} independent publishers tell it: {names}"


def _primary(members: Sequence[Member]) -> Iterator[_Found]:
    first = next((m for m in members if m.article.tier is Tier.PRIMARY), None)
    if first is not None:
        yield "primary source", 1.0, f"{first.article.publisher_name} speaks for itself: {_quoted(first)}"


def _origins(members: Sequence[Member]) -> Iterator[_Found]:
    for origin in ORIGIN_WEIGHTS:
        first = next((m for m in members if m.article.origin is origin), None)
        if first is not None:
            yield origin.value.replace("-", " "), 1.0, f"{first.article.publisher_name}: {_quoted(first)}"
    trouble = next((m for m in members if m.article.origin is Origin.PROVIDER and _tells_of_trouble(m)), None)
    if trouble is not None:
        yield "provider tells of trouble", 1.0, f"{trouble.article.publisher_name}: {_quoted(trouble)}"


def _tells_of_trouble(member: Member) -> bool:
    found = _read(member.article.title)
    return any(topic.name in found for topic in HARMS)


def _speed(voices: Sequence[Member]) -> Iterator[_Found]:
    times = sorted(m.article.told_at for m in voices)
    most = max((sum(start <= t <= start + SPEED_SPAN for t in times) for start in times), default=0)
    if most >= 3:
        hours = int(SPEED_SPAN.total_seconds() // 3600)
        amount = float(min(most - 1, SPEED_LIMIT))
        yield "spreading fast", amount, f"{most} independent publishers within {hours} hours"


def _named(providers: Sequence[str]) -> Iterator[_Found]:
    if providers:
        yield "named provider", 1.0, _some(sorted(providers))


def _topics(told: Sequence[Member]) -> Iterator[_Found]:
    titles = [(m, _read(m.article.title)) for m in told]
    openings = [(m, _read(m.article.text[:OPENING_LENGTH])) for m in told]
    for topic in HARMS:
        in_title = _first_in(topic, titles, "in the title", 1.0)
        if found := in_title or _first_in(topic, openings, "at the beginning of", OPENING_SHARE):
            yield found
    for topic in NOISE:  # only a title makes news obviously something else; a text mentions funding in passing
        if found := _first_in(topic, titles, "in the title", 1.0):
            yield found


def _first_in(topic: Topic, read: Sequence[tuple[Member, _Words]], where: str, share: float) -> _Found | None:
    for member, words in read:
        if topic.name in words:
            evidence = f"{_listed(words[topic.name])} {where} {_quoted(member)} ({member.article.publisher_name})"
            return topic.name, share, evidence
    return None


@lru_cache(maxsize=512)  # a candidate is weighed anew whenever an article joins it
def _read(text: str) -> _Words:
    """The words of `text` that belong to a topic, by topic, as they stand there, each once, in order."""
    found: dict[str, dict[str, str]] = {}
    plain = unicodedata.normalize("NFKC", text)
    words = _WORD.findall(plain)
    folded = [word.casefold() for word in words]
    for said, word in zip(folded, words, strict=True):
        for topic in _topics_of(said):
            found.setdefault(topic, {}).setdefault(said, word)
    for place, (one, next_) in enumerate(pairwise(folded)):
        for topic in _BY_WORD.get(f"{one} {next_}", ()):
            found.setdefault(topic, {}).setdefault(f"{one} {next_}", f"{words[place]} {words[place + 1]}")
    if _UNSPACED.search(plain):
        for t in (*HARMS, *NOISE):
            if seen := {w: w for w in t.unspaced if w in plain}:
                found.setdefault(t.name, {}).update(seen)
    return {topic: tuple(said.values()) for topic, said in found.items()}


@lru_cache(maxsize=65_536)
def _topics_of(word: str) -> tuple[str, ...]:
    return tuple(t.name for t in (*HARMS, *NOISE) if word in t.words or word.startswith(t.stems))


_BY_WORD = {
    word: tuple(t.name for t in (*HARMS, *NOISE) if word in t.words) for t in (*HARMS, *NOISE) for word in t.words
}


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{w}”" for w in words[:WORDS_SHOWN])


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _quoted(member: Member) -> str:
    title = member.article.title
    return f"“{title if len(title) <= TITLE_SHOWN else title[: TITLE_SHOWN - 1].rstrip() + '…'}”"
