"""A page without a feed → entries, over a dozen layouts of real kinds, and over pages that nobody would write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.jobs.workers import Workers
from monitor.model import Entry, Failure, ParsedFeed, Unparsable
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.listing import SELECTOR_LIMIT, check_selector, propose_selectors, read_listing

LISTINGS = Path(__file__).parents[1] / "data" / "listings"
HOME = "https://acme.example"
LONG_TITLES = (
    "v1.4 (2026-03-02): The batch interface answers within an hour. Fixed: streams cut early were counted as complete.",
    "November 12, 2026: Memory for teams is on for all workspaces. It can be switched off by an administrator.",
    "October 30, 2026: Rollback of the personality update: the last update flattered its users, and was taken back.",
)
LAYOUTS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {  # file → address; title, URL, day of each entry
    "cards": (
        f"{HOME}/news",
        [
            ("Incident report on the March outage", f"{HOME}/news/incident-report-on-the-march-outage", "2026-03-01"),
            ("A new policy for model deprecation", f"{HOME}/news/a-new-policy-for-model-deprecation", "2026-02-24"),
            ("Acme opens an office in Vienna", f"{HOME}/news/acme-opens-an-office-in-vienna", "2026-02-11"),
            ("How we test agents before release", f"{HOME}/news/how-we-test-agents-before-release", "2026-01-30"),
        ],
    ),
    "whole_cards": (
        f"{HOME}/news",
        [
            ("Borealis 4 and its system card", f"{HOME}/news/borealis-4-system-card", "2026-03-02"),
            ("Our statement on the New York order", f"{HOME}/news/statement-on-the-new-york-order", "2026-02-27"),
            ("Security notice: leaked conversation titles", f"{HOME}/news/security-notice-feb-2026", "2026-02-19"),
            ("A fund for independent audits", f"{HOME}/news/fund-for-independent-audits", "2026-02-03"),
            ("An update of our classifiers", f"{HOME}/news/classifier-update", "2026-01-21"),
        ],
    ),
    "table": (
        f"{HOME}/enforcement",
        [
            ("Penalty notice: Northern Lending Ltd", f"{HOME}/enforcement/2026/041", "2026-03-02"),
            ("Reprimand: City of Eastport parking appeals", f"{HOME}/enforcement/2026/040", "2026-02-18"),
            ("Undertaking: Hale Recruitment", f"{HOME}/enforcement/2026/039", "2026-02-09"),
            ("Penalty notice: Kestrel Insurance plc", f"{HOME}/enforcement/2026/038", "2026-01-27"),
        ],
    ),
    "link_list": (
        f"{HOME}/presse.html",
        [
            ("Bußgeld gegen Betreiber eines Bewerberauswahlsystems", f"{HOME}/presse/2026-014.html", "2026-03-02"),
            ("Orientierungshilfe zu Sprachmodellen in Behörden", f"{HOME}/presse/2026-013.html", "2026-02-24"),
            ("Verfahren gegen Chatbot-Anbieter eingestellt", f"{HOME}/presse/2026-012.html", "2026-02-10"),
            ("Jahresbericht 2025 vorgestellt", f"{HOME}/presse/2026-011.html", "2026-01-28"),
            ("Gemeinsame Prüfung von Videoüberwachung mit KI", f"{HOME}/presse/2026-010.html", "2026-01-14"),
        ],
    ),
    "definition_list": (
        f"{HOME}/fr/decisions",
        [
            (
                "Reconnaissance faciale : amende contre la société Visage",
                f"{HOME}/fr/decision/reconnaissance-faciale-amende",
                "2026-03-03",
            ),
            ("Notation des allocataires : mise en demeure", f"{HOME}/fr/decision/notation-allocataires", "2026-02-19"),
            ("Assistants vocaux : clôture de la procédure", f"{HOME}/fr/decision/assistants-vocaux", "2026-02-02"),
            ("Bac à sable : douze projets retenus", f"{HOME}/fr/decision/bac-a-sable", "2026-02-01"),
        ],
    ),
    "day_groups": (
        f"{HOME}/updates",
        [
            ("Search answers with sources", f"{HOME}/updates/901-search-answers", "2026-03-02"),
            ("New limits for images", f"{HOME}/updates/900-image-limits", "2026-03-02"),
            ("Two voices are withdrawn", f"{HOME}/updates/899-withdrawn-voices", "2026-02-26"),
            ("A new region for customers in Europe", f"{HOME}/updates/898-new-region", "2026-02-25"),
            ("Keys now expire after a year", f"{HOME}/updates/897-keys", "2026-02-25"),
        ],
    ),
    "nav_heavy": (
        f"{HOME}/press",
        [
            (
                "Conglomerate suspends pricing algorithm after complaints",
                f"{HOME}/press/conglomerate-suspends-pricing-algorithm",
                "2026-03-01",
            ),
            ("Results of the fourth quarter", f"{HOME}/press/results-of-the-fourth-quarter", "2026-02-20"),
            ("New head of data protection", f"{HOME}/press/new-head-of-data-protection", "2026-02-08"),
        ],
    ),
    "mixed_hosts": (
        "https://www.lab.example/blog/",
        [
            ("Measuring refusals", "https://www.lab.example/blog/2026/03/measuring-refusals/", "2026-03-02"),
            ("What a jailbreak costs", "https://www.lab.example/blog/2026/02/what-a-jailbreak-costs/", "2026-02-14"),
            (
                "Our incident archive, five years on",
                "https://www.lab.example/blog/2026/01/our-incident-archive/",
                "2026-01-09",
            ),
            ("Agents in courts (in the Journal)", "https://journal.example/articles/agents-in-courts", "2025-12-01"),
        ],
    ),
    "changelog": (
        f"{HOME}/docs/changelog",
        [
            (
                LONG_TITLES[0],
                f"{HOME}/docs/changelog#v1.4",
                "2026-03-02",
            ),
            (
                "v1.3.1 (2026-02-20): A fix for tool calls that were sent twice. See errors.",
                f"{HOME}/docs/changelog#v1.3.1",
                "2026-02-20",
            ),
            ("v1.3 (2026-02-11): New Citations. Removed", f"{HOME}/docs/changelog#v1.3", "2026-02-11"),
            ("v1.2 (2026-01-15): Longer contexts for everybody.", f"{HOME}/docs/changelog#v1.2", "2026-01-15"),
        ],
    ),
    "release_sections": (
        f"{HOME}/notes",
        [
            (
                LONG_TITLES[1],
                f"{HOME}/notes#november-12-2026",
                "2026-11-12",
            ),
            (
                LONG_TITLES[2],
                f"{HOME}/notes#october-30-2026",
                "2026-10-30",
            ),
            ("October 21, 2026: Voice is faster.", f"{HOME}/notes#october-21-2026", "2026-10-21"),
        ],
    ),
    "script_only": (f"{HOME}/news", []),
    "one_teaser": (f"{HOME}/news", []),
}


def layout(name: str) -> bytes:
    return (LISTINGS / f"{name}.html").read_bytes()


def read(body: bytes | str, *, url: str = f"{HOME}/news", selector: str | None = None) -> ParsedFeed:
    feed = read_listing(body.encode() if isinstance(body, str) else body, url=url, selector=selector)
    assert isinstance(feed, ParsedFeed), feed
    return feed


def told(entry: Entry) -> tuple[str, str | None, str | None]:
    return entry.title, entry.url, None if entry.published_at is None else f"{entry.published_at:%Y-%m-%d}"


# --- layouts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_best_proposal_finds_the_articles_and_nothing_else(name: str) -> None:
    url, wanted = LAYOUTS[name]
    assert [told(entry) for entry in read(layout(name), url=url).entries] == wanted


@pytest.mark.parametrize("name", [name for name, (_, wanted) in LAYOUTS.items() if wanted])
def test_a_proposed_selector_really_selects_what_it_shows(name: str) -> None:
    url, _ = LAYOUTS[name]
    proposals = propose_selectors(layout(name), url=url)
    assert proposals
    assert [p.score for p in proposals] == sorted((p.score for p in proposals), reverse=True)
    for proposal in proposals:
        assert check_selector(proposal.selector) is None
        found = read(layout(name), url=url, selector=proposal.selector).entries
        assert (len(found), found[:5]) == (proposal.count, proposal.sample)


def test_every_layout_is_told() -> None:
    assert {path.stem for path in LISTINGS.glob("*.html")} == set(LAYOUTS)


def test_a_page_that_lists_nothing_says_why() -> None:
    assert "only once scripts have run" in read(layout("script_only")).notes[0]
    assert "look like a list of articles" in read(layout("one_teaser")).notes[0]
    assert read(layout("one_teaser"), selector=".card a").notes == ("the selector .card a finds nothing on the page",)
    assert "no link to another page" in read("<p class='x'>words</p>", selector=".x").notes[0]


def test_a_section_of_a_changelog_holds_its_own_text_and_not_its_neighbours() -> None:
    contents = [entry.content or "" for entry in read(layout("changelog"), url=f"{HOME}/docs/changelog").entries]
    assert "batch interface" in contents[0]
    assert ["Citations." in text for text in contents] == [False, False, True, False]
    assert "The first version of the models" in contents[2]  # under a heading of lower rank
    assert not any("Overview" in text for text in contents)


def test_page_title_and_language_are_the_feeds() -> None:
    feed = read(layout("table"), url=f"{HOME}/enforcement")
    assert (feed.title, feed.language, feed.format) == (
        "Enforcement notices - Office for Automated Decisions",
        "en-GB",
        "page",
    )


# --- links ----------------------------------------------------------------------------------------------------------


def test_only_web_addresses_other_than_the_page_itself_are_entries_h21() -> None:
    hrefs = [
        "javascript:alert(1)", " JaVa\tScript:alert(1)", "&#106;avascript:alert(1)", "data:text/html,x", "vbscript:x",
        "mailto:a@b.example", "tel:+1", "file:///etc/passwd", "#top", "", "/news", "/news#top", "/news?utm_source=x",
        "http://acme.example/news", "//other.example/a", "a-story", "?id=4",
    ]  # fmt: skip
    body = "".join(f'<p><a class="x" href="{href}">A title for it</a></p>' for href in hrefs)
    assert [entry.url for entry in read(body, selector="a.x").entries] == [
        "https://other.example/a",
        f"{HOME}/a-story",
        f"{HOME}/news?id=4",
    ]


def test_one_entry_for_each_address_however_it_is_spelled() -> None:
    body = """<li><a href="/a"><img src=x></a><h3><a href="http://acme.example/a/">The real title</a></h3>
    <a href="/a?utm_source=list#more">Read more</a></li><li><a href="/b">Another</a></li>"""
    assert [(e.title, e.url) for e in read(body, selector="li a").entries] == [
        ("The real title", f"{HOME}/a"),
        ("Another", f"{HOME}/b"),
    ]


@pytest.mark.parametrize(
    ("card", "title"),
    [
        ('<h3>The heading</h3><a href="/a">Read more</a>', "The heading"),
        ('<a href="/a"><h3>The heading</h3><p>And much more text below it.</p></a>', "The heading"),
        ('<h3>The heading</h3><p><a href="/a">Weiterlesen →</a></p>', "The heading"),
        ('<div class="item-title">A marked title</div><a href="/a">more</a>', "A marked title"),
        ('<a href="/a" aria-label="Told to screen readers"><img src="x"></a>', "Told to screen readers"),
        ('<a href="/a"><img src="x" alt="What the picture shows"></a>', "What the picture shows"),
        ('<a href="/a">What the link says</a><p>Other words</p>', "What the link says"),
        (
            '<a href="/a"><span>News</span><time>1 March 2026</time><p>Words of the title here</p></a>',
            "Words of the title here",
        ),
        ('<a href="/a">Tom &amp; Jerry<br>meet  <b>Vec</b>&lt;T&gt;</a>', "Tom & Jerry meet Vec<T>"),
    ],
)
def test_the_title_is_the_links_own_or_the_cards(card: str, title: str) -> None:
    body = f"<ul><li>{card}</li><li><h3>Other</h3><a href='/b'>Another one</a></li></ul>"
    assert read(body, selector="li a").entries[0].title == title


DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "card",
    [
        '<a href="/a">A title</a><time datetime="2026-03-01">yesterday</time>',
        '<a href="/a">A title</a><time>March 1, 2026</time>',
        '<a href="/a">A title</a> <span>1 March 2026</span>',
        '<a href="/a">A title</a> <span>Mar. 1, 2026</span>',
        '<a href="/a">A title</a> <span>1st of March 2026</span>',
        '<a href="/a">A title</a> <span>1. März 2026</span>',
        '<a href="/a">A title</a> <span>le 1er mars 2026</span>',
        '<a href="/a">A title</a> <span>1 de marzo de 2026</span>',
        '<a href="/a">A title</a> (01.03.2026)',
        '<a href="/a">A title</a> 2026/03/01',
        '<a href="/a">A title</a> <span>2026年3月1日</span>',
        '<meta itemprop="datePublished" content="2026-03-01"><a href="/a">A title</a>',
        '<a href="/a"><i>Mar 1, 2026</i><b>A title of words</b></a>',
    ],
)
def test_a_date_in_the_card_is_read(card: str) -> None:
    body = f"<ul><li>{card}</li><li><a href='/b'>Another one</a></li></ul>"
    first, other = read(body, selector="li a").entries
    assert (first.published_at, other.published_at) == (DAY, None)
    assert first.published


@pytest.mark.parametrize(
    "words", ["Notes of 1 March 2026 meeting of the council", "3/1/2026", "2026 in review", "v1.2.3"]
)
def test_what_is_no_date_or_could_be_two_is_none_h17(words: str) -> None:
    body = f"<ul><li><a href='/a'>A title</a><p>{words}</p></li><li><a href='/b'>Another</a></li></ul>"
    assert [entry.published_at for entry in read(body, selector="li a").entries] == [None, None]


def test_other_words_for_a_link_leave_its_identity() -> None:
    before, after = (read(f"<li><a href='/a{tail}'>{words}</a></li>", selector="a").entries[0]
                     for words, tail in (("One title", ""), ("Another", "/?utm_campaign=x")))  # fmt: skip
    assert (before.guid, before.title) == (after.guid, "One title")


def test_more_links_than_a_poll_takes_are_cut_and_said_h13() -> None:
    body = "".join(f"<li><a href='/story-{n}'>Story number {n}</a></li>" for n in range(MAX_ENTRIES + 7))
    feed = read(body, selector="li a")
    assert (len(feed.entries), feed.notes) == (
        MAX_ENTRIES,
        (f"{MAX_ENTRIES + 7} links: only the first {MAX_ENTRIES} were read",),
    )


# --- selectors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a[[", "cannot be used"),
        ("a:nonsense", "cannot be used"),
        ("x|a", "cannot be used"),
        ("a::before::after", "cannot be used"),
        ("a" * (SELECTOR_LIMIT + 1), "are the limit"),
        (" ".join("a" * 30), "steps and conditions"),
        ("a" + ":not(b)" * 30, "steps and conditions"),
        (":not(" * 80 + "a" + ")" * 80, "steps and conditions"),
    ],
)
def test_a_selector_that_is_none_gives_a_sentence(selector: str, words: str) -> None:
    found = read_listing(layout("cards"), url=HOME, selector=selector)
    assert isinstance(found, Unparsable)
    assert words in found.detail
    assert len(found.detail) < 400
    assert "\x00" not in found.detail


def test_a_costly_selector_on_a_hostile_page_ends_with_its_worker_h9() -> None:
    body = b"<main>" + b"<p><a href='/a'>x</a></p>" * 60_000
    with Workers(1, timeout_seconds=1) as workers:
        costly = workers.submit(
            "monitor.stages.listing:read_listing", body, url=HOME, selector="p:nth-last-child(2n) ~ p:nth-child(3n+1) a"
        )
        usual = workers.submit(
            "monitor.stages.listing:read_listing", layout("cards"), url=HOME, selector=".news-card a"
        )
        stopped = costly.result(60)
        assert isinstance(stopped, Unparsable)
        assert stopped.kind is Failure.TIMEOUT
        assert len(usual.result(60).entries) == 4


# --- hostile pages --------------------------------------------------------------------------------------------------

HOSTILE = {
    "empty": b"",
    "blank": b" \n\t",
    "text": b"Hello, this is not a page.",
    "json": b'{"news": ["/a", "/b"]}',
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    "a PDF": b"%PDF-1.7 <<>>",
}
ODD = {
    "open links": b"<a href='/x'>" * 60_000,
    "open blocks": b"<div>" * 100_000 + b"<a href='/a-b-c'>One two three</a>",
    "nested cards": b"".join(b"<div class='c'><a href='/n/a-%d'>One two three %d</a>" % (n, n) for n in range(3_000)),
    "a long class": b"<main><div class='" + b"a " * 200_000 + b"'><a href='/a-b-c'>One two three</a></div>",
    "long texts": b"".join(b"<li><a href='/a-b-%d'>%s</a></li>" % (n, b"word " * 30_000) for n in range(6)),
    "many dates": b"".join(b"<li>%s<a href='/a-b-%d'>One two</a></li>" % (b"12.12." * 5_000, n) for n in range(9)),
    "one word": b"".join(
        b"<li><h3 class='title'>%s</h3><a href='/a-%d'>more</a></li>" % (b"a" * 50_000, n) for n in range(9)
    ),
    "bytes": bytes(range(256)) * 50 + b"<a href='/x'>",
    "utf-16": "<ul><li><a href='/a-b-c'>One two three</a></li></ul>".encode("utf-16"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_page_is_named_h18_h26(what: str) -> None:
    found = read_listing(HOSTILE[what], url=HOME)
    assert isinstance(found, Unparsable)
    assert found.kind is Failure.NOT_A_FEED
    assert found.detail.startswith("not a page with links: ")


@pytest.mark.parametrize("what", ODD)
def test_an_odd_page_is_read_or_named_and_nothing_unsafe_comes_out_h13_h26(what: str) -> None:
    for selector in (None, "a", "li a"):
        found = read_listing(ODD[what], url=HOME, selector=selector)
        for entry in found.entries if isinstance(found, ParsedFeed) else ():
            assert len(entry.title) <= 500
            assert (entry.url or "").startswith(("http://", "https://"))


_TAGS = st.sampled_from(
    ["div", "p", "li", "ul", "a", "h2", "h3", "time", "table", "tr", "td", "main", "nav", "section", "dl", "dt", "dd"]
)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["2026-03-01", "Read more", "v1.2", "A title of four words"]
)
_HREF = st.sampled_from(
    ["/a", "/b-c-d", "#x", "javascript:x", "http://[", "//o.example/1", "?q=1", " /a ", "\x00/z", ""]
)


@st.composite
def _pages(draw: st.DrawFn) -> str:
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 25))):
        tag, closing = draw(_TAGS), draw(st.booleans())
        attributes = (
            f' href="{draw(_HREF)}"'
            if tag == "a"
            else draw(st.sampled_from(["", ' class="card title"', ' id="x"', ' id="v1.2"']))
        )
        parts.append(f"<{tag}{attributes}>{draw(_TEXT)}" + (f"</{draw(_TAGS)}>" if closing else ""))
    return "".join(parts)


@given(_pages(), st.sampled_from([None, "a", "li", "h2", "h3", ".card", "[id]", "*", "section"]))
@settings(max_examples=150, deadline=None)
def test_any_page_gives_entries_with_safe_addresses_each_once(page: str, selector: str | None) -> None:
    found = read_listing(page.encode("utf-8", "surrogatepass"), url=f"{HOME}/news", selector=selector)
    if isinstance(found, Unparsable):
        return
    assert len({entry.guid for entry in found.entries}) == len(found.entries)
    for entry in found.entries:
        assert entry.url is not None
        assert entry.url.startswith(("http://", "https://"))
        assert entry.url != f"{HOME}/news"
    for proposal in propose_selectors(page.encode("utf-8", "surrogatepass"), url=f"{HOME}/news"):
        assert len(read(page, selector=proposal.selector).entries) == proposal.count
