"""WebSub with a real hub and the real web side: what a hub delivers is there at once, and polls go on beneath (P25)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from monitor.jobs.push import MOST_UNREAD, PushReport, read_pushes
from monitor.jobs.subscribe import SubscribeReport, subscribe
from monitor.jobs.workers import Workers
from monitor.model import Kind, PastPoll, SourceDay, Subscription, SubscriptionStatus
from monitor.settings import Settings
from monitor.stages.hub import SHORTEST_LEASE
from monitor.store import days as days_store
from monitor.store import polls, push, sources
from monitor.store.database import Database
from monitor.store.entries import count_unextracted, count_versions, list_entries, record_extract_failure
from monitor.web.app import create_app
from tests.conftest import ManualClock
from tests.hubs import Hub
from tests.jobs.desk import PAPER, Desk, make_fetcher, rss
from tests.net.servers import RecordingServer, http
from tests.web.conftest import served


class PushedDesk(Desk):
    """A desk whose web side hubs can reach, with one source whose feed names a hub."""

    base_url: str
    hub: Hub
    server: RecordingServer

    @property
    def topic(self) -> str:
        return self.server.url("/feed")

    def serve(self, *titles: str, hub: str | None = None, topic: str | None = None, path: str = "/feed") -> None:
        """What the source's own server answers from now on."""
        link = f'<{hub or self.hub.url}>; rel="hub", <{topic or self.topic}>; rel="self"'
        self.server.answers[path] = http(200, rss(*titles), ("Link", link), ("ETag", f'"{len(titles)}"'))

    def begin(self) -> None:
        """Poll once and subscribe."""
        self.serve("a")
        self.add("paper", self.topic)
        self.poll()
        self.subscribe()

    def subscribe(self) -> SubscribeReport:
        report = subscribe(self.database, self.clock, self.fetcher, base_url=self.base_url)
        self.hub.settle()
        return report

    def read(self, owner: str = "desk") -> PushReport:
        return read_pushes(self.database, self.clock, self.workers, owner=owner)

    def subscription(self) -> Subscription:
        with self.database.read() as tx:
            found = push.find_subscription(tx, PAPER)
        assert found is not None
        return found

    def last_poll(self) -> PastPoll:
        with self.database.read() as tx:
            return polls.list_polls(tx, PAPER)[0]

    def call(self, **query: str) -> httpx.Response:
        """A question to the callback, as a hub asks it."""
        asked = {"hub.topic": self.topic, "hub.challenge": "c", **{f"hub.{k}": v for k, v in query.items()}}
        return httpx.get(f"{self.base_url}/push/{self.subscription().token}", params=asked, timeout=30)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The real web side, served once; each test hands it its own database and clock."""
    folder = tmp_path_factory.mktemp("web")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = Settings(data_dir=folder, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        made = create_app(settings, Database("sqlite://"), ManualClock())
        with served(made, listener):
            yield made


def open_desk(app: FastAPI, database: Database, clock: ManualClock, workers: Workers) -> Iterator[PushedDesk]:
    app.state.context = context = replace(app.state.context, database=database, clock=clock)
    with make_fetcher(clock) as fetcher, Hub() as hub, RecordingServer() as server:
        desk = PushedDesk(database, clock, fetcher, workers)
        desk.base_url, desk.hub, desk.server = context.settings.base_url, hub, server
        yield desk


@pytest.fixture
def desk(app: FastAPI, database: Database, clock: ManualClock, workers: Workers) -> Iterator[PushedDesk]:
    """On both databases."""
    yield from open_desk(app, database, clock, workers)


@pytest.fixture
def lite(app: FastAPI, sqlite_database: Database, clock: ManualClock, workers: Workers) -> Iterator[PushedDesk]:
    """For what does not depend on the database."""
    yield from open_desk(app, sqlite_database, clock, workers)


# --- the ordinary way -------------------------------------------------------------------------------------------


def test_what_a_hub_delivers_is_an_entry_within_one_tick_p25(desk: PushedDesk) -> None:
    desk.begin()
    (asked,) = desk.hub.asked
    found = desk.subscription()
    assert asked == {
        "hub.mode": "subscribe",
        "hub.topic": desk.topic,
        "hub.callback": f"{desk.base_url}/push/{found.token}",
        "hub.secret": found.secret,
        "hub.lease_seconds": "864000",
    }
    assert (desk.hub.echoes, found.status) == ([200], SubscriptionStatus.ACTIVE)
    due_at, validators = desk.state().due_at, desk.state().validators
    desk.clock.advance(minutes=10)
    assert desk.hub.publish(desk.topic, rss("b", "a")) == [202]
    assert desk.read() == PushReport(source_count=1, push_count=1, new_entry_count=1)
    assert desk.titles() == ["a", "b"]
    state = desk.state()
    assert (state.due_at, state.validators) == (due_at, validators)  # the next poll is neither nearer nor farther
    assert (state.last_new_at, state.entry_count) == (desk.clock.now(), 2)
    line = desk.last_poll()
    assert (line.outcome, line.new_entry_count) == ("pushed", 1)
    with desk.database.read() as tx:
        days = days_store.list_days(tx, since=desk.clock.now().date())
    assert days == {PAPER: (SourceDay(day=desk.clock.now().date(), poll_count=1, new_entry_count=2),)}
    assert desk.read() == PushReport()


def test_the_same_document_twice_brings_its_entries_once_f1_p25(desk: PushedDesk) -> None:
    desk.begin()
    for body in (rss("b"), rss("b", "c"), rss("b")):
        desk.hub.publish(desk.topic, body)
    with ThreadPoolExecutor(2) as pool:  # two daemons
        reports = list(pool.map(lambda owner: desk.read(owner), ["one", "two"]))
    assert sorted(report.new_entry_count for report in reports) == [0, 2]
    assert desk.titles() == ["a", "b", "c"]


def test_a_hub_that_confirms_before_it_answers_is_believed_p25(lite: PushedDesk) -> None:
    lite.hub.verifies_first = True
    lite.begin()
    found = lite.subscription()
    assert (found.status, found.note, lite.hub.echoes) == (SubscriptionStatus.ACTIVE, "confirmed for 10 days", [200])


def test_the_link_header_goes_before_the_document_p25(lite: PushedDesk) -> None:
    atom = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title><id>urn:p</id>"
        b"<link rel='hub' href='https://other.example/'/><link rel='self' href='/feed'/>"
        b"<entry><id>urn:1</id><title>a</title></entry></feed>"
    )
    lite.server.answers["/feed"] = http(200, atom, ("Link", f"<{lite.hub.url}>; rel=hub"))
    lite.server.answers["/plain"] = http(200, atom)
    lite.add("paper", lite.topic)
    lite.add("plain", lite.server.url("/plain"))
    lite.poll()
    with lite.database.read() as tx:
        named = {found.source: (found.hub, found.topic) for found in push.list_subscriptions(tx)}
    assert named == {"paper": (lite.hub.url, lite.topic), "plain": ("https://other.example/", lite.topic)}


@pytest.mark.parametrize("links", ["<https://hub.example/>; rel=hub", "<feed>; rel=self", ""])
def test_a_feed_that_names_no_hub_or_not_itself_is_only_polled_p25(lite: PushedDesk, links: str) -> None:
    lite.server.answers["/feed"] = http(200, rss("a"), ("Link", links))
    lite.add("paper", lite.topic)
    lite.poll()
    assert lite.subscribe() == SubscribeReport()


# --- who is believed --------------------------------------------------------------------------------------------


def test_a_wrong_signature_is_ignored_and_thanked_p25(lite: PushedDesk) -> None:
    lite.begin()
    assert lite.hub.publish(lite.topic, rss("b"), secret="guessed") == [202]
    assert lite.hub.publish(lite.topic, rss("b"), is_signed=False) == [202]
    assert lite.hub.publish(lite.topic, rss("b"), algorithm="md5") == [202]
    assert lite.read() == PushReport()
    assert lite.titles() == ["a"]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_each_algorithm_of_the_recommendation_is_checked_p25(lite: PushedDesk, algorithm: str) -> None:
    lite.begin()
    assert lite.hub.publish(lite.topic, rss("b"), algorithm=algorithm) == [202]
    assert lite.read().new_entry_count == 1


def test_only_a_question_of_ours_that_is_open_is_confirmed_p25(lite: PushedDesk) -> None:
    lite.hub.verifies = False
    lite.serve("a")
    lite.add("paper", lite.topic)
    lite.poll()
    assert lite.call(mode="subscribe").status_code == 404  # nothing was asked yet
    lite.subscribe()
    assert lite.call(mode="unsubscribe").status_code == 404
    assert lite.call(mode="subscribe", topic=lite.topic + "?other").status_code == 404
    assert lite.call(mode="subscribe", challenge="").status_code == 404
    assert httpx.get(f"{lite.base_url}/push/guessed", params={"hub.mode": "subscribe"}).status_code == 404
    answer = lite.call(mode="subscribe", challenge="<b>c</b>", lease_seconds="86400")
    assert (answer.status_code, answer.text) == (200, "<b>c</b>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert lite.call(mode="subscribe").status_code == 404  # it is closed
    assert lite.subscription().lease_until == lite.clock.now() + timedelta(days=1)


def test_a_delivery_to_an_unknown_address_is_not_taken_p25(lite: PushedDesk) -> None:
    answer = httpx.post(f"{lite.base_url}/push/guessed", content=rss("b"))
    assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)
    assert httpx.post(f"{lite.base_url}/desk/login", content=b"").status_code == 403  # the desk's door is as it was


def test_every_offer_has_a_callback_and_a_secret_of_its_own_p25(lite: PushedDesk) -> None:
    lite.begin()
    first = lite.subscription()
    lite.clock.advance(hours=4)
    lite.serve("a", "b", topic=lite.topic + "?v=2")
    lite.poll()
    lite.subscribe()
    second = lite.subscription()
    assert (second.topic, second.status) == (lite.topic + "?v=2", SubscriptionStatus.ACTIVE)
    assert first.token != second.token
    assert first.secret != second.secret
    assert min(len(first.token), len(second.token)) >= 40
    assert lite.hub.publish(lite.topic, rss("old")) == [404]


def test_under_another_hub_nothing_was_delivered_yet_p25(lite: PushedDesk) -> None:
    lite.begin()
    lite.hub.publish(lite.topic, rss("b"))
    lite.read()
    assert lite.state().pushed_until is not None
    lite.serve("a", "b", topic=lite.topic + "?v=2")
    lite.clock.advance(hours=4)
    lite.poll(PAPER)
    assert lite.state().pushed_until in (None, lite.clock.now())


def test_an_outage_grows_by_deliveries_p25(lite: PushedDesk) -> None:
    lite.serve("a")
    lite.add("paper", lite.topic, kind=Kind.STATUS)
    lite.poll()
    lite.subscribe()
    with lite.database.write() as tx:
        (entry,) = list_entries(tx, source=PAPER)
        record_extract_failure(tx, entry.id, note="read once", due_at=None)
    grown = rss("a").replace(b"<guid>", b"<description>still down</description><guid>")
    lite.hub.publish(lite.topic, grown)
    lite.clock.advance(minutes=5)
    assert lite.read() == PushReport(source_count=1, push_count=1, new_entry_count=0)
    with lite.database.read() as tx:
        assert count_versions(tx, entry.id) == 1
        assert count_unextracted(tx, now=lite.clock.now()) == 1  # to be read again


def test_a_feed_that_names_another_hub_each_time_makes_us_ask_once_an_hour_p25(lite: PushedDesk) -> None:
    lite.begin()
    for n in range(5):
        lite.serve("a", *[str(i) for i in range(n + 1)], topic=f"{lite.topic}?{n}")
        lite.poll(PAPER)
        lite.subscribe()
    assert len(lite.hub.asked) == 1
    lite.clock.advance(hours=1)
    lite.subscribe()
    assert len(lite.hub.asked) == 2


# --- how much is taken ------------------------------------------------------------------------------------------


def test_deliveries_are_bounded_in_size_number_and_pace_h13_p25(lite: PushedDesk) -> None:
    lite.begin()
    (callback,) = lite.hub.subscribers
    assert httpx.post(callback, content=b"x" * 2_100_000).status_code == 413
    lying = httpx.post(callback, content=(b"x" * 500_000 for _ in range(5)))  # chunked, without a length
    assert lying.status_code == 413
    statuses = [lite.hub.publish(lite.topic, rss(str(n)))[0] for n in range(MOST_UNREAD + 1)]
    assert statuses == [202] * MOST_UNREAD + [503]
    assert lite.read().push_count == MOST_UNREAD
    lite.hub.publish(lite.topic, rss("later"))
    assert lite.read() == PushReport()  # once a minute
    lite.clock.advance(minutes=1)
    assert lite.read().new_entry_count == 1


def test_what_cannot_be_read_or_is_another_feed_is_left_and_said_h18_h19_p25(lite: PushedDesk) -> None:
    lite.begin()
    lite.hub.publish(lite.topic, b"<!doctype html><html><body>parked</body></html>")
    lite.hub.publish(lite.topic, rss("x", "y").replace(b"Paper", b"Casino"))
    assert lite.read() == PushReport(source_count=1, push_count=2)
    assert lite.titles() == ["a"]
    line = lite.last_poll()
    assert line.outcome == "pushed"
    assert "it calls itself Casino, which is another feed" in line.detail
    assert lite.state().pushed_until is None


# --- leases -----------------------------------------------------------------------------------------------------


def test_a_lease_is_renewed_well_before_it_ends_p25(desk: PushedDesk) -> None:
    desk.begin()
    first = desk.subscription()
    assert first.lease_until == desk.clock.now() + timedelta(days=10)
    desk.clock.advance(days=6)
    assert desk.subscribe().asked_count == 0
    desk.clock.advance(days=2)
    assert desk.subscribe() == SubscribeReport(asked_count=1)
    renewed = desk.subscription()
    assert renewed.status is SubscriptionStatus.ACTIVE
    assert renewed.lease_until == desk.clock.now() + timedelta(days=10)
    assert (renewed.token, renewed.secret) == (first.token, first.secret)
    assert len(desk.hub.subscribers) == 1


def test_deliveries_are_taken_while_a_renewal_is_open_p25(lite: PushedDesk) -> None:
    lite.begin()
    lite.clock.advance(days=8)
    lite.hub.verifies = False
    lite.subscribe()
    assert lite.subscription().status is SubscriptionStatus.RENEWING
    assert lite.hub.publish(lite.topic, rss("b")) == [202]
    assert lite.read().new_entry_count == 1


def test_a_lease_of_nonsense_is_brought_within_bounds_p25(lite: PushedDesk) -> None:
    lite.hub.lease_seconds = 0
    lite.begin()
    assert lite.subscription().lease_until == lite.clock.now() + SHORTEST_LEASE


def test_two_daemons_ask_a_hub_once_p25(desk: PushedDesk) -> None:
    desk.serve("a")
    desk.add("paper", desk.topic)
    desk.poll()
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: desk.subscribe(), range(2)))
    assert sorted(report.asked_count for report in reports) == [0, 1]
    assert len(desk.hub.asked) == 1


def test_hub_poll_and_daemons_meet_in_any_order_f7_p25(desk: PushedDesk) -> None:
    """Renewals, deliveries, readings and polls of one source at once: nobody waits for anybody in a circle."""
    desk.begin()
    delivered: list[int] = []
    for n in range(6):
        desk.clock.advance(days=8)
        desk.serve("a", *[f"p{i}" for i in range(n + 1)])
        deeds: list[Callable[[], object]] = [
            desk.subscribe,
            desk.subscribe,
            lambda n=n: delivered.extend(desk.hub.publish(desk.topic, rss(f"d{n}"))),  # type: ignore[misc]
            lambda: desk.read("one"),
            lambda: desk.read("two"),
            lambda: desk.poll(PAPER),
        ]
        with ThreadPoolExecutor(len(deeds)) as pool:
            for deed in [pool.submit(deed) for deed in deeds]:
                deed.result(60)
    desk.clock.advance(minutes=1)
    desk.read()
    desk.poll(PAPER)
    assert set(desk.hub.echoes) == {200}
    assert delivered == [202] * 6
    assert desk.titles() == sorted(["a", *[f"p{n}" for n in range(6)], *[f"d{n}" for n in range(6)]])


# --- when it goes wrong -----------------------------------------------------------------------------------------


def test_a_hub_that_is_down_is_asked_ever_more_rarely_and_polls_go_on_p25(lite: PushedDesk) -> None:
    lite.hub.answers = [500] * 50
    lite.begin()
    started = lite.clock.now()
    while lite.clock.now() - started < timedelta(days=3):
        lite.clock.advance(minutes=15)
        lite.subscribe()
    assert 7 <= len(lite.hub.asked) <= 12
    found = lite.subscription()
    assert (found.status, found.note) == (SubscriptionStatus.PENDING, "answered 500")
    lite.serve("a", "b")
    assert lite.outcomes() == ["new"]
    lite.hub.answers = []
    lite.clock.advance(days=1)
    lite.subscribe()
    assert lite.subscription().status is SubscriptionStatus.ACTIVE


def test_a_hub_that_never_calls_back_is_asked_again_p25(lite: PushedDesk) -> None:
    lite.hub.verifies = False
    lite.begin()
    assert lite.subscription().status is SubscriptionStatus.PENDING
    lite.clock.advance(minutes=59)
    assert lite.subscribe().asked_count == 0
    lite.hub.verifies = True
    lite.clock.advance(hours=1)
    assert lite.subscribe().asked_count == 1
    assert lite.subscription().status is SubscriptionStatus.ACTIVE


def test_while_a_hub_delivers_polls_are_a_net_and_a_dead_hub_gives_the_pace_back_p25_p26(lite: PushedDesk) -> None:
    lite.begin()
    lite.hub.publish(lite.topic, rss("b"))
    lite.read()
    assert lite.state().pushed_until == lite.subscription().lease_until
    lite.serve("a", "b")
    gaps = []
    for _ in range(7):
        lite.until_due()
        lite.poll()
        gaps.append(lite.state().due_at - lite.clock.now())
        assert gaps[-1] <= timedelta(hours=24)
    assert gaps[-1] > timedelta(hours=20)
    assert lite.state().rule.startswith("its hub delivers what is new: polls are only a net")
    lite.hub.answers = [500] * 50  # it can no longer renew, and says nothing
    while (found := lite.subscription()).attempt_count < 3:
        lite.clock.at = max(lite.clock.at, found.due_at or lite.clock.at)
        lite.subscribe()
    assert found.lease_until is not None
    assert lite.clock.now() < found.lease_until
    lite.until_due()
    lite.poll()
    assert lite.state().due_at - lite.clock.now() < timedelta(hours=2)
    assert "hub" not in lite.state().rule


def test_a_hub_that_forgets_to_deliver_is_found_out_by_a_poll_p25(lite: PushedDesk) -> None:
    lite.begin()
    lite.hub.publish(lite.topic, rss("b"))
    lite.read()
    lite.serve("a", "b", "c")
    lite.until_due()
    assert lite.outcomes() == ["new"]
    assert lite.titles() == ["a", "b", "c"]
    assert lite.state().pushed_until is None


def test_a_denial_is_noted_and_not_asked_against_p25(desk: PushedDesk) -> None:
    desk.hub.denies = True
    desk.begin()
    found = desk.subscription()
    assert (found.status, found.note) == (SubscriptionStatus.DENIED, "denied by the hub: not for you")
    desk.clock.advance(days=60)
    desk.poll()
    assert desk.subscribe().asked_count == 0


@pytest.mark.parametrize("token", ["%00", "%ED%A0%80", "a" * 5_000, "..%2f..%2fdesk", "%27%20OR%201=1"])
def test_hostile_addresses_are_unknown_ones_h11_p25(desk: PushedDesk, token: str) -> None:
    query = "?hub.mode=denied&hub.topic=%00&hub.reason=%00%1b"
    assert httpx.get(f"{desk.base_url}/push/{token}{query}").status_code == 404
    assert httpx.post(f"{desk.base_url}/push/{token}", content=b"x").status_code in (403, 404, 405)


# --- leaving ----------------------------------------------------------------------------------------------------


def _retire(desk: PushedDesk) -> None:
    with desk.database.write() as tx:
        sources.retire_source(tx, PAPER, now=desk.clock.now())


def _pause(desk: PushedDesk) -> None:
    with desk.database.write() as tx:
        polls.pause(tx, PAPER, by="ada", now=desk.clock.now())


def _move(desk: PushedDesk) -> None:
    with desk.database.write() as tx:
        moved = replace(sources.get_source(tx, PAPER), url=desk.server.url("/new"))
        sources.change_source(tx, moved, now=desk.clock.now())


def _become_a_page(desk: PushedDesk) -> None:
    with desk.database.write() as tx:
        changed = replace(sources.get_source(tx, PAPER), kind=Kind.PAGE)
        sources.change_source(tx, changed, now=desk.clock.now())


@pytest.mark.parametrize("leave", [_retire, _pause, _move, _become_a_page])
def test_a_source_that_leaves_ends_its_subscription_p25(desk: PushedDesk, leave: Callable[[PushedDesk], None]) -> None:
    desk.begin()
    (callback,) = desk.hub.subscribers
    leave(desk)
    assert desk.subscribe() == SubscribeReport(asked_count=1, left_count=1)
    assert desk.hub.asked[-1] == {"hub.mode": "unsubscribe", "hub.topic": desk.topic, "hub.callback": callback}
    assert desk.subscription().status is SubscriptionStatus.ENDED
    assert desk.hub.subscribers == {}
    assert httpx.post(callback, content=rss("b")).status_code == 410
    assert desk.subscribe() == SubscribeReport()


def test_a_hub_that_does_not_let_go_is_left_all_the_same_p25(lite: PushedDesk) -> None:
    lite.begin()
    _pause(lite)
    lite.hub.answers = [500] * 50
    for _ in range(8):
        lite.subscribe()
        lite.clock.advance(days=1)
    assert lite.subscription().status is SubscriptionStatus.ENDED
    assert len(lite.hub.asked) == 1 + 4


def test_a_source_that_comes_back_subscribes_anew_p25(lite: PushedDesk) -> None:
    lite.begin()
    _pause(lite)
    lite.subscribe()
    with lite.database.write() as tx:
        polls.resume(tx, PAPER)
    lite.serve("a", "b")
    lite.clock.advance(hours=4)
    lite.poll()
    lite.subscribe()
    assert lite.subscription().status is SubscriptionStatus.ACTIVE
    lite.hub.publish(lite.topic, rss("c"))
    assert lite.read().new_entry_count == 1
