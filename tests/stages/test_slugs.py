"""What an address says of its article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.slugs import mark_of_address, words_of_address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://fortune.example/2026/03/07/openai-robotics-leader-resignation-pentagon/",
            "openai robotics leader resignation pentagon",
        ),
        ("https://news.example/world/trump-bans-model-2026-02-27/", "trump bans model"),
        ("https://news.example/tech/judge_blocks_ban_for_now.html?utm_source=x", "judge blocks ban for now"),
        ("https://news.example/story/a1b2c3d4e5-robots-stop-in-traffic", "robots stop in traffic"),
        ("https://news.example/w%C3%A4hlen-gehen-alle-heute", "wählen gehen alle heute"),
        ("https://news.example/news/articles/cvge91r9j80o", ""),
        ("https://news.example/us-news/tech", ""),
        ("archive:0123456789abcdef", ""),
        ("http://[not-an-address/one-two-three", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_headline_are_read_out_of_an_address(url: str, words: str) -> None:
    assert words_of_address(url) == words


def test_one_page_on_two_hosts_has_one_mark() -> None:
    mark = mark_of_address("https://www.bbc.co.uk/news/articles/cvge91r9j80o")
    assert mark == mark_of_address("https://www.bbc.com/news/articles/cvge91r9j80o/?at_medium=rss") != 0


def test_a_short_or_missing_name_marks_nothing() -> None:
    assert mark_of_address("https://a.example/index.html") == mark_of_address("https://a.example/") == 0


@given(st.text(max_size=300))
def test_no_address_breaks_them(url: str) -> None:
    assert isinstance(words_of_address(f"https://a.example/{url}"), str)
    assert mark_of_address(f"https://a.example/{url}") >= 0
