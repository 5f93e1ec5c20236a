"""The recent articles an article is compared with: an index of their words, with running document frequencies.

The window is bounded by time and by count, so that what an article costs depends on neither the length of the history
nor the size of the database. Frequencies are those of the window and move with every article: with a vocabulary frozen
in advance the names of new people and products would weigh nothing, and unrelated events would merge.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.model import ArticleId, CandidateId, PublisherId
from monitor.stages.archive import UNKNOWN_PUBLISHER
from monitor.stages.commonness import COMMON_SHARE
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.similarity import STATUS_DAYS, Rarity

WINDOW_SPAN = timedelta(
    days=3_650
)  # follow-ups come years later: nearness in time is a feature, the bound is the count
WINDOW_LIMIT = 20_000  # articles: some 150 MB; a newsroom that reads 300 a day looks back two months
NEIGHBOURS = 30  # articles an article is compared with in full
RAREST_WORDS = 60  # words by which neighbours are found
START_ARTICLES = 200  # by `commonness`: without them every word of the first articles would be a rare one
STANDING_IN = 2  # candidates: a sentence that stands in so many tells neither
STANDING_READ = 50  # newest articles with a sentence
STATUSES_READ = 40  # newest incidents of status pages
POSTINGS_READ = 400  # newest articles read per word: a word in more of them says little


_K = TypeVar("_K")


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


class Window:
    """Tellings by article, their words, and the candidates they are in. Not safe to share between threads."""

    def __init__(self, *, span: timedelta = WINDOW_SPAN, limit: int = WINDOW_LIMIT) -> None:
        self.span = span
        self.limit = limit
        self._tellings: dict[ArticleId, Telling] = {}
        self._candidates: dict[ArticleId, CandidateId] = {}
        self._members: dict[CandidateId, dict[ArticleId, None]] = defaultdict(dict)
        self._words_of: dict[CandidateId, Counter[str]] = defaultdict(Counter)
        self._postings: dict[str, list[ArticleId]] = {}
        self._sentences: dict[int, list[ArticleId]] = {}
        self._headlines: dict[int, list[ArticleId]] = {}
        self._statuses: list[ArticleId] = []
        self._by_age: list[tuple[datetime, ArticleId]] = []

    def __len__(self) -> int:
        return len(self._tellings)

    def __contains__(self, article: ArticleId) -> bool:
        return article in self._tellings

    def __getitem__(self, article: ArticleId) -> Telling:
        return self._tellings[article]

    def articles(self) -> tuple[ArticleId, ...]:
        """All articles of the window, in the order they were added."""
        return tuple(self._tellings)

    def candidate_of(self, article: ArticleId) -> CandidateId:
        """The candidate that `article` is in."""
        return self._candidates[article]

    def members(self, candidate: CandidateId) -> tuple[ArticleId, ...]:
        """The candidate's articles within the window, in the order they were added."""
        return tuple(self._members.get(candidate, ()))

    def words_of(self, candidate: CandidateId) -> Counter[str]:
        """In how many of the candidate's articles each word stands."""
        return self._words_of[candidate]

    def add(self, telling: Telling, candidate: CandidateId) -> None:
        """Take an article in, and let go what is too old or too much."""
        if telling.article in self._tellings:
            return
        self._tellings[telling.article] = telling
        self._enter(telling.article, candidate)
        for word in telling.fingerprint.words:
            self._postings.setdefault(word, []).append(telling.article)
        for sentence in telling.fingerprint.sentences:
            self._sentences.setdefault(sentence, []).append(telling.article)
        if telling.fingerprint.headline:
            self._headlines.setdefault(telling.fingerprint.headline, []).append(telling.article)
        if telling.fingerprint.is_status:
            self._statuses.append(telling.article)
        heapq.heappush(self._by_age, (telling.told_at, telling.article))
        self._let_go(telling.told_at)

    def move(self, article: ArticleId, candidate: CandidateId) -> None:
        """An editor put `article` into another candidate."""
        if self._candidates[article] != candidate:
            self._leave(article)
            self._enter(article, candidate)

    def forget(self, article: ArticleId) -> None:
        """Take `article` out, as if it had never been told."""
        telling = self._tellings[article]
        self._leave(article)
        del self._tellings[article]
        for word in telling.fingerprint.words:
            _drop(self._postings, word, article)
        for sentence in telling.fingerprint.sentences:
            _drop(self._sentences, sentence, article)
        if telling.fingerprint.is_status:
            self._statuses.remove(article)
        if telling.fingerprint.headline:
            _drop(self._headlines, telling.fingerprint.headline, article)

    def rarity(self) -> Rarity:
        """How rare each word is in the window now: log of (articles + 2) / (articles with the word + 1).

        START_ARTICLES of ordinary news are counted as if they were in the window too.
        """
        return _Rarity(self._postings, len(self._tellings))

    def rarest_possible(self) -> float:
        """The rarity of a word that no article of the window has."""
        return math.log(len(self._tellings) + START_ARTICLES + 2)

    def repeated(self, telling: Telling) -> tuple[int, ...]:
        """Sentences of `telling` that stand word for word in another article: formulas, or quotations."""
        return tuple(s for s in telling.fingerprint.sentences if s in self._sentences)

    def standing(self, telling: Telling) -> tuple[int, ...]:
        """Sentences of `telling` that tell no event: its publisher's own formulas, and what stands in many candidates.

        A sentence that stands in one candidate only may be a quotation that all its articles share.
        """
        return tuple(s for s in telling.fingerprint.sentences if self._is_standing(s, telling.publisher))

    def _is_standing(self, sentence: int, publisher: PublisherId) -> bool:
        said = self._sentences.get(sentence, ())[-STANDING_READ:]
        candidates = {self._candidates[a] for a in said}
        own = {self._candidates[a] for a in said if self._tellings[a].publisher == publisher}
        return len(candidates) >= STANDING_IN or (bool(own) and publisher != UNKNOWN_PUBLISHER)

    def with_headline(self, headline: int) -> tuple[Telling, ...]:
        """Articles with the same headline, oldest first."""
        return tuple(self._tellings[a] for a in self._headlines.get(headline, ())) if headline else ()

    def neighbours(self, telling: Telling, rarity: Rarity) -> tuple[Telling, ...]:
        """The articles that share most of the rare words, nearest first: the only ones compared in full.

        Articles told more than the window's span before or after are left out, however alike.
        """
        known = [(rarity[word], word) for word in telling.fingerprint.words if word in self._postings]
        weights: dict[ArticleId, float] = defaultdict(float)
        for weight, word in heapq.nlargest(RAREST_WORDS, known):
            for article in self._postings[word][-POSTINGS_READ:]:
                weights[article] += weight * weight
        found = (
            (weight / math.sqrt(len(self._tellings[article].fingerprint.words) + 3), article)
            for article, weight in weights.items()
            if article != telling.article and abs(self._tellings[article].told_at - telling.told_at) <= self.span
        )
        nearest = {article: None for _, article in heapq.nlargest(NEIGHBOURS, found)}
        nearest.update(self._statuses_about(telling))
        return tuple(self._tellings[article] for article in nearest)

    def _statuses_about(self, telling: Telling) -> Iterator[tuple[ArticleId, None]]:
        """Incidents on status pages that may be what `telling` tells: too terse to be found by their words."""
        for article in reversed(self._statuses[-STATUSES_READ:]):
            status = self._tellings[article]
            is_near = abs(status.told_at - telling.told_at) <= timedelta(days=STATUS_DAYS)
            if is_near and article != telling.article and status.fingerprint.names & telling.fingerprint.lead:
                yield article, None

    def _enter(self, article: ArticleId, candidate: CandidateId) -> None:
        self._candidates[article] = candidate
        self._members[candidate][article] = None
        self._words_of[candidate].update(self._tellings[article].fingerprint.words)

    def _leave(self, article: ArticleId) -> None:
        candidate = self._candidates.pop(article)
        del self._members[candidate][article]
        if not self._members[candidate]:
            del self._members[candidate], self._words_of[candidate]
            return
        words = self._words_of[candidate]
        for word in self._tellings[article].fingerprint.words:
            words[word] -= 1
            if not words[word]:
                del words[word]

    def _let_go(self, now: datetime) -> None:
        for article in self._overdue(now):
            self.forget(article)

    def _overdue(self, now: datetime) -> Iterator[ArticleId]:
        """Articles to forget, oldest first; those that were forgotten already are only struck from the list."""
        while self._by_age:
            told_at, article = self._by_age[0]
            is_known = article in self._tellings
            if is_known and len(self._tellings) <= self.limit and told_at >= now - self.span:
                return
            heapq.heappop(self._by_age)
            if is_known:
                yield article


class _Rarity(dict[str, float]):
    """Rarities computed when first asked for: an article asks for a few hundred of many thousand words."""

    def __init__(self, postings: dict[str, list[ArticleId]], size: int) -> None:
        super().__init__()
        self._postings = postings
        self._size = size

    def __missing__(self, word: str) -> float:
        articles = len(self._postings.get(word, ())) + START_ARTICLES * COMMON_SHARE.get(word, 0.0)
        rarity = self[word] = math.log((self._size + START_ARTICLES + 2) / (articles + 1))
        return rarity


def _drop(lists: dict[_K, list[ArticleId]], key: _K, article: ArticleId) -> None:
    left = lists[key]
    left.remove(article)
    if not left:
        del lists[key]
