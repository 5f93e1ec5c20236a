"""The timeline of an outage grows with each look, and never shrinks."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.model import StatusUpdate
from monitor.stages.timeline import MAX_UPDATES, merge_timeline, tell_timeline


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def said(hour: int | None, state: str, text: str = "words") -> StatusUpdate:
    return StatusUpdate(at=None if hour is None else at(hour), state=state, text=text)


BEGUN, FOUND, OVER = said(8, "Investigating"), said(9, "Identified"), said(10, "Resolved")


def test_a_page_that_shows_everything_is_taken_at_its_word() -> None:
    assert merge_timeline((), (BEGUN,), said_at=None) == (BEGUN,)
    assert merge_timeline((BEGUN,), (BEGUN, FOUND, OVER), said_at=None) == (BEGUN, FOUND, OVER)
    assert merge_timeline((BEGUN, FOUND), (), said_at=None) == (BEGUN, FOUND)


def test_what_a_page_mends_is_mended() -> None:
    mended = said(9, "Identified", "other words")
    assert merge_timeline((BEGUN, FOUND), (BEGUN, mended, OVER), said_at=None) == (BEGUN, mended, OVER)


def test_updates_that_a_page_no_longer_shows_stay() -> None:
    assert merge_timeline((BEGUN, FOUND), (OVER,), said_at=None) == (BEGUN, FOUND, OVER)


def test_an_older_answer_takes_nothing_back_and_adds_what_was_missed() -> None:
    old_words = said(9, "Identified", "before it was mended")
    assert merge_timeline((BEGUN, FOUND, OVER), (BEGUN, old_words), said_at=None) == (BEGUN, FOUND, OVER)
    assert merge_timeline((BEGUN, OVER), (BEGUN, FOUND), said_at=None) == (BEGUN, FOUND, OVER)


def test_a_page_that_shows_only_the_last_state_is_remembered() -> None:
    timeline = merge_timeline((), (said(None, "Investigating"),), said_at=at(8))
    timeline = merge_timeline(timeline, (said(None, "Monitoring"),), said_at=at(9))
    timeline = merge_timeline(timeline, (said(None, "Monitoring"),), said_at=at(9, 30))  # the same again
    timeline = merge_timeline(timeline, (said(None, "Investigating"),), said_at=at(8))  # late, from a cache
    timeline = merge_timeline(timeline, (said(None, "Resolved"),), said_at=at(10))
    assert timeline == (said(8, "Investigating"), said(9, "Monitoring"), said(10, "Resolved"))


def test_a_date_that_does_not_move_is_no_date_of_the_update() -> None:
    timeline = merge_timeline((said(8, "Investigating"),), (said(None, "Resolved"),), said_at=at(8))
    assert timeline == (said(8, "Investigating"), said(None, "Resolved"))


def test_merging_again_changes_nothing() -> None:
    whole = (BEGUN, FOUND, OVER)
    assert merge_timeline(whole, whole, said_at=at(11)) == whole
    assert merge_timeline(whole, (FOUND, OVER), said_at=at(11)) == whole


def test_an_outage_without_end_is_bounded_h13() -> None:
    long = tuple(said(None, "Update", str(n)) for n in range(MAX_UPDATES + 50))
    assert len(merge_timeline((), long, said_at=at(8))) == MAX_UPDATES


def test_the_text_tells_the_updates_in_their_order() -> None:
    assert tell_timeline((BEGUN, said(9, "Resolved", ""))) == "Investigating: words\nResolved"
