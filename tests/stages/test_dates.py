"""Dates: the usual spellings are read at once, and mean what they mean when read with care (H17)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.dates import read_date


@pytest.mark.parametrize(
    ("claim", "hour"),
    [
        ("Mon, 02 Mar 2026 10:20:30 GMT", 10),
        ("2 Mar 2026 10:20:30 +0000", 10),
        ("Mon, 02 Mar 2026 10:20:30 -0800", 18),
        ("Mon, 02 Mar 2026 10:20:30 EST", 15),
        ("2026-03-02T10:20:30Z", 10),
        ("2026-03-02T10:20:30.123456+01:00", 9),
        ("2026-03-02T10:20:30-08:00", 18),
    ],
)
def test_the_usual_spellings(claim: str, hour: int) -> None:
    assert read_date(claim) == datetime(2026, 3, 2, hour, 20, 30, tzinfo=UTC)


_TWO = st.integers(0, 99).map("{:02}".format)
_YEARS = st.sampled_from(["0000", "0001", "1756", "1989", "1990", "2024", "2026", "2100", "2101", "9999"])
_MONTHS = st.sampled_from(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
_ZONES = st.sampled_from(["GMT", "UTC", "Z", "+0000", "-0000", "+0530", "-0800", "+1400", "+1500", "+0075", "+9999"])
_OFFSETS = st.sampled_from(
    ["Z", "+00:00", "-00:00", "+05:30", "-08:00", "+14:00", "+15:00", "+00:75", ".5Z", ".123+01:00"]
)


@given(_TWO, _MONTHS, _YEARS, _TWO, _TWO, _TWO, _ZONES)
def test_a_date_of_rss_needs_no_care_h17(
    day: str, month: str, year: str, hour: str, minute: str, second: str, zone: str
) -> None:
    rest = f"{month} {year} {hour}:{minute}:{second} {zone}"
    assert read_date(f"{day} {rest}") == read_date(f"{day}  {rest}")  # two spaces are no usual spelling


@given(_YEARS, _TWO, _TWO, _TWO, _TWO, _TWO, _OFFSETS)
def test_a_date_of_atom_needs_no_care_h17(
    year: str, month: str, day: str, hour: str, minute: str, second: str, zone: str
) -> None:
    date, time = f"{year}-{month}-{day}", f"{hour}:{minute}:{second}{zone}"
    assert read_date(f"{date}T{time}") == read_date(f"{date} {time}")


@pytest.mark.parametrize("claim", ["2026/03/02", "2026.3.2", "2026-3-2", "2026年3月2日", "2026년 3월 2일"])
def test_a_year_in_front_is_no_whole_date_h17(claim: str) -> None:
    assert read_date(claim) == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("claim", ["2026 in review", "2026 report", "1999-bis"])
def test_a_year_and_words_are_no_date_h17(claim: str) -> None:
    assert read_date(claim) is None


@pytest.mark.parametrize("claim", ["2026", "2026-01", "20260101"])
def test_a_year_or_a_month_alone_is_its_first_day(claim: str) -> None:
    assert read_date(claim) == datetime(2026, 1, 1, tzinfo=UTC)
