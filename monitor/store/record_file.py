"""The SQLite file of the public record: its tables, full-text search, and what of it goes into CSV and JSON Lines.

It is another database than the newsroom's: it holds what readers may see, and is made to be taken away. A file is made
on a copy and put in place whole; a change of one wire replaces that wire's rows and no others.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from monitor.model.dataset import Row, Table

_KINDS = {"integer": "INTEGER", "boolean": "INTEGER"}
_SEARCHED = ("headline", "body_text", "rationale")  # columns of wires
_TOLD = ("sources", "revisions", "crosswalk", "wire_providers", "wire_codes")


class RecordFile:
    """An open file of the record; commits at the end of `opened`."""

    def __init__(self, connection: sqlite3.Connection, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in tables}

    def make(self) -> None:
        """Its tables, in a file that has none."""
        for table in self._tables.values():
            self._connection.execute(_definition(table))
            for column, _, _ in table.refers:
                self._connection.execute(f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")')
        for column in ("first_published_at", "severity", "occurred_on"):
            self._connection.execute(f'CREATE INDEX "wires_{column}" ON wires ("{column}")')
        self._connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        searched = ", ".join(_SEARCHED)
        self._connection.execute(
            f'CREATE VIRTUAL TABLE wires_fts USING fts5({searched}, content="wires", content_rowid="id")'
        )

    def about(self) -> dict[str, str]:
        """What the file says of itself; nothing where it is none of ours."""
        try:
            return dict(self._connection.execute("SELECT name, value FROM about"))
        except sqlite3.DatabaseError:
            return {}

    def say(self, about: Mapping[str, str]) -> None:
        """What the file says of itself."""
        self._connection.execute("DELETE FROM about")
        self._connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))

    def replace_all(self, table: str, rows: Iterable[Row]) -> None:
        """These rows and no others, for a table that no wire has rows in."""
        known, rows = self._tables[table], list(rows)
        columns = [field.name for field in known.fields]
        kept = [tuple(row[column] for column in known.key) for row in rows]
        for key in set(self._connection.execute(f'SELECT {_listed(known.key)} FROM "{table}"')) - set(kept):  # noqa: S608
            where = " AND ".join(f'"{column}" = ?' for column in known.key)
            self._connection.execute(f'DELETE FROM "{table}" WHERE {where}', key)  # noqa: S608
        values = [tuple(_plain(row[c]) for c in columns) for row in rows]
        sets = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c not in known.key)
        upsert = f"ON CONFLICT DO UPDATE SET {sets}" if sets else "ON CONFLICT DO NOTHING"
        marks = ", ".join("?" for _ in columns)
        self._connection.executemany(
            f'INSERT INTO "{table}" ({_listed(columns)}) VALUES ({marks}) {upsert}',  # noqa: S608
            values,
        )

    def drop_wire(self, number: int) -> None:
        """Take out every row of a wire, and its words from the search."""
        found = self._connection.execute(f"SELECT {_listed(_SEARCHED)} FROM wires WHERE id = ?", (number,)).fetchone()  # noqa: S608
        if found is None:
            return
        marks = ", ".join("?" for _ in _SEARCHED)
        self._connection.execute(
            f"INSERT INTO wires_fts (wires_fts, rowid, {_listed(_SEARCHED)}) VALUES ('delete', ?, {marks})",  # noqa: S608
            (number, *found),
        )
        for table in _TOLD:
            self._connection.execute(f'DELETE FROM "{table}" WHERE wire_id = ?', (number,))  # noqa: S608
        self._connection.execute("DELETE FROM wires WHERE id = ?", (number,))

    def put_wire(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """A wire's rows, instead of those it had."""
        (wire,) = rows["wires"]
        self.drop_wire(wire["id"])
        for name, of_table in rows.items():
            columns = [field.name for field in self._tables[name].fields]
            marks = ", ".join("?" for _ in columns)
            self._connection.executemany(
                f'INSERT INTO "{name}" ({_listed(columns)}) VALUES ({marks})',  # noqa: S608
                [tuple(_plain(row[c]) for c in columns) for row in of_table],
            )
        marks = ", ".join("?" for _ in _SEARCHED)
        self._connection.execute(
            f"INSERT INTO wires_fts (rowid, {_listed(_SEARCHED)}) VALUES (?, {marks})",  # noqa: S608
            (wire["id"], *(wire[column] for column in _SEARCHED)),
        )

    def values_of(self, table: str, column: str) -> tuple[str, ...]:
        """Every value of a column, once."""
        query = f'SELECT DISTINCT "{column}" FROM "{table}" ORDER BY 1'  # noqa: S608
        return tuple(row[0] for row in self._connection.execute(query))

    def settle(self) -> None:
        """One segment of search, and figures for whoever plans a query."""
        self._connection.execute("INSERT INTO wires_fts (wires_fts) VALUES ('optimize')")
        self._connection.execute("ANALYZE")

    # --- out of it ----------------------------------------------------------------------------------------------

    def rows(self, table: str) -> Iterator[Row]:
        """All rows of a table, in the order that its files have."""
        known = self._tables[table]
        query = f'SELECT * FROM "{table}" ORDER BY {known.order or _listed(known.key)}'  # noqa: S608
        return self._read(known, self._connection.execute(query))

    def count(self, table: str) -> int:
        """How many rows it has."""
        (found,) = self._connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
        return int(found)

    def write_csv(self, table: str, file: TextIO, cell: Callable[[object], str]) -> int:
        """A table as CSV (RFC 4180) with a heading; how many rows."""
        writer = csv.writer(file)
        columns = [field.name for field in self._tables[table].fields]
        writer.writerow(columns)
        total = 0
        for row in self.rows(table):
            writer.writerow([cell(row[column]) for column in columns])
            total += 1
        return total

    def write_lines(self, file: BinaryIO, record: Callable[[Mapping[str, Sequence[Row]]], Row]) -> int:
        """Every wire as one line of JSON, oldest first; how many."""
        total = 0
        for wire in self.rows("wires"):
            rows: dict[str, Sequence[Row]] = {"wires": [wire]}
            rows |= {name: self._of_wire(name, wire["id"]) for name in _TOLD}
            line = json.dumps(record(rows), ensure_ascii=False, separators=(",", ":"))
            file.write(line.encode("utf-8") + b"\n")
            total += 1
        return total

    def _of_wire(self, table: str, number: int) -> list[Row]:
        known = self._tables[table]
        query = f'SELECT * FROM "{table}" WHERE wire_id = ? ORDER BY rowid'  # noqa: S608 - as they were put in
        return list(self._read(known, self._connection.execute(query, (number,))))

    def _read(self, table: Table, found: sqlite3.Cursor) -> Iterator[Row]:
        names = [column[0] for column in found.description]
        flags = {field.name for field in table.fields if field.kind == "boolean"}
        for values in found:
            yield {n: bool(v) if n in flags else v for n, v in zip(names, values, strict=True)}


@contextmanager
def opened(path: Path, tables: Sequence[Table]) -> Iterator[RecordFile]:
    """The file at `path`, which nobody else sees yet: without a journal, all of it on disk when this ends."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;")
        with connection:
            yield RecordFile(connection, tables)


def _definition(table: Table) -> str:
    columns = [
        f'"{f.name}" {_KINDS.get(f.kind, "TEXT")}'
        + (" PRIMARY KEY" if (f.name,) == table.key else "")
        + (" NOT NULL" if f.is_needed and (f.name,) != table.key else "")
        for f in table.fields
    ]
    if len(table.key) > 1:
        columns.append(f"PRIMARY KEY ({_listed(table.key)})")
    columns += [f'FOREIGN KEY ("{column}") REFERENCES "{there}" ("{theirs}")' for column, there, theirs in table.refers]
    return f'CREATE TABLE "{table.name}" ({", ".join(columns)})'


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
