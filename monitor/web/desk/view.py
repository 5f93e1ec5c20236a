"""What desk pages show that no noun says by itself: folded copies, a timeline, a line of coverage. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Article, ArticleId, Joined, Member, Standing, StatusUpdate
from monitor.stages.difference import Compared, Difference, Piece

COVERAGE_HOURS = 30
BAR_PITCH = 3  # pixels from bar to bar
SPARK_HEIGHT = 18

_OVER = re.compile(r"resolved|completed|closed|postmortem|operational|behoben|résolu|resuelto", re.IGNORECASE)

Pair = tuple[Member, Standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One text of an event with the copies of it."""

    member: Member
    standing: Standing
    copies: tuple[tuple[Member, Standing], ...]  # oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLine:
    """One update of an outage."""

    update: StatusUpdate
    day: datetime | None  # where it is the first of its day, or of the timeline
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The timeline of a status page's article, oldest first."""

    lines: tuple[UpdateLine, ...]
    state: str  # the last
    is_over: bool
    span: str  # how long it lasted, or lasts; "" where the page gives no times


def tell_outage(article: Article, *, now: datetime) -> Outage | None:
    """What an article tells of an outage; None for one that is no status page's."""
    if not article.timeline:
        return None
    lines: list[UpdateLine] = []
    day: datetime | None = None
    for update in article.timeline:
        is_next_day = update.at is not None and (day is None or update.at.date() != day.date())
        day = update.at if is_next_day else day
        line_day = update.at if is_next_day else None
        lines.append(UpdateLine(update=update, day=line_day, is_over=bool(_OVER.search(update.state))))
    times = [update.at for update in article.timeline if update.at is not None]
    end = times[-1] if times and lines[-1].is_over else now
    span = _long(end - times[0]) if times else ""
    return Outage(lines=tuple(lines), state=lines[-1].update.state, is_over=lines[-1].is_over, span=span)


def _long(span: timedelta) -> str:
    """ "25 min", "2 h 25 min", "3 d 4 h"."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1_440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min"


def tell_apart(pairs: Sequence[Pair]) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Those that tell the event, and those that only mention it; where all only mention it, they are what tells it."""
    telling = tuple(p for p in pairs if p[0].joined is not Joined.MENTION)
    return (telling, tuple(p for p in pairs if p[0].joined is Joined.MENTION)) if telling else (tuple(pairs), ())


def fold_copies(pairs: Sequence[Pair]) -> tuple[Telling, ...]:
    """The articles as a time line: every text once, its copies under it."""
    members = {m.article.id: m for m, _ in pairs}
    copies: dict[ArticleId, list[Pair]] = defaultdict(list)
    originals = []
    for member, standing in pairs:
        root = _original(member, members)
        if root == member.article.id:
            originals.append((member, standing))
        else:
            copies[root].append((member, standing))
    return tuple(Telling(member=m, standing=s, copies=tuple(copies[m.article.id])) for m, s in originals)


def _original(member: Member, members: dict[ArticleId, Member]) -> ArticleId:
    seen = {member.article.id}
    here = member
    while here.copy_of is not None and here.copy_of in members and here.copy_of not in seen:
        seen.add(here.copy_of)
        here = members[here.copy_of]
    return here.article.id


def beginning_of(text: Difference, most: int) -> tuple[Difference, int]:
    """The first `most` characters or so, ended where a sentence does if one ends there, and how many are left out."""
    paragraphs: list[tuple[Compared, ...]] = []
    left, rest = most, 0
    for paragraph in text.paragraphs:
        shown: list[Compared] = []
        for sentence in paragraph:
            length = len(sentence.text)
            if not rest and length <= left:
                shown.append(sentence)
            elif not rest and left == most:  # one that goes on for ever: nothing else would be shown
                shown.append(replace(sentence, pieces=_cut(sentence.pieces, left)))
                rest += length - left
                continue
            else:
                rest += length
            left -= length
        if shown:
            paragraphs.append(tuple(shown))
    return (replace(text, paragraphs=tuple(paragraphs)), rest) if rest else (text, 0)


def _cut(pieces: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    kept: list[Piece] = []
    for piece in pieces:
        kept.append(replace(piece, text=piece.text[: max(0, most)]))
        most -= len(piece.text)
    return tuple(piece for piece in kept if piece.text)


def coverage_path(times: Sequence[datetime], *, now: datetime) -> str:
    """One bar an hour for the last 30 hours as an SVG path: M x y V y2, drawn with a stroke."""
    hours = Counter(
        COVERAGE_HOURS - 1 - int((now - at) / timedelta(hours=1))
        for at in times
        if timedelta() <= now - at < timedelta(hours=COVERAGE_HOURS)
    )
    most = max([*hours.values(), 4])  # one article alone is a low bar, not a full one
    bars = []
    for hour, count in sorted(hours.items()):
        height = max(3, round(count / most * (SPARK_HEIGHT - 1)))
        bars.append(f"M{hour * BAR_PITCH + 1.5} {SPARK_HEIGHT}v-{height}")
    return "".join(bars)
