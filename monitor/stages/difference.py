"""Two texts → what the second says that the first does not, sentence by sentence, and word by word where one changed.

Sentences are aligned in their order (Ratcliff and Obershelp, as in difflib). One that only moved is no difference; one
that became another of much the same words is *changed*, and its words are told apart. Whatever cannot be aligned is
new, or gone. Case and spaces never count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

SENTENCE_LIMIT = 1_000  # of each text: what comes after is shown, and not compared
WORD_LIMIT = 80  # of a sentence whose words are told apart; hostile texts make alignment cubic
CHANGED_LIMIT = 100  # sentences whose words are told apart
NEAREST_LIMIT = 8  # sentences among which the one is looked for that another was before
ALIKE = 0.5  # share of words in common from which one sentence is another, changed

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|Jr|vs|No)\.)(?<!\b(?:Mrs|Inc|Ltd)\.)\s+|(?<=[。！？])"
)
_WORD = re.compile(r"(?:[^\W_]+(?:['’.,-][^\W_]+)*|[^\s])\s*")


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"  # of a sentence: its pieces say what


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words of one fate."""

    text: str
    mark: Mark
    sign: str = ""  # "for" or "against", where the words speak for or against an incident: see `relevance_marks`


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A sentence."""

    mark: Mark
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """As the second text has it; as the first had it, where it is gone."""
        return "".join(p.text for p in self.pieces if p.mark is not Mark.REMOVED or self.mark is Mark.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The second text, with what is gone from the first in its place."""

    paragraphs: tuple[tuple[Compared, ...], ...]
    added: int = 0  # sentences
    removed: int = 0
    changed: int = 0
    is_cut: bool = False  # the texts are longer than what was compared

    @property
    def is_nothing(self) -> bool:
        """Whether the two say the same."""
        return not (self.added or self.removed or self.changed)


def as_it_is(text: str) -> Difference:
    """A text that is compared with nothing."""
    return Difference(paragraphs=tuple(tuple(_whole(s, Mark.SAME) for s in p) for p in _paragraphs(text)))


def compare(first: str, second: str) -> Difference:
    """What `second` says that `first` does not."""
    old = [s for paragraph in _paragraphs(first) for s in paragraph]
    new = [(number, s) for number, paragraph in enumerate(_paragraphs(second)) for s in paragraph]
    is_cut = max(len(old), len(new)) > SENTENCE_LIMIT
    rest = new[SENTENCE_LIMIT:]
    old, new = old[:SENTENCE_LIMIT], new[:SENTENCE_LIMIT]
    found = list(_aligned(old, new, iter(range(CHANGED_LIMIT))))
    found.extend((number, _whole(s, Mark.SAME)) for number, s in rest)
    marks = Counter(sentence.mark for _, sentence in found)
    return Difference(
        paragraphs=tuple(_by_paragraph(found)),
        added=marks[Mark.ADDED],
        removed=marks[Mark.REMOVED],
        changed=marks[Mark.CHANGED],
        is_cut=is_cut,
    )


# --- sentences --------------------------------------------------------------------------------------------------


def _paragraphs(text: str) -> list[list[str]]:
    found = ([s for s in _SENTENCE_END.split(line.strip()) if s] for line in text.split("\n"))
    return [sentences for sentences in found if sentences]


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _aligned(
    old: Sequence[str], new: Sequence[tuple[int, str]], budget: Iterator[int]
) -> Iterator[tuple[int, Compared]]:
    """Each sentence with the number of the paragraph in which it stands, or after which it stood."""
    before, after = [_key(s) for s in old], [_key(s) for _, s in new]
    kept = set(before) & set(after)
    at = 0
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield from ((number, _whole(sentence, Mark.SAME)) for number, sentence in new[k:m])
        else:
            gone = [s for s, key in zip(old[i:j], before[i:j], strict=True) if key not in kept]
            yield from _replaced(gone, new[k:m], kept, at, budget)
        at = new[m - 1][0] if m > k else at


def _replaced(
    gone: Sequence[str], come: Sequence[tuple[int, str]], kept: set[str], at: int, budget: Iterator[int]
) -> Iterator[tuple[int, Compared]]:
    """What stood between two sentences that are the same, against what stands there now."""
    left = list(gone)
    for number, sentence in come:
        at = number
        twin = None if _key(sentence) in kept else _nearest(sentence, left)
        if twin is None:
            yield number, _whole(sentence, Mark.SAME if _key(sentence) in kept else Mark.ADDED)
            continue
        yield from ((number, _whole(lost, Mark.REMOVED)) for lost in left[:twin])
        yield number, _changed(left[twin], sentence, is_fine=next(budget, None) is not None)
        del left[: twin + 1]
    yield from ((at, _whole(lost, Mark.REMOVED)) for lost in left)


def _nearest(sentence: str, others: Sequence[str]) -> int | None:
    """Which of the next few sentences this one was before; None where none has half its words."""
    words = _words_of(sentence)
    best, share = None, ALIKE
    for number, other in enumerate(others[:NEAREST_LIMIT]):
        theirs = _words_of(other)
        likeness = 2 * len(words & theirs) / max(1, len(words) + len(theirs))
        if likeness > share or (best is None and likeness == share):
            best, share = number, likeness
    return best


@lru_cache(SENTENCE_LIMIT * 2)
def _words_of(sentence: str) -> frozenset[str]:
    return frozenset(_key(w) for w in _WORD.findall(sentence[:2_000]) if w[0].isalnum())


def _by_paragraph(found: Sequence[tuple[int, Compared]]) -> Iterator[tuple[Compared, ...]]:
    here: list[Compared] = []
    at = None
    for number, sentence in found:
        if at is not None and number != at:
            yield tuple(here)
            here = []
        at = number
        here.append(sentence)
    if here:
        yield tuple(here)


def _whole(text: str, mark: Mark) -> Compared:
    return Compared(mark=mark, pieces=(Piece(text=text, mark=mark),))


# --- words ------------------------------------------------------------------------------------------------------


def _changed(old: str, new: str, *, is_fine: bool) -> Compared:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not is_fine or len(before) > WORD_LIMIT or len(after) > WORD_LIMIT:
        pieces = (Piece(text=old, mark=Mark.REMOVED), Piece(text=" ", mark=Mark.SAME), Piece(text=new, mark=Mark.ADDED))
        return Compared(mark=Mark.CHANGED, pieces=pieces)
    found: list[Piece] = []
    keys = [_key(w) for w in before], [_key(w) for w in after]
    for tag, i, j, k, m in SequenceMatcher(None, *keys).get_opcodes():
        if tag == "equal":
            found.append(Piece(text="".join(after[k:m]), mark=Mark.SAME))
            continue
        if i < j:
            found.append(Piece(text="".join(before[i:j]), mark=Mark.REMOVED))
        if k < m:
            found.append(Piece(text="".join(after[k:m]), mark=Mark.ADDED))
    return Compared(mark=Mark.CHANGED, pieces=tuple(found))
