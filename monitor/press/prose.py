"""Turns an event's facts into articles: independent tellings differ in words, order and choice; copies hardly do.

Pure and deterministic: the same event, turn and seed give the same text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from string import Template
from zlib import crc32

from monitor.press.events import Assignment, Event, PressPublisher, lines, read_bank
from monitor.press.wording import HouseStyle

_WAYS = re.compile(r"\{([^{}]*)\}")
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
WRITTEN_FOR = 5  # the weekday (Monday is 0) on which the fortnight of the YAML files begins
_TOWNS = frozenset({"Wexholm", "Port Calder", "Brindlemere", "Tarnow Bay", "Eskerton", "Saint Orrin", "Halvorsund"})
NODS = 0.2  # share of the independent reports that bow to another
_SWAPS = (("about ", "around "), (" because ", " since "), ("according to", "as stated by"), ("It is ", "This is "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A headline and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def word_count(self) -> int:
        return len(" ".join(self.paragraphs).split())


class Voice:
    """One telling's way with words: which phrasing, which alternative, which slots."""

    def __init__(self, *, turn: int, rng: random.Random, slots: Mapping[str, str]) -> None:
        self.turn = turn  # tellings of one event count up: neighbours choose differently
        self.rng = rng
        self.slots = slots
        self._style = HouseStyle(turn=turn, rng=random.Random(crc32(f"{turn}{sorted(slots.items())}".encode())))  # noqa: S311

    def say(self, frame: str, **more: str) -> str:
        """One realisation of `frame`, with `more` slots."""
        phrasings = frame.split(" || ")
        salt = crc32(frame.encode())
        chosen = phrasings[(self.turn + salt) % len(phrasings)]
        place = iter(range(100))

        def way(match: re.Match[str]) -> str:
            ways = match[1].split("|")
            return ways[(self.turn // len(phrasings) + salt + next(place) * 7) % len(ways)]

        said = Template(_WAYS.sub(way, chosen)).safe_substitute(self.slots, **more)
        return capital(self._style.reword(re.sub(r"\s+", " ", said).strip()))

    def frame(self, frame: str, **more: str) -> str:
        """`frame` with `more` slots in no house's style: what is a formula everywhere."""
        said = _WAYS.sub(lambda m: self.rng.choice(m[1].split("|")), frame)
        return capital(Template(said).safe_substitute(self.slots, **more))

    def pick(self, bank: Sequence[str], count: int = 1) -> list[str]:
        """`count` different lines of `bank`, said."""
        return [self.say(frame) for frame in self.rng.sample(list(bank), min(count, len(bank)))]


def capital(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def shift_weekdays(text: str, *, begins_on: int, language: str = "en") -> str:
    """Weekdays as they fall when the fortnight begins on another day than it was written for."""
    days = _DAYS.get(language)
    if days is None:
        return text
    shift = begins_on - WRITTEN_FOR
    return re.sub("|".join(days), lambda m: days[(days.index(m[0]) + shift) % 7], text)


@cache
def bank(name: str, key: str | None = None) -> tuple[str, ...]:
    """Lines of the shared bank of sentences."""
    found = read_bank("banks")[name]
    return lines(found if key is None else found.get(key, ""))


def tell(event: Event, assignment: Assignment, publisher: PressPublisher, voice: Voice) -> Text:
    """The article that `publisher` makes of `event`; copies are made by `reprint`, status pages by the edition."""
    match assignment.role:
        case "report" | "agency":
            return _report(event, publisher, voice, is_agency=assignment.role == "agency")
        case "follow":
            return _follow(event, voice)
        case "foreign" | "translated":
            text = event.texts[publisher.language]
            return Text(title=text[0], paragraphs=text[1:])
        case "ledger":
            return _ledger(event, voice)
        case "statement" | "notice" | "research" | "probe" as role:
            return _official(event, publisher, voice, role)
        case _:
            raise ValueError(f"{event.id}: no way to tell it as {assignment.role}")


def _report(event: Event, publisher: PressPublisher, voice: Voice, *, is_agency: bool) -> Text:
    leads, facts = event.texts["leads"], list(event.hard_facts)
    first, rest = facts[0], facts[1:]
    if not is_agency:
        voice.rng.shuffle(rest)
        rest = rest[: max(2, len(rest) - voice.rng.choice((0, 1, 1, 2)))]
        if voice.rng.random() < 0.35:
            rest.insert(1, first)
        else:
            rest.insert(0, first)
    else:
        rest.insert(0, first)
    said = [voice.say(f) for f in rest]
    body = [" ".join(said[i : i + 2]) for i in range(0, len(said), 2)]
    quotes = _quotes(event, voice, 2 if is_agency else voice.rng.choice((1, 1, 2)))
    for place, quote in zip((1, 3), quotes, strict=False):
        body.insert(place, quote)
    body += _background(event, voice, is_brief=not is_agency and voice.rng.random() < 0.15)
    if event.recalls and "recall" in voice.slots:
        body.insert(2, voice.pick(bank("recalls"))[0])
    lead = voice.say(leads[voice.turn % len(leads)])
    if is_agency:
        lead = f"{event.place.upper()} ({publisher.name}) - {lead}"
    heads = event.texts["heads"]
    if not is_agency:
        body += _nods(publisher, voice)
    return Text(title=voice.say(heads[voice.turn % len(heads)]), paragraphs=(lead, *body))


def _nods(publisher: PressPublisher, voice: Voice) -> list[str]:
    """What makes an article with sources of its own look like hearsay: a bow to who was there first, or last time."""
    others = [n for n in bank("other_papers") if n != publisher.name]
    if voice.rng.random() < NODS:
        return [voice.frame(voice.rng.choice(bank("nods")), other=voice.rng.choice(others))]
    return []


def _background(event: Event, voice: Voice, *, is_brief: bool) -> list[str]:
    """What an article adds to the news: context, who and where, experts, what could not be learnt."""
    said = [" ".join(voice.pick(bank("context", event.kind), 1 if is_brief else 2))]
    if is_brief:
        return said
    about = bank("about_provider", event.providers[0])
    said.append(" ".join(voice.pick(about) + voice.pick(bank("about_place", event.place))[: voice.rng.randrange(2)]))
    said += _experts(voice, voice.rng.choice((1, 2, 2)))
    if voice.rng.random() < 0.8:
        said.append(" ".join(voice.pick(bank("comment_requests"), voice.rng.choice((1, 2)))))
    voice.rng.shuffle(said)
    return said


def _quotes(event: Event, voice: Voice, count: int) -> list[str]:
    chosen = [q.split(" :: ") for q in voice.rng.sample(event.texts["quotes"], min(count, len(event.texts["quotes"])))]
    return [_quote(who, words, voice.rng.randrange(4)) for who, words in chosen]


def _quote(who: str, words: str, manner: int) -> str:
    head, _, tail = words.partition(". ")
    if who.split(" ")[0] in bank("roles")[0].split():
        who = who[0].lower() + who[1:]
    match manner:
        case 0:
            return f'"{words.rstrip(".")}," said {who}.' if words.endswith(".") else f'"{words}" said {who}.'
        case 1:
            return f'{capital(who)}, for one, put it like this: "{words}"'
        case 2 if tail:
            return f'"{head}," {who} told reporters. "{tail}"'
        case _:
            return f'{capital(who)} said: "{words}"'


def _experts(voice: Voice, count: int = 1) -> list[str]:
    """`count` people who know, each with a finding of their own."""
    people = voice.rng.sample(bank("expert_names"), count)
    claims = voice.pick(bank("expert_claims"), count)
    framed = zip(voice.rng.sample(bank("experts"), count), people, claims, strict=True)
    return [voice.say(frame, expert=who, claim=claim[:1].lower() + claim[1:]) for frame, who, claim in framed]


def _follow(event: Event, voice: Voice) -> Text:
    facts = voice.pick(event.hard_facts, 3)
    body = [
        voice.pick(bank("follow"))[0] + " " + facts[0],
        " ".join(voice.pick(bank("context", event.kind), 3)),
        *_experts(voice, 2),
        *_quotes(event, voice, 1),
        " ".join(facts[1:]),
        " ".join(voice.pick(bank("comment_requests"), 3)),
    ]
    return Text(title=voice.pick(bank("follow_heads"))[0], paragraphs=tuple(body))


def _ledger(event: Event, voice: Voice) -> Text:
    facts = voice.pick(event.hard_facts, 4)
    body = [
        f"{capital(event.short)}. Place: {event.place}. System: {voice.slots['provider']}.",
        " ".join(facts[:2]),
        " ".join(facts[2:]),
        " ".join([voice.say(bank("ledger")[0]), *voice.pick(bank("ledger")[1:], 2)]),
    ]
    return Text(title=f"{event.place}: {event.short}", paragraphs=tuple(body))


def _official(event: Event, publisher: PressPublisher, voice: Voice, role: str) -> Text:
    frames = event.texts.get(role) or voice.rng.sample(bank("research_frame"), 2)
    own = [voice.say(p) for p in frames]
    facts = voice.pick(event.hard_facts, 2 if role in event.texts else 5)
    shared = {"probe": "research"}.get(role, role)
    body = [own[0], *own[1:], " ".join(facts), " ".join(voice.pick(bank(shared), 2))]
    if publisher.kind == "court":
        title = own[0].partition(". ")[0]
    elif not event.is_incident:
        title = voice.say(event.texts["heads"][-1])
    else:
        title = voice.pick(bank(f"{role}_heads"))[0]
    return Text(title=title, paragraphs=tuple(body))


def retell(event: Event, reporter: str, voice: Voice) -> Text:
    """What a paper makes of another's report, without a word of its own: some facts, and repeatedly who says so."""
    facts = voice.pick(event.hard_facts, 3)
    lead = voice.say(event.texts["leads"][(voice.turn + 1) % len(event.texts["leads"])]).rstrip(".")
    body = [
        voice.frame(voice.rng.choice(bank("retold_leads")), lead=lead, other=reporter),
        " ".join(facts[:2]),
        voice.frame(voice.rng.choice(bank("retold_again")), other=reporter),
        " ".join([*facts[2:], voice.pick(bank("context", event.kind))[0]]),
    ]
    heads = event.texts["heads"]
    title = voice.say(heads[(voice.turn + 2) % len(heads)])
    return Text(title=f"{title}: {reporter}" if voice.rng.random() < 0.2 else title, paragraphs=tuple(body))


def bare(event: Event, taken: Collection[str], voice: Voice) -> Text:
    """A headline and nothing else, in words that no other paper has."""
    frames = [f"{head} || {head}" for head in event.texts["heads"]]
    offered = [voice.say(f) for f in voice.rng.sample(frames, len(frames))]
    free = [t for t in offered if t not in taken]
    return Text(title=free[0] if free else f"{event.place}: {offered[0]}", paragraphs=())


def rewrite(original: Text, event: Event, publisher: PressPublisher, voice: Voice) -> Text:
    """What a sister paper makes of an article: the same quotations between sentences of its own."""
    own = _report(event, publisher, voice, is_agency=False)
    quoted = [p for p in original.paragraphs[1:] if '"' in p]
    body = [p for p in own.paragraphs[1:] if '"' not in p]
    return Text(title=own.title, paragraphs=(own.paragraphs[0], *body[:1], *quoted, *body[1:]))


def translated(text: Text, agency: str, place: str) -> Text:
    """An agency's story in another language, with its dateline."""
    return replace(text, paragraphs=(f"{place.upper()} ({agency}) - {text.paragraphs[0]}", *text.paragraphs[1:]))


def reprint(
    original: Text, event: Event, publisher: PressPublisher, voice: Voice, *, agency: str = "", assignment: Assignment
) -> Text:
    """A near-verbatim copy: another headline, often shortened, a word exchanged, a local paragraph added."""
    kept = list(original.paragraphs)
    if assignment.is_cut:
        kept = _third(kept)
    elif voice.rng.random() < 0.6:
        kept = kept[: max(4, len(kept) - voice.rng.choice((1, 1, 2)))]
    if assignment.credit != "dateline":
        kept[0] = kept[0].partition(" - ")[2] or kept[0]
    old, new = voice.rng.choice(_SWAPS)
    kept = [p.replace(old, new) for p in kept]
    if voice.rng.random() < 0.5 and publisher.place != event.place and not assignment.is_cut:
        kept.insert(voice.rng.choice((2, len(kept))), voice.pick(bank("local"))[0])
    heads = event.texts["heads"]
    title = original.title if voice.rng.random() < 0.25 else voice.say(heads[voice.turn % len(heads)])
    if assignment.credit == "foot":
        kept.append(voice.rng.choice((f"Source: {agency}", f"({agency})", f"© {agency}")))
    return Text(title=title, paragraphs=tuple(kept))


def _third(paragraphs: Sequence[str]) -> list[str]:
    """The beginning, cut after a third of the words."""
    whole, kept = sum(len(p.split()) for p in paragraphs), list[str]()
    for paragraph in paragraphs:
        kept.append(paragraph)
        if sum(len(p.split()) for p in kept) >= whole / 3:
            break
    return kept


def tell_live(events: Sequence[Event], place: str, voice: Voice) -> Text:
    """A live blog: many things in a day, the newest on top, none of them its own."""
    body = []
    for number, event in enumerate(events):
        fact = voice.say(voice.rng.choice(event.hard_facts))
        body.append(f"{18 - number * 2}:{voice.rng.randrange(10, 59)} - {capital(event.short)}: {fact}")
    head = voice.pick(bank("live_heads"))[0]
    return Text(title=head, paragraphs=(voice.say(bank("live_leads")[0], town=place), *body))


def tell_piece(kind: str, voice: Voice) -> Text:
    """AI news that stands alone, from the grammar of its kind."""
    grammar = read_bank("pieces")["types"][kind]
    frames = lines(grammar["lines"])
    chosen = sorted(voice.rng.sample(range(len(frames)), voice.rng.choice((4, 5))))
    said = [voice.say(f) for f in (voice.rng.choice(lines(grammar["leads"])), *(frames[i] for i in chosen))]
    said.insert(3, voice.pick(bank("about_place", voice.slots["town"]))[0] if voice.slots["town"] in _TOWNS else "")
    said += _experts(voice)
    said.append(voice.pick(bank("context", voice.rng.choice(("launch", "business", "research", "agent", "policy"))))[0])
    said = [s for s in said if s]
    body = tuple(" ".join(said[i : i + 2]) for i in range(0, len(said), 2))
    return Text(title=voice.say(voice.rng.choice(lines(grammar["heads"]))), paragraphs=body)


def piece_slots(number: int, rng: random.Random) -> dict[str, str]:
    """One choice for each slot of the pieces; neighbours of one kind never share theirs."""
    slots = {}
    for key, listed in read_bank("pieces")["slots"].items():
        words = [w.strip() for w in str(listed).split(",")]
        slots[key] = words[(number // 7 * 5 + number % 7 * 3 + len(key)) % len(words)]
    return slots | {"role": rng.choice(("policy", "safety", "research", "sales", "design"))}


def overlap(one: Text, other: Text) -> float:
    """Which share of the shorter text's runs of four words the other has too."""
    runs = [_runs(t) for t in (one, other)]
    return len(runs[0] & runs[1]) / max(1, min(map(len, runs)))


@lru_cache(4096)
def _runs(text: Text) -> frozenset[tuple[str, ...]]:
    words = " ".join(text.paragraphs).lower().split()
    return frozenset(tuple(words[i : i + 4]) for i in range(len(words) - 3))


def least_alike(attempts: Sequence[Text], others: Sequence[Text]) -> Text:
    """The attempt that shares least with the nearest of `others`."""
    return min(attempts, key=lambda a: max((overlap(a, o) for o in others), default=0.0))


def tell_roundup(events: Sequence[Event], voice: Voice) -> Text:
    """A review of the week, which mentions many events and tells none."""
    body = ["Every week we look back at what machines did, and what was done with them."]
    for event in events:
        fact = voice.say(voice.rng.choice(event.hard_facts))
        body.append(f"{capital(event.short)}: {fact}")
    body.append("Corrections and suggestions are welcome, as ever.")
    return Text(title=voice.pick(bank("roundup_heads"))[0], paragraphs=tuple(body))
