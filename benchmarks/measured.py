"""What a command costs: processor time and memory of its process and of all that it starts."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one run. Memory is the peak resident set; `children_mib` the most that the processes which it started, and
    which were there at the same time, ever took together."""

    cpu_seconds: float
    wall_seconds: float
    main_mib: float
    children_mib: float


@dataclass(slots=True)
class _Watch:
    """Peaks of a process and of its descendants, by /proc: the kernel keeps each peak, so few looks are enough."""

    pid: int
    main_kib: int = 0
    children_kib: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.is_over.wait(_EVERY_SECONDS):
            self.main_kib = max(self.main_kib, _peak_kib(self.pid))
            self.children_kib = max(self.children_kib, sum(map(_peak_kib, _descendants(self.pid))))


class TookTooLong(Exception):
    """A command was stopped before its end."""


def measure(argv: Sequence[str], *, env: Mapping[str, str] | None = None, most: int | None = None) -> Cost:
    """Run a command to its end, its output thrown away; raises RuntimeError, with its last words, where it fails.

    Raises TookTooLong once its own process has used `most` seconds of the processor's time.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=os.environ | dict(env or {})
        )
        if most is not None:
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most + 5))
        watch = _Watch(process.pid)
        watcher = threading.Thread(target=watch.run)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.is_over.set()
        watcher.join()
        if most is not None and process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise TookTooLong(f"stopped after {most:,} s of processor time")
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{' '.join(argv)[:200]}: status {process.returncode}: {said.read()[-1000:]!r}")
    return Cost(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=time.monotonic() - began,
        main_mib=(watch.main_kib or usage.ru_maxrss) / 1024,
        children_mib=watch.children_kib / 1024,
    )


def _descendants(pid: int) -> list[int]:
    try:
        tasks = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    children = [int(child) for task in tasks for child in task]
    return [*children, *(below for child in children for below in _descendants(child))]


def _peak_kib(pid: int) -> int:
    """0 for a process that has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
