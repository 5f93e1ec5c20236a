"""The publication tree over HTTP, in front of all routing: bytes as they lie, with everything about them prepared.

A document is read once, with its `.gz`, and answered from memory with headers that were made then; a look at the file
says with each request whether it is still the same, so that the next reader sees what was just published. No cookie, no
session, no database: nothing here knows who reads. What is no document goes on to the application.

Validators are those of RFC 9110 (13.1): a strong ETag of each form's bytes, and the file's time.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.jobs.tree import GONE
from monitor.model.publication import ending_of, file_of, is_path, media_type_of
from monitor.web.security import HEADERS, LOOPBACK_NAMES, STRICT_TRANSPORT, host_name
from monitor.web.validators import accepts_gzip, has_it

MEMORY = 64_000_000  # bytes of documents that are held; what was asked for longest ago goes first
HELD_UP_TO = 2_000_000  # bytes: a larger document is sent from its file
PIECE = 262_144  # bytes
MEMO = 256  # spellings of a header whose meaning is remembered
FIRST_FEED = "/feed.atom"  # there from the first publication on, so that its absence is said to be for a moment

# Readers ask again after a quarter of an hour for a feed, after a minute for a page. What stands between us and them
# (s-maxage) asks each minute, may serve what it has while it asks, and for a day while we do not answer (RFC 5861).
SHARED = b"s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
FILE_CACHE = b"public, max-age=900, " + SHARED
PAGE_CACHE = b"public, max-age=60, " + SHARED
GONE_CACHE = b"public, max-age=60, s-maxage=60"
FOR_EVER = b"public, max-age=31536000, immutable"  # RFC 8246
ASK_EACH_TIME = b"no-cache"
_OF_PAGES = frozenset({"", ".css", ".js"})  # what only our own pages load; all else may be used from any site
_PHRASES = {200: "OK", 304: "Not Modified", 410: "Gone"}
_FEEDS = frozenset({".atom", ".rss"})

RawHeaders = list[tuple[bytes, bytes]]


class Large:
    """An open file: whoever is reading it reads it to its end, also when another has taken its place."""

    def __init__(self, place: Path) -> None:
        """Open it; raises OSError."""
        self.number = os.open(place, os.O_RDONLY)
        self.size = os.fstat(self.number).st_size

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes out, ready: for ASGI in parts, and `head` as the lines of HTTP/1.1, from the status on."""

    status: int
    headers: RawHeaders
    head: bytes
    body: bytes | Large


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a document, identity or gzip."""

    whole: Answer
    unchanged: Answer
    kept: Answer  # whole, for who asked with a query: of a static file that is a digest of what is in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document in memory."""

    place: str
    seen: tuple[int, int, int]  # time, size and number of the file it was read from
    status: int
    plain: Form
    zipped: Form
    tags: frozenset[bytes]
    changed_at: int  # seconds since the epoch, as Last-Modified says
    size: int  # bytes held


class Documents:
    """ASGI in front of `app`: answers GET and HEAD of what lies in `folder`, and passes the rest on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        folder: Path,
        base_url: str,
        hosts: Sequence[str] = (),
        asked: Collection[str] = (),
        hub: str = "",
        memory: int = MEMORY,
    ) -> None:
        """`hosts` are names to answer to beside the base URL's and this machine's own. A query changes nothing of a
        document, but for the paths `asked`, which then are the application's. Feeds name `hub` (WebSub, 4)."""
        self.app = app
        self._folder = os.fspath(folder)
        self._base_url = base_url
        self._hosts = {host_name(urlsplit(base_url).netloc), *LOOPBACK_NAMES, *(h.lower() for h in hosts)}
        self._asked = frozenset(asked)
        self._hub = hub
        self._memory = memory
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._size = 0
        self._known_hosts: dict[bytes, bool] = {}
        self._takes_gzip: dict[bytes, bool] = {}
        self._security = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n != "cross-origin-resource-policy"]
        if base_url.startswith("https://"):
            self._security.append((b"strict-transport-security", STRICT_TRANSPORT.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass on."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            path, query, headers = scope["path"], scope["query_string"], scope["headers"]
            held = self.find(path, query)
            if held is None and self._is_large(path):
                held = await asyncio.to_thread(self._read, path)  # working out its ETag takes a while
            answer = None if held is None else self.choose(held, query, headers)
            if answer is not None:
                await _send(answer, send, is_head=scope["method"] == "HEAD")
                return
            if path == FIRST_FEED and held is None:
                await self._not_yet(scope, send)
                return
        elif scope["type"] == "http" and scope["method"] == "OPTIONS" and await self._allow(scope, send):
            return
        await self.app(scope, receive, send)

    # --- answering ----------------------------------------------------------------------------------------------

    def choose(self, held: Held, query: bytes, headers: RawHeaders) -> Answer | None:
        """What this request gets; None where it is refused, which the application says."""
        host = encoding = since = b""
        wanted: bytes | None = None
        for name, value in headers:
            if name == b"host":
                host = value
            elif name == b"accept-encoding":
                encoding = value if not encoding else encoding + b"," + value
            elif name == b"if-none-match":
                wanted = value if wanted is None else wanted + b"," + value
            elif name == b"if-modified-since":
                since = value
        if not self._is_ours(host):
            return None
        form = held.zipped if encoding and self._is_gzip_taken(encoding) else held.plain
        if held.status == 200 and has_it(wanted, since, tags=held.tags, changed_at=held.changed_at):
            return form.unchanged
        return form.kept if query else form.whole

    def _is_ours(self, host: bytes) -> bool:
        known = self._known_hosts.get(host)
        if known is None:
            known = host_name(host.decode("latin-1")) in self._hosts
            _remember(self._known_hosts, host, known)
        return known

    def _is_gzip_taken(self, header: bytes) -> bool:
        known = self._takes_gzip.get(header)
        if known is None:
            known = accepts_gzip(header.decode("latin-1"))
            _remember(self._takes_gzip, header, known)
        return known

    async def _not_yet(self, scope: Scope, send: Send) -> None:
        words = b"The feed has not been rendered yet. Ask again in a minute.\n"
        told = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"retry-after", b"60"),
            (b"cache-control", b"no-store"),
        ]
        headers = [*told, (b"content-length", str(len(words)).encode()), *self._security]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else words})

    async def _allow(self, scope: Scope, send: Send) -> bool:
        """Whether a browser's question was answered if a page from elsewhere may ask with validators (CORS)."""
        names = {name for name, _ in scope["headers"]}
        path: str = scope["path"]
        if b"access-control-request-method" not in names or ending_of(path) in _OF_PAGES or not self.find(path, b""):
            return False
        headers = [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", b"GET, HEAD"),
            (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
            (b"access-control-max-age", b"86400"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True

    # --- finding ------------------------------------------------------------------------------------------------

    def find(self, path: str, query: bytes) -> Held | None:
        """The document at this path, as it lies there now; None where there is none, or it is yet to be read."""
        if query and path in self._asked:
            return None
        held = self._held.get(path)
        if held is None:
            return None if not is_path(path) or self._is_large(path) else self._read(path)
        if held.seen == _look(held.place):
            self._held.move_to_end(path)
            return held
        self._forget(path)
        return None if self._is_large(path) else self._read(path)

    def _place(self, path: str, status: int) -> str:
        return f"{self._folder}/{file_of(path)}" if status == 200 else f"{self._folder}/{GONE}/{file_of(path)}"

    def _is_large(self, path: str) -> bool:
        if path in self._held or not is_path(path):
            return False
        seen = _look(self._place(path, 200))
        return seen is not None and seen[1] > HELD_UP_TO

    def _read(self, path: str) -> Held | None:
        """Read a document, and hold it from now on."""
        for status in (200, 410):
            place = self._place(path, status)
            seen = _look(place)
            if seen is None:
                continue
            try:
                held = self._made(path, place, status, seen)
            except OSError:  # replaced or taken away since we looked
                return None
            self._hold(path, held)
            return held
        return None

    def _hold(self, path: str, held: Held) -> None:
        self._forget(path)
        self._held[path] = held
        self._size += held.size
        while self._size > self._memory and len(self._held) > 1:
            self._forget(next(iter(self._held)))

    def _forget(self, path: str) -> None:
        held = self._held.pop(path, None)
        self._size -= 0 if held is None else held.size

    # --- making -------------------------------------------------------------------------------------------------

    def _made(self, path: str, place: str, status: int, seen: tuple[int, int, int]) -> Held:
        changed_at = seen[0] // 1_000_000_000
        plain, zipped, digest = _forms_of(Path(place), is_large=seen[1] > HELD_UP_TO)
        tag = f'"{digest}"'.encode()
        tag_zipped = f'"{digest}-gzip"'.encode()
        form = self._form(path, status, plain, tag, changed_at, is_zipped=False)
        other = form if zipped is None else self._form(path, status, zipped, tag_zipped, changed_at, is_zipped=True)
        return Held(
            place=place,
            seen=seen,
            status=status,
            plain=form,
            zipped=other,
            tags=frozenset({tag, tag_zipped}),
            changed_at=changed_at,
            size=1_000 + sum(len(b) for b in (plain, zipped) if isinstance(b, bytes)),
        )

    def _form(
        self, path: str, status: int, body: bytes | Large, tag: bytes, changed_at: int, *, is_zipped: bool
    ) -> Form:
        length = len(body) if isinstance(body, bytes) else body.size
        is_open = ending_of(path) not in _OF_PAGES
        told = [(b"cache-control", _cache_of(path, status)), (b"vary", b"Accept-Encoding")]
        if status == 200:
            at = format_datetime(datetime.fromtimestamp(changed_at, UTC), usegmt=True)
            told += [(b"etag", tag), (b"last-modified", at.encode())]
        if is_open:
            told += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag")]
        headers = [
            (b"content-type", media_type_of(path).encode()),
            (b"content-length", str(length).encode()),
            *([(b"content-encoding", b"gzip")] if is_zipped else []),
            *told,
            *self._links(path),
            (b"cross-origin-resource-policy", b"cross-origin" if is_open else b"same-origin"),
            *self._security,
        ]
        whole = _answer(status, headers, body)
        return Form(
            whole=whole,
            unchanged=_answer(304, told, b""),
            kept=_answer(status, _with_cache(headers, FOR_EVER), body) if path.startswith("/static/") else whole,
        )

    def _links(self, path: str) -> RawHeaders:
        """Where a subscriber finds the hub, and what it subscribes to there (WebSub, 4)."""
        if not self._hub or not (ending_of(path) in _FEEDS or media_type_of(path).startswith("application/feed+json")):
            return []
        return [(b"link", f'<{self._hub}>; rel="hub", <{self._base_url}{path}>; rel="self"'.encode())]


def _look(place: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(place)  # noqa: PTH116 - with each request, and a Path costs as much
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _answer(status: int, headers: RawHeaders, body: bytes | Large) -> Answer:
    lines = [f"HTTP/1.1 {status} {_PHRASES[status]}".encode(), *(b": ".join(pair) for pair in headers)]
    return Answer(status=status, headers=headers, head=b"\r\n".join([*lines, b""]), body=body)


def _cache_of(path: str, status: int) -> bytes:
    if status != 200:
        return GONE_CACHE
    if path.startswith("/static/"):
        return ASK_EACH_TIME
    return FILE_CACHE if ending_of(path) else PAGE_CACHE


def _with_cache(headers: RawHeaders, value: bytes) -> RawHeaders:
    return [(name, value if name == b"cache-control" else old) for name, old in headers]


def _forms_of(place: Path, *, is_large: bool) -> tuple[bytes | Large, bytes | Large | None, str]:
    """Identity, gzip where that is smaller, and the digest of the bytes."""
    beside = place.with_name(f"{place.name}.gz")
    if is_large:
        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:32]
        return Large(place), Large(beside) if _is_of_file(beside, digest) else None, digest
    body = place.read_bytes()
    zipped = _zipped(beside, body)
    return body, zipped if len(zipped) < len(body) else None, hashlib.sha256(body).hexdigest()[:32]


def _zipped(beside: Path, body: bytes) -> bytes:
    """The gzip form that lies beside the file, if it is of the same bytes; a publication may be under way."""
    try:
        stored = beside.read_bytes()
        if gzip.decompress(stored) == body:
            return stored
    except (OSError, EOFError, ValueError):
        pass
    return gzip.compress(body, 6, mtime=0)


def _is_of_file(beside: Path, digest: str) -> bool:
    try:
        with gzip.open(beside, "rb") as file:
            found = hashlib.sha256()
            while piece := file.read(PIECE):
                found.update(piece)
    except (OSError, EOFError, ValueError):
        return False
    return found.hexdigest()[:32] == digest


async def _send(answer: Answer, send: Send, *, is_head: bool) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if is_head or isinstance(answer.body, bytes):
        await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
    else:
        await _send_file(answer.body, send)


async def _send_file(large: Large, send: Send) -> None:
    for offset in range(0, large.size, PIECE):
        piece = await asyncio.to_thread(os.pread, large.number, PIECE, offset)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _remember(memo: dict[bytes, bool], key: bytes, value: bool) -> None:
    if len(memo) >= MEMO:
        memo.clear()
    memo[key] = value
