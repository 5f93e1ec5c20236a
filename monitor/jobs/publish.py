"""publish: released revisions become what readers see, and the publication tree follows.

Each revision is frozen in one short transaction with all that was computed: citations, source count, standard,
rationale, time. After the commits the documents that this alters are rendered (`jobs.render`). A crash in between
leaves a tree that is an edition behind; the next run sees that, and renders. With nothing to do nothing is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from monitor.errors import IllegalDecision
from monitor.jobs.announce import announce
from monitor.jobs.render import bring_up_to_date
from monitor.jobs.sections import Section
from monitor.jobs.wires import cite_wire, found_newsroom
from monitor.log import get_log
from monitor.model import Clock, Progress, WireId, no_progress
from monitor.stages.codebook import ProviderIndex
from monitor.stages.owners import NO_REGISTER
from monitor.stages.revise import rationale_of, signal_origin, sources_of
from monitor.stages.syndicate import Site
from monitor.store import wires as store
from monitor.store.database import Database
from monitor.store.editions import read_edition
from monitor.store.people import append_audit
from monitor.store.published import next_free_instant

WHO = "publish"

log = get_log()


class Timer:
    """A span of the machine's time, from now."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def has_time(self) -> bool:
        """Whether some of it is left."""
        return monotonic() < self._end


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What one run did."""

    published_count: int  # revisions that readers see now
    failed_count: int  # revisions that could not be frozen and stay released
    rendered_count: int  # documents written
    removed_count: int = 0  # documents taken away
    unrendered_count: int = 0  # documents that could not be rendered, and stay as they were
    is_complete: bool = True  # else there is more to render than this run was given time for


def publish(
    database: Database,
    clock: Clock,
    *,
    public_dir: Path,
    site: Site,
    progress: Progress = no_progress,
    providers: ProviderIndex | None = None,
    sections: Sequence[Section] = (),
    is_thorough: bool = True,
    is_whole: bool = False,
    has_time: Callable[[], bool] = lambda: True,
) -> PublishReport:
    """Freeze every released revision, then bring the tree in `public_dir` up to date. Idempotent.

    The register of owners that comes with `providers` is asked where something is frozen. `sections` are all that the
    tree has; without any it is left alone. `is_thorough`, `is_whole` and `has_time` are of `bring_up_to_date`.
    """
    with database.read() as tx:
        newsroom, released = store.find_newsroom(tx), store.list_released(tx, due_by=clock.now())
    if newsroom is None:
        with database.write() as tx:
            found_newsroom(tx, base_url=site.base_url, now=clock.now())
    published = failed = 0
    for done, wire in enumerate(released, start=1):
        try:
            published += _freeze(database, clock, wire, providers)
        except Exception:
            failed += 1
            log.exception("publication failed; the revision stays released", wire=wire)
        progress(done, len(released))
    with database.read() as tx:
        until = read_edition(tx).number
    rendered = bring_up_to_date(
        database,
        public_dir,
        sections,
        progress=progress,
        is_thorough=is_thorough,
        is_whole=is_whole,
        has_time=has_time,
    )
    announce(database, clock, site, until=until)
    return PublishReport(
        published_count=published,
        failed_count=failed,
        rendered_count=rendered.written_count,
        removed_count=rendered.removed_count,
        unrendered_count=rendered.failed_count,
        is_complete=rendered.is_complete,
    )


def _freeze(database: Database, clock: Clock, wire: WireId, providers: ProviderIndex | None) -> int:
    """Publish the wire's released revision; 0 where another process has done so meanwhile."""
    with database.write() as tx:
        try:
            store.lock_released(tx, wire)
        except IllegalDecision:
            return 0
        found = store.get_wire(tx, wire)
        revision, before, now = found.revisions[-1], found.published, clock.now()
        cited = cite_wire(tx, found, register=NO_REGISTER if providers is None else providers.owners)
        if not cited.citations:
            raise IllegalDecision(f"Revision {revision.number} of wire {wire} cites no source.")
        origin = signal_origin(sources_of(revision.draft, store.list_citable(tx, found)))
        store.record_publication(
            tx,
            wire,
            citations=cited.citations,
            count=store.Count(standard=cited.standard, source_count=cited.sourcing.source_count),
            rationale=rationale_of(
                revision, before, origin=origin, now=now, accepted=(found.accepted_by, found.accepted_at)
            ),
            origin=origin,
            published_at=next_free_instant(tx, revision.published_at or now),
        )
        after = {"revision": revision.number, "kind": revision.kind.value, "source_count": cited.sourcing.source_count}
        append_audit(tx, at=now, who=WHO, what="wire.publish", subject=f"wire {wire}", after=after)
        return 1
