"""Well-formed RSS 0.9x to 2.0, RSS 1.0 and Atom 0.3 and 1.0 → RawFeed, in a tenth of the time that feedparser takes.

It reads what feedparser reads, to the letter, quirks included: which of two titles counts, when a description is a
content, what stands for a missing link. So entries keep their identity whichever of the two reads a feed. A document
that is not well formed, that has a DOCTYPE, or that holds anything whose reading is not certain here is feedparser's:
then the answer is None. `tests/stages/test_xmlfeed.py` holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.etree import _Element as Element

from monitor.stages.entry import MAX_ENTRIES, RawEntry
from monitor.stages.feed import RawFeed, credit_links, entry_links
from monitor.stages.taming import LONG_NAME
from monitor.stages.xmltext import CONTENT_TYPES, marked, plain, repaired
from monitor.stages.xmltree import (
    RDF_ABOUT,
    Bases,
    Names,
    Unsure,
    is_element,
    read_attributes,
    read_tree,
    read_version,
    resolve,
)

_WEB_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_QUERY_ENTITY = re.compile("&([A-Za-z0-9_]+);")
_PERSON = {
    **dict.fromkeys(("name", "itunes_name"), "name"),
    **dict.fromkeys(("email", "itunes_email"), "email"),
    **dict.fromkeys(("uri", "url", "homepage"), "href"),
}
_NAMES = frozenset(
    {"author", "creator", "contributor", "managingeditor", "webmaster", "owner", "publisher", "name", "email"}
)
_COLLIDING = frozenset({"links", "authors", "contributors", "tags"})  # what feedparser keeps lists under
_LONG_WHEN_ESCAPED = 28  # characters that may be more than LONG_NAME allows, all written as references


def read_xml_feed(text: str) -> RawFeed | None:
    """What the document says; None where feedparser is to be asked."""
    root = read_tree(text)
    if root is None:
        return None
    try:
        return _Reading(root, text).feed()
    except Unsure:
        return None


class _Place:
    """What is being described: the feed or, in `_Entry`, one entry."""

    __slots__ = ("links", "said")

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.links: list[tuple[str | None, str | None]] = []

    def say(self, name: str, value: str, depth: int) -> None:  # noqa: ARG002
        self.said[name] = value


class _Entry(_Place):
    """What stands deeper never replaces what stands higher."""

    __slots__ = ("contents", "depths", "source")

    def __init__(self) -> None:
        super().__init__()
        self.depths: dict[str, int] = {}
        self.contents: list[str] = []
        self.source: dict[str, str] = {}

    def say(self, name: str, value: str, depth: int) -> None:
        if depth <= self.depths.setdefault(name, depth):
            self.depths[name] = depth
            self.said[name] = value

    def raw(self, language: str | None) -> RawEntry:
        said = self.said.get
        return RawEntry(
            guid=said("id"),
            links=entry_links(said("link"), said("id"), self.links),
            title=said("title"),
            published=said("published"),
            updated=said("updated"),
            author=said("author"),
            summary=said("summary"),
            content=max(self.contents, key=len, default=None),
            language=said("language") or language,
            source=said("dc_source"),
            source_title=self.source.get("title"),
            source_url=self.source.get("href"),
            relations=credit_links(self.links),
        )


_Method = Callable[["_Reading", Element, int], None]


class _Context:
    """What the elements at one place of a document mean, by name."""

    def __init__(self) -> None:
        self._methods: dict[str, _Method] = {}

    def means(self, name: str, method: _Method) -> None:
        self._methods[name] = method

    def method(self, name: str) -> _Method:
        """The method for elements of this name; that of `*` where there is none."""
        local = name.rpartition("_")[2]
        if name in self._methods:
            return self._methods[name]
        if local in _COLLIDING or name.endswith("_detail") or (name[0] == "_" and local in self._methods):
            return _Reading.give_up
        return _Reading.pass_name if local in _NAMES else self._methods["*"]


_ROOT, _FEED, _ENTRY, _SOURCE, _IMAGE = (_Context() for _ in range(5))


def _reads(names: str, *contexts: _Context) -> Callable[[_Method], _Method]:
    def enlist(method: _Method) -> _Method:
        for name in names.split():
            for context in contexts:
                context.means(name, method)
        return method

    return enlist


class _Reading:
    """One pass over a document, in its order; each kind of element has a method, which is told how deep it stands."""

    def __init__(self, root: Element, text: str) -> None:
        self.root = root
        self.text = text
        self.names = Names(text)
        self.bases = Bases(root)
        self.has_bases = self.bases.count > 0
        self.is_long_name_check_done = False
        self.place = _Place()
        self.entry = _Entry()
        self.entries: list[_Entry] = []
        self.context = _ROOT
        self.methods: dict[_Context, dict[object, _Method]] = {}
        self.title_depth = -1  # where the title stands that counts so far
        self.has_skips = False
        self.has_content = False
        self.has_channel = False
        self.is_atom10 = False

    def feed(self) -> RawFeed:
        name = self.names.of(self.root)
        version = read_version(self.root, name)
        self.is_atom10 = version == "atom10"
        attributes = read_attributes(self.root)
        language = attributes.get("xml:lang", attributes.get("lang"))
        feed = self.place
        if language and name != "rdf_rdf":
            feed.said["language"] = language.replace("_", "-")
        if self.has_bases:
            self.bases.enter(self.root)
        self._walk(self.root, 1, _FEED if name == "feed" else _ROOT)
        if self.bases.count:
            raise Unsure  # one was stated where it was not followed
        return self._raw(feed, version)

    def _raw(self, feed: _Place, version: str) -> RawFeed:
        said, language = feed.said.get, feed.said.get("language")
        return RawFeed(
            format=version,
            title=said("title"),
            link=said("link"),
            id=said("id"),
            links=feed.links,
            language=language,
            ttl=said("ttl"),
            update_period=said("sy_updateperiod"),
            update_frequency=said("sy_updatefrequency"),
            has_skips=self.has_skips,
            entries=[entry.raw(language) for entry in self.entries],
        )

    # --- walking --------------------------------------------------------------------------------------------

    def _walk(self, parent: Element, depth: int, context: _Context) -> None:
        outer, self.context = self.context, context
        known = self.methods.setdefault(context, {})
        depth += 1
        for child in parent:
            method = known.get(child.tag) or self._learn(child, known)
            if self.has_bases and is_element(child):
                self.bases.enter(child)
                method(self, child, depth)
                self.bases.leave()
            else:
                method(self, child, depth)
        self.context = outer

    def _learn(self, node: Element, known: dict[object, _Method]) -> _Method:
        name = self.names.of(node) if is_element(node) else ""
        method: _Method = self.context.method(name) if name else _Reading.pass_by
        self.has_skips = self.has_skips or name.startswith("skip")
        known[node.tag] = method
        return method

    @_reads("cc_license", _ROOT)
    def pass_by(self, element: Element, depth: int) -> None:
        """What means nothing, and holds nothing that does."""

    @_reads("*", _FEED, _ENTRY, _SOURCE)
    @_reads("link guid id language dc_language", _SOURCE)
    @_reads("link url width height name", _IMAGE)
    def pass_over(self, element: Element, depth: int) -> None:
        """What means nothing here; what stands in it is read as if it stood beside it."""
        if len(element):
            self._walk(element, depth, self.context)

    def pass_name(self, element: Element, depth: int) -> None:
        """A name that is not asked for, and must not be so long that it is shortened."""
        self._check_name(element.text)
        self.pass_over(element, depth)

    @_reads(
        "rights copyright dc_rights subtitle tagline itunes_subtitle info feedburner_browserfriendly",
        _FEED,
        _ENTRY,
        _SOURCE,
    )
    @_reads("description", _IMAGE)
    def pass_text(self, element: Element, _depth: int) -> None:
        """Text or markup that is not asked for."""
        if len(element):
            self._marked(element)

    @_reads("*", _ROOT, _IMAGE)
    @_reads("abstract body xhtml_body fullitem channel feed rss", _FEED, _ENTRY, _SOURCE)
    @_reads("content content_encoded source", _FEED)
    @_reads("item entry textinput date itunes_owner", _ENTRY)
    @_reads("item entry textinput image source itunes_owner media_title dc_title", _SOURCE)
    @_reads("description dc_description media_description summary itunes_summary content content_encoded", _SOURCE)
    def give_up(self, _element: Element, _depth: int) -> None:
        raise Unsure

    # --- the document ---------------------------------------------------------------------------------------

    @_reads("channel", _ROOT)
    def channel(self, element: Element, depth: int) -> None:
        if self.has_channel or {"href", "lastmod"} & read_attributes(element).keys():
            raise Unsure
        self.has_channel = True
        self._walk(element, depth, _FEED)

    @_reads("item", _ROOT)
    @_reads("item entry", _FEED)
    def item(self, element: Element, depth: int) -> None:
        attributes = read_attributes(element)
        if len(self.entries) >= MAX_ENTRIES or "href" in attributes or "lastmod" in attributes:
            raise Unsure
        feed = self.place
        self.place = self.entry = entry = _Entry()
        self.title_depth = -1
        if about := attributes.get(RDF_ABOUT):
            entry.said["id"] = about
        self._walk(element, depth, _ENTRY)
        self.entries.append(entry)
        self.place, self.has_content = feed, False

    @_reads("image textinput", _ROOT, _FEED)
    def image(self, element: Element, depth: int) -> None:
        """The feed's picture, or its text input: no part of it is the feed's own."""
        self.title_depth = -1
        self._walk(element, depth, _IMAGE)

    @_reads("image", _ENTRY)
    def entry_image(self, element: Element, _depth: int) -> None:
        self.title_depth = -1
        if len(element):
            raise Unsure

    @_reads("source", _ENTRY)
    def source(self, element: Element, depth: int) -> None:
        """The feed that the entry was taken from."""
        self.title_depth = -1
        self.entry.source = {}
        if href := read_attributes(element).get("url"):
            self.entry.source["href"] = href
        self._walk(element, depth, _SOURCE)
        if not len(element) and (said := repaired(plain(element))):
            self.entry.source["title"] = said

    @_reads("dc_source", _ENTRY)
    def named_source(self, element: Element, depth: int) -> None:
        if element.items():
            raise Unsure  # feedparser keeps the attributes of what it does not know, not the text
        self.place.say("dc_source", repaired(plain(element)), depth)

    @_reads("title", _SOURCE, _IMAGE)
    def other_title(self, element: Element, depth: int) -> None:
        """The title of something else, which yet decides which later one counts."""
        if value := self._marked(element):
            self.title_depth = depth
        if self.context is _SOURCE:
            self.entry.source["title"] = value

    # --- feed and entry alike -------------------------------------------------------------------------------

    @_reads("title dc_title", _FEED, _ENTRY)
    def title(self, element: Element, depth: int) -> None:
        value = self._marked(element)
        if not -1 < self.title_depth <= depth:
            self.place.say("title", value, depth)
        if value:
            self.title_depth = depth

    @_reads("media_title", _FEED, _ENTRY)
    def media_title(self, element: Element, depth: int) -> None:
        title_depth = self.title_depth
        self.title(element, depth)
        self.title_depth = title_depth

    @_reads("link", _FEED, _ENTRY)
    def link(self, element: Element, _depth: int) -> None:
        attributes = read_attributes(element)
        rel = attributes.get("rel", "alternate")
        href = attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")
        stated = plain(element)
        if href is None:
            self._link_text(stated, rel)
            return
        href = resolve(href, self.bases.now)
        self.place.links.append((rel, href))
        if rel == "alternate" and CONTENT_TYPES.get(attributes.get("type", "html")) in _WEB_PAGES:
            self.place.said["link"] = href

    def _link_text(self, stated: str, rel: str) -> None:
        url = repaired(resolve(stated, self.bases.now)) if stated else ""
        if self.place is self.entry:
            url = url.replace("&amp;", "&")
        self.place.said["link"] = url = _QUERY_ENTITY.sub(r"&\g<1>", url)
        self.place.links.append((rel, url or None))

    @_reads("guid id", _FEED, _ENTRY)
    def guid(self, element: Element, depth: int) -> None:
        is_link = read_attributes(element).get("ispermalink", "true") == "true"
        stated = plain(element)
        value = repaired(resolve(stated, self.bases.now) if is_link and stated else stated)
        self.place.say("id", value, depth)
        if is_link:
            self.place.said.setdefault("link", value)

    @_reads("published issued pubdate dcterms_issued", _ENTRY)
    def published(self, element: Element, depth: int) -> None:
        self.place.say("published", repaired(plain(element)), depth)

    @_reads("updated modified lastbuilddate dc_date dcterms_modified", _ENTRY)
    def updated(self, element: Element, depth: int) -> None:
        self.place.say("updated", repaired(plain(element)), depth)

    @_reads("language dc_language", _FEED, _ENTRY)
    def language(self, element: Element, depth: int) -> None:
        self.place.say("language", repaired(plain(element)), depth)

    @_reads("ttl sy_updateperiod sy_updatefrequency", _FEED)
    def hint(self, element: Element, _depth: int) -> None:
        if element.items():
            raise Unsure  # feedparser keeps the attributes of what it does not know, not the text
        self.place.said[self.names.of(element)] = repaired(plain(element))

    # --- descriptions: the first is the summary, and a second one is a content --------------------------------

    @_reads("description dc_description media_description", _FEED)
    def feed_description(self, element: Element, depth: int) -> None:
        self.pass_text(element, depth)
        if "summary" in self.place.said:
            self.has_content = True

    @_reads("summary itunes_summary", _FEED)
    def feed_summary(self, element: Element, depth: int) -> None:
        self.feed_description(element, depth)
        self.place.said["summary"] = ""

    @_reads("description dc_description media_description summary itunes_summary", _ENTRY)
    def description(self, element: Element, depth: int) -> None:
        if "summary" in self.place.said and not self.has_content:
            self.content(element, depth)
        else:
            self.place.say("summary", self._marked(element), depth)

    @_reads("content content_encoded", _ENTRY)
    def content(self, element: Element, _depth: int) -> None:
        self.has_content = True
        value = self._marked(element)
        self.entry.contents.append(value)
        self.entry.said.setdefault("summary", value)

    def _marked(self, element: Element) -> str:
        if self.names.has_xlink and len(element):
            raise Unsure  # feedparser writes the declaration into the markup
        return marked(element, is_atom10=self.is_atom10)

    # --- people: the last author counts -----------------------------------------------------------------------

    @_reads("author managingeditor dc_author dc_creator itunes_author", _ENTRY)
    def author(self, element: Element, depth: int) -> None:
        """A name in plain text, or parts."""
        self._check_name(element.text)
        if not any(map(is_element, element)):
            self.entry.say("author", repaired(plain(element)), depth)
            return
        if (element.text or "").strip() or any((part.tail or "").strip() for part in element):
            raise Unsure
        person: dict[str, str] = {}
        for part in filter(is_element, element):
            self._read_part(person, part, depth + 1)
        self.entry.say("author", "", depth)
        self._name_author(person)

    def _read_part(self, person: dict[str, str], part: Element, depth: int) -> None:
        name = self.names.of(part)
        self._check_name(part.text)
        if name in _PERSON:
            self._name_author(person)
            person[_PERSON[name]] = plain(part)
            return
        method = _ENTRY.method(name)
        if len(part) or method is _Reading.author:
            raise Unsure
        method(self, part, depth)

    def _name_author(self, person: dict[str, str]) -> None:
        """The author as far as its parts go; before the first of them, the author before lends the name."""
        said = self.entry.said
        name, email = person.get("name"), person.get("email")
        if name or email:
            said["author"] = f"{name} ({email})" if name and email else name or email or ""
        elif not person and (before := said.get("author")):
            if "@" in before:
                raise Unsure
            person["name"] = before

    def _check_name(self, text: str | None) -> None:
        if text and len(text) > _LONG_WHEN_ESCAPED:
            if not self.is_long_name_check_done and LONG_NAME.search(self.text):
                raise Unsure
            self.is_long_name_check_done = True
