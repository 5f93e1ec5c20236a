"""Local feeds to poll: python -m benchmarks.polling_server prints its port and serves until its input ends.

Every feed has a host of its own, an address of 127.0.0.0/8, so that no poller's manners towards one host are the limit.
The documents are some 68 KB of well-formed RSS 2.0 as a magazine writes it: twenty articles in full, with markup. They
answer with ETag and Last-Modified, and with 304 to whoever brings one of these back. The socket is bound to the
loopback device: nobody outside reaches it.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

ITEMS = 20
STARTED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MODIFIED = format_datetime(STARTED, usegmt=True)
_MARK = b"\x00"  # stands in the template wherever the feed's own address goes
_WORDS = """
model safety report office agency court system users company update service outage response review audit ruling
because after before against within several public internal technical regional early later often never again
the a of to in and for on with by from at it was is that has had were this which who when where while said told
found asked wrote showed changed moved stopped opened closed filed signed agreed refused returned
""".split()  # noqa: SIM905 - a list of words reads as one


def feed_url(number: int, port: int) -> str:
    """Where feed `number` lies."""
    host = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
    return f"http://{host}:{port}/{number}/feed.xml"


def make_template(seed: int = 1) -> bytes:
    """One feed, with a mark for the address it is served at."""
    rng = random.Random(seed)
    items = "".join(_item(rng, n) for n in range(ITEMS))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n'
        "<channel>\n<title>The \x00 Magazine</title>\n"
        '<atom:link href="\x00/feed.xml" rel="self" type="application/rss+xml" />\n<link>\x00/</link>\n'
        f"<description>{_words(rng, 12)}</description>\n<lastBuildDate>{MODIFIED}</lastBuildDate>\n"
        "<language>en-US</language>\n<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        "<sy:updateFrequency>1</sy:updateFrequency>\n"
        f"{items}</channel>\n</rss>\n"
    ).encode()


def _item(rng: random.Random, number: int) -> str:
    date = format_datetime(STARTED - timedelta(hours=5 * number), usegmt=True)
    paragraphs = "\n".join(_paragraphs(rng))
    return (
        f"<item>\n<title>{_words(rng, 9).capitalize()} &#8211; {_words(rng, 2)} &amp; {_words(rng, 1)}</title>\n"
        f"<link>\x00/story/{number}</link>\n<comments>\x00/story/{number}#comments</comments>\n"
        f"<dc:creator><![CDATA[{_words(rng, 2).title()}]]></dc:creator>\n<pubDate>{date}</pubDate>\n"
        f"<category><![CDATA[{_words(rng, 1)}]]></category>\n<category><![CDATA[{_words(rng, 2)}]]></category>\n"
        f'<guid isPermaLink="false">\x00/?p={1000 + number}</guid>\n'
        f"<description><![CDATA[<p>{_words(rng, 40)} [&#8230;]</p>]]></description>\n"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded>\n"
        f"<slash:comments>{rng.randrange(40)}</slash:comments>\n</item>\n"
    )


def _paragraphs(rng: random.Random) -> Iterator[str]:
    yield (
        f'<figure class="wp-block-image size-large"><img src="/img/{rng.randrange(9999)}.jpg" alt="{_words(rng, 6)}"'
        f' width="1024" height="683" /><figcaption>{_words(rng, 8)}</figcaption></figure>'
    )
    for n in range(4):
        link = f'<a href="/topic/{_words(rng, 1)}" rel="noopener">{_words(rng, 3)}</a>'
        yield f"<p>{_words(rng, 34).capitalize()}&#8217;s {link} <em>{_words(rng, 4)}</em> {_words(rng, 22)}.</p>"
        if n == 1:
            yield f"<blockquote class='quote'><p>&#8220;{_words(rng, 24)}&#8221;</p></blockquote>"
    yield f"<ul>{''.join(f'<li><strong>{_words(rng, 2)}</strong>: {_words(rng, 9)}</li>' for _ in range(3))}</ul>"
    yield f'<p>The post <a href="\x00/">{_words(rng, 5)}</a> appeared first.</p>'


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(_WORDS, k=count))


_TEMPLATE = make_template()
_STORY = (
    b"<!doctype html><html><head><title>A story</title></head><body><article><h1>A story</h1>"
    + b"<p>Words of a story that stands on a page of its own, so that there is something to extract.</p>" * 12
    + b"</article></body></html>"
)


_said: Counter[str] = Counter()


def answer(head: bytes) -> bytes:
    """What is said to one request; to `/said` how often each status was since it last was asked."""
    lines = head.split(b"\r\n")
    path = lines[0].split(b" ")[1]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    number = path.split(b"/")[1]
    if path == b"/said":
        told = f"{_said['200']} {_said['304']}"
        _said.clear()
        return _with_head(b"200 OK", told.encode(), b"")
    etag = b'"' + number + b'-1"'
    if not path.endswith(b"/feed.xml"):
        return _with_head(b"200 OK", _STORY, b"Content-Type: text/html; charset=utf-8\r\n")
    vouching = b"ETag: " + etag + b"\r\nLast-Modified: " + MODIFIED.encode() + b"\r\n"
    known = headers.get(b"if-none-match")
    if known == etag or (known is None and headers.get(b"if-modified-since") == MODIFIED.encode()):
        _said["304"] += 1
        return b"HTTP/1.1 304 Not Modified\r\n" + vouching + b"\r\n"
    _said["200"] += 1
    body = _TEMPLATE.replace(_MARK, b"http://" + headers[b"host"] + b"/" + number)
    return _with_head(b"200 OK", body, vouching + b"Content-Type: application/rss+xml; charset=UTF-8\r\n")


def _with_head(status: bytes, body: bytes, headers: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


class _Served(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, self._held = self._held.split(b"\r\n\r\n", 1)
            self._transport.write(answer(head))
            if b"connection: close" in head.lower():
                self._transport.close()
                return


def listen() -> socket.socket:
    """A port on every loopback address, and on no other."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    listener.bind(("0.0.0.0", 0))
    listener.listen(4096)
    return listener


async def main() -> None:
    """Serve until standard input ends, which it does with whoever started us."""
    loop = asyncio.get_running_loop()
    listener = listen()
    server = await loop.create_server(_Served, sock=listener)
    print(listener.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
