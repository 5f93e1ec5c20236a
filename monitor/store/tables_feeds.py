"""Tables of the feeds: each feed's log, the combinations that were asked for, and what was taken down.

Logs and take-downs are only ever added to: triggers guard them, as in `tables`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Row


class FeedEventRow(Row):
    """`model.feeds.FeedEvent`. `feed` is named as in `wire_facets`, a combination by its key. Append-only."""

    __tablename__ = "feed_events"
    feed: Mapped[str] = mapped_column(String(320), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), index=True)
    revision: Mapped[int]  # 0: taken down
    at: Mapped[datetime]
    __table_args__ = (Index("ix_feed_events_feed_at", "feed", "at"),)


class AskedFeedRow(Row):
    """`model.feeds.AskedFeed`: a combination that somebody asked for, kept current since."""

    __tablename__ = "asked_feeds"
    key: Mapped[str] = mapped_column(String(320), primary_key=True)
    wanted: Mapped[dict[str, Any]]  # model.Wanted
    asked_at: Mapped[datetime] = mapped_column(index=True)


class TakeDownRow(Row):
    """`model.feeds.TakeDown`. Append-only: guarded by a trigger."""

    __tablename__ = "take_downs"
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)


class HubRow(Row):
    """How far the hub was told: one row."""

    __tablename__ = "hub_tellings"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int]  # the newest that was written into the outbox
