"""The door to a language model: one POST to the endpoint that the operator named, and whatever comes back as a value.

The address stands in MONITOR_LANGUAGE_MODEL_URL alone; nothing from the web says where it is, so it may be a private
one or this machine. Otherwise it is asked as everything else is: through the guard's connection, one deadline for the
whole exchange, every byte counted, no redirect followed, no proxy of the environment believed.
"""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import httpx

from monitor.model import ModelEndpoint, Reply
from monitor.net.exchange import exchange
from monitor.net.guard import Refusal
from monitor.net.headers import read_retry_after
from monitor.net.target import plain, read_target

MAX_BYTES = 400_000  # of an answer
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))  # the operator's own endpoint


def converse(endpoint: ModelEndpoint, body: Mapping[str, Any], *, user_agent: str, now: datetime) -> Reply:
    """Ask for a chat completion, within the endpoint's seconds of real time."""
    return asyncio.run(_converse(endpoint, body, user_agent, now))


async def _converse(endpoint: ModelEndpoint, body: Mapping[str, Any], user_agent: str, now: datetime) -> Reply:
    headers = [
        ("User-Agent", user_agent),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("Content-Type", "application/json"),
        ("Connection", "close"),
    ]
    if endpoint.key:
        headers.append(("Authorization", f"Bearer {endpoint.key}"))
    try:
        answer = await exchange(
            read_target(f"{endpoint.url}/chat/completions"),
            headers,
            allow=_ANYWHERE,
            tls=_tls,
            max_bytes=MAX_BYTES,
            seconds=endpoint.seconds,
            posted=json.dumps(body, ensure_ascii=False).encode(),
        )
    except Refusal as refusal:
        return Reply(status=refusal.status or 0, fault=plain(refusal.detail))
    if answer.body is not None:
        return Reply(status=answer.status, body=answer.body)
    asked = read_retry_after(answer.headers, now)
    seconds = None if asked is None else asked.total_seconds()
    return Reply(status=answer.status, retry_after=seconds, fault=_fault(answer.status))


def _fault(status: int) -> str:
    if 300 <= status < 400:
        return f"it answered {status}; redirects are not followed: name the endpoint's own address"
    if status in (401, 403):
        return f"it answered {status}: the key is missing or wrong"
    return f"it answered {status}"


@functools.cache
def _tls() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context
