"""Lists of subscriptions come in line by line, whatever is wrong with some of them, and go out as OPML 2.0."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FaultyFile
from monitor.model import Catalogue, Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.shipped import shipped_path
from monitor.stages.catalogue import read_catalogue
from monitor.stages.catalogue_edit import edit_catalogue
from monitor.stages.catalogue_splices import Change, first_records
from monitor.stages.newcomer import admit
from monitor.stages.opml import MAX_BYTES, MAX_COMPLAINTS, MAX_OUTLINES, Outline, Outlines, read_opml, write_opml

PATIENCE = 60  # processor seconds: what is quadratic takes hours

LIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- exported from <outline xmlUrl="https://comment.example/"/> -->
<opml version="2.0">
<head><title>Mine</title></head>
<body>
  <outline text="Regulators">
    <outline text="EU AI Office" type="rss" xmlUrl="https://ec.example/feed.xml?a=1&amp;b=2" language="en"/>
    <outline text="Courts">
      <outline title='The Court &#8212; "AI"' xmlUrl='https://court.example/rss'
               htmlUrl='https://court.example/'></outline>
    </outline>
  </outline>
  <outline text="Old" xmlUrl="feed://old.example/feed"/>
  <OUTLINE TEXT="Caps" XMLURL="feed:https://caps.example/feed" category="/press/tech,AI"/>
</body>
</opml>
"""


def read(text: str | bytes) -> Outlines:
    return read_opml(text if isinstance(text, bytes) else text.encode(), file="list.opml")


def body(*outlines: str) -> str:
    return "<opml version='2.0'><body>\n" + "\n".join(outlines) + "\n</body></opml>"


def test_a_list_gives_address_title_language_and_folders() -> None:
    found = read(LIST)
    assert found.complaints == []
    assert found.outlines == [
        Outline(
            line=7,
            url="https://ec.example/feed.xml?a=1&b=2",
            title="EU AI Office",
            language="en",
            words=("Regulators",),
        ),
        Outline(line=9, url="https://court.example/rss", title='The Court — "AI"', words=("Courts", "Regulators")),
        Outline(line=13, url="http://old.example/feed", title="Old"),
        Outline(line=14, url="https://caps.example/feed", title="Caps", words=("press", "tech", "AI")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_list_in_another_encoding_is_read(encoding: str) -> None:
    text = "<?xml version='1.0' encoding='%s'?>" % encoding.removesuffix("-sig")  # noqa: UP031
    found = read(
        (text + body('<outline text="Zeitung für KI" xmlUrl="https://zeitung.example/für"/>')).encode(encoding)
    )
    assert [(o.title, o.url) for o in found.outlines] == [("Zeitung für KI", "https://zeitung.example/f%C3%BCr")]


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ('<outline text="x" xmlUrl="file:///etc/passwd"/>', "scheme is file"),
        ('<outline text="x" xmlUrl="../../etc/passwd"/>', "scheme is missing"),
        ('<outline text="x" xmlUrl="javascript:alert(1)"/>', "scheme is javascript"),
        ('<outline text="x" xmlUrl="https://u:hunter2@x.example/"/>', "credentials"),
        ('<outline text="x" xmlUrl="https://"/>', "names no host"),
        ('<outline text="x" xmlUrl=""/>', "has no address"),
        ('<outline text="x" xmlUrl="&xxe;"/>', "scheme is missing"),
        ('<outline text="x" xmlUrl="https://x.example/', "malformed"),
        ('<outline text="x" xmlUrl="https://x.example/" <', "malformed"),
        ('<outline text="x" type="include" url="https://x.example/more.opml"/>', "it was not followed"),
        ('<outline text="x" type="link" url="https://x.example/"/>', "it was not followed"),
        ("<outline text='deep'>" * 50 + '<outline text="x" xmlUrl="https://x.example/"/>', "more than 50 deep"),
    ],
)
def test_a_bad_line_is_listed_and_the_good_ones_come_in_h30(outline: str, reason: str) -> None:
    good = '<outline text="good" xmlUrl="https://good.example/"/>'
    found = read(body(good, outline, good.replace("good.", "other.")))
    assert [o.url for o in found.outlines][:1] == ["https://good.example/"]
    (complaint,) = [c for c in found.complaints if c.subject == "x"]
    assert (complaint.line, reason in complaint.reason) == (3, True), complaint
    assert "hunter2" not in str(complaint)
    if "deep" not in outline:
        assert [o.url for o in found.outlines] == ["https://good.example/", "https://other.example/"]


GOOD = '<outline text="good" xmlUrl="https://good.example/"/>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE opml [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE opml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        f'<!DOCTYPE opml [<!ENTITY a0 "lol">{LAUGHS}]>',
    ],
)
def test_no_entity_is_expanded_and_nothing_is_fetched_h30(doctype: str) -> None:
    text = doctype + body(GOOD, '<outline text="&xxe;&a9;" xmlUrl="https://b.example/?&a9;"/>')
    found = read(text)
    assert [(o.title, o.url) for o in found.outlines] == [
        ("good", "https://good.example/"),
        ("&xxe;&a9;", "https://b.example/?&a9;"),
    ]


def test_100_000_outlines_are_the_most_and_the_rest_is_named_h30() -> None:
    last = GOOD.replace("good.", "last.")
    began = time.process_time()
    found = read(body("<outline text='a'/>" * (MAX_OUTLINES - 1) + GOOD + last * 5))
    assert time.process_time() - began < PATIENCE
    assert [o.url for o in found.outlines] == ["https://good.example/"]
    assert "more than 100,000 outlines: the rest was not read" in str(found.complaints[0])


def test_a_file_over_the_limit_is_not_looked_at_h30() -> None:
    with pytest.raises(FaultyFile, match="at most 10,000,000 are read"):
        read(b" " * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "hostile",
    [
        "<!--" * 2_000_000,
        "<!a>" * 2_000_000,
        "<!DOCTYPE a [" * 500_000,
        "<![CDATA[" * 900_000,
        "<?" * 4_000_000,
        "<a " * 3_000_000,
        "<outline " + "a=" * 4_000_000,
        "<outline " + "a" * 8_000_000,
        "<outline " + " " * 8_000_000,
        '<outline a="' * 700_000,
        "<outline text='a'>" * 500_000,
        "</outline>" * 900_000,
        "<" * 8_000_000,
        "&" * 8_000_000,
        "<outline text='" + "&" * 8_000_000 + "' xmlUrl='https://a.example/'/>",
        "<outline text='" + "&#x" * 2_000_000 + "'/>",
        "<outline text='a' xmlUrl='https://" + "a" * 8_000_000 + "'/>",
        "<outline text='a' category='" + "a/b," * 2_000_000 + "' xmlUrl='https://a.example/'/>",
    ],
    ids=lambda value: value[:14],
)
def test_a_hostile_list_takes_seconds_and_bounded_memory_h30(hostile: str) -> None:
    began = time.process_time()
    found = read("<opml><body>" + hostile)
    assert time.process_time() - began < PATIENCE
    assert len(found.complaints) <= MAX_COMPLAINTS


@pytest.mark.parametrize("text", ["", "<rss><channel/></rss>", "{}", "\x00" * 100, "<html><body>opml</body></html>"])
def test_what_is_no_opml_is_refused_by_name(text: str) -> None:
    with pytest.raises(FaultyFile, match=r"list.opml: the file: is not OPML"):
        read(text)


def test_what_is_broken_in_the_middle_gives_what_is_around_it() -> None:
    text = body(GOOD, "<outline text='a & b' xmlUrl='https://amp.example/?a&b'/>", "<<>>&&", "</p>", GOOD) + "<!-- cut"
    found = read(text)
    assert [o.title for o in found.outlines] == ["good", "a & b", "good"]
    assert "is cut off here" in str(found.complaints[-1])


# --- what becomes of a list ---------------------------------------------------------------------------------------

KNOWN = Catalogue(
    publishers=(Publisher(id=PublisherId("gazette"), name="The Gazette", domains=("gazette.example",)),),
    sources=(
        Source(
            id=SourceId("gazette-ai"),
            name="The Gazette: AI",
            url="https://www.gazette.example/ai.xml",
            origin=Origin.RESEARCH,
            tier=Tier.TERTIARY,
            publisher=PublisherId("gazette"),
            provider="acme",
        ),
    ),
)


def outline(url: str, title: str = "", *words: str) -> Outline:
    return Outline(line=1, url=url, title=title, words=words)


def test_what_is_known_already_is_passed_over() -> None:
    lines = [
        outline("HTTP://WWW.GAZETTE.EXAMPLE:80/ai.xml"),
        outline("https://a.example/"),
        outline("http://a.example/"),
    ]
    newcomers, known_count, complaints = admit(lines, KNOWN, file="list.opml")
    assert ([n.source.url for n in newcomers], known_count, complaints) == (["https://a.example/"], 2, [])


def test_a_publisher_is_known_again_by_its_domain_and_lends_its_voice() -> None:
    (newcomer,), _, _ = admit([outline("https://feeds.gazette.example/law", "Gazette Law")], KNOWN, file="l")
    source = newcomer.source
    assert newcomer.publisher is None
    assert (source.id, source.publisher) == ("gazette-law", "gazette")
    assert (source.origin, source.tier, source.provider) == (Origin.RESEARCH, Tier.TERTIARY, "acme")
    assert newcomer.reasons == (
        "the publisher is gazette: gazette.example is theirs",
        "research, tertiary: as gazette-ai, of the same publisher",
    )


@pytest.mark.parametrize(
    ("url", "title", "words", "origin", "tier", "publisher", "domains"),
    [
        ("https://news.acme.co.uk/rss", "AI | Acme News", (), "press", "secondary", "acme", ("acme.co.uk",)),
        ("https://www.ftc.gov/feed", "FTC", (), "regulator", "primary", "ftc", ("ftc.gov",)),
        ("https://www.gov.uk/x.atom", "GOV.UK", (), "regulator", "primary", "gov", ("www.gov.uk",)),
        ("https://cs.example.edu/rss", "CS", (), "research", "secondary", "example", ("example.edu",)),
        ("https://a.example/1", "A", ("Regulators & courts",), "regulator", "primary", "a", ("a.example",)),
        (
            "https://a.example/1",
            "A",
            ("incident-database", "primary"),
            "incident-database",
            "primary",
            "a",
            ("a.example",),
        ),
        ("https://jo.substack.com/feed", "Jo writes", (), "press", "secondary", "jo", ("jo.substack.com",)),
        ("https://feeds.feedburner.com/hn", "Hacker: News", (), "press", "secondary", "hacker-news", ()),
        ("https://127.0.0.1/feed", "Local", (), "press", "secondary", "local", ()),
    ],
)
def test_a_new_publisher_is_named_and_its_voice_guessed(
    url: str, title: str, words: tuple[str, ...], origin: str, tier: str, publisher: str, domains: tuple[str, ...]
) -> None:
    (newcomer,), _, _ = admit([outline(url, title, *words)], KNOWN, file="l")
    assert newcomer.publisher is not None
    assert (newcomer.publisher.id, newcomer.publisher.domains) == (publisher, domains)
    assert (newcomer.source.origin, newcomer.source.tier) == (origin, tier)
    assert len(newcomer.reasons) == 2


def test_ids_are_unique_whatever_the_titles_are() -> None:
    lines = [outline(f"https://a.example/{n}", "新聞" if n % 2 else "The Same") for n in range(6)]
    newcomers, _, _ = admit(lines, KNOWN, file="l")
    assert [n.source.id for n in newcomers] == ["the-same", "a", "a-the-same", "a-2", "a-the-same-2", "a-3"]
    assert [n.publisher is None for n in newcomers] == [False] + [True] * 5


def test_a_list_larger_than_feeds_yaml_can_be_comes_in_as_far_as_there_is_room_h30() -> None:
    lines = [outline(f"https://site{n}.example/feed", f"Site {n}") for n in range(3_000)]
    newcomers, _, complaints = admit(lines, KNOWN, file="list.opml")
    assert 1_500 < len(newcomers) < 2_500
    assert len(newcomers) + len(complaints) == 3_000
    assert "there is no room" in complaints[0].reason


HOSTS = st.sampled_from(
    [
        *("a_b.example", "xn--bcher-kva.example", "a.substack.com", "b_c.substack.com", "127.0.0.1", "[::1]", "1.2"),
        *("WWW.Example.ORG.", "a.b.c.co.uk", "com", "feeds.feedburner.com", "-x.example", "a..b.example", "localhost"),
    ]
)
OUTLINES = st.builds(
    lambda title, host, path, language, folder: (
        f"<outline text={quoteattr(folder)}><outline text={quoteattr(title)} language={quoteattr(language)} "
        f"xmlUrl={quoteattr(f'https://{host}/{path}')}/></outline>"
    ),
    st.text(max_size=30) | st.sampled_from(["null", "~", "- a", "# b", "a: b", "'", '"', "é" * 300, "\u2028", "-"]),
    HOSTS,
    st.text(max_size=8) | st.just("x" * 3_000),
    st.sampled_from(["", "en", "no", "EN", "zh-Hans", "en" + "-ab" * 100]),
    st.text(max_size=10) | st.sampled_from(["press", "tertiary", "Regulators"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(OUTLINES, max_size=6))
def test_whatever_a_list_holds_feeds_yaml_takes_all_that_was_admitted_h30(outlines: list[str]) -> None:
    found = read("<opml><body>" + "".join(outlines) + "</body></opml>")
    newcomers, known_count, _ = admit(found.outlines, KNOWN, file="list.opml")
    assert len(newcomers) + known_count + found.refused_count == len(outlines)
    publishers = tuple(n.publisher for n in newcomers if n.publisher is not None)
    change = Change(publishers=publishers, added=tuple(n.source for n in newcomers))
    before = first_records("", Change(publishers=KNOWN.publishers, added=KNOWN.sources)).text
    edited = edit_catalogue(before, change, file="feeds.yaml")
    assert len(edited.catalogue.sources) == 1 + len(newcomers)


# --- out ----------------------------------------------------------------------------------------------------------


def test_what_goes_out_is_opml_2_and_comes_in_again_as_it_was() -> None:
    catalogue = read_catalogue(shipped_path("feeds.yaml").read_text(encoding="utf-8"), file="feeds.yaml")
    page = replace(catalogue.sources[0], id=SourceId("page"), url="https://page.example/", kind=Kind.PAGE)
    odd = replace(page, id=SourceId("odd"), url="https://o.example/?a&b='\"", name="<\"&'>", cadence=timedelta(hours=1))
    sources = (*catalogue.sources, page, replace(odd, kind=Kind.STATUS))
    written = write_opml(sources, title="Mine & <yours>")
    root = ElementTree.fromstring(written)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Mine & <yours>")
    outlines = root.findall("body/outline/outline")
    assert all(o.get("text") and (o.get("type") == "rss") == bool(o.get("xmlUrl")) for o in outlines)
    found = read(written)
    assert found.complaints == []
    assert sorted((o.url, o.kind, o.title, o.language) for o in found.outlines) == sorted(
        (s.url, s.kind, s.name, s.language) for s in sources
    )
    newcomers, _, _ = admit(found.outlines, Catalogue(publishers=(), sources=()), file="l")
    first = {n.source.url: n.source for n in newcomers if n.publisher is not None}
    voices = {s.url: (s.origin, s.tier) for s in sources}
    assert all((s.origin, s.tier) == voices[url] for url, s in first.items())
