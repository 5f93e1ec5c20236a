"""relate: candidates that tell happenings of one affair, as grouping found them or as an editor says.

Relating decides nothing about either candidate: counts, versions and the queue stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.errors import IllegalDecision, Unknown
from monitor.model import Article, ArticleId, CandidateId, Clock, Joined, Match, Relation, RelationKind
from monitor.stages.canonical import clean_text
from monitor.stages.related import say_related
from monitor.stages.window import Telling
from monitor.store.candidates import find_live
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members
from monitor.store.people import append_audit
from monitor.store.related import append_relation, list_related


def keep_related(
    tx: Transaction, clock: Clock, article: Article, match: Match, known: Callable[[ArticleId], Telling]
) -> None:
    """Keep which candidates the article's is related to, as grouping found; `known` gives what an earlier one told."""
    for evidence in match.related:
        if evidence.nearest is not None:
            append_relation(
                tx,
                kind=RelationKind.FOUND,
                left=article.id,
                right=evidence.nearest,
                reason=say_related(known(evidence.nearest), evidence),
                evidence=evidence,
                at=clock.now(),
            )


def relate(
    database: Database,
    clock: Clock,
    one: CandidateId,
    other: CandidateId,
    *,
    reason: str,
    by: str,
    address: str | None = None,
) -> Relation:
    """Say that two candidates tell of one affair. Said twice, it is said once."""
    return _say(database, clock, RelationKind.ADDED, one, other, reason=reason, by=by, address=address)


def dismiss(
    database: Database,
    clock: Clock,
    one: CandidateId,
    other: CandidateId,
    *,
    reason: str,
    by: str,
    address: str | None = None,
) -> Relation:
    """Say that two candidates have nothing to do with each other; `relate` takes it back."""
    return _say(database, clock, RelationKind.DISMISSED, one, other, reason=reason, by=by, address=address)


def _say(
    database: Database,
    clock: Clock,
    kind: RelationKind,
    one: CandidateId,
    other: CandidateId,
    *,
    reason: str,
    by: str,
    address: str | None,
) -> Relation:
    with database.write() as tx:
        here, there = _live(tx, one), _live(tx, other)
        if here == there:
            raise IllegalDecision(f"Candidates {one} and {other} are one by now: there is nothing to relate.")
        left, right = _articles(tx, here), _articles(tx, there)
        before = _between(tx, here, there, left)
        if before is not None and before.kind is kind:
            return before
        now = clock.now()
        append_relation(tx, kind=kind, left=left[0], right=right[0], reason=_said(kind, reason, by), by=by, at=now)
        append_audit(
            tx,
            at=now,
            who=by,
            what=f"candidate.{'relate' if kind is RelationKind.ADDED else 'unrelate'}",
            subject=f"candidate {here}",
            before=None if before is None else {"candidate": there, "kind": before.kind.value},
            after={"candidate": there, "kind": kind.value, "reason": reason or None},
            address=address,
        )
        after = _between(tx, here, there, left)
        assert after is not None, "what was just related is related"
        return after


def _said(kind: RelationKind, reason: str, by: str) -> str:
    said = clean_text(reason).strip()
    if said:
        return said
    return f"Related by {by}." if kind is RelationKind.ADDED else f"Not related, says {by}."


def _live(tx: Transaction, candidate: CandidateId) -> CandidateId:
    live = find_live(tx, candidate)
    if live is None:
        raise Unknown(f"There is no candidate {candidate}. List those that wait with: monitor queue")
    return live


def _articles(tx: Transaction, candidate: CandidateId) -> tuple[ArticleId, ...]:
    """Those that can stand for the candidate, the first to tell it on top."""
    members = list_members(tx, candidate)
    own = [m.article.id for m in members if m.joined is not Joined.MENTION] or [m.article.id for m in members]
    if not own:
        raise IllegalDecision(f"No article is left in candidate {candidate}: there is nothing to relate.")
    return tuple(own)


def _between(
    tx: Transaction, here: CandidateId, there: CandidateId, articles: tuple[ArticleId, ...]
) -> Relation | None:
    return next((r for r in list_related(tx, here, articles) if r.candidate == there), None)
