"""A register that a person wrote as YAML → its records with their lines, and every fault at once.

What codebook, providers and owners share: a file with faults is refused whole (FaultyFile), each fault with its line,
so that what ran before goes on running.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

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


class _Places:
    """On which lines the items of a list, or the keys of a block, begin, from zero.

    A key that is no text, or is written in another way than it is told, is taken to stand where its block begins.
    """

    __slots__ = ("_keys", "_lines")

    def __init__(self, begin: Node, parts: Sequence[Node], *, is_block: bool = False) -> None:
        self._lines = array("L", (begin.start_mark.line, *(part.start_mark.line for part in parts)))
        self._keys = [part.value for part in parts] if is_block else []

    def item(self, index: int) -> tuple[int]:
        return (self._lines[index + 1],)

    def key(self, key: object) -> tuple[int]:
        return (self._lines[self._keys.index(str(key)) + 1 if str(key) in self._keys else 0],)


class _List(list[Any]):
    __slots__ = ("lc",)
    lc: _Places


class _Block(dict[Any, Any]):
    __slots__ = ("lc",)
    lc: _Places


class _Constructor(SafeConstructor):
    """Plain lists and blocks that know their places; no comments, for nobody writes them back: a quarter less time."""

    def make_list(self, node: SequenceNode) -> Iterator[_List]:
        made = _List()
        made.lc = _Places(node, node.value)
        yield made
        made.extend(self.construct_sequence(node))

    def make_block(self, node: MappingNode) -> Iterator[_Block]:
        made = _Block()
        yield made
        made.update(self.construct_mapping(node))  # which puts what is merged (<<) among the node's own
        made.lc = _Places(node, [key for key, _ in node.value], is_block=True)


_Constructor.add_constructor("tag:yaml.org,2002:seq", _Constructor.make_list)
_Constructor.add_constructor("tag:yaml.org,2002:map", _Constructor.make_block)


@lru_cache(4)  # a third of a second for a large register; the same few texts are read again by every part that starts
def _load(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    return yaml.load(text)


def records(sequence: Any) -> Iterator[tuple[Any, int]]:
    """The items of a list of the document, each with its line."""
    for index, record in enumerate(sequence):
        yield record, sequence.lc.item(index)[0] + 1 if isinstance(sequence, _List) else 1


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
