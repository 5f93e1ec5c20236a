"""Webhooks against real servers: who is told what, signed how, how often, and when nobody is told any more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs import webhooks
from monitor.jobs.alerts import channel_of as alert_channel
from monitor.jobs.outbox import OutboxReport, deliver
from monitor.jobs.publish import publish
from monitor.jobs.take_down import take_down
from monitor.jobs.webhooks import AnnounceReport, announce, sign, webhook_doors
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import RevisionKind, Wire
from monitor.model.feeds import TakeDownReason
from monitor.model.subscriber import Event, Wanted
from monitor.model.webhook import Webhook
from monitor.net.client import Fetcher
from monitor.stages.syndicate import Site
from monitor.store import outbox
from monitor.store.database import Database
from monitor.store.people import list_audit
from tests.conftest import ManualClock
from tests.jobs.desk import make_fetcher
from tests.net.servers import Recorded, RecordingServer, http, moved
from tests.wires import BASE_URL, CODEBOOK, EDITOR, PROVIDERS, a_released_wire

SITE = Site(name="The Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)
HERE = (ipaddress.ip_network("127.0.0.0/8"),)
ALERT = "json://alerts.example/in"


class Room:
    """A newsroom whose webhooks lead to a server of the test."""

    def __init__(self, database: Database, clock: ManualClock, fetcher: Fetcher, folder: Path) -> None:
        self.database, self.clock, self.fetcher, self.folder = database, clock, fetcher, folder

    def add(self, url: str, *, events: tuple[Event, ...] = (), **wanted: Any) -> Webhook:
        return webhooks.add_webhook(
            self.database,
            self.clock,
            name="mirror",
            url=url,
            wanted=Wanted(**wanted),
            events=events,
            by="ada",
            allow=HERE,
        )

    def publish(self, **fields: Any) -> Wire:
        wire = a_released_wire(self.database, self.clock, **fields)
        self._publish()
        return wire

    def revise(self, wire: Wire, kind: RevisionKind, **fields: Any) -> None:
        opened = start_revision(self.database, self.clock, wire.id, editor=EDITOR, kind=kind)
        draft = replace(opened.draft, **fields)
        rules: Any = {"codebook": CODEBOOK, "providers": PROVIDERS}
        save_draft(self.database, self.clock, wire.id, editor=EDITOR, draft=draft, version_seen=opened.version)
        release(self.database, self.clock, wire.id, editor=EDITOR, version_seen=None, **rules)
        self._publish()

    def _publish(self) -> None:
        publish(self.database, self.clock, public_dir=self.folder, site=SITE, sections=())

    def announce(self) -> AnnounceReport:
        return announce(self.database, self.clock, site=SITE)

    def send(self) -> OutboxReport:
        doors = webhook_doors(self.database, self.clock, self.fetcher, alerts=(ALERT,), base_url=BASE_URL)
        return deliver(self.database, self.clock, doors, owner="one")


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(204)}) as opened:
        yield opened


@pytest.fixture
def room(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Room]:
    with make_fetcher(clock) as fetcher:
        yield Room(database, clock, fetcher, tmp_path)


@pytest.fixture
def quick(sqlite_database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Room]:
    """As `room`, where the two databases cannot differ."""
    with make_fetcher(clock) as fetcher:
        yield Room(sqlite_database, clock, fetcher, tmp_path)


def is_genuine(request: Recorded, secret: str) -> bool:
    """As a receiver checks it, by the words of Standard Webhooks."""
    key = base64.b64decode(secret.partition("_")[2])
    signed = f"{request.header('webhook-id')}.{request.header('webhook-timestamp')}.".encode() + request.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = (request.header("webhook-signature") or "").split(" ")
    return any(hmac.compare_digest(one, f"v1,{wanted}") for one in given)


def test_a_message_is_signed_as_the_published_example_says() -> None:
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# --- telling -----------------------------------------------------------------------------------------------------


def test_every_publication_is_told_once_with_the_wire_as_it_was_then(room: Room, server: RecordingServer) -> None:
    room.publish(headline="Before anybody listened")
    hook = room.add(server.url("/in"))
    wire = room.publish(headline="Chatbot invents a ruling")
    room.revise(wire, RevisionKind.UPDATE, headline="Chatbot invents two rulings")
    room.revise(wire, RevisionKind.CORRECTION, note="It was one.", headline="Chatbot invents one ruling")
    room.revise(wire, RevisionKind.RETRACTION, note="It did not.")
    assert room.announce() == AnnounceReport(edition_count=4, message_count=4)
    assert room.announce() == AnnounceReport()
    assert room.send().delivered_count == 4
    assert all(is_genuine(request, hook.secret) for request in server.requests)
    bodies = [json.loads(request.body) for request in server.requests]
    assert [b["type"] for b in bodies] == ["wire.published", "wire.updated", "wire.corrected", "wire.retracted"]
    assert [b["data"]["wire"]["headline"] for b in bodies[:3]] == [
        "Chatbot invents a ruling",
        "Chatbot invents two rulings",
        "Chatbot invents one ruling",
    ]
    assert [b["data"]["wire"]["revision"] for b in bodies] == [1, 2, 3, 4]
    first = bodies[0]["data"]["wire"]
    assert (first["tag"], first["status"], first["url"]) == (wire.tag, "published", f"{BASE_URL}/wires/{wire.slug}")
    assert first["providers"] == [{"id": "openai", "name": "OpenAI"}]
    assert [s["publisher_name"] for s in first["sources"]] == ["Gazette", "Courier"]
    assert len({request.header("webhook-id") for request in server.requests}) == 4
    assert server.requests[0].header("content-type") == "application/json"


def test_a_take_down_is_told_by_its_address_alone_and_what_waited_brings_no_text_o6(
    quick: Room, server: RecordingServer
) -> None:
    hook = quick.add(server.url("/in"))
    wire = quick.publish(headline="Nobody may read this")
    quick.announce()
    take_down(quick.database, quick.clock, wire.id, who=EDITOR, reason=TakeDownReason.PRIVACY, note="a person asked")
    quick.announce()
    quick.send()
    told = [json.loads(request.body) for request in server.requests]
    assert [one["type"] for one in told][-1] == "wire.taken-down"
    assert all(is_genuine(request, hook.secret) for request in server.requests)
    gone = told[-1]["data"]["wire"]
    assert set(gone) == {"id", "slug", "url", "status", "taken_down_at"}
    assert (gone["id"], gone["slug"]) == (wire.id, wire.slug)
    assert not any(b"Nobody may read this" in request.body for request in server.requests)


def test_each_hears_what_it_asked_for(quick: Room, server: RecordingServer) -> None:
    server.answers |= {f"/{n}": http(200) for n in ("all", "other", "retracted")}
    quick.add(server.url("/all"))
    quick.add(server.url("/other"), providers=("anthropic",))
    quick.add(server.url("/retracted"), events=(Event.RETRACTED, Event.TAKEN_DOWN))
    wire = quick.publish()
    quick.revise(wire, RevisionKind.CORRECTION, note="Another provider.", providers=("anthropic",))
    quick.revise(wire, RevisionKind.CORRECTION, note="The first was right.", providers=("openai",))
    quick.revise(wire, RevisionKind.RETRACTION, note="It did not happen.")
    quick.announce()
    for _ in range(3):
        quick.send()
    assert sorted(server.paths) == ["/all"] * 4 + ["/other"] * 2 + ["/retracted"]


def test_two_tellers_write_each_message_once_f7(quick: Room, server: RecordingServer) -> None:
    quick.add(server.url("/in"))
    quick.publish()
    assert [quick.announce().message_count, quick.announce().message_count] == [1, 0]
    quick.send()
    quick.send()
    assert len(server.requests) == 1


# --- arriving ----------------------------------------------------------------------------------------------------


def test_a_receiver_that_was_down_gets_every_message_later_under_the_same_id_f11(
    room: Room, server: RecordingServer
) -> None:
    server.answers["/in"] = [http(503), http(500), http(200)]
    hook = room.add(server.url("/in"))
    room.publish()
    room.announce()
    for _ in range(3):
        room.send()
        room.clock.advance(hours=1)
    first, second, third = server.requests
    assert first.header("webhook-id") == second.header("webhook-id") == third.header("webhook-id")
    assert first.body == second.body == third.body
    assert first.header("webhook-timestamp") != third.header("webhook-timestamp")
    assert is_genuine(third, hook.secret)
    found, log = webhooks.list_log(room.database, hook.id)
    assert [(line.is_delivered, line.detail) for line in log] == [
        (True, "answered 200"),
        (False, "answered 500"),
        (False, "answered 503"),
    ]
    assert found.failing_since is None
    assert found.delivered_at is not None


def test_what_never_arrives_ends_the_webhook_after_days_and_the_operator_is_told(
    quick: Room, server: RecordingServer
) -> None:
    server.answers["/in"] = http(500)
    hook = quick.add(server.url("/in"))
    quick.publish()
    quick.announce()
    for _ in range(15):
        quick.send()
        quick.clock.advance(hours=6)
    found, log = webhooks.list_log(quick.database, hook.id)
    assert not found.is_enabled
    assert found.disabled_why == "nothing arrived for 3 days; the last time it answered 500"
    assert len(log) == 13
    with quick.database.read() as tx:
        told = [m for m in outbox.list_undelivered(tx) if m.channel == alert_channel(ALERT)]
        assert "webhook.disable" in {line.what for line in list_audit(tx)}
    assert [m.subject for m in told] == ["Webhook disabled: mirror"]
    assert f"{BASE_URL}/desk/webhooks/{hook.id}" in told[0].body
    quick.publish(headline="While it was off")
    assert quick.announce().message_count == 0
    webhooks.enable(quick.database, quick.clock, hook.id, by="ada")
    server.answers["/in"] = http(200)
    webhooks.redeliver(quick.database, quick.clock, hook.id, log[0].message, by="ada")
    assert quick.send().delivered_count == 1
    assert server.requests[-1].header("webhook-id") == log[0].message


def test_gone_ends_it_at_once(quick: Room, server: RecordingServer) -> None:
    server.answers["/in"] = http(410)
    hook = quick.add(server.url("/in"))
    quick.publish()
    quick.announce()
    quick.send()
    found, _ = webhooks.list_log(quick.database, hook.id)
    assert found.disabled_why == "it answered 410: gone"


def test_one_message_is_sent_again_under_its_own_id_as_long_as_it_is_kept(quick: Room, server: RecordingServer) -> None:
    hook = quick.add(server.url("/in"))
    quick.publish()
    quick.announce()
    quick.send()
    _, (line,) = webhooks.list_log(quick.database, hook.id)
    webhooks.redeliver(quick.database, quick.clock, hook.id, line.message, by="ada")
    quick.send()
    assert [r.header("webhook-id") for r in server.requests] == [line.message] * 2
    with pytest.raises(Unknown, match="no longer kept"):
        webhooks.redeliver(quick.database, quick.clock, hook.id, "msg_unknown", by="ada")


def test_a_ping_arrives_signed(quick: Room, server: RecordingServer) -> None:
    hook = quick.add(server.url("/in"))
    message = webhooks.ping(quick.database, quick.clock, hook.id)
    quick.send()
    (request,) = server.requests
    assert request.header("webhook-id") == message
    assert json.loads(request.body)["type"] == "ping"
    assert is_genuine(request, hook.secret)


def test_for_a_day_the_old_secret_signs_beside_the_new_one(quick: Room, server: RecordingServer) -> None:
    old = quick.add(server.url("/in"))
    new = webhooks.rotate_secret(quick.database, quick.clock, old.id, by="ada")
    assert new.secret != old.secret
    for hours in (1, 24):
        quick.clock.advance(hours=hours)
        webhooks.ping(quick.database, quick.clock, old.id)
        quick.send()
    during, after = server.requests
    assert is_genuine(during, old.secret)
    assert is_genuine(during, new.secret)
    assert not is_genuine(after, old.secret)
    assert is_genuine(after, new.secret)


# --- the guard ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/in", "http://2130706433/", "http://[::1]/", "http://0x7f.1/", "http://169.254.169.254/latest",
     "file:///etc/passwd", "javascript:alert(1)", "https://ada:secret@hooks.example/", "https://hooks.example/#x", ""],
)  # fmt: skip
def test_what_could_never_be_told_is_refused_when_it_is_registered_h1_h2(quick: Room, url: str) -> None:
    with pytest.raises(IllegalDecision, match="Nothing was saved"):
        webhooks.add_webhook(quick.database, quick.clock, name="x", url=url, wanted=Wanted(), by="ada")


def test_a_name_that_leads_inside_is_refused_when_it_is_asked_and_no_redirect_is_followed_h3_h4(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path, server: RecordingServer
) -> None:
    server.answers["/away"] = moved(307, "/in")
    with make_fetcher(clock) as open_fetcher, Fetcher(user_agent="Monitor/1", clock=clock) as guarded:
        inside = Room(sqlite_database, clock, guarded, tmp_path)
        hook = inside.add(server.url("/in", host="localhost"))
        webhooks.ping(inside.database, clock, hook.id)
        inside.send()
        away = Room(sqlite_database, clock, open_fetcher, tmp_path)
        moved_on = away.add(server.url("/away"))
        webhooks.ping(away.database, clock, moved_on.id)
        away.send()
    _, (refused,) = webhooks.list_log(sqlite_database, hook.id)
    _, (followed,) = webhooks.list_log(sqlite_database, moved_on.id)
    assert "loopback" in refused.detail
    assert followed.detail == "answered 307: redirects are not followed"
    assert server.paths == ["/away"]


def test_what_is_removed_is_told_nothing_and_its_secret_is_gone(quick: Room, server: RecordingServer) -> None:
    hook = quick.add(server.url("/in"))
    quick.publish()
    quick.announce()
    webhooks.remove(quick.database, quick.clock, hook.id, by="ada")
    assert quick.send() == OutboxReport()
    with pytest.raises(Unknown):
        webhooks.list_log(quick.database, hook.id)
    assert server.requests == []
