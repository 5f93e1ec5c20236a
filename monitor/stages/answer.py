"""What a language model answered → suggestions, or a word on why it is none.

Nothing is believed. The answer must have the shape that was asked for; ids must stand in the register and codebook,
days must be days; texts lose links, markup and control characters, and are short. A quotation must stand in the article
it is said to come from, or it is dropped, and what leans on it is less sure. The model's own reasons are not asked for:
what an editor reads beside a value is our sentence, with words of the article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from monitor.model import Article, ButFor, Codebook, Severity, Suggestion
from monitor.stages.canonical import clean_line
from monitor.stages.codebook import ProviderIndex
from monitor.stages.first_test import PART_LIMIT, written_test
from monitor.stages.prompt import PARTS
from monitor.stages.quotes import spelled_in

HEADLINE_LIMIT = 160  # characters; what is longer is no headline
QUOTE_LIMIT = 200  # characters shown
EACH = 3  # codes of a series, and twice as many providers
LARGEST = 100_000  # characters of an answer
_QUOTED, _BARE = 0.5, 0.25  # how sure, with a passage that stands there, and without
_KEYS = frozenset({"headline", "severity", "occurred_on", "providers", "codes", "but_for"})
_BASIS = frozenset({"article", "quote"})
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(\{.*\})\s*```\s*\Z", re.DOTALL)
_LINKED = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*:)?//\S+|\b(?:javascript|data|mailto|vbscript):\S*|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*",
    re.IGNORECASE,
)


class Unfit(ValueError):
    """An answer that is not what was asked for; says what is wrong with it in one line."""


def read_reply(body: bytes) -> tuple[str, int | None]:
    """The text of a chat completion, and how many tokens it says it took; raises Unfit."""
    if len(body) > 4 * LARGEST:
        raise Unfit("its answer is too long")
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        raise Unfit("its answer is not JSON") from None
    try:
        text = reply["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise Unfit("its answer is no chat completion") from None
    if not isinstance(text, str) or not text.strip():
        raise Unfit("its answer is empty")
    usage = reply.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return text, tokens if isinstance(tokens, int) and 0 < tokens < 10_000_000 else None


def read_answer(
    text: str, articles: Sequence[Article], codebook: Codebook, providers: ProviderIndex, model: str
) -> tuple[Suggestion, ...]:
    """What it suggests, each once; raises Unfit where the whole has another shape than was asked for."""
    answer = _parsed(text)
    reader = _Reader(articles, codebook, providers, clean_line(model)[:80])
    found = {(s.field, s.value): s for s in reversed(tuple(reader.read(answer)))}
    return tuple(reversed(found.values()))


def usable(suggestions: Sequence[Suggestion], codebook: Codebook, providers: ProviderIndex) -> tuple[Suggestion, ...]:
    """Those whose ids register and codebook still know: both may have changed since they were made."""
    codes = {c.id for c in codebook.codes if not c.is_retired}
    known: Mapping[str, frozenset[str]] = {"codes": frozenset(codes), "providers": frozenset(providers.ids)}
    return tuple(s for s in suggestions if s.field not in known or s.value in known[s.field])


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise Unfit("its answer is too long")
    bare = _THOUGHT.sub("", text)
    fenced = _FENCED.match(bare)
    try:
        answer = json.loads(fenced[1] if fenced else bare)
    except (ValueError, RecursionError):
        raise Unfit("its answer is not the JSON that was asked for") from None
    if not isinstance(answer, dict) or set(answer) != _KEYS:
        raise Unfit("its answer has other parts than were asked for")
    return answer


class _Reader:
    """Reads one answer against the articles it is about."""

    def __init__(self, articles: Sequence[Article], codebook: Codebook, providers: ProviderIndex, model: str) -> None:
        self._articles = articles
        self._codes = {c.id: c.name for c in codebook.codes if not c.is_retired}
        self._providers = frozenset(providers.ids)
        self._model = model

    def read(self, answer: Mapping[str, Any]) -> Iterator[Suggestion]:
        if part := _one(answer, "headline", {"text"}):
            words = cleaned(part["text"])
            if words and len(words) <= HEADLINE_LIMIT:
                yield self._made("headline", words, part)
        if (part := _one(answer, "severity", {"value"})) and part["value"] in set(Severity):
            yield self._made("severity", part["value"], part)
        if (part := _one(answer, "occurred_on", {"value"})) and (day := self._day(part["value"])):
            yield self._made("occurred_on", day, part)
        yield from self._listed(answer, "providers", self._providers, 2 * EACH)
        for series in ("M", "F"):
            yield from self._listed(answer, "codes", frozenset(c for c in self._codes if c.startswith(series)), EACH)
        if part := _one(answer, "but_for", set(PARTS)):
            yield from self._test(part)

    def _listed(self, answer: Mapping[str, Any], field: str, known: frozenset[str], most: int) -> Iterator[Suggestion]:
        items = answer[field]
        if not isinstance(items, list):
            raise Unfit(f"{field} is no list")
        for part in [p for item in items if (p := _part(item, field, {"id"}))["id"] in known][:most]:
            yield self._made(field, part["id"], part)

    def _test(self, part: Mapping[str, Any]) -> Iterator[Suggestion]:
        said = {name: cleaned(part[name])[:PART_LIMIT] for name in PARTS}
        if all(said.values()):
            article = self._article(part)
            test = ButFor(
                outcome=said["outcome"],
                system=said["system"],
                role=said["role"],
                without=said["without"],
                support=None if article is None else article.id,
            )
            yield self._made("but_for", written_test(test), part)

    def _day(self, value: str) -> str | None:
        """A day that was over when the last article was told."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return None
        latest = max((a.told_at.date() for a in self._articles), default=day)
        return day.isoformat() if date(1990, 1, 1) <= day <= latest else None

    def _article(self, part: Mapping[str, Any]) -> Article | None:
        number = part["article"]
        return self._articles[number - 1] if 0 < number <= len(self._articles) else None

    def _made(self, field: str, value: str, part: Mapping[str, Any]) -> Suggestion:
        article = self._article(part)
        found = None if article is None else spelled_in(f"{article.title}\n{article.text}", part["quote"][:2_000])
        if article is None or found is None or len(found.split()) < 2:
            reason, sure = f"{self._model} names no passage that stands in the articles.", _BARE
        else:
            words = clean_line(found)
            shown = words if len(words) <= QUOTE_LIMIT else f"{words[:QUOTE_LIMIT].rsplit(' ', 1)[0]} …"
            reason, sure = f"{self._model} points to {article.publisher_name}: “{shown}”.", _QUOTED
        return Suggestion(field=field, value=value, reason=reason, confidence=sure, model=self._model)


def _one(answer: Mapping[str, Any], field: str, keys: set[str]) -> Mapping[str, Any] | None:
    return None if answer[field] is None else _part(answer[field], field, keys)


def _part(value: Any, field: str, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or set(value) != keys | _BASIS:
        raise Unfit(f"{field} has other parts than were asked for")
    if not _is_whole(value["article"]) or not all(isinstance(value[key], str) for key in {*keys, "quote"}):
        raise Unfit(f"{field} has parts of another kind than were asked for")
    return value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def cleaned(text: str) -> str:
    """One plain line: no links, no markup, no control characters."""
    plain = _LINK.sub("", _TAG.sub("", _LINKED.sub(r"\1", clean_line(text[:2_000]))))
    return " ".join(re.sub(r"[<>`*_#|{}\[\]]+", " ", plain).split())
