"""Mail: one message, one entry, whatever is in it."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Entry
from monitor.stages.mail import read_message

HEAD = (
    b"Message-ID: <7.42@letter.example>\r\nFrom: The Ledger <letter@ledger.example>\r\n"
    b"Date: Mon, 02 Mar 2026 08:30:00 +0100\r\nSubject: Three outages\r\n"
)


def a_message(*heads: bytes, body: bytes = b"Hello.\r\n") -> bytes:
    return HEAD + b"".join(head + b"\r\n" for head in heads) + b"\r\n" + body


def written(text: str = "", markup: str = "", **headers: str) -> EmailMessage:
    """A message as a mail program writes it."""
    message = EmailMessage()
    message["Message-ID"] = "<7.42@letter.example>"
    message["From"] = "The Ledger <letter@ledger.example>"
    message["Subject"] = "Three outages"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if markup:
        (message.add_alternative if text else message.set_content)(markup, subtype="html")
    return message


def test_a_message_is_an_entry() -> None:
    message = written("The plain part.", "<p>The <b>rich</b> part.</p>", Date="Mon, 02 Mar 2026 08:30:00 +0100")
    message["Content-Language"] = "en-GB"
    assert read_message(message.as_bytes()) == Entry(
        guid="7.42@letter.example",
        url=None,
        title="Three outages",
        published="Mon, 02 Mar 2026 08:30:00 +0100",
        published_at=datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
        author="The Ledger",
        content="<p>The <b>rich</b> part.</p>",
        language="en-GB",
    )


def test_plain_text_becomes_paragraphs() -> None:
    entry = read_message(a_message(body=b"One line\r\nwrapped <here>.\r\n\r\nNext & last.\r\n"))
    assert entry.content == "<p>One line wrapped &lt;here&gt;.</p>\n<p>Next &amp; last.</p>"


def test_without_a_message_id_the_text_names_the_entry_h14() -> None:
    raw = b"Subject: A\r\n\r\nText.\r\n"
    assert read_message(raw).guid == read_message(raw).guid
    assert read_message(raw).guid.startswith("digest:")
    assert read_message(raw).guid != read_message(b"Subject: A\r\n\r\nOther text.\r\n").guid


def test_attachments_and_messages_within_are_passed_over() -> None:
    message = written("The text.")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="report.pdf")
    message.add_attachment("<p>Attached</p>", subtype="html", filename="page.html")
    message.add_attachment(written("Forwarded."))
    assert read_message(message.as_bytes()).content == "<p>The text.</p>"


def test_nested_parts_are_found() -> None:
    message = written(markup="<p>Rich.</p>")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<x>")
    message.make_mixed()
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="a.zip")
    assert read_message(message.as_bytes()).content == "<p>Rich.</p>"


# --- the copy on the web ----------------------------------------------------------------------------------------

CAPTIONS = [
    "View this email in your browser",
    "View in browser",
    "Read online",
    "View Online",
    "Web Version",
    "Open in browser",
    "E-Mail im Browser ansehen",
    "Online-Version",
    "Online lesen",
    "Voir cet e-mail dans votre navigateur",
    "Version en ligne",
    "Lire en ligne",
    "Ver en el navegador",
    "Versión web",
    "Visualizza nel browser",
    "Ver no navegador",
    "Bekijk deze mail in je browser",
    "Webversie",
    "Zobacz w przeglądarce",
    "Zobrazit v prohlížeči",
    "Visa i webbläsare",
    "Tarayıcıda görüntüle",
    "Открыть в браузере",
    "Переглянути у браузері",
    "ブラウザで表示する",
    "在浏览器中查看",
    "브라우저에서 보기",
]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_the_letters_own_page_is_its_address(caption: str) -> None:
    markup = (
        '<p><a href="https://ledger.example/">The Ledger</a></p><table><tr><td>'
        f'<a href="https://click.example/c?u=1&amp;m=2"><span>{caption}</span></a> | '
        '<a href="https://ledger.example/out">Unsubscribe</a></td></tr></table><p>News.</p>'
    )
    assert read_message(written(markup=markup).as_bytes()).url == "https://click.example/c?u=1&m=2"


def test_a_link_is_also_known_by_the_words_around_it() -> None:
    markup = '<p>Trouble viewing this email in your browser? <a href="https://l.example/7">Click here</a>.</p>'
    assert read_message(written(markup=markup).as_bytes()).url == "https://l.example/7"


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://l.example/u">Unsubscribe or view your preferences in your browser</a>',
        '<a href="javascript:alert(1)">View in browser</a>',
        '<a href="mailto:x@y.example">View in browser</a>',
        "<p>You can view this in your browser.</p><p><a href='https://l.example/story'>The story</a></p>",
        "<a href='https://l.example/story'>" + "A long teaser. " * 20 + "Read it online.</a>",
        "<a href='https://l.example/story'>A new web browser agent leaks passwords</a>",
        "<a href='https://l.example/story'>See what the assistant does in your browser</a>",
        "<a href='https://l.example/story'>Read how the fraud was found online</a>",
        "",
    ],
)
def test_other_links_are_not_taken_for_it_h21(markup: str) -> None:
    assert read_message(written("Plain.", markup or "<p>No link.</p>").as_bytes()).url is None


def test_plain_text_names_it_too() -> None:
    body = b"Read online: https://ledger.example/7?x=1.\r\n\r\nNews: https://ledger.example/news\r\n"
    assert read_message(a_message(body=body)).url == "https://ledger.example/7?x=1"
    body = b"View this email in your browser\r\n<https://ledger.example/8>\r\n\r\nNews.\r\n"
    assert read_message(a_message(body=body)).url == "https://ledger.example/8"
    assert read_message(a_message(body=b"News: https://ledger.example/news\r\n")).url is None


def test_a_header_that_names_the_messages_page_comes_first() -> None:
    markup = '<a href="https://click.example/7">View in browser</a>'
    raw = written(markup=markup, Archived_At="<https://ledger.example/archive/7>").as_bytes()
    assert read_message(raw).url == "https://ledger.example/archive/7"


def test_the_lists_archive_is_no_messages_page() -> None:
    assert read_message(a_message(b"List-Archive: <https://ledger.example/archive>")).url is None


# --- what mail is like ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (b"Subject: =?utf-8?Q?=C3=84rger_mit_der_KI?=", "Ärger mit der KI"),
        (b"Subject: =?ISO-8859-1?B?xHJnZXI=?= =?utf-8?q?_hier?=", "Ärger hier"),
        (b"Subject: =?utf-8?B?8J+YgA==?=\r\n =?utf-8?B?8J+YgQ==?=", "😀😁"),
        (b"Subject: =?no-such-charset?Q?=C3=84rger?=", "Ärger"),
        (b"Subject: =?utf-8?B?not base64!?=", "=?utf-8?B?not base64!?="),
        ("Subject: Ärger".encode(), "Ärger"),
        ("Subject: Ärger".encode("latin-1"), "Ärger"),
        (b"Subject: two\r\n\tlines", "two lines"),
        (b"Subject: =?utf-8?Q?one=0D=0ABcc:_x@y.example?=", "one Bcc: x@y.example"),
        (b"Subject: a\x00b\x1b[31mc", "ab[31mc"),
        (b"Subject: ", ""),
        (b"X-Subject: none", ""),
    ],
)
def test_subjects_of_every_making_are_read_h10_h11(header: bytes, title: str) -> None:
    assert read_message(b"From: a@b.example\r\n" + header + b"\r\n\r\nText.\r\n").title == title


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (b"letter@ledger.example", "letter@ledger.example"),
        (b'"Ledger, The" <letter@ledger.example>', "Ledger, The"),
        (b"=?utf-8?Q?J=C3=BCrgen?= <j@x.example>", "Jürgen"),
        (b"=?utf-8?B?PHNjcmlwdD4=?= <j@x.example>", "<script>"),
        (b"", None),
        (b"<<<>>>", None),
    ],
)
def test_senders_are_named_h23(sender: bytes, author: str | None) -> None:
    assert read_message(b"From: " + sender + b"\r\nSubject: A\r\n\r\nText.\r\n").author == author


@pytest.mark.parametrize(
    ("kind", "coding", "body"),
    [
        (b"text/plain; charset=iso-8859-1", b"8bit", "Ärger".encode("latin-1")),
        (b"text/plain; charset=utf-8", b"quoted-printable", b"=C3=84rger"),
        (b"text/plain; charset=utf-8", b"base64", base64.b64encode("Ärger".encode())),
        (b"text/plain; charset=utf-8", b"base64", base64.b64encode("Ärger!".encode())[:-1]),  # cut short
        (b"text/plain; charset=koi8-r", b"8bit", "Ärger".encode()),  # a lie
        (b"text/plain; charset=no-such", b"no-such", "Ärger".encode()),
        (b'text/plain; charset="utf-8', b"7bit", "Ärger".encode()),
        (b"text/plain", b"8bit", "Ärger".encode("cp1252")),
        (b"text/plain; charset=utf-16", b"base64", base64.b64encode("Ärger".encode("utf-16"))),
    ],
)
def test_bodies_of_every_making_are_read_h10(kind: bytes, coding: bytes, body: bytes) -> None:
    entry = read_message(a_message(b"Content-Type: " + kind, b"Content-Transfer-Encoding: " + coding, body=body))
    assert (entry.content or "").startswith("<p>Ärger")


def nested(depth: int, end: bytes = b"") -> bytes:
    """Multiparts within multiparts; none of them ends."""
    layers = [
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(depth)
    ]
    return b"".join(layers) + b"Content-Type: text/plain\r\n\r\nDeep down." + end


HOSTILE = {
    "nothing": b"",
    "no header": b"\r\n\r\njust text",
    "one long header": b"Subject: " + b"a" * 900_000 + b"\r\n\r\nText.",
    "a header of commas": b"From: " + b"a," * 400_000 + b"\r\n\r\nText.",
    "a header of brackets": b"From: " + b"(" * 400_000 + b"\r\n\r\nText.",
    "a header of encoded words": b"Subject: " + b"=?utf-8?Q?a?= " * 60_000 + b"\r\n\r\nText.",
    "100,000 headers": b"X: y\r\n" * 100_000 + b"Subject: found?\r\n\r\nText.",
    "12 levels": HEAD + nested(12),
    "150 levels": HEAD + nested(150),
    "5,000 levels": HEAD + nested(5_000),
    "10,000 parts": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 10_000,
    "a boundary of nothing": HEAD + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx\r\n',
    "a boundary without end": HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 500_000 + b"\r\n\r\nx",
    "parameters without end": HEAD + b"Content-Type: text/plain" + b"; a*0*=b" * 50_000 + b"\r\n\r\nText.",
    "a file name of percent signs": HEAD + b"Content-Disposition: x; filename*=utf-8''%" + b"%" * 90_000 + b"\r\n\r\nT",
    "messages in messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 900 + b"Text.",
    "unclosed markup": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 150_000,
    "links": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p><a href=https://x.example>View in browser?" * 20_000,
    "captions": HEAD + b"Content-Type: text/html\r\n\r\n<a href=https://x.example>" + b"view " * 180_000,
    "a charset in two parts": HEAD + b"Content-Type: text/plain; charset*=a; charset*1=b; charset*0=c\r\n\r\nT\xe4xt.",
    "a boundary in two parts": HEAD
    + b"Content-Type: multipart/mixed; boundary*=a; boundary*1=b; boundary*0=c\r\n\r\n--c\r\n\r\nText.",
    "lone surrogates": HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n\xed\xa0\x80<p>Text.",
    "uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n!!!\r\nend\r\n",
    "base64 of nothing": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 900_000,
    "zeros": b"\x00" * 1_000_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_mail_is_an_entry_too_and_soon_h9_h13(what: str) -> None:
    began = time.process_time()
    entry = read_message(HOSTILE[what])
    assert time.process_time() - began < 10
    assert entry.guid
    assert len(entry.title) <= 500
    entry.title.encode()
    (entry.content or "").encode()


def test_what_is_nested_within_reason_is_read_and_the_rest_keeps_its_headers() -> None:
    assert read_message(HOSTILE["12 levels"]).content == "<p>Deep down.</p>"
    assert read_message(HOSTILE["5,000 levels"]).title == "Three outages"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_no_bytes_are_too_odd(head: bytes, body: bytes) -> None:
    assert read_message(HEAD + head + b"\r\n\r\n" + body).guid
    assert read_message(head + b"\r\n\r\n" + body).guid
