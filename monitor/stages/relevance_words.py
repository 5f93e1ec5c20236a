"""Text → the words a relevance model reads: hashed words, pairs and pieces of words, each with where it stands.

Pieces of two to five letters (Bojanowski et al. 2017 use the like) carry over what whole words cannot: "sues", "sued"
and "suing" share some, and so does a name that is new this week. Everything is hashed into a fixed number of buckets
(Weinberger et al. 2009), so that a newsroom's own words have a place in the model before anybody has seen them.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WORD_BUCKETS = 1 << 17  # words and pairs
PIECE_BUCKETS = 1 << 18
BUCKETS = WORD_BUCKETS + PIECE_BUCKETS
SHORTEST, LONGEST = 2, 5  # letters of a piece, the word's borders among them
LONGEST_WORD = 40  # letters that are read of one
FEWEST_WORDS = 3  # with fewer nobody can tell
FOREIGN_LEAST = 2  # function words of another language, and none of English, make a text foreign

Ints = NDArray[np.int64]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DIGIT = re.compile(r"\d")
_UNLATIN = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u1e00-\u1eff]")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = _listed(
    """the a an of to in on at for with from by and or but is are was were be been has have had will would can could may
    how why what when who after over into out up not no its it his her their he she they says said as that this than
    more new about now you your we our i my"""
)
_FOREIGN = _listed(
    """der die das und ist nicht ein eine einer mit für auf von dem den des im zu bei wegen nach über wird wurde
    le la les des du un une et est dans pour sur avec par qui que ses son sa au aux en
    el los las una y por con para del su se al lo como más sobre tras
    il gli della di che è nel nella delle dei con sono alla dopo
    o os uma e em da do das dos na no ao não com após
    de het een van voor met op aan bij niet naar zijn wordt ook
    och att det som på av är med till ett i jest nie się na do w z że oraz ve bir için ile bu da"""
)
_AMBIGUOUS = frozenset({"die", "des", "son", "as", "do", "no", "in", "on", "an", "at", "me", "a", "i", "o", "e", "y"})
_ONLY_FOREIGN = _FOREIGN - _ENGLISH - _AMBIGUOUS


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as the model reads it."""

    text: str
    words: tuple[str, ...]  # normalised
    spans: tuple[tuple[int, int], ...]  # of each word, in `text`
    hashed: tuple[Ints, Ints]  # buckets of words and pairs, and of pieces; each once
    owners: tuple[Ints, Ints]  # which word each occurrence belongs to (of a pair, its first): see `occurrences`
    occurrences: tuple[Ints, Ints]  # the bucket of each occurrence


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is hashed: alone, as the first and as the second of a pair, and in pieces."""

    normal: str
    bucket: int
    beginning: int  # the checksum that a pair which begins with it goes on from
    ending: bytes  # what a pair that ends with it goes on with
    pieces: Ints


@lru_cache(maxsize=256)
def read_passage(text: str) -> Passage:
    """The words of `text`, hashed; kept a while, since whoever judges an article is soon asked why."""
    spans = tuple(m.span() for m in _WORD.finditer(text))
    words = [_word(text[start:end]) for start, end in spans]
    count, crc = len(words), zlib.crc32
    pairs = [crc(other.ending, one.beginning) % WORD_BUCKETS for one, other in pairwise(words)]
    whole_buckets = np.array([word.bucket for word in words] + pairs, np.int64)
    piece_buckets = np.concatenate([word.pieces for word in words]) if words else np.zeros(0, np.int64)
    each = np.arange(count, dtype=np.int64)
    return Passage(
        text=text,
        words=tuple(word.normal for word in words),
        spans=spans,
        hashed=(_once(whole_buckets), _once(piece_buckets)),
        owners=(np.concatenate((each, each[: len(pairs)])), np.repeat(each, [len(word.pieces) for word in words])),
        occurrences=(whole_buckets, piece_buckets),
    )


def _once(buckets: Ints) -> Ints:
    """Each bucket once, in order; so few are quicker sorted than by `numpy.unique`."""
    ordered = np.sort(buckets)
    is_new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]


def can_be_read(text: str, language: str | None = None) -> bool:
    """Whether there is enough of it, and it is English: by what the article says, else by its letters and small words.

    A doubt is settled for English: a headline of names alone is read.
    """
    words = [w.casefold() for w in _WORD.findall(text)]
    if len(words) < FEWEST_WORDS:
        return False
    unlatin = 0 if text.isascii() else len(_UNLATIN.findall(text))
    if unlatin and unlatin * 4 > sum(c.isalpha() for c in text):
        return False
    english = sum(map(_ENGLISH.__contains__, words))
    foreign = sum(map(_ONLY_FOREIGN.__contains__, words))
    if foreign >= FOREIGN_LEAST and foreign > 2 * english:
        return False
    named = (language or "").partition("-")[0].casefold()
    return named in ("", "en") or english > foreign


@lru_cache(maxsize=16_384)
def _word(text: str) -> _Word:
    word = _normal(text)
    beginning = zlib.crc32(f"w:{word}".encode())
    return _Word(
        normal=word,
        bucket=beginning % WORD_BUCKETS,
        beginning=beginning,
        ending=f" {word}".encode(),
        pieces=_pieces(word),
    )


def _normal(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word[:LONGEST_WORD]).casefold().replace("’", "'")
    return _DIGIT.sub("0", plain.removesuffix("'s"))


def _pieces(word: str) -> Ints:
    framed = f" {word} "
    pieces = {framed[i : i + n] for n in range(SHORTEST, LONGEST + 1) for i in range(len(framed) - n + 1)}
    return np.array(
        [WORD_BUCKETS + zlib.crc32(p.encode()) % PIECE_BUCKETS for p in sorted(pieces)],
        np.int64,
    )


def shortened(text: str, most: int) -> str:
    """The beginning of a text, ended between two words."""
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0] or text[:most]


def is_small_word(word: str) -> bool:
    """Whether it is a word of grammar, or one letter: no reason for an editor to read."""
    return word in _ENGLISH or len(word) < 2
