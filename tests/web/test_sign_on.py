"""Single sign-on by OpenID Connect: against a real provider in a process of its own, and against one that lies."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from monitor.errors import Unconfigured
from monitor.model import Role
from monitor.settings import Settings, read_settings
from monitor.store.people import find_password, get_editor, list_audit
from monitor.web.app import read_openid
from tests.web.conftest import PASSWORD, Browser, Desk
from tests.web.openid_provider import Liar, RealProvider, lying_provider, real_provider

ROLES = "admin=heads editor=writers"
DeskWith = Callable[..., Desk]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    with real_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def liar() -> Iterator[Liar]:
    with lying_provider() as running:
        yield running


def a_desk(desk_with: DeskWith, provider: RealProvider | Liar, **settings: Any) -> Desk:
    known: dict[str, Any] = {
        "openid_issuer": provider.issuer,
        "openid_client": "newsroom",
        "openid_secret": provider.secret,
        "openid_roles": ROLES,
        "openid_name": "Example ID",
    }
    desk = desk_with(**(known | settings))
    desk.machine.at = datetime.now(UTC)  # the provider's clock is the machine's
    return desk


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def arrive(browser: Browser, provider: RealProvider, subject: str, path: str = "/desk/sign-on") -> Any:
    away = browser.get(path)
    assert away.status_code == 303
    return browser.get(local(provider.consent(away.headers["location"], subject)))


# --- a real provider ----------------------------------------------------------------------------------------------


def test_somebody_new_gets_an_account_of_the_role_the_claim_gives(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("d-1", name="Dora Lind", groups=["writers", "choir"])
    desk = a_desk(desk_with, provider)
    browser = desk.browser()
    assert "Sign in by Example ID" in browser.get("/desk/login").text
    answer = arrive(browser, provider, "d-1", "/desk/sign-on?next=%2Fdesk%2Fwires")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/wires")
    assert "<h1>Dora Lind" in browser.get("/desk/account").text
    with desk.database.read() as tx:
        assert get_editor(tx, "Dora Lind").role is Role.EDITOR
        assert [line.what for line in list_audit(tx, limit=2)] == ["session.open", "editor.join"]


def test_each_sign_in_brings_the_role_up_to_date_and_ends_the_old_sessions(
    desk_with: DeskWith, provider: RealProvider
) -> None:
    provider.knows("e-1", name="Emil", groups=["writers"])
    desk = a_desk(desk_with, provider)
    first, second = desk.browser(), desk.browser()
    arrive(first, provider, "e-1")
    provider.knows("e-1", name="Emil", groups=["heads", "writers"])
    arrive(second, provider, "e-1")
    assert second.get("/desk/people").status_code == 200
    assert first.get("/desk/account").status_code == 303
    provider.knows("e-1", name="Emil", groups=[])
    assert arrive(desk.browser(), provider, "e-1").status_code == 403


def test_an_account_is_found_by_who_it_is_there_never_by_its_name(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("thief", name="ada", groups=["writers"])
    desk = a_desk(desk_with, provider)
    browser = desk.browser()
    answer = arrive(browser, provider, "thief")
    assert answer.status_code == 403
    assert "link it" in answer.text
    assert browser.get("/desk/account").status_code == 303


def test_an_editor_links_and_unlinks_their_account(desk_with: DeskWith, provider: RealProvider) -> None:
    desk = a_desk(desk_with, provider, openid_roles="")
    assert "Nobody here is linked" in arrive(desk.browser(), provider, "b-1").text
    ben = desk.signed_in("ben")
    assert arrive(ben, provider, "b-1", "/desk/sign-on?link=1").headers["location"] == "/desk/account?done=linked"
    other = desk.browser()
    assert arrive(other, provider, "b-1").status_code == 303
    assert "<h1>ben" in other.get("/desk/account").text
    assert arrive(desk.signed_in("sam"), provider, "b-1", "/desk/sign-on?link=1").status_code == 409
    assert ben.submit("/desk/account", "/desk/account/sign-on").status_code == 303
    assert arrive(desk.browser(), provider, "b-1").status_code == 403


def test_whoever_only_signs_in_there_has_no_password_here(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("f-1", name="Fay", groups=["writers"])
    desk = a_desk(desk_with, provider)
    fay = desk.browser()
    arrive(fay, provider, "f-1")
    for guess in ("", " ", PASSWORD):
        assert desk.browser().sign_in("Fay", guess).status_code == 401
    assert fay.submit("/desk/account", "/desk/account/sign-on").status_code == 409
    with desk.database.read() as tx:
        assert find_password(tx, "Fay") is not None


def test_somebody_barred_here_does_not_come_in_by_the_provider(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("g-1", name="Gil", groups=["writers"])
    desk = a_desk(desk_with, provider)
    arrive(desk.browser(), provider, "g-1")
    ada = desk.signed_in("ada")
    ada.submit("/desk/people", "/desk/people", {"name": "Gil", "do": "disable"})
    assert arrive(desk.browser(), provider, "g-1").status_code == 403


def test_whoever_says_no_there_is_told_and_it_is_noted_d11(desk_with: DeskWith, provider: RealProvider) -> None:
    desk = a_desk(desk_with, provider)
    browser = desk.browser()
    away = browser.get("/desk/sign-on").headers["location"]
    back = urlsplit(provider.consent(away, "x", denies=True))
    answer = browser.get(f"/desk/sign-on/back?{back.query}")
    assert answer.status_code == 403
    assert "access_denied" in answer.text
    with desk.database.read() as tx:
        assert list_audit(tx, limit=1)[0].what == "session.refused"


def test_a_code_works_once(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("h-1", name="Hal", groups=["writers"])
    desk = a_desk(desk_with, provider)
    browser = desk.browser()
    back = local(provider.consent(browser.get("/desk/sign-on").headers["location"], "h-1"))
    cookies = dict(browser.http.cookies)
    assert browser.get(back).status_code == 303
    thief = desk.browser()
    thief.http.cookies.update(cookies)
    assert thief.get(back).status_code == 403


def test_another_browser_cannot_use_the_way_back_d6(desk_with: DeskWith, provider: RealProvider) -> None:
    provider.knows("i-1", name="Ida", groups=["writers"])
    desk = a_desk(desk_with, provider)
    victim, attacker = desk.browser(), desk.browser()
    back = local(provider.consent(attacker.get("/desk/sign-on").headers["location"], "i-1"))
    assert victim.get(back).status_code == 403
    victim.get("/desk/sign-on")
    assert victim.get(back).status_code == 403
    assert victim.get("/desk/account").status_code == 303


def test_a_sign_in_that_takes_too_long_is_begun_again(desk_with: DeskWith, provider: RealProvider) -> None:
    desk = a_desk(desk_with, provider)
    browser = desk.browser()
    back = local(provider.consent(browser.get("/desk/sign-on").headers["location"], "j-1"))
    desk.machine.advance(minutes=11)
    assert browser.get(back).status_code == 403


# --- a provider that lies -----------------------------------------------------------------------------------------


def come(desk: Desk, liar: Liar) -> Any:
    browser = desk.browser()
    return browser.get(local(liar.come_back(browser.get("/desk/sign-on").headers["location"])))


def test_what_is_asked_has_code_pkce_state_and_nonce(desk_with: DeskWith, liar: Liar, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    desk = a_desk(desk_with, liar, openid_secret=secret)
    assert come(desk, liar).status_code == 303
    assert {k: liar.asked[k] for k in ("response_type", "client_id", "code_challenge_method")} == {
        "response_type": "code", "client_id": "newsroom", "code_challenge_method": "S256",
    }  # fmt: skip
    assert "openid" in liar.asked["scope"].split()
    assert min(len(liar.asked[key]) for key in ("state", "nonce", "code_challenge")) >= 32
    assert liar.shown["redirect_uri"] == f"{desk.url}/desk/sign-on/back"
    assert len(liar.shown["code_verifier"]) >= 43
    assert liar.authorization.startswith("Basic ")
    assert "client_id" not in liar.shown
    first = dict(liar.asked)
    come(desk, liar)
    assert not {first[key] for key in ("state", "nonce", "code_challenge")} & set(liar.asked.values())


def test_without_a_secret_it_is_a_public_client(desk_with: DeskWith, liar: Liar) -> None:
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    assert come(a_desk(desk_with, liar), liar).status_code == 303
    assert liar.authorization == ""
    assert liar.shown["client_id"] == "newsroom"


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "for somebody else": {"aud": "another"},
    "for several, authorized for another": {"aud": ["newsroom", "another"], "azp": "another"},
    "for several, nobody authorized": {"aud": ["newsroom", "another"]},
    "authorized for another": {"azp": "another"},
    "for nobody": {"aud": None},
    "run out": {"exp": NOW - 3600},
    "never runs out": {"exp": None},
    "from the future": {"iat": NOW + 3600, "exp": NOW + 7200},
    "old": {"iat": NOW - 86_400},
    "of no time": {"iat": None},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a nonce of another kind": {"nonce": 7},
    "nobody": {"sub": None},
    "an empty name": {"sub": ""},
    "a name of another kind": {"sub": 42},
    "too long a name": {"sub": "x" * 300},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_lies_opens_nothing(desk_with: DeskWith, liar: Liar, lie: str) -> None:
    desk = a_desk(desk_with, liar)
    liar.claims = {"groups": ["writers"], "name": "Kai"} | LIES[lie]
    answer = come(desk, liar)
    assert answer.status_code == 403
    assert "monitor-local=" not in answer.headers.get("set-cookie", "")
    with desk.database.read() as tx:
        assert list_audit(tx, limit=1)[0].what == "session.refused"


def part(value: dict[str, Any] | bytes) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(liar: Liar, header: dict[str, Any], *, secret: bytes = b"") -> str:
    """A token with the right claims that `secret` signs, or nothing does."""
    now = int(time.time())
    right = {"iss": liar.issuer, "aud": "newsroom", "sub": "42", "iat": now, "exp": now + 300, "nonce": "n"}
    signed = f"{part(header)}.{part(right)}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha256')) if secret else ''}"


def test_a_signature_that_does_not_hold_opens_nothing(desk_with: DeskWith, liar: Liar) -> None:
    desk = a_desk(desk_with, liar)
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    true_key, other = liar.key, RSAKey.generate_key(2048, {"kid": "one"})
    liar.published, liar.key = [true_key], other
    assert come(desk, liar).status_code == 403  # another's key under the right name
    liar.key = true_key
    for token in ("", "a.b.c", "not a token", forged(liar, {"alg": "none"})):
        liar.token = token or "."
        assert come(desk, liar).status_code == 403
    public = true_key.as_pem(private=False)  # taken for a shared secret
    liar.token = forged(liar, {"alg": "HS256", "kid": "one"}, secret=public)
    assert come(desk, liar).status_code == 403
    liar.token = None
    assert come(desk, liar).status_code == 303


def test_a_new_key_is_fetched_when_it_is_first_met(desk_with: DeskWith, liar: Liar) -> None:
    desk = a_desk(desk_with, liar)
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    assert come(desk, liar).status_code == 303
    liar.key = RSAKey.generate_key(2048, {"kid": "two"})
    liar.header = {"alg": "RS256", "kid": "two"}
    desk.machine.advance(seconds=30)
    assert come(desk, liar).status_code == 403  # asked less than a minute ago
    desk.machine.advance(seconds=31)
    assert come(desk, liar).status_code == 303


@pytest.mark.parametrize(
    ("describes", "status"),
    [
        ({"issuer": "https://evil.example"}, 403),
        ({"token_endpoint": "http://evil.example/token"}, 403),
        ({"jwks_uri": "file:///etc/passwd"}, 403),
        ({"authorization_endpoint": None}, 403),
    ],
)
def test_a_description_that_leads_elsewhere_is_refused(
    desk_with: DeskWith, liar: Liar, describes: dict[str, Any], status: int
) -> None:
    liar.describes = describes
    assert a_desk(desk_with, liar).browser().get("/desk/sign-on").status_code == status


def test_an_answer_of_another_provider_is_refused(desk_with: DeskWith, liar: Liar) -> None:
    """RFC 9207: the mix-up attack."""
    desk = a_desk(desk_with, liar)
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    browser = desk.browser()
    back = local(liar.come_back(browser.get("/desk/sign-on").headers["location"]))
    assert browser.get(back + "&iss=https%3A%2F%2Fevil.example").status_code == 403
    assert browser.get(back + "&iss=" + liar.issuer.replace(":", "%3A")).status_code == 303


def test_a_refused_code_and_a_silent_provider_are_said_in_words(desk_with: DeskWith, liar: Liar) -> None:
    desk = a_desk(desk_with, liar)
    liar.status = 400
    assert "refused the code" in come(desk, liar).text
    silent = a_desk(desk_with, Liar("http://127.0.0.1:9")).browser().get("/desk/sign-on")
    assert silent.status_code == 503
    assert "use your password" in silent.text


@pytest.mark.parametrize("next_path", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_leads_to_a_local_path_only_d12(desk_with: DeskWith, liar: Liar, next_path: str) -> None:
    desk = a_desk(desk_with, liar)
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    browser = desk.browser()
    away = browser.http.get("/desk/sign-on", params={"next": next_path}).headers["location"]
    assert browser.get(local(liar.come_back(away))).headers["location"] == "/desk"


def test_the_cookie_of_a_sign_in_is_out_of_scripts_reach_and_ends_d1(desk_with: DeskWith, liar: Liar) -> None:
    liar.claims = {"groups": ["writers"], "name": "Kai"}
    desk = a_desk(desk_with, liar)
    browser = desk.browser()
    away = browser.get("/desk/sign-on")
    cookie = next(c for c in away.headers.get_list("set-cookie") if c.startswith("monitor-local-away="))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    assert "code_verifier" not in parse_qs(urlsplit(away.headers["location"]).query)
    browser.get(local(liar.come_back(away.headers["location"])))
    assert "monitor-local-away" not in browser.http.cookies


def test_where_it_is_not_set_up_there_is_no_such_door(shared_desk: Desk) -> None:
    assert shared_desk.browser().get("/desk/sign-on").status_code == 409
    assert "Sign in by" not in shared_desk.browser().get("/desk/login").text


@pytest.mark.parametrize(
    "wrong", [{"openid_issuer": "http://id.example"}, {"openid_client": ""}, {"openid_secret": Path("nowhere")}]
)
def test_half_a_setting_stops_the_start_d13(wrong: dict[str, Any]) -> None:
    known: dict[str, Any] = {"openid_issuer": "https://id.example", "openid_client": "newsroom"}
    with pytest.raises(Unconfigured, match="MONITOR_OPENID"):
        read_openid(Settings(**(known | wrong)))
    assert read_openid(Settings(**known)) is not None


def test_a_role_that_does_not_exist_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_OPENID_ROLES", "admin=heads reader=*")
    assert read_settings().openid_roles == ((Role.ADMIN, "heads"), (Role.READER, "*"))
    for wrong in ("king=heads", "admin", "admin="):
        monkeypatch.setenv("MONITOR_OPENID_ROLES", wrong)
        with pytest.raises(Unconfigured, match="MONITOR_OPENID_ROLES"):
            read_settings()
