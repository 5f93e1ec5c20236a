"""A WebSub hub: verifies intents by calling back, and distributes documents with their signature."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlencode

import httpx

CALL_SECONDS = 10.0


@dataclass
class Subscriber:
    callback: str
    topic: str
    secret: str
    lease_seconds: int


@dataclass
class Hub:
    """Serves on loopback until closed. `answers` is what it says to the next questions; then 202."""

    lease_seconds: int = 864_000
    answers: list[int] = field(default_factory=list)
    denies: bool = False
    verifies: bool = True
    verifies_first: bool = False  # before it has answered the question
    asked: list[dict[str, str]] = field(default_factory=list)
    subscribers: dict[str, Subscriber] = field(default_factory=dict)  # by callback
    echoes: list[int] = field(default_factory=list)  # statuses of its calls back
    told: list[str] = field(default_factory=list)  # topics that a publisher said are new

    def __post_init__(self) -> None:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                asked = {name: values[0] for name, values in form.items()}
                status = hub.answers.pop(0) if hub.answers else 202
                hub.asked.append(asked)
                answered = threading.Event()
                if asked["hub.mode"] == "publish":
                    hub.told += form["hub.url"] if status < 300 else []
                elif status == 202 and hub.verifies_first:
                    hub.verify(asked)
                elif status == 202 and (hub.verifies or hub.denies):
                    hub.call_back(asked, after=answered)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.wfile.flush()
                answered.set()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self.calls: list[threading.Thread] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.client = httpx.Client(timeout=CALL_SECONDS, trust_env=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def call_back(self, asked: dict[str, str], *, after: threading.Event) -> None:
        """Verify once the question is answered; whoever has the answer finds this call under way."""

        def call() -> None:
            after.wait(CALL_SECONDS)
            self.verify(asked)

        calling = threading.Thread(target=call, daemon=True)
        calling.start()
        self.calls.append(calling)

    def verify(self, asked: dict[str, str]) -> None:
        """Ask the subscriber whether it meant it (WebSub 5.3), or say that we will not (5.2)."""
        challenge = secrets.token_hex(16)
        query = {"hub.mode": asked["hub.mode"], "hub.topic": asked["hub.topic"], "hub.challenge": challenge}
        if self.denies:
            query = {"hub.mode": "denied", "hub.topic": asked["hub.topic"], "hub.reason": "not\r\n\0for you"}
        elif asked["hub.mode"] == "subscribe":
            query["hub.lease_seconds"] = str(self.lease_seconds)
        answer = self.client.get(f"{asked['hub.callback']}?{urlencode(query)}")
        self.echoes.append(answer.status_code)
        if answer.status_code != 200 or answer.text != challenge:
            return
        callback = asked["hub.callback"]
        if asked["hub.mode"] == "unsubscribe":
            self.subscribers.pop(callback, None)
            return
        self.subscribers[callback] = Subscriber(
            callback, asked["hub.topic"], asked.get("hub.secret", ""), self.lease_seconds
        )

    def settle(self) -> None:
        """Wait until every call back is done."""
        for call in tuple(self.calls):
            call.join(CALL_SECONDS)

    def publish(
        self, topic: str, body: bytes, *, algorithm: str = "sha256", secret: str | None = None, is_signed: bool = True
    ) -> list[int]:
        """Deliver to all subscribers of a topic; what each answered."""
        statuses = []
        for subscriber in list(self.subscribers.values()):
            if subscriber.topic != topic:
                continue
            key = (subscriber.secret if secret is None else secret).encode()
            signature = hmac.new(key, body, getattr(hashlib, algorithm)).hexdigest()
            headers = {"Content-Type": "application/rss+xml", "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}
            if is_signed:
                headers["X-Hub-Signature"] = f"{algorithm}={signature}"
            statuses.append(self.client.post(subscriber.callback, content=body, headers=headers).status_code)
        return statuses

    def distribute(self) -> list[int]:
        """Fetch each topic that a publisher said is new and somebody subscribes to, and deliver it (WebSub 7)."""
        topics, self.told = dict.fromkeys(self.told), []
        wanted = {subscriber.topic for subscriber in self.subscribers.values()}
        return [
            status
            for topic in topics
            if topic in wanted
            for status in self.publish(topic, self.client.get(topic).content)
        ]

    def close(self) -> None:
        self.settle()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(CALL_SECONDS)
        self.client.close()

    def __enter__(self) -> Hub:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
