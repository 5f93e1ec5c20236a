"""Article → Fingerprint: what is compared instead of the text, versioned.

A fingerprint holds the words of the title and of the opening, which of them are names and numbers, and a sketch of the
text's phrases by which copies are found. It is written once, beside the article. Any change of what it holds moves
`VERSION`: fingerprints of different versions are never compared with each other.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from sys import intern
from typing import TYPE_CHECKING, Any

from monitor.model import Article, Origin
from monitor.stages.marks import make_marks
from monitor.stages.roundup import is_roundup
from monitor.stages.slugs import mark_of_address, words_of_address

VERSION = 4
OPENING_WORDS = 120  # of the text, compared by their rarity: the happening stands at the top, its background below
LEAD_WORDS = 35  # of the text: what happened, where it is news
SHINGLE_WORDS = 4  # a phrase: long enough that two hands rarely write the same
STANDING_WORDS = 4  # that say something: a shorter sentence may well be said twice by chance
SKETCH_SIZE = 256  # phrases kept: the smallest hashes, a fair sample of a long text and all of a short one
KNOWN_WORDS = 16_384  # spellings whose stems are remembered: some 4 MB
KNOWN_LENGTH = 40  # characters of one that is
TEXT_LIMIT = 200_000  # characters of a text that are read

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+|(?<=\d),\d{3}(?!\d))*")
_AMOUNT = re.compile(r"(\d+)(?:bn|b|mn|m|k|tn|t|percent|pc)")
_PARTS = re.compile(r"[-.&']")
_SENTENCE_END = re.compile(r"[.!?:|\"“‘\n]|[-–—] ")
_STATUS = re.compile(r"\b(?:Investigating|Identified|Monitoring|Resolved|In progress|Scheduled|Postmortem)\s*[-–—:]\s")
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]*[A-ZÀ-ÞА-Я0-9])|\n+")
_STATUS_WITHIN = 400  # characters: a page of status updates shows its phase at once
_COMMON_WORDS = """
    a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it
    its itself just may might more most my new no not of off on one or our out over said say says she so some than
    that the their them then there these they this to under up us was we were what when where which who why will
    with would you your after about amid being before between during here also all any because get gets got only
    other own same such too very while yet two first last year years day days week time now report reports news
    update video exclusive watch live
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec utc gmt am pm
    """
_ALIKE = """
    sue sues sued suing lawsuit lawsuits suit suits litigation
    pentagon dod dow
    die dies died dying dead death deaths kill kills killed killing fatal fatally
    layoff layoffs slash slashes slashed
    buy buys bought acquire acquires acquired acquisition
    shut shuts shutter shutters shuttered shutdown discontinue discontinues discontinued
    billion bn
    million mn
    """
_ONE_WORD = {word: line.split()[0] for line in _ALIKE.splitlines() for word in line.split()}  # headlines' synonyms
_COMMON = frozenset(_COMMON_WORDS.split())  # words of grammar and of the news trade: no happening is known by them


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What of an article is compared. Words are folded and stemmed."""

    title: frozenset[str]
    words: frozenset[str]  # of title and opening
    lead: frozenset[str]  # of title and the first LEAD_WORDS
    names: frozenset[str]  # of `words`: capitalised where prose would not be
    numbers: frozenset[str]  # of `words`
    headline: int  # hash of the whole folded title, to know an identical one; 0 for one too short to tell
    sketch: array[int]  # sorted hashes of phrases of the text, at most SKETCH_SIZE
    shingle_count: int  # different phrases of the whole text, before sketching
    language: str | None
    sentences: Mapping[int, frozenset[str]]  # of the opening, by hash: the words that stand nowhere else in it
    is_digest: bool  # a review of many events, which tells none
    is_status: bool  # an incident on a service's status page, told in phases
    marks: bytes = b""  # `marks.make_marks`: by which copies are known that share few phrases
    page: int = 0  # `slugs.mark_of_address`: one page on two hosts
    vector: bytes = b""  # `vectors.pack`: what title and lead mean; empty where no model was at hand, or not for them
    rest: Callable[[], Mapping[str, Any]] | None = field(default=None, compare=False, repr=False)  # `read_later`

    @classmethod
    def read_later(cls, known: Mapping[str, Any], rest: Callable[[], Mapping[str, Any]]) -> Fingerprint:
        """One of which some fields are `known`; the others are read when the first of them is asked for."""
        made = object.__new__(cls)
        for name, value in known.items():
            object.__setattr__(made, name, value)
        object.__setattr__(made, "rest", rest)
        return made

    if not TYPE_CHECKING:  # whoever checks types knows the fields

        def __getattr__(self, name: str) -> Any:
            rest = None if name == "rest" else self.rest
            if rest is None:
                raise AttributeError(name)
            for field_, value in rest().items():
                object.__setattr__(self, field_, value)
            object.__setattr__(self, "rest", None)
            return object.__getattribute__(self, name)

    @property
    def has_text(self) -> bool:
        return self.shingle_count > 0


def fingerprint(article: Article, vector: bytes = b"") -> Fingerprint:
    """The fingerprint of an article; the same for the same title, text, language and address, on every machine.

    `vector` is what a language model makes of `vectors.passage`, where there is one.
    """
    text = article.text[:TEXT_LIMIT]
    opening = " ".join(text.split(None, OPENING_WORDS)[:OPENING_WORDS])
    speaker = frozenset(_stems(article.publisher_name)) if article.origin is Origin.PROVIDER else frozenset()
    title = frozenset(_stems(article.title))
    slug = frozenset(_stems(words_of_address(article.url)))
    words = (
        title | frozenset(_stems(opening)) | slug | speaker
    )  # a provider seldom names itself in what it says of itself
    names = frozenset(_names(article.title, is_title=True)) | frozenset(_names(opening, is_title=False)) | speaker
    phrases, count = sketch(text)
    is_status = article.origin is Origin.PROVIDER and bool(_STATUS.search(text[:_STATUS_WITHIN]))
    return Fingerprint(
        title=title,
        words=words,
        lead=title | slug | frozenset(_stems(" ".join(opening.split(None, LEAD_WORDS)[:LEAD_WORDS]))),
        names=names & words,
        numbers=frozenset(w for w in words if w[0].isdigit()),
        headline=_headline(article.title),
        sketch=phrases,
        shingle_count=count,
        language=article.language,
        sentences=_sentences(text, title | speaker, words),
        is_digest=not is_status and is_roundup(article.title, text),
        is_status=is_status,
        marks=make_marks(article),
        page=mark_of_address(article.url),
        vector=vector,
    )


def surfaces(article: Article) -> dict[str, str]:
    """Each compared word as the article first spells it: a reason is read by people."""
    opening = " ".join(article.text[:TEXT_LIMIT].split(None, OPENING_WORDS)[:OPENING_WORDS])
    found: dict[str, str] = {}
    said = f"{article.title}\n{opening}\n{words_of_address(article.url)}"
    for spelt in _WORD.findall(unicodedata.normalize("NFKC", said)):
        for stem in _stems_of(spelt):
            found.setdefault(stem, spelt.removesuffix("'s").removesuffix("’s"))
    return found


def _folded(spelt: str) -> Iterator[str]:
    """`OpenAI's` → openai; `U.S.` → us; `AI-made` → ai, made; `$110bn` → 110; `sued` → sue; grammar is left out."""
    word = spelt.casefold().replace("’", "'").removesuffix("'s").replace(",", "")
    if amount := _AMOUNT.fullmatch(word):
        word = amount[1]
    word = _ONE_WORD.get(word, word)
    for part in _PARTS.split(word) if "-" in word else [word.replace(".", "").replace("'", "").replace("&", "")]:
        if part and part not in _COMMON and (len(part) > 1 or part.isdigit()):
            yield part


def _stems(text: str) -> Iterator[str]:
    spelt = _WORD.findall(unicodedata.normalize("NFKC", text))
    are_all_short = max(map(len, spelt), default=0) <= KNOWN_LENGTH  # as they nearly always are
    return chain.from_iterable(map(_known_stems if are_all_short else _stems_of, spelt))


def _stems_of(spelt: str) -> tuple[str, ...]:
    return _known_stems(spelt) if len(spelt) <= KNOWN_LENGTH else _known_stems.__wrapped__(spelt)


@lru_cache(maxsize=KNOWN_WORDS)
def _known_stems(spelt: str) -> tuple[str, ...]:
    """The stems of a word, however spelt; nearly every word of an article was met before."""
    return tuple(intern(_stem(word)) for word in _folded(spelt))


def _stem(word: str) -> str:
    """A light English stem: suits and suit, banned and ban meet. Other languages lose little by it."""
    if len(word) <= 4 or word[0].isdigit():
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if not word.endswith("ss"):
                word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiols":
        word = word[:-1]
    return word


def _names(text: str, *, is_title: bool) -> Iterator[str]:
    """Stems of words that are capitalised where common words are not: inside a sentence, or inside the word.

    A headline In Title Case and one IN CAPITALS say nothing by their capitals.
    """
    text = unicodedata.normalize("NFKC", text)
    is_loud = is_title and _is_loud(text)
    is_shouted = text.isupper()
    for found in _WORD.finditer(text):
        spelt = found[0]
        if spelt.islower() or not spelt[0].isalpha():  # as most: no letter of it is a capital
            continue
        is_capital = not is_loud and spelt[0].isupper() and not _begins(text, found.start())
        if is_capital or (not is_shouted and any(c.isupper() for c in spelt[1:])):
            yield from _stems_of(spelt)


def _is_loud(title: str) -> bool:
    long = [w for w in _WORD.findall(title) if len(w) > 3 and w[0].isalpha()]
    capitals: int = sum(w[0].isupper() for w in long)
    return capitals > 0.7 * max(1, len(long))


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins there."""
    return place == 0 or _SENTENCE_END.search(text[max(0, place - 3) : place]) is not None


def _sentences(text: str, elsewhere: frozenset[str], words: frozenset[str]) -> dict[int, frozenset[str]]:
    """The opening's sentences, whole ones only: one that stands in many articles says nothing about any of them."""
    said: dict[int, frozenset[str]] = {}
    length = 0
    for sentence in _SENTENCES.split(text[: OPENING_WORDS * 20]):
        length += len(sentence.split())
        if length > OPENING_WORDS:
            break
        stems = list(_stems(sentence))
        if len(stems) >= STANDING_WORDS:
            said[zlib.crc32(" ".join(stems).encode())] = frozenset(stems)
    counted = Counter(word for stems in said.values() for word in stems)
    return {key: frozenset(w for w in s if counted[w] == 1 and w not in elsewhere) & words for key, s in said.items()}


def without(made: Fingerprint, sentences: Collection[int]) -> Fingerprint:
    """The fingerprint as if the article did not say `sentences`."""
    struck = frozenset[str]().union(*(made.sentences[key] for key in sentences))
    return replace(
        made,
        words=made.words - struck,
        lead=made.lead - struck,
        names=made.names - struck,
        numbers=made.numbers - struck,
    )


def _headline(title: str) -> int:
    """A hash of the folded title; 0 for fewer than six words, which two hands may well write alike."""
    words = [w.casefold() for w in _WORD.findall(unicodedata.normalize("NFKC", title))]
    return zlib.crc32(" ".join(words).encode()) if len(words) >= 6 else 0


def sketch(text: str) -> tuple[array[int], int]:
    """The smallest hashes of all phrases of the text (bottom-k sampling), and how many phrases there are."""
    words = [w.casefold() for w in _WORD.findall(unicodedata.normalize("NFKC", text))]
    phrases = {
        zlib.crc32(" ".join(words[i : i + SHINGLE_WORDS]).encode()) for i in range(len(words) - SHINGLE_WORDS + 1)
    }
    return array("I", heapq.nsmallest(SKETCH_SIZE, phrases)), len(phrases)
