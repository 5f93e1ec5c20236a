"""What an operator does to a source, one action each: pause, resume, confirm a held-back change, restore its old URL.

Every action says in the audit who did it. What feeds.yaml says of a source is changed in `jobs.catalogue`; polling one
now is `jobs.poll` with its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monitor.errors import IllegalDecision, StaleDecision
from monitor.model import Clock, Held, Source, SourceId
from monitor.store import polls
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit
from monitor.store.sources import get_source, restore_url


def pause_sources(
    database: Database, clock: Clock, *, sources: Sequence[SourceId], by: str, address: str | None = None
) -> tuple[SourceId, ...]:
    """Stop polling these until they are resumed; those that were not paused before. Raises Unknown, and pauses none."""
    now = clock.now()

    def pause(tx: Transaction, source: SourceId) -> None:
        polls.pause(tx, source, by=by, now=now)

    return _turn(database, clock, sources, pause, wants_pause=True, by=by, address=address)


def resume_sources(
    database: Database, clock: Clock, *, sources: Sequence[SourceId], by: str, address: str | None = None
) -> tuple[SourceId, ...]:
    """Poll these again, when each is due next; those that were paused before. Raises Unknown, and resumes none."""
    return _turn(database, clock, sources, polls.resume, wants_pause=False, by=by, address=address)


def confirm_source(
    database: Database, clock: Clock, *, source: SourceId, by: str, saw: str | None = None, address: str | None = None
) -> Held:
    """Say that the changed document is the source (H19): the next poll takes it whole, now.

    `saw` is the `digest_held` of what was on screen. Raises Unknown, IllegalDecision where nothing is held back, and
    StaleDecision where that is another document by now.
    """
    with database.write() as tx:
        get_source(tx, source)
        held = polls.get_poll_state(tx, source).held
        if held is None:
            raise IllegalDecision(f"Nothing of {source} is held back, so there is nothing to confirm.")
        if saw is not None and saw != digest_held(held):
            raise StaleDecision("It has changed once more since you opened the page. Look again, then decide.")
        polls.take_held(tx, source, now=clock.now())
        _note(tx, clock, "source.confirm", source, by, address, after={"title": held.title, "feed_id": held.feed_id})
    return held


def digest_held(held: Held) -> str:
    """Tells one held-back document from another."""
    said = "\0".join((held.title, held.feed_id or "", *held.entry_titles))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def digest_url(url: str) -> str:
    """Tells one address from another, without showing it: a learnt one could hold credentials."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def restore_source(
    database: Database, clock: Clock, *, source: SourceId, by: str, saw: str | None = None, address: str | None = None
) -> Source:
    """Poll the URL of feeds.yaml again, instead of one that was learnt from a permanent redirect (P15).

    `saw` is the `digest_url` of the one that was on screen. Raises Unknown, IllegalDecision where none was learnt, and
    StaleDecision where it is another one by now.
    """
    with database.write() as tx:
        found, state = get_source(tx, source), polls.get_poll_state(tx, source)
        if state.url == found.url:
            raise IllegalDecision(f"{source} is polled at the URL of feeds.yaml: no other was learnt.")
        if saw is not None and saw != digest_url(state.url):
            raise StaleDecision("The address has changed since you opened the page. Look again, then decide.")
        restore_url(tx, source, now=clock.now())
        _note(tx, clock, "source.restore", source, by, address, before={"url": state.url}, after={"url": found.url})
    return found


def _turn(
    database: Database,
    clock: Clock,
    sources: Sequence[SourceId],
    turn: Callable[[Transaction, SourceId], None],
    *,
    wants_pause: bool,
    by: str,
    address: str | None,
) -> tuple[SourceId, ...]:
    what = "source.pause" if wants_pause else "source.resume"
    with database.write() as tx:
        states = [polls.get_poll_state(tx, source) for source in dict.fromkeys(sources)]
        concerned = tuple(state.source for state in states if (state.paused_at is None) is wants_pause)
        for source in concerned:
            turn(tx, source)
            _note(tx, clock, what, source, by, address)
    return concerned


def _note(
    tx: Transaction,
    clock: Clock,
    what: str,
    source: SourceId,
    by: str,
    address: str | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    append_audit(
        tx, at=clock.now(), who=by, what=what, subject=f"source {source}", before=before, after=after, address=address
    )
