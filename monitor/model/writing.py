"""What surrounds a wire while it is written: the newsroom's rules of it, suggestions, notes, and who stands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import WireId
from monitor.model.severity import Severity


class Level(StrEnum):
    """What a rule of the check before publication does."""

    BLOCK = "block"  # nothing goes out while it finds something
    ADVISE = "advise"  # said, and may go out all the same
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingRules:
    """What this newsroom asks of a wire before readers see it: part of the codebook's file."""

    levels: tuple[tuple[str, Level], ...] = ()  # rule → level, where it differs from the rule's own
    least_sources: tuple[tuple[Severity, int], ...] = ((Severity.SEV_1, 2), (Severity.SEV_2, 2))
    second_reader: tuple[Severity, ...] = (Severity.SEV_1, Severity.SEV_2)


RULES = WritingRules()  # of a codebook that says nothing about them


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A value that could stand in a field, and why. Nothing applies it but an editor."""

    field: str  # name of the Draft field
    value: str
    reason: str  # one sentence
    confidence: float  # 0..1
    model: str = ""  # the language model that made it; "" for rules over the articles' words


class Uptake(StrEnum):
    """What became of a suggestion."""

    TAKEN = "taken"
    CHANGED = "changed"  # taken, and then changed
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionOutcome:
    """One line of the record of suggestions, which is only ever added to."""

    wire: WireId
    revision: int
    suggestion: Suggestion
    uptake: Uptake
    final: str  # what stood in the field then
    editor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WireNote:
    """What one editor tells the others about a wire. Readers never see it; it is never changed."""

    id: int
    wire: WireId
    editor: str
    at: datetime
    text: str
    mentions: tuple[str, ...] = ()  # editors it calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """That an editor is tied to a provider, and stands back from its wires; or is no longer."""

    editor: str
    provider: str  # id
    is_tied: bool
    reason: str
    said_by: str
    said_at: datetime
