"""The feeds: everything, each facet by itself and every combination that was asked for, in three formats.

A feed is its log (`store.feeds`): full stretches are archive documents, which hold what they held when they filled; the
rest is the subscription document. So a publication alters the subscription documents of the feeds that have the wire,
and now and then the archive that fills by it; a take-down alters, besides, the archives in which the wire stands.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from monitor.jobs.sections.section import House
from monitor.model import Change, Document, Severity, SourcingStandard, WireId
from monitor.model.feeds import FeedAddress, FeedEvent, FeedFormat, TakeDown
from monitor.model.publication import is_path, media_type_of
from monitor.model.subscriber import Wanted
from monitor.stages.atom import render_atom
from monitor.stages.feed_json import render_json_feed
from monitor.stages.feed_names import is_single, key_of, path_of, read_path, wanted_of_key
from monitor.stages.rss import render_rss
from monitor.stages.syndicate import CUT, Cut, Item, Place, document_of, item_of
from monitor.store.database import Transaction
from monitor.store.feeds import (
    count_events,
    is_asked_feed,
    list_asked_feeds,
    list_events,
    list_lengths,
    list_newest_events,
    list_places,
)
from monitor.store.published import get_published
from monitor.store.take_downs import list_take_downs
from monitor.store.wires import get_newsroom

RENDERING = 4  # moves when the same wires give other bytes
ITEMS_KEPT = 1_000  # revisions whose words are kept for the other feeds that show them
Shown = tuple[Sequence[Item], Sequence[TakeDown]]
_WRITERS = {FeedFormat.ATOM: render_atom, FeedFormat.RSS: render_rss, FeedFormat.JSON: render_json_feed}


class Feeds:
    """The section of the feeds."""

    name = "feeds"

    def __init__(self, house: House, *, cut: Cut = CUT) -> None:
        """The newsroom's name, address, codebook and register are part of every feed."""
        self._site = house.site
        self._cut = cut
        self._items: OrderedDict[tuple[WireId, int], Item] = OrderedDict()
        self._last: tuple[tuple[str, int | None, int], Shown] | None = None  # the same in another format comes next
        self._always = (
            Wanted(),
            *(Wanted(severities=(s,)) for s in Severity),
            *(Wanted(standards=(s,)) for s in SourcingStandard),
            *(Wanted(codes=(c.id,)) for c in house.site.codebook.codes),
            *(Wanted(providers=(p.id,)) for p in house.site.providers),
        )
        self._known = set(map(key_of, self._always))
        self.version = hashlib.sha256(repr((RENDERING, house.site, cut)).encode()).hexdigest()

    def touched(self, tx: Transaction, change: Change) -> Iterable[str]:
        """The documents of every feed that has the wire, or ever had it."""
        for key, positions in list_places(tx, change.wire).items():
            wanted, count = wanted_of_key(key), self._cut.archive_count(count_events(tx, key))
            said = positions if change.after is None else positions[-1:]
            archives = {n for p in positions for n in self._cut.archives_at(p, is_said_there=p in said) if n <= count}
            yield from self._paths(wanted, sorted(archives))

    def every(self, tx: Transaction) -> Iterable[str]:
        """What ever had a wire, what was asked for, and each facet by itself in any case.

        So whoever waits for the first wire of a provider or a code can subscribe on a static copy of the site, too.
        """
        lengths = list_lengths(tx)
        asked = [key_of(feed.wanted) for feed in list_asked_feeds(tx)]
        for key in dict.fromkeys((*map(key_of, self._always), *lengths, *asked)):
            yield from self._paths(wanted_of_key(key), range(1, self._cut.archive_count(lengths.get(key, 0)) + 1))

    def render(self, tx: Transaction, path: str) -> Document | None:
        """The document at this path, where its feed is kept and long enough."""
        address = read_path(path)
        if address is None:
            return None
        key = key_of(address.wanted)
        length = count_events(tx, key)
        count, number = self._cut.archive_count(length), address.archive
        if number is not None and number > count:
            return None
        if not (length or key in self._known or is_asked_feed(tx, key)):
            return None
        items, taken = self._shown(tx, key, number, length)
        place = Place(address=address, archive_count=count, items=items, take_downs=taken)
        body = _WRITERS[address.format](document_of(self._site, get_newsroom(tx), place))
        return Document(path=path, media_type=media_type_of(path), body=body)

    def _paths(self, wanted: Wanted, archives: Iterable[int]) -> Iterable[str]:
        if not is_path(path_of(FeedAddress(wanted=wanted, format=FeedFormat.ATOM))):
            return  # a provider that no register could name: its wires are in the other feeds
        for number in archives:
            for form in FeedFormat:
                yield path_of(FeedAddress(wanted=wanted, format=form, archive=number))
        for form in FeedFormat:
            yield path_of(FeedAddress(wanted=wanted, format=form))

    def _shown(self, tx: Transaction, key: str, number: int | None, length: int) -> Shown:
        """What this document tells; of another length the feed is another feed, so that what was read holds."""
        if not length:
            return (), ()
        place = (key, number, length)
        if self._last is None or self._last[0] != place:
            self._last = (place, self._read(tx, *place))
        return self._last[1]

    def _read(self, tx: Transaction, key: str, number: int | None, length: int) -> Shown:
        first, last = self._cut.stretch_of(number, length)
        events = list_events(tx, key, first=first, last=last)
        if number is None:
            events = (*list_newest_events(tx, key, limit=self._cut.fresh), *events)
        newest = _last_words(events)
        taken = list_take_downs(tx, wires=sorted(newest))
        gone = {t.wire for t in taken}
        return self._told(tx, [(e.wire, e.revision) for e in newest.values() if e.wire not in gone]), taken

    def _told(self, tx: Transaction, wanted: Sequence[tuple[WireId, int]]) -> list[Item]:
        unknown = [place for place in wanted if place not in self._items]
        wires = {w.id: w for w in get_published(tx, [wire for wire, _ in unknown])}
        made = {place: item_of(self._site, wires[place[0]], place[1]) for place in unknown}
        found = [made.get(place) or self._items[place] for place in wanted]
        self._items.update(made)
        for place in wanted:
            self._items.move_to_end(place)
        while len(self._items) > ITEMS_KEPT:
            self._items.popitem(last=False)
        return found


def _last_words(events: Iterable[FeedEvent]) -> Mapping[WireId, FeedEvent]:
    """Of each wire the last that is said of it there."""
    found: dict[WireId, FeedEvent] = {}
    for event in sorted(events, key=lambda e: e.position):
        found[event.wire] = event
    return found


def is_kept(tx: Transaction, wanted: Wanted) -> bool:
    """Whether there is a feed of this choice: every single facet has one, a combination once it was asked for."""
    return is_single(wanted) or is_asked_feed(tx, key_of(wanted))
