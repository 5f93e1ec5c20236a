"""Rulings: what a computation may not do with articles, and what it must."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.model import ArticleId, Ruling, RulingId, RulingKind
from monitor.stages.rulings import forbidden, may_copy, original_of, required, ruled_counting

A, B, C, D = (ArticleId(n) for n in range(1, 5))


def _ruling(number: int, kind: RulingKind, left: tuple[ArticleId, ...], right: tuple[ArticleId, ...] = ()) -> Ruling:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Ruling(id=RulingId(number), kind=kind, left=left, right=right, reason="…", by="ada", at=at)


APART = _ruling(1, RulingKind.APART, (A, B), (C,))
TOGETHER = _ruling(2, RulingKind.TOGETHER, (A,), (C,))


def test_apart_keeps_either_side_out_and_no_third_one() -> None:
    assert forbidden([A], [D, C], [APART]) == forbidden([C], [B], [APART]) == APART
    assert forbidden([A], [B, D], [APART]) is forbidden([D], [A, B, C], [APART]) is None


def test_together_holds_for_all_its_articles() -> None:
    both = _ruling(1, RulingKind.TOGETHER, (A, B), (C,))
    assert required([A], [B], [both]) == required([C], [A, D], [both]) == both
    assert required([D], [A], [both]) is required([A], [A], [both]) is None


def test_of_two_rulings_on_a_pair_the_later_one_holds() -> None:
    assert forbidden([A], [C], [APART, TOGETHER]) is None
    assert required([A], [C], [TOGETHER, APART]) == TOGETHER
    assert forbidden([B], [C], [APART, TOGETHER]) == APART


def test_what_belongs_with_one_member_is_kept_out_by_another() -> None:
    with_d = _ruling(3, RulingKind.TOGETHER, (A,), (D,))
    assert required([A], [D, C], [APART, with_d]) is None
    assert forbidden([A], [D, C], [APART, with_d]) == APART


def test_a_copy_is_what_the_last_hand_said() -> None:
    of_b = _ruling(1, RulingKind.COPY, (A,), (B,))
    not_of_b = _ruling(2, RulingKind.NOT_A_COPY, (A,), (B,))
    of_none = _ruling(3, RulingKind.NOT_A_COPY, (A,))
    assert (original_of(A, [of_b]), original_of(B, [of_b]), original_of(A, [of_b, not_of_b])) == (B, None, None)
    assert may_copy(A, B, [])
    assert not may_copy(A, B, [of_b, not_of_b])
    assert may_copy(A, C, [not_of_b])
    assert not may_copy(A, C, [of_none])


def test_whether_an_article_counts_is_what_the_last_hand_said() -> None:
    yes, no = _ruling(1, RulingKind.COUNTS, (A, B)), _ruling(2, RulingKind.DOES_NOT_COUNT, (A,))
    assert (ruled_counting(A, [yes, no]), ruled_counting(B, [no, yes]), ruled_counting(C, [yes])) == (no, yes, None)
