"""What holds of every document whatever its bytes: for `benchmarks.fuzz` and for the fuzzing within the tests.

Each check reads the bytes as a worker would, and raises AssertionError where the answer is not one that the newsroom
could keep. That it never raises anything else, and ends in time, is what fuzzing looks for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime

from monitor.model import Entry, Failure, Kind, Page, ParsedFeed, Unparsable
from monitor.stages.canonical import DATE_LIMIT, GUID_LIMIT, NAME_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.page import extract_page, strip_markup
from monitor.stages.parse import parse_feed
from monitor.stages.read import read_document

URL = "https://feeds.example/herald.xml"
SLOW = 5.0  # processor seconds for a document of a few kB: half of what a worker has for one of 5 MB
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIMITS = {
    "guid": GUID_LIMIT, "url": 2_048, "title": TITLE_LIMIT, "published": DATE_LIMIT, "updated": DATE_LIMIT,
    "author": NAME_LIMIT, "summary": SUMMARY_LIMIT, "content": TEXT_LIMIT, "language": 35,
}  # fmt: skip


def check_feed(body: bytes) -> None:
    """RSS, Atom, JSON Feed."""
    check_read(read_document(body, kind=Kind.FEED, url=URL))


def check_status(body: bytes) -> None:
    """The feed of a status page."""
    check_read(read_document(body, kind=Kind.STATUS, url=URL))


def check_sitemap(body: bytes) -> None:
    """A sitemap or an index of them."""
    check_read(read_document(body, kind=Kind.SITEMAP, url=URL))


def check_listing(body: bytes) -> None:
    """A page of links."""
    check_read(read_document(body, kind=Kind.PAGE, url=URL))


def check_page(body: bytes) -> None:
    """The page behind an entry; and what a feed says in its place."""
    found = extract_page(body, url=URL)
    if isinstance(found, Unparsable):
        _check_refusal(found)
    else:
        _check_page(found)
    _check_text(strip_markup(body.decode("utf-8", "replace")), "stripped", 2 * TEXT_LIMIT)


def check_readers(body: bytes) -> None:
    """Feeds again: the two readers of XML say the same, or neither is asked."""
    assert parse_feed(body, url=URL) == parse_feed(body, url=URL, by_reference=True)


CHECKS: dict[str, Callable[[bytes], None]] = {
    "feed": check_feed,
    "page": check_page,
    "readers": check_readers,
    "listing": check_listing,
    "sitemap": check_sitemap,
    "status": check_status,
}


def check_in_time(check: Callable[[bytes], None], body: bytes) -> None:
    """`check`, and that it takes no longer than it may."""
    began = time.process_time()
    check(body)
    taken = time.process_time() - began
    assert taken < SLOW, f"{len(body)} bytes took {taken:.1f} s"


def check_read(read: ParsedFeed | Unparsable) -> None:
    """That the newsroom could keep what was read, and show why nothing was."""
    if isinstance(read, Unparsable):
        _check_refusal(read)
        return
    assert len(read.entries) <= MAX_ENTRIES
    for text, limit in ((read.title, TITLE_LIMIT), (read.id, GUID_LIMIT), (read.language, 10_000)):
        _check_text(text, "feed", limit)
    for note in read.notes:
        _check_text(note, "note", 2_000)
    for url in (*(link.url for link in read.links), *(part.url for part in read.parts)):
        assert url.startswith(("http://", "https://")), url
    for entry in read.entries[:50]:
        _check_entry(entry)


def _check_entry(entry: Entry) -> None:
    assert entry.guid, "no identity"
    for each in fields(Entry):
        value = getattr(entry, each.name)
        if isinstance(value, str):
            _check_text(value, each.name, _LIMITS.get(each.name, TEXT_LIMIT))
        elif isinstance(value, datetime):
            assert value.tzinfo is not None
            value.isoformat()
    assert entry.url is None or entry.url.startswith(("http://", "https://")), entry.url


def _check_page(page: Page) -> None:
    assert page.text, "a page without text"
    for text, limit in ((page.title, TITLE_LIMIT), (page.text, TEXT_LIMIT), (page.author, NAME_LIMIT),
                        (page.language, 35), (page.published, DATE_LIMIT), (page.site_name, NAME_LIMIT)):  # fmt: skip
        _check_text(text, "page", limit)
    assert page.canonical_url is None or page.canonical_url.startswith(("http://", "https://")), page.canonical_url


def _check_refusal(found: Unparsable) -> None:
    assert isinstance(found.kind, Failure)
    assert found.detail
    _check_text(found.detail, "detail", 2_000)


def _check_text(text: str | None, name: str, limit: int) -> None:
    if text is not None:
        assert len(text) <= limit, f"{name} of {len(text)} characters"
        if found := _UNSTORABLE.search(text):
            raise AssertionError(f"{name} holds {found[0]!r}")
