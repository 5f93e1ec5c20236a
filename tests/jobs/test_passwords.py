"""A mailbox's password lies in one file that only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from monitor.errors import IllegalDecision, Unconfigured, Unknown
from monitor.jobs.mailbox import Passwords
from monitor.jobs.passwords import store_password
from monitor.model import Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import sources
from monitor.store.database import Database
from monitor.store.people import list_audit
from tests.conftest import ManualClock

LETTER = SourceId("letter")


@pytest.fixture(autouse=True)
def a_mailbox(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        for key, kind, url in (
            (LETTER, Kind.MAILBOX, "imaps://desk%40example.org@imap.example.org/INBOX"),
            (SourceId("feed"), Kind.FEED, "https://paper.example/feed"),
        ):
            source = Source(
                id=key,
                name=key,
                url=url,
                kind=kind,
                origin=Origin.PRESS,
                tier=Tier.SECONDARY,
                publisher=PublisherId("paper"),
            )
            sources.add_source(tx, source, now=clock.now())


def store(database: Database, clock: ManualClock, folder: Path, password: str, source: str = "letter") -> Path:
    return store_password(database, clock, folder=folder, source=SourceId(source), password=password, by="command line")


def test_what_is_stored_is_what_polling_finds_and_nobody_else_reads_it(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    folder = tmp_path / "var" / "secrets"
    store(database, clock, folder, "first")
    path = store(database, clock, folder, "correct horse: battery")
    assert Passwords(folder, {})(LETTER) == "correct horse: battery"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [p.name for p in folder.iterdir()] == ["letter"]
    with database.read() as tx:
        lines = list_audit(tx)
    assert [(line.who, line.what, line.subject) for line in lines] == [
        ("command line", "source.password", "source letter")
    ] * 2
    assert all(line.before is None and line.after is None for line in lines)


def test_what_is_no_mailbox_has_no_password(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(IllegalDecision, match="feed is a feed: only mailboxes have a password"):
        store(database, clock, tmp_path, "x", source="feed")
    with pytest.raises(Unknown):
        store(database, clock, tmp_path, "x", source="../etc/passwd")
    for wrong in ("", "a\nb", "a\0b", "x" * 1_001):
        with pytest.raises(IllegalDecision, match="one line of 1 to 1,000 characters"):
            store(database, clock, tmp_path, wrong)
    assert not (tmp_path / "letter").exists()


def test_a_folder_that_cannot_be_written_is_said(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file, not a folder")
    with pytest.raises(Unconfigured, match=r"cannot be written .* Nothing was stored"):
        store(database, clock, tmp_path / "secrets", "x")
