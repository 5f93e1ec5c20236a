"""Kept counts → charts: what is drawn, in which order and scale, and the sentence that says what is to be seen.

Bars begin at zero and share one scale within a chart. Each row is named beside it, so that no colour carries a meaning
alone; what is drawn stands as a table below, and every month of it in the CSV.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.model import Origin, Severity, SourcingStandard
from monitor.model.tally import SOURCES_MOST, Counted, Delay, Tally
from monitor.site.addresses import Kind, ListAddress
from monitor.site.house import House
from monitor.site.sheet import ORIGINS
from monitor.stages.telling import provider_names

HEIGHT = 40.0  # of the highest bar of a row, in the units of the drawing
STEP = 10.0  # from bar to bar
COLUMNS = 36  # bars in a row at most: months, else quarters, else years
ROWS = 10  # providers or codes that are drawn; the CSV has all
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DELAYS: Mapping[Delay, str] = {
    Delay.HOURS_6: "under 6 hours",
    Delay.HOURS_24: "6 to 24 hours",
    Delay.DAYS_3: "1 to 3 days",
    Delay.DAYS_7: "3 to 7 days",
    Delay.DAYS_30: "1 to 4 weeks",
    Delay.MORE: "longer",
}
_WITHIN: Mapping[Delay, str] = {
    Delay.HOURS_6: "within 6 hours",
    Delay.HOURS_24: "within a day",
    Delay.DAYS_3: "within 3 days",
    Delay.DAYS_7: "within a week",
    Delay.DAYS_30: "within 30 days",
    Delay.MORE: "more than 30 days",
}
STANDARDS: Mapping[SourcingStandard, str] = {
    SourcingStandard.CONFIRMED: "confirmed",
    SourcingStandard.STANDARD: "standard",
    SourcingStandard.SINGLE_SOURCE: "single-source",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, drawn upwards from the base line."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of what is counted."""

    label: str
    path: str | None  # of its page
    tone: str  # class of its colour
    total: int
    share: float  # of the wires, from 0 to 1
    counts: tuple[int, ...]  # one for each column
    bars: tuple[Bar, ...]
    told: str  # what the drawing shows, in words

    @property
    def most(self) -> int:
        """Of the highest bar."""
        return max(self.counts, default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with its words, its table and its file."""

    name: str  # of Counted
    title: str
    told: str  # what is to be seen
    note: str  # how it was counted
    columns: tuple[str, ...]  # names of the bars; none where each row is one bar
    axis: tuple[tuple[str, int], ...]  # names below, and over how many bars
    rows: tuple[Row, ...]
    width: float  # of a row's drawing
    csv_path: str
    unit: str = ""  # of the bars: "month", "quarter", "year"

    @property
    def height(self) -> float:
        """Of a row's drawing."""
        return HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The bars of charts over time: each a month, a quarter or a year, without a gap."""

    unit: str  # "month", "quarter", "year"
    keys: tuple[str, ...]

    def key(self, month: str) -> str:
        """The bar to which a month belongs."""
        return _key(month, self.unit)

    def label(self, key: str) -> str:
        """The bar's name."""
        if self.unit == "year":
            return key
        year, _, rest = key.partition("-")
        return f"{_MONTHS[int(rest) - 1]} {year}" if self.unit == "month" else f"{rest} {year}"

    @property
    def years(self) -> tuple[tuple[str, int], ...]:
        """Years and over how many bars each goes; one for which there is no room has no name."""
        found = [(year, len(list(keys))) for year, keys in groupby(self.keys, key=lambda k: k[:4])]
        if self.unit == "year":
            step = -(-len(found) // 12)
            return tuple((year if n % step == 0 else "", count) for n, (year, count) in enumerate(found))
        return tuple((year if count * 10 >= len(self.keys) else "", count) for year, count in found)


# --- the page -----------------------------------------------------------------------------------------------------


def charts_of(house: House, tallies: Iterable[Tally], *, until: str) -> tuple[Chart, ...]:
    """All charts; `until` is the month of the newest publication, with which the charts over time end."""
    by: defaultdict[Counted, list[Tally]] = defaultdict(list)
    for tally in tallies:
        if tally.count > 0:
            by[tally.counted].append(tally)
    total = sum(t.count for t in by[Counted.SEVERITY])
    if not total:
        return ()
    axis = axis_of([t.month for t in by[Counted.SEVERITY]], until=until)
    return (
        _severities(axis, by[Counted.SEVERITY], total),
        _providers(house, axis, by[Counted.PROVIDER], total),
        _codes(house, axis, by[Counted.CODE], total),
        _delays(by[Counted.DELAY]),
        _standards(by[Counted.STANDARD]),
        _sources(by[Counted.SOURCES]),
        _origins(by[Counted.ORIGIN]),
    )


def axis_of(months: Iterable[str], *, until: str) -> Axis:
    """A year at least, from the first month to the last or `until`, in the smallest unit of at most COLUMNS bars."""
    known = sorted({*months, until})
    last = known[-1]
    year_before = f"{int(last[:4]) - 1:04}-{int(last[5:]) + 1:02}" if last[5:] != "12" else f"{last[:4]}-01"
    all_months = list(_months(min(known[0], year_before), last))
    for unit in ("month", "quarter"):
        keys = tuple(dict.fromkeys(_key(m, unit) for m in all_months))
        if len(keys) <= COLUMNS:
            return Axis(unit=unit, keys=keys)
    return Axis(unit="year", keys=tuple(dict.fromkeys(m[:4] for m in all_months)))


def csv_of(house: House, counted: Counted, tallies: Iterable[Tally]) -> bytes:
    """Every month and value, one line each, with a heading (RFC 4180)."""
    names = _names(house, counted)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["month", counted.value, "name", "wires"])
    for tally in sorted(tallies, key=lambda t: (t.month, t.value)):
        if tally.count > 0:
            writer.writerow(
                [tally.month, _plain(tally.value), _plain(names.get(tally.value, tally.value)), tally.count]
            )
    return file.getvalue().encode()


# --- over time ----------------------------------------------------------------------------------------------------


def _severities(axis: Axis, tallies: Sequence[Tally], total: int) -> Chart:
    columns = _columns(axis, tallies)
    busiest = max(axis.keys, key=lambda key: sum(c[key] for c in columns.values()))
    most = sum(c[busiest] for c in columns.values())
    grave = sum(t.count for t in tallies if t.value in {Severity.SEV_1, Severity.SEV_2})
    entries = [(s.value, s.value, _path(Kind.SEVERITY, s.value), s.value.lower().replace("-", "")) for s in Severity]
    first = min(t.month for t in tallies)
    return _over_time(
        axis,
        columns,
        entries,
        total,
        name=Counted.SEVERITY,
        title="Incidents over time, by severity",
        told=(
            f"{_number(total, 'incident')} since {axis.label(axis.key(first))}, {grave:,} of them grave or serious "
            f"(SEV-1, SEV-2). The busiest {axis.unit} was {axis.label(busiest)}, with {most:,}."
        ),
        note="Counted in the month in which it happened.",
    )


def _providers(house: House, axis: Axis, tallies: Sequence[Tally], total: int) -> Chart:
    named = dict(provider_names(sorted({t.value for t in tallies}), house.site.providers))
    columns = _columns(axis, tallies)
    entries = _most(columns, lambda v: (v, named[v], _path(Kind.PROVIDER, v), "plain"))
    first = entries[0] if entries else None
    told = ""
    if first is not None:
        count = sum(columns[first[0]].values())
        told = (
            f"{_number(len(columns), 'provider is', 'providers are')} named, {first[1]} most often: in {count:,} of "
            f"{_number(total, 'incident')}."
        )
    return _over_time(
        axis, columns, entries, total,
        name=Counted.PROVIDER, title="By provider", told=told,
        note=f"The {len(entries)} named most often. An incident that names two counts for both.",
    )  # fmt: skip


def _codes(house: House, axis: Axis, tallies: Sequence[Tally], total: int) -> Chart:
    columns = _columns(axis, tallies)
    names = {ident: code.name for ident, code in house.codes.items()}
    entries = _most(columns, lambda v: (v, f"{v} {names.get(v, '')}".strip(), _path(Kind.CODE, v), "plain"))
    told = ""
    if entries:
        first = entries[0]
        share = _share(sum(columns[first[0]].values()), total)
        told = f"“{first[1]}” is the code given most often, to {share} of incidents."
    return _over_time(
        axis, columns, entries, total,
        name=Counted.CODE, title="By code", told=told,
        note=f"The {len(entries)} given most often. An incident has at least one code of each series.",
    )  # fmt: skip


Entry = tuple[str, str, str | None, str]  # value, label, path, tone


def _most(columns: Mapping[str, Counter[str]], entry: object) -> list[Entry]:
    assert callable(entry)
    values = sorted(columns, key=lambda v: (-sum(columns[v].values()), v))
    return [entry(value) for value in values[:ROWS]]


def _columns(axis: Axis, tallies: Iterable[Tally]) -> dict[str, Counter[str]]:
    columns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        columns[tally.value][axis.key(tally.month)] += tally.count
    return dict(columns)


def _over_time(
    axis: Axis, columns: Mapping[str, Counter[str]], entries: Sequence[Entry], total: int, *,
    name: Counted, title: str, told: str, note: str,
) -> Chart:  # fmt: skip
    counts = {value: tuple(columns.get(value, Counter())[key] for key in axis.keys) for value, *_ in entries}
    most = max((n for row in counts.values() for n in row), default=1) or 1
    labels = tuple(axis.label(key) for key in axis.keys)
    return Chart(
        name=name.value, title=title, told=told, note=note, columns=labels, axis=axis.years,
        rows=tuple(
            Row(
                label=label, path=path if sum(counts[value]) else None, tone=tone, total=sum(counts[value]),
                share=sum(counts[value]) / total, counts=counts[value], bars=_bars(counts[value], most),
                told=_told(label, counts[value], labels, axis.unit),
            )
            for value, label, path, tone in entries
        ),
        width=len(labels) * STEP, csv_path=f"/statistics/{name.value}.csv", unit=axis.unit,
    )  # fmt: skip


def _bars(counts: Sequence[int], most: int) -> tuple[Bar, ...]:
    gap = STEP * 0.16
    return tuple(
        Bar(x=round(n * STEP + gap / 2, 2), y=round(HEIGHT * (1 - count / most), 2), width=round(STEP - gap, 2),
            height=round(HEIGHT * count / most, 2))
        for n, count in enumerate(counts)
        if count
    )  # fmt: skip


def _told(label: str, counts: Sequence[int], labels: Sequence[str], unit: str) -> str:
    if not sum(counts):
        return f"{label}: none."
    top = max(range(len(counts)), key=lambda n: counts[n])
    return (
        f"{label}: {sum(counts):,} in all; most in the {unit} {labels[top]}, {counts[top]:,}; in the last one, "
        f"{labels[-1]}, {counts[-1]:,}."
    )


# --- how they are shared out --------------------------------------------------------------------------------------


def _delays(tallies: Sequence[Tally]) -> Chart:
    counts = _sums(tallies)
    total, so_far, told = sum(counts.values()), 0, "No wire has a dated report yet."
    for delay in Delay:
        so_far += counts[delay.value]
        if total and so_far * 2 >= total:
            after = "after" if delay is Delay.MORE else "of"
            told = f"Half of the wires were out {_WITHIN[delay]} {after} the first report."
            break
    return _shared(
        counts, [(d.value, DELAYS[d]) for d in Delay], name=Counted.DELAY,
        title="From first report to publication", told=told,
        note="From the earliest article that the first revision cites. Wires classified in bulk are not counted.",
    )  # fmt: skip


def _standards(tallies: Sequence[Tally]) -> Chart:
    counts = _sums(tallies)
    solid = sum(counts.values()) - counts[SourcingStandard.SINGLE_SOURCE.value]
    return _shared(
        counts, [(s.value, name) for s, name in STANDARDS.items()], name=Counted.STANDARD,
        title="Sourcing standard",
        told=f"{_share(solid, sum(counts.values()))} of wires rest on two or more independent voices.",
        note="As the newest revision of each wire says.",
    )  # fmt: skip


def _sources(tallies: Sequence[Tally]) -> Chart:
    counts = _sums(tallies)
    entries = [(str(n), f"{n} {'source' if n == 1 else 'sources'}") for n in range(1, SOURCES_MOST)]
    total = sum(counts.values())
    mean = sum(int(v) * n for v, n in counts.items()) / total if total else 0
    return _shared(
        counts, [*entries, (str(SOURCES_MOST), f"{SOURCES_MOST} or more")], name=Counted.SOURCES,
        title="Independent sources of a wire", told=f"A wire rests on {mean:.1f} independent publishers on average.",
        note=f"Copies and posts of one owner count once. For the average, {SOURCES_MOST} or more are {SOURCES_MOST}.",
    )  # fmt: skip


def _origins(tallies: Sequence[Tally]) -> Chart:
    counts = _sums(tallies)
    entries = sorted(((o.value, words) for o, words in ORIGINS.items()), key=lambda e: -counts[e[0]])
    first = entries[0]
    return _shared(
        counts, entries, name=Counted.ORIGIN, title="Where the first signal came from",
        told=f"The first word of {_share(counts[first[0]], sum(counts.values()))} of incidents came from {first[1]}.",
        note="The origin of the first article of the event that reached the newsroom.",
    )  # fmt: skip


def _sums(tallies: Iterable[Tally]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts[tally.value] += tally.count
    return counts


def _shared(
    counts: Counter[str], entries: Sequence[tuple[str, str]], *, name: Counted, title: str, told: str, note: str
) -> Chart:
    total, most = sum(counts.values()), max([counts[value] for value, _ in entries], default=0)
    return Chart(
        name=name.value, title=title, told=told if total else "Nothing to show yet.", note=note, columns=(), axis=(),
        rows=tuple(
            Row(
                label=label, path=None, tone="plain", total=counts[value], share=counts[value] / total if total else 0,
                counts=(counts[value],), told=f"{label}: {counts[value]:,}, {_share(counts[value], total)}",
                bars=(Bar(x=0, y=0, width=round(100 * counts[value] / most, 2), height=10),) if counts[value] else (),
            )
            for value, label in entries
        ),
        width=100, csv_path=f"/statistics/{name.value}.csv",
    )  # fmt: skip


# --- small words --------------------------------------------------------------------------------------------------


def _names(house: House, counted: Counted) -> Mapping[str, str]:
    match counted:
        case Counted.PROVIDER:
            return {p.id: p.name for p in house.site.providers}
        case Counted.CODE:
            return {c.id: c.name for c in house.site.codebook.codes}
        case Counted.DELAY:
            return {d.value: words for d, words in DELAYS.items()}
        case Counted.ORIGIN:
            return {o.value: words for o, words in ORIGINS.items()} | {Origin.PRESS.value: "the press"}
        case _:
            return {}


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _path(kind: Kind, value: str) -> str:
    return ListAddress(kind=kind, value=value).path


def _key(month: str, unit: str) -> str:
    if unit == "month":
        return month
    return month[:4] if unit == "year" else f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def _months(first: str, last: str) -> Iterable[str]:
    year, month = int(first[:4]), int(first[5:])
    while (text := f"{year:04}-{month:02}") <= last:
        yield text
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %" if total else "none"
