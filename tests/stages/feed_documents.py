"""Feeds as Hypothesis makes them up: every element that a reader knows, in every order, with all that XML allows."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "own": "https://herald.example/ns",
}
_ODD_SPACES = {
    "media": "http://www.rssboard.org/media-rss",
    "itunes": "http://www.itunes.com/DTDs/Podcast-1.0.dtd",
    "dc": "http://purl.org/dc/elements/1.1",
    "content": "http://purl.org/dc/terms/",
    "own": "http://search.yahoo.com/mrss/",
}
_TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "Model recalled", "Über “Modelle”", "FranÃ§ais", "  spaced \n out ", "a &amp; b", "x < y",
         "<b>bold</b>", "Mon, 02 Mar 2026 10:20:30 GMT", "2026-03-02T10:20:30+01:00", "31 Feb 2026", "yesterday", "60",
         "en-GB", "weekly", "https://herald.example/1", "/2", "tag:herald.example,2026:3", "4", "http:///x//y", "Ann",
         "javascript:alert(1)", "a?b=1&c=2", "a?b=1&amp;c;=2", "ann@herald.example (Ann)", "n" * 60, "n" * 400]
    ),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12),
)  # fmt: skip
_USUAL = ["title", "link", "guid", "id", "pubDate", "published", "updated", "dc:date", "description", "summary",
          "content", "content:encoded", "author", "dc:creator", "itunes:author", "itunes:summary", "media:title",
          "media:thumbnail", "media:description", "category", "comments", "atom:link"]  # fmt: skip
_PLAIN = [
    *_USUAL * 3,
    *("language", "dc:language", "dc:title", "subtitle", "rights", "ttl", "sy:updatePeriod", "sy:updateFrequency"),
    *("own:thing", "own:name", "own:title", "enclosure", "generator", "name", "atom:updated", "dcterms:modified"),
    *("issued", "modified", "date", "Title", "image"),
]
_NESTED = ["author", "source", "media:group", "media:content", "own:box", "contributor", "image", "textInput"]
_TYPES = ["text", "html", "xhtml", "text/html", "TEXT", "application/octet-stream", "image/png", ""]
_ATTRIBUTES: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.sampled_from(
        [{"href": "https://herald.example/5"}, {"isPermaLink": "false"}, {"type": "html"}, {"type": "xhtml"}]
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "rel": st.sampled_from(["alternate", "self", "hub", "SELF", "enclosure", ""]),
            "href": st.sampled_from(["https://herald.example/5", "/6", "", "http:////7", "8?a&b", "javascript:9"]),
            "type": st.sampled_from(_TYPES),
            "isPermaLink": st.sampled_from(["true", "false", "True"]),
            "xml:lang": st.sampled_from(["de", "", "en_GB"]),
            "xml:base": st.sampled_from(["https://base.example/a/", "deeper/", "/top/", ""]),
            "url": st.sampled_from(["https://herald.example/10", ""]),
            "own:href": st.just("https://herald.example/11"),
            "mode": st.sampled_from(["escaped", "base64"]),
        },
    ).map(lambda stated: dict(list(stated.items())[:3])),
)


def _legal(text: str) -> str:
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


@st.composite
def _inner(draw: st.DrawFn) -> str:
    """Text as XML has it: escaped, in CDATA, in references, around a comment."""
    text = _legal(draw(_TEXTS))
    match draw(st.sampled_from(["escaped", "cdata", "cdata", "escaped", "references", "comment", "xhtml"])):
        case "cdata":
            return f"<![CDATA[{text.replace(']]>', '')}]]>"
        case "references":
            return "".join(f"&#{ord(c)};" for c in text if c != "\x7f")
        case "comment":
            return f"{escape(text[:3])}<!-- aside --><?own thing?>{escape(text[3:])}"
        case "xhtml":
            inner = f"<p class='x' Title='&quot;&lt;'>{escape(text)}<br/>z</p>"
            space = "http://www.w3.org/1999/xhtml"
            wrapped = f" <div xmlns='{space}'>{inner}</div> "
            return draw(st.sampled_from([wrapped, f"<h:p xmlns:h='{space}'>{inner}</h:p>", f"<div xmlns='{space}'/>"]))
        case _:
            return escape(text)


def _element(name: str, attributes: dict[str, str], inner: str) -> str:
    stated = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{stated}>{inner}</{name}>"


@st.composite
def _leaf(draw: st.DrawFn) -> str:
    name, attributes, inner = draw(st.sampled_from(_PLAIN)), draw(_ATTRIBUTES), draw(_inner())
    if "xhtml" in inner and draw(st.integers(0, 9)) != 7:
        name = draw(st.sampled_from(["title", "summary", "content", "rights"]))
        attributes = {"type": "xhtml"}
    return _element(name, attributes, inner)


def _leaves(most: int) -> st.SearchStrategy[str]:
    return st.lists(_leaf(), max_size=most).map("".join)


@st.composite
def _children(draw: st.DrawFn, most: int) -> str:
    parts = [draw(_leaves(most))]
    if draw(st.integers(0, 3)) == 3:
        name = draw(st.sampled_from(_NESTED))
        inner = draw(_leaves(2)) if name != "author" or draw(st.booleans()) else _people(draw)
        parts.insert(draw(st.integers(0, 1)), _element(name, {}, inner))
        parts.append(draw(_leaves(3)))
    return "".join(parts)


def _people(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(["name", "email", "uri", "own:thing"]), max_size=3))
    return " ".join(_element(part, {}, escape(_legal(draw(_TEXTS)))) for part in parts)


@st.composite
def feed_documents(draw: st.DrawFn) -> bytes:
    """A feed of any format; some are damaged, and some shout."""
    spaces = SPACES | draw(st.sampled_from([*[{}] * 20, *({key: uri} for key, uri in _ODD_SPACES.items())]))
    declared = "".join(f" xmlns:{key}={quoteattr(uri)}" for key, uri in spaces.items())
    root = draw(st.sampled_from(["rss", "rss", "feed", "feed", "rdf"]))
    entry = "entry" if root == "feed" else "item"
    entries = [_element(entry, draw(_entry_attributes), draw(_children(8))) for _ in range(draw(st.integers(0, 3)))]
    head, tail = draw(_children(4)), draw(_leaves(1))
    stated = draw(st.sampled_from(["", "", " xml:lang='de'", " xml:base='https://base.example/'", " lang='fr_FR'"]))
    if root == "feed":
        atom03 = "xmlns='http://purl.org/atom/ns#' version='0.3'"
        opened = draw(st.sampled_from(["xmlns='http://www.w3.org/2005/Atom'", atom03]))
        body = f"<feed {opened}{declared}{stated}>{head}{''.join(entries)}{tail}</feed>"
    elif root == "rss":
        version = draw(st.sampled_from(["2.0", "0.91", "0.92", "3"]))
        body = f"<rss version='{version}'{declared}{stated}><channel>{head}{''.join(entries)}{tail}</channel></rss>"
    else:
        declared = declared.replace(" xmlns:atom=" + quoteattr(SPACES["atom"]), "")
        body = (
            f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
            f"{declared}{stated}><channel>{head}</channel>{''.join(entries)}</rdf:RDF>"
        ).replace("atom:", "own:")
    if draw(st.integers(0, 9)) == 7:
        junk = draw(st.sampled_from(["&", "\x85", "&nbsp;", "\x00", "&#133;", "]]>", "<", "<br>"]))
        body = body.replace("</", junk + "</", 1)
    if draw(st.integers(0, 9)) == 7:
        for name in draw(
            st.sampled_from([("title", "link"), ("rss", "channel", "version"), ("item", "entry"), ("base",)])
        ):
            body = re.sub(rf"(</?|[ :]){name}(?=[\s>=])", lambda found: found[0].upper(), body)
    prolog = draw(st.sampled_from(["", "<?xml version='1.0' encoding='utf-8'?>\n", "<!-- made up -->"]))
    return (prolog + body).encode()


_entry_attributes = st.sampled_from([{}, {}, {}, {"xml:base": "https://entry.example/"}, {"lang": "it"}])
