"""What the articles of a wire suggest for its severity, providers, codes, date and headline, each with its reason.

Words are only a hint, so every reason names the words and who wrote them, and nothing here is applied by itself: an
editor takes a value over, or does not. Only the first tellings are read, originals before copies. English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.model import Codebook, Draft, Member, Severity, Suggestion
from monitor.stages.canonical import clean_line
from monitor.stages.codebook import ProviderIndex
from monitor.stages.signals import CODES, MONTHS, SEVERITIES, Signal

READ_LIMIT = 20  # articles
OPENING = 1_000  # characters of each: below comes background on other events
HEADLINE_LONG = 120  # characters; a longer title is a last resort
CODES_LIMIT = 3  # of a series: a wire with every code says nothing
LEAST_SHARE = 0.34  # of the tellings that must name a provider which no title names

_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")
_DAY_MONTH = re.compile(
    rf"\b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\s+(?P<month>{'|'.join(MONTHS)})\.?,?\s+(?P<year>20[0-9]{{2}})"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{'|'.join(MONTHS)})\.?\s+(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(?P<year>20[0-9]{{2}})"
)
_ISO_DAY = re.compile(r"\b(?P<year>20[0-9]{2})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])\b")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"\bon ({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\b(yesterday|last night)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    member: Member
    title: str
    text: str

    @property
    def name(self) -> str:
        return self.member.article.publisher_name

    @property
    def whole(self) -> str:
        return f"{self.title}. {self.text}"


def suggest(members: Sequence[Member], codebook: Codebook, providers: ProviderIndex) -> tuple[Suggestion, ...]:
    """One headline, severity and date at most, and as many providers and codes as the articles name, surest first."""
    told = [_telling(m) for m in sorted(members, key=lambda m: m.copy_of is not None)[:READ_LIMIT] if m.article.title]
    told.sort(key=lambda t: (t.member.article.told_at, t.member.article.id))
    if not told:
        return ()
    return (
        *_headline(told, providers),
        *_severity(told),
        *_occurred_on(told),
        *_providers(told, providers),
        *_codes(told, codebook),
    )


def open_suggestions(suggestions: Sequence[Suggestion], draft: Draft) -> tuple[Suggestion, ...]:
    """Those whose value does not stand in the draft already."""
    return tuple(s for s in suggestions if not holds(draft, s))


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
        case _:
            return (str(getattr(draft, field)),)


def _telling(member: Member) -> _Telling:
    article = member.article
    return _Telling(member=member, title=clean_line(article.title), text=article.text[:OPENING])


# --- headline ---------------------------------------------------------------------------------------------------


def _headline(told: Sequence[_Telling], providers: ProviderIndex) -> Iterator[Suggestion]:
    best = max(told, key=lambda t: _plainness(_bare(t), providers))
    merits = [
        words
        for words, has in (
            ("asks nothing", "?" not in best.title),
            ("names the system's maker", bool(providers.find(_bare(best)))),
            (f"fits in {HEADLINE_LONG} characters", len(_bare(best)) <= HEADLINE_LONG),
        )
        if has
    ]
    among = "the only title" if len(told) == 1 else f"the plainest of {len(told)} titles"
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


def _bare(telling: _Telling) -> str:
    """The title without its publisher's name behind it."""
    tail = _TAIL.search(telling.title)
    if tail is None:
        return telling.title
    said, name = _key(tail[0]), _key(telling.name)
    return telling.title[: tail.start()] if said and (said in name or name in said) else telling.title


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


# --- severity and codes -----------------------------------------------------------------------------------------


def _severity(told: Sequence[_Telling]) -> Iterator[Suggestion]:
    for signal in SEVERITIES:
        found = [(t, m[0]) for t in told if (m := signal.pattern.search(t.whole))]
        if not found:
            continue
        voices = sorted({t.name for t, _ in found})
        yield Suggestion(
            field="severity",
            value=signal.value,
            reason=f"{signal.says} {_words(m for _, m in found)} ({_some(voices)}).",
            confidence=_sure(len(found), len(told)),
        )
        return
    yield Suggestion(
        field="severity",
        value=Severity.SEV_4.value,
        reason="No article says that somebody was hurt, lost something or was cut off.",
        confidence=0.3,
    )


def _codes(told: Sequence[_Telling], codebook: Codebook) -> Iterator[Suggestion]:
    usable = {c.id: c for c in codebook.codes if not c.is_retired}
    found: list[tuple[float, Signal, list[tuple[_Telling, str]]]] = []
    for signal in CODES:
        code = usable.get(signal.value)
        if code is None or code.name.casefold() != signal.name.casefold():
            continue  # a newsroom's own codebook gives this id another meaning
        hits = [(t, m[0]) for t in told if (m := signal.pattern.search(t.whole))]
        if hits:
            titled = sum(bool(signal.pattern.search(t.title)) for t, _ in hits)
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


def _providers(told: Sequence[_Telling], providers: ProviderIndex) -> Iterator[Suggestion]:
    titled: Counter[str] = Counter(p for t in told for p in providers.find(t.title))
    named: Counter[str] = Counter(p for t in told for p in providers.find(t.whole))
    for ident, count in sorted(named.items(), key=lambda n: (-titled[n[0]], -n[1], n[0])):
        if not titled[ident] and count / len(told) < LEAST_SHARE:
            continue
        where = f"{titled[ident]} of {len(told)} titles" if titled[ident] else f"the text of {count} of {len(told)}"
        known = providers.resolve(ident)
        yield Suggestion(
            field="providers",
            value=ident,
            reason=f"{ident if known is None else known.name} is named in {where}.",
            confidence=_sure(titled[ident] or count, 2 * len(told) if not titled[ident] else len(told)),
        )


# --- date -------------------------------------------------------------------------------------------------------


def _occurred_on(told: Sequence[_Telling]) -> Iterator[Suggestion]:
    said = [(day, words, t) for t in told if (found := _day_in(t)) is not None for day, words in [found]]
    if not said:
        first = told[0]
        day = first.member.article.told_at.date()
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


def _day_in(telling: _Telling) -> tuple[date, str] | None:
    """The first day that a telling names and that is not after it was told."""
    told_at = telling.member.article.told_at
    for pattern in (_DAY_MONTH, _MONTH_DAY, _ISO_DAY):
        for match in pattern.finditer(telling.whole):
            if (day := _day(match)) is not None and day <= told_at.date():
                return day, match[0]
    if said := _WEEKDAY.search(telling.whole):
        return _last(said[1], told_at), said[0]
    if said := _YESTERDAY.search(telling.whole):
        return (told_at - timedelta(days=1)).date(), said[0]
    return None


def _day(match: re.Match[str]) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3]) % 12 + 1
    try:
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def _last(weekday: str, told_at: datetime) -> date:
    back = (told_at.weekday() - _WEEKDAYS.index(weekday.lower())) % 7
    return (told_at - timedelta(days=back)).date()


# --- words ------------------------------------------------------------------------------------------------------


def _sure(count: int, total: int) -> float:
    return round(min(0.9, 0.4 + 0.5 * count / max(1, total)), 2)


def _words(found: Iterator[str]) -> str:
    return ", ".join(f"“{w}”" for w in list(dict.fromkeys(" ".join(f.split()).lower() for f in found))[:3])


def _some(names: Sequence[str]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
