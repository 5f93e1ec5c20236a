"""feeds.yaml is written and followed in one call: by several at once, beside a person with an editor, or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import FaultyFile, IllegalDecision, Unconfigured, Unknown
from monitor.jobs import sources_file
from monitor.jobs.catalogue import (
    add_source,
    add_sources,
    adopt_url,
    change_source,
    current_catalogue,
    import_opml,
    remove_source,
)
from monitor.jobs.sources_file import SourcesFile, read_text, replace_text
from monitor.jobs.sync import sync
from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier, Validators
from monitor.shipped import shipped_path
from monitor.store.database import Database
from monitor.store.leases import lease_due_sources
from monitor.store.people import list_audit
from monitor.store.polls import get_poll_state, record_state
from monitor.store.sources import get_source, list_sources
from tests.conftest import ManualClock

ROOT = Path(__file__).parents[2]
FEEDS = """\
# Ours.
publishers:
  - id: gazette
    name: The Gazette
sources:
  - id: one   # the first
    name: One
    url: https://one.example/feed
    origin: press
    tier: secondary
    publisher: gazette
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "feeds.yaml"
    made.write_text(FEEDS, encoding="utf-8")
    return made


@pytest.fixture
def file(path: Path) -> SourcesFile:
    return SourcesFile(configured=path)


def a_source(key: str = "two", **more: object) -> Source:
    values: dict[str, object] = {
        "id": SourceId(key),
        "name": key.title(),
        "url": f"https://{key}.example/feed",
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "publisher": PublisherId("gazette"),
    }
    return Source(**values | more)  # type: ignore[arg-type]


def running(database: Database) -> list[str]:
    with database.read() as tx:
        return sorted(source.id for source in list_sources(tx))


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as tx:
        return [(line.who, line.what, line.subject) for line in reversed(list_audit(tx))]


# --- add, change, remove ------------------------------------------------------------------------------------------


def test_a_source_is_added_to_the_file_and_polled_from_then_on(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    acme = Publisher(id=PublisherId("acme"), name="Acme", domains=("acme.example",))
    report = add_source(
        database, clock, file=file, source=a_source(publisher=acme.id), publisher=acme, by="Ada", address="192.0.2.1"
    )
    assert report.added == ("one", "two"), "the file is followed whole"
    assert path.read_text().startswith(FEEDS[: FEEDS.index("sources:")])
    assert path.read_text().count("\n  - id: two\n") == 1
    with database.read() as tx:
        assert get_source(tx, SourceId("two")).publisher == "acme"
        assert get_poll_state(tx, SourceId("two")).due_at == clock.now()
        (line,) = list_audit(tx)
    assert (line.who, line.what, line.subject, line.address) == ("Ada", "source.add", "source two", "192.0.2.1")
    assert (line.before, (line.after or {})["url"]) == (None, "https://two.example/feed")
    assert not sync(database, clock, path=path).has_changes


def test_a_source_is_changed_in_its_place_and_nothing_else_is(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    sync(database, clock, path=path)
    changed = a_source("one", name="The One", cadence=timedelta(hours=2))
    assert change_source(database, clock, file=file, source=changed, by="Ada").changed == ("one",)
    assert path.read_text() == FEEDS.replace("name: One", "name: The One") + "    every: 2h\n"
    with database.read() as tx:
        assert get_source(tx, SourceId("one")) == changed
        (line,) = list_audit(tx)
    assert ((line.before or {})["name"], (line.after or {})["name"]) == ("One", "The One")
    assert not change_source(database, clock, file=file, source=changed, by="Ada").has_changes
    assert len(audited(database)) == 1, "what changes nothing is not told"


def test_a_removed_source_is_retired_and_keeps_what_it_brought(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    add_source(database, clock, file=file, source=a_source(), by="Ada")
    assert remove_source(database, clock, file=file, source=SourceId("two"), by="Ben").retired == ("two",)
    assert path.read_text() == FEEDS
    assert running(database) == ["one"]
    assert audited(database) == [("Ada", "source.add", "source two"), ("Ben", "source.remove", "source two")]
    with pytest.raises(Unknown):
        remove_source(database, clock, file=file, source=SourceId("two"), by="Ben")


@pytest.mark.parametrize("source", [a_source("one"), a_source(url="https://one.example/feed"), a_source(name="")])
def test_what_is_at_fault_changes_neither_file_nor_database(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path, source: Source
) -> None:
    sync(database, clock, path=path)
    with pytest.raises(FaultyFile):
        add_source(database, clock, file=file, source=source, by="Ada")
    assert path.read_text() == FEEDS
    assert running(database) == ["one"]
    assert audited(database) == []


def test_a_faulty_file_is_not_touched(database: Database, clock: ManualClock, file: SourcesFile, path: Path) -> None:
    path.write_text(FEEDS.replace("tier: secondary", "tier: second"))
    with pytest.raises(FaultyFile, match=r"feeds.yaml:10: one: the tier second is unknown"):
        add_source(database, clock, file=file, source=a_source(), by="Ada")
    assert "two" not in path.read_text()


# --- a URL that a redirect led to ---------------------------------------------------------------------------------


def move(database: Database, clock: ManualClock, url: str) -> None:
    with database.write() as tx:
        lease_due_sources(tx, owner="test", now=clock.now(), lease_for=timedelta(minutes=5), limit=10)
        state = get_poll_state(tx, SourceId("one"))
        moved = replace(state, url=url, moved_at=clock.now(), validators=Validators(etag='"1"'), validators_url=url)
        record_state(tx, moved, owner="test")


def test_a_learnt_url_is_written_into_the_file_and_nothing_starts_anew_p15(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    sync(database, clock, path=path)
    with pytest.raises(IllegalDecision, match="no other was learnt"):
        adopt_url(database, clock, file=file, source=SourceId("one"), by="Ada")
    move(database, clock, "https://new.example/feed")
    assert adopt_url(database, clock, file=file, source=SourceId("one"), by="Ada").changed == ("one",)
    assert path.read_text() == FEEDS.replace("one.example", "new.example")
    with database.read() as tx:
        state = get_poll_state(tx, SourceId("one"))
    assert (state.validators.etag, state.moved_at) == ('"1"', None)


# --- lists of subscriptions ---------------------------------------------------------------------------------------

LIST = b"""<opml version="2.0"><body>
<outline text="Regulators"><outline text="The Office" xmlUrl="https://office.example/feed"/></outline>
<outline text="One again" xmlUrl="http://ONE.example:80/feed"/>
<outline text="Inside" xmlUrl="file:///etc/passwd"/>
<outline text="The Office: News" xmlUrl="https://www.office.example/news"/>
</body></opml>"""


def test_a_list_comes_in_the_bad_lines_are_named_and_a_second_time_changes_nothing_h30(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    report = import_opml(database, clock, file=file, body=LIST, name="mine.opml", by="Ada")
    assert report.added == ("the-office", "the-office-news")
    assert (report.known_count, report.refused_count, report.publisher_count) == (1, 1, 1)
    assert [(c.line, c.subject) for c in report.complaints] == [(4, "Inside")]
    assert str(report) == "2 added, 1 known already, 1 refused; 1 new publishers"
    assert running(database) == ["one", "the-office", "the-office-news"]
    with database.read() as tx:
        office, news = (get_source(tx, key) for key in report.added)
    assert (office.origin, office.tier, office.publisher) == (Origin.REGULATOR, Tier.PRIMARY, "office")
    assert (news.origin, news.publisher) == (Origin.REGULATOR, "office")
    assert path.read_text().startswith(FEEDS[: FEEDS.index("sources:")])
    assert [line[1] for line in audited(database)] == ["source.add", "source.add"]
    before = path.read_bytes()
    assert import_opml(database, clock, file=file, body=LIST, name="mine.opml", by="Ada").added == ()
    assert path.read_bytes() == before


def test_hundreds_of_subscriptions_come_in_by_one_edit(
    sqlite_database: Database, clock: ManualClock, file: SourcesFile
) -> None:
    lines = "".join(f'<outline text="Site {n}" xmlUrl="https://site{n}.example/feed"/>\n' for n in range(300))
    body = f"<opml><body>{lines}</body></opml>".encode()
    report = import_opml(sqlite_database, clock, file=file, body=body, name="many.opml", by="Ada")
    assert len(report.added) == 300
    assert len(running(sqlite_database)) == 301


# --- several writers ----------------------------------------------------------------------------------------------


def test_two_who_add_at_once_both_arrive(database: Database, clock: ManualClock, file: SourcesFile) -> None:
    barrier = threading.Barrier(2)

    def add(key: str) -> None:
        barrier.wait()
        add_source(database, clock, file=file, source=a_source(key), by=key)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ["two", "three"]))
    assert sorted(source.id for source in current_catalogue(file).sources) == ["one", "three", "two"]
    assert running(database) == ["one", "three", "two"]


def test_a_person_who_saves_the_file_meanwhile_loses_nothing(
    database: Database, clock: ManualClock, path: Path
) -> None:
    asked: list[int] = []

    class Slow(SourcesFile):
        """A file that a person saves between the reading and the writing."""

        def edited(self) -> Path:
            asked.append(1)
            if len(asked) == 2:
                path.write_text(FEEDS.replace("# Ours.", "# Ours, by hand."))
            return super().edited()

    add_source(database, clock, file=Slow(configured=path), source=a_source(), by="Ada")
    assert path.read_text().startswith("# Ours, by hand.\n")
    assert running(database) == ["one", "two"]


def test_a_sync_does_not_follow_a_file_that_was_edited_under_it(
    database: Database, clock: ManualClock, file: SourcesFile, path: Path
) -> None:
    add_source(database, clock, file=file, source=a_source("two"), by="Ada")
    barrier = threading.Barrier(2)

    def follow() -> None:
        barrier.wait()
        for _ in range(3):
            sync(database, clock, path=path)

    def add() -> None:
        barrier.wait()
        add_source(database, clock, file=file, source=a_source("three"), by="Ada")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(follow), pool.submit(add)]:
            done.result()
    with database.read() as tx:
        assert get_source(tx, SourceId("three"))
    assert running(database) == ["one", "three", "two"]


# --- which file, and how it is written ----------------------------------------------------------------------------


def test_the_file_is_found_by_one_rule(tmp_path: Path) -> None:
    here, data = tmp_path / "here", tmp_path / "data"
    here.mkdir()
    data.mkdir()
    file = SourcesFile(folder=here, data_dir=data)
    assert (file.followed(), file.edited()) == (shipped_path("feeds.yaml"), data / "feeds.yaml")
    (data / "feeds.yaml").write_text(FEEDS)
    assert (file.followed(), file.edited()) == (data / "feeds.yaml", data / "feeds.yaml")
    (here / "feeds.yaml").write_text(FEEDS)
    assert (file.followed(), file.edited()) == (here / "feeds.yaml", here / "feeds.yaml")
    named = SourcesFile(configured=tmp_path / "named.yaml", folder=here, data_dir=data)
    assert (named.followed(), named.edited()) == (tmp_path / "named.yaml", tmp_path / "named.yaml")


def test_the_first_edit_copies_the_shipped_file_and_the_copy_is_followed(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    shipped = shipped_path("feeds.yaml").read_bytes()
    file = SourcesFile(folder=tmp_path, data_dir=tmp_path / "var")
    count = len(current_catalogue(file).sources)
    source = a_source("zz", publisher="openai")
    assert len(add_source(sqlite_database, clock, file=file, source=source, by="Ada").added) == count + 1
    assert shipped_path("feeds.yaml").read_bytes() == shipped
    assert file.followed() == tmp_path / "var" / "feeds.yaml"
    assert len(file.followed().read_bytes().splitlines()) == len(shipped.splitlines()) + 6


def test_a_list_can_begin_with_nothing_but_not_where_sources_run(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    file = SourcesFile(configured=tmp_path / "own" / "feeds.yaml")
    gazette = Publisher(id=PublisherId("gazette"), name="The Gazette")
    assert current_catalogue(file).sources == ()
    sources = [a_source("one"), a_source("two")]
    report = add_sources(database, clock, file=file, sources=sources, publishers=[gazette], by="Ada")
    assert report.added == ("one", "two")
    file.edited().write_text("# emptied\n")
    with pytest.raises(IllegalDecision, match="names no source, but 2 are polled"):
        add_source(database, clock, file=file, source=a_source("three"), publisher=gazette, by="Ada")
    assert file.edited().read_text() == "# emptied\n"


def test_a_link_stays_a_link_and_the_mode_is_kept(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    path.chmod(0o640)
    before = path.stat()
    replace_text(link, "new: text\n", has_bom=True)
    assert link.is_symlink()
    assert path.read_bytes() == b"\xef\xbb\xbfnew: text\n"
    assert (read_text(path).text, read_text(path).has_bom) == ("new: text\n", True)
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino, "renamed into place, never written over"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["feeds.yaml", "link.yaml"]


WRITER = """
import sys
from pathlib import Path
from monitor.jobs.sources_file import replace_text
path, letters = Path(sys.argv[1]), "ab"
print("ready", flush=True)
while True:
    for letter in letters:
        replace_text(path, letter * 500_000)
"""


def test_a_writer_that_is_killed_leaves_a_whole_file(path: Path) -> None:
    for seconds in (0.05, 0.11, 0.17):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        process.communicate()
        text = path.read_text()
        assert text in (FEEDS, "a" * 500_000, "b" * 500_000)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_owner_stays_theirs(path: Path) -> None:
    os.chown(path, 1234, 2345)
    replace_text(path, "new: text\n")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


def test_a_file_that_cannot_be_written_is_left_with_a_sentence_that_says_what_to_do(
    database: Database, clock: ManualClock, tmp_path: Path, path: Path
) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(Unconfigured, match=r"cannot be changed: .* Nothing was changed\."):
        replace_text(target, "x")
    with pytest.raises(Unconfigured, match="cannot be changed"):
        replace_text(path / "feeds.yaml", "x")
    if os.geteuid() == 0:
        return  # root may write everywhere
    path.parent.chmod(0o500)
    with pytest.raises(Unconfigured, match="copy it to a place of your own and set MONITOR_SOURCES"):
        add_source(database, clock, file=SourcesFile(configured=path), source=a_source(), by="Ada")
    path.parent.chmod(0o700)
    assert path.read_text() == FEEDS


def test_a_file_that_is_too_large_is_not_read_h30(path: Path) -> None:
    path.write_bytes(b"a" * (sources_file.MAX_BYTES + 10))
    with pytest.raises(FaultyFile, match="has 4,000,001 characters; at most 1,000,000 are read"):
        current_catalogue(SourcesFile(configured=path))
