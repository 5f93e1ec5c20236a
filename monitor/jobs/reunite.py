"""reunite: a young candidate goes where a later article shows that it belongs.

Only what no editor has touched is moved: an open candidate that nobody holds and on which nothing was decided, of whose
articles nothing was ruled. It becomes a signpost; what was found first stays on record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor.model import Article, ArticleId, CandidateStatus, Match
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.grouping import ALGORITHM, telling_of
from monitor.stages.reunion import Doubt, find_doubt, find_home, say_reunited
from monitor.stages.window import Window
from monitor.store.articles import get_article
from monitor.store.candidates import find_standing_decision, get_candidates, record_status
from monitor.store.database import Transaction
from monitor.store.grouping import add_member, list_members, list_placed, remove_member
from monitor.store.reruns import supersede_grouping
from monitor.store.rulings import list_rulings_of


def reunite(
    tx: Transaction,
    article: Article,
    made: Fingerprint,
    match: Match,
    window: Window,
    *,
    now: datetime,
    settle: Callable[[], None] | None = None,
) -> Doubt | None:
    """What was moved because of `article`, which `window` holds already; the caller recounts the larger candidate.

    `settle` writes what the window holds and the database does not: it is called before anything is asked.
    """
    telling = telling_of(article, made, copy_of=match.copy_of)
    doubt = find_doubt(telling, match, window)
    if doubt is None:
        return None
    if settle is not None:
        settle()
    if not _is_untouched(tx, doubt):
        return None
    found = find_home(doubt, lambda key: get_article(tx, key), window)
    if found is None:
        return None
    guide, anew = found
    _move(tx, doubt, guide, replace(anew, reason=say_reunited(anew, telling)), now=now)
    for moved in doubt.articles:
        window.move(moved, doubt.larger)
    return doubt


def _is_untouched(tx: Transaction, doubt: Doubt) -> bool:
    pair = get_candidates(tx, (doubt.smaller, doubt.larger), is_for_change=True)
    smaller, larger = pair[doubt.smaller], pair[doubt.larger]
    return (
        smaller.status is CandidateStatus.OPEN
        and smaller.claimed_by is None
        and larger.status is not CandidateStatus.MERGED
        and list_placed(tx, doubt.smaller) == frozenset(doubt.articles)
        and find_standing_decision(tx, doubt.smaller) is None
        and not list_rulings_of(tx, doubt.articles)
    )


def _move(tx: Transaction, doubt: Doubt, guide: ArticleId, anew: Match, *, now: datetime) -> None:
    for member in list_members(tx, doubt.smaller):
        moved = member.article.id
        match = anew if moved == guide else member.rejoining()
        remove_member(tx, doubt.smaller, moved)
        add_member(tx, doubt.larger, moved, match, now=member.added_at)
        if moved == guide:
            supersede_grouping(tx, moved, doubt.larger, anew, algorithm=ALGORITHM, fingerprint=None, now=now)
    record_status(tx, doubt.smaller, status=CandidateStatus.MERGED, merged_into=doubt.larger)
