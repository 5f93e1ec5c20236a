"""rule: what an editor lays down about articles, each one short write transaction, audited, for good until withdrawn.

A ruling is checked against the candidate its editor saw and against the rules (`stages.rulings`), appended, and the
candidates that hold its articles are counted anew, all together. A request that comes twice under one `key` is one
ruling, the first (D10). What a merge or a split lays down is in `triage`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Unpack

from monitor.errors import IllegalDecision
from monitor.jobs.recount import recount
from monitor.jobs.triage import Hand, How
from monitor.model import ArticleId, Candidate, CandidateId, CandidateStatus, Clock, Ruling, RulingId, RulingKind
from monitor.stages.canonical import clean_text
from monitor.stages.codebook import ProviderIndex
from monitor.stages.decide import refuse_merged, refuse_stale
from monitor.stages.rulings import Wish, check_ruling, copies_as_ruled
from monitor.store.candidates import get_candidate, get_candidates, list_candidates_of
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_found_copies, list_members, list_placed, record_copies
from monitor.store.people import append_audit
from monitor.store.rulings import append_ruling, append_withdrawal, find_ruling_by_key, get_ruling, list_rulings_of


def rule(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    kind: RulingKind,
    left: Sequence[ArticleId],
    right: Sequence[ArticleId] = (),
    *,
    providers: ProviderIndex,
    reason: str,
    **how: Unpack[How],
) -> Ruling:
    """Lay down something about articles of `candidate`: see `RulingKind` for what left and right mean."""
    hand = Hand(**how)
    with database.write() as tx:
        here = get_candidate(tx, candidate, is_for_change=True)
        wish = Wish(kind=kind, left=tuple(left), right=tuple(right), reason=clean_text(reason).strip())
        return _lay_down(tx, clock.now(), here, wish, hand, providers)


def never_merge(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    other: CandidateId,
    *,
    providers: ProviderIndex,
    reason: str,
    **how: Unpack[How],
) -> Ruling:
    """Lay down that the articles of two candidates never share one: later tellings may join either side."""
    hand = Hand(**how)
    with database.write() as tx:
        found = get_candidates(tx, [candidate, other], is_for_change=True)
        refuse_merged(found[other])
        right = list_placed(tx, other) if candidate != other else ()
        left = list_placed(tx, candidate) - frozenset(right)
        wish = Wish(
            kind=RulingKind.APART,
            left=tuple(sorted(left)),
            right=tuple(sorted(right)),
            reason=clean_text(reason).strip(),
        )
        return _lay_down(tx, clock.now(), found[candidate], wish, hand, providers)


def keep_out(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    article: ArticleId,
    *,
    providers: ProviderIndex,
    reason: str,
    **how: Unpack[How],
) -> Ruling:
    """Lay down that an article of another candidate never comes to this one."""
    hand = Hand(**how)
    with database.write() as tx:
        here = get_candidate(tx, candidate, is_for_change=True)
        left = tuple(sorted(list_placed(tx, candidate)))
        wish = Wish(kind=RulingKind.APART, left=left, right=(article,), reason=clean_text(reason).strip())
        return _lay_down(tx, clock.now(), here, wish, hand, providers)


def withdraw(
    database: Database,
    clock: Clock,
    ruling: RulingId,
    *,
    providers: ProviderIndex,
    reason: str,
    **how: Unpack[How],
) -> Ruling:
    """Let a ruling stand no longer. It stays on record, and nothing moves before something is computed anew."""
    hand = Hand(**how)
    with database.write() as tx:
        now, found = clock.now(), get_ruling(tx, ruling)
        if hand.key is not None and (first := find_ruling_by_key(tx, hand.key)) is not None:
            return _same(first, found.id == first.id)
        said = clean_text(reason).strip()
        if not said:
            raise IllegalDecision(f"Withdrawing ruling {ruling} needs a reason: those who come later will ask.")
        if found.withdrawn_at is not None:
            raise IllegalDecision(f"Ruling {ruling} was withdrawn on {found.withdrawn_at:%-d %B %Y} already.")
        made = append_withdrawal(tx, ruling, reason=said, by=hand.editor, at=now, key=hand.key)
        _count_anew(tx, [*found.left, *found.right], now, providers)
        _audit(tx, now, hand, "withdraw", made, said)
        return made


def _lay_down(
    tx: Transaction, now: datetime, here: Candidate, wish: Wish, hand: Hand, providers: ProviderIndex
) -> Ruling:
    if hand.key is not None and (first := find_ruling_by_key(tx, hand.key)) is not None:
        return _same(first, (first.kind, set(wish.left)) == (wish.kind, set(first.left)))
    refuse_merged(here)
    refuse_stale(here, hand.version_seen)
    members = list_placed(tx, here.id)
    elsewhere = {a for a in wish.right if a not in members and list_candidates_of(tx, a)}
    check_ruling(wish, here.id, members=members, elsewhere=elsewhere)
    made = append_ruling(
        tx, kind=wish.kind, left=wish.left, right=wish.right, reason=wish.reason, by=hand.editor, at=now, key=hand.key
    )
    _count_anew(tx, [*wish.left, *wish.right], now, providers)
    _audit(tx, now, hand, "rule", made, wish.reason)
    return made


def _same(first: Ruling, is_same: bool) -> Ruling:
    if not is_same:
        raise IllegalDecision(
            f"This request repeats the key of another ruling ({first.kind}, number {first.id}). Nothing was laid down. "
            f"Load the page again, then rule."
        )
    return first


def _count_anew(tx: Transaction, articles: Collection[ArticleId], now: datetime, providers: ProviderIndex) -> None:
    """Every candidate that holds one of the articles, in the order of their numbers, as rulings have it now."""
    holding = sorted({c for a in articles for c in list_candidates_of(tx, a)})
    for candidate, found in get_candidates(tx, holding, is_for_change=True).items():
        if found.status is not CandidateStatus.MERGED:
            fold_as_ruled(tx, candidate)
            recount(tx, candidate, now=now, providers=providers)


def fold_as_ruled(tx: Transaction, candidate: CandidateId) -> None:
    """What is a copy of what in a candidate: as it was found, unless an editor said otherwise."""
    held = {m.article.id: m.copy_of for m in list_members(tx, candidate)}
    found = list_found_copies(tx, held.keys())
    ruled = copies_as_ruled({a: found.get(a, held[a]) for a in held}, list_rulings_of(tx, held.keys()))
    record_copies(tx, candidate, {a: original for a, original in ruled.items() if original != held[a]})


def _audit(tx: Transaction, now: datetime, hand: Hand, what: str, made: Ruling, reason: str) -> None:
    append_audit(
        tx,
        at=now,
        who=hand.editor,
        what=f"ruling.{what}",
        subject=f"ruling {made.id}",
        after={"kind": made.kind.value, "left": list(made.left), "right": list(made.right), "reason": reason},
        address=hand.address,
    )
