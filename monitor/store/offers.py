"""What a poll keeps where a feed names a hub (WebSub, P25): the offer, and that it is not relied on yet.

Apart from the rest of `push.py`, so that a round of polls loads nothing that maps rows to objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, select, update

from monitor.model import Offer, SourceId, SubscriptionStatus
from monitor.store.database import Round, connected
from monitor.store.rounds import POLL_STATES, SUBSCRIPTIONS

_OVER = (SubscriptionStatus.LEAVING, SubscriptionStatus.ENDED)


def record_offer(
    tx: Round,
    source: SourceId,
    offer: Offer,
    *,
    named_by: str,
    token: str,
    secret: str,
    now: datetime,
    gap: timedelta,
) -> bool:
    """A feed named this hub: ask it soon, under a new token and secret; False where that was known.

    An offer that changes is asked for at most once in `gap`: a feed must not make us ask the world.
    """
    table, connection = SUBSCRIPTIONS, connected(tx)
    its = table.c.source_id == source
    row = connection.execute(select(table).where(its)).one_or_none()
    if row is not None and (row.hub, row.topic) == (offer.hub, offer.topic) and row.status not in _OVER:
        if row.named_by != named_by:
            connection.execute(update(table).where(its).values(named_by=named_by))
        return False
    fresh: dict[str, Any] = {"hub": offer.hub, "topic": offer.topic, "named_by": named_by, "token": token}
    fresh |= {"secret": secret, "status": SubscriptionStatus.PENDING.value, "attempt_count": 0}
    fresh |= dict.fromkeys(("lease_until", "last_push_at", "read_at", "note"))
    asked_at = None if row is None else row.requested_at
    fresh["due_at"] = now if asked_at is None else max(now, asked_at + gap)
    connection.execute(
        insert(table).values(source_id=source, **fresh) if row is None else update(table).where(its).values(fresh)
    )
    distrust(tx, [source], now=now)
    return True


def distrust(tx: Round, sources: Sequence[str], *, now: datetime) -> None:
    """The hub falters, or is another: the next poll of each goes back to its own pace."""
    relied_on = and_(POLL_STATES.c.source_id.in_(sources), POLL_STATES.c.pushed_until > now)
    connected(tx).execute(update(POLL_STATES).where(relied_on).values(pushed_until=now))
