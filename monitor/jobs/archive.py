"""archive import: articles of the past enter at the same door as those of today, with their own time as "now".

First every good line becomes an article; then the waiting articles are grouped in the order of their time. A line that
is faulty is listed with its number and left out; the others enter. Run twice, nothing doubles: an article is known by
its canonical URL.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from monitor.jobs.deduplicate import DeduplicateReport, Memory, deduplicate
from monitor.jobs.meaning import Meaning
from monitor.jobs.relevance import judge_grown
from monitor.model import ArticleId, Clock, Complaint, Progress, Publisher, no_progress
from monitor.stages.archive import LINE_LIMIT, ArchivedArticle, read_line, to_article
from monitor.stages.canonical import registrable_domain
from monitor.stages.codebook import ProviderIndex
from monitor.stages.credits import agencies_of, credited
from monitor.store.articles import add_article, count_articles
from monitor.store.database import Database, Transaction
from monitor.store.sources import find_publisher
from monitor.store.window import list_assignments

BATCH = 100  # articles in one transaction: an archive is not a newsroom that waits
COMPLAINTS_KEPT = 1_000  # of a file that is no archive at all


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveReport:
    """What an import did."""

    line_count: int
    new_count: int  # articles that were not known before
    known_count: int
    refused_count: int
    complaints: tuple[Complaint, ...]  # of refused lines, at most COMPLAINTS_KEPT
    grouping: DeduplicateReport
    ids: dict[str, ArticleId]  # the archive's ids, in the order of the file


def import_archive(
    database: Database,
    clock: Clock,
    *,
    path: Path,
    owner: str,
    providers: ProviderIndex,
    progress: Progress = no_progress,
    meaning: Meaning | None = None,
) -> ArchiveReport:
    """Import the articles of `path` and group them; raises OSError where the file cannot be read."""
    reader = _Reader(path, clock.now())
    ids: dict[str, ArticleId] = {}
    register: dict[str, Publisher | None] = {}  # by host, as far as met
    agencies = agencies_of(providers.owners)
    with database.read() as tx:
        before = count_articles(tx)
    for batch in _batches(reader.articles(), BATCH):
        with database.write() as tx:
            for archived, told_at in batch:
                publisher = _registered(tx, archived.host, register)
                new = credited(to_article(archived, told_at=told_at, publisher=publisher), agencies)
                ids[archived.id] = add_article(tx, new, archive_id=archived.id)
        progress(0, len(ids))
    with database.read() as tx:
        new_count = count_articles(tx) - before
    grouping = deduplicate(
        database,
        clock,
        owner=owner,
        providers=providers,
        progress=progress,
        memory=Memory(meaning=meaning or Meaning()),
        per_transaction=BATCH,
        own_time=True,
    )
    judge_grown(database)
    return ArchiveReport(
        line_count=reader.line_count,
        new_count=new_count,
        known_count=len(ids) - new_count,
        refused_count=reader.refused_count,
        complaints=tuple(reader.complaints),
        grouping=grouping,
        ids=ids,
    )


def write_assignments(database: Database, ids: dict[str, ArticleId], out: TextIO) -> int:
    """One JSON line for each id of an archive: its candidate, whether it is a copy, whether it counts; how many."""
    with database.read() as tx:
        found = list_assignments(tx, sorted(set(ids.values())))
    count = 0
    for archive_id, article in ids.items():
        if (place := found.get(article)) is not None:
            line = {"id": archive_id, "cluster": place.candidate, "is_copy": place.is_copy, "counts": place.counts}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def _registered(tx: Transaction, host: str | None, known: dict[str, Publisher | None]) -> Publisher | None:
    """The publisher of feeds.yaml that speaks on `host`."""
    if host is None:
        return None
    if host not in known:
        known[host] = find_publisher(tx, [host, registrable_domain(host)])
    return known[host]


class _Reader:
    """Reads a file line by line, so that neither its length nor that of a line matters (H30)."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self.now = now
        self.line_count = 0
        self.refused_count = 0
        self.complaints: list[Complaint] = []

    def articles(self) -> Iterator[tuple[ArchivedArticle, datetime]]:
        """Each good line with its time: its own, else that of the line before, else the first that the file has."""
        told_at = next((a.published_at for a in self._good() if a.published_at), self.now)
        self.line_count = self.refused_count = 0
        self.complaints.clear()
        seen: set[str] = set()
        for archived in self._good():
            told_at = archived.published_at or told_at
            if archived.id in seen:
                self._refuse(archived.id, "the id has been used by an earlier line")
                continue
            seen.add(archived.id)
            yield archived, min(told_at, self.now)

    def _good(self) -> Iterator[ArchivedArticle]:
        for line in self._lines():
            if not line.strip():
                continue
            match read_line(line, file=self.path.name, number=self.line_count):
                case Complaint() as complaint:
                    self._keep(complaint)
                case archived:
                    yield archived

    def _lines(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            while line := file.readline(LINE_LIMIT + 1):
                self.line_count += 1
                is_whole = line.endswith("\n")
                while not is_whole and (rest := file.readline(LINE_LIMIT)):  # refused by its length, passed over
                    is_whole = rest.endswith("\n")
                yield line

    def _refuse(self, subject: str, reason: str) -> None:
        self._keep(Complaint(file=self.path.name, line=self.line_count, subject=subject, reason=reason))

    def _keep(self, complaint: Complaint) -> None:
        self.refused_count += 1
        if len(self.complaints) < COMPLAINTS_KEPT:
            self.complaints.append(complaint)


def _batches(
    articles: Iterable[tuple[ArchivedArticle, datetime]], size: int
) -> Iterator[list[tuple[ArchivedArticle, datetime]]]:
    remaining = iter(articles)
    while batch := list(itertools.islice(remaining, size)):
        yield batch
