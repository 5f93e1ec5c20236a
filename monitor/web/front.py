"""HTTP/1.1 for what lies ready: uvicorn's protocol, which writes a document as soon as its request has been read.

Most of what a publication is asked for is a GET of a document that lies in memory. For such a request no task is
started and no scope made: its answer, head and body, goes out in one write. Everything else is uvicorn's as before, and
what is answered here is answered with the same bytes there: `Documents` decides in both cases.

A connection is left to uvicorn while an earlier answer of it is under way or its reader is slow, so that answers keep
their order (RFC 9112 9.3.2) and nobody makes us hold more than the one answer that did not go out at once.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from monitor.web.documents import Answer, Documents, Held

COPIED_UP_TO = 65_536  # bytes: a longer body is not copied behind its head


class Front(HttpToolsProtocol):
    """One connection; `in_front` makes the class for documents."""

    documents: ClassVar[Documents]
    looked_at: ClassVar[dict[bytes, Held]]  # by what was asked for, until all that had come by now is answered

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """As uvicorn makes it."""
        super().__init__(config, server_state, app_state, _loop)
        self._ready: Answer | None = None
        self._idle_since: float | None = None  # by the loop's clock; None while something is asked

    # --- requests -----------------------------------------------------------------------------------------------

    def on_headers_complete(self) -> None:
        """Look whether the answer lies ready; else go uvicorn's way."""
        self._ready = self._find() if self._is_free() else None
        if self._ready is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A body says nothing to a document."""
        if self._ready is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Write what lies ready."""
        if self._ready is None:
            super().on_message_complete()
        else:
            self._write(self._ready)

    def _is_free(self) -> bool:
        """Whether nothing is under way here that this answer could overtake, and the reader keeps up."""
        is_idle = self.cycle is None or (self.cycle.response_complete and not self.pipeline)
        return is_idle and not self.flow.write_paused and not self.transport.is_closing() and not self.access_log

    def _find(self) -> Answer | None:
        parser = self.parser
        if parser.get_method() not in {b"GET", b"HEAD"} or self.expect_100_continue or parser.should_upgrade():
            return None
        path, _, query = self.url.partition(b"?")
        held = self.looked_at.get(self.url) or self._look(path, query)
        answer = None if held is None else self.documents.choose(held, query, self.headers)
        return answer if answer is not None and isinstance(answer.body, bytes) else None

    def _look(self, path: bytes, query: bytes) -> Held | None:
        """The document, looked at once for all requests that have come by now: a look costs as much as an answer."""
        held = self.documents.find(path.decode("ascii", "replace"), query)
        if held is not None:
            if not self.looked_at:
                self.loop.call_soon(self.looked_at.clear)
            self.looked_at[self.url] = held
        return held

    def _write(self, answer: Answer) -> None:
        self._ready = None
        parser, head = self.parser, answer.head
        for header in self.server_state.default_headers:
            head += b"%b: %b\r\n" % header
        is_kept = parser.should_keep_alive() and parser.get_http_version() == "1.1"
        head += b"\r\n" if is_kept else b"connection: close\r\n\r\n"
        body = b"" if parser.get_method() == b"HEAD" or not isinstance(answer.body, bytes) else answer.body
        if len(body) > COPIED_UP_TO:
            self.transport.writelines((head, body))
        else:
            self.transport.write(head + body)
        if not is_kept:
            self.transport.close()
        self.on_response_complete()

    # --- idle connections ---------------------------------------------------------------------------------------
    # uvicorn sets a timer after each answer and takes it back with the next request, which costs a fifth of a 304. Here
    # one timer of a connection runs on, and looks when it ends for how long nothing was asked.

    def on_response_complete(self) -> None:
        """The next request that waits, or idleness."""
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._wait(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def _wait(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close what was idle for as long as is allowed."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return  # the end of what is under way begins anew
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._wait(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left behind, the timer either."""
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None


def in_front(documents: Documents) -> type[Front]:
    """The protocol that answers with these."""
    return type("Front", (Front,), {"documents": documents, "looked_at": {}})
