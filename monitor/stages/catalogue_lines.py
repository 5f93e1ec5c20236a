"""A publisher or a source → the lines of feeds.yaml that say it, in the manner of the lines around them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.model import Kind, Publisher, Source

Value = str | tuple[str, ...]

# Begins with a letter or digit, and has no ": " and no " #" in it; between brackets, nothing that could end it.
_PLAIN = re.compile(r"(?=[^\W_])(?:[^\s:#]|:(?=\S)|(?<=\S)#|(?<=\S) (?=[^\s#]))+(?<!:)")
_PLAIN_IN_FLOW = re.compile(r"[^\W_](?:[\w./-]|(?<=\S) (?=\S))*")
_NULLS = {"null", "Null", "NULL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the neighbours of a new record are written."""

    newline: str = "\n"
    dash_column: int = 2
    key_column: int = 4
    is_flow: bool = False  # {id: a, name: b}
    quotes_keys: bool = False  # {"id": "a", "name": "b"}, as JSON does


def publisher_values(publisher: Publisher) -> dict[str, Value]:
    """The keys that say a publisher, in their order; defaults are left out."""
    values: dict[str, Value] = {"id": publisher.id, "name": publisher.name}
    if publisher.domains:
        values["domains"] = publisher.domains
    if publisher.owner is not None:
        values["owner"] = publisher.owner
    return values


def source_values(source: Source) -> dict[str, Value]:
    """The keys that say a source, in their order; defaults are left out."""
    values: dict[str, Value | None] = {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": None if source.kind is Kind.FEED else source.kind.value,
        "selector": source.selector,
        "origin": source.origin.value,
        "tier": source.tier.value,
        "publisher": source.publisher,
        "provider": source.provider,
        "language": source.language,
        "every": None if source.cadence is None else cadence_word(source.cadence),
        "aggregator": "true" if source.is_aggregator else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def cadence_word(cadence: timedelta) -> str:
    """A cadence as feeds.yaml writes it: 30m, 2h or 1d."""
    minutes = int(cadence.total_seconds() // 60)
    for unit, length in (("d", 1_440), ("h", 60)):
        if minutes and minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def block_record(values: Mapping[str, Value], manner: Manner) -> str:
    """The lines of a record as an item of a list, each with its line break."""
    if manner.is_flow:
        return f"{' ' * manner.dash_column}- {flow_record(values, manner)}{manner.newline}"
    lines = [f"{key}: {_block_value(value)}" for key, value in values.items()]
    first = " " * manner.dash_column + "-" + " " * (manner.key_column - manner.dash_column - 1) + lines[0]
    return "".join(
        f"{line}{manner.newline}" for line in [first, *(" " * manner.key_column + line for line in lines[1:])]
    )


def flow_record(values: Mapping[str, Value], manner: Manner) -> str:
    """A record between braces, on one line."""
    return "{" + ", ".join(flow_pair(key, value, manner) for key, value in values.items()) + "}"


def flow_pair(key: str, value: Value, manner: Manner) -> str:
    """One key and its value between braces."""
    style = '"' if manner.quotes_keys else None
    said = scalar(value, style, is_flow=True) if isinstance(value, str) else _list(value, style)
    return f"{scalar(key, style)}: {said}"


def scalar(text: str, style: str | None = None, *, is_flow: bool = False) -> str:
    """A text as one line of YAML: in the given quotes, else plain where that is safe."""
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    plain = _PLAIN_IN_FLOW if is_flow else _PLAIN
    if style is None and plain.fullmatch(text) and text.isprintable() and text not in _NULLS:
        return text
    return _double_quoted(text)


def _double_quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in quoted)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"


def _block_value(value: Value) -> str:
    return scalar(value) if isinstance(value, str) else _list(value, None)


def _list(values: tuple[str, ...], style: str | None) -> str:
    return "[" + ", ".join(scalar(value, style, is_flow=True) for value in values) + "]"
