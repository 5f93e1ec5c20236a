"""Mailboxes: from a letter that came to an article, over real IMAP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.jobs.extract import ExtractReport, extract
from monitor.jobs.mailbox import Passwords
from monitor.jobs.workers import Workers
from monitor.model import Article, ArticleId, Failure, Kind, SourceId
from monitor.net.client import Fetcher
from monitor.net.guard import Refusal
from monitor.store.articles import get_article
from monitor.store.database import Database
from monitor.store.polls import list_polls
from monitor.store.tables import ArticleRow
from tests.conftest import ManualClock
from tests.jobs.desk import Desk
from tests.net.dovecot import PASSWORD, Dovecot
from tests.net.servers import RecordingServer, http
from tests.stages.test_mail import HOSTILE, written

LETTER = SourceId("letter")
VARIABLE = "MONITOR_MAILBOX_LETTER"
_users = iter(f"user{number}" for number in range(1_000))


@pytest.fixture(scope="module")
def imap() -> Iterator[Dovecot]:
    server = Dovecot()
    yield server
    server.close()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as opened:
        yield opened


class MailDesk(Desk):
    """A newsroom with one mailbox."""

    imap: Dovecot
    user: str

    def comes(self, *messages: bytes) -> None:
        for message in messages:
            self.imap.deliver(self.user, message)

    def look(self) -> tuple[str, str]:
        """Poll when it is due: the word of the history, and the sentence."""
        self.until_due(LETTER)
        (line,) = self.poll().lines
        return line.outcome, line.detail

    def articles(self) -> list[Article]:
        with self.database.read() as tx:
            return [get_article(tx, ArticleId(id_)) for (id_,) in tx.query(ArticleRow.id).order_by(ArticleRow.id)]

    def extract(self) -> ExtractReport:
        return extract(self.database, self.clock, self.fetcher, self.workers, owner="test")


@pytest.fixture
def environment() -> dict[str, str]:
    return {VARIABLE: PASSWORD, "MONITOR_MAILBOX_OTHER": PASSWORD}


@pytest.fixture
def desk(
    database: Database,
    clock: ManualClock,
    workers: Workers,
    imap: Dovecot,
    environment: dict[str, str],
    tmp_path: Path,
) -> Iterator[MailDesk]:
    fetcher = Fetcher(
        user_agent="Monitor/0",
        clock=clock,
        allow=(ip_network("127.0.0.0/8"),),
        host_gap=timedelta(),
        deadline_seconds=20,
        find_password=Passwords(tmp_path / "secrets", environment),
    )
    with fetcher:
        opened = MailDesk(database, clock, fetcher, workers)
        opened.imap, opened.user = imap, next(_users)
        opened.add("letter", imap.url(opened.user), kind=Kind.MAILBOX)
        yield opened


def a_letter(number: int, text: str = "The text of the letter.", **headers: str) -> bytes:
    message = written(text, **headers)
    message.replace_header("Message-ID", f"<{number}@letter.example>")
    message.replace_header("Subject", f"Letter {number}")
    return message.as_bytes()


def test_one_message_is_one_entry_and_comes_once(desk: MailDesk) -> None:
    desk.comes(a_letter(1), a_letter(2))
    assert desk.look() == ("new", "2 messages, 2 new entries")
    assert desk.titles(LETTER) == ["Letter 1", "Letter 2"]
    assert desk.look() == ("nothing-new", "no message has come")
    desk.comes(a_letter(3))
    assert desk.look() == ("new", "one message, 1 new entry")
    with desk.database.read() as tx:
        assert [poll.status for poll in list_polls(tx, LETTER)] == [None] * 3


def test_a_mailbox_that_was_numbered_anew_doubles_nothing_h15(desk: MailDesk) -> None:
    desk.comes(a_letter(1), a_letter(2))
    desk.look()
    desk.imap.forget_numbers(desk.user)
    desk.comes(a_letter(3))
    assert desk.look() == ("new", "3 messages, 1 new entry")
    assert desk.titles(LETTER) == ["Letter 1", "Letter 2", "Letter 3"]


def test_a_mailbox_keeps_its_own_pace_though_it_has_no_validators_p6(desk: MailDesk) -> None:
    desk.comes(a_letter(1))
    desk.look()
    state = desk.state(LETTER)
    assert timedelta(hours=1) <= state.due_at - desk.clock.now() < timedelta(hours=1.2)
    assert "validators" not in state.rule


def test_an_empty_mailbox_is_quiet_and_not_silent_zero(desk: MailDesk) -> None:
    desk.comes(a_letter(1))
    desk.look()
    for _ in range(4):
        desk.look()
    assert desk.state(LETTER).empty_since is None


def test_hostile_mail_takes_nothing_with_it_h32(desk: MailDesk) -> None:
    worst = ("nothing", "5,000 levels", "100,000 headers", "a header of brackets", "lone surrogates", "zeros")
    desk.comes(a_letter(1), *(HOSTILE[what] for what in worst), a_letter(2))
    word, sentence = desk.look()
    assert word == "new"
    assert sentence.startswith("8 messages, 8 new entries")
    assert {"Letter 1", "Letter 2"} <= set(desk.titles(LETTER))
    assert desk.look() == ("nothing-new", "no message has come")


def test_a_letter_without_a_page_is_read_from_the_mail(desk: MailDesk) -> None:
    desk.comes(a_letter(1, "First paragraph.\n\nSecond paragraph."))
    desk.look()
    assert desk.extract() == ExtractReport(feed_count=1)
    (article,) = desk.articles()
    assert (article.title, article.text) == ("Letter 1", "First paragraph.\nSecond paragraph.")
    assert article.note == "text from the letter: it names no page on the web"
    assert article.url == article.canonical_url == "mid:1@letter.example"  # neither the mailbox nor whose it is


def test_one_letter_in_two_mailboxes_is_one_article(desk: MailDesk) -> None:
    user = next(_users)
    desk.add("other", desk.imap.url(user), kind=Kind.MAILBOX)
    desk.comes(a_letter(1))
    desk.imap.deliver(user, a_letter(1))
    desk.poll()
    desk.extract()
    assert [article.url for article in desk.articles()] == ["mid:1@letter.example"]


def test_the_letters_own_page_is_read_where_it_names_one(desk: MailDesk) -> None:
    page = b"<html><head><title>Letter 1</title></head><body><article>%s</article></body></html>"
    paragraphs = b"".join(
        b"<p>The page says a little more than the mail did, in sentence %d.</p>" % n for n in range(9)
    )
    with RecordingServer({"/robots.txt": http(404)}) as server:
        server.answers["/7"] = http(200, page % paragraphs, ("Content-Type", "text/html"))
        desk.comes(a_letter(1, f"Read online: {server.url('/7')}\n\nShort."))
        desk.look()
        assert desk.extract() == ExtractReport(page_count=1)
        (article,) = desk.articles()
    assert article.url.endswith("/7")
    assert "sentence 8" in article.text


# --- passwords --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", [{}])
def test_without_a_password_the_mailbox_fails_by_name_and_backs_off_p13(desk: MailDesk) -> None:
    word, detail = desk.look()
    assert word == "login"
    assert "monitor sources password letter" in detail
    assert detail.endswith(f"or set {VARIABLE}")
    before = desk.state(LETTER)
    desk.look()
    assert desk.state(LETTER).due_at - desk.clock.now() > before.due_at - (before.last_polled_at or before.due_at)


def test_a_password_lies_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path, {VARIABLE: "from the environment"})
    assert passwords(LETTER) == "from the environment"
    (tmp_path / "letter").write_text("from the file\n")
    (tmp_path / "letter").chmod(0o600)
    assert passwords(LETTER) == "from the file"
    (tmp_path / "letter").chmod(0o644)
    with pytest.raises(Refusal, match="chmod 600") as refusal:
        passwords(LETTER)
    assert refusal.value.kind is Failure.LOGIN


@pytest.mark.parametrize("name", ["../letter", "..", ".", "a/b", ""])
def test_no_other_file_is_read_h30(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter").write_text("secret")
    (tmp_path / "secrets").mkdir()
    with pytest.raises(Refusal, match="there is no password"):
        Passwords(tmp_path / "secrets", {})(SourceId(name))


@pytest.mark.parametrize("found", ["a\nb", "a\0b", "x" * 2_000, ""])
def test_what_cannot_be_a_password_is_none(tmp_path: Path, found: str) -> None:
    with pytest.raises(Refusal, match="there is no password"):
        Passwords(tmp_path, {VARIABLE: found})(LETTER)
