"""Editions: each time that readers see a wire differently than before, in the order in which that was committed.

An edition is written in the transaction that publishes or takes down, together with the facets by which readers find
the wire; a section of the publication tree asks for the editions since the one it shows, and never for all wires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from monitor.model import Change, Facets, Severity, SourcingStandard, WireId
from monitor.store.database import Transaction, insert_new, take_turn
from monitor.store.feeds import append_to_feeds
from monitor.store.tables import RevisionRow, WireCodeRow, WireProviderRow, WireRow
from monitor.store.tables_public import EditionRow, FacetMonthRow, WireFacetRow
from monitor.store.tallies import keep_tallies

TURN = 7_200_006  # any number of our own: editions are numbered in the order of their commits
ALL_WIRES = ""  # the facet that every published wire has


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What the newest publication left behind: moves with every publication, and with nothing else."""

    number: int  # 0: nothing was ever published
    at: datetime | None  # when it was published; None with 0


NOTHING = Edition(number=0, at=None)


def read_edition(tx: Transaction) -> Edition:
    """The newest edition."""
    row = tx.execute(select(EditionRow.number, EditionRow.at).order_by(EditionRow.number.desc()).limit(1)).first()
    return NOTHING if row is None else Edition(number=row[0], at=row[1])


def find_edition(tx: Transaction, number: int) -> Edition:
    """The edition of this number; NOTHING where there is none."""
    row = tx.execute(select(EditionRow.number, EditionRow.at).where(EditionRow.number == number)).first()
    return NOTHING if row is None else Edition(number=row[0], at=row[1])


def list_changes(tx: Transaction, *, after: int, limit: int) -> tuple[tuple[int, Change], ...]:
    """What changed since the edition `after`, oldest first, with the number of each edition."""
    query = select(EditionRow).where(EditionRow.number > after).order_by(EditionRow.number).limit(limit)
    return tuple((row.number, change_of(row)) for row in tx.scalars(query))


def change_of(row: EditionRow) -> Change:
    """What the edition changed."""
    return Change(wire=WireId(row.wire_id), slug=row.slug, before=_facets(row.before), after=_facets(row.after))


def facet_keys(facets: Facets) -> tuple[str, ...]:
    """Under what readers find a wire with these facets."""
    named = [] if facets.severity is None else [f"severity:{facets.severity.value}"]
    providers = [f"provider:{p}" for p in dict.fromkeys(facets.providers)]
    codes = [f"code:{c}" for c in dict.fromkeys(facets.codes)]
    return (ALL_WIRES, *named, *providers, *codes, f"standard:{facets.standard.value}")


def month_key(year: int, month: int) -> str:
    """A month as `facet_months` names it."""
    return f"{year:04}-{month:02}"


def find_facets(tx: Transaction, wire: WireId) -> Facets | None:
    """By what readers find the wire now, from its published revision; None while they do not see it."""
    row = tx.get(WireRow, wire)
    if row is None or row.published_number is None or row.first_published_at is None or row.withdrawn_at is not None:
        return None
    revision = tx.get_one(RevisionRow, (wire, row.published_number))
    providers = select(WireProviderRow.provider).where(WireProviderRow.wire_id == wire)
    codes = select(WireCodeRow.code).where(WireCodeRow.wire_id == wire)
    return Facets(
        severity=None if row.severity is None else Severity(row.severity),
        providers=tuple(tx.scalars(providers.order_by(WireProviderRow.provider))),
        codes=tuple(tx.scalars(codes.order_by(WireCodeRow.code))),
        standard=SourcingStandard(revision.standard),
        year=row.first_published_at.year,
        month=row.first_published_at.month,
    )


def append_edition(tx: Transaction, wire: WireId, *, before: Facets | None, at: datetime) -> Edition:
    """Readers see the wire as its row says now, and saw it by `before` until now: the next edition.

    Both publishing and taking down end with this. Holds a turn until the transaction ends, so that a number is never
    seen before a smaller one.
    """
    take_turn(tx, TURN)
    tx.flush()
    after, row = find_facets(tx, wire), tx.get_one(WireRow, wire)
    _replace_facets(tx, row, after)
    _count(tx, before, -1)
    _count(tx, after, +1)
    keep_tallies(tx, wire)
    number = (tx.scalar(select(func.max(EditionRow.number))) or 0) + 1
    told = {"before": _plain(before), "after": _plain(after)}
    tx.execute(insert(EditionRow), [{"number": number, "wire_id": wire, "slug": row.slug, "at": at, **told}])
    seen = 0 if after is None else row.published_number or 0
    append_to_feeds(tx, wire, revision=seen, at=at, facets=after, singles=() if after is None else facet_keys(after))
    return Edition(number=number, at=at)


def _replace_facets(tx: Transaction, row: WireRow, after: Facets | None) -> None:
    tx.execute(delete(WireFacetRow).where(WireFacetRow.wire_id == row.id))
    if after is None:
        return
    place = {"wire_id": row.id, "first_published_at": row.first_published_at, "revised_at": row.revised_at}
    tx.execute(insert(WireFacetRow), [{"facet": key, **place} for key in facet_keys(after)])


def _count(tx: Transaction, facets: Facets | None, by: int) -> None:
    if facets is None:
        return
    month, keys = month_key(facets.year, facets.month), facet_keys(facets)
    insert_new(tx, FacetMonthRow, [{"facet": key, "month": month, "wire_count": 0} for key in sorted(keys)])
    counted = update(FacetMonthRow).where(FacetMonthRow.month == month, FacetMonthRow.facet.in_(keys))
    tx.execute(counted.values(wire_count=FacetMonthRow.wire_count + by).execution_options(synchronize_session=False))


def _plain(facets: Facets | None) -> dict[str, Any] | None:
    if facets is None:
        return None
    return {
        "severity": None if facets.severity is None else facets.severity.value,
        "providers": list(facets.providers),
        "codes": list(facets.codes),
        "standard": facets.standard.value,
        "year": facets.year,
        "month": facets.month,
    }


def _facets(value: Mapping[str, Any] | None) -> Facets | None:
    if value is None:
        return None
    providers: Sequence[str] = value["providers"]
    return Facets(
        severity=None if value["severity"] is None else Severity(value["severity"]),
        providers=tuple(providers),
        codes=tuple(value["codes"]),
        standard=SourcingStandard(value["standard"]),
        year=value["year"],
        month=value["month"],
    )
