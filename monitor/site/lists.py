"""Lists of wires: the newest, the archive, each provider, code and severity, each month of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from monitor.model import Document, Provider, Severity
from monitor.site.addresses import PLACES, Kind, ListAddress
from monitor.site.frame import FORMATS, document, feeds_of, plural, severity_text, tone_of, wanted_by
from monitor.site.house import House
from monitor.site.sheet import Line
from monitor.site.structured import site_of
from monitor.site.typeset import Safe
from monitor.stages.telling import long_date

YEARS_KEPT = 20_000  # drawings of years that are kept from one page to the next
GLANCE = 70  # height of the tallest month of an archive's year, in the units of its drawing


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


def latest_page(house: House, lines: Sequence[Line], *, total: int) -> Document:
    """The newest wires."""
    title = f"{house.name}: latest AI incidents"
    return document(
        house, "latest.html", path="/", here="latest", title=title, structured=site_of(house), lines=lines, total=total
    )


def archive_page(house: House, lines: Sequence[Line], counts: Counts) -> Document:
    """All months at a glance, and the newest wires."""
    return document(
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
    has_feeds = bool(address.kind) and (total > 0 or _is_known(house, whole))  # also before the first wire
    feeds = feeds_of(wanted_by(whole), f"{house.name}: {name}") if has_feeds else ()
    followed = [(f.path, f"{FORMATS[f.type]} feed") for f in feeds]
    values: dict[str, Any] = {"aliases": (), "links": (), "years": (), "pages": (), "older": "", "intro": ""}
    if address.month is None:
        heading, crumbs = name, [(PLACES[address.kind], _registers(address.kind))]
        values |= {"intro": intro, "aliases": aliases, "links": (*links, *followed)}
        values |= {"years": years_of(house, whole, counts) if counts is not None else ()}
        found = plural(total, "wire") if total <= len(lines) else f"The newest {len(lines)} of {plural(total, 'wire')}"
        values["older"] = "Older wires are in the months above." if total > len(lines) else ""
    else:
        month = month_name(address.month)
        heading = f"{month}: {name}" if address.kind else month
        crumbs = [("/archive", "Archive")] if not address.kind else [
            (PLACES[address.kind], _registers(address.kind)), (whole.path, name)
        ]  # fmt: skip
        found, pages = _parts(address, parts, total, len(lines))
        values["pages"] = pages
    return document(
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
        return f"Part {address.part}: {plural(shown, 'wire')}, newest first", ((month.path, "The whole month", False),)
    if parts == 1:
        return plural(total, "wire"), ()
    older = tuple((replace(month, part=n).path, f"Part {n}", False) for n in range(parts - 1, 0, -1))
    return f"{plural(total, 'wire')}: the newest {shown}", ((month.path, f"Part {parts}", True), *older)


def _is_known(house: House, address: ListAddress) -> bool:
    """Whether register or codebook has it, so that it has feeds in any case."""
    match address.kind:
        case Kind.PROVIDER:
            return address.value in house.providers
        case Kind.CODE:
            return address.value in house.codes
        case _:
            return True


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
            parts.append({"tone": tone_of(severity), "y": y, "height": height})
    total, name = counts.of(month), month_name(month)
    by = ", ".join(f"{told[s]:,} {s.value}" for s in Severity if told.get(s))
    return {
        "path": ListAddress(kind=whole.kind, value=whole.value, month=month).path,
        "name": name[:3],
        "total": total,
        "parts": tuple(parts),
        "told": f"{name}: {plural(total, 'wire')}{f': {by}' if by else ''}" if total else f"{name}: none",
    }


def month_name(month: str) -> str:
    """March 2026."""
    return long_date(date(int(month[:4]), int(month[5:]), 1)).split(" ", 1)[1]
