"""The public record as tables: what a column is, a file, a licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]  # a row of one of the tables, by column


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Under what the newsroom's own words may be used."""

    name: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column. Kinds are those of Frictionless Table Schema."""

    name: str
    kind: str
    means: str
    is_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the data; `refers` gives, for some of its columns, the table and column that they name."""

    name: str
    title: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    refers: tuple[tuple[str, str, str], ...] = ()
    order: str = ""  # of its rows in files; the key where empty


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file of the data as it lies there."""

    name: str
    size_bytes: int
    digest: str  # SHA-256, hex
    rows: int | None = None  # of its table
    media_type: str = ""
