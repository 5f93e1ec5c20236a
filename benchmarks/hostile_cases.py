"""Hostile input as data: one file each in tests/data/hostile, with what must become of it.

A case is TOML, then a line `+++`, then what the server sends; more parts, each after its own `+++`, follow one another
on later polls. `H8-...` and so on in a file's name say which promise it is about.

    says = "..."            what it is, in a sentence
    reads = "feed"          or page, sitemap, status: the kind of source; "article": the page behind an entry;
                            "entries": feeds whose entries are extracted, too
    url = "http://127.1/"   the address of the source, where no server of ours answers; {{port}} is ours
    fresh = true            nothing was stored before; else the source has brought two entries, and brings a third
                            after all parts (unless `recovers = false`)
    [answer]                or one [[answer]] a part: `status`, `headers` (pairs), `charset` the payload is put into,
                            `gzip` times that it is packed, `cut` bytes off its end, `length` as a lie;
                            `wire = true` takes the payload as the whole answer, its lines ended by CR LF; what comes
                            `then`: "drip" its last line for ever, `every` so many seconds, or "stall"
    [expect]                see `Verdict`

In the payload {{self}} is the address of the case, {{page}} that of a harmless page, {{front}} that of the front page,
{{asked}} the number of the request; {{bytes c3 28}} are bytes, {{repeat 900:text}} repeats its text, and so does
{{count 1 900:text}} with # as the number.
"""

from __future__ import annotations

import codecs
import functools
import gzip
import re
import socket
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.net.servers import Answer, Recorded, http

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "hostile"
KEPT = ("kept 1", "kept 2")  # what the source brought before
BACK = "back again"
DRIP_SECONDS = 30.0  # the longest that a server of ours keeps a connection open
_PART = re.compile(rb"^\+\+\+\n", re.MULTILINE)
_MACRO = re.compile(r"\{\{(repeat|count|bytes) ([0-9a-f ]+)(?::((?:(?!\{\{|\}\}).)*))?\}\}", re.DOTALL)
_KEYS = {"says", "reads", "url", "fresh", "recovers", "answer", "expect"}
_ANSWER_KEYS = {"status", "headers", "charset", "gzip", "cut", "length", "wire", "then", "every"}


class Round(Protocol):
    """Which poll of the cases is under way; a number that servers in another process see as well."""

    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file."""

    name: str
    says: str
    expect: Mapping[str, Any]
    payloads: tuple[bytes, ...]  # as the file has them: written out, all of them would fill memory
    answers: tuple[Mapping[str, Any], ...]  # one a part
    reads: str = "feed"
    url: str | None = None
    fresh: bool = False
    recovers: bool = True

    def part(self, place: int) -> str:
        """What the server sends on one poll, its repetitions written out."""
        return _expand(self.payloads[place])

    @property
    def is_article(self) -> bool:
        return self.reads in ("article", "entries")

    @property
    def promises(self) -> tuple[str, ...]:
        return tuple(found.upper() for found in re.findall(r"^[a-z][0-9]+|(?<=^h[0-9]-)h[0-9]+", self.name))


@functools.cache
def read_cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """All cases by name; raises ValueError, naming the file, for one that is not as it should be."""
    return tuple(read_case(path) for path in sorted(folder.glob("*.case")))


def read_case(path: Path) -> Case:
    """One case; raises ValueError."""
    head, *parts = _PART.split(path.read_bytes())
    try:
        said = tomllib.loads(head.decode())
        answers = said.get("answer", {})
        answers = answers if isinstance(answers, list) else [answers] * max(1, len(parts))
        if unknown := (said.keys() - _KEYS) | {key for answer in answers for key in answer.keys() - _ANSWER_KEYS}:
            raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
        said |= {"answers": tuple(answers), "payloads": tuple(parts)}
        for part in parts:
            _expand(part)  # so that a faulty one is named now
        if len(parts) != len(answers) and "url" not in said:
            raise ValueError(f"{len(parts)} parts and {len(answers)} answers")
        if unknown := said["expect"].keys() - Verdict.KEYS:
            raise ValueError(f"unknown expectations: {', '.join(sorted(unknown))}")
        said.pop("answer", None)
        return Case(name=path.stem, **said)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _expand(payload: bytes) -> str:
    """The payload with its repetitions written out, the innermost first."""
    text = payload.decode("utf-8", "surrogateescape").removesuffix("\n")
    while (expanded := _MACRO.sub(_expanded, text)) != text:
        text = expanded
    return text


def _expanded(found: re.Match[str]) -> str:
    word, arguments, text = found.groups()
    if word == "bytes":
        return bytes.fromhex(arguments).decode("utf-8", "surrogateescape")
    numbers = [int(number) for number in arguments.split()]
    if word == "repeat":
        return str(text) * numbers[0]
    return "".join(str(text).replace("#", str(number)) for number in range(numbers[0], numbers[1] + 1))


def list_documents(cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases whose first part is a document of its own, whole and unpacked."""
    return tuple(
        case
        for case in cases
        if not case.is_article and case.payloads and not {"wire", "status", "gzip"} & case.answers[0].keys()
    )


def document_of(case: Case, address: str = "https://herald.example/feed") -> bytes:
    """The first part's document, as if it had been answered at `address`."""
    return payload_of(case.part(0).replace("{{self}}", address), case.answers[0])


# --- the server -----------------------------------------------------------------------------------------------------


def kept_feed(address: str, *more: str, link: str | None = None) -> bytes:
    """The document of an orderly source."""
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{address}#{title}</guid>"
        f"{f'<link>{link}</link>' if link and title in more else ''}</item>"
        for title in (*more, *reversed(KEPT))
    )
    return f"<rss version='2.0'><channel><title>Herald</title><link>{address}</link>{items}</channel></rss>".encode()


def kept_page(title: str) -> bytes:
    """The page behind an entry, as it should be."""
    paragraphs = "".join(
        f"<p>The council of Northport switched off the assistant for {title}; paragraph {n} says why at length.</p>"
        for n in range(5)
    )
    return f"<html lang=en><title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article>".encode()


@dataclass(slots=True)
class CaseServer:
    """What answers for one case, in the round that is under way."""

    case: Case
    round: Round
    origin: str
    asked: int = 0
    built: dict[int, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.origin}/{self.case.name}"

    def answer(self, request: Recorded, connection: socket.socket) -> bytes | None:
        self.asked += 1
        case, place = self.case, self.place
        if request.path.partition("?")[0].endswith("/page"):
            return http(200, kept_page("a harmless page"), ("Content-Type", "text/html"))
        if case.reads == "article" and not request.path.endswith("/article"):
            feed = kept_feed(self.address, "the hostile one", link=f"{self.address}/article")
            return http(200, feed, ("ETag", '"1"'))
        is_over = place >= len(case.payloads) and case.recovers and not case.fresh and not case.is_article
        if place < 0 or is_over:
            more = () if place < 0 else (BACK,)
            return http(200, kept_feed(self.address, *more), ("ETag", f'"{place}"'), ("Content-Type", "text/xml"))
        return self._send(min(place, len(case.payloads) - 1), connection)

    @property
    def place(self) -> int:
        """Which part it is; -1 before the first."""
        return self.round.value - (0 if self.case.fresh or self.case.is_article else 1)

    def _send(self, place: int, connection: socket.socket) -> bytes | None:
        how = self.case.answers[place]
        if "then" not in how:
            return self._built(place)
        sent = self._built(place)
        last = sent[sent.rfind(b"\n", 0, -1) + 1 :] if how["then"] == "drip" else b""
        ends = time.monotonic() + DRIP_SECONDS
        with suppress(OSError):
            connection.sendall(sent)
            while time.monotonic() < ends:
                time.sleep(how.get("every", 0.1))
                connection.sendall(last)
                if not last and _has_left(connection):
                    break
        return None

    def _built(self, place: int) -> bytes:
        text, how = self.case.part(place), self.case.answers[place]
        if "{{" not in text + str(how.get("headers")) and place in self.built:
            return self.built[place]
        self.built[place] = sent = build(text, how, self._fill)
        return sent

    def _fill(self, text: str) -> str:
        for name, value in (
            ("self", self.address),
            ("page", f"{self.address}/page"),
            ("front", f"{self.origin}/"),
            ("asked", str(self.asked)),
        ):
            text = text.replace("{{" + name + "}}", value)
        return text


def build(text: str, how: Mapping[str, Any], fill: Callable[[str], str] = str) -> bytes:
    """The bytes of one answer."""
    text = fill(text)
    if how.get("wire"):
        return text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    body = payload_of(text, how)
    for _ in range(how.get("gzip", 0)):
        body = gzip.compress(body, 9)
    body = body[: len(body) - how.get("cut", 0)]
    headers = [(str(name), fill(str(value))) for name, value in how.get("headers", [])]
    if how.get("gzip") and not any(name == "Content-Encoding" for name, _ in headers):
        headers.append(("Content-Encoding", "gzip"))
    return http(how.get("status", 200), body, ("ETag", '"hostile"'), *headers, length=how.get("length"))


def payload_of(text: str, how: Mapping[str, Any]) -> bytes:
    """The document itself, in its charset, before it is packed for the way."""
    if "charset" in how:
        mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(how["charset"], b"")
        body = text.removeprefix("\ufeff").encode(how["charset"])
        return mark + body if text.startswith("\ufeff") else body
    return text.encode("utf-8", "surrogateescape")


def _has_left(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(30)


def answer_all(cases: Sequence[Case], round_: Round, origin: Callable[[str], str]) -> dict[str, CaseServer]:
    """The servers of all cases, by the first part of the path; `origin` gives each case a host of its own."""
    return {case.name: CaseServer(case, round_, origin(case.name)) for case in cases}


def route(servers: Mapping[str, CaseServer], otherwise: Callable[[Recorded], bytes]) -> Answer:
    """One answer for a whole server: each case under its own path."""

    def answer(request: Recorded, connection: socket.socket) -> bytes | None:
        found = servers.get(request.path.split("/")[1].partition("?")[0])
        return otherwise(request) if found is None else found.answer(request, connection)

    return answer


# --- what must become of it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the newsroom made of a case."""

    word: str  # of the poll of the last hostile part
    detail: str
    health: str
    titles: tuple[str, ...]  # of all entries, as they came
    fields: Mapping[str, tuple[Any, ...]]  # of the entries that came with the hostile parts, each by its name
    version_counts: tuple[int, ...]
    url: str  # that is polled next
    configured_url: str
    etag: str | None  # after the hostile parts
    last_words: str  # of the poll after them
    articles: tuple[Mapping[str, Any], ...] = ()  # title, text, note, url of what the entries led to


class Verdict:
    """What a case expects, and how it is compared.

    outcome, detail (a part of it), health; `titles`, `guids`, `urls`, `published`, `published_at`, `authors`,
    `contents`, `summaries`, `languages`: of the entries that the hostile parts brought, in the order of the document
    (`...*` stands for any ending); `count` how many those are; `versions` how many entries are kept with later
    versions; `present` and `absent`: texts in any field of them or in the detail; `url`: what is polled afterwards
    (else unchanged); `parsed`: what the reader itself says (`format`, `malformed`, `note`, `hints`).
    Of articles: `from` page or feed, `note` (a part), `title`, `present`, `absent` in its text, `articles` their
    number. Always: what was kept is kept, and the source is itself again afterwards.
    """

    LISTS = ("titles", "guids", "urls", "published", "published_at", "authors", "contents", "summaries", "languages")
    KEYS = frozenset({*LISTS, "outcome", "detail", "health", "count", "versions", "present", "absent", "url", "from",
                      "note", "title", "articles", "parsed"})  # fmt: skip

    def __init__(self, case: Case) -> None:
        self.case = case
        self.expect = case.expect

    def complaints(self, got: Outcome) -> list[str]:
        """How the outcome differs from what is expected; empty where it does not."""
        return [*self._said(got), *self._kept(got), *self._entries(got), *self._articles(got)]

    def _said(self, got: Outcome) -> list[str]:
        expect = self.expect
        wrong = []
        if "outcome" in expect and got.word != expect["outcome"]:
            wrong.append(f"outcome {got.word} ({got.detail}), not {expect['outcome']}")
        if "detail" in expect and expect["detail"] not in got.detail:
            wrong.append(f"says {got.detail!r}, not {expect['detail']!r}")
        if "health" in expect and got.health != expect["health"]:
            wrong.append(f"health {got.health}, not {expect['health']}")
        if "Monitor's own" in got.detail or "the parser failed" in got.detail:
            wrong.append(f"a fault of ours: {got.detail}")
        if got.url != expect.get("url", got.configured_url):
            wrong.append(f"polled at {got.url} from now on")
        return wrong

    def _kept(self, got: Outcome) -> list[str]:
        if self.case.fresh or self.case.is_article:
            return []
        wrong = [f"{title} was lost" for title in KEPT if title not in got.titles]
        if self.case.recovers and (BACK not in got.titles or got.last_words != "new"):
            wrong.append(f"did not come back: {got.last_words}")
        if got.word in ("held-back", "not-a-feed", "unparsable", "protocol", "encoding") and got.etag != '"-1"':
            wrong.append(f"validators of a bad answer were kept: {got.etag}")
        return wrong

    def _entries(self, got: Outcome) -> list[str]:
        expect, wrong = self.expect, []
        for name in self.LISTS:
            if name in expect and not _alike(expect[name], got.fields[name]):
                wrong.append(f"{name} {list(got.fields[name])}, not {expect[name]}")
        if "count" in expect and len(got.fields["titles"]) != expect["count"]:
            wrong.append(f"{len(got.fields['titles'])} entries, not {expect['count']}")
        if "versions" in expect and sum(each > 0 for each in got.version_counts) != expect["versions"]:
            wrong.append(f"versions {got.version_counts}, not {expect['versions']}")
        if not self.case.is_article:
            wrong += self._texts([got.detail, *(str(value) for name in self.LISTS for value in got.fields[name])])
        return wrong

    def _texts(self, texts: Sequence[str]) -> list[str]:
        everything = "\n".join(texts)
        wrong = [f"{text!r} is missing" for text in self.expect.get("present", ()) if text not in everything]
        return wrong + [f"{text!r} is there" for text in self.expect.get("absent", ()) if text in everything]

    def _articles(self, got: Outcome) -> list[str]:
        expect, wrong = self.expect, []
        if not self.case.is_article:
            return []
        if "articles" in expect and len(got.articles) != expect["articles"]:
            wrong.append(f"{[each['title'] for each in got.articles]}, not {expect['articles']} articles")
        if self.case.reads == "article":
            article = next((each for each in got.articles if each["title"] not in KEPT), None)
            if article is None:
                return [*wrong, "the entry led to no article"]
            note = article["note"] or ""
            if "from" in expect and (expect["from"] == "feed") is not note.startswith("text from the feed"):
                wrong.append(f"not from the {expect['from']}: {note}")
            if expect.get("note", "") not in note:
                wrong.append(f"note {note!r}, not {expect['note']!r}")
            if "title" in expect and not _alike([expect["title"]], [article["title"]]):
                wrong.append(f"title {article['title']!r}")
        of_page = [each for each in got.articles if each["title"] not in KEPT]
        return wrong + self._texts([str(value) for article in of_page for value in article.values()])


def _alike(wanted: Sequence[Any], found: Sequence[Any]) -> bool:
    """Equal, `...*` standing for any ending; an absent value is written "(none)", for TOML has no null."""
    return len(wanted) == len(found) and all(
        str(f).startswith(w[:-1]) if isinstance(w, str) and w.endswith("*") else (None if w == "(none)" else w) == f
        for w, f in zip(wanted, found, strict=True)
    )
