"""Webhooks at the desk: an admin registers, tries, changes and ends one; the secret is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest

from monitor.jobs.outbox import deliver
from monitor.jobs.webhooks import webhook_doors
from monitor.store.people import list_audit
from monitor.store.webhooks import list_webhooks
from tests.jobs.desk import make_fetcher
from tests.net.servers import RecordingServer, http
from tests.web.conftest import Browser, Desk

XSS = "<script>alert(1)</script>"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200)}) as opened:
        yield opened


@pytest.fixture
def admin(desk_with: Callable[..., Desk]) -> Browser:
    return desk_with(allow_addresses=(ip_network("127.0.0.0/8"),)).signed_in("ada")


def register(admin: Browser, url: str, **form: object) -> str:
    page = admin.submit("/desk/webhooks", "/desk/webhooks", {"name": "mirror", "url": url, **form})
    assert page.status_code == 200, page.text
    return page.text


def send(desk: Desk) -> None:
    with make_fetcher(desk.clock) as fetcher:
        deliver(desk.database, desk.clock, webhook_doors(desk.database, desk.clock, fetcher), owner="one")


def test_an_admin_registers_tries_and_repeats_and_sees_each_attempt(admin: Browser, server: RecordingServer) -> None:
    text = register(admin, server.url("/in"), severity=["SEV-1"], event=["retracted"])
    assert len(re.findall(r"whsec_[A-Za-z0-9+/=]{44}", text)) == 1
    assert "whsec_" not in admin.get("/desk/webhooks/1").text
    assert "SEV-1; only retracted" in admin.get("/desk/webhooks").text
    assert admin.submit("/desk/webhooks/1", "/desk/webhooks/1/ping").status_code == 303
    send(admin.desk)
    page = admin.get("/desk/webhooks/1").text
    assert "delivered: answered 200" in page
    message = re.search(r'name="message" value="(msg_\w+)"', page)
    assert message
    admin.submit("/desk/webhooks/1", "/desk/webhooks/1/redeliver", {"message": message[1]})
    send(admin.desk)
    assert [r.header("webhook-id") for r in server.requests] == [message[1]] * 2
    with admin.desk.database.read() as tx:
        told = {line.what for line in list_audit(tx)}
        kept = "".join(str(line.after) for line in list_audit(tx))
    assert {"webhook.add", "webhook.redeliver"} <= told
    assert "whsec_" not in kept


def test_a_new_secret_is_shown_once_and_changes_hold(admin: Browser, server: RecordingServer) -> None:
    first = re.search(r"whsec_[^\"]+", register(admin, server.url("/in")))
    rotated = re.search(r"whsec_[^\"]+", admin.submit("/desk/webhooks/1", "/desk/webhooks/1/rotate").text)
    assert first
    assert rotated
    assert first[0] != rotated[0]
    changed = {"name": "archive", "url": server.url("/in"), "provider": "openai"}
    assert admin.submit("/desk/webhooks/1", "/desk/webhooks/1/change", changed).status_code == 303
    assert admin.submit("/desk/webhooks/1", "/desk/webhooks/1/disable").status_code == 303
    page = admin.get("/desk/webhooks").text
    assert "archive" in page
    assert "disabled: by ada" in page
    assert admin.submit("/desk/webhooks/1", "/desk/webhooks/1/enable").status_code == 303
    assert admin.submit("/desk/webhooks/1", "/desk/webhooks/1/remove").status_code == 303
    with admin.desk.database.read() as tx:
        assert list_webhooks(tx) == ()
    assert admin.get("/desk/webhooks/1").status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"url": "http://10.0.0.1/"},
        {"url": "javascript:alert(1)"},
        {"url": "https://a:b@hooks.example/"},
        {"name": ""},
        {"severity": "SEV-9"},
        {"provider": "nobody"},
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_saved_h1_h21(admin: Browser, form: dict[str, str]) -> None:
    sent = {"name": XSS, "url": "https://hooks.example/in", **form}
    answer = admin.submit("/desk/webhooks", "/desk/webhooks", sent)
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text
    assert XSS not in answer.text
    with admin.desk.database.read() as tx:
        assert list_webhooks(tx) == ()


def test_editors_see_no_webhooks_d9(admin: Browser) -> None:
    for name in ("ben", "sam"):
        assert admin.desk.signed_in(name).get("/desk/webhooks").status_code == 403
