"""One table of roles, routes and methods (D9), and what every request must carry (D6, D7, D8, D12, D13)."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from monitor.web.access import TABLE, Access, refusal
from monitor.web.security import address_block, local_path
from tests.web.conftest import PASSWORD, Browser, Desk

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def desk_routes(desk: Desk) -> set[tuple[str, str]]:
    """Method and path of every route under /desk, wherever it was included."""
    found: set[tuple[str, str]] = set()
    pending = list(desk.app.routes)
    while pending:
        route = pending.pop()
        pending.extend(getattr(getattr(route, "original_router", None), "routes", None) or [])
        if isinstance(route, Route | APIRoute) and route.path.startswith("/desk"):
            found.update((method, route.path) for method in route.methods or ())
    return found


def example(path: str) -> str:
    return (
        path.replace("{candidate}", "999")
        .replace("{wire}", "999")
        .replace("{action}", "reject")
        .replace("{number}", "999")
        .replace("{source}", "nowhere")
        .replace("{bulk}", "999")
        .replace("{article}", "999")
        .replace("{digest}", "0" * 64)
    )


def ask(browser: Browser, method: str, path: str, token: str | None) -> httpx.Response:
    """The answer as far as it has an end: events go on until the session does."""
    sent = {"origin": browser.desk.url}
    with browser.http.stream(method, path, headers=sent, data=None if token is None else {"csrf": token}) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return httpx.Response(answer.status_code, headers=answer.headers)
        answer.read()
    return answer


def least_for(method: str, path: str) -> Access | None:
    """What the table says of a method on a path; /x/{action} takes a POST to /x/y as well."""
    steps = path.split("/")
    standing = [route for m, route in TABLE if m == method and len(route.split("/")) == len(steps)]
    fits = [r for r in standing if all(a in (b, "{action}") for a, b in zip(r.split("/"), steps, strict=True))]
    return TABLE[method, min(fits, key=lambda r: r != path)] if fits else None


def test_the_table_and_the_routes_are_the_same_d9(shared_desk: Desk) -> None:
    routes = desk_routes(shared_desk)
    assert routes == set(TABLE)
    assert not [r for r in shared_desk.app.routes if isinstance(r, Mount) and r.path.startswith("/desk")]


def test_every_route_method_and_role_answers_as_the_table_says_d9(desk: Desk) -> None:
    names = {Access.READER: "rae", Access.EDITOR: "ben", Access.SENIOR: "sam", Access.ADMIN: "ada"}
    browsers: dict[Access | None, Browser] = {None: desk.browser()}
    browsers.update((role, desk.signed_in(name)) for role, name in names.items())
    tokens = {role: b.token("/desk/account" if role else "/desk/login") for role, b in browsers.items()}
    ends_sessions = {"/desk/logout", "/desk/account/password", "/desk/account/sessions"}
    for path in sorted({path for _, path in TABLE} - ends_sessions):
        for method in METHODS:
            for role, browser in browsers.items():
                answer = ask(browser, method, example(path), tokens[role] if method == "POST" else None)
                said = f"{role} {method} {path}: {answer.status_code}"
                least = least_for(method, path)
                if least is None:
                    assert answer.status_code == 405, said
                elif role is None and least > Access.ANYONE:
                    assert answer.status_code == (303 if method == "GET" else 401), said
                    assert method != "GET" or answer.headers["location"].startswith("/desk/login"), said
                elif role is not None and role < least:
                    assert answer.status_code == 403, said
                    assert refusal(least) in answer.text, said
                else:
                    assert answer.status_code not in {405, 500}, said
                    assert answer.status_code != 403 or "only. Nothing was changed." not in answer.text, said


@pytest.mark.parametrize(
    "path", ["/desk/nothing", "/desk/../desk/x", "/desk/candidates/x", "/desk//queue", "/deskqueue"]
)
def test_unknown_addresses_refuse_d9(shared_desk: Desk, path: str) -> None:
    assert shared_desk.signed_in().get(path).status_code == 404


UNSAFE = sorted(path for method, path in TABLE if method == "POST")


@pytest.mark.parametrize("path", UNSAFE)
def test_every_form_carries_a_token_login_and_logout_too_d6(shared_desk: Desk, path: str) -> None:
    is_door = TABLE["POST", path] is Access.ANYONE
    browser = shared_desk.browser() if is_door else shared_desk.signed_in()
    browser.get("/desk/login")
    for token in ("", "x" * 32, "\u00fc"):
        answer = browser.post(example(path), {"csrf": token, "name": "ada", "password": PASSWORD})
        assert answer.status_code == 403
        assert "form is from an earlier session" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/desk/login", "/desk/logout"])
def test_a_request_from_another_site_is_refused_even_with_the_token_d6(
    shared_desk: Desk, headers: dict[str, str], path: str
) -> None:
    browser = shared_desk.browser() if path == "/desk/login" else shared_desk.signed_in()
    token = browser.token("/desk/login" if path == "/desk/login" else "/desk/account")
    answer = browser.post(path, {"csrf": token, "name": "ada", "password": PASSWORD}, **headers)
    assert answer.status_code == 403
    if path == "/desk/logout":
        assert browser.get("/desk/queue").status_code == 200


def test_another_sessions_token_does_not_do_d6(shared_desk: Desk) -> None:
    ada, ben = shared_desk.signed_in("ada"), shared_desk.signed_in("ben")
    assert ada.post("/desk/logout", {"csrf": ben.token("/desk/account")}).status_code == 403


@pytest.mark.parametrize("path", sorted(path for method, path in TABLE if method == "POST"))
def test_get_changes_nothing_d6(shared_desk: Desk, path: str) -> None:
    if ("GET", path) not in TABLE:
        assert shared_desk.signed_in().get(example(path)).status_code == 405


PAGES = ("/desk/login", "/desk/queue", "/desk/wires", "/desk/sources", "/desk/account", "/desk/people", "/desk/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_headers_of_every_desk_page_d7_d8(shared_desk: Desk, path: str) -> None:
    headers = (shared_desk.browser() if path == "/desk/login" else shared_desk.signed_in()).get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    for name in ("default-src", "base-uri", "object-src", "frame-ancestors"):
        assert policy[name] == "'none'"
    for name in ("script-src", "style-src", "form-action", "connect-src"):
        assert policy[name] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_strict_transport_behind_tls_d8(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(base_url="https://newsroom.example")
    answer = desk.browser(host="newsroom.example").get("/desk/login")
    assert int(answer.headers["strict-transport-security"].removeprefix("max-age=")) >= 31536000


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_script_or_style_or_a_third_party_d7(shared_desk: Desk, path: str) -> None:
    html = (shared_desk.browser() if path == "/desk/login" else shared_desk.signed_in()).get(path).text
    assert "<style" not in html
    assert " style=" not in html
    assert "<script>" not in html
    assert " onclick=" not in html
    assert 'src="http' not in html
    assert 'href="http' not in html


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "newsroom.example@evil"])
@pytest.mark.parametrize("path", ["/desk/login", "/healthz", "/static/desk.css"])
def test_another_host_name_is_refused_d12(shared_desk: Desk, host: str, path: str) -> None:
    assert shared_desk.browser().get(path, host=host).status_code == 400


def test_this_machines_own_names_are_answered_d12(shared_desk: Desk) -> None:
    for host in ("localhost", "127.0.0.1:9999", "[::1]:80"):
        assert shared_desk.browser().get("/healthz", host=host).status_code == 200


def test_forwarded_headers_are_believed_from_configured_proxies_only_d12(desk_with: Callable[..., Desk]) -> None:
    forged = {"x-forwarded-for": "203.0.113.7"}
    plain = desk_with().signed_in(**forged)
    assert "203.0.113.7" not in plain.get("/desk/account").text
    behind = desk_with(trusted_proxies=("127.0.0.1",)).signed_in(**{"x-forwarded-for": "6.6.6.6, 203.0.113.7"})
    page = behind.get("/desk/account").text
    assert "203.0.113.7" in page
    assert "6.6.6.6" not in page
    assert desk_with().browser(**{"x-forwarded-host": "evil.example"}).get("/desk/login").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "desk",
        "/\n/evil",
        "\\\\evil",
        "/a b",
    ],
)
def test_next_leads_to_a_local_path_only_d12(shared_desk: Desk, wanted: str) -> None:
    assert local_path(wanted, default="/desk") == "/desk"
    assert shared_desk.browser().sign_in(next=wanted).headers["location"] == "/desk"


def test_a_bug_shows_an_id_and_never_a_trace_d12(desk: Desk) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail of a bug")

    desk.app.add_api_route("/broken", broken)
    desk.app.router.routes.insert(0, desk.app.router.routes.pop())  # before the one that takes every address
    answer = desk.browser().get("/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "name <code>" in answer.text


def test_too_much_in_one_form_is_refused_d12(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.submit("/desk/login", "/desk/login", {"name": "x" * 2_000_001}).status_code == 413


def test_no_version_on_any_page_d13(shared_desk: Desk) -> None:
    answer = shared_desk.browser().get("/desk/login")
    assert "server" not in answer.headers
    assert "FastAPI" not in answer.text
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert shared_desk.browser().get(path).status_code == 404


def test_a_throttle_counts_an_ipv6_network_as_one_address_d5() -> None:
    assert address_block("2001:db8::1") == address_block("2001:db8::ffff") != address_block("2001:db8:0:1::1")
    assert address_block("::ffff:192.0.2.1") == "192.0.2.1"


def test_whoever_asks_for_an_icon_gets_one(shared_desk: Desk) -> None:
    browser = shared_desk.browser()
    assert browser.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    for path in ("/", "/desk/login", "/nothing-here"):
        (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', browser.get(path).text)
        assert browser.get(icon).status_code == 200
