"""Sources that stand in a desk's feeds.yaml and database, in whatever state a test wants them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.jobs import catalogue
from monitor.model import Kind, Origin, PollState, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import leases, polls
from tests.web.conftest import Desk

PAPER = Publisher(id=PublisherId("paper"), name="The Paper", domains=("paper.example",))


def a_source(key: str = "gazette", **fields: Any) -> Source:
    """A feed of The Paper."""
    known: dict[str, Any] = {
        "id": SourceId(key),
        "name": key.title(),
        "url": f"https://{key}.example/feed",
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "publisher": PAPER.id,
    }
    return Source(**(known | fields))


def furnish(desk: Desk, *sources: Source) -> Path:
    """Sources in feeds.yaml, asked ten minutes ago with success; returns the file."""
    file = desk.app.state.context.sources
    catalogue.add_sources(desk.database, desk.clock, file=file, sources=sources, publishers=(PAPER,), by="ada")
    for source in sources:
        stand(desk, source.id)
    path: Path = file.followed()
    return path


def stand(desk: Desk, source: str, **fields: Any) -> PollState:
    """Let a source stand so, after a poll ten minutes ago."""
    key, now = SourceId(source), desk.clock.now()
    at = now - timedelta(minutes=10)
    known: dict[str, Any] = {
        "last_polled_at": at,
        "last_success_at": at,
        "last_new_at": at,
        "last_outcome": "200, 2 new entries",
        "due_at": now + timedelta(hours=2),
        "rule": "its own pace: it brings news, so every 2 h",
        "feed_title": source.title(),
    }
    with desk.database.write() as tx:
        leases.lease_source(tx, key, now=now, owner="t", lease_for=timedelta(minutes=5))
        state = replace(polls.get_poll_state(tx, key), **(known | fields))
        assert polls.record_poll(
            tx,
            state,
            owner="t",
            polled_at=at,
            outcome="new",
            detail="200, 2 new entries",
            status=200,
            new_entry_count=2,
        )
    return state


def state_of(desk: Desk, source: str = "gazette") -> PollState:
    """Where a source stands."""
    with desk.database.read() as tx:
        return polls.get_poll_state(tx, SourceId(source))


def a_page(key: str, **fields: Any) -> Source:
    """A page whose links are found by a selector."""
    return a_source(key, kind=Kind.PAGE, url=f"https://{key}.example/news", **fields)
