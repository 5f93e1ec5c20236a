"""What polls make of deltas (P20), of a server that always says "not modified" (P24) and of a feed that becomes another
(H19)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.jobs.poll import poll
from monitor.model import Health, SourceId, Validators
from monitor.stages.cadence import FULL_AFTER
from monitor.store import polls
from tests.conftest import ManualClock
from tests.jobs.desk import PAPER, Desk, conditional, make_fetcher, rss, vouched
from tests.net.servers import Recorded, RecordingServer, http


def delta(body: bytes, *headers: tuple[str, str]) -> bytes:
    return http(226, body, ("IM", "feed"), *headers, reason="IM Used")


def poll_when_due(desk: Desk) -> list[str]:
    desk.until_due()
    return desk.outcomes()


# --- deltas ---------------------------------------------------------------------------------------------------------


def test_entries_that_a_delta_leaves_out_are_still_there_p20(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [
        vouched(rss("a", "b"), '"1"'),
        delta(rss("c"), ("ETag", '"2"')),
        delta(rss(), ("ETag", '"3"')),
        http(304),
        vouched(rss("a", "b", "c", "d"), '"4"'),
    ]
    desk.add("paper", server.url("/feed"))
    assert desk.outcomes() == ["new"]
    whole = desk.state()
    assert poll_when_due(desk) == ["new"]
    assert desk.state().last_outcome == "226, 1 new entry"
    assert poll_when_due(desk) == ["nothing-new"]
    assert desk.titles() == ["a", "b", "c"]
    state = desk.state()
    assert (state.body_digest, state.usual_count, state.empty_since) == (whole.body_digest, 2, None)
    assert desk.report().health is Health.HEALTHY
    assert poll_when_due(desk) == ["not-modified"]
    assert poll_when_due(desk) == ["new"]
    assert desk.titles() == ["a", "b", "c", "d"]
    assert [r.header("A-IM") for r in server.requests] == [None, *["feed"] * 4]
    assert [r.header("If-None-Match") for r in server.requests] == [None, '"1"', '"2"', '"3"', '"3"']


def test_a_delta_without_validators_of_its_own_leaves_those_of_its_base_p1_p20(
    desk: Desk, server: RecordingServer
) -> None:
    server.answers["/feed"] = [vouched(rss("a"), '"1"'), delta(rss("b")), delta(rss("b", "c"), ("ETag", '"3"'))]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert poll_when_due(desk) == ["new"]
    assert poll_when_due(desk) == ["new"]
    assert desk.titles() == ["a", "b", "c"]
    assert [r.header("If-None-Match") for r in server.requests] == [None, '"1"', '"1"']


def test_a_226_out_of_the_blue_stores_nothing_p20(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [
        delta(rss("a"), ("ETag", '"0"')),
        vouched(rss("b"), '"1"'),
        http(226, rss("c"), ("ETag", '"2"')),
        http(304),
    ]
    desk.add("paper", server.url("/feed"))
    assert desk.outcomes() == ["protocol"]
    assert desk.state().last_outcome == "protocol: answered 226, which was not asked for"
    assert poll_when_due(desk) == ["new"]
    assert poll_when_due(desk) == ["protocol"]
    assert poll_when_due(desk) == ["not-modified"]
    assert desk.titles() == ["b"]
    assert server.requests[-1].header("If-None-Match") == '"1"'


# --- a server that always says "not modified" -----------------------------------------------------------------------


class Liar:
    """Gives its document once, and again to whoever asks without conditions; else says "not modified", whatever
    happened since."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.titles = ["first"]
        self.is_down = False
        self.full_at: list[float] = []  # simulated days at which it was asked without conditions
        self.began = clock.now()

    def answer(self, request: Recorded, connection: object) -> bytes:
        is_full = not {"if-none-match", "if-modified-since"} & set(request.names)
        if is_full:
            self.full_at.append((self.clock.now() - self.began) / timedelta(days=1))
        if self.is_down:
            return http(500)
        return vouched(rss(*self.titles), '"always"') if is_full else http(304)


@pytest.fixture
def liar(desk: Desk, server: RecordingServer) -> Liar:
    found = Liar(desk.clock)
    server.answers["/feed"] = found.answer
    desk.add("paper", server.url("/feed"))
    return found


def live(desk: Desk, days: float) -> None:
    """Poll whenever it is due, for so many simulated days; each quarter of them with a fetcher of its own."""
    ends = desk.clock.now() + timedelta(days=days)
    for quarter in (0.75, 0.5, 0.25, 0.0):
        with make_fetcher(desk.clock) as fetcher:
            while desk.state().due_at < ends - timedelta(days=days) * quarter:
                desk.until_due()
                poll(desk.database, desk.clock, fetcher, desk.workers, owner="life")
    desk.clock.at = ends


def test_a_server_that_always_says_not_modified_is_found_out_after_a_fortnight_p24(
    desk: Desk, server: RecordingServer, liar: Liar
) -> None:
    desk.poll()
    liar.titles.append("second")
    live(desk, 13.9)
    assert desk.titles() == ["first"]
    assert liar.full_at == [0.0]
    assert len(server.requests) > 14
    live(desk, 2)
    assert desk.titles() == ["first", "second"]
    assert len(liar.full_at) == 2
    assert FULL_AFTER <= timedelta(days=liar.full_at[1]) <= FULL_AFTER + timedelta(days=1.1)


def test_the_full_question_is_asked_once_a_quiet_fortnight_across_errors_and_restarts_p24(
    desk: Desk, liar: Liar
) -> None:
    desk.poll()
    live(desk, 13)
    liar.is_down = True  # the second full question falls into the outage, and is not repeated for that
    live(desk, 4)
    liar.is_down = False
    live(desk, 43)
    assert len(liar.full_at) == 5
    gaps = [round(later - earlier, 6) for earlier, later in pairwise(liar.full_at)]
    assert all(14 <= gap <= 16 for gap in gaps), gaps


def test_a_source_that_shows_its_document_now_and_then_is_never_asked_in_full_again_p24(
    desk: Desk, server: RecordingServer
) -> None:
    """The fortnight is one of silence: a whole document, even an unchanged one, begins it anew."""

    def answer(request: Recorded, connection: object) -> bytes:
        is_same = request.header("If-None-Match") == '"1"' and len(server.requests) % 10
        return http(304) if is_same else vouched(rss("a"), '"1"')

    server.answers["/feed"] = answer
    desk.add("paper", server.url("/feed"))
    live(desk, 60)
    assert [r.header("If-None-Match") for r in server.requests].count(None) == 1
    assert len(server.requests) > 40


def test_a_full_question_that_was_never_sent_is_asked_the_next_time_p24(
    desk: Desk, server: RecordingServer, liar: Liar
) -> None:
    """A neighbour on the host asks for silence in the very moment; the question is then still due."""
    desk.poll()
    live(desk, 14)
    server.answers["/neighbour"] = http(429, b"", ("Retry-After", "7200"))
    neighbour = desk.add("neighbour", server.url("/neighbour"))
    liar.titles.append("second")
    desk.until_due()
    desk.poll(neighbour, PAPER)
    assert len(liar.full_at) == 1
    desk.clock.advance(hours=2, seconds=1)
    assert desk.poll(PAPER).new_entry_count == 1
    assert len(liar.full_at) == 2


# --- a feed that becomes another ------------------------------------------------------------------------------------


def titled(title: str, *titles: str) -> bytes:
    return rss(*titles).replace(b"<title>Paper</title>", f"<title>{title}</title>".encode())


def atom(title: str, feed_id: str, *titles: str) -> bytes:
    entries = "".join(f"<entry><id>urn:{t}</id><title>{t}</title></entry>" for t in titles)
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{title}</title><id>{feed_id}</id>{entries}</feed>".encode()
    )


def test_a_feed_that_becomes_another_is_held_back_and_can_be_taken_h19(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [vouched(rss("a", "b")), conditional(titled("Casino", "x", "y"), '"2"')]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    began = desk.state()
    assert poll_when_due(desk) == ["held-back"]
    first_held_at = desk.clock.now()
    assert poll_when_due(desk) == ["held-back"]
    state = desk.state()
    assert desk.titles() == ["a", "b"]
    assert state.held is not None
    assert (state.held.title, state.held.entry_titles) == ("Casino", ("x", "y"))
    assert state.held.since == first_held_at
    assert (state.validators, state.body_digest, state.url) == (began.validators, began.body_digest, began.url)
    assert state.due_at - desk.clock.now() >= timedelta(days=1)
    assert "Casino" in state.last_outcome
    assert desk.report().health is Health.HELD_BACK
    assert [r.header("If-None-Match") for r in server.requests] == [None, '"1"', '"1"']

    with desk.database.write() as tx:
        polls.take_held(tx, PAPER, now=desk.clock.now())
    assert desk.outcomes() == ["new"]
    assert desk.titles() == ["a", "b", "x", "y"]
    assert desk.state().held is None
    assert poll_when_due(desk) == ["not-modified"]
    assert desk.state().feed_title == "Casino"


def test_an_atom_feed_that_keeps_its_id_is_not_held_back_h19(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [
        vouched(atom("Paper", "urn:paper", "a")),
        vouched(atom("The New Paper", "urn:paper", "b"), '"2"'),
        vouched(atom("Casino", "urn:casino", "c"), '"3"'),
    ]
    desk.add("paper", server.url("/feed"))
    assert [desk.outcomes(), poll_when_due(desk), poll_when_due(desk)] == [["new"], ["new"], ["held-back"]]
    assert desk.titles() == ["a", "b"]


@pytest.mark.parametrize("as_before", [http(304), vouched(rss("a"), '"1"'), vouched(rss("a", "b"), '"3"')])
def test_a_feed_that_turns_back_is_no_longer_held_back_h19(
    desk: Desk, server: RecordingServer, as_before: bytes
) -> None:
    server.answers["/feed"] = [vouched(rss("a")), vouched(titled("Casino", "x"), '"2"'), as_before]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert poll_when_due(desk) == ["held-back"]
    poll_when_due(desk)
    assert desk.state().held is None
    assert "x" not in desk.titles()
    assert desk.report().health is Health.HEALTHY


@pytest.mark.parametrize(
    "changed",
    [
        vouched(titled("The New Paper", "b", "c"), '"2"'),  # a new name, and entries that were known
        vouched(rss("x", "y"), '"2"'),  # all entries new under the old name: a long holiday
        delta(titled("The New Paper", "x"), ("ETag", '"2"')),  # a delta brings what is new, and nothing else
    ],
    ids=["renamed", "all new", "delta"],
)
def test_less_than_everything_is_not_held_back_h19(desk: Desk, server: RecordingServer, changed: bytes) -> None:
    server.answers["/feed"] = [vouched(rss("a", "b")), changed]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert poll_when_due(desk) == ["new"]
    assert desk.state().held is None
    assert len(desk.titles()) > 2


def test_what_is_held_back_is_not_asked_for_in_deltas_h19_p20(desk: Desk, server: RecordingServer) -> None:
    """Else the other feed would come in piece by piece."""
    server.answers["/feed"] = [vouched(rss("a")), vouched(titled("Casino", "x"), '"2"')]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    poll_when_due(desk)
    poll_when_due(desk)
    assert [r.header("A-IM") for r in server.requests] == [None, "feed", None]


def test_a_changed_feed_that_asks_for_silence_gets_it_p8_h19(desk: Desk, server: RecordingServer) -> None:
    quiet = http(200, titled("Casino", "x"), ("ETag", '"2"'), ("Retry-After", str(3 * 86_400)))
    server.answers["/feed"] = [vouched(rss("a")), quiet]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert poll_when_due(desk) == ["held-back"]
    assert desk.state().due_at == desk.clock.now() + timedelta(days=3)


def test_a_held_back_source_disturbs_no_other_h19(desk: Desk, server: RecordingServer) -> None:
    server.answers |= {
        "/feed": [vouched(rss("a")), vouched(titled("Casino", "x"), '"2"')],
        "/other": [vouched(rss("b")), vouched(rss("b", "c"), '"2"')],
    }
    desk.add("paper", server.url("/feed"))
    other = desk.add("other", server.url("/other"))
    desk.poll()
    desk.clock.advance(days=1)
    assert sorted(desk.outcomes()) == ["held-back", "new"]
    assert desk.titles(SourceId(other)) == ["b", "c"]
    assert desk.state().validators == Validators(etag='"1"', last_modified=desk.state().validators.last_modified)
