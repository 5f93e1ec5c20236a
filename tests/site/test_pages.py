"""The pages of the site as readers and machines read them, without script and without style."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from monitor.model import Document, Manner, RevisionKind, Severity, Wire
from monitor.model.feeds import TakeDown, TakeDownReason
from monitor.site.addresses import Kind, ListAddress
from monitor.site.lists import Counts, archive_page, latest_page, list_page
from monitor.site.pages import (
    Logged,
    corrections_page,
    gone_page,
    guide_page,
    search_page,
    sourcing_page,
    statistics_page,
    wire_page,
)
from monitor.site.registers import codes_page, providers_page, severities_page
from monitor.site.sheet import line_of
from tests.site.newsroom import AT, BASE, HOUSE, SITE, XSS, a_citation, a_wire, parsed, revised, texts, words


def page_of(wire: Wire, number: int | None = None) -> Document:
    """The wire's page, or that of one of its revisions."""
    revision = wire.revisions[-1 if number is None else number - 1]
    return wire_page(HOUSE, wire, revision, is_permanent=number is not None)


def every_page() -> list[Document]:
    wire = revised(a_wire(), RevisionKind.CORRECTION, note="It was one.")
    line = line_of(wire, SITE.providers)
    counts = Counts(months={"2026-03": {"SEV-3": 1}})
    return [
        page_of(wire),
        page_of(wire, 1),
        page_of(wire, 2),
        latest_page(HOUSE, [line], total=1),
        latest_page(HOUSE, [], total=0),
        archive_page(HOUSE, [line], counts),
        list_page(HOUSE, ListAddress(kind=Kind.PROVIDER, value="openai"), [line], counts=counts, total=1),
        list_page(HOUSE, ListAddress(kind=Kind.CODE, value="M2", month="2026-03"), [line], total=1),
        list_page(HOUSE, ListAddress(kind=Kind.SEVERITY, value="SEV-3"), [], counts=Counts(months={}), total=0),
        providers_page(HOUSE, {"openai": 1}),
        codes_page(HOUSE, {"M2": 1}),
        severities_page(HOUSE, {"SEV-3": 1}),
        guide_page(HOUSE),
        sourcing_page(HOUSE),
        corrections_page(HOUSE, [Logged(wire=wire, revision=wire.revisions[1])]),
        statistics_page(HOUSE, [], as_of=None, retracted=0),
        search_page(HOUSE, help=[("outage", "a word")]),
    ]


@pytest.mark.parametrize("document", every_page(), ids=lambda d: d.path)
def test_every_page_has_one_heading_a_language_its_address_and_its_feeds_o10(document: Document) -> None:
    page = parsed(document)
    assert len(page.xpath("//h1")) == 1
    assert page.get("lang") == "en"
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    assert canonical.startswith(BASE + "/")
    assert page.xpath("//meta[@property='og:url']/@content") == [canonical]
    kinds = page.xpath("//link[@rel='alternate']/@type")
    assert kinds[:3] == ["application/atom+xml", "application/rss+xml", "application/feed+json"]
    assert page.xpath("//link[@rel='alternate']/@href")[:3] == [f"{BASE}/feed.{e}" for e in ("atom", "rss", "json")]
    assert page.xpath("string(//meta[@name='description']/@content)")


@pytest.mark.parametrize("document", every_page(), ids=lambda d: d.path)
def test_every_page_is_whole_without_script_and_asks_nobody_else_h24(document: Document) -> None:
    page = parsed(document)
    assert not page.xpath("//*[@style] | //*[@onclick] | //style | //script[not(@src) and not(@type)]")
    loaded = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    assert all(address.startswith("/static/") for address in loaded)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not [a for a in page.xpath("//a/@href") if a.startswith("#") and a[1:] not in ids]
    levels = [int(h.tag[1]) for h in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_subscribing_by_e_mail_is_offered_only_where_somebody_can() -> None:
    assert not parsed(latest_page(HOUSE, [], total=0)).xpath("//a[@href='/subscribe']")
    mailing = replace(HOUSE, has_digests=True)
    assert parsed(latest_page(mailing, [], total=0)).xpath("//footer//a[@href='/subscribe']")
    assert mailing.version != HOUSE.version


def test_the_same_state_is_the_same_bytes_o4() -> None:
    wire = a_wire()
    assert page_of(wire) == page_of(wire)


def test_a_wire_has_every_part_of_the_model_in_its_order() -> None:
    text = words(parsed(page_of(a_wire())))
    at = 0
    for part in (
        "Latest", "Archive", "SEV-3", "OpenAI", "2 sources", "standard", "Chatbot invents a ruling",
        "Happened 1 March 2026", "Published 2 March 2026, 08:00 UTC", "A lawyer filed a brief", "[source]",
        "Why this is an AI incident", "The chatbot produced the rulings.", "Without the chatbot",
        "Classified by ada, an editor, on 2 March 2026. The first signal came from the press.",
        "Model behaviour", "False or misleading content", "OpenAI: all wires · Atom feed",
        "2 independent publishers, 2 articles cited", "Gazette, 2 March 2026, 03:00 UTC", "Revision 1", "How to cite",
        "BibTeX RIS APA", "tag:wire.example",
    ):  # fmt: skip
        at = text.find(part, at)
        assert at >= 0, f"{part} is missing, or out of its order"


def test_a_citation_is_one_click_away_in_three_forms() -> None:
    wire = revised(a_wire(), RevisionKind.UPDATE)
    place = f"/wires/{wire.slug}/revisions/2"
    assert parsed(page_of(wire)).xpath("//a[@download]/@href") == [f"{place}.{form}" for form in ("bib", "ris", "txt")]


def test_a_bulk_classification_says_so_until_an_editor_reviews_it() -> None:
    wire = a_wire()
    why = replace(wire.revisions[0].rationale, manner=Manner.BULK)  # type: ignore[type-var]
    bulk = replace(wire, revisions=(replace(wire.revisions[0], rationale=why),))
    assert "Classified in bulk with the launch archive on 2 March 2026" in words(parsed(page_of(bulk)))


def test_a_correction_stands_at_the_top_dated_and_the_old_text_says_that_it_is_old() -> None:
    wire = revised(a_wire(), RevisionKind.CORRECTION, note="It was three.", headline="Chatbot invents three rulings")
    page = parsed(page_of(wire))
    assert texts(page, "//*[@class='notice']") == ["Correction, 5 March 2026 It was three."]
    assert texts(page, "//p[@class='became']") == ["Corrected"]
    old = parsed(page_of(wire, 1))
    assert texts(old, "//h1") == ["Chatbot invents a ruling"]
    assert "as it was published on 2 March 2026, 08:00 UTC" in words(old)
    assert old.xpath("//meta[@name='robots']/@content") == ["noindex,follow"]
    assert old.xpath("//link[@rel='canonical']/@href") == [f"{BASE}/wires/{wire.slug}"]
    assert "Revision 2" not in words(old), "an old page speaks of its own time"


def test_a_revision_says_what_changed_in_facts_and_words() -> None:
    wire = revised(
        a_wire(), RevisionKind.CORRECTION, note="It was three.", severity=Severity.SEV_2,
        body="A lawyer filed a brief. Three rulings do not exist. One more sentence stands here. [source](article:1)",
    )  # fmt: skip
    page = parsed(page_of(wire, 2))
    assert texts(page, "//*[@id='changed']//tbody/tr/*") == ["Severity", "SEV-3", "SEV-2"]
    assert texts(page, "//*[@id='changed']//*[@class='difference']//del") == ["Two"]
    assert texts(page, "//*[@id='changed']//*[@class='difference']//ins")[0] == "Three"
    assert not parsed(page_of(wire, 1)).xpath("//*[@id='changed']")
    assert not parsed(page_of(wire)).xpath("//*[@id='changed']"), "the wire itself shows what holds"


def test_a_retraction_strikes_the_text_says_so_and_keeps_it() -> None:
    wire = revised(a_wire(), RevisionKind.RETRACTION, note="The filing was a hoax.")
    page = parsed(page_of(wire))
    assert texts(page, "//h1/del") == ["Chatbot invents a ruling"]
    assert "A lawyer filed a brief" in page.xpath("//div[@class='body']/del")[0].text_content()
    assert "Why this was taken for an AI incident" in words(page)
    assert "is-retracted" in parsed(latest_page(HOUSE, [line_of(wire, ())], total=1)).xpath("//li")[0].get("class")


def test_what_was_taken_down_says_why_and_not_what_it_was_about() -> None:
    taken = TakeDown(
        wire=a_wire().id, tag="tag:wire.example,2026:wire/1", slug="2026-a-person", at=AT, who="ada",
        reason=TakeDownReason.PRIVACY, note="the person asked",
    )  # fmt: skip
    document = gone_page(HOUSE, "/wires/2026-a-person", taken)
    assert document.status == 410
    text = words(parsed(document))
    assert "taken down to protect a person, on 2 March 2026" in text
    assert "asked" not in text
    assert "Taken down" in words(parsed(corrections_page(HOUSE, [Logged(taken=taken)])))


def test_machines_read_a_wire_as_a_news_article_with_sources_and_corrections_o10() -> None:
    wire = revised(a_wire(headline=XSS), RevisionKind.CORRECTION, note="It was one.")
    (text,) = parsed(page_of(wire)).xpath("//script[@type='application/ld+json']/text()")
    assert "<" not in text
    told = json.loads(text)
    assert told["@type"] == "NewsArticle"
    assert told["headline"] == f"Corrected: {XSS}"
    assert told["datePublished"] == "2026-03-02T08:00:00+00:00"
    assert told["dateModified"] == "2026-03-05T08:00:00+00:00"
    assert told["author"]["name"] == "The Wire"
    assert [c["publisher"]["name"] for c in told["citation"]] == ["Gazette", "Courier"]
    assert told["correction"] == [
        {"@type": "CorrectionComment", "text": "It was one.", "datePublished": "2026-03-05T08:00:00+00:00"}
    ]
    assert told["correctionsPolicy"] == f"{BASE}/corrections"


def test_a_link_preview_says_what_happened_and_that_it_was_corrected_o10() -> None:
    wire = revised(a_wire(), RevisionKind.CORRECTION, note="It was one.")
    page = parsed(page_of(wire))

    def told(name: str) -> str:
        return str(page.xpath(f"string(//meta[@property='{name}']/@content)"))

    assert told("og:type") == "article"
    assert told("og:title") == "Corrected: Chatbot invents a ruling"
    assert told("og:description").startswith("Corrected. A lawyer filed a brief.")
    assert told("article:modified_time") == "2026-03-05T08:00:00+00:00"


def test_a_source_without_an_address_is_named_and_linked_nowhere() -> None:
    wire = a_wire(citations=(a_citation(url="archive:0123456789abcdef0123456789abcdef", title="From the archive"),))
    page = parsed(page_of(wire))
    assert page.xpath("//*[@id='sources']//bdi[text()='From the archive']")
    assert not page.xpath("//*[@id='sources']//p[@class='title']/a")
    assert page.xpath("//sup/a/@href") == ["#source-1"]


def test_a_long_headline_a_name_in_arabic_and_four_hundred_sources_keep_the_order() -> None:
    cited = tuple(a_citation(f"paper-{n}") for n in range(400))
    wire = a_wire(citations=cited, headline="word " * 36, providers=("شركة",), occurred_on=date(2026, 2, 28))
    page = parsed(page_of(wire))
    assert len(page.xpath("//*[@id='sources']/ol/li")) == 400
    assert texts(page, "//p[@class='strip']/span/bdi") == ["شركة"]
    assert "400 sources" in words(page)


# --- lists --------------------------------------------------------------------------------------------------------


def test_the_archive_is_years_at_a_glance_each_month_a_link_that_tells_its_counts() -> None:
    counts = Counts(months={"2025-12": {"SEV-1": 1, "SEV-4": 3}, "2026-03": {"SEV-3": 2}})
    page = parsed(archive_page(HOUSE, [], counts))
    assert texts(page, "//section[@class='year']/h3") == ["2026 2 wires", "2025 4 wires"]
    (december,) = page.xpath("//a[@href='/archive/2025-12']")
    assert december.get("aria-label") == "December 2025: 4 wires: 1 SEV-1, 3 SEV-4"
    heights = [float(r.get("height")) for r in december.xpath(".//rect")]
    assert heights == [52.5, 17.5]  # SEV-4 below, SEV-1 on top; the tallest month is 70
    fills = [(r.get("class"), r.get("fill")) for r in december.xpath(".//rect")]
    assert fills == [("hatched edge-sev4", "url(#hatch-sev4)"), ("sev1", None)], "told apart without colour"
    assert len(page.xpath("//section[@class='year'][1]//li")) == 12


def test_a_month_of_many_wires_is_cut_into_parts_that_stay() -> None:
    line = line_of(a_wire(), SITE.providers)
    newest = parsed(list_page(HOUSE, ListAddress(month="2026-03"), [line], parts=3, total=450))
    assert texts(newest, "//h1") == ["March 2026"]
    assert texts(newest, "//h2[@id='found']") == ["450 wires: the newest 1"]
    assert newest.xpath("//nav[@class='pages']/a/@href") == ["/archive/2026-03/2", "/archive/2026-03/1"]
    full = ListAddress(month="2026-03", part=2)
    page = list_page(HOUSE, full, [line], parts=3, total=450)
    assert parsed(page).xpath("//nav[@class='pages']/a/@href") == ["/archive/2026-03"]
    assert page == list_page(HOUSE, full, [line], parts=9, total=1_777), "it speaks of nothing that may change"


def test_a_provider_has_its_names_its_feeds_and_its_months() -> None:
    address = ListAddress(kind=Kind.PROVIDER, value="openai")
    line = line_of(a_wire(), SITE.providers)
    page = parsed(list_page(HOUSE, address, [line], counts=Counts(months={"2026-03": {"": 1}}), total=1))
    assert "ChatGPT" in texts(page, "//p[@class='aliases']")[0]
    assert page.xpath("//p[@class='aliases']/a/@href") == [
        f"/providers/openai/feed.{e}" for e in ("atom", "rss", "json")
    ]
    assert f"{BASE}/providers/openai/feed.atom" in page.xpath("//link[@rel='alternate']/@href")
    assert page.xpath("//section[@class='year']//a/@href") == ["/providers/openai/2026-03"]


def test_who_waits_for_the_first_wire_of_a_provider_or_a_code_finds_its_feeds() -> None:
    for kind, value in ((Kind.PROVIDER, "adobe"), (Kind.CODE, "F12"), (Kind.SEVERITY, "SEV-1")):
        address = ListAddress(kind=kind, value=value)
        page = parsed(list_page(HOUSE, address, [], counts=Counts(months={}), total=0))
        feeds = page.xpath("//p[@class='aliases']/a[contains(., 'feed')]/@href")
        assert len(feeds) == 3
        assert {f"{BASE}{path}" for path in feeds} <= set(page.xpath("//link[@rel='alternate']/@href"))


def test_a_value_that_left_the_register_keeps_its_page() -> None:
    address = ListAddress(kind=Kind.PROVIDER, value="gone-inc")
    page = parsed(list_page(HOUSE, address, [], counts=Counts(months={}), total=0))
    assert texts(page, "//h1") == ["gone-inc"]
    assert "no longer in the register" in words(page)
    assert not page.xpath("//a[contains(@href, 'gone-inc/feed')] | //link[contains(@href, 'gone-inc/feed')]")


def test_severities_and_codes_say_what_they_mean_and_how_often() -> None:
    page = parsed(severities_page(HOUSE, {"SEV-3": 4, "SEV-1": 1}))
    assert "Death or lasting injury" in words(page)
    assert [float(r.get("width")) for r in page.xpath("//li/svg/rect")] == [25.0, 0.0, 100.0, 0.0]
    assert texts(page, "//span[@class='count']") == ["1 wire", "0 wires", "4 wires", "0 wires"]
    codes = parsed(codes_page(HOUSE, {"M2": 3}))
    assert codes.xpath("//a[@href='/codes/M2']")
    assert "1.0" in words(codes)


def test_how_sources_are_counted_is_said_with_the_guide_s_own_standards() -> None:
    page = parsed(sourcing_page(HOUSE))
    assert "Ten papers print one agency’s report" in words(page)
    assert "single-source: one publisher" in page.xpath("//blockquote")[0].text_content()


def test_the_log_leads_to_what_changed_and_to_earlier_years() -> None:
    wire = revised(a_wire(), RevisionKind.CORRECTION, note="It was one.")
    page = parsed(
        corrections_page(HOUSE, [Logged(wire=wire, revision=wire.revisions[1])], years=[(2026, 1), (2025, 120)])
    )
    assert page.xpath("//h2/a/@href") == [f"/wires/{wire.slug}/revisions/2"]
    assert texts(page, "//ol[@class='entries']//p[@class='facts']") == ["Correction 5 March 2026, 08:00 UTC"]
    assert page.xpath("//nav[@class='pages']/a/@href") == ["/corrections/2026", "/corrections/2025"]


def test_a_copy_of_the_site_that_cannot_search_says_so() -> None:
    page = parsed(search_page(HOUSE, help=[("outage chatgpt", "both words")]))
    assert page.xpath("//form[@role='search']/@action") == ["/search"]
    assert "a copy of the site that cannot search" in words(page)
