"""What is asked of an OpenID provider, and which role its claims give. Lies are told in tests/web/test_sign_on.py."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.errors import Denied
from monitor.model import Role
from monitor.stages.openid import authorization_url, challenge, is_safe_url, read_discovery, read_id_token, role_of

ISSUER = "https://id.example/realm"


def described(**changes: object) -> bytes:
    known = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/auth?kind=web",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
    }
    return json.dumps(known | changes).encode()


def test_the_challenge_is_that_of_rfc_7636() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_what_is_asked_keeps_the_query_of_the_address() -> None:
    url = authorization_url(
        read_discovery(described(), issuer=ISSUER),
        client="newsroom",
        redirect="https://n.example/back",
        state="s",
        nonce="n",
        verifier="v",
        claim="groups",
    )
    asked = parse_qs(urlsplit(url).query)
    assert (asked["kind"], asked["scope"], asked["response_type"]) == (["web"], ["openid profile groups"], ["code"])


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", described(issuer="https://evil.example"), described(jwks_uri=7)])
def test_a_description_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(Denied):
        read_discovery(body, issuer=ISSUER)
    with pytest.raises(Denied):
        read_id_token(body)


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://id.example/x", True),
        ("http://127.0.0.1:9400/x", True),
        ("http://[::1]:9400/x", True),
        ("http://id.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("ftp://127.0.0.1/x", False),
        ("http://[::1", False),
    ],
)
def test_secrets_go_over_tls_or_nowhere_else(url: str, is_safe: bool) -> None:
    assert is_safe_url(url) is is_safe


def test_the_highest_role_holds_and_a_star_is_anybody() -> None:
    mapping = ((Role.ADMIN, "heads"), (Role.EDITOR, "writers"))
    assert role_of(["writers", "heads"], mapping) is Role.ADMIN
    assert role_of(["choir"], mapping) is None
    assert role_of([], (*mapping, (Role.READER, "*"))) is Role.READER
    assert role_of(["x"], ()) is None
