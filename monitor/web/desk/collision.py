"""A decision that came too late: both versions, what happened in between, and all that its editor had typed (D10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model import CandidateDetail, Decision, Member
from monitor.web.auth import Visit

LONGEST = 2_000  # characters of each field that are given back
FIELDS = ("other", "reason", "others", "wire", "hours", "overrules")


@dataclass(frozen=True, kw_only=True)
class Collision:
    """What a refused form said, and what it had not seen."""

    saw: str = ""  # in words, what was on the editor's screen
    decisions: tuple[Decision, ...] = ()  # since, oldest first
    joined: tuple[Member, ...] = ()  # articles since
    typed: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[int] = frozenset()  # articles

    @property
    def said(self) -> str:
        """What the editor wrote, for the sentence that says it is kept."""
        return self.typed.get("other") or self.typed.get("reason") or self.typed.get("others") or ""


def read_collision(visit: Visit, detail: CandidateDetail, *, version_seen: int, is_stale: bool) -> Collision:
    """Of a form that was refused; where it was not stale, only what it said."""
    typed = {name: said[:LONGEST] for name in FIELDS if (said := visit.text(name))}
    ticked = frozenset(int(a) for a in visit.texts("article") if a.isascii() and a.isdigit() and len(a) < 10)
    if not is_stale:
        return Collision(typed=typed, ticked=ticked)
    seen_at = _instant(visit.text("seen_at"))
    return Collision(
        saw=visit.text("saw")[:200],
        decisions=tuple(d for d in detail.decisions if d.version_seen >= version_seen),
        joined=tuple(m for m in detail.members if seen_at is not None and m.added_at > seen_at),
        typed=typed,
        ticked=ticked,
    )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
