"""The jobs in a process of their own, beside the web: neither waits for the other's processor time.

The process is told what to do on its standard input, which stays open: once it ends, whoever started it is gone, and
so are the jobs. One that dies is started again, ever more slowly; what it was at is found by the next (F8, F15).
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from monitor.log import get_log
from monitor.model import Clock
from monitor.settings import Settings

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before a process that died is started again
PATIENCE = 8.0
_COMMAND = (sys.executable, "-m", "monitor.cli.work")
_log = get_log()


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the process is told."""

    settings: Settings
    clock: Clock
    is_brisk: bool = False  # beside a simulated press
    is_again: bool = False  # one before this died: feeds.yaml may have changed in between


class Beside:
    """The jobs beside this process, from entering until leaving. A context manager."""

    def __init__(self, order: Order, *, command: tuple[str, ...] = _COMMAND, patience: float = PATIENCE) -> None:
        """`command` reads the order and obeys its end; `patience` is how many seconds it gets to stop in."""
        self._order = order
        self._patience = patience
        self._command = command
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_running, name="jobs", daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.expect_end()
        self._watch.join()

    def is_alive(self) -> bool:
        """Whether the process runs: False between its death and the next start."""
        return self._process is not None and self._process.poll() is None

    def expect_end(self) -> None:
        """Everything stops: the process is told so, and not started again. Safe within a signal's handler."""
        self._stopping.set()

    def _keep_running(self) -> None:
        wait, order = FIRST_WAIT, self._order
        while not self._stopping.is_set():
            began = time.monotonic()
            status = self._run_once(order)
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT if time.monotonic() - began > LONGEST_WAIT else min(2 * wait, LONGEST_WAIT)
            _log.error("the jobs ended, and are started again", status=status, in_seconds=wait)
            self._stopping.wait(wait)
            order = replace(order, is_again=True)

    def _run_once(self, order: Order) -> int:
        """The status with which the process ended: by itself, or because everything stops."""
        with subprocess.Popen(self._command, stdin=subprocess.PIPE) as process:  # noqa: S603 - our own module
            assert process.stdin is not None
            self._process = process
            with suppress(BrokenPipeError):  # it died at once: its status says so
                process.stdin.write(pickle.dumps(order))
                process.stdin.flush()
            while process.poll() is None and not self._stopping.wait(0.2):
                pass
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                return process.wait(self._patience)
            except subprocess.TimeoutExpired:  # what it was at is found by the next start
                process.kill()
                return process.wait()


def read_order() -> Order:
    """What standard input says, in the process itself: from whoever started it, and from nobody else."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301
    assert isinstance(order, Order)
    return order


def wait_for_end(ended: threading.Event) -> None:
    """Set `ended` once standard input ends, and with it whoever started this process."""
    while sys.stdin.buffer.read(1024):
        pass
    ended.set()
