"""The page that lets a reader build a feed: a form, what was chosen on it, and what our marks mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from monitor.model import Document, Severity, SourcingStandard
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.model.publication import HTML
from monitor.model.subscriber import Wanted
from monitor.site.frame import feeds_of, fill
from monitor.site.house import House
from monitor.stages.feed_names import EVERYTHING, VALUE_LIMIT, path_of, told_as
from monitor.stages.syndicate import NAMESPACE
from monitor.stages.telling import long_date

PATH = "/feeds"
SERIES = {"M": "how the system came to matter", "F": "what went wrong"}
LABELS = {FeedFormat.ATOM: "Atom", FeedFormat.RSS: "RSS", FeedFormat.JSON: "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A feed that a reader put together."""

    wanted: Wanted
    months: tuple[tuple[date, int], ...] = ()  # wires of the last month, and of this one so far
    total: int = 0  # wires that it has now


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A box to tick."""

    value: str
    label: str
    is_chosen: bool


def feeds_page(house: House, *, built: Built | None = None, is_refused: bool = False) -> Document:
    """The form; with `built`, the feed of what was chosen, its addresses and how much it brings."""
    wanted = EVERYTHING if built is None else built.wanted
    subject = told_as(wanted, house.site.providers, house.site.codebook)
    text = fill(
        house,
        "feeds.html",
        path=PATH,
        title=f"Feeds · {house.name}",
        text=f"Subscribe to {house.name}: Atom, RSS and JSON Feed, of everything or of what you choose.",
        robots="" if built is None and not is_refused else "noindex",
        feeds=() if wanted == EVERYTHING else feeds_of(wanted, f"{house.name}: {subject}"),
        built=built,
        is_refused=is_refused,
        most=VALUE_LIMIT,
        subject=subject,
        months=[(long_date(day).split(" ", 1)[1], n) for day, n in built.months] if built else [],
        addresses=_addresses(house, wanted),
        everything=_addresses(house, EVERYTHING),
        severities=[Option(value=s, label=s, is_chosen=s in wanted.severities) for s in Severity],
        standards=[Option(value=s, label=s, is_chosen=s in wanted.standards) for s in SourcingStandard],
        series=_series(house, wanted),
        providers=[
            Option(value=p.id, label=p.name, is_chosen=p.id in wanted.providers)
            for p in sorted(house.site.providers, key=lambda p: p.name.casefold())
        ],
        namespace=NAMESPACE,
        hub=house.site.hub,
        by_mail=_by_mail(wanted) if house.has_digests else "",
    )
    return Document(path=PATH, media_type=HTML, body=text.encode())


def _series(house: House, wanted: Wanted) -> list[tuple[str, list[Option]]]:
    """The codes of each series by themselves, under its name."""
    codes = [c for c in house.site.codebook.codes if not c.is_retired or c.id in wanted.codes]
    return [
        (
            f"Code: {SERIES[letter]}" if letter in SERIES else f"Code: {letter}",
            [Option(value=c.id, label=f"{c.id} {c.name}", is_chosen=c.id in wanted.codes) for c in same],
        )
        for letter, same in ((key, list(group)) for key, group in groupby(codes, key=lambda c: c.id[:1]))
    ]


def _by_mail(wanted: Wanted) -> str:
    """Where the same choice is subscribed to by e-mail."""
    asked = urlencode(wanted.values(), doseq=True)
    return f"/subscribe?{asked}" if asked else "/subscribe"


def _addresses(house: House, wanted: Wanted) -> list[tuple[str, str]]:
    return [(LABELS[form], house.url(path_of(FeedAddress(wanted=wanted, format=form)))) for form in FeedFormat]
