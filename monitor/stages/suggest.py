"""What the articles of a wire suggest for its fields, each value with its reason and how sure that is.

Words are only a hint, so every reason names the words and who wrote them, and nothing here is applied by itself: an
editor takes a value over, or does not. Only the first tellings are read, originals before copies; in English, German,
French and Spanish. What is told in no other language gets no severity and no code: that cannot be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from monitor.model import ArticleId, Backing, Codebook, Draft, Joined, Member, Mention, Provider, Severity, Suggestion
from monitor.stages.butfor import draft_prose
from monitor.stages.canonical import clean_line
from monitor.stages.codebook import ProviderIndex
from monitor.stages.days import day_in
from monitor.stages.first_test import PARTS, draft_test, read_test, written_test
from monitor.stages.signals import CODES, SEVERITIES, Signal
from monitor.stages.tongue import READ, tongue_of

READ_LIMIT = 20  # articles
OPENING = 1_000  # characters of each: below comes background on other events
HEADLINE_LONG = 120  # characters; a longer title is a last resort
CODES_LIMIT = 3  # of a series: a wire with every code says nothing
LEAST_SHARE = 0.34  # of the tellings that must name a provider which no title names
ONE_OF_A_KIND = frozenset({"headline", "occurred_on", "but_for"})  # fields whose values hardly ever come again
NO_WORDS = 0.3  # how sure a severity is for which no words speak
BEHIND_SURE = 0.35  # of a provider that no article names
ENOUGH = 3  # outcomes before a reason speaks of them
_HELD_BACK = 4.0  # outcomes that a confidence without any is worth

_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article, or what stands for one, as far as it is read here."""

    title: str
    text: str
    name: str  # of the publisher
    told_at: datetime | None = None
    tongue: str | None = None
    article: ArticleId | None = None

    @property
    def whole(self) -> str:
        return f"{self.title}. {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of earlier suggestions of one value, or of one field whose values never come again."""

    kept: int = 0  # taken, and stood when the wire went out
    lost: int = 0  # changed or ignored


Tallies = Mapping[tuple[str, str, str], Tally]  # by field, value ("" where it hardly comes again) and model


def telling_of(
    title: str,
    text: str,
    *,
    name: str = "",
    told_at: datetime | None = None,
    language: str | None = None,
    article: ArticleId | None = None,
) -> Telling:
    """An article's beginning, its language found out."""
    opening = text[:OPENING]
    said = clean_line(title)
    return Telling(
        title=said,
        text=opening,
        name=name,
        told_at=told_at,
        tongue=_tongue(f"{said}. {opening}", language),
        article=article,
    )


def suggest(members: Sequence[Member], codebook: Codebook, providers: ProviderIndex) -> tuple[Suggestion, ...]:
    """One headline, severity, date and but-for test at most, and as many providers and codes as the articles name,
    surest first."""
    return suggest_from(tellings_of(members), codebook, providers)


def suggest_from(told: Sequence[Telling], codebook: Codebook, providers: ProviderIndex) -> tuple[Suggestion, ...]:
    """As `suggest`, from tellings, the earliest first."""
    if not told:
        return ()
    named = [providers.mentions(t.whole) for t in told]
    codes = tuple(_codes(told, codebook))
    return (
        *_headline(told, providers),
        *_severity(told),
        *_occurred_on(told),
        *_providers(told, named, providers),
        *codes,
        *_test(told, named, codes, providers),
    )


def suggest_classes(members: Sequence[Member], codebook: Codebook, providers: ProviderIndex) -> tuple[Suggestion, ...]:
    """Severity, providers and codes of `suggest` alone, for half the time of all."""
    if not (told := tellings_of(members)):
        return ()
    named = [providers.mentions(t.whole) for t in told]
    return (*_severity(told), *_providers(told, named, providers), *_codes(told, codebook))


def suggest_severity(members: Sequence[Member]) -> Suggestion | None:
    """The severity of `suggest` where words speak for it: what the queue says of a candidate nobody has opened.

    That no words do is worth saying to who writes; in a list it would be a mark at every line.
    """
    return next((s for s in _severity(tellings_of(members)) if s.confidence > NO_WORDS), None)


def tellings_of(members: Sequence[Member]) -> tuple[Telling, ...]:
    """The first tellings of a candidate or wire, originals before copies, in the order in which they were told.

    Round-ups are left out where anything else tells it: their words are about other events, too.
    """
    own = [m for m in members if m.joined is not Joined.MENTION] or members
    originals_first = sorted(own, key=lambda m: m.copy_of is not None)
    titled = [m for m in originals_first if m.article.title or m.article.text][:READ_LIMIT]
    titled.sort(key=lambda m: (m.article.told_at, m.article.id))
    return tuple(
        telling_of(
            m.article.title,
            m.article.text,
            name=m.article.publisher_name,
            told_at=m.article.told_at,
            language=m.article.language,
            article=m.article.id,
        )
        for m in titled
    )


def unread(members: Sequence[Member]) -> bool:
    """Whether something is told, and nothing of it in a language that is read here."""
    told = tellings_of(members)
    return bool(told) and not any(t.tongue in READ for t in told)


# --- what stands in a draft -------------------------------------------------------------------------------------


def open_suggestions(suggestions: Sequence[Suggestion], draft: Draft) -> tuple[Suggestion, ...]:
    """Those whose value does not stand in the draft already, and no but-for test where one is begun."""
    is_begun = draft.but_for is not None and any(getattr(draft.but_for, part) for part in PARTS)
    return tuple(s for s in suggestions if not holds(draft, s) and not (s.field == "but_for" and is_begun))


def holds(draft: Draft, suggestion: Suggestion) -> bool:
    """Whether the draft says what was suggested."""
    return suggestion.value in values_of(draft, suggestion.field)


def values_of(draft: Draft, field: str) -> tuple[str, ...]:
    """What stands in a field that something can be suggested for, as text."""
    match field:
        case "providers" | "codes":
            return tuple(getattr(draft, field))
        case "occurred_on":
            return () if draft.occurred_on is None else (draft.occurred_on.isoformat(),)
        case "severity":
            return () if draft.severity is None else (draft.severity.value,)
        case "but_for":
            return () if draft.but_for is None else (written_test(draft.but_for),)
        case _:
            return (str(getattr(draft, field)),)


# --- what editors made of the like ------------------------------------------------------------------------------


def key_of(suggestion: Suggestion) -> tuple[str, str, str]:
    """By what earlier suggestions are counted as its like."""
    value = "" if suggestion.field in ONE_OF_A_KIND else suggestion.value
    return suggestion.field, value, suggestion.model


def learn_from(suggestions: Sequence[Suggestion], tallies: Tallies) -> tuple[Suggestion, ...]:
    """Each as sure as what became of its like lets it be: a share drawn towards what the words alone are worth."""
    return tuple(_learnt(s, tallies.get(key_of(s), Tally())) for s in suggestions)


def _learnt(suggestion: Suggestion, tally: Tally) -> Suggestion:
    count = tally.kept + tally.lost
    if not count:
        return suggestion
    share = (_HELD_BACK * suggestion.confidence + tally.kept) / (_HELD_BACK + count)
    learnt = replace(suggestion, confidence=round(share, 2))
    if count < ENOUGH:
        return learnt
    what = "one for this field" if suggestion.field in ONE_OF_A_KIND else "it"
    return replace(learnt, reason=f"{suggestion.reason} Editors kept {what} {tally.kept} of {count} times.")


# --- headline ---------------------------------------------------------------------------------------------------


def _headline(told: Sequence[Telling], providers: ProviderIndex) -> Iterator[Suggestion]:
    titled = [t for t in told if t.title]
    if not titled:
        return
    best = max(titled, key=lambda t: _plainness(_bare(t), providers))
    merits = [
        words
        for words, has in (
            ("asks nothing", "?" not in best.title),
            ("names the system's maker", bool(providers.find(_bare(best)))),
            (f"fits in {HEADLINE_LONG} characters", len(_bare(best)) <= HEADLINE_LONG),
        )
        if has
    ]
    among = "the only title" if len(titled) == 1 else f"the plainest of {len(titled)} titles"
    yield Suggestion(
        field="headline",
        value=_bare(best),
        reason=f"{best.name} has {among}{': it ' + ', '.join(merits) if merits else ''}.",
        confidence=0.5,
    )


def _plainness(title: str, providers: ProviderIndex) -> tuple[int, int]:
    doubts = sum(sign in title for sign in '?!:“"‘') + len(re.findall(r"\b(?:could|might|may)\b", title.lower()))
    fits = 30 <= len(title) <= HEADLINE_LONG
    return 2 * fits + bool(providers.find(title)) - 2 * doubts, min(len(title), HEADLINE_LONG)


def _bare(telling: Telling) -> str:
    """The title without its publisher's name behind it."""
    tail = _TAIL.search(telling.title)
    if tail is None:
        return telling.title
    said, name = _key(tail[0]), _key(telling.name)
    return telling.title[: tail.start()] if said and (said in name or name in said) else telling.title


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


# --- severity and codes -----------------------------------------------------------------------------------------


def _severity(told: Sequence[Telling]) -> Iterator[Suggestion]:
    read = [(t, _grave_words(t.whole, t.tongue)) for t in told]
    for place, signal in enumerate(SEVERITIES):
        found = [(t, words) for t, said in read if (words := said[place]) is not None]
        if not found:
            continue
        voices = sorted({t.name for t, _ in found})
        yield Suggestion(
            field="severity",
            value=signal.value,
            reason=f"{signal.says} {_words(words for _, words in found)} ({_some(voices)}).",
            confidence=_sure(len(found), len(told)),
        )
        return
    if any(t.tongue in READ for t in told):
        yield Suggestion(
            field="severity",
            value=Severity.SEV_4.value,
            reason="No article says that somebody was hurt, lost something or was cut off.",
            confidence=NO_WORDS,
        )


@lru_cache(maxsize=2_000)
def _grave_words(whole: str, tongue: str | None) -> tuple[str | None, ...]:
    """What speaks for each of SEVERITIES; kept, since a candidate that grows is read with every article that joins."""
    return tuple(None if (found := s.search(whole, tongue)) is None else found[0] for s in SEVERITIES)


@lru_cache(maxsize=2_000)
def _tongue(text: str, said: str | None) -> str | None:
    return tongue_of(text, said)


def _codes(told: Sequence[Telling], codebook: Codebook) -> Iterator[Suggestion]:
    usable = {c.id: c for c in codebook.codes if not c.is_retired}
    found: list[tuple[float, Signal, list[tuple[Telling, str]]]] = []
    for signal in CODES:
        code = usable.get(signal.value)
        if code is None or code.name.casefold() != signal.name.casefold():
            continue  # a newsroom's own codebook gives this id another meaning
        hits = [(t, m[0]) for t in told if (m := signal.search(t.whole, t.tongue))]
        if hits:
            titled = sum(bool(signal.search(t.title, t.tongue)) for t, _ in hits)
            found.append(((len(hits) + titled) / (2 * len(told)), signal, hits))
    found.sort(key=lambda f: (-f[0], f[1].value))
    for series in ("M", "F"):
        for share, signal, hits in [f for f in found if f[1].value.startswith(series)][:CODES_LIMIT]:
            yield Suggestion(
                field="codes",
                value=signal.value,
                reason=f"{signal.name}: {_words(m for _, m in hits)} ({_some(sorted({t.name for t, _ in hits}))}).",
                confidence=round(min(0.9, 0.3 + 0.6 * share), 2),
            )


# --- providers --------------------------------------------------------------------------------------------------


def _providers(
    told: Sequence[Telling], named: Sequence[Sequence[Mention]], providers: ProviderIndex
) -> Iterator[Suggestion]:
    """Whom the tellings name as more than a place or a teller; by the words that name them."""
    titled: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    spelled: dict[str, dict[str, None]] = {}
    for telling, mentions in zip(told, named, strict=True):
        involved = [m for m in mentions if not m.is_aside]
        counted.update({m.provider for m in involved})
        titled.update({m.provider for m in involved if m.start < len(telling.title)})
        for mention in involved:
            spelled.setdefault(mention.provider, {})[mention.name] = None
    for ident, count in sorted(counted.items(), key=lambda n: (-titled[n[0]], -n[1], n[0])):
        if not titled[ident] and count / len(told) < LEAST_SHARE:
            continue
        where = _where(titled[ident], count, len(told))
        known = providers.resolve(ident)
        name = ident if known is None else known.name
        other = [said for said in spelled[ident] if said.casefold() != name.casefold()][:2]
        by = f", as {' and '.join(other)}" if other else ""
        yield Suggestion(
            field="providers",
            value=ident,
            reason=f"{name} is named in {where}{by}.",
            confidence=_sure(titled[ident] or count, 2 * len(told) if not titled[ident] else len(told)),
        )
    yield from _behind(told, counted, providers)


def _behind(told: Sequence[Telling], named: Collection[str], providers: ProviderIndex) -> Iterator[Suggestion]:
    """Whom nobody names, but the register knows to stand behind what is named; less sure."""
    counted: Counter[str] = Counter()
    why: dict[str, tuple[str, Backing]] = {}
    for telling in told:
        for ident, words, relation in providers.behind(telling.whole):
            counted[ident] += 1
            why.setdefault(ident, (words, relation))
    for ident, count in sorted(counted.items(), key=lambda n: (-n[1], n[0])):
        if ident in named or count / len(told) < LEAST_SHARE:
            continue
        words, relation = why[ident]
        known = providers.resolve(ident)
        yield Suggestion(
            field="providers",
            value=ident,
            reason=f"{ident if known is None else known.name} is not named, but “{words}” is: {relation.because}.",
            confidence=BEHIND_SURE,
        )


def _where(titles: int, texts: int, total: int) -> str:
    if total == 1:
        return "the title" if titles else "the text"
    return f"{titles} of {total} titles" if titles else f"the text of {texts} of {total}"


# --- date -------------------------------------------------------------------------------------------------------


def _occurred_on(told: Sequence[Telling]) -> Iterator[Suggestion]:
    said: list[tuple[date, str, Telling]] = []
    for telling in told:
        if telling.told_at and (found := day_in(telling.whole, telling.tongue, telling.told_at)):
            said.append((*found, telling))
    if not said:
        if (first := next((t for t in told if t.told_at), None)) is None or first.told_at is None:
            return
        day = first.told_at.date()
        reason = f"No article names a day; {first.name} told it first, on {day:%-d %B %Y}."
        yield Suggestion(field="occurred_on", value=day.isoformat(), reason=reason, confidence=0.3)
        return
    counted = Counter(day for day, _, _ in said)
    day = min(counted, key=lambda d: (-counted[d], d))
    words, teller = next((w, t) for d, w, t in said if d == day)
    more = f", and {counted[day] - 1} more agree" if counted[day] > 1 else ""
    reason = f"{teller.name} writes “{words}”{more}."
    yield Suggestion(
        field="occurred_on", value=day.isoformat(), reason=reason, confidence=_sure(counted[day], len(told))
    )


# --- the but-for test -------------------------------------------------------------------------------------------


def _test(
    told: Sequence[Telling],
    named: Sequence[Sequence[Mention]],
    codes: Sequence[Suggestion],
    providers: ProviderIndex,
) -> Iterator[Suggestion]:
    chosen = [s.value for s in codes]
    for telling, mentions in zip(told, named, strict=True):
        drafted = draft_test(telling.whole, chosen, _product(mentions, providers), telling.article)
        if drafted is None:
            continue
        test, words = drafted
        reason = f"Drafted from “{words}” ({telling.name}) and {', '.join(chosen[:4])}; how sure it is, you say."
        yield Suggestion(field="but_for", value=written_test(test), reason=reason, confidence=0.3)
        return


def _product(mentions: Sequence[Mention], providers: ProviderIndex) -> str | None:
    """The first name that is a system's and not its maker's."""
    for mention in mentions:
        known = providers.resolve(mention.provider)
        if known is not None and not mention.is_aside and mention.name.casefold() in _systems(known):
            return mention.name
    return None


def _systems(provider: Provider) -> frozenset[str]:
    maker = provider.name.casefold()
    said = (n.casefold() for n in (*provider.aliases, *provider.exact, *provider.unsure))
    return frozenset(name for name in said if maker not in name and name not in maker)


def as_sentence(suggestion: Suggestion) -> str:
    """The value of a suggested but-for test as the sentence that it makes; "" where it is none."""
    test = read_test(suggestion.value)
    return "" if test is None else draft_prose(replace(test, support=None))


# --- words ------------------------------------------------------------------------------------------------------


def _sure(count: int, total: int) -> float:
    return round(min(0.9, 0.4 + 0.5 * count / max(1, total)), 2)


def _words(found: Iterator[str]) -> str:
    return ", ".join(f"“{w}”" for w in list(dict.fromkeys(" ".join(f.split()).lower() for f in found))[:3])


def _some(names: Sequence[str]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
