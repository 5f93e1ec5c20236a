"""The files that pages of the site load: style sheets, the switch of themes, the mark. Served under /static."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"
NAMES = ("tokens.css", "site.css", "theme.js", "mark.svg")


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a digest of its content: a new version is a new address."""
    return f"/static/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"
