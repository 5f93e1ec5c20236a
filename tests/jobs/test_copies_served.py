"""Copies as real pages bring them: served, extracted, credited, grouped; by languages, desks and shortenings.

The pages are data: `tests/data/copies`, in ten languages.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.rulebook import owners_of
from monitor.jobs.workers import Workers
from monitor.model import Article, ArticleId, Member, Publisher, PublisherId, SourceId
from monitor.stages.codebook import ProviderIndex
from monitor.store.candidates import list_candidates_of
from monitor.store.database import Database
from monitor.store.grouping import list_members
from monitor.store.sources import add_source, record_publishers
from tests.conftest import ManualClock
from tests.jobs.pressroom import HERALD, Pressroom
from tests.net.servers import Recorded, RecordingServer, http

DATA = Path(__file__).parents[1] / "data/copies"
STREAM: list[dict[str, Any]] = YAML(typ="safe").load(DATA / "stream.yaml")


@pytest.fixture(scope="module")
def providers() -> ProviderIndex:
    return ProviderIndex((), owners=owners_of())


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/robots.txt": http(404)}) as opened:
        yield opened


def host_of(item: dict[str, Any]) -> str:
    names = {"PR Newswire": "www.prnewswire", "The Conversation": "theconversation"}
    return names.get(item["publisher"], f"www.paper-{STREAM.index(item)}") + ".localhost"


def path_of(item: dict[str, Any]) -> str:
    return {"en-release": "/release", "en-essay": "/essays"}.get(item["page"], f"/{item['page']}")


def serve(server: RecordingServer) -> None:
    """Every page under its path; addresses inside pages get the server's port."""
    port = server.url("").rpartition(":")[2]
    for item in STREAM:
        text = (DATA / "pages" / f"{item['page']}.html").read_text(encoding="utf-8")
        body = text.replace(".localhost/", f".localhost:{port}/").encode()

        def answer(request: Recorded, connection: socket.socket, body: bytes = body) -> bytes:
            return http(200, body, ("Content-Type", "text/html; charset=utf-8"))

        server.answers[path_of(item)] = (answer,)


def read_all(desk: Pressroom, providers: ProviderIndex) -> dict[str, Article]:
    """Each page's article, by the page's name."""
    serve(desk.server)
    for item in STREAM:
        at = datetime.fromisoformat(item["at"]).replace(tzinfo=UTC)
        desk.clock.advance(seconds=max(0.0, (at - desk.clock.now()).total_seconds()))
        name = item["publisher"]
        publisher = Publisher(id=PublisherId(name.lower().replace(" ", "-")), name=name)
        source = replace(HERALD, id=SourceId(f"s{STREAM.index(item)}"), publisher=publisher.id, language=None)
        url = desk.server.url(path_of(item), host=host_of(item))
        with desk.database.write() as tx:
            record_publishers(tx, [publisher])
            add_source(tx, replace(source, url=desk.server.url("/feed", host=host_of(item))), now=desk.clock.now())
        item_of = f"<item><link>{escape(url)}</link><pubDate>{format_datetime(at)}</pubDate></item>"
        desk.reads(f"<rss version='2.0'><channel>{item_of}</channel></rss>", source)
        assert desk.extract(providers=providers).page_count == 1
        deduplicate(desk.database, desk.clock, owner="test", providers=providers)
    articles = desk.articles()
    return {item["page"]: article for item, article in zip(STREAM, articles, strict=True)}


def members_of(database: Database) -> dict[ArticleId, Member]:
    with database.read() as tx:
        ids = [ArticleId(number) for number in range(1, len(STREAM) + 1)]
        candidates = {candidate for id_ in ids for candidate in list_candidates_of(tx, id_)}
        return {member.article.id: member for c in candidates for member in list_members(tx, c)}


def test_copies_are_told_from_other_tellings_in_every_language(
    sqlite_database: Database,
    clock: ManualClock,
    server: RecordingServer,
    workers: Workers,
    providers: ProviderIndex,
) -> None:
    desk = Pressroom(sqlite_database, clock, server, workers)
    articles = read_all(desk, providers)
    members = members_of(sqlite_database)
    page_of = {article.id: page for page, article in articles.items()}
    found = {page: _original(members[article.id], page_of) for page, article in articles.items()}
    assert found == {item["page"]: item.get("of") for item in STREAM}
    assert clock.now() - articles["en-agency"].first_seen_at < timedelta(days=5)
    said = members[articles["de-translated"].id].reason
    assert "a translation, with" in said
    assert "credited to Associated Press, as" in said
    for item in STREAM:
        credited = {f"{c.kind} {c.name}" for c in articles[item["page"]].credits}
        assert set(item.get("credits", ())) <= credited, item["page"]
    assert not {c.name for c in articles["en-own"].credits + articles["de-own"].credits}
    # A picture's credit is none for the words.
    assert {c.name for c in articles["en-reprint"].credits} == {"Associated Press"}


def _original(member: Member, page_of: dict[ArticleId, str]) -> str | None:
    return None if member.copy_of is None else page_of[member.copy_of]
