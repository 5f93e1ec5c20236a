"""The but-for test: prose from its parts, and what is still to be said."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import ArticleId, ButFor, Confidence
from monitor.stages.butfor import draft_prose, lacking

WHOLE = ButFor(
    outcome="the payment to the caller",
    system="the voice generator",
    role="copied the director's voice.",
    without="the clerk would have asked back",
    support=ArticleId(7),
    confidence=Confidence.MEDIUM,
)


def test_the_prose_says_every_part_and_cites_what_carries_it() -> None:
    assert draft_prose(WHOLE) == (
        "But for the voice generator, which copied the director's voice, the payment to the caller would not have "
        "occurred: without it, the clerk would have asked back. [source](article:7) "
        "This follows from what the sources say."
    )


def test_nothing_is_drafted_from_half_a_test() -> None:
    assert draft_prose(replace(WHOLE, without="")) == ""
    assert draft_prose(ButFor()) == ""


def test_what_is_lacking_is_named_in_words() -> None:
    assert lacking(WHOLE) == ()
    assert lacking(replace(WHOLE, role=" ", confidence=None)) == ("what the system did", "how sure you are")
    assert len(lacking(None)) == 6
