"""The passwords of mailboxes: written where polling looks for them, and nowhere else (D13)."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from monitor.errors import IllegalDecision, Unconfigured
from monitor.model import Clock, Kind, SourceId
from monitor.store.database import Database
from monitor.store.people import append_audit
from monitor.store.sources import get_source

LONGEST_PASSWORD = 1_000


def store_password(database: Database, clock: Clock, *, folder: Path, source: SourceId, password: str, by: str) -> Path:
    """Put the password of a mailbox where polling looks for it, readable by this user alone; the audit holds none.

    Raises Unknown, IllegalDecision where the source is no mailbox or the password cannot be one, Unconfigured where
    the file cannot be written.
    """
    with database.read() as tx:
        kind = get_source(tx, source).kind
    if kind is not Kind.MAILBOX:
        raise IllegalDecision(f"{source} is a {kind}: only mailboxes have a password. Nothing was stored.")
    if not password or len(password) > LONGEST_PASSWORD or any(c in password for c in "\0\r\n"):
        raise IllegalDecision(f"A password is one line of 1 to {LONGEST_PASSWORD:,} characters. Nothing was stored.")
    path = folder / source
    try:
        write_secret(path, password)
    except OSError as error:
        raise Unconfigured(f"{path} cannot be written ({error.strerror or error}). Nothing was stored.") from error
    with database.write() as tx:
        append_audit(tx, at=clock.now(), who=by, what="source.password", subject=f"source {source}")
    return path


def write_secret(path: Path, password: str) -> None:
    """Put one secret into a file of its own, readable by this user alone, wholly or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
