"""bulks: one rationale stated for many candidates, carried out in the background, and taken back as one.

An editor states it (`state_bulk`), which writes down each candidate with the version that was chosen; `carry_out`
works through the list, each candidate a decision of its own in a transaction of its own, under a key that the bulk and
the candidate make. So it can be killed at any point and goes on where it was: a candidate that was decided is found
decided. One that has changed since, is claimed by somebody else or fails is left as it was, with the reason, and stops
no other.

`undo_bulk` takes all of it back, also while it still runs; a candidate on which something was decided since is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.errors import IllegalDecision, MonitorError
from monitor.jobs import triage
from monitor.jobs.triage import How, Release, Writing
from monitor.log import get_log
from monitor.model import (
    ActionKind,
    Bulk,
    BulkItem,
    BulkStatus,
    CandidateDetail,
    Clock,
    Codebook,
    Decision,
    ItemState,
    Manner,
    Wish,
)
from monitor.stages.bulk import Stated, draft_in_bulk
from monitor.stages.canonical import clean_text, cut
from monitor.stages.codebook import ProviderIndex
from monitor.stages.decide import LONGEST_REASON
from monitor.stages.revise import what_is_missing
from monitor.store.bulks import (
    add_bulk,
    end_bulk_lease,
    find_bulk_by_key,
    get_bulk,
    hold_bulk,
    is_bulk_waiting,
    lease_bulk,
    list_items,
    record_bulk_end,
    record_bulk_undo,
    record_items,
    record_rest,
)
from monitor.store.candidates import find_decision_by_key, get_detail
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit

MOST = 10_000  # candidates of one bulk: more are stated in several
BATCH = 20  # decisions between two words on how far it has come
LEASE_FOR = timedelta(minutes=2)
LONGEST_NOTE = 500
KINDS = frozenset({ActionKind.ACCEPT, ActionKind.REJECT, ActionKind.SNOOZE, ActionKind.CLAIM})

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkWork:
    """What one round of work did."""

    bulk_count: int = 0
    decided_count: int = 0
    left_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an acceptance is checked against."""

    base_url: str
    codebook: Codebook
    providers: ProviderIndex


def state_bulk(
    database: Database,
    clock: Clock,
    wish: Wish,
    items: Sequence[BulkItem],
    *,
    editor: str,
    chosen: str,
    address: str | None = None,
    key: str | None = None,
) -> Bulk:
    """Write down what is to be done; `carry_out` does it. A request that comes twice under one key is one bulk."""
    wish = replace(wish, reason=clean_text(wish.reason).strip())
    _check(wish, items)
    now = clock.now()
    with database.write() as tx:
        if key is not None and (first := find_bulk_by_key(tx, key)) is not None:
            return first
        bulk = add_bulk(tx, wish, items, editor=editor, address=address, chosen=chosen, key=key, now=now)
        append_audit(
            tx,
            at=now,
            who=editor,
            what="bulk.state",
            subject=f"bulk {bulk.id}",
            after={"kind": wish.kind.value, "reason": wish.reason, "candidates": len(items), "chosen": chosen},
            address=address,
        )
        return bulk


def _check(wish: Wish, items: Sequence[BulkItem]) -> None:
    if wish.kind not in KINDS:
        raise IllegalDecision("That is decided one by one. Nothing was decided.")
    if not items:
        raise IllegalDecision("No candidate was chosen. Nothing was decided.")
    if len(items) > MOST:
        raise IllegalDecision(f"{len(items):,} candidates are too many at once: choose {MOST:,} at most.")
    if not wish.reason:
        raise IllegalDecision("State a rationale, the same for all of them. Nothing was decided.")
    if len(wish.reason) > LONGEST_REASON:
        raise IllegalDecision(
            f"The rationale has {len(wish.reason)} characters; {LONGEST_REASON} are kept. Shorten it."
        )
    if wish.kind is ActionKind.SNOOZE and wish.until is None:
        raise IllegalDecision("Choose for how long to snooze. Nothing was decided.")
    if wish.kind is ActionKind.CLAIM and not wish.assignee:
        raise IllegalDecision("Choose whom to assign them to. Nothing was decided.")


def undo_bulk(database: Database, clock: Clock, bulk: int, *, by: str, address: str | None = None) -> Bulk:
    """Let all of it be taken back, also what is not carried out yet. Said twice it is one undo."""
    now = clock.now()
    with database.write() as tx:
        before = get_bulk(tx, bulk)
        undone = record_bulk_undo(tx, bulk, by=by, now=now)
        if before.undo_at is None:
            append_audit(tx, at=now, who=by, what="bulk.undo", subject=f"bulk {bulk}", address=address)
    return undone


# --- the work ---------------------------------------------------------------------------------------------------


def carry_out(
    database: Database,
    clock: Clock,
    *,
    owner: str,
    rules: Rules,
    is_stopping: Callable[[], bool] = lambda: False,
) -> BulkWork:
    """Work at every bulk that is under way, until all are done or it `is_stopping`."""
    work = BulkWork()
    while not is_stopping():
        if (bulk := _lease(database, clock, owner)) is None:
            return work
        work = replace(work, bulk_count=work.bulk_count + 1)
        try:
            while not is_stopping() and (did := _batch(database, clock, bulk.id, owner, rules)) is not None:
                decided = sum(i.state in (ItemState.DONE, ItemState.UNDONE) for i in did)
                work = replace(
                    work,
                    decided_count=work.decided_count + decided,
                    left_count=work.left_count + len(did) - decided,
                )
        finally:
            with database.write() as tx:
                end_bulk_lease(tx, bulk.id, owner=owner)
    return work


def _lease(database: Database, clock: Clock, owner: str) -> Bulk | None:
    now = clock.now()
    with database.read() as tx:
        if not is_bulk_waiting(tx, now=now):
            return None
    with database.write() as tx:
        return lease_bulk(tx, now=now, owner=owner, lease_for=LEASE_FOR)


def _batch(database: Database, clock: Clock, number: int, owner: str, rules: Rules) -> list[BulkItem] | None:
    """The next few, decided and noted; None where nothing is left to do, or another process has the bulk."""
    with database.write() as tx:
        bulk = hold_bulk(tx, number, owner=owner, until=clock.now() + LEASE_FOR)
        if bulk is None or not bulk.is_under_way:
            return None
        is_undo = bulk.status is BulkStatus.UNDOING
        if is_undo:
            record_items(tx, number, _forgotten(tx, bulk))
            note = "Not decided: the whole was taken back before its turn came."
            record_rest(tx, number, was=ItemState.WAITING, state=ItemState.LEFT, note=note)
        states = [ItemState.DONE if is_undo else ItemState.WAITING]
        items = list_items(tx, number, states=states, limit=BATCH, is_last_first=is_undo)
        if not items:
            end = BulkStatus.UNDONE if is_undo else BulkStatus.DONE
            record_bulk_end(tx, number, status=end, now=clock.now())
            return None
    did = [
        _take_back(database, clock, bulk, i, rules) if is_undo else _do(database, clock, bulk, i, rules) for i in items
    ]
    with database.write() as tx:
        if hold_bulk(tx, number, owner=owner, until=clock.now() + LEASE_FOR) is None:
            return None  # whoever has it now finds the same decisions by their keys
        record_items(tx, number, did)
    return did


def _forgotten(tx: Transaction, bulk: Bulk) -> list[BulkItem]:
    """Decided by a process that was killed before it had noted so: they come first of those that wait."""
    waiting = list_items(tx, bulk.id, states=[ItemState.WAITING], limit=BATCH)
    found = ((i, find_decision_by_key(tx, _key(bulk, i))) for i in waiting)
    return [replace(i, state=ItemState.DONE, decision=d.id) for i, d in found if d is not None]


def _key(bulk: Bulk, item: BulkItem) -> str:
    return f"bulk-{bulk.id}-{item.candidate}"


def _do(database: Database, clock: Clock, bulk: Bulk, item: BulkItem, rules: Rules) -> BulkItem:
    try:
        decision = _decide(database, clock, bulk, item, rules)
    except MonitorError as refusal:
        return replace(item, state=ItemState.LEFT, note=cut(str(refusal), LONGEST_NOTE))
    except Exception as error:  # the boundary of one candidate: it is as it was, and the next one follows
        log.exception("a candidate of a bulk failed", bulk=bulk.id, candidate=item.candidate)
        return replace(item, state=ItemState.LEFT, note=f"Failed, see the log ({type(error).__name__}).")
    return replace(item, state=ItemState.DONE, decision=decision.id)


def _take_back(database: Database, clock: Clock, bulk: Bulk, item: BulkItem, rules: Rules) -> BulkItem:
    try:
        triage.undo(
            database,
            clock,
            item.candidate,
            providers=rules.providers,
            undoes=item.decision,
            reason=f"Bulk {bulk.id} was taken back.",
            editor=bulk.undo_by or bulk.editor,
            key=f"{_key(bulk, item)}-undo",
            address=bulk.address,
        )
    except MonitorError as refusal:
        return replace(item, state=ItemState.KEPT, note=cut(str(refusal), LONGEST_NOTE))
    except Exception as error:  # as above
        log.exception("a candidate of a bulk could not be taken back", bulk=bulk.id, candidate=item.candidate)
        return replace(item, state=ItemState.KEPT, note=f"Failed, see the log ({type(error).__name__}).")
    return replace(item, state=ItemState.UNDONE)


def _decide(database: Database, clock: Clock, bulk: Bulk, item: BulkItem, rules: Rules) -> Decision:
    wish, candidate = bulk.wish, item.candidate
    with database.read() as tx:
        detail = get_detail(tx, candidate)
    holder = detail.candidate.holder_at(clock.now())
    is_first = detail.candidate.version == item.version_seen
    if is_first and holder is not None and holder != bulk.editor:
        raise IllegalDecision(f"{holder} has claimed it.")
    how = How(editor=bulk.editor, version_seen=item.version_seen, key=_key(bulk, item), address=bulk.address)
    match wish.kind:
        case ActionKind.REJECT:
            return triage.reject(database, clock, candidate, reason=wish.reason, **how)
        case ActionKind.SNOOZE if wish.until is not None:
            return triage.snooze(database, clock, candidate, until=wish.until, reason=wish.reason, **how)
        case ActionKind.CLAIM if wish.assignee is not None:
            return triage.assign(
                database, clock, candidate, wish.assignee, reason=wish.reason, takes_over=holder is not None, **how
            )
        case _:
            writing = _writing(detail, wish, rules, clock)
            return triage.accept(
                database,
                clock,
                candidate,
                writing=writing,
                reason=cut(f"In bulk: {wish.reason}", LONGEST_REASON),
                **how,
            )


def _writing(detail: CandidateDetail, wish: Wish, rules: Rules, clock: Clock) -> Writing:
    """The wire of an acceptance in bulk, stamped so. Only one of the launch archive that lacks nothing is released:
    what a polled source tells waits as a draft, until an editor has read it."""
    draft = draft_in_bulk(detail, Stated(rationale=wish.reason, severity=wish.severity, codes=wish.codes))
    articles = [m.article for m in detail.members]
    is_polled = any(a.source is not None for a in articles)
    missing = what_is_missing(draft, articles, rules.codebook, rules.providers, now=clock.now())
    release = None if missing or is_polled else Release(codebook=rules.codebook, providers=rules.providers)
    return Writing(
        base_url=rules.base_url, draft=draft, release=release, manner=Manner.BULK, register=rules.providers.owners
    )
