"""Text of feeds.yaml → Publishers and Sources, or complaints that name file, line, source and reason.

The text is read as nodes, never as objects: tags, anchors and aliases are refused where they begin, and every scalar
keeps the letters it was written with (the language `no` is Norwegian, in YAML 1.1 and 1.2 alike). All faults of a file
are found in one reading; a file with a single fault gives nothing (H30).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from cssselect import ExpressionError, HTMLTranslator, SelectorError
from cssselect.parser import Attrib
from cssselect.parser import Element as CssElement
from cssselect.xpath import XPathExpr
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionStartEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.errors import FaultyFile
from monitor.model import Catalogue, Complaint, Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.stages.address import MAX_URL, url_fault, url_key

MAX_CHARACTERS = 1_000_000  # some 4,000 sources
MAX_NODES = 40_000  # 20 a source; the YAML reader takes some 100 µs for each (H30)
MAX_COMPLAINTS = 200  # more of them help nobody
MAX_DEPTH = 8  # file, list, record, domains: four are in use
MAX_ID = 200  # the width of the column
MAX_NAME = 200
MAX_SELECTOR = 500  # a person wrote it; its translation grows with it (H9)
MIN_CADENCE = timedelta(minutes=15)  # P6
MAX_CADENCE = timedelta(days=30)

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CADENCE = re.compile(r"([0-9]{1,4}) ?([mhd])")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NULLS = {"", "~", "null", "Null", "NULL"}

_TOP_KEYS = ("publishers", "sources")
_PUBLISHER_KEYS = ("id", "name", "domains", "owner")
SOURCE_KEYS = (
    "id", "name", "url", "kind", "selector", "origin", "tier", "publisher", "provider", "language", "every",
    "aggregator",
)  # fmt: skip

_Word = TypeVar("_Word", bound=StrEnum)


def read_catalogue(text: str, *, file: str, providers: Collection[str] | None = None) -> Catalogue:
    """All of feeds.yaml, checked; raises FaultyFile with every complaint, in the order of their lines.

    `file` is only named in complaints. `providers` are the ids of the provider register; without them any provider
    is taken as it stands.
    """
    return read_with_nodes(text, file=file, providers=providers)[0]


def read_with_nodes(text: str, *, file: str, providers: Collection[str] | None = None) -> tuple[Catalogue, MappingNode]:
    """As `read_catalogue`, with the nodes it was read from: their marks say where in the text each value stands."""
    reading = _Reading(file, providers)
    catalogue = root = None
    with suppress(_TooMany):
        root = reading.compose(text)
        catalogue = reading.catalogue(root)
    if catalogue is None or reading.complaints or not isinstance(root, MappingNode):
        raise FaultyFile(sorted(reading.complaints, key=lambda c: c.line or 0))
    return catalogue, root


class _TooMany(Exception):
    """Enough complaints for one reading."""


class _PlainComposer(Composer):
    """Makes nodes of what a catalogue needs, and of nothing else: shallow, without tags, anchors and aliases."""

    depth = 0
    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if getattr(event, "anchor", None) is not None:  # of an alias, too
            raise ComposerError(None, None, "anchors and aliases are not read: write it out", event.start_mark)
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            raise ComposerError(None, None, "tags are not read", event.start_mark)
        if self.depth > MAX_DEPTH:
            raise ComposerError(None, None, "nested too deep", event.start_mark)
        if self.count >= MAX_NODES:
            raise ComposerError(None, None, f"more than {MAX_NODES:,} values", event.start_mark)
        self.count += 1
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Reading:
    """One reading of one file: what was found wrong so far, and which ids, URLs and domains are taken."""

    def __init__(self, file: str, providers: Collection[str] | None) -> None:
        self.file = file
        self.providers = providers
        self.complaints: list[Complaint] = []
        self._lines: dict[tuple[str, str], int] = {}  # (what, key) → the line that took it first

    def complain(self, line: int | None, subject: str, reason: str) -> None:
        if len(self.complaints) == MAX_COMPLAINTS:
            raise _TooMany
        self.complaints.append(Complaint(file=self.file, line=line, subject=_shown(subject), reason=reason))

    def take(self, what: str, key: str, node: Node, subject: str) -> None:
        """Complain where another line has the same id, URL or domain."""
        if (first := self._lines.setdefault((what, key), _line(node))) != _line(node):
            self.complain(_line(node), subject, f"the {what} {_shown(key)} is already on line {first}")

    def catalogue(self, root: Node | None) -> Catalogue | None:
        if root is None:
            return None
        top = _Record(self, root, "the file", _TOP_KEYS)
        publishers = tuple(p for node in top.items("publishers") if (p := self._publisher(node)))
        known = {p.id for p in publishers} | {PublisherId(key) for what, key in self._lines if what == "publisher id"}
        sources = tuple(s for node in top.items("sources") if (s := self._source(node, known)))
        if not self.complaints and not sources:
            self.complain(_line(root), "sources", "there is no source: the newsroom would fall silent")
        return Catalogue(publishers=publishers, sources=sources)

    def compose(self, text: str) -> Node | None:
        if len(text) > MAX_CHARACTERS:
            self.complain(None, "the file", f"has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
            return None
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _PlainComposer
        try:
            root = yaml.compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.complain(mark.line + 1 if mark else None, "the file", f"is not YAML: {error.problem or error.context}")
        except (YAMLError, ValueError) as error:
            self.complain(None, "the file", f"is not YAML: {_shown(str(error))}")
        else:
            if isinstance(root, Node):
                return root
            self.complain(None, "the file", "is empty: it needs `publishers:` and `sources:`")
        return None

    def _publisher(self, node: Node) -> Publisher | None:
        record = _Record(self, node, "a publisher", _PUBLISHER_KEYS)
        key = record.id("publisher id")
        name = record.text("name", is_required=True)
        domains = tuple(self._domains(record))
        owner = record.text("owner")
        if key is None or name is None:
            return None
        return Publisher(id=PublisherId(key), name=name, domains=domains, owner=owner)

    def _domains(self, record: _Record) -> Iterator[str]:
        for node in record.items("domains", is_required=False):
            domain = record.scalar(node, "domains")
            if domain is None:
                continue
            if not DOMAIN.fullmatch(domain):
                reason = f"{_shown(domain)} is not a domain: write a host name in lower case, without scheme or path"
                self.complain(_line(node), record.subject, reason)
                continue
            self.take("domain", domain, node, record.subject)
            yield domain

    def _source(self, node: Node, publishers: Collection[PublisherId]) -> Source | None:
        record = _Record(self, node, "a source", SOURCE_KEYS)
        before = len(self.complaints)
        key = record.id("id")
        kind = record.word("kind", Kind, default=Kind.FEED)
        values: dict[str, Any] = {
            "id": key,
            "name": record.text("name", is_required=True),
            "url": self._url(record, kind or Kind.FEED, key or ""),
            "kind": kind,
            "selector": self._selector(record, kind),
            "origin": record.word("origin", Origin),
            "tier": record.word("tier", Tier),
            "publisher": self._known(record, "publisher", publishers, "is not under `publishers:`", is_required=True),
            "provider": self._known(record, "provider", self.providers, "is not in the provider register"),
            "language": self._language(record),
            "cadence": self._cadence(record),
            "is_aggregator": record.flag("aggregator"),
        }
        if len(self.complaints) > before or not isinstance(node, MappingNode):
            return None
        return Source(**values | {"id": SourceId(values["id"])})

    def _url(self, record: _Record, kind: Kind, source: str) -> str | None:
        url = record.text("url", is_required=True, longest=MAX_URL)
        if url is None:
            return None
        if (reason := url_fault(url, kind, source=source)) is not None:
            record.complain("url", reason)
            return None
        self.take("url", url_key(url), record.nodes["url"], record.subject)
        return url

    def _selector(self, record: _Record, kind: Kind | None) -> str | None:
        value = record.text("selector", longest=MAX_SELECTOR)
        if value is None:
            return None
        if kind is not None and kind is not Kind.PAGE:
            record.complain("selector", f"a selector is for `kind: page`, and this source is a {kind}")
        elif (reason := _selector_fault(value)) is not None:
            record.complain("selector", reason)
        return value

    def _known(
        self,
        record: _Record,
        key: str,
        known: Collection[str] | None,
        fault: str,
        *,
        is_required: bool = False,
    ) -> str | None:
        value = record.text(key, is_required=is_required)
        if value is not None and known is not None and value not in known:
            record.complain(key, f"the {key} {_shown(value)} {fault}{_hint(value, known)}")
        return value

    def _language(self, record: _Record) -> str | None:
        value = record.text("language")
        if value is not None and not _LANGUAGE.fullmatch(value):
            record.complain("language", f"{_shown(value)} is not a language tag such as en, pt-BR or zh-Hans")
        return value

    def _cadence(self, record: _Record) -> timedelta | None:
        value = record.text("every")
        if value is None:
            return None
        if (match := _CADENCE.fullmatch(value)) is None:
            record.complain("every", f"{_shown(value)} is not a cadence such as 30m, 2h or 1d")
            return None
        cadence = int(match[1]) * _UNITS[match[2]]
        if cadence < MIN_CADENCE:
            record.complain("every", f"{value} is under 15 minutes: no source is asked more often")
        if cadence > MAX_CADENCE:
            record.complain("every", f"{value} is over 30 days: remove the source instead")
        return cadence


class _Record:
    """A mapping of the file, read key by key; whatever is wrong becomes a complaint with its line."""

    def __init__(self, reading: _Reading, node: Node, kind: str, keys: Collection[str]) -> None:
        self.reading = reading
        self.node = node
        self.subject = kind
        self.nodes: dict[str, Node] = {}
        self._key_nodes: dict[str, Node] = {}
        if not isinstance(node, MappingNode):
            reading.complain(_line(node), kind, f"must be a mapping with the keys {', '.join(keys)}")
            return
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "(a list or mapping)"
            if key == "id" and isinstance(value, ScalarNode) and value.value:
                self.subject = value.value
            self._keep(key, key_node, value, keys)

    def _keep(self, key: str, key_node: Node, value: Node, keys: Collection[str]) -> None:
        if key not in keys:
            self.reading.complain(_line(key_node), self.subject, f"the key {_shown(key)} is unknown{_hint(key, keys)}")
        elif key in self.nodes:
            self.reading.complain(
                _line(key_node), self.subject, f"the key {key} is also on line {_line(self.nodes[key])}"
            )
        else:
            self.nodes[key] = value
            self._key_nodes[key] = key_node

    def complain(self, key: str, reason: str) -> None:
        """Complain about the value of `key`, on the line of the key: the mark of an empty value is on the next."""
        self.reading.complain(_line(self._key_nodes.get(key, self.node)), self.subject, reason)

    def scalar(self, node: Node, key: str) -> str | None:
        """The letters of a scalar; None, with a complaint, for anything else; None in silence for nothing."""
        if not isinstance(node, ScalarNode):
            self.reading.complain(_line(node), self.subject, f"{key} must be text, not a list or mapping")
            return None
        is_plain = node.style is None
        value: str = node.value
        return None if is_plain and value in _NULLS else value.strip()

    def text(self, key: str, *, is_required: bool = False, longest: int = MAX_NAME) -> str | None:
        """The text under `key`; None where there is none, with a complaint where there must be one."""
        if key not in self.nodes:
            if is_required and isinstance(self.node, MappingNode):
                self.complain(key, f"{key} is missing")
            return None
        before = len(self.reading.complaints)
        value = self.scalar(self.nodes[key], key)
        if len(self.reading.complaints) > before:
            return None
        if not value:
            if is_required:
                self.complain(key, f"{key} is empty")
            return None
        if len(value) > longest:
            self.complain(key, f"{key} has {len(value):,} characters; at most {longest:,} are allowed")
            return None
        if _UNPRINTABLE.search(value):
            self.complain(key, f"{key} contains control characters")
            return None
        return value

    def id(self, what: str) -> str | None:
        """The record's own id, unique among its kind."""
        value = self.text("id", is_required=True, longest=MAX_ID)
        if value is None:
            return None
        if not _ID.fullmatch(value):
            self.complain("id", f"the id {_shown(value)} may hold a-z, 0-9, dot, dash and underscore only")
        self.reading.take(what, value, self.nodes["id"], self.subject)
        return value

    def word(self, key: str, words: type[_Word], *, default: _Word | None = None) -> _Word | None:
        """One of a fixed set of words; required where there is no default."""
        before = len(self.reading.complaints)
        value = self.text(key, is_required=default is None)
        if value is None:
            return default if len(self.reading.complaints) == before else None
        if value not in set(words):
            hint = _hint(value, list(words)) or f"; use {', '.join(words)}"
            self.complain(key, f"the {key} {_shown(value)} is unknown{hint}")
            return None
        return words(value)

    def flag(self, key: str) -> bool:
        """true or false; false where it is not said."""
        value = self.text(key)
        if value not in (None, "true", "false"):
            self.complain(key, f"{key} is true or false, not {_shown(value or '')}")
        return value == "true"

    def items(self, key: str, *, is_required: bool = True) -> list[Node]:
        """The items of a list; none, with a complaint, where it is no list."""
        node = self.nodes.get(key)
        if node is None:
            if is_required and isinstance(self.node, MappingNode):
                self.complain(key, f"`{key}:` is missing")
            return []
        if not isinstance(node, SequenceNode):
            self.complain(key, f"{key} must be a list")
            return []
        return list(node.value)


class _Translator(HTMLTranslator):
    """Refuses what only XML has: a prefix is translated without complaint, and fails in use."""

    def xpath_element(self, selector: CssElement) -> XPathExpr:
        if selector.namespace:
            raise ExpressionError("a page has no namespaces")
        return super().xpath_element(selector)

    def xpath_attrib(self, selector: Attrib) -> XPathExpr:
        if selector.namespace:
            raise ExpressionError("a page has no namespaces")
        return super().xpath_attrib(selector)


def _selector_fault(selector: str) -> str | None:
    try:
        _Translator().css_to_xpath(selector)
    except SelectorError as error:
        return f"{_shown(selector)} is not a CSS selector: {_shown(str(error))}"
    return None


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _hint(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word[:MAX_ID], list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _shown(text: str) -> str:
    """Text of a stranger on one line, short."""
    line = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return line if len(line) <= 80 else f"{line[:77]}..."
