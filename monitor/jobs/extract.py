"""Entries → articles: fetch each page once (P22), read it in a worker, keep text and snapshot together.

Work is every entry that is due and has no article. Each host has a lane of its own and is asked one thing at a time, so
that a 429 stops the rest of its lane (P9). Where a page cannot be had, the feed's own text makes the article and its
note says why: no entry is lost.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from monitor.jobs import revisit
from monitor.jobs.keep import Kept, Reading, Visit, find_met, keep_feed, keep_page, link, mistaken
from monitor.jobs.outages import READ_ACCOUNT, Look, keep_outage
from monitor.jobs.workers import Workers
from monitor.log import get_log
from monitor.model import (
    Article,
    ArticleId,
    Clock,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    Kind,
    NotModified,
    Progress,
    Publisher,
    PublisherId,
    Source,
    SourceId,
    StoredEntry,
    Throttled,
    Unparsable,
    no_progress,
)
from monitor.net.client import Fetcher
from monitor.stages.article import (
    entry_key,
    feed_markup,
    is_front_page,
    is_fuller,
    is_nobodys_page,
    is_worth_another_look,
)
from monitor.stages.canonical import host_of, openable_target, registrable_domain
from monitor.stages.codebook import ProviderIndex
from monitor.stages.credits import Agencies, agencies_of
from monitor.store.articles import get_article
from monitor.store.database import Database, Transaction
from monitor.store.entries import (
    count_unextracted,
    get_newest,
    is_shared_page,
    lease_unextracted,
    record_extract_failure,
    record_regrown,
)
from monitor.store.polls import is_host_silent, record_host_silence
from monitor.store.sources import find_publisher, get_source, list_publishers

BATCH = 100  # entries held at once
MAX_HOPS = 3  # pages that only lead on, behind one another
LANES = 16  # hosts asked at once
LEASE = timedelta(minutes=30)  # longer than a batch takes: ten pages of a host, at most a minute each
BACK_OFF = (timedelta(minutes=10), timedelta(hours=1))  # after that the feed's own text has to do
SILENCE = timedelta(minutes=15)  # of a host that asked for it without saying how long
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_FOR_GOOD = frozenset(
    {
        *(Failure.REFUSED_ADDRESS, Failure.BAD_URL, Failure.NOT_FOUND, Failure.CLIENT_ERROR),
        *(Failure.TOO_LARGE, Failure.ROBOTS),
    }
)
_WAKE_SECONDS = 0.5  # how soon a lane that waits for an answer hears that the job is to stop

T = TypeVar("T")
_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractReport:
    """What became of the entries, in numbers."""

    page_count: int = 0  # articles with the text of their page
    feed_count: int = 0  # articles with the feed's own text
    grown_count: int = 0  # articles whose page says more than before, or otherwise
    linked_count: int = 0  # entries of articles that were known already
    postponed_count: int = 0  # to be tried again
    failed_count: int = 0  # a fault of ours: logged, to be tried again

    def __str__(self) -> str:
        grown = f"{self.grown_count} grown, " if self.grown_count else ""
        return (
            f"{self.page_count} articles from pages, {self.feed_count} from feeds, {grown}{self.linked_count} known "
            f"already, {self.postponed_count} postponed, {self.failed_count} failed"
        )


def extract(
    database: Database,
    clock: Clock,
    fetcher: Fetcher,
    workers: Workers,
    *,
    owner: str,
    providers: ProviderIndex | None = None,
    limit: int | None = None,
    progress: Progress = no_progress,
) -> ExtractReport:
    """Work off what is due, at most `limit` entries; run again it finds nothing to do.

    With `providers` a candidate is recounted when an outage in it grows; without, it hears of it and nothing more.
    Ends early, with its leases given back, when `fetcher` or `workers` are closed.
    """
    job = _Extraction(database, clock, fetcher, workers, progress, providers)
    while not job.is_stopped and (limit is None or job.done < limit):
        size = BATCH if limit is None else min(BATCH, limit - job.done)
        with database.write() as tx:
            batch = lease_unextracted(tx, now=clock.now(), owner=owner, limit=size, lease_for=LEASE)
            left = count_unextracted(tx, now=clock.now())
            newsroom = _load(tx, batch)
        if not batch:
            break
        job.run(batch, newsroom, left)
    return job.report()


@dataclass(frozen=True, slots=True)
class _Known:
    """What a batch needs to know of the newsroom."""

    sources: Mapping[SourceId, Source]
    publishers: Mapping[PublisherId, Publisher]


def _load(tx: Transaction, batch: Sequence[StoredEntry]) -> _Known:
    sources = {stored.source: get_source(tx, stored.source) for stored in batch}
    return _Known(sources, {publisher.id: publisher for publisher in list_publishers(tx)})


class _Extraction:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        fetcher: Fetcher,
        workers: Workers,
        progress: Progress,
        providers: ProviderIndex | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._fetcher = fetcher
        self._workers = workers
        self._progress = progress
        self._providers = providers
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._known = _Known({}, {})
        self.done = 0

    @property
    def is_stopped(self) -> bool:
        return self._stop.is_set()

    def report(self) -> ExtractReport:
        return ExtractReport(**{f"{name}_count": count for name, count in self._counts.items()})

    def run(self, batch: Sequence[StoredEntry], known: _Known, left: int) -> None:
        """Work off a batch; interrupted, it lets go of what it holds."""
        self._known = known
        total = self.done + len(batch) + left
        lanes: dict[str, list[StoredEntry]] = {}
        for stored in batch:
            url = openable_target(stored.entry.url)
            lanes.setdefault(host_of(url) if url else f"entry {stored.id}", []).append(stored)
        with ThreadPoolExecutor(max_workers=min(LANES, len(lanes)), thread_name_prefix="extract") as pool:
            running = [pool.submit(self._work_off, lane, total) for lane in lanes.values()]
            try:
                for finished in as_completed(running):
                    finished.result()
            except BaseException:
                self._stop.set()
                raise

    def _work_off(self, lane: Sequence[StoredEntry], total: int) -> None:
        for stored in lane:
            outcome = self._try(stored)
            with self._lock:
                if outcome is None:
                    continue
                self._counts[outcome] += 1
                self.done += 1
                self._progress(self.done, total)

    def _try(self, stored: StoredEntry) -> str | None:
        """What became of one entry, or None where it was let go; the boundary behind which the next one is safe."""
        if not self._stop.is_set():
            try:
                return self._extract(stored)
            except CancelledError:
                self._stop.set()
            except Exception:
                _log.exception("extract: a fault of ours", entry=stored.id, url=stored.entry.url)
                self._put_off(stored, "a fault of Monitor's own: see the log", BACK_OFF[-1])
                return "failed"
        self._put_off(stored, "interrupted", timedelta(), counts=False)
        return None

    # --- one entry ----------------------------------------------------------------------------------------------

    def _extract(self, stored: StoredEntry) -> str:
        source = self._known.sources[stored.source]
        if source.kind is Kind.STATUS:
            return self._from_status_page(stored, source)
        with self._database.read() as tx:
            stored = stored if stored.article is None else get_newest(tx, stored.id)
            url = openable_target(stored.entry.url)
            is_shared = url is not None and is_shared_page(tx, source.id, url)
            visit = Visit(
                stored, source, entry_key(stored.entry, source, is_shared_page=is_shared), url, self._agencies()
            )
            known = find_met(tx, visit) if stored.article is None else None
            is_silent = url is not None and is_host_silent(tx, host_of(url), now=self._clock.now())
        if known is not None:
            with self._database.write() as tx:
                due_at = revisit.due_at(tx, known) if not is_shared and self._says_more(visit, known) else None
                link(tx, visit, known, "the article was known already", again_at=due_at)
            return "linked"
        if stored.article is not None and (waits := self._waits(stored, stored.article)) is not None:
            return waits
        if url is None:
            is_letter = source.kind is Kind.MAILBOX
            return self._from_feed(visit, "it names no page on the web" if is_letter else "the entry has no link")
        if is_shared:
            return self._from_feed(visit, "several entries share the page")
        if is_silent:
            return self._put_off(stored, f"{host_of(url)} asked for silence", SILENCE, counts=False)
        return self._settle(visit, self._await(self._fetcher.submit(_request(url))))

    def _says_more(self, visit: Visit, known: Article) -> bool:
        """Whether the publisher's own feed brings the article again, as something new."""
        is_own = not visit.source.is_aggregator and visit.source.publisher == known.publisher
        return is_own and visit.url is not None and is_worth_another_look(known, visit.stored.entry)

    def _waits(self, stored: StoredEntry, article: ArticleId) -> str | None:
        """What becomes of an entry whose words changed, where its page is not to be asked yet, or not at all."""
        with self._database.read() as tx:
            due_at = revisit.due_at(tx, get_article(tx, article))
        if due_at is not None and due_at <= self._clock.now():
            return None
        with self._database.write() as tx:
            if due_at is None:
                record_regrown(tx, stored.id, article, "its page changes too often to be kept")
                return "linked"
            record_extract_failure(tx, stored.id, note="its words changed", due_at=due_at, counts=False)
            return "postponed"

    def _settle(self, task: Visit, outcome: FetchOutcome) -> str:
        match outcome:
            case Fetched():
                return self._from_page(task, outcome)
            case Throttled():
                wait = outcome.retry_after or SILENCE
                if outcome.silences_host:
                    with self._database.write() as tx:
                        record_host_silence(tx, outcome.host, until=self._clock.now() + wait)
                return self._again(task, f"the page answered {outcome.status}", at_least=wait)
            case Gone():
                return self._from_feed(task, "the page answered 410")
            case Failed():
                said = outcome.detail if outcome.status is None else f"the page answered {outcome.status}"
                if outcome.kind in _FOR_GOOD:
                    return self._from_feed(task, said)
                return self._again(task, said, at_least=outcome.retry_after or timedelta())
            case NotModified():
                return self._again(task, "the page answered 304 to a question without conditions")

    def _again(self, task: Visit, detail: str, *, at_least: timedelta = timedelta()) -> str:
        tried = task.stored.attempt_count
        if tried >= len(BACK_OFF):
            return self._from_feed(task, f"{detail}, {tried + 1} times")
        return self._put_off(task.stored, detail, max(BACK_OFF[tried], at_least))

    def _put_off(self, stored: StoredEntry, note: str, span: timedelta, *, counts: bool = True) -> str:
        due_at = self._clock.now() + span
        with self._database.write() as tx:
            record_extract_failure(tx, stored.id, note=note, due_at=due_at, counts=counts)
        return "postponed"

    def _from_page(self, task: Visit, fetched: Fetched) -> str:
        if is_front_page(fetched.final_url, entry=task.key):
            return self._from_feed(task, f"the page leads to the front page of {host_of(fetched.final_url)}")
        reading = self._workers.extract_page(fetched.body, url=fetched.final_url, content_type=fetched.content_type)
        page = self._await(reading)
        if isinstance(page, Unparsable):
            if page.leads_to is not None and task.hops < MAX_HOPS:
                return self._settle(
                    task.leads_to(page.leads_to), self._await(self._fetcher.submit(_request(page.leads_to)))
                )
            return self._from_feed(task, page.detail)
        said = self._feed_text(task) if len(feed_markup(task.stored.entry)) > 2 * len(page.text) else ""
        text, note = page.text, None
        if is_fuller(said, text):
            text, note = said, "text from the feed: it says far more than the page"
        return self._keep(task, Reading(page=page, fetched=fetched, text=text, note=note))

    def _keep(self, task: Visit, reading: Reading) -> str:
        """Article, snapshot, addresses and entry in one transaction."""
        with self._database.write() as tx:
            if task.stored.article is not None:
                now = self._clock.now()
                kept = revisit.keep_version(tx, task, reading, now=now, providers=self._providers)
                if kept is not None:
                    return kept
            publisher = self._publisher(tx, task.source, reading.fetched.final_url)
            outcome, _ = keep_page(tx, task, reading, publisher)
        if outcome is Kept.MISTAKEN:
            return self._from_feed(task, mistaken(reading.page.canonical_url or task.key))
        return outcome.value

    def _from_status_page(self, stored: StoredEntry, source: Source) -> str:
        """The newest words of an outage, whether it is new or goes on. Its page is not asked for."""
        with self._database.read() as tx:
            newest = get_newest(tx, stored.id)
            url = newest.entry.url
            is_shared = url is not None and (is_nobodys_page(url) or is_shared_page(tx, source.id, url))
        key = entry_key(newest.entry, source, is_shared_page=is_shared)
        near = newest.entry.updated_at or newest.entry.published_at or newest.first_seen_at
        account = self._await(self._workers.submit(READ_ACCOUNT, feed_markup(newest.entry), near=near))
        if isinstance(account, Unparsable):  # words that no worker survives: what the article has of it stays
            _log.warning("a status page's words could not be read", entry=stored.id, detail=account.detail)
            look = Look(stored=newest, updates=(), text="")
        else:
            look = Look(stored=newest, updates=account.updates, text=account.text)
        with self._database.write() as tx:
            publisher = self._publisher(tx, source, url)
            now = self._clock.now()
            outcome = keep_outage(tx, look, source, publisher, key=key, now=now, providers=self._providers)
        return outcome or self._put_off(stored, "later words came meanwhile", timedelta(), counts=False)

    def _from_feed(self, task: Visit, why: str) -> str:
        note = f"text from the {'letter' if task.source.kind is Kind.MAILBOX else 'feed'}: {why}"
        text = self._feed_text(task)
        with self._database.write() as tx:
            if task.stored.article is not None:
                now = self._clock.now()
                return revisit.keep_words(tx, task, text=text, note=note, now=now, providers=self._providers)
            keep_feed(tx, task, self._publisher(tx, task.source, task.url), text=text, note=note)
        return "feed"

    def _feed_text(self, task: Visit) -> str:
        markup = feed_markup(task.stored.entry)
        text = self._await(self._workers.strip_markup(markup)) if markup else ""
        return "" if isinstance(text, Unparsable) else text

    def _publisher(self, tx: Transaction, source: Source, url: str | None) -> Publisher:
        """Whose voice it is: the source's, or where the source relays others, the host's."""
        if not source.is_aggregator or url is None:
            return self._known.publishers[source.publisher]
        labels = host_of(url).split(".")
        found = find_publisher(tx, [".".join(labels[n:]) for n in range(len(labels))])
        domain = registrable_domain(url)
        return found or Publisher(id=PublisherId(domain), name=domain)

    def _agencies(self) -> Agencies | None:
        """Whom articles may credit; the register is read when the first one is made."""
        return None if self._providers is None else agencies_of(self._providers.owners)

    def _await(self, future: Future[T]) -> T:
        """The answer; raises CancelledError where the job is to stop first."""
        while not self._stop.is_set():
            try:
                return future.result(_WAKE_SECONDS)
            except TimeoutError:
                if future.done():
                    raise
        future.cancel()
        raise CancelledError


def _request(url: str) -> FetchRequest:
    return FetchRequest(url=url, accept=ACCEPT, obeys_robots=True)
