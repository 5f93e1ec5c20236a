"""A mailbox over a real IMAP server: only what is new, no trace left, nothing said in the clear, every wait ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from monitor.clock import SystemClock
from monitor.model import Failed, Failure, Fetched, FetchOutcome, MailboxRequest, NotModified, SourceId
from monitor.net.client import Fetcher
from monitor.net.guard import Refusal
from monitor.net.mailbox import MESSAGE_BYTES, MESSAGES, Visit, read_mailbox, visit_mailbox
from tests.conftest import need
from tests.net.dovecot import PASSWORD, Dovecot

LETTER = SourceId("letter")


@pytest.fixture(scope="module")
def imap() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.close()


def a_fetcher(password: str = PASSWORD, *, deadline: float = 20.0, allow: str = "127.0.0.0/8") -> Fetcher:
    return Fetcher(
        user_agent="Monitor/0",
        clock=SystemClock(),
        allow=(ip_network(allow),),
        host_gap=timedelta(),
        deadline_seconds=deadline,
        find_password=lambda _: password,
    )


@pytest.fixture
def look() -> Iterator[Callable[..., FetchOutcome]]:
    """Look into a mailbox through the one client."""
    with a_fetcher() as fetcher:

        def ask(url: str, cursor: dict[str, Any] | None = None) -> FetchOutcome:
            return fetcher.visit(MailboxRequest(source=LETTER, url=url, cursor=cursor)).result(60)

        yield ask


def a_message(number: int, body: bytes = b"Text.") -> bytes:
    return b"Message-ID: <%d@x>\r\nSubject: Letter %d\r\n\r\n%s\r\n" % (number, number, body)


def fetched(outcome: FetchOutcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome


def failed(outcome: FetchOutcome) -> Failed:
    assert isinstance(outcome, Failed), outcome
    return outcome


def subjects(outcome: FetchOutcome) -> list[int]:
    return [int(message.split(b"Letter ")[1].split()[0]) for message in fetched(outcome).messages]


# --- what is new ------------------------------------------------------------------------------------------------


def test_only_what_has_come_since_is_fetched(imap: Dovecot, look: Callable[..., FetchOutcome]) -> None:
    url = imap.url("news")
    assert isinstance(look(url), NotModified)
    imap.deliver("news", a_message(1))
    imap.deliver("news", a_message(2))
    first = fetched(look(url))
    assert first.messages == (a_message(1), a_message(2))
    assert isinstance(look(url, first.cursor), NotModified)
    imap.deliver("news", a_message(3))
    second = fetched(look(url, first.cursor))
    assert second.messages == (a_message(3),)
    assert isinstance(look(url, second.cursor), NotModified)


def test_no_trace_is_left(imap: Dovecot, look: Callable[..., FetchOutcome]) -> None:
    imap.deliver("trace", a_message(1))
    look(imap.url("trace"))
    assert imap.flags("trace") == [""]  # neither read nor even no longer recent


def test_a_mailbox_that_was_numbered_anew_is_read_anew(imap: Dovecot, look: Callable[..., FetchOutcome]) -> None:
    url = imap.url("anew")
    for number in (1, 2):
        imap.deliver("anew", a_message(number))
    first = fetched(look(url))
    imap.forget_numbers("anew")
    again = fetched(look(url, first.cursor))
    assert subjects(again) == [1, 2]
    assert again.cursor is not None
    assert first.cursor is not None
    assert again.cursor["uidvalidity"] != first.cursor["uidvalidity"]


def test_a_new_mailbox_brings_its_newest_and_a_flood_is_worked_off_h13(
    imap: Dovecot, look: Callable[..., FetchOutcome]
) -> None:
    url = imap.url("flood")
    for number in range(MESSAGES + 20):
        imap.deliver("flood", a_message(number))
    first = fetched(look(url))
    assert subjects(first) == list(range(20, MESSAGES + 20))
    assert first.notes == (f"of {MESSAGES + 20} messages the newest {MESSAGES} were looked at",)
    for number in range(1_000, 1_000 + MESSAGES + 5):
        imap.deliver("flood", a_message(number))
    second = fetched(look(url, first.cursor))
    assert subjects(second) == list(range(1_000, 1_000 + MESSAGES))  # the oldest first: none is passed over
    assert second.notes == ("5 more wait for the next visit",)
    assert subjects(look(url, second.cursor)) == list(range(1_000 + MESSAGES, 1_000 + MESSAGES + 5))


def test_a_huge_message_is_fetched_as_far_as_the_limit_reaches_h13(
    imap: Dovecot, look: Callable[..., FetchOutcome]
) -> None:
    imap.deliver("huge", a_message(1, b"\r\n".join([b"x" * 70] * 60_000)))
    imap.deliver("huge", a_message(2))
    outcome = fetched(look(imap.url("huge")))
    assert [len(message) for message in outcome.messages] == [MESSAGE_BYTES, len(a_message(2))]
    assert outcome.notes == (f"cut to {MESSAGE_BYTES} bytes: 1 of the messages",)


def test_a_folder_may_have_any_name(imap: Dovecot, look: Callable[..., FetchOutcome]) -> None:
    imap.deliver("names", a_message(1), folder="&AMQ-rger &- mehr")
    assert subjects(look(imap.url("names", folder="%C3%84rger%20%26%20mehr"))) == [1]
    assert subjects(look(imap.url("names", folder="%C3%84rger%20%26%20mehr", scheme="imap"))) == [1]


# --- refusals ---------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_named_and_never_shown_h29(imap: Dovecot) -> None:
    with a_fetcher("not-the-password") as fetcher:
        outcome = failed(fetcher.visit(MailboxRequest(source=LETTER, url=imap.url("ann"))).result(60))
    assert outcome.kind is Failure.LOGIN
    assert outcome.detail.startswith("localhost refused the user name or the password: ")
    assert "not-the-password" not in outcome.detail


def test_a_missing_password_says_what_to_do() -> None:
    with Fetcher(user_agent="Monitor/0", clock=SystemClock()) as fetcher:
        outcome = failed(fetcher.visit(MailboxRequest(source=LETTER, url="imaps://a@mail.example/INBOX")).result(60))
    assert (outcome.kind, "letter" in outcome.detail) == (Failure.LOGIN, True)


def test_a_folder_that_is_not_there_is_said_so(imap: Dovecot, look: Callable[..., FetchOutcome]) -> None:
    outcome = failed(look(imap.url("ann", folder="Nowhere")))
    assert (outcome.kind, "'Nowhere'" in outcome.detail) == (Failure.NOT_FOUND, True)


def test_inner_addresses_are_refused_h1_h4(imap: Dovecot) -> None:
    with a_fetcher(allow="10.9.0.0/16") as fetcher:
        for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
            outcome = fetcher.visit(MailboxRequest(source=LETTER, url=imap.url("ann", host=host))).result(60)
            assert failed(outcome).kind is Failure.REFUSED_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "https://a@mail.example/INBOX",
        "imaps://mail.example/INBOX",
        "imaps://a:secret@mail.example/INBOX",
        "imaps://a%0Ab@mail.example/INBOX",
        "imaps://a@mail.example/IN%0D%0ABOX",
        "imaps://a@mail.example:99999/INBOX",
        "imaps://a@/INBOX",
        "imaps://a@[::1/INBOX",
    ],
)
def test_addresses_that_are_none_are_named(look: Callable[..., FetchOutcome], url: str) -> None:
    outcome = failed(look(url))
    assert outcome.kind is Failure.BAD_URL
    assert "secret" not in outcome.detail


# --- secrecy ----------------------------------------------------------------------------------------------------


def visit(url: str, tls: ssl.SSLContext, *, password: str = PASSWORD, seconds: float = 10.0) -> Visit:
    host = read_mailbox(url).target.address
    allow = (ip_network("127.0.0.0/8"), *([] if host is None else [ip_network(host)]))
    return asyncio.run(visit_mailbox(read_mailbox(url), password, cursor=None, allow=allow, tls=tls, seconds=seconds))


def own_address(imap: Dovecot) -> str:
    if imap.own_address is None:
        need("this machine has no address but loopback: STARTTLS cannot be tried")
    assert imap.own_address is not None
    return imap.own_address


def test_the_servers_certificate_is_verified(imap: Dovecot) -> None:
    imap.deliver("tls", a_message(1))
    assert visit(imap.url("tls", scheme="imaps"), imap.tls).messages == [a_message(1)]
    for url in (imap.url("tls", scheme="imaps"), imap.url("tls", host=own_address(imap))):
        with pytest.raises(Refusal) as refusal:
            visit(url, ssl.create_default_context())
        assert refusal.value.kind is Failure.TLS


def test_the_certificates_name_is_verified(imap: Dovecot) -> None:
    with pytest.raises(Refusal) as refusal:
        visit(imap.url("tls", scheme="imaps", host="a.localhost"), imap.tls)
    assert refusal.value.kind is Failure.TLS


def test_starttls_comes_before_the_password(imap: Dovecot) -> None:
    imap.deliver("starttls", a_message(1))
    assert visit(imap.url("starttls", host=own_address(imap)), imap.tls).messages == [a_message(1)]


# --- servers that are none --------------------------------------------------------------------------------------


class Scripted:
    """A server on one port that talks as `talk` does, and keeps what it heard."""

    def __init__(self, talk: Callable[[Scripted, socket.socket], None], *, address: str = "127.0.0.1") -> None:
        self.heard = b""
        self._talk = talk
        self._listener = socket.create_server((address, 0))
        self.url = f"imap://ann@{address}:{self._listener.getsockname()[1]}/INBOX"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(10)
                self._talk(self, connection)

    def hear(self, connection: socket.socket) -> bytes:
        said = connection.recv(4_096)
        self.heard += said
        return said

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._thread.join(5)


def answers(*script: bytes) -> Callable[[Scripted, socket.socket], None]:
    """Greets with the first, answers each command with the next; `TAG` stands for the command's tag."""

    def talk(server: Scripted, connection: socket.socket) -> None:
        connection.sendall(script[0])
        for answer in script[1:]:
            tag = server.hear(connection).split(b" ")[0]
            connection.sendall(answer.replace(b"TAG", tag))
        with contextlib.suppress(TimeoutError):
            while server.hear(connection):
                pass

    return talk


GREETING = b"* OK ready\r\n"
ABILITIES = b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n"
OPENED = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 3] ok\r\nTAG OK [READ-ONLY] done\r\n"
SIZES = b"* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n* 2 FETCH (UID 2 RFC822.SIZE 5)\r\nTAG OK\r\n"
IN = (GREETING, ABILITIES, b"TAG OK in\r\n")
FIRST = b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nA: b\n)\r\nTAG OK\r\n"


def drip(server: Scripted, connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        for byte in b"* OK " + b"slowly " * 100:
            connection.sendall(bytes((byte,)))
            time.sleep(0.05)


HOSTILE = {
    "says nothing": (lambda server, connection: server.hear(connection), Failure.TIMEOUT),
    "drips": (drip, Failure.TIMEOUT),
    "is a web server": (answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Failure.PROTOCOL),
    "is a mail server": (answers(b"220 mx.example ESMTP\r\n"), Failure.PROTOCOL),
    "says goodbye": (answers(b"* BYE too many connections\r\n"), Failure.PROTOCOL),
    "says goodbye later": (answers(GREETING, b"* BYE going down\r\n"), Failure.CONNECT),
    "hangs up": (lambda server, connection: connection.sendall(GREETING), Failure.CONNECT),
    "has a line without end": (answers(b"* OK " + b"a" * 300_000), Failure.PROTOCOL),
    "answers without end": (answers(GREETING, b"* OK more\r\n" * 20_000), Failure.PROTOCOL),
    "announces a terabyte": (answers(*IN, OPENED, b"* 1 FETCH (UID 1 X {1000000000000}\r\n"), Failure.TOO_LARGE),
    "announces too many digits": (answers(*IN, OPENED, b"* 1 FETCH {" + b"9" * 5_000 + b"}\r\n"), Failure.TOO_LARGE),
    "sends literals without end": (answers(*IN, b"* X {2}\r\nab" * 1 + b"{2}\r\nab" * 500), Failure.TOO_LARGE),
    "is busy": (answers(GREETING, ABILITIES, b"TAG NO [UNAVAILABLE] try later\r\n"), Failure.SERVER_ERROR),
    "repeats the password": (answers(GREETING, ABILITIES, b"TAG NO bad: Seb7,x\r\n"), Failure.LOGIN),
    "takes no password": (
        answers(GREETING, b"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI\r\nTAG OK\r\n"),
        Failure.LOGIN,
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_server_that_is_none_is_named_and_every_wait_ends_h6_h7(what: str) -> None:
    talk, kind = HOSTILE[what]
    deadline = 1.0 if kind is Failure.TIMEOUT else 20.0
    with Scripted(talk) as server, a_fetcher("Seb7,x", deadline=deadline) as fetcher:
        began = time.monotonic()
        outcome = failed(fetcher.visit(MailboxRequest(source=LETTER, url=server.url)).result(30))
        assert time.monotonic() - began < 18
    assert outcome.kind is kind
    assert "Seb7" not in outcome.detail


def test_messages_that_came_whole_are_kept_when_the_rest_does_not() -> None:
    half = b"* 2 FETCH (UID 2 BODY[]<0> {5}\r\nA:"
    with Scripted(answers(*IN, OPENED, SIZES, FIRST, half)) as server, a_fetcher("x", deadline=1.5) as fetcher:
        outcome = fetched(fetcher.visit(MailboxRequest(source=LETTER, url=server.url)).result(30))
    assert (outcome.messages, outcome.cursor) == ((b"A: b\n",), {"uidvalidity": 7, "uid": 1})


def test_a_message_that_has_gone_meanwhile_is_passed_over() -> None:
    script = (*IN, OPENED, SIZES, b"TAG OK\r\n", FIRST.replace(b"UID 1", b"UID 2"), b"TAG OK\r\n")
    with Scripted(answers(*script)) as server, a_fetcher("x") as fetcher:
        outcome = fetched(fetcher.visit(MailboxRequest(source=LETTER, url=server.url)).result(30))
    assert (outcome.messages, outcome.cursor) == ((b"A: b\n",), {"uidvalidity": 7, "uid": 2})


def test_commands_change_nothing_in_the_mailbox() -> None:
    script = (*IN, OPENED, SIZES, FIRST, FIRST.replace(b"UID 1", b"UID 2"), b"TAG OK\r\n")
    with Scripted(answers(*script)) as server, a_fetcher('q"\\') as fetcher:
        fetched(fetcher.visit(MailboxRequest(source=LETTER, url=server.url)).result(30))
    commands = [line.split(b" ", 1)[1] for line in server.heard.splitlines()]
    assert commands == [
        b"CAPABILITY",
        b'LOGIN "ann" "q\\"\\\\"',
        b'EXAMINE "INBOX"',
        b"FETCH 1:2 (UID RFC822.SIZE)",
        b"UID FETCH 1 (UID BODY.PEEK[]<0.1000000>)",
        b"UID FETCH 2 (UID BODY.PEEK[]<0.1000000>)",
        b"LOGOUT",
    ]


def test_no_password_travels_in_the_clear_beyond_this_machine(imap: Dovecot) -> None:
    with Scripted(answers(GREETING, ABILITIES), address=own_address(imap)) as server:
        with pytest.raises(Refusal) as refusal:
            visit(server.url, imap.tls, password="secret")
        assert refusal.value.kind is Failure.TLS
        assert "imaps://" in refusal.value.detail
    assert b"secret" not in server.heard
    assert b"LOGIN" not in server.heard


def test_words_slipped_in_before_the_encryption_are_not_heard(imap: Dovecot) -> None:
    script = (GREETING, b"* CAPABILITY STARTTLS\r\nTAG OK\r\n", b"TAG OK begin\r\nm3 OK slipped in\r\n")
    with Scripted(answers(*script), address=own_address(imap)) as server, pytest.raises(Refusal) as refusal:
        visit(server.url, imap.tls, password="secret", seconds=1.0)
    assert refusal.value.kind in (Failure.TLS, Failure.TIMEOUT, Failure.CONNECT)
    assert b"secret" not in server.heard


def test_a_visit_ends_with_the_fetcher_f15() -> None:
    with Scripted(lambda server, connection: server.hear(connection)) as server:  # type: ignore[arg-type]
        fetcher = a_fetcher()
        visiting = fetcher.visit(MailboxRequest(source=LETTER, url=server.url))
        time.sleep(0.2)
        fetcher.close()
        with pytest.raises(CancelledError):
            visiting.result(5)
        assert fetcher.visit(MailboxRequest(source=LETTER, url=server.url)).cancelled()
