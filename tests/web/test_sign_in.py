"""Signing in and out: cookies, sessions, passwords, the throttle, the first editor (D1 to D5, D13)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from hashlib import sha256

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select, text

from monitor.errors import Denied, IllegalDecision
from monitor.jobs import credentials, people
from monitor.model import Role
from monitor.store.people import find_password, list_audit, record_password
from monitor.store.tables import SessionRow
from tests.web.conftest import PASSWORD, Browser, Desk


def test_the_desk_asks_who_you_are_and_then_goes_where_you_wanted(desk: Desk) -> None:
    browser = desk.browser()
    asked = browser.get("/desk/wires")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/desk/login?next=%2Fdesk%2Fwires"
    assert browser.sign_in(next="/desk/wires").headers["location"] == "/desk/wires"
    assert browser.get("/desk/wires").status_code == 200


def test_one_session_cookie_secure_and_out_of_scripts_reach_d1(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(base_url="https://newsroom.example")
    browser = desk.browser(host="newsroom.example")
    page = browser.get("/desk/login")
    form_cookie = page.headers["set-cookie"]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf
    answer = browser.post(
        "/desk/login",
        {"csrf": csrf[1], "name": "ada", "password": PASSWORD},
        origin="https://newsroom.example",
        cookie=form_cookie.split(";")[0],
    )
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-monitor="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {p.strip() for p in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_plain_http_on_this_machine_is_said_on_every_page_d1(desk: Desk) -> None:
    browser = desk.signed_in()
    assert "monitor-local" in browser.http.cookies
    for page in ("/desk/queue", "/desk/wires", "/desk/sources", "/desk/account", "/desk/keys"):
        assert "Local use." in browser.get(page).text
    assert "Local use." in desk.browser().get("/desk/login").text


def test_plain_http_under_any_other_name_keeps_the_desk_shut_d1(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(base_url="http://newsroom.example")
    answer = desk.browser(host="newsroom.example").get("/desk/login")
    assert answer.status_code == 403
    assert "HTTPS" in answer.text


def test_the_token_has_128_random_bits_and_only_its_hash_is_kept_d1(desk: Desk) -> None:
    first, second = (desk.signed_in().http.cookies["monitor-local"] for _ in range(2))
    assert first != second
    assert len(first) >= 128 / 6
    with desk.database.read() as tx:
        kept = set(tx.scalars(select(SessionRow.token_hash)))
        everything = str(tx.execute(text("SELECT * FROM sessions")).all()) + str(
            tx.execute(text("SELECT * FROM audit")).all()
        )
    assert sha256(first.encode()).hexdigest() in kept
    assert first not in everything


def test_signing_in_again_gives_a_new_token_d2(desk: Desk) -> None:
    browser = desk.signed_in()
    before = browser.http.cookies["monitor-local"]
    browser.http.cookies.set("monitor-local", "x" * 43, domain="127.0.0.1")
    browser.sign_in()
    assert browser.http.cookies["monitor-local"] not in {before, "x" * 43}


def test_logging_out_ends_the_session_on_the_server_d2(desk: Desk) -> None:
    browser = desk.signed_in()
    token = browser.http.cookies["monitor-local"]
    browser.submit("/desk/queue", "/desk/logout")
    browser.http.cookies.set("monitor-local", token, domain="127.0.0.1")
    assert browser.get("/desk/queue").status_code == 303


def use(desk: Desk, browser: Browser) -> None:
    """Open a page, and wait until it counts as the session's last use: that is written after the answer has gone."""
    assert browser.get("/desk/queue").status_code == 200
    for _ in range(500):
        with desk.database.read() as tx:
            if tx.scalar(select(SessionRow.seen_at)) == desk.machine.now():
                return
        time.sleep(0.01)
    raise AssertionError("the use of the session was not noted")


def test_a_session_ends_after_twelve_idle_hours_d2(desk: Desk) -> None:
    browser = desk.signed_in()
    for _ in range(3):
        desk.machine.advance(hours=11, minutes=59)
        use(desk, browser)
    desk.machine.advance(hours=12)
    assert browser.get("/desk/queue").status_code == 303


def test_a_session_ends_after_fourteen_days_in_use_d2(desk: Desk) -> None:
    browser = desk.signed_in()
    for _ in range(33):
        desk.machine.advance(hours=10)
        use(desk, browser)
    desk.machine.advance(hours=6, minutes=1)
    assert browser.get("/desk/queue").status_code == 303


def test_the_newsrooms_own_clock_ends_no_session_d2(desk: Desk) -> None:
    browser = desk.signed_in()
    desk.clock.advance(days=30)
    assert browser.get("/desk/queue").status_code == 200


@pytest.mark.parametrize("act", ["password", "disable", "role"])
def test_password_change_disabling_and_role_change_end_sessions_at_once_d2(desk: Desk, act: str) -> None:
    browser = desk.signed_in("ben")
    match act:
        case "password":
            people.change_password(desk.database, desk.machine, "ben", password="another sentence entirely")
        case "disable":
            people.disable_editor(desk.database, desk.machine, "ben")
        case "role":
            people.change_role(desk.database, desk.machine, "ben", role=Role.ADMIN)
    assert browser.get("/desk/queue").status_code == 303


def test_an_editor_sees_and_ends_their_own_sessions_only_d2(desk: Desk) -> None:
    here, there, other = desk.signed_in(), desk.signed_in(**{"user-agent": "a phone"}), desk.signed_in("ben")
    page = here.get("/desk/account").text
    assert "a phone" in page
    handle = re.search(r'name="handle" value="([0-9a-f]+)"', page)
    assert handle
    other.submit("/desk/account", "/desk/account/sessions", {"handle": handle[1]})
    assert there.get("/desk/queue").status_code == 200
    here.submit("/desk/account", "/desk/account/sessions", {"handle": handle[1]})
    assert there.get("/desk/queue").status_code == 303
    assert here.get("/desk/queue").status_code == 200


def test_ending_all_others_leaves_this_one_d2(desk: Desk) -> None:
    here, there = desk.signed_in(), desk.signed_in()
    here.submit("/desk/account", "/desk/account/sessions")
    assert (here.get("/desk/queue").status_code, there.get("/desk/queue").status_code) == (200, 303)


def test_changing_ones_password_needs_the_present_one_and_ends_every_session_d2(desk: Desk) -> None:
    here, there = desk.signed_in(), desk.signed_in()
    new = "a different long sentence"
    wrong = here.submit(
        "/desk/account", "/desk/account/password", {"current": "not the password", "password": new, "again": new}
    )
    assert wrong.status_code == 422
    assert there.get("/desk/queue").status_code == 200
    done = here.submit("/desk/account", "/desk/account/password", {"current": PASSWORD, "password": new, "again": new})
    assert done.status_code == 303
    assert (here.get("/desk/queue").status_code, there.get("/desk/queue").status_code) == (303, 303)
    assert desk.browser().sign_in("ada").status_code == 401
    assert desk.browser().sign_in("ada", new).status_code == 303


def test_a_borrowed_session_cannot_guess_the_password_for_long_d5(desk: Desk) -> None:
    browser = desk.signed_in()
    token = browser.token("/desk/account")
    new = "a different long sentence"
    for guess in [f"guess number {n}" for n in range(10)] + [PASSWORD]:
        answer = browser.post(
            "/desk/account/password", {"csrf": token, "current": guess, "password": new, "again": new}
        )
        assert answer.status_code == 422
    assert "Too many" in answer.text


def test_passwords_are_argon2id_with_19_mib_and_two_passes_at_least_d3(desk: Desk) -> None:
    with desk.database.read() as tx:
        found = find_password(tx, "ada")
    assert found is not None
    parameters = extract_parameters(found[1])
    assert found[1].startswith("$argon2id$")
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_a_hash_of_weaker_parameters_is_renewed_at_the_next_sign_in_d3(desk: Desk) -> None:
    with desk.database.write() as tx:
        record_password(tx, "ada", PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD))
    desk.signed_in()
    with desk.database.read() as tx:
        found = find_password(tx, "ada")
    assert found is not None
    assert extract_parameters(found[1]).memory_cost == credentials.HASHER.memory_cost


def test_at_most_two_passwords_are_hashed_at_once_d3() -> None:
    third = threading.Thread(target=credentials.hash_password, args=("a third sentence",))
    with credentials._hash_slot(), credentials._hash_slot():
        third.start()
        third.join(0.3)
        assert third.is_alive()
    third.join(10)
    assert not third.is_alive()


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 129,
        "password1234",
        "Passw0rd2024",
        "qwertyuiop123",
        "QWERTYUIOPASDF",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "iloveyouforever",
        "letmeinletmein",
        "thequickbrownfox",
        "Gazette12345",
        "margaret.hill1",
    ],
)
def test_short_overlong_and_common_passwords_are_refused_d4(password: str) -> None:
    with pytest.raises(IllegalDecision):
        credentials.check_password(password, name="Margaret Hill", newsroom="Gazette")


@pytest.mark.parametrize(
    "password", ["a cat on a mat", "korrekt pferd batterie", "ὁ δὲ ἀνεξέταστος", "x7!kQ9z+Lm2w" * 9]
)
def test_anything_else_of_12_to_128_characters_will_do_d4(password: str) -> None:
    credentials.check_password(password, name="Margaret Hill", newsroom="Gazette")


def test_3000_common_passwords_are_refused_d4() -> None:
    assert len(credentials._refused_passwords()) >= 3000


def test_there_is_no_default_account_and_the_first_comes_by_a_one_time_link_d4(empty_desk: Desk) -> None:
    desk = empty_desk
    assert desk.browser().sign_in("admin", "admin").status_code == 401
    link = people.first_editor_link(desk.database, desk.url, desk.machine.now())
    assert link is not None
    path = link.removeprefix(desk.url)
    browser = desk.browser()
    form = {"token": path.split("token=")[1], "name": "Ada", "password": PASSWORD, "again": PASSWORD}
    assert browser.get(path).status_code == 200
    assert browser.submit(path, "/desk/first", {**form, "password": "short", "again": "short"}).status_code == 422
    made = browser.submit(path, "/desk/first", form)
    assert made.headers["location"] == "/desk"
    assert browser.get("/desk/queue").status_code == 200
    assert desk.browser().get(path).status_code == 403
    assert people.first_editor_link(desk.database, desk.url, desk.machine.now()) is None


def test_the_first_link_runs_out_after_a_day_and_a_newer_one_ends_it_d4(empty_desk: Desk) -> None:
    desk = empty_desk
    first = people.first_editor_link(desk.database, desk.url, desk.machine.now())
    second = people.first_editor_link(desk.database, desk.url, desk.machine.now())
    assert first
    assert second
    assert desk.browser().get(first.removeprefix(desk.url)).status_code == 403
    assert desk.browser().get(second.removeprefix(desk.url)).status_code == 200
    desk.machine.advance(hours=24)
    assert desk.browser().get(second.removeprefix(desk.url)).status_code == 403


def test_ten_failures_close_an_address_for_five_minutes_d5(desk: Desk) -> None:
    browser = desk.browser()
    for number in range(10):
        assert browser.sign_in(f"stranger {number}", "not the password").status_code == 401
    assert browser.sign_in("ada").status_code == 429
    desk.machine.advance(minutes=5, seconds=1)
    assert browser.sign_in("ada").status_code == 303


def test_guessing_from_many_addresses_closes_the_name_to_strangers_but_not_to_its_owner_d5(
    desk_with: Callable[..., Desk],
) -> None:
    desk = desk_with(trusted_proxies=("127.0.0.1",))
    home = desk.browser(**{"x-forwarded-for": "203.0.113.7"})
    assert home.sign_in("ada").status_code == 303
    for number in range(10):
        stranger = desk.browser(**{"x-forwarded-for": f"198.51.100.{number}"})
        assert stranger.sign_in("ada", "not the password").status_code == 401
    assert desk.browser(**{"x-forwarded-for": "198.51.100.77"}).sign_in("ada").status_code == 429
    assert desk.browser(**{"x-forwarded-for": "203.0.113.7"}).sign_in("ada").status_code == 303


def test_an_unknown_name_gets_the_same_answer_d5(desk: Desk) -> None:
    def said(name: str) -> str:
        answer = desk.browser().sign_in(name, "not the password")
        assert answer.status_code == 401
        return re.sub(r'value="[^"]*"', "", answer.text)

    assert said("ada") == said("nobody at all")


def test_an_unknown_name_costs_the_same_work_d5(desk: Desk) -> None:
    def cost(name: str) -> float:
        began = time.thread_time()
        with pytest.raises(Denied):
            people.sign_in(
                desk.database, desk.machine,
                name=name, password="not the password", address="192.0.2.1", block="192.0.2.1", user_agent="",
            )  # fmt: skip
        return time.thread_time() - began

    cost("warm up")
    known, unknown = (min(cost(name) for _ in range(3)) for name in ("ada", "nobody at all"))
    assert known / 2 < unknown < known * 2


def test_signing_in_well_forgets_no_strangers_failures_d5(desk: Desk) -> None:
    browser = desk.browser()
    for number in range(9):
        browser.sign_in(f"stranger {number}", "not the password")
    desk.signed_in("ben")
    assert browser.sign_in("stranger 9", "not the password").status_code == 401
    assert browser.sign_in("stranger 10", "not the password").status_code == 429


def test_failures_and_successes_are_audited_d11(desk: Desk) -> None:
    desk.browser().sign_in("ada", "not the password")
    desk.signed_in()
    with desk.database.read() as tx:
        lines = list_audit(tx, limit=2)
    assert [(line.who, line.what, line.address) for line in lines] == [
        ("ada", "session.open", "127.0.0.1"),
        ("ada", "session.refused", "127.0.0.1"),
    ]


def test_no_password_reaches_log_or_audit_d13(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.browser().sign_in("ada", "an entirely wrong sentence")
    with desk.database.read() as tx:
        kept = str(tx.execute(text("SELECT * FROM audit")).all()) + str(
            tx.execute(text("SELECT * FROM attempts")).all()
        )
    seen = kept + "".join(capfd.readouterr())
    assert "an entirely wrong sentence" not in seen
