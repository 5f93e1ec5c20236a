"""What a document may do to a worker. Spawned processes import it by name, so it is small."""

from __future__ import annotations

import os
import signal
import time


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def vanish() -> None:
    os._exit(3)


def spin() -> None:
    while True:
        pass


def hang() -> None:
    time.sleep(60)


def hoard() -> int:
    return len(b"x" * (300 * 2**20))


def break_down() -> None:
    raise ValueError("a library's own fault")


def interrupt() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"
