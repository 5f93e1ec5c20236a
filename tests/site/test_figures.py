"""Statistics: what is drawn is what was counted, from zero, in words too, and as a table and a file."""

from __future__ import annotations

import csv
import io

import pytest

from monitor.model.tally import Counted, Tally
from monitor.site.figures import HEIGHT, Chart, axis_of, charts_of, csv_of
from monitor.site.pages import statistics_page
from tests.site.newsroom import AT, HOUSE, parsed, texts


def counts(counted: Counted, **values: dict[str, int]) -> list[Tally]:
    return [
        Tally(counted=counted, value=value.replace("_", "-"), month=month, count=count)
        for value, months in values.items()
        for month, count in months.items()
    ]


TALLIES = [
    *counts(Counted.SEVERITY, SEV_1={"2026-01": 1}, SEV_3={"2026-01": 2, "2026-03": 4}),
    *counts(Counted.PROVIDER, openai={"2026-01": 3, "2026-03": 2}, meta={"2026-03": 2}),
    *counts(Counted.CODE, M2={"2026-01": 3, "2026-03": 4}, F5={"2026-01": 3, "2026-03": 4}),
    *[Tally(counted=Counted.DELAY, value=v, month="2026-03", count=n) for v, n in (("6h", 2), ("24h", 2), ("more", 3))],
    *counts(Counted.STANDARD, standard={"2026-03": 5}, single_source={"2026-03": 2}),
    *[Tally(counted=Counted.SOURCES, value=v, month="2026-03", count=n) for v, n in (("1", 2), ("2", 4), ("6", 1))],
    *counts(Counted.ORIGIN, press={"2026-03": 6}, provider={"2026-03": 1}),
]  # fmt: skip


def chart(name: str) -> Chart:
    return next(c for c in charts_of(HOUSE, TALLIES, until="2026-03") if c.name == name)


def test_bars_begin_at_zero_and_share_one_scale() -> None:
    rows = {row.label: row for row in chart("severity").rows}
    assert [(b.y, b.height) for b in rows["SEV-3"].bars] == [(HEIGHT / 2, HEIGHT / 2), (0, HEIGHT)]
    assert [b.height for b in rows["SEV-1"].bars] == [HEIGHT / 4]
    assert rows["SEV-2"].bars == ()
    assert all(b.y + b.height == HEIGHT for row in rows.values() for b in row.bars)


def test_months_without_any_keep_their_place() -> None:
    found = chart("severity")
    assert found.columns[0] == "Apr 2025", "a young newsroom is shown a year"
    assert found.columns[-3:] == ("Jan 2026", "Feb 2026", "Mar 2026")
    assert [row.counts[-3:] for row in found.rows] == [(1, 0, 0), (0, 0, 0), (2, 0, 4), (0, 0, 0)]
    assert sum(found.rows[0].counts) == 1


@pytest.mark.parametrize(
    ("first", "unit", "bars"),
    [("2026-03", "month", 12), ("2023-04", "month", 36), ("2023-03", "quarter", 13), ("2017-04", "quarter", 36),
     ("2010-01", "year", 17)],
)  # fmt: skip
def test_a_longer_past_is_drawn_in_longer_steps(first: str, unit: str, bars: int) -> None:
    axis = axis_of([first], until="2026-03")
    assert (axis.unit, len(axis.keys)) == (unit, bars)
    assert sum(count for _, count in axis.years) == bars


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("severity", "7 incidents since Jan 2026, 1 of them grave or serious (SEV-1, SEV-2). The busiest month was Mar 2026, with 4."),  # noqa: E501
        ("provider", "2 providers are named, OpenAI most often: in 5 of 7 incidents."),
        ("code", "“F5 False or misleading content” is the code given most often, to 100 % of incidents."),
        ("delay", "Half of the wires were out within a day of the first report."),
        ("standard", "71 % of wires rest on two or more independent voices."),
        ("sources", "A wire rests on 2.3 independent publishers on average."),
        ("origin", "The first word of 86 % of incidents came from the press."),
    ],
)  # fmt: skip
def test_each_chart_says_in_words_what_is_to_be_seen(name: str, told: str) -> None:
    assert chart(name).told == told


def test_every_drawing_has_a_title_a_description_and_its_figures_as_a_table() -> None:
    page = parsed(statistics_page(HOUSE, TALLIES, as_of=AT, retracted=2))
    drawings = page.xpath("//svg[@role='img']")
    assert len(drawings) == 4 + 2 + 2 + 6 + 3 + 6 + 6
    for drawing in drawings:
        title, told = drawing.get("aria-labelledby").split()
        assert page.xpath(f"string(//*[@id='{title}'])")
        assert page.xpath(f"string(//*[@id='{told}'])")
    assert len(page.xpath("//section//table")) == 7
    assert page.xpath("//section[@id='severity']//a[@download]/@href") == ["/statistics/severity.csv"]
    assert texts(page, "//section[@id='severity']//tbody/tr[12]/*") == ["Mar 2026", "0", "0", "4", "0"]
    assert "as of our newest publication on 2 March 2026" in page.text_content()
    assert "Retracted wires are left out: 2 so far" in page.text_content()


def test_every_row_is_named_beside_its_drawing_so_that_colour_alone_says_nothing() -> None:
    page = parsed(statistics_page(HOUSE, TALLIES, as_of=AT, retracted=0))
    for row in page.xpath("//div[contains(@class, 'row ') or @class='row']"):
        assert row.xpath("normalize-space(p[@class='name'])")
        assert row.xpath("normalize-space(p[@class='sum'])")
    assert texts(page, "//section[@id='severity']//p[@class='name']") == ["SEV-1", "SEV-2", "SEV-3", "SEV-4"]


def test_the_file_has_every_month_and_no_formula() -> None:
    tallies = [*counts(Counted.PROVIDER, openai={"2026-01": 3, "2025-12": 1})]
    tallies.append(Tally(counted=Counted.PROVIDER, value="=cmd()", month="2026-01", count=1))
    rows = list(csv.reader(io.StringIO(csv_of(HOUSE, Counted.PROVIDER, tallies).decode())))
    assert rows == [
        ["month", "provider", "name", "wires"],
        ["2025-12", "openai", "OpenAI", "1"],
        ["2026-01", "'=cmd()", "'=cmd()", "1"],
        ["2026-01", "openai", "OpenAI", "3"],
    ]


def test_before_the_first_wire_there_is_nothing_to_draw_and_it_says_so() -> None:
    page = parsed(statistics_page(HOUSE, [], as_of=None, retracted=0))
    assert "nothing to count yet" in page.text_content()
    assert not page.xpath("//svg[@role='img']")
