"""How rare words are among the articles of a window, at this moment.

Words have numbers, so that those of many articles are looked up at once. A number says nothing: which word has which
depends on what was read first, and nothing that is decided may depend on it.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from monitor.stages.commonness import COMMON_SHARE

START_ARTICLES = 200  # by `commonness`: without them every word of the first articles would be a rare one
_START = {word: START_ARTICLES * share for word, share in COMMON_SHARE.items()}
_LOGS: list[float] = []  # of one more than the place: of the articles that have a word, as far as a window needed them
_AT_ONCE = 200  # articles: after more of them, all words are counted anew
_LOW = np.uint64((1 << 32) - 1)
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

    def find(self, word: str) -> int | None:
        """The word's number; None where no article has it."""
        return self._numbers.get(word)

    def add(self, words: Iterable[str], slot: int) -> array[int]:
        """Enter an article that is told after all others; the numbers of its words, in their order."""
        numbers = array("I", map(self._numbers.__getitem__, words))
        deque(map(array.append, map(self.postings.__getitem__, numbers), repeat(slot)), 0)
        self._note(numbers)
        return numbers

    def number(self, words: Sequence[str]) -> Numbers:
        """The numbers of many words, for `fill`."""
        return np.fromiter(map(self._numbers.__getitem__, words), np.uintc, len(words))

    def fill(self, numbers: Numbers, counts: NDArray[np.int64]) -> None:
        """Enter articles where there are none: the first has slot 0, and as many of `numbers` as `counts` says."""
        pairs = paired(numbers, counts)
        slots = (pairs & _LOW).astype(np.uintc).tobytes()
        ends = (4 * np.cumsum(np.bincount(numbers, minlength=len(self.words)))).tolist()
        for postings, start, end in zip(self.postings, [0, *ends], ends, strict=False):
            postings.frombytes(slots[start:end])
        self._changed = [array("I")] * (_AT_ONCE + 1)

    def take(self, words: Iterable[str]) -> array[int]:
        """The numbers of an article's words; the caller puts it among the `postings` of each."""
        numbers = array("I", map(self._numbers.__getitem__, words))
        self._note(numbers)
        return numbers

    def drop(self, numbers: array[int], slot: int) -> None:
        """Take an article out."""
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
        if len(self._changed) > _AT_ONCE:
            counts = np.fromiter(map(len, self.postings), np.int64, len(self.postings))
            _log_of(int(counts.max(initial=0)))
            self._logs[: len(counts)] = np.array(_LOGS)[counts]
            changed = [*self._common]
        else:
            changed = [*set().union(*self._changed)]
        self._logs[changed] = [self._log(number) for number in changed]
        self._changed.clear()
        return self._logs

    def are_numbers(self, numbers: Numbers) -> NDArray[np.uint8]:
        """Of each word 1 where it begins with a digit."""
        return np.frombuffer(self._digits, np.uint8)[numbers]

    def look_up(self, own: Sequence[int] | Numbers, marks: Sequence[int] | int, numbers: Numbers) -> NDArray[np.uint8]:
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


def paired(keys: Numbers, counts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Each key above the place of whoever has it, sorted; the first has as many of `keys` as `counts` says first."""
    whose = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    return np.sort((keys.astype(np.uint64) << np.uint64(32)) | whose)


def _log_of(articles: int) -> float:
    _LOGS.extend(math.log(count + 1) for count in range(len(_LOGS), articles + 1))
    return _LOGS[articles]
