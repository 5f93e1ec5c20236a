"""publish: released revisions become what readers see, and the feeds are written as files.

Each revision is frozen in one short transaction with all that was computed: citations, source count, standard,
rationale, time. After the commits every feed whose wires changed is rendered, written beside its place, synced and
renamed, so that a reader never sees half a file (F12). A crash in between leaves a feed behind the database; the next
run sees that by the edition noted beside the feeds, and renders. With nothing to do nothing is touched.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from monitor.errors import IllegalDecision
from monitor.jobs.wires import cite_wire, found_newsroom
from monitor.log import get_log
from monitor.model import Clock, Newsroom, Progress, WireId, no_progress
from monitor.stages.atom import ALL_WIRES, ENTRY_LIMIT, FeedName, Site, provider_feed, render_feed
from monitor.stages.codebook import ProviderIndex
from monitor.stages.owners import NO_REGISTER
from monitor.stages.revise import rationale_of, signal_origin, sources_of
from monitor.store import wires as store
from monitor.store.database import Database
from monitor.store.people import append_audit
from monitor.store.published import (
    Edition,
    FeedLine,
    get_published,
    list_feed_lines,
    next_free_instant,
    read_edition,
)

RENDERING = 1  # moves when the same wires give other bytes
NOTE = "editions.json"  # beside the feeds: which edition each shows
WHO = "publish"

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What one run did."""

    published_count: int  # revisions that readers see now
    failed_count: int  # revisions that could not be frozen and stay released
    rendered_count: int  # feeds written


def publish(
    database: Database,
    clock: Clock,
    *,
    public_dir: Path,
    site: Site,
    progress: Progress = no_progress,
    providers: ProviderIndex | None = None,
) -> PublishReport:
    """Freeze every released revision, then bring the feeds in `public_dir` up to date. Idempotent.

    The register of owners that comes with `providers` is asked where something is frozen.
    """
    with database.read() as tx:
        newsroom, released = store.find_newsroom(tx), store.list_released(tx, due_by=clock.now())
    if newsroom is None:
        with database.write() as tx:
            newsroom = found_newsroom(tx, base_url=site.base_url, now=clock.now())
    published = failed = 0
    for done, wire in enumerate(released, start=1):
        try:
            published += _freeze(database, clock, wire, providers)
        except Exception:
            failed += 1
            log.exception("publication failed; the revision stays released", wire=wire)
        progress(done, len(released))
    rendered = render_feeds(database, newsroom, public_dir=public_dir, site=site)
    return PublishReport(published_count=published, failed_count=failed, rendered_count=rendered)


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


# --- feeds ------------------------------------------------------------------------------------------------------


def render_feeds(database: Database, newsroom: Newsroom, *, public_dir: Path, site: Site) -> int:
    """Write every feed that does not show the newest edition, or is missing; how many that were."""
    note = public_dir / NOTE
    seen = _read_note(note)
    with database.read() as tx:
        edition = read_edition(tx)
        if _is_current(seen, edition, site, public_dir):
            return 0
        lines = list_feed_lines(tx)
        stale = [
            (name, wanted, key)
            for name, wanted in _feeds(lines, site, seen)
            if seen.get(name.path) != (key := _key(site, name, wanted)) or not _is_whole(public_dir, name)
        ]
        wires = {w.id: w for w in get_published(tx, sorted({line.wire for _, wanted, _ in stale for line in wanted}))}
    for name, wanted, key in stale:
        _write_feed(public_dir, name, render_feed(site, newsroom, [wires[line.wire] for line in wanted], name))
        seen[name.path] = key
    seen[""] = _mark(edition, site)
    write_beside(note, json.dumps(seen, sort_keys=True, indent=1).encode())
    return len(stale)


def feed_path(public_dir: Path, name: FeedName) -> Path:
    """Where a feed lies as a file; its gzip form lies beside it, with `.gz` behind the name."""
    return public_dir / name.path.removeprefix("/")


def _feeds(
    lines: Sequence[FeedLine], site: Site, seen: Mapping[str, str]
) -> Iterable[tuple[FeedName, tuple[FeedLine, ...]]]:
    yield ALL_WIRES, tuple(lines[:ENTRY_LIMIT])
    told = {p for line in lines for p in line.providers}
    for provider in site.providers:
        name = provider_feed(provider)
        if provider.id in told or name.path in seen:  # one that had wires keeps its feed, also when they left it
            yield name, tuple(line for line in lines if provider.id in line.providers)[:ENTRY_LIMIT]


def _key(site: Site, name: FeedName, lines: Sequence[FeedLine]) -> str:
    shown = [(line.wire, line.revision) for line in lines]
    return hashlib.sha256(repr((RENDERING, site, name, shown)).encode()).hexdigest()


def _mark(edition: Edition, site: Site) -> str:
    return hashlib.sha256(repr((RENDERING, site, asdict(edition))).encode()).hexdigest()


def _is_current(seen: Mapping[str, str], edition: Edition, site: Site, public_dir: Path) -> bool:
    paths = [path for path in seen if path]
    return (
        seen.get("") == _mark(edition, site)
        and ALL_WIRES.path in paths
        and all(_is_whole(public_dir, FeedName(path=path)) for path in paths)
    )


def _is_whole(public_dir: Path, name: FeedName) -> bool:
    path = feed_path(public_dir, name)
    return path.is_file() and _zipped(path).is_file()


def _zipped(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _read_note(path: Path) -> dict[str, str]:
    """What was rendered; nothing where the note is missing or damaged: then all is rendered anew."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _write_feed(public_dir: Path, name: FeedName, body: bytes) -> None:
    path = feed_path(public_dir, name)
    if not (path.is_file() and path.read_bytes() == body):
        write_beside(path, body)
    write_beside(_zipped(path), gzip.compress(body, 9, mtime=0))


def write_beside(path: Path, body: bytes) -> None:
    """Put `body` at `path` so that whoever reads sees the old file or the new one, also after a crash (F12)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
