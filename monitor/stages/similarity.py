"""Two Fingerprints → how alike: the same event, or not.

Copies are found by `copies`. The *same event* is told by a small
logistic regression over what two articles share (rare words, names, numbers, titles) and the days between them. Its
coefficients were fitted by `benchmarks/fit_grouping.py` on labelled news events; each feature is named, so that a
reason can be given and a coefficient argued with.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stages.copies import containment, share_phrases
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.rarity import Floats, RunningRarity
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
Kinds = NDArray[np.uint8]
Which = NDArray[np.bool_]
Rarity = RunningRarity  # word → log of how rare it is in the window, now

# What a word is to an article; a word of a title that stands in sentences that were struck out is no WORD.
WORD, LEAD, TITLE, NAME, NUMBER = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article with the weights that every comparison of it needs, computed once."""

    made: Fingerprint
    words: float
    title: float
    names: float
    lead: float

    @classmethod
    def of(cls, made: Fingerprint, rarity: Rarity) -> Weighed:
        return cls(
            made,
            weigh(made.words, rarity),
            weigh(made.title, rarity),
            weigh(made.names, rarity),
            weigh(made.lead, rarity),
        )


class Other(NamedTuple):
    """What is compared with an article, and what is known of the two beside their fingerprints."""

    made: Fingerprint
    days: float  # between the two
    same_publisher: bool


class Overlap(NamedTuple):
    """The words of all that an article is compared with, one after the other's."""

    whose: NDArray[np.intp]  # place of the other
    theirs: Kinds  # what the word is to the other: WORD, and more
    own: Kinds  # what it is to the article; 0 where it does not have it
    rarities: Floats

    @classmethod
    def of(cls, made: Fingerprint, others: Sequence[Fingerprint], rarity: Rarity) -> Overlap:
        """From the fingerprints alone; a window has it ready (`Window.overlap`)."""
        own = kinds_of(made)
        theirs = [dict(sorted(kinds_of(other).items())) for other in others]
        words = [word for kinds in theirs for word in kinds]
        return cls(
            np.repeat(np.arange(len(others)), [len(kinds) for kinds in theirs]),
            np.array([kind for kinds in theirs for kind in kinds.values()], np.uint8),
            np.array([own.get(word, 0) for word in words], np.uint8),
            np.array([rarity[word] for word in words], np.float64),
        )


def kinds_of(made: Fingerprint) -> dict[str, int]:
    """What each of its words is to an article."""
    words, lead, title, names = made.words, made.lead, made.title, made.names
    return {
        word: WORD * (word in words)
        | LEAD * (word in lead)
        | TITLE * (word in title)
        | NAME * (word in names)
        | NUMBER * (word in words and word[0].isdigit())
        for word in words | title
    }


def pair_features(own: Weighed, other: Other, rarity: Rarity, *, rarest_possible: float) -> tuple[float, ...]:
    """What two articles have in common, in the order of `PAIR_FEATURES`."""
    overlap = Overlap.of(own.made, [other.made], rarity)
    return features_of_pairs(own, [other], overlap, rarest_possible=rarest_possible)[0]


def features_of_pairs(
    own: Weighed, others: Sequence[Other], overlap: Overlap, *, rarest_possible: float
) -> list[tuple[float, ...]]:
    """For each of `others` what it has in common with the article, in the order of `PAIR_FEATURES`.

    All at once: an article is compared with thirty, and to ask for each word of each costs ten times as much. Sums are
    taken in the order in which the words are given, so that the same articles have the same features everywhere.
    """
    if not others:
        return []
    weighed = _Shared(overlap, len(others))
    a, made = own.made, [o.made for o in others]
    days = np.array([o.days for o in others])
    is_same = np.array([o.same_publisher for o in others])
    texts = np.array([a.has_text + b.has_text for b in made])
    sharing = zip(made, share_phrases(a, made), strict=True)
    phrases = np.array([_phrases(a, b) if shares else 0.0 for b, shares in sharing])
    meaning = np.array([likeness(a.vector, b.vector) for b in made])
    is_foreign = np.array([are_foreign(a.language, b.language) for b in made])
    has_numbers = bool(a.numbers) & (weighed.count_of_all(NUMBER) > 0)
    ours, theirs = weighed.shared, weighed.all_of
    words, titles, names, leads = (ours(kind) for kind in (WORD, TITLE, NAME, LEAD))
    words_b, title_b, names_b, lead_b = (theirs(kind) for kind in (WORD, TITLE, NAME, LEAD))
    numbers = ours(NUMBER)
    covered = _shares(weighed.between(TITLE, WORD), own.title), _shares(weighed.between(WORD, TITLE), title_b)
    led = _shares(weighed.between(TITLE, LEAD), own.title), _shares(weighed.between(LEAD, TITLE), title_b)
    rarest, second, third = weighed.rarest(weighed.are_both(WORD), 3)
    first_name, second_name = weighed.rarest(weighed.names, 2)
    (first_number,) = weighed.rarest(weighed.are_both(NUMBER), 1)
    (lead_name,) = weighed.rarest(weighed.names & weighed.are_both(LEAD), 1)
    (either_lead_name,) = weighed.rarest(weighed.names & weighed.are_either(LEAD), 1)
    size_b = weighed.count_of_all(WORD)
    columns = (
        _cosines(words, own.words, words_b),
        _cosines(titles, own.title, title_b),
        np.maximum(*covered),
        np.minimum(*covered),
        np.log1p(weighed.rarity_of_shared()),
        rarest / rarest_possible,
        second / rarest_possible,
        third / rarest_possible,
        _cosines(names, own.names, names_b),
        own.names * names_b == 0,
        np.log1p(numbers),
        has_numbers & (weighed.count(NUMBER) == 0),
        np.clip(days, NEAREST_DAYS, 3.0) / 3.0,
        np.log1p(np.maximum(0.0, days - 1.0)),
        days > 3.0,
        texts == 2,
        texts == 1,
        is_same,
        np.log(len(a.words) + size_b + 1),
        np.log1p(weighed.count(TITLE)),
        np.where(is_same, 0.0, phrases),
        np.where(is_same, phrases, 0.0),
        is_foreign,
        np.where(is_foreign, np.log1p(weighed.names_or_numbers()), 0.0),
        _shares(words, np.minimum(own.words, words_b)),
        _shares(names, np.minimum(own.names, names_b)),
        first_name / rarest_possible,
        second_name / rarest_possible,
        first_number / rarest_possible,
        lead_name / rarest_possible,
        either_lead_name / rarest_possible,
        _cosines(leads, own.lead, lead_b),
        np.maximum(*led),
        [o.days <= STATUS_DAYS and is_outage(a, o.made) for o in others],
        [bool(a.page) and a.page == b.page for b in made],
        meaning,
        np.where(texts == 2, meaning, 0.0),
    )
    return list(map(tuple, np.array(columns, np.float64).T.tolist()))


class _Shared:
    """Weights of what an article shares with each of `count` others."""

    def __init__(self, overlap: Overlap, count: int) -> None:
        self._count = count
        self._all = overlap
        self._all_squares = overlap.rarities * overlap.rarities
        common = np.flatnonzero(overlap.own)
        order = np.lexsort((-overlap.rarities[common], overlap.whose[common]))  # each other's words, the rarest first
        common = common[order]
        self._whose, self._rarities = overlap.whose[common], overlap.rarities[common]
        self._squares = self._all_squares[common]
        self._theirs, self._own = overlap.theirs[common], overlap.own[common]
        self.names = self.are_both(WORD) & self.are_either(NAME)

    def are_both(self, kind: int) -> Which:
        """Of the common words those that are of this kind to both."""
        return _are(self._theirs & self._own, kind)

    def are_either(self, kind: int) -> Which:
        """Of the common words those that are of this kind to one of the two."""
        return _are(self._theirs | self._own, kind)

    def all_of(self, kind: int) -> Floats:
        """The weight of the others' words of this kind."""
        return _sums(self._all.whose, self._all_squares * _are(self._all.theirs, kind), self._count)

    def count_of_all(self, kind: int) -> Floats:
        """How many words of this kind each other has."""
        return _sums(self._all.whose, _are(self._all.theirs, kind).astype(np.float64), self._count)

    def shared(self, kind: int) -> Floats:
        """The weight of the words that are of this kind to both."""
        return self._sum(self._squares * self.are_both(kind))

    def count(self, kind: int) -> Floats:
        """How many words are of this kind to both."""
        return self._sum(self.are_both(kind).astype(np.float64))

    def between(self, own: int, theirs: int) -> Floats:
        """The weight of the words that are `own` to the article and `theirs` to the other."""
        return self._sum(self._squares * (_are(self._own, own) & _are(self._theirs, theirs)))

    def names_or_numbers(self) -> Floats:
        """The weight of shared words that are names to one of the two, or numbers."""
        is_told = self.are_both(WORD) & (self.are_either(NAME) | _are(self._own, NUMBER))
        return self._sum(self._squares * is_told)

    def rarity_of_shared(self) -> Floats:
        """The rarities of the shared words, summed."""
        return self._sum(self._rarities * self.are_both(WORD))

    def rarest(self, which: Which, places: int) -> tuple[Floats, ...]:
        """The rarities of the rarest common words that are chosen; 0 where there are no more."""
        chosen = np.flatnonzero(which)
        rarities, counts = self._rarities[chosen], np.bincount(self._whose[chosen], minlength=self._count)
        first = np.cumsum(counts) - counts
        found = tuple(np.zeros(self._count) for _ in range(places))
        for place, values in enumerate(found):
            has = counts > place
            values[has] = rarities[first[has] + place]
        return found

    def _sum(self, values: Floats) -> Floats:
        return _sums(self._whose, values, self._count)


def _sums(whose: NDArray[np.intp], values: Floats, count: int) -> Floats:
    return np.bincount(whose, values, count).astype(np.float64, copy=False)


def _are(kinds: Kinds, kind: int) -> Which:
    found: Which = (kinds & np.uint8(kind)) != 0
    return found


def weigh(words: Collection[str], rarity: Rarity) -> float:
    """The weight of a set of words: the squares of their rarities, summed (exactly: sets have no order)."""
    rarities = [*map(rarity.__getitem__, words)]
    return math.fsum(map(mul, rarities, rarities))


def _phrases(own: Fingerprint, other: Fingerprint) -> float:
    """How much of the shorter text stands in the other."""
    return containment(own, other) if own.has_text and other.has_text else 0.0


def tells_of_trouble(made: Fingerprint) -> bool:
    """Whether an article tells of trouble with a service in plain words, where it begins."""
    return not made.lead.isdisjoint(_TROUBLE)


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
    return tells_of_trouble(report) or (bool(report.lead & _VAGUE) and named >= min(_NAMED, len(status.names)))


def are_foreign(one: str | None, other: str | None) -> bool:
    """Whether both languages are known and differ; en-GB and en-US do not (BCP 47 primary subtags)."""
    if not one or not other or one == other:
        return False
    return one.partition("-")[0].casefold() != other.partition("-")[0].casefold()


def _shares(part: Floats, whole: Floats | float) -> Floats:
    """Share of each whole; 0 of nothing."""
    found: Floats = np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0)
    return found


def _cosines(shared: Floats, own: float, others: Floats) -> Floats:
    return _shares(shared, np.sqrt(own * others))
