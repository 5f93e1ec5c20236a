"""Alembic's environment. The database comes from `monitor.store.migrate`, or from MONITOR_… for `alembic` by hand."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from monitor.settings import read_settings
from monitor.store import tables_desk as tables_desk
from monitor.store import tables_feeds as tables_feeds
from monitor.store import tables_learning as tables_learning
from monitor.store import tables_live as tables_live
from monitor.store import tables_machine as tables_machine
from monitor.store import tables_outbound as tables_outbound
from monitor.store import tables_people as tables_people
from monitor.store import tables_public as tables_public
from monitor.store import tables_search as tables_search
from monitor.store import tables_wire as tables_wire
from monitor.store.database import Database
from monitor.store.tables import Row

UPGRADE_LOCK = 7_200_001  # any number of our own: two processes that upgrade wait for each other (F13)


def run() -> None:
    database: Database = context.config.attributes.get("database") or Database(read_settings().database)
    with database.engine.execution_options(is_write=True).connect() as connection:
        if database.dialect == "sqlite":
            # Batch mode rebuilds tables: with foreign keys on, SQLite would delete the child rows.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        with connection.begin():
            if database.dialect == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
            context.configure(
                connection=connection,
                target_metadata=Row.metadata,
                render_as_batch=database.dialect == "sqlite",
                compare_type=True,
                include_name=tables_search.is_mapped,
                transactional_ddl=True,
            )
            context.run_migrations()
    if database.dialect == "sqlite":
        database.engine.dispose()  # the next connection has its foreign keys on again


run()
