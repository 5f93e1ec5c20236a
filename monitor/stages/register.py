"""A register that a person wrote as YAML → its records with their lines, and every fault at once.

What codebook, providers and owners share: a file with faults is refused whole (FaultyFile), each fault with its line,
so that what ran before goes on running.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from monitor.errors import FaultyFile
from monitor.model import Complaint


def load_register(text: str, *, file: str) -> Any:
    """The document, its places kept, to be read and never written to; raises FaultyFile where it is not YAML."""
    try:
        return _load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1
        reason = f"is not YAML: {error.problem or error.context}"
        raise FaultyFile([Complaint(file=file, line=line, subject="file", reason=reason)]) from None
    except YAMLError as error:
        raise FaultyFile([Complaint(file=file, line=None, subject="file", reason=f"is not YAML: {error}")]) from None


@lru_cache(4)  # half a second for a large register; the same few texts are read again by every part that starts
def _load(text: str) -> Any:
    return YAML(typ="rt").load(text)


def records(sequence: Any) -> Iterator[tuple[Any, int]]:
    """The items of a list of the document, each with its line."""
    for index, record in enumerate(sequence):
        yield record, sequence.lc.item(index)[0] + 1


def plain(value: object) -> str:
    """A text as one line; empty where it is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


class Faults:
    """Complaints of one file, gathered so that all are told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Complaint] = []

    def make(self, line: int | None, subject: str, reason: str) -> Complaint:
        return Complaint(file=self.file, line=line, subject=subject, reason=reason)

    def add(self, line: int | None, subject: str, reason: str) -> None:
        self.found.append(self.make(line, subject, reason))

    def refuse_unknown_keys(
        self, record: Mapping[str, Any], known: Collection[str], line: int | None, subject: str
    ) -> None:
        for key in record:
            if key not in known:
                self.add(line, subject, f"{key!r} is not a field here; known are {', '.join(sorted(known))}")

    def refuse(self) -> None:
        """Raise FaultyFile where anything was found."""
        if self.found:
            raise FaultyFile(self.found)
