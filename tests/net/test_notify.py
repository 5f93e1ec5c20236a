"""The door to the operator's addresses, with a real webhook and a real mail server on loopback."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from email import message_from_string
from email.policy import default
from types import TracebackType

import pytest

from monitor.net.notify import Notifier, mask, name_address
from tests.net.servers import RecordingServer, drip, http, moved


class MailServer:
    """As much of SMTP as a client without TLS needs (RFC 5321); keeps what it was given."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.senders: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, connection.makefile("rwb", buffering=0) as stream:
                    connection.settimeout(20)
                    self._talk(stream)

    def _talk(self, stream: socket.SocketIO) -> None:
        def say(line: str) -> None:
            stream.write(f"{line}\r\n".encode())

        say("220 mail.example")
        while line := stream.readline().decode():
            word = line[:4].strip().upper()
            if word == "MAIL":
                self.senders.append(line.strip())
            if word == "DATA":
                say("354 go on")
                lines = []
                while (text := stream.readline().decode()) not in (".\r\n", ""):
                    lines.append(text.removeprefix("."))
                self.mails.append("".join(lines))
            say("221 bye" if word == "QUIT" else "250 fine")
            if word == "QUIT":
                return

    def __enter__(self) -> MailServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200), "/bad": http(500), "/moved": moved(302, "/in")}) as opened:
        yield opened


@pytest.fixture
def notifier() -> Iterator[Notifier]:
    with Notifier(deadline_seconds=20) as opened:
        yield opened


def address(server: RecordingServer, path: str = "/in") -> str:
    return f"json://127.0.0.1:{server.port}{path}"


def test_a_webhook_hears_it_with_its_key_f11(server: RecordingServer, notifier: Notifier) -> None:
    sent = notifier.send(address(server), title="A title", body="line 1\nline 2 <b>&amp;\\n", key="alert/1")
    assert (sent.is_delivered, sent.detail) == (True, "accepted")
    (request,) = server.requests
    said = json.loads(request.body)
    assert (said["title"], said["message"]) == ("A title", "line 1\nline 2 <b>&amp;\\n")
    assert request.header("Idempotency-Key") == "alert/1"


def test_a_mailbox_hears_it_f11(notifier: Notifier) -> None:
    with MailServer() as mail:
        url = f"mailto://127.0.0.1:{mail.port}?from=desk@newsroom.example&to=ada@newsroom.example&mode=insecure"
        sent = notifier.send(url, title="Zwölf Quellen schweigen", body="one\n<two>", key="alert/1")
        assert sent.is_delivered, sent.detail
        (raw,) = mail.mails
    found = message_from_string(raw, policy=default)
    text = found.get_body(("plain", "html"))
    assert found["subject"] == "Zwölf Quellen schweigen"
    assert found["to"].addresses[0].addr_spec == "ada@newsroom.example"
    assert text is not None
    assert "one" in text.get_content()
    assert "<two>" not in text.get_content() or text.get_content_type() == "text/plain"


@pytest.mark.parametrize("path", ["/bad", "/moved", "/unknown"])
def test_a_receiver_that_does_not_take_it_is_a_reason_f11(
    server: RecordingServer, notifier: Notifier, path: str
) -> None:
    sent = notifier.send(address(server, path), title="t", body="b", key="k")
    assert not sent.is_delivered
    assert not sent.is_final
    assert sent.detail
    assert "/in" not in server.paths  # no redirect leads anywhere


def test_a_receiver_that_drips_is_cut_off_h6_f11(server: RecordingServer) -> None:
    server.answers["/slow"] = drip(b"HTTP/1.1 200 Yes\r\n", b"X: y\r\n", every=0.1)
    began = time.monotonic()
    with Notifier(deadline_seconds=3) as notifier:
        sent = notifier.send(address(server, "/slow"), title="t", body="b", key="k")
    assert not sent.is_delivered
    assert time.monotonic() - began < 15  # endless, not slow


def test_closing_waits_for_nobody_f15(server: RecordingServer) -> None:
    server.answers["/slow"] = drip(b"HTTP/1.1 200 Yes\r\n", b"X: y\r\n", every=0.1)
    notifier = Notifier(deadline_seconds=60)
    threading.Timer(1.0, notifier.close).start()
    sent = notifier.send(address(server, "/slow"), title="t", body="b", key="k")
    assert (sent.is_delivered, sent.is_final) == (False, False)
    after = notifier.send(address(server), title="t", body="b", key="k")
    assert after.detail == "not sent: Monitor is stopping"


@pytest.mark.parametrize("text", ["nonsense", "foo://bar", "json://", "://"])
def test_what_apprise_cannot_read_is_final(notifier: Notifier, text: str) -> None:
    sent = notifier.send(text, title="t", body="b", key="k")
    assert (sent.is_delivered, sent.is_final) == (False, True)


def test_no_secret_of_an_address_is_shown_d13_h29(server: RecordingServer, notifier: Notifier) -> None:
    secret = f"json://user1:pass5word@127.0.0.1:{server.port}/bad/tok3n?+X-Key=k3y5"
    shown = name_address(secret) + notifier.send(secret, title="t", body="b", key="k").detail
    for part in ("user1", "pass5word", "tok3n", "k3y5"):
        assert part not in shown
    assert name_address(secret) != name_address(secret + "x")
    assert "s3cret" not in name_address("s3cret")
    said = "Failed to send to https://hooks.example/T1AAA/B2BBB\n(user T1AAA, pw s3cret)"
    assert (
        mask(said, "slack://s3cret@T1AAA/B2BBB/x")
        == "Failed to send to https://hooks.example/***/*** (user ***, pw ***)"
    )
