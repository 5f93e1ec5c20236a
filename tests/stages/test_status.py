"""Status pages: one entry per outage, its updates with time, state and text."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Entry, Kind, ParsedFeed, Unparsable
from monitor.stages.read import read_document
from monitor.stages.status import fold_updates, read_account, read_status, read_timeline

NEAR = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STATUSPAGE = (
    "<p><small>Nov <var data-var='date'>20</var>, <var data-var='time'>03:25</var> PST</small><br>"
    "<strong>Resolved</strong> - This incident has been <b>resolved</b>.<br />Thank you.</p>"
    "<p><small>Nov <var data-var='date'>20</var>, <var data-var='time'>01:19</var> PST</small><br>"
    "<strong>Investigating</strong> - We are investigating &lt;500&gt; errors.</p>"
)
CAPTURES = {  # file → outages, updates
    "github-com-account-organizations-news__history_2_.atom": (25, 100),
    "github-com-account-organizations-news__history_3_.rss": (2, 9),
    "SheLuvDx__history.atom": (17, 46),
    "SheLuvDx__history.rss": (17, 46),
    "lambstatus__history.rss": (3, 7),
}


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def told(content: str, near: datetime = NEAR) -> list[tuple[datetime | None, str, str]]:
    return [(update.at, update.state, update.text) for update in read_timeline(content, near=near)]


def google(number: str, title: str, updated: datetime, words: str) -> Entry:
    """An entry per update, as Google Cloud has them."""
    return Entry(
        guid=f"tag:status.cloud.example,2026:feed:Ab3.{number}",
        url="https://status.cloud.example/incidents/Ab3",
        title=title,
        updated=updated.isoformat(),
        updated_at=updated,
        summary=f"<p>{words}</p>",
    )


def amazon(epoch: int, title: str, published: datetime, words: str = "Errors.") -> Entry:
    """An entry per update, all with the same link, as AWS has them."""
    return Entry(
        guid=f"http://status.aws.example/#bedrock-us-east-1_{epoch}",
        url="http://status.aws.example/",
        title=title,
        published=published.isoformat(),
        published_at=published,
        summary=words,
    )


# --- updates ----------------------------------------------------------------------------------------------------


def test_statuspage_shows_every_update_with_its_time() -> None:
    assert told(STATUSPAGE) == [
        (at(20, 9, 19), "Investigating", "We are investigating <500> errors."),
        (at(20, 11, 25), "Resolved", "This incident has been resolved. Thank you."),
    ]


@pytest.mark.parametrize(
    ("when", "near", "read"),
    [
        ("Nov 20, 03:25 UTC", NEAR, at(20, 3, 25)),
        ("Sep  8, 12:08 UTC", NEAR, at(8, 12, 8, month=9)),
        ("Dec 31, 23:50 UTC", at(1, 1, month=1, year=2027), at(31, 23, 50, month=12)),
        ("Jan 1, 00:10 UTC", at(31, 23, month=12), at(1, 0, 10, month=1, year=2027)),
        ("May 13, 2017, 06:45 UTC", NEAR, at(13, 6, 45, month=5, year=2017)),
        ("Nov 25, 01:00 - 05:00 UTC", NEAR, at(25, 1)),
        ("Nov 20, 03:25 CEST", NEAR, at(20, 1, 25)),
        ("Nov 20, 2026 at 3:25 PM EST", NEAR, at(20, 20, 25)),
        ("2026-11-20T03:25:00Z", NEAR, at(20, 3, 25)),
        ("Feb 31, 10:00 UTC", NEAR, None),
    ],
)
def test_times_are_read_with_their_zone_and_the_year_is_found_h17(when: str, near: datetime, read: datetime) -> None:
    content = f"<p><small>{when}</small><br><strong>Update</strong> - Words.</p>"
    assert told(content, near) == [(read, "Update", "Words.")]


def test_incident_io_shows_only_the_last_state() -> None:
    content = (
        "<b>Status: Resolved</b><br/><br/>All impacted services have recovered.<br/><br/><b>Affected components</b>"
        "\n<ul>\n<li>Conversations (Operational)</li></ul>"
    )
    assert told(content) == [
        (None, "Resolved", "All impacted services have recovered. Affected components Conversations (Operational)")
    ]


def test_words_in_no_known_form_are_a_text() -> None:
    account = read_account("<p>We have a <b>bad</b> day.</p><p>Sorry.</p>", near=NEAR)
    assert (account.updates, account.text) == ((), "We have a bad day.\nSorry.")


@pytest.mark.parametrize("name", CAPTURES)
def test_every_update_of_every_captured_page_is_read(data_dir: Path, name: str) -> None:
    body = (data_dir / "feeds" / "files" / name).read_bytes()
    feed = read_document(body, kind=Kind.STATUS, url=f"https://status.example/{name}")
    assert isinstance(feed, ParsedFeed)
    timelines = [
        read_timeline(entry.content or entry.summary or "", near=entry.published_at or NEAR) for entry in feed.entries
    ]
    assert (len(feed.entries), sum(map(len, timelines))) == CAPTURES[name]
    for entry, timeline in zip(feed.entries, timelines, strict=True):
        assert (entry.content or entry.summary or "").count("<strong>") >= len(timeline)
        assert all(update.at and update.state for update in timeline)
        assert list(timeline) == sorted(timeline, key=lambda update: update.at or NEAR)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<small>" * 50_000,
        "<p><small>10:00</small><strong>" * 20_000,
        "<b>Status: " + "x" * 900_000,
        "<p><small>Nov 99, 99:99 XYZ</small><br><strong></strong>",
        "\x00\ud800<small>Nov 20, 03:25</small>",
        "<script><small>Nov 20, 03:25 UTC</small><strong>Resolved</strong></script>",
    ],
)
def test_hostile_words_end_soon_h9_h26(content: str) -> None:
    began = time.process_time()
    updates = read_timeline(content, near=NEAR)
    assert time.process_time() - began < 10
    assert len(updates) <= 500


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["<small>", "</small>", "<b>", "</b>", "<p>", "Nov 20, ", "03:25 UTC", "Status: Up", "x"]))
)
def test_no_markup_is_too_odd(pieces: list[str]) -> None:
    for update in read_timeline("".join(pieces), near=NEAR):
        assert update.state
        assert update.at is None or update.at.tzinfo is not None


# --- entries ----------------------------------------------------------------------------------------------------


def test_an_entry_per_update_is_folded_into_one_per_outage() -> None:
    first = google("1", "Vertex AI errors", at(20, 8), "We are looking.")
    second = google("2", "UPDATE: Vertex AI errors", at(20, 9), "We have found it.")
    last = google("3", "RESOLVED: Vertex AI errors", at(20, 10), "It is over.")
    (folded,) = fold_updates([last, second, first])
    assert (folded.guid, folded.url, folded.title) == (first.url, first.url, "Vertex AI errors")
    assert told(folded.content or "") == [
        (at(20, 8), "Update", "We are looking."),
        (at(20, 9), "Update", "We have found it."),
        (at(20, 10), "Resolved", "It is over."),
    ]


def test_an_outage_keeps_its_name_while_it_grows() -> None:
    first = google("1", "Vertex AI errors", at(20, 8), "We are looking.")
    last = google("2", "RESOLVED: Vertex AI errors", at(20, 10), "It is over.")
    names = {fold_updates(seen)[0].guid for seen in ([first], [last, first], [last])}
    assert names == {"https://status.cloud.example/incidents/Ab3"}


def test_updates_that_share_only_the_front_page_are_told_by_service_and_title() -> None:
    begun = amazon(1_795_161_600, "Performance issues: Increased API error rates", at(20, 8))
    over = amazon(1_795_168_800, "Service is operating normally: [RESOLVED] Increased API error rates", at(20, 10))
    later = amazon(1_796_000_000, "Performance issues: Increased API error rates", at(30, 8))
    other = amazon(1_795_161_601, "Performance issues: Slow console", at(20, 9))
    folded = fold_updates([later, over, other, begun])
    assert sorted(entry.title for entry in folded) == ["Increased API error rates"] * 2 + ["Slow console"]
    assert len({entry.guid for entry in folded}) == 3
    assert fold_updates([begun])[0].guid in {entry.guid for entry in folded}


def test_statuspages_own_number_stays_the_name_of_the_outage() -> None:
    entry = Entry(guid="tag:status.example,2005:Incident/7", url="https://status.example/incidents/x", title="Errors")
    assert fold_updates([entry]) == (entry,)


def test_what_is_no_feed_is_said_so_h18() -> None:
    assert isinstance(read_status(b"<!doctype html><title>All systems go</title>", url="https://x.example"), Unparsable)
