"""Two drafts that grew from one: what both changed is kept, and what cannot be told apart is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Draft, Severity
from monitor.stages.merge import merge_drafts, merge_texts

BASE = Draft(headline="One", body="first\n\nsecond\n\nthird", codes=("M1", "F1"), severity=Severity.SEV_3)


def test_what_only_one_side_changed_is_taken() -> None:
    mine = replace(BASE, body="first, mine\n\nsecond\n\nthird")
    theirs = replace(BASE, headline="Two", severity=Severity.SEV_2)
    merged = merge_drafts(BASE, mine, theirs)
    assert merged.draft == replace(mine, headline="Two", severity=Severity.SEV_2)
    assert set(merged.taken) == {"headline", "severity"}
    assert merged.conflicts == ()


def test_a_text_is_merged_by_its_paragraphs_and_a_list_by_its_items() -> None:
    mine = replace(BASE, body="first, mine\n\nsecond\n\nthird", codes=("M1", "F1", "F5"))
    theirs = replace(BASE, body="first\n\nsecond\n\nthird, theirs\n\nfourth", codes=("M2", "F1"))
    merged = merge_drafts(BASE, mine, theirs)
    assert merged.draft.body == "first, mine\n\nsecond\n\nthird, theirs\n\nfourth"
    assert merged.draft.codes == ("F1", "F5", "M2")
    assert merged.conflicts == ()


def test_where_both_changed_the_same_my_words_stand_and_it_is_said() -> None:
    mine, theirs = (replace(BASE, headline=h, body=f"{h}\n\nsecond\n\nthird") for h in ("Mine", "Theirs"))
    merged = merge_drafts(BASE, mine, theirs)
    assert merged.draft == mine
    assert set(merged.conflicts) == {"headline", "body"}


@pytest.mark.parametrize("change", ["first", "", "first\n\nsecond\n\nthird\n\nfourth"])
def test_the_same_change_on_both_sides_is_no_conflict(change: str) -> None:
    assert merge_texts(BASE.body, change, change) == change


_TEXTS = st.lists(st.sampled_from("abc"), max_size=6).map("\n".join)


@given(base=_TEXTS, changed=_TEXTS)
def test_a_side_that_changed_nothing_loses_to_the_other(base: str, changed: str) -> None:
    assert merge_texts(base, base, changed) == changed
    assert merge_texts(base, changed, base) == changed


@given(base=_TEXTS, mine=_TEXTS, theirs=_TEXTS)
def test_merging_does_not_depend_on_whose_turn_it_is(base: str, mine: str, theirs: str) -> None:
    assert merge_texts(base, mine, theirs) == merge_texts(base, theirs, mine)
