"""Two Fingerprints → how alike: the same event, or not.

Copies are found by `copies`. The *same event* is told by a small
logistic regression over what two articles share (rare words, names, numbers, titles) and the days between them. Its
coefficients were fitted by `benchmarks/fit_grouping.py` on labelled news events; each feature is named, so that a
reason can be given and a coefficient argued with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from monitor.stages.copies import containment
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.rarity import RunningRarity
from monitor.stages.vectors import likeness

PAIR_FEATURES = (
    "cosine",  # of the words, weighted by rarity
    "title_cosine",
    "title_covered",  # the larger share of one title's weight that the other article holds
    "title_covered_least",  # the smaller one
    "shared",  # log of the summed rarity of shared words
    "rarest",  # rarity of the rarest shared word; 1 is a word seen nowhere else in the window
    "second",
    "third",
    "names",  # cosine of the names
    "is_nameless",  # one of the two names nobody
    "numbers",  # log of the weight of shared numbers
    "numbers_differ",  # both give numbers, and share none
    "days",  # between the two, up to 3, in units of 3
    "long_ago",  # log of the days beyond the first
    "is_old",  # over 3 days
    "both_texts",
    "one_text",
    "same_publisher",
    "length",  # log of the number of words of both
    "title_words",  # log of the number of words both titles share
    "phrases",  # containment of the texts, by two publishers: what both quote
    "own_phrases",  # the same within one publisher: its standing phrases
    "is_foreign",  # the two are in different languages: only names and numbers can be shared
    "foreign_names",  # log of the weight of shared names and numbers, where they are
    "contained",  # share of the poorer article's weight that the richer one holds
    "names_contained",
    "first_name",  # rarity of the rarest shared name
    "second_name",
    "first_number",
    "lead_name",  # of the rarest shared name that stands in both leads
    "either_lead_name",  # in one of them
    "lead_cosine",  # of title and lead
    "lead_title",  # the larger share of one title's weight that the other's lead holds
    "outage",  # a status page and a report of trouble with the service that it names, within STATUS_DAYS
    "same_page",  # the last part of both addresses is the same: one page on two hosts
    "meaning",  # cosine of the vectors of title and lead; 0 where one of the two has none
    "meaning_texts",  # the same, where both have texts
)
NEAREST_DAYS = 0.25  # nearer says no more: what has no date of its own has that of the round in which it was seen
STATUS_DAYS = 0.5  # how long after a status page's incident trouble with the same service is that incident
_TROUBLE_STEMS = """
    outag outage offlin down fail failur freez froz frozen slow slower stumbl crash glitch stall disrupt disruption
    interrupt interruption unavailabl unreachabl unusabl inaccess degrad timeout login queu queue backlog refus reject
    throttl overload overwhelm
    """
_VAGUE_STEMS = "dark blind silent stopp suspend deactivat withdraw pull lost wrong mix"
_TROUBLE = frozenset(_TROUBLE_STEMS.split())  # by which a lead tells of trouble with a service
_VAGUE = frozenset(_VAGUE_STEMS.split())  # by which it may, or of people's: an arm is lost, a lawsuit withdrawn
_NAMED = 2  # names of a status page that stand in a lead beside vague words, or all where it has fewer
Rarity = Mapping[str, float]  # word → log of how rare it is in the window, now


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article with the weights that every comparison of it needs, computed once."""

    made: Fingerprint
    words: float
    title: float
    names: float
    lead: float
    phrases: frozenset[int]

    @classmethod
    def of(cls, made: Fingerprint, rarity: Rarity) -> Weighed:
        return cls(
            made,
            weigh(made.words, rarity),
            weigh(made.title, rarity),
            weigh(made.names, rarity),
            weigh(made.lead, rarity),
            frozenset(made.sketch),
        )


def pair_features(
    own: Weighed, b: Fingerprint, rarity: Rarity, *, days: float, same_publisher: bool, rarest_possible: float
) -> tuple[float, ...]:
    """What two articles have in common, in the order of `PAIR_FEATURES`; `days` is what lies between them."""
    a = own.made
    apart = max(days, NEAREST_DAYS)
    shared = a.words & b.words
    title_a, title_b = own.title, weigh(b.title, rarity)
    names_a, names_b = own.names, weigh(b.names, rarity)
    covered = (_share(weigh(a.title & b.words, rarity), title_a), _share(weigh(b.title & a.words, rarity), title_b))
    rarities = sorted(map(rarity.__getitem__, shared), reverse=True)
    top = [*rarities[:3], 0.0, 0.0, 0.0]
    numbers = a.numbers & b.numbers
    both_titles = a.title & b.title
    is_foreign = are_foreign(a.language, b.language)
    share_phrases = a.has_text and b.has_text and not own.phrases.isdisjoint(b.sketch)
    phrases = containment(a, b) if share_phrases else 0.0
    shared_names, both_names, both_leads = shared & (a.names | b.names), a.names & b.names, a.lead & b.lead
    name_rarities = [*sorted(map(rarity.__getitem__, shared_names), reverse=True)[:2], 0.0, 0.0]
    words_b, words, names = weigh(b.words, rarity), weigh(shared, rarity), weigh(both_names, rarity)
    meaning = likeness(a.vector, b.vector)
    return (
        _cosine(words, own.words, words_b),
        _cosine(weigh(both_titles, rarity), title_a, title_b),
        max(covered),
        min(covered),
        math.log1p(math.fsum(rarities)),
        top[0] / rarest_possible,
        top[1] / rarest_possible,
        top[2] / rarest_possible,
        _cosine(names, names_a, names_b),
        float(names_a * names_b == 0),
        math.log1p(weigh(numbers, rarity)),
        float(bool(a.numbers and b.numbers and not numbers)),
        min(apart, 3.0) / 3.0,
        math.log1p(max(0.0, days - 1.0)),
        float(days > 3.0),
        float(a.has_text and b.has_text),
        float(a.has_text != b.has_text),
        float(same_publisher),
        math.log(len(a.words) + len(b.words) + 1),
        math.log1p(len(both_titles)),
        0.0 if same_publisher else phrases,
        phrases if same_publisher else 0.0,
        float(is_foreign),
        math.log1p(weigh(shared & (a.names | b.names | a.numbers), rarity)) if is_foreign else 0.0,
        _share(words, min(own.words, words_b)),
        _share(names, min(names_a, names_b)),
        name_rarities[0] / rarest_possible,
        name_rarities[1] / rarest_possible,
        _rarest(numbers, rarity) / rarest_possible,
        _rarest(shared_names & both_leads, rarity) / rarest_possible,
        _rarest(shared_names & (a.lead | b.lead), rarity) / rarest_possible,
        _cosine(weigh(both_leads, rarity), own.lead, weigh(b.lead, rarity)),
        max(_share(weigh(a.title & b.lead, rarity), title_a), _share(weigh(b.title & a.lead, rarity), title_b)),
        float(days <= STATUS_DAYS and is_outage(a, b)),
        float(bool(a.page) and a.page == b.page),
        meaning,
        meaning if a.has_text and b.has_text else 0.0,
    )


def weigh(words: Collection[str], rarity: Rarity) -> float:
    """The weight of a set of words: the squares of their rarities, summed (exactly: sets have no order)."""
    return math.fsum(map(_square_of(rarity), words))


def _square_of(rarity: Rarity) -> Callable[[str], float]:
    if isinstance(rarity, RunningRarity):
        return rarity.squares.__getitem__
    return lambda word: rarity[word] * rarity[word]


def _rarest(words: Collection[str], rarity: Rarity) -> float:
    return max(map(rarity.__getitem__, words), default=0.0)


def is_outage(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether one is a status page's incident and the other tells of trouble with a service that it names.

    Where the words for the trouble are vague, company and product must be named: a company is in the news for much.
    """
    if a.is_status == b.is_status:
        return False
    status, report = (a, b) if a.is_status else (b, a)
    named = len(status.names & report.lead)
    if not named:
        return False
    is_clear = bool(report.lead & _TROUBLE)
    return is_clear or (bool(report.lead & _VAGUE) and named >= min(_NAMED, len(status.names)))


def are_foreign(one: str | None, other: str | None) -> bool:
    """Whether both languages are known and differ; en-GB and en-US do not (BCP 47 primary subtags)."""
    if not one or not other:
        return False
    return one.partition("-")[0].casefold() != other.partition("-")[0].casefold()


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _cosine(shared: float, a: float, b: float) -> float:
    return shared / math.sqrt(a * b) if a * b > 0 else 0.0
