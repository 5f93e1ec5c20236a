"""How far the editions have been told, and what the next ones say: for digests, webhooks and the files of data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from monitor.model import WireId
from monitor.model.publication import Change
from monitor.store.editions import ALL_WIRES, change_of, list_changes, read_edition
from monitor.store.tables_outbound import TellingRow
from monitor.store.tables_public import EditionRow, WireFacetRow

_AT_ONCE = 500  # wires of a query


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How far one teller has come."""

    edition: int
    told_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One edition: what changed, and when readers saw it."""

    number: int
    at: datetime
    change: Change


def find_telling(tx: Transaction, name: str) -> Telling | None:
    """How far `name` has come; None where it never began."""
    row = tx.get(TellingRow, name, populate_existing=True)
    return None if row is None else Telling(edition=row.edition, told_until=row.told_until)


def record_telling(tx: Transaction, name: str, *, edition: int, told_until: datetime) -> None:
    """`name` has told everything up to `edition`."""
    row = tx.get(TellingRow, name)
    if row is None:
        tx.add(TellingRow(name=name, edition=edition, told_until=told_until))
    else:
        row.edition, row.told_until = edition, told_until
    tx.flush()


def begin_telling(tx: Transaction, name: str, *, now: datetime) -> Telling:
    """How far `name` has come; the first time, that it begins with what is published from now on."""
    found = find_telling(tx, name)
    if found is None:
        found = Telling(edition=read_edition(tx).number, told_until=now)
        record_telling(tx, name, edition=found.edition, told_until=now)
    return found


def list_untold(tx: Transaction, *, after: int, limit: int = 500) -> tuple[Told, ...]:
    """The editions after `after`, oldest first."""
    changes = list_changes(tx, after=after, limit=limit)
    query = select(EditionRow.number, EditionRow.at).where(EditionRow.number.in_([number for number, _ in changes]))
    at = {row[0]: row[1] for row in tx.execute(query)}
    return tuple(Told(number=number, at=at[number], change=change) for number, change in changes)


def list_told_of(tx: Transaction, wires: Sequence[WireId], *, after: int) -> tuple[Told, ...]:
    """The editions of these wires after `after`, oldest first."""
    found: list[EditionRow] = []
    for start in range(0, len(wires), _AT_ONCE):
        some = wires[start : start + _AT_ONCE]
        found += tx.scalars(select(EditionRow).where(EditionRow.wire_id.in_(some), EditionRow.number > after))
    found.sort(key=lambda row: row.number)
    return tuple(Told(number=row.number, at=row.at, change=change_of(row)) for row in found)


def list_seen(tx: Transaction, *, after: int, limit: int) -> tuple[int, ...]:
    """The ids of the wires that readers see, those after `after`, in order: a few at a time, through all of them."""
    query = select(WireFacetRow.wire_id).where(WireFacetRow.facet == ALL_WIRES, WireFacetRow.wire_id > after)
    return tuple(tx.scalars(query.order_by(WireFacetRow.wire_id).limit(limit)))
