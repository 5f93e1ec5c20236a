"""The door to the operator's own mail server (SMTP, RFC 5321), for digests.

Like the addresses of alerts, the server is named by the operator alone, in MONITOR_SMTP_HOST, and may be a private one;
nothing from the web says where it is. What is sent is text of ours to an address that confirmed it. A header is made by
the standard library, which refuses line ends in it, from text that is one line already.
"""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from types import TracebackType

from monitor.model.subscriber import Letter
from monitor.net.target import plain

READ_SECONDS = 20.0  # for one answer of the server
LETTER_SECONDS = 60.0  # for a letter with all its answers
_POLICY = SMTP.clone(cte_type="7bit")  # what any server passes on as it is
USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class Verdict(StrEnum):
    """What became of a letter."""

    TAKEN = "taken"
    REFUSED_ADDRESS = "refused-address"  # for good: nobody has it there
    REFUSED_LETTER = "refused-letter"  # for good, though the address is one
    DEFERRED = "deferred"  # this letter, for now
    UNREACHABLE = "unreachable"  # nothing leaves by this server now


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a letter, in a line that is safe to show."""

    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters leave, and under which name."""

    host: str
    port: int  # 0: the usual one
    security: str  # starttls, tls, none
    user: str
    password: str
    sender: str  # address
    name: str  # of the sender, for people
    context: ssl.SSLContext | None = None  # of TLS; the machine's own where None
    seconds: float = LETTER_SECONDS


class Postman:
    """Sends letters over one connection, opened with the first and closed at the end of the block. For one thread."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Postman:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Letter, *, now: datetime) -> Sent:
        """Hand one letter over; whatever happens comes back as a value, within a minute."""
        try:
            body = write_message(letter, self._server, now=now)
        except ValueError as error:
            return Sent(verdict=Verdict.REFUSED_LETTER, detail=plain(f"cannot be written as a letter: {error}"))
        try:
            return self._hand_over(letter.to, body)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up(is_polite=False)
            return Sent(verdict=Verdict.UNREACHABLE, detail=_why(error))

    def _hand_over(self, to: str, body: bytes) -> Sent:
        smtp = self._connection()
        with _deadline(smtp, self._server.seconds):
            code, said = smtp.mail(self._server.sender)
            if code >= 400:
                raise smtplib.SMTPSenderRefused(code, said, self._server.sender)
            code, said = smtp.rcpt(to)
            if code >= 400:
                smtp.rset()
                verdict = Verdict.REFUSED_ADDRESS if code >= 500 else Verdict.DEFERRED
                return Sent(verdict=verdict, detail=_answer(code, said))
            code, said = smtp.data(body)
            if code >= 400:
                smtp.rset()
                return Sent(
                    verdict=Verdict.REFUSED_LETTER if code >= 500 else Verdict.DEFERRED, detail=_answer(code, said)
                )
            return Sent(verdict=Verdict.TAKEN, detail=_answer(code, said))

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._open()
        return self._smtp

    def _open(self) -> smtplib.SMTP:
        server = self._server
        port = server.port or USUAL_PORTS[server.security]
        context = server.context or ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, port, timeout=READ_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, port, timeout=READ_SECONDS)
        try:
            with _deadline(smtp, self._server.seconds):
                if server.security == "starttls":
                    smtp.starttls(context=context)  # raises where the server offers none: never in the clear instead
                smtp.ehlo_or_helo_if_needed()
                if server.user:
                    smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _hang_up(self, *, is_polite: bool = True) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        if is_polite:
            with contextlib.suppress(smtplib.SMTPException, OSError), _deadline(smtp, READ_SECONDS):
                smtp.quit()
        smtp.close()


@contextlib.contextmanager
def _deadline(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the connection off when the block takes longer: a server that drips is patient with every single read."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            if smtp.sock is not None:
                smtp.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def write_message(letter: Letter, server: MailServer, *, now: datetime) -> bytes:
    """The bytes of a letter (RFC 5322, MIME); raises ValueError where a header would be more than a header."""
    local, _, domain = server.sender.rpartition("@")
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(server.name, local, domain)
    to_local, _, to_domain = letter.to.rpartition("@")
    message["To"] = Address("", to_local, to_domain)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return _leave_headers(letter) + message.as_bytes()


def _leave_headers(letter: Letter) -> bytes:
    """How a mail program ends the subscription for its reader (RFC 8058 3.1), each in one line.

    The standard library would write a long address as an encoded word, which no program reads as one.
    """
    url = letter.leave_url
    if url is None:
        return b""
    if not url.isascii() or not url.isprintable() or any(c in url for c in "<> "):
        raise ValueError("the address that ends a subscription is not a plain URL")
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if url.startswith("https://") else ""
    return f"List-Unsubscribe: <{url}>\r\n{one_click}".encode("ascii")


def _answer(code: int, said: bytes) -> str:
    return plain(f"answered {code} {said.decode('utf-8', 'replace')}")


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server does not let us sign in (answered {error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
    return plain(f"the mail server cannot be used: {error}") or type(error).__name__
