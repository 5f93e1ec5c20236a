"""feeds: a combination of facets that somebody asks for is kept current from then on.

There are more combinations than a newsroom has wires, so that none is made before it is asked for; and whoever asks may
be a program that tries them all, so that there is a most in an hour and a most for good. What is kept lies as a file
like every other feed, and costs a publication only where it has the wire.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.errors import Busy
from monitor.jobs.sections.feeds import Feeds, is_kept
from monitor.jobs.tree import Tree
from monitor.model import Clock, Document
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.model.subscriber import Wanted
from monitor.stages.feed_names import in_order, key_of, path_of
from monitor.store.database import Database, take_turn
from monitor.store.editions import TURN
from monitor.store.feeds import add_asked_feed, count_asked_feeds

KEPT_LIMIT = 1_000  # combinations
HOURLY_LIMIT = 60  # of them new


def keep_feed(database: Database, clock: Clock, wanted: Wanted) -> bool:
    """Keep the feed of this choice current; False where that is so already. Raises Busy where there are too many."""
    with database.read() as tx:
        if is_kept(tx, wanted):
            return False
    now = clock.now()
    with database.write() as tx:
        take_turn(tx, TURN)  # no wire is published between what the feed begins with and what it gets from now on
        if count_asked_feeds(tx, since=now - timedelta(hours=1)) >= HOURLY_LIMIT:
            raise Busy("Too many new combinations were asked for in the last hour. Those that exist are not affected.")
        if count_asked_feeds(tx) >= KEPT_LIMIT:
            raise Busy(f"This newsroom keeps {KEPT_LIMIT:,} combined feeds at most. The feed of all has every wire.")
        return add_asked_feed(tx, key=key_of(wanted), wanted=in_order(wanted), now=now)


def ask_for_feed(
    database: Database, clock: Clock, section: Feeds, address: FeedAddress, *, public_dir: Path
) -> Document | None:
    """The document at `address`; its feed is kept from now on, and lies in the tree. None where there is none.

    Raises Busy as `keep_feed` does; an archive is only ever asked for by who has the feed.
    """
    if address.archive is None:
        keep_feed(database, clock, address.wanted)
    wanted = path_of(address)
    with database.read() as tx:
        document = section.render(tx, wanted)
    tree = Tree(public_dir)
    if document is None or tree.has(wanted):
        return document
    forms = [path_of(FeedAddress(wanted=address.wanted, format=form)) for form in FeedFormat]
    with tree.locked(), database.read() as tx:
        made = [section.render(tx, path) for path in dict.fromkeys((*forms, wanted))]
        tree.write(section.name, [d for d in made if d is not None])
    return document
