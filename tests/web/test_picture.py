"""The drawing of a source's last thirty days, and the same in words."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.model import SourceDay
from monitor.web.desk.picture import DAYS, LINE, PITCH, TALLEST, draw, draw_large, every_day

TODAY = date(2026, 3, 2)  # a Monday


def day(ago: int, polls: int = 24, new: int = 0, errors: int = 0) -> SourceDay:
    return SourceDay(day=TODAY - timedelta(days=ago), poll_count=polls, new_entry_count=new, error_count=errors)


def test_news_stands_on_the_line_errors_hang_below_and_a_day_without_a_poll_is_a_gap() -> None:
    picture = draw([day(2, new=8), day(1, errors=24), day(0)], TODAY)
    last = (DAYS - 1) * PITCH
    assert picture.news == f"M{last - 2 * PITCH + 1.5} {LINE}v-{TALLEST}"
    assert picture.errors == f"M{last - PITCH + 1.5} {LINE + 2}v5"
    assert picture.polls.count("M") == 3
    assert picture.words == "Last 30 days: 8 new on 1 day; asked 72 times, 24 failed on 1 day"


def test_one_entry_is_a_low_bar() -> None:
    assert draw([day(0, new=1)], TODAY).news.endswith("v-4")


def test_a_source_that_was_never_asked_says_so() -> None:
    picture = draw([], TODAY)
    assert (picture.news, picture.polls, picture.errors) == ("", "", "")
    assert picture.words == "Last 30 days: never asked"


def test_days_beyond_the_thirty_are_left_out() -> None:
    assert draw([day(30, new=5), day(29, new=1)], TODAY).words.startswith("Last 30 days: 1 new on 1 day")


def test_the_large_one_has_a_row_each_with_its_own_scale_and_every_day_in_its_table() -> None:
    large = draw_large([day(1, new=40, errors=2), day(0, polls=3, new=10)], TODAY)
    assert [(band.name, band.most, band.total, len(band.bars)) for band in large.bands] == [
        ("New entries", 40, 50, 2),
        ("Polls", 24, 27, 2),
        ("Failed", 2, 2, 1),
    ]
    tall, low = large.bands[0].bars
    assert (tall.height, low.height) == (40, 10)
    assert low.words == "2 March: 10"
    assert len(large.days) == len(large.labels) == DAYS
    assert large.days[0].day == TODAY
    assert [label for label in large.labels if label] == ["2 Feb", "9 Feb", "16 Feb", "23 Feb"]
    assert len(large.weekends) == 9


def test_every_day_is_there_oldest_first() -> None:
    span = every_day([day(3)], TODAY)
    assert (len(span), span[0].day, span[-1].day) == (DAYS, TODAY - timedelta(days=29), TODAY)
    assert span[-4].poll_count == 24
