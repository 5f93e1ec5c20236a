"""remention: after a re-run, what each round-up mentions is found anew, where no editor has a hand in it.

A round-up counts nowhere, so that no count depends on this. Each is compared with the articles told before and after it
that a newsroom's window holds; what it no longer tells of lets it go, unless an editor decided on that candidate, holds
it, or ruled about the round-up. It can be killed and run again: what is as it should be is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.jobs.deduplicate import Memory
from monitor.jobs.mention import join_mentions
from monitor.jobs.recount import recount
from monitor.jobs.ruled import match_as_ruled
from monitor.model import Article, ArticleId, CandidateId, CandidateStatus, Clock, Match
from monitor.stages.codebook import ProviderIndex
from monitor.stages.mentions import find_mentions
from monitor.store.articles import get_article
from monitor.store.candidates import find_live, find_standing_decision, get_candidates
from monitor.store.database import Database, Transaction
from monitor.store.grouping import remove_member
from monitor.store.reruns import list_mentioning, list_roundups
from monitor.store.rulings import list_rulings_of
from monitor.store.window import Place

PAGE = 100  # round-ups read at once


def remention(
    database: Database, clock: Clock, providers: ProviderIndex, *, before: Callable[[Transaction], None]
) -> int:
    """Mentions that came or went. `before` is called in each transaction that changes any: it may refuse to go on."""
    memory, place, changed = Memory(), None, 0
    while True:
        page = _page(database, place)
        for _, roundup in page:
            changed += _find_anew(database, clock, providers, memory, roundup, before)
        if len(page) < PAGE:
            return changed
        place = page[-1]


def _page(database: Database, place: Place | None) -> tuple[Place, ...]:
    with database.read() as tx:
        return list_roundups(tx, place, limit=PAGE)


def _find_anew(
    database: Database,
    clock: Clock,
    providers: ProviderIndex,
    memory: Memory,
    roundup: ArticleId,
    before: Callable[[Transaction], None],
) -> int:
    with database.read() as tx:
        article = get_article(tx, roundup)
        if not memory.covers(article.told_at):
            memory.load(tx, article.told_at)
        found = _mentions(tx, article, memory)
        known = list_mentioning(tx, roundup)
    if found.keys() == known:
        return 0
    with database.write() as tx:
        before(tx)
        gone = _leave(tx, article, known - found.keys())
        come = join_mentions(tx, article, [m for c, m in found.items() if c not in known], now=clock.now())
        for candidate in sorted({*gone, *come}):
            recount(tx, candidate, now=clock.now(), providers=providers)
    return len(gone) + len(come)


def _mentions(tx: Transaction, article: Article, memory: Memory) -> Mapping[CandidateId, Match]:
    """The live candidates that the sections of a round-up tell of, found as if it had not been told yet."""
    window = memory.window
    told, home = (window[article.id], window.candidate_of(article.id)) if article.id in window else (None, None)
    if told is not None:
        window.forget(article.id)
    try:
        found = find_mentions(article, window, lambda part, made: match_as_ruled(tx, part, made, window))
    finally:
        if told is not None and home is not None:
            window.add(told, home)
    live = ((find_live(tx, m.candidate), m) for m in found if m.candidate is not None)
    return {candidate: match for candidate, match in live if candidate is not None and candidate != home}


def _leave(tx: Transaction, article: Article, gone: set[CandidateId]) -> list[CandidateId]:
    """Take a round-up out of those candidates that no editor has touched."""
    if not gone or list_rulings_of(tx, [article.id]):
        return []
    held = get_candidates(tx, sorted(gone), is_for_change=True)
    free = [
        c.id
        for c in held.values()
        if c.status is CandidateStatus.OPEN and c.claimed_by is None and find_standing_decision(tx, c.id) is None
    ]
    for candidate in free:
        remove_member(tx, candidate, article.id)
    return free
