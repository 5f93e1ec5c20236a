"""Searching the audit, newest first, without ever reading all of it at once.

A page looks at SPAN lines at the most, however few of them match, and says from where to go on: what an admin asks for
may be anything, so no index would serve, and the audit only grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session as Transaction

from monitor.model import AuditEntry
from monitor.store.people import entry_of
from monitor.store.tables import AuditRow

SPAN = 50_000  # lines that one page looks at: some 20 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What is asked for; "" and None ask for anything."""

    text: str = ""  # somewhere in who, what, subject or address
    who: str = ""
    what: str = ""  # a kind ("session.refused"), or its first part ("session")
    since: datetime | None = None
    until: datetime | None = None  # before this


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Some lines, newest first, and the id before which to go on; None at the end."""

    lines: tuple[AuditEntry, ...]
    before: int | None


def search_audit(tx: Transaction, query: AuditQuery, *, before: int | None = None, limit: int = 100) -> AuditPage:
    """The newest lines with an id under `before` that match."""
    top = before if before is not None else (tx.scalar(select(func.max(AuditRow.id))) or 0) + 1
    bottom = max(top - SPAN, 0)
    matching = [AuditRow.id < top, AuditRow.id >= bottom, *_conditions(query)]
    rows = tx.scalars(select(AuditRow).where(*matching).order_by(AuditRow.id.desc()).limit(limit)).all()
    if len(rows) == limit:
        return AuditPage(lines=tuple(map(entry_of, rows)), before=rows[-1].id)
    is_over = bottom == 0 or not _has_earlier(tx, bottom, query.since)
    return AuditPage(lines=tuple(map(entry_of, rows)), before=None if is_over else bottom)


def list_kinds(tx: Transaction) -> tuple[str, ...]:
    """The kinds among the newest SPAN lines, by name: what a form offers to choose from."""
    top = tx.scalar(select(func.max(AuditRow.id))) or 0
    return tuple(tx.scalars(select(AuditRow.what).where(AuditRow.id > top - SPAN).distinct().order_by(AuditRow.what)))


def _has_earlier(tx: Transaction, bottom: int, since: datetime | None) -> bool:
    query = select(AuditRow.id).where(AuditRow.id < bottom)
    if since is not None:
        query = query.where(AuditRow.at >= since)
    return tx.scalar(query.order_by(AuditRow.id.desc()).limit(1)) is not None


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.who:
        found.append(AuditRow.who == query.who)
    if query.what:
        found.append(or_(AuditRow.what == query.what, AuditRow.what.startswith(f"{query.what}.", autoescape=True)))
    if query.since is not None:
        found.append(AuditRow.at >= query.since)
    if query.until is not None:
        found.append(AuditRow.at < query.until)
    if query.text:
        fields = (AuditRow.who, AuditRow.what, AuditRow.subject, AuditRow.address)
        found.append(or_(*(field.icontains(query.text, autoescape=True) for field in fields)))
    return found
