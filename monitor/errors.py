"""Refusals: a broken rule is an exception that says what was refused, what was kept and what to do next.

    MonitorError
    ├── Unconfigured        a setting is missing or malformed            → the start stops, by name
    ├── FaultyFile          a file a person wrote has faults             → 422, with complaints
    ├── Unknown             no such candidate, wire, source, editor      → 404
    ├── IllegalDecision     the rules of triage forbid it                → 409
    ├── StaleDecision       something changed since it was on screen     → 409
    ├── Unpublishable       a draft lacks what a wire must have          → 422, with what is missing
    ├── Denied              not signed in, or not allowed                → 401 / 403
    └── Busy                another process holds what is needed         → 503

The world failing (a feed that is down, a page that cannot be read) is a value, not one of these: see `model.Failed`
and `model.Unparsable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model import Complaint, Missing


class MonitorError(Exception):
    """A refusal. `str(error)` is written for the person who has to act on it."""


class Unconfigured(MonitorError):
    """A setting is missing or malformed."""


class FaultyFile(MonitorError):
    """A file that a person wrote was refused; `complaints` says where and why."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(map(str, complaints)))


class Unknown(MonitorError):
    """What was asked for does not exist."""


class IllegalDecision(MonitorError):
    """The rules of triage forbid this action on this candidate."""


class StaleDecision(MonitorError):
    """What was decided on has changed since it was read (D10)."""


class Unpublishable(MonitorError):
    """A draft lacks what a published wire must have."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__("; ".join(f"{m.field}: {m.reason}" for m in missing))


class Denied(MonitorError):
    """Not signed in, or not allowed."""


class Busy(MonitorError):
    """Another process holds what is needed; try again."""
