"""The words that wires are classified with."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.writing import RULES, WritingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of the codebook; retired ones are kept, never reused."""

    id: str  # M1, F10
    name: str
    definition: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A company that makes or serves AI models."""

    id: str  # slug: openai
    name: str
    aliases: tuple[str, ...] = ()  # names and products that resolve to it
    exact: tuple[str, ...] = ()  # aliases that are also everyday words: they count in this very spelling only
    unlike: tuple[str, ...] = ()  # phrases that hold an alias and mean something else ("Meta-analysis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The codes, with a version."""

    version: str
    codes: tuple[Code, ...]
    rules: WritingRules = RULES

    @property
    def mechanisms(self) -> tuple[Code, ...]:
        return tuple(c for c in self.codes if c.id.startswith("M"))

    @property
    def failures(self) -> tuple[Code, ...]:
        return tuple(c for c in self.codes if c.id.startswith("F"))
