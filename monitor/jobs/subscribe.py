"""subscribe: ask the hubs that feeds name to deliver what is new, and keep that promise alive (WebSub 5, P25).

A poll that meets a hub leaves an offer; a tick asks the hub through the one client and notes what it answers; the hub
then calls back and is believed only where a question of ours is open. Each question is written down before it is asked,
so that a hub that confirms at once finds it, and a daemon that is killed in between asks again an hour later.

The secret is ours alone and new with each offer. It goes to the hub even over plain http (5.1 would rather not):
without one, whoever overhears a callback could write entries; with one, he must have overheard the question itself.
"""

from __future__ import annotations

import secrets
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.log import get_log
from monitor.model import (
    Clock,
    Failed,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Link,
    PollState,
    Source,
    Subscription,
    SubscriptionStatus,
    Throttled,
)
from monitor.net.client import Fetcher
from monitor.stages.hub import (
    FALTERING_AFTER,
    GIVEN_UP_AFTER,
    PUSHED_KINDS,
    UNCONFIRMED_AFTER,
    WANTED_LEASE,
    believe_lease,
    find_offer,
    renewal_at,
    retry_at,
)
from monitor.store import offers
from monitor.store.database import Database, Round
from monitor.store.mapped import push

_OFFER_GAP = timedelta(hours=1)  # a feed that names another hub each time makes us ask no more often
_AT_ONCE = 50  # questions a tick
_ANSWER_LIMIT = 20_000  # bytes of what a hub says to us
_REASON_LIMIT = 200  # characters of what is kept of it
_log = get_log()
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeReport:
    """What a tick asked of hubs."""

    asked_count: int = 0
    failed_count: int = 0  # of those asked
    left_count: int = 0  # sources that no longer want their hub

    def __str__(self) -> str:
        return f"{self.asked_count} hubs asked, {self.failed_count} did not take it; {self.left_count} to be left."


def note_offer(
    tx: Round, source: Source, state: PollState, *, header: tuple[Link, ...], document: tuple[Link, ...]
) -> PollState:
    """In the transaction of a poll that succeeded: where its answer names a hub, the hub is to be asked.

    The state that is to be stored: under another hub than before, nothing was delivered yet.
    """
    offer = find_offer(header, document) if source.kind in PUSHED_KINDS else None
    now = state.last_polled_at
    if offer is None or now is None:
        return state
    is_new = offers.record_offer(
        tx,
        source.id,
        offer,
        named_by=state.url,
        token=secrets.token_urlsafe(32),
        secret=secrets.token_hex(32),
        now=now,
        gap=_OFFER_GAP,
    )
    return replace(state, pushed_until=now) if is_new and state.pushed_until is not None else state


def subscribe(database: Database, clock: Clock, fetcher: Fetcher, *, base_url: str) -> SubscribeReport:
    """Ask every hub whose turn it is, to deliver, to go on or to stop; leave those whose source has left.

    `base_url` is where hubs reach us: the callbacks stand below it.
    """
    now = clock.now()
    with database.write() as tx:
        left = push.end_unwanted(tx, now=now, kinds=PUSHED_KINDS)
        waiting = push.lease_subscriptions(tx, now=now, again_at=now + UNCONFIRMED_AFTER, limit=_AT_ONCE)
    asked = [(each, fetcher.submit(_question(each, base_url))) for each in waiting]
    failed = 0
    for subscription, answer in asked:
        try:
            failed += not _note_answer(database, subscription, answer.result(), now=clock.now())
        except CancelledError:  # the fetcher was closed: the question is asked anew by whoever runs then
            failed += 1
        except Exception:  # the boundary: one hub's answer never costs another its own
            failed += 1
            _log.exception("a hub's answer was not noted", source=subscription.source)
    return SubscribeReport(asked_count=len(asked), failed_count=failed, left_count=left)


def _question(subscription: Subscription, base_url: str) -> FetchRequest:
    is_goodbye = subscription.status is SubscriptionStatus.LEAVING
    form = [
        ("hub.mode", "unsubscribe" if is_goodbye else "subscribe"),
        ("hub.topic", subscription.topic),
        ("hub.callback", f"{base_url}/push/{subscription.token}"),
    ]
    if not is_goodbye:
        form.append(("hub.secret", subscription.secret))
        form.append(("hub.lease_seconds", str(int(WANTED_LEASE.total_seconds()))))
    return FetchRequest(url=subscription.hub, form=tuple(form), max_bytes=_ANSWER_LIMIT)


def _note_answer(database: Database, subscription: Subscription, answer: FetchOutcome, *, now: datetime) -> bool:
    """Write down what the hub said; whether it took the question."""
    attempts = subscription.attempt_count + 1
    is_goodbye = subscription.status is SubscriptionStatus.LEAVING
    is_taken = isinstance(answer, Fetched)
    due_at: datetime | None = retry_at(attempts, now, jitter=_random.uniform(-1, 1), asked=_silence(answer))
    if is_taken and due_at is not None:
        due_at = max(due_at, now + UNCONFIRMED_AFTER)
    status = None
    if is_goodbye and attempts >= GIVEN_UP_AFTER:
        due_at, status = None, SubscriptionStatus.ENDED
    with database.write() as tx:
        if attempts >= FALTERING_AFTER and not is_goodbye:
            offers.distrust(tx, [subscription.source], now=now)
        push.record_answer(tx, subscription, note=_say(answer), due_at=due_at, status=status)
    tell = _log.info if is_taken else _log.warning
    tell("hub asked", source=subscription.source, hub=subscription.hub, answer=_say(answer))
    return is_taken


def _silence(answer: FetchOutcome) -> timedelta | None:
    return answer.retry_after if isinstance(answer, Failed | Throttled) else None


def _say(answer: FetchOutcome) -> str:
    match answer:
        case Fetched(status=status):
            return f"it took the question ({status}); its call back is awaited"
        case Failed(detail=detail):
            return detail
        case Throttled(status=status, host=host):
            return f"{status}, {host} asks to wait"
        case _:
            return "410, gone for good"


# --- the hub calls back ---------------------------------------------------------------------------------------------


def confirm(
    database: Database, clock: Clock, *, token: str, mode: str, topic: str, lease_seconds: int | None = None
) -> bool:
    """Whether we did ask for just this, and had no answer yet; then the hub is bound, or free (WebSub 5.3)."""
    now = clock.now()
    with database.write() as tx:
        found = push.find_by_token(tx, token)
        if found is None or found.topic != topic:
            return False
        if mode == "subscribe":
            lease = believe_lease(lease_seconds)
            renew_at = renewal_at(lease, now, jitter=_random.uniform(-1, 1))
            note = f"confirmed for {lease.total_seconds() / 86_400:.3g} days"
            return push.record_lease(tx, token, until=now + lease, renew_at=renew_at, note=note)
        if mode == "unsubscribe" and found.status is SubscriptionStatus.LEAVING:
            push.record_end(tx, token, status=SubscriptionStatus.ENDED, note="ended as we asked", now=now)
            return True
    return False


def deny(database: Database, clock: Clock, *, token: str, topic: str, reason: str) -> bool:
    """The hub will not deliver, or not any more (WebSub 5.2); False where that is no subscription of ours."""
    with database.write() as tx:
        found = push.find_by_token(tx, token)
        if found is None or found.topic != topic or found.status is SubscriptionStatus.ENDED:
            return False
        is_goodbye = found.status is SubscriptionStatus.LEAVING
        status = SubscriptionStatus.ENDED if is_goodbye else SubscriptionStatus.DENIED
        words = "".join(char if char.isprintable() else " " for char in reason[:_REASON_LIMIT]).split()
        note = " ".join(["denied by the hub:", *words]) if words else "denied by the hub"
        push.record_end(tx, token, status=status, note=note, now=clock.now())
    _log.info("a hub denied a subscription", source=found.source, reason=note)
    return True
