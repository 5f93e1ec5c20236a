"""Letters by SMTP, to a real server: what arrives, what is refused, and what no header or server can do to us."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from monitor.model.subscriber import Letter
from monitor.net.smtp import Postman, Sent, Verdict, write_message
from tests.net.mail_server import Mailer

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
LEAVE = "https://monitor.example/unsubscribe/" + "x" * 64


def a_letter(**fields: Any) -> Letter:
    given: dict[str, Any] = {
        "to": "rae@example.org",
        "subject": "The Wire: 1 new wire – “Überfall”",
        "text": "Grüße\n.\nfrom the desk\n",
        "html": "<p>Grüße</p>",
        "key": "mail/digest/1/1",
        "leave_url": LEAVE,
    }
    return Letter(**{**given, **fields})


@pytest.fixture(scope="module")
def mailer() -> Iterator[Mailer]:
    with Mailer() as opened:
        yield opened


def send(mailer: Mailer, *letters: Letter, **server: Any) -> list[Sent]:
    with Postman(mailer.seen_from_us(**server)) as postman:
        return [postman.send(letter, now=NOW) for letter in letters]


def part(letter: EmailMessage, kind: str) -> list[str]:
    """The lines of a part of a letter."""
    body = letter.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text.splitlines()


def test_a_letter_arrives_whole_in_both_parts_with_the_way_out_rfc_8058(mailer: Mailer) -> None:
    (sent,) = send(mailer, a_letter())
    assert sent.verdict is Verdict.TAKEN
    letter = mailer.room.letters[-1]
    assert letter["subject"] == "The Wire: 1 new wire – “Überfall”"
    assert (letter["to"], letter["from"]) == ("rae@example.org", "The Wire <wire@monitor.example>")
    assert letter["list-unsubscribe"] == f"<{LEAVE}>"
    assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{LEAVE}>\r\n".encode() in mailer.room.raw[-1]
    assert part(letter, "plain") == ["Grüße", ".", "from the desk"]
    assert part(letter, "html") == ["<p>Grüße</p>"]
    assert mailer.room.raw[-1].isascii()


def test_the_same_letter_has_the_same_id_f11(mailer: Mailer) -> None:
    send(mailer, a_letter(), a_letter(), a_letter(key="mail/digest/1/2"))
    first, again, other = (letter["message-id"] for letter in mailer.room.letters[-3:])
    assert first == again != other


def test_many_letters_leave_over_one_connection(mailer: Mailer) -> None:
    before = mailer.room.connections
    assert {s.verdict for s in send(mailer, *(a_letter(key=str(n)) for n in range(5)))} == {Verdict.TAKEN}
    assert mailer.room.connections == before + 1


@pytest.mark.parametrize("field", ["subject", "to", "leave_url"])
def test_no_text_becomes_a_second_header_h29(mailer: Mailer, field: str) -> None:
    before = len(mailer.room.letters)
    for evil in ("a\r\nBcc: all@example.org", "a\nBcc: all@example.org", "a\r\n\r\n<script>"):
        (sent,) = send(mailer, a_letter(**{field: evil}))
        assert sent.verdict is Verdict.REFUSED_LETTER
    assert len(mailer.room.letters) == before


def test_a_newsrooms_name_is_only_a_name(mailer: Mailer) -> None:
    raw = write_message(a_letter(), mailer.seen_from_us(name='Wire" <evil@example.org>, "'), now=NOW)
    (line,) = [line for line in raw.decode().splitlines() if line.startswith("From:")]
    assert line == 'From: "Wire\\" <evil@example.org>, \\"" <wire@monitor.example>'


def test_an_address_that_is_refused_for_good_is_told_from_one_that_is_deferred(mailer: Mailer) -> None:
    mailer.room.answers = {"gone@example.org": "550 5.1.1 no such user", "full@example.org": "452 4.2.2 later"}
    gone, full, well = send(
        mailer, a_letter(to="gone@example.org"), a_letter(to="full@example.org"), a_letter(key="after both")
    )
    mailer.room.answers = {}
    assert (gone.verdict, full.verdict, well.verdict) == (Verdict.REFUSED_ADDRESS, Verdict.DEFERRED, Verdict.TAKEN)
    assert gone.detail == "answered 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("said", "verdict"), [("554 5.7.1 looks like spam", Verdict.REFUSED_LETTER), ("451 4.3.0 later", Verdict.DEFERRED)]
)
def test_a_letter_whose_text_is_refused_says_nothing_of_its_address(
    mailer: Mailer, said: str, verdict: Verdict
) -> None:
    mailer.room.at_data = said
    (sent,) = send(mailer, a_letter())
    mailer.room.at_data = "250 taken"
    assert sent == Sent(verdict=verdict, detail=f"answered {said}")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_letters_leave_under_tls_with_a_password(security: str) -> None:
    with Mailer(security=security, password="open sesame") as mailer:
        assert send(mailer, a_letter())[0].verdict is Verdict.TAKEN
        (refused,) = send(mailer, a_letter(), password="wrong secret")
        assert refused.verdict is Verdict.UNREACHABLE
        assert refused.detail == "the mail server does not let us sign in (answered 535)"
        assert len(mailer.room.letters) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_letter() -> None:
    with Mailer(security="starttls") as mailer:
        (sent,) = send(mailer, a_letter(), context=None)
        assert sent.verdict is Verdict.UNREACHABLE
        assert "certificate" in sent.detail
        assert mailer.room.letters == []


def test_without_starttls_nothing_goes_in_the_clear(mailer: Mailer) -> None:
    before = len(mailer.room.letters)
    (sent,) = send(mailer, a_letter(), security="starttls")
    assert sent.verdict is Verdict.UNREACHABLE
    assert len(mailer.room.letters) == before


def test_a_server_that_is_down_or_drips_is_left_in_time_h6(mailer: Mailer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        over = threading.Event()

        def drip() -> None:
            taken, _ = listener.accept()
            with taken:
                taken.sendall(b"220 hello\r\n")
                while not over.wait(0.05):
                    try:
                        taken.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        (slow,) = send(mailer, a_letter(), port=port, seconds=0.3)
        over.set()
        thread.join(5)
    (down,) = send(mailer, a_letter(), port=port)
    assert (slow.verdict, down.verdict) == (Verdict.UNREACHABLE, Verdict.UNREACHABLE)
