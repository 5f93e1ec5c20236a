"""Subscribing to digests over HTTP: asking, confirming, ending; what strangers learn, and what a mail program does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html as lxml_html

from monitor.jobs.digests import mail_doors
from monitor.jobs.outbox import deliver
from monitor.model.subscriber import SubscriberState
from monitor.net.smtp import Postman
from monitor.stages.syndicate import Site
from monitor.store.subscribers import list_subscribers
from tests.net.mail_server import Mailer
from tests.web.conftest import Desk
from tests.wires import CODEBOOK, PROVIDERS

RAE = "rae@example.org"


@pytest.fixture(scope="module")
def server() -> Iterator[Mailer]:
    with Mailer() as opened:
        yield opened


@pytest.fixture
def site(desk_with: Callable[..., Desk], server: Mailer) -> Desk:
    server.room.letters.clear()
    return desk_with(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", smtp_from="w@wire.example")


def ask(site: Desk, email: str = RAE, **more: object) -> httpx.Response:
    return site.browser().post("/subscribe", {"email": email, "period": "daily", **more})


def newest(site: Desk, server: Mailer, pattern: str) -> str:
    """The link of the newest letter."""
    told = Site(name="Wire", base_url=site.url, codebook=CODEBOOK, providers=PROVIDERS.providers)
    with Postman(server.seen_from_us()) as postman:
        deliver(site.database, site.clock, mail_doors(site.database, site.clock, site=told, postman=postman), owner="x")
    body = server.room.letters[-1].get_body(("plain",))
    assert body is not None
    found = re.search(pattern, body.get_content())
    assert found
    return found[0].removeprefix(site.url)


def states(site: Desk) -> list[SubscriberState]:
    with site.database.read() as tx:
        return [s.state for s in list_subscribers(tx)]


def subscribed(site: Desk, server: Mailer) -> str:
    """A confirmed subscription; the path that ends it."""
    assert ask(site).status_code == 200
    link = newest(site, server, r"http://\S+/subscribe/confirm\S+")
    token = link.partition("token=")[2]
    assert site.browser().post("/subscribe/confirm", {"token": token}).status_code == 200
    with site.database.read() as tx:
        return f"/unsubscribe/{list_subscribers(tx)[0].leave_token}"


def words(page: httpx.Response) -> str:
    (main,) = lxml_html.fromstring(page.text).xpath("//main")
    return " ".join(main.text_content().split())


def test_a_reader_subscribes_confirms_and_leaves(site: Desk, server: Mailer) -> None:
    assert "Look into your mailbox" in words(ask(site, severity=["SEV-1", "SEV-2"], provider="openai"))
    link = newest(site, server, r"http://\S+/subscribe/confirm\S+")
    shown = site.browser().get(link)
    assert "A daily digest (OpenAI, SEV-1 or SEV-2) to r…@example.org" in words(shown)
    assert states(site) == [SubscriberState.PENDING]  # looking at it confirms nothing
    done = site.browser().post("/subscribe/confirm", {"token": link.partition("token=")[2]})
    assert "You are subscribed" in words(done)
    assert states(site) == [SubscriberState.ACTIVE]
    with site.database.read() as tx:
        leave = f"/unsubscribe/{list_subscribers(tx)[0].leave_token}"
    assert "End this subscription" in words(site.browser().get(leave))
    assert states(site) == [SubscriberState.ACTIVE]  # nor does looking end it
    assert "has ended" in words(site.browser().post(leave))
    assert states(site) == []


def test_a_mail_program_ends_it_with_one_click_without_cookie_or_origin_rfc_8058(site: Desk, server: Mailer) -> None:
    leave = subscribed(site, server)
    for _ in range(2):  # and may ask again
        answer = httpx.post(site.url + leave, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.text) == (200, "The subscription has ended.\n")
        assert "set-cookie" not in answer.headers
        assert states(site) == []


def test_a_mail_program_may_send_it_as_multipart_too_rfc_8058(site: Desk, server: Mailer) -> None:
    leave = subscribed(site, server)
    answer = httpx.post(site.url + leave, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert states(site) == []


def test_strangers_learn_nothing_of_an_address(site: Desk, server: Mailer) -> None:
    subscribed(site, server)
    known, unknown = ask(site), ask(site, "nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(RAE, "X") == unknown.text.replace("nobody@example.org", "X")
    guess = site.browser().get("/unsubscribe/" + "x" * 32)
    ended = site.browser().post("/unsubscribe/" + "x" * 32)
    assert words(guess) == words(ended)
    assert states(site).count(SubscriberState.ACTIVE) == 1


def test_no_other_site_makes_a_browser_ask_or_confirm_d6(site: Desk) -> None:
    form = {"email": RAE, "period": "daily"}
    for origin in ("https://evil.example", "null", ""):
        assert site.browser().post("/subscribe", form, origin=origin).status_code == 403
        assert site.browser().post("/subscribe/confirm", {"token": "x" * 32}, origin=origin).status_code == 403
    assert states(site) == []


@pytest.mark.parametrize(
    "form",
    [
        {"email": "no address"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"period": "hourly"},
        {"severity": "SEV-9"},
        {"provider": "nobody-we-know"},
        {"code": "X1"},
        {"email": "<script>alert(1)</script>@example.org"},
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_nothing_kept(site: Desk, form: dict[str, str]) -> None:
    answer = ask(site, **{"email": RAE, **form})
    assert answer.status_code == 422
    assert "Nothing was sent" in words(answer)
    assert "<script>alert" not in answer.text
    assert states(site) == []


def test_asking_too_often_is_said_and_ends(site: Desk) -> None:
    codes = {ask(site, f"a{n}@example.org").status_code for n in range(25)}
    assert codes == {200, 429}


@pytest.mark.parametrize("token", ["", "short", "x" * 32, "../../etc/passwd", "<script>"])
def test_a_link_that_is_not_whole_or_has_run_out_says_so(site: Desk, token: str) -> None:
    answer = site.browser().get(f"/subscribe/confirm?token={token}")
    assert answer.status_code == 404
    assert "link" in answer.text


def test_the_form_can_be_filled_in_by_its_address(site: Desk) -> None:
    page = lxml_html.fromstring(site.browser().get("/subscribe?severity=SEV-1&provider=openai&period=weekly").text)
    assert page.xpath("//input[@checked]/@value") == ["weekly", "SEV-1", "openai"]
    assert page.xpath("//form/@action") == ["/subscribe"]


def test_pages_carry_no_cookie_and_are_kept_by_nobody(site: Desk, server: Mailer) -> None:
    leave = subscribed(site, server)
    for path in ("/subscribe", leave):
        answer = httpx.get(site.url + path)
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in httpx.get(site.url + leave).headers["x-robots-tag"]


def test_without_a_mail_server_the_page_says_so(desk: Desk, tmp_path: Path) -> None:
    page = desk.browser().get("/subscribe")
    assert "sends no e-mail" in words(page)
    assert desk.browser().post("/subscribe", {"email": RAE, "period": "daily"}).status_code == 503
    assert not (tmp_path / "secrets" / "subscribers.key").exists()
