"""Where in the text of feeds.yaml a change goes: the places that the nodes of the YAML reader mark.

Every place is found before anything is written; what is between them is never looked at. Layouts without a rule are
`Odd`; whether the outcome says what was meant, `catalogue_edit` finds out by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.model import Catalogue, Publisher, Source, SourceId
from monitor.stages.catalogue import SOURCE_KEYS
from monitor.stages.catalogue_lines import (
    Manner,
    Value,
    block_record,
    flow_pair,
    flow_record,
    publisher_values,
    scalar,
    source_values,
)

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z)")
_COMMA_AND_REST = re.compile(r"[ \t]*,[ \t]*(?:#[^\r\n]*)?\r?\n")
_COLON = re.compile(r"\s*:")
_BLANK_BEFORE = re.compile(r"(?:\A|(?<=\n))[ \t]*\r?\n\Z")
_EMPTY = {"kind": "feed", "aggregator": "false"}  # what a key says that is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What feeds.yaml is to say otherwise; in this order."""

    publishers: tuple[Publisher, ...] = ()  # to add, where the file does not name their id already
    added: tuple[Source, ...] = ()
    changed: tuple[Source, ...] = ()  # each takes the place of the source of its id
    removed: tuple[SourceId, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Put `text` in the place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


class Odd(Exception):
    """A layout that is valid YAML and that no rule here covers."""

    def __init__(self, reason: str, node: Node) -> None:
        super().__init__(reason)
        self.line = int(node.start_mark.line) + 1


def spliced(text: str, splices: Sequence[Splice]) -> str:
    """The text with every splice in its place."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def anchors(sources: Sequence[Source], added: Sequence[Source]) -> dict[int, list[Source]]:
    """Behind which source of the file each new one goes."""
    last = {source.publisher: index for index, source in enumerate(sources)}
    behind: dict[int, list[Source]] = {}
    for source in added:
        behind.setdefault(last.get(source.publisher, len(sources) - 1), []).append(source)
    return behind


def first_records(text: str, change: Change) -> Splice:
    """The first records of a file that has none."""
    manner = Manner(newline="\r\n" if "\r\n" in text else "\n")
    publishers = "".join(block_record(publisher_values(publisher), manner) for publisher in change.publishers)
    sources = "".join(block_record(source_values(source), manner) for source in change.added)
    gap = "" if not text or text.endswith("\n") else manner.newline
    lines = f"{gap}publishers:{manner.newline}{publishers}sources:{manner.newline}{sources}"
    return Splice(len(text), len(text), lines)


class Editor:
    """Finds the places of one text."""

    def __init__(self, text: str, catalogue: Catalogue, root: MappingNode) -> None:
        self.text = text
        self.catalogue = catalogue
        self.lists = {key.value: value for key, value in root.value if isinstance(value, SequenceNode)}
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._spaced: dict[int, bool] = {}

    def splices(self, change: Change) -> list[Splice]:
        """Every place that changes."""
        sources = self.lists["sources"]
        place = {source.id: index for index, source in enumerate(self.catalogue.sources)}
        found: list[Splice] = []
        if change.publishers:
            publishers = self.lists["publishers"]
            records = [publisher_values(publisher) for publisher in change.publishers]
            found.append(self._insertion(publishers, len(publishers.value) - 1, records))
        for index, added in anchors(self.catalogue.sources, change.added).items():
            found.append(self._insertion(sources, index, [source_values(source) for source in added]))
        for source in change.changed:
            index = place[source.id]
            before, after = source_values(self.catalogue.sources[index]), source_values(source)
            found += _Mapping(self, sources.value[index]).splices(before, after)
        found += [self._removal(sources, place[key]) for key in change.removed]
        return found

    # --- records of a list

    def _insertion(self, items: SequenceNode, index: int, records: Sequence[Mapping[str, Value]]) -> Splice:
        """New records behind the one at `index`."""
        manner = self._manner(items, index)
        item = items.value[index]
        if items.flow_style:
            at, glue = self.end(item), self._flow_glue(item)
            return Splice(at, at, "".join(f",{glue}{flow_record(record, manner)}" for record in records))
        gap = self.newline if self._is_spaced(items) else ""
        lines = "".join(gap + block_record(record, manner) for record in records)
        at = self._past(item)
        if at and self.text[at - 1] != "\n":  # the last line of a file that does not end in a line break
            return Splice(at, at, self.newline + lines.removesuffix(self.newline))
        return Splice(at, at, lines)

    def _flow_glue(self, item: MappingNode) -> str:
        """What stands before a record in brackets: a line of its own, or a space."""
        indent = self.text[self.line_start(item.start_mark.index) : item.start_mark.index]
        return " " if indent.strip() else f"{self.newline}{indent}"

    def _removal(self, items: SequenceNode, index: int) -> Splice:
        if items.flow_style:
            return self._flow_removal(items, index)
        start = self._dash(items, index)
        if self._is_spaced(items) and (blank := _BLANK_BEFORE.search(self.text, 0, start)):
            start = blank.start()
        return Splice(start, self._past(items.value[index]), "")

    def _flow_removal(self, items: SequenceNode, index: int) -> Splice:
        nodes = items.value
        start = self.line_start(nodes[index].start_mark.index)
        rest = _COMMA_AND_REST.match(self.text, self.end(nodes[index]))
        if rest is not None and not self.text[start : nodes[index].start_mark.index].strip():
            return Splice(start, rest.end(), "")
        if index + 1 < len(nodes):
            splice = Splice(nodes[index].start_mark.index, nodes[index + 1].start_mark.index, "")
            glue = self.text[self.end(nodes[index]) : splice.end]
        elif index:
            splice = Splice(self.end(nodes[index - 1]), self.end(nodes[index]), "")
            glue = self.text[splice.start : nodes[index].start_mark.index]
        else:
            raise Odd("a list of one in brackets", items)
        if "#" in glue:
            raise Odd("a comment between records in brackets", nodes[index])
        return splice

    def _manner(self, items: SequenceNode, index: int) -> Manner:
        item = items.value[index]
        dash = items.start_mark.column
        is_flow = bool(item.flow_style)
        is_beside = item.start_mark.line == self.text.count("\n", 0, self._dash(items, index)) if not is_flow else True
        return Manner(
            newline=self.newline,
            dash_column=dash,
            key_column=item.start_mark.column if is_beside and not is_flow else dash + 2,
            is_flow=is_flow,
            quotes_keys=item.value[0][0].style == '"',
        )

    def _dash(self, items: SequenceNode, index: int) -> int:
        """Where the line with the dash of a record begins."""
        since = self.end(items.value[index - 1]) if index else self.line_start(items.start_mark.index)
        dash = re.compile(rf"(?m)^ {{{items.start_mark.column}}}-(?=\s)")
        if (found := dash.search(self.text, since, items.value[index].start_mark.index)) is None:
            raise Odd("the place of the dash before this record", items.value[index])
        return found.start()

    def _past(self, item: MappingNode) -> int:
        """Where the line after a record begins; comments that are indented as its keys are belong to it."""
        at = self.line_after(self.end(item), item)
        if item.flow_style:
            return at
        comment = re.compile(rf" {{{item.start_mark.column},}}#[^\r\n]*(?:\r?\n|\Z)")
        while found := comment.match(self.text, at):
            at = found.end()
        return at

    def _is_spaced(self, items: SequenceNode) -> bool:
        """Whether a blank line parts most records that have nothing else between them."""
        if id(items) not in self._spaced:
            self._spaced[id(items)] = self._has_blank_gaps(items)
        return self._spaced[id(items)]

    def _has_blank_gaps(self, items: SequenceNode) -> bool:
        gaps = [
            self.text[self.end(left) : self._dash(items, index)]
            for index, left in enumerate(items.value[:-1], start=1)
            if left.start_mark.line < items.value[index].start_mark.line
        ]
        gaps = [gap for gap in gaps if "#" not in gap]
        return sum(gap.count("\n") > 1 for gap in gaps) * 2 > len(gaps)

    # --- marks

    def end(self, node: Node) -> int:
        """Where the last letter of a value ends: the end mark of a block stands behind the comments that follow it."""
        if isinstance(node, MappingNode) and not node.flow_style:
            return self.pair_end(*node.value[-1])
        if isinstance(node, SequenceNode) and not node.flow_style:
            return max(self.end(item) for item in node.value)
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        return start + len(self.text[start:end].rstrip())

    def pair_end(self, key: Node, value: Node) -> int:
        """Where a key with its value ends, also where there is no value."""
        return self.end(value) if not _is_empty(value) else self.colon_end(key)

    def colon_end(self, key: Node) -> int:
        if (colon := _COLON.match(self.text, key.end_mark.index)) is None:
            raise Odd("a key without its colon behind it", key)
        return colon.end()

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_after(self, at: int, node: Node) -> int:
        """Where the next line begins; nothing but a comment may stand between."""
        if (rest := _REST_OF_LINE.match(self.text, at)) is None:
            raise Odd("something on the line behind this", node)
        return rest.end()


class _Mapping:
    """One record that is there, and the places of its keys."""

    def __init__(self, editor: Editor, node: MappingNode) -> None:
        self.editor = editor
        self.node = node
        self.pairs: dict[str, tuple[ScalarNode, ScalarNode]] = {key.value: (key, value) for key, value in node.value}

    def splices(self, before: Mapping[str, Value], after: Mapping[str, Value]) -> list[Splice]:
        """What turns a record that says `before` into one that says `after`."""
        gone = [key for key in before if key not in after]
        found = [self._removal(key) for key in gone]
        there = [key for key in after if key in self.pairs and before.get(key) != after[key]]
        found += [self._value(key, str(after[key])) for key in there]
        new = [key for key in after if key not in self.pairs]
        order = SOURCE_KEYS
        at: dict[str, list[str]] = {}
        for key in new:
            earlier = [k for k in order[: order.index(key)] if k in self.pairs and k not in gone]
            at.setdefault(earlier[-1] if earlier else "id", []).append(key)
        found += [self._insertion(beside, {key: after[key] for key in keys}) for beside, keys in at.items()]
        return found

    def _value(self, key: str, text: str) -> Splice:
        """Another value for a key that is there."""
        name, value = self.pairs[key]
        is_flow = bool(self.node.flow_style)
        if _is_empty(value):
            at = self.editor.colon_end(name)
            return Splice(at, at, f" {scalar(text, is_flow=is_flow)}")
        start, end = int(value.start_mark.index), self.editor.end(value)
        if value.style in ("|", ">"):
            if "#" in self.editor.text[start:end].splitlines()[0]:
                raise Odd("a comment behind | or >", value)
            return Splice(start, end, scalar(text))
        return Splice(start, end, scalar(text, value.style, is_flow=is_flow))

    def _insertion(self, beside: str, values: Mapping[str, Value]) -> Splice:
        """New keys behind one that is there."""
        editor, (name, value) = self.editor, self.pairs[beside]
        at = editor.pair_end(name, value)
        if self.node.flow_style:
            manner = Manner(quotes_keys=name.style == '"')
            return Splice(at, at, "".join(f", {flow_pair(key, text, manner)}" for key, text in values.items()))
        at = editor.line_after(at, value)
        pad = " " * int(self.node.start_mark.column)
        lines = "".join(f"{pad}{key}: {scalar(str(text))}{editor.newline}" for key, text in values.items())
        if editor.text[at - 1] != "\n":
            return Splice(at, at, editor.newline + lines.removesuffix(editor.newline))
        return Splice(at, at, lines)

    def _removal(self, key: str) -> Splice:
        """The line of a key; where it shares its line with other things, the value that says as much as no key."""
        name, value = self.pairs[key]
        start = self.editor.line_start(name.start_mark.index)
        if self.node.flow_style or self.editor.text[start : name.start_mark.index].strip():
            return self._value(key, _EMPTY[key]) if key in _EMPTY else self._emptied(key)
        return Splice(start, self.editor.line_after(self.editor.pair_end(name, value), value), "")

    def _emptied(self, key: str) -> Splice:
        _, value = self.pairs[key]
        return Splice(int(value.start_mark.index), self.editor.end(value), "null")


def _is_empty(value: Node) -> bool:
    return isinstance(value, ScalarNode) and value.start_mark.index == value.end_mark.index
