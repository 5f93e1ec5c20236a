"""Worker processes for parsing and extraction: each can hang, crash or eat memory, and dies alone (H9, H26, H27).

The processes are spawned, so that they share nothing with the daemon's threads; each works on one document at a time,
so that lxml never runs in two threads of one process; Ctrl-C is left to the parent, and a worker whose parent is gone
ends by itself. Idle workers sleep. What they run is named, not imported: the parsers' libraries are large and are
loaded in the workers alone.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures import CancelledError, Future, InvalidStateError
from multiprocessing import connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from monitor.later import later
from monitor.model import Failure, Kind, ParsedFeed, Unparsable

if TYPE_CHECKING:
    import pebble

    from monitor.model import Page
else:
    pebble = later("pebble")  # a round in which nothing is new starts no worker

_DOCUMENTS_PER_WORKER = 1_000  # then a fresh process: what a library leaks goes with the old one
_SMALL_FEED = b"<rss version='2.0'><channel><item><title>A</title></item></channel></rss>"
_SMALL_PAGE = (
    b"<html><body><article>" + b"<p>A few words of an article, to begin with.</p>" * 9 + b"</article></body></html>"
)

_PATIENCE = 6
_NICE = 10  # whoever waits for a page of the desk goes before a document
_PARSE_FEED = "monitor.stages.parse:parse_feed"
_READ_DOCUMENT = "monitor.stages.read:read_document"
_EXTRACT_PAGE = "monitor.stages.page:extract_page"
_STRIP_MARKUP = "monitor.stages.page:strip_markup"


class Workers:
    """`count` worker processes. Safe to share between threads.

    Answers are futures that never raise for a document's sake; those that `close` overtakes come back cancelled.
    `memory_bytes` is what a worker may take beyond its own start. `timeout_seconds` is the processor time for one
    document, so that a busy machine loses none; one that waits instead is stopped after _PATIENCE times as long.
    """

    def __init__(
        self,
        count: int,
        *,
        timeout_seconds: float = 10.0,
        memory_bytes: int = 512 * 1024 * 1024,
        expects_pages: bool = True,
    ) -> None:
        """Without `expects_pages` what reads a page is loaded by the first that comes, in its time."""
        self.count = count
        self._expects_pages = expects_pages
        self._timeout = timeout_seconds
        self._memory = memory_bytes
        self._lock = threading.Lock()
        self._pool: pebble.ProcessPool | None = None
        self._is_closed = False
        self._unanswered: set[Future[Any]] = set()

    def parse_feed(self, body: bytes, *, url: str, content_type: str | None = None) -> Future[ParsedFeed | Unparsable]:
        """`stages.parse.parse_feed` in a worker."""
        return self.submit(_PARSE_FEED, body, url=url, content_type=content_type)

    def read_document(
        self, body: bytes, *, kind: Kind, selector: str | None = None, url: str, content_type: str | None = None
    ) -> Future[ParsedFeed | Unparsable]:
        """`stages.read.read_document` in a worker."""
        return self.submit(_READ_DOCUMENT, body, kind=kind, selector=selector, url=url, content_type=content_type)

    def extract_page(self, body: bytes, *, url: str, content_type: str | None = None) -> Future[Page | Unparsable]:
        """`stages.page.extract_page` in a worker."""
        return self.submit(_EXTRACT_PAGE, body, url=url, content_type=content_type)

    def strip_markup(self, markup: str) -> Future[str | Unparsable]:
        """`stages.page.strip_markup` in a worker."""
        return self.submit(_STRIP_MARKUP, markup)

    def submit(self, function: str, *args: object, **kwargs: object) -> Future[Any]:
        """Run `function`, written "module:name", in a worker; its value, or Unparsable where that failed."""
        answer: Future[Any] = Future()
        with self._lock:
            if self._is_closed:
                _cancel(answer)
                return answer
            self._unanswered.add(answer)
            answer.add_done_callback(self._unanswered.discard)
            pool = self._running_pool()
            task = pool.schedule(
                _run_within, args=(self._timeout, function, *args), kwargs=kwargs, timeout=_PATIENCE * self._timeout
            )
        task.add_done_callback(lambda done: self._answer(done, answer))
        return answer

    def close(self) -> None:
        """Kill what runs and end all workers; what was not answered is cancelled."""
        with self._lock:
            self._is_closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
        for answer in tuple(self._unanswered):  # pebble leaves some of them open
            _cancel(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _running_pool(self) -> pebble.ProcessPool:
        """The pool; a new one where the last broke."""
        if self._pool is None or not self._pool.active:
            self._pool = pebble.ProcessPool(
                max_workers=self.count,
                max_tasks=_DOCUMENTS_PER_WORKER,
                initializer=_start,
                initargs=(self._memory, self._expects_pages),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _answer(self, task: Future[Any], answer: Future[Any]) -> None:
        if task.cancelled() or (self._is_closed and task.exception() is not None):
            _cancel(answer)
            return
        with contextlib.suppress(InvalidStateError):
            answer.set_result(self._outcome(task))

    def _outcome(self, task: Future[Any]) -> Any:
        try:
            return task.result()
        except TimeoutError:
            return _failed(Failure.TIMEOUT, f"took more than {_PATIENCE * self._timeout:g} s and was stopped")
        except MemoryError:
            return _failed(Failure.TOO_LARGE, f"took more than {self._memory // 2**20} MiB of memory")
        except pebble.ProcessExpired as error:
            if error.exitcode == -signal.SIGPROF:
                return _failed(
                    Failure.TIMEOUT, f"took more than {self._timeout:g} s of processor time, and was stopped"
                )
            return _failed(Failure.UNPARSABLE, f"the worker process died ({_cause(error.exitcode)})")
        except Exception as error:  # a fault of a parser, or of ours: this document's alone
            return _failed(Failure.UNPARSABLE, f"the parser failed: {type(error).__name__}: {error}"[:300])


def _cancel(answer: Future[Any]) -> None:
    """End it as cancelled. Not by `Future.cancel`: `futures.wait` would go on waiting for one that never ran."""
    with contextlib.suppress(InvalidStateError):
        answer.set_exception(CancelledError())


def _failed(kind: Failure, detail: str) -> Unparsable:
    return Unparsable(kind=kind, detail=detail)


def _cause(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return signal.Signals(-exitcode).name
    return f"exit status {exitcode}"


# --- in the worker ----------------------------------------------------------------------------------------------


def _start(memory_bytes: int, expects_pages: bool) -> None:
    """Before the first document: limits, and what to do when the parent interrupts, kills or vanishes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, also from within a library's C code
    os.nice(_NICE)
    with contextlib.suppress(Exception):  # a fault here would end each worker before it could say so of a document
        _run(_PARSE_FEED, _SMALL_FEED, url="")  # loads the libraries: no document's time pays for it
        if expects_pages:
            _run(_EXTRACT_PAGE, _SMALL_PAGE, url="")
    limit = _address_space() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _run_within(seconds: float, function: str, *args: object, **kwargs: object) -> Any:
    """The kernel ends the process when its time is up, also within a library's C code."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return _run(function, *args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _run(function: str, *args: object, **kwargs: object) -> Any:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*args, **kwargs)


def _address_space() -> int:
    """Bytes of address space in use: libraries reserve far more than they touch."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
