"""A candidate's time line in parts: who told it first, its texts with their copies folded, some at a time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.model import Article, ArticleId, Joined, Member, Standing
from monitor.web.desk.view import Telling

PART = 15  # texts on a page
COPIES_SHOWN = 3  # of each, before the rest is a page of its own
COPIES_PART = 25  # on that page
FOLLOWERS = 3  # that are named after the first


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A text as a part of the time line shows it."""

    telling: Telling  # with the copies that are listed
    copy_count: int  # of all its copies

    @property
    def hidden_count(self) -> int:
        """Copies that are on a page of their own."""
        return self.copy_count - len(self.telling.copies)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a time line is on the page."""

    shown: tuple[Shown, ...]
    number: int  # from 1
    count: int  # of parts
    first: int  # place of the first text that is shown, from 1
    total: int  # of texts; of copies, where one text is looked at
    of: Member | None  # the text whose copies are looked at


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Who told it after the first, and how much later."""

    member: Member
    later: str


@dataclass(frozen=True, kw_only=True)
class First:
    """Who reported first, and who came next of those that count."""

    member: Member
    followers: tuple[Follower, ...]
    more: int  # that count and are not named


def take_part(
    tellings: Sequence[Telling], *, number: int = 0, of: ArticleId | None = None, chosen: ArticleId | None = None
) -> Part:
    """Part `number`; 0 is the one in which `chosen` is. With `of`, the copies of that text alone."""
    only = next((t for t in tellings if t.member.article.id == of), None)
    if only is not None:
        return _copies(only, number, chosen)
    here = next((n for n, t in enumerate(tellings) if _holds(t, chosen)), 0)
    count = max(1, -(-len(tellings) // PART))
    page = min(number, count) if number > 0 else here // PART + 1
    start = (page - 1) * PART
    return Part(
        shown=tuple(_shown(t, chosen) for t in tellings[start : start + PART]),
        number=page,
        count=count,
        first=start + 1,
        total=len(tellings),
        of=None,
    )


def _copies(telling: Telling, number: int, chosen: ArticleId | None) -> Part:
    total = len(telling.copies)
    count = max(1, -(-total // COPIES_PART))
    here = next((n for n, (m, _) in enumerate(telling.copies) if m.article.id == chosen), 0)
    page = min(number, count) if number > 0 else here // COPIES_PART + 1
    start = (page - 1) * COPIES_PART
    some = replace(telling, copies=telling.copies[start : start + COPIES_PART])
    shown = Shown(telling=some, copy_count=len(some.copies))
    return Part(shown=(shown,), number=page, count=count, first=start + 1, total=total, of=telling.member)


def _holds(telling: Telling, chosen: ArticleId | None) -> bool:
    return telling.member.article.id == chosen or any(m.article.id == chosen for m, _ in telling.copies)


def _shown(telling: Telling, chosen: ArticleId | None) -> Shown:
    """Its first copies, and the one that is read."""
    listed = telling.copies
    if len(listed) > COPIES_SHOWN + 1:  # one more is not worth a click
        rest = tuple(c for c in listed[COPIES_SHOWN:] if c[0].article.id == chosen)
        listed = (*listed[:COPIES_SHOWN], *rest)
    return Shown(telling=replace(telling, copies=listed), copy_count=len(telling.copies))


def tell_first(pairs: Sequence[tuple[Member, Standing]]) -> First | None:
    """Who reported first, of articles in the order of time; None where fewer than two tell it."""
    telling = [(m, s) for m, s in pairs if m.joined is not Joined.MENTION]
    if len(telling) < 2:
        return None
    first = telling[0][0]
    counting = [m for m, s in telling[1:] if s.counts and m.article.publisher != first.article.publisher]
    followers = tuple(Follower(member=m, later=_later(first.article, m.article)) for m in counting[:FOLLOWERS])
    return First(member=first, followers=followers, more=len(counting) - len(followers))


def _later(first: Article, other: Article) -> str:
    span = other.told_at - first.told_at
    minutes = round(span / timedelta(minutes=1))
    if minutes < 1:
        return "at the same minute"
    if minutes < 60:
        return f"{minutes} min later"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min later" if rest and hours < 10 else f"{hours} h later"
    return f"{hours // 24} d later"
