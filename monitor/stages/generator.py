"""feedgen, behind one door: a generator for each of our XML feeds, and what it cannot write itself.

feedgen 1.0.0 drops `rel`, `type` and `title` of an entry's links, declares the type of no title, and knows neither
archives nor tombstones: an extension of ours adds those to the elements that it has made. It makes Atom's elements
without a namespace under a root that declares one, so what is added there stands without a namespace too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator as FeedGenerator
from lxml.etree import CDATA, _Element

Extend = Callable[[_Element], None]  # adds to the element that feedgen made: the feed, its channel, an entry, an item


def _nothing(_: _Element) -> None:
    """Where feedgen's own elements are all."""


@dataclass
class _OfFeed(BaseExtension):  # type: ignore[misc]
    spaces: Mapping[str, str] = field(default_factory=dict)  # prefix → namespace, declared at the root
    extend: Extend = _nothing

    def extend_ns(self) -> dict[str, str]:
        return dict(self.spaces)

    def extend_atom(self, feed: _Element) -> _Element:
        self.extend(feed)
        return feed

    def extend_rss(self, rss: _Element) -> _Element:
        self.extend(rss[0])
        return rss


@dataclass
class _OfEntry(BaseEntryExtension):  # type: ignore[misc]
    extend: Extend = _nothing

    def extend_atom(self, entry: _Element) -> _Element:
        self.extend(entry)
        return entry

    def extend_rss(self, item: _Element) -> _Element:
        self.extend(item)
        return item


def new_feed(extend: Extend, *, spaces: Mapping[str, str] | None = None) -> FeedGenerator:
    """A feed without entries, to be filled; `extend` is handed its element once feedgen has written the head."""
    feed = FeedGenerator()
    feed.register_extension("monitor", _OfFeed, _OfEntry)
    feed.monitor.spaces, feed.monitor.extend = dict(spaces or {}), extend
    feed.generator("Monitor")
    return feed


def new_entry(feed: FeedGenerator, extend: Extend) -> FeedEntry:
    """The next entry of `feed`, below those before it; `extend` is handed its element."""
    entry = feed.add_entry(order="append")
    entry.monitor.extend = extend
    return entry


def write_plainly(element: _Element) -> None:
    """Have the text of an element written as it is, not escaped once more: it is HTML, half of which is signs.

    "]]>" would end such a section (XML 1.0 2.7); in HTML its last sign may as well be escaped.
    """
    element.text = CDATA(str(element.text or "").replace("]]>", "]]&gt;"))
