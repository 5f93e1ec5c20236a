"""mention: a round-up becomes a member of the candidates that its sections tell of, and counts in none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.jobs.ruled import match_as_ruled
from monitor.model import Article, CandidateId, Match
from monitor.stages.mentions import find_late_mention, find_mentions
from monitor.stages.window import Window
from monitor.store.articles import list_articles
from monitor.store.candidates import find_live
from monitor.store.database import Transaction
from monitor.store.grouping import add_member


def mention(tx: Transaction, article: Article, window: Window, *, now: datetime) -> list[CandidateId]:
    """The candidates that `article`, which the window must not hold yet, is a mention of from now on."""
    return join_mentions(
        tx, article, find_mentions(article, window, lambda p, made: match_as_ruled(tx, p, made, window)), now=now
    )


def mention_late(tx: Transaction, article: Article, match: Match, window: Window, *, now: datetime) -> None:
    """Where `article` opened a candidate, let the round-ups that told of it before be mentions of it."""
    for roundup in list_articles(tx, match.roundups):
        found = find_late_mention(roundup, article.id, window)
        join_mentions(tx, roundup, [] if found is None else [found], now=now)


def join_mentions(tx: Transaction, article: Article, found: Iterable[Match], *, now: datetime) -> list[CandidateId]:
    """In the order of the candidates' numbers, so that two who lock them never wait for each other."""
    joined = []
    for match in sorted(found, key=lambda m: m.candidate or 0):
        live = None if match.candidate is None else find_live(tx, match.candidate, is_for_change=True)
        if live is not None and add_member(tx, live, article.id, match, now=now):
            joined.append(live)
    return joined
