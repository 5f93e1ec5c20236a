"""Article → marks: whom it credits, where it is found, and its names and numbers in the order in which they stand.

By these a copy is known that shares few phrases with its original: shortened to some lines, worded anew by a desk, or
translated. Names and numbers survive a translation, mostly in their order; whoever writes of the same happening himself
orders them anew. Marks are bytes, so that a fingerprint carries them without reading them.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from sys import byteorder

from monitor.model import Article, Credit, CreditKind

FACTS_LIMIT = 64  # names and numbers kept, the first ones: some 400 words of news
FACTS_READ = 6_000  # characters of a text
NAME_STEM = 5  # letters by which a name is compared: Europe and Europa, Microsofts and Microsoft
MAX_LINKS = 12
_HEAD = struct.Struct("<IBB")  # address, links, credited
_FACT = re.compile(r"\d+(?:[.,:]\d+)*|[A-ZÀ-ÞŁŚŻĆŃŠČŽ][A-Za-zÀ-ÿĀ-žſ0-9]+|[А-ЯЁІЇЄҐ][а-яёіїєґ]+")
_SEPARATORS = re.compile(r"[.,:]")
_PLAIN = """
    the and for but not with from that this they there their these those what when where which who why how has have had
    was were will would could should after before since while its his her our your you are can may der die das und ein
    eine einen einem einer des den dem für mit von nach bei aus auf als auch sich nicht wird wurde les des une dans pour
    par sur avec est sont ses cette ces los las una del con por para que como más este esta gli nel della delle dei per
    che non una sono het een van voor met dat zijn naar ook dos das uma com não mais são
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz juni juli
    oktober dezember
    """
_COMMON = frozenset(_PLAIN.split())
# Credits that say the words are another's, or a translation; a nod to where it was read is none.
_LENDING = frozenset(CreditKind) - {CreditKind.VIA, CreditKind.RETELLS}


@dataclass(frozen=True, slots=True)
class Marks:
    """What was kept of an article, read."""

    address: int  # of its canonical URL
    links: frozenset[int]  # addresses that it credits, or names as itself in another language
    credited: frozenset[int]  # names that it credits
    facts: array[int]  # names and numbers, each where it stands first


def make_marks(article: Article) -> bytes:
    """The marks of an article, as bytes; the same on every machine."""
    links = sorted({_hash(c.url) for c in article.credits if c.url})[:MAX_LINKS]
    credited = sorted({name_mark(c.name) for c in article.credits if _lends(c)})[:MAX_LINKS]
    whose = {fact for c in article.credits for fact in _facts(c.name)}  # a credit is no fact of the story
    facts = find_facts(f"{article.title}\n{article.text[:FACTS_READ]}", besides=whose)
    numbers = array("I", [*links, *credited, *facts])
    if byteorder == "big":
        numbers.byteswap()
    return _HEAD.pack(_hash(article.canonical_url), len(links), len(credited)) + numbers.tobytes()


@lru_cache(256)
def read_marks(made: bytes) -> Marks:
    """What `make_marks` wrote; of no bytes, nothing."""
    if not made:
        return Marks(0, frozenset(), frozenset(), array("I"))
    address, links, credited = _HEAD.unpack_from(made)
    numbers = array("I", made[_HEAD.size :])
    if byteorder == "big":
        numbers.byteswap()
    return Marks(
        address=address,
        links=frozenset(numbers[:links]),
        credited=frozenset(numbers[links : links + credited]),
        facts=numbers[links + credited :],
    )


def name_mark(name: str) -> int:
    """By which a publisher's name and a credited one are compared."""
    return _hash(name.casefold().removeprefix("the ").strip())


def find_facts(text: str, *, besides: Collection[str] = ()) -> list[int]:
    """Names and numbers of a text, each where it stands first, as hashes; `besides` are left out."""
    seen: dict[int, None] = {}
    for fact in _facts(unicodedata.normalize("NFKC", text)):
        if fact not in besides:
            seen[_hash(fact)] = None
        if len(seen) == FACTS_LIMIT:
            break
    return list(seen)


def in_order(one: Iterable[int], other: Iterable[int]) -> int:
    """How many of the facts of both stand in the same order: the longest common subsequence of two lists of singles."""
    place = {fact: number for number, fact in enumerate(other)}
    ends: list[int] = []
    for fact in one:
        at = place.get(fact)
        if at is not None:
            spot = bisect_left(ends, at)
            ends[spot : spot + 1] = [at]
    return len(ends)


def _facts(text: str) -> Iterator[str]:
    for found in _FACT.finditer(text):
        said = found[0]
        if said[0].isdigit():
            digits = _SEPARATORS.sub("", said)
            if len(digits) > 1:
                yield digits
        elif len(said) > 2 and (name := said.casefold()) not in _COMMON:
            yield (name if name.isascii() else _plain(name))[:NAME_STEM]


def _plain(name: str) -> str:
    """Without its accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def _lends(credit: Credit) -> bool:
    return credit.kind in _LENDING and not (
        credit.kind is CreditKind.TRANSLATED and credit.quote.startswith("hreflang")
    )


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
