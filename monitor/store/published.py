"""What readers ask of published wires: lists by provider, severity, code and month, and one wire by its address.

Nothing here lets a draft out: wires come with their published revisions only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session as Transaction

from monitor.model import RevisionStatus, Severity, Wire, WireId
from monitor.store.tables import RevisionRow, WireCodeRow, WireProviderRow, WireRow
from monitor.store.wires import load_wires


class Order(StrEnum):
    """Newest first, by which time."""

    PUBLISHED = "published"  # when readers first saw it
    REVISED = "revised"  # when what readers see last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which wires a reader wants to see; everything that is None leaves all."""

    provider: str | None = None
    severity: Severity | None = None
    code: str | None = None
    year: int | None = None
    month: int | None = None  # 1-12, only with a year


ALL = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How many wires were first published in a month, by severity."""

    year: int
    month: int
    counts: tuple[tuple[Severity, int], ...]  # gravest first, no zeros

    @property
    def total(self) -> int:
        return sum(n for _, n in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One published wire as a feed must know it to see whether it is up to date."""

    wire: WireId
    revision: int
    revised_at: datetime
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Moves with every publication, and with nothing else."""

    revision_count: int
    last_wire: int  # id
    revised_at: datetime | None  # of the newest revision; None while nothing is published


def list_published(
    tx: Transaction, choice: Choice = ALL, *, order: Order = Order.PUBLISHED, limit: int = 50, offset: int = 0
) -> tuple[Wire, ...]:
    """Published wires, newest first."""
    column = WireRow.first_published_at if order is Order.PUBLISHED else WireRow.revised_at
    query = select(WireRow.id).where(*_is_chosen(choice)).order_by(column.desc(), WireRow.id.desc())
    return get_published(tx, tx.scalars(query.limit(limit).offset(offset)).all())


def get_published(tx: Transaction, ids: Sequence[int]) -> tuple[Wire, ...]:
    """The wires of these ids with their published revisions only, in this order."""
    return tuple(_as_readers_see(wire) for wire in load_wires(tx, ids))


def count_published(tx: Transaction, choice: Choice = ALL) -> int:
    """How many wires `list_published` would find."""
    return tx.scalar(select(func.count(WireRow.id)).where(*_is_chosen(choice))) or 0


def find_published_by_slug(tx: Transaction, slug: str) -> Wire | None:
    """The published wire at this address."""
    found = tx.scalar(select(WireRow.id).where(*_is_chosen(), WireRow.slug == slug))
    return None if found is None else get_published(tx, [found])[0]


def list_months(tx: Transaction) -> tuple[Month, ...]:
    """All months in which wires were first published, newest first."""
    query = select(WireRow.first_published_at, WireRow.severity).where(*_is_chosen())
    counts: dict[tuple[int, int], Counter[str]] = {}
    for at, severity in tx.execute(query):
        if at is not None and severity is not None:
            counts.setdefault((at.year, at.month), Counter())[severity] += 1
    return tuple(
        Month(year=y, month=m, counts=tuple((s, found[s.value]) for s in Severity if found[s.value]))
        for (y, m), found in sorted(counts.items(), reverse=True)
    )


def count_by_provider(tx: Transaction) -> dict[str, int]:
    """Provider id → number of published wires."""
    query = select(WireProviderRow.provider, func.count()).group_by(WireProviderRow.provider)
    return {row[0]: row[1] for row in tx.execute(query)}


def count_by_code(tx: Transaction) -> dict[str, int]:
    """Code → number of published wires."""
    query = select(WireCodeRow.code, func.count()).group_by(WireCodeRow.code)
    return {row[0]: row[1] for row in tx.execute(query)}


def read_edition(tx: Transaction) -> Edition:
    """What the newest publication left behind."""
    published = RevisionRow.status == RevisionStatus.PUBLISHED.value
    count = tx.scalar(select(func.count()).select_from(RevisionRow).where(published)) or 0
    newest = tx.scalar(select(func.max(WireRow.revised_at)))
    last = tx.scalar(select(func.max(RevisionRow.wire_id)).where(published)) or 0
    return Edition(revision_count=count, last_wire=last, revised_at=newest)


def list_feed_lines(tx: Transaction) -> tuple[FeedLine, ...]:
    """All published wires, the one revised last first."""
    providers: dict[int, list[str]] = {}
    for wire, provider in tx.execute(select(WireProviderRow.wire_id, WireProviderRow.provider)):
        providers.setdefault(wire, []).append(provider)
    query = select(WireRow.id, WireRow.published_number, WireRow.revised_at).where(*_is_chosen())
    return tuple(
        FeedLine(wire=WireId(wire), revision=number, revised_at=at, providers=tuple(providers.get(wire, ())))
        for wire, number, at in tx.execute(query.order_by(WireRow.revised_at.desc(), WireRow.id.desc()))
        if number is not None and at is not None
    )


def next_free_instant(tx: Transaction, wanted: datetime) -> datetime:
    """`wanted` in whole milliseconds, or the first later one at which no revision was published.

    Two entries of a feed with the same `updated` are a fault to the W3C's validator (O1).
    """
    start = wanted.replace(microsecond=wanted.microsecond // 1000 * 1000)
    taken = select(RevisionRow.published_at).where(
        RevisionRow.status == RevisionStatus.PUBLISHED.value,
        RevisionRow.published_at >= start,
        RevisionRow.published_at < start + timedelta(minutes=1),
    )
    used = {at for at in tx.scalars(taken) if at is not None}
    while start in used:
        start += timedelta(milliseconds=1)
    return start


def _is_chosen(choice: Choice = ALL) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [WireRow.published_number.is_not(None)]
    if choice.severity is not None:
        conditions.append(WireRow.severity == choice.severity.value)
    if choice.provider is not None:
        conditions.append(_has(WireProviderRow.wire_id, WireProviderRow.provider == choice.provider))
    if choice.code is not None:
        conditions.append(_has(WireCodeRow.wire_id, WireCodeRow.code == choice.code))
    if choice.year is not None:
        start, end = span_of(choice.year, choice.month)
        conditions.append(WireRow.first_published_at >= start)
        conditions.append(WireRow.first_published_at < end)
    return conditions


def span_of(year: int, month: int | None) -> tuple[datetime, datetime]:
    """The first instant of a year or month (UTC) and the first one after it."""
    first = date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
    return datetime.combine(first, time(), UTC), datetime.combine(after, time(), UTC)


def _has(wire: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(wire == WireRow.id, condition)


def _as_readers_see(wire: Wire) -> Wire:
    published = tuple(r for r in wire.revisions if r.status is RevisionStatus.PUBLISHED)
    return replace(wire, revisions=published)
