"""What polling a mailbox needs beside the visit: its password, and a worker for each message."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.jobs.workers import Workers
from monitor.log import get_log
from monitor.model import Entry, Failure, ParsedFeed, SourceId, Unparsable
from monitor.net.guard import Refusal
from monitor.stages.address import password_variable

_READ_MESSAGE = "monitor.stages.mail:read_message"
_LONGEST = 1_000  # characters of a password
_log = get_log()


@dataclass(frozen=True, slots=True)
class Passwords:
    """Where the passwords of mailboxes lie: a file each, or a variable each. None is ever kept in memory for long."""

    folder: Path
    environment: Mapping[str, str]

    def __call__(self, source: SourceId) -> str:
        """The password of a source; raises Refusal with what to do where there is none, or others can read it."""
        path, variable = self.folder / source, password_variable(source)
        what_to_do = f"monitor sources password {source} puts it into {path} (mode 0600); or set {variable}"
        try:
            if path.parent == self.folder and path.is_file():
                if path.stat().st_mode & 0o077:
                    detail = f"other users of this machine can read the password in {path}: chmod 600 {path}"
                    raise Refusal(Failure.LOGIN, detail)
                found = path.read_text("utf-8").strip("\r\n")
            else:
                found = self.environment.get(variable, "")
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(Failure.LOGIN, f"the password in {path} cannot be read ({error}): {what_to_do}") from None
        if not found or len(found) > _LONGEST or any(c in found for c in "\0\r\n"):
            raise Refusal(Failure.LOGIN, f"there is no password for the mailbox {source}: {what_to_do}")
        return found


def read_messages(
    workers: Workers, messages: Sequence[bytes], *, notes: Sequence[str] = ()
) -> Future[ParsedFeed | Unparsable]:
    """The entries of a visit's messages, each read in a worker of its own turn.

    A message that crashes a worker, or that takes too long, is named in the notes and left out: the others arrive.
    Cancelled as a whole where `workers` are closed.
    """
    gathering = _Gathering(count=len(messages), notes=notes)
    for place, raw in enumerate(messages):
        read: Future[Any] = workers.submit(_READ_MESSAGE, raw)
        read.add_done_callback(lambda done, place=place: gathering.take(place, done))  # type: ignore[misc]
    return gathering.answer


class _Gathering:
    """One future for many."""

    def __init__(self, *, count: int, notes: Sequence[str]) -> None:
        self.answer: Future[ParsedFeed | Unparsable] = Future()
        self._entries: dict[int, Entry] = {}
        self._notes = list(notes)
        self._left = count
        self._lock = threading.Lock()
        if not count:
            self._conclude()

    def take(self, place: int, done: Future[Any]) -> None:
        """One message was read, or not."""
        with self._lock:
            self._left -= 1
            is_last = not self._left
            try:
                read = done.result()
            except CancelledError as cancelled:
                _settle(self.answer, error=cancelled)
                return
            if isinstance(read, Entry):
                self._entries[place] = read
            else:
                self._notes.append(f"a message could not be read: {read.detail}")
                _log.warning("a message could not be read", detail=read.detail)
        if is_last:
            self._conclude()

    def _conclude(self) -> None:
        entries = tuple(self._entries[place] for place in sorted(self._entries))
        _settle(self.answer, ParsedFeed(format="mail", title="", entries=entries, notes=tuple(self._notes)))


def _settle(
    answer: Future[ParsedFeed | Unparsable], value: ParsedFeed | None = None, error: BaseException | None = None
) -> None:
    try:
        if error is not None:
            answer.set_exception(error)
        elif value is not None:
            answer.set_result(value)
    except InvalidStateError:  # it was settled before: one of the messages was cancelled
        return
