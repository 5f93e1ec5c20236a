"""What somebody looks for, and where it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ResultKind(StrEnum):
    """What can be found; in the order in which it is shown."""

    WIRE = "wire"
    CANDIDATE = "candidate"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTerm:
    """Words that stand one after the other, as the index spells them (`stages.terms`)."""

    words: tuple[str, ...]  # at least one
    is_prefix: bool = False  # the last is the beginning of a word


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for: one of each group, and none of `never`. Without any group, everything."""

    groups: tuple[tuple[SearchTerm, ...], ...] = ()
    never: tuple[SearchTerm, ...] = ()
    kinds: frozenset[ResultKind] = frozenset(ResultKind)
    after: date | None = None  # told on that day or later
    before: date | None = None  # told before that day
    notes: tuple[str, ...] = ()  # what of the question could not be understood, one sentence each

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        has_words = self.groups or self.never
        return not (has_words or self.after or self.before or self.kinds != frozenset(ResultKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """Something as it goes into the index: its words spelled as `stages.terms` does, parted by spaces."""

    kind: ResultKind
    ref: int  # its id
    told_on: date  # newest first is the order of what is found
    title: str
    body: str
    facets: str
    is_fixed: bool = False  # it never changes: what went in need not be kept to be taken out
