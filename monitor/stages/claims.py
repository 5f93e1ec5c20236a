"""Sentences of a wire → those that charge a named party without saying who says so, and names that look private.

In English, and by `claims_abroad` in German, French and Spanish; by words alone: what is found is a doubt for an editor
to settle, never a verdict. A party is a provider of the register, a company by its form, or what looks like a person's
name; a charge is a word of wrongdoing or of harm done. Of other languages nothing is found: `check` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.stages import claims_abroad as abroad
from monitor.stages.codebook import ProviderIndex

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|Jr|vs|No)\.)(?<!\b(?:Mrs|Inc|Ltd)\.)[”\"')]*\s+")
_CHARGE = re.compile(
    r"\b(?:lied|lying|negligen\w+|reckless\w*|illegal\w*|unlawful\w*|violat\w+|defraud\w*|fraud\w*|deceiv\w*|decept\w+"
    r"|discriminat\w+|stole|stolen|steal\w*|conceal\w*|cover(?:ed|ing)? up|hid|knew|knowingly|harass\w*|abus\w+"
    r"|kill(?:s|ed|ing)?|caus(?:e|es|ed|ing) (?:the |his |her |a |their )?(?:death|suicide|injur\w+|harm)|misled"
    r"|mislead\w*|fabricat\w+|guilty|crim(?:e|es|inal|inally)|cheat\w*|infring\w+|plagiari\w+|defam\w+|libel\w*|ignored"
    r"|exploit\w*|manipulat\w+|spied|spying|bribe\w*|blackmail\w*|extort\w*|racist|sexist|collud\w+|breach(?:ed)? its"
    r"|failed to)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:alleg\w+|accord\w+ to|said|says|say|told|tells|accus\w+|claim\w*|report(?:s|ed|edly|ing)?|complain\w*|sued"
    r"|sues|lawsuit\w*|suit|filing|filings|filed|petition\w*|indict\w+|charge[ds]?|argu\w+|stat(?:es|ed|ement\w*)|wrote|writes"
    r"|found|finds|finding|ruled|rules|ruling|held|convict\w+|admit\w*|acknowledg\w+|confirm\w*|conclud\w+|den(?:y|ies|ied)"
    r"|testif\w+|announc\w+|warn\w*|apologi\w+|investigat\w+|suspect\w*|appear\w*|purported\w*|describ\w+|quoted)\b",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[-’'][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
_PARTICLE = r"(?:(?:de|da|del|der|den|di|du|la|le|van|von|bin|al|ter)\s+){1,2}"
_NAME = rf"{_CAPITAL}(?:\s+[A-Z]\.)?(?:\s+(?:{_PARTICLE})?{_CAPITAL}){{1,2}}"
_COMPANY = re.compile(
    rf"\b{_CAPITAL}(?:\s+{_CAPITAL})*\s+(?:Inc|Corp|Ltd|LLC|GmbH|AG|Labs|Bank|Hospital|University|Group)\b"
)
_HONORIFIC = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx)\.?\s+(?P<name>{_CAPITAL}(?:\s+{_CAPITAL})?)")
_AGED = re.compile(rf"\b(?P<name>{_NAME})(?:,\s+(?:aged\s+)?|\s+\()(?P<age>[1-9][0-9]?)\b(?![.,]?\d|\s*%)")
_WHO = (
    r"nurse|teacher|student|pupil|mother|father|parent|son|daughter|wife|husband|widow|widower|patient|victim|resident|driver"
    r"|passenger|pedestrian|cyclist|customer|user|tenant|neighbou?r|child|boy|girl|teenager|worker|employee|farmer|pensioner"
    r"|survivor|woman|man|clerk|cleaner|claimant|plaintiff|defendant"
)
_DESCRIBED = re.compile(
    rf"\b(?P<name>{_NAME}),\s+(?:an?|the|his|her|their|whose|who)\s+(?:[\w-]+\s+){{0,3}}(?:{_WHO})\b"
)
_CALLED = re.compile(rf"\b(?:{_WHO})s?,?\s+(?:(?:named|called|identified as)\s+)?(?P<name>{_NAME})")
_PUBLIC = re.compile(
    r"\b(?:chief|executive|officer|CEO|CTO|CFO|president|chair(?:man|woman)?|director|founder|co-founder|minister|secretary"
    r"|senator|representative|congress\w+|governor|mayor|judge|justice|prosecutor|attorney|commissioner|spokes\w+|professor"
    r"|lawyer|counsel|king|queen|pope|chancellor|ambassador|general|sheriff|actor|actress|singer|author|journalist|editor)\b",
    re.IGNORECASE,
)


def _words(words: str) -> re.Pattern[str]:
    joined = re.sub(r"\s*\n\s*", "", words)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    """The words of one language."""

    charge: re.Pattern[str]
    said: re.Pattern[str]
    private: tuple[re.Pattern[str], ...]  # each with a `name`
    public: re.Pattern[str]


def _abroad(tongue: str) -> _Tongue:
    who = "".join(abroad.PEOPLE[tongue].split())
    return _Tongue(
        charge=_words(abroad.CHARGES[tongue]),
        said=_words(abroad.SAYERS[tongue]),
        private=(
            re.compile(rf"\b(?P<name>{_NAME})(?:{abroad.AGES[tongue]})"),
            re.compile(rf"\b(?P<name>{_NAME}),\s+(?:{abroad.ARTICLES[tongue]})\s+(?:[\w-]+\s+){{0,2}}(?:{who})\b"),
            re.compile(rf"\b(?:{who})\s+(?P<name>{_NAME})"),
            re.compile(rf"(?<!\w)(?:{abroad.FORMS_OF_ADDRESS[tongue]})\s+(?P<name>{_CAPITAL}(?:\s+{_CAPITAL})?)"),
        ),
        public=_words(abroad.OFFICES[tongue]),
    )


_TONGUES: Mapping[str, _Tongue] = {
    "en": _Tongue(charge=_CHARGE, said=_SAID, private=(_AGED, _DESCRIBED, _CALLED, _HONORIFIC), public=_PUBLIC),
    **{tongue: _abroad(tongue) for tongue in abroad.CHARGES},
}
_BEFORE, _AFTER = 40, 60  # characters around a name in which an office is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What an editor should look at."""

    name: str  # of the party or person
    words: str  # the beginning of the sentence


def unattributed(text: str, providers: ProviderIndex, tongue: str = "en") -> Iterator[Doubt]:
    """Sentences of `text` that charge a named party, and neither they nor a quotation say who says so."""
    if (words := _TONGUES.get(tongue)) is None:
        return
    for sentence in sentences(text):
        if words.charge.search(sentence) and not words.said.search(sentence) and (party := _party(sentence, providers)):
            yield Doubt(name=party, words=sentence)


def private_names(text: str, providers: ProviderIndex, tongue: str = "en") -> Iterator[Doubt]:
    """Names in `text` that are given as those of private persons: by age, by what they are, by a form of address."""
    if (words := _TONGUES.get(tongue)) is None:
        return
    seen: set[str] = set()
    for sentence in sentences(text):
        for pattern in words.private:
            for match in pattern.finditer(sentence):
                name = match["name"]
                if name not in seen and not _is_public(sentence, match, words.public) and not providers.find(name):
                    seen.add(name)
                    yield Doubt(name=name, words=sentence)


def sentences(text: str) -> tuple[str, ...]:
    """`text` cut behind its sentences."""
    return tuple(s.strip() for s in _SENTENCE.split(text) if s.strip())


def _party(sentence: str, providers: ProviderIndex) -> str | None:
    if found := providers.find(sentence):
        known = providers.resolve(found[0])
        return found[0] if known is None else known.name
    named = _COMPANY.search(sentence) or _HONORIFIC.search(sentence) or re.search(rf"(?<!^)\b{_NAME}\b", sentence)
    return None if named is None else named[0]


def _is_public(sentence: str, match: re.Match[str], offices: re.Pattern[str]) -> bool:
    start, end = match.span("name")
    title = match["name"].rsplit(" ", 1)[0] + " " if " " in match["name"] else ""  # German writes offices large
    around = sentence[max(0, start - _BEFORE) : start] + title + sentence[end : end + _AFTER]
    return offices.search(around) is not None
