"""One message of a mailbox → one entry (RFC 5322, 2045-2049, 2047).

Mail is written by anybody and mended by many machines: what can be read is read, whatever a header claims. Attachments
are passed over. Runs only in a worker process that can be killed; one message at a time, so that a hostile one takes
no other with it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.model import Entry
from monitor.stages.canonical import NAME_LIMIT, clean_line, cut
from monitor.stages.charset import decode
from monitor.stages.entry import RawEntry, make_entry

_HEADER_LIMIT = 10_000  # characters of one header that are read
_SENDER_LIMIT = 998  # a line of mail
_PART_LIMIT = 200  # parts that a message may announce, nested ones included; an honest one has a dozen
_DEEPEST = 20  # levels of multiparts that are followed
_LINK_LIMIT = 3_000  # links of a message that are looked at
_CAPTION_LIMIT = 200  # characters around a link that may say what it leads to
_PART = re.compile(rb"(?im)^content-type:[ \t]*(?:multipart|message)/")

# What a link to a newsletter's own page says, in the languages in which newsletters come.
_THIS = r"(?:this |the |our |your |it |as |on )?(?:e-?mail |message |newsletter |issue |post |letter |edition )?"
_WEB_COPY = re.compile(
    rf"\b(?:view|viewing|read|reading|open|see|seeing|display) {_THIS}"
    r"(?:(?:in|on|with) (?:your |a |the )?(?:web ?)?browser|online|on the web|a web ?page|the web version)"
    r"|\b(?:web|online|browser)[ -]?version\b|\bwebversion\b"
    r"|\bim browser\b|\b(?:online|web)[ -]?(?:ansicht|lesen)\b|\bin ihrem browser\b"
    r"|\b(?:dans|sur) (?:le|votre|un|ton) navigateur\b|\b(?:version|lire|voir) (?:en ligne|web)\b"
    r"|\ben (?:el|tu|su|un) navegador\b|\bversión (?:web|online|en línea)\b|\b(?:leer|ver) en línea\b"
    r"|\bnel (?:tuo |suo )?browser\b|\bversione (?:online|web)\b"
    r"|\bno (?:seu |teu )?navegador\b|\bversão (?:web|online)\b"
    r"|\bin (?:je |uw |de )?(?:web)?browser\b|\b(?:online|web) ?versie\b"
    r"|\bw przeglądarce\b|\bwersja (?:online|internetowa)\b|\bv prohlížeči\b"
    r"|\bi (?:din |en )?(?:webbläsare|nettleser|browser)\w*|\b(?:webb?|nett)(?:version|versjon)\b|\bselaimessa\b"
    r"|\btarayıcı(?:da|nızda|nda)\b|в (?:вашем )?браузере|[ув] браузері|веб-верси"
    r"|ブラウザで|ウェブで|网页版|浏览器中|瀏覽器中|브라우저에서|웹에서",
    re.IGNORECASE,
)
_OTHER_PURPOSE = re.compile(
    r"unsubscri|opt[ -]?out|preferences|abmeld|abbestell|désabonn|désinscri|darse de baja|cancelar|disiscri"
    r"|afmeld|uitschrij|wypisz|avregistrer|avmeld|отпис|配信停止|退订",
    re.IGNORECASE,
)
_TEXT_LINK = re.compile(r"https?://[^\s<>\"')\]]{4,2000}")


def read_message(raw: bytes) -> Entry:
    """The entry that a message makes: its Message-ID, subject, sender, date, text, and its copy on the web if named."""
    message = _taken_apart(raw)
    markup, plain = _texts(message)
    entry, _ = make_entry(
        RawEntry(
            guid=clean_line(_header(message, "Message-ID") or "").strip("<>") or None,
            links=[_archived_at(message), _web_copy(markup) if markup else _linked_copy(plain)],
            title=_decoded(_header(message, "Subject")),
            published=_header(message, "Date"),
            author=_sender(message),
            content=markup or _paragraphs(plain),
            language=(_header(message, "Content-Language") or "").partition(",")[0],
        ),
        base="",
    )
    return entry


def _taken_apart(raw: bytes) -> Message:
    """The message with its parts; its headers alone where they are too many, or beyond Python's own reader."""
    try:
        return message_from_bytes(raw if _is_sane(raw) else _head(raw))
    except (TypeError, ValueError, LookupError, RecursionError):  # such as parameters that are continued twice
        return message_from_bytes(_head(raw))


def _is_sane(raw: bytes) -> bool:
    """Whether the parts that the message announces are so few that taking them apart costs little."""
    return sum(1 for _ in zip(range(_PART_LIMIT + 1), _PART.finditer(raw), strict=False)) <= _PART_LIMIT


def _head(raw: bytes) -> bytes:
    """The headers alone."""
    end = re.search(rb"\r?\n\r?\n", raw)
    return re.sub(rb"(?im)^content-(?:type|transfer-encoding):.*$", b"X: ", raw[: end.start()] if end else raw)


# --- headers ----------------------------------------------------------------------------------------------------


def _header(message: Message, name: str) -> str | None:
    """The first header of that name, unfolded; bytes that should not be there are read as UTF-8, else Latin."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            served = str(value)[:_HEADER_LIMIT].encode("ascii", "surrogateescape")
            try:
                text = served.decode("utf-8")
            except UnicodeDecodeError:
                text = served.decode("cp1252", "replace")
            return clean_line(text)
    return None


def _decoded(value: str | None) -> str | None:
    """A header with its encoded words read (RFC 2047); one in a charset that nobody knows is read as UTF-8."""
    if value is None or "=?" not in value:
        return value
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(w if isinstance(w, str) else _word(w, charset) for w, charset in words)


def _word(word: bytes, charset: str | None) -> str:
    try:
        return word.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return word.decode("utf-8", "replace")


def _sender(message: Message) -> str | None:
    served = (_header(message, "From") or "")[:_SENDER_LIMIT]
    try:
        name, address = parseaddr(served)
    except (RecursionError, ValueError, IndexError):  # comments in comments
        return None
    return cut(clean_line(_decoded(name) or ""), NAME_LIMIT) or clean_line(address) or None


def _archived_at(message: Message) -> str | None:
    """The message's own page (RFC 5064). Not List-Archive: that is the list's, and one for all messages."""
    return (_header(message, "Archived-At") or "").strip("<> ") or None


# --- text -------------------------------------------------------------------------------------------------------


def _texts(message: Message) -> tuple[str, str]:
    """All HTML and all plain text that is to be shown, each joined."""
    markup: list[str] = []
    plain: list[str] = []
    for part in _leaves(message, 0):
        kind = part.get_content_type()
        if kind in ("text/html", "text/plain") and not _is_attached(part):
            (markup if kind == "text/html" else plain).append(_text(part))
    return "\n".join(filter(str.strip, markup)), "\n\n".join(filter(str.strip, plain))


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """Every part without parts; a message within a message is an attachment."""
    if not message.is_multipart():
        yield message
    elif message.get_content_maintype() == "multipart" and depth < _DEEPEST:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)


def _is_attached(part: Message) -> bool:
    said = clean_line(str(part.get("Content-Disposition") or "")[:_HEADER_LIMIT]).lower()
    return said.startswith("attachment") or "filename" in said


def _text(part: Message) -> str:
    kind = _header(part, "Content-Type")
    try:
        body = part.get_payload(decode=True)
    except (TypeError, ValueError):  # the parameters again
        del part["Content-Type"]
        body = part.get_payload(decode=True)
    return decode(body, kind)[0] if isinstance(body, bytes) else ""


def _paragraphs(plain: str) -> str:
    """Plain text as HTML: an empty line parts paragraphs, the lines between were only wrapped."""
    blocks = re.split(r"\n[ \t\r]*\n", plain.replace("\r\n", "\n"))
    return "\n".join(f"<p>{html.escape(text, quote=False)}</p>" for b in blocks if (text := clean_line(b)))


# --- the copy on the web ----------------------------------------------------------------------------------------


def _web_copy(markup: str) -> str | None:
    """Where the first link leads that offers the message in a browser; as it stands, through whatever counts clicks."""
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    for place, link in enumerate(tree.iter("a")):
        if place >= _LINK_LIMIT:
            break
        href = (link.get("href") or "").strip()
        if href.lower().startswith(("http://", "https://")) and _offers_copy(link):
            return href
    return None


def _offers_copy(link: HtmlElement) -> bool:
    said = _caption(link)
    if _OTHER_PURPOSE.search(said):
        return False
    if _WEB_COPY.search(said):
        return len(said) <= _CAPTION_LIMIT
    around = link.getparent()
    if around is None or len(around.findall(".//a")) != 1:
        return False
    whole = _caption(around)
    return len(whole) <= _CAPTION_LIMIT and bool(_WEB_COPY.search(whole)) and not _OTHER_PURPOSE.search(whole)


def _caption(element: HtmlElement) -> str:
    """The text in an element, no more of it than is needed to see that it is too long."""
    words, length = [], 0
    for text in element.itertext():
        words.append(text)
        length += len(text)
        if length > 5 * _CAPTION_LIMIT:
            break
    return clean_line("".join(words))


def _linked_copy(plain: str) -> str | None:
    """The same of plain text: the first address behind such words, on their line or the next."""
    lines = plain[:20_000].splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if len(line) > 4 * _CAPTION_LIMIT or not _WEB_COPY.search(_TEXT_LINK.sub(" ", line)):
            continue
        found = _TEXT_LINK.search(line) or _TEXT_LINK.match(following.strip().lstrip("<("))
        if found is not None and not _OTHER_PURPOSE.search(line):
            return found[0].rstrip(".,;")
    return None
