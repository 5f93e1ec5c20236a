"""What readers ask of published wires: lists by provider, severity, code, standard and month, and one by its address.

Nothing here lets a draft out: wires come with their published revisions only. Lists walk an index of the facet that
has fewest wires, and counts of one facet are kept by month, so that none of this costs what the past is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from monitor.model import RevisionStatus, Severity, SourcingStandard, Wire, WireId
from monitor.store.editions import ALL_WIRES, month_key
from monitor.store.tables import RevisionRow, WireRow
from monitor.store.tables_public import FacetMonthRow, WireFacetRow
from monitor.store.wires import load_wires


class Order(StrEnum):
    """Newest first, by which time."""

    PUBLISHED = "published"  # when readers first saw it
    REVISED = "revised"  # when what readers see last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which wires a reader wants to see; everything that is None or empty leaves all. Of several, any will do."""

    provider: str | None = None
    severity: Severity | None = None
    code: str | None = None
    year: int | None = None
    month: int | None = None  # 1-12, only with a year
    severities: tuple[Severity, ...] = ()
    providers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    standards: tuple[SourcingStandard, ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The facets that a wire must have: one of each group."""
        told: tuple[tuple[str, str | None, Sequence[str]], ...] = (
            ("severity", self.severity, self.severities),
            ("provider", self.provider, self.providers),
            ("code", self.code, self.codes),
            ("standard", None, self.standards),
        )
        groups = [*(((kind, [one]) for kind, one, _ in told if one is not None)), *((k, m) for k, _, m in told if m)]
        return tuple(tuple(f"{kind}:{value}" for value in dict.fromkeys(values)) for kind, values in groups)


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


def list_published(
    tx: Transaction, choice: Choice = ALL, *, order: Order = Order.PUBLISHED, limit: int = 50, offset: int = 0
) -> tuple[Wire, ...]:
    """Published wires, newest first."""
    return get_published(tx, list_published_ids(tx, choice, order=order, limit=limit, offset=offset))


def list_published_ids(
    tx: Transaction, choice: Choice = ALL, *, order: Order = Order.PUBLISHED, limit: int = 50, offset: int = 0
) -> tuple[WireId, ...]:
    """The ids of what `list_published` finds."""
    places: dict[int, datetime] = {}
    keys, others = _walked(tx, choice)
    for key in keys:
        at = WireFacetRow.first_published_at if order is Order.PUBLISHED else WireFacetRow.revised_at
        query = select(WireFacetRow.wire_id, at).where(*_found(key, others, choice))
        query = query.order_by(at.desc(), WireFacetRow.wire_id.desc())
        query = query.limit(limit).offset(offset) if len(keys) == 1 else query.limit(limit + offset)
        places.update((wire, moment) for wire, moment in tx.execute(query))
    newest = sorted(places, key=lambda wire: (places[wire], wire), reverse=True)
    return tuple(WireId(wire) for wire in (newest if len(keys) == 1 else newest[offset : offset + limit]))


def get_published(tx: Transaction, ids: Sequence[int]) -> tuple[Wire, ...]:
    """The wires of these ids with their published revisions only, in this order."""
    return tuple(_as_readers_see(wire) for wire in load_wires(tx, ids))


def count_published(tx: Transaction, choice: Choice = ALL) -> int:
    """How many wires `list_published` would find. One facet is counted by its months, several by their wires."""
    if len(choice.groups) <= 1 and all(len(group) == 1 for group in choice.groups):
        counted = select(func.coalesce(func.sum(FacetMonthRow.wire_count), 0))
        return int(tx.scalar(counted.where(*_in_months(choice, next(iter(choice.groups), (ALL_WIRES,))))) or 0)
    keys, others = _walked(tx, choice)
    query = select(func.count(WireFacetRow.wire_id.distinct()))
    conditions = _found(keys[0], others, choice)[1:]
    return tx.scalar(query.where(WireFacetRow.facet.in_(keys), *conditions)) or 0


def find_published_by_slug(tx: Transaction, slug: str) -> Wire | None:
    """The published wire at this address."""
    found = tx.scalar(select(WireRow.id).where(WireRow.published_number.is_not(None), WireRow.slug == slug))
    return None if found is None else next(iter(get_published(tx, [found])), None)


def list_months(tx: Transaction) -> tuple[Month, ...]:
    """All months in which wires were first published, newest first."""
    wanted = {f"severity:{s.value}": s for s in Severity}
    query = select(FacetMonthRow.month, FacetMonthRow.facet, FacetMonthRow.wire_count)
    query = query.where(FacetMonthRow.facet.in_(wanted), FacetMonthRow.wire_count > 0)
    rows = tx.execute(query.order_by(FacetMonthRow.month.desc(), FacetMonthRow.facet)).all()
    return tuple(
        Month(year=int(m[:4]), month=int(m[5:]), counts=tuple((wanted[facet], count) for _, facet, count in counts))
        for m, counts in groupby(rows, key=lambda row: row[0])
    )


def list_facet_months(tx: Transaction, kind: str) -> tuple[tuple[str, int, int, int], ...]:
    """(value, year, month, wires) of every facet of a kind, such as "provider", by value, then month; no zeros."""
    query = select(FacetMonthRow.facet, FacetMonthRow.month, FacetMonthRow.wire_count)
    query = query.where(*_is_of(kind), FacetMonthRow.wire_count > 0)
    rows = tx.execute(query.order_by(FacetMonthRow.facet, FacetMonthRow.month))
    return tuple((facet.partition(":")[2], int(month[:4]), int(month[5:]), count) for facet, month, count in rows)


def list_facet_values(tx: Transaction, kind: str) -> tuple[str, ...]:
    """Every value of a kind of facet that a published wire ever had, such as each "provider"."""
    facets = tx.scalars(select(FacetMonthRow.facet).where(*_is_of(kind)).distinct().order_by(FacetMonthRow.facet))
    return tuple(facet.partition(":")[2] for facet in facets)


def count_by_provider(tx: Transaction) -> dict[str, int]:
    """Provider id → number of published wires."""
    return _count_by(tx, "provider")


def count_by_code(tx: Transaction) -> dict[str, int]:
    """Code → number of published wires."""
    return _count_by(tx, "code")


def _count_by(tx: Transaction, kind: str) -> dict[str, int]:
    total = func.sum(FacetMonthRow.wire_count)
    query = select(FacetMonthRow.facet, total).where(*_is_of(kind)).group_by(FacetMonthRow.facet).having(total > 0)
    return {row[0].partition(":")[2]: int(row[1]) for row in tx.execute(query)}


def _is_of(kind: str) -> list[ColumnElement[bool]]:
    return [FacetMonthRow.facet >= f"{kind}:", FacetMonthRow.facet < f"{kind};"]  # ";" is the character after ":"


def next_free_instant(tx: Transaction, wanted: datetime) -> datetime:
    """`wanted` in whole milliseconds, or the first later one at which no revision was published.

    Two entries of a feed with the same `updated` are a fault to the W3C's validator (O1).
    """
    start = wanted.replace(microsecond=wanted.microsecond // 1000 * 1000)
    taken = select(RevisionRow.published_at).where(
        is_published(),
        RevisionRow.published_at >= start,
        RevisionRow.published_at < start + timedelta(minutes=1),
    )
    used = {at for at in tx.scalars(taken) if at is not None}
    while start in used:
        start += timedelta(milliseconds=1)
    return start


def is_published() -> ColumnElement[bool]:
    """That a revision is published, said so that the index of states is not taken for it: it holds of nearly all."""
    return RevisionRow.status.concat("") == RevisionStatus.PUBLISHED.value


def _walked(tx: Transaction, choice: Choice) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The group of facets that has fewest wires, whose index is walked, and the others."""
    groups = choice.groups
    if len(groups) <= 1:
        return (groups[0] if groups else (ALL_WIRES,)), ()
    sizes = [tx.scalar(select(func.sum(FacetMonthRow.wire_count)).where(*_in_months(choice, g))) or 0 for g in groups]
    fewest = min(range(len(groups)), key=lambda n: sizes[n])
    return groups[fewest], tuple(group for n, group in enumerate(groups) if n != fewest)


def _in_months(choice: Choice, keys: Iterable[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [FacetMonthRow.facet.in_(tuple(keys))]
    if choice.year is not None:
        first, last = choice.month or 1, choice.month or 12
        conditions.append(FacetMonthRow.month.between(month_key(choice.year, first), month_key(choice.year, last)))
    return conditions


def _found(key: str, others: Iterable[tuple[str, ...]], choice: Choice) -> list[ColumnElement[bool]]:
    """The facet first, so that the index that begins with it is walked."""
    conditions: list[ColumnElement[bool]] = [WireFacetRow.facet == key]
    for group in others:
        beside = aliased(WireFacetRow)
        conditions.append(exists().where(beside.wire_id == WireFacetRow.wire_id, beside.facet.in_(group)))
    if choice.year is not None:
        start, end = span_of(choice.year, choice.month)
        conditions.append(WireFacetRow.first_published_at >= start)
        conditions.append(WireFacetRow.first_published_at < end)
    return conditions


def span_of(year: int, month: int | None) -> tuple[datetime, datetime]:
    """The first instant of a year or month (UTC) and the first one after it."""
    first = date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
    return datetime.combine(first, time(), UTC), datetime.combine(after, time(), UTC)


def _as_readers_see(wire: Wire) -> Wire:
    published = tuple(r for r in wire.revisions if r.status is RevisionStatus.PUBLISHED)
    return replace(wire, revisions=published)
