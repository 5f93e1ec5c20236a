"""Who asks the API: a token in the Authorization header, and nothing else. No cookie is read here, so that no page can
make a browser ask in an editor's name (D6); and a token is taken over TLS only, or from this machine (D1).

An `Idempotency-Key` makes a POST, PUT, PATCH or DELETE that is repeated one: the first answer is given again for a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from monitor.jobs import audit, tokens
from monitor.model import ApiToken
from monitor.store import tokens as store
from monitor.web.access import API
from monitor.web.api.problems import problem
from monitor.web.auth import is_tls
from monitor.web.context import Context
from monitor.web.security import SAFE_METHODS, address_block, client_address, is_loopback

PATH = "/api/v1"
DOCUMENT = f"{PATH}/openapi.json"
KEPT_FOR = timedelta(hours=24)
STUCK_AFTER = timedelta(minutes=2)  # a request that has not ended by then never will: its process was killed
LONGEST_KEY = 200
_KEPT_HEADERS = ("content-type", "location")

bearer = HTTPBearer(auto_error=False, description="A token from your account page at the desk.")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One request to the API, past the door."""

    context: Context
    token: ApiToken
    address: str
    key: str | None  # tells one decision from another: the same for a request that is repeated

    @property
    def who(self) -> str:
        """The name that goes under decisions."""
        return self.token.editor.name


def door(request: Request, _: Annotated[object, Security(bearer)]) -> Caller:
    """What the token must be good for (D9): looked up in the one table, and refused where it is not in it."""
    context: Context = request.app.state.context
    scope = API.get((request.method, PATH + request.scope["route"].path))
    token: ApiToken = request.state.token
    address = client_address(request, context.settings.trusted_proxies)
    if scope is None:
        raise HTTPException(404)
    if not token.allows(scope):
        why = f"This needs the scope {scope.value!r}, and a role that allows it. Nothing was changed."
        what = {"token": token.id, "why": why}
        subject = f"{request.method} {request.url.path}"[:300]
        audit.note_deed(
            context.database, context.machine, by=token.editor.name, what="request.refused", subject=subject,
            after=dict(what), address=address,
        )  # fmt: skip
        raise HTTPException(
            403, why, headers={"www-authenticate": f'Bearer error="insufficient_scope", scope="{scope.value}"'}
        )
    key = request.headers.get("idempotency-key")
    mark = None if not key else sha256(f"{token.editor.id} {key}".encode()).hexdigest()[:48]
    return Caller(context=context, token=token, address=address, key=mark and f"api-{mark}")


Call = Annotated[Caller, Depends(door)]


class Door:
    """ASGI middleware in front of every route of the API: finds the token, and what a key was answered before."""

    def __init__(self, app: ASGIApp, *, context: Context) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] != "http" or (scope["method"] in SAFE_METHODS and scope["path"] == DOCUMENT):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        found = await run_in_threadpool(self._enter, request)
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        scope.setdefault("state", {})["token"] = found
        key = Headers(scope=scope).get("idempotency-key")
        if key is None or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        await self._once(key, found, scope, receive, send)

    def _enter(self, request: Request) -> ApiToken | Response:
        context = self.context
        if not is_tls(context) and not is_loopback(request.headers.get("host", "")):
            return problem(403, "The API answers over HTTPS only, except on the machine itself.")
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            return _unauthorized("Send a token: Authorization: Bearer monitor_…", "Bearer")
        token = tokens.find_token(context.database, context.machine, secret.strip())
        if token is None:
            address = client_address(request, context.settings.trusted_proxies)
            tokens.note_refused(context.database, context.machine, address=address, block=address_block(address))
            return _unauthorized("This token is none, is revoked or has run out.", 'Bearer error="invalid_token"')
        tokens.touch_token(context.database, context.machine, token)
        return token

    async def _once(self, key: str, token: ApiToken, scope: AsgiScope, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        if body is None or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            detail = (
                f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters." if body is not None else "Cut off."
            )
            await problem(400, detail)(scope, receive, send)
            return
        path = scope["path"] + "?" + scope["query_string"].decode("latin-1")
        digest = sha256(f"{scope['method']} {path}\n".encode() + body).hexdigest()
        known = await run_in_threadpool(self._begin, token, key, digest)
        if known is not None:
            await known(scope, receive, send)
            return
        recorder = _Recorder(send)
        try:
            await self.app(scope, _replayed(body, receive), recorder)
        finally:
            await run_in_threadpool(self._end, token, key, recorder)

    def _begin(self, token: ApiToken, key: str, digest: str) -> Response | None:
        """The answer that is known; None where the request may go ahead, and then the key is its own."""
        now = self.context.machine.now()
        with self.context.database.write() as tx:
            found = store.find_reply(tx, token.editor.id, key, since=now - KEPT_FOR)
            if found is None or (found.status is None and found.asked_at <= now - STUCK_AFTER):
                store.clear_replies(tx, before=now - KEPT_FOR)
                if store.add_reply(tx, token.editor.id, key, request_digest=digest, now=now):
                    return None
                found = store.find_reply(tx, token.editor.id, key, since=now - KEPT_FOR)
        if found is None or found.request_digest != digest:
            return problem(422, "This Idempotency-Key was used for another request.", kind="key-reused")
        if found.status is None:
            return problem(409, "The request of this Idempotency-Key is still under way.", kind="key-busy")
        return Response(found.body, found.status, headers={**found.headers, "idempotent-replayed": "true"})

    def _end(self, token: ApiToken, key: str, recorder: _Recorder) -> None:
        """Keep the answer; one that may be tried again frees the key."""
        with self.context.database.write() as tx:
            if recorder.status is None or recorder.status >= 500 or recorder.status in {401, 403, 429}:
                store.drop_reply(tx, token.editor.id, key)
            else:
                body = recorder.body.decode("utf-8")
                store.record_reply(
                    tx, token.editor.id, key, status=recorder.status, headers=recorder.headers, body=body
                )


class _Recorder:
    """Sends on, and remembers what was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = Headers(raw=message["headers"])
            self.headers = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
        await self._send(message)


def _unauthorized(detail: str, challenge: str) -> Response:
    return problem(401, detail, headers={"www-authenticate": challenge})


async def _whole(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_told = False

    async def again() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
