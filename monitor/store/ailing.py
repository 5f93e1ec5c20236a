"""What ails a database that takes nothing, told from faults of our own: full, failing, locked, away (F4, F5, F6)."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError as DatabaseError  # what a database said no with, whichever it is

__all__ = ["DatabaseError", "ailment_of"]

_SQLITE = {  # by the beginning of the result code's name
    "SQLITE_FULL": "The disk is full.",
    "SQLITE_IOERR": "The disk fails.",
    "SQLITE_CANTOPEN": "The database cannot be opened.",
    "SQLITE_READONLY": "The database cannot be written.",
    "SQLITE_BUSY": "Another program holds the database.",
}
_AWAY = "The database does not answer."
_POSTGRES = {"53100": "The disk is full.", "53": _AWAY, "57P": _AWAY, "58": "The disk fails.", "08": _AWAY}


def ailment_of(error: BaseException) -> str | None:
    """A sentence for whoever waits; None where the error says nothing of the kind. Nothing was stored either way."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy's, or what the driver itself raised as it connected
    if name := getattr(cause, "sqlite_errorname", None):
        return next((words for code, words in _SQLITE.items() if name.startswith(code)), None)
    if not type(cause).__module__.startswith("psycopg"):
        return None
    state = getattr(cause, "sqlstate", None)
    if state is None:  # no server said it: the connection failed, or ended
        return _AWAY if type(cause).__name__ in {"OperationalError", "ConnectionTimeout"} else None
    return next((words for code, words in _POSTGRES.items() if state.startswith(code)), None)
