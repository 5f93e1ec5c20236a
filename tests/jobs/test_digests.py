"""Digests from asking to the last letter, by a real mail server: what is told, to whom, how often, and what is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from monitor.errors import Busy, IllegalDecision, Unknown
from monitor.jobs import digests
from monitor.jobs.digests import DigestReport, mail_doors, write_digests
from monitor.jobs.outbox import deliver
from monitor.jobs.publish import publish
from monitor.jobs.take_down import take_down
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import RevisionKind, Severity, Wire
from monitor.model.feeds import TakeDownReason
from monitor.model.subscriber import Period, SubscriberState, Wanted
from monitor.net.smtp import Postman
from monitor.stages.syndicate import Site
from monitor.store import outbox
from monitor.store.database import Database
from monitor.store.subscribers import count_by_state, list_issues, list_subscribers
from tests.conftest import ManualClock
from tests.net.mail_server import Mailer
from tests.wires import BASE_URL, CODEBOOK, EDITOR, PROVIDERS, READER, a_released_wire

SITE = Site(name="The Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)
RAE = "rae@example.org"


@pytest.fixture(scope="module")
def server() -> Iterator[Mailer]:
    with Mailer() as opened:
        yield opened


@pytest.fixture
def mailer(server: Mailer) -> Mailer:
    server.room.letters.clear()
    server.room.recipients.clear()
    server.room.answers = {}
    server.room.at_data = "250 taken"
    return server


class Room:
    """A newsroom with subscribers, its mail server, and a clock."""

    def __init__(self, database: Database, clock: ManualClock, mailer: Mailer, folder: Path) -> None:
        self.database, self.clock, self.mailer, self.folder = database, clock, mailer, folder

    def ask(self, address: str = RAE, *, client: str = "192.0.2.1", **wanted: Any) -> None:
        period = wanted.pop("period", Period.DAILY)
        digests.ask(
            self.database,
            self.clock,
            address=address,
            period=period,
            wanted=Wanted(**wanted),
            client=client,
            secrets_dir=self.folder / "secrets",
        )

    def subscribe(self, address: str = RAE, **wanted: Any) -> None:
        self.ask(address, **wanted)
        self.send()
        digests.confirm(self.database, self.clock, self.token())

    def token(self) -> str:
        """Of the newest letter that asks."""
        found = re.search(r"token=([\w-]+)", self.words())
        assert found
        return found[1]

    def words(self) -> str:
        """The text of the newest letter."""
        body = self.mailer.room.letters[-1].get_body(("plain",))
        assert body is not None
        text: str = body.get_content()
        return text

    def publish(self, **fields: Any) -> Wire:
        wire = a_released_wire(self.database, self.clock, **fields)
        self._publish()
        return wire

    def revise(self, wire: Wire, kind: RevisionKind, **fields: Any) -> None:
        opened = start_revision(self.database, self.clock, wire.id, editor=EDITOR, kind=kind)
        draft = replace(opened.draft, **fields)
        save_draft(self.database, self.clock, wire.id, editor=EDITOR, draft=draft, version_seen=opened.version)
        rules: Any = {"codebook": CODEBOOK, "providers": PROVIDERS}
        for who in (EDITOR, READER):
            release(self.database, self.clock, wire.id, editor=who, version_seen=None, **rules)
            break
        self._publish()

    def _publish(self) -> None:
        done = publish(self.database, self.clock, public_dir=self.folder / "public", site=SITE, sections=())
        assert done.published_count == 1

    def write(self) -> DigestReport:
        return write_digests(self.database, self.clock, site=SITE, hour=7)

    def send(self) -> None:
        with Postman(self.mailer.seen_from_us()) as postman:
            doors = mail_doors(self.database, self.clock, site=SITE, postman=postman)
            deliver(self.database, self.clock, doors, owner="one")

    def tomorrow(self) -> list[str]:
        """The subjects of the letters that the next morning brings."""
        self.clock.at = self.clock.advance(days=1).replace(hour=7, minute=5)
        before = len(self.mailer.room.letters)
        self.write()
        self.send()
        return [str(letter["subject"]) for letter in self.mailer.room.letters[before:]]


@pytest.fixture
def room(database: Database, clock: ManualClock, mailer: Mailer, tmp_path: Path) -> Room:
    made = Room(database, clock, mailer, tmp_path)
    made.write()
    return made


@pytest.fixture
def quick(sqlite_database: Database, clock: ManualClock, mailer: Mailer, tmp_path: Path) -> Room:
    """As `room`, where the two databases cannot differ."""
    made = Room(sqlite_database, clock, mailer, tmp_path)
    made.write()
    return made


def everything_kept(database: Database) -> str:
    """All of the database's text, as whoever steals it would read it."""
    with database.read() as tx:
        tables = ("subscribers", "subscribe_attempts", "outbox", "audit", "digest_issues")
        return json.dumps([[list(row) for row in tx.execute(text(f"SELECT * FROM {t}"))] for t in tables], default=str)


# --- double opt-in -----------------------------------------------------------------------------------------------


def test_nothing_is_sent_to_an_address_that_has_not_answered(quick: Room) -> None:
    quick.ask()
    quick.send()
    (letter,) = quick.mailer.room.letters
    assert letter["subject"] == "Confirm your digest of The Wire"
    assert letter["list-unsubscribe"] is None
    quick.publish()
    assert quick.tomorrow() == []
    quick.clock.advance(hours=digests.CONFIRM_HOURS)
    with pytest.raises(Unknown, match="has run out"):
        digests.confirm(quick.database, quick.clock, quick.token())
    quick.tomorrow()
    assert RAE not in everything_kept(quick.database)


def test_a_link_confirms_once_and_only_the_newest_works(quick: Room) -> None:
    quick.ask()
    quick.send()
    old = quick.token()
    quick.clock.advance(minutes=5)
    quick.ask()
    quick.send()
    with pytest.raises(Unknown):
        digests.confirm(quick.database, quick.clock, old)
    done = digests.confirm(quick.database, quick.clock, quick.token())
    assert done.state is SubscriberState.ACTIVE
    with pytest.raises(Unknown, match="has been used"):
        digests.confirm(quick.database, quick.clock, quick.token())


def test_whoever_asks_learns_nothing_and_the_owner_is_told(quick: Room) -> None:
    quick.subscribe()
    quick.clock.advance(minutes=5)
    quick.ask()
    quick.send()
    assert quick.mailer.room.letters[-1]["subject"] == "Your digest of The Wire"
    assert "You have that subscription already" in quick.words()
    assert len(quick.mailer.room.letters) == 2


def test_an_address_is_written_to_three_times_a_day_at_most_and_one_place_may_not_ask_for_all(quick: Room) -> None:
    for n in range(6):
        quick.clock.advance(minutes=1)
        quick.ask(severities=(Severity.SEV_1,), client=f"192.0.2.{n}")
    quick.send()
    assert len(quick.mailer.room.letters) == digests.ASKED_BY_ADDRESS
    for n in range(digests.ASKED_BY_CLIENT):
        quick.ask(f"a{n}@example.org", client="198.51.100.7")
    with pytest.raises(Busy, match="Nothing was sent"):
        quick.ask(client="198.51.100.7")
    assert "192.0.2.3" not in everything_kept(quick.database)
    quick.clock.advance(days=1, minutes=1)
    quick.ask("b@example.org", client="198.51.100.7")


@pytest.mark.parametrize(
    "address",
    ["", "rae", "rae@", "@example.org", "rae@localhost", "rae@127.0.0.1", "a b@example.org",
     "rae@example.org\r\nBcc: x", '"a b"@example.org', "räe@example.org", ".a@example.org",
     "a..b@example.org", "a@-x.org", "x" * 65 + "@example.org", "rae@example.org, ben@example.org", "rae@[127.0.0.1]",
     "rae@exa mple.org",
     "a@b." + "c" * 200],
)  # fmt: skip
def test_what_is_no_address_is_not_written_to_h29(address: str) -> None:
    with pytest.raises(IllegalDecision, match="Nothing was sent"):
        digests.read_address(address)


def test_a_host_is_kept_as_servers_know_it() -> None:
    assert digests.read_address(" Rae.O'Hara+news@Bücher.Example ") == "Rae.O'Hara+news@xn--bcher-kva.example"


# --- telling -----------------------------------------------------------------------------------------------------


def test_a_digest_tells_what_happened_since_the_one_before_and_an_empty_one_is_not_sent(room: Room) -> None:
    room.subscribe()
    room.subscribe("ben@example.org", period=Period.WEEKLY)
    assert room.tomorrow() == []
    wire = room.publish(headline="Chatbot invents a ruling")
    assert room.tomorrow() == ["The Wire: 1 new wire"]
    assert room.tomorrow() == []
    room.revise(wire, RevisionKind.CORRECTION, note="The court was another one.")
    assert room.tomorrow() == ["The Wire: 1 corrected or retracted"]
    assert "The court was another one." in room.words()
    room.revise(wire, RevisionKind.RETRACTION, note="It did not happen.")
    assert room.tomorrow() == ["The Wire: 1 corrected or retracted"]
    assert "Retracted: " in room.words()
    later = [subject for _ in range(4) for subject in room.tomorrow()]
    assert later == ["The Wire: 1 corrected or retracted"]  # the weekly one: all of it comes to a retraction
    assert room.mailer.room.recipients[-1] == "ben@example.org"


def test_each_gets_what_it_chose_and_hears_when_a_wire_leaves_the_choice(quick: Room) -> None:
    quick.subscribe("all@example.org")
    quick.subscribe("grave@example.org", severities=(Severity.SEV_3,))
    quick.subscribe("other@example.org", providers=("anthropic",))
    wire = quick.publish()
    before = len(quick.mailer.room.letters)
    quick.tomorrow()
    assert sorted(quick.mailer.room.recipients[before:]) == ["all@example.org", "grave@example.org"]
    quick.revise(wire, RevisionKind.CORRECTION, note="Less grave.", severity=Severity.SEV_4)
    before = len(quick.mailer.room.letters)
    quick.tomorrow()
    assert sorted(quick.mailer.room.recipients[before:]) == ["all@example.org", "grave@example.org"]


def test_a_newsroom_that_was_off_makes_up_for_it_with_one_digest_f9(quick: Room) -> None:
    quick.subscribe()
    for n in range(3):
        quick.publish(headline=f"Incident {n}")
        quick.clock.advance(days=1)
    assert quick.write() == DigestReport(issue_count=1, letter_count=1)
    assert quick.write() == DigestReport()
    quick.send()
    assert quick.mailer.room.letters[-1]["subject"] == "The Wire: 3 new wires"


def test_who_chose_the_same_gets_one_issue_and_two_daemons_write_it_once_f7(quick: Room) -> None:
    for n in range(3):
        quick.subscribe(f"reader{n}@example.org")
    quick.publish()
    quick.clock.advance(days=1)
    assert [quick.write(), quick.write()] == [DigestReport(issue_count=1, letter_count=3), DigestReport()]
    with quick.database.read() as tx:
        (issue,) = list_issues(tx)
    assert issue.wire_count == 1
    quick.send()
    assert sorted(quick.mailer.room.recipients[-3:]) == [f"reader{n}@example.org" for n in range(3)]


# --- leaving -----------------------------------------------------------------------------------------------------


def test_a_letter_that_leaves_late_says_what_holds_by_then_o6(room: Room) -> None:
    room.subscribe()
    told, wrong, gone = (room.publish(headline=name) for name in ("Told as it was", "Wrong in part", "Nobody may read"))
    room.clock.at = room.clock.advance(days=1).replace(hour=7, minute=5)
    room.write()
    room.revise(wrong, RevisionKind.CORRECTION, headline="Right by now", note="It was another court.")
    take_down(room.database, room.clock, gone.id, who=EDITOR, reason=TakeDownReason.PRIVACY, note="a person asked")
    room.send()
    assert "The Wire: 2 new wires" in str(room.mailer.room.letters[-1]["subject"])
    for words in ("Told as it was", "Right by now"):
        assert words in room.words()
    for words in ("Wrong in part", "Nobody may read", gone.slug):
        assert words not in room.words()
    with room.database.read() as tx:
        assert "Nobody may read" not in list_issues(tx)[0].html
    take_down(room.database, room.clock, told.id, who=EDITOR, reason=TakeDownReason.ORDER, note="by order")
    assert room.tomorrow() == ["The Wire: 3 corrected or retracted"]  # for those whose letter had left before


def test_a_digest_of_which_nothing_is_left_is_not_sent_o6(quick: Room) -> None:
    quick.subscribe()
    gone = quick.publish()
    quick.clock.at = quick.clock.advance(days=1).replace(hour=7, minute=5)
    assert quick.write().letter_count == 1
    take_down(quick.database, quick.clock, gone.id, who=EDITOR, reason=TakeDownReason.PRIVACY, note="a person asked")
    before = len(quick.mailer.room.letters)
    quick.send()
    assert len(quick.mailer.room.letters) == before


def test_whoever_leaves_is_forgotten_and_gets_nothing_that_waits(room: Room) -> None:
    room.subscribe()
    room.subscribe(severities=(Severity.SEV_3,))
    room.subscribe("ben@example.org")
    room.publish()
    room.clock.advance(days=1)
    room.write()
    with room.database.read() as tx:
        mine = [s for s in list_subscribers(tx) if s.address == RAE]
    assert digests.leave(room.database, mine[0].leave_token) == 1
    assert digests.leave(room.database, mine[0].leave_token) == 0
    assert digests.leave(room.database, mine[1].leave_token, is_all=True) == 1
    room.send()
    assert room.mailer.room.recipients[-1] == "ben@example.org"
    assert room.mailer.room.recipients.count(RAE) == 2  # the letters that asked
    kept = everything_kept(room.database)
    assert RAE not in kept
    assert "its subscription has ended" in kept


def test_an_address_is_deleted_on_its_owners_word(quick: Room) -> None:
    quick.subscribe()
    assert digests.forget(quick.database, "RAE@example.org") == 1
    assert RAE not in everything_kept(quick.database)


# --- refusals ----------------------------------------------------------------------------------------------------


def test_an_address_that_is_refused_for_good_is_paused_and_holds_up_no_other_f11(room: Room) -> None:
    for name in ("gone", "full", "well"):
        room.subscribe(f"{name}@example.org")
    room.mailer.room.answers = {"gone@example.org": "550 5.1.1 nobody", "full@example.org": "452 4.2.2 later"}
    room.publish()
    assert room.tomorrow() == ["The Wire: 1 new wire"]
    with room.database.read() as tx:
        states = {s.address.partition("@")[0]: (s.state, s.note) for s in list_subscribers(tx)}
        waiting = [m for m in outbox.list_undelivered(tx) if m.due_at is not None]
    assert states["gone"] == (SubscriberState.PAUSED, "answered 550 5.1.1 nobody")
    assert states["full"] == states["well"] == (SubscriberState.ACTIVE, None)
    assert len(waiting) == 1
    room.mailer.room.answers = {}
    room.clock.advance(hours=1)
    room.send()
    assert room.mailer.room.recipients[-1] == "full@example.org"
    room.clock.advance(days=31)
    room.publish(headline="Another")
    room.tomorrow()
    assert "gone@example.org" not in everything_kept(room.database)


def test_letters_that_are_refused_again_and_again_end_and_answering_anew_begins_again(quick: Room) -> None:
    quick.subscribe()
    quick.mailer.room.at_data = "554 5.7.1 no"
    for n in range(digests.REFUSALS):
        with quick.database.read() as tx:
            assert count_by_state(tx)[Period.DAILY, SubscriberState.ACTIVE] == 1
        quick.publish(headline=f"Incident {n}")
        quick.tomorrow()
    with quick.database.read() as tx:
        assert count_by_state(tx) == {(Period.DAILY, SubscriberState.PAUSED): 1}
    quick.mailer.room.at_data = "250 taken"
    quick.subscribe()
    quick.publish(headline="After that")
    assert quick.tomorrow() == ["The Wire: 1 new wire"]


def test_a_mail_server_that_is_down_loses_nothing_and_nobody_is_paused_f11(quick: Room) -> None:
    quick.subscribe()
    quick.publish()
    quick.clock.advance(days=1)
    quick.write()
    with Postman(quick.mailer.seen_from_us(port=1)) as postman:
        doors = mail_doors(quick.database, quick.clock, site=SITE, postman=postman)
        assert deliver(quick.database, quick.clock, doors, owner="one").failed_count == 1
    quick.clock.advance(hours=2)
    quick.send()
    assert quick.mailer.room.letters[-1]["subject"] == "The Wire: 1 new wire"
