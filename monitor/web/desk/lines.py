"""The lines of the queue as HTML. Most of them are as they were at the last look, so each is drawn once and kept.

What depends on the page (its address, the line that is open) is put in afterwards, at marks that no stored text can
hold: none has a NUL.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from monitor.model import Candidate, CandidateId, Cue, QueueState
from monitor.stages.likelihood import UNTOLD
from monitor.web.pages import TEMPLATES, age, ahead, full_time, provider_name

CUES = 4  # reasons under a line; all of them stand in the candidate
KEPT = 4_000  # lines, of about 1 kB
_MARK = "\0"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One candidate in the queue."""

    candidate: Candidate
    coverage: str  # SVG path
    recent_count: int  # articles in the last 30 hours
    state: QueueState


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """All that is seen of a line: equal ones are drawn once."""

    id: int
    version: int
    title: str
    source_count: int
    article_count: int
    severity: str  # that is suggested; empty where nothing is, or somebody decided
    providers: str
    origins: tuple[str, ...]
    coverage: str
    recent_count: int
    holder: str
    where: str  # what stands where the holder's name would
    opened_at: datetime
    age: str
    when: str
    cues: tuple[tuple[float, str], ...]
    more: int  # cues that are not shown
    score: float

    @property
    def strength(self) -> int:
        """How heavy its count is set."""
        return min(self.source_count, 4)


def draw_lines(
    lines: Sequence[Line], names: Mapping[str, str], *, query: str, current: CandidateId | None, now: datetime
) -> Markup:
    """`query` is that of the queue, which every link carries on; `current` is the candidate that is open beside it."""
    link = escape(query)
    drawn = []
    for line in lines:
        begin, middle, end = _draw(_seen(line, names, now))
        is_open = ' aria-current="true"' if line.candidate.id == current else ""
        drawn.append(f"{begin}{is_open}{middle}{link}{end}")
    return Markup("".join(drawn))  # noqa: S704 - pieces of a template that escapes, and an escaped query


@functools.lru_cache(maxsize=KEPT)
def _draw(seen: Drawn) -> tuple[str, str, str]:
    begin, middle, end = TEMPLATES.get_template("desk/_line.html").render(c=seen, mark=_MARK).split(_MARK)
    return begin, middle, end


def _seen(line: Line, names: Mapping[str, str], now: datetime) -> Drawn:
    c = line.candidate
    return Drawn(
        id=c.id,
        version=c.version,
        title=c.title,
        source_count=c.source_count,
        article_count=c.article_count,
        severity="" if c.suggested_severity is None or not _is_undecided(line) else c.suggested_severity.value,
        providers=", ".join(provider_name(p, names) for p in c.providers),
        origins=tuple(o.value for o in c.origins),
        coverage=line.coverage,
        recent_count=line.recent_count,
        holder=c.holder_at(now) or "",
        where=_where(line, now),
        opened_at=c.opened_at,
        age=age(c.opened_at, now),
        when=full_time(c.opened_at),
        cues=tuple((cue.weight, cue.name) for cue in _shown(c.cues)),
        more=max(0, len(c.cues) - CUES),
        score=c.score,
    )


def _shown(cues: Sequence[Cue]) -> Sequence[Cue]:
    """The heaviest; that it cannot tell weighs nothing, and is always said."""
    untold = [cue for cue in cues if cue.name == UNTOLD]
    return [*(cue for cue in cues if cue.name != UNTOLD)][: CUES - len(untold)] + untold


def _is_undecided(line: Line) -> bool:
    return line.state not in (QueueState.DECIDED, QueueState.GROWING)


def _where(line: Line, now: datetime) -> str:
    """What became of it, or when it is back; nothing where somebody has it, or it is as new as it came."""
    c = line.candidate
    if line.state in (QueueState.SNOOZED, QueueState.AWAITING):
        return f"needs {c.awaited_count}" if c.awaited_count else "" if c.back_at is None else ahead(c.back_at, now)
    if c.holder_at(now):
        return ""
    if line.state is QueueState.DECIDED:
        return c.status.value
    if line.state is QueueState.GROWING:
        return f"wire {c.wire}"
    return "back" if c.snoozed_until else ""
