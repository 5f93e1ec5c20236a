"""How rare words are among the articles of a window, at this moment.

Words have numbers, so that those of many articles are looked up at once. A number says nothing: which word has which
depends on what was read first, and nothing that is decided may depend on it.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from monitor.stages.commonness import COMMON_SHARE

START_ARTICLES = 200  # by `commonness`: without them every word of the first articles would be a rare one
_START = {word: START_ARTICLES * share for word, share in COMMON_SHARE.items()}
_LOGS: list[float] = []  # of one more than the place: of the articles that have a word, as far as a window needed them
_AT_ONCE = 200  # articles: after more of them, all words are counted anew
Numbers = NDArray[np.uintc]
Floats = NDArray[np.float64]


class Vocabulary:
    """The words of a window's articles, and for each the slots of the articles that have it."""

    def __init__(self) -> None:
        self.words: list[str] = []  # by number; as the next
        self.postings: list[array[int]] = []
        self._numbers = _Numbers(self)
        self._free: list[int] = []  # numbers of words that nobody has any more
        self._digits = bytearray()  # whether the word is a number
        self._common: dict[int, float] = {}  # articles of ordinary news with the word, where there are any
        self._logs: Floats = np.zeros(1_024)
        self._changed: list[array[int]] = []  # words of articles that came or went since logs were taken
        self._scratch = np.zeros(1_024, np.uint8)
        self._waiting: list[tuple[int, array[int]]] | None = None  # slots and words that are entered together

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Within it, articles that are told one after another are entered together: three times as fast."""
        self._waiting = []
        try:
            yield
        finally:
            self._enter()
            self._waiting = None

    def find(self, word: str) -> int | None:
        """The word's number; None where no article has it."""
        return self._numbers.get(word)

    def add(self, words: Iterable[str], slot: int) -> array[int]:
        """Enter an article that is told after all others; the numbers of its words, in their order."""
        numbers = array("I", map(self._numbers.__getitem__, words))
        if self._waiting is None:
            deque(map(array.append, map(self.postings.__getitem__, numbers), repeat(slot)), 0)
        else:
            self._waiting.append((slot, numbers))
        self._note(numbers)
        return numbers

    def take(self, words: Iterable[str]) -> array[int]:
        """The numbers of an article's words; the caller puts it among the `postings` of each."""
        self._enter()
        numbers = array("I", map(self._numbers.__getitem__, words))
        self._note(numbers)
        return numbers

    def drop(self, numbers: array[int], slot: int) -> None:
        """Take an article out."""
        self._enter()
        self._note(numbers)
        for number in numbers:
            self.postings[number].remove(slot)
            if not self.postings[number]:
                del self._numbers[self.words[number]]
                self._free.append(number)

    def logs(self) -> Floats:
        """By number: the log of one more than the articles that have the word, ordinary news among them."""
        if len(self._logs) < len(self.words):
            self._logs = np.concatenate((self._logs, np.zeros(len(self.words))))
        if self._changed:
            few = len(self._changed) <= _AT_ONCE
            changed = list(set().union(*self._changed)) if few else list(range(len(self.words)))
            self._logs[changed] = [self._log(number) for number in changed]
            self._changed.clear()
        return self._logs

    def are_numbers(self, numbers: Numbers) -> NDArray[np.uint8]:
        """Of each word 1 where it begins with a digit."""
        return np.frombuffer(self._digits, np.uint8)[numbers]

    def look_up(self, own: Sequence[int], marks: Sequence[int], numbers: Numbers) -> NDArray[np.uint8]:
        """For each of `numbers` its mark, where `own` has it; else 0."""
        if len(self._scratch) < len(self.words):
            self._scratch = np.zeros(2 * len(self.words), np.uint8)
        self._scratch[own] = marks
        found = self._scratch[numbers]
        self._scratch[own] = 0
        return found

    def name(self, word: str) -> int:
        """A number for a word that has none."""
        if self._free:
            number = self._free.pop()
            self.words[number], self._digits[number] = word, word[0].isdigit()
            self._common.pop(number, None)
        else:
            number = len(self.words)
            self.words.append(word)
            self.postings.append(array("I"))
            self._digits.append(word[0].isdigit())
        if word in _START:
            self._common[number] = _START[word]
        return number

    def _enter(self) -> None:
        """Those that wait: each word's slots in the order in which they came."""
        if not self._waiting:
            return
        numbers = np.concatenate([np.frombuffer(words, np.uintc) for _, words in self._waiting])
        slots = np.repeat([slot for slot, _ in self._waiting], [len(words) for _, words in self._waiting])
        slots = slots[np.argsort(numbers, kind="stable")].astype(np.uintc)
        ends = np.cumsum(np.bincount(numbers, minlength=len(self.words))).tolist()
        start = 0
        for postings, end in zip(self.postings, ends, strict=True):
            if end > start:
                postings.frombytes(slots[start:end].tobytes())
            start = end
        self._waiting.clear()

    def _note(self, numbers: array[int]) -> None:
        if len(self._changed) <= _AT_ONCE:
            self._changed.append(numbers)

    def _log(self, number: int) -> float:
        articles = len(self.postings[number])
        common = self._common.get(number)
        return _log_of(articles) if common is None else math.log(articles + common + 1)


class _Numbers(dict[str, int]):
    __slots__ = ("_vocabulary",)

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, word: str) -> int:
        number = self[word] = self._vocabulary.name(word)
        return number


class RunningRarity(dict[str, float]):
    """Rarities computed when first asked for: an article asks for a few hundred of many thousand words."""

    __slots__ = ("_logs", "_most", "_vocabulary")

    def __init__(self, vocabulary: Vocabulary, size: int) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._logs = vocabulary.logs()
        self._most = math.log(size + START_ARTICLES + 2)

    def __missing__(self, word: str) -> float:
        number = self._vocabulary.find(word)
        log = math.log(_START.get(word, 0.0) + 1) if number is None else float(self._logs[number])
        rarity = self[word] = self._most - log
        return rarity

    def of(self, numbers: Numbers) -> Floats:
        """The same of many words of the window, by their numbers."""
        found: Floats = self._most - self._logs[numbers]
        return found


def _log_of(articles: int) -> float:
    _LOGS.extend(math.log(count + 1) for count in range(len(_LOGS), articles + 1))
    return _LOGS[articles]
