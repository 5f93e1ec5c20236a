"""Text → the words under which it is found: the same for what is kept and for what is asked, on every database.

Case, accents and width do not count, nor does the plural of an English word (the S stemmer of Harman 1991, which joins
little and never much). Scripts that put no spaces between words are found character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

WORD_LIMIT = 60  # characters of a word
PASSAGE = 220  # characters of what is shown around a hit
READ_LIMIT = 40_000  # characters of a text in which a hit is looked for
HIT_LIMIT = 60  # of which the best passage is taken

# Han, kana, Thai, Lao, Burmese, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_PLAIN = re.compile(r"[a-z0-9]+")
_ANY = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
_SHOWN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w\u0300-\u036f])+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_PLURAL = frozenset({"news", "always", "series", "species"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of a text that is shown because of what was looked for."""

    text: str
    is_hit: bool


def terms_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    if text.isascii():
        return [_stem(w[:WORD_LIMIT]) for w in _PLAIN.findall(text.lower())]
    return [_stem(w[:WORD_LIMIT]) for w in _ANY.findall(_fold(text))]


def beginning_of(text: str) -> list[str]:
    """As `terms_of`, for the beginning of a word: nothing is taken off its end."""
    return [w[:WORD_LIMIT] for w in _ANY.findall(_fold(text))]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))).casefold()


@lru_cache(100_000)
def _stem(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or not word.isascii() or word in _NOT_PLURAL:
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return f"{word[:-3]}y"
    if word.endswith(("us", "ss", "aes", "ees", "oes")):
        return word
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


# --- what is shown ----------------------------------------------------------------------------------------------


def find_passage(
    text: str, words: Collection[str], beginnings: tuple[str, ...] = (), *, length: int = PASSAGE
) -> tuple[Passage, ...]:
    """The part of a text that has most of `words`, hits apart; its beginning where it has none of them."""
    hits = list(islice(_hits(text[:READ_LIMIT], frozenset(words), beginnings), HIT_LIMIT))
    start = max(0, _best(hits, length) - length // 4) if hits and len(text) > length else 0
    start = _at_word(text, start)
    end = _before_word(text, start + length)
    pieces: list[Passage] = []
    at = start
    for begin, stop, _ in hits:
        if begin < start or stop > end:
            continue
        if begin > at:
            pieces.append(Passage(text=text[at:begin], is_hit=False))
        pieces.append(Passage(text=text[begin:stop], is_hit=True))
        at = stop
    if at < end:
        pieces.append(Passage(text=text[at:end], is_hit=False))
    if start > 0:
        pieces.insert(0, Passage(text="… ", is_hit=False))
    if end < len(text):
        pieces.append(Passage(text=" …", is_hit=False))
    return tuple(pieces)


def mark_hits(text: str, words: Collection[str], beginnings: tuple[str, ...] = ()) -> tuple[Passage, ...]:
    """All of a short text, hits apart."""
    return find_passage(text, words, beginnings, length=max(1, len(text)))


def _hits(text: str, words: frozenset[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    for match in _SHOWN.finditer(text):
        spelled = _spelled(match[0])
        found = next((s for s in spelled if s in words or (beginnings and s.startswith(beginnings))), None)
        if found is not None:
            yield match.start(), match.end(), found


@lru_cache(50_000)
def _spelled(word: str) -> tuple[str, ...]:
    return tuple(terms_of(word))


def _best(hits: list[tuple[int, int, str]], length: int) -> int:
    """Where the stretch begins that has most different words; of equal ones the first."""
    best, most = hits[0][0], 0
    for n, (begin, _, _) in enumerate(hits[:200]):
        within = {word for start, _, word in hits[n : n + 30] if start < begin + length * 3 // 4}
        if len(within) > most:
            best, most = begin, len(within)
    return best


def _before_word(text: str, end: int) -> int:
    """The end of the last word that is whole; of a word without end, some of it."""
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", end - WORD_LIMIT, end + 1), text.rfind("\n", end - WORD_LIMIT, end + 1))
    return space if space > 0 else end


def _at_word(text: str, start: int) -> int:
    """The beginning of the next word, not of half a one, nor what ends the sentence before."""
    for at in range(start, min(start + WORD_LIMIT, len(text))):
        if at == 0 or (text[at].isalnum() and not text[at - 1].isalnum()):
            return at
    return start
