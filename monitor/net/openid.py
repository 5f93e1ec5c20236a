"""The door to the newsroom's OpenID provider.

Every other way out goes through `net/client.py` and its guard (H4), because what it asks was named by the web. The
provider's address was written by the operator, and may well be a private one; where it is asked for keys and tokens,
its own description says, over TLS. Redirects are not followed, answers are bounded, no proxy of the environment is
believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

MAX_BYTES = 500_000
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider answered; `fault` says why there is no answer, "" where there is one."""

    status: int = 0
    body: bytes = b""
    fault: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it answered with what was asked for."""
        return self.status == 200


def ask(
    url: str, *, form: Mapping[str, str] | None = None, login: tuple[str, str] | None = None, user_agent: str
) -> Told:
    """GET `url`, or POST `form` to it, with `login` as the client's own; whatever happens comes back as a value."""
    headers = {"user-agent": user_agent, "accept": "application/json"}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "GET" if form is None else "POST",
                url,
                headers=headers,
                data=None if form is None else dict(form),
                auth=httpx.BasicAuth(*login) if login else None,
            ) as answer,
        ):
            body = bytearray()
            for piece in answer.iter_bytes(16_384):
                body += piece
                if len(body) > MAX_BYTES:
                    return Told(fault="its answer is too long")
            return Told(status=answer.status_code, body=bytes(body))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Told(fault=type(error).__name__)
