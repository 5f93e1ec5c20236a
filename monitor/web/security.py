"""What stands between the network and every page: host check, same-origin check, size limit, headers.

Nothing here knows an editor; who may do what is in `access`, who somebody is in `auth`. X-Forwarded-For is believed
from configured proxies only, X-Forwarded-Host and -Proto from nobody: the base URL says both (D12).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 2_000_000  # the longest form is a wire of 100,000 words
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # "no-referrer" would make browsers send Origin: null with our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000"


def host_name(host: str) -> str:
    """The name in a Host header or authority, lower case, without port or brackets; "" where it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine itself."""
    return host_name(host) in LOOPBACK_NAMES


def local_path(wanted: str | None, *, default: str) -> str:
    """`wanted` where it is a path of this site, else `default`: a `next=` never leads elsewhere (D12)."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return default
    if any(ord(c) < 33 or c == "\\" for c in wanted):
        return default
    return wanted


def client_address(connection: HTTPConnection, trusted: Sequence[str]) -> str:
    """Who asks: the peer, or what a configured proxy says of it (the right-most address that is no proxy)."""
    peer = connection.client.host if connection.client else "unknown"
    if peer not in trusted:
        return peer
    for hop in reversed(connection.headers.get("x-forwarded-for", "").split(",")):
        address = hop.strip()
        if not _is_address(address):
            break
        if address not in trusted:
            return address
    return peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def address_block(address: str) -> str:
    """What a throttle counts as one: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def is_same_origin(headers: Headers, *, base_url: str) -> bool:
    """Whether a browser says that its own page on this very site made the request (D6).

    Sec-Fetch-Site where the browser sends it, else Origin; a request with neither is no form of ours.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None:
        return False
    host = headers.get("host", "")
    return origin == base_url or (origin == f"http://{host}" and is_loopback(host))


class Guard:
    """ASGI middleware: refuses foreign hosts, cross-site unsafe requests and bodies over the limit; adds headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: str,
        hosts: Sequence[str] = (),
        machines: tuple[str, ...] = (),
        programs: str = "/\0",
    ) -> None:
        """`hosts` are names to answer to beside the base URL's and this machine's own. Below the paths `machines` posts
        come from other machines, not from pages: no cookie is read there, so nobody's browser can be made to. Below
        `programs` the same holds for every method."""
        self.app = app
        self.base_url = f"{urlsplit(base_url).scheme}://{urlsplit(base_url).netloc}"
        self.is_tls = base_url.startswith("https://")
        self.machines = machines
        self.programs = programs
        self.hosts = {host_name(urlsplit(base_url).netloc), *LOOPBACK_NAMES, *(h.lower() for h in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_desk = scope["path"].startswith(("/desk", self.programs))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.is_tls:
                    headers["strict-transport-security"] = STRICT_TRANSPORT
                if is_desk:
                    headers["cache-control"] = "no-store"
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send_with_headers)
            return
        await self.app(scope, _limited(receive), send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("This newsroom does not answer to that name. Set MONITOR_BASE_URL.\n", 400)
        if scope["method"] in SAFE_METHODS:
            return None
        is_push = scope["method"] == "POST" and scope["path"].startswith(self.machines)
        is_from_machine = is_push or scope["path"].startswith(self.programs)
        if not is_from_machine and not is_same_origin(headers, base_url=self.base_url):
            return PlainTextResponse("Refused: this form was not sent from this site's own page.\n", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return PlainTextResponse("Refused: more than 2 MB at once. Nothing was saved.\n", 413)
        return None


def _limited(receive: Receive) -> Receive:
    """`receive`, which hangs up on a body that grows past the limit without having said so."""
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        return {"type": "http.disconnect"} if total > MAX_BODY_BYTES else message

    return counted
