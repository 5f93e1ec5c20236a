"""What an answer's headers say: validators, Retry-After, freshness. Pure: text and the time in, values out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from monitor.model import Link, Validators

_MAX_VALIDATOR = 4_096  # a longer one is not kept: few servers would take it back
_MAX_SPAN = timedelta(days=3_650)
_MAX_LINKS = 10  # hubs and selves of one answer; a feed names one or two
_MAX_LINK_URL = 2_048  # characters, as of every URL (H13)
_LINK_HEADER_LIMIT = 20_000  # characters; of a longer one the rest is not read
_LINK = re.compile(r"\s*<([^<>]*)>")
_LINK_PARAMETER = re.compile(r"\s*;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")
_RELATIONS = frozenset({"hub", "self"})


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one answer, names in lower case, values as served."""

    items: Sequence[tuple[str, str]]

    @classmethod
    def read(cls, raw: Sequence[tuple[bytes, bytes]]) -> Headers:
        """Header bytes as text, one character a byte, so that they can go back byte for byte (P2)."""
        return cls([(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw])

    def first(self, name: str) -> str | None:
        """The value of the first header of that name."""
        return next((value for key, value in self.items if key == name), None)

    def joined(self, name: str) -> str:
        """All values of that name as one list (RFC 9110 5.3)."""
        return ", ".join(value for key, value in self.items if key == name)

    def length(self) -> int | None:
        """Content-Length, where it is a number."""
        value = self.first("content-length")
        return int(value) if value is not None and re.fullmatch(r"[0-9]{1,18}", value) else None


def read_validators(headers: Headers) -> Validators:
    """ETag and Last-Modified as served: opaque, nothing parsed (RFC 9110 8.8, P2)."""
    return Validators(etag=_kept(headers.first("etag")), last_modified=_kept(headers.first("last-modified")))


def _kept(value: str | None) -> str | None:
    return value if value and len(value) <= _MAX_VALIDATOR else None


def read_retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date seen from our clock (RFC 9110 10.2.3, P8); None where absent or past."""
    value = (headers.first("retry-after") or "").strip()
    if re.fullmatch(r"[0-9]{1,20}", value):
        span = timedelta(seconds=min(int(value), int(_MAX_SPAN.total_seconds())))
    else:
        until = _read_date(value)
        span = timedelta() if until is None else min(until - now, _MAX_SPAN)
    return span if span > timedelta() else None


def read_freshness(headers: Headers, now: datetime) -> timedelta | None:
    """How long the answer says it stays fresh (RFC 9111 4.2.1): max-age less Age, else Expires less Date (P7).

    None where it says nothing or nothing readable. `no-cache` does not shorten: it asks for revalidation, and that is
    what a poll is.
    """
    if (age_limit := _max_age(headers.joined("cache-control"))) is not None:
        age = (headers.first("age") or "").strip()
        return max(timedelta(), age_limit - (_seconds(age) if age.isdecimal() else timedelta()))
    expires = _read_date(headers.first("expires") or "")
    if expires is None:
        return None
    served = _read_date(headers.first("date") or "") or now
    return min(max(timedelta(), expires - served), _MAX_SPAN)


def read_links(headers: Headers, base: str) -> tuple[Link, ...]:
    """The hubs and selves of the Link header, absolute from `base` (RFC 8288 3, WebSub 4); malformed ones are left out.

    A link with an anchor speaks of another document and is left out too (RFC 8288 3.2).
    """
    text, place = headers.joined("link")[:_LINK_HEADER_LIMIT], 0
    links: list[Link] = []
    while (opened := _LINK.match(text, place)) is not None and len(links) < _MAX_LINKS:
        parameters: dict[str, str] = {}
        place = opened.end()
        while (found := _LINK_PARAMETER.match(text, place)) is not None:
            quoted, token = found[2], found[3]
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else token or ""
            parameters.setdefault(found[1].lower(), value)  # the first of a name counts
            place = found.end()
        url = _absolute(base, opened[1]) if "anchor" not in parameters else None
        relations = dict.fromkeys(parameters.get("rel", "").lower().split())
        links += [Link(rel=rel, url=url) for rel in relations if url is not None and rel in _RELATIONS]
        comma = text.find(",", place)
        place = len(text) if comma < 0 else comma + 1
    return tuple(links[:_MAX_LINKS])


def _absolute(base: str, reference: str) -> str | None:
    try:
        url = urljoin(base, reference.strip())
        is_web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return None
    return url if is_web and len(url) <= _MAX_LINK_URL and url.isascii() and url.isprintable() else None


def _max_age(cache_control: str) -> timedelta | None:
    found = re.search(r'(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,20})"?\s*(?=,|$)', cache_control, re.IGNORECASE)
    return None if found is None else _seconds(found[1])


def _seconds(digits: str) -> timedelta:
    return timedelta(seconds=min(int(digits[:20]), int(_MAX_SPAN.total_seconds())))


def _read_date(text: str) -> datetime | None:
    """An HTTP date in any of its three forms (RFC 9110 5.6.7); without a zone it is GMT."""
    if not text:
        return None
    text = re.sub(r"^(\w{3}) (\w{3})\s+(\d{1,2}) ([\d:]{8}) (\d{4})$", r"\1, \3 \2 \5 \4 GMT", text.strip())  # asctime
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
