"""What a relevance model said of words → the places in title and text where they stand, and a text with them marked.

Only what was read is marked: the title and the beginning of the text (`relevance.LEAD`). Neighbours that speak alike
are one phrase. A text that is compared with another keeps what differs; marks lie within its pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.stages.difference import Compared, Difference, Mark, Piece
from monitor.stages.relevance import Reading, Said
from monitor.stages.relevance_say import weightiest

FOR, AGAINST = "for", "against"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where words stand that speak for an incident, or against."""

    start: int
    end: int
    sign: str  # "for", "against"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of text: plain, or words that speak for or against."""

    text: str
    sign: str = ""


def worth_marking(reading: Reading) -> tuple[tuple[Said, str], ...]:
    """The words that are worth telling, each time they stand, with their sign; of harm first, since both judgements
    know some words. What the title tells is marked in the text, too, and the other way round."""
    found: list[tuple[Said, str]] = []
    for about, is_for in (("harm", True), ("harm", False), ("machine", True)):
        alike = [s for s in reading.said if s.about == about and (s.weight > 0) is is_for]
        parts = [[s for s in alike if s.is_lead is part] for part in (False, True)]
        told = {s.words.casefold() for part in parts for s in weightiest(part)}
        found += [(s, FOR if is_for else AGAINST) for s in alike if s.words.casefold() in told]
    return tuple(found)


def spans_of(told: Sequence[tuple[Said, str]], text: str, *, is_lead: bool) -> tuple[Span, ...]:
    """Where these words stand in `text`: the title as it was read, or the text without the spaces before it."""
    signs: dict[tuple[int, int], str] = {}
    for said, sign in told:
        if said.is_lead is is_lead and _stands(said, text):
            signs.setdefault((said.start, said.end), sign)
    return _phrases([Span(start=start, end=end, sign=sign) for (start, end), sign in sorted(signs.items())], text)


def _stands(said: Said, text: str) -> bool:
    return text[said.start : said.end] == said.words


def _phrases(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last and last.sign == span.sign and text[last.end : span.start] in (" ", "-"):
            found[-1] = replace(last, end=span.end)
        elif last is None or span.start >= last.end:
            found.append(span)
    return tuple(found)


def runs(text: str, spans: Sequence[Span], *, start: int = 0) -> tuple[Run, ...]:
    """`text`, which stands at `start` of what the spans speak of, in runs: together they are `text` again."""
    found: list[Run] = []
    at = 0
    for span in spans:
        begin, end = max(at, span.start - start), min(len(text), span.end - start)
        if begin < end:
            found += [Run(text=text[at:begin]), Run(text=text[begin:end], sign=span.sign)]
            at = end
    return tuple(run for run in (*found, Run(text=text[at:])) if run.text)


def marked(difference: Difference, text: str, spans: Sequence[Span]) -> Difference:
    """`text`, as it is or as compared with another, with the words of `spans` as pieces of their own.

    Nothing is added, lost or moved: its pieces are found again in their order, as far as the last span; what only the
    other text says stays unmarked.
    """
    last = spans[-1].end if spans else 0
    at = 0

    def split(piece: Piece) -> tuple[Piece, ...]:
        nonlocal at
        if at >= last or piece.mark is Mark.REMOVED or piece.text.isspace():
            return (piece,)
        place = text.find(piece.text, at)
        if place < 0:
            return (piece,)
        at = place + len(piece.text)
        return tuple(replace(piece, text=r.text, sign=r.sign) for r in runs(piece.text, spans, start=place))

    def of_sentence(sentence: Compared) -> Compared:
        return replace(sentence, pieces=tuple(part for piece in sentence.pieces for part in split(piece)))

    return replace(difference, paragraphs=tuple(tuple(of_sentence(s) for s in p) for p in difference.paragraphs))
