"""A-IM: feed and its answer, 226 (RFC 3229, P20): asked for only with validators, taken only where asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Failed, Failure, Fetched, FetchOutcome, FetchRequest, NotModified, Validators
from tests.net.conftest import fetched
from tests.net.servers import RecordingServer, http, moved

Fetch = Callable[[str | FetchRequest], FetchOutcome]
DELTA = http(226, b"what is new", ("ETag", '"2"'), ("IM", "feed"), reason="IM Used")


def ask(url: str, validators: Validators = Validators(etag='"1"'), **more: object) -> FetchRequest:
    return FetchRequest(url=url, validators=validators, takes_delta=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("validators", [Validators(etag='"1"'), Validators(last_modified="then")])
def test_a_delta_is_asked_for_with_validators_and_read_like_a_document_p20(
    server: RecordingServer, fetch: Fetch, validators: Validators
) -> None:
    server.answers["/feed"] = DELTA
    answer = fetched(fetch(ask(server.url("/feed"), validators)))
    assert server.requests[0].header("A-IM") == "feed"
    assert (answer.status, answer.is_delta, answer.body) == (226, True, b"what is new")
    assert answer.validators == Validators(etag='"2"')


def test_without_validators_no_delta_is_asked_for_p20(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/feed"] = http(200, b"all")
    for request in (
        FetchRequest(url=server.url("/feed"), takes_delta=True),
        ask(server.url("/feed"), validators_url=server.url("/elsewhere")),
        FetchRequest(url=server.url("/feed"), validators=Validators(etag='"1"')),
    ):
        assert not fetched(fetch(request)).is_delta
    assert [request.header("A-IM") for request in server.requests] == [None] * 3


def test_the_question_travels_only_to_the_address_that_gave_the_validators_p5_p20(
    server: RecordingServer, fetch: Fetch
) -> None:
    server.answers |= {"/old": moved(301, "/new"), "/new": DELTA}
    answer = fetched(fetch(ask(server.url("/old"), validators_url=server.url("/new"))))
    assert answer.is_delta
    assert [request.header("A-IM") for request in server.requests] == [None, "feed"]


@pytest.mark.parametrize("im", ["feed", "Feed", " feed ; q=1"])
def test_the_method_is_compared_as_a_token_p20(server: RecordingServer, fetch: Fetch, im: str) -> None:
    server.answers["/feed"] = http(226, b"new", ("IM", im))
    assert fetched(fetch(ask(server.url("/feed")))).is_delta


@pytest.mark.parametrize(
    "headers", [(), (("IM", "vcdiff"),), (("IM", "feed, gzip"),), (("IM", "feed"), ("IM", "range")), (("IM", ""),)]
)
def test_a_226_by_another_method_is_a_named_failure_p20(
    server: RecordingServer, fetch: Fetch, headers: tuple[tuple[str, str], ...]
) -> None:
    server.answers["/feed"] = http(226, b"a difference", *headers)
    outcome = fetch(ask(server.url("/feed")))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.status) == (Failure.PROTOCOL, 226)
    assert outcome.detail == "answered 226, which was not asked for"


def test_a_226_that_nobody_asked_for_is_a_named_failure_p20(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/feed"] = DELTA
    outcome = fetch(server.url("/feed"))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.status) == (Failure.PROTOCOL, 226)


def test_a_server_that_knows_no_deltas_answers_as_ever_p20(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/feed"] = [http(304), http(200, b"all", ("ETag", '"2"'), ("IM", "feed"))]
    assert isinstance(fetch(ask(server.url("/feed"))), NotModified)
    whole = fetch(ask(server.url("/feed")))
    assert isinstance(whole, Fetched)
    assert (whole.status, whole.is_delta) == (200, False)
