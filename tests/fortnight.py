"""The simulated fortnight as articles that arrive and are grouped, in a process that can be killed after any step.

What intake does when it is killed is shown by `test_newsroom`; here articles arrive as it hands them over: each in its
own transaction, half a day of them before each round of `deduplicate`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from zlib import crc32

from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.jobs.rulebook import read_rulebook
from monitor.model import NewArticle, Progress
from monitor.press.articles import as_written
from monitor.press.edition import compose
from monitor.stages.codebook import ProviderIndex
from monitor.store.articles import add_article, find_article_by_url
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.newsroom import fork_each, rows, say_step

SEED = 1
START = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = timedelta(hours=12)  # articles that arrive between two rounds
ONE_IN = 4  # articles of the fortnight: the test must not take minutes


def fork_rounds(url: str, _sources: str, _folder: str) -> None:
    """For each instant on standard input the fortnight as far as it is not done yet; see `newsroom.Rounds`."""
    providers = read_rulebook().index
    _halves()

    def replay_again(clock: ManualClock) -> None:
        replay(Database(url), clock, providers, say_step)

    fork_each(replay_again)


def replay(database: Database, clock: ManualClock, providers: ProviderIndex, step: Progress) -> None:
    """Let what has not arrived yet arrive, half a day at a time, and group it; `step` after each article."""
    memory = Memory()
    for half in _halves():
        for number, article in enumerate(half, 1):
            if not _arrive(database, article):
                continue
            step(number, len(half))
        owner = f"replay {clock.now()}"  # a process that was killed is followed by another one
        deduplicate(database, clock, owner=owner, providers=providers, memory=memory, progress=step)


def _arrive(database: Database, article: NewArticle) -> bool:
    with database.read() as tx:
        if find_article_by_url(tx, article.canonical_url) is not None:
            return False
    with database.write() as tx:
        add_article(tx, article)
    return True


@cache
def _halves() -> tuple[tuple[NewArticle, ...], ...]:
    told = [t for t in compose(seed=SEED, start=START).tellings if not crc32(t.key.encode()) % ONE_IN]
    halves = groupby(map(as_written, told), key=lambda a: (a.first_seen_at - START) // SPAN)
    return tuple(tuple(half) for _, half in halves)


def found(database: Database) -> list[tuple[str, str, str | None, bool, int]]:
    """What became of every article, by addresses: its candidate's first one, its original, whether it counts."""
    query = (
        "SELECT a.canonical_url, first.canonical_url, original.canonical_url, m.counts, c.source_count "
        "FROM memberships m JOIN articles a ON a.id = m.article_id JOIN candidates c ON c.id = m.candidate_id "
        "JOIN articles first ON first.id = (SELECT min(article_id) FROM memberships WHERE candidate_id = c.id) "
        "LEFT JOIN articles original ON original.id = m.copy_of_id ORDER BY 1, 2"
    )
    return [(url, first, original, bool(counts), n) for url, first, original, counts, n in rows(database, query)]
