"""The audit as an admin reads it (D11): searched page by page, and exported line by line. Nothing here writes a line
but one: that it was exported."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import AuditEntry, Clock
from monitor.store import audit, people
from monitor.store.audit import AuditPage, AuditQuery
from monitor.store.database import Database

PAGE = 100
_AT_ONCE = 1_000


def search(database: Database, query: AuditQuery, *, before: int | None = None, limit: int = PAGE) -> AuditPage:
    """The newest matching lines with an id under `before`."""
    with database.read() as tx:
        return audit.search_audit(tx, query, before=before, limit=limit)


def list_kinds(database: Database) -> tuple[str, ...]:
    """What has been noted lately: the kinds a search can ask for."""
    with database.read() as tx:
        return audit.list_kinds(tx)


def export(database: Database, query: AuditQuery) -> Iterator[AuditEntry]:
    """Every matching line, newest first; reads a thousand at a time, each in a transaction of its own."""
    before: int | None = None
    while True:
        page = search(database, query, before=before, limit=_AT_ONCE)
        yield from page.lines
        before = page.before
        if before is None:
            return


def note_export(database: Database, clock: Clock, *, by: str, form: str, address: str | None) -> None:
    """Who took the audit along is in the audit."""
    note_deed(database, clock, by=by, what="audit.export", subject="audit", after={"form": form}, address=address)


def note_deed(
    database: Database,
    clock: Clock,
    *,
    by: str,
    what: str,
    subject: str,
    after: dict[str, object] | None = None,
    address: str | None = None,
) -> None:
    """One line for what no other job notes, such as a request that was refused."""
    with database.write() as tx:
        people.append_audit(tx, at=clock.now(), who=by, what=what, subject=subject, after=after, address=address)
