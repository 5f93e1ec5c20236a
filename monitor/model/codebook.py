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
    unsure: tuple[str, ...] = ()  # names in this very spelling that count only near a word of `beside` or a sure name
    beside: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # names where others publish or sell, too
    asides: tuple[str, ...] = ()  # phrases with {name} in which a name is said in passing
    place_asides: tuple[str, ...] = ()  # the same for `places`
    own: tuple[str, ...] = ()  # phrases with {name} that say what a place does itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What is known of the world: who stands behind something that a text names, though nobody names them."""

    named: tuple[str, ...]  # any of these phrases; one with a capital letter in this very spelling
    beside: tuple[str, ...]  # and any of these, where there are some
    unless: tuple[str, ...]  # and none of these
    means: tuple[str, ...]  # ids of providers
    because: str  # the reason, a sentence without its full stop
    source: str = ""  # where a stranger can check it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A provider's name in a text."""

    provider: str  # id
    name: str  # as the text spells it
    start: int  # characters of the text in NFKC
    end: int
    is_aside: bool = False  # said in passing: where something was published, or who told it


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
