"""The logs of the feeds: which revision readers of each feed saw, in the order in which it became public.

A wire that was once in a feed stays in it: whoever subscribes to a provider's wires learns that one of them does not
concern it after all. Each line is written in the transaction that publishes or takes down; every question here is
answered from an index, by the lines that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select

from monitor.model import Facets, Severity, SourcingStandard, WireId
from monitor.model.feeds import AskedFeed, FeedEvent
from monitor.model.subscriber import Wanted, wanted_of
from monitor.store.database import Transaction, insert_new
from monitor.store.tables import RevisionRow
from monitor.store.tables_feeds import AskedFeedRow, FeedEventRow, HubRow

_CHUNK = 200


# --- writing ----------------------------------------------------------------------------------------------------


def append_to_feeds(
    tx: Transaction, wire: WireId, *, revision: int, at: datetime, facets: Facets | None, singles: Iterable[str]
) -> None:
    """Note in every feed that has the wire, or gets it now, that readers saw `revision`; 0 where it was taken down.

    `singles` names the feeds of one facet that its facets belong to.
    """
    known = tx.scalars(select(FeedEventRow.feed).where(FeedEventRow.wire_id == wire).distinct())
    feeds = {*known, *singles}
    if facets is not None:
        asked = tx.execute(select(AskedFeedRow.key, AskedFeedRow.wanted))
        feeds |= {key for key, wanted in asked if wanted_of(wanted).takes(facets)}
    rows = [
        {"feed": feed, "position": count_events(tx, feed) + 1, "wire_id": wire, "revision": revision, "at": at}
        for feed in sorted(feeds)
    ]
    if rows:
        tx.execute(insert(FeedEventRow), rows)


def add_asked_feed(tx: Transaction, *, key: str, wanted: Wanted, now: datetime) -> bool:
    """Keep a combination current from now on, with all that was ever in it; False where it was kept before."""
    if insert_new(tx, AskedFeedRow, [{"key": key, "wanted": wanted.values(), "asked_at": now}]) == 0:
        return False
    lines = [
        {"feed": key, "position": position, "wire_id": wire, "revision": revision, "at": at}
        for position, (wire, revision, at) in enumerate(_past(tx, wanted), start=1)
    ]
    for start in range(0, len(lines), _CHUNK):
        tx.execute(insert(FeedEventRow), lines[start : start + _CHUNK])
    return True


def _past(tx: Transaction, wanted: Wanted) -> Iterator[tuple[int, int, datetime]]:
    """The log that the combination would have, from those of its facet with the fewest wires."""
    values = wanted.values()
    facet = next(f for f in ("provider", "code", "severity", "standard") if f in values)
    some = [f"{facet}:{value}" for value in values[facet]]
    wires = select(FeedEventRow.wire_id).where(FeedEventRow.feed.in_(some))
    query = select(FeedEventRow.wire_id, FeedEventRow.revision, FeedEventRow.at)
    lines = tx.execute(
        query.where(FeedEventRow.feed == "", FeedEventRow.wire_id.in_(wires)).order_by(FeedEventRow.position)
    ).all()
    inside: set[int] = set()
    for start in range(0, len(lines), _CHUNK):
        chunk = lines[start : start + _CHUNK]
        facets = _facets_of(tx, [(wire, revision) for wire, revision, _ in chunk if revision])
        for wire, revision, at in chunk:
            if wire in inside or (revision and wanted.takes(facets[wire, revision])):
                inside.add(wire)
                yield wire, revision, at


def _facets_of(tx: Transaction, named: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Facets]:
    wires = sorted({wire for wire, _ in named})
    query = select(RevisionRow.wire_id, RevisionRow.number, RevisionRow.draft, RevisionRow.standard)
    return {
        (wire, number): Facets(
            severity=None if draft["severity"] is None else Severity(draft["severity"]),
            providers=tuple(draft["providers"]),
            codes=tuple(draft["codes"]),
            standard=SourcingStandard(standard),
            year=0,
            month=0,
        )
        for wire, number, draft, standard in tx.execute(query.where(RevisionRow.wire_id.in_(wires)))
    }


# --- reading ----------------------------------------------------------------------------------------------------


def count_events(tx: Transaction, feed: str) -> int:
    """How many lines the feed's log has: the position of its last."""
    query = select(FeedEventRow.position).where(FeedEventRow.feed == feed)
    return tx.scalar(query.order_by(FeedEventRow.position.desc()).limit(1)) or 0


def list_events(tx: Transaction, feed: str, *, first: int, last: int) -> tuple[FeedEvent, ...]:
    """The lines at these positions, oldest first."""
    query = select(FeedEventRow).where(FeedEventRow.feed == feed, FeedEventRow.position.between(first, last))
    return tuple(map(_event, tx.scalars(query.order_by(FeedEventRow.position))))


def list_newest_events(tx: Transaction, feed: str, *, limit: int) -> tuple[FeedEvent, ...]:
    """The lines with the latest dates, whenever they were written; newest first."""
    query = select(FeedEventRow).where(FeedEventRow.feed == feed)
    return tuple(map(_event, tx.scalars(query.order_by(FeedEventRow.at.desc()).limit(limit))))


def list_places(tx: Transaction, wire: WireId) -> dict[str, tuple[int, ...]]:
    """Every feed that ever had the wire, with the positions of its lines, oldest first."""
    query = select(FeedEventRow.feed, FeedEventRow.position).where(FeedEventRow.wire_id == wire)
    found: dict[str, tuple[int, ...]] = {}
    for feed, position in tx.execute(query.order_by(FeedEventRow.feed, FeedEventRow.position)):
        found[feed] = (*found.get(feed, ()), position)
    return found


def list_lengths(tx: Transaction) -> dict[str, int]:
    """Every feed with a log, and its length. Reads all lines: for when all is rendered."""
    query = select(FeedEventRow.feed, func.max(FeedEventRow.position)).group_by(FeedEventRow.feed)
    return {row[0]: row[1] for row in tx.execute(query)}


def is_asked_feed(tx: Transaction, key: str) -> bool:
    """Whether the combination is kept current."""
    return tx.get(AskedFeedRow, key) is not None


def list_asked_feeds(tx: Transaction, *, limit: int = 1_000) -> tuple[AskedFeed, ...]:
    """The combinations that are kept current, the newest first."""
    rows = tx.scalars(select(AskedFeedRow).order_by(AskedFeedRow.asked_at.desc(), AskedFeedRow.key).limit(limit))
    return tuple(
        AskedFeed(wanted=wanted_of(r.wanted), asked_at=r.asked_at, event_count=count_events(tx, r.key)) for r in rows
    )


def count_asked_feeds(tx: Transaction, *, since: datetime | None = None) -> int:
    """How many combinations are kept current; of those, how many were asked for since then."""
    query = select(func.count()).select_from(AskedFeedRow)
    return tx.scalar(query if since is None else query.where(AskedFeedRow.asked_at >= since)) or 0


# --- how far the hub was told -------------------------------------------------------------------------------------


def read_told(tx: Transaction) -> int | None:
    """The newest edition of which the hub was told; None where it never was."""
    row = tx.get(HubRow, 1)
    return None if row is None else row.edition


def record_told(tx: Transaction, edition: int) -> None:
    """The hub was told of all editions up to this one."""
    row = tx.get(HubRow, 1)
    if row is None:
        tx.add(HubRow(id=1, edition=edition))
    else:
        row.edition = edition
    tx.flush()


def _event(row: FeedEventRow) -> FeedEvent:
    return FeedEvent(position=row.position, wire=WireId(row.wire_id), revision=row.revision, at=row.at)
