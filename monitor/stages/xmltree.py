"""Text → the tree of a well-formed document, and what feedparser calls the elements and attributes in it.

feedparser knows namespaces by their URI or, where it does not know that, by their prefix, and forgets case. What would
take it more thought than that raises `Unsure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element as Element

from monitor.stages.canonical import URL_LIMIT, is_plain_url
from monitor.stages.taming import DECLARATION, START

_RSS10 = "http://purl.org/rss/1.0/"
_RSS090 = "http://my.netscape.com/rdf/simple/0.9/"
_ATOM10 = "http://www.w3.org/2005/atom"
XHTML = "http://www.w3.org/1999/xhtml"
XLINK = "http://www.w3.org/1999/xlink"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_XML = "http://www.w3.org/xml/1998/namespace"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"

# Namespaces whose elements mean something to a reader of feeds, in lower case, with the prefix by which feedparser
# knows them; none is that of the formats themselves.
_PREFIXES = {
    **dict.fromkeys(
        (
            *("", _RSS10, _RSS090, _ATOM10, "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/modules/rss091#"),
            *("http://blogs.law.harvard.edu/tech/rss", "http://backend.userland.com/rss"),
        ),
        "",
    ),
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    XHTML: "xhtml",
    _XML: "xml",
}
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM_VERSIONS = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_MEANT = frozenset(_PREFIXES.values()) - {""}
_ATTRIBUTES = frozenset(
    {"about", "base", "href", "ispermalink", "lang", "lastmod", "mode", "rel", "src", "type", "uri", "url", "version"}
)  # that mean something; feedparser would take one of another namespace for it
_MANY = 64  # attributes of one element; a feed has half a dozen

_PARSER = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, collect_ids=False
)
_IS_TOO_DEEP = etree.XPath("boolean(" + "/*" * 64 + ")")  # levels; a feed has a dozen
_COUNT_BASES = etree.XPath("count(//*[@*[translate(local-name(), 'BASE', 'base') = 'base']])")
_PLAIN_BASE = re.compile(r"https?://[^\s?#;\\]+")
_DECLARED = re.compile(r"""xmlns:([\w.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # C1, in UTF-8
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*1(?:2[7-9]|[345]\d)|[xX]0*(?:7[fF]|[89][0-9a-fA-F]));")
_EMPTY_AUTHORITY = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)/+")


class Unsure(Exception):
    """The document holds something that is feedparser's to read."""


def read_tree(text: str) -> Element | None:
    """The root of a well-formed document without declarations, illegal characters or great depth; None for others."""
    text = text.lstrip()
    if START.match(text) is None or "<!DOCTYPE" in text or "\x7f" in text:
        return None  # without a DOCTYPE nothing is declared, whatever the entries say about entities
    try:
        data = DECLARATION.sub("", text, count=1).encode()
        if _CONTROL.search(data) or _CONTROL_REFERENCE.search(data):
            return None
        root = etree.fromstring(data, _PARSER)
    except (UnicodeEncodeError, etree.XMLSyntaxError):
        return None
    return None if _IS_TOO_DEEP(root) or any("&" in said or "<" in said for said in _asides(root)) else root


def _asides(root: Element) -> Iterator[str]:
    """Comments and processing instructions: to mend anything in them counts as damage."""
    kinds = (etree.Comment, etree.PI, etree.Entity)
    for siblings in (root.itersiblings(preceding=True), root.itersiblings(), root.iter(*kinds)):
        for aside in siblings:
            yield aside.text or ""


def read_version(root: Element, name: str) -> str:
    """Which format it is, the root being called `name`: the namespaces that it declares are asked first."""
    spaces = {(uri or "").lower() for uri in root.nsmap.values()}
    version = next((said for key, said in root.attrib.items() if str(key).lower() == "version"), "")
    if _RSS090 in spaces or {_RSS10, _ATOM10} <= spaces:
        raise Unsure
    if name in ("rss", "rdf_rdf") and _RSS10 in spaces:
        return "rss10"
    if name == "rss":
        return _RSS_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss")
    if name == "feed" and _RSS10 not in spaces:
        return "atom10" if _ATOM10 in spaces else _ATOM_VERSIONS.get(version, "atom")
    raise Unsure


class Names:
    """What the elements of one document are called."""

    def __init__(self, text: str) -> None:
        stated = {(prefix, one or other) for prefix, one, other in _DECLARED.findall(text)}
        for prefix, uri in stated:
            meant = _prefix(uri)
            if prefix in _MEANT and meant is None:
                if sum(prefix == p or uri == u for p, u in stated) > 1:
                    raise Unsure
            elif prefix in _MEANT and meant != prefix:
                raise Unsure
        self._uris = {uri for _, uri in stated}
        self.has_xlink = XLINK in self._uris

    def of(self, element: Element) -> str:
        """`title`, `dc_creator`, …; with nothing before its `_` in a default namespace that nobody knows."""
        uri, local = split(element.tag)
        prefix = _prefix(uri)
        if prefix is None:
            prefix = element.prefix or ""
            if not prefix and uri in self._uris:
                raise Unsure
            return f"{prefix}_{local}".lower()
        return f"{prefix}_{local}".lower() if prefix else local.lower()


def is_element(node: Element) -> bool:
    """Neither a comment nor a processing instruction."""
    return isinstance(node.tag, str)


def split(name: object) -> tuple[str, str]:
    """Namespace and local name."""
    if not isinstance(name, str):
        raise Unsure  # an entity
    uri, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
    return uri, local


def _prefix(uri: str) -> str | None:
    lowered = uri.lower()
    return "" if "backend.userland.com/rss" in lowered else _PREFIXES.get(lowered)


def read_attributes(element: Element, *, is_markup: bool = False) -> dict[str, str]:
    """By name in lower case, those of XML itself with its prefix; `rel` and `type` in lower case too.

    Of very many only those that mean something: to look each up takes longer the more there are. Of `is_markup` all.
    """
    names = element.keys()
    if len(names) > _MANY:
        if is_markup:
            raise Unsure
        names = [name for name in names if split(name.lower())[1] in _ATTRIBUTES]
    found = {}
    for name in names:
        key, value = name.lower(), element.get(name, "")
        if key[0] == "{":
            uri, local = split(key)
            if uri == _XML:
                key = "xml:" + local
            elif local in _ATTRIBUTES and key != RDF_ABOUT:
                raise Unsure
        found[key] = value.lower() if key in ("rel", "type") else value
    return found


class Bases:
    """xml:base (and base) as feedparser has it: where the root has none, a deeper one leaks out of its element."""

    def __init__(self, root: Element) -> None:
        self.count = int(_COUNT_BASES(root))
        self.now = ""
        self._above: list[str] = []

    def enter(self, element: Element) -> None:
        stated = element.get(_XML_BASE, element.get("base"))
        if stated is not None:
            self.count -= 1
        if stated:
            self.now = resolve(stated, self.now)
            if len(self.now) > URL_LIMIT or _PLAIN_BASE.fullmatch(self.now) is None:
                raise Unsure
        self._above.append(self.now)

    def leave(self) -> None:
        self._above.pop()
        if self._above and self._above[-1]:
            self.now = self._above[-1]


def resolve(url: str, base: str) -> str:
    """`url` against `base`, empty where that is no URL; as it is where there is no base."""
    if "///" in url:
        url = _EMPTY_AUTHORITY.sub(r"\1", url)
    if not base or is_plain_url(url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return ""
