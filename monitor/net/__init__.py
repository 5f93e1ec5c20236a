"""The only room that opens sockets: polite, bounded, and never to an address that is not ours to ask."""

from __future__ import annotations

import sys

# httpx loads a command line of its own, with rich, pygments and click, wherever these happen to be installed, as they
# are for ours. It is an extra that we do not ask for, and that httpx does without where it is not found.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
