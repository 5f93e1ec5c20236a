"""The files that pages of the site load, so that a web server in front finds them beside the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitor.model import Change, Document
from monitor.model.publication import media_type_of
from monitor.site.assets import NAMES, STATIC
from monitor.store.database import Transaction


class Assets:
    """The section of static files: no publication touches any; a new version of Monitor may."""

    name = "static"

    def __init__(self, files: Mapping[str, Path] | None = None) -> None:
        """`files` by their addresses; those of the site unless given."""
        found = {f"/static/{name}": STATIC / name for name in NAMES} if files is None else files
        self._bodies = {path: file.read_bytes() for path, file in found.items()}
        self.version = hashlib.sha256(repr(sorted(self._bodies.items())).encode()).hexdigest()

    def touched(self, tx: Transaction, change: Change) -> Iterable[str]:  # noqa: ARG002 - the section's shape
        """None."""
        return ()

    def every(self, tx: Transaction) -> Iterable[str]:  # noqa: ARG002 - the section's shape
        """All of them."""
        return sorted(self._bodies)

    def render(self, tx: Transaction, path: str) -> Document | None:  # noqa: ARG002 - the section's shape
        """The file as it is shipped."""
        body = self._bodies.get(path)
        return None if body is None else Document(path=path, media_type=media_type_of(path), body=body)
