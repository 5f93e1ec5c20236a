"""Names of providers in a text: one pass of one expression over all names of the register, the longest first.

What a name means is data of the register: which spelling counts, beside which words, in which phrases it means
something else, and in which it is said in passing. Nothing here knows a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.model import Backing, Mention, Provider

NEAR = 300  # characters on either side within which an unsure name wants a word beside it
_AROUND = 48  # characters read for the phrase in which a name stands
# Names are written in Latin letters inside texts of any script: a boundary is the absence of a Latin letter or digit,
# so that a name is found next to Chinese characters, and Cyrillic names in every case ending.
_LATIN = "A-Za-z0-9\u00c0-\u024f"
_WORD = re.compile(f"[{_LATIN}]+|[^\\s{_LATIN}]")  # a word in Latin letters, or one sign of another script
_GAP = r"[\s\u2010-\u2015-]+"  # hyphens and spaces are one: "GPT 4o" and "GPT-4o"
_LIST = re.compile(r"\s*(?:[,/&]|,?\s*(?:and|or|und|oder|et|ou|y|o))\s*")
_OWNED = r"(?:['\u2019]s)?"
_OTHERS = r"(?:[\w@.-]{2,20}(?:,\s*(?:and\s+)?|\s+(?:and|und|et|y)\s+)){0,3}"  # on 4chan, Rumble and {name}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one spelling stands for."""

    provider: Provider
    is_unsure: bool = False
    is_place: bool = False


class _Phrases:
    """Where any of many phrases, folded, stands in a text."""

    def __init__(self, phrases: Collection[str]) -> None:
        self._pattern = re.compile(f"(?:{_trie(phrases)})(?![{_LATIN}])")
        self._beginnings = {begun[0] for phrase in phrases if (begun := _WORD.match(phrase))}

    def matches(self, said: str) -> Iterator[re.Match[str]]:
        """From the words by which some phrase begins, leaving out what a longer one holds."""
        end, lowered = 0, _lowered(said)
        for word in _WORD.finditer(lowered):
            if word[0] not in self._beginnings or word.start() < end:
                continue
            if match := self._pattern.match(lowered, word.start()):
                end = match.end()
                yield match


class NameFinder:
    """Finds the names of a register in texts; built once, used for ever."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._loose: dict[str, _Meaning | None] = {}  # folded spelling → what it means; None: something else
        self._exact: dict[str, _Meaning] = {}
        for provider in providers:
            self._learn(provider)
        for provider in providers:  # a phrase that means something else outdoes every name
            for phrase in provider.unlike:
                self._loose[fold(phrase)] = None
                self._exact.pop(fold(phrase, keep_case=True), None)
        self._phrases = _Phrases({*self._loose, *(e.lower() for e in self._exact)})

    def _learn(self, provider: Provider) -> None:
        in_case = {*provider.exact, *provider.unsure}
        places = {fold(name) for name in provider.places}
        for name in {provider.name, *provider.aliases, *provider.places} - in_case:
            self._loose[fold(name)] = _Meaning(provider, is_place=fold(name) in places)
        for name in in_case:
            is_unsure = name in provider.unsure
            meaning = _Meaning(provider, is_unsure=is_unsure, is_place=fold(name) in places)
            self._exact[fold(name, keep_case=True)] = meaning

    def find(self, text: str) -> Iterator[Mention]:
        """Every mention in `text`, in order, its places counted in the text's NFKC form."""
        said = unicodedata.normalize("NFKC", text)
        found = [(m.span(), meaning) for m in self._phrases.matches(said) if (meaning := self._of(said, m))]
        sure = {meaning.provider.id for _, meaning in found if not meaning.is_unsure}
        before: tuple[Mention, bool] | None = None  # and whether its name is a place's
        for (start, end), meaning in found:
            provider = meaning.provider
            if meaning.is_unsure and provider.id not in sure and not _is_company(provider, said, start, end):
                continue
            mention = Mention(provider=provider.id, name=said[start:end], start=start, end=end)
            if _is_aside(meaning, said, mention, before):
                mention = replace(mention, is_aside=True)
            yield mention
            before = mention, meaning.is_place

    def _of(self, said: str, match: re.Match[str]) -> _Meaning | None:
        spelled = said[match.start() : match.end()]
        return self._exact.get(fold(spelled, keep_case=True)) or self._loose.get(fold(spelled))


def fold(name: str, *, keep_case: bool = False) -> str:
    """One spelling for hyphens and spaces: "GPT 4o" and "GPT-4o" are one name."""
    plain = " ".join(re.split(_GAP, unicodedata.normalize("NFKC", name).strip()))
    return plain if keep_case else plain.lower()


def _lowered(text: str) -> str:
    """In small letters, each where it stood: the one capital that becomes two letters is replaced before."""
    return text.replace("\u0130", "I").lower()


def _trie(names: Iterable[str]) -> str:
    """One expression for all names, their common beginnings said once, the longest preferred."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for name in names:
        node = root
        for sign in name:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _branch(root) if root else "(?!)"


def _branch(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    signs = [sign for sign in sorted(node) if sign]
    ways = [(_GAP if sign == " " else re.escape(sign)) + _branch(node[sign]) for sign in signs]
    if not ways:
        return ""
    longer = ways[0] if len(ways) == 1 and "" not in node else f"(?:{'|'.join(ways)})"
    return f"{longer}?" if "" in node else longer


# --- the company, or something of that name -----------------------------------------------------------------------


def _is_company(provider: Provider, said: str, start: int, end: int) -> bool:
    """Whether one of the provider's words stands near an unsure name, the name itself apart."""
    words = _words(provider.beside)
    around = (said[max(0, start - NEAR) : start], said[end : end + NEAR])
    return any(words.search(part) for part in around)


@lru_cache(256)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of them as a whole word: one in capitals as it is spelled, the others in any case."""
    forms = (f"{_spaced(w)}" if w.isupper() else f"(?i:{_spaced(w)})" for w in sorted(words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})(?!\w)")


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


# --- in passing ---------------------------------------------------------------------------------------------------


def _is_aside(meaning: _Meaning, said: str, mention: Mention, before: tuple[Mention, bool] | None) -> bool:
    provider = meaning.provider
    last, is_after_place = before or (None, False)
    is_listed = last is not None and _LIST.fullmatch(said[last.end : mention.start]) is not None
    if meaning.is_place and is_listed and last is not None and not is_after_place and not last.is_aside:
        return False  # "tools from Apple, Amazon and Google": a company among companies
    phrases = provider.asides + (provider.place_asides if meaning.is_place else ())
    if not phrases:
        return False
    if meaning.is_place and provider.own and _phrases(provider.own)[1].match(said, mention.end):
        return False  # "on Instagram" is where, "Instagram's algorithm" is who
    lead, follow = _phrases(phrases)
    if lead.search(said[max(0, mention.start - _AROUND) : mention.start]):
        return True
    if follow.match(said[mention.end : mention.end + _AROUND]):
        return True
    # a list goes on: "on Facebook, Instagram and TikTok"
    return meaning.is_place and is_after_place and is_listed and last is not None and last.is_aside


@lru_cache(64)
def _phrases(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before a name, and what behind it."""
    pairs = [phrase.split("{name}") for phrase in phrases]
    leads = sorted({_spaced(lead) for lead, follow in pairs if lead.strip() and not follow.strip()})
    follows = sorted({_spaced(follow) for lead, follow in pairs if follow.strip() and not lead.strip()})
    return (
        re.compile(
            rf"(?<!\w)(?:{'|'.join(leads) or '(?!)'})[\s-]+(?:(?:the|an?|its|their)\s+)?{_OTHERS}[\"\u201c(]?\Z",
            re.IGNORECASE,
        ),
        re.compile(rf"{_OWNED}[\s-]+(?:{'|'.join(follows) or '(?!)'})(?!\w)", re.IGNORECASE),
    )


# --- who stands behind what is named ------------------------------------------------------------------------------


class RelationFinder:
    """Finds what a register's relations speak of; built once."""

    def __init__(self, relations: Sequence[Backing]) -> None:
        self._relations = [(_phrase(r.named), _phrase(r.beside), _phrase(r.unless), r) for r in relations]
        self._named = _Phrases({fold(name) for relation in relations for name in relation.named})

    def find(self, text: str) -> Iterator[tuple[str, Backing]]:
        """Each relation that holds in `text`, with the words for which it does."""
        said = unicodedata.normalize("NFKC", text)
        if next(self._named.matches(said), None) is None:
            return  # hardly any text speaks of one of them
        for named, beside, unless, relation in self._relations:
            match = named.search(said)
            if match is None or (relation.beside and not beside.search(said)):
                continue
            if not unless.search(said):
                yield match[0], relation


def _phrase(phrases: Sequence[str]) -> re.Pattern[str]:
    """Any of them as whole words: one with a capital letter as it is spelled, the others in any case."""
    forms = (_spaced(p) if p != p.lower() else f"(?i:{_spaced(p)})" for p in sorted(phrases))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})(?!\w)")
