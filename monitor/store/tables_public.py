"""Tables of what readers get: every edition, and by what published wires are found and counted.

`wire_facets` and `facet_months` follow from the published revisions and are kept in the transaction that publishes, so
that no list and no count of the site costs what the newsroom's past is long.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class EditionRow(Row):
    """`model.Change`, one an edition, in the order of their commits. Append-only: guarded by a trigger."""

    __tablename__ = "editions"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None]  # model.Facets
    after: Mapped[dict[str, Any] | None]  # model.Facets


class WireFacetRow(Row):
    """That readers find a wire under `facet`: "" (all), "severity:SEV-2", "provider:openai", "code:M2", …"""

    __tablename__ = "wire_facets"
    facet: Mapped[str] = mapped_column(String(220), primary_key=True)
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True, index=True)
    first_published_at: Mapped[datetime]
    revised_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_wire_facets_published", "facet", "first_published_at", "wire_id"),
        Index("ix_wire_facets_revised", "facet", "revised_at", "wire_id"),
    )


class FacetMonthRow(Row):
    """How many wires first published in `month` ("2026-03", UTC) are found under `facet`."""

    __tablename__ = "facet_months"
    facet: Mapped[str] = mapped_column(String(220), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True, index=True)
    wire_count: Mapped[int]


class TallyRow(Row):
    """How many wires of `month` have `value`: `model.Tally`."""

    __tablename__ = "tallies"
    counted: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    wire_count: Mapped[int]


class WireTallyRow(Row):
    """What a wire adds to the tallies now: (counted, value, month), each once."""

    __tablename__ = "wire_tallies"
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True)
    told: Mapped[list[Any]]
