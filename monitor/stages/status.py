"""A status page's feed → one entry per outage, and an entry's words → its updates, oldest first.

Read are the forms that status pages have: Statuspage (every update in one entry, each with date, state and text),
incident.io (the last state alone), and feeds with an entry per update, as Google Cloud and AWS write them: those are
folded into one entry per outage, in the form that Statuspage has. Runs only in a worker process.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from monitor.model import Entry, ParsedFeed, StatusUpdate, Unparsable
from monitor.stages.canonical import TEXT_LIMIT, clean_line, clean_text, cut
from monitor.stages.dates import read_date
from monitor.stages.page import strip_markup
from monitor.stages.parse import parse_feed
from monitor.stages.timeline import MAX_UPDATES

STATE_LIMIT, UPDATE_LIMIT = 60, 20_000  # characters
_SAME_OUTAGE = timedelta(days=3)  # between two updates under one title, where nothing else tells outages apart
_OWN_NUMBER = re.compile(r":Incident/\d+$")  # a guid that Statuspage gives to an outage
_STATE = re.compile(r"^\s*status\s*:\s*(.{1,60})$", re.IGNORECASE | re.DOTALL)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})\s*,?\s*(\d{4})?\s*,?\s*(.*)", re.DOTALL)
_UNTIL = re.compile(r"\s[-\u2013]\s.*?(?=[A-Z]{2,5}\s*$|$)")  # of "01:00 - 05:00 UTC"
_TITLE_STATES = (
    re.compile(r"^[^\[\]:]{0,60}:\s*\[(?P<state>[A-Za-z ]{3,30})\]\s*(?P<rest>.+)$"),  # AWS
    re.compile(r"^\[(?P<state>[A-Za-z ]{3,30})\]\s*(?P<rest>.+)$"),
    re.compile(r"^(?P<state>RESOLVED|UPDATE|INVESTIGATING|IDENTIFIED|MONITORING)\s*:\s*(?P<rest>.+)$"),  # Google
    re.compile(r"^(?P<state>Informational message|Performance issues|Service disruption)\s*:\s*(?P<rest>.+)$"),  # AWS
    re.compile(
        r"^(?P<rest>.+?)\s+[-\u2013]\s+(?P<state>Update|Resolved|Investigating|Identified|Monitoring)$", re.IGNORECASE
    ),
)
_BLOCKS = frozenset({"p", "div", "li", "br", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "pre", "table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one look at an outage shows."""

    updates: tuple[StatusUpdate, ...]  # oldest first
    text: str  # all of it, where it is no timeline


def read_status(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed | Unparsable:
    """The feed in `body`, its entries folded: one for each outage, which holds every update of it in the document."""
    feed = parse_feed(body, url=url, content_type=content_type)
    if isinstance(feed, Unparsable):
        return feed
    return replace(feed, entries=fold_updates(feed.entries))


def read_account(markup: str, *, near: datetime) -> Account:
    """What an entry of a status page says; `near` gives the years, which Statuspage leaves out."""
    updates = read_timeline(markup, near=near)
    return Account(updates=updates, text="" if updates else cut(strip_markup(markup), TEXT_LIMIT))


# --- entries ----------------------------------------------------------------------------------------------------


def fold_updates(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """One entry per outage, where it first stood; an outage with several entries has their updates as its content."""
    outages: dict[str, list[Entry]] = {}
    for entry in entries:
        outages.setdefault(_outage(entry), []).append(entry)
    parted = [part for found in outages.values() for part in _part(found)]
    return tuple(_fold(part) for part in parted)


def _outage(entry: Entry) -> str:
    """What names the outage: its own number, else its own page, else its title without the state."""
    if _OWN_NUMBER.search(entry.guid):
        return entry.guid
    if entry.url is not None and urlsplit(entry.url).path.strip("/"):
        return entry.url
    service = entry.guid.rpartition("_")[0] if re.search(r"#[\w.-]+_\d{6,}$", entry.guid) else ""
    return (
        f"{service}\n{_split_title(entry.title)[1].lower()}" if _split_title(entry.title)[0] or service else entry.guid
    )


def _part(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries that only share a title are one outage as long as no update is late."""
    if not _outage(entries[0]).count("\n"):
        yield list(entries)
        return
    part: list[Entry] = []
    for entry in sorted(entries, key=_told_at):
        if part and _told_at(entry) - _told_at(part[-1]) > _SAME_OUTAGE:
            yield part
            part = []
        part.append(entry)
    yield part


def _fold(entries: Sequence[Entry]) -> Entry:
    """The entry of an outage. It keeps its name from its first update to its last."""
    ordered = sorted(entries, key=_told_at)
    first, last = ordered[0], ordered[-1]
    name = _outage(first)
    if "\n" in name:
        name = f"{name}\n{_told_at(first):%Y-%m-%d}".replace("\n", " ").strip()
    state, title = _split_title(first.title)
    if len(entries) == 1 and not state:
        return replace(first, guid=name)
    return replace(
        last,
        guid=name,
        title=title,
        published=first.published,
        published_at=first.published_at,
        summary=None,
        content=cut("\n".join(_written(entry) for entry in reversed(ordered)), TEXT_LIMIT),
    )


def _written(entry: Entry) -> str:
    """One update in the form of Statuspage."""
    when = entry.updated or entry.published or ""
    state = _split_title(entry.title)[0] or "Update"
    words = entry.content or entry.summary or ""
    return f"<p><small>{html.escape(when)}</small><br><strong>{html.escape(state)}</strong> - {words}</p>"


def _split_title(title: str) -> tuple[str, str]:
    """The state that a title carries ("" where none), and the title without it."""
    for form in _TITLE_STATES:
        if (found := form.match(title)) is not None:
            state = found["state"].strip()
            return (state.capitalize() if state.isupper() else state), found["rest"].strip()
    return "", title


def _told_at(entry: Entry) -> datetime:
    return entry.updated_at or entry.published_at or datetime(1990, 1, 1, tzinfo=UTC)


# --- updates ----------------------------------------------------------------------------------------------------


def read_timeline(content: str, *, near: datetime) -> tuple[StatusUpdate, ...]:
    """The updates that an entry's content holds, oldest first; none where it is in no form that is known."""
    found = [_update(raw, near) for raw in _raw_updates(content)][:MAX_UPDATES]
    found.reverse()  # pages put the newest on top; so two of one minute keep their order
    if all(one.at is not None for one in found):
        found.sort(key=lambda one: one.at or near)
    return tuple(found)


@dataclass(slots=True)
class _Raw:
    """One update as it stands in the markup."""

    when: str | None  # None where the form has no times
    state: str = ""
    words: str = ""


def _raw_updates(content: str) -> Iterator[_Raw]:
    """A <small> with a time, or a "Status: …" in bold, begins an update; the first bold words name its state."""
    current: _Raw | None = None
    for kind, text in _pieces(content):
        state = _STATE.match(text) if kind == "bold" else None
        if kind == "small" and _looks_dated(text):
            if current is not None:
                yield current
            current = _Raw(when=clean_line(text))
        elif state is not None and (current is None or current.state):
            if current is not None:
                yield current
            current = _Raw(when=None, state=clean_line(state[1]))
        elif current is not None:
            if kind == "bold" and not current.state:
                current.state = clean_line(text)
            else:
                current.words += text
    if current is not None:
        yield current


def _update(raw: _Raw, near: datetime) -> StatusUpdate:
    lines = [line for one in clean_text(raw.words).split("\n") if (line := clean_line(one))]
    text = " ".join(lines).removeprefix("- ").removeprefix("\u2013 ").removeprefix(": ").strip()
    return StatusUpdate(
        at=None if raw.when is None else _read_when(raw.when, near),
        state=cut(raw.state or "Update", STATE_LIMIT),
        text=cut(text, UPDATE_LIMIT),
    )


def _pieces(content: str) -> Iterator[tuple[str, str]]:
    """The text of the markup in its order: what is small, what is bold, and the rest with a line per block."""
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(f"<div>{clean_text(content)}</div>".encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return
    inside = ""  # of which small or bold element the text is part
    held = ""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        kind = {"small": "small", "strong": "bold", "b": "bold"}.get(tag, "")
        if event == "start":
            if kind and not inside:
                inside, held = kind, element.text or ""
            elif inside:
                held += element.text or ""
            elif tag not in ("script", "style", "template"):
                yield "text", ("\n" if tag in _BLOCKS else "") + (element.text or "")
            continue
        if kind and inside == kind:
            yield kind, held
            inside = ""
        if inside:
            held += element.tail or ""
        else:
            yield "text", ("\n" if tag in _BLOCKS else "") + (element.tail or "")


def _looks_dated(text: str) -> bool:
    return re.search(r"\d{1,2}[:.h]\d\d|\d{4}-\d\d-\d\d", text) is not None and len(text) < 100


def _read_when(when: str, near: datetime) -> datetime | None:
    """A time as the page writes it. Where it names no year it is the one in which it comes nearest to `near`."""
    found = _MONTH_DAY.match(when)
    if found is None:
        return read_date(when)
    month, day, year, rest = found.groups()
    rest = _UNTIL.sub(" ", rest)
    years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
    read = [read_date(f"{day} {month} {one} {rest}") for one in years]
    return min((one for one in read if one is not None), key=lambda one: abs(one - near), default=None)
