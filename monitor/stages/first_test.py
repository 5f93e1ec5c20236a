"""What articles say × the codes they suggest → a first draft of the but-for test, for an editor to change.

Every part is a plain phrase that follows from a word of an article, and the article is named. How sure one may be is
left open on purpose: that is a judgement, and the editor's. Where no system can be named there is no draft.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from monitor.model import ArticleId, ButFor

PARTS = ("outcome", "system", "role", "without")
PART_LIMIT = 300  # characters


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


# The kind of system, by words of four languages; the most telling first.
_SYSTEMS = (
    (_any(r"facial recognition", r"face recognition", "gesichtserkennung", "reconnaissance faciale",
          "reconocimiento facial"), "the facial recognition system"),
    (_any("robotaxis?", r"self-driving \w+", r"driverless \w+", "autopilot", r"autonomous (?:car|vehicle|taxi|bus)s?",
          r"selbstfahrend\w+ \w+", r"voitures? autonomes?", r"coches? autónomos?"), "the self-driving system"),
    (_any(r"voice clon\w+", r"cloned voices?", r"geklonte stimme", r"voix clonée", r"voz clonada"),
     "the voice cloning tool"),
    (_any(r"deepfakes?", r"nudify\w*", r"ai-generated (?:images?|videos?|nudes?|audio)", r"hypertrucages?",
          r"ultrafals\w+"), "the generator of the forgery"),
    (_any(r"ai agents?", r"coding agents?", r"ki-agent\w*", r"agents? (?:ia|d'ia)", r"agentes? de ia"), "the AI agent"),
    (_any(r"chat ?bots?", r"ai assistants?", r"ai companions?", r"assistants? virtuel\w*"), "the chatbot"),
    (_any(r"(?:recommendation|hiring|scoring|pricing|risk|welfare|grading) (?:algorithm|system|model|tool)s?",
          r"risk scores?"), "the automated assessment"),
    (_any(r"algorithms?", r"algorithm\w*", r"algorithme\w*", r"algoritmo\w*"), "the algorithm"),
    (_any(r"language models?", r"llms?", r"sprachmodell\w*", r"modèles? de langage", r"modelos? de lenguaje"),
     "the language model"),
)  # fmt: skip
# What happened, by the words of it; the gravest first.
_OUTCOMES = (
    (_any("suicid\\w*", "selbstmord\\w*", "suizid\\w*"), "the suicide"),
    (_any("died", "dies", "killed", "kills", "deaths?", "fatal\\w*", "starb(?:en)?", "getötet", "morte?s?", "décès",
          "tuée?s?", "muri(?:ó|eron)", "muert[oa]s?"), "the death"),
    (_any("wrongful\\w* arrest\\w*", "arrested", "jailed", "detained", "verhaftet", "festgenommen", "arrêtée?s?",
          "detenid[oa]s?"), "the arrest"),
    (_any("injur\\w+", "verletzt\\w*", "blessée?s?", "herid[oa]s?"), "the injuries"),
    (_any("crash\\w*", "collision", "struck", "unfall\\w*", "accident\\w*"), "the crash"),
    (_any("deleted", "wiped", "gelöscht\\w*", "supprimée?s?", "borrad[oa]s?"), "the loss of data"),
    (_any("leaked", "exposed", "breach\\w*", "datenleck\\w*", "fuite de données", "filtración\\w*"),
     "the exposure of data"),
)  # fmt: skip
_OUTCOME_OF: Mapping[str, str] = {
    "F1": "the bodily harm",
    "F2": "the harm to mental health",
    "F3": "the unequal treatment",
    "F4": "the intrusion on privacy",
    "F5": "the false content",
    "F6": "the financial loss",
    "F7": "the breach of security",
    "F8": "the use of protected works",
    "F9": "the interruption",
    "F10": "the failure of oversight",
    "F11": "the loss of work",
    "F12": "the burden on the environment",
}
_INVENTED = _any(
    r"hallucinat\w+", r"fabricat\w+", r"invent(?:ed|s)", r"erf(?:unden\w*|and)", r"inventée?s?", r"inventó"
)
_MISMATCHED = _any(r"misidentif\w+", r"false match\w*", r"wrong(?:ly)? match\w*", r"facial recognition")
# What the system did, and what would have been instead, by mechanism. M1 and M8 come last: seldom the system's.
_ROLES: Mapping[str, tuple[str, str]] = {
    "M9": ("acted without a person's approval", "a person would have had to act, and could have stopped"),
    "M2": ("gave the answer that did harm", "nobody would have been given that answer"),
    "M6": ("was the way in for the attacker", "the attacker would have needed another way in"),
    "M5": ("was used to bring it about", "it could not have been done so quickly, or so convincingly"),
    "M4": ("was not available", "the work that relied on it would have gone on"),
    "M3": ("behaved worse after a change of version", "it would have gone on working as before"),
    "M7": ("took or prepared the decision", "a person would have looked at the case"),
    "M1": ("was changed by its provider", "what people had built on it would have gone on working"),
    "M8": ("is what the authority acted on", "there would have been nothing to act on"),
}


def draft_test(
    text: str, codes: Sequence[str], product: str | None, support: ArticleId | None
) -> tuple[ButFor, str] | None:
    """A test from one telling and the codes suggested, and the words that name its system; None where none can be."""
    found = [(pattern.search(text), name) for pattern, name in _SYSTEMS]
    system, words = next(((name, match[0]) for match, name in found if match), ("", ""))
    system, words = (product, product) if product else (system, words)
    mechanism = next((code for code in _ROLES if code in codes), None)
    outcome = next((name for pattern, name in _OUTCOMES if pattern.search(text)), None)
    if mechanism == "M8":
        outcome = "the act of the authority"  # what else happened is what it looks into
    elif mechanism == "M5" and outcome == "the arrest":
        outcome = None  # of whoever misused it
    outcome = outcome or next((_OUTCOME_OF[code] for code in codes if code in _OUTCOME_OF), None)
    if not system or mechanism is None or outcome is None:
        return None
    role, without = _ROLES[mechanism]
    if mechanism == "M2" and outcome == _OUTCOME_OF["F5"] and _INVENTED.search(text):
        role, without = "invented it", "what was written would have had to come from a source that exists"
    elif mechanism == "M2" and _MISMATCHED.search(text):
        role, without = "matched the wrong person", "that person would not have been taken for somebody else"
    elif mechanism == "M9" and system == "the self-driving system":
        role, without = "was driving", "a human driver would have been in control"
    return ButFor(outcome=outcome, system=system, role=role, without=without, support=support), words


def written_test(test: ButFor) -> str:
    """The test as the value of a suggestion: one line of JSON, the same for the same test."""
    parts: dict[str, str | int | None] = {part: getattr(test, part) for part in PARTS}
    return json.dumps({**parts, "support": test.support}, ensure_ascii=False, sort_keys=True)


def read_test(value: str) -> ButFor | None:
    """A suggestion's value as a test; None for whatever else it is."""
    try:
        record = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or set(record) != {*PARTS, "support"}:
        return None
    said = {part: record[part] for part in PARTS}
    support = record["support"]
    if not all(isinstance(words, str) and len(words) <= PART_LIMIT for words in said.values()):
        return None
    if support is not None and (not isinstance(support, int) or isinstance(support, bool)):
        return None
    return ButFor(**said, support=None if support is None else ArticleId(support))
