"""deduplicate: put each waiting article into the candidate of its event, or open one.

One writer at a time, by a right that is leased in the database; for a few articles together one short write
transaction: the findings, the memberships, the recounts. Killed at any point and run again, it goes on where it was.
Articles are taken in the order of their own time, so that an archive and a live newsroom are grouped alike. An article
joins a candidate that was accepted or rejected too, which stays what it is but grows; one that was merged leads on to
where it went.

How likely an incident it is, a candidate that opens or grows here does not say yet: who runs this runs
`relevance.judge_grown` next.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.errors import Busy
from monitor.jobs.meaning import Meaning
from monitor.jobs.mention import mention, mention_late
from monitor.jobs.recount import recount_all
from monitor.jobs.relate import keep_related
from monitor.jobs.reunite import reunite
from monitor.jobs.ruled import match_as_ruled
from monitor.log import get_log
from monitor.model import (
    Article,
    ArticleId,
    CandidateId,
    Clock,
    DecisionId,
    Joined,
    Match,
    Progress,
    Ruling,
    no_progress,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.fingerprint_bytes import encode
from monitor.stages.grouping import ALGORITHM, COMPARABLE, telling_of
from monitor.stages.window import Window
from monitor.store.candidates import find_live
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_members, open_candidate
from monitor.store.rulings import list_rulings_of
from monitor.store.window import (
    Found,
    Grouped,
    Place,
    count_ungrouped,
    find_newest_decision,
    find_nth_newest,
    lease_right,
    list_places,
    list_told_after,
    list_told_before,
    list_told_newest,
    list_ungrouped,
    record_groupings,
    release_right,
)

RIGHT = "deduplicate"
LEASE = timedelta(minutes=5)  # a killed process blocks the others no longer than this
PAGE = 200  # articles read from the queue at once
TOGETHER = 10  # articles in one transaction: to begin and end one costs as much as a twentieth of an article

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeduplicateReport:
    """What a run did."""

    article_count: int = 0  # grouped
    opened_count: int = 0  # candidates
    joined_count: int = 0  # articles that joined one, copies among them
    copy_count: int = 0
    failed_count: int = 0  # articles that a bug of ours kept from being grouped: tried again by the next run
    is_busy: bool = False  # another process holds the right: nothing was done, nothing is lost


@dataclass(slots=True)
class Memory:
    """The window, kept between runs of one process. Not safe to share between threads.

    It is read anew where another process has grouped since, and where an article was told outside what it covers.
    """

    window: Window = field(default_factory=Window)
    covers_from: datetime | None = None  # None: back to the first article
    covers_to: datetime | None = None  # None: up to the newest
    decision: DecisionId | None = None  # the last one that the window knows of
    is_loaded: bool = False
    meaning: Meaning = field(default_factory=Meaning)

    def covers(self, moment: datetime) -> bool:
        """Whether articles told about `moment` can be compared with those told before and after."""
        begins = [m for m in (self.covers_from, self.window.forgotten) if m is not None]
        return self.is_loaded and moment >= max(begins, default=moment) and moment <= (self.covers_to or moment)

    def load(self, tx: Transaction, moment: datetime) -> None:
        """Read the newest articles; where `moment` lies before all of them, those told about it instead.

        Half the window is then for what came after, and half for what came before. In a newsroom the window that is
        read here is the one that would have grown, whatever came in which order, and finds the same.
        """
        limit = self.window.limit
        self.window = Window(span=self.window.span, limit=limit)
        self.covers_from = find_nth_newest(tx, limit, algorithms=COMPARABLE)
        self.covers_to = None
        if self.covers_from is None or self.covers_from <= moment:
            self._keep(reversed(list_told_newest(tx, limit=limit, algorithms=COMPARABLE)))
        else:
            later = list_told_after(tx, moment, limit=limit // 2, algorithms=COMPARABLE)
            earlier = list_told_before(tx, moment, limit=limit - len(later), algorithms=COMPARABLE)
            self._keep([*reversed(earlier), *later])
            self.covers_from = earlier[-1].told_at if len(earlier) + len(later) >= limit else None
            self.covers_to = later[-1].told_at if len(later) >= limit // 2 else None
        self.decision = find_newest_decision(tx)
        self.is_loaded = True

    def _keep(self, found: Iterable[Grouped]) -> None:
        self.window.keep_all((grouped, grouped.candidate) for grouped in found)

    def follow_editors(self, tx: Transaction) -> None:
        """Move what editors merged, split or attached since: their hands come last."""
        if (newest := find_newest_decision(tx)) != self.decision:
            known = self.window.articles()
            for article, candidate in list_places(tx, known).items():
                self.window.move(article, candidate)
            self.decision = newest


def deduplicate(
    database: Database,
    clock: Clock,
    *,
    owner: str,
    providers: ProviderIndex,
    limit: int | None = None,
    progress: Progress = no_progress,
    memory: Memory | None = None,
    per_transaction: int = TOGETHER,
    own_time: bool = False,
) -> DeduplicateReport:
    """Group up to `limit` waiting articles.

    `memory` keeps the window between runs. `per_transaction` articles are committed together: more where a whole
    archive enters. With `own_time` an article's own time is the time at which it joins.
    """
    run = _Run(database, clock, owner, providers, memory or Memory(), own_time)
    if not run.take_right():
        return DeduplicateReport(is_busy=True)
    try:
        return run.all(limit, per_transaction, progress)
    finally:
        with database.write() as tx:
            release_right(tx, RIGHT, now=clock.now(), owner=owner)


@dataclass(slots=True)
class _Tally:
    article: int = 0
    opened: int = 0
    copies: int = 0
    failed: int = 0

    def count(self, matches: Sequence[Match]) -> None:
        self.article += len(matches)
        self.opened += sum(m.candidate is None for m in matches)
        self.copies += sum(m.joined is Joined.COPY for m in matches)

    def report(self) -> DeduplicateReport:
        return DeduplicateReport(
            article_count=self.article,
            opened_count=self.opened,
            joined_count=self.article - self.opened,
            copy_count=self.copies,
            failed_count=self.failed,
        )


class _Run:
    """One run, while it holds the right."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        owner: str,
        providers: ProviderIndex,
        memory: Memory,
        own_time: bool,
    ) -> None:
        self.database = database
        self.clock = clock
        self.owner = owner
        self.providers = providers
        self.memory = memory
        self.own_time = own_time
        self.held_until = clock.now()  # as long as nobody else can take the right

    def take_right(self) -> bool:
        """Take the right; where others have held it since, what this process remembers is out of date."""
        now = self.clock.now()
        with self.database.write() as tx:
            kept = lease_right(tx, RIGHT, now=now, owner=self.owner, lease_for=LEASE)
        self.held_until = now + LEASE
        self.memory.is_loaded = self.memory.is_loaded and kept is True
        return kept is not None

    def keep_right(self, tx: Transaction) -> None:
        """Renew it once half of its time is over: until then nobody else can have it."""
        now = self.clock.now()
        if self.held_until - now > LEASE / 2:
            return
        if not lease_right(tx, RIGHT, now=now, owner=self.owner, lease_for=LEASE):
            raise Busy("Another process groups articles now: what is left waits for it.")
        self.held_until = now + LEASE

    def all(self, limit: int | None, per_transaction: int, progress: Progress) -> DeduplicateReport:
        with self.database.read() as tx:
            waiting = count_ungrouped(tx)
            if self.memory.is_loaded:
                self.memory.follow_editors(tx)
        total = waiting if limit is None else min(limit, waiting)
        tally = _Tally()
        for batch in _batches(itertools.islice(self._queue(min(PAGE, total)), limit), per_transaction):
            self._group_or_say(batch, tally)
            progress(tally.article + tally.failed, total)
        return tally.report()

    def _queue(self, size: int) -> Iterator[Article]:
        """What waits, read `size` articles at once."""
        place: Place | None = None
        while True:
            with self.database.read() as tx:
                page = list_ungrouped(tx, limit=size, after=place)
            yield from page
            if len(page) < max(size, 1):
                return
            place = (page[-1].told_at, page[-1].id)

    def _group_or_say(self, batch: Sequence[Article], tally: _Tally) -> None:
        """The boundary: a bug that one article brings to light is logged, and the next article is grouped."""
        try:
            tally.count(self._group(batch))
        except Busy:
            raise
        except Exception:
            self.memory.is_loaded = False  # it may hold what was rolled back
            if len(batch) > 1:
                for article in batch:
                    self._group_or_say([article], tally)
                return
            tally.failed += 1
            log.exception("an article could not be grouped", article=batch[0].id, title=batch[0].title)

    def _group(self, batch: Sequence[Article]) -> list[Match]:
        made = self.memory.meaning.fingerprints(batch)  # outside the transaction: it needs nothing but the articles
        if not all(self.memory.covers(a.told_at) for a in batch):
            with self.database.read() as tx:
                self.memory.load(tx, batch[0].told_at)
        with self.database.write() as tx:
            self.keep_right(tx)
            matches: list[Match] = []
            grown: dict[CandidateId, datetime] = {}
            findings, rulings = _Findings(tx), _rulings(tx, batch)
            for article, its in zip(batch, made, strict=True):
                now = article.told_at if self.own_time else self.clock.now()
                match, candidates = self._place(tx, findings, article, its, rulings[article.id], now)
                matches.append(match)
                grown |= dict.fromkeys(candidates, now)
                moved = reunite(tx, article, its, match, self.memory.window, now=now, settle=findings.write)
                if moved is not None:
                    grown.pop(moved.smaller, None)
                    grown[moved.larger] = now
            findings.write()
            unruled = {article for article, found in rulings.items() if not found}
            recount_all(tx, grown, providers=self.providers, is_judged=False, unruled=unruled)
        return matches

    def _place(
        self,
        tx: Transaction,
        findings: _Findings,
        article: Article,
        made: Fingerprint,
        rulings: tuple[Ruling, ...],
        now: datetime,
    ) -> tuple[Match, list[CandidateId]]:
        """Put the article where it belongs; with the candidates that have grown."""
        if rulings or made.is_digest:  # then it is asked who is in which candidate
            findings.write()
        match = match_as_ruled(tx, article, made, self.memory.window, rulings)
        candidate = None if match.candidate is None else find_live(tx, match.candidate, is_for_change=True)
        if candidate is None:
            candidate = open_candidate(tx, title=article.title, opened_at=article.first_seen_at)
        data = encode(made)
        grouped_at = self.clock.now()
        findings.add(
            Found(
                article=article,
                candidate=candidate,
                match=match,
                algorithm=ALGORITHM,
                fingerprint=data,
                grouped_at=grouped_at,
            ),
            now,
        )
        keep_related(tx, self.clock, article, match, self.memory.window.__getitem__)
        mentioned = mention(tx, article, self.memory.window, now=now) if made.is_digest else []
        self.memory.window.add(telling_of(article, made, copy_of=match.copy_of), candidate, data)
        mention_late(tx, article, match, self.memory.window, now=now)
        return match, [candidate, *mentioned]


class _Findings:
    """What was found in one transaction and is not written yet: together it costs a third of one by one."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._found: list[tuple[Found, datetime]] = []

    def add(self, found: Found, now: datetime) -> None:
        """Keep it; the article joins its candidate at `now`."""
        self._found.append((found, now))

    def write(self) -> None:
        """Write what waits, so that whoever asks the database finds it."""
        record_groupings(self._tx, [found for found, _ in self._found])
        add_members(self._tx, [(f.candidate, f.article.id, f.match, now) for f, now in self._found])
        self._found.clear()


def _rulings(tx: Transaction, articles: Sequence[Article]) -> dict[ArticleId, tuple[Ruling, ...]]:
    """What editors ruled on each; nearly always nothing, so that all are asked for together first."""
    ids = [article.id for article in articles]
    if not list_rulings_of(tx, ids):
        return dict.fromkeys(ids, ())
    return {article: list_rulings_of(tx, [article]) for article in ids}


def _batches(articles: Iterator[Article], size: int) -> Iterator[list[Article]]:
    while batch := list(itertools.islice(articles, size)):
        yield batch
