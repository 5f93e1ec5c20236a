"""archive import-wires: finished wires of the past, each good line one transaction, each bad one listed.

A line enters whole or not at all: its sources as articles, the wire under a permanent id, its one revision with the
date at which readers first saw it. Every wire is stamped as bulk-classified on the day of the import, until an editor
amends its rationale. It waits for `publish` like any other. Run twice, nothing doubles: a wire is known by the id it
has in the archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import FaultyFile, Unpublishable
from monitor.jobs.wires import found_newsroom, missing_from, open_wire
from monitor.log import get_log
from monitor.model import Clock, Codebook, Complaint, Manner, NewArticle, Progress, no_progress
from monitor.stages.canonical import host_of, registrable_domain
from monitor.stages.codebook import ProviderIndex
from monitor.stages.wire_archive import LINE_LIMIT, ArchivedWire, read_wire, with_articles
from monitor.store import wires as store
from monitor.store.articles import add_article
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit
from monitor.store.sources import find_publisher

COMPLAINTS_KEPT = 1_000  # of a file that is no archive at all

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    line_count: int
    new_count: int
    known_count: int  # in already, from an earlier run
    refused_count: int
    complaints: tuple[Complaint, ...]  # at most COMPLAINTS_KEPT


def import_wires(
    database: Database,
    clock: Clock,
    *,
    path: Path,
    rationale: str,
    editor: str,
    base_url: str,
    codebook: Codebook,
    providers: ProviderIndex,
    progress: Progress = no_progress,
) -> ImportReport:
    """Import the wires of `path`; raises OSError where the file cannot be read."""
    new = known = refused = lines = 0
    complaints: list[Complaint] = []
    for lines, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            archived = read_wire(
                line, file=path.name, number=lines, rationale=rationale, providers=providers, now=clock.now()
            )
            is_new = _enter(database, clock, archived, editor, base_url, codebook, providers)
            new, known = new + is_new, known + (not is_new)
        except FaultyFile as error:
            refused += 1
            complaints += error.complaints
        except Unpublishable as error:
            refused += 1
            complaints += [
                Complaint(file=path.name, line=lines, subject=m.field, reason=m.reason) for m in error.missing
            ]
        except Exception as error:
            refused += 1
            log.exception("a line could not be imported", file=path.name, line=lines)
            complaints.append(
                Complaint(file=path.name, line=lines, subject="the line", reason=f"failed: {type(error).__name__}")
            )
        progress(lines, lines)
    return ImportReport(
        line_count=lines,
        new_count=new,
        known_count=known,
        refused_count=refused,
        complaints=tuple(complaints[:COMPLAINTS_KEPT]),
    )


def _enter(
    database: Database,
    clock: Clock,
    archived: ArchivedWire,
    editor: str,
    base_url: str,
    codebook: Codebook,
    providers: ProviderIndex,
) -> bool:
    """Whether the wire was new; raises Unpublishable, and leaves nothing behind, where something is missing."""
    now = clock.now()
    with database.write() as tx:
        if store.find_wire_by_archive_id(tx, archived.archive_id) is not None:
            return False
        newsroom = found_newsroom(tx, base_url=base_url, now=now)
        articles = [add_article(tx, _known_voice(tx, s), waits_for_grouping=False) for s in archived.sources]
        wire = open_wire(
            tx,
            candidate=None,
            editor=editor,
            now=now,
            newsroom=newsroom,
            draft=with_articles(archived.draft, articles),
            manner=Manner.BULK,
            archive_id=archived.archive_id,
            register=providers.owners,
        )
        if missing := missing_from(tx, wire, codebook, providers, now=now):
            raise Unpublishable(missing)
        store.record_release(
            tx, wire.id, editor=editor, version_seen=None, now=now, publish_as_of=archived.published_at
        )
        append_audit(
            tx, at=now, who=editor, what="wire.import", subject=f"wire {wire.id}", after={"id": archived.archive_id}
        )
        return True


def _known_voice(tx: Transaction, source: NewArticle) -> NewArticle:
    """The source under the publisher that speaks on its host, where feeds.yaml names one: it is the voice counted."""
    publisher = find_publisher(tx, [host_of(source.url), registrable_domain(source.url)])
    return source if publisher is None else replace(source, publisher=publisher.id, publisher_name=publisher.name)


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, cut a little over the limit, so that neither its length nor that of a line matters."""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        while line := file.readline(LINE_LIMIT + 2):
            yield line
            while not line.endswith("\n") and (line := file.readline(LINE_LIMIT + 2)):
                pass  # the rest of a line that is too long
