"""A text → the language it is written in, as far as our lists of words go; None where that cannot be told.

Small words betray a language: four of them are read by `signals` and `claims`, the others are known only to be told
apart. What the page says of itself decides where the words do not; a template says "en" over many a foreign text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

READ = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}  # what we have words for
LOOKED_AT = 2_000  # characters
FEWEST = 2  # small words that decide
_SMALL: Mapping[str, frozenset[str]] = {
    tongue: frozenset(words.split())
    for tongue, words in {
        "en": "a an the and of to in is was were are for with that from after by on at has had its who which this as"
        " over into it not but be no i my you he she we they his her says how why what when will can more than about",
        "de": "der die das und ist sind ein eine einen einem einer nicht mit von dem den des im zum zur nach auf"
        " wurde hat bei für als auch sich über",
        "fr": "le la les et est une des du dans pour que qui sur avec par aux ses son sa été après il elle au ce",
        "es": "el la los las y es una un de del en que por para con se su al fue más tras como lo ha sus contra",
        "it": "ha il lo la gli e è di che un una del della nel con per sono dopo non si alla dei delle",
        "pt": "o os e é um uma de da em que por para com se não foi mais após ao dos das pela",
        "nl": "de het een en van op met voor niet die dat aan zijn door werd bij naar ook na",
        "sv": "och att det som ett är på av för med den inte har efter till var från",
        "da": "og at det som en et er på af for med den ikke har efter til var fra blev",
        "pl": "w z na się nie jest że po przez dla od przed",
        "tr": "ve bir bu için ile da de olarak daha sonra çok ise olan",
        "id": "yang dan di dari untuk dengan pada ini itu oleh dalam tidak akan",
    }.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


def tongue_of(text: str, said: str | None = None) -> str | None:
    """Two letters (ISO 639-1); `said` is what the page or feed says of its language."""
    opening = text[:LOOKED_AT]
    letters = len(_LETTER.findall(opening))
    if letters and len(_LATIN.findall(opening)) < letters / 2:
        return _declared(said) if _declared(said) not in READ else None
    words = _WORD.findall(opening.lower())
    counted = sorted(((sum(word in small for word in words), tongue) for tongue, small in _SMALL.items()), reverse=True)
    (most, best), (second, _) = counted[:2]
    if most >= FEWEST and most > second:
        return best
    return _declared(said) or ("en" if most < FEWEST else None)


def _declared(said: str | None) -> str | None:
    return re.split(r"[-_]", said.strip().lower())[0] or None if said else None
