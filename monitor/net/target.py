"""A URL as it goes out: exactly as stored, with the host read once, for the guard and for the wire alike (P18)."""

from __future__ import annotations

import base64
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from monitor.later import later
from monitor.model import Failure
from monitor.net.guard import Address, Refusal, normal_host, read_numeric_host

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

MAX_URL = 2_048  # characters; the limit that entries and pages have too (H13)
USUAL_PORTS = {"http": 80, "https": 443}
_BROKEN = re.compile(r"[\x00-\x1f\x7f]")
_SENDABLE = re.compile(rb"[\x21-\x7e]*")  # what a request line carries as it is
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to ask, of whom."""

    url: str  # without credentials and fragment
    scheme: str  # http or https
    host: str  # ASCII, lower case; an address in its usual spelling
    port: int
    path: bytes  # path and query, as stored
    address: Address | None  # where the host is spelled in digits
    authorization: str | None  # from credentials in the URL: for this origin alone

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what goes into the Host header (RFC 9110 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"


@functools.lru_cache(maxsize=1_024)  # one poll asks the same several times
def read_target(url: str) -> Target:
    """Read a URL that is to be asked; raises Refusal for whatever is not http, https or a URL (P16, H21)."""
    if len(url) > MAX_URL:
        raise Refusal(Failure.BAD_URL, f"a URL of {len(url)} characters; {MAX_URL} are the limit")
    scheme = url.split(":", 1)[0].lower()
    if scheme not in USUAL_PORTS:
        raise Refusal(Failure.BAD_URL, f"{plain(url, 80)!r} is neither http nor https")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refusal(Failure.BAD_URL, f"{plain(url, 80)!r} is not a URL: {plain(str(error))}") from None
    if _BROKEN.search(url) or "\\" in url.partition("?")[0] or not host:
        raise Refusal(Failure.BAD_URL, f"{plain(url, 80)!r} is not a URL")
    address = read_numeric_host(host)
    name = str(address) if address is not None else _ascii_host(host)
    return Target(
        url=_without_credentials(url, parts.netloc),
        scheme=scheme,
        host=name,
        port=USUAL_PORTS[scheme] if port is None else port,
        path=_path(url, parts.netloc),
        address=address,
        authorization=_authorization(parts.username, parts.password),
    )


def join_target(base: Target, location: str) -> Target:
    """Where a Location leads from `base` (RFC 9110 10.2.2); credentials that it carries are left behind (P18)."""
    try:
        joined = urljoin(base.url, location.strip())
    except ValueError as error:
        raise Refusal(Failure.BAD_URL, f"redirected to what is not a URL: {plain(str(error))}") from None
    try:
        return read_target(joined)
    except Refusal as refusal:
        raise Refusal(refusal.kind, f"redirected: {refusal.detail}") from None


def plain(text: str, limit: int = 300) -> str:
    """`text` as one short line, without control characters and credentials (H29)."""
    return _CONTROL.sub(" ", re.sub(r"(?<=://)[^/@\s]+@", "***@", text)).strip()[:limit]


def _ascii_host(host: str) -> str:
    ascii_host = normal_host(host)
    if not ascii_host.isascii():
        try:
            ascii_host = httpx.URL(f"http://{ascii_host}/").raw_host.decode("ascii").lower()
        except (httpx.InvalidURL, UnicodeError):
            ascii_host = ""
    if not re.fullmatch(r"[a-z0-9_.-]{1,253}", ascii_host) or ".." in ascii_host or ascii_host.startswith("."):
        raise Refusal(Failure.BAD_URL, f"{plain(host, 80)!r} is not the name of a host")
    return ascii_host


def _without_credentials(url: str, netloc: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"{scheme}://{netloc.rpartition('@')[2]}{rest[len(netloc) :]}".split("#", 1)[0]


def _path(url: str, netloc: str) -> bytes:
    """Path and query as stored; only what HTTP cannot carry (spaces, non-ASCII) is percent-encoded."""
    rest = url.split("://", 1)[1][len(netloc) :].split("#", 1)[0]
    try:
        raw = (rest if rest.startswith("/") else f"/{rest}").encode()
    except UnicodeEncodeError:
        raise Refusal(Failure.BAD_URL, "a URL with half a character in it") from None
    return raw if _SENDABLE.fullmatch(raw) else b"".join(map(_sendable, raw))


def _sendable(byte: int) -> bytes:
    return bytes((byte,)) if 0x20 < byte < 0x7F else b"%%%02X" % byte


def _authorization(user: str | None, password: str | None) -> str | None:
    if not user and not password:
        return None
    pair = f"{unquote(user or '')}:{unquote(password or '')}".encode()
    return "Basic " + base64.b64encode(pair).decode("ascii")
