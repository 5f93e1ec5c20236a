"""Thirty days of a source as a drawing: what came, how often it was asked, what went wrong. Pure geometry.

Position tells what colour only repeats: news stands on the line, polls are the line, errors hang below it. A day
without a poll is a gap in the line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.model import SourceDay

DAYS = 30
PITCH, LINE, TALLEST, DEEPEST = 4, 17, 15, 5  # of the small drawing, in pixels: 120 x 24
WIDE, BAND = 20, 40  # of the large one: a day, and the height of a row
FEWEST = 4  # one entry alone is a low bar, not a full one


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The small drawing as SVG paths, and the same in words."""

    news: str
    polls: str
    errors: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of one row of the large drawing."""

    x: int
    height: int  # from the base line upwards
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One row of the large drawing: zero-based, with its own scale."""

    name: str
    unit: str
    most: int  # on one day
    total: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LargePicture:
    """The large drawing and the table beside it."""

    bands: tuple[Band, ...]
    weekends: tuple[int, ...]  # x of each Saturday and Sunday
    labels: tuple[str, ...]  # under each day: its date on Mondays where there is room, else ""
    days: tuple[SourceDay, ...]  # all thirty, newest first
    words: str


def every_day(days: Sequence[SourceDay], today: date) -> tuple[SourceDay, ...]:
    """The last thirty days, oldest first, those without a poll too."""
    known = {each.day: each for each in days}
    span = (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    return tuple(known.get(day, SourceDay(day=day)) for day in span)


def draw(days: Sequence[SourceDay], today: date) -> Picture:
    """The small drawing. A list has many of them: days without a poll are not even looked at."""
    first = today.toordinal() - DAYS + 1
    shown = [(place, each) for each in days if 0 <= (place := each.day.toordinal() - first) < DAYS]
    most = max([FEWEST, *[each.new_entry_count for _, each in shown]])
    news, polls, errors = [], [], []
    for place, each in shown:
        x = place * PITCH
        if each.poll_count or each.new_entry_count:
            polls.append(f"M{x} {LINE}.5h{PITCH}")
        if each.new_entry_count:
            news.append(f"M{x + 1.5} {LINE}v-{max(2, round(each.new_entry_count / most * TALLEST))}")
        if each.error_count:
            share = each.error_count / max(each.poll_count, each.error_count)
            errors.append(f"M{x + 1.5} {LINE + 2}v{max(2, round(share * DEEPEST))}")
    words = tell([each for _, each in shown])
    return Picture(news="".join(news), polls="".join(polls), errors="".join(errors), words=words)


def tell(days: Sequence[SourceDay]) -> str:
    """The drawing in words."""
    polls = sum([each.poll_count for each in days])
    failed = [each.error_count for each in days if each.error_count]
    brought = [each.new_entry_count for each in days if each.new_entry_count]
    if not polls and not brought:
        return "Last 30 days: never asked"
    news = f"{sum(brought):,} new on {_days(len(brought))}" if brought else "nothing new"
    bad = f"{sum(failed):,} failed on {_days(len(failed))}" if failed else "none failed"
    return f"Last 30 days: {news}; asked {polls:,} times, {bad}"


def draw_large(days: Sequence[SourceDay], today: date) -> LargePicture:
    """The large drawing: three rows of bars over the same days."""
    span = every_day(days, today)
    return LargePicture(
        bands=(
            _band("New entries", "entry", span, lambda each: each.new_entry_count),
            _band("Polls", "poll", span, lambda each: each.poll_count),
            _band("Failed", "failure", span, lambda each: each.error_count),
        ),
        weekends=tuple(WIDE * place for place, each in enumerate(span) if each.day.weekday() > 4),
        labels=tuple(
            "" if each.day.weekday() or place > DAYS - 3 else f"{each.day.day} {each.day:%b}"
            for place, each in enumerate(span)
        ),
        days=span[::-1],
        words=tell(span),
    )


def _band(name: str, unit: str, span: Sequence[SourceDay], count: Callable[[SourceDay], int]) -> Band:
    most = max(count(each) for each in span)
    bars = tuple(
        Bar(
            x=WIDE * place,
            height=max(2, round(count(each) / max(most, FEWEST) * BAND)),
            words=f"{each.day.day} {each.day:%B}: {count(each):,}",
        )
        for place, each in enumerate(span)
        if count(each)
    )
    return Band(name=name, unit=unit, most=most, total=sum(map(count, span)), bars=bars)


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"
