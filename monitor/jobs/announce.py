"""announce: the hub is told which feeds a publication changed (WebSub), through the outbox, once they lie there.

What is written down is which edition the hub was told of, in one transaction with the message: a run that is killed
before it says so again, one that is killed after it does not. The hub then fetches the feeds like any reader, so that
it is told only of editions that the tree shows.
"""

from __future__ import annotations

import json
from concurrent.futures import CancelledError
from functools import partial

from monitor.jobs.outbox import Door
from monitor.model import Clock, Delivery, Failed, Fetched, FetchRequest, OutboxMessage, Throttled
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.net.client import Fetcher
from monitor.stages.feed_names import path_of, wanted_of_key
from monitor.stages.syndicate import Site
from monitor.store import outbox
from monitor.store.database import Database, Transaction
from monitor.store.editions import list_changes
from monitor.store.feeds import list_places, read_told, record_told

CHANNEL = "hub"
EDITIONS = 200  # looked through at once; of more, the newest say which feeds are news
TOPICS = 100  # of one message
_ANSWER_LIMIT = 20_000  # bytes of what a hub says to us


def announce(database: Database, clock: Clock, site: Site, *, until: int) -> int:
    """Write down that the hub is to be told of all editions up to `until`; how many messages that makes.

    One message names every feed that changed, however often: the hub asks for what it is now.
    """
    with database.read() as tx:
        told = read_told(tx)
        if not site.hub or until <= (told or 0):
            return 0
        topics = _topics(tx, site, after=max(told or 0, until - EDITIONS), until=until)
    written = 0
    with database.write() as tx:
        if (read_told(tx) or 0) >= until:
            return 0
        for start in range(0, len(topics), TOPICS):
            written += outbox.add_message(
                tx,
                key=f"hub/{until}/{start}",
                channel=CHANNEL,
                subject=site.hub,
                body=json.dumps(topics[start : start + TOPICS]),
                now=clock.now(),
            )
        record_told(tx, until)
    return written


def _topics(tx: Transaction, site: Site, *, after: int, until: int) -> list[str]:
    changed = [change for number, change in list_changes(tx, after=after, limit=EDITIONS) if number <= until]
    keys = dict.fromkeys(key for change in changed for key in list_places(tx, change.wire))
    return [
        site.url(path_of(FeedAddress(wanted=wanted_of_key(key), format=form))) for key in keys for form in FeedFormat
    ]


def hub_doors(site: Site, fetcher: Fetcher) -> dict[str, Door]:
    """The door of the outbox to the hub, where one is set."""
    return {CHANNEL: partial(_tell, site.hub, fetcher)} if site.hub else {}


def _tell(hub: str, fetcher: Fetcher, message: OutboxMessage) -> Delivery:
    """Ask the hub that is set now, in the form that hubs agree on: WebSub itself leaves it to them (4, note)."""
    form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in json.loads(message.body))]
    try:
        answer = fetcher.submit(FetchRequest(url=hub, form=tuple(form), max_bytes=_ANSWER_LIMIT)).result()
    except CancelledError:
        return Delivery(is_delivered=False, detail="Monitor was stopped while it told the hub")
    match answer:
        case Fetched(status=status):
            return Delivery(is_delivered=True, detail=f"the hub took it ({status})")
        case Failed(detail=detail):
            return Delivery(is_delivered=False, detail=f"the hub did not take it: {detail}")
        case Throttled(status=status):
            return Delivery(is_delivered=False, detail=f"the hub asks for patience ({status})")
        case _:
            return Delivery(is_delivered=False, detail="the hub is not at its address any more")
