"""A candidate of the launch archive → the draft of its wire: who reported what, under one rationale stated for all.

The text claims no more than an archive knows: each independent publisher with the day and the title of its article,
cited. The classification is stamped as made in bulk; what an editor would have to judge stays as stated for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model import Article, Candidate, CandidateDetail, CandidateStatus, Draft, Severity
from monitor.stages.archive import UNKNOWN_PUBLISHER
from monitor.stages.canonical import clean_line, cut
from monitor.stages.markup import escape_text
from monitor.stages.revise import HEADLINE_LIMIT
from monitor.stages.telling import long_date
from monitor.stages.wire_archive import UNTESTED

TITLE_LIMIT = 300  # characters of an article's title inside the text

_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What is stated once for all candidates that are accepted together."""

    rationale: str
    severity: Severity | None = None
    codes: tuple[str, ...] = ()


def draft_in_bulk(detail: CandidateDetail, stated: Stated) -> Draft:
    """One paragraph for each independent source; the day it happened is the earliest on which it was told.

    Only dates that the archive had are believed: an article without one was given that of another line.
    """
    counting = {s.article for s in detail.sourcing.standings if s.counts}
    articles = [m.article for m in detail.members]
    return Draft(
        headline=cut(clean_line(detail.candidate.title), HEADLINE_LIMIT),
        severity=stated.severity,
        providers=detail.candidate.providers,
        occurred_on=min((a.told_at.date() for a in articles if a.published_at is not None), default=None),
        body="\n\n".join(_reported(a) for a in articles if a.id in counting),
        rationale=stated.rationale,
        counterfactual=UNTESTED,
        codes=stated.codes,
        sources=tuple(a.id for a in articles),
    )


def why_not_in_bulk(detail: CandidateDetail, *, editor: str, now: datetime | None = None) -> str | None:
    """Why a candidate has to be decided on by itself; None where `editor` may accept it in bulk."""
    candidate = detail.candidate
    if candidate.status is not CandidateStatus.OPEN:
        return _STANDS[candidate.status]
    if _is_another_s(candidate, editor, now):
        return "claimed by another editor"
    if any(m.article.source is not None for m in detail.members):
        return "a source that is polled tells it too: decide at the desk"
    return None


_STANDS = {
    CandidateStatus.SNOOZED: "snoozed: decide at the desk",
    CandidateStatus.ACCEPTED: "accepted already",
    CandidateStatus.REJECTED: "rejected already",
    CandidateStatus.MERGED: "merged into another",
}


def _is_another_s(candidate: Candidate, editor: str, now: datetime | None) -> bool:
    """Whether another editor's claim holds; without a time, whatever was claimed is taken to hold."""
    holder = candidate.claimed_by if now is None else candidate.holder_at(now)
    return holder is not None and holder != editor


def _reported(article: Article) -> str:
    """One attributed sentence. The day is left out where the archive had none: it would be that of another line."""
    name = clean_line(article.publisher_name)
    who = "An unnamed publisher" if name in ("", UNKNOWN_PUBLISHER) else name
    day = "" if article.published_at is None else f" on {long_date(article.told_at)}"
    title = cut(clean_line(article.title), TITLE_LIMIT)
    end = "" if title.endswith(_ENDS) else "."
    return f"{escape_text(f'{who} reported{day}: {title}{end}')} [source](article:{article.id})"
