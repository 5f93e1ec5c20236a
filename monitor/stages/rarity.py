"""How rare words are among the articles of a window, at this moment."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from monitor.stages.commonness import COMMON_SHARE

START_ARTICLES = 200  # by `commonness`: without them every word of the first articles would be a rare one
_START = {word: START_ARTICLES * share for word, share in COMMON_SHARE.items()}


class RunningRarity(dict[str, float]):
    """Rarities computed when first asked for: an article asks for a few hundred of many thousand words."""

    def __init__(self, postings: dict[str, array[int]], size: int) -> None:
        super().__init__()
        self._postings = postings
        self._size = size

    def __missing__(self, word: str) -> float:
        articles = len(self._postings.get(word, ())) + _START.get(word, 0.0)
        rarity = self[word] = math.log((self._size + START_ARTICLES + 2) / (articles + 1))
        return rarity

    def look_up(self, words: Iterable[str]) -> None:
        """The same of many words of the window, before they are asked for one by one."""
        postings, common, all_articles = self._postings, _START.get, self._size + START_ARTICLES + 2
        self.update({word: math.log(all_articles / (len(postings[word]) + common(word, 0.0) + 1)) for word in words})
