"""A real SMTP server on loopback (aiosmtpd): keeps what it takes, and refuses whom a test names."""

from __future__ import annotations

import email
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from monitor.net.smtp import MailServer

CERTIFICATE = Path(__file__).parent / "self-signed.pem"


@dataclass
class MailRoom:
    """What the server does with letters: `answers` by address at RCPT, `at_data` for every letter's text."""

    answers: dict[str, str] = field(default_factory=dict)
    at_data: str = "250 taken"
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.get(address, "250 known")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.at_data.startswith("250"):
            self.raw.append(envelope.original_content)
            message = email.message_from_bytes(envelope.original_content, policy=default)
            assert isinstance(message, EmailMessage)
            self.letters.append(message)
            self.recipients += envelope.rcpt_tos
        return self.at_data


class _AnyPort(Controller):
    """A controller on whatever port is free."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Mailer:
    """The server, running until the block ends."""

    def __init__(self, *, security: str = "none", password: str | None = None) -> None:
        self.room = MailRoom()
        self.password = password
        self._security = security
        tls = None
        if security != "none":
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(CERTIFICATE)
        more: dict[str, Any] = {}
        if password is not None:
            more = {"authenticator": self._is_known, "auth_required": security == "starttls"}
            more |= {"auth_require_tls": security == "starttls"}
        if security == "starttls":
            more |= {"tls_context": tls, "require_starttls": True}
        elif security == "tls":
            more |= {"ssl_context": tls}
        self._controller = _AnyPort(self.room, hostname="127.0.0.1", port=0, **more)

    def __enter__(self) -> Mailer:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def _is_known(self, server: Any, session: Any, envelope: Any, mechanism: str, data: object) -> AuthResult:
        given = isinstance(data, LoginPassword) and data.password == (self.password or "").encode()
        return AuthResult(success=given, handled=False)

    def seen_from_us(self, **changes: Any) -> MailServer:
        """The server as settings would name it."""
        trusting = None
        if self._security != "none":
            trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
            trusting.check_hostname = False
        said: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "security": self._security,
            "user": "wire" if self.password else "",
            "password": self.password or "",
            "sender": "wire@monitor.example",
            "name": "The Wire",
            "context": trusting,
        }
        return MailServer(**{**said, **changes})

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._controller.port
        return port
