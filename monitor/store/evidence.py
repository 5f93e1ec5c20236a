"""The figures behind a reason, as they stand in their JSON columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from monitor.model import ArticleId, CandidateId, Evidence
from monitor.store.database import Transaction, settled
from monitor.store.tables import GroupingRow

_CHUNK = 500  # ids in one query
_DIGITS = 4  # of a figure that is kept
_KEPT = select(GroupingRow.article_id, GroupingRow.evidence).where(
    GroupingRow.article_id.in_(bindparam("articles", expanding=True))
)


def evidence_json(evidence: Evidence | None) -> dict[str, Any] | None:
    """Plain JSON: figures rounded, what is empty left out."""
    if evidence is None:
        return None
    figures = {
        "days": evidence.days,
        "score": evidence.score,
        "threshold": evidence.threshold,
        "vector": evidence.vector,
        "runner_up_score": evidence.runner_up_score,
    }
    words = {"names": evidence.names, "numbers": evidence.numbers, "words": evidence.words}
    return {
        **{k: v for k, v in (("nearest", evidence.nearest), ("runner_up", evidence.runner_up)) if v is not None},
        **{k: list(v) for k, v in words.items() if v},
        **{k: round(v, _DIGITS) for k, v in figures.items() if v is not None},
    }


def read_evidence(kept: Mapping[str, Any] | None) -> Evidence | None:
    """What `evidence_json` wrote; None for a row without."""
    if kept is None:
        return None
    nearest, runner_up = kept.get("nearest"), kept.get("runner_up")
    return Evidence(
        nearest=None if nearest is None else ArticleId(nearest),
        names=tuple(kept.get("names", ())),
        numbers=tuple(kept.get("numbers", ())),
        words=tuple(kept.get("words", ())),
        days=kept.get("days"),
        score=kept.get("score"),
        threshold=kept.get("threshold"),
        vector=kept.get("vector"),
        runner_up=None if runner_up is None else CandidateId(runner_up),
        runner_up_score=kept.get("runner_up_score"),
    )


def list_evidence(tx: Transaction, articles: Sequence[ArticleId]) -> dict[ArticleId, Evidence]:
    """What was found when each article was grouped; those without are left out."""
    found: dict[ArticleId, Evidence] = {}
    for start in range(0, len(articles), _CHUNK):
        for article, kept in settled(tx).execute(_KEPT, {"articles": list(articles[start : start + _CHUNK])}):
            if (evidence := read_evidence(kept)) is not None:
                found[ArticleId(article)] = evidence
    return found
