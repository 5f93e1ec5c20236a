"""Single sign-on by OpenID Connect (Core 1.0, Discovery 1.0): what is asked of a provider, and what its answers prove.

Authorization code with PKCE (RFC 7636, S256), state and nonce. An id token is believed when one of the provider's
published keys signed it with an asymmetric algorithm, it is for us, from this issuer, of this very sign-in, and fresh.
The only file that knows `joserfc`.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, MissingKeyError
from joserfc.jwk import KeySet

from monitor.errors import Denied
from monitor.model import Claims, Role

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
SCOPES = ("openid", "profile")
LEEWAY_SECONDS = 60  # between the provider's clock and ours
LONGEST_AGE_SECONDS = 600  # of an id token: it was made for the sign-in that is under way
LONGEST_SUBJECT = 255
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class UnknownKey(Denied):
    """The id token names a key that is not among those we have: the provider may have a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """Where a provider is asked what."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_issuer: bool  # that its answers carry `iss` (RFC 9207)


def discovery_url(issuer: str) -> str:
    """Where a provider describes itself."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def read_discovery(body: bytes, *, issuer: str) -> Discovered:
    """What a provider says of itself; raises Denied where it is another's, or asks for plain HTTP."""
    said = _object(body, "The provider's description")
    if said.get("issuer") not in {issuer, f"{issuer}/"}:
        raise Denied(f"The provider calls itself {said.get('issuer')!r}, and MONITOR_OPENID_ISSUER says {issuer!r}.")
    found = {key: said.get(key) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for key, url in found.items():
        if not isinstance(url, str) or not is_safe_url(url):
            raise Denied(f"The provider's {key} is no https address: {url!r}.")
    return Discovered(
        issuer=str(said["issuer"]),
        **{key: str(url) for key, url in found.items()},
        names_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def is_safe_url(url: str) -> bool:
    """Whether secrets may go there: over TLS, or to this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def challenge(verifier: str) -> str:
    """What is shown of a PKCE verifier before it is told (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def authorization_url(
    provider: Discovered, *, client: str, redirect: str, state: str, nonce: str, verifier: str, claim: str = ""
) -> str:
    """Where the browser is sent to sign in; `claim` is that of the roles, which some providers have a scope for."""
    scopes = [*SCOPES, *([claim] if claim in {"groups", "roles"} else [])]
    asked = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": redirect,
        "scope": " ".join(scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    mark = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return f"{provider.authorization_endpoint}{mark}{urlencode(asked)}"


def read_id_token(body: bytes) -> str:
    """The id token of a token endpoint's answer; raises Denied."""
    token = _object(body, "The provider's answer").get("id_token")
    if not isinstance(token, str):
        raise Denied("The provider's answer has no id token.")
    return token


def read_claims(
    token: str, *, keys: bytes, issuer: str, client: str, nonce: str, now: datetime, claim: str = ""
) -> Claims:
    """Who an id token says it is about (Core 1.0, 3.1.3.7); raises Denied, UnknownKey."""
    try:
        key_set = KeySet.import_key_set(_object(keys, "The provider's list of keys"))  # type: ignore[arg-type]
        said = jwt.decode(token, key_set, algorithms=list(ALGORITHMS)).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )
        registry.validate(said)
    except (InvalidKeyIdError, MissingKeyError) as error:
        raise UnknownKey("The id token is signed with a key that the provider does not publish.") from error
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Denied(f"The id token does not hold: {type(error).__name__}.") from error
    _check_rest(said, client=client, nonce=nonce, now=now)
    return Claims(
        issuer=issuer.rstrip("/"),
        subject=said["sub"],
        name=_name(said),
        roles=_texts(said.get(claim)) if claim else (),
    )


def _check_rest(said: Mapping[str, Any], *, client: str, nonce: str, now: datetime) -> None:
    given, subject = said["nonce"], said["sub"]
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise Denied("The id token belongs to another sign-in.")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != client:
        raise Denied("The id token was made for somebody else.")
    if "azp" in said and said["azp"] != client:
        raise Denied("The id token was made for somebody else.")
    if now.timestamp() - said["iat"] > LONGEST_AGE_SECONDS:
        raise Denied("The id token is old.")
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT:
        raise Denied("The id token does not say whom it is about.")


def role_of(values: Iterable[str], mapping: Sequence[tuple[Role, str]]) -> Role | None:
    """The highest role that these values of the claim stand for; `*` stands for anybody."""
    given = set(values)
    found = [role for role, value in mapping if value == "*" or value in given]
    return max(found, key=lambda role: role.rank, default=None)


def _name(said: Mapping[str, Any]) -> str:
    named = (said.get(key) for key in ("preferred_username", "name", "email"))
    return next((name for name in named if isinstance(name, str) and name.strip()), "")


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(v for v in values if isinstance(v, str))


def _object(body: bytes, what: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Denied(f"{what} cannot be read.") from error
    if not isinstance(said, dict):
        raise Denied(f"{what} cannot be read.")
    return said
