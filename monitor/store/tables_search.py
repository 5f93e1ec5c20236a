"""The index of full-text search, and what still has to go into it.

On SQLite the words are in a contentless FTS5 table, `search_index`, which a migration makes (no class here can say it);
on PostgreSQL in `document`, with a GIN index. Triggers of that migration write down what is due.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row

INDEX = "search_index"  # of SQLite, with the tables in which FTS5 keeps it


class SearchDocumentRow(Row):
    """Something that can be found. Its key says kind, day and id, so that keys in descending order are newest first."""

    __tablename__ = "search_documents"
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))  # model.ResultKind
    ref: Mapped[int]
    # SQLite, of what may change: what went in, which has to be said again to be taken out.
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    document: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    __table_args__ = (
        Index(None, "kind", "ref", unique=True),
        Index(None, "document", postgresql_using="gin", sqlite_where=text("document IS NOT NULL")),
    )


class SearchDueRow(Row):
    """Something new or changed that search does not know yet. Work for `index`."""

    __tablename__ = "search_due"
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    ref: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def is_mapped(name: str | None, kind: str, parents: object) -> bool:  # noqa: ARG001 - Alembic's form
    """Whether a table is one that our classes describe: all but those of FTS5."""
    return kind != "table" or name is None or not name.startswith(INDEX)
