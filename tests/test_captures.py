"""Real feeds, as they were captured, polled twice: the second round is all 304, and no entry comes twice (P1, P2)."""

from __future__ import annotations

import json
import socket
from collections import Counter
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.jobs.poll import poll
from monitor.jobs.standing import list_reports
from monitor.jobs.sync import sync
from monitor.jobs.workers import Workers
from monitor.net.client import Fetcher
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.net.servers import Answer, Recorded, RecordingServer, http

LOOPBACK = [ip_network("127.0.0.0/8")]
NO_FEED = "kurtmckee__rss_empty_document.xml"  # a cut-off document without a feed: nothing vouched for, asked in full


def _captured(path: Path, number: int) -> Answer:
    body, etag = path.read_bytes(), f'W/"{number}-gzip"'

    def answer(request: Recorded, _connection: socket.socket) -> bytes:
        if request.header("If-None-Match") == etag:
            return http(304, b"", ("ETag", etag))
        return http(200, body, ("ETag", etag), ("Content-Type", "application/xml"))

    return answer


@pytest.mark.data
def test_every_capture_is_asked_for_once_and_then_not_modified_p1(
    data_dir: Path, sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    files = [json.loads(line)["file"] for line in (data_dir / "feeds" / "manifest.jsonl").read_text().splitlines()]
    server = RecordingServer(
        {f"/{n}": _captured(data_dir / "feeds" / "files" / name, n) for n, name in enumerate(files)}
    )
    with server, Workers(2) as workers, Fetcher(user_agent="Monitor/test", clock=clock, allow=LOOPBACK) as fetcher:
        # a name of its own for each, as on the web: one host would answer one request every two seconds
        sources = [
            {"id": f"s{n}", "name": name, "url": f"http://s{n}.localhost:{server.port}/{n}",
             "origin": "press", "tier": "secondary", "publisher": "all"}
            for n, name in enumerate(files)
        ]  # fmt: skip
        catalogue = tmp_path / "feeds.yaml"
        catalogue.write_text(json.dumps({"publishers": [{"id": "all", "name": "All"}], "sources": sources}))
        sync(sqlite_database, clock, path=catalogue)

        first = poll(sqlite_database, clock, fetcher, workers, owner="test")
        assert len(first.lines) == len(files)
        first_requests = [r.path for r in server.requests]
        assert Counter(first_requests) == {f"/{n}": 1 for n in range(len(files))}
        with sqlite_database.read() as tx:
            reports = list_reports(tx, clock.now())
        entry_count = sum(r.entry_count for r in reports)
        unread = {r.source.name: r.state.last_outcome for r in reports if not r.entry_count}
        assert entry_count == first.new_entry_count > 3_000

        clock.advance(hours=25)
        second = poll(sqlite_database, clock, fetcher, workers, owner="test")
        again = server.requests[len(files) :]
        assert len(second.lines) == len(again) == len(files)
        unconditional = [files[int(r.path[1:])] for r in again if r.header("If-None-Match") is None]
        assert unconditional == [NO_FEED], unread
        assert second.new_entry_count == 0
        assert {line.outcome for line in second.lines if line.source != f"s{files.index(NO_FEED)}"} == {"not-modified"}
        with sqlite_database.read() as tx:
            assert sum(r.entry_count for r in list_reports(tx, clock.now())) == entry_count

        clock.advance(minutes=1)
        assert poll(sqlite_database, clock, fetcher, workers, owner="test").lines == ()
