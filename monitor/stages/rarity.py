"""How rare words are among the articles of a window, at this moment."""

from __future__ import annotations

import math
from array import array
from operator import mul

from monitor.stages.commonness import COMMON_SHARE

START_ARTICLES = 200  # by `commonness`: without them every word of the first articles would be a rare one
_START = {word: START_ARTICLES * share for word, share in COMMON_SHARE.items()}
_COMMON = frozenset(_START)
_LOGS: list[float] = []  # of one more than the place: of the articles that have a word, as far as a window needed them


class RunningRarity(dict[str, float]):
    """Rarities computed when first asked for: an article asks for a few thousand of many thousand words."""

    __slots__ = ("_most", "_postings", "squares")

    def __init__(self, postings: dict[str, array[int]], size: int) -> None:
        super().__init__()
        self._postings = postings
        self._most = math.log(size + START_ARTICLES + 2)
        self.squares = _Squares(self)
        _LOGS.extend(math.log(count + 1) for count in range(len(_LOGS), size + 1))

    def __missing__(self, word: str) -> float:
        articles = len(self._postings.get(word, ())) + _START.get(word, 0.0)
        rarity = self[word] = self._most - math.log(articles + 1)
        return rarity

    def look_up(self, words: frozenset[str]) -> None:
        """The same of many words of the window, before they are asked for one by one."""
        most, ordinary = self._most, words - _COMMON
        logs = map(_LOGS.__getitem__, map(len, map(self._postings.__getitem__, ordinary)))
        found = {word: most - log for word, log in zip(ordinary, logs, strict=True)}
        self.update(found)
        self.squares.update(zip(found, map(mul, found.values(), found.values()), strict=True))


class _Squares(dict[str, float]):
    """The weight of each word: its rarity, squared."""

    __slots__ = ("_rarity",)

    def __init__(self, rarity: RunningRarity) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, word: str) -> float:
        rarity = self._rarity[word]
        square = self[word] = rarity * rarity
        return square
