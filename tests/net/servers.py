"""A recording server that answers as a test says, byte for byte, and can misbehave.

Every request is kept as it came. An answer is bytes, or a function that is given the request and the socket and does
as it likes. Loopback only; connections are bounded and end with the server.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

MAX_CONNECTIONS = 1_000


@dataclass(frozen=True)
class Recorded:
    """One request, as it came."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]  # in order, names as sent
    began: float  # monotonic seconds when the request was complete
    body: bytes = b""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def names(self) -> list[str]:
        return [key.lower() for key, _ in self.headers]


Answer = bytes | Callable[[Recorded, socket.socket], bytes | None]


def http(
    status: int = 200, body: bytes = b"", *headers: tuple[str, str], length: int | None = None, reason: str = "Said"
) -> bytes:
    """A proper answer; `length` tells a lie."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def moved(status: int, location: str) -> bytes:
    return http(status, b"", ("Location", location))


def drip(*pieces: bytes, every: float, then: bytes = b"", for_seconds: float = 20.0) -> Answer:
    """Send the pieces, one each `every` seconds, the last one for ever."""

    def answer(request: Recorded, connection: socket.socket) -> None:
        ends = time.monotonic() + for_seconds
        waiting = list(pieces)
        with contextlib.suppress(OSError):
            while time.monotonic() < ends:
                connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])
                if every:
                    time.sleep(every)

    return answer


class RecordingServer:
    """Serves `answers` by path; a list is given out one by one, its last for ever. Unknown paths are 404."""

    def __init__(
        self,
        answers: Mapping[str, Answer | Sequence[Answer]] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        self.answers: dict[str, Answer | Sequence[Answer]] = dict(answers or {})
        self.requests: list[Recorded] = []
        self.connection_count = 0
        self.most_at_once = 0
        self._given: dict[str, int] = {}
        self._at_once = 0
        self._lock = threading.Lock()
        self._tls = tls
        self._max_connections = max_connections
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            waiting = list(self._open)
        for connection in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def __enter__(self) -> RecordingServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while self.connection_count < self._max_connections:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connection_count += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with self._lock:
            self._open.add(raw)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        connection = raw
        try:
            raw.settimeout(30)
            if self._tls is not None:
                connection = self._tls.wrap_socket(raw, server_side=True)
            for request in _requests(connection):
                with self._lock:
                    self.requests.append(request)
                    answer = self._next(request.path)
                sent = answer if isinstance(answer, bytes) else answer(request, connection)
                if sent is not None:
                    connection.sendall(sent)
                break  # one exchange per connection, as a server that answers Connection: close
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(raw)
                self._at_once -= 1
            connection.close()

    def _next(self, path: str) -> Answer:
        answer = self.answers.get(path, self.answers.get("*", http(404)))
        if isinstance(answer, bytes) or callable(answer):
            return answer
        place = self._given.get(path, 0)
        self._given[path] = place + 1
        return answer[min(place, len(answer) - 1)]


def _requests(connection: socket.socket) -> Iterator[Recorded]:
    held = b""
    while b"\r\n\r\n" not in held:
        data = connection.recv(65_536)
        if not data:
            return
        held += data
    raw, _, body = held.partition(b"\r\n\r\n")
    head, *lines = raw.decode("latin-1").split("\r\n")
    method, path, _ = head.split(" ", 2)
    pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    length = next((int(value) for name, value in pairs if name.lower() == "content-length"), 0)
    while len(body) < length and (data := connection.recv(65_536)):
        body += data
    yield Recorded(method=method, path=path, headers=pairs, began=time.monotonic(), body=body)
