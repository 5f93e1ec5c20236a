"""The recent articles an article is compared with: an index of their words, with running document frequencies.

The window is bounded by time and by count, so that what an article costs depends on neither the length of the history
nor the size of the database. Frequencies are those of the window and move with every article: with a vocabulary frozen
in advance the names of new people and products would weigh nothing, and unrelated events would merge.

Articles are kept as the bytes that are stored of them, beside an index of numbers; the few that are compared are
decoded when they are. What is found depends on which articles are in the window, never on the order in which they came:
a window that was read from the database finds what the one that grew would have found.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import lt
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.model import ArticleId, CandidateId, PublisherId
from monitor.stages.archive import UNKNOWN_PUBLISHER
from monitor.stages.copies import FOUND_BY_PHRASES, kept_phrases
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.fingerprint_bytes import Entry, decode, encode, read_entries, read_entry, read_places
from monitor.stages.latest import Latest
from monitor.stages.rarity import START_ARTICLES, Floats, Numbers, RunningRarity, Vocabulary, paired
from monitor.stages.similarity import LEAD, NAME, NUMBER, STATUS_DAYS, TITLE, WORD, Overlap, Rarity, kinds_of

WINDOW_SPAN = timedelta(
    days=3_650
)  # follow-ups come years later: nearness in time is a feature, the bound is the count
WINDOW_LIMIT = 30_000  # articles: some 160 MB; a newsroom that reads 300 a day looks back a hundred days
NEIGHBOURS = 30  # articles an article is compared with in full
RAREST_WORDS = 60  # words by which neighbours are found
STANDING_IN = 2  # candidates: a sentence that stands in so many tells neither
STANDING_READ = 50  # newest articles with a sentence
STATUSES_READ = 40  # newest incidents of status pages
JOINED_READ = 200  # newest articles by which it is judged how often one joins another's candidate
START_JOINED = 20
POSTINGS_READ = 4_000  # newest articles read per word: a word in more of them says little
DECODED = 500  # articles kept decoded: those that were compared last
COUNTED = 500  # candidates whose words are kept counted

_READ_TOGETHER = 2_000  # articles of a stored window
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_K = TypeVar("_K")
_V = TypeVar("_V")
_Slots: TypeAlias = "int | array[int]"  # of one article, or of several


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article as grouping sees it."""

    article: ArticleId
    told_at: datetime
    publisher: PublisherId
    publisher_name: str
    title: str
    fingerprint: Fingerprint
    copy_of: ArticleId | None = None  # its original, where it is a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An article as the window keeps it, and the database too."""

    article: ArticleId
    told_at: datetime
    publisher: PublisherId
    publisher_name: str
    title: str
    fingerprint: bytes  # as `fingerprint_bytes.encode` writes it
    copy_of: ArticleId | None = None


class Stored(Protocol):
    """What the window keeps of an article: `Kept`, or a row that says the same."""

    @property
    def article(self) -> ArticleId: ...
    @property
    def told_at(self) -> datetime: ...
    @property
    def publisher(self) -> PublisherId: ...
    @property
    def publisher_name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fingerprint(self) -> bytes: ...
    @property
    def copy_of(self) -> ArticleId | None: ...


class Counted(NamedTuple):
    """The words of a candidate, by number, and in how many of its articles each stands."""

    words: Numbers
    counts: Floats


class Window:
    """Articles, their words, and the candidates they are in. Not safe to share between threads."""

    def __init__(self, *, span: timedelta = WINDOW_SPAN, limit: int = WINDOW_LIMIT) -> None:
        self.span = span
        self.limit = limit
        self.forgotten: datetime | None = None  # when the newest article was told of those there was no room for
        self._slots: dict[ArticleId, int] = {}
        self._kept: list[Stored | None] = []  # by slot, as the next four
        self._told = array("q")  # microseconds since 1970
        self._article = array("q")
        self._candidate = array("q")
        self._scale = array("d")  # a long article shares more words by chance
        self._free: list[int] = []  # slots of forgotten articles
        self._by_age = array("I")  # slots, the oldest first, as everywhere below
        self._statuses = array("I")
        self._words: list[array[int]] = []  # by slot: numbers in `vocabulary`, as `encode` orders the words
        self.vocabulary = Vocabulary()
        self._sentences: dict[int, _Slots] = {}
        self._headlines: dict[int, _Slots] = {}
        self._phrases: dict[int, _Slots] = {}  # a few of each text's, by which copies are found
        self._lists = self._sentences, self._phrases, self._headlines
        self._members: dict[CandidateId, _Slots] = {}
        self._decoded: Latest[ArticleId, Telling] = Latest(DECODED)
        self._counted: Latest[CandidateId, Counted] = Latest(COUNTED)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, article: ArticleId) -> bool:
        return article in self._slots

    def __getitem__(self, article: ArticleId) -> Telling:
        return self._decoded.get(article, self._decode)

    def articles(self) -> tuple[ArticleId, ...]:
        """All articles of the window, the one told first in front."""
        return self._articles(self._by_age)

    def told_at(self, article: ArticleId) -> datetime:
        """When `article` was told; cheaper than the whole telling."""
        return self._kept_of(self._slots[article]).told_at

    def candidate_of(self, article: ArticleId) -> CandidateId:
        """The candidate that `article` is in."""
        return CandidateId(self._candidate[self._slots[article]])

    def members(self, candidate: CandidateId) -> tuple[ArticleId, ...]:
        """The candidate's articles within the window, the one told first in front."""
        return self._articles(_all(self._members.get(candidate)))

    def words_of(self, candidate: CandidateId) -> Counted:
        """In how many of the candidate's articles each word stands."""
        return self._counted.get(candidate, self._count)

    def add(self, telling: Telling, candidate: CandidateId, data: bytes | None = None) -> None:
        """Take an article in, and let go what is too old or too much; `data` is its encoded fingerprint, if at hand."""
        kept = Kept(
            article=telling.article,
            told_at=telling.told_at,
            publisher=telling.publisher,
            publisher_name=telling.publisher_name,
            title=telling.title,
            fingerprint=encode(telling.fingerprint) if data is None else data,
            copy_of=telling.copy_of,
        )
        self.keep(kept, candidate)

    def keep(self, kept: Stored, candidate: CandidateId) -> None:
        """The same, of an article that was stored."""
        if kept.article in self._slots:
            return
        entry = read_entry(kept.fingerprint)
        slot = self._take_slot(kept, candidate, len(entry.words))
        self._put(self._by_age, slot)
        self._index(slot, entry)
        self._enter(slot, candidate)
        while self._by_age and self._is_overdue(self._by_age[0]):
            oldest = ArticleId(self._article[self._by_age[0]])
            self.forgotten = max(self.forgotten or self.told_at(oldest), self.told_at(oldest))
            self.forget(oldest)

    def keep_all(self, told: Iterable[tuple[Stored, CandidateId]]) -> None:
        """The same, of many, the one told first in front: as after a restart.

        An empty window is filled column by column, at a third of the cost.
        """
        found = [*told]
        ages = [(_microseconds(kept.told_at), kept.article) for kept, _ in found]
        is_in_order = all(map(lt, ages, ages[1:])) and len({article for _, article in ages}) == len(ages)
        if self._kept or not is_in_order:
            for kept, candidate in found:
                self.keep(kept, candidate)
        elif found:
            oldest = ages[-1][0] - self.span // _MICROSECOND
            first = max(len(found) - self.limit, bisect_left(ages, (oldest, 0)))
            if first:
                self.forgotten = found[first - 1][0].told_at
            self._fill(found[first:], [moment for moment, _ in ages[first:]])

    def _fill(self, told: Sequence[tuple[Stored, CandidateId]], moments: Sequence[int]) -> None:
        """Take in articles where there are none; the first gets slot 0."""
        self._kept.extend(kept for kept, _ in told)
        self._told.extend(moments)
        self._article.extend(kept.article for kept, _ in told)
        self._candidate.extend(candidate for _, candidate in told)
        self._by_age.extend(range(len(told)))
        self._slots.update(zip(map(ArticleId, self._article), self._by_age, strict=True))
        data = [kept.fingerprint for kept, _ in told]
        numbers, read = [], []
        for start in range(0, len(data), _READ_TOGETHER):
            entries = read_entries(data[start : start + _READ_TOGETHER])
            numbers.append(self.vocabulary.number(entries.words))
            read.append(entries._replace(words=[]))
        words, counts = np.concatenate(numbers), np.concatenate([r.word_counts for r in read])
        self.vocabulary.fill(words, counts)
        ends = (4 * np.cumsum(counts)).tolist()
        spelt = words.tobytes()
        self._words.extend(array("I", spelt[s:e]) for s, e in zip([0, *ends], ends, strict=False))
        self._scale.frombytes((1 / np.sqrt(counts + 3)).tobytes())
        self._statuses.extend(np.flatnonzero(np.concatenate([r.are_status for r in read])).tolist())
        headlines = np.concatenate([r.headlines for r in read])
        self._headlines.update(_keyed(headlines[headlines > 0], (headlines > 0).astype(np.int64)))
        for lists, values, of_each in (
            (self._sentences, [r.sentences for r in read], [r.sentence_counts for r in read]),
            (self._phrases, [r.phrases for r in read], [r.phrase_counts for r in read]),
        ):
            lists.update(_keyed(np.concatenate(values), np.concatenate(of_each)))
        for slot, candidate in enumerate(self._candidate):
            self._add(self._members, CandidateId(candidate), slot)

    def move(self, article: ArticleId, candidate: CandidateId) -> None:
        """An editor put `article` into another candidate."""
        slot = self._slots[article]
        if self._candidate[slot] != candidate:
            self._leave(slot)
            self._enter(slot, candidate)

    def forget(self, article: ArticleId) -> None:
        """Take `article` out, as if it had never been told."""
        slot = self._slots[article]
        entry = read_entry(self._kept_of(slot).fingerprint)
        self._leave(slot)
        self._by_age.remove(slot)
        self.vocabulary.drop(self._words[slot], slot)
        for sentence in entry.sentences:
            _drop(self._sentences, sentence, slot)
        for phrase in entry.phrases:
            _drop(self._phrases, phrase, slot)
        if entry.headline:
            _drop(self._headlines, entry.headline, slot)
        if entry.is_status:
            self._statuses.remove(slot)
        self._decoded.drop(article)
        del self._slots[article]
        self._kept[slot], self._words[slot] = None, array("I")
        self._free.append(slot)

    def rarity(self) -> Rarity:
        """How rare each word is in the window now: log of (articles + 2) / (articles with the word + 1).

        START_ARTICLES of ordinary news are counted as if they were in the window too.
        """
        return RunningRarity(self.vocabulary, len(self._slots))

    def rarest_possible(self) -> float:
        """The rarity of a word that no article of the window has."""
        return math.log(len(self._slots) + START_ARTICLES + 2)

    def joined_share(self) -> float:
        """Share of the newest JOINED_READ articles that another of their candidate was told before.

        START_JOINED articles of a stream in which every third joins one are counted as if they were in the window too.
        """
        newest, candidates, members = self._by_age[-JOINED_READ:], self._candidate, self._members
        joined = 0
        for slot in newest:  # spelt out: it is asked with every article
            its = members[CandidateId(candidates[slot])]
            joined += (its if isinstance(its, int) else its[0]) != slot
        return (joined + START_JOINED / 3) / (len(newest) + START_JOINED)

    def repeated(self, telling: Telling) -> tuple[int, ...]:
        """Sentences of `telling` that stand word for word in another article: formulas, or quotations."""
        return tuple(s for s in telling.fingerprint.sentences if s in self._sentences)

    def standing(self, telling: Telling) -> tuple[int, ...]:
        """Sentences of `telling` that tell no event: its publisher's own formulas, and what stands in many candidates.

        A sentence that stands in one candidate only may be a quotation that all its articles share.
        """
        return tuple(s for s in telling.fingerprint.sentences if self._is_standing(s, telling.publisher))

    def _is_standing(self, sentence: int, publisher: PublisherId) -> bool:
        said = _all(self._sentences.get(sentence))[-STANDING_READ:]
        candidates = {self._candidate[slot] for slot in said}
        is_own = publisher != UNKNOWN_PUBLISHER and any(self._kept_of(slot).publisher == publisher for slot in said)
        return len(candidates) >= STANDING_IN or is_own

    def with_headline(self, headline: int) -> tuple[Telling, ...]:
        """The newest NEIGHBOURS articles with the same headline, oldest first."""
        same = _all(self._headlines.get(headline))[-NEIGHBOURS:] if headline else ()
        return tuple(self[article] for article in self._articles(same))

    def with_phrases(self, made: Fingerprint) -> tuple[Telling, ...]:
        """Articles that share some of the text's phrases, however old, the most first."""
        shared: Counter[int] = Counter()
        for phrase in kept_phrases(made.sketch):
            shared.update(_all(self._phrases.get(phrase))[-FOUND_BY_PHRASES:])
        most = sorted(shared, key=lambda slot: (-shared[slot], self._age(slot)))[:FOUND_BY_PHRASES]
        return tuple(self[article] for article in self._articles(most))

    def neighbours(self, telling: Telling, rarity: Rarity) -> tuple[Telling, ...]:
        """The articles that share most of the rare words, nearest first: the only ones compared in full.

        Articles told more than the window's span before or after are left out, however alike.
        """
        nearest = dict.fromkeys(self._nearest(telling, rarity))
        nearest.update(dict.fromkeys(self._statuses_about(telling)))
        return tuple(self[article] for article in nearest)

    def overlap(self, made: Fingerprint, others: Sequence[Telling], rarity: Rarity) -> Overlap:
        """The words of `others`, which the window holds, beside those of an article that it may hold or not."""
        if not others:
            return Overlap.of(made, (), rarity)
        slots = [self._slots[other.article] for other in others]
        words = [np.frombuffer(self._words[slot], np.uintc) for slot in slots]
        lengths = np.array([len(some) for some in words])
        numbers = np.concatenate(words)
        own = self._known(kinds_of(made))
        return Overlap(
            np.repeat(np.arange(len(others)), lengths),
            self._kinds_of(slots, lengths, numbers),
            self.vocabulary.look_up([*own], [*own.values()], numbers),
            rarity.of(numbers),
        )

    def known(self, words: Iterable[str]) -> Numbers:
        """The numbers of those words that the window knows, in ascending order."""
        return np.array(sorted(n for word in words if (n := self.vocabulary.find(word)) is not None), np.uintc)

    def _known(self, kinds: dict[str, int]) -> dict[int, int]:
        numbers = map(self.vocabulary.find, kinds)
        return {n: kind for n, kind in zip(numbers, kinds.values(), strict=True) if n is not None}

    def _kinds_of(self, slots: Sequence[int], lengths: NDArray[np.int64], numbers: Numbers) -> NDArray[np.uint8]:
        """What each word of some articles is to its article; `numbers` are those of one after the other's."""
        read = [read_places(self._kept_of(slot).fingerprint) for slot in slots]
        starts = np.cumsum(lengths) - lengths
        places = np.arange(len(numbers)) - np.repeat(starts, lengths)  # of each word in its article
        in_title, in_lead = (np.repeat([found[which] for found in read], lengths) for which in (0, 1))
        kinds: NDArray[np.uint8] = self.vocabulary.are_numbers(numbers) * np.uint8(NUMBER)
        kinds |= WORD
        kinds[places < in_lead] |= LEAD
        kinds[places < in_title] |= TITLE
        names = np.concatenate([np.frombuffer(found[2], np.ushort) for found in read])
        kinds[names + np.repeat(starts, [len(found[2]) for found in read])] |= NAME
        return kinds

    def _nearest(self, telling: Telling, rarity: Rarity) -> tuple[ArticleId, ...]:
        find, postings = self.vocabulary.find, self.vocabulary.postings
        known = ((rarity[w], w, n) for w in telling.fingerprint.words if (n := find(w)) is not None)
        rarest = sorted(known, reverse=True)[:RAREST_WORDS]
        if not rarest:
            return ()
        read = [np.frombuffer(postings[number], np.uintc)[-POSTINGS_READ:] for _, _, number in rarest]
        squares = np.repeat([weight * weight for weight, *_ in rarest], [len(slots) for slots in read])
        weights = np.bincount(np.concatenate(read), squares)
        slots = np.flatnonzero(weights > 0.0)  # most articles share no word
        scores = weights[slots] * np.frombuffer(self._scale)[slots]
        articles = np.frombuffer(self._article, np.int64)[slots]
        if telling.article in self._slots or not self._is_all_near(telling.told_at):
            apart = np.abs(np.frombuffer(self._told, np.int64)[slots] - _microseconds(telling.told_at))
            is_meant = (apart <= self.span // _MICROSECOND) & (articles != telling.article)
            scores, articles = scores[is_meant], articles[is_meant]
        return _largest(scores, articles, NEIGHBOURS)

    def _is_all_near(self, moment: datetime) -> bool:
        """Whether all articles were told within the span before and after `moment`."""
        oldest, newest = self._told[self._by_age[0]], self._told[self._by_age[-1]]
        at, span = _microseconds(moment), self.span // _MICROSECOND
        return newest - span <= at <= oldest + span

    def _statuses_about(self, telling: Telling) -> Iterator[ArticleId]:
        """Incidents on status pages that may be what `telling` tells: too terse to be found by their words."""
        for article in reversed(self._articles(self._statuses[-STATUSES_READ:])):
            is_near = abs(self.told_at(article) - telling.told_at) <= timedelta(days=STATUS_DAYS)
            if is_near and article != telling.article and self[article].fingerprint.names & telling.fingerprint.lead:
                yield article

    def earlier_outages(self, telling: Telling, *, span: timedelta) -> tuple[Telling, ...]:
        """Incidents on the status page of the same publisher within `span` before, the newest first."""
        return tuple(
            told
            for article in reversed(self._articles(self._statuses[-STATUSES_READ:]))
            if article != telling.article
            and timedelta() <= telling.told_at - self.told_at(article) <= span
            and (told := self[article]).publisher == telling.publisher
        )

    # --- slots --------------------------------------------------------------------------------------------------

    def _take_slot(self, kept: Stored, candidate: CandidateId, word_count: int) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self._kept)
            self._kept.append(None)
            self._words.append(array("I"))
            for column in (self._told, self._article, self._candidate, self._scale):
                column.append(0)
        self._kept[slot] = kept
        self._told[slot], self._article[slot] = _microseconds(kept.told_at), kept.article
        self._candidate[slot], self._scale[slot] = candidate, 1 / math.sqrt(word_count + 3)
        self._slots[kept.article] = slot
        return slot

    def _index(self, slot: int, entry: Entry) -> None:
        is_newest = self._by_age[-1] == slot  # as nearly always: then it is the newest of every list
        if is_newest:
            self._words[slot] = self.vocabulary.add(entry.words, slot)
        else:
            self._words[slot] = self.vocabulary.take(entry.words)
            for number in self._words[slot]:
                self._put(self.vocabulary.postings[number], slot)
        if entry.is_status:
            self._put(self._statuses, slot)
        keys = entry.sentences, entry.phrases, (entry.headline,) if entry.headline else ()
        for lists, its in zip(self._lists, keys, strict=True):
            for key in its:
                self._add(lists, key, slot)

    def _enter(self, slot: int, candidate: CandidateId) -> None:
        self._candidate[slot] = candidate
        self._add(self._members, candidate, slot)
        if (counted := self._counted.find(candidate)) is not None:
            self._counted.put(candidate, _recounted(counted, self._words[slot], 1.0))

    def _leave(self, slot: int) -> None:
        candidate = CandidateId(self._candidate[slot])
        _drop(self._members, candidate, slot)
        if (counted := self._counted.find(candidate)) is not None:
            self._counted.put(candidate, _recounted(counted, self._words[slot], -1.0))

    def _add(self, lists: dict[_K, _Slots], key: _K, slot: int) -> None:
        """One slot is kept as it is, several as an array: most sentences and candidates have one article."""
        others = lists.get(key)
        if others is None:
            lists[key] = slot
            return
        if isinstance(others, int):
            others = lists[key] = array("I", (others,))
        self._put(others, slot)

    def _put(self, slots: array[int], slot: int) -> None:
        """Where it belongs by age; nearly always that is the end."""
        if not slots or slot == self._by_age[-1] or self._age(slots[-1]) < self._age(slot):
            slots.append(slot)
        else:
            slots.insert(bisect_left(slots, self._age(slot), key=self._age), slot)

    def _age(self, slot: int) -> tuple[int, int]:
        return self._told[slot], self._article[slot]

    def _is_overdue(self, slot: int) -> bool:
        newest = self._told[self._by_age[-1]]
        return len(self._slots) > self.limit or self._told[slot] < newest - self.span // _MICROSECOND

    def _kept_of(self, slot: int) -> Stored:
        kept = self._kept[slot]
        assert kept is not None, "the slot of a forgotten article"
        return kept

    def _articles(self, slots: Iterable[int]) -> tuple[ArticleId, ...]:
        return tuple(map(ArticleId, map(self._article.__getitem__, slots)))

    def _decode(self, article: ArticleId) -> Telling:
        kept = self._kept_of(self._slots[article])
        return Telling(
            article=article,
            told_at=kept.told_at,
            publisher=kept.publisher,
            publisher_name=kept.publisher_name,
            title=kept.title,
            fingerprint=decode(kept.fingerprint),
            copy_of=kept.copy_of,
        )

    def _count(self, candidate: CandidateId) -> Counted:
        read = [self._words[slot] for slot in _all(self._members.get(candidate))]
        if len(read) == 1:  # as most have
            words = np.sort(np.frombuffer(read[0], np.uintc))
            return Counted(words, np.ones(len(words)))
        words, counts = np.unique(np.concatenate([np.zeros(0, np.uintc), *read]), return_counts=True)
        return Counted(words.astype(np.uintc), counts.astype(np.float64))


def _recounted(counted: Counted, words: array[int], by: float) -> Counted:
    """As counted, with `by` more of each of `words`."""
    some = np.frombuffer(words, np.uintc)
    found, places = np.unique(np.concatenate((counted.words, some)), return_inverse=True)
    counts = np.bincount(places, np.concatenate((counted.counts, np.full(len(some), by)))).astype(np.float64)
    is_left = counts > 0
    return Counted(found[is_left], counts[is_left])


def _largest(scores: NDArray[np.float64], articles: NDArray[np.int64], count: int) -> tuple[ArticleId, ...]:
    """The articles with the largest scores, largest first; of equal ones the newest."""
    if len(scores) > count:
        is_large = scores >= np.partition(scores, -count)[-count]
        scores, articles = scores[is_large], articles[is_large]
    return tuple(map(ArticleId, articles[np.lexsort((articles, scores))[::-1][:count]].tolist()))


def _all(slots: _Slots | None) -> Sequence[int]:
    if slots is None:
        return ()
    return (slots,) if isinstance(slots, int) else slots


def _keyed(keys: Numbers, counts: NDArray[np.int64]) -> dict[int, _Slots]:
    """The slots under each key, from 0 on; the first has as many of `keys` as `counts` says first."""
    pairs = paired(keys, counts)
    found, whose = (pairs >> np.uint64(32)).astype(np.uintc), (pairs & np.uint64(0xFFFFFFFF)).astype(np.uintc)
    starts = np.flatnonzero(np.diff(found, prepend=~found[:1]))
    ends = np.append(starts[1:], len(found))
    slots = [*range(len(counts))]  # one object for each, however many keys it has
    lists: dict[int, _Slots] = dict(
        zip(found[starts].tolist(), map(slots.__getitem__, whose[starts].tolist()), strict=True)
    )
    several = np.flatnonzero(ends - starts > 1)  # most keys stand in one article
    for key, start, end in zip(
        found[starts[several]].tolist(), starts[several].tolist(), ends[several].tolist(), strict=True
    ):
        lists[key] = array("I", whose[start:end].tobytes())
    return lists


def _drop(lists: dict[_K, _Slots], key: _K, slot: int) -> None:
    slots = lists[key]
    if isinstance(slots, int):
        del lists[key]
        return
    slots.remove(slot)
    if not slots:
        del lists[key]


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
