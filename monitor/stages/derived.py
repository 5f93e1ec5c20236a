"""Article → whose report it only retells, with the words that say so; None where it adds something of its own.

"First reported by The Register", "laut SPIEGEL", "selon Le Monde": an article that rests on another's report is no
second source. Wrongly calling a report derived makes a count wrong as well, so the evidence must add up to `ENOUGH`:

- the headline hands the news to another (TITLE), or the first paragraph does (LEAD), or one of the next two (EARLY);
- a formula says that the other had it first or alone, or is cited for it (FIRST): "first reported by", "citing";
- the other is named again later (AGAIN), the article says that it could not verify the report (UNVERIFIED), or there is
  nothing to read but the headline (BARE).

And nothing may speak for reporting of its own: "told us", "told <its own name>", "in a statement to <its own name>",
"documents seen by <its own name>", an interview. Only press and agencies can be retold here: what a company, a court or
a regulator says is news that anybody may report. Only the press retells: a primary source speaks for itself.

Names are those of the register of owners and of the candidate's other publishers, in exactly their spelling, so that
"the sun" is no newspaper. Nine languages have their formulas (`attributions`): English, German, French, Spanish,
Italian, Dutch, Portuguese, Swedish and Polish; any of them is looked for in any article, since pages often lie about
theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.stages import attributions as formulas

READ_LIMIT = 12_000  # characters of a text: what retells another says so early, and own reporting shows early too
TITLE, LEAD, EARLY, FIRST, AGAIN, UNVERIFIED, BARE = 2, 2, 1, 1, 1, 1, 1
ENOUGH = 3
EARLY_PARAGRAPHS = 3  # the first among them
LEAD_LENGTH = 450  # characters, where the first paragraph is longer, or all of the text is one
QUOTE_LIMIT = 140  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """What an article rests on."""

    reporter: str  # as the register or the candidate spells it
    quote: str  # the words that say so


@dataclass(frozen=True, slots=True, order=True)
class _Name:
    words: tuple[str, ...]  # without a leading article
    meant: str
    is_after_the: bool  # "Information" alone is a word; "The Information" is a name


class Reporters:
    """The names under which press and agencies report, found by their first word; spelling decides."""

    def __init__(self, names: Mapping[str, str], *, besides: Reporters | None = None) -> None:
        """`names`: spelling → the publisher that it means; `besides`: what is known already."""
        self._besides = besides
        self._by_first: dict[str, list[_Name]] = {}
        for spelling, meant in names.items():
            full = tuple(spelling.replace("’", "'").split())
            if words := _bare(full):
                name = _Name(words, meant, is_after_the=len(words) == 1 and full != words and full[0].lower() == "the")
                self._by_first.setdefault(words[0], []).append(name)
        for found in self._by_first.values():
            found.sort(key=lambda n: (-len(n.words), n))
        others: frozenset[str] = frozenset() if besides is None else besides.first_words
        self.first_words: frozenset[str] = others | self._by_first.keys()

    def at(self, word: str) -> Sequence[_Name]:
        """The names that begin with `word`, the longest first."""
        here = self._by_first.get(word, [])
        return here if self._besides is None else [*here, *self._besides.at(word)]

    def meant_by(self, name: str) -> str | None:
        """The publisher of exactly this name."""
        words = _bare(tuple(name.replace("’", "'").split()))
        return next((n.meant for n in self.at(words[0]) if n.words == words), None) if words else None


def find_retelling(title: str, text: str, *, own_names: tuple[str, ...], reporters: Reporters) -> Retelling | None:
    """Whose report the article retells, where it adds nothing of its own; None otherwise.

    `own_names`: how its own publisher is called; under whatever else `reporters` know these, it is its own, too.
    """
    body = text[:READ_LIMIT]
    own = {meant for name in own_names if (meant := reporters.meant_by(name))} | set(own_names)
    found = [a for place, part in _parts(title, body) for a in _attributions(part, place, reporters)]
    weights = {name: _weight([a for a in found if a.reporter == name], body) for name in {a.reporter for a in found}}
    best = min(weights.keys() - own, key=lambda n: (-weights[n], n), default=None)
    if best is None or weights[best] < ENOUGH or _has_own_reporting(body, own_names):
        return None
    first = min((a for a in found if a.reporter == best), key=lambda a: (-a.weight, a.place))
    return Retelling(reporter=best, quote=first.quote)


@dataclass(frozen=True, slots=True)
class _Attribution:
    reporter: str
    weight: int
    place: int  # of the paragraph; -1 is the headline
    quote: str
    is_mark: bool = False  # no formula, but a colon or a dash


def _weight(found: Sequence[_Attribution], body: str) -> int:
    """How much speaks for one reporter; without a headline or an early paragraph that hands it the news, nothing."""
    early = [a for a in found if a.place < EARLY_PARAGRAPHS]
    if not early:
        return 0
    where = max(TITLE if a.place < 0 else LEAD if a.place == 0 else EARLY for a in early)
    return (
        where
        + max(a.weight for a in early)
        + (AGAIN if len({a.place for a in found}) > 1 else 0)
        + (UNVERIFIED if _UNVERIFIED.search(body) else 0)
        + (0 if body.strip() or all(a.is_mark for a in early) else BARE)
    )


# --- who is named -----------------------------------------------------------------------------------------------


def _parts(title: str, body: str) -> Iterator[tuple[int, str]]:
    """Headline and paragraphs by place; of a text in one piece, what comes late is no lead."""
    yield -1, title
    place = 0
    for paragraph in body.split("\n"):
        if not paragraph.strip():
            continue
        if place == 0 and len(paragraph) > LEAD_LENGTH:
            yield 0, paragraph[:LEAD_LENGTH]
            yield EARLY_PARAGRAPHS, paragraph[LEAD_LENGTH:]
        else:
            yield place, paragraph
        place += 1


def _attributions(part: str, place: int, reporters: Reporters) -> Iterator[_Attribution]:
    """Every name in `part` that a formula of attribution stands beside."""
    for reporter, start, end in _named(part, reporters):
        before, after = part[max(0, start - _REACH) : start], part[end : end + _REACH]
        for pattern, around, weight in (
            (_FIRST_BEFORE, before, FIRST),
            (_FIRST_AFTER, after, FIRST),
            (_PLAIN_BEFORE, before, 0),
            (_PLAIN_AFTER, after, 0),
        ):
            if pattern.search(around):
                yield _Attribution(reporter, weight, place, _quote(part, start, end))
                break
        else:
            if place < 0 and (
                _MARK_BEFORE.search(before) or (after.startswith(": ") and before.strip().lower() in _NO_WORDS)
            ):
                yield _Attribution(reporter, 0, place, _quote(part, 0, len(part)), is_mark=True)


def _named(part: str, reporters: Reporters) -> Iterator[tuple[str, int, int]]:
    """The names in `part` with their places, the longest at each, none inside another."""
    words = [(_without_head(m[0]), m.end()) for m in _TOKEN.finditer(part)]
    known, index = reporters.first_words, 0
    while index < len(words):
        word, _ = words[index]
        if word not in known and (not word.endswith(_ENDINGS) or _ending_off(word) not in known):
            index += 1
            continue
        for name in reporters.at(word) or reporters.at(_ending_off(word)):
            some = [w for w, _ in words[index : index + len(name.words)]]
            if name.is_after_the and (index == 0 or words[index - 1][0].lower() != "the"):
                continue
            if tuple(some) == name.words or (*some[:-1], _ending_off(some[-1])) == name.words:
                yield name.meant, words[index][1] - len(word), words[index + len(some) - 1][1]
                index += len(some) - 1
                break
        index += 1


def _without_head(word: str) -> str:
    return _TOKEN_HEAD.sub("", word) if "'" in word or "’" in word else word


def _ending_off(word: str) -> str:
    return word.rstrip(".").removesuffix("'s").removesuffix("’s")


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if len(words) > 1 and words[0].lower() in _ARTICLES else words


def _quote(part: str, start: int, end: int) -> str:
    """The sentence around a name, cut to what can be read at a glance."""
    begins = part.rfind(". ", 0, start) + 1
    stop = part.find(". ", end)
    begins = max(begins, start - QUOTE_LIMIT * 2 // 3)
    said = " ".join(part[begins : len(part) if stop < 0 else stop + 1].split())
    if begins and part[begins - 1] != ".":
        said = "…" + said.partition(" ")[2]
    said = said.replace("“", "‘").replace("”", "’")
    return said if len(said) <= QUOTE_LIMIT else said[: QUOTE_LIMIT - 1].rstrip() + "…"


def _any(block: str) -> str:
    """One pattern for the formulas of a block, the longest first."""
    formulas = sorted({f for f in block.splitlines() if f.strip()}, key=lambda f: (-len(f), f))
    return "(?:" + "|".join(f.replace(" ", _GAP) for f in formulas) + ")"


def _before(block: str) -> re.Pattern[str]:
    """A formula that ends where the name begins, but for an article or a word such as "newspaper"."""
    linked = rf"(?:{_GAP}(?:{formulas.LINKING}))?(?:{_GAP}{_any(formulas.KINDS)})?"
    return re.compile(rf"(?<!\w){_any(block)}{linked}[\s\u00a0\"“„«»'‘(]*(?:(?:l|d|dell|all)['’])?$", re.IGNORECASE)


def _after(block: str) -> re.Pattern[str]:
    return re.compile(rf"^[\s\u00a0,»”\"’']*(?:s )?{_any(block)}(?!\w)", re.IGNORECASE)


_REACH = 70  # characters around a name in which its formula stands
_GAP = r"[\s\u00a0]+"
_ARTICLES = frozenset({"the", "der", "die", "das", "le", "la", "les", "el", "il", "de", "o"})
_NO_WORDS = _ARTICLES | {""}
_ENDINGS = (".", "s")  # without them nothing is taken off
_TOKEN = re.compile(r"[^\s\u00a0\"“”„»«‘,;:()\[\]*…]+")
_TOKEN_HEAD = re.compile(r"^(?:'|(?:l|d|qu|dell|all|dall|nell|L|D)['’])")
_FIRST_BEFORE, _PLAIN_BEFORE = _before(formulas.BEFORE_FIRST), _before(formulas.BEFORE_PLAIN)
_FIRST_AFTER, _PLAIN_AFTER = _after(formulas.AFTER_FIRST), _after(formulas.AFTER_PLAIN)
_MARK_BEFORE = re.compile(r" [–—|-] (?:Bericht: )?$|: $| \($")
_UNVERIFIED = re.compile(rf"(?<!\w){_any(formulas.UNVERIFIED)}", re.IGNORECASE)


# --- whether it adds something ----------------------------------------------------------------------------------


def _has_own_reporting(body: str, own_names: Sequence[str]) -> bool:
    return _OWN_VOICE.search(body) is not None or any(_own_named(name).search(body) for name in own_names if name)


@lru_cache(1024)
def _own_named(name: str) -> re.Pattern[str]:
    own = re.escape(" ".join(_bare(tuple(name.split()))))
    before = rf"{_any(formulas.OWN_BEFORE)}{_GAP}(?:(?:{formulas.LINKING}){_GAP})?{own}(?!\w)"
    after = rf"(?<!\w){own}{_GAP}?{_any(formulas.OWN_AFTER)}(?!\w)"
    return re.compile(rf"(?<!\w){before}|{after}", re.IGNORECASE)


_OWN_VOICE = re.compile(rf"(?<!\w){_any(formulas.OWN_VOICE)}(?!\w)", re.IGNORECASE)
