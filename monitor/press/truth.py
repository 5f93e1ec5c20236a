"""What the simulated press knows about itself: which article tells which event, and which is a copy of which."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor.press.edition import Edition, Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueArticle:
    """One article, and what it is."""

    url: str  # as rel=canonical says
    publisher: str
    source: str
    event: str | None  # None: tells no event, or mentions several
    copy_of: str | None  # URL of the article whose text it reprints
    role: str
    language: str
    title: str  # as first published
    published_at: datetime
    edited_at: tuple[datetime, ...]  # later versions of the page, silent ones too
    retracted_at: datetime | None
    owner: str | None = None  # who stands behind the publisher
    derived_from: str | None = None  # URL of the article that it only retells
    mentions: tuple[str, ...] = ()  # events that a review or a live blog names, and tells none of


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueEvent:
    """One event, and who tells it."""

    id: str
    short: str
    is_incident: bool
    providers: tuple[str, ...]
    codes: tuple[str, ...]
    look_alikes: tuple[str, ...]  # ids of events that must stay apart from it
    articles: tuple[str, ...]  # URLs, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All of it."""

    start: datetime
    seed: int
    events: tuple[TrueEvent, ...]
    articles: tuple[TrueArticle, ...]  # oldest first

    def out(self, at: datetime) -> tuple[TrueArticle, ...]:
        """The articles that are published at `at`."""
        return tuple(a for a in self.articles if a.published_at <= at)

    def expected_sources(self, event: str, at: datetime, *, counts_retracted: bool = False) -> int:
        """How many independent publishers tell `event` at `at`.

        A text and its copies are one voice, so are publishers of one owner, and who only retells another adds none.
        """
        voices = {
            a.owner or a.publisher
            for a in self.out(at)
            if a.event == event
            and a.copy_of is None
            and a.derived_from is None
            and (counts_retracted or a.retracted_at is None or a.retracted_at > at)
        }
        return len(voices)

    def to_json(self) -> str:
        """Everything as one JSON object; instants are ISO 8601."""
        return json.dumps(asdict(self), default=_plain, ensure_ascii=False, indent=1)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def find_truth(edition: Edition, url_of: Callable[[Telling], str]) -> Truth:
    """The truth of `edition`, with addresses as `url_of` gives them."""
    urls = {t.key: url_of(t) for t in edition.tellings}
    articles = tuple(_article(t, urls) for t in edition.tellings)
    alike: dict[str, set[str]] = {e.id: set() for e in edition.events}
    for event in edition.events:
        if event.looks_like:
            alike[event.id].add(event.looks_like)
            alike[event.looks_like].add(event.id)
    events = tuple(
        TrueEvent(
            id=e.id,
            short=e.short,
            is_incident=e.is_incident,
            providers=e.providers,
            codes=e.codes,
            look_alikes=tuple(sorted(alike[e.id])),
            articles=tuple(a.url for a in articles if a.event == e.id),
        )
        for e in edition.events
    )
    return Truth(start=edition.start, seed=edition.seed, events=events, articles=articles)


def _article(telling: Telling, urls: dict[str, str]) -> TrueArticle:
    return TrueArticle(
        url=urls[telling.key],
        publisher=telling.publisher.id,
        source=telling.source.id,
        event=telling.event,
        copy_of=urls[telling.copy_of] if telling.copy_of else None,
        role=telling.role,
        language=telling.publisher.language,
        title=telling.versions[0].text.title,
        published_at=telling.published_at,
        edited_at=tuple(v.at for v in telling.versions[1:]),
        retracted_at=next((v.at for v in telling.versions if v.is_retraction), None),
        owner=telling.publisher.owner,
        derived_from=urls[telling.derived_from] if telling.derived_from else None,
        mentions=telling.mentions,
    )
