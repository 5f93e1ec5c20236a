"""What a reader found in a feed document → ParsedFeed: entries made safe, hints made sense of (P10), and what the feed
says of itself: the name that stands for it (H19), and where it can be subscribed to (WebSub, P25).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.model import Hints, Link, ParsedFeed
from monitor.stages.canonical import GUID_LIMIT, TITLE_LIMIT, clean_line, cut, openable_url
from monitor.stages.entry import RawEntry, limit_notes, make_entry, plain_title

MAX_LINKS = 20  # hub and self of one document; publishers name one or two hubs

_RELATIONS = frozenset({"hub", "self"})
_PLAIN_RELATIONS = frozenset({None, "alternate", "self", "enclosure", "replies", "edit", "related", "license"})
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8_760}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_HINT = timedelta(days=31)  # beyond it a wish is nonsense (P10)
_HINTED_WITHIN = 200_000  # characters: hints stand before the entries


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """What a reader found, as it stood."""

    format: str  # rss20, atom10, ...
    title: str | None = None
    link: str | None = None  # the page that the feed belongs to
    id: str | None = None
    links: Sequence[tuple[str | None, str | None]] = ()  # (rel, href)
    language: str | None = None
    ttl: str | None = None
    update_period: str | None = None
    update_frequency: str | None = None
    has_skips: bool = True  # whether to look for skipHours and skipDays in the text
    entries: Sequence[RawEntry] = ()


def make_feed(
    raw: RawFeed, *, text: str, url: str, notes: Sequence[str] = (), is_malformed: bool, complaint: str | None = None
) -> ParsedFeed:
    """The feed that a reader found in `text`, which was answered at `url`."""
    is_atom = raw.format.startswith("atom")
    base = url if is_atom else openable_url(raw.link, url) or url
    made = [make_entry(entry, base=base) for entry in raw.entries]
    limits = limit_notes([name for _, names in made for name in names])
    links = feed_links(raw.links, url=url)
    return ParsedFeed(
        format=raw.format,
        title=cut(plain_title(raw.title or ""), TITLE_LIMIT),
        entries=tuple(entry for entry, _ in made),
        language=raw.language,
        id=feed_id(raw.id if is_atom else None, raw.link, links, url=url),
        links=links,
        hints=_hints(raw, text[:_HINTED_WITHIN] if raw.has_skips else ""),
        is_malformed=is_malformed,
        notes=(*notes, *limits, *([complaint] if complaint else [])),
    )


def feed_links(stated: Iterable[tuple[str | None, str | None]], *, url: str) -> tuple[Link, ...]:
    """Of the (rel, href) of a document at `url`: its hubs and itself, absolute, http or https, each once, in order."""
    links: dict[Link, None] = {}
    for rels, href in stated:
        for rel in (rels or "").lower().split():
            if rel in _RELATIONS and (opened := openable_url(href, url)):
                links[Link(rel=rel, url=opened)] = None
    return tuple(links)[:MAX_LINKS]


def feed_id(named: str | None, link: str | None, links: Sequence[Link], *, url: str) -> str | None:
    """The id of its own that a feed states; else the page it belongs to; else its own address, as it states it."""
    stated = clean_line(named or "") or openable_url(link, url)
    return cut(stated, GUID_LIMIT) if stated else next((own.url for own in links if own.rel == "self"), None)


def entry_links(
    link: str | None, guid: str | None, stated: Iterable[tuple[str | None, str | None]]
) -> list[str | None]:
    """The entry's own link; a guid that says nothing of being relative is no link unless it is absolute (H14)."""
    if link is not None and link == guid and openable_url(link) is None:
        link = None
    return [link, *(href for rel, href in stated if rel == "alternate" and href != guid)]


def credit_links(stated: Iterable[tuple[str | None, str | None]]) -> list[tuple[str | None, str | None]]:
    """Of an entry's links those that say where it came from."""
    return [(rel, href) for rel, href in stated if rel not in _PLAIN_RELATIONS]


# --- hints (P10) ------------------------------------------------------------------------------------------------


def _hints(raw: RawFeed, text: str) -> Hints:
    hours = {int(h) % 24 for h in _listed(text, "skipHours", "hour") if h.isdecimal() and int(h) <= 24}
    days = {_DAYS.index(d.lower()) for d in _listed(text, "skipDays", "day") if d.lower() in _DAYS}
    return Hints(
        ttl=_span(raw.ttl, timedelta(minutes=1)),
        update_every=_update_every(raw.update_period, raw.update_frequency),
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def _listed(text: str, outer: str, inner: str) -> list[str]:
    found = re.search(rf"<{outer}>(.{{0,2000}}?)</{outer}>", text, re.IGNORECASE | re.DOTALL)
    return re.findall(rf"<{inner}>\s*(\w{{1,12}})\s*</{inner}>", found[1], re.IGNORECASE) if found else []


def _update_every(period: str | None, frequency: str | None) -> timedelta | None:
    """sy:updatePeriod over sy:updateFrequency, which is 1 where it is not said."""
    hours = _PERIODS.get((period or "").strip().lower())
    times = (frequency or "1").strip()
    if hours is None or not times.isdecimal() or len(times) > 8 or not 0 < int(times) <= 1_000:
        return None
    return _sane(timedelta(hours=hours) / int(times))


def _span(number: str | None, unit: timedelta) -> timedelta | None:
    digits = (number or "").strip()
    return _sane(int(digits) * unit) if digits.isdecimal() and len(digits) < 8 else None


def _sane(span: timedelta) -> timedelta | None:
    return span if timedelta() < span <= _LONGEST_HINT else None
