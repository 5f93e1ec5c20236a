"""Words that somebody quotes × what articles say → where they stand, to the letter, and on which kept page.

Punctuation, spaces and case are overlooked when looking (a quotation comes with other quotation marks and dashes than
the page had, and its lines end elsewhere); what is given back is the article's own spelling. An ellipsis stands for
what was left out, in the order of the text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Article, ArticleId, ArticleVersion, Member, Passage

LONGEST = 2_000  # characters of a quotation
FEWEST_WORDS = 3  # of one whose source is looked for; fewer stand anywhere
FEWEST_SIGNS = 6  # of one in a script that does not part words
MOST_LEFT_OUT = 4_000  # characters that an ellipsis may stand for

_ELLIPSIS = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|…|\.{3,}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a quotation stands."""

    article: Article
    passage: Passage


def find_quote(
    quote: str, members: Sequence[Member], versions: Mapping[ArticleId, Sequence[ArticleVersion]]
) -> Found | None:
    """The article that says `quote`: an original before its copies, then the one that told it first.

    `members` are oldest first; `versions` are what pages said later, by article, as far as they changed.
    """
    words = _WORD.findall(quote[:LONGEST])
    if len(words) < FEWEST_WORDS and sum(map(len, words)) < FEWEST_SIGNS:
        return None
    for member in sorted(members, key=lambda m: m.copy_of is not None):
        passage = keep_passage(quote, member.article, versions.get(member.article.id, ()))
        if passage is not None:
            return Found(article=member.article, passage=passage)
    return None


def keep_passage(quote: str, article: Article, later: Sequence[ArticleVersion] = ()) -> Passage | None:
    """`quote` as the article spells it, with the page on which it stood first; None where it never did."""
    for number, text, snapshot in _tellings(article, later):
        if (found := spelled_in(text, quote)) is not None:
            digest = hashlib.sha256(found.encode()).hexdigest()
            return Passage(text=found, digest=digest, snapshot=snapshot, version=number)
    return None


def has_vanished(quote: str, later: Sequence[ArticleVersion]) -> bool:
    """Whether the page, as it was seen last, no longer says `quote`."""
    return bool(later) and spelled_in(f"{later[-1].title}\n{later[-1].text}", quote) is None


def spelled_in(text: str, quote: str) -> str | None:
    """`quote` in the spelling of `text`, on one line; an ellipsis stays. None where it is not there."""
    parts = [p for p in _ELLIPSIS.split(unicodedata.normalize("NFC", quote[:LONGEST])) if _WORD.search(p)]
    begin, spelled = 0, list[str]()
    for part in parts:
        end = len(text) if not spelled else begin + MOST_LEFT_OUT
        match = _pattern(part).search(text, begin, end)
        if match is None:
            return None
        spelled.append(" ".join(match[0].split()))
        begin = match.end()
    return " … ".join(spelled) or None


def _pattern(part: str) -> re.Pattern[str]:
    words = r"[\W_]+".join(map(re.escape, _WORD.findall(part)))
    return re.compile(rf"(?<![^\W_]){words}(?![^\W_])" if words.isascii() else words, re.IGNORECASE)


def _tellings(article: Article, later: Sequence[ArticleVersion]) -> Iterator[tuple[int, str, str | None]]:
    snapshot = None if article.snapshot is None else article.snapshot.digest
    yield 0, f"{article.title}\n{article.text}", snapshot
    for version in later:
        yield version.number, f"{version.title}\n{version.text}", version.snapshot
