"""What a reader has already, and takes: the validators and codings of a request.

RFC 9110: 13.1 (validators, compared weakly), 13.2.2 (which of them counts), 12.5.3 (codings).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding lets us send gzip (RFC 9110 12.5.3)."""
    quality: dict[str, bool] = {}
    for part in header.lower().split(","):
        coding, _, parameters = part.strip().partition(";")
        found = re.search(r"q=([0-9.]+)", parameters)
        quality[coding.strip()] = found is None or found[1].strip("0.") != ""
    return quality.get("gzip", quality.get("x-gzip", quality.get("*", False)))


def is_fresh(headers: Any, tags: Iterable[str], changed_at: datetime) -> bool:
    """Whether the reader has what we would send."""
    wanted, since = headers.get("if-none-match"), headers.get("if-modified-since")
    given = None if wanted is None else wanted.encode("latin-1", "replace")
    known = {tag.encode() for tag in tags}
    return has_it(given, (since or "").encode("latin-1", "replace"), tags=known, changed_at=int(changed_at.timestamp()))


def has_it(wanted: bytes | None, since: bytes, *, tags: Collection[bytes], changed_at: int) -> bool:
    """The same of raw headers: If-None-Match, None where there is none, outweighs If-Modified-Since (RFC 9110 13.2.2).

    `changed_at` in seconds since the epoch.
    """
    if wanted is None:
        return bool(since) and _is_since(since, changed_at)
    return wanted in tags or _names_one(wanted, tags)


def _names_one(wanted: bytes, tags: Collection[bytes]) -> bool:
    """Whether If-None-Match names one of the tags, by weak comparison, or anything at all (RFC 9110 13.1.2)."""
    return any(tag == b"*" or tag in tags for tag in _tags(wanted))


def _tags(header: bytes) -> Iterator[bytes]:
    for tag in header.split(b","):
        yield tag.strip().removeprefix(b"W/")


def _is_since(header: bytes, changed_at: int) -> bool:
    try:
        seen_at = parsedate_to_datetime(header.decode("latin-1"))
    except ValueError:
        return False
    return changed_at <= (seen_at if seen_at.tzinfo else seen_at.replace(tzinfo=UTC)).timestamp()
