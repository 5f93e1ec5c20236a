"""OpenID providers for tests: a real one as a process of its own, and one that a test can make lie."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

START_SECONDS = 60.0


@dataclass(frozen=True)
class RealProvider:
    """`oidc-provider-mock`: a provider of its own kin, built on Authlib's server side."""

    issuer: str
    secret: Path  # a file with the client's; it wants one, whichever

    def knows(self, subject: str, **claims: Any) -> None:
        """There is somebody, of whom it says `claims`."""
        answer = httpx.put(f"{self.issuer}/users/{quote(subject, safe='')}", json=claims, trust_env=False)
        assert answer.status_code == 204

    def consent(self, url: str, subject: str, *, denies: bool = False) -> str:
        """What a person does there: says who they are. Returns where the browser is sent."""
        form = {"action": "deny"} if denies else {"sub": subject}
        answer = httpx.post(url, data=form, trust_env=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def real_provider(folder: Path) -> Iterator[RealProvider]:
    """A provider on loopback, until the block ends."""
    secret = folder / "secret"
    secret.write_text("any will do\n")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{issuer}/.well-known/openid-configuration", process)
        yield RealProvider(issuer, secret)
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the provider did not start")


@dataclass
class Liar:
    """A provider that checks what it is shown (PKCE, client, redirect), and says what a test tells it to."""

    issuer: str
    secret: Path | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)  # beside and instead of the right ones; None leaves one out
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    token: str | None = None  # instead of one that is signed here
    describes: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # by the browser
    shown: dict[str, str] = field(default_factory=dict)  # by the newsroom, at the token endpoint
    authorization: str = ""
    status: int = 200

    def come_back(self, url: str, code: str = "a-code") -> str:
        """The browser was sent to `url`; where it is sent back to."""
        self.asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        return f"{self.asked['redirect_uri']}?code={code}&state={quote(self.asked['state'])}"

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.describes

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.shown = form
        proof = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        is_right = (
            proof == self.asked["code_challenge"]
            and self.asked["code_challenge_method"] == "S256"
            and form["redirect_uri"] == self.asked["redirect_uri"]
        )
        if not is_right or self.status != 200:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token or self._signed()}

    def _signed(self) -> str:
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "aud": self.asked["client_id"],
            "sub": "42",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
        }
        said = {key: value for key, value in (right | self.claims).items() if value is not None}
        return jwt.encode(self.header, said, self.key)


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """A provider on loopback that a test can make lie, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/keys":
                keys = [key.as_dict(private=False) for key in (liar.published or [liar.key])]
                self._send(200, {"keys": keys})
            else:
                self._send(200, liar.describe())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            liar.authorization = self.headers.get("authorization", "")
            self._send(*liar.answer({key: values[0] for key, values in parse_qs(body).items()}))

        def _send(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar = Liar(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
