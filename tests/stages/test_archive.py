"""Lines of an archive: what enters, and what is refused with its reason (H30)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.model import Complaint
from monitor.stages.archive import LINE_LIMIT, ArchivedArticle, publisher_id, read_line, to_article
from tests.builders import NOON


def read(line: str) -> ArchivedArticle | Complaint:
    return read_line(line, file="past.jsonl", number=3)


def good(**fields: object) -> ArchivedArticle:
    found = read(json.dumps({"id": "a1", "url": "https://www.bbc.co.uk/news/1?utm_source=x", "title": "T"} | fields))
    assert isinstance(found, ArchivedArticle), str(found)
    return found


def test_a_whole_line_becomes_an_article_with_its_own_time() -> None:
    found = good(text=" Body\u0000 ", publisher="BBC News", published="2026-02-07T06:55:44+02:00", language="en-GB")
    assert found.canonical_url == "https://www.bbc.co.uk/news/1"
    assert (found.text, found.publisher, found.language) == ("Body", "BBC News", "en-GB")
    assert found.published_at == datetime(2026, 2, 7, 4, 55, 44, tzinfo=UTC)
    new = to_article(found, told_at=NOON)
    assert (new.publisher, new.publisher_name, new.first_seen_at) == ("bbc-news", "BBC News", NOON)


def test_what_may_be_missing_may_be_null_too() -> None:
    found = good(text=None, published=None, publisher=None, language=None)
    assert (found.text, found.published_at, found.publisher) == ("", None, "bbc.co.uk")
    assert good(published="2026-02-07").published_at == datetime(2026, 2, 7, tzinfo=UTC)
    assert good(id=7).id == "7"
    assert good(title=None, text="Only a text").title == "Only a text"


def test_an_article_without_an_address_has_a_key_that_no_browser_opens() -> None:
    first, again, other = good(url=None), good(url=""), good(url=None, title="U")
    assert first.canonical_url == again.canonical_url != other.canonical_url
    assert first.canonical_url.startswith("archive:")
    assert to_article(first, told_at=NOON).publisher == "unknown"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"title": "T"}', "has no id"),
        ('{"id": true, "title": "T"}', "has no id"),
        ('{"id": "a"}', "has neither title nor text"),
        ('{"id": "a", "title": 5}', "title is not a text"),
        ('{"id": "a", "title": "T", "url": "javascript:alert(1)"}', "url is no web address"),
        ('{"id": "a", "title": "T", "published": "yesterday"}', "published is no ISO 8601 time"),
        ('{"id": "a", "title": "T", "published": "0001-01-01T00:00:00+14:00"}', "published is no ISO 8601 time"),
        ('{"id": "' + "x" * 501 + '", "title": "T"}', "more than 500"),
        ('{"id": "' + "x" * LINE_LIMIT + '"}', "is longer than"),
    ],
    ids=lambda value: value[:30],
)
def test_a_faulty_line_is_refused_with_place_and_reason_h30(line: str, reason: str) -> None:
    found = read(line)
    assert isinstance(found, Complaint)
    assert (found.file, found.line) == ("past.jsonl", 3)
    assert reason in found.reason


def test_one_publisher_has_one_id_however_it_is_spelt() -> None:
    assert publisher_id("www.BBC.co.uk") == publisher_id("bbc.co.uk") == "bbc-co-uk"
    assert publisher_id("Süddeutsche Zeitung") == "süddeutsche-zeitung"
    assert publisher_id("***") == "unknown"
