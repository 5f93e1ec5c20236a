"""Files that travel with Monitor: codebook, provider register, Editor's Guide, refused passwords.

`feeds.yaml` and `migrations/` stand at the top of a checkout, where people look for them, and are copied beside this
package into a wheel: `shipped_path` finds them in either place.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parent


def shipped_path(name: str) -> Path:
    """The path of a shipped file or folder, such as "codebook.yaml", "feeds.yaml" or "migrations"."""
    for place in (_HERE / name, _PACKAGE / name, _PACKAGE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} does not travel with this installation of Monitor: install it again")
