"""Article × earlier articles → the one whose text it repeats, and by what that is known.

Four kinds of evidence, each enough where it is there in full; precision comes first, since a wrong copy takes a
publisher's voice away:

- *phrases*: most of the shorter text stands in the other word for word. Two hands rarely write the same four words.
- *an excerpt*: the later text is nothing but the beginning of the earlier one.
- *a credit*: both name the same agency, or one names the other's publisher or links to the other, within days; then
  fewer phrases are enough, or names and numbers in the same order, if both begin alike. A follow-up of the same agency
  repeats the background of the first story, but begins otherwise.
- *a translation*: two languages, a credit, a link or one publisher that ties the two, and names and numbers in the same
  order. Without such a tie nearly all of them, and many.

Originals are looked for among the neighbours by words, and wherever some of the text's phrases stand (`kept_phrases`),
so that a copy of an old text under another headline is found, too.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from monitor.model import ArticleId, PublisherId
from monitor.stages.fingerprint import SKETCH_SIZE, Fingerprint, sketch
from monitor.stages.marks import Marks, in_order, name_mark, read_marks

COPY_CONTAINMENT = 0.6  # of the shorter text's phrases: reprints keep more, retellings that quote keep less
COPY_MIN_SHINGLES = 12  # phrases: below it, a standing line or a byline could make two texts one
COPY_MIN_RATIO = 0.25  # a quarter of a text is no longer a shortened reprint of it, but a quotation
SHORT_RATIO = 0.5  # of the longer text's phrases: from there down more of the shorter one must stand in it
SHORT_CONTAINMENT = 0.15  # more, at COPY_MIN_RATIO: what two reports both quote is much of a short one
WHOLE = 0.9  # of a brief, in a later text that says more than twice as much
HEADLINE_WORDS = 5  # that say something, of a headline which is all that there is to compare
EXCERPT_SHINGLES = 20  # of a text that is nothing but the beginning of another
EXCERPT_CONTAINMENT = 0.85
EXCERPT_COMPARED = 8  # hashes: of a long text only a sample is kept
ALIKE_LEAD = 0.5  # of the shorter lead's words: who shortens a story keeps its beginning
TIED_DAYS = timedelta(days=3)  # between an agency's story and its reprints, where the words alone do not tell
TIED_CONTAINMENT = 0.25
TIED_FACTS = 6  # names and numbers in the same order
TIED_SHARE = 0.6  # of those of the text that has fewer
TRANSLATED_DAYS = timedelta(days=7)
TRANSLATED_FACTS = 6
TRANSLATED_SHARE = 0.5
TOLD_ONCE = timedelta(days=2)
TOLD_ONCE_FACTS = 3  # names and numbers in the same order
UNTIED_FACTS = 14  # of a translation that nobody credits
UNTIED_SHARE = 0.8
PHRASE_SHARE = 24  # one of so many phrases is kept in the index
PHRASE_BELOW = (1 << 32) // PHRASE_SHARE  # the hash of such a one
PHRASES_KEPT = 32  # of one text
PHRASES_LEAST = 4
FOUND_BY_PHRASES = 12  # articles that share most of them
NOBODY: Mapping[int, str] = MappingProxyType({})
_BITS = 16  # of a hash, by which most that are not shared are told at once
_LAST = (1 << _BITS) - 1


class Told(Protocol):
    """An article as copies are told by: a `window.Telling`."""

    @property
    def article(self) -> ArticleId: ...
    @property
    def told_at(self) -> datetime: ...
    @property
    def publisher(self) -> PublisherId: ...
    @property
    def publisher_name(self) -> str: ...
    @property
    def fingerprint(self) -> Fingerprint: ...


T = TypeVar("T", bound=Told)
T_co = TypeVar("T_co", bound=Told, covariant=True)


class Index(Protocol[T_co]):
    """Where articles are found by their headline, and by phrases of their text: a `window.Window`."""

    def with_headline(self, headline: int) -> tuple[T_co, ...]: ...
    def with_phrases(self, made: Fingerprint) -> tuple[T_co, ...]: ...


class Copied(NamedTuple, Generic[T]):
    """The original of a copy."""

    original: T
    share: float  # of the shorter text's phrases, or of the names and numbers of a translation
    because: str | None = None  # what besides the phrases says so, as a clause


def find_original(
    telling: T, near: Iterable[T], window: Index[T], *, called: Mapping[int, str] = NOBODY
) -> Copied[T] | None:
    """The article whose text this one repeats; of several the one that it repeats most of, then the one told first.

    `called` are the names that the article credits, by their marks: a reason says them.
    """
    made = telling.fingerprint
    others = {o.article: o for o in (*window.with_headline(made.headline), *near, *window.with_phrases(made))}
    others.pop(telling.article, None)
    sharing = share_phrases(made, [other.fingerprint for other in others.values()])
    each = zip(others.values(), sharing, strict=True)
    found = [
        copied for other, shares in each if (copied := _as_copy(telling, other, called, shares=shares)) is not None
    ]
    return min(found, key=lambda f: (-f.share, f.original.told_at, f.original.article), default=None)


def share_phrases(made: Fingerprint, others: Sequence[Fingerprint]) -> list[bool]:
    """Of each of `others`, whether any phrase that is kept of one is kept of the other: nearly never."""
    if not others or not made.sketch:
        return [False] * len(others)
    mine = np.zeros(1 << _BITS, np.bool_)
    mine[np.frombuffer(made.sketch, np.uintc) & _LAST] = True
    theirs = np.concatenate([np.frombuffer(other.sketch, np.uintc) for other in others])
    alike = np.flatnonzero(mine[theirs & _LAST])  # all that are shared, and some by chance
    exactly = frozenset(made.sketch)
    is_shared = [number in exactly for number in theirs[alike].tolist()]
    whose = np.repeat(np.arange(len(others)), [len(other.sketch) for other in others])[alike]
    found = np.zeros(len(others), np.bool_)
    found[whose[is_shared]] = True
    shares: list[bool] = found.tolist()
    return shares


def _as_copy(telling: T, other: T, called: Mapping[int, str], *, shares: bool) -> Copied[T] | None:
    """Where none of the kept phrases is shared, as with nearly all others, no more is asked of them."""
    a, b = telling.fingerprint, other.fingerprint
    have_texts = a.has_text and b.has_text
    is_common = not have_texts or shares
    share = find_copy(a, b) if is_common else None
    if share is not None and not _outgrows(telling, other, share):
        return Copied(other, share)
    if not have_texts or a.is_status or b.is_status or a.is_digest or b.is_digest:
        return None
    if is_common and _is_excerpt(telling, other):
        return Copied(other, containment(a, b), "it is nothing but the beginning of that text")
    days = abs(telling.told_at - other.told_at)
    if days > TRANSLATED_DAYS:
        return None
    mine, yours = read_marks(a.marks), read_marks(b.marks)
    tie = _tie(telling, other, mine, yours, called)
    if _is_foreign(a.language, b.language):
        return _as_translation(telling, other, mine, yours, tie)
    return None if tie is None or days > TIED_DAYS else _as_credited(telling, other, mine, yours, tie)


def _outgrows(telling: T, other: T, share: float) -> bool:
    """Whether the later text says more than twice as much as the earlier, of which it leaves something out.

    A shortened reprint follows its original. Who had a brief first and has all of it is the brief's original.
    """
    a, b = telling.fingerprint, other.fingerprint
    longer, shorter = (telling, other) if a.shingle_count > b.shingle_count else (other, telling)
    is_later = longer.told_at > shorter.told_at
    is_much = shorter.fingerprint.shingle_count < SHORT_RATIO * longer.fingerprint.shingle_count
    return is_later and is_much and share < WHOLE


def find_copy(a: Fingerprint, b: Fingerprint) -> float | None:
    """How much of the shorter text stands in the longer, where that makes them copies; None where they are not.

    Articles of which one has no text are copies where their headlines are the same, word for word: nothing else can be
    compared, and a headline of six words, five of which say something, is not written twice.
    """
    if not (a.has_text and b.has_text):
        is_same = bool(a.headline) and a.headline == b.headline
        return 1.0 if is_same and len(a.title) >= HEADLINE_WORDS else None
    fewest, most = sorted((a.shingle_count, b.shingle_count))
    if fewest < COPY_MIN_SHINGLES or fewest < COPY_MIN_RATIO * most:
        return None
    contained = containment(a, b)
    return contained if contained >= _needed(fewest / most) else None


def _needed(ratio: float) -> float:
    """The share of the shorter text that must stand in the other, by how much shorter it is."""
    missing = max(0.0, SHORT_RATIO - ratio) / (SHORT_RATIO - COPY_MIN_RATIO)
    return COPY_CONTAINMENT + SHORT_CONTAINMENT * missing


def shared_text(one: str, other: str) -> float | None:
    """Share of the shorter text's phrases that the longer one has too; None where one is too short to tell."""
    (mine, fewest), (yours, most) = (sketch(text) for text in (one, other))
    if min(fewest, most) < COPY_MIN_SHINGLES:
        return None
    return _contained(mine, fewest, yours, most)[0]


def containment(a: Fingerprint, b: Fingerprint) -> float:
    """Share of the shorter text's phrases that the longer one has too.

    Exact for texts of up to SKETCH_SIZE phrases. Beyond, both sketches are cut at the largest hash that both cover, so
    that the same fair sample of phrases is compared (bottom-k sketches: Cohen and Kaplan 2007).
    """
    return _contained(a.sketch, a.shingle_count, b.sketch, b.shingle_count)[0]


def _contained(a: array[int], a_count: int, b: array[int], b_count: int) -> tuple[float, int]:
    """The share, and of how many hashes."""
    ceiling = min((s[-1] for s, count in ((a, a_count), (b, b_count)) if count > SKETCH_SIZE), default=None)
    mine, yours = (s if ceiling is None else s[: bisect_right(s, ceiling)] for s in (a, b))
    fewest = min(len(mine), len(yours))
    return (len(set(mine).intersection(yours)) / fewest if fewest else 0.0), fewest


# --- with a tie between the two ---------------------------------------------------------------------------------


def _is_excerpt(telling: T, other: T) -> bool:
    """Whether the later of two is but the beginning of the earlier one. A statement that a report quotes is earlier."""
    a, b = telling.fingerprint, other.fingerprint
    if telling.told_at < other.told_at or not EXCERPT_SHINGLES <= a.shingle_count < COPY_MIN_RATIO * b.shingle_count:
        return False
    share, compared = _contained(a.sketch, a.shingle_count, b.sketch, b.shingle_count)
    return share >= EXCERPT_CONTAINMENT and compared >= EXCERPT_COMPARED and _lead_share(a, b) >= ALIKE_LEAD


def _as_credited(telling: T, other: T, mine: Marks, yours: Marks, tie: str) -> Copied[T] | None:
    """As a copy because both credit the same, or one the other, and what they say begins alike."""
    if _lead_share(telling.fingerprint, other.fingerprint) < ALIKE_LEAD:
        return None
    share = containment(telling.fingerprint, other.fingerprint)
    if share >= TIED_CONTAINMENT:
        return Copied(other, share, tie)
    facts, count = _fact_share(mine, yours)
    if count >= TIED_FACTS and facts >= TIED_SHARE:
        return Copied(other, facts, f"{tie}, with {count} names and numbers in the same order")
    return None


def _as_translation(telling: T, other: T, mine: Marks, yours: Marks, tie: str | None) -> Copied[T] | None:
    """As the same text in another language."""
    facts, count = _fact_share(mine, yours)
    if tie is None and telling.publisher == other.publisher:
        tie = "one publisher in two languages"
    least, share = (UNTIED_FACTS, UNTIED_SHARE) if tie is None else (TRANSLATED_FACTS, TRANSLATED_SHARE)
    if count < least or facts < share:
        return None
    said = f"a translation, with {count} names and numbers in the same order"
    return Copied(other, facts, said if tie is None else f"{said}; {tie}")


def _fact_share(mine: Marks, yours: Marks) -> tuple[float, int]:
    count = in_order(mine.facts, yours.facts)
    fewest = min(len(mine.facts), len(yours.facts))
    return (count / fewest if fewest else 0.0), count


def _lead_share(a: Fingerprint, b: Fingerprint) -> float:
    """Of the words of what is shorter, title and opening."""
    fewest = min(len(a.lead), len(b.lead))
    return len(a.lead & b.lead) / fewest if fewest else 0.0


def _tie(telling: T, other: T, mine: Marks, yours: Marks, called: Mapping[int, str]) -> str | None:
    """What ties two articles beside their words: a link, or a credit."""
    if mine.address in yours.links or yours.address in mine.links:
        return "one links to the other as its original"
    if name_mark(other.publisher_name) in mine.credited:
        return f"credited to {other.publisher_name}"
    if name_mark(telling.publisher_name) in yours.credited:
        return f"{other.publisher_name} credits {telling.publisher_name}"
    if both := sorted(called.get(mark, "the same agency") for mark in mine.credited & yours.credited):
        return f"credited to {both[0]}, as {other.publisher_name} credits it"
    return None


def _is_foreign(one: str | None, other: str | None) -> bool:
    """As `similarity.are_foreign`."""
    if not one or not other:
        return False
    return one.partition("-")[0].casefold() != other.partition("-")[0].casefold()


def find_translated(telling: T, members: Iterable[T], *, called: Mapping[int, str] = NOBODY) -> Copied[T] | None:
    """Of articles about the same event the one that `telling` has from the same agency, in another language.

    What an agency says of an event it says once: desks shorten and translate it, and little but the credit is left.
    """
    made, mine = telling.fingerprint, read_marks(telling.fingerprint.marks)
    found = []
    for other in members:
        theirs = other.fingerprint
        if abs(telling.told_at - other.told_at) > TOLD_ONCE or not _is_foreign(made.language, theirs.language):
            continue
        if not (made.has_text and theirs.has_text) or made.is_status or theirs.is_status:
            continue
        yours = read_marks(theirs.marks)
        tie, (share, count) = _tie(telling, other, mine, yours, called), _fact_share(mine, yours)
        if tie is not None and count >= TOLD_ONCE_FACTS:
            found.append(Copied(other, share, f"told in another language, {tie}"))
    return min(found, key=lambda f: (-f.share, f.original.told_at, f.original.article), default=None)


# --- finding by phrases -----------------------------------------------------------------------------------------


def kept_phrases(phrases: array[int]) -> array[int]:
    """Of the sorted hashes of a text's phrases those by which an index finds it: the smallest.

    They are the same for everybody who has the phrase. Of a text's phrases one in PHRASE_SHARE is kept, so that a part
    of a text is found as its whole is (sampling by hash value: Broder 1997); at most PHRASES_KEPT an article.
    """
    count = bisect_left(phrases, PHRASE_BELOW)
    return phrases[: max(PHRASES_LEAST, min(count, PHRASES_KEPT))]
