"""What an article's address says of it: the words of its headline, and which page it is.

Publishers write headlines into addresses, and often not the one that stands above the article: the shortest, or the
first. Of an entry that is a headline only, they are half of what there is to compare.
"""

from __future__ import annotations

import re
import zlib
from urllib.parse import unquote, urlsplit

SLUG_LIMIT = 300  # characters of a segment that are read
LEAST_WORDS = 3  # fewer are a section's name
LEAST_MARK = 11  # characters: a shorter last segment may well name two pages

_BETWEEN = re.compile(r"[-_+ ]+")
_ENDING = re.compile(r"\.(?:[sx]?html?|aspx?|php|cms|ece|amp|jsp)$", re.IGNORECASE)
_SPELT = re.compile(r"[^\W\d_][^\W_]*|\d{1,4}")
_NUMBERED = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{8,}", re.IGNORECASE)  # an id between words
_DATED = re.compile(r" (?:19|20)\d\d \d{1,2}(?: \d{1,2})?$")


def words_of_address(url: str) -> str:
    """The words of the longest part of the path that reads like a headline; empty where none does."""
    longest: list[str] = []
    for segment in _segments(url):
        words = [w for w in _BETWEEN.split(segment) if _SPELT.fullmatch(w) and not _NUMBERED.fullmatch(w)]
        if len(words) > len(longest) and sum(w.isalpha() for w in words) >= LEAST_WORDS:
            longest = words
    return _DATED.sub("", " ".join(longest))


def mark_of_address(url: str) -> int:
    """A hash of the path's last part, by which one page is known on two hosts; 0 for one too short to tell."""
    last = ([s for s in _segments(url) if s] or [""])[-1].casefold()
    return zlib.crc32(last.encode()) if len(last) >= LEAST_MARK else 0


def _segments(url: str) -> list[str]:
    if not url.startswith("http"):
        return []
    try:
        path = urlsplit(url).path
    except ValueError:
        return []
    return [_ENDING.sub("", unquote(segment))[:SLUG_LIMIT] for segment in path.split("/")]
