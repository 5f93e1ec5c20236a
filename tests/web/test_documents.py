"""Documents over HTTP, in front of all routing: bytes, validators, forms and headers (O4)."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.jobs.tree import Tree
from monitor.web.documents import HELD_UP_TO, Documents
from monitor.web.security import HEADERS
from monitor.web.validators import accepts_gzip
from tests.jobs.test_tree import a_document
from tests.web.conftest import served

FEED = b"<feed>" + b"words " * 500 + b"</feed>"
PAGE = b"<!doctype html>" + b"page " * 500


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A publication tree that is served, and a reader of it."""

    tree: Tree
    documents: Documents
    reader: httpx.Client
    server: uvicorn.Server

    def put(self, path: str, body: bytes, status: int = 200) -> None:
        with self.tree.locked():
            self.tree.write("x", [a_document(path, body, status)])

    def get(self, path: str = "/feed.atom", **headers: str) -> httpx.Response:
        given = {"accept-encoding": "identity", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.reader.get(path, headers=given)


@pytest.fixture(scope="module", params=["in front", "by ASGI"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Both ways of one answer: as `monitor serve` does, and as any server of ASGI would."""
    folder, is_in_front = tmp_path_factory.mktemp("shop"), request.param == "in front"
    with a_shop(folder, base_url="https://wire.example", is_in_front=is_in_front, hub="https://hub.example/") as opened:
        opened.put("/feed.atom", FEED)
        opened.put("/", PAGE)
        opened.put("/archive", PAGE)
        opened.put("/wires/gone", b"taken down", 410)
        opened.put("/static/site.css", b"p {}" * 100)
        yield opened


class a_shop:  # noqa: N801 - used as a function is
    """Serve the tree in `folder` in front of an application that says "routed"."""

    def __init__(
        self, folder: Path, *, base_url: str, is_in_front: bool = True, keep_alive: int = 5, **more: object
    ) -> None:
        self.folder, self.base_url, self.more = folder, base_url, more
        self.is_in_front, self.keep_alive = is_in_front, keep_alive

    def __enter__(self) -> Shop:
        async def routed(request: object) -> PlainTextResponse:
            return PlainTextResponse("routed")

        app = Starlette(routes=[Route("/{rest:path}", routed, methods=["GET", "HEAD", "POST", "OPTIONS"])])
        documents = Documents(
            app,
            folder=self.folder,
            base_url=self.base_url,
            asked={"/archive"},
            **self.more,  # type: ignore[arg-type]
        )
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.serving = served(documents, self.listener, is_in_front=self.is_in_front, keep_alive=self.keep_alive)
        server = self.serving.__enter__()
        self.reader = httpx.Client(
            base_url=f"http://127.0.0.1:{self.listener.getsockname()[1]}", trust_env=False, timeout=30
        )
        return Shop(tree=Tree(self.folder), documents=documents, reader=self.reader, server=server)

    def __exit__(self, *error: object) -> None:
        self.reader.close()
        self.serving.__exit__(None, None, None)
        self.listener.close()


def test_a_feed_has_validators_type_and_leave_to_be_read_from_anywhere_o4_o9(shop: Shop) -> None:
    answer = shop.get()
    assert answer.content == FEED
    headers = answer.headers
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert headers["cache-control"].startswith("public, max-age=900, s-maxage=60")
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"].startswith('"')
    assert parsedate_to_datetime(headers["last-modified"])
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["link"] == '<https://hub.example/>; rel="hub", <https://wire.example/feed.atom>; rel="self"'
    assert "set-cookie" not in headers


def test_a_page_has_the_security_headers_of_every_other_page_and_is_asked_for_each_minute_d7_d8(shop: Shop) -> None:
    headers = shop.get("/").headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["strict-transport-security"]
    assert headers["cache-control"].startswith("public, max-age=60, s-maxage=60")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "access-control-allow-origin" not in headers
    assert "link" not in headers
    assert "set-cookie" not in headers


def test_gzip_is_the_form_that_lies_beside_with_a_tag_of_its_own_o4(shop: Shop) -> None:
    plain = shop.get()
    with shop.reader.stream("GET", "/feed.atom", headers={"accept-encoding": "br, gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert sent == (shop.tree.folder / "feed.atom.gz").read_bytes()
    assert gzip.decompress(sent) == FEED
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(sent))
    assert answer.headers["etag"] != plain.headers["etag"]
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        ("gzip", True), ("br, gzip;q=0.5", True), ("x-gzip", True), ("*", True), ("GZIP", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.0, *", False), ("identity", False),
    ],
)  # fmt: skip
def test_gzip_goes_only_to_who_takes_it(header: str, is_taken: bool) -> None:
    assert accepts_gzip(header) is is_taken


def test_either_validator_of_either_form_is_answered_with_304_o4(shop: Shop) -> None:
    plain, zipped = shop.get(), shop.get(accept_encoding="gzip")
    tags = [plain.headers["etag"], zipped.headers["etag"]]
    at = plain.headers["last-modified"]
    later = format_datetime(parsedate_to_datetime(at) + timedelta(days=1), usegmt=True)
    known: list[dict[str, str]] = [
        *({"if_none_match": tag} for tag in (*tags, f"W/{tags[0]}", f'"x", {tags[1]}', "*")),
        {"if_modified_since": at},
        {"if_modified_since": later},
        {"if_none_match": tags[0], "if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ]
    for given in known:
        answer = shop.get(**given)
        assert (answer.status_code, answer.content) == (304, b""), given
        assert answer.headers["etag"] == tags[0]
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == plain.headers["cache-control"]
        assert "set-cookie" not in answer.headers
    unknown: list[dict[str, str]] = [
        {"if_none_match": '"x"'},
        {"if_none_match": '"x"', "if_modified_since": later},  # the tag outweighs the date (RFC 9110 13.2.2)
        {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
        {"if_modified_since": "Mon, 99 Foo 2026 99:99:99 GMT"},
    ]
    for given in unknown:
        assert shop.get(**given).content == FEED, given


def test_head_says_what_get_says_without_the_bytes(shop: Shop) -> None:
    for path in ("/feed.atom", "/", "/wires/gone"):
        head = shop.reader.head(path, headers={"accept-encoding": "identity"})
        got = shop.get(path)
        assert head.content == b""
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}
        assert head.status_code == got.status_code


def test_what_was_taken_down_is_gone_and_says_so_o6(shop: Shop) -> None:
    answer = shop.get("/wires/gone", if_none_match="*")
    assert (answer.status_code, answer.content) == (410, b"taken down")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60, s-maxage=60"


def test_the_next_reader_sees_what_was_just_published(shop: Shop) -> None:
    shop.put("/wires/new", b"one")
    first = shop.get("/wires/new")
    shop.put("/wires/new", b"two")
    second = shop.get(
        "/wires/new", if_none_match=first.headers["etag"], if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT"
    )
    assert (first.content, second.content) == (b"one", b"two")
    by_date = shop.get("/wires/new", if_modified_since=first.headers["last-modified"])
    assert by_date.content == b"two", "two versions within a second have two dates"
    shop.put("/wires/new", b"down", 410)
    assert shop.get("/wires/new").status_code == 410
    shop.put("/wires/new", b"back")
    assert shop.get("/wires/new").content == b"back"
    with shop.tree.locked():
        shop.tree.remove(["/wires/new"])
    assert shop.get("/wires/new").text == "routed"


def test_a_compressed_form_of_other_bytes_is_never_sent(shop: Shop) -> None:
    shop.put("/wires/half", PAGE)
    (shop.tree.folder / "wires/half/index.html.gz").write_bytes(gzip.compress(b"older"))
    assert shop.get("/wires/half", accept_encoding="gzip").content == PAGE
    (shop.tree.folder / "wires/half/index.html.gz").write_bytes(b"torn")
    (shop.tree.folder / "wires/half/index.html").write_bytes(PAGE + b"!")
    assert shop.get("/wires/half", accept_encoding="gzip").content == PAGE + b"!"


def test_what_is_no_document_goes_on_to_the_application(shop: Shop) -> None:
    notes = ("/.tree/state.json", "/.gone/wires/gone/index.html", "/feed.atom.gz", "/index.html")
    for path in (*notes, "/desk", "/wires/none", "/%2e%2e/x", "/wires/%00", "/wires//gone", "/wires/gone/"):
        assert shop.get(path).text == "routed", path
    assert shop.reader.post("/feed.atom").text == "routed"


def test_a_query_changes_nothing_but_where_it_asks_the_application(shop: Shop) -> None:
    assert shop.get("/feed.atom?utm_source=x").content == FEED
    assert shop.get("/archive").content == PAGE
    assert shop.get("/archive?month=2026-03").text == "routed"


def test_static_files_asked_for_by_their_digest_are_kept_for_ever(shop: Shop) -> None:
    assert shop.get("/static/site.css?0a1b2c").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shop.get("/static/site.css").headers["cache-control"] == "no-cache"


def test_a_foreign_host_is_the_applications_to_refuse_d12(shop: Shop) -> None:
    assert shop.get(host="evil.example").text == "routed"
    assert shop.get(host="wire.example").content == FEED
    assert shop.get(host="WIRE.example:443").content == FEED


def test_a_page_elsewhere_may_ask_for_a_feed_with_validators(shop: Shop) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = shop.reader.options("/feed.atom", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert shop.reader.options("/", headers=asked).text == "routed"


def test_before_the_first_publication_the_feed_says_when_to_ask_again(tmp_path: Path) -> None:
    with a_shop(tmp_path, base_url="http://wire.example") as empty:
        answer = empty.get()
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        empty.put("/feed.atom", FEED)
        assert empty.get().content == FEED
        assert "strict-transport-security" not in empty.get().headers


def test_memory_is_bounded_and_what_is_too_large_for_it_is_sent_from_its_file(tmp_path: Path) -> None:
    with a_shop(tmp_path, base_url="http://wire.example", memory=40_000) as small:
        for number in range(20):
            small.put(f"/wires/{number}", bytes(str(number), "ascii") * 5_000)
        for _ in range(2):
            for number in range(20):
                assert small.get(f"/wires/{number}").content == bytes(str(number), "ascii") * 5_000
        assert small.documents._size <= 40_000
        large = b"0123456789abcdef" * (HELD_UP_TO // 16 + 1_000)
        small.put("/data/wires.csv", large)
        plain, zipped = small.get("/data/wires.csv"), small.get("/data/wires.csv", accept_encoding="gzip")
        assert plain.content == zipped.content == large
        assert zipped.headers["content-encoding"] == "gzip"
        assert small.get("/data/wires.csv", if_none_match=plain.headers["etag"]).status_code == 304
        assert small.documents._size <= 40_000


def test_readers_never_see_half_a_document_while_it_is_published_f12(tmp_path: Path) -> None:
    bodies = {bytes([letter]) * 60_000 for letter in b"abcdefgh"}
    with a_shop(tmp_path, base_url="http://wire.example") as busy:
        busy.put("/feed.atom", min(bodies))
        is_over = threading.Event()

        def publish() -> None:
            for body in sorted(bodies) * 3:
                busy.put("/feed.atom", body)
            is_over.set()

        writer = threading.Thread(target=publish)
        writer.start()
        seen = set()
        while not is_over.is_set():
            for form in ("identity", "gzip"):
                seen.add(busy.get(accept_encoding=form).content)
        writer.join()
        assert seen <= bodies
        assert busy.get().content == max(bodies)
