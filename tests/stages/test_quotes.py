"""Where a quotation stands: spelled as the article spells it, on the page that said it first."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from monitor.model import ArticleVersion
from monitor.stages.quotes import find_quote, has_vanished, keep_passage, spelled_in
from tests.builders import a_member, an_article

TEXT = (
    "The council stopped the payments of 4,000 families — “on the word of a model”, as it said.\nNobody had checked it."
)


@pytest.mark.parametrize(
    ("quote", "spelled"),
    [
        ("the payments of 4,000 families", "the payments of 4,000 families"),
        ('families - "on the word of a model", as it said', "families — “on the word of a model”, as it said"),
        ("AS IT SAID. NOBODY HAD", "as it said. Nobody had"),
        ("The council stopped … Nobody had checked it", "The council stopped … Nobody had checked it"),
        ("stopped the payments [...] as it said", "stopped the payments … as it said"),
    ],
)
def test_a_quotation_is_found_whatever_its_marks_and_spelled_as_the_article_does(quote: str, spelled: str) -> None:
    assert spelled_in(TEXT, quote) == spelled


@pytest.mark.parametrize(
    "quote", ["the payments of 4,001 families", "Nobody had … the council", "ouncil stopped the", "…"]
)
def test_other_words_another_order_and_parts_of_words_are_not_found(quote: str) -> None:
    assert spelled_in(TEXT, quote) is None


def test_a_passage_carries_its_digest_and_the_page_on_which_it_stood() -> None:
    article = an_article(id=1, text="It was wrong.")
    later = (ArticleVersion(number=1, title="T", text="It was mostly right.", seen_at=_NOW, snapshot="b" * 64),)
    first, second = keep_passage("it was wrong", article, later), keep_passage("it was mostly right", article, later)
    assert first is not None
    assert second is not None
    assert (first.text, first.version, first.digest) == ("It was wrong", 0, hashlib.sha256(b"It was wrong").hexdigest())
    assert (second.version, second.snapshot) == (1, "b" * 64)
    assert keep_passage("it was never said", article, later) is None
    assert has_vanished("it was wrong", later)
    assert not has_vanished("it was mostly right", later)
    assert not has_vanished("it was wrong", ())


def test_the_source_of_a_quote_is_the_original_before_its_copy() -> None:
    copy = a_member(an_article(id=1, text=TEXT), copy_of=2)
    original = a_member(an_article(id=2, text=TEXT))
    other = a_member(an_article(id=3, text="Something else."))
    found = find_quote("nobody had checked it", [copy, original, other], {})
    assert found is not None
    assert found.article.id == 2
    assert find_quote("it", [copy, original, other], {}) is None  # too little to stand for a source


def test_words_of_a_script_that_does_not_part_them_are_found() -> None:
    assert spelled_in("当局は、誤った判定を取り消した。", "誤った判定を取り消した") == "誤った判定を取り消した"


_NOW = datetime(2026, 3, 2, tzinfo=UTC)
