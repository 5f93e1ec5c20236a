"""archive accept: open candidates of the launch archive become wires under one stated rationale.

Each is a decision of its own, in a transaction of its own, with its audit; each wire is stamped as classified in bulk
on that day, until an editor amends its rationale. A wire that lacks nothing is released for `publish`; any other waits
as a draft. Candidates that are decided on, claimed, or told by a source that is polled are left for an editor, with
the reason. Run twice, nothing doubles: what is accepted is no longer open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from monitor.errors import IllegalDecision, StaleDecision, Unknown
from monitor.jobs import triage
from monitor.jobs.triage import Release, Writing
from monitor.log import get_log
from monitor.model import CandidateDetail, CandidateId, Clock, Codebook, Manner, Missing, Progress, no_progress
from monitor.stages.bulk import Stated, draft_in_bulk, why_not_in_bulk
from monitor.stages.canonical import cut
from monitor.stages.codebook import ProviderIndex
from monitor.stages.decide import LONGEST_REASON
from monitor.stages.revise import what_is_missing
from monitor.store.candidates import get_detail, list_open
from monitor.store.database import Database

LEFT_KEPT = 1_000  # candidates that are named with the reason; all are counted

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which candidates: those named, else all that are open; narrowed by the rest."""

    candidates: tuple[CandidateId, ...] = ()
    before: date | None = None  # first told before this day, UTC
    least_sources: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A candidate that was not accepted."""

    candidate: CandidateId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkReport:
    """What was accepted; of a dry run, what would be."""

    is_dry_run: bool
    chosen_count: int
    released_count: int  # wires that wait for `publish`
    draft_count: int  # wires that lack something
    missing: Mapping[str, int]  # field → drafts that lack it
    left_count: int
    left_reasons: Mapping[str, int]  # reason → candidates
    left: tuple[Left, ...]  # at most LEFT_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bulk:
    """What holds for every candidate of a run."""

    database: Database
    clock: Clock
    choice: Choice
    stated: Stated
    editor: str
    base_url: str
    codebook: Codebook
    providers: ProviderIndex
    is_dry_run: bool


def accept_in_bulk(
    database: Database,
    clock: Clock,
    *,
    choice: Choice,
    stated: Stated,
    editor: str,
    base_url: str,
    codebook: Codebook,
    providers: ProviderIndex,
    is_dry_run: bool = False,
    progress: Progress = no_progress,
) -> BulkReport:
    """Accept the chosen candidates, each by itself; one that fails is left as it was and does not stop the others."""
    bulk = _Bulk(
        database=database,
        clock=clock,
        choice=choice,
        stated=stated,
        editor=editor,
        base_url=base_url,
        codebook=codebook,
        providers=providers,
        is_dry_run=is_dry_run,
    )
    chosen = _chosen(database, choice)
    missing: Counter[str] = Counter()
    left: list[Left] = []
    released = 0
    for done, candidate in enumerate(chosen, start=1):
        match _accept_or_say_why(bulk, candidate):
            case str(reason):
                left.append(Left(candidate=candidate, reason=reason))
            case ():
                released += 1
            case lacks:
                missing.update({m.field for m in lacks})
        progress(done, len(chosen))
    return BulkReport(
        is_dry_run=is_dry_run,
        chosen_count=len(chosen),
        released_count=released,
        draft_count=len(chosen) - released - len(left),
        missing=dict(missing.most_common()),
        left_count=len(left),
        left_reasons=dict(Counter(entry.reason for entry in left).most_common()),
        left=tuple(left[:LEFT_KEPT]),
    )


def _chosen(database: Database, choice: Choice) -> tuple[CandidateId, ...]:
    if choice.candidates:
        return tuple(dict.fromkeys(choice.candidates))
    with database.read() as tx:
        return list_open(tx, before=_begin(choice.before), least_sources=choice.least_sources)


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _accept_or_say_why(bulk: _Bulk, candidate: CandidateId) -> tuple[Missing, ...] | str:
    """What its wire lacks, or why there is none."""
    try:
        return _accept(bulk, candidate)
    except Unknown:
        return "not known"
    except (StaleDecision, IllegalDecision) as error:
        log.info("a candidate changed while it was accepted in bulk", candidate=candidate, error=str(error))
        return "changed this very moment: run the command again"
    except Exception as error:
        log.exception("bulk acceptance failed; the candidate is as it was", candidate=candidate)
        return f"failed, see the log ({type(error).__name__})"


def _accept(bulk: _Bulk, candidate: CandidateId) -> tuple[Missing, ...] | str:
    with bulk.database.read() as tx:
        detail = get_detail(tx, candidate)
    if (
        reason := why_not_in_bulk(detail, editor=bulk.editor, now=bulk.clock.now()) or _outside(detail, bulk.choice)
    ) is not None:
        return reason
    draft = draft_in_bulk(detail, bulk.stated)
    articles = [m.article for m in detail.members]
    missing = what_is_missing(draft, articles, bulk.codebook, bulk.providers, now=bulk.clock.now())
    if bulk.is_dry_run:
        return missing
    release = None if missing else Release(codebook=bulk.codebook, providers=bulk.providers)
    triage.accept(
        bulk.database,
        bulk.clock,
        candidate,
        editor=bulk.editor,
        writing=Writing(
            base_url=bulk.base_url, draft=draft, release=release, manner=Manner.BULK, register=bulk.providers.owners
        ),
        reason=cut(f"In bulk: {bulk.stated.rationale}", LONGEST_REASON),
        version_seen=detail.candidate.version,
    )
    return missing


def _outside(detail: CandidateDetail, choice: Choice) -> str | None:
    """Why a candidate that was named is not among those chosen."""
    begin, candidate = _begin(choice.before), detail.candidate
    if begin is not None and candidate.opened_at >= begin:
        return f"first told on {begin:%-d %B %Y} or later"
    return "too few sources" if candidate.source_count < choice.least_sources else None
