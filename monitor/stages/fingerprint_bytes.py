"""Fingerprint ↔ bytes: compact to store, quick to index.

At every start a window of tens of thousands of articles is read, and of each only what the index needs: its words, the
hashes of its sentences and of its headline. These are read alone, of many articles together (`read_entries`) or of one
(`read_entry`); the rest is read of the few articles that are compared. The version, `fingerprint.VERSION`, stands
beside the bytes in the row, and moves with any change here.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from sys import byteorder
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stages.copies import PHRASE_BELOW, PHRASES_KEPT, PHRASES_LEAST, kept_phrases
from monitor.stages.fingerprint import Fingerprint

# headline, shingles | words, of them in the title, in the lead | sentences, names, phrases | bytes of words | flags,
# language | page, bytes of the vector
_HEAD = struct.Struct("<IIHHHHHHHBBIH")
_HEADS = np.dtype("<u4,<u4,<u2,<u2,<u2,<u2,<u2,<u2,<u2,u1,u1,<u4,<u2")  # the same, of many
_IS_STATUS, _IS_DIGEST = 1, 2
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a fingerprint stands in the window's index."""

    words: tuple[str, ...]
    sentences: tuple[int, ...]
    headline: int
    is_status: bool
    phrases: array[int]  # by which copies are found


class Entries(NamedTuple):
    """The same of many, in columns: of one article after the other, with how many each has."""

    words: list[str]
    word_counts: NDArray[np.int64]
    sentences: NDArray[np.uintc]
    sentence_counts: NDArray[np.int64]
    headlines: NDArray[np.uintc]  # 0: none
    are_status: NDArray[np.bool_]
    phrases: NDArray[np.uintc]
    phrase_counts: NDArray[np.int64]


def encode(value: Fingerprint) -> bytes:
    """Bytes for `groupings.fingerprint`; the same for equal fingerprints, on every machine."""
    title, lead = value.title, value.lead - value.title
    words = [*sorted(title), *sorted(lead), *sorted(value.words - value.lead)]
    place = {word: number for number, word in enumerate(words)}
    said = [(key, sorted(place[w] for w in stems)) for key, stems in sorted(value.sentences.items())]
    names = sorted(place[w] for w in value.names)
    text = zlib.compress("\n".join(words).encode(), _LEVEL)
    language = (value.language or "").encode()
    flags = _IS_STATUS * value.is_status + _IS_DIGEST * value.is_digest
    counts = (len(words), len(title), len(title) + len(lead), len(said), len(names), len(value.sketch), len(text))
    return b"".join(
        (
            _HEAD.pack(
                value.headline, value.shingle_count, *counts, flags, len(language), value.page, len(value.vector)
            ),
            text,
            _pack("I", (key for key, _ in said)),
            _pack("I", value.sketch),
            language,
            _pack("H", names),
            _pack("H", (len(stems) for _, stems in said)),
            _pack("H", (number for _, stems in said for number in stems)),
            value.vector,
            value.marks,
        )
    )


def read_entry(data: bytes) -> Entry:
    """What the index needs of the fingerprint that `encode` wrote."""
    headline, _, _, _, _, said, _, sketched, size, flags, *_ = _HEAD.unpack_from(data)
    end = _HEAD.size + size
    at_sketch = end + 4 * said
    return Entry(
        words=tuple(_words(data, end)),
        sentences=tuple(_unpack("I", data[end : end + 4 * said])) if said else (),
        headline=headline,
        is_status=bool(flags & _IS_STATUS),
        phrases=kept_phrases(_unpack("I", data[at_sketch : at_sketch + 4 * min(sketched, PHRASES_KEPT)])),
    )


def read_entries(many: Sequence[bytes]) -> Entries:
    """What the index needs of each of `many`, as `read_entry` reads it of one."""
    heads = np.frombuffer(b"".join([data[: _HEAD.size] for data in many]), _HEADS)
    words, said, sketched, size = (heads[name].astype(np.int64) for name in ("f2", "f5", "f7", "f8"))
    sketched = np.minimum(sketched, PHRASES_KEPT)
    end_of_words = _HEAD.size + size
    end_of_said = end_of_words + 4 * said
    ends = zip(end_of_words.tolist(), end_of_said.tolist(), (end_of_said + 4 * sketched).tolist(), strict=True)
    texts, keys, sketches = [], [], []
    for data, (words_end, said_end, end) in zip(many, ends, strict=True):
        texts.append(zlib.decompress(data[_HEAD.size : words_end]))
        keys.append(data[words_end:said_end])
        sketches.append(data[said_end:end])
    text = b"\n".join(filter(None, texts)).decode()
    phrases = np.frombuffer(b"".join(sketches), "<u4").astype(np.uintc)
    whose = np.repeat(np.arange(len(many)), sketched)
    few = np.bincount(whose[phrases < PHRASE_BELOW], minlength=len(many))
    kept = np.minimum(np.maximum(few, PHRASES_LEAST), sketched)
    place = np.arange(len(phrases)) - (np.cumsum(sketched) - sketched)[whose]
    return Entries(
        words=text.split("\n") if text else [],
        word_counts=words,
        sentences=np.frombuffer(b"".join(keys), "<u4").astype(np.uintc),
        sentence_counts=said,
        headlines=heads["f0"].astype(np.uintc),
        are_status=(heads["f9"] & np.uint8(_IS_STATUS)) != 0,
        phrases=phrases[place < kept[whose]],
        phrase_counts=kept,
    )


def decode(data: bytes) -> Fingerprint:
    """The fingerprint that `encode` wrote under the same version; its words are read when one asks for them."""
    headline, shingles, _, _, _, said, named, sketched, size, flags, spelt, page, vectored = _HEAD.unpack_from(data)
    at_sketch = _HEAD.size + size + 4 * said
    at_names = at_sketch + 4 * sketched + spelt
    at_lengths = at_names + 2 * named
    at_places = at_lengths + 2 * said
    at_vector = at_places + 2 * sum(_unpack("H", data[at_lengths:at_places]))
    at_marks = at_vector + vectored
    known = {
        "headline": headline,
        "sketch": _unpack("I", data[at_sketch : at_sketch + 4 * sketched]),
        "shingle_count": shingles,
        "language": data[at_names - spelt : at_names].decode() or None,
        "is_digest": bool(flags & _IS_DIGEST),
        "is_status": bool(flags & _IS_STATUS),
        "marks": data[at_marks:],
        "page": page,
        "vector": data[at_vector:at_marks],
    }
    return Fingerprint.read_later(known, lambda: _read_words(data))


def read_places(data: bytes) -> tuple[int, int, array[int]]:
    """How many of the words stand in the title, how many in title and lead, and the places of those that are names."""
    _, _, _, in_title, in_lead, said, named, sketched, size, _, spelt, *_ = _HEAD.unpack_from(data)
    at_names = _HEAD.size + size + 4 * said + 4 * sketched + spelt
    return in_title, in_lead, _unpack("H", data[at_names : at_names + 2 * named])


def _read_words(data: bytes) -> dict[str, object]:
    """Those fields of a fingerprint that consist of words."""
    _, _, _, in_title, in_lead, said, named, sketched, size, _, spelt, *_ = _HEAD.unpack_from(data)
    at_keys = _HEAD.size + size
    at_sketch = at_keys + 4 * said
    at_names = at_sketch + 4 * sketched + spelt
    at_lengths = at_names + 2 * named
    at_places = at_lengths + 2 * said
    words = _words(data, at_keys)
    lengths = _unpack("H", data[at_lengths:at_places])
    return {
        "title": frozenset(words[:in_title]),
        "words": frozenset(words),
        "lead": frozenset(words[:in_lead]),
        "names": frozenset(map(words.__getitem__, _unpack("H", data[at_names:at_lengths]))),
        "numbers": _numbers(words, ((0, in_title), (in_title, in_lead), (in_lead, len(words)))),
        "sentences": _Said(words, data[at_keys:at_sketch], lengths, data[at_places : at_places + 2 * sum(lengths)]),
    }


class _Said(Mapping[int, frozenset[str]]):
    """Sentences as `Fingerprint.sentences` has them, put together when first asked for: hardly any are."""

    __slots__ = ("_all", "_keys", "_lengths", "_places", "_words")

    def __init__(self, words: list[str], keys: bytes, lengths: array[int], places: bytes) -> None:
        self._words, self._keys, self._lengths, self._places = words, keys, lengths, places
        self._all: dict[int, frozenset[str]] | None = None

    def __getitem__(self, key: int) -> frozenset[str]:
        return self._read()[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._lengths)

    def _read(self) -> dict[int, frozenset[str]]:
        if self._all is None:
            spelt = [*map(self._words.__getitem__, _unpack("H", self._places))]
            ends = accumulate(self._lengths)
            each = (spelt[end - length : end] for length, end in zip(self._lengths, ends, strict=True))
            self._all = dict(zip(_unpack("I", self._keys), map(frozenset, each), strict=True))
        return self._all


def _numbers(words: list[str], parts: Iterable[tuple[int, int]]) -> frozenset[str]:
    """Those that begin with a digit: of ASCII's at the front of each sorted part, of other scripts' at its end."""
    found: list[str] = []
    for start, end in parts:
        found += words[start : bisect_left(words, ":", start, end)]  # the character after 9
        others = bisect_left(words, "\x7f", start, end)
        found += [word for word in words[others:end] if word[0].isdigit()]
    return frozenset(found)


def _words(data: bytes, end: int) -> list[str]:
    text = zlib.decompress(data[_HEAD.size : end]).decode()
    return text.split("\n") if text else []


def _pack(kind: str, numbers: Iterable[int]) -> bytes:
    return _little_endian(array(kind, numbers)).tobytes()


def _unpack(kind: str, data: bytes) -> array[int]:
    return _little_endian(array(kind, data))


def _little_endian(numbers: array[int]) -> array[int]:
    """From this machine's byte order to that of the encoding, or back."""
    if byteorder == "little":
        return numbers
    swapped = array(numbers.typecode, numbers)
    swapped.byteswap()
    return swapped
