"""How candidates and decisions look on a terminal, and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from monitor.cli.shell import out
from monitor.cli.voice import plural
from monitor.model import (
    Candidate,
    CandidateDetail,
    CandidateStatus,
    Decision,
    Evidence,
    Member,
    Relation,
    RelationKind,
    Standing,
)
from monitor.stages.markup import linkable_url

# --- for scripts ------------------------------------------------------------------------------------------------


def candidate_json(found: Candidate) -> dict[str, Any]:
    """A candidate as scripts get it; fields are added, never renamed."""
    return {
        "id": found.id,
        "status": found.status,
        "version": found.version,
        "title": found.title,
        "source_count": found.source_count,
        "article_count": found.article_count,
        "providers": found.providers,
        "origins": found.origins,
        "opened_at": found.opened_at,
        "grown_at": found.grown_at,
        "score": found.score,
        "cues": found.cues,
        "snoozed_until": found.snoozed_until,
        "claimed_by": found.claimed_by,
        "merged_into": found.merged_into,
        "wire": found.wire,
    }


def detail_json(detail: CandidateDetail, related: Sequence[Relation] = ()) -> dict[str, Any]:
    """A candidate with its articles, decisions and related candidates as scripts get it."""
    pairs = zip(detail.members, detail.sourcing.standings, strict=True)
    return {
        **candidate_json(detail.candidate),
        "standard": detail.sourcing.standard,
        "articles": [_article_json(m, s) for m, s in pairs],
        "decisions": [decision_json(d) for d in detail.decisions],
        "related": [relation_json(r) for r in related],
    }


def relation_json(found: Relation) -> dict[str, Any]:
    """A related candidate as scripts get it; one that an editor dismissed says so by its kind."""
    return {
        "candidate": found.candidate,
        "title": found.title,
        "source_count": found.source_count,
        "kind": found.kind,
        "reason": found.reason,
        "evidence": evidence_json(found.evidence),
        "by": found.by,
        "at": found.at,
    }


def evidence_json(found: Evidence | None) -> dict[str, Any] | None:
    """The figures behind a reason as scripts get them; null where none were kept."""
    if found is None:
        return None
    return {
        "nearest": found.nearest,
        "names": found.names,
        "numbers": found.numbers,
        "words": found.words,
        "days": found.days,
        "score": found.score,
        "threshold": found.threshold,
        "vector": found.vector,
        "runner_up": found.runner_up,
        "runner_up_score": found.runner_up_score,
    }


def _article_json(member: Member, standing: Standing) -> dict[str, Any]:
    article = member.article
    return {
        "id": article.id,
        "url": linkable_url(article.url),  # null where an archive had none
        "title": article.title,
        "publisher": article.publisher,
        "publisher_name": article.publisher_name,
        "origin": article.origin,
        "tier": article.tier,
        "published_at": article.published_at,
        "first_seen_at": article.first_seen_at,
        "joined": member.joined,
        "joined_reason": member.reason,
        "similarity": member.similarity,
        "copy_of": member.copy_of,
        "nearest": member.nearest,
        "evidence": evidence_json(member.evidence),
        "counts": standing.counts,
        "reason": standing.reason,
    }


def decision_json(made: Decision) -> dict[str, Any]:
    """A decision as scripts get it."""
    return {
        "id": made.id,
        "candidate": made.candidate,
        "kind": made.kind,
        "editor": made.editor,
        "decided_at": made.decided_at,
        "reason": made.reason,
        "version_seen": made.version_seen,
        "undone_by": made.undone_by,
        "wire": made.payload.get("wire"),
        "opened": made.payload.get("opened"),
    }


# --- on a terminal ----------------------------------------------------------------------------------------------


def queue_table(found: Sequence[Candidate], now: datetime) -> Table:
    """The queue, one candidate a row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("ID", "Score", "Sources", "Age"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Providers", max_width=20, overflow="fold")
    table.add_column("Title", overflow="fold", ratio=1)
    for c in found:
        table.add_row(
            str(c.id),
            f"{c.score:.1f}",
            str(c.source_count),
            _age(c.opened_at, now),
            safe(", ".join(c.providers)),
            _titled(c),
        )
    return table


def _titled(found: Candidate) -> Text:
    text = safe(found.title)
    for word in (
        "" if found.status is CandidateStatus.OPEN else str(found.status),
        f"claimed by {found.claimed_by}" if found.claimed_by else "",
    ):
        if word:
            text.append(f"  ({word})", style="dim")
    return text


def show_candidate(detail: CandidateDetail, related: Sequence[Relation] = ()) -> None:
    """Print a candidate with its cues, articles, related candidates and decisions."""
    c = detail.candidate
    out.print(Text(f"{c.id}  ", style="bold").append_text(_titled(c)), soft_wrap=True)
    out.print(
        f"{plural(c.source_count, 'independent source')} in {plural(c.article_count, 'article')} "
        f"({detail.sourcing.standard}), opened "
        f"{c.opened_at:%-d %B %Y %H:%M}, version {c.version}",
        markup=False,
        soft_wrap=True,
    )
    if c.merged_into is not None:
        out.print(f"Merged into {c.merged_into}: monitor candidate {c.merged_into}", markup=False)
    if c.wire is not None:
        out.print(f"Wire {c.wire}", markup=False)
    out.print(_cue_table(c))
    out.print(_article_table(detail))
    if shown := [r for r in related if r.kind is not RelationKind.DISMISSED]:
        out.print(_related_table(shown))
    if detail.decisions:
        out.print(_decision_table(detail.decisions))


def _cue_table(found: Candidate) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    table.add_column(f"{found.score:+.1f}", justify="right", no_wrap=True)
    table.add_column("Why it stands where it stands", overflow="fold")
    for cue in found.cues:
        table.add_row(f"{cue.weight:+.1f}", safe(f"{cue.name}: {cue.evidence}"))
    return table


def _article_table(detail: CandidateDetail) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Article", justify="right", no_wrap=True)
    table.add_column("Counts", no_wrap=True)
    table.add_column("Title, publisher, why", overflow="fold", ratio=1)
    for member, standing in zip(detail.members, detail.sourcing.standings, strict=True):
        article = member.article
        text = safe(article.title).append(f"\n{_line(article.publisher_name)}, {article.told_at:%-d %B %Y %H:%M}")
        if (url := linkable_url(article.url)) is not None:
            text.append(f"\n{_line(url)}", style="dim")
        text.append(f"\n{_line(standing.reason)}", style="italic")
        table.add_row(str(article.id), "yes" if standing.counts else "no", text)
    return table


def _related_table(related: Sequence[Relation]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Related", justify="right", no_wrap=True)
    table.add_column("Title, why", overflow="fold", ratio=1)
    for found in related:
        table.add_row(str(found.candidate), safe(found.title).append(f"\n{_line(found.reason)}", style="italic"))
    return table


def _decision_table(decisions: Sequence[Decision]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Decision", justify="right", no_wrap=True)
    table.add_column("When, who, what", overflow="fold", ratio=1)
    for made in decisions:
        undone = "" if made.undone_by is None else f" (undone by {made.undone_by})"
        why = "" if not made.reason else f": {made.reason}"
        table.add_row(str(made.id), safe(f"{made.decided_at:%-d %B %Y %H:%M} {made.editor} {made.kind}{undone}{why}"))
    return table


def _age(then: datetime, now: datetime) -> str:
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def safe(text: str) -> Text:
    """Text from outside on a terminal: no markup, no control characters, no reordering (H12, H29)."""
    return Text(_line(text))


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
