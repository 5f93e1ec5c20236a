"""Sitemap bytes and what was known of them → what is new; and which documents of an index are asked."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Failure, Part, ReadSitemap, SitemapDocument, Unparsable, Validators
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.known import pack, unpack, url_digest
from monitor.stages.sitemap import (
    MAX_KNOWN,
    MAX_PARTS,
    MAX_URLS,
    read_sitemap,
    read_whole_sitemap,
)
from monitor.stages.sitemap_index import (
    FIRST_WINDOW,
    PARTS_PER_POLL,
    first_since,
    is_due,
    list_parts,
    next_document,
)

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
HOME = "https://paper.example"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def urlset(*urls: str | tuple[str, str], namespace: str = NAMESPACE) -> bytes:
    items = "".join(
        f"<url><loc>{url}</loc></url>"
        if isinstance(url, str)
        else f"<url><loc>{url[0]}</loc><lastmod>{url[1]}</lastmod></url>"
        for url in urls
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespace}>{items}</urlset>'.encode()


def index(*parts: tuple[str, str | None]) -> bytes:
    items = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for url, day in parts
    )
    return f"<sitemapindex {NAMESPACE}>{items}</sitemapindex>".encode()


def read(
    body: bytes, *, known: bytes | None = b"", since: datetime | None = None, takes_undated: bool = False
) -> ReadSitemap:
    found = read_sitemap(body, url=f"{HOME}/sitemap.xml", known=known, since=since, takes_undated=takes_undated)
    assert isinstance(found, ReadSitemap), found
    return found


def urls(found: ReadSitemap) -> list[str]:
    return [str(entry.url).removeprefix(HOME) for entry in found.entries]


# --- what is new ----------------------------------------------------------------------------------------------------


def test_at_the_first_reading_only_what_is_dated_lately_is_new_and_all_is_remembered() -> None:
    body = urlset(
        (f"{HOME}/old", "2026-01-01"),
        (f"{HOME}/yesterday", "2026-03-01T10:00:00+01:00"),
        (f"{HOME}/today", "2026-03-02"),
        f"{HOME}/undated",
        (f"{HOME}/odd", "last week"),
    )
    first = read(body, known=None, since=NOW - FIRST_WINDOW)
    assert (urls(first), first.url_count) == (["/yesterday", "/today"], 5)
    assert set(unpack(first.known)) == {
        url_digest(f"{HOME}/{n}") for n in ("old", "yesterday", "today", "undated", "odd")
    }
    assert urls(read(body, known=None, since=NOW - FIRST_WINDOW, takes_undated=True)) == [
        "/yesterday",
        "/today",
        "/undated",
        "/odd",
    ]
    assert urls(read(body, known=first.known)) == []


def test_later_only_what_was_not_known_is_new_whatever_its_date() -> None:
    first = read(urlset(f"{HOME}/a", f"{HOME}/b"), known=None)
    later = read(urlset((f"{HOME}/c", "2019-01-01"), f"{HOME}/a"), known=first.known)
    assert (urls(later), later.shared_count) == (["/c"], 1)
    assert urls(read(urlset(f"{HOME}/b"), known=later.known)) == []  # gone for a day, and known all the same


def test_a_change_of_scheme_or_a_slash_makes_nothing_new_h15() -> None:
    known = read(urlset("http://paper.example/a", f"{HOME}/b/")).known
    assert read(urlset(f"{HOME}/a", f"{HOME}/b"), known=known).entries == ()


def test_news_items_are_new_at_the_first_reading_too() -> None:
    body = f"""<urlset {NAMESPACE} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>{HOME}/a</loc>
      <image:image><image:loc>{HOME}/a.jpg</image:loc><image:title>A picture</image:title></image:image>
      <n:news><n:publication><n:name>Paper</n:name><n:language>pt</n:language></n:publication>
      <n:publication_date>2026-02-01T09:00Z</n:publication_date><n:title>Tom &amp; Jerry</n:title></n:news></url>
      </urlset>"""
    found = read(body.encode(), known=None, since=NOW)
    (entry,) = found.entries
    assert found.format == "news-sitemap"
    assert (entry.title, entry.language, entry.url) == ("Tom & Jerry", "pt", f"{HOME}/a")
    assert entry.published_at == datetime(2026, 2, 1, 9, 0, tzinfo=UTC)


def test_lastmod_is_no_date_of_publication() -> None:
    (entry,) = read(urlset((f"{HOME}/a", "2026-03-01"))).entries
    assert (entry.published_at, entry.updated_at) == (None, datetime(2026, 3, 1, tzinfo=UTC))


def test_of_too_many_new_urls_the_newest_are_taken_and_it_is_said_h13() -> None:
    days = [(f"{HOME}/{n}", f"2026-0{1 + n % 2}-{1 + n % 28:02}") for n in range(MAX_ENTRIES + 500)]
    found = read(urlset(*days))
    assert len(found.entries) == MAX_ENTRIES
    assert max(d for _, d in days) in {entry.updated for entry in found.entries}
    assert found.notes == (f"{MAX_ENTRIES + 500} new URLs: only the {MAX_ENTRIES} newest were taken",)
    assert read(urlset(*days), known=found.known).entries == ()


def test_memory_is_bounded_and_what_is_there_now_has_the_first_right() -> None:
    past = pack(range(MAX_KNOWN))
    found = read(urlset(f"{HOME}/a"), known=past)
    assert len(found.known) == 8 * MAX_KNOWN
    assert url_digest(f"{HOME}/a") in unpack(found.known)


@given(st.lists(st.sets(st.integers(0, 30)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_over_any_number_of_readings_each_url_is_new_once(readings: list[set[int]]) -> None:
    known, brought = read(urlset(), known=None).known, list[str]()
    for names in readings:
        found = read(urlset(*(f"{HOME}/{n}" for n in sorted(names))), known=known)
        known = found.known
        brought += urls(found)
    assert sorted(brought) == sorted({f"/{n}" for names in readings for n in names})


@given(st.sets(st.integers(0, 2**64 - 1), max_size=50))
def test_digests_come_back_sorted_each_in_eight_bytes(digests: set[int]) -> None:
    packed = pack(digests)
    assert (len(packed), unpack(packed)) == (8 * len(digests), tuple(sorted(digests)))


# --- forms ----------------------------------------------------------------------------------------------------------

PLAIN = urlset(f"{HOME}/a", f"{HOME}/b")
FORMS = {
    "gzip": gzip.compress(PLAIN),
    "two gzip members": gzip.compress(PLAIN[:60]) + gzip.compress(PLAIN[60:]),
    "a mark in front": b"\xef\xbb\xbf\n" + PLAIN,
    "utf-16": PLAIN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "https namespace": urlset(f"{HOME}/a", f"{HOME}/b", namespace=NAMESPACE.replace("http:", "https:")),
    "prefixed": PLAIN.replace(b"<", b"<s:")
    .replace(b"<s:/", b"</s:")
    .replace(b"<s:?", b"<?")
    .replace(b"xmlns=", b"xmlns:s="),
    "text": f"{HOME}/a\r\n{HOME}/b\n\n".encode(),
    "text in gzip": gzip.compress(f"{HOME}/a\n{HOME}/b".encode()),
    "zeros behind": gzip.compress(PLAIN) + b"\0" * 20,
    "white space in loc": PLAIN.replace(b"<loc>", b"<loc>\n  ").replace(b"</loc>", b"\n</loc>"),
    "CDATA": PLAIN.replace(b"<loc>", b"<loc><![CDATA[").replace(b"</loc>", b"]]></loc>"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form: str) -> None:
    found = read(FORMS[form])
    assert (urls(found), found.notes, found.is_malformed) == (["/a", "/b"], (), False)


MENDED = {
    "another namespace": (urlset(f"{HOME}/a", namespace='xmlns="urn:x"'), "namespace urn:x"),
    "no namespace": (urlset(f"{HOME}/a", namespace=""), "no namespace"),
    "cut off within a URL": (urlset(f"{HOME}/a", f"{HOME}/bbbbbb")[:-30], "malformed"),
    "cut off behind a URL": (urlset(f"{HOME}/a", f"{HOME}/b")[:-12], "malformed"),
    "a raw ampersand": (urlset(f"{HOME}/a", f"{HOME}/b?x=1&y=2"), "malformed"),
    "relative": (urlset(f"{HOME}/a", "/b"), "without an absolute URL"),
    "foreign schemes": (
        urlset(f"{HOME}/a", "javascript:alert(1)", "file:///etc/passwd"),
        "without an absolute URL were left out: 2",
    ),
    "text with noise": (f"{HOME}/a\n# a comment\n".encode(), "without an absolute URL"),
    "an entity nobody declared": (urlset(f"{HOME}/a", f"{HOME}/&nbsp;b"), "malformed"),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_can_be_read_is_read_and_the_rest_is_noted_h21_h25(what: str) -> None:
    body, note = MENDED[what]
    found = read(body)
    assert "/a" in urls(found)
    assert any(note in each for each in found.notes), found.notes
    assert set(urls(found)) <= {"/a", "/b", "/b?x=1&y=2", "/b?x=1=2"}


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
REFUSED = {
    "nothing": (b"", Failure.NOT_A_FEED, "the body is empty"),
    "a page": (b"<!DOCTYPE html><title>Not found</title>", Failure.NOT_A_FEED, "an HTML page titled “Not found”"),
    "a feed": (b"<rss version='2.0'><channel/></rss>", Failure.NOT_A_FEED, "kind: feed"),
    "other XML": (b"<opml/>", Failure.NOT_A_FEED, "root is <opml>"),
    "JSON": (b'{"urls": []}', Failure.NOT_A_FEED, "no XML"),
    "words": (b"Service unavailable", Failure.NOT_A_FEED, "no XML"),
    "billion laughs": (
        f'<!DOCTYPE u [<!ENTITY e0 "ha">{ENTITIES}]><urlset>&e9;</urlset>'.encode(),
        Failure.UNPARSABLE,
        "declares entities",
    ),
    "a file": (
        b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
        Failure.UNPARSABLE,
        "declares entities",
    ),
    "a bomb in gzip": (gzip.compress(b"<urlset>" + b" " * 60_000_000), Failure.TOO_LARGE, "once inflated"),
    "half a gzip": (gzip.compress(PLAIN)[:-9], Failure.UNPARSABLE, "broken gzip: it ends too early"),
    "a thousand gzips": (gzip.compress(b"") * 1_000, Failure.UNPARSABLE, "broken gzip: over 100 members"),
    "no gzip": (b"\x1f\x8b" + b"x" * 50, Failure.UNPARSABLE, "broken gzip"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_sitemap_or_is_hostile_is_named_h5_h8_h18(what: str) -> None:
    body, kind, words = REFUSED[what]
    found = read_sitemap(body, url=f"{HOME}/sitemap.xml")
    assert isinstance(found, Unparsable)
    assert (found.kind, words in found.detail) == (kind, True), found


def test_entities_far_behind_the_beginning_are_not_expanded_h8() -> None:
    late = f'<!--{"x" * 9_000}--><!DOCTYPE u [<!ENTITY e0 "ha">{ENTITIES}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read(f"{late}<urlset><url><loc>{HOME}/&e9;&f;</loc></url><url><loc>{HOME}/a</loc></url></urlset>".encode())
    assert found.is_malformed
    assert set(urls(found)) <= {"/a"}
    assert "haha" not in repr(found)
    assert "root:" not in repr(found)


def test_more_urls_than_the_protocol_allows_are_not_read() -> None:
    found = read(urlset(*(f"{HOME}/{n}" for n in range(MAX_URLS + 5))))
    assert found.url_count == MAX_URLS
    assert f"over {MAX_URLS} URLs: the rest was not read" in found.notes


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_no_bytes_raise(body: bytes) -> None:
    for prefix in (b"", b"\x1f\x8b\x08", b"<urlset><url><loc>", b"https://a.example/\n"):
        assert isinstance(read_sitemap(prefix + body, url=f"{HOME}/s.xml"), ReadSitemap | Unparsable)


# --- indexes --------------------------------------------------------------------------------------------------------


def test_an_index_names_parts_of_its_own_site_only() -> None:
    body = index(("/a.xml", "2026-03-01"), (f"{HOME}/a.xml", None), ("https://cdn.paper.example/b.xml", None),
                 ("https://evil.example/c.xml", None), ("javascript:x", None))  # fmt: skip
    found = read(body)
    assert found.parts == (
        Part(url=f"{HOME}/a.xml", modified="2026-03-01"),
        Part(url="https://cdn.paper.example/b.xml"),
    )
    assert found.notes == ("parts on other sites than paper.example were left out: 1",)


def test_of_a_huge_index_the_newest_parts_are_followed_h13() -> None:
    parts = [(f"{HOME}/{n}.xml", f"{1000 + n}-01-01") for n in range(1_020, MAX_PARTS + 1_070)]
    found = read(
        index(*((url, f"2026-01-{1 + n % 28:02}" if n < 50 else "2020-01-01") for n, (url, _) in enumerate(parts)))
    )
    assert len(found.parts) == MAX_PARTS
    assert {part.url for part in found.parts} >= {url for url, _ in parts[:50]}
    assert any(f"only {MAX_PARTS} are followed" in note for note in found.notes)


def test_a_whole_sitemap_is_read_for_a_first_look() -> None:
    whole = read_whole_sitemap(urlset((f"{HOME}/old", "2001-01-01")), url=HOME)
    assert not isinstance(whole, Unparsable)
    assert [entry.url for entry in whole.entries] == [f"{HOME}/old"]


# --- which documents are asked --------------------------------------------------------------------------------------

ROOT = SitemapDocument(url=f"{HOME}/sitemap.xml", is_read=True, asked_at=NOW - timedelta(hours=1))


def part(name: str, **fields: object) -> SitemapDocument:
    given_ = {"url": f"{HOME}/{name}.xml", "index_url": ROOT.url, "depth": 1, **fields}
    return SitemapDocument(**given_)  # type: ignore[arg-type]


def test_a_part_is_due_when_the_index_says_that_it_changed() -> None:
    assert is_due(part("a", listed="2026-03-01"), NOW)
    assert not is_due(part("a", listed="2026-03-01", modified="2026-03-01", asked_at=NOW), NOW)
    assert is_due(part("a", listed="2026-03-02", modified="2026-03-01", asked_at=NOW), NOW)
    assert not is_due(part("a", listed="2026-03-02", is_listed=False), NOW)


def test_a_part_without_lastmod_is_asked_each_time_and_without_validators_less_often_p6() -> None:
    hour_ago = NOW - timedelta(hours=1)
    assert is_due(part("a"), NOW)
    assert is_due(part("a", asked_at=hour_ago, validators=Validators(etag='"1"')), NOW)
    assert not is_due(part("a", asked_at=hour_ago), NOW)
    assert is_due(part("a", asked_at=NOW - timedelta(hours=3)), NOW)


def test_a_part_that_fails_backs_off_to_a_day_p13() -> None:
    def waits(count: int) -> timedelta:
        failing = part("a", listed="x", failure_count=count, asked_at=NOW)
        return next(t for t in map(timedelta, (0,) * 49, range(0, 49 * 1800, 1800)) if is_due(failing, NOW + t))

    assert [waits(n) for n in (1, 2, 3, 9)] == [timedelta(hours=h) for h in (2, 4, 8, 24)]


def test_the_newest_come_first_what_waits_longest_before_others_and_no_more_than_a_few() -> None:
    documents = [
        part("undated", asked_at=None),
        part("old", listed="2026-01-01"),
        part("new-asked", listed="2026-03-02T07:00:00Z", modified="x", asked_at=NOW),
        part("new", listed="2026-03-02T01:00:00Z"),
    ]
    order: list[str] = []
    while (found := next_document(documents, asked_count=len(order), now=NOW)) is not None:
        order.append(found.url.removeprefix(f"{HOME}/"))
        documents.remove(found)
    assert order == ["new.xml", "new-asked.xml", "old.xml", "undated.xml"]
    assert next_document([part("a")], asked_count=PARTS_PER_POLL, now=NOW) is None
    assert next_document([ROOT], asked_count=0, now=NOW) is None


def test_what_joins_a_known_index_is_an_addition_unless_another_left() -> None:
    a, b = Part(url=f"{HOME}/a.xml"), Part(url=f"{HOME}/b.xml")
    known = part("a")
    (joined,) = list_parts(ROOT, [a, b], [ROOT, known], now=NOW)
    assert (joined.url, joined.absent_at) == (b.url, ROOT.asked_at)
    gone, renamed = list_parts(ROOT, [b], [ROOT, known], now=NOW)
    assert (gone.is_listed, gone.absent_at, renamed.absent_at) == (False, NOW, None)
    (first,) = list_parts(replace(ROOT, is_read=False), [a], [ROOT], now=NOW)
    assert first.absent_at is None
    assert list_parts(ROOT, [a], [ROOT, known], now=NOW) == ()
    (back,) = list_parts(ROOT, [a], [ROOT, replace(known, is_listed=False)], now=NOW)
    assert back.is_listed


def test_archives_of_a_new_index_are_left_unread_but_for_the_newest_few() -> None:
    parts = [Part(url=f"{HOME}/{year}.xml", modified=f"{year}-06-01") for year in range(1990, 2026)]
    listed = list_parts(replace(ROOT, is_read=False), parts, [ROOT], now=NOW)
    due = sorted(document.url[-8:-4] for document in listed if is_due(document, NOW))
    assert due == [str(year) for year in range(2026 - PARTS_PER_POLL, 2026)]


def test_what_an_unread_document_holds_is_new_since_the_source_was_polled_before() -> None:
    assert first_since(part("a"), polled_at=None, now=NOW) == NOW - FIRST_WINDOW
    week_ago = NOW - timedelta(days=7)
    assert first_since(part("a"), polled_at=week_ago, now=NOW) == week_ago - FIRST_WINDOW
    assert first_since(part("a", absent_at=week_ago), polled_at=NOW, now=NOW) == week_ago - FIRST_WINDOW
    assert first_since(part("a"), polled_at=NOW + timedelta(days=400), now=NOW) == NOW - FIRST_WINDOW  # F9
