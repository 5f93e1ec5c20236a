"""What a section of the publication tree is. Each is told of the newsroom by `House`, once, when a process starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from monitor.model import Change, Document
from monitor.site.house import House as House
from monitor.store.database import Transaction


class Section(Protocol):
    """Which documents there are of one kind, which of them a change alters, and the bytes of each.

    The same state of the database gives the same bytes, whoever renders them and when: no clock, no secret, nothing of
    who reads. A path is only ever of one section.
    """

    @property
    def name(self) -> str:
        """Names its part of the tree for ever: "feeds", "pages", "data"."""
        ...

    @property
    def version(self) -> str:
        """Moves when the same wires give other bytes (settings, templates, code): then all is rendered anew."""
        ...

    def touched(self, tx: Transaction, change: Change) -> Iterable[str]:
        """The paths that this change alters, or may; what is named for nothing costs a rendering."""
        ...

    def every(self, tx: Transaction) -> Iterable[str]:
        """All paths there are, lazily, in an order that stays."""
        ...

    def render(self, tx: Transaction, path: str) -> Document | None:
        """The document at this path as of now; None where there is none any more."""
        ...
