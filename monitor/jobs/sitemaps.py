"""A poll of a sitemap source: its own document, then those that an index names and that may hold something new.

One after the other, each asked with its own validators (P2, P5); what they brought, what vouches for it and what they
named is handed to the poll's one transaction (P4). Bounded: a few documents a poll, some minutes, some entries; what is
left waits for the next poll.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.jobs.workers import Workers
from monitor.model import (
    NO_VALIDATORS,
    Clock,
    Entry,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    NotModified,
    PollState,
    ReadSitemap,
    SitemapDocument,
    Source,
    Throttled,
    Unparsable,
    Validators,
)
from monitor.stages.cadence import Reading
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.sitemap_index import FORGOTTEN_AFTER, MAX_DEPTH, first_since, list_parts, next_document
from monitor.store.database import Database, Round
from monitor.store.mapped import entries, sitemaps
from monitor.store.polls import record_host_silence

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.5, */*;q=0.1"
MAX_BODY = 10_000_000  # bytes of one document on the wire or once HTTP has decoded it; one in gzip may inflate further
TIME_FOR_PARTS = timedelta(minutes=2)  # after it no further document is asked: the lease must last for the last one

_READ_SITEMAP = "monitor.stages.sitemap:read_sitemap"
_SILENCE = timedelta(minutes=15)  # of a host that asked for it without saying how long
_FOR_GOOD = (Failure.NOT_FOUND, Failure.CLIENT_ERROR, Failure.NOT_A_FEED, Failure.UNPARSABLE, Failure.TOO_LARGE)


@dataclass(slots=True)
class Tour:
    """One poll of one sitemap source, document by document."""

    database: Database
    clock: Clock
    workers: Workers
    source: Source
    state: PollState
    in_full: bool  # the source's own document is asked without conditions
    documents: dict[str, SitemapDocument] = field(default_factory=dict)
    current: SitemapDocument | None = None
    reading_now: Future[ReadSitemap | Unparsable] | None = None  # of the current document, while it is read
    answer: FetchOutcome | None = None  # of the current document
    outcome: FetchOutcome | None = None  # of the source's own document, which is the source's
    reading: Reading = field(default_factory=Reading)
    is_over: bool = False
    polled_at: datetime | None = None  # before this poll
    ends_at: datetime | None = None
    asked: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    known: dict[str, bytes] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed_count: int = 0
    retry_after: timedelta | None = None  # the longest that any document's answer asked for (P8)
    silences: dict[str, timedelta] = field(default_factory=dict)  # hosts that asked for it (P9)

    def begin(self) -> FetchRequest:
        """The question for the source's own document."""
        with self.database.read() as tx:
            stored = sitemaps.list_documents(tx, self.source.id)
        root = next((d for d in stored if d.url == self.source.url), SitemapDocument(url=self.source.url))
        self.documents = {root.url: replace(root, index_url=None, depth=0)}
        for document in stored:  # by depth; what hangs on another address of feeds.yaml, or on nothing, is left alone
            index = self.documents.get(document.index_url or "")
            if index is not None and index.is_listed and document.url != root.url:
                self.documents[document.url] = document
        root = self.documents[root.url]
        self.polled_at, self.ends_at = root.asked_at, self.clock.now() + TIME_FOR_PARTS
        self.current = root
        return FetchRequest(
            url=self.state.url,
            validators=NO_VALIDATORS if self.in_full else self.state.validators,
            validators_url=self.state.validators_url,
            accept=ACCEPT,
            max_bytes=MAX_BODY,
        )

    def take_answer(self, answer: FetchOutcome) -> Future[ReadSitemap | Unparsable] | None:
        """What the current document answered; its reading, where there is something to read."""
        self.answer = answer
        document = self._current()
        if isinstance(answer, Fetched | NotModified | Failed | Throttled) and answer.retry_after is not None:
            self.retry_after = max(answer.retry_after, self.retry_after or answer.retry_after)
        if document.index_url is None:
            self.outcome = answer
        if isinstance(answer, Fetched) and hashlib.sha256(answer.body).hexdigest() != self._last_digest(document):
            with self.database.read() as tx:
                known = sitemaps.find_known(tx, self.source.id, document.url)
            self.reading_now = self.workers.submit(
                _READ_SITEMAP,
                answer.body,
                url=answer.final_url,
                content_type=answer.content_type,
                known=known,
                since=first_since(document, polled_at=self.polled_at, now=self.clock.now()),
                takes_undated=document.absent_at is not None,
            )
            return self.reading_now
        if isinstance(answer, Fetched | NotModified):
            self._settle_same(document, answer)
        else:
            self._settle_failure(document, answer)
        return None

    def take_reading(self, read: ReadSitemap | Unparsable) -> None:
        """What the worker made of the current document."""
        self.reading_now = None
        answer = self.answer
        assert isinstance(answer, Fetched)
        if not isinstance(read, Unparsable):
            self._settle_read(self._current(), answer, read)
            return
        failure = Failed(
            url=answer.url,
            kind=read.kind,
            detail=read.detail,
            status=200,
            retry_after=answer.retry_after,
            fetched_at=answer.fetched_at,
        )
        if self._current().index_url is None:
            self.outcome = failure
        self._settle_failure(self._current(), failure)

    def next_request(self) -> FetchRequest | None:
        """The question for the next document; None where there is none, or where the rest has to wait."""
        now = self.clock.now()
        is_enough = len(self.entries) >= MAX_ENTRIES or (self.ends_at is not None and now >= self.ends_at)
        if self.is_over or is_enough:
            return None
        waiting = [document for document in self.documents.values() if document.url not in self.asked]
        document = next_document(waiting, asked_count=len(self.asked), now=now)
        if document is None:
            return None
        self.current = document
        self.asked.append(document.url)
        return FetchRequest(
            url=document.url,
            validators=document.validators,
            validators_url=document.validators_url,
            accept=ACCEPT,
            max_bytes=MAX_BODY,
        )

    def settled(self) -> FetchOutcome:
        """The answer of the source's own document, with the longest silence that any of them asked for (P8)."""
        outcome = self.outcome
        assert outcome is not None
        if isinstance(outcome, Fetched | NotModified):
            return replace(outcome, retry_after=self.retry_after)
        return outcome

    def keep(self, tx: Round, now: datetime) -> Reading:
        """Store everything that this poll brought, in the transaction of the poll (P4)."""
        changed = [self.documents[url] for url in sorted(self.changed)]
        sitemaps.record_documents(tx, self.source.id, changed, self.known, forget_before=now - FORGOTTEN_AFTER)
        for host, span in self.silences.items():
            record_host_silence(tx, host, until=now + span)
        notes = [f"{self.failed_count} of {len(self.asked)} parts asked failed"] if self.failed_count else []
        return replace(
            self.reading,
            new_entry_count=entries.record_entries(tx, self.source.id, self.entries, now=now),
            notes=tuple(dict.fromkeys((*notes, *self.notes))),
        )

    # --- one document -------------------------------------------------------------------------------------------

    def _current(self) -> SitemapDocument:
        assert self.current is not None
        return self.current

    def _last_digest(self, document: SitemapDocument) -> str | None:
        return self.state.body_digest if document.index_url is None else document.body_digest

    def _settle_read(self, document: SitemapDocument, answer: Fetched, read: ReadSitemap) -> None:
        digest = hashlib.sha256(answer.body).hexdigest()
        self._keep(replace(_vouched(document, answer, digest), is_read=True))
        self.known[document.url] = read.known
        self.entries.extend(read.entries)
        self.notes.extend(f"{note} ({document.url})" if document.index_url else note for note in read.notes)
        if document.index_url is None:
            is_same = read.shared_count > 0 or any(part.url in self.documents for part in read.parts)
            size = len(read.parts) if read.format == "sitemap-index" else read.url_count
            self.reading = Reading(entry_count=size, shares_entries=is_same, body_digest=digest)
        if read.parts and document.depth >= MAX_DEPTH:
            self.notes.append(f"indexes nested deeper than {MAX_DEPTH} levels are not followed ({document.url})")
        else:
            for part in list_parts(document, read.parts, tuple(self.documents.values()), now=self.clock.now()):
                self._keep(part)

    def _settle_same(self, document: SitemapDocument, answer: Fetched | NotModified) -> None:
        """The document is what it was; of an index, its parts may be others all the same."""
        self._keep(_vouched(document, answer, document.body_digest))
        if document.index_url is None and isinstance(answer, Fetched):
            self.reading = Reading(is_unchanged=True, body_digest=self.state.body_digest)

    def _settle_failure(self, document: SitemapDocument, answer: Throttled | Gone | Failed) -> None:
        """Its own failure only; but a host that asks for silence has it at once (P9)."""
        if document.index_url is None:
            self.is_over = True
            return
        self.failed_count += 1
        if isinstance(answer, Throttled):
            self.is_over = True
            if answer.silences_host:
                self.silences[answer.host] = answer.retry_after or _SILENCE
            if not answer.was_asked:
                return
        is_over_for_now = isinstance(answer, Gone) or (isinstance(answer, Failed) and answer.kind in _FOR_GOOD)
        if isinstance(answer, Failed):
            self.notes.append(f"{document.url}: {answer.kind}: {answer.detail}")
        failed = replace(document, asked_at=answer.fetched_at, failure_count=document.failure_count + 1)
        if is_over_for_now and document.listed is not None:  # asked again once the index says that it changed
            failed = replace(failed, modified=document.listed, failure_count=0)
        self._keep(failed)

    def _keep(self, document: SitemapDocument) -> None:
        self.documents[document.url] = document
        self.changed.add(document.url)


def _vouched(document: SitemapDocument, answer: Fetched | NotModified, digest: str | None) -> SitemapDocument:
    """The document after an answer: its validators are those of the address that answered, each renewed (P3, P5)."""
    given = answer.validators
    is_same = isinstance(answer, NotModified) or digest == document.body_digest
    if is_same and document.validators_url in (None, answer.final_url):
        given = Validators(
            etag=given.etag or document.validators.etag,
            last_modified=given.last_modified or document.validators.last_modified,
        )
    return replace(
        document,
        modified=document.listed,
        asked_at=answer.fetched_at,
        failure_count=0,
        validators=given,
        validators_url=None if given == NO_VALIDATORS else answer.final_url,
        body_digest=digest,
    )
