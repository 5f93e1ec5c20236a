"""Sources: how they do, what can be done with them, and, for admins, which there are."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, StrictBool

from monitor.errors import IllegalDecision
from monitor.jobs import catalogue, hasten, passwords, sources
from monitor.jobs.standing import get_report
from monitor.log import clean_line
from monitor.model import Kind, Origin, Publisher, PublisherId, Source, SourceId, SourceReport, Tier
from monitor.stages.sheet import source_row
from monitor.store.sources import get_source, list_publishers, list_sources
from monitor.web.api.keys import Call, Caller
from monitor.web.api.values import PLAIN, WHOLE, Asked, Cursor, Limit, Page, page, read_cursor, write_cursor

router = APIRouter()

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Word = Annotated[str, Field(min_length=1, max_length=200), PLAIN]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


class SourceOut(BaseModel):
    """A source and how it does."""

    id: str
    name: str
    url: str
    polled_url: str = Field(description="Another than `url` where a redirect was learnt.")
    kind: Kind
    selector: str | None
    publisher: str
    publisher_name: str
    origin: Origin
    tier: Tier
    provider: str | None
    language: str | None
    every: str | None
    aggregator: bool
    health: str
    since: datetime | None
    why: str
    next_step: str
    next_at: datetime | None
    entry_count: int
    usual_gap_days: float | None
    last_outcome: str | None
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    failing_since: datetime | None
    next_poll_at: datetime | None
    rule: str | None
    paused_by: str | None
    retired_at: datetime | None


def _told(report: SourceReport) -> SourceOut:
    row = source_row(report)
    for key in ("url", "polled_url"):  # a learnt one could hold credentials
        row[key] = row[key] if report.source.kind is Kind.MAILBOX else clean_line(row[key])
    return SourceOut.model_validate(row)


@router.get("/sources")
def list_all(call: Call, cursor: Cursor = None, limit: Limit = 50) -> Page[SourceOut]:
    """Every source that is followed, by id."""
    after = (read_cursor(cursor, str) or ("",))[0]
    with call.context.database.read() as tx:
        names = sorted(source.id for source in list_sources(tx) if source.id > after)[:limit]
        found = [_told(get_report(tx, name, call.context.clock.now())) for name in names]
    return page(found, write_cursor(names[-1]) if len(names) == limit else None)


@router.get("/sources/{source}")
def read_source(call: Call, source: Name) -> SourceOut:
    """One source."""
    return _read(call, SourceId(source))


def _read(call: Caller, source: SourceId) -> SourceOut:
    with call.context.database.read() as tx:
        return _told(get_report(tx, source, call.context.clock.now()))


class ListIn(Asked):
    """A list of subscriptions from another reader."""

    name: Word
    opml: Annotated[str, Field(min_length=1, max_length=1_500_000), PLAIN]


@router.post("/opml")
def import_list(call: Call, wanted: ListIn) -> catalogue.ImportReport:
    """Follow what an OPML file lists: the good lines are taken, the bad ones told (H30)."""
    context = call.context
    return catalogue.import_opml(
        context.database,
        context.clock,
        file=context.sources,
        body=wanted.opml.encode(),
        name=wanted.name[:100],
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )


@router.post("/sources/{source}/adopt")
def adopt(call: Call, source: Name) -> SourceOut:
    """Write the address that a redirect taught into feeds.yaml: nothing starts anew (P15)."""
    context, key = call.context, SourceId(source)
    catalogue.adopt_url(
        context.database,
        context.clock,
        file=context.sources,
        source=key,
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )
    return _read(call, key)


@router.post("/sources/{source}/return")
def bring_back(call: Call, source: Name) -> SourceOut:
    """Put a removed source back into feeds.yaml as it was: it comes with its history."""
    context = call.context
    with context.database.read() as tx:
        known = get_source(tx, SourceId(source))
        publisher = next(each for each in list_publishers(tx) if each.id == known.publisher)
    catalogue.add_source(
        context.database,
        context.clock,
        file=context.sources,
        source=known,
        publisher=publisher,
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )
    return _read(call, known.id)


class PasswordIn(Asked):
    """The password of a mailbox; no answer ever holds it."""

    password: Annotated[str, Field(min_length=1, max_length=passwords.LONGEST_PASSWORD)]


@router.post("/sources/{source}/password", status_code=204)
def set_password(call: Call, source: Name, wanted: PasswordIn) -> Response:
    """Keep it where polling looks for it, and ask the mailbox soon."""
    context, key = call.context, SourceId(source)
    passwords.store_password(
        context.database,
        context.clock,
        folder=context.settings.secrets_dir,
        source=key,
        password=wanted.password,
        by=call.who,
    )
    with suppress(IllegalDecision):  # paused: the password is kept for when it is resumed
        hasten.ask_now(context.database, context.clock, source=key, by=call.who, address=call.address)
    return Response(status_code=204)


class Deed(StrEnum):
    """What can be done with a source."""

    ASK = "ask"  # as soon as manners allow
    PAUSE = "pause"
    RESUME = "resume"
    CONFIRM = "confirm"  # the document that is held back is the source
    RESTORE = "restore"  # the address of feeds.yaml again, not the learnt one


@router.post("/sources/{source}/{deed}")
def act(call: Call, source: Name, deed: Deed) -> SourceOut:
    """Do it; the source as it then stands."""
    database, clock, key = call.context.database, call.context.clock, SourceId(source)
    match deed:
        case Deed.ASK:
            hasten.ask_now(database, clock, source=key, by=call.who, address=call.address)
        case Deed.PAUSE:
            sources.pause_sources(database, clock, sources=[key], by=call.who, address=call.address)
        case Deed.RESUME:
            sources.resume_sources(database, clock, sources=[key], by=call.who, address=call.address)
        case Deed.CONFIRM:
            sources.confirm_source(database, clock, source=key, by=call.who, address=call.address)
        case Deed.RESTORE:
            sources.restore_source(database, clock, source=key, by=call.who, address=call.address)
    return _read(call, key)


class PublisherIn(Asked):
    """Who answers for what a source says, where feeds.yaml does not have them yet."""

    id: Key
    name: Word
    domains: Annotated[list[Word], Field(max_length=50, default_factory=list)]


class SourceIn(Asked):
    """A source as feeds.yaml names it."""

    name: Word
    url: Annotated[str, Field(min_length=1, max_length=2000), PLAIN]
    origin: Origin
    tier: Tier
    publisher: Key
    provider: Key | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{2,35}$")] | None = None
    every_minutes: Annotated[int, Field(ge=15, le=20160), WHOLE] | None = None
    kind: Literal["feed", "page", "sitemap", "status", "mailbox"] = "feed"
    selector: Word | None = None
    is_aggregator: StrictBool = False
    new_publisher: PublisherIn | None = None


class NewSourceIn(SourceIn):
    """A new one, with its id."""

    id: Key


def _source(given: SourceIn, key: str) -> Source:
    return Source(
        id=SourceId(key),
        name=given.name,
        url=given.url,
        origin=given.origin,
        tier=given.tier,
        publisher=PublisherId(given.publisher),
        provider=given.provider,
        language=given.language,
        cadence=None if given.every_minutes is None else timedelta(minutes=given.every_minutes),
        kind=Kind(given.kind),
        selector=given.selector,
        is_aggregator=given.is_aggregator,
    )


def _publisher(given: SourceIn) -> Publisher | None:
    new = given.new_publisher
    return None if new is None else Publisher(id=PublisherId(new.id), name=new.name, domains=tuple(new.domains))


@router.post("/sources", status_code=201)
def add(call: Call, wanted: NewSourceIn) -> SourceOut:
    """Write a new source into feeds.yaml and follow it; 409 has the `complaints`."""
    context = call.context
    catalogue.add_source(
        context.database,
        context.clock,
        file=context.sources,
        source=_source(wanted, wanted.id),
        publisher=_publisher(wanted),
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )
    return _read(call, SourceId(wanted.id))


@router.put("/sources/{source}")
def change(call: Call, source: Name, wanted: SourceIn) -> SourceOut:
    """Let feeds.yaml say this of it."""
    context = call.context
    catalogue.change_source(
        context.database,
        context.clock,
        file=context.sources,
        source=_source(wanted, source),
        publisher=_publisher(wanted),
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )
    return _read(call, SourceId(source))


@router.delete("/sources/{source}")
def remove(call: Call, source: Name) -> SourceOut:
    """Take it out of feeds.yaml: it is polled no more, and everything it brought stays."""
    context = call.context
    catalogue.remove_source(
        context.database,
        context.clock,
        file=context.sources,
        source=SourceId(source),
        by=call.who,
        providers=[provider.id for provider in context.providers],
        address=call.address,
    )
    return _read(call, SourceId(source))
