"""What the fetcher posts to hubs, and which links it reads from answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Failed, Failure, FetchOutcome, FetchRequest, Link, Throttled
from monitor.net.headers import Headers, read_links
from tests.net.conftest import WHO, fetched
from tests.net.servers import RecordingServer, drip, http, moved

Fetch = Callable[[str | FetchRequest], FetchOutcome]
FORM = (("hub.mode", "subscribe"), ("hub.topic", "https://paper.example/feed?a=1&b=é"))


def post(server: RecordingServer, path: str = "/hub", **fields: object) -> FetchRequest:
    return FetchRequest(url=server.url(path), form=FORM, **fields)  # type: ignore[arg-type]


# --- forms ------------------------------------------------------------------------------------------------------


def test_a_form_goes_out_as_one_post_with_its_length(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/hub"] = http(202, b"thanks")
    answer = fetched(fetch(post(server)))
    assert (answer.status, answer.body) == (202, b"thanks")
    (request,) = server.requests
    assert request.method == "POST"
    assert request.body == b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fpaper.example%2Ffeed%3Fa%3D1%26b%3D%C3%A9"
    assert dict(request.headers) == {
        "Host": f"127.0.0.1:{server.port}",
        "User-Agent": WHO,
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(request.body)),
    }


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_takes_a_form(server: RecordingServer, fetch: Fetch, status: int) -> None:
    server.answers["/hub"] = http(status)
    assert fetched(fetch(post(server))).status == status


@pytest.mark.parametrize("status", [307, 308])
def test_307_and_308_keep_the_form(server: RecordingServer, fetch: Fetch, status: int) -> None:
    server.answers |= {"/hub": moved(status, "/there"), "/there": http(202)}
    assert fetched(fetch(post(server))).final_url == server.url("/there")
    assert [(r.method, r.path, bool(r.body)) for r in server.requests] == [
        ("POST", "/hub", True),
        ("POST", "/there", True),
    ]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_other_redirects_of_a_form_are_failures_and_nobody_else_gets_it_p16(
    server: RecordingServer, fetch: Fetch, status: int
) -> None:
    server.answers |= {"/hub": moved(status, "/there"), "/there": http(202)}
    outcome = fetch(post(server))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.status) == (Failure.REDIRECT, status)
    assert server.paths == ["/hub"]


def test_a_form_meets_the_same_guard_as_any_question_h1_h4(fetch: Fetch) -> None:
    outcome = fetch(FetchRequest(url="http://10.0.0.1/hub", form=FORM))
    assert isinstance(outcome, Failed)
    assert outcome.kind is Failure.REFUSED_ADDRESS


def test_what_a_hub_answers_is_bounded_in_size_and_time_h5_h6(
    server: RecordingServer, make_fetcher: Callable[..., object]
) -> None:
    fetcher = make_fetcher(deadline=0.5)
    server.answers |= {"/large": http(202, b"x" * 50_000), "/slow": drip(b"HTTP/1.1 202 Yes\r\n", b"a", every=0.2)}
    large = fetcher.submit(post(server, "/large", max_bytes=10_000)).result(10)  # type: ignore[attr-defined]
    slow = fetcher.submit(post(server, "/slow")).result(10)  # type: ignore[attr-defined]
    assert (large.kind, slow.kind) == (Failure.TOO_LARGE, Failure.TIMEOUT)


def test_a_hub_may_refuse_or_ask_for_silence_p8(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/no": http(403, b"not here"), "/later": http(503, b"", ("Retry-After", "600"))}
    refused, later = fetch(post(server, "/no")), fetch(post(server, "/later"))
    assert isinstance(refused, Failed)
    assert refused.status == 403
    assert isinstance(later, Throttled)
    assert not later.silences_host


# --- links ------------------------------------------------------------------------------------------------------

HUB, SELF = Link(rel="hub", url="https://hub.example/"), Link(rel="self", url="https://paper.example/feed")
LINKS = {
    "two headers": (('<https://hub.example/>; rel="hub"', '<https://paper.example/feed>; rel="self"'), (HUB, SELF)),
    "one header": (('<https://hub.example/>; rel=hub, <feed>; rel="self"',), (HUB, SELF)),
    "several relations": (('<https://hub.example/>; rel="HUB next"',), (HUB,)),
    "the first rel counts": (('<https://hub.example/>; rel="hub"; rel="self"',), (HUB,)),
    "other parameters": (('<https://hub.example/>; title="a, \\"b\\"; c"; rel=hub; crossorigin',), (HUB,)),
    "commas and semicolons in a URL": (
        ("<https://hub.example/a,b;c>; rel=hub",),
        (Link(rel="hub", url="https://hub.example/a,b;c"),),
    ),
    "another document's": (('<https://hub.example/>; rel="hub"; anchor="/other"',), ()),
    "other relations": (('<https://a.example/>; rel="next"', "<https://hub.example/>; rel=hub"), (HUB,)),
    "no relation": (("<https://hub.example/>",), ()),
    "foreign schemes": (("<javascript:alert(1)>; rel=hub, <file:///etc/passwd>; rel=self",), ()),
    "junk": (("rel=hub, <<<>>;;;=,, \x00", ";", ""), ()),
}


@pytest.mark.parametrize("what", LINKS)
def test_hub_and_self_are_read_from_the_link_header_p25(what: str) -> None:
    served, expected = LINKS[what]
    headers = Headers([("link", value) for value in served])
    assert read_links(headers, "https://paper.example/old") == expected


def test_a_hostile_link_header_costs_little_h7() -> None:
    for text in ("<" * 200_000, "<a>;" * 60_000, '<a>; x="' + "\\" * 100_000, "<https://h.example/>; rel=hub," * 9_000):
        assert len(read_links(Headers([("link", text)]), "https://paper.example/")) <= 10


def test_links_come_with_the_document_from_where_it_was_found_p25(server: RecordingServer, fetch: Fetch) -> None:
    links = (("Link", "</hub>; rel=hub"), ("Link", "<feed>; rel=self"))
    server.answers |= {"/old": moved(302, "/new/feed"), "/new/feed": http(200, b"x", *links)}
    assert fetched(fetch(server.url("/old"))).links == (
        Link(rel="hub", url=server.url("/hub")),
        Link(rel="self", url=server.url("/new/feed")),
    )
