"""The database: one engine, `read()` and `write()` transactions, and every difference between SQLite and PostgreSQL.

Durability (F3): SQLite runs in WAL with `synchronous=FULL`, foreign keys on and a busy timeout; a write transaction
begins IMMEDIATE, so that two writers queue instead of failing half-way. These are asserted when the engine opens.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from monitor.errors import Unconfigured
from monitor.store.mapped import orm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from monitor.store.tables import Row

BUSY_TIMEOUT_MS = 30_000
Transaction: TypeAlias = "Session"  # what a job hands from one store function to the next, without knowing SQLAlchemy
Round: TypeAlias = "Session | Connection"  # as much of a transaction as a round of polls needs
_CONNECTION = "connection"  # in `Session.info`
_PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}


class Database:
    """A door to the database. Safe to share between threads; make a new one after a fork."""

    def __init__(self, url: str) -> None:
        """Open the engine for `url` (SQLAlchemy form); refuses other databases by name (Unconfigured)."""
        try:
            self.url: URL = make_url(url)
        except ArgumentError as error:
            raise Unconfigured(f"MONITOR_DATABASE_URL is not a database URL: {error}") from error
        if self.url.get_backend_name() == "postgresql" and self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.dialect = self.url.get_backend_name()
        match self.dialect:
            case "sqlite":
                self.engine = _sqlite_engine(self.url)
            case "postgresql":
                self.engine = create_engine(self.url, pool_pre_ping=True, pool_size=10, max_overflow=20)
            case other:
                raise Unconfigured(f"MONITOR_DATABASE_URL names {other!r}: use sqlite or postgresql")
        self._writer = self.engine.execution_options(is_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads; anything written in it is rolled back."""
        with orm.Session(self.engine, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A short transaction that commits at the end of the block, or leaves nothing behind."""
        with orm.Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read_round(self) -> Iterator[Connection]:
        """As `read`, for those functions of `store` that take a `Round`: no mapping of rows is loaded for it."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write_round(self) -> Iterator[Connection]:
        """As `write`, in the same way."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _sqlite_engine(url: URL) -> Engine:
    pool: dict[str, bool] = {}
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        pool["pool_use_lifo"] = True  # the connection that was used last has what was just read in its cache
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **pool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        for name, wanted in _PRAGMAS.items():
            (found,) = cursor.execute(f"PRAGMA {name}").fetchone()
            if str(found).lower() != wanted and url.database not in (None, "", ":memory:"):
                raise Unconfigured(f"SQLite at {url.database} refuses {name}={wanted} (it says {found})")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("is_write", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # waits for nobody and fails for nothing: said without ceremony, since it comes before every page
            connection.connection.cursor().execute("BEGIN")

    return engine


def connected(tx: Round) -> Connection:
    """The connection of a transaction, where objects are not needed: each statement on it costs half."""
    if isinstance(tx, Connection):
        return tx
    found = tx.info.get(_CONNECTION)
    if found is None:  # a session has one transaction here, and so one connection: to ask it anew costs as a statement
        found = tx.info[_CONNECTION] = tx.connection()
    return found


def settled(tx: Session) -> Connection:
    """The connection, once what objects were changed to is written: for statements that make no objects of rows.

    With every article some fifteen are asked: made once, and without objects, each costs a fifth. Whoever changes rows
    so calls `tx.expire_all()`, so that objects which stand for them are read anew.
    """
    tx.flush()
    return connected(tx)


def insert_new(tx: Round, row: type[Row] | Table, values: Sequence[Mapping[str, Any]]) -> int:
    """Insert what no unique constraint knows yet; how many that were. The constraint decides races."""
    if not values:
        return 0
    table = row if isinstance(row, Table) else row.__table__
    statement = _insert(tx, table).on_conflict_do_nothing()
    options = {"preserve_rowcount": True}
    result: Any = connected(tx).execute(statement, list(values), execution_options=options)  # compiled once for ever
    return int(result.rowcount)


def _insert(tx: Round, table: Any) -> Any:
    """An INSERT with ON CONFLICT, in the words of the database; those of the other, which are many, are not loaded."""
    return importlib.import_module(f"sqlalchemy.dialects.{connected(tx).dialect.name}").insert(table)


def add_up(tx: Round, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of counters; where one with that key exists, the new numbers are added to its own."""
    statement = _insert(tx, table)
    counted = {c.name: c + statement.excluded[c.name] for c in table.columns if not c.primary_key}
    connected(tx).execute(statement.on_conflict_do_update(index_elements=table.primary_key, set_=counted), list(values))


def take_turn(tx: Session, number: int) -> None:
    """Wait until no other transaction has this number, and have it until this one ends.

    SQLite has one writer at a time, who begins here. What is read afterwards is as the one before left it.
    """
    connection = tx.connection()  # SQLite: BEGIN IMMEDIATE, which would else wait for the first statement
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def ping(database: Database) -> None:
    """Ask the database for anything at all; raises what SQLAlchemy raises where it cannot answer."""
    with database.read() as tx:
        tx.execute(text("SELECT 1"))
