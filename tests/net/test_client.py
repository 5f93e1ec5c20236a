"""What the fetcher sends, and what it makes of answers; every request is recorded by a real server."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from monitor import __version__
from monitor.model import (
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    Hop,
    NotModified,
    Throttled,
    Validators,
)
from monitor.net.client import user_agent
from tests.conftest import ManualClock
from tests.net.conftest import WHO, MakeFetcher, fetched
from tests.net.servers import Answer, RecordingServer, http, moved

Fetch = Callable[[str | FetchRequest], FetchOutcome]


def failed(outcome: FetchOutcome) -> Failed:
    assert isinstance(outcome, Failed), outcome
    return outcome


# --- what goes out ----------------------------------------------------------------------------------------------


def test_the_request_says_who_asks_and_nothing_else_p17_p18_p19(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/feed"] = http(200, b"x", ("Set-Cookie", "a=b"))
    for _ in range(2):
        fetched(fetch(server.url("/feed")))
    for request in server.requests:
        assert request.method == "GET"
        assert dict(request.headers) == {
            "Host": f"127.0.0.1:{server.port}",
            "User-Agent": WHO,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
    assert server.paths == ["/feed", "/feed"]  # no favicon, no robots.txt, no HEAD


def test_the_user_agent_has_version_address_and_contact_p17() -> None:
    name = f"Monitor/{__version__}"
    assert user_agent("a@b.example", "https://n.example") == f"{name} (+https://n.example; a@b.example)"
    assert user_agent("", "https://n.example") == f"{name} (+https://n.example)"
    assert user_agent("é\r\nX-Evil: 1", "https://n.example") == f"{name} (+https://n.example; ? X-Evil: 1)"


@pytest.mark.parametrize(
    "path",
    ["/a/../b/./c", "/feed?b=2&a=1&utm_source=x", "/%7Efeed/%e9?q=%zz", "/feed?", "/a//b", "/feed?x='|[]"],
)
def test_the_url_goes_out_as_stored_p18(server: RecordingServer, fetch: Fetch, path: str) -> None:
    server.answers["*"] = http(200, b"x")
    fetched(fetch(server.url(path)))
    assert server.paths == [path]


def test_what_http_cannot_carry_is_percent_encoded_and_the_fragment_stays_p18(
    server: RecordingServer, fetch: Fetch
) -> None:
    server.answers["*"] = http(200, b"x")
    fetched(fetch(server.url("/é b?ü#part")))
    assert server.paths == ["/%C3%A9%20b?%C3%BC"]


def test_a_long_url_is_refused_unsent_h13(server: RecordingServer, fetch: Fetch) -> None:
    assert failed(fetch(server.url("/" + "x" * 3_000))).kind is Failure.BAD_URL
    assert server.requests == []


# --- validators -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', '"a-gzip"', "unquoted", '"é\xa0"', "'", '""'])
@pytest.mark.parametrize("date", ["Mon, 02 Mar 2026 08:00:00 GMT", "2 March, about eight", "0"])
def test_validators_go_back_byte_for_byte_p2(server: RecordingServer, fetch: Fetch, etag: str, date: str) -> None:
    server.answers["/"] = [http(200, b"x", ("ETag", etag), ("Last-Modified", date)), http(304)]
    first = fetched(fetch(server.url()))
    assert first.validators == Validators(etag=etag, last_modified=date)
    second = fetch(FetchRequest(url=server.url(), validators=first.validators))
    assert isinstance(second, NotModified)
    assert server.requests[1].header("If-None-Match") == etag
    assert server.requests[1].header("If-Modified-Since") == date


def test_nothing_is_made_up_where_a_server_gives_no_validators_p2(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/"] = http(200, b"x", ("Date", "Mon, 02 Mar 2026 08:00:00 GMT"))
    first = fetched(fetch(server.url()))
    fetch(FetchRequest(url=server.url(), validators=first.validators))
    assert {"if-none-match", "if-modified-since"}.isdisjoint(server.requests[1].names)


def test_a_304_holds_only_what_it_renewed_p3(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/"] = http(304, b"", ("ETag", '"2"'))
    outcome = fetch(FetchRequest(url=server.url(), validators=Validators(etag='"1"', last_modified="then")))
    assert isinstance(outcome, NotModified)
    assert outcome.validators == Validators(etag='"2"')


def test_a_304_that_nobody_asked_for_is_a_failure(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/"] = http(304)
    assert failed(fetch(server.url())).kind is Failure.PROTOCOL


def test_validators_go_only_to_the_address_that_gave_them_p5(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/old": moved(301, "/new"), "/new": http(304)}
    vouched = FetchRequest(url=server.url("/old"), validators=Validators(etag='"n"'), validators_url=server.url("/new"))
    assert isinstance(fetch(vouched), NotModified)
    assert [(r.path, r.header("If-None-Match")) for r in server.requests] == [("/old", None), ("/new", '"n"')]


def test_validators_of_the_old_address_do_not_go_to_the_new_one_p5(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/old": moved(301, "/new"), "/new": http(200, b"x")}
    fetched(fetch(FetchRequest(url=server.url("/old"), validators=Validators(etag='"o"'))))
    assert [(r.path, r.header("If-None-Match")) for r in server.requests] == [("/old", '"o"'), ("/new", None)]


# --- redirects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told_p15(server: RecordingServer, fetch: Fetch, status: int) -> None:
    server.answers |= {"/old?x=1": moved(status, "new#top"), "/new": http(200, b"x")}
    outcome = fetched(fetch(server.url("/old?x=1")))
    assert outcome.hops == (Hop(status=status, url=server.url("/new")),)
    assert (outcome.url, outcome.final_url) == (server.url("/old?x=1"), server.url("/new"))
    assert [r.method for r in server.requests] == ["GET", "GET"]


def test_five_hops_are_followed_and_six_are_not_p16(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {f"/{n}": moved(302, f"/{n + 1}") for n in range(6)}
    server.answers["/6"] = http(200, b"x")
    assert len(fetched(fetch(server.url("/1"))).hops) == 5
    outcome = failed(fetch(server.url("/0")))
    assert (outcome.kind, outcome.detail) == (Failure.REDIRECT, "over 5 redirects")
    assert server.paths == [f"/{n}" for n in [*range(1, 7), *range(6)]]


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        (moved(302, "/there"), Failure.REDIRECT, "in a loop"),
        (http(302), Failure.REDIRECT, "without a Location"),
        (http(302, b"", ("Location", " ")), Failure.REDIRECT, "without a Location"),
        (http(302, b"", ("Location", "/a"), ("Location", "/b")), Failure.REDIRECT, "several Locations"),
        (moved(302, "file:///etc/passwd"), Failure.BAD_URL, "neither http nor https"),
        (moved(302, "ftp://127.0.0.1/x"), Failure.BAD_URL, "neither http nor https"),
        (moved(302, "data:text/xml,<rss/>"), Failure.BAD_URL, "neither http nor https"),
        (moved(302, "javascript:alert(1)"), Failure.BAD_URL, "neither http nor https"),
        (moved(302, "https://"), Failure.BAD_URL, "not a URL"),
        (moved(302, "http://[::1"), Failure.BAD_URL, "not a URL"),
        (moved(302, "http://10.0.0.1/"), Failure.REFUSED_ADDRESS, "private"),
        (moved(302, "//169.254.169.254/latest"), Failure.REFUSED_ADDRESS, "link-local"),
        (http(300), Failure.PROTOCOL, "answered 300"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_redirects_that_lead_nowhere_are_named_p16_h3(
    server: RecordingServer, fetch: Fetch, answer: Answer, kind: Failure, detail: str
) -> None:
    server.answers["/there"] = answer
    outcome = failed(fetch(server.url("/there")))
    assert outcome.kind is kind
    assert detail in outcome.detail
    assert len(server.requests) == 1


def test_credentials_go_only_to_their_own_origin_p18(server: RecordingServer, fetch: Fetch) -> None:
    with RecordingServer({"/there": http(200, b"x")}) as other:
        server.answers |= {"/": moved(302, "/next"), "/next": moved(302, other.url("/there"))}
        outcome = fetched(fetch(f"http://me:p%40ss@127.0.0.1:{server.port}/"))
        assert [r.header("Authorization") for r in server.requests] == ["Basic bWU6cEBzcw=="] * 2
        assert other.requests[0].header("Authorization") is None
        assert "p%40ss" not in outcome.final_url + outcome.hops[0].url


def test_credentials_that_a_location_carries_are_not_sent_p18(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/": moved(302, f"http://eve:x@127.0.0.1:{server.port}/next"), "/next": http(200, b"x")}
    fetched(fetch(server.url()))
    assert server.requests[1].header("Authorization") is None


# --- answers ----------------------------------------------------------------------------------------------------


def test_a_whole_document_comes_back_p19(server: RecordingServer, fetch: Fetch) -> None:
    body = b"<rss/>" * 1_000
    kind = "application/rss+xml; charset=utf-8"
    server.answers["/"] = http(200, gzip.compress(body), ("Content-Encoding", "gzip"), ("Content-Type", kind))
    outcome = fetched(fetch(server.url()))
    assert (outcome.body, outcome.content_type, outcome.hops) == (body, kind, ())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Failure.NOT_FOUND),
        (401, Failure.CLIENT_ERROR),
        (403, Failure.CLIENT_ERROR),
        (451, Failure.CLIENT_ERROR),
        (500, Failure.SERVER_ERROR),
        (503, Failure.SERVER_ERROR),
        (204, Failure.PROTOCOL),
        (206, Failure.PROTOCOL),
        (226, Failure.PROTOCOL),
    ],
)
def test_other_answers_are_failures_by_name_p13(
    server: RecordingServer, fetch: Fetch, status: int, kind: Failure
) -> None:
    server.answers["/"] = http(status, b"<rss/>" if status != 204 else b"")
    outcome = failed(fetch(server.url()))
    assert (outcome.kind, outcome.status) == (kind, status)


def test_a_410_is_gone_unless_a_temporary_redirect_led_there_p14(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/gone": http(410), "/moved": moved(301, "/gone"), "/passing": moved(302, "/gone")}
    assert isinstance(fetch(server.url("/gone")), Gone)
    assert isinstance(fetch(server.url("/moved")), Gone)
    assert failed(fetch(server.url("/passing"))).status == 410


def test_retry_after_is_read_in_seconds_and_as_a_date_p8(
    server: RecordingServer, make_fetcher: MakeFetcher, clock: ManualClock
) -> None:
    fetcher = make_fetcher(clock=clock)
    until = format_datetime(clock.now() + timedelta(minutes=10), usegmt=True)
    server.answers |= {
        "/503": http(503, b"", ("Retry-After", "120")),
        "/date": http(503, b"", ("Retry-After", until)),
        "/past": http(503, b"", ("Retry-After", "Mon, 02 Mar 2020 08:00:00 GMT")),
        "/nonsense": http(503, b"", ("Retry-After", "soon")),
        "/404": http(404, b"", ("Retry-After", "60")),
        "/200": http(200, b"x", ("Retry-After", "60")),
        "/302": http(302, b"", ("Retry-After", "90"), ("Location", "/200")),
    }
    found = {}
    for path in server.answers:
        outcome = fetcher.submit(FetchRequest(url=server.url(path))).result(10)
        assert not isinstance(outcome, Gone)
        found[path] = type(outcome), outcome.retry_after
    assert found == {
        "/503": (Throttled, timedelta(seconds=120)),
        "/date": (Throttled, timedelta(minutes=10)),
        "/past": (Failed, None),
        "/nonsense": (Failed, None),
        "/404": (Failed, timedelta(seconds=60)),
        "/200": (Fetched, timedelta(seconds=60)),
        "/302": (Fetched, timedelta(seconds=90)),
    }


def test_a_429_silences_the_whole_host_at_once_and_a_503_does_not_p9(
    server: RecordingServer, make_fetcher: MakeFetcher, clock: ManualClock
) -> None:
    fetcher = make_fetcher(clock=clock)
    server.answers |= {
        "/503": http(503, b"", ("Retry-After", "600")),
        "/429": http(429, b"", ("Retry-After", "60")),
        "/feed": http(200, b"x"),
    }

    def ask(path: str, host: str = "127.0.0.1") -> FetchOutcome:
        return fetcher.submit(FetchRequest(url=server.url(path, host=host))).result(10)

    assert isinstance(ask("/503"), Throttled)
    assert isinstance(ask("/feed"), Fetched)
    first, held = ask("/429"), ask("/feed")
    assert isinstance(first, Throttled)
    assert isinstance(held, Throttled)
    assert (first.was_asked, first.silences_host, held.was_asked) == (True, True, False)
    assert isinstance(ask("/feed", host="other.localhost"), Fetched)
    clock.advance(seconds=61)
    assert isinstance(ask("/feed"), Fetched)
    assert server.paths == ["/503", "/feed", "/429", "/feed", "/feed"]


# --- the host's slot --------------------------------------------------------------------------------------------


def test_one_request_at_a_time_per_host_a_gap_apart_p12(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(gap=0.2)

    def slow(request: object, connection: object) -> bytes:
        time.sleep(0.05)
        return http(200, b"x")

    server.answers |= {"*": slow, "/moved": moved(302, "/page")}
    asked = [fetcher.submit(FetchRequest(url=server.url(path))) for path in ("/feed", "/moved", "/page?2")]
    for future in asked:
        fetched(future.result(10))
    began = [request.began for request in server.requests]
    gaps = [later - earlier for earlier, later in pairwise(began)]
    assert len(gaps) == 3  # the redirect takes a turn of its own
    assert min(gaps) >= 0.18
    assert server.most_at_once == 1


def test_the_gap_is_two_seconds_of_the_clocks_time_give_or_take_a_tenth_p12(
    server: RecordingServer, make_fetcher: MakeFetcher, clock: ManualClock
) -> None:
    fetcher = make_fetcher(clock=clock, gap=2.0)
    times: list[datetime] = []

    def note(request: object, connection: object) -> bytes:
        times.append(clock.now())
        return http(200, b"x")

    server.answers["*"] = note
    for future in [fetcher.submit(FetchRequest(url=server.url(f"/{n}"))) for n in range(20)]:
        future.result(10)
    gaps = {(later - earlier).total_seconds() for earlier, later in pairwise(times)}
    assert all(1.8 <= gap <= 2.2 for gap in gaps)
    assert len(gaps) > 1


def test_hosts_do_not_wait_for_each_other_p12(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    def slow(request: object, connection: object) -> bytes:
        time.sleep(0.3)
        return http(200, b"x")

    server.answers["*"] = slow
    fetcher = make_fetcher(gap=5.0)
    asked = [fetcher.submit(FetchRequest(url=server.url(host=f"h{n}.localhost"))) for n in range(8)]
    began = time.monotonic()
    for future in asked:
        fetched(future.result(10))
    assert time.monotonic() - began < 20
    assert server.most_at_once > 1


# --- freshness --------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "fresh_for"),
    [
        ({"Cache-Control": "max-age=3600"}, 3600),
        ({"Cache-Control": "public, MAX-AGE=3600, must-revalidate"}, 3600),
        ({"Cache-Control": 'max-age="3600"'}, 3600),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=60", "Age": "600"}, 0),
        ({"Cache-Control": "no-cache, max-age=3600"}, 3600),
        ({"Cache-Control": "s-maxage=10"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=3600", "Expires": "Mon, 02 Mar 2026 20:00:00 GMT"}, 3600),
        ({"Expires": "Mon, 02 Mar 2026 10:00:00 GMT"}, 7200),
        ({"Expires": "Tue, 01 Jan 2041 10:00:00 GMT", "Date": "Tue, 01 Jan 2041 09:00:00 GMT"}, 3600),
        ({"Expires": "Mon Mar  2 09:00:00 2026"}, 3600),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 02 Mar 2020 10:00:00 GMT"}, 0),
        ({}, None),
    ],
)
def test_freshness_is_max_age_less_age_else_expires_p7(
    server: RecordingServer,
    make_fetcher: MakeFetcher,
    clock: ManualClock,
    headers: dict[str, str],
    fresh_for: int | None,
) -> None:
    server.answers["/"] = http(200, b"x", *headers.items())
    outcome = fetched(make_fetcher(clock=clock).submit(FetchRequest(url=server.url())).result(10))
    assert outcome.fresh_for == (None if fresh_for is None else timedelta(seconds=fresh_for))


# --- robots -----------------------------------------------------------------------------------------------------


def robots(rules: str) -> bytes:
    return http(200, rules.encode(), ("Content-Type", "text/plain"))


def test_robots_txt_is_obeyed_for_pages_and_asked_for_once_a_day_p21(
    server: RecordingServer, make_fetcher: MakeFetcher, clock: ManualClock
) -> None:
    fetcher = make_fetcher(clock=clock)
    server.answers |= {"*": http(200, b"x"), "/robots.txt": robots("User-agent: Monitor\nDisallow: /private\n")}

    def ask(path: str, *, obeys: bool = True) -> FetchOutcome:
        return fetcher.submit(FetchRequest(url=server.url(path), obeys_robots=obeys)).result(10)

    assert failed(ask("/private/page")).kind is Failure.ROBOTS
    fetched(ask("/page"))
    fetched(ask("/private/feed", obeys=False))
    clock.advance(hours=25)
    fetched(ask("/page"))
    assert server.paths == ["/robots.txt", "/page", "/private/feed", "/robots.txt", "/page"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(http(404), None), (http(403), None), (http(500), Failure.SERVER_ERROR), (moved(302, "/robots.txt"), None)],
)
def test_a_missing_robots_txt_allows_and_one_that_fails_refuses_for_now_p21(
    server: RecordingServer, fetch: Fetch, answer: bytes, kind: Failure | None
) -> None:
    server.answers |= {"/page": http(200, b"x"), "/robots.txt": answer}
    outcome = fetch(FetchRequest(url=server.url("/page"), obeys_robots=True))
    assert (outcome.kind if isinstance(outcome, Failed) else None) is kind
    assert ("/page" in server.paths) is (kind is None)


def test_a_redirect_to_a_page_that_robots_forbid_is_not_followed_p21(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {
        "/page": moved(302, "/private"),
        "/private": http(200, b"x"),
        "/robots.txt": robots("User-agent: *\nDisallow: /private\n"),
    }
    assert failed(fetch(FetchRequest(url=server.url("/page"), obeys_robots=True))).kind is Failure.ROBOTS
    assert "/private" not in server.paths


# --- the fetcher itself -----------------------------------------------------------------------------------------


def test_closing_ends_what_is_under_way_at_once_f15(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    server.answers["/"] = lambda request, connection: time.sleep(3)
    fetcher = make_fetcher()
    future = fetcher.submit(FetchRequest(url=server.url()))
    while not server.requests:
        time.sleep(0.01)
    began = time.monotonic()
    fetcher.close()
    assert future.cancelled()
    assert time.monotonic() - began < 20


def test_details_are_one_line_without_credentials_h29(server: RecordingServer, fetch: Fetch) -> None:
    outcome = failed(fetch("http://me:secret@10.0.0.1/\x1b[31m\nx"))
    assert re.fullmatch(r"[^\x00-\x1f\x7f]+", outcome.detail)
    assert "secret" not in outcome.detail
