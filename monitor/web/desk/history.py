"""The whole history of a candidate: what opened it, who joined, what editors decided and ruled, what readers saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model import (
    ActionKind,
    CandidateDetail,
    CandidateId,
    Decision,
    Joined,
    Member,
    RevisionKind,
    Ruling,
    RulingKind,
    Wire,
    WireId,
)
from monitor.store.candidates import list_absorbed, list_decisions
from monitor.store.database import Transaction
from monitor.store.rulings import list_rulings
from monitor.store.timeline import list_changed, list_regrouped
from monitor.store.wires import find_wire

LINES_LIMIT = 300  # the newest; candidates are not that old
ABSORBED_LIMIT = 20  # candidates whose own history is told here
RULINGS_LIMIT = 100
NAMED = 2  # publishers in a line of those who joined

RULED = {
    RulingKind.TOGETHER: "One event",
    RulingKind.APART: "Never one event",
    RulingKind.COPY: "A copy",
    RulingKind.NOT_A_COPY: "Not a copy",
    RulingKind.COUNTS: "Counts",
    RulingKind.DOES_NOT_COUNT: "Does not count",
    RulingKind.NOT_DERIVED: "Reports by itself",
}
_SAID = {
    ActionKind.ACCEPT: "accepted",
    ActionKind.REJECT: "rejected",
    ActionKind.MERGE: "merged",
    ActionKind.SPLIT: "split",
    ActionKind.SNOOZE: "snoozed",
    ActionKind.ATTACH: "attached",
    ActionKind.CLAIM: "claimed",
    ActionKind.UNDO: "undid",
}
_PUBLISHED = {
    RevisionKind.FIRST: "published",
    RevisionKind.UPDATE: "updated",
    RevisionKind.CORRECTION: "corrected",
    RevisionKind.RETRACTION: "retracted",
    RevisionKind.RESTORATION: "restored",
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a history."""

    at: datetime
    what: str  # one word or two: what is set in bold
    words: str = ""  # the rest of the sentence
    who: str = ""  # "" where no person did it
    reason: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())  # what it says, and where it leads
    is_undone: bool = False


def read_history(tx: Transaction, detail: CandidateDetail) -> tuple[Event, ...]:
    """Newest first."""
    here, articles = detail.candidate.id, [m.article.id for m in detail.members]
    events = [*_decisions(detail.decisions, here)]
    for absorbed in list_absorbed(tx, here)[:ABSORBED_LIMIT]:
        events.extend(_decisions(list_decisions(tx, absorbed.id), here))
    events.extend(_rulings(list_rulings(tx, articles=articles, limit=RULINGS_LIMIT)))
    if detail.candidate.wire is not None and (wire := find_wire(tx, detail.candidate.wire)) is not None:
        events.extend(_wire(wire))
    names = {m.article.id: m.article.publisher_name for m in detail.members}
    for changed in list_changed(tx, [m.article.id for m in detail.members if m.article.version_count]):
        path = f"/desk/articles/{changed.article}/versions?of=page&new={changed.number}"
        events.append(Event(at=changed.seen_at, what="Page changed", links=((f"{names[changed.article]}’s", path),)))
    for moved in list_regrouped(tx, here, articles):
        words = f"{_plural(moved.article_count, 'article')} found to belong here, not in candidate {moved.origin}"
        events.append(Event(at=moved.at, what="Grouped anew", words=words))
    events.extend(_joined(detail.members, sorted(e.at for e in events)))
    return tuple(sorted(events, key=lambda e: e.at, reverse=True)[:LINES_LIMIT])


# --- hands ------------------------------------------------------------------------------------------------------


def _decisions(decisions: Sequence[Decision], here: CandidateId) -> Iterator[Event]:
    for decision in decisions:
        links = (*_elsewhere(decision, here), *_led_to(decision))
        yield Event(
            at=decision.decided_at,
            what=_word(decision).capitalize(),
            words=_words(decision),
            who=decision.editor,
            reason=decision.reason or "",
            links=links,
            is_undone=decision.undone_by is not None,
        )


def _word(decision: Decision) -> str:
    if decision.kind is ActionKind.CLAIM:
        if "gave_back" in decision.payload:
            return "given back"
        return "taken over" if "taken_from" in decision.payload else "claimed"
    return _SAID[decision.kind]


def _words(decision: Decision) -> str:
    payload = decision.payload
    if decision.kind is ActionKind.UNDO:
        return f"the {payload.get('undone', 'decision')}"
    if isinstance(assigned := payload.get("assigned_to"), str):
        return f"for {assigned}"
    if isinstance(before := payload.get("taken_from"), str):
        return f"from {before}"
    return ""


def _elsewhere(decision: Decision, here: CandidateId) -> Iterator[tuple[str, str]]:
    if decision.candidate != here:
        yield (f"while it was candidate {decision.candidate}", "")


def _led_to(decision: Decision) -> Iterator[tuple[str, str]]:
    absorbed = decision.payload.get("absorbed")
    for one in absorbed if isinstance(absorbed, list) else ():
        yield (f"with candidate {one['candidate']}", "")
    opened = decision.payload.get("opened")
    if isinstance(opened, int):
        yield (f"off into candidate {opened}", f"/desk/candidates/{CandidateId(opened)}")
    wire = decision.payload.get("wire")
    if isinstance(wire, int) and decision.kind in (ActionKind.ACCEPT, ActionKind.ATTACH):
        yield (f"as wire {wire}" if decision.kind is ActionKind.ACCEPT else f"to wire {wire}", _wire_path(WireId(wire)))


def _rulings(rulings: Sequence[Ruling]) -> Iterator[Event]:
    """What follows from a merge or a split is told with it."""
    for ruling in rulings:
        if ruling.decision is not None:
            continue
        yield Event(
            at=ruling.at,
            what="Ruled",
            words=f"“{RULED[ruling.kind]}”",
            who=ruling.by,
            reason=ruling.reason,
            is_undone=ruling.withdrawn_at is not None,
        )


def _wire(wire: Wire) -> Iterator[Event]:
    for revision in wire.revisions:
        if revision.published_at is not None and revision.rationale is not None:
            yield Event(
                at=revision.published_at,
                what=f"Wire {_PUBLISHED[revision.kind]}",
                who=revision.editor,
                reason=revision.draft.note,
                links=((revision.draft.headline, _wire_path(wire.id)),),
            )


def _wire_path(wire: WireId) -> str:
    return f"/desk/wires/{wire}"


# --- arrivals ---------------------------------------------------------------------------------------------------


def _joined(members: Sequence[Member], between: Sequence[datetime]) -> Iterator[Event]:
    """Who came, as one line for all that came between two other events; what editors moved is told with them."""
    came = sorted((m for m in members if m.joined is not Joined.EDITOR), key=lambda m: (m.added_at, m.article.id))
    for batch in _batches(came, between):
        first = batch[0]
        if first is came[0] and first.joined is Joined.OPENED:
            yield Event(at=first.added_at, what="Opened", words=f"by {first.article.publisher_name}")
            batch = batch[1:]
        if batch:
            names = list(dict.fromkeys(m.article.publisher_name for m in batch))
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            words = f"{_plural(len(batch), 'article')}: {', '.join(names[:NAMED])}{more}"
            yield Event(at=batch[-1].added_at, what="Joined by", words=words)


def _batches(came: Sequence[Member], between: Sequence[datetime]) -> Iterator[list[Member]]:
    cuts, batch = list(between), list[Member]()
    for member in came:
        if batch and any(batch[-1].added_at < cut <= member.added_at for cut in cuts):
            yield batch
            batch = []
        batch.append(member)
    if batch:
        yield batch


def _plural(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else f'{one}s'}"
