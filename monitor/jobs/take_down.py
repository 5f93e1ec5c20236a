"""take-down: readers may not see a wire any more, and are told that there was one.

The rare act, for what a retraction does not cure: a retraction leaves the text for all to read. Its address answers 410
from then on, every feed that had it carries a tombstone, archives that held it hold the tombstone in its place, and
lists and counts go without it. What the newsroom wrote stays in its own record; the tree follows with the next
publication.
"""

from __future__ import annotations

from monitor.errors import IllegalDecision
from monitor.model import Clock, WireId
from monitor.model.feeds import TakeDown, TakeDownReason
from monitor.stages.canonical import clean_text
from monitor.store.database import Database
from monitor.store.people import append_audit
from monitor.store.take_downs import add_take_down

NOTE_LIMIT = 5_000  # characters


def take_down(
    database: Database,
    clock: Clock,
    wire: WireId,
    *,
    who: str,
    reason: TakeDownReason,
    note: str,
    address: str | None = None,
) -> TakeDown:
    """Take the wire from its readers; raises Unknown, IllegalDecision.

    Readers are told `reason`; `note` says to the newsroom what happened, and is required. There is no way back: an id
    that was buried does not return, and what may be told again is told as another wire.
    """
    told = clean_text(note).strip()[:NOTE_LIMIT]
    if not told:
        raise IllegalDecision("Say in a note what happened: nobody else can later. Nothing was changed.")
    now = clock.now()
    with database.write() as tx:
        taken = add_take_down(tx, wire, who=who, reason=reason, note=told, now=now)
        after = {"reason": reason.value, "note": told, "slug": taken.slug}
        append_audit(tx, at=now, who=who, what="wire.take-down", subject=f"wire {wire}", after=after, address=address)
    return taken
