"""Published wires and kept counts → the pages of the site, byte for byte the same for the same state.

Every page is whole without script and without style. What comes from outside is escaped by the templates and isolated
(`<bdi>`); the only markup let through has passed `stages.markup`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from monitor.model import Document, Provider, Revision, RevisionKind, Severity, Wire
from monitor.model.feeds import FeedAddress, FeedFormat, TakeDown
from monitor.model.publication import HTML, media_type_of
from monitor.model.subscriber import Wanted
from monitor.model.tally import Tally
from monitor.site import figures
from monitor.site.addresses import FORMS, PLACES, Kind, ListAddress, WireAddress
from monitor.site.assets import NAMES, static_url
from monitor.site.citations import apa
from monitor.site.house import House
from monitor.site.sheet import Line, Sheet, sheet_of
from monitor.site.structured import dataset, description, news_article, open_graph, site_of
from monitor.site.typeset import Safe
from monitor.stages.codebook import guide_sections
from monitor.stages.feed_names import EVERYTHING, path_of
from monitor.stages.markup import plain_summary, render_body, render_guide
from monitor.stages.syndicate import TOLD_REASONS
from monitor.stages.telling import SAID, long_date, marked_headline, provider_names

NAV = (
    ("latest", "/", "Latest"),
    ("archive", "/archive", "Archive"),
    ("statistics", "/statistics", "Statistics"),
    ("providers", "/providers", "Providers"),
    ("guide", "/guide", "Guide"),
    ("search", "/search", "Search"),
)
MORE = (
    ("/feeds", "Feeds"),
    ("/subscribe", "By e-mail"),
    ("/data", "Data"),
    ("/severities", "Severities"),
    ("/codes", "Codes"),
    ("/sourcing", "How we count sources"),
    ("/corrections", "Corrections and retractions"),
    ("/guide", "Editor’s Guide"),
)
FORMATS = {"application/atom+xml": "Atom", "application/rss+xml": "RSS", "application/feed+json": "JSON"}
YEARS_KEPT = 20_000  # drawings of years that are kept from one page to the next
GLANCE = 70  # height of the tallest month of an archive's year, in the units of its drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page points to."""

    path: str
    type: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many wires a list has in each month, and of each severity where that is known."""

    months: Mapping[str, Mapping[str, int]]  # 2026-03 → severity → wires; "" where they are not told apart

    @property
    def total(self) -> int:
        """All together."""
        return sum(sum(month.values()) for month in self.months.values())

    def of(self, month: str) -> int:
        """Those of one month."""
        return sum(self.months.get(month, {}).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a register."""

    id: str
    name: str
    path: str
    count: int
    width: float = 0.0  # of its bar, of 100
    tone: str = "plain"
    text: str = ""
    severity: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of a register."""

    title: str
    entries: tuple[Entry, ...]
    is_plain: bool = False  # names side by side, no bars
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A correction, retraction or restoration in the log; or a take-down, of which nothing else is said."""

    wire: Wire | None = None
    revision: Revision | None = None
    taken: TakeDown | None = None

    @property
    def at(self) -> datetime:
        """When readers first saw it so."""
        at = self.taken.at if self.taken else self.revision.published_at if self.revision else None
        if at is None:
            raise ValueError("a line of the log is of something published, or taken down")
        return at


# --- every page ---------------------------------------------------------------------------------------------------


def fill(
    house: House,
    template: str,
    *,
    path: str,
    here: str = "",
    title: str,
    text: str = "",
    canonical: str | None = None,
    feeds: Sequence[FeedLink] = (),
    robots: str = "",
    sheet: Sheet | None = None,
    structured: Mapping[str, Any] | None = None,
    **values: Any,
) -> str:
    """The text of a page at `path`; `canonical` is the address by which it is to be known, where that is another."""
    text = text or f"{house.name}: AI incidents, sourced and classified by editors."
    known = canonical or path
    page = {
        "title": title,
        "text": text,
        "path": path,
        "here": here,
        "newsroom": house.name,
        "language": house.site.language,
        "canonical": house.url(known),
        "robots": robots,
        "feeds": [
            {"type": f.type, "title": f.title, "url": house.url(f.path)}
            for f in (*feeds_of(EVERYTHING, house.name), *feeds)
        ],
        "graph": open_graph(
            house,
            kind="website" if sheet is None else "article",
            title=title.removesuffix(f" · {house.name}"),
            text=text,
            path=known,
            sheet=sheet,
        ),
        "structured": structured,
        "nav": NAV,
        "more": [place for place in MORE if place[0] != "/subscribe" or house.has_digests],
        "static": {name: static_url(name) for name in NAMES},
        "logo": house.logo_path,
        "picture": house.picture_path,
        "colours": house.colours_path,
        "footer": Safe(render_body(house.look.footer)) if house.look.footer.strip() else None,
    }
    return house.templates.render(template, {"page": page, "sheet": sheet, **values})


def _document(house: House, template: str, *, path: str, **values: Any) -> Document:
    return Document(path=path, media_type=HTML, body=fill(house, template, path=path, **values).encode())


def feeds_of(wanted: Wanted, title: str) -> tuple[FeedLink, ...]:
    """The feeds of these wires, in every format."""
    paths = [path_of(FeedAddress(wanted=wanted, format=form)) for form in FeedFormat]
    return tuple(FeedLink(path=path, type=media_type_of(path).partition(";")[0], title=title) for path in paths)


def wanted_by(address: ListAddress) -> Wanted:
    """What a list holds, as feeds name it."""
    match address.kind:
        case Kind.PROVIDER:
            return Wanted(providers=(address.value,))
        case Kind.CODE:
            return Wanted(codes=(address.value,))
        case Kind.SEVERITY:
            return Wanted(severities=(Severity(address.value),))
        case _:
            return EVERYTHING


# --- wires --------------------------------------------------------------------------------------------------------


def wire_page(house: House, wire: Wire, revision: Revision, *, is_permanent: bool) -> Document:
    """A wire as it stands, or with `is_permanent` one revision of it under its own address, with what changed."""
    sheet = sheet_of(house, wire, revision)
    whole = WireAddress(slug=wire.slug)
    path = WireAddress(slug=wire.slug, number=revision.number).path if is_permanent else whole.path
    headline = marked_headline(wire, revision)
    return _document(
        house,
        "wire.html",
        path=path,
        canonical=whole.path,
        here="wire",
        title=f"{headline} · {house.name}",
        text=description(sheet),
        robots="noindex,follow" if is_permanent else "",
        sheet=sheet,
        structured=news_article(house, sheet),
        is_permanent=is_permanent,
        citation=apa(house, wire, revision),
        forms={form: WireAddress(slug=wire.slug, number=revision.number, form=form).path for form in FORMS},
    )


def gone_page(house: House, path: str, taken: TakeDown) -> Document:
    """What stands for ever where a wire was taken down; says why, and not what it was about."""
    text = fill(
        house, "gone.html", path=path, title=f"Taken down · {house.name}", robots="noindex",
        reason=TOLD_REASONS[taken.reason], at=taken.at, tag=taken.tag,
    )  # fmt: skip
    return Document(path=path, media_type=HTML, body=text.encode(), status=410)


# --- lists --------------------------------------------------------------------------------------------------------


def latest_page(house: House, lines: Sequence[Line], *, total: int) -> Document:
    """The newest wires."""
    title = f"{house.name}: latest AI incidents"
    return _document(
        house, "latest.html", path="/", here="latest", title=title, structured=site_of(house), lines=lines, total=total
    )


def archive_page(house: House, lines: Sequence[Line], counts: Counts) -> Document:
    """All months at a glance, and the newest wires."""
    return _document(
        house,
        "archive.html",
        path="/archive",
        here="archive",
        title=f"Archive · {house.name}",
        text=f"Every AI incident that {house.name} has published, by month, provider, severity and code.",
        lines=lines,
        total=counts.total,
        years=years_of(house, ListAddress(), counts),
    )


def list_page(
    house: House,
    address: ListAddress,
    lines: Sequence[Line],
    *,
    counts: Counts | None = None,
    parts: int = 1,
    total: int,
) -> Document:
    """A list of its own, or one month of it. `counts` of a whole list, `parts` and `total` of a month."""
    whole = ListAddress(kind=address.kind, value=address.value)
    name, intro, aliases, links = _about(house, address)
    feeds = feeds_of(wanted_by(whole), f"{house.name}: {name}") if address.kind and (total or counts) else ()
    followed = [(f.path, f"{FORMATS[f.type]} feed") for f in feeds] if total else []
    values: dict[str, Any] = {"aliases": (), "links": (), "years": (), "pages": (), "older": "", "intro": ""}
    if address.month is None:
        heading, crumbs = name, [(PLACES[address.kind], _registers(address.kind))]
        values |= {"intro": intro, "aliases": aliases, "links": (*links, *followed)}
        values |= {"years": years_of(house, whole, counts) if counts is not None else ()}
        found = (
            _plural(total, "wire") if total <= len(lines) else f"The newest {len(lines)} of {_plural(total, 'wire')}"
        )
        values["older"] = "Older wires are in the months above." if total > len(lines) else ""
    else:
        month = month_name(address.month)
        heading = f"{month}: {name}" if address.kind else month
        crumbs = [("/archive", "Archive")] if not address.kind else [
            (PLACES[address.kind], _registers(address.kind)), (whole.path, name)
        ]  # fmt: skip
        found, pages = _parts(address, parts, total, len(lines))
        values["pages"] = pages
    return _document(
        house,
        "list.html",
        path=address.path,
        canonical=address.path,
        here="providers" if address.kind is Kind.PROVIDER else "archive" if not address.kind else "",
        title=f"{heading} · {house.name}",
        text=f"{heading}: AI incidents, sourced and classified by the editors of {house.name}.",
        feeds=feeds,
        heading=heading,
        crumbs=crumbs,
        lines=lines,
        found=found,
        nothing=_nothing(address),
        **values,
    )


def _parts(address: ListAddress, parts: int, total: int, shown: int) -> tuple[str, tuple[tuple[str, str, bool], ...]]:
    """What is said of a page of a month, and where it leads. A full part speaks of nothing that may still change."""
    month = ListAddress(kind=address.kind, value=address.value, month=address.month)
    if address.part is not None:
        return f"Part {address.part}: {_plural(shown, 'wire')}, newest first", ((month.path, "The whole month", False),)
    if parts == 1:
        return _plural(total, "wire"), ()
    older = tuple((replace(month, part=n).path, f"Part {n}", False) for n in range(parts - 1, 0, -1))
    return f"{_plural(total, 'wire')}: the newest {shown}", ((month.path, f"Part {parts}", True), *older)


def _about(house: House, address: ListAddress) -> tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Name, one sentence, other names and where more is said of what a list is about."""
    match address.kind:
        case Kind.PROVIDER:
            provider = house.providers.get(address.value)
            if provider is None:
                return address.value, "This provider is no longer in the register.", (), ()
            return provider.name, "", _aliases(provider), ()
        case Kind.CODE:
            code = house.codes.get(address.value)
            if code is None:
                return address.value, "This code is no longer in the codebook.", (), ()
            retired = " This code is retired: it stays on the wires that carry it." if code.is_retired else ""
            links = ((f"/guide#{address.value}", "In the codebook"),)
            return f"{code.id} {code.name}", f"{code.definition}{retired}", (), links
        case Kind.SEVERITY:
            link = f"/guide#{address.value.lower()}"
            return address.value, severity_text(house, address.value), (), ((link, "In the Editor’s Guide"),)
        case _:
            return "Archive", "", (), ()


def _aliases(provider: Provider) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in (*provider.exact, *provider.aliases) if n != provider.name))


def _nothing(address: ListAddress) -> str:
    match address.kind:
        case Kind.PROVIDER:
            return "No wire names this provider."
        case Kind.CODE:
            return "No wire carries this code."
        case Kind.SEVERITY:
            return "No wire has this severity."
        case _:
            return "No wire was published in this month."


def _registers(kind: Kind) -> str:
    return {Kind.PROVIDER: "Providers", Kind.CODE: "Codes", Kind.SEVERITY: "Severities"}[kind]


def severity_text(house: House, severity: str) -> str:
    """The first sentences of the Editor's Guide on a severity."""
    section = guide_sections(house.guide).get(severity.lower(), "")
    _, _, body = section.partition("\n")
    return plain_summary(body, 400)


def years_of(house: House, whole: ListAddress, counts: Counts) -> tuple[Safe, ...]:
    """Years, newest first, each of twelve months drawn on one scale from zero."""
    most = max((counts.of(month) for month in counts.months), default=0) or 1
    years = sorted({month[:4] for month in counts.months if counts.of(month)}, reverse=True)
    return tuple(_year(house, whole, year, counts, most) for year in years)


def _year(house: House, whole: ListAddress, year: str, counts: Counts, most: int) -> Safe:
    """One year, drawn once: a past year stays as it was while a publication adds to this one."""
    months = [f"{year}-{n:02}" for n in range(1, 13)]
    key = (whole, year, most, tuple(tuple(sorted(counts.months.get(month, {}).items())) for month in months))
    if key not in house.years:
        if len(house.years) > YEARS_KEPT:
            house.years.clear()
        drawn = {
            "year": year,
            "total": sum(counts.of(month) for month in months),
            "months": [_month(whole, month, counts, most) for month in months],
        }
        house.years[key] = Safe(house.templates.render("_year.html", {"year": drawn}))
    return house.years[key]


def _month(whole: ListAddress, month: str, counts: Counts, most: int) -> dict[str, Any]:
    told = counts.months.get(month, {})
    parts, y = [], GLANCE + 1.5
    for severity in ("", *reversed(Severity)):  # the gravest on top
        if count := told.get(severity, 0):
            height = max(round(GLANCE * count / most, 2), 0.8)
            y = round(y - height, 2)
            parts.append({"tone": _tone(severity), "y": y, "height": height})
    total, name = counts.of(month), month_name(month)
    by = ", ".join(f"{told[s]:,} {s.value}" for s in Severity if told.get(s))
    return {
        "path": ListAddress(kind=whole.kind, value=whole.value, month=month).path,
        "name": name[:3],
        "total": total,
        "parts": tuple(parts),
        "told": f"{name}: {_plural(total, 'wire')}{f': {by}' if by else ''}" if total else f"{name}: none",
    }


def _tone(severity: str) -> str:
    return severity.lower().replace("-", "") or "plain"


def month_name(month: str) -> str:
    """March 2026."""
    return long_date(date(int(month[:4]), int(month[5:]), 1)).split(" ", 1)[1]


# --- registers ----------------------------------------------------------------------------------------------------


def providers_page(house: House, counts: Mapping[str, int]) -> Document:
    """The register, those with wires first."""
    known = [(p.id, p.name) for p in house.site.providers]
    left = [(i, i) for i in counts if i not in house.providers and counts[i]]
    named = sorted([*known, *left], key=lambda p: p[1].casefold())
    told = tuple(_entry(Kind.PROVIDER, i, name, counts[i]) for i, name in named if counts.get(i))
    untold = tuple(_entry(Kind.PROVIDER, i, name, 0) for i, name in named if not counts.get(i))
    groups = (
        *([Group(title="With wires", entries=told, is_plain=True)] if told else []),
        Group(title="Without wires" if told else "The register", entries=untold, is_plain=True, is_quiet=bool(told)),
    )
    return _document(
        house, "register.html", path="/providers", here="providers", title=f"Providers · {house.name}",
        heading="Providers", groups=groups,
        intro="Companies and bodies that make or serve AI models. Names of products resolve to their provider.",
    )  # fmt: skip


def codes_page(house: House, counts: Mapping[str, int]) -> Document:
    """The codebook, each code with how many wires carry it."""
    book, most = house.site.codebook, max(counts.values(), default=0) or 1
    groups = tuple(
        Group(
            title=title,
            entries=tuple(
                _entry(
                    Kind.CODE, c.id, c.name, counts.get(c.id, 0), most=most, text=c.definition, is_retired=c.is_retired
                )
                for c in codes
            ),
        )
        for title, codes in (
            ("Mechanisms: how the AI system came to matter", book.mechanisms),
            ("Failures: what went wrong, or what was affected", book.failures),
        )
    )
    return _document(
        house, "register.html", path="/codes", here="codes", title=f"Codes · {house.name}", heading="Codes",
        groups=groups, intro=f"By what every wire is classified: the codebook, version {book.version}.",
    )  # fmt: skip


def severities_page(house: House, counts: Mapping[str, int]) -> Document:
    """The four severities, each with how many wires have it."""
    most = max(counts.values(), default=0) or 1
    entries = tuple(
        _entry(
            Kind.SEVERITY, s.value, "", counts.get(s.value, 0), most=most, tone=_tone(s.value), severity=s.value,
            text=severity_text(house, s.value),
        )
        for s in Severity
    )  # fmt: skip
    return _document(
        house, "register.html", path="/severities", here="severities", title=f"Severities · {house.name}",
        heading="Severities", groups=(Group(title="From the gravest", entries=entries),),
        intro="How grave an incident is, by its consequences and not by the attention it got.",
    )  # fmt: skip


def _entry(kind: Kind, ident: str, name: str, count: int, *, most: int = 1, **more: Any) -> Entry:
    width = round(100 * count / most, 2)
    return Entry(id=ident, name=name, path=ListAddress(kind=kind, value=ident).path, count=count, width=width, **more)


# --- what the newsroom says of itself -------------------------------------------------------------------------------


def guide_page(house: House) -> Document:
    """The Editor's Guide, and the codebook behind it."""
    return _document(
        house, "guide.html", path="/guide", here="guide", title=f"Editor’s Guide · {house.name}",
        text=f"What {house.name} counts as an AI incident, how grave it is, and on whose word.",
        guide=Safe(render_guide(house.guide)), codebook=house.site.codebook,
    )  # fmt: skip


def sourcing_page(house: House) -> Document:
    """How sources are counted, and what the standards mean, as the Editor's Guide has it."""
    section = guide_sections(house.guide).get("standard", "")
    _, _, body = section.partition("\n")
    return _document(
        house, "sourcing.html", path="/sourcing", here="sourcing", title=f"How we count sources · {house.name}",
        text="Ten reprints of one agency story are one source. How independent publishers are told apart and counted.",
        standards=Safe(render_body(body)),
    )  # fmt: skip


def corrections_page(
    house: House, logged: Sequence[Logged], *, year: int | None = None, years: Sequence[tuple[int, int]] = ()
) -> Document:
    """The log, newest first: the newest of all years, or all of one year."""
    entries = [_logged(e) for e in logged]
    title = "Corrections and retractions" + (f" of {year}" if year else "")
    return _document(
        house, "corrections.html", path=f"/corrections/{year}" if year else "/corrections", here="corrections",
        title=f"{title} · {house.name}", text="Every time we said that we had been wrong, and what we had said.",
        entries=entries, year=year, years=years,
    )  # fmt: skip


def _logged(entry: Logged) -> dict[str, Any]:
    if entry.taken is not None or entry.wire is None or entry.revision is None:
        reason = TOLD_REASONS[entry.taken.reason] if entry.taken else ""
        path = WireAddress(slug=entry.taken.slug).path if entry.taken else ""
        headline = f"A wire, {reason}"
        return {"said": "Taken down", "tone": "grave", "at": entry.at, "headline": headline, "path": path, "note": ""}
    revision = entry.revision
    return {
        "said": SAID[revision.kind],
        "tone": "grave" if revision.kind is RevisionKind.RETRACTION else "plain",
        "at": entry.at,
        "headline": revision.draft.headline,
        "path": WireAddress(slug=entry.wire.slug, number=revision.number).path,
        "note": Safe(render_body(revision.draft.note)),
    }


def statistics_page(house: House, tallies: Sequence[Tally], *, as_of: datetime | None, retracted: int) -> Document:
    """What was published, drawn; `as_of` is when readers last saw something new."""
    charts = () if as_of is None else figures.charts_of(house, tallies, until=f"{as_of:%Y-%m}")
    total = sum(row.total for chart in charts[:1] for row in chart.rows)
    graph = [dataset(house, c.title, f"{c.told} {c.note}", c.csv_path) for c in charts]
    return _document(
        house, "statistics.html", path="/statistics", here="statistics", title=f"Statistics · {house.name}",
        text=charts[0].told if charts else "",
        structured={"@context": "https://schema.org", "@graph": graph} if graph else None,
        charts=charts, total=total, as_of=as_of, retracted=retracted,
    )  # fmt: skip


# --- what is asked of the newsroom ------------------------------------------------------------------------------------


def search_page(
    house: House,
    *,
    asked: str = "",
    found: Sequence[Any] = (),
    more: str = "",
    notes: Sequence[str] = (),
    is_cut: bool = False,
    help: Sequence[tuple[str, str]],  # noqa: A002 - as the template calls it
) -> Document:
    """The question, and what was found; without a question it is a document like all others."""
    return _document(
        house, "search.html", path="/search", here="search", title=f"Search · {house.name}",
        robots="noindex,follow" if asked else "", asked=asked, found=found, more=more, notes=notes, is_cut=is_cut,
        help=help,
    )  # fmt: skip


def filtered_page(
    house: House,
    lines: Sequence[Line],
    *,
    chosen: Mapping[str, str],
    months: Sequence[str],
    providers: Sequence[str],
    codes: Sequence[str],
    total: int,
    number: int,
    page_count: int,
    address: str,
    newer: str,
    older: str,
) -> Document:
    """The archive by several facets at once."""
    codebook = house.codes
    return _document(
        house, "filtered.html", path=address, canonical="/archive", here="archive", title=f"Archive · {house.name}",
        robots="noindex,follow", lines=lines, chosen=chosen, months=[(m, month_name(m)) for m in months],
        providers=sorted(provider_names(providers, house.site.providers), key=lambda p: p[1].casefold()),
        codes=[(c, codebook[c].name if c in codebook else "") for c in codes],
        severities=[s.value for s in Severity], total=total, number=number, page_count=page_count, newer=newer,
        older=older,
    )  # fmt: skip


def _plural(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
