"""The pages of the site: wires and their revisions, lists, registers, statistics, the log, sitemaps.

A publication alters the wire's own pages, the front page, the month and the registers it stands in, the figures and two
files of the sitemap: as many documents in a newsroom's first week as in its tenth year.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from monitor.jobs.sections.section import House
from monitor.log import get_log
from monitor.model import Change, Document, Facets, Severity, WireId
from monitor.model.publication import HTML, is_path, media_type_of
from monitor.model.tally import Counted
from monitor.site import pages, registers, sitemaps
from monitor.site.addresses import (
    FORMS,
    PART,
    Kind,
    ListAddress,
    SitemapAddress,
    WireAddress,
    read_list,
    read_sitemap,
    read_wire,
)
from monitor.site.citations import cite
from monitor.site.feed_page import feeds_page
from monitor.site.figures import csv_of
from monitor.site.lists import Counts, archive_page, latest_page, list_page
from monitor.site.look import look_css
from monitor.site.pages import Logged
from monitor.site.sheet import Line, line_of
from monitor.stages.query import HELP
from monitor.store import lists
from monitor.store.database import Transaction
from monitor.store.editions import read_edition
from monitor.store.published import (
    Choice,
    count_by_code,
    count_by_provider,
    find_published_by_slug,
    get_published,
    list_facet_values,
    list_months,
    list_published,
    list_published_ids,
)
from monitor.store.take_downs import every_take_down, find_take_down_by_slug, list_take_downs
from monitor.store.tallies import count_retracted, list_tallies

LATEST = 24  # wires on the front page: two laptop screens
NEWEST = 50  # wires on a list before its months
LINES_KEPT = 5_000  # lines of lists that are kept from one page to the next
LOGGED = 100  # lines of the log on its first page
NEWS_LIMIT = sitemaps.NEWS_LIMIT
HELP_SHOWN = tuple((example, words) for example, words in HELP if not example.startswith(("is:", "origin:")))
_FIGURES = MappingProxyType({f"/statistics/{c.value}.csv": c for c in Counted})

log = get_log()


class Pages:
    """The section of the site's pages."""

    name = "pages"

    def __init__(self, house: House, *, part: int = PART) -> None:
        """The newsroom's name, look and words are part of every page; of a month a page has `part` wires at most."""
        self._house = house
        self._part = part
        self._known: OrderedDict[tuple[WireId, int], Line] = OrderedDict()
        self.version = house.version
        self._fixed: Mapping[str, Callable[[Transaction], Document]] = {
            "/": self._latest,
            "/archive": self._archive,
            "/providers": lambda tx: registers.providers_page(house, count_by_provider(tx)),
            "/codes": lambda tx: registers.codes_page(house, count_by_code(tx)),
            "/severities": lambda tx: registers.severities_page(house, _by_severity(tx)),
            "/statistics": self._statistics,
            "/corrections": self._corrections,
            "/guide": lambda _: pages.guide_page(house),
            "/sourcing": lambda _: pages.sourcing_page(house),
            "/feeds": lambda _: feeds_page(house),
            "/search": lambda _: pages.search_page(house, help=HELP_SHOWN),
            sitemaps.INDEX: self._index,
            sitemaps.PAGES: self._pages_map,
            sitemaps.NEWS: self.news,
            "/robots.txt": lambda _: _file("/robots.txt", sitemaps.robots_of(house)),
            **self._own_files(),
        }
        for fault in house.templates.faults:
            log.warning("a template of the newsroom's own is left out", fault=str(fault))
        self._faults = len(house.templates.faults)

    # --- which documents there are ------------------------------------------------------------------------------

    def touched(self, tx: Transaction, change: Change) -> Iterable[str]:
        """The wire's own pages, and every list, register and figure in which it stands or stood."""
        yield from self._of_wire(tx, change.wire, change.slug)
        yield from ("/", "/archive", "/providers", "/codes", "/severities", "/statistics", *_FIGURES)
        for facets in dict.fromkeys(f for f in (change.before, change.after) if f is not None):
            yield from self._lists_of(tx, change.wire, facets)
        yield from (sitemaps.INDEX, sitemaps.PAGES, sitemaps.NEWS)
        yield "/corrections"
        yield from (f"/corrections/{year}" for year, _ in lists.list_correction_years(tx))

    def every(self, tx: Transaction) -> Iterable[str]:
        """The fixed pages, all lists by month, and all wires."""
        yield from self._fixed
        yield from _FIGURES
        yield from self._registers(tx)
        for facet, month, count in lists.list_every_month(tx):
            address = _list_at(facet, month)
            if address is not None and is_path(address.path):
                yield from self._parts(address, count)
            if facet == "":
                yield from (part.path for part in sitemaps.parts_of(month, count))
        yield from (f"/corrections/{year}" for year, _ in lists.list_correction_years(tx))
        for found in lists.every_published(tx):
            yield from _wire_paths(found.slug, found.numbers)
        for taken in every_take_down(tx):
            yield from _wire_paths(taken.slug, lists.list_numbers(tx, taken.wire), forms=())

    def samples(self, tx: Transaction) -> Iterator[str]:
        """One page of each kind, as far as there is one: for whoever tries the newsroom's own templates."""
        yield from (path for path in self._fixed if media_type_of(path) == HTML)
        yield ListAddress(kind=Kind.SEVERITY, value=Severity.SEV_1.value).path
        if (found := next(iter(lists.every_published(tx)), None)) is not None:
            yield from _wire_paths(found.slug, found.numbers, forms=())
        for taken in list_take_downs(tx, limit=1):
            yield from _wire_paths(taken.slug, ())

    def _registers(self, tx: Transaction) -> Iterator[str]:
        """Providers that ever had a wire: to the others nothing leads, and their pages are made for who asks."""
        providers = list_facet_values(tx, "provider")
        codes = dict.fromkeys((*self._house.codes, *list_facet_values(tx, "code")))
        yield from (ListAddress(kind=Kind.PROVIDER, value=p).path for p in providers if is_path(f"/{p}"))
        yield from (ListAddress(kind=Kind.CODE, value=c).path for c in codes if is_path(f"/{c}"))
        yield from (ListAddress(kind=Kind.SEVERITY, value=s.value).path for s in Severity)

    def _of_wire(self, tx: Transaction, wire: WireId, slug: str) -> Iterator[str]:
        yield from _wire_paths(slug, lists.list_numbers(tx, wire))

    def _lists_of(self, tx: Transaction, wire: WireId, facets: Facets) -> Iterator[str]:
        """Every list with these facets: whole, its month, and the parts of the month from the wire's own on."""
        month = f"{facets.year:04}-{facets.month:02}"
        addresses = [
            ListAddress(),
            *([ListAddress(kind=Kind.SEVERITY, value=facets.severity.value)] if facets.severity else []),
            *(ListAddress(kind=Kind.PROVIDER, value=p) for p in facets.providers),
            *(ListAddress(kind=Kind.CODE, value=c) for c in facets.codes),
        ]
        for address in addresses:
            if not is_path(address.path):
                continue
            yield address.path
            of_month = ListAddress(kind=address.kind, value=address.value, month=month)
            count = lists.list_months_of(tx, address.facet).get(month, 0)
            place = lists.rank_in_month(tx, wire, address.facet, month) // self._part
            first = max(place - 1, 0)  # the part before may have become one by this wire
            yield from self._parts(of_month, count + self._part, first=first)
        yield from (part.path for part in sitemaps.parts_of(month, lists.list_months_of(tx, "").get(month, 0)))

    def _parts(self, address: ListAddress, count: int, *, first: int = 0) -> Iterator[str]:
        """The month's own address, which has its newest part, and the addresses of its full parts."""
        yield address.path
        for part in range(first + 1, max(1, -(-count // self._part))):
            yield ListAddress(kind=address.kind, value=address.value, month=address.month, part=part).path

    # --- the bytes of each ----------------------------------------------------------------------------------------

    def render(self, tx: Transaction, path: str) -> Document | None:
        """The page at this path as of now."""
        document = self._render(tx, path)
        faults = self._house.templates.faults
        for fault in faults[self._faults :]:
            log.warning("a template of the newsroom's own is left out", fault=str(fault))
        self._faults = len(faults)
        return document

    def _render(self, tx: Transaction, path: str) -> Document | None:
        if (fixed := self._fixed.get(path)) is not None:
            return fixed(tx)
        if (counted := _FIGURES.get(path)) is not None:
            return _file(path, csv_of(self._house, counted, list_tallies(tx, counted)))
        if (wire := read_wire(path)) is not None:
            return self._wire(tx, wire)
        if (found := read_list(path)) is not None:
            return self._list(tx, found)
        if (part := read_sitemap(path)) is not None:
            return self._month_map(tx, part)
        year = path.removeprefix("/corrections/")
        return self._corrections_of(tx, int(year)) if year.isdigit() and len(year) == 4 else None

    def _wire(self, tx: Transaction, address: WireAddress) -> Document | None:
        wire = find_published_by_slug(tx, address.slug)
        if wire is None or wire.withdrawn_at is not None:
            taken = find_take_down_by_slug(tx, address.slug)
            is_page = taken is not None and address.form is None
            return pages.gone_page(self._house, address.path, taken) if is_page and taken is not None else None
        number = address.number
        revision = wire.published if number is None else next((r for r in wire.revisions if r.number == number), None)
        if revision is None:
            return None
        if address.form is not None:
            return _file(address.path, cite(self._house, wire, revision, address.form).encode())
        return pages.wire_page(self._house, wire, revision, is_permanent=number is not None)

    def _latest(self, tx: Transaction) -> Document:
        lines = self._lines(tx, list_published_ids(tx, limit=LATEST))
        return latest_page(self._house, lines, total=sum(lists.list_months_of(tx, "").values()))

    def _archive(self, tx: Transaction) -> Document:
        return archive_page(self._house, self._lines(tx, list_published_ids(tx, limit=LATEST)), _all_months(tx))

    def _list(self, tx: Transaction, address: ListAddress) -> Document | None:
        if not self._is_known(tx, address):
            return None
        counts = lists.list_months_of(tx, address.facet)
        if address.month is None:
            wires = list_published_ids(tx, _choice(address), limit=NEWEST)
            months = Counts(months={month: {_tone(address): count} for month, count in counts.items()})
            total = sum(counts.values())
            return list_page(self._house, address, self._lines(tx, wires), counts=months, total=total)
        total = counts.get(address.month, 0)
        parts = max(1, -(-total // self._part))
        part = address.part or parts
        if not total or (address.part is not None and address.part >= parts):
            return None
        first, last = (part - 1) * self._part, min(part * self._part, total)
        wires = list_published_ids(tx, _choice(address), limit=last - first, offset=total - last)
        return list_page(self._house, address, self._lines(tx, wires), parts=parts, total=total)

    def _is_known(self, tx: Transaction, address: ListAddress) -> bool:
        match address.kind:
            case Kind.PROVIDER:
                return address.value in self._house.providers or bool(lists.list_months_of(tx, address.facet))
            case Kind.CODE:
                return address.value in self._house.codes or bool(lists.list_months_of(tx, address.facet))
            case Kind.SEVERITY:
                return address.value in set(Severity)
            case _:
                return True

    def _statistics(self, tx: Transaction) -> Document:
        as_of = read_edition(tx).at
        return pages.statistics_page(self._house, list_tallies(tx), as_of=as_of, retracted=count_retracted(tx))

    def _corrections(self, tx: Transaction) -> Document:
        years = lists.list_correction_years(tx)
        total = sum(count for _, count in years)
        logged = self._logged(tx, None, LOGGED)
        return pages.corrections_page(self._house, logged, years=years if total > LOGGED else ())

    def _corrections_of(self, tx: Transaction, year: int) -> Document | None:
        if year not in dict(lists.list_correction_years(tx)):
            return None
        return pages.corrections_page(self._house, self._logged(tx, year, 100_000), year=year)

    def _logged(self, tx: Transaction, year: int | None, limit: int) -> list[Logged]:
        found = [
            Logged(wire=wire, revision=next(r for r in wire.revisions if r.number == number))
            for wire, number in lists.list_corrections(tx, year=year, limit=limit)
        ]
        taken = [Logged(taken=t) for t in list_take_downs(tx, year=year, limit=limit)]
        return sorted([*found, *taken], key=lambda entry: entry.at, reverse=True)[:limit]

    def _lines(self, tx: Transaction, ids: Sequence[WireId]) -> list[Line]:
        """A wire stands in a dozen lists, and its line changes with its revisions only: it is made once for all."""
        shown = lists.list_shown(tx, ids)
        unknown = [wire for wire, number in shown if (wire, number) not in self._known]
        for wire in get_published(tx, unknown):
            if wire.published is not None:
                self._known[wire.id, wire.published.number] = line_of(wire, self._house.site.providers)
        lines = [self._known[place] for place in shown if place in self._known]
        while len(self._known) > LINES_KEPT:
            self._known.popitem(last=False)
        return lines

    # --- sitemaps and files ---------------------------------------------------------------------------------------

    def _index(self, tx: Transaction) -> Document:
        months = lists.list_months_of(tx, "")
        parts = [part.path for month, count in months.items() for part in sitemaps.parts_of(month, count)]
        return _file(sitemaps.INDEX, sitemaps.index_of(self._house, [sitemaps.PAGES, *parts]))

    def _pages_map(self, tx: Transaction) -> Document:
        fixed = [path for path in self._fixed if media_type_of(path).startswith("text/html") and path != "/search"]
        known = [*fixed, *self._registers(tx)][: sitemaps.URL_LIMIT]
        return _file(sitemaps.PAGES, sitemaps.urls_of(self._house, [(path, None) for path in known]))

    def _month_map(self, tx: Transaction, address: SitemapAddress) -> Document | None:
        offset = (address.part - 1) * sitemaps.URL_LIMIT
        found = lists.list_of_month(tx, address.month, offset=offset, limit=sitemaps.URL_LIMIT)
        if not found:
            return None
        urls = [(WireAddress(slug=wire.slug).path, wire.revised_at) for wire in found]
        return _file(address.path, sitemaps.urls_of(self._house, urls))

    def news(self, tx: Transaction, now: datetime | None = None) -> Document:
        """The news sitemap: what is news at `now`, or when readers last saw something new."""
        newest = () if now is not None else list_published(tx, limit=1)
        at = newest[0].first_published_at if newest else now
        wires = () if at is None else lists.list_since(tx, at - sitemaps.NEWS_SPAN, limit=NEWS_LIMIT)
        told = [
            sitemaps.News(
                path=WireAddress(slug=wire.slug).path,
                headline=wire.published.draft.headline,
                published_at=wire.first_published_at,
            )
            for wire in wires
            if wire.published is not None and wire.first_published_at is not None and not wire.is_retracted
        ]
        return _file(sitemaps.NEWS, sitemaps.news_of(self._house, told, now=now))

    def _own_files(self) -> dict[str, Callable[[Transaction], Document]]:
        house = self._house
        files: dict[str, bytes] = {}
        if house.colours_path is not None:
            files[house.colours_path] = look_css(house.look).encode()
        for path, image in ((house.logo_path, house.look.logo), (house.picture_path, house.look.picture)):
            if path is not None and image is not None:
                files[path] = image.body
        return {path: _maker(path, body) for path, body in files.items()}


def _maker(path: str, body: bytes) -> Callable[[Transaction], Document]:
    return lambda _: _file(path, body)


def _file(path: str, body: bytes) -> Document:
    return Document(path=path, media_type=media_type_of(path), body=body)


def _wire_paths(slug: str, numbers: Iterable[int], *, forms: Iterable[str] = tuple(FORMS)) -> Iterator[str]:
    for number in numbers:
        yield from (WireAddress(slug=slug, number=number, form=form).path for form in forms)
        yield WireAddress(slug=slug, number=number).path
    yield WireAddress(slug=slug).path


def _list_at(facet: str, month: str) -> ListAddress | None:
    kind, _, value = facet.partition(":")
    if kind not in set(Kind):
        return None
    return ListAddress(kind=Kind(kind), value=value, month=month)


def _choice(address: ListAddress) -> Choice:
    year, month = (int(address.month[:4]), int(address.month[5:])) if address.month else (None, None)
    return Choice(
        provider=address.value if address.kind is Kind.PROVIDER else None,
        code=address.value if address.kind is Kind.CODE else None,
        severity=Severity(address.value) if address.kind is Kind.SEVERITY else None,
        year=year,
        month=month,
    )


def _tone(address: ListAddress) -> str:
    return address.value if address.kind is Kind.SEVERITY else ""


def _all_months(tx: Transaction) -> Counts:
    return Counts(months={f"{m.year:04}-{m.month:02}": {s.value: n for s, n in m.counts} for m in list_months(tx)})


def _by_severity(tx: Transaction) -> dict[str, int]:
    return {s.value: sum(lists.list_months_of(tx, f"severity:{s.value}").values()) for s in Severity}
