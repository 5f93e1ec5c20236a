"""Sitemaps by the rules of sitemaps.org 0.9 and of news sitemaps (O11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from monitor.site.sitemaps import NEWS_LIMIT, URL_LIMIT, News, index_of, news_of, parts_of, robots_of, urls_of
from tests.site.newsroom import BASE, HOUSE, XSS

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
AT = datetime(2026, 3, 2, 8, 0, 0, 5000, tzinfo=UTC)


def read(body: bytes) -> etree._Element:
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert len(body) <= 50 * 1024 * 1024
    return etree.fromstring(body)


def locations(root: etree._Element) -> list[str]:
    return [e.text or "" for e in root.findall(".//s:loc", NS)]


def test_a_sitemap_names_absolute_addresses_and_when_each_changed_o11() -> None:
    root = read(urls_of(HOUSE, [("/wires/a", AT), ("/guide", None)]))
    assert root.tag == f"{{{NS['s']}}}urlset"
    assert locations(root) == [f"{BASE}/wires/a", f"{BASE}/guide"]
    assert [e.text for e in root.findall(".//s:lastmod", NS)] == ["2026-03-02T08:00:00Z"]


def test_a_file_holds_fifty_thousand_addresses_and_no_more_o11() -> None:
    many = [(f"/wires/{n}", AT) for n in range(URL_LIMIT)]
    assert len(locations(read(urls_of(HOUSE, many)))) == 50_000
    with pytest.raises(ValueError, match="50,000"):
        urls_of(HOUSE, [*many, ("/one-more", None)])


@pytest.mark.parametrize(("wires", "paths"), [
    (0, ["/sitemaps/2026-03.xml"]),
    (50_000, ["/sitemaps/2026-03.xml"]),
    (50_001, ["/sitemaps/2026-03.xml", "/sitemaps/2026-03-2.xml"]),
])  # fmt: skip
def test_a_month_is_cut_where_one_file_would_hold_too_many_o11(wires: int, paths: list[str]) -> None:
    assert [part.path for part in parts_of("2026-03", wires)] == paths


def test_the_index_names_the_files_o11() -> None:
    root = read(index_of(HOUSE, ["/sitemaps/pages.xml", "/sitemaps/2026-03.xml"]))
    assert root.tag == f"{{{NS['s']}}}sitemapindex"
    assert locations(root) == [f"{BASE}/sitemaps/pages.xml", f"{BASE}/sitemaps/2026-03.xml"]


def test_the_news_sitemap_has_two_days_and_a_thousand_wires_at_most_o11() -> None:
    wires = [News(path=f"/wires/{n}", headline=XSS, published_at=AT - n * timedelta(hours=6)) for n in range(20)]
    root = read(news_of(HOUSE, wires))
    assert locations(root) == [f"{BASE}/wires/{n}" for n in range(8)]
    assert {e.text for e in root.findall(".//n:title", NS)} == {XSS}
    assert {e.text for e in root.findall(".//n:name", NS)} == {"The Wire"}
    assert {e.text for e in root.findall(".//n:language", NS)} == {"en"}
    assert root.findall(".//n:publication_date", NS)[0].text == "2026-03-02T08:00:00Z"
    crowd = [News(path=f"/wires/{n}", headline="H", published_at=AT) for n in range(NEWS_LIMIT + 5)]
    assert len(locations(read(news_of(HOUSE, crowd)))) == 1_000


def test_what_is_no_news_by_now_leaves_and_the_file_still_names_a_page_o11() -> None:
    wires = [News(path=f"/wires/{n}", headline="H", published_at=AT - n * timedelta(hours=6)) for n in range(20)]
    later = read(news_of(HOUSE, wires, now=AT + timedelta(hours=40)))
    assert locations(later) == [f"{BASE}/wires/0", f"{BASE}/wires/1"]
    for empty in (news_of(HOUSE, wires, now=AT + timedelta(days=3)), news_of(HOUSE, [])):
        assert locations(read(empty)) == [f"{BASE}/"]  # the schema wants one address at least
        assert read(empty).findall(".//n:news", NS) == []


def test_robots_are_shown_the_way_and_kept_from_the_desk_o11() -> None:
    lines = robots_of(HOUSE).decode().splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert "Disallow: /desk" in lines
