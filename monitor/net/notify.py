"""The door to the operator's own addresses: mail, chat, webhooks, by Apprise.

Every other way out goes through `net/client.py` and its guard (H4), because what it asks was named by the web. This one
goes through Apprise, another HTTP and SMTP stack, and is allowed for one reason: the addresses it is given were written
by the operator, in MONITOR_ALERTS, and by nobody else. They may well be private ones (a mail server beside us, a chat
in the same network) that the guard would refuse. No address from a feed, a page or a redirect comes here; redirects are
not followed; what is sent is text of ours.

Apprise runs in a process of its own for each message: its libraries stay out of the daemon, a receiver that drips its
answer is cut off by the deadline, and a stop need not wait for it. The address goes there by standard input, so that
no list of processes and no log shows it (D13, H29).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from monitor.model import Delivery
from monitor.net.target import plain

DEADLINE_SECONDS = 30.0  # for a message to one address, with all that Apprise does
_START_SECONDS = 30.0  # that Python and Apprise may take to start on a busy machine
_SECRET_LENGTH = 4  # of a part of an address: shorter ones are words like "me"
_PROCESS = "monitor.net.apprise_process"
_ROOT = Path(__file__).parents[2]


def name_address(address: str) -> str:
    """An address as it may be shown and logged: its kind, and a few letters that tell it from others."""
    kind, mark, _ = address.partition("://")
    shown = f"{plain(kind, 20)}://…" if mark else "…"
    return f"{shown} ({hashlib.sha256(address.encode()).hexdigest()[:6]})"


def mask(text: str, address: str) -> str:
    """`text` on one line, without anything that stands behind the scheme of `address`, except its host."""
    host = re.match(r"[^:]*://(?:[^/@]*@)?([^/:?@]+)", address)
    parts = re.split(r"[/:@?&=+,;#]+", address.partition("://")[2])
    is_named = host is not None and "." in host[1]
    secrets = {part for part in parts if len(part) >= _SECRET_LENGTH} - ({host[1]} if host and is_named else set())
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return " ".join(re.sub(r"(?<=://)[^/@\s]+@", "***@", text).split())


class Notifier:
    """Sends messages, one process for each. Safe to use from any thread; `close` cuts off what is under way."""

    def __init__(self, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        """`deadline_seconds` is real time for one message."""
        self._deadline = deadline_seconds
        self._lock = threading.Lock()
        self._is_closed = False
        self._running: set[subprocess.Popen[str]] = set()

    def send(self, address: str, *, title: str, body: str, key: str) -> Delivery:
        """Send to one address; whatever happens comes back as a value. `key` goes along where a header can take it."""
        asked = {"address": address, "title": title, "body": body, "key": key, "seconds": self._deadline}
        process = self._start()
        if process is None:
            return Delivery(is_delivered=False, detail="not sent: Monitor is stopping")
        try:
            said, complaint = process.communicate(json.dumps(asked), timeout=self._deadline + _START_SECONDS)
        except subprocess.TimeoutExpired:
            said, complaint = "", f"not finished after {self._deadline:.0f} s"
        finally:
            self._end(process)
        return _read(said, complaint)

    def close(self) -> None:
        """Cut off what is under way: it was not delivered, or will be delivered again under the same key."""
        with self._lock:
            self._is_closed = True
            for process in self._running:
                process.kill()

    def __enter__(self) -> Notifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._is_closed:
                return None
            process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", _PROCESS],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._running.add(process)
            return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.communicate()
        with self._lock:
            self._running.discard(process)


def _read(said: str, complaint: str) -> Delivery:
    """What the process answered; where it died without a word, that."""
    try:
        answer = json.loads(said.splitlines()[-1])
        detail, is_known = plain(str(answer["detail"])), bool(answer["is_known"])
        return Delivery(is_delivered=bool(answer["is_delivered"]), detail=detail, is_final=not is_known)
    except (ValueError, IndexError, KeyError, TypeError):
        why = complaint if complaint.startswith("not finished") else "the process that sends died"
        return Delivery(is_delivered=False, detail=why)
