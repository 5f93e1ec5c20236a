"""The but-for test as data → the prose that is drafted from it, and what is incomplete about it."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import ButFor, Confidence

PARTS = {
    "outcome": "the harm or change",
    "system": "the AI system",
    "role": "what the system did",
    "without": "what would have happened without it",
}
SURE = {
    Confidence.HIGH: "A source says so.",
    Confidence.MEDIUM: "This follows from what the sources say.",
    Confidence.LOW: "This is disputed, or rests on the word of one side.",
}


def draft_prose(test: ButFor) -> str:
    """Markdown that says the test in full sentences, for an editor to change; "" while a part is missing."""
    if any(not getattr(test, part).strip() for part in PARTS):
        return ""
    system, role, outcome, without = (_clause(getattr(test, p)) for p in ("system", "role", "outcome", "without"))
    cited = "" if test.support is None else f" [source](article:{test.support})"
    sure = "" if test.confidence is None else f" {SURE[test.confidence]}"
    return f"But for {system}, which {role}, {outcome} would not have occurred: without it, {without}.{cited}{sure}"


def lacking(test: ButFor | None) -> tuple[str, ...]:
    """What is not said yet, in words; all of it where there is no test."""
    return tuple(_lacking(test or ButFor()))


def _lacking(test: ButFor) -> Iterator[str]:
    for part, words in PARTS.items():
        if not getattr(test, part).strip():
            yield words
    if test.support is None:
        yield "the source that carries it"
    if test.confidence is None:
        yield "how sure you are"


def _clause(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;:,")
