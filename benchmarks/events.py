"""Labelled news events: read them, replay them through the pure stages, score the clusters.

Each file is JSON Lines as `monitor archive import` takes it, with `event`, the gold label, beside. Scores are BCubed
(Bagga and Baldwin 1998) and pairwise, and two that an editor feels: `fragmented` (events split over several candidates)
and `mixed` (candidates with several events).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitor.model import Article, ArticleId, CandidateId, Complaint, Match, Member
from monitor.stages.archive import ArchivedArticle, read_line, to_article
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import match_article, telling_of
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


def replay(items: Iterable[Labelled], *, weights: Weights = FITTED) -> dict[str, int]:
    """Each article's candidate, by the stages alone: what the job does, without a database."""
    return {key: candidate for key, (_, candidate) in group(items, weights=weights).items()}


def group(items: Iterable[Labelled], *, weights: Weights = FITTED) -> dict[str, tuple[Member, CandidateId]]:
    """Each article as a member of its candidate, by the stages alone."""
    window = Window()
    found: dict[str, tuple[Member, CandidateId]] = {}
    seen: dict[str, tuple[Member, CandidateId]] = {}
    opened = 0
    for item in items:
        if (known := seen.get(item.article.canonical_url)) is not None:  # the same page twice is one article
            found[item.id] = known
            continue
        made = fingerprint(item.article)
        match = match_article(item.article, made, window, weights)
        if match.candidate is None:
            opened += 1
        candidate = match.candidate or CandidateId(opened)
        window.add(telling_of(item.article, made, copy_of=match.copy_of), candidate)
        found[item.id] = seen[item.article.canonical_url] = (_member(item.article, match), candidate)
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


def score(gold: Mapping[str, str], found: Mapping[str, int]) -> Score:
    """Score clusters (`found`) against events (`gold`), both by article id."""
    events, clusters = Counter(gold.values()), Counter(found[k] for k in gold)
    both = Counter((gold[k], found[k]) for k in gold)
    precision = sum(n * n / clusters[c] for (_, c), n in both.items()) / len(gold)
    recall = sum(n * n / events[e] for (e, _), n in both.items()) / len(gold)
    true, predicted, actual = (_pairs(c.values()) for c in (both, clusters, events))
    events_of, clusters_of = defaultdict(set), defaultdict(set)
    for event, cluster in both:
        events_of[cluster].add(event)
        clusters_of[event].add(cluster)
    return Score(
        bcubed_precision=precision,
        bcubed_recall=recall,
        bcubed=_f1(precision, recall),
        pairs=_f1(true / predicted if predicted else 1.0, true / actual if actual else 1.0),
        mixed=_share(len(events_of[c]) > 1 for c, n in clusters.items() if n > 1),
        fragmented=_share(len(clusters_of[e]) > 1 for e, n in events.items() if n > 1),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _f1(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def _share(truths: Iterable[bool]) -> float:
    found = list(truths)
    return sum(found) / len(found) if found else 0.0
