"""What is known of a place on the web × feeds.yaml → a source with all its keys, and why each is as it is.

A person says what they want to say; the rest is found out. A publisher is known again by its domains; its other sources
say origin, tier and provider; a new one is named after its domain. Where nothing is known: press, secondary.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from itertools import chain, count
from urllib.parse import unquote, urlsplit

from monitor.errors import FaultyFile
from monitor.model import Catalogue, Complaint, Finding, Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.stages.address import url_key
from monitor.stages.canonical import clean_line, cut, host_of, registrable_domain
from monitor.stages.catalogue import DOMAIN, MAX_CHARACTERS, MAX_NAME, MAX_NODES
from monitor.stages.catalogue_lines import Manner, Value, block_record, publisher_values, source_values
from monitor.stages.opml import Outline

MAX_SLUG = 60

# Hosts where many speak: each under a name of its own before the dot, or under one name for all.
_HOUSES = frozenset(
    {"substack.com", "wordpress.com", "tumblr.com", "beehiiv.com", "ghost.io", "hashnode.dev", "buttondown.com",
     "buttondown.email", "typepad.com", "livejournal.com", "medium.com"}
)  # fmt: skip
_RELAYS = frozenset(
    {"feedburner.com", "youtube.com", "reddit.com", "medium.com", "github.com", "gitlab.com", "google.com",
     "rsshub.app", "feedly.com", "inoreader.com", "mastodon.social", "bsky.app", "kill-the-newsletter.com",
     "politepol.com", "fetchrss.com", "rss.app", "statuspage.io", "zendesk.com"}
)  # fmt: skip
_PUBLIC_BODIES = re.compile(r"(^|\.)(gov|mil|gouv|gob|govt|europa)(\.[a-z]{2,3})?$")
_SCHOLARS = re.compile(r"(^|\.)(arxiv\.org|edu|ac)(\.[a-z]{2})?$")
_PARTS = re.compile(r"\s*(?:[|·•«»]|\s[-\N{EN DASH}\N{EM DASH}]\s|:\s)\s*")

# A word of a folder's name → what kind of voice is in it.
_WORDS: tuple[tuple[str, Origin], ...] = (
    ("incident", Origin.INCIDENT_DATABASE),
    ("regulat", Origin.REGULATOR), ("government", Origin.REGULATOR), ("policy", Origin.REGULATOR),
    ("court", Origin.REGULATOR), ("law", Origin.REGULATOR), ("legal", Origin.REGULATOR), ("standard", Origin.REGULATOR),
    ("probe", Origin.PROBE), ("monitoring", Origin.PROBE),
    ("research", Origin.RESEARCH), ("paper", Origin.RESEARCH), ("academi", Origin.RESEARCH),
    ("scien", Origin.RESEARCH), ("arxiv", Origin.RESEARCH),
    ("provider", Origin.PROVIDER), ("vendor", Origin.PROVIDER), ("status", Origin.PROVIDER),
    ("changelog", Origin.PROVIDER), ("release", Origin.PROVIDER), ("compan", Origin.PROVIDER),
    ("press", Origin.PRESS), ("news", Origin.PRESS), ("media", Origin.PRESS), ("blog", Origin.PRESS),
)  # fmt: skip
_TIERS = {Origin.PRESS: Tier.SECONDARY, Origin.RESEARCH: Tier.SECONDARY, Origin.INCIDENT_DATABASE: Tier.SECONDARY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is known of a source that somebody wants."""

    url: str
    kind: Kind = Kind.FEED
    selector: str | None = None
    # said by a person, and taken as it is; None is not said
    id: str | None = None
    name: str | None = None
    origin: Origin | None = None
    tier: Tier | None = None
    publisher: str | None = None  # the id of one that is known, or the name of a new one
    provider: str | None = None
    language: str | None = None
    cadence: timedelta | None = None
    is_aggregator: bool = False
    # found out
    title: str = ""  # as it names itself
    suggested_id: str = ""
    domain: str = ""  # of whoever publishes it, where that is not the host of the URL
    words: tuple[str, ...] = ()  # folders and categories it lay in


def with_finding(wish: Wish, finding: Finding) -> Wish:
    """The wish with what was found at its address."""
    return replace(
        wish,
        url=finding.url,
        kind=finding.kind,
        selector=finding.selector,
        title=finding.suggested_name or finding.title,
        suggested_id=finding.suggested_id,
        domain=finding.suggested_domain,
        language=wish.language or finding.language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A source as it would stand in feeds.yaml."""

    source: Source
    publisher: Publisher | None  # where it is new, too
    reasons: tuple[str, ...]  # one sentence for each thing that nobody said


class Reception:
    """Receives newcomers one by one; each is known to those that come after it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._sources = {source.id: source for source in catalogue.sources}
        self._by_url = {url_key(source.url): source for source in catalogue.sources}
        self._by_publisher: dict[str, list[Source]] = {}
        for source in catalogue.sources:
            self._by_publisher.setdefault(source.publisher, []).append(source)
        self._publishers = {publisher.id: publisher for publisher in catalogue.publishers}
        self._by_domain = {domain: p for p in catalogue.publishers for domain in p.domains}

    def find(self, url: str) -> Source | None:
        """The source that has this address already; the URL must be without fault."""
        return self._by_url.get(url_key(url))

    def check(self, wish: Wish) -> None:
        """Whether what a person said can be; raises FaultyFile before anybody looks at the address."""
        if wish.publisher is not None:
            self._named_publisher(wish, wish.publisher)
        if wish.id is not None and (known := self._sources.get(SourceId(wish.id))) is not None:
            raise _fault(wish, f"the id {wish.id} is that of {known.url}")

    def receive(self, wish: Wish) -> Newcomer:
        """The source that the wish comes to; raises FaultyFile where what a person said cannot be."""
        publisher, is_new, why = self._publisher(wish)
        origin, tier, provider, guess = self._voice(wish, publisher)
        name = _name(wish.name or wish.title or _fallback_name(wish))
        source = Source(
            id=SourceId(wish.id or self._free_id(wish, publisher, name)),
            name=name,
            url=wish.url,
            kind=wish.kind,
            selector=wish.selector,
            origin=origin,
            tier=tier,
            publisher=publisher.id,
            provider=provider,
            language=wish.language,
            cadence=wish.cadence,
            is_aggregator=wish.is_aggregator,
        )
        self._remember(source, publisher)
        return Newcomer(
            source=source, publisher=publisher if is_new else None, reasons=tuple(filter(None, (why, guess)))
        )

    # --- who speaks

    def _publisher(self, wish: Wish) -> tuple[Publisher, bool, str]:
        if wish.publisher is not None:
            return self._named_publisher(wish, wish.publisher)
        for domain in (wish.domain, host_of(wish.url)):
            if (known := self._speaker(domain)) is not None:
                return known[0], False, f"the publisher is {known[0].id}: {known[1]} is theirs"
        publisher = self._new_publisher(wish, wish.title or wish.name or "")
        theirs = f", who speaks at {publisher.domains[0]}" if publisher.domains else ""
        return publisher, True, f"the publisher {publisher.id} ({publisher.name}) is new{theirs}"

    def _named_publisher(self, wish: Wish, said: str) -> tuple[Publisher, bool, str]:
        if (known := self._publishers.get(PublisherId(said))) is not None:
            return known, False, ""
        if close := get_close_matches(said, list(self._publishers), n=1, cutoff=0.75):
            raise _fault(wish, f"there is no publisher {said}; did you mean {close[0]}? Say the name of a new one")
        publisher = replace(self._new_publisher(wish, said), name=_name(said))
        return publisher, True, f"the publisher {publisher.id} ({publisher.name}) is new"

    def _speaker(self, host: str) -> tuple[Publisher, str] | None:
        """Whoever speaks at a host: the narrowest domain that somebody claims."""
        for domain in _upwards(host):
            if (found := self._by_domain.get(domain)) is not None:
                return found, domain
        return None

    def _new_publisher(self, wish: Wish, title: str) -> Publisher:
        domain = _voice_domain(wish.domain or host_of(wish.url))
        label = domain.removeprefix("www.").partition(".")[0]
        key = self._free_key(_slug(label) or _slug(title) or "publisher", domain)
        name = _name(_publisher_name(title, label) or domain or key)
        is_free = bool(domain) and domain not in self._by_domain
        return Publisher(id=PublisherId(key), name=name, domains=(domain,) if is_free else ())

    def _free_key(self, key: str, domain: str) -> str:
        candidates = chain((key, _slug(domain)), _numbered(key))
        return next(candidate for candidate in candidates if candidate and candidate not in self._publishers)

    # --- what kind of voice

    def _voice(self, wish: Wish, publisher: Publisher) -> tuple[Origin, Tier, str | None, str]:
        siblings = self._by_publisher.get(publisher.id, [])
        origin, tier, provider, why = _from_siblings(siblings) if siblings else _from_nothing(wish)
        told = (wish.origin or origin, wish.tier or (tier if wish.origin in (None, origin) else _tier(wish.origin)))
        is_said = wish.origin is not None and wish.tier is not None
        return *told, wish.provider or provider, "" if is_said else f"{told[0]}, {told[1]}: {why}"

    # --- what it is called

    def _free_id(self, wish: Wish, publisher: Publisher, name: str) -> str:
        suggested = _slug(wish.suggested_id)
        key = _slug(name) if not suggested or suggested.isdigit() else suggested
        if not key or key in self._sources:
            key = f"{publisher.id}-{key}".strip("-")[: MAX_SLUG + 20]
        return next(candidate for candidate in chain((key,), _numbered(key)) if candidate not in self._sources)

    def _remember(self, source: Source, publisher: Publisher) -> None:
        self._sources[source.id] = source
        self._by_url.setdefault(url_key(source.url), source)
        self._by_publisher.setdefault(publisher.id, []).append(source)
        self._publishers.setdefault(publisher.id, publisher)
        for domain in publisher.domains:
            self._by_domain.setdefault(domain, publisher)


def admit(
    outlines: Sequence[Outline], catalogue: Catalogue, *, file: str
) -> tuple[list[Newcomer], int, list[Complaint]]:
    """The subscriptions of a list that are new, how many were known, and those that feeds.yaml has no room for."""
    reception, room = Reception(catalogue), _Room(catalogue)
    newcomers: list[Newcomer] = []
    complaints: list[Complaint] = []
    known_count = 0
    for outline in outlines:
        if reception.find(outline.url) is not None:
            known_count += 1
        elif room.is_full:
            reason = f"there is no room: feeds.yaml holds at most {MAX_NODES:,} values, some 2,000 sources"
            complaints.append(Complaint(file=file, line=outline.line, subject=outline.title, reason=reason))
        else:
            newcomers.append(reception.receive(_wish(outline)))
            room.take(newcomers[-1])
    return newcomers, known_count, complaints


def _wish(outline: Outline) -> Wish:
    return Wish(url=outline.url, kind=outline.kind, title=outline.title, language=outline.language, words=outline.words)


class _Room:
    """How much more the file can hold before its own limits refuse it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._nodes = self._letters = 0
        for record in (*map(publisher_values, catalogue.publishers), *map(source_values, catalogue.sources)):
            self._count(record)

    @property
    def is_full(self) -> bool:
        """Whether one more might be too many; a tenth is left for comments and for what else the file says."""
        return self._nodes > MAX_NODES * 0.9 or self._letters > MAX_CHARACTERS * 0.8

    def take(self, newcomer: Newcomer) -> None:
        self._count(source_values(newcomer.source))
        if newcomer.publisher is not None:
            self._count(publisher_values(newcomer.publisher))

    def _count(self, record: Mapping[str, Value]) -> None:
        self._nodes += 1 + 2 * len(record) + len(record.get("domains", ()))
        self._letters += len(block_record(record, Manner()))


def _fault(wish: Wish, reason: str) -> FaultyFile:
    return FaultyFile([Complaint(file="the command", line=None, subject=cut(wish.url, 80), reason=reason)])


def _from_siblings(siblings: list[Source]) -> tuple[Origin, Tier, str | None, str]:
    (origin, tier), _ = Counter((source.origin, source.tier) for source in siblings).most_common(1)[0]
    providers = {source.provider for source in siblings}
    provider = providers.pop() if len(providers) == 1 else None
    return origin, tier, provider, f"as {siblings[0].id}, of the same publisher"


def _from_nothing(wish: Wish) -> tuple[Origin, Tier, str | None, str]:
    host = wish.domain or host_of(wish.url)
    if wish.kind is Kind.STATUS:
        return Origin.PROVIDER, Tier.PRIMARY, None, "a status page speaks for what it watches"
    for word in wish.words:
        if (origin := _origin_of(word)) is not None:
            tier = next((Tier(word) for word in wish.words if word in set(Tier)), _tier(origin))
            return origin, tier, None, f"it lay in the folder {cut(clean_line(word), 60)}"
    if _PUBLIC_BODIES.search(host):
        return Origin.REGULATOR, Tier.PRIMARY, None, f"{host} is a public body's"
    if _SCHOLARS.search(host):
        return Origin.RESEARCH, Tier.SECONDARY, None, f"{host} is a place of research"
    return Origin.PRESS, Tier.SECONDARY, None, "nothing says otherwise"


def _origin_of(word: str) -> Origin | None:
    said = word.lower()
    if said in set(Origin):
        return Origin(said)
    return next((origin for part, origin in _WORDS if part in said), None)


def _tier(origin: Origin) -> Tier:
    return _TIERS.get(origin, Tier.PRIMARY)


# --- names --------------------------------------------------------------------------------------------------------


def _upwards(host: str) -> Iterator[str]:
    """The host and the domains above it, down to the one that somebody registered."""
    end = registrable_domain(host)
    while host:
        yield host
        if host == end or "." not in host:
            return
        host = host.partition(".")[2]


def _voice_domain(host: str) -> str:
    """The domain that speaks with one voice; empty where many share it."""
    domain = registrable_domain(host)
    if domain in _HOUSES and host.removeprefix("www.") != domain and DOMAIN.fullmatch(host):
        return host
    is_name = DOMAIN.fullmatch(domain) is not None and not domain[-1].isdigit()
    return domain if is_name and domain not in _HOUSES | _RELAYS else ""


def _publisher_name(title: str, label: str) -> str:
    """The part of a title that names the house, where its domain shows which part that is; else all of it."""
    parts = [part for part in _PARTS.split(title) if part.strip()]
    bare = re.sub(r"[^a-z0-9]", "", label.lower())
    for part in parts:
        spoken = re.sub(r"[^a-z0-9]", "", _ascii(part).lower())
        if spoken and bare and (spoken in bare or bare in spoken):
            return part
    return title


def _fallback_name(wish: Wish) -> str:
    parts = urlsplit(wish.url)
    if wish.kind is Kind.MAILBOX:
        return f"{unquote(parts.path[1:])} of {unquote(parts.username or '')}"
    return wish.domain or host_of(wish.url)


def _name(text: str) -> str:
    return cut(clean_line(text).replace("\N{LINE SEPARATOR}", " "), MAX_NAME)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", _ascii(text).lower()).strip("-")[:MAX_SLUG].strip("-")


def _numbered(key: str) -> Iterator[str]:
    return (f"{key}-{number}" for number in count(2))
