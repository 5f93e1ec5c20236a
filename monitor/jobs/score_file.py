"""Articles in a file → what Monitor makes of them, without keeping any: for scripts, and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.jobs.relevance import shipped_model
from monitor.jobs.rulebook import Rulebook
from monitor.model import (
    Article,
    ArticleId,
    Joined,
    Member,
    Origin,
    PublisherId,
    Suggestion,
    Tier,
)
from monitor.stages.canonical import clean_line, clean_text
from monitor.stages.relevance import Reading, read_article
from monitor.stages.relevance_say import CANNOT_TELL, tell_reasons
from monitor.stages.suggest import suggest_classes

LONGEST_TEXT = 100_000  # characters that are read of one article
BASE_RATE = 0.014  # of the stream of headlines on whose scale the model judges, the share that tell an incident


@dataclass(frozen=True, slots=True)
class Faulty:
    """A line that holds no article."""

    line: int
    reason: str


def score_lines(lines: Iterable[str], rules: Rulebook) -> Iterator[dict[str, Any] | Faulty]:
    """One record for each line that is not empty: an answer, or what is wrong with the line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.removeprefix("\ufeff"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:  # brackets in brackets, some thousand deep
            yield Faulty(number, f"is no JSON: {error}")
            continue
        if not isinstance(record, dict) or not isinstance(record.get("id"), str | int | float):
            yield Faulty(number, 'is no article: each needs an "id", and a "title" or a "text"')
            continue
        yield score_record(record, rules)


def _no_number(said: str) -> None:
    """NaN and Infinity, which Python would read: they stand for nothing, as JSON has no word for them."""


def score_record(record: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    """What is made of one article: `score` is the probability that it tells an AI incident.

    Where it cannot tell, `can_tell` is false, the first reason says why, and `score` is what holds of any headline, so
    that whoever sorts by it finds a number in every line.
    """
    title = clean_line(_text(record.get("title")))
    text = clean_text(_text(record.get("text"))[:LONGEST_TEXT])
    language = _text(record.get("language")) or None
    reading = read_article(title, text, shipped_model(), language=language, is_explained=True)
    member = _member(title, text, language, record)
    found = suggest_classes([member], rules.codebook, rules.index)
    return {
        "id": record["id"],
        "score": BASE_RATE if reading is None else round(reading.probability, 6),
        "can_tell": reading is not None,
        "providers": [s.value for s in found if s.field == "providers"],
        "codes": [s.value for s in found if s.field == "codes"],
        "severity": next((s.value for s in found if s.field == "severity"), None),
        "reasons": [*_of_score(reading), *(_of_suggestion(s) for s in found)],
    }


def _of_score(reading: Reading | None) -> list[dict[str, Any]]:
    if reading is None:
        return [{"field": "score", "value": None, "reason": CANNOT_TELL}]
    return [
        {"field": "score", "value": reason.weight, "reason": reason.text, "words": list(reason.words)}
        for reason in tell_reasons(reading)
    ]


def _of_suggestion(found: Suggestion) -> dict[str, Any]:
    return {"field": found.field, "value": found.value, "reason": found.reason, "confidence": found.confidence}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _member(title: str, text: str, language: str | None, record: dict[str, Any]) -> Member:
    told_at = _instant(record.get("published"))
    publisher = clean_line(_text(record.get("publisher"))) or "unknown"
    article = Article(
        id=ArticleId(0),
        canonical_url="",
        url=_text(record.get("url")),
        title=title,
        text=text,
        language=language,
        published_at=told_at,
        publisher=PublisherId(publisher),
        publisher_name=publisher,
        source=None,
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        first_seen_at=told_at,
    )
    return Member(
        article=article, joined=Joined.OPENED, copy_of=None, nearest=None, similarity=1.0, reason="", added_at=told_at
    )


def _instant(value: Any) -> datetime:
    """The time an article claims; one without a time is of no time, and no figure depends on it."""
    try:
        at = datetime.fromisoformat(_text(value))
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
