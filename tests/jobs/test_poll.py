"""poll: from a source that is due to entries, over real HTTP, on both databases."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from monitor.errors import Unknown
from monitor.jobs.poll import LEASE, PollReport, poll
from monitor.jobs.workers import Workers
from monitor.model import (
    Health,
    Kind,
    ParsedFeed,
    SourceId,
    Unparsable,
    Validators,
)
from monitor.store import leases, polls, sources
from monitor.store.database import Database
from tests.jobs.desk import MODIFIED, PAPER, Desk, conditional, make_fetcher, rss, vouched
from tests.net.servers import Recorded, RecordingServer, http, moved

# --- the ordinary round -----------------------------------------------------------------------------------------


def test_what_a_feed_says_is_kept_with_its_validators_in_one_commit_p1_p4(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = conditional(rss("a", "b"))
    desk.add("paper", server.url("/feed"))
    report = desk.poll()
    assert [(line.source, line.outcome, line.new_entry_count) for line in report.lines] == [("paper", "new", 2)]
    assert desk.titles() == ["a", "b"]
    assert desk.state().validators == Validators(etag='"1"', last_modified=MODIFIED)
    assert desk.outcomes() == []  # not due
    desk.until_due()
    assert desk.outcomes() == ["not-modified"]
    assert [r.header("If-None-Match") for r in server.requests] == [None, '"1"']
    assert [r.header("If-Modified-Since") for r in server.requests] == [None, MODIFIED]
    assert desk.report().health is Health.HEALTHY


def test_a_restart_brings_no_extra_request_p1_p6(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = conditional(rss("a"))
    desk.add("paper", server.url("/feed"))
    desk.poll()
    with make_fetcher(desk.clock) as fetcher:
        restarted = Desk(
            Database(desk.database.url.render_as_string(hide_password=False)), desk.clock, fetcher, desk.workers
        )
        assert restarted.outcomes() == []
        restarted.until_due()
        assert restarted.outcomes() == ["not-modified"]
        restarted.database.close()
    assert len(server.requests) == 2


def test_an_unchanged_body_never_reaches_the_parser_and_renews_validators_p3(
    desk: Desk, server: RecordingServer, workers: Workers
) -> None:
    server.answers["/feed"] = [vouched(rss("a"), '"1"'), vouched(rss("a"), '"2"'), http(304)]
    desk.add("paper", server.url("/feed"))
    assert desk.outcomes() == ["new"]
    desk.until_due()
    desk.workers = Workers(1)
    desk.workers.close()  # a parser that was asked now would come back cancelled
    assert desk.outcomes() == ["unchanged"]
    desk.until_due()
    assert desk.outcomes() == ["not-modified"]
    assert server.requests[2].header("If-None-Match") == '"2"'


def test_many_sources_are_polled_each_once_in_one_round(desk: Desk, server: RecordingServer) -> None:
    names = [f"s{n}" for n in range(90)]
    for name in names:
        server.answers[f"/{name}"] = vouched(rss(name))
        desk.add(name, server.url(f"/{name}", host=f"{name}.localhost"))
    told: list[tuple[int, int]] = []
    report = poll(
        desk.database,
        desk.clock,
        desk.fetcher,
        desk.workers,
        owner="desk",
        progress=lambda done, total: told.append((done, total)),
    )
    assert report.new_entry_count == len(report.lines) == 90
    assert sorted(server.paths) == sorted(f"/{name}" for name in names)
    assert told[-1] == (90, 90)


def test_named_sources_are_polled_now_unless_they_asked_for_silence_p8(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [vouched(rss("a")), http(503, b"", ("Retry-After", "7200")), vouched(rss("a", "b"))]
    desk.add("paper", server.url("/feed"))
    assert desk.outcomes(PAPER) == ["new"]
    assert desk.outcomes(PAPER) == ["throttled"]
    report = desk.poll(PAPER)
    assert report.lines == ()
    assert report.skipped == ((PAPER, "it asked for silence until 2026-03-02 10:00 UTC"),)
    desk.clock.advance(hours=2)
    assert desk.outcomes(PAPER) == ["new"]
    with pytest.raises(Unknown, match="nowhere"):
        desk.poll(PAPER, SourceId("nowhere"))
    with desk.database.write() as tx:
        sources.retire_source(tx, PAPER, now=desk.clock.now())
    assert desk.poll(PAPER).skipped == ((PAPER, "it is retired: feeds.yaml no longer names it"),)


# --- answers that bring nothing ---------------------------------------------------------------------------------

NOT_FEEDS = {
    "a login page": (b"<!doctype html><html><body><form>Sign in</form></body></html>", "not-a-feed"),
    "a list": (b"[]", "not-a-feed"),
    "null": (b"null", "not-a-feed"),
    "nothing": (b"", None),
    "a feed without entries": (rss(), "empty"),
}


@pytest.mark.parametrize("what", NOT_FEEDS)
def test_what_is_not_a_feed_deletes_nothing_h18_p4(desk: Desk, server: RecordingServer, what: str) -> None:
    body, word = NOT_FEEDS[what]
    server.answers["/feed"] = [vouched(rss("a", "b"), '"1"'), vouched(body, '"2"'), vouched(rss("a", "c"), '"3"')]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    url = desk.state().url
    desk.until_due()
    (line,) = desk.poll().lines
    assert line.outcome == word or (word is None and line.is_failure)
    assert desk.titles() == ["a", "b"]
    assert desk.state().url == url
    assert desk.state().validators.etag == ('"2"' if word == "empty" else '"1"')
    desk.until_due()
    assert desk.outcomes() == ["new"]
    assert desk.titles() == ["a", "b", "c"]


def test_a_short_body_stores_nothing_and_validators_neither_h7_p4(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [
        http(200, rss("a"), ("ETag", '"1"'), length=5_000),
        conditional(rss("a")),
    ]
    desk.add("paper", server.url("/feed"))
    assert desk.outcomes() == ["protocol"]
    assert desk.titles() == []
    assert desk.state().validators == Validators()
    assert desk.report().health is Health.FAILING
    desk.until_due()
    assert desk.outcomes() == ["new"]
    assert server.requests[1].header("If-None-Match") is None


def test_gone_stops_polling_and_keeps_everything_p14(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [vouched(rss("a")), http(410)]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    desk.until_due()
    assert desk.outcomes() == ["gone"]
    desk.clock.advance(days=30)
    assert desk.outcomes() == []
    assert (desk.titles(), desk.report().health) == (["a"], Health.GONE)


def test_failures_back_off_and_a_success_resets_p13(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [http(500)] * 8 + [vouched(rss("a"))]
    desk.add("paper", server.url("/feed"))
    waits = []
    for _ in range(8):
        desk.until_due()
        assert desk.outcomes() == ["server-error"]
        waits.append(desk.state().due_at - desk.clock.now())
    assert waits[0] < waits[2] < waits[7] <= timedelta(hours=24)
    desk.until_due()
    assert desk.outcomes() == ["new"]
    assert (desk.state().failure_weight, desk.report().health) == (0.0, Health.HEALTHY)


def test_a_429_silences_the_host_and_a_503_only_its_source_p9(desk: Desk, server: RecordingServer) -> None:
    server.answers |= {
        "/one": http(429, b"", ("Retry-After", "7200")),
        "/two": vouched(rss("a")),
        "/three": http(503, b"", ("Retry-After", "7200")),
        "/four": vouched(rss("b")),
    }
    one, two = (
        desk.add("one", server.url("/one", host="a.localhost")),
        desk.add("two", server.url("/two", host="a.localhost")),
    )
    desk.add("three", server.url("/three", host="b.localhost"))
    four = desk.add("four", server.url("/four", host="b.localhost"))
    assert desk.outcomes(one) == ["throttled"]
    assert sorted(desk.outcomes()) == ["new", "throttled"]
    assert desk.report(two).health is Health.THROTTLED
    assert desk.report(two).state.rule == "a.localhost asked for silence (429)"
    assert desk.poll(two).skipped == ((two, "its host a.localhost asked for silence"),)
    assert desk.report(four).health is Health.HEALTHY
    assert sorted(server.paths) == ["/four", "/one", "/three"]
    desk.clock.advance(hours=2, seconds=1)
    assert "new" in desk.outcomes()
    assert desk.titles(two) == ["a"]


def test_sources_of_a_host_that_throttles_within_a_round_are_held_back_p9(desk: Desk, server: RecordingServer) -> None:
    server.answers["*"] = http(429, b"", ("Retry-After", "7200"))
    names = [desk.add(f"s{n}", server.url(f"/{n}")) for n in range(5)]
    assert sorted(desk.outcomes()) == ["not-asked"] * 4 + ["throttled"]
    assert len(server.requests) == 1
    with desk.database.read() as tx:
        assert sorted(polls.count_polls(tx, name) for name in names) == [0, 0, 0, 0, 1]


# --- where it is asked ------------------------------------------------------------------------------------------


def test_a_learnt_redirect_is_asked_with_its_own_validators_p5_p15(desk: Desk, server: RecordingServer) -> None:
    server.answers |= {"/old": moved(301, "/new"), "/new": conditional(rss("a"))}
    desk.add("paper", server.url("/old"))
    for _ in range(4):
        desk.poll()
        desk.clock.advance(days=3)
    assert desk.state().url == server.url("/new")
    desk.poll()
    asked = [(r.path, r.header("If-None-Match")) for r in server.requests]
    assert asked[:4] == [("/old", None), ("/new", None), ("/old", None), ("/new", '"1"')]
    assert asked[-1] == ("/new", '"1"')
    assert [path for path, etag in asked if path == "/new" and etag is None] == ["/new"]
    with desk.database.write() as tx:
        sources.restore_url(tx, PAPER, now=desk.clock.now())
    desk.poll()
    assert server.paths[-2:] == ["/old", "/new"]


def test_an_edited_url_starts_without_validators_p5(desk: Desk, server: RecordingServer) -> None:
    server.answers |= {"/old": conditional(rss("a")), "/new": conditional(rss("a"))}
    desk.add("paper", server.url("/old"))
    desk.poll()
    with desk.database.write() as tx:
        edited = replace(sources.get_source(tx, PAPER), url=server.url("/new"))
        sources.change_source(tx, edited, now=desk.clock.now())
    assert desk.outcomes() == ["nothing-new"]
    assert [(r.path, r.header("If-None-Match")) for r in server.requests] == [("/old", None), ("/new", None)]


# --- several pollers, crashes -----------------------------------------------------------------------------------


def test_two_daemons_poll_a_due_source_once_p23(desk: Desk, server: RecordingServer) -> None:
    for n in range(12):
        server.answers[f"/{n}"] = vouched(rss(f"e{n}"))
        desk.add(f"s{n}", server.url(f"/{n}", host=f"h{n}.localhost"))
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda owner: desk.poll(owner=owner), ["one", "two"]))
    assert sum(len(report.lines) for report in reports) == 12
    assert len(server.requests) == 12


def test_a_poller_that_wakes_late_writes_nothing_stale_f8(desk: Desk, server: RecordingServer) -> None:
    """While the first poller waits for a slow answer its lease runs out and another polls the source."""
    arrived, go_on = Event(), Event()

    def slow(request: Recorded, connection: object) -> bytes:
        arrived.set()
        go_on.wait(10)
        return vouched(rss("stale"), '"stale"')

    server.answers["/feed"] = [slow, vouched(rss("fresh"), '"fresh"')]
    desk.add("paper", server.url("/feed"))
    with ThreadPoolExecutor(1) as pool, make_fetcher(desk.clock) as other_fetcher:
        late: Future[PollReport] = pool.submit(desk.poll)
        arrived.wait(10)
        desk.clock.advance(seconds=LEASE.total_seconds() + 1)
        other = Desk(desk.database, desk.clock, other_fetcher, desk.workers)
        assert other.poll(owner="other").new_entry_count == 1
        go_on.set()
        assert late.result(20).lines == ()
    assert desk.titles() == ["fresh"]
    assert desk.state().validators.etag == '"fresh"'


def test_a_crash_before_the_commit_costs_one_more_fetch_and_nothing_else_p4(
    desk: Desk, server: RecordingServer
) -> None:
    server.answers["/feed"] = conditional(rss("a"))
    desk.add("paper", server.url("/feed"))
    with desk.database.write() as tx:
        taken = leases.lease_due_sources(tx, now=desk.clock.now(), owner="killed", limit=1, lease_for=LEASE)
        assert len(taken) == 1
    assert desk.outcomes() == []  # the killed poller still holds it
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert desk.outcomes() == ["new"]
    assert server.requests[0].header("If-None-Match") is None
    assert desk.titles() == ["a"]


def test_stopping_within_a_round_gives_the_leases_back_f15(desk: Desk, server: RecordingServer) -> None:
    arrived = Event()

    def endless(request: Recorded, connection: object) -> None:
        arrived.set()
        Event().wait(3)

    server.answers["/feed"] = [endless, vouched(rss("a"))]
    desk.add("paper", server.url("/feed"))
    with ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(desk.poll)
        arrived.wait(10)
        desk.fetcher.close()
        assert stopped.result(10).lines == ()
    with make_fetcher(desk.clock) as fetcher:
        assert Desk(desk.database, desk.clock, fetcher, desk.workers).outcomes() == ["new"]


class Faulty(Workers):
    """Workers with a bug: one document makes them raise."""

    def read_document(
        self, body: bytes, *, kind: Kind, selector: str | None = None, url: str, content_type: str | None = None
    ) -> Future[ParsedFeed | Unparsable]:
        if b"<title>bad" in body:
            raise RuntimeError("a bug")
        return super().read_document(body, kind=kind, selector=selector, url=url, content_type=content_type)


def test_a_bug_with_one_source_stops_no_other_and_backs_off(desk: Desk, server: RecordingServer) -> None:
    server.answers |= {"/bad": vouched(rss("bad")), "/good": vouched(rss("good"))}
    bad, good = desk.add("bad", server.url("/bad")), desk.add("good", server.url("/good"))
    with Faulty(1) as faulty:
        desk.workers = faulty
        report = desk.poll()
    assert {line.source: line.is_failure for line in report.lines} == {bad: True, good: False}
    assert desk.titles(good) == ["good"]
    assert desk.state(bad).due_at > desk.clock.now()
    assert desk.state(bad).validators == Validators()


def test_where_nothing_can_be_reached_the_report_says_so(desk: Desk, server: RecordingServer) -> None:
    desk.add("one", "http://nobody.invalid/feed")
    desk.add("two", "http://10.0.0.1/feed")
    assert desk.poll().is_nothing_reached
    server.answers["/feed"] = http(500)
    desk.add("three", server.url("/feed"))
    assert not desk.poll().is_nothing_reached
