"""Labelled news events: read them, replay them through the pure stages, score the clusters.

Each file is JSON Lines as `monitor archive import` takes it, with `event`, the gold label, beside. Scores are BCubed
(Bagga and Baldwin 1998) and pairwise, and two that an editor feels: `fragmented` (events split over several candidates)
and `mixed` (candidates with several events).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.meanings import Meanings
from monitor.model import Article, ArticleId, CandidateId, Complaint, Match, Member
from monitor.stages.archive import ArchivedArticle, read_line, to_article
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import match_article, telling_of
from monitor.stages.reunion import find_doubt, find_home
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import Window

FILES = ("stream2026", "aiid_reports", "ecbplus", "newswcl50", "uci_news")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article of an archive with its gold event."""

    id: str
    event: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well clusters fit events; shares from 0 to 1."""

    bcubed_precision: float
    bcubed_recall: float
    bcubed: float
    pairs: float
    mixed: float
    fragmented: float


def read_events(path: Path) -> list[Labelled]:
    """The articles of a file in the order in which they are grouped: by time, then as the file has them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    archived = [(read_line(line, file=path.name, number=n), json.loads(line)) for n, line in enumerate(lines, 1)]
    times = [a.published_at for a, _ in archived if isinstance(a, ArchivedArticle)]
    told_at = next((t for t in times if t is not None), datetime(2000, 1, 1, tzinfo=UTC))
    found = []
    for number, (line, record) in enumerate(archived, 1):
        if isinstance(line, Complaint):
            raise ValueError(str(line))
        told_at = line.published_at or told_at
        new = to_article(line, told_at=told_at)
        values = {field: getattr(new, field) for field in new.__dataclass_fields__}
        article = Article(id=ArticleId(number), **values)
        found.append(Labelled(id=line.id, event=str(record["event"]), article=article))
    return sorted(found, key=lambda item: (item.article.told_at, item.article.id))


def replay(items: Sequence[Labelled], *, weights: Weights = FITTED, meanings: Meanings | None = None) -> dict[str, int]:
    """Each article's candidate, by the stages alone: what the job does, without a database.

    By words alone, where no `meanings` are given.
    """
    return {key: candidate for key, (_, candidate) in group(items, weights=weights, meanings=meanings).items()}


def group(
    items: Sequence[Labelled], *, weights: Weights = FITTED, meanings: Meanings | None = None
) -> dict[str, tuple[Member, CandidateId]]:
    """Each article as a member of its candidate, by the stages alone."""
    articles = [item.article for item in items]
    all_made = map(fingerprint, articles) if meanings is None else meanings.fingerprints(articles)
    window = Window()
    found: dict[str, tuple[Member, CandidateId]] = {}
    seen: dict[str, tuple[Member, CandidateId]] = {}
    known_as: dict[ArticleId, Labelled] = {}
    opened = 0
    for item, made in zip(items, all_made, strict=True):
        if (known := seen.get(item.article.canonical_url)) is not None:  # the same page twice is one article
            found[item.id] = known
            continue
        match = match_article(item.article, made, window, weights)
        if match.candidate is None:
            opened += 1
        candidate = match.candidate or CandidateId(opened)
        window.add(telling_of(item.article, made, copy_of=match.copy_of), candidate)
        found[item.id] = seen[item.article.canonical_url] = (_member(item.article, match), candidate)
        known_as[item.article.id] = item
        doubt = find_doubt(telling_of(item.article, made), match, window, weights)
        home = None if doubt is None else find_home(doubt, lambda key: known_as[key].article, window, weights)
        if doubt is None or home is None:
            continue
        for moved in doubt.articles:
            window.move(moved, doubt.larger)
            its = known_as[moved]
            member = _member(its.article, home[1]) if moved == home[0] else found[its.id][0]
            found[its.id] = seen[its.article.canonical_url] = (member, doubt.larger)
    return found


def _member(article: Article, match: Match) -> Member:
    return Member(
        article=article,
        joined=match.joined,
        copy_of=match.copy_of,
        nearest=match.nearest,
        similarity=match.similarity,
        reason=match.reason,
        added_at=article.told_at,
    )


def score(gold: Mapping[str, str], found: Mapping[str, int], *, only: Collection[str] | None = None) -> Score:
    """Score clusters (`found`) against events (`gold`), both by article id.

    With `only`, averages are over those articles and over pairs with at least one of them, each still judged against
    all articles: joining one of `only` to another event's article costs as it would.
    """
    asked = gold.keys() if only is None else set(only)
    events, clusters, both = _sizes(gold, found, gold)
    rest = _sizes(gold, found, [k for k in gold if k not in asked])
    precision = sum(both[gold[k], found[k]] / clusters[found[k]] for k in asked) / len(asked)
    recall = sum(both[gold[k], found[k]] / events[gold[k]] for k in asked) / len(asked)
    actual, predicted, true = (
        _pairs(events.values()) - _pairs(rest[0].values()),
        _pairs(clusters.values()) - _pairs(rest[1].values()),
        _pairs(both.values()) - _pairs(rest[2].values()),
    )
    events_of, clusters_of = defaultdict(set), defaultdict(set)
    for event, cluster in both:
        events_of[cluster].add(event)
        clusters_of[event].add(cluster)
    met = {found[k] for k in asked}, {gold[k] for k in asked}
    return Score(
        bcubed_precision=precision,
        bcubed_recall=recall,
        bcubed=_f1(precision, recall),
        pairs=_f1(true / predicted if predicted else 1.0, true / actual if actual else 1.0),
        mixed=_share(len(events_of[c]) > 1 for c in met[0] if clusters[c] > 1),
        fragmented=_share(len(clusters_of[e]) > 1 for e in met[1] if events[e] > 1),
    )


def _sizes(
    gold: Mapping[str, str], found: Mapping[str, int], keys: Iterable[str]
) -> tuple[Counter[str], Counter[int], Counter[tuple[str, int]]]:
    """How many of `keys` are in each event, in each cluster, and in both at once."""
    both = Counter((gold[k], found[k]) for k in keys)
    events: Counter[str] = Counter()
    clusters: Counter[int] = Counter()
    for (event, cluster), count in both.items():
        events[event] += count
        clusters[cluster] += count
    return events, clusters, both


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _f1(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def _share(truths: Iterable[bool]) -> float:
    found = list(truths)
    return sum(found) / len(found) if found else 0.0
